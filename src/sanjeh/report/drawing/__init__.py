"""Charts drawn: from a description (`sanjeh.charts`) to SVG with its legend and table.

The only place that draws. The page, the report, the picture and the PDF all have these drawings;
style/charts.css gives them colour. To add a geometry: a function of (chart, speech, name, title)
and its form's name in DRAWINGS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sanjeh.charts.spec import Bucket, Chart, ContextEvent, Group, Rest
from sanjeh.report.drawing import behind, over_time, palette, plane, rows, week
from sanjeh.report.drawing.speech import Speech
from sanjeh.report.enquiry import Asked
from sanjeh.report.markup import Markup, render, tag

Draw = Callable[[Chart, Speech, str, str], Markup]
DRAWINGS: Mapping[str, Draw] = {
    "figure": plane.figure, "line": over_time.lines, "bars": over_time.bars,
    "stacked": over_time.stacked, "ranked": rows.ranked, "pareto": rows.pareto,
    "distribution": rows.distribution, "scatter": plane.scatter, "curve": plane.curve,
    "heat": week.heat,
}  # fmt: skip


def draw(chart: Chart, asked: Asked, speech: Speech, *, name: str = "chart") -> Markup:
    """The chart with its legend, its events and its table; why there is none where it is empty.

    name: tells this drawing from others of the page, in the ids within it.
    """
    if chart.is_empty:
        why = speech.language.told(chart.why_empty or "no rows to count")
        return tag("p", why, class_="note")
    if chart.form not in DRAWINGS:
        return tag("div", behind.table([(asked, chart)], speech), class_="chart")
    return tag(
        "div", picture(chart, speech, name=name), behind.hidden([(asked, chart)], speech),
        class_="chart",
    )  # fmt: skip


def picture(chart: Chart, speech: Speech, *, name: str = "chart") -> Markup:
    """The drawing and its legend alone."""
    title = speech.language.title(chart.metric)
    return render(
        DRAWINGS[chart.form](chart, speech, name, title), legend(chart, speech, name),
        happened(chart.events, period(chart), speech) if chart.events else None,
    )  # fmt: skip


def legend(chart: Chart, speech: Speech, name: str) -> Markup | None:
    """What each colour and pattern, or each number, stands for."""
    if len(chart.series) > 1:
        items: list[Any] = [
            tag("li", palette.swatch(name, n), " ", tag("bdi", speech.place(s.of)))
            for n, s in enumerate(chart.series)
        ]
        return tag("ul", items, class_="keys")
    if chart.form == "scatter":
        language = speech.language
        items = [
            tag("li", tag("span", language.digits(str(n)), class_="mark still"), " ",
                tag("bdi", speech.place(p.at)))
            for n, p in enumerate(chart.series[0].known, start=1)
            if isinstance(p.at, Group | Rest)
        ]  # fmt: skip
        across = language.title(chart.other) if chart.other else language.text("chart.rows")
        axes = tag("p", language.text("chart.axes", up=language.title(chart.metric),
                                      across=across), class_="note")  # fmt: skip
        return render(axes, tag("ul", items, class_="keys"))
    return None


def period(chart: Chart) -> tuple[int, int]:
    """The part of a time axis that is no history."""
    asked = [p.at for p in chart.series[0].points if not p.is_history]
    starts = [at.start for at in asked if isinstance(at, Bucket)]
    return (min(starts, default=chart.span[0]), chart.span[1])


def happened(
    events: tuple[ContextEvent, ...], span: tuple[int, int], speech: Speech
) -> Markup:  # fmt: skip
    """What happened outside support, numbered as in the drawing; that of the period stands out."""
    language, clock = speech.language, speech.clock
    items = []
    for number, event in enumerate(events, start=1):
        first, last = (clock.local(at).date() for at in (event.began, event.ended))
        when: Any = language.date(first, clock.calendar, year=False)
        if last > first:
            when = language.text(
                "trend.until", first=when, last=language.date(last, clock.calendar, year=False)
            )
        kind = language.text(f"events.{event.kind}") if event.kind else None
        inside = event.began < span[1] and event.ended >= span[0]
        items.append(
            tag(
                "li", tag("span", language.digits(str(number)), class_="mark still"), " ",
                tag("strong", kind), kind and event.title and ": ", tag("bdi", event.title),
                tag("small", " ", when), class_="now" if inside else None,
            )
        )  # fmt: skip
    return tag("ol", items, class_="events")


__all__ = ["Speech", "draw", "happened", "legend", "picture"]
