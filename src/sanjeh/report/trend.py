"""One trend: the volume week by week (or month by month), and what happened outside support."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sanjeh.answers.periods import MICROSECOND, micros
from sanjeh.answers.question import Result
from sanjeh.report.enquiry import Asked, ContextEvent, Enquiry
from sanjeh.report.figures import shown
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.report.opening import volume_of

DAY = 86_400 * MICROSECOND
WEEKS = 26  # a short report shows this much history before the end of its period
LONG = 400  # days from which on months are drawn
STRIPS = ("missed_chat_rate", "satisfied_share", "reopen_rate")
MARK_WIDTH = 4.0  # percent of the drawing on a phone
HEIGHTS = (("main", 220.0), ("strip", 70.0))


@dataclass(frozen=True)
class Column:
    """One bucket of the drawing: its place from left (0 to 1), and whether it is in the period."""

    result: Result
    left: float
    width: float
    inside: bool


def trend(enquiry: Enquiry, language: Language) -> Markup:
    """The drawing, the events beneath it, and the same as a table."""
    clock, span = enquiry.scope.clock, enquiry.scope.period
    days = (span.end - span.start) / DAY
    grain = "month" if days > LONG else "week"
    first = clock.local(min(span.start, span.end - WEEKS * 7 * DAY)).date()
    oldest = min(int(row["oldest_at"]) for row in enquiry.answers.freshness)
    first = max(first, clock.local(oldest).date())
    start = clock.instant(clock.floor(first, grain))
    volume = volume_of(enquiry)
    asked = enquiry.ask(volume, grain=grain, start=start)
    columns = _columns(asked.results(volume), start, span.start, span.end)
    events = enquiry.context(start, span.end)
    title = language.text(f"trend.{grain}", name=language.title(volume))
    strips, beneath = [], []
    for metric in [m for m in STRIPS if enquiry.has(m)][:2]:
        beside = enquiry.ask(metric, grain=grain, start=start)
        results = beside.results(metric)
        if any(r.value is not None for r in results):
            drawn = _columns(results, start, span.start, span.end)
            strips.append(_line(beside, drawn, language, language.title(metric), start, span.end))
            beneath.append((beside, drawn))
    return tag(
        "section",
        tag("h2", language.text("trend.title"), id="trend"),
        tag(
            "figure",
            tag("figcaption", title, " ", tag("small", language.text("trend.legend"))),
            _bars(asked, columns, events, language, title, start, span.end),
            strips,
            _axis(columns, enquiry, language, grain),
        ),
        _happened(events, enquiry, language),
        _table(asked, columns, language, enquiry, beneath),
        class_="whole",
    )  # fmt: skip


def drawing(
    enquiry: Enquiry, language: Language, asked: Asked, address: str, grain: str, start: int
) -> Markup:
    """Any figure over time: bars for a count, a line for the rest; events, and a table beneath."""
    end = enquiry.scope.period.end
    results = asked.results(address)
    columns = _columns(results, start, enquiry.scope.period.start, end)
    known = [r.value for r in results if r.value is not None]
    if not columns or not known:
        return tag("p", language.told("no rows to count"), class_="note")
    title = language.title(results[0].definition_id)
    events = enquiry.context(start, end)
    if all(isinstance(v, int) and v >= 0 for v in known):
        drawn = _bars(asked, columns, events, language, title, start, end)
    else:
        drawn = _line(asked, columns, language, None, start, end)
    return render(
        drawn, _axis(columns, enquiry, language, grain),
        _happened(events, enquiry, language) if events else None,
        _table(asked, columns, language, enquiry),
    )  # fmt: skip


def _columns(
    results: Sequence[Result], start: int, period_from: int, period_until: int
) -> list[Column]:
    columns = []
    for result in results:
        assert result.bucket is not None
        a, b = (micros(dt.datetime.fromisoformat(result.bucket[end])) for end in ("from", "to"))
        whole = period_until - start
        overlap = min(b, period_until) - max(a, period_from)
        columns.append(Column(result, (a - start) / whole, (b - a) / whole, overlap * 2 >= b - a))
    return columns


def ceiling(most: float) -> tuple[float, int]:
    """A round number at or above the largest value, and in how many round steps to reach it."""
    size = 10.0 ** max(math.floor(math.log10(most)) - 1, 0) if most > 0 else 1.0
    for step in (1, 2, 2.5, 5, 10, 20, 25, 50):
        count = math.ceil(most / (step * size))
        if count <= 5 and (step * size).is_integer():
            return max(count, 1) * step * size, max(count, 1)
    return most, 1


def _bars(
    asked: Asked, columns: list[Column], events: list[ContextEvent], language: Language,
    title: str, start: int, end: int,
) -> Markup:  # fmt: skip
    top, steps = ceiling(max((float(c.result.value or 0) for c in columns), default=0))
    height = dict(HEIGHTS)["main"]
    drawn: list[Markup] = [
        tag("line", x1=0, x2=1000, y1=y, y2=y, class_="rule")
        for y in (height * n / steps for n in range(steps + 1))
    ]
    for event in events:
        left, right = _place(event.began, start, end), _place(event.ended, start, end)
        drawn.append(
            tag("rect", x=_n(left), y=0, width=_n(max(right - left, 2)), height=height,
                class_="happened")
        )  # fmt: skip
    for column in columns:
        tall = height * float(column.result.value or 0) / top
        kind = "bar inside" if column.inside else "bar"
        partial = column.result.bucket and column.result.bucket["is_partial"]
        gap = min(column.width * 1000 * 0.14, 6)
        drawn.append(
            tag("rect", x=_n(column.left * 1000 + gap / 2), y=_n(height - tall),
                width=_n(column.width * 1000 - gap), height=_n(tall),
                class_=f"{kind} partial" if partial else kind)
        )  # fmt: skip
    svg = _svg("trend-volume", drawn, height, title, language.text("trend.described"))
    ticks = [
        tag(
            "span",
            language.number(top * n / steps),
            style=f"bottom:{100 * n / steps:.2f}%",
            class_="tick",
        )
        for n in range(steps + 1)
    ]
    marks = [
        tag("span", language.digits(str(n)), class_="mark",
            style=f"left:{left:.2f}%;top:{-1.35 * (row + 1):.2f}rem")
        for n, (left, row) in enumerate(_rows(events, start, end), start=1)
    ]  # fmt: skip
    return tag("div", svg, ticks, marks, class_="plot main", dir="ltr")


def _rows(events: list[ContextEvent], start: int, end: int) -> list[tuple[float, int]]:
    """The place of each mark in percent, and a row of its own where marks would touch."""
    taken: dict[int, float] = {}
    placed = []
    for event in events:
        left = _place(event.began, start, end) / 10
        row = next(n for n in range(len(events)) if left - taken.get(n, -100.0) >= MARK_WIDTH)
        taken[row] = left
        placed.append((left, row))
    return placed


def _line(
    asked: Asked, columns: list[Column], language: Language, title: str | None, start: int, end: int
) -> Markup:
    values = [(c, float(c.result.value)) for c in columns if c.result.value is not None]
    low, high = min(v for _, v in values), max(v for _, v in values)
    room = (high - low) or 1.0
    height = dict(HEIGHTS)["strip"]

    def at(column: Column, value: float) -> str:
        x = (column.left + column.width / 2) * 1000
        return f"{_n(x)},{_n(height - 8 - (height - 16) * (value - low) / room)}"

    path = "M" + " L".join(at(c, v) for c, v in values)
    unit, name = columns[0].result.unit, f"trend-{columns[0].result.definition_id}"
    drawn = [tag("path", d=path, class_="curve")]
    spoken = title or language.title(columns[0].result.definition_id)
    svg = _svg(name, drawn, height, spoken, language.text("trend.strip"))
    ends = [
        tag("span", language.value(value, unit), class_="tick", style=f"bottom:{place}%")
        for value, place in ((low, 4), (high, 78))
    ]
    return render(
        tag("p", title, class_="strip-title") if title else None,
        tag("div", svg, ends, class_="plot strip", dir="ltr"),
    )


def _svg(name: str, drawn: Sequence[Markup], height: float, title: str, description: str) -> Markup:
    """A drawing stretched to its frame; what must stay readable stands beside it as text."""
    return tag(
        "svg", tag("title", title, id=f"{name}-t"), tag("desc", description, id=f"{name}-d"), drawn,
        viewBox=f"0 0 1000 {_n(height)}", preserveAspectRatio="none", role="img",
        aria_labelledby=f"{name}-t {name}-d",
    )  # fmt: skip


def _place(instant: int, start: int, end: int) -> float:
    return min(max((instant - start) / (end - start), 0.0), 1.0) * 1000


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _axis(columns: list[Column], enquiry: Enquiry, language: Language, grain: str) -> Markup:
    """Dates beneath: as many as fit, fewer on a phone."""
    step = max(1, -(-len(columns) // 7))
    labels = []
    for n, column in enumerate(columns[::step]):
        labels.append(
            tag("span", _date(column.result, enquiry, language, grain), class_="sparse" if n % 2
                else None, style=f"left:{column.left * 100:.2f}%")
        )  # fmt: skip
    return tag("div", labels, class_="axis", dir="ltr", aria_hidden="true")


def _date(result: Result, enquiry: Enquiry, language: Language, grain: str) -> Markup:
    clock = enquiry.scope.clock
    assert result.bucket is not None
    day = clock.local(micros(dt.datetime.fromisoformat(result.bucket["from"]))).date()
    long = grain == "month"
    return tag(
        "bdi", language.date(day, clock.calendar) if long
        else language.date(day, clock.calendar, year=False),
    )  # fmt: skip


def _happened(events: list[ContextEvent], enquiry: Enquiry, language: Language) -> Markup | None:
    if not events:
        return tag("p", language.text("trend.no_events"), class_="note")
    clock = enquiry.scope.clock
    rows: list[Any] = []
    for number, event in enumerate(events, start=1):
        inside = event.began < enquiry.scope.period.end and (
            event.ended >= enquiry.scope.period.start
        )
        first, last = (clock.local(at).date() for at in (event.began, event.ended))
        when = language.date(first, clock.calendar, year=False)
        if last > first:
            when = language.text(
                "trend.until", first=when, last=language.date(last, clock.calendar, year=False)
            )
        kind = language.text(f"events.{event.kind}") if event.kind else None
        rows.append(
            tag(
                "li", tag("span", language.digits(str(number)), class_="mark still"), " ",
                tag("strong", kind), kind and event.title and ": ", tag("bdi", event.title),
                tag("small", " ", when), class_="now" if inside else None,
            )
        )  # fmt: skip
    return tag("ol", rows, class_="events")


def _table(
    asked: Asked, columns: list[Column], language: Language, enquiry: Enquiry,
    beneath: Sequence[tuple[Asked, list[Column]]] = (),
) -> Markup:  # fmt: skip
    """The drawing in numbers: a row a bucket, a column for what is drawn and what is beneath it."""
    drawn = ((asked, columns), *beneath)
    rows = []
    for n, column in enumerate(columns):
        cut = column.result.bucket and column.result.bucket["is_partial"]
        rows.append(
            tag(
                "tr", tag("th", _date(column.result, enquiry, language, "month"), scope="row"),
                (tag("td", shown(of, its[n].result, language)) for of, its in drawn),
                tag("td", language.text("trend.cut") if cut else None),
            )
        )  # fmt: skip
    titles = [language.title(of.answer.results[0].definition_id) for of, _ in drawn]
    heads = [tag("th", h, scope="col") for h in (language.text("trend.from"), *titles)]
    return tag(
        "details", tag("summary", language.text("as_table")),
        tag("div", tag(
            "table", tag("thead", tag("tr", heads, tag("td"))), tag("tbody", rows),
        ), class_="scroll"),
    )  # fmt: skip
