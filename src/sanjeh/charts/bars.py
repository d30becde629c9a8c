"""Bars: a figure over time, where the eye should compare sizes."""

from __future__ import annotations

from sanjeh.answers.question import Answer
from sanjeh.charts.forms import form
from sanjeh.charts.line import over_time
from sanjeh.charts.spec import Around, Chart

NO_BARS = ("points", "score", "correlation")


@form("time", lambda offer: offer.is_one_number and offer.unit not in NO_BARS)
def bars(answer: Answer, metric: str, around: Around = Around()) -> Chart:
    """A bar from zero for each bucket."""
    return over_time("bars", answer, metric, around)
