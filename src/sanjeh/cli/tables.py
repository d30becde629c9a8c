"""An answer as a table on the terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjeh.cli import terminal
from sanjeh.cli.wording import (
    answered_of,
    change_style,
    change_text,
    compared_text,
    counted_lines,
    counts_text,
    digits,
    distribution_of,
    figure_text,
    fresh_text,
    left_out_lines,
    period_text,
    value_text,
)
from sanjeh.words import number, percent

if TYPE_CHECKING:
    from sanjeh.answers.question import Answer, Result

OF_DURATIONS = ("mean", "median", "p90")


@dataclass(frozen=True)
class Column:
    """One column: its heading and how a result fills it."""

    heading: str
    cell: Callable[[Result], str]
    right: bool = True


def draw_answer(answer: Answer, locale: str, limit: int) -> None:
    """The whole answer: what was asked, its figures, what was left out, warnings."""
    addresses = list(dict.fromkeys(r.metric for r in answer.results))
    by = list(answer.question["by"])
    if len(addresses) == 1:
        first = answer.results[0]
        terminal.say(f"{first.title} · {first.unit} · {first.metric}", "bold")
    terminal.say(period_text(answer.question, locale))
    if answer.question["compare"]:
        terminal.say(compared_text(answer.question, locale))
    terminal.grey(fresh_text(answer, locale))
    for line in counted_lines(answer.question):
        terminal.say(line)
    for line in conditions(answer):
        terminal.grey(line)
    results, hidden = largest(answer, limit)
    columns = columns_of(answer, locale, len(addresses) > 1, by)
    made = terminal.table(*((c.heading, c.right) for c in columns))
    for result in results:
        terminal.add_row(made, [c.cell(result) for c in columns], row_style(result))
    for total in answer.totals:
        terminal.add_row(made, [c.cell(total) for c in columns], "bold")
    terminal.draw(made)
    if hidden:
        terminal.grey(
            f"{hidden} more groups are not shown: --limit 0 shows all; json and csv hold all."
        )
    for result in results:
        if distribution_of(result):
            draw_distribution(result, locale)
        if answered_of(result):
            draw_answered(result, locale)
    for line in left_out_lines(answer, locale):
        terminal.grey(line)
    for line in why_lines(answer, [*results, *answer.totals]):
        terminal.grey(line)
    for warning in answer.warnings:
        terminal.say(f"Note: {warning}", "yellow")


def conditions(answer: Answer) -> list[str]:
    """Filters, and options that are not the usual ones."""
    from sanjeh.metrics.options import OPTIONS

    lines = [
        f"where {w['dimension']} {'is not' if w['operator'] == 'is_not' else 'is'} "
        + " or ".join(w["values"])
        for w in answer.question["where"]
    ]
    changed = [
        f"{name} = {value}"
        for name, value in answer.question["options"].items()
        if name in OPTIONS and value != OPTIONS[name].default
    ]
    return lines + ([f"options: {', '.join(changed)}"] if changed else [])


def largest(answer: Answer, limit: int) -> tuple[list[Result], int]:
    """Results of the groups with the most rows, and how many groups that leaves out."""
    results = list(answer.results)
    weight: dict[tuple[str, ...], int] = {}
    for result in results:
        group = group_of(result)
        weight[group] = weight.get(group, 0) + result.n
    if not limit or len(weight) <= limit or set(answer.question["by"]) <= {"hour", "weekday"}:
        return results, 0
    kept = set(sorted(weight, key=lambda group: -weight[group])[:limit])
    return [r for r in results if group_of(r) in kept], len(weight) - len(kept)


def group_of(result: Result) -> tuple[str, ...]:
    """What tells a result's group from another's."""
    return tuple(repr(part["key"]) for part in result.group.values())


def columns_of(answer: Answer, locale: str, several: bool, by: list[str]) -> list[Column]:
    """The columns that these results need."""
    everything = [*answer.results, *answer.totals]
    columns = []
    if several:
        columns += [
            Column("figure", lambda r: r.title, right=False),
            Column("address", lambda r: r.metric, right=False),
        ]
    if answer.question["grain"]:
        columns.append(
            Column(
                answer.question["grain"],
                lambda r: digits(r.bucket["label"], locale) if r.bucket else "",
                right=False,
            )
        )
    columns += [Column(name, _label_of(name, by[0]), right=False) for name in by]
    columns.append(Column("value", lambda r: figure_text(r, locale)))
    if any(r.interval for r in answer.results) and by:
        columns.append(Column("95 % between", lambda r: interval_text(r, locale)))
    headline = {r.statistic for r in everything}
    timed = any(r.unit == "seconds" and r.statistics for r in everything)
    for name in OF_DURATIONS:
        if timed and headline != {name}:
            columns.append(Column(name, _statistic_of(name, locale)))
    if any(r.statistics.get("mean_per_slot") is not None for r in answer.results):
        columns.append(
            Column(
                "mean each", lambda r: number(r.statistics.get("mean_per_slot"), locale, places=1)
            )
        )
    columns.append(Column("n", lambda r: number(r.n, locale)))
    if answer.question["compare"]:
        columns += [
            Column("before", lambda r: value_text(r.previous_value, r.unit, locale)),
            Column("change", lambda r: change_text(r, locale)),
        ]
    if any(r.target is not None for r in everything):
        columns += [
            Column(
                "target", lambda r: "" if r.target is None else value_text(r.target, r.unit, locale)
            ),
            Column("status", lambda r: r.status or "", right=False),
        ]
    if any(note_of(r, locale) for r in answer.results):
        columns.append(Column("note", lambda r: note_of(r, locale), right=False))
    return columns


def _label_of(name: str, first: str) -> Callable[[Result], str]:
    total = "total" if name == first else ""
    return lambda r: str(r.group[name]["label"]) if name in r.group else total


def _statistic_of(name: str, locale: str) -> Callable[[Result], str]:
    def cell(result: Result) -> str:
        if result.unit != "seconds" or not result.n:
            return ""
        return value_text(result.statistics.get(name), "seconds", locale)

    return cell


def interval_text(result: Result, locale: str) -> str:
    """Both ends of the interval at 95 %."""
    if result.interval is None:
        return ""
    low, high = (value_text(end, result.unit, locale) for end in result.interval)
    return f"{low} to {high}"


def note_of(result: Result, locale: str) -> str:
    """What a reader must know of one row."""
    notes = []
    if result.bucket and result.bucket["is_partial"]:
        notes.append("cut by the period")
    if result.is_small and result.n and result.denominator is not None:
        notes.append("few rows")
    if result.pending:
        notes.append(f"{number(result.pending, locale)} still running")
    if result.group and result.excluded:
        notes.append(f"left out: {counts_text(result.excluded, locale)}")
    return "; ".join(notes)


def row_style(result: Result) -> str:
    """Grey where there is no figure, else by how it moved or stands to its target."""
    if result.value is None:
        return "bright_black"
    if result.status is not None:
        return {"met": "green", "near": "yellow", "missed": "red"}[result.status]
    return change_style(result)


def why_lines(answer: Answer, shown: list[Result]) -> list[str]:
    """Why figures are missing, each reason once; those that a warning tells are not repeated."""
    reasons: dict[str, None] = {}
    for result in shown:
        if result.value is None and result.why_null and result.why_null not in answer.warnings:
            reasons[f"— {result.metric}: {result.why_null}"] = None
    return list(reasons)


def draw_distribution(result: Result, locale: str) -> None:
    """How many rows took how long, or have how much."""
    made = terminal.table(("up to", True), ("rows", True), ("share", True))
    for part in distribution_of(result):
        limit = part["up_to"]
        unit = "seconds" if result.unit == "seconds" else ""
        label = "more" if limit is None else value_text(limit, unit, locale)
        terminal.add_row(made, [label, number(part["n"], locale), percent(part["share"], locale)])
    terminal.draw(made)


def draw_answered(result: Result, locale: str) -> None:
    """The share answered by each time; one that ended unanswered never is."""
    made = terminal.table(("answered within", True), ("share", True))
    for part in answered_of(result):
        label = value_text(part["seconds"], "seconds", locale)
        terminal.add_row(made, [label, percent(part["share"], locale)])
    terminal.draw(made)
    half = result.statistics.get("half_answered")
    told = "not reached" if half is None else value_text(half, "seconds", locale)
    terminal.grey(f"Half were answered within: {told}")
