"""What every drawing stands in: scales, ticks, text, marks, and the SVG around them.

A drawing takes the width it is given: across, everything is in percent, so that text keeps its
size on a phone, in print and in a picture; upwards it is in pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, tag
from sanjeh.words import percent as as_percent

LETTER = 0.56  # em: the width of a letter, generously
SECONDS = (
    1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 3 * 3600, 6 * 3600, 43_200,
    86_400, 2 * 86_400, 5 * 86_400, 10 * 86_400, 20 * 86_400, 50 * 86_400, 100 * 86_400,
)  # fmt: skip
MOST_STEPS = 5


@dataclass(frozen=True)
class Scale:
    """From values to pixels from the top, between two round numbers."""

    low: float
    high: float
    steps: int
    height: float

    def at(self, value: float) -> float:
        """Pixels from the top; what lies outside stands on the edge."""
        share = (value - self.low) / (self.high - self.low)
        return self.height * (1 - min(max(share, 0.0), 1.0))

    @property
    def ticks(self) -> list[float]:
        """The round numbers."""
        size = (self.high - self.low) / self.steps
        return [self.low + size * n for n in range(self.steps + 1)]


def ceiling(most: float) -> tuple[float, int]:
    """A round number at or above the largest value, and in how many round steps to reach it."""
    size = 10.0 ** max(math.floor(math.log10(most)) - 1, 0) if most > 0 else 1.0
    for step in (1, 2, 2.5, 5, 10, 20, 25, 50):
        count = math.ceil(most / (step * size))
        if count <= MOST_STEPS and (step * size).is_integer():
            return max(count, 1) * step * size, max(count, 1)
    return most, 1


def scale(values: Sequence[float], unit: str, height: float, *, zero: bool = True) -> Scale:
    """A scale that holds the values, ends at round numbers of the unit, and may leave out zero."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high == 0:
        return Scale(0.0, 1.0, 1, height)
    if (
        zero
        and low == 0
        and unit not in ("seconds", "share")
        and all(float(v).is_integer() for v in values)
    ):
        top, steps = ceiling(high)
        return Scale(0.0, top, steps, height)
    step = _step(high - low or abs(high), unit)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    if unit == "share" and low >= 0:
        last = max(min(last, round(1 / step)), first + 1)
    return Scale(first * step, last * step, last - first, height)


def _step(reach: float, unit: str) -> float:
    """A round step of which about four make the reach."""
    wanted = reach / 4
    if unit == "seconds":
        return float(next((s for s in SECONDS if s >= wanted), 100 * 86_400 * math.ceil(
            wanted / (100 * 86_400))))  # fmt: skip
    size = 10.0 ** math.floor(math.log10(wanted))
    return next(s * size for s in (1, 2, 2.5, 5, 10) if s * size >= wanted * (1 - 1e-9))


def percent(share: float) -> str:
    """A place across: 0 is the left edge, 1 the right."""
    return f"{_n(share * 100)}%"


def _n(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def words(
    language: Language, text: str, x: str, y: float, *, anchor: str = "middle",
    class_: str | None = None, dx: float = 0,
) -> Markup:  # fmt: skip
    """Text at a place; right-to-left words keep their own direction inside a left-to-right plot."""
    backwards = language.direction == "rtl" and any(letter.isalpha() for letter in text)
    if backwards:
        anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
    return tag(
        "text", text, x=x, y=_n(y), dx=_n(dx) if dx else None, dy="0.35em", text_anchor=anchor,
        class_=class_, direction="rtl" if backwards else None,
    )  # fmt: skip


def line(x1: str, y1: float, x2: str, y2: float, class_: str) -> Markup:
    """A straight line."""
    return tag("line", x1=x1, y1=_n(y1), x2=x2, y2=_n(y2), class_=class_)


def box(x: float, y: float, width: float, height: float, **more: Any) -> Markup:
    """A rectangle: across in shares of the width, upwards in pixels."""
    return tag(
        "rect", x=percent(x), y=_n(y), width=percent(max(width, 0)), height=_n(max(height, 0)),
        **more,
    )  # fmt: skip


def dot(x: float, y: float, class_: str, radius: float = 3.5) -> Markup:
    """A point."""
    return tag("circle", cx=percent(x), cy=_n(y), r=_n(radius), class_=class_)


def grid(language: Language, found: Scale, unit: str) -> list[Markup]:
    """A rule and its number at each round number, to the left of the plot."""
    drawn = []
    for value in found.ticks:
        y = found.at(value)
        drawn.append(line("0", y, "100%", y, "rule zero" if value == 0 else "rule"))
        text = round_text(language, value, unit)
        drawn.append(words(language, text, "0", y, anchor="end", class_="tick", dx=-8))
    return drawn


def round_text(language: Language, value: float, unit: str) -> str:
    """A round number beside a rule, without the decimals it does not need."""
    if unit == "share" and round(value * 100, 6).is_integer():
        return as_percent(value, language.code, places=0)
    return language.value(int(value) if float(value).is_integer() else value, unit)


def aim(language: Language, found: Scale, target: float, unit: str) -> list[Markup]:
    """The target as a dashed line with its name."""
    y = found.at(target)
    text = language.text("chart.target", value=language.value(target, unit))
    return [
        line("0", y, "100%", y, "aim"),
        words(language, text, "100%", y - 9, anchor="end", class_="aim-name"),
    ]


def margin(labels: Sequence[str], least: float = 2.2) -> float:
    """How wide the margin must be for labels beside the plot, in em."""
    return max([least, *(len(text) * LETTER + 1.0 for text in labels)])


def framed(
    name: str, title: str, description: str, height: float, *drawn: Any, start: float = 0,
    end: float = 1.0, above: float = 0.6, beneath: float = 0.4, class_: str = "plot",
) -> Markup:  # fmt: skip
    """The SVG, with what it shows in words; margins in em, left and right as on paper."""
    svg = tag(
        "svg", tag("title", title, id=f"{name}-t"), tag("desc", description, id=f"{name}-d"),
        drawn, width="100%", height=_n(height), role="img", overflow="visible",
        aria_labelledby=f"{name}-t {name}-d",
    )  # fmt: skip
    style = (
        f"margin-left:{start:.2f}em;margin-right:{end:.2f}em;"
        f"padding-top:{above:.2f}em;padding-bottom:{beneath:.2f}em"
    )
    return tag("div", svg, class_=class_, dir="ltr", style=style)
