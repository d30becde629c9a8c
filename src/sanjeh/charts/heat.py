"""Heat: the hours of the week, as dark as there is much."""

from __future__ import annotations

from sanjeh.answers.periods import WEEKDAYS
from sanjeh.answers.question import Answer
from sanjeh.charts.forms import form
from sanjeh.charts.spec import Around, Chart, Point, Series, Slot, number_of

PER_SLOT = "statistics.mean_per_slot"


@form(
    "week",
    lambda offer: offer.is_one_number and {"hour", "weekday"} <= set(offer.dimensions),
)
def heat(answer: Answer, metric: str, around: Around = Around()) -> Chart:
    """Each hour of each weekday: of a count the mean a time this hour occurs, else the figure."""
    points = []
    name, unit = metric, "count"
    for result in answer.results:
        if result.metric != metric:
            continue
        name, unit = result.definition_id, result.unit
        weekday, hour = (result.group[d]["key"] for d in ("weekday", "hour"))
        if weekday is None or hour is None:
            continue
        path = PER_SLOT if result.statistics.get("mean_per_slot") is not None else "value"
        points.append(Point(Slot(int(weekday), int(hour)), number_of(result, path)))
    first = WEEKDAYS.index(around.week_start)
    return Chart(
        "heat", name, unit, (Series(name, tuple(points)),),
        days=tuple((first + n) % 7 + 1 for n in range(7)), outlined=around.opened,
    )  # fmt: skip
