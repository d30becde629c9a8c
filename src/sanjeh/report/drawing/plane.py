"""Two numbers at once: groups as points in a plane, and the share answered by each time."""

from __future__ import annotations

import math
from itertools import pairwise

from sanjeh.charts.spec import Chart, Number, UpTo
from sanjeh.report.drawing.frame import (
    aim,
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
from sanjeh.report.drawing.speech import Speech
from sanjeh.report.markup import Markup, tag

HEIGHT = 288.0


def scatter(chart: Chart, speech: Speech, name: str, title: str) -> Markup:
    """Each group a numbered point; the numbers are told beneath."""
    language = speech.language
    points = [p for p in chart.series[0].known if p.beside is not None]
    ups = [float(p.number.value or 0) for p in points]
    up = scale_of([*ups, *([chart.target] if chart.target is not None else [])], chart.unit, HEIGHT)
    unit = points[0].beside.unit if points and points[0].beside is not None else "count"
    sides = [_beside(p.beside) for p in points]
    along = scale_of(sides, unit, 1.0)
    drawn: list[Markup] = []
    for tick in along.ticks:
        at = percent(1 - along.at(tick))
        drawn.append(line(at, 0, at, HEIGHT, "rule"))
        drawn.append(words(language, round_text(language, tick, unit), at, HEIGHT + 14,
                           class_="tick"))  # fmt: skip
    for n, (x_value, y_value) in enumerate(zip(sides, ups, strict=True), start=1):
        x, y = 1 - along.at(x_value), up.at(y_value)
        drawn.append(
            tag("g", dot(x, y, "point", 10),
                words(language, language.digits(str(n)), percent(x), y, class_="point-number"))
        )  # fmt: skip
    labels = [round_text(language, t, chart.unit) for t in up.ticks]
    return framed(
        name, title, language.text("chart.scatter"), HEIGHT, grid(language, up, chart.unit),
        aim(language, up, chart.target, chart.unit) if chart.target is not None else None, drawn,
        start=margin(labels), above=1.0, beneath=2.0,
    )  # fmt: skip


def curve(chart: Chart, speech: Speech, name: str, title: str) -> Markup:
    """Steps from time to time, the times as far apart as they are multiples of each other."""
    language = speech.language
    points = [p for p in chart.series[0].points if isinstance(p.at, UpTo) and p.at.limit]
    limits = [float(p.at.limit or 1) for p in points if isinstance(p.at, UpTo)]
    found = scale_of([0.0, 1.0], "share", HEIGHT * 0.75)

    def across(seconds: float) -> float:
        whole = math.log(limits[-1] / limits[0]) or 1.0
        return min(max(math.log(seconds / limits[0]) / whole, 0.0), 1.0)

    drawn: list[Markup] = []
    steps = [
        (across(limit), found.at(float(p.number.value)))
        for limit, p in zip(limits, points, strict=True)
        if p.number.value is not None
    ]
    for (ax, ay), (bx, by) in pairwise(steps):
        drawn.append(line(percent(ax), ay, percent(bx), ay, "curve"))
        drawn.append(line(percent(bx), ay, percent(bx), by, "curve"))
    drawn += [dot(x, y, "dot", 3) for x, y in steps]
    if chart.half is not None and chart.half.value:
        x = percent(across(float(chart.half.value)))
        drawn += [line(x, found.at(0.5), x, found.height, "aim"),
                  line("0", found.at(0.5), x, found.at(0.5), "aim")]  # fmt: skip
    for n, limit in enumerate(limits):
        text = language.value(limit, "seconds")
        drawn.append(
            words(language, text, percent(across(limit)), found.height + 14,
                  class_="tick sparse" if n % 3 else "tick")
        )  # fmt: skip
    labels = [round_text(language, t, "share") for t in found.ticks]
    return framed(
        name, title, language.text("chart.curve"), found.height,
        grid(language, found, "share"), drawn, start=margin(labels), end=2.0, beneath=2.0,
    )  # fmt: skip


def figure(chart: Chart, speech: Speech, name: str, title: str) -> Markup:
    """The number itself, large, its target beneath."""
    language = speech.language
    point = chart.series[0].points[0]
    drawn = [words(language, speech.number(point.number), "50%", 48, class_="figure-number")]
    if chart.target is not None:
        text = language.text("chart.target", value=language.value(chart.target, chart.unit))
        drawn.append(words(language, text, "50%", 100, class_="aim-name"))
    return framed(name, title, language.text("chart.figure"), 116, drawn)


def _beside(number: Number | None) -> float:
    return float(number.value or 0) if number is not None else 0.0
