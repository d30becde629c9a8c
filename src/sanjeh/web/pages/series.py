"""A figure over time as a drawing: bars for counts, a line for everything else."""

from __future__ import annotations

from collections.abc import Sequence

from sanjeh.metrics.registry import Address, Growth, Slope, find
from sanjeh.report import trend
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, tag

DAY = 86_400_000_000
LONGEST = {"hour": 3, "day": 62, "week": 400}  # days up to which a grain is drawn
# How many days of history are drawn beside the period.
BEFORE = {
    "hour": 0, "day": 28, "week": 26 * 7, "month": 366, "quarter": 2 * 366, "year": 4 * 366,
}  # fmt: skip
Condition = tuple[str, str, tuple[str, ...]]


def grain_of(enquiry: Enquiry) -> str:
    """The grain that suits the length of a period."""
    days = (enquiry.scope.period.end - enquiry.scope.period.start) / DAY
    return next((g for g, limit in LONGEST.items() if days <= limit and g != "hour"), "month")


def since(enquiry: Enquiry, grain: str) -> int:
    """The instant from which on a figure is drawn: the period, and some history before it."""
    clock, span = enquiry.scope.clock, enquiry.scope.period
    first = clock.local(min(span.start, span.end - BEFORE[grain] * DAY)).date()
    oldest = min(int(row["oldest_at"]) for row in enquiry.answers.freshness)
    first = max(first, clock.local(oldest).date())
    return clock.instant(first if grain == "hour" else clock.floor(first, grain))


def drawn_of(address: Address) -> Address | None:
    """What is drawn for a figure: of one that tells of a whole series, the series itself."""
    if address.statistic in ("distribution", "answered_by"):
        return None
    match address.metric.outline():
        case Growth(level):
            return find(level)
        case Slope(of):
            return find(of)
        case _:
            return address


def series(
    enquiry: Enquiry, language: Language, address: str, grain: str, *,
    where: Sequence[Condition] = (),
) -> Markup:  # fmt: skip
    """The figure of each bucket up to the period's end, with what happened outside support."""
    start = since(enquiry, grain)
    found = enquiry.ask(address, grain=grain, start=start, where=where)
    return tag("figure", trend.drawing(enquiry, language, found, address, grain, start))
