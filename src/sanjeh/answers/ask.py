"""`Answers.ask`: the only door to a figure."""

from __future__ import annotations

import difflib
import gc
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa

from sanjeh.answers import derived, dimensions, names, plan
from sanjeh.answers.assemble import Frame, assemble
from sanjeh.answers.benchmarks import targets_of
from sanjeh.answers.by_day import Days, days_of
from sanjeh.answers.compiled import BEFORE, DAYS, LARGE, PARTS, Compiled, Remembered, Rows
from sanjeh.answers.derived import compared
from sanjeh.answers.names import VOCABULARY, Names
from sanjeh.answers.periods import (
    Clockwork,
    Period,
    PeriodError,
    buckets,
    cells,
    last,
    moment,
    parse,
    previous,
)
from sanjeh.answers.question import EVERYTHING, Answer, Question, QuestionError, Result, Viewer
from sanjeh.facts.generations import Facts, Generation
from sanjeh.metrics.options import chosen, kept
from sanjeh.metrics.profiles import known, rule_of
from sanjeh.metrics.registry import (
    ASSOCIATION,
    METRICS,
    Address,
    Balance,
    Duration,
    Metric,
    find,
    under,
)

if TYPE_CHECKING:
    from sanjeh.ledger import Ledger

Given = TypeVar("Given")
AT_ONCE = 92  # days that are counted by day in one statement
RUNS = 3  # statements at most for the buckets that a series lacks


@cache
def _settle() -> None:
    """Keep what is loaded by now out of the collector's way, once a process.

    Left among what may go, it is walked through again and again while answers are made: a quarter
    of the slowest ones. What is garbage by now is not to stay with it.
    """
    gc.collect()
    gc.freeze()


class NothingImported(QuestionError):
    """There is no record to answer from."""


def _refuse_no_time(name: str, given: tuple[str, ...], values: tuple[str | None, ...]) -> None:
    known = range(24) if name == "hour" else range(1, 8)
    if not {str(n) for n in known} & {str(v) for v in values}:
        raise QuestionError(
            f"No {name} is {' or '.join(map(repr, given))}. Known here: "
            + ("0 to 23." if name == "hour" else "mon to sun.")
        )


def _headlined(address: Address, question: Question, options: Mapping[str, str]) -> Address:
    """The address with the statistic and the clock that stand first, where it names none.

    Of a profile those that the helpdesk shows; the reader's own choice goes before.
    """
    rule = rule_of(address)
    given = re.split(r"[.@~]", address.asked)[0] != address.asked.split("~")[0]
    statistic, clock = address.statistic, address.clock
    if rule is not None and not given:
        statistic, clock = rule.statistic or statistic, rule.clock
    chose = "duration.headline" in question.options or rule is None or rule.statistic is None
    if (
        chose
        and "." not in address.asked
        and address.statistic == "mean"
        and issubclass(address.metric.shape(), Duration)
    ):
        statistic = options["duration.headline"]
    return replace(address, statistic=statistic, clock=clock)


class Resolved:
    """A question with every choice made: what the answer echoes."""

    def __init__(
        self, question: Question, addresses: list[Address], clockwork: Clockwork, period: Period,
        as_of: int, rewound: bool, options: dict[str, str],
        where: tuple[tuple[str, str, tuple[str | None, ...]], ...], viewer: Viewer,
    ) -> None:  # fmt: skip
        self.question, self.addresses, self.clockwork = question, addresses, clockwork
        self.period, self.as_of, self.rewound = period, as_of, rewound
        self.options, self.where, self.viewer = options, where, viewer

    def describe(self, earlier: Period | None) -> dict[str, Any]:
        """The question as it was understood, in plain values."""
        clock = self.clockwork
        return {
            "metrics": [str(a) for a in self.addresses],
            "by": list(self.question.by),
            "where": [
                {"dimension": d, "operator": o, "values": list(v)}
                for d, o, v in self.question.where
            ],
            "period": described(self.period, clock),
            "compare": self.question.compare,
            "compare_period": described(earlier, clock) if earlier else None,
            "grain": self.question.grain,
            "zone": clock.zone,
            "calendar": clock.calendar,
            "week_start": clock.week_start,
            "as_of": moment(self.as_of).isoformat(),
            "as_it_stood": self.rewound,
            "options": self.options,
            "profile": self.question.profile,
            "counted_as": self.counted_as(),
            "viewer": self.viewer.describe(),
        }

    def counted_as(self) -> dict[str, dict[str, str | None]]:
        """Of each figure under a profile: which, and the rule in words; null where it has none."""
        found: dict[str, dict[str, str | None]] = {}
        for address in self.addresses:
            if address.profile is not None:
                rule = rule_of(address)
                found[str(address)] = {
                    "profile": known(address.profile).title,
                    "rule": rule.says if rule else None,
                    "source": rule.source if rule else None,
                }
        return found


def _without_rule(address: Address) -> list[str]:
    """That a profile says nothing about a figure, which is therefore counted as ours."""
    if address.profile is None or rule_of(address) is not None:
        return []
    title = known(address.profile).title
    return [f"{address.metric.name}: {title} has no rule for it; it is counted as ours."]


def described(period: Period, clockwork: Clockwork) -> dict[str, Any]:
    """A period as plain values: UTC instants, and local labels in the month calendar."""
    return {
        "from": moment(period.start).isoformat(),
        "to": moment(period.end).isoformat(),
        "from_local": clockwork.label(period.start, None),
        "to_local": clockwork.label(period.end, None),
        "zone": clockwork.zone,
    }


def open_hours(versions: list[dict[str, Any]], period: Period) -> list[dict[str, Any]]:
    """The versions of calendars that hold somewhere in the period (A1), as plain values.

    valid_from: since when the hours hold; None is since ever. written_at: when the version was
    recorded, None where its source does not say.
    """

    def iso(instant: int | None) -> str | None:
        return None if instant is None else moment(instant).isoformat()

    found = []
    for row in sorted(versions, key=lambda r: (r["id"], r["valid_from"] or 0)):
        later = [
            v["valid_from"] for v in versions
            if v["id"] == row["id"] and (v["valid_from"] or 0) > (row["valid_from"] or 0)
        ]  # fmt: skip
        # The first version of a calendar holds before its own date, too.
        first = all((v["valid_from"] or 0) >= (row["valid_from"] or 0) for v in versions
                    if v["id"] == row["id"])  # fmt: skip
        begins = 0 if first else row["valid_from"] or 0
        if begins < period.end and (not later or min(later) > period.start):
            found.append(
                {
                    "calendar": row["id"], "name": row["name"],
                    "valid_from": iso(row["valid_from"]), "written_at": iso(row["version_at"]),
                }
            )  # fmt: skip
    return found


class Answers:
    """Answers from one home. Build once and keep: compiled questions are remembered.

    remembered: outcomes that other doors on the same generation share.
    """

    def __init__(
        self, home: Path, ledger: Ledger, open_engine: Callable[..., Any],
        generation: Generation | None = None, remembered: Remembered | None = None,
    ) -> None:  # fmt: skip
        self.facts = Facts(home, open_engine)
        self.ledger = ledger
        self.open_engine = open_engine
        found = generation or self.facts.current()
        if found is None:
            raise NothingImported(
                f"There is nothing to answer from in {home}. Import a file first: "
                "`sanjeh import FILE`, or `sanjeh demo` for example data."
            )
        self.generation = found
        self.engine = open_engine(found.path, read_only=True, base=found.base)
        rows = self.engine.rows("SELECT * FROM freshness ORDER BY source").to_pylist()
        self.future = [row for row in rows if row["future_records"]]
        self.undated = [row for row in rows if row["undated_tickets"]]
        self.freshness = [row for row in rows if row["newest_at"] is not None]
        stored = self.engine.rows("SELECT * FROM settings").to_pylist()[0]
        self.settings: dict[str, Any] = json.loads(stored["settings"])
        self.home_options, self.refused_options = kept(self.settings.get("options") or {})
        self.calendar_versions: list[dict[str, Any]] = json.loads(stored["calendars"])
        self.covered = {
            (row["source"], row["kind"])
            for row in self.engine.rows("SELECT source, kind FROM coverage").to_pylist()
        }
        self.names = Names(self.engine, ledger, self.covered)
        self.own = self.names.own_fields()
        self.compiled = Compiled(
            self.facts.folder, self.engine, self.own, remembered or Remembered()
        )
        self.tables = self.compiled.tables
        self.benchmarks = self.engine.rows("SELECT * FROM benchmarks").to_pylist()
        self._cells: Any = None
        self._days: Any = None
        self.counts_at_once = False  # whether what adds up is counted by day when first asked
        # Told when something is asked so often that it is to be; else it is counted there and then.
        self.count_later: Callable[[], None] | None = None
        self._values: dict[Any, set[str] | None] = {}
        _settle()

    def close(self) -> None:
        """Release the generation's file; statements that are new are kept with the home."""
        self.compiled.statements.save()
        self.engine.close()

    # -- the door --------------------------------------------------------------------------

    def ask(self, question: Question, viewer: Viewer = EVERYTHING) -> Answer:
        """Figures for a question, as the viewer may see them.

        Raises QuestionError (and PeriodError, UnknownMetric, UnknownOption) with what was given,
        what is expected and what to do.
        """
        if question.as_of is not None and self.generation.until is None:
            return self._as_it_stood(question, viewer)
        resolved = self.resolve(question, viewer)
        warnings: list[str] = []
        results: list[Result] = []
        totals: list[Result] = []
        earlier = (
            previous(resolved.period, question.compare, resolved.clockwork)
            if question.compare
            else None
        )
        for address in resolved.addresses:
            rows = self.figures(resolved, address, resolved.period, question.by, warnings)
            if earlier is not None:
                before = self.figures(resolved, address, earlier, question.by, [], parts=BEFORE)
                rows = compared(rows, before)
            results += rows
            if question.by and question.totals:
                whole = self.figures(resolved, address, resolved.period, (), [], grain=None)
                if earlier is not None:
                    whole = compared(
                        whole,
                        self.figures(resolved, address, earlier, (), [], grain=None, parts=BEFORE),
                    )
                totals += whole
            warnings += address.metric.notes
            warnings += _without_rule(address)
            warnings += self._undated(address.metric)
            warnings += self._pooled(address.metric, resolved)
            if (
                question.by
                and not address.metric.is_level
                and derived.overlaps(address.metric, question.by)
            ):
                warnings.append(
                    f"{address.metric.name}: a row can stand in several groups; "
                    "the total counts it once."
                )
        if dimensions.FIRST_RESPONSE in question.by:
            warnings.append(ASSOCIATION)
        warnings += [
            f"{row['future_records']} records of {row['source']} are dated in the future, after "
            "their import; the data run until the newest one that is not."
            for row in self.future
        ]
        warnings += self.refused_options
        results = [self._marked(r, resolved.options) for r in results]
        targeted = targets_of(self, resolved)
        results = [targeted(r) for r in results]
        totals = [targeted(r) for r in totals]
        asked = resolved.describe(earlier)
        if any(a.clock == "open" for a in resolved.addresses):
            asked["open_hours"] = open_hours(self.calendar_versions, resolved.period)
        return Answer(
            asked, tuple(results), tuple(totals),
            tuple(dict.fromkeys(warnings)), tuple(self.fresh()),
        )  # fmt: skip

    @staticmethod
    def _marked(result: Result, options: Mapping[str, str]) -> Result:
        """The result, marked where it counts fewer rows than a figure of its kind needs (N1)."""
        balanced = METRICS[result.definition_id].shape() is Balance
        least = float(options["nps.min_n" if balanced else "small_n"])
        return result if result.n >= least else replace(result, is_small=True)

    def resolve(self, question: Question, viewer: Viewer = EVERYTHING) -> Resolved:
        """Every choice of a question made: period, zone, options, filters."""
        if not question.metrics:
            raise QuestionError(
                "Which figure? Name at least one metric; `sanjeh metrics` lists all."
            )
        if not self.freshness and self.generation.until is not None:
            raise NothingImported(
                f"At {moment(self.generation.until).isoformat()} there was no record yet. Ask for "
                "a later moment with --as-of."
            )
        if not self.freshness:
            raise NothingImported(
                "Nothing in this home carries an instant yet, so no period can be asked for. "
                "Import conversations or tickets first."
            )
        options = chosen(dict(question.options), self.home_options)
        addresses = [
            _headlined(under(find(m), question.profile), question, options)
            for m in question.metrics
        ]
        clockwork = Clockwork(
            question.zone or self.settings.get("tz") or "UTC",
            question.calendar or self.settings.get("month_calendar") or "gregorian",
            question.week_start or self.settings.get("week_start") or "mon",
        )
        _ = clockwork.tz
        as_of = self.generation.until or min(row["newest_at"] for row in self.freshness)
        period = self._period(question, clockwork, as_of)
        where = tuple(
            (d, o, tuple(value for v in values for value in self.names.values(d, v)))
            for d, o, values in question.where
        )
        return Resolved(
            question, addresses, clockwork, period, as_of, self.generation.until is not None,
            options, where, viewer,
        )  # fmt: skip

    def _as_it_stood(self, question: Question, viewer: Viewer) -> Answer:
        assert question.as_of is not None
        return self.rewound(
            question.as_of, lambda then: then._with_gaps(then.ask(question, viewer))
        )

    def rewound(self, as_of: str, ask: Callable[[Answers], Given]) -> Given:
        """What `ask` gives of the record as it stood at an instant."""
        clockwork = Clockwork(
            self.settings.get("tz") or "UTC", self.settings.get("month_calendar") or "gregorian"
        )
        generation = self.facts.as_of(self.ledger, parse(as_of, clockwork))
        then = Answers(self.facts.folder.parent, self.ledger, self.open_engine, generation)
        try:
            return ask(then)
        finally:
            then.close()

    def _with_gaps(self, answer: Answer) -> Answer:
        t = self.tables["tickets"]
        lost = self.engine.run(t.filter(~t.has_history).count().as_table()).to_pylist()[0]
        count = next(iter(lost.values()))
        if not count:
            return answer
        gap = f"{count} tickets have no history and cannot be rewound: they stand as they are now."
        return replace(answer, warnings=(*answer.warnings, gap))

    # -- one metric ------------------------------------------------------------------------

    def figures(
        self, resolved: Resolved, address: Address, period: Period, by: tuple[str, ...],
        warnings: list[str], grain: str | None = "as asked", parts: Sequence[str] = PARTS,
    ) -> list[Result]:  # fmt: skip
        wanted = resolved.question.grain if grain == "as asked" else grain
        metric = address.metric
        if metric.fact is None:
            return derived.figures(self, resolved, address, period, by, warnings, wanted)
        frame = self._frame(resolved, metric, period, by, wanted, address)
        missing = self.missing(metric)
        if missing:
            why = f"{metric.name}: no source in this home records {missing}."
            warnings.append(why)
            return [frame.maker(address)(why_null=why)]
        rows, pending, curves, doubt = self._run(
            resolved, metric, period, by, wanted, address, parts
        )
        warnings += plan.doubts(metric, doubt)
        return assemble(frame, address, rows, pending, self.names.labels, curves)

    def _frame(
        self, resolved: Resolved, metric: Metric, period: Period, by: tuple[str, ...],
        grain: str | None, address: Address,
    ) -> Frame:  # fmt: skip
        found = buckets(period, grain, resolved.clockwork) if grain else []
        return Frame(
            metric=metric, by=by, buckets=tuple(found), clockwork=resolved.clockwork,
            period=described(period, resolved.clockwork),
            filters={
                f"{d}{'!' if o == 'is_not' else ''}": list(v) for d, o, v in resolved.question.where
            },
            span=period,
        )  # fmt: skip

    def _run(
        self, resolved: Resolved, metric: Metric, period: Period, by: tuple[str, ...],
        grain: str | None, address: Address, parts: Sequence[str],
    ) -> tuple[Rows, ...]:  # fmt: skip
        """Figures, rows still running, curves of waits, doubts: each a list, empty where none."""
        self._known_values(resolved, metric)
        spec = self.spec(
            resolved, metric, by, grain, distribution=address.statistic == "distribution"
        )
        longest = resolved.question.longest if by and not grain else None
        if not issubclass(metric.shape(), Duration):
            longest = None
        if self._cells is None:  # a statement that joins them is worked out from their columns
            self.lay_out(resolved.clockwork, period, grain, spec)
        found: dict[str, Rows] = {}
        for part in parts:
            if longest is None and (part != "pending" or grain is None):
                rows = self._summed(resolved, metric, part, spec, address.clock, period, grain)
                if rows is None and grain is not None and part in BEFORE:
                    rows = self._series(resolved, metric, part, spec, address.clock, period, grain)
                if rows is not None:
                    found[part] = rows
        rest = [part for part in parts if part not in found]
        rest = [p for p in rest if self.compiled.has(p, metric, spec, address.clock)]
        if rest:
            laid = self.lay_out(resolved.clockwork, period, grain, spec)
            span = (period.start, period.end, resolved.as_of)
            asked = self.compiled.run(metric, spec, address.clock, span, laid, rest, longest)
            found |= {part: rows for part, rows in zip(PARTS, asked, strict=True) if part in rest}
        return tuple(found.get(part, []) for part in PARTS)

    def _summed(
        self, resolved: Resolved, metric: Metric, part: str, spec: plan.Spec, clock: str,
        period: Period, grain: str | None,
    ) -> Rows | None:  # fmt: skip
        """The rows of a part out of its counts by day; None where it has none of the period.

        Waits are counted by their length, of which there are as many as rows: no sums are kept.
        """
        if part == "curve":
            return None
        plain = replace(spec, grain=False)
        told = self.compiled.by_day(part, metric, plain, clock, resolved.as_of)
        if told is None:
            return None
        whole = self._whole(resolved)
        cut = buckets(period, grain, resolved.clockwork) if grain and part in BEFORE else None
        if period.end > whole.end or (told[2] and period.start < whole.start):
            return None
        start = period.start if told[2] else whole.start
        days = self.compiled.remembered.days(
            (told[0], resolved.clockwork), (period.end - start) / (whole.end - whole.start),
            at_once=self.counts_at_once,
            count=lambda: self._counted(told, whole, resolved, plain), later=self.count_later,
        )  # fmt: skip
        if days is None:
            return None
        if cut is None:
            return days.rows(period.start, period.end)
        found: Rows = []
        for bucket in cut:
            rows = days.rows(bucket.start, bucket.end)
            if rows is None:
                return None
            found += [{**row, "bucket": bucket.index} for row in rows]
        return found

    def _whole(self, resolved: Resolved) -> Period:
        """The whole days, by the question's clockwork, that the record spans."""
        clock = resolved.clockwork
        oldest = min(int(row["oldest_at"]) for row in self.freshness)
        newest = max(resolved.as_of, *(int(row["newest_at"]) for row in self.freshness))
        first = clock.local(oldest).date()
        last = clock.step(clock.local(newest).date(), "day")
        return Period(clock.instant(first), clock.instant(last))

    def _counted(
        self, told: tuple[str, tuple[str, ...], bool], whole: Period, resolved: Resolved,
        spec: plan.Spec,
    ) -> Days | None:  # fmt: skip
        """Count a statement by day over the whole record, a quarter of a year at a time."""
        sql, counts, from_start = told
        clock = resolved.clockwork
        cut, rows = cells(whole, "day", clock)
        if self._days != (clock, whole):
            columns = {
                name: pa.array(rows[of]) for name, of in (("cell", "cell"), ("day", "bucket"))
            }
            self.engine.load(DAYS, pa.table(columns), passing=True)
            self._days = (clock, whole)
        self.lay_out(clock, whole, None, spec)
        edges = [*(b.start for b in cut), whole.end]
        steps = edges[::AT_ONCE] if from_start else edges[:1]
        ends = [*steps[1:], whole.end] if steps[-1] != whole.end else steps[1:]
        pieces = [
            self.engine.rows(plan.with_period(sql, start, end, resolved.as_of))
            for start, end in zip(steps, ends, strict=False)
        ]
        return days_of(pieces, edges, counts, from_start)

    def _series(
        self, resolved: Resolved, metric: Metric, part: str, spec: plan.Spec, clock: str,
        period: Period, grain: str,
    ) -> Rows | None:  # fmt: skip
        """The rows of a part in buckets: whole ones are the same whichever period asks for them."""
        told = self.compiled.told(part, metric, spec, clock, resolved.as_of)
        if not told:
            return []
        known = self.compiled.remembered.series((told, resolved.clockwork, grain))
        cut = buckets(period, grain, resolved.clockwork)
        lacking = [b for b in cut if b.is_partial or b.start not in known]
        runs = [list(run) for _, run in groupby(enumerate(lacking), lambda p: p[1].index - p[0])]
        if len(runs) > RUNS:
            runs = [list(enumerate(cut[lacking[0].index : lacking[-1].index + 1]))]
        found: dict[int, Rows] = {}
        for run in runs:
            of = [bucket for _, bucket in run]
            span = Period(of[0].start, of[-1].end)
            laid = self.lay_out(resolved.clockwork, span, grain, spec)
            at = (span.start, span.end, resolved.as_of)
            rows = self.compiled.run(metric, spec, clock, at, laid, (part,))[PARTS.index(part)]
            fresh: dict[int, Rows] = {bucket.index: [] for bucket in of}
            for row in rows:
                fresh[row["bucket"] + of[0].index].append(row)
            found |= fresh
            if len(rows) <= LARGE:
                known.update({b.start: fresh[b.index] for b in of if not b.is_partial})
        return [
            {**row, "bucket": bucket.index}
            for bucket in cut
            for row in (found[bucket.index] if bucket.index in found else known[bucket.start])
        ]

    def spec(
        self, resolved: Resolved, metric: Metric, by: tuple[str, ...], grain: str | None, *,
        distribution: bool,
    ) -> plan.Spec:  # fmt: skip
        """What shapes the expression of a metric in this question."""
        return plan.Spec(
            by=by, where=resolved.where, grain=grain is not None,
            clocks=("calendar", "open") if "open" in metric.clocks() else ("calendar",),
            distribution=distribution, options=tuple(sorted(resolved.options.items())),
            teams=resolved.viewer.teams, agents=resolved.viewer.agents,
        )  # fmt: skip

    def rows_of(self, expression: Any, resolved: Resolved) -> list[dict[str, Any]]:
        """The rows of a planned expression over the question's period."""
        sql = self.engine.compiled(expression)
        period = resolved.period
        rows: list[dict[str, Any]] = self.engine.rows(
            plan.with_period(sql, period.start, period.end, resolved.as_of)
        ).to_pylist()
        return rows

    def listed(
        self, resolved: Resolved, name: str, spec: plan.Spec,
        make: Callable[[plan.Spec], tuple[Any, Sequence[str]]], page: tuple[int, int] | None = None,
    ) -> tuple[Rows, tuple[str, ...]]:  # fmt: skip
        """Rows of an expression of one's own over the question's period: see `Compiled.listed`."""
        laid = self.lay_out(resolved.clockwork, resolved.period, None, spec)
        span = (resolved.period.start, resolved.period.end, resolved.as_of)
        return self.compiled.listed(name, spec, (span, laid), make, page)

    def _undated(self, metric: Metric) -> list[str]:
        """What the record lacks for a figure counted by when tickets were created."""
        if metric.fact not in ("tickets", "requests", "ticket_states"):
            return []
        return [
            f"{row['undated_tickets']} tickets of {row['source']} have no instant of creation "
            "and stand in no period of creation."
            for row in self.undated
        ]

    def _pooled(self, metric: Metric, resolved: Resolved) -> list[str]:
        """That a figure was pooled over groups whose figures mean different things (7.6)."""
        named = {*resolved.question.by, *(d for d, _, _ in resolved.where)}
        if not metric.per or metric.per in named:
            return []
        found = self._distinct(metric, metric.per, resolved.viewer)
        if found is not None and len(found) < 2:
            return []
        return [
            f"{metric.name}: pooled over several of {metric.per}, which are answered at different "
            f"paces; `--by {metric.per}` tells them apart."
        ]

    def _known_values(self, resolved: Resolved, metric: Metric) -> None:
        """Refuse a filter by a value that no row and no word of the record has."""
        for (name, _, given), (_, _, values) in zip(
            resolved.question.where, resolved.where, strict=True
        ):
            if name in dimensions.TIMES:
                _refuse_no_time(name, given, values)
                continue
            if name == "age" or None in values:
                continue
            found = self._distinct(metric, name, resolved.viewer)
            if found is None or set(values) & found or self.names.is_word(name, values):
                continue
            if self._stands_elsewhere(name, values, resolved.viewer):
                continue
            labels = sorted(set(self.names.labels(name, sorted(found)).values()))
            words = [*labels, *(VOCABULARY if name in names.SPOKEN else ())]
            close = difflib.get_close_matches(", ".join(given), words, n=3, cutoff=0.4)
            hint = f" Did you mean {', '.join(close)}?" if close else ""
            shown = ", ".join(labels[:10]) + (", …" if len(labels) > 10 else "")
            asked = " or ".join(map(repr, given))
            raise QuestionError(f"No {name} is {asked}.{hint} Known here: {shown or 'none'}.")

    def _stands_elsewhere(self, name: str, values: tuple[str | None, ...], viewer: Viewer) -> bool:
        """Whether rows of another fact have a value, so that this one merely has none of it."""
        facts = {m.fact: m for m in METRICS.values() if m.fact is not None}
        for metric in facts.values():
            offered = dimensions.offered(metric, lambda f: tuple(self.tables[f].columns), self.own)
            if name in offered:
                found = self._distinct(metric, name, viewer)
                if found is not None and found & set(values):
                    return True
        return False

    def _distinct(self, metric: Metric, name: str, viewer: Viewer) -> set[str] | None:
        """The values of a dimension in a metric's fact, as the viewer may see them."""
        key = (metric.fact, name, viewer.scope)
        if key not in self._values:
            viewing = (viewer.teams, viewer.agents)
            rows = self.compiled.distinct(metric, name, *viewing)
            found = {v for v in rows if v is not None}
            self._values[key] = found if len(rows) < plan.DISTINCT else None
        return self._values[key]

    def lay_out(
        self, clockwork: Clockwork, period: Period, grain: str | None, spec: plan.Spec
    ) -> Any:
        """Load the quarter-hour cells and the bucket ends that the expression joins.

        What they are of: None where the expression joins none.
        """
        timed = any(d in dimensions.TIMES for d in (*spec.by, *(w[0] for w in spec.where)))
        if not (spec.grain or timed):
            return None
        state = (clockwork, period, grain)
        if self._cells == state:
            return state
        found, rows = cells(period, grain, clockwork)
        starts = np.array([b.start for b in found] or [period.start], np.int64)
        ends = np.array([b.end for b in found] or [period.end], np.int64)
        table = pa.table(
            {
                "cell": pa.array(rows["cell"], pa.int64()),
                "bucket": pa.array(rows["bucket"], pa.int64()),
                "cell_hour": pa.array(rows["hour"], pa.int64()),
                "cell_weekday": pa.array(rows["weekday"], pa.int64()),
                "bucket_from_at": pa.array(starts[rows["bucket"]], pa.int64()),
                "bucket_until_at": pa.array(ends[rows["bucket"]], pa.int64()),
            }
        )
        moments = pa.table(
            {
                "bucket": pa.array([b.index for b in found], pa.int64()),
                "bucket_from_at": pa.array([b.start for b in found], pa.int64()),
                "bucket_until_at": pa.array([b.end for b in found], pa.int64()),
            }
        )
        self.engine.load("cells", table, passing=True)
        self.engine.load("moments", moments, passing=True)
        self.tables.laid("cells")
        self.tables.laid("moments")
        self._cells = state
        return state

    # -- helpers ---------------------------------------------------------------------------

    def _period(self, question: Question, clockwork: Clockwork, as_of: int) -> Period:
        oldest = min(row["oldest_at"] for row in self.freshness)
        if question.last is not None:
            if question.start or question.end:
                raise QuestionError("Give either --last or --from and --to, not both.")
            return last(question.last, as_of, clockwork)
        end = (
            parse(question.end, clockwork)
            if question.end
            else clockwork.instant(clockwork.step(clockwork.local(as_of).date(), "day"))
        )
        start = (
            parse(question.start, clockwork)
            if question.start
            else clockwork.instant(clockwork.local(min(oldest, end)).date())
        )
        if start >= end:
            raise PeriodError(
                f"The period from {moment(start).isoformat()} to {moment(end).isoformat()} is "
                "empty: the end is not counted and must come later than the start."
            )
        return Period(start, end)

    def missing(self, metric: Metric, source: str | None = None) -> str | None:
        """What the metric needs that no source records, or the one named does not."""
        kinds = {kind for known, kind in self.covered if source in (None, known)}
        for need in metric.needs:
            if not kinds & set(need.split("|")):
                return need.replace("|", " or ")
        return None

    def fresh(self) -> list[Mapping[str, Any]]:
        """Until when the data of each source run, and when they came in."""
        return [
            {
                "source": row["source"],
                "newest_event_at": moment(row["newest_at"]).isoformat(),
                "imported_at": moment(row["imported_at"]).isoformat(),
            }
            for row in self.freshness
        ]
