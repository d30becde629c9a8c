"""The table behind a chart: every number of it, for those who do not see drawings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sanjeh.answers.dimensions import WEEKDAY_NAMES
from sanjeh.charts.spec import Bucket, Chart, Number, Slot
from sanjeh.report.drawing.speech import Speech
from sanjeh.report.enquiry import Asked
from sanjeh.report.figures import shown
from sanjeh.report.markup import Markup, tag

BESIDE = {"pareto": "chart.so_far", "distribution": "share", "scatter": "chart.rows"}


def said(number: Number | None, asked: Asked, speech: Speech) -> Any:
    """A number with where it comes from, where it is a field of an answer."""
    if number is None:
        return "—"
    if number.result is not None and number.path:
        text = None
        if number.path == "statistics.mean_per_slot":
            text = speech.language.number(number.value, 1)
        return shown(asked, number.result, speech.language, number.path, text)
    return tag("span", speech.number(number))


def table(drawn: Sequence[tuple[Asked, Chart]], speech: Speech) -> Markup:
    """A row a place; a column for each series of each chart that is drawn together."""
    asked, chart = drawn[0]
    if chart.form == "heat":
        return _week(asked, chart, speech)
    language = speech.language
    heads: list[Any] = [speech.dimension_of(chart)]
    columns: list[tuple[Asked, dict[Any, Any]]] = []
    for of, its in drawn:
        for series in its.series:
            many = len(its.series) > 1
            heads.append(speech.place(series.of) if many else language.title(series.metric))
            columns.append((of, {p.at: p.number for p in series.points}))
        if any(p.beside is not None for s in its.series for p in s.points) and len(drawn) == 1:
            key = BESIDE.get(its.form)
            name: Any = language.text(key) if key else language.text("chart.rows")
            heads.append(language.title(its.other) if its.other else name)
            columns.append((of, {p.at: p.beside for p in its.series[0].points}))
    places = [p.at for p in chart.series[0].points] if chart.series else []
    cut = any(isinstance(at, Bucket) and at.is_partial for at in places)
    rows = []
    for place in places:
        partial = isinstance(place, Bucket) and place.is_partial
        note = tag("td", language.text("trend.cut") if partial else None) if cut else None
        name = tag("bdi", speech.place(place))
        cells = [tag("td", said(its.get(place), of, speech)) for of, its in columns]
        rows.append(tag("tr", tag("th", name, scope="row"), cells, note))
    top = tag("tr", (tag("th", h, scope="col") if h else tag("td") for h in heads),
              tag("td") if cut else None)  # fmt: skip
    return _scrolling(tag("table", tag("thead", top), tag("tbody", rows)))


def _week(asked: Asked, chart: Chart, speech: Speech) -> Markup:
    """Weekdays across, hours down: readable on a phone, and by ear a day at a time."""
    language = speech.language
    numbers = {p.at: p.number for p in chart.series[0].known}
    days = [language.text(f"weekdays.{WEEKDAY_NAMES[d - 1]}") for d in chart.days]
    rows = []
    for hour in range(24):
        found = [numbers.get(Slot(day, hour)) for day in chart.days]
        cells = [tag("td", said(n, asked, speech) if n else language.number(0)) for n in found]
        name = language.digits(f"{hour:02d}:00")
        rows.append(tag("tr", tag("th", name, scope="row"), cells))
    heads = tag("tr", tag("td"), (tag("th", day, scope="col") for day in days))
    return _scrolling(tag("table", tag("thead", heads), tag("tbody", rows)))


def _scrolling(made: Markup) -> Markup:
    return tag("div", made, class_="scroll", tabindex="0")


def hidden(drawn: Sequence[tuple[Asked, Chart]], speech: Speech) -> Markup:
    """The table, folded."""
    return tag("details", tag("summary", speech.language.text("as_table")), table(drawn, speech))
