"""A line: a figure over time, where the eye should follow how it moves."""

from __future__ import annotations

from sanjeh.answers.question import Answer, Result
from sanjeh.charts.forms import form
from sanjeh.charts.spec import Around, Chart, Point, Series, bucket_of, number_of


@form("time", lambda offer: offer.is_one_number)
def line(answer: Answer, metric: str, around: Around = Around()) -> Chart:
    """The figure of each bucket; one without a figure is a gap, not zero."""
    return over_time("line", answer, metric, around)


def over_time(form: str, answer: Answer, metric: str, around: Around) -> Chart:
    """A point a bucket, with targets and events, for the forms that differ in drawing only."""
    results = [r for r in answer.results if r.metric == metric and r.bucket is not None]
    points = tuple(_point(r, around) for r in results)
    name = results[0].definition_id if results else metric
    places = [bucket_of(r) for r in results]
    return Chart(
        form, name, results[0].unit if results else "count", (Series(name, points),),
        target=next((r.target for r in results if r.target is not None), None),
        events=around.events,
        span=(places[0].start, places[-1].end) if places else (0, 0),
        why_empty=next((r.why_null for r in results if r.why_null), None),
    )  # fmt: skip


def _point(result: Result, around: Around) -> Point:
    """A bucket is of the period if at least half of it is."""
    place = bucket_of(result)
    since = place.start if around.since is None else around.since
    inside = min(place.end - since, place.end - place.start)
    history = inside * 2 < place.end - place.start
    return Point(place, number_of(result), number_of(result, "n"), history)
