"""Figures to text: values in the unit a reader expects, changes, periods, exclusions (D5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sanjeh.words import (
    DASH,
    balance,
    duration,
    jalali_text,
    number,
    percent,
    persian_digits,
    signed,
)

if TYPE_CHECKING:
    from sanjeh.answers.question import Answer, Result


def value_text(value: Any, unit: str, locale: str) -> str:
    """A figure in its unit; null is a dash."""
    if value is None:
        return DASH
    if unit == "seconds":
        return duration(value, locale)
    if unit == "share":
        return percent(value, locale)
    if unit == "points":
        return balance(value, locale)
    return number(value, locale)


def figure_text(result: Result, locale: str) -> str:
    """The figure of a result; a count of rows stays a count whatever the metric's unit."""
    if distribution_of(result) or answered_of(result):
        return "see below"
    return value_text(result.value, "" if result.statistic == "n" else result.unit, locale)


def distribution_of(result: Result) -> list[dict[str, Any]]:
    """How many rows took how long, where that was asked; else nothing."""
    asked = result.statistic == "distribution"
    return list(result.statistics.get("distribution") or ()) if asked else []


def answered_of(result: Result) -> list[dict[str, Any]]:
    """The share answered by each time, where that was asked; else nothing."""
    asked = result.statistic == "answered_by"
    return list(result.statistics.get("answered_by") or ()) if asked else []


def change_text(result: Result, locale: str) -> str:
    """How far a figure moved: a share in points, anything else in percent."""
    if result.delta_abs is None:
        return DASH
    if result.unit == "share":
        return f"{signed(result.delta_abs * 100, locale, places=1)} points"
    if result.delta_pct is None:
        return signed(result.delta_abs, locale) if result.unit != "seconds" else DASH
    text = percent(result.delta_pct, locale)
    return f"+{text}" if result.delta_pct > 0 else text


def change_style(result: Result) -> str:
    """Green where the figure moved the good way, red where the bad; else nothing."""
    if not result.delta_abs or result.direction not in ("up", "down"):
        return ""
    return "green" if (result.delta_abs > 0) == (result.direction == "up") else "red"


def period_text(question: Mapping[str, Any], locale: str) -> str:
    """The period as it was understood."""
    span = question["period"]
    text = f"{span['from_local']} until before {span['to_local']}, {question['zone']}"
    if question["calendar"] == "jalali":
        text += ", Jalali"
    if question["as_it_stood"]:
        text += f", as the record stood at {moment_text(question['as_of'], question)}"
    return digits(text, locale)


def counted_lines(question: Mapping[str, Any]) -> list[str]:
    """Of each figure under a profile: as which helpdesk counts it, and its rule."""
    return [
        f"{address}: as {told['profile']} counts it. {told['rule']}"
        for address, told in question["counted_as"].items()
        if told["rule"] is not None
    ]


def compared_text(question: Mapping[str, Any], locale: str) -> str:
    """The period compared with, or nothing."""
    span = question["compare_period"]
    if span is None:
        return ""
    text = f"before: {span['from_local']} until before {span['to_local']}"
    return digits(text, locale)


def digits(text: str, locale: str) -> str:
    """Dates and times in the digits of the language."""
    return persian_digits(text) if locale == "fa" else text


def fresh_text(answer: Answer, locale: str) -> str:
    """Until when the data run, source by source."""
    parts = [
        f"{digits(moment_text(f['newest_event_at'], answer.question), locale)} ({f['source']})"
        for f in answer.freshness
    ]
    return "data until " + ", ".join(parts)


def moment_text(iso: str | None, question: Mapping[str, Any]) -> str:
    """An instant on the wall clock of the question's zone, by its month calendar."""
    if iso is None:
        return DASH
    local = dt.datetime.fromisoformat(iso).astimezone(ZoneInfo(question["zone"]))
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    day = jalali_text(local.date()) if question["calendar"] == "jalali" else f"{local:%Y-%m-%d}"
    return f"{day} {clock}"


def counts_text(counts: Mapping[str, int], locale: str) -> str:
    """Reasons with how many, most first."""
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{reason} {number(n, locale)}" for reason, n in ordered)


def left_out_lines(answer: Answer, locale: str) -> list[str]:
    """For each figure, how many of its rows were left out and why."""
    lines = []
    for address in dict.fromkeys(r.metric for r in answer.results):
        own = [r for r in answer.totals if r.metric == address] or [
            r for r in answer.results if r.metric == address
        ]
        counts, n, divides = _left_out(own)
        left = sum(counts.values())
        if not left:
            continue
        of = "" if divides else f"{number(left, locale)} of {number(left + n, locale)} "
        lines.append(f"{address}: {of}left out: {counts_text(counts, locale)}")
    return lines


def _left_out(results: Sequence[Result]) -> tuple[dict[str, int], int, bool]:
    """Reasons, rows counted, and whether it is made of other figures."""
    from sanjeh.metrics.registry import Difference, Midpoint, Ratio, find

    metric = find(results[0].definition_id).metric
    chosen: Iterable[Result] = results[-1:] if metric.is_level else results
    counts: dict[str, int] = {}
    n = 0
    for result in chosen:
        n += result.n
        for reason, count in result.excluded.items():
            counts[reason] = counts.get(reason, 0) + count
    return counts, n, metric.shape() in (Ratio, Difference, Midpoint)
