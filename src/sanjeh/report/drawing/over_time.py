"""Bars, lines and stacked bars over time, left to right in every language."""

from __future__ import annotations

from itertools import pairwise

from sanjeh.charts.spec import Bucket, Chart, ContextEvent, Point
from sanjeh.report.drawing.frame import (
    Scale,
    aim,
    box,
    dot,
    framed,
    grid,
    line,
    margin,
    percent,
    round_text,
    words,
)
from sanjeh.report.drawing.frame import scale as scale_of
from sanjeh.report.drawing.palette import filled, patterns
from sanjeh.report.drawing.speech import Speech
from sanjeh.report.markup import Markup, tag

HEIGHT, STRIP = 216.0, 58.0
DATES = 7
MARK_WIDTH = 0.045  # of the width of a phone
MARK_ROWS = 4


def across(chart: Chart, instant: int) -> float:
    """The place of an instant from left (0) to right (1)."""
    start, end = chart.span
    return min(max((instant - start) / (end - start), 0.0), 1.0)


def middle(chart: Chart, point: Point) -> float:
    """The place of the middle of a bucket."""
    bucket = _bucket(point)
    return (across(chart, bucket.start) + across(chart, bucket.end)) / 2


def _bucket(point: Point) -> Bucket:
    assert isinstance(point.at, Bucket)
    return point.at


def bars(chart: Chart, speech: Speech, name: str, title: str) -> Markup:
    """A bar a bucket from zero: history pale, a cut bucket dashed, events above."""
    found = _scale(chart, HEIGHT)
    drawn: list[Markup] = []
    for point in chart.series[0].known:
        bucket = _bucket(point)
        left, right = across(chart, bucket.start), across(chart, bucket.end)
        gap = min((right - left) * 0.14, 0.006)
        value = float(point.number.value or 0)
        top, foot = found.at(max(value, 0.0)), found.at(min(value, 0.0))
        classes = ["bar", "history" if point.is_history else "", "cut" if bucket.is_partial else ""]
        drawn.append(
            box(left + gap / 2, top, right - left - gap, foot - top,
                class_=" ".join(c for c in classes if c))
        )  # fmt: skip
    return _dated(chart, speech, name, title, found, drawn, "trend.described")


def lines(chart: Chart, speech: Speech, name: str, title: str) -> Markup:
    """The figure from bucket to bucket; a gap where there is none, dashed to a cut bucket."""
    found = _scale(chart, HEIGHT, zero=chart.unit in ("share", "seconds"))
    return _dated(chart, speech, name, title, found, _curve(chart, found, dots=True), "chart.line")


def strip(chart: Chart, speech: Speech, name: str, title: str) -> Markup:
    """A small line with its lowest and highest number, to stand beneath another drawing."""
    values = [float(p.number.value or 0) for p in chart.series[0].known]
    low, high = min(values), max(values)
    room = (high - low) or 1.0
    found = Scale(low - room * 0.15, high + room * 0.15, 1, STRIP)
    drawn = [line("0", STRIP, "100%", STRIP, "rule"), *_curve(chart, found, dots=False)]
    language = speech.language
    for value in sorted({low, high}):
        text = language.value(value, chart.unit)
        drawn.append(
            words(language, text, "0", found.at(value), anchor="end", class_="tick", dx=-8)
        )
    return framed(
        name, title, language.text("trend.strip"), STRIP, drawn, start=_margin(chart, speech)
    )  # fmt: skip


def stacked(chart: Chart, speech: Speech, name: str, title: str) -> Markup:
    """The groups of each bucket upon each other, told apart by colour and pattern."""
    buckets = [p.at for p in chart.series[0].points]
    sums = [
        sum(float(s.points[n].number.value or 0) for s in chart.series) for n in range(len(buckets))
    ]
    found = scale_of(sums, chart.unit, HEIGHT)
    drawn: list[Markup] = [patterns(name, len(chart.series))]
    for n, _ in enumerate(buckets):
        so_far = 0.0
        for number, series in enumerate(chart.series):
            point = series.points[n]
            bucket = _bucket(point)
            left, right = across(chart, bucket.start), across(chart, bucket.end)
            gap = min((right - left) * 0.14, 0.006)
            value = float(point.number.value or 0)
            top, foot = found.at(so_far + value), found.at(so_far)
            so_far += value
            if value:
                drawn += filled(
                    name, number, left + gap / 2, top, right - left - gap, foot - top,
                    is_cut=bucket.is_partial,
                )  # fmt: skip
    return _dated(chart, speech, name, title, found, drawn, "chart.stacked")


def _scale(chart: Chart, height: float, *, zero: bool = True) -> Scale:
    values = [float(p.number.value or 0) for s in chart.series for p in s.known]
    values += [chart.target] if chart.target is not None else []
    return scale_of(values, chart.unit, height, zero=zero)


def _curve(chart: Chart, found: Scale, *, dots: bool) -> list[Markup]:
    drawn = []
    for series in chart.series:
        for a, b in pairwise(series.points):
            if a.number.value is None or b.number.value is None:
                continue
            cut = _bucket(a).is_partial or _bucket(b).is_partial
            classes = "curve cut" if cut else "curve history" if b.is_history else "curve"
            drawn.append(
                line(percent(middle(chart, a)), found.at(float(a.number.value)),
                     percent(middle(chart, b)), found.at(float(b.number.value)), classes)
            )  # fmt: skip
        many = len(series.points) > 45
        for n, point in enumerate(series.points):
            if point.number.value is None:
                continue
            near = series.points[max(n - 1, 0) : n + 2]
            alone = sum(p.number.value is not None for p in near) == 1
            if (dots and not many) or alone:
                kind = "dot cut" if _bucket(point).is_partial else "dot"
                drawn.append(
                    dot(middle(chart, point), found.at(float(point.number.value)), kind, 3)
                )
    return drawn


def _margin(chart: Chart, speech: Speech) -> float:
    """One margin for all drawings of a trend, so that they stand beneath each other."""
    return 4.6 if chart.unit == "seconds" else 3.6


def _dated(
    chart: Chart, speech: Speech, name: str, title: str, found: Scale, drawn: list[Markup],
    described: str,
) -> Markup:  # fmt: skip
    language = speech.language
    rows = mark_rows(chart)
    deepest = max((row for _, row in rows), default=-1)
    labels = [round_text(language, t, chart.unit) for t in found.ticks]
    return framed(
        name, title, language.text(described), found.height,
        _bands(chart, found.height), grid(language, found, chart.unit), drawn,
        aim(language, found, chart.target, chart.unit) if chart.target is not None else None,
        _marks(rows, speech), dates(chart, speech, found.height),
        start=margin([*labels], _margin(chart, speech)), above=1.0 + 1.5 * (deepest + 1),
        beneath=2.0,
    )  # fmt: skip


def dates(chart: Chart, speech: Speech, height: float) -> list[Markup]:
    """Dates beneath: as many as fit, every second one hidden on a phone."""
    points = chart.series[0].points
    step = max(1, -(-len(points) // DATES))
    drawn = []
    for n, point in enumerate(points[::step]):
        bucket = _bucket(point)
        length = bucket.end - bucket.start
        text = speech.date(bucket.start, length, year=length > 20 * 86_400_000_000)
        drawn.append(
            words(speech.language, text, percent(middle(chart, point)), height + 14,
                  class_="date sparse" if n % 2 else "date")
        )  # fmt: skip
    return drawn


def mark_rows(chart: Chart) -> list[tuple[float, int]]:
    """The place of each event's mark, and a row of its own where marks would touch."""
    taken: dict[int, float] = {}
    placed = []
    for event in chart.events:
        left = across(chart, event.began)
        free = [n for n in range(MARK_ROWS) if left - taken.get(n, -1.0) >= MARK_WIDTH]
        row = free[0] if free else MARK_ROWS - 1
        taken[row] = left
        placed.append((left, row))
    return placed


def _bands(chart: Chart, height: float) -> list[Markup]:
    return [_band(chart, event, height) for event in chart.events]


def _band(chart: Chart, event: ContextEvent, height: float) -> Markup:
    left, right = across(chart, event.began), across(chart, event.ended)
    return box(left, 0, max(right - left, 0.002), height, class_="happened")


def _marks(rows: list[tuple[float, int]], speech: Speech) -> list[Markup]:
    drawn = []
    for n, (left, row) in enumerate(rows, start=1):
        y = -14.0 - 21 * row
        number = speech.language.digits(str(n))
        drawn.append(
            tag("g", dot(left, y, "mark-disc", 9),
                words(speech.language, number, percent(left), y, class_="mark-number"))
        )  # fmt: skip
    return drawn
