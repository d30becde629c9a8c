"""Our figures, counted as a helpdesk counts them, against the helpdesk's own: ticket by ticket.

The helpdesk's figures came in with its records (`vendor_figure`). Where not all of what one was
counted from has come in, its history is incomplete, and it neither agrees nor differs.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sanjeh.answers.per_target import Row, per_target
from sanjeh.answers.question import EVERYTHING, QuestionError, Viewer
from sanjeh.checks.explaining import (
    NOT_EXPLAINED,
    NOT_LOOKED_INTO,
    Evidence,
    Spoken,
    explained,
)
from sanjeh.checks.figures import (
    DIFFERS,
    EXACT,
    INCOMPLETE,
    ROUNDED,
    WITHOUT_HOURS,
    Figure,
    Held,
    held,
)
from sanjeh.checks.scope import seen_by
from sanjeh.metrics.profiles import PROFILES

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

# Our metric for what a vendor measures; of durations also where its rows may stand beside.
METRIC = {
    "first_response": "first_response",
    "reply_time": "response_time",
    "first_resolution": "first_resolution_time",
    "final_resolution": "resolution_time",
    "resolution": "resolution_time",
    "reopenings": "reopenings",
    "csat": "satisfaction_score",
}
ALSO = {"reply_time": "first_response"}
OF_TWO = {"zendesk": {"csat": "satisfied_share"}}  # good or bad, not a score
LOOKED_INTO = 2000  # differing figures of one kind that are explained one by one
Target = tuple[str, str]  # kind (ticket, conversation) and id


@dataclass(frozen=True)
class Told:
    """A figure of the helpdesk that differs from ours, and the rule that explains it."""

    held: Held
    rule: str


@dataclass(frozen=True)
class Agreement:
    """All figures of one source, measure and clock.

    theirs, ours: what both say of the figures that are judged, by `statistic` (mean, median,
    total); null where there is none. exact, rounded: how many agree. incomplete, without_hours:
    how many are not judged. differing: the others, with the rule.
    """

    source: str
    vendor: str
    measure: str
    metric: str
    clock: str | None
    unit: str
    statistic: str
    theirs: float | None
    ours: float | None
    exact: int
    rounded: int
    incomplete: int
    without_hours: int
    differing: tuple[Told, ...]

    @property
    def compared(self) -> int:
        """How many figures were judged: history complete, and hours known where they count."""
        return self.exact + self.rounded + len(self.differing)

    @property
    def agree_share(self) -> float | None:
        """The share of them that agree, within rounding; null where none could be compared."""
        return (self.exact + self.rounded) / self.compared if self.compared else None

    def by_rule(self) -> list[tuple[str, list[Told]]]:
        """The differing figures by the rule that explains them, most first, the rest last."""
        found: dict[str, list[Told]] = defaultdict(list)
        for one in self.differing:
            found[one.rule].append(one)
        unknown = (NOT_LOOKED_INTO, NOT_EXPLAINED)
        return sorted(found.items(), key=lambda pair: (pair[0] in unknown, -len(pair[1]), pair[0]))

    def as_json(self) -> dict[str, Any]:
        """Plain values; durations in seconds."""
        return {
            "source": self.source, "vendor": self.vendor, "measure": self.measure,
            "metric": f"{self.metric}~{self.vendor}", "clock": self.clock,
            "statistic": self.statistic, "theirs": self.theirs, "ours": self.ours,
            "compared": self.compared, "exact": self.exact, "rounded": self.rounded,
            "incomplete": self.incomplete, "without_hours": self.without_hours,
            "differing": [_plain(one) for one in self.differing],
        }  # fmt: skip


@dataclass(frozen=True)
class Agreements:
    """Every measure of every source that carries the helpdesk's own figures.

    untold: of each measure that no metric of ours counts, how many figures there are.
    """

    measures: tuple[Agreement, ...]
    untold: Mapping[str, int]

    @property
    def faults(self) -> int:
        """How many figures differ and no rule explains it."""
        return sum(one.rule == NOT_EXPLAINED for m in self.measures for one in m.differing)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"measures": [m.as_json() for m in self.measures], "untold": dict(self.untold)}

    def rows(self) -> list[dict[str, Any]]:
        """A row a differing figure, for a file."""
        return [
            {"source": m.source, "measure": m.measure, "clock": m.clock, **_plain(one)}
            for m in self.measures for one in m.differing
        ]  # fmt: skip


def _plain(one: Told) -> dict[str, Any]:
    figure = one.held.figure
    return {
        "kind": figure.target_kind, "id": figure.target_id, "theirs": figure.amount,
        "ours": one.held.ours, "rule": one.rule, "reason": one.held.reason,
    }  # fmt: skip


def agreement(
    answers: Answers, viewer: Viewer = EVERYTHING, source: str | None = None
) -> Agreements:
    """What each helpdesk counted against what we count by its rules, as the viewer may see it."""
    seen = seen_by(answers, viewer)
    figures = [
        f for f in _figures(answers)
        if (source is None or f.source == source) and (seen is None or f.target_id in seen)
    ]  # fmt: skip
    untold = Counter(f.measure for f in figures if f.measure not in METRIC)
    groups: dict[tuple[str, str, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.measure in METRIC and figure.vendor in PROFILES:
            groups[figure.source, figure.vendor, figure.measure].append(figure)
    own = _Own(answers, viewer)
    found: list[Agreement] = []
    for (_, vendor, measure), theirs in sorted(groups.items()):
        metric = OF_TWO.get(vendor, {}).get(measure, METRIC[measure])
        told = _beside(own, theirs, vendor, metric, ALSO.get(measure))
        agreeing = {
            h.figure.target_id for h in told
            if h.figure.clock == "calendar" and h.standing in (EXACT, ROUNDED)
        }  # fmt: skip
        by_clock: dict[str, list[Held]] = defaultdict(list)
        for one in told:
            by_clock[one.figure.clock or ""].append(one)
        for _, some in sorted(by_clock.items()):
            found.append(_summed(own, some, metric, agreeing))
    return Agreements(tuple(found), dict(sorted(untold.items())))


def _figures(answers: Answers) -> list[Figure]:
    """The record's figures. What one figure of a target says of its history holds for all."""
    rows = answers.ledger.rows("vendor_figure").to_pylist()
    whole: dict[Target, bool] = {}
    for row in rows:
        target = (row["target_type"], row["target_id"])
        if row["complete"] is not None:
            whole[target] = whole.get(target, True) and row["complete"]
    return [
        Figure(
            row["id"], row["source"], row["vendor"], row["target_type"], row["target_id"],
            row["measure"], row["value"], row["unit"], row["clock"], row["from_at"], row["to_at"],
            _is_complete(row, whole),
        )
        for row in rows
        if row["value"] is not None and row["target_id"] is not None and row["deleted_at"] is None
    ]  # fmt: skip


def _is_complete(row: Mapping[str, Any], whole: Mapping[Target, bool]) -> bool | None:
    """Whether all that a figure was counted from has come in, by itself or by its target."""
    if row["complete"] is not None:
        return bool(row["complete"])
    if row["measure"] == "csat":
        return True  # a rating is one answer, whatever came before it
    return whole.get((row["target_type"], row["target_id"]))


class _Own:
    """Our rows, each metric asked for once."""

    def __init__(self, answers: Answers, viewer: Viewer) -> None:
        self.answers, self.viewer = answers, viewer
        self._known: dict[tuple[str, str, str], Mapping[str, tuple[Row, ...]]] = {}
        t = answers.tables["conversations"]
        t = t.filter(t.ticket_id.notnull()).select("conversation_id", "ticket_id").distinct()
        pairs = answers.engine.run(t).to_pylist()
        self.ticket_of = {row["conversation_id"]: row["ticket_id"] for row in pairs}
        self.talks_of: dict[str, list[str]] = defaultdict(list)
        for talk, ticket in self.ticket_of.items():
            self.talks_of[ticket].append(talk)

    def rows(self, metric: str, vendor: str, figure: Figure) -> tuple[Row, ...]:
        """The rows of a metric, as the vendor counts it, that are of a figure's target."""
        target = (figure.target_kind, figure.target_id)
        if target[0] == "conversation" and target[1] in self.ticket_of:
            target = ("ticket", self.ticket_of[target[1]])
        return self._all(metric, vendor, target[0]).get(target[1], ())

    def _all(self, metric: str, vendor: str, target: str) -> Mapping[str, tuple[Row, ...]]:
        key = (metric, vendor, target)
        if key not in self._known:
            try:
                self._known[key] = per_target(
                    self.answers, metric, vendor, target=target,  # type: ignore[arg-type]
                    viewer=self.viewer,
                )  # fmt: skip
            except QuestionError:  # the figure has no row for such a target
                self._known[key] = {}
        return self._known[key]

    def evidence(self, figures: Sequence[Figure]) -> list[Evidence]:
        """What the record says of the targets of some figures."""
        tickets = {f: self._ticket_of(f) for f in figures}
        talks = {f: self._talks_of(f) for f in figures}
        wanted = sorted({t for t in tickets.values() if t is not None})
        ledger = self.answers.ledger
        known = {r["id"]: r for r in ledger.among("ticket", "id", wanted).to_pylist()}
        solved: dict[str, list[Any]] = defaultdict(list)
        merged = set()
        for row in ledger.among("ticket_event", "ticket_id", wanted).to_pylist():
            if row["type"] == "status_changed" and row["to"] in ("solved", "closed"):
                solved[row["ticket_id"]].append(row["at"])
            elif row["type"] == "merged":
                merged |= {row["ticket_id"], row["to"]}
        messages: dict[str, list[Spoken]] = defaultdict(list)
        ids = sorted({t for some in talks.values() for t in some})
        for row in ledger.among("message", "conversation_id", ids).to_pylist():
            if row["at"] is not None and row["deleted_at"] is None:
                messages[row["conversation_id"]].append(
                    Spoken(row["at"], row["author_type"] or "", row["visibility"] != "internal",
                           bool(row["is_auto"]))
                )  # fmt: skip
        found = []
        for figure in figures:
            ticket = known.get(tickets[figure] or "", {})
            said = sorted((m for t in talks[figure] for m in messages[t]), key=lambda m: m.at)
            found.append(
                Evidence(
                    ticket.get("created_at"), ticket.get("created_by_type"),
                    ticket.get("merged_into_id") is not None or tickets[figure] in merged,
                    tuple(said), tuple(sorted(solved[tickets[figure] or ""])),
                )
            )  # fmt: skip
        return found

    def _ticket_of(self, figure: Figure) -> str | None:
        if figure.target_kind == "ticket":
            return figure.target_id
        return self.ticket_of.get(figure.target_id)

    def _talks_of(self, figure: Figure) -> list[str]:
        if figure.target_kind == "conversation":
            return [figure.target_id]
        return self.talks_of.get(figure.target_id, [])


def _beside(
    own: _Own, figures: Iterable[Figure], vendor: str, metric: str, also: str | None
) -> list[Held]:
    """Every figure with the row of ours that it is of."""
    by_target: dict[tuple[str, str, str], list[Figure]] = defaultdict(list)
    for f in figures:
        by_target[f.target_kind, f.target_id, f.clock or ""].append(f)
    found: list[Held] = []
    for some in by_target.values():
        beside = own.rows(also, vendor, some[0]) if also is not None else ()
        found += held(some, own.rows(metric, vendor, some[0]), beside)
    return found


def _summed(own: _Own, told: list[Held], metric: str, agreeing: set[str]) -> Agreement:
    differing = sorted(
        (h for h in told if h.standing == DIFFERS),
        key=lambda h: (-abs((h.ours or 0.0) - h.figure.amount), h.figure.id),
    )
    looked = differing[:LOOKED_INTO]
    known = [
        replace(e, calendar_agrees=h.figure.target_id in agreeing)
        for h, e in zip(looked, own.evidence([h.figure for h in looked]), strict=True)
    ]
    rules = [rule or NOT_EXPLAINED for rule in explained(looked, known)]
    rules += [NOT_LOOKED_INTO] * (len(differing) - len(looked))
    first = told[0].figure
    rule = PROFILES[first.vendor].rules.get(metric)
    statistic = "total" if first.unit == "count" else (rule and rule.statistic) or "mean"
    whole = [h for h in told if h.standing in (EXACT, ROUNDED, DIFFERS)]
    counts = Counter(h.standing for h in told)
    return Agreement(
        first.source, first.vendor, first.measure, metric, first.clock, first.unit, statistic,
        _typical([h.figure.amount for h in whole], statistic),
        _typical([h.ours for h in whole if h.ours is not None], statistic),
        counts[EXACT], counts[ROUNDED], counts[INCOMPLETE], counts[WITHOUT_HOURS],
        tuple(Told(h, r) for h, r in zip(differing, rules, strict=True)),
    )  # fmt: skip


def _typical(values: Sequence[float], statistic: str) -> float | None:
    if not values:
        return None
    match statistic:
        case "total":
            return sum(values)
        case "median":
            return statistics.median(values)
    return statistics.fmean(values)
