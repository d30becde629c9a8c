"""A bar a row: ranked groups, a Pareto, a distribution; from the right where text runs so."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sanjeh.charts.spec import Chart, Point
from sanjeh.report.drawing.frame import box, dot, framed, line, margin, percent, round_text, words
from sanjeh.report.drawing.speech import Speech
from sanjeh.report.markup import Markup, tag

ROW, THICK = 25.0, 15.0
VITAL = 0.8  # the share that Pareto's vital few make
ROOM = 0.84  # of the width for bars, so that the number after the longest has room


class Lay:
    """Where things stand in a drawing of rows, mirrored in a right-to-left language."""

    def __init__(self, speech: Speech, labels: Sequence[str]) -> None:
        self.speech = speech
        self.mirrored = speech.language.direction == "rtl"
        self.room = margin(labels)

    def across(self, share: float) -> float:
        """From a share of the way along a row to one of the width."""
        return 1 - share if self.mirrored else share

    def bar(self, row: int, share: float, class_: str) -> Markup:
        """A bar from the start of a row."""
        left = self.across(share) if self.mirrored else 0.0
        return box(left, row * ROW + (ROW - THICK) / 2, share, THICK, class_=class_)

    def label(self, row: int, text: str) -> Markup:
        """What a row is, before it."""
        return self._text(0.0, row, text, "end", -8, "row-name")

    def after(self, share: float, row: int, text: str) -> Markup:
        """A number after the end of a bar."""
        return self._text(share, row, text, "start", 6, "row-number")

    def _text(
        self, share: float, row: int, text: str, anchor: str, away: float, class_: str
    ) -> Markup:
        if self.mirrored:
            anchor = {"start": "end", "end": "start"}[anchor]
            away = -away
        y = row * ROW + ROW / 2
        return words(self.speech.language, text, percent(self.across(share)), y,
                     anchor=anchor, class_=class_, dx=away)  # fmt: skip

    def framed(self, name: str, title: str, described: str, rows: int, *drawn: object) -> Markup:
        """The frame, the margin on the side where rows begin."""
        start, end = (0.4, self.room) if self.mirrored else (self.room, 0.4)
        text = self.speech.language.text(described)
        return framed(name, title, text, rows * ROW, *drawn, start=start, end=end)


def ranked(chart: Chart, speech: Speech, name: str, title: str) -> Markup:
    """A bar from zero for each group, its number after it, and the target across."""
    points = chart.series[0].known
    values = [float(p.number.value or 0) for p in points]
    beside = [chart.target] if chart.target is not None else []
    most = max((abs(v) for v in (*values, *beside)), default=0.0) or 1.0
    lay = _lay(points, speech)
    drawn: list[Markup] = []
    for row, (point, value) in enumerate(zip(points, values, strict=True)):
        share = ROOM * abs(value) / most
        drawn += [
            lay.label(row, speech.short(point.at)),
            lay.bar(row, share, "bar below" if value < 0 else "bar"),
            lay.after(share, row, speech.number(point.number)),
        ]
    if chart.target is not None:
        x = percent(lay.across(ROOM * abs(chart.target) / most))
        drawn.append(line(x, 0, x, ROW * len(points), "aim"))
    return lay.framed(name, title, "chart.ranked", len(points), drawn)


def distribution(chart: Chart, speech: Speech, name: str, title: str) -> Markup:
    """A bar for each band of values, with its number and share."""
    points = chart.series[0].points
    most = max((float(p.number.value or 0) for p in points), default=0.0) or 1.0
    lay = _lay(points, speech)
    drawn: list[Markup] = []
    for row, point in enumerate(points):
        share = (ROOM - 0.1) * float(point.number.value or 0) / most
        text = speech.number(point.number)
        if point.beside is not None:
            text = speech.language.text(
                "chart.with_share", n=text, share=speech.number(point.beside))  # fmt: skip
        drawn += [
            lay.label(row, speech.short(point.at)), lay.bar(row, share, "bar"),
            lay.after(share, row, text),
        ]  # fmt: skip
    return lay.framed(name, title, "chart.distribution", len(points), drawn)


def pareto(chart: Chart, speech: Speech, name: str, title: str) -> Markup:
    """Bars of the whole's width, and the share reached so far as a line across them."""
    points = chart.series[0].points
    whole = sum(float(p.number.value or 0) for p in points) or 1.0
    names = [
        speech.language.text(
            "chart.with_share", n=speech.short(p.at), share=speech.number(p.number))
        for p in points
    ]  # fmt: skip
    lay = Lay(speech, names)
    foot = ROW * len(points)
    vital = percent(lay.across(VITAL))
    drawn: list[Markup] = [
        line(vital, 0, vital, foot, "aim"),
        words(speech.language, round_text(speech.language, VITAL, "share"), vital, foot + 9,
              class_="tick"),
    ]  # fmt: skip
    for row, (point, name_of) in enumerate(zip(points, names, strict=True)):
        share = float(point.number.value or 0) / whole
        drawn += [lay.label(row, name_of), lay.bar(row, share, "bar")]
    ends = [
        (percent(lay.across(_reached(p))), row * ROW + ROW / 2, p) for row, p in enumerate(points)
    ]
    drawn += [line(ax, ay, bx, by, "curve second") for (ax, ay, _), (bx, by, _) in pairwise(ends)]
    drawn += [dot(lay.across(_reached(p)), y, "dot second") for _, y, p in ends]
    return tag("div", lay.framed(name, title, "chart.pareto", len(points), drawn), class_="pareto")


def _reached(point: Point) -> float:
    return float(point.beside.value or 0) if point.beside is not None else 0.0


def _lay(points: Sequence[Point], speech: Speech) -> Lay:
    return Lay(speech, [speech.short(p.at) for p in points])
