"""Zone, week and month calendar are part of the question: they move rows between buckets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from record_homes import Desk, built, shared, story, ticket
from sanjeh.answers.periods import Clockwork, Period, PeriodError, last, parse
from sanjeh.answers.question import QuestionError

pytestmark = pytest.mark.xdist_group("stories")

# 20:30 UTC is midnight in Tehran (+03:30, no summer time since 2022).
MIDNIGHT = story(
    "midnight in Tehran",
    ticket("before", "03-02 20:29:59"),
    ticket("at", "03-02 20:30"),
    ticket("after", "03-02 21:00"),
)


def test_the_zone_of_the_question_moves_rows_between_days(world: Desk) -> None:
    span = {"start": "2026-03-02", "end": "2026-03-04"}
    assert world.series("new_tickets", "day", MIDNIGHT, **span) == {
        "2026-03-02": 3, "2026-03-03": 0,
    }  # fmt: skip
    assert world.series("new_tickets", "day", MIDNIGHT, zone="Asia/Tehran", **span) == {
        "2026-03-02": 1, "2026-03-03": 2,
    }  # fmt: skip
    assert world.value("new_tickets", MIDNIGHT, start="2026-03-03", end="2026-03-04") == 0
    assert world.value(
        "new_tickets", MIDNIGHT, start="2026-03-03", end="2026-03-04", zone="Asia/Tehran"
    ) == 2  # fmt: skip
    hours = world.by("new_tickets", "hour", MIDNIGHT, zone="Asia/Tehran", **span)
    assert hours == {"00:00": 2, "23:00": 1}


def test_an_answer_says_which_period_it_understood(world: Desk) -> None:
    asked = world.answer(
        "new_tickets", of=MIDNIGHT, start="۱۴۰۴/۱۲/۱۱", end="1404-12-12", zone="Asia/Tehran",
        calendar="jalali",
    ).question  # fmt: skip
    assert asked["period"]["from"] == "2026-03-01T20:30:00+00:00"
    assert asked["period"]["to"] == "2026-03-02T20:30:00+00:00"
    assert asked["period"]["from_local"] == "1404-12-11"
    assert asked["zone"] == "Asia/Tehran"
    assert asked["calendar"] == "jalali"


CHANGE = story(
    "the clocks change",
    # Berlin goes from 02:00 to 03:00 on 29 March 2026 and back on 25 October 2025.
    ticket("spring, first hour", "03-28 23:30"),  # 00:30 on the 29th
    ticket("spring, after the gap", "03-29 01:00"),  # 03:00
    ticket("spring, last hour", "03-29 21:59"),  # 23:59
    ticket("the day after", "03-29 22:00"),  # 00:00 on the 30th
    ticket("autumn, first 2 o'clock", "2025-10-26 00:30"),
    ticket("autumn, second 2 o'clock", "2025-10-26 01:30"),
    ticket("autumn, last hour", "2025-10-26 22:59"),
    ticket("autumn, the day after", "2025-10-26 23:00"),
)


def test_a_day_has_23_or_25_hours_where_the_clocks_change(world: Desk) -> None:
    berlin = {"zone": "Europe/Berlin"}
    assert world.value("new_tickets", CHANGE, start="2026-03-29", end="2026-03-30", **berlin) == 3
    assert world.value("new_tickets", CHANGE, start="2025-10-26", end="2025-10-27", **berlin) == 3
    spring = world.series(
        "new_tickets", "hour", CHANGE, start="2026-03-29", end="2026-03-30", **berlin
    )
    assert len(spring) == 23
    assert "2026-03-29 02:00" not in spring
    assert spring["2026-03-29 03:00"] == 1
    autumn = world.answer(
        "new_tickets", of=CHANGE, start="2025-10-26", end="2025-10-27", grain="hour", **berlin
    ).results
    assert len(autumn) == 25
    assert [r.value for r in autumn if r.bucket and r.bucket["label"] == "2025-10-26 02:00"] == [
        1,
        1,
    ]
    hours = world.by("new_tickets", "hour", CHANGE, start="2025-10-26", end="2025-10-27", **berlin)
    assert hours == {"02:00": 2, "23:00": 1}


def test_every_bucket_is_there_and_the_cut_ones_are_marked(world: Desk) -> None:
    found = world.answer(
        "new_tickets", of=MIDNIGHT, grain="week", start="2026-02-25", end="2026-03-11"
    ).results
    assert [(r.bucket["label"], r.value, r.bucket["is_partial"]) for r in found if r.bucket] == [
        ("2026-02-23", 0, True), ("2026-03-02", 3, False), ("2026-03-09", 0, True),
    ]  # fmt: skip
    saturdays = world.series(
        "new_tickets", "week", MIDNIGHT, start="2026-02-28", end="2026-03-14", week_start="sat"
    )
    assert saturdays == {"2026-02-28": 3, "2026-03-07": 0}


PROFILE = story(
    "a profile of weekdays and hours",
    [ticket(f"mon {n}", "03-02 05:45") for n in range(3)],  # Monday 09:15 in Tehran
    ticket("mon later", "03-09 06:15"),  # Monday 09:45 in Tehran
    ticket("tue", "03-03 05:45"),
)


def test_a_profile_is_the_mean_per_occurrence_of_the_slot(world: Desk) -> None:
    span = {"start": "2026-03-02", "end": "2026-03-16", "zone": "Asia/Tehran"}
    days = world.answer("new_tickets", of=PROFILE, by=("weekday",), **span).results
    assert [(r.group["weekday"]["label"], r.value, r.statistics["slots"],
             r.statistics["mean_per_slot"]) for r in days] == [
        ("mon", 4, 2, 2.0), ("tue", 1, 2, 0.5),
    ]  # fmt: skip
    hours = world.answer("new_tickets", of=PROFILE, by=("hour",), **span).results
    assert [(r.group["hour"]["label"], r.value, r.statistics["slots"]) for r in hours] == [
        ("09:00", 5, 14)
    ]
    assert round(hours[0].statistics["mean_per_slot"], 6) == 0.357143
    both = world.answer("new_tickets", of=PROFILE, by=("weekday", "hour"), **span).results
    assert both[0].statistics["slots"] == 2
    assert both[0].statistics["mean_per_slot"] == 2.0


NOWRUZ = story(
    "Nowruz",
    # 1 Farvardin 1403 was 20 March 2024, of 1404 21 March 2025, of 1405 21 March 2026.
    [ticket(f"1403 {n}", "2024-03-20 12:00") for n in range(2)],
    [ticket(f"1404 {n}", "2025-03-21 12:00") for n in range(3)],
    [ticket(f"1405 {n}", "2026-03-21 12:00") for n in range(5)],
    [ticket(f"last day of 1403 {n}", "2025-03-20 12:00") for n in range(7)],
    [ticket(f"last day of 1404 {n}", "2026-03-20 12:00") for n in range(11)],
)


def test_last_year_in_the_jalali_calendar_aligns_nowruz_with_nowruz(world: Desk) -> None:
    jalali = {"calendar": "jalali", "zone": "Asia/Tehran", "compare": "last_year"}
    now = world.figure("new_tickets", NOWRUZ, start="1405-01-01", end="1405-01-02", **jalali)
    assert (now.value, now.previous_value, now.delta_abs) == (5, 3, 2)
    before = world.figure("new_tickets", NOWRUZ, start="1404-01-01", end="1404-01-02", **jalali)
    assert (before.value, before.previous_value) == (3, 2)
    # by the Gregorian calendar 21 March 2025 meets 21 March 2024
    gregorian = world.figure(
        "new_tickets", NOWRUZ, start="2025-03-21", end="2025-03-22", compare="last_year",
        zone="Asia/Tehran",
    )  # fmt: skip
    assert (gregorian.value, gregorian.previous_value, gregorian.delta_pct) == (3, 0, None)


def test_jalali_months_and_years_are_buckets(world: Desk) -> None:
    asked = {
        "calendar": "jalali",
        "zone": "Asia/Tehran",
        "start": "1403-12-01",
        "end": "1405-02-01",
    }
    months = world.series("new_tickets", "month", NOWRUZ, **asked)
    assert len(months) == 14
    assert months["1403-12"] == 7
    assert months["1404-01"] == 3
    assert months["1404-12"] == 11
    assert months["1405-01"] == 5
    years = world.series("new_tickets", "year", NOWRUZ, **asked)
    assert years == {"1403": 7, "1404": 14, "1405": 5}


FALL = story(
    "a fall to nothing",
    [ticket(f"feb {n}", "02-10 12:00", priority="high") for n in range(3)],
    [ticket(f"feb low {n}", "02-10 12:00", priority="low") for n in range(1)],
    [ticket(f"mar {n}", "03-10 12:00", priority="low") for n in range(2)],
)


def test_comparison_shows_a_group_that_fell_to_nothing(world: Desk) -> None:
    answer = world.answer("new_tickets", of=FALL, by=("priority",), compare="previous")
    assert {r.group["priority"]["label"]: (r.value, r.previous_value) for r in answer.results} == {
        "low": (2, 1), "high": (0, 3),
    }  # fmt: skip
    total = answer.totals[0]
    assert (total.value, total.previous_value, total.delta_abs, total.delta_pct) == (2, 4, -2, -0.5)


def test_whole_months_compare_with_as_many_whole_months(world: Desk) -> None:
    found = world.figure("new_tickets", FALL, compare="previous")
    assert (found.value, found.previous_value) == (2, 4)
    days = world.figure(
        "new_tickets", FALL, compare="previous", start="2026-03-10", end="2026-03-11"
    )
    assert (days.value, days.previous_value, days.delta_pct) == (2, 0, None)


def test_last_counts_back_from_the_newest_event(world: Desk) -> None:
    # the newest event of every story is on 30 June 2026
    assert world.value("new_tickets", NOWRUZ, last="103d") == 16
    assert world.value("new_tickets", NOWRUZ, last="102d") == 5
    assert world.value("new_tickets", FALL, last="4m") == 2
    assert world.value("new_tickets", FALL, last="5m") == 6


def _of_late(path: Path) -> None:
    built(
        path,
        [
            ticket("old", "03-01 09:00"),
            ticket("a day before the newest", "03-04 09:59:59"),
            ticket("newest", "03-05 10:00"),
            ticket("mistyped", "2100-01-01 00:00"),
        ],
    )


@pytest.fixture(scope="module")
def late(shared_folder: Path) -> Iterator[Desk]:
    found = Desk(shared(shared_folder / "of late", _of_late))
    yield found
    found.close()


def test_last_hours_hold_the_newest_event(late: Desk) -> None:
    assert late.value("new_tickets", last="24h") == 1
    assert late.value("new_tickets", last="25h") == 2
    assert late.value("new_tickets", last="1d") == 1
    assert late.value("new_tickets", last="2d") == 2


def test_records_dated_in_the_future_are_warned_of(late: Desk) -> None:
    answer = late.answer("new_tickets", start=None, end=None)
    assert answer.results[0].value == 3
    assert answer.question["as_of"] == "2026-03-05T10:00:00+00:00"
    assert any("future" in warning for warning in answer.warnings)


def test_one_row_and_none(world: Desk) -> None:
    one = world.figure("new_tickets", MIDNIGHT, start="2026-03-02 20:30", end="2026-03-02 20:31")
    assert (one.value, one.n, one.is_small) == (1, 1, True)
    none = world.figure("resolution_time", MIDNIGHT)
    assert (none.value, none.n, none.numerator) == (None, 0, None)
    assert none.why_null
    assert world.value("new_tickets", MIDNIGHT, start="2020-01-01", end="2020-02-01") == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"last": "0d", "start": None, "end": None}, "more than none"),
        ({"last": "999999999y", "start": None, "end": None}, "at most 60y"),
        ({"start": "0622-01-01", "end": "2026-04-01", "grain": "day"}, "too long"),
        ({"start": "1990-01-01", "end": "2026-04-01", "grain": "hour"}, "coarser grain"),
    ],
)
def test_endless_question_is_refused_at_once(world: Desk, asked: dict[str, str], said: str) -> None:
    with pytest.raises(PeriodError, match=said):
        world.answer("new_tickets", **asked)


def test_moment_before_the_record_is_said_to_be_one(world: Desk) -> None:
    with pytest.raises(QuestionError, match="no record yet"):
        world.answer("new_tickets", as_of="1990-01-01")


@pytest.mark.parametrize(
    ("text", "calendar", "start", "end"),
    [
        ("this_month", "gregorian", "2026-11-01", "2026-11-29"),
        ("last_month", "gregorian", "2026-10-01", "2026-11-01"),
        ("last_quarter", "gregorian", "2026-07-01", "2026-10-01"),
        ("last_year", "gregorian", "2025-01-01", "2026-01-01"),
        ("this_year", "jalali", "2026-03-21", "2026-11-29"),
        ("last_month", "jalali", "2026-10-23", "2026-11-22"),
    ],
)
def test_named_spans_are_those_of_the_month_calendar(
    text: str, calendar: str, start: str, end: str
) -> None:
    clock = Clockwork(calendar=calendar)
    found = last(text, parse("2026-11-28 13:00", clock), clock)
    assert found == Period(parse(start, clock), parse(end, clock))
