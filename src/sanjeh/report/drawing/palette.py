"""Colours that colour-blind people can tell apart, and a pattern to each: never colour alone.

The colours are Okabe and Ito's, as `--c1` to `--c7` in charts.css.
"""

from __future__ import annotations

from sanjeh.report.drawing.frame import box
from sanjeh.report.markup import Markup, tag

# How each series is hatched, in a square of 8 by 8; the first is plain.
HATCHES: tuple[str | None, ...] = (
    None, "M-2 2L2 -2M0 8L8 0M6 10L10 6", "M0 4H8", "M-2 6L2 10M0 0L8 8M6 -2L10 2", "M4 0V8",
    "M0 4H8M4 0V8", "M2 2h2v2h-2zM6 6h2v2h-2z",
)  # fmt: skip


def patterns(name: str, count: int) -> Markup:
    """The hatches of a drawing, named after it so that a page may have several."""
    made = [
        tag("pattern", tag("path", d=hatch, class_="hatch"), id=f"{name}-h{n}", width=8, height=8,
            patternUnits="userSpaceOnUse")
        for n, hatch in enumerate(HATCHES[:count])
        if hatch
    ]  # fmt: skip
    return tag("defs", made)


def filled(
    name: str, number: int, x: float, y: float, width: float, height: float, *, is_cut: bool = False
) -> list[Markup]:
    """A box in the colour and pattern of a series."""
    series = number % len(HATCHES)
    drawn = [box(x, y, width, height, class_=f"s{series + 1} cut" if is_cut else f"s{series + 1}")]
    if HATCHES[series]:
        drawn.append(box(x, y, width, height, fill=f"url(#{name}-h{series})"))
    return drawn


def swatch(name: str, number: int) -> Markup:
    """The colour and pattern of a series beside its name."""
    drawn = filled(name, number, 0, 0, 1, 14)
    return tag("svg", drawn, width=14, height=14, class_="swatch", aria_hidden="true")
