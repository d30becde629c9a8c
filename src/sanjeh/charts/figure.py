"""A figure: one number, as large as it matters."""

from __future__ import annotations

from sanjeh.answers.question import Answer
from sanjeh.charts.forms import form
from sanjeh.charts.spec import Around, Chart, Point, Series, Whole, number_of


@form("whole", lambda offer: offer.is_one_number)
def figure(answer: Answer, metric: str, around: Around = Around()) -> Chart:
    """The number of the whole, with how many rows it is of."""
    result = next(r for r in answer.results if r.metric == metric)
    point = Point(Whole(), number_of(result), number_of(result, "n"))
    return Chart(
        "figure", result.definition_id, result.unit, (Series(result.definition_id, (point,)),),
        target=result.target, why_empty=result.why_null,
    )  # fmt: skip
