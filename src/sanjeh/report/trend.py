"""One trend: the volume week by week (or month by month), and what happened outside support."""

from __future__ import annotations

from sanjeh.answers.periods import MICROSECOND
from sanjeh.charts.bars import bars
from sanjeh.charts.line import line
from sanjeh.charts.spec import Around, Chart
from sanjeh.report.drawing import Speech, behind, draw, over_time, picture
from sanjeh.report.enquiry import Asked, Enquiry
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, tag
from sanjeh.report.opening import volume_of

DAY = 86_400 * MICROSECOND
WEEKS = 26  # a short report shows this much history before the end of its period
LONG = 400  # days from which on months are drawn
GROWTH = "customers"  # what volume is to be read beside (Z5)
STRIPS = ("missed_chat_rate", "satisfied_share", "reopen_rate")


def trend(enquiry: Enquiry, language: Language) -> Markup | None:
    """The drawing, the events beneath it, and the same as a table."""
    clock, span = enquiry.scope.clock, enquiry.scope.period
    days = (span.end - span.start) / DAY
    grain = "month" if days > LONG else "week"
    first = clock.local(min(span.start, span.end - WEEKS * 7 * DAY)).date()
    oldest = min(int(row["oldest_at"]) for row in enquiry.answers.freshness)
    first = max(first, clock.local(oldest).date())
    start = clock.instant(clock.floor(first, grain))
    volume = volume_of(enquiry)
    if enquiry.unfit(volume):
        return None
    asked = enquiry.ask(volume, grain=grain, start=start)
    speech = speech_of(enquiry, language)
    around = Around(since=span.start, events=tuple(enquiry.context(start, span.end)))
    chart = bars(asked.answer, volume, around)
    title = language.text(f"trend.{grain}", name=language.title(volume))
    strips, drawn = [], [(asked, chart)]
    beneath = [m for m in STRIPS if enquiry.has(m)][:2]
    for metric in [*beneath, *(m for m in (GROWTH,) if enquiry.has(m))]:
        beside = enquiry.ask(metric, grain=grain, start=start)
        small = line(beside.answer, metric, Around(since=span.start))
        if not small.is_empty:
            name = language.title(metric)
            strips.append(tag("p", name, class_="strip-title"))
            strips.append(over_time.strip(small, speech, f"trend-{metric}", name))
            drawn.append((beside, small))
    none = tag("p", language.text("trend.no_events"), class_="note")
    return tag(
        "section",
        tag("h2", language.text("trend.title"), id="trend"),
        tag(
            "figure",
            tag("figcaption", title, " ", tag("small", language.text("trend.legend"))),
            picture(chart, speech, name="trend-volume"), strips,
            class_="chart",
        ),
        none if not around.events else None,
        behind.hidden(drawn, speech),
        class_="whole",
    )  # fmt: skip


def speech_of(enquiry: Enquiry, language: Language) -> Speech:
    """The words of a chart in the enquiry's zone and calendar, channels by their own names."""
    return Speech(
        language, enquiry.scope.clock, named=lambda group: enquiry.called(language, group)
    )


def drawing(
    enquiry: Enquiry, language: Language, asked: Asked, address: str, grain: str, start: int
) -> Markup:
    """Any figure over time: bars for a count, a line for the rest; events, and a table beneath."""
    return draw(
        over(enquiry, asked, address, start), asked, speech_of(enquiry, language), name="series"
    )


def over(enquiry: Enquiry, asked: Asked, address: str, start: int) -> Chart:
    """The chart that suits a figure over time."""
    span = enquiry.scope.period
    around = Around(since=span.start, events=tuple(enquiry.context(start, span.end)))
    known = [r.value for r in asked.results(address) if r.value is not None]
    are_counts = all(isinstance(v, int) and v >= 0 for v in known)
    return (bars if are_counts else line)(asked.answer, address, around)
