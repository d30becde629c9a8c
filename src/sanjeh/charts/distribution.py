"""Distribution: how many rows fall between each two limits."""

from __future__ import annotations

from sanjeh.answers.question import Answer
from sanjeh.charts.forms import form
from sanjeh.charts.spec import Around, Chart, Number, Point, Series, UpTo


@form("whole", lambda offer: "distribution" in offer.statistics, statistic="distribution")
def distribution(answer: Answer, metric: str, around: Around = Around()) -> Chart:
    """A bar for each band of values, its share of all rows beside it; empty ends are left out."""
    result = next(r for r in answer.results if r.metric == metric)
    bands = list(result.statistics.get("distribution") or ())
    limits = [None, *(band["up_to"] for band in bands)]
    points = [
        Point(UpTo(above, band["up_to"], result.unit), Number(band["n"], "count"),
              Number(band["share"], "share"))
        for above, band in zip(limits, bands, strict=False)
    ]  # fmt: skip
    filled = [n for n, p in enumerate(points) if p.number.value]
    kept = points[filled[0] : filled[-1] + 1] if filled else []
    return Chart(
        "distribution", result.definition_id, "count",
        (Series(result.definition_id, tuple(kept)),), why_empty=result.why_null,
    )  # fmt: skip
