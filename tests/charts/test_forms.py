"""Each form: what it draws of given figures."""

from __future__ import annotations

import pytest
from chart_cases import answer, figure, group, week

from sanjeh.charts import FORMS, Around, Offer, suited
from sanjeh.charts.bars import bars
from sanjeh.charts.curve import curve
from sanjeh.charts.distribution import distribution
from sanjeh.charts.figure import figure as one_figure
from sanjeh.charts.heat import heat
from sanjeh.charts.line import line
from sanjeh.charts.pareto import pareto
from sanjeh.charts.ranked import ranked
from sanjeh.charts.scatter import scatter
from sanjeh.charts.spec import Bucket, Chart, Group, Rest, Slot, UpTo
from sanjeh.charts.stacked import stacked
from sanjeh.charts.table import table

MARCH_2, MARCH_9, MARCH_23 = 1772409600000000, 1773014400000000, 1774224000000000


def values(chart: Chart, series: int = 0) -> list[float | int | None]:
    return [p.number.value for p in chart.series[series].points]


def test_figure_is_the_number_with_its_rows_and_target() -> None:
    found = one_figure(answer(figure(0.5, unit="share", n=8, target=0.8)), "requests")
    (point,) = found.series[0].points
    assert point.number.value == 0.5
    assert point.beside is not None
    assert point.beside.value == 8
    assert found.target == 0.8
    assert found.unit == "share"


def test_line_keeps_a_gap_where_there_is_no_figure() -> None:
    found = line(answer(week(0, 4), week(1, None), week(2, 6, partial=True)), "requests")
    assert values(found) == [4, None, 6]
    assert found.span == (MARCH_2, MARCH_23)
    assert found.series[0].points[0].at == Bucket(MARCH_2, MARCH_9, is_partial=False)
    assert [p.at.is_partial for p in found.series[0].points if isinstance(p.at, Bucket)] == [
        False, False, True,
    ]  # fmt: skip


def test_buckets_mostly_before_the_period_are_history() -> None:
    four_days_in = MARCH_9 + 4 * 86_400_000_000
    found = bars(answer(week(0, 1), week(1, 2), week(2, 3)), "requests", Around(since=four_days_in))
    assert [p.is_history for p in found.series[0].points] == [True, True, False]
    half_in = MARCH_9 + 3 * 86_400_000_000  # four of its seven days are of the period
    found = bars(answer(week(1, 2)), "requests", Around(since=half_in))
    assert [p.is_history for p in found.series[0].points] == [False]


def test_ranked_leaves_out_groups_without_a_figure_and_the_whole() -> None:
    results = [figure(9), group("b", 2), group("a", 5), group(None, None)]
    found = ranked(answer(*results), "requests")
    assert values(found) == [2, 5]
    assert found.series[0].points[0].at == Group("topic", "b", "B")


def test_pareto_is_largest_first_with_the_share_so_far_and_the_rest_as_one() -> None:
    results = [group("a", 1), group("b", 5), group("c", 3), group("d", 1), group("e", 0)]
    found = pareto(answer(*results), "requests", Around(most=2))
    assert values(found) == [5, 3, 2]
    assert [p.beside and p.beside.value for p in found.series[0].points] == [0.5, 0.8, 1.0]
    assert found.series[0].points[2].at == Rest(2)


def test_stacked_has_a_series_a_group_and_counts_a_missing_bucket_as_none_there() -> None:
    def of(key: str, n: int, value: int) -> object:
        return week(n, value, group={"team": {"key": key, "label": key}})

    results = [of("north", 0, 2), of("south", 0, 7), of("south", 1, 1)]
    found = stacked(answer(*results), "requests")  # type: ignore[arg-type]
    assert [s.of for s in found.series] == [
        Group("team", "south", "south"), Group("team", "north", "north"),
    ]  # fmt: skip
    assert values(found, 0) == [7, 1]
    assert values(found, 1) == [2, 0]


def test_stacked_draws_six_groups_and_the_rest_as_one() -> None:
    results = [
        week(0, 10 - n, group={"team": {"key": str(n), "label": str(n)}}) for n in range(8)
    ]  # 10, 9, 8, 7, 6, 5, and 4 and 3 as one
    found = stacked(answer(*results), "requests")
    assert [values(found, n)[0] for n in range(7)] == [10, 9, 8, 7, 6, 5, 7]
    assert found.series[6].of == Rest(2)


def test_scatter_sets_a_figure_against_rows_or_another_figure_of_the_same_group() -> None:
    results = [
        group("a", 60, unit="seconds", n=3), group("b", 90, unit="seconds", n=9),
        group("a", 0.5, metric="reopen_rate", unit="share"),
    ]  # fmt: skip
    plain = scatter(answer(*results), "requests")
    assert [(p.beside and p.beside.value, p.number.value) for p in plain.series[0].points] == [
        (3, 60), (9, 90),
    ]  # fmt: skip
    found = scatter(answer(*results), "requests", Around(other="reopen_rate"))
    assert [(p.beside and p.beside.value, p.number.value) for p in found.series[0].points] == [
        (0.5, 60)  # b has no reopen rate
    ]


def test_distribution_leaves_out_empty_ends_but_no_gap_between() -> None:
    counts = ((60.0, 0), (300.0, 3), (900.0, 0), (3600.0, 1), (None, 0))
    bands = [{"up_to": limit, "n": n, "share": n / 4} for limit, n in counts]
    result = figure(None, unit="seconds", statistics={"distribution": bands})
    found = distribution(answer(result), "requests")
    assert [(p.at, p.number.value) for p in found.series[0].points] == [
        (UpTo(60.0, 300.0, "seconds"), 3),
        (UpTo(300.0, 900.0, "seconds"), 0),
        (UpTo(900.0, 3600.0, "seconds"), 1),
    ]


def test_curve_is_the_share_by_each_time_and_where_half_is_reached() -> None:
    read = [{"seconds": 30, "share": 0.2}, {"seconds": 60, "share": None}]
    result = figure(None, unit="seconds", statistics={"answered_by": read, "half_answered": 44})
    found = curve(answer(result), "requests")
    assert values(found) == [0.2, None]
    assert found.half is not None
    assert found.half.value == 44


def test_heat_is_the_mean_a_time_of_a_count_and_the_figure_otherwise() -> None:
    def slot(weekday: int, hour: int, value: float, **more: object) -> object:
        keys = {"weekday": {"key": weekday, "label": ""}, "hour": {"key": hour, "label": ""}}
        return figure(value, group=keys, **more)

    counted = slot(6, 9, 8, statistics={"mean_per_slot": 2.0})
    plain = slot(1, 23, 0.5)
    found = heat(answer(counted, plain), "requests", Around(week_start="sat"))  # type: ignore[arg-type]
    assert {p.at: p.number.value for p in found.series[0].points} == {
        Slot(6, 9): 2.0, Slot(1, 23): 0.5,
    }  # fmt: skip
    assert found.days == (6, 7, 1, 2, 3, 4, 5)


def test_table_has_the_numbers_of_the_groups() -> None:
    found = table(answer(group("a", 5, n=7)), "requests")
    assert found.form == "table"
    assert values(found) == [5]


@pytest.mark.parametrize(
    ("offer", "names"),
    [
        (Offer("requests", "value", ("value",), ("team", "hour", "weekday"), adds_up=True),
         ["line", "bars", "stacked", "ranked", "pareto", "scatter", "heat", "figure", "table"]),
        (Offer("share", "value", ("value",), ("team",), adds_up=False),
         ["line", "bars", "ranked", "scatter", "figure", "table"]),
        (Offer("seconds", "median", ("median", "distribution", "answered_by"), (), adds_up=False),
         ["line", "bars", "distribution", "curve", "figure"]),
        (Offer("score", "mean", ("mean", "distribution"), (), adds_up=False),
         ["line", "distribution", "figure"]),
        (Offer("seconds", "distribution", ("median", "distribution"), ("team",), adds_up=False),
         ["distribution"]),
    ],
)  # fmt: skip
def test_forms_offered_are_those_that_suit(offer: Offer, names: list[str]) -> None:
    assert [form.name for form in suited(offer)] == names


def test_no_figures_are_an_empty_chart_not_an_error() -> None:
    for name, form in FORMS.items():
        if form.over in ("whole",):
            continue
        assert form.make(answer(), "requests", Around()).is_empty, name
