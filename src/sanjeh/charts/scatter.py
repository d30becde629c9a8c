"""Scatter: two figures of the same groups, one against the other."""

from __future__ import annotations

from sanjeh.answers.question import Answer
from sanjeh.charts.forms import form
from sanjeh.charts.ranked import grouped
from sanjeh.charts.spec import Around, Chart, Point, Series, group_of, number_of

MOST = 40


@form("groups", lambda offer: offer.is_one_number and bool(offer.dimensions))
def scatter(answer: Answer, metric: str, around: Around = Around()) -> Chart:
    """The figure of each group against another figure of it, or against its number of rows."""
    results = grouped(answer, metric)
    others = {}
    if around.other is not None:
        others = {group_of(r): number_of(r) for r in grouped(answer, around.other)}
    points = []
    for result in results:
        place = group_of(result)
        across = number_of(result, "n") if around.other is None else others.get(place)
        if result.value is not None and across is not None and across.value is not None:
            points.append(Point(place, number_of(result), across))
    name = results[0].definition_id if results else metric
    return Chart(
        "scatter", name, results[0].unit if results else "count",
        (Series(name, tuple(points[:MOST])),), other=around.other,
        target=next((r.target for r in results if r.target is not None), None),
    )  # fmt: skip
