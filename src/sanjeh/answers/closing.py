"""Closing a month: its answers are stored, and the rows behind them (7.3, decision 4).

What is stored is what a manager reports: the overview's figures and the first of each family.
Figures that no source of the home can answer are not stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import ibis

from sanjeh.answers import closed, plan
from sanjeh.answers.closed import Closing, ClosingRefused, Month, Row
from sanjeh.answers.periods import Clockwork, moment
from sanjeh.answers.question import Answer, Question
from sanjeh.facts.registry import FACTS
from sanjeh.metrics.options import kept
from sanjeh.metrics.registry import Balance, Duration, Mean, Metric, Ratio, Share, Total, find

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers, Resolved

CHANNEL = ("channel",)
OPEN_AGAIN = "open again"
EVER = ("1900-01-01", "2900-01-01")


class Figure(NamedTuple):
    """A figure that a closing holds: its address, and by what it is split."""

    address: str
    by: tuple[str, ...] = ()


FIGURES = (
    Figure("conversations"),
    Figure("requests"),
    Figure("new_tickets"),
    Figure("resolved_tickets"),
    Figure("resolution_rate"),
    Figure("reopened_tickets"),
    Figure("reopen_rate"),
    Figure("open_tickets"),
    Figure("reassignments"),
    Figure("escalations"),
    Figure("resolution_time"),
    Figure("resolution_time@open"),
    Figure("first_response.half_answered", CHANNEL),
    Figure("first_response.half_answered@open", CHANNEL),
    Figure("missed_chat_rate"),
    Figure("first_contact_resolution"),
    Figure("satisfied_share"),
    Figure("satisfaction_score"),
    Figure("nps"),
    Figure("effort_score"),
)


def close(
    answers: Answers, month: Month, *, now: dt.datetime, zone: str | None = None,
    again: bool = False,
) -> Closing:  # fmt: skip
    """Store a month's figures and rows as they are now, for every team.

    zone: else the settings'. again: close a closed month anew; the earlier closing stays as its
    history. Raises ClosingRefused where the month is not over in the data, is closed already, is
    being closed by somebody else, or the facts are older than an erasure.
    """
    home = home_of(answers)
    in_zone = zone or str(answers.settings.get("tz") or "UTC")
    week_start = str(answers.settings.get("week_start") or "mon")
    question = _question(month, in_zone, week_start, {})
    resolved = answers.resolve(question)
    refuse_unheld(answers, month, resolved)
    with closed.being_closed(home, month) as number:
        if number > 1 and not again:
            raise ClosingRefused(
                "closed",
                f"{month.label} is closed already, on "
                f"{closed.newest(home, month).closed_at[:10]}. See what moved it since, or close "
                "it anew: the earlier closing stays as its history.",
            )
        figures = recorded(answers)
        head = {
            "month": month.label, "calendar": month.calendar, "zone": in_zone,
            "week_start": week_start, "closed_at": now.astimezone(dt.UTC).isoformat(),
            "data_until": moment(resolved.as_of).isoformat(), "options": resolved.options,
            "versions": {m.name: m.version for m in measured(figures)},
            "answers": {f.address: ask(answers, question, f).as_json() for f in figures},
        }  # fmt: skip
        made = [
            row
            for metric, by in split(figures).values()
            for row in rows_of(answers, question, metric, by)
        ]
        if answers.ledger.snapshot().erasures != answers.generation.erasures:
            raise ClosingRefused(
                "erased",
                "A person was erased while the month was being closed, so nothing was stored. "
                "Close it again.",
            )
        return closed.keep(home, head, made, closed.place(home, month, number))


def refuse_unheld(answers: Answers, month: Month, resolved: Resolved) -> None:
    """Refuse a month whose end the data have not passed, and one that lies before them."""
    if resolved.period.end > resolved.as_of:
        raise ClosingRefused(
            "unfinished",
            f"{month.label} is not over in the data: they run until "
            f"{moment(resolved.as_of).isoformat()}. Bring in the rest of it first.",
        )
    oldest = min(row["oldest_at"] for row in answers.freshness)
    if resolved.period.end <= oldest:
        raise ClosingRefused(
            "empty",
            f"The data begin after {month.label}, at {moment(oldest).isoformat()}: there is "
            "nothing to close.",
        )


def closable(answers: Answers, clockwork: Clockwork) -> list[Month]:
    """The months of a calendar that the data hold to their end, the latest first."""
    if not answers.freshness:
        return []
    oldest = min(row["oldest_at"] for row in answers.freshness)
    until = min(row["newest_at"] for row in answers.freshness)
    first = clockwork.floor(clockwork.local(oldest).date(), "month")
    found = []
    while clockwork.instant(following := clockwork.step(first, "month")) <= until:
        label = clockwork.label(clockwork.instant(first), "month")
        found.append(Month(label, clockwork.calendar))
        first = following
    return found[::-1]


def question_of(closing: Closing) -> Question:
    """The question of a closing's month, with the options that held when it was closed."""
    options = kept(dict(closing.options))[0]
    return _question(closing.month, closing.zone, closing.week_start, options)


def _question(month: Month, zone: str, week_start: str, options: dict[str, str]) -> Question:
    span = month.period(zone)
    return Question(
        ("requests",), start=moment(span.start).isoformat(), end=moment(span.end).isoformat(),
        zone=zone, calendar=month.calendar, week_start=week_start, options=options,
    )  # fmt: skip


# -- figures -----------------------------------------------------------------------------------


def parts(address: str) -> tuple[Metric, ...]:
    """The metrics whose rows are behind a figure: its own, or those that a rate is made of."""
    metric = find(address).metric
    measure = metric.outline()
    if isinstance(measure, Ratio):
        return tuple(find(name).metric for name in (measure.over, measure.under))
    return (metric,)


def recorded(answers: Answers) -> list[Figure]:
    """The figures that the home's sources can answer."""
    return [f for f in FIGURES if all(answers.missing(m) is None for m in parts(f.address))]


def measured(figures: Sequence[Figure]) -> list[Metric]:
    """The metrics behind figures, each once."""
    found = {m.name: m for f in figures for m in (find(f.address).metric, *parts(f.address))}
    return list(found.values())


def split(figures: Sequence[Figure]) -> dict[str, tuple[Metric, tuple[str, ...]]]:
    """The metrics whose rows are stored, by name, each with what its figure is split by."""
    found: dict[str, tuple[Metric, tuple[str, ...]]] = {}
    for figure in figures:
        for metric in parts(figure.address):
            found.setdefault(metric.name, (metric, figure.by))
    return found


def ask(answers: Answers, question: Question, figure: Figure) -> Answer:
    """A figure over the question's period."""
    return answers.ask(replace(question, metrics=(figure.address,), by=figure.by))


# -- rows --------------------------------------------------------------------------------------


def rows_of(
    answers: Answers, question: Question, metric: Metric, by: tuple[str, ...],
    only: Sequence[str] | None = None,
) -> list[Row]:  # fmt: skip
    """The rows behind a metric over the question's period, each in or left out and why.

    only: those of these records, over all time. A metric that counts distinct records has one row
    for each: in, if any of its rows is.
    """
    asked = replace(question, metrics=(metric.name,), by=())
    if only is not None:
        asked = replace(asked, start=EVER[0], end=EVER[1])
    resolved = answers.resolve(asked)
    spec = answers.spec(resolved, metric, by, None, distribution=False)

    def made(shape: plan.Spec) -> tuple[Any, tuple[str, ...]]:
        return _listing(answers, metric, shape), ()

    if only is None:
        found, _ = answers.listed(resolved, f"closing {metric.name}", spec, made)
    else:
        table = _listing(answers, metric, spec)
        found = answers.rows_of(table.filter(table.record.isin(list(only))), resolved)
    return numbered(metric, found)


def whereabouts(
    answers: Answers, question: Question, metric: Metric, by: tuple[str, ...],
    records: Sequence[str],
) -> list[Row]:  # fmt: skip
    """Where records stand now that a month's rows do not hold any more: over all time.

    A ticket that no row of the metric tells of is open again, or left out of every figure.
    """
    if metric.is_level:
        return []
    found = rows_of(answers, question, metric, by, records)
    rest = sorted(set(records) - {r.record for r in found})
    if rest:
        opened = answers.tables["tickets"]
        opened = opened.filter((opened.stage == "open") & opened.ticket_id.isin(rest))
        ids = answers.engine.run(opened.select("ticket_id")).column("ticket_id").to_pylist()
        told = [
            row for name in ("new_tickets", "conversations")
            for row in rows_of(answers, question, find(name).metric, (), rest)
        ]  # fmt: skip
        found += [r for r in told if not r.is_in]
        found += [r._replace(reason=OPEN_AGAIN) for r in told if r.is_in and r.record in ids]
    return found


def _listing(answers: Answers, metric: Metric, spec: plan.Spec) -> Any:
    """One line a judged row: which record's, of which group, when, why not, and its value."""
    assert metric.fact is not None
    assert metric.at is not None
    table, groups = plan.candidates(metric, spec, answers.tables, answers.own)
    table, measure = plan.judged(metric, spec, table)
    none = ibis.null("string")

    def column(name: str) -> Any:
        return table[name] if name in table.columns else none

    value = open_value = ibis.null("float64")
    if isinstance(measure, Duration):
        value = table.value_calendar.cast("float64") / 1_000_000
        if "value_open" in table.columns:
            open_value = table.value_open.cast("float64") / 1_000_000
    elif isinstance(measure, Share):
        value = table.counted_part.cast("int64").cast("float64")
    elif isinstance(measure, Balance):
        value = (table.is_up.cast("int64") - table.is_down.cast("int64")).cast("float64")
    elif isinstance(measure, Mean | Total):
        value = table["value"]
        if isinstance(measure, Total) and measure.one != 1:
            value = value / float(measure.one)
    first, second = "conversation_id", "ticket_id"
    if FACTS[metric.fact].key == "ticket_id":
        first, second = second, first
    return table.select(
        record=ibis.coalesce(column("answer_id"), column(first), column(second)),
        ticket=column("ticket_id"), conversation=column("conversation_id"),
        group=table[groups[0]].cast("string") if groups else none,
        at=table[metric.at].cast("int64"), reason=table.reason, value=value, open_value=open_value,
    )  # fmt: skip


def numbered(metric: Metric, found: Sequence[dict[str, Any]]) -> list[Row]:
    """Rows in order of record and time; of a metric of distinct records the one that counts."""
    is_distinct = getattr(metric.outline(), "distinct", None) is not None

    def order(row: dict[str, Any]) -> tuple[Any, ...]:
        best = (row["reason"] is not None, -(row["value"] or 0)) if is_distinct else ()
        return (str(row["record"]), *best, row["at"], row["reason"] or "", row["value"] or 0)

    made: list[Row] = []
    for row in sorted(found, key=order):
        again = bool(made) and made[-1].record == row["record"]
        if again and is_distinct:
            continue
        made.append(Row(metric.name, nth=made[-1].nth + 1 if again else 1, **row))
    return made


def home_of(answers: Answers) -> Path:
    """The folder whose months these answers close."""
    return answers.facts.folder.parent
