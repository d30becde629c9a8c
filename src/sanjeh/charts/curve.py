"""Curve: the share answered by each time, among all who asked (7.5)."""

from __future__ import annotations

from sanjeh.answers.question import Answer
from sanjeh.charts.forms import form
from sanjeh.charts.spec import Around, Chart, Number, Point, Series, UpTo


@form("whole", lambda offer: "answered_by" in offer.statistics, statistic="answered_by")
def curve(answer: Answer, metric: str, around: Around = Around()) -> Chart:
    """A step at each time that is read; beyond what has been waited for, it is unknown."""
    result = next(r for r in answer.results if r.metric == metric)
    read = result.statistics.get("answered_by") or ()
    points = tuple(
        Point(UpTo(None, p["seconds"], "seconds"), Number(p["share"], "share")) for p in read
    )
    half = result.statistics.get("half_answered")
    return Chart(
        "curve", result.definition_id, "share", (Series(result.definition_id, points),),
        half=None if half is None else Number(half, "seconds"), why_empty=result.why_null,
    )  # fmt: skip
