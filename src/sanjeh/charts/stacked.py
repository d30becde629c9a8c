"""Stacked bars: a count over time, and which groups make it."""

from __future__ import annotations

from collections import defaultdict

from sanjeh.answers.question import Answer, Result
from sanjeh.charts.forms import form
from sanjeh.charts.spec import (
    Around,
    Bucket,
    Chart,
    Group,
    Number,
    Place,
    Point,
    Rest,
    Series,
    bucket_of,
    group_of,
    number_of,
)

MOST = 6  # as many as can be told apart by colour and pattern


@form("parts", lambda offer: offer.adds_up and bool(offer.dimensions))
def stacked(answer: Answer, metric: str, around: Around = Around()) -> Chart:
    """A series for each of the six largest groups, the rest as one; a missing bucket counts 0."""
    results = [r for r in answer.results if r.metric == metric and r.group and r.bucket]
    found: dict[Group, dict[Bucket, Result]] = defaultdict(dict)
    for result in results:
        found[group_of(result)][bucket_of(result)] = result
    sizes = {g: sum(float(r.value or 0) for r in its.values()) for g, its in found.items()}
    order = sorted((g for g in found if sizes[g]), key=lambda g: -sizes[g])
    places = sorted({b for its in found.values() for b in its}, key=lambda b: b.start)
    name = results[0].definition_id if results else metric

    def series(of: Place, groups: list[Group]) -> Series:
        points = []
        for place in places:
            here = [found[g][place] for g in groups if place in found[g]]
            alone = len(groups) == 1 and len(here) == 1
            total = sum(r.value or 0 for r in here)
            number = number_of(here[0]) if alone else Number(total, "count")
            history = around.since is not None and place.end <= around.since
            points.append(Point(place, number, None, history))
        return Series(name, tuple(points), of)

    drawn = [series(group, [group]) for group in order[:MOST]]
    if len(order) > MOST:
        drawn.append(series(Rest(len(order) - MOST), order[MOST:]))
    return Chart(
        "stacked", name, "count", tuple(drawn), events=around.events,
        span=(places[0].start, places[-1].end) if places else (0, 0),
    )  # fmt: skip
