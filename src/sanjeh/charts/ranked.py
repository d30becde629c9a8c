"""Ranked bars: the figure of each group, in the answer's order."""

from __future__ import annotations

from sanjeh.answers.question import Answer, Result
from sanjeh.charts.forms import form
from sanjeh.charts.spec import Around, Chart, Point, Series, group_of, number_of

MOST = 20


@form("groups", lambda offer: offer.is_one_number and bool(offer.dimensions))
def ranked(answer: Answer, metric: str, around: Around = Around()) -> Chart:
    """A bar from zero for each of the first twenty groups that have a figure."""
    results = grouped(answer, metric)
    points = tuple(
        Point(group_of(r), number_of(r), number_of(r, "n")) for r in results if r.value is not None
    )
    name = results[0].definition_id if results else metric
    return Chart(
        "ranked", name, results[0].unit if results else "count",
        (Series(name, points[:MOST]),),
        target=next((r.target for r in results if r.target is not None), None),
    )  # fmt: skip


def grouped(answer: Answer, metric: str) -> list[Result]:
    """The figures of a metric that are of a group, in the answer's order."""
    return [r for r in answer.results if r.metric == metric and r.group and r.bucket is None]
