"""Pareto: the groups of a count, largest first, with the share of the whole they make so far."""

from __future__ import annotations

from sanjeh.answers.question import Answer
from sanjeh.charts.forms import form
from sanjeh.charts.ranked import grouped
from sanjeh.charts.spec import (
    Around,
    Chart,
    Number,
    Place,
    Point,
    Rest,
    Series,
    group_of,
    number_of,
)


@form("groups", lambda offer: offer.adds_up and bool(offer.dimensions))
def pareto(answer: Answer, metric: str, around: Around = Around()) -> Chart:
    """The largest groups, the rest as one, each with the share reached (1 at the last)."""
    results = [r for r in grouped(answer, metric) if r.value]
    results.sort(key=lambda r: -float(r.value or 0))
    drawn: list[tuple[Place, Number]] = [
        (group_of(r), number_of(r)) for r in results[: around.most]
    ]
    rest = results[around.most :]
    if rest:
        drawn.append((Rest(len(rest)), Number(sum(r.value or 0 for r in rest), "count")))
    whole = sum(float(r.value or 0) for r in results)
    points, so_far = [], 0.0
    for place, number in drawn:
        so_far += float(number.value or 0)
        points.append(Point(place, number, Number(so_far / whole, "share")))
    name = results[0].definition_id if results else metric
    return Chart("pareto", name, "count", (Series(name, tuple(points)),))
