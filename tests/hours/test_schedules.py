"""Open hours of single intervals and instants: literal answers, worked by hand."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sanjeh.hours import Calendar, HoursError, Schedule, Span
from sanjeh.hours.calendars import seconds_of
from sanjeh.hours.instants import to_datetime, to_microseconds

HOUR = 3600


def week(zone: str = "UTC", *, exceptions: dict[str, str] | None = None, **days: str) -> Schedule:
    """Build a schedule from `mon="08:00-12:00 13:00-16:00"`; `every` gives all seven days."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    weekly = tuple(spans(days.get(name, days.get("every", ""))) for name in names)
    replaced = {date.fromisoformat(on): spans(text) for on, text in (exceptions or {}).items()}
    return Schedule(Calendar(ZoneInfo(zone), weekly, replaced))


def spans(text: str) -> tuple[Span, ...]:
    return tuple(Span.parse(*span.split("-")) for span in text.split())


def office(**other: str) -> Schedule:
    return week(**dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-16:00"), **other)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(schedule: Schedule, start: str, end: str) -> float:
    return schedule.seconds_between(at(start), at(end)) / HOUR


def test_wait_over_a_weekend_counts_friday_and_monday_only() -> None:
    # 2026-03-06 is a Friday: 30 minutes until 16:00, and 60 from Monday 08:00.
    assert office().seconds_between(at("2026-03-06 15:30"), at("2026-03-09 09:00")) == 90 * 60


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-09 06:00", "2026-03-09 07:59", 0),  # before it opens
        ("2026-03-09 06:00", "2026-03-09 08:00", 0),  # up to the opening
        ("2026-03-09 07:00", "2026-03-09 09:00", 1),  # over the opening
        ("2026-03-09 08:00", "2026-03-09 16:00", 8),  # edge to edge
        ("2026-03-09 09:00", "2026-03-09 09:00", 0),  # nothing
        ("2026-03-09 15:00", "2026-03-09 19:00", 1),  # over the closing
        ("2026-03-09 16:00", "2026-03-10 08:00", 0),  # the night between
        ("2026-03-09 00:00", "2026-03-16 00:00", 40),  # a week
        ("2026-03-10 00:00", "2026-03-09 00:00", 0),  # the end before the start
        ("2025-12-31 15:00", "2026-01-01 09:00", 2),  # over new year
        ("2016-01-01 00:00", "2026-01-01 00:00", 20872),  # ten years have 2609 weekdays
    ],
)
def test_interval_around_the_edges(start: str, end: str, expected: float) -> None:
    assert hours(office(), start, end) == expected


def test_microseconds_are_not_rounded() -> None:
    start = to_microseconds(at("2026-03-09 15:59:59.999999"))
    assert office().open_microseconds(start, start + 5_000_000) == 1


def test_split_day_leaves_the_break_out() -> None:
    schedule = week(mon="08:00-12:00 13:30-16:00")
    assert hours(schedule, "2026-03-09 11:00", "2026-03-09 14:00") == 1.5


def test_overlapping_and_touching_spans_count_once() -> None:
    schedule = week(mon="08:00-12:00 11:00-14:00 14:00-15:00 09:00-10:00")
    assert hours(schedule, "2026-03-09 00:00", "2026-03-10 00:00") == 7
    assert schedule.next_closing(at("2026-03-09 09:30")) == at("2026-03-09 15:00")


def test_open_intervals_are_joined_where_they_touch() -> None:
    schedule = week(mon="08:00-12:00 12:00-14:00 15:00-16:00")
    start = to_microseconds(at("2026-03-09 09:00"))
    found = schedule.open_intervals(start, start + 24 * 3_600_000_000)
    assert [(a - start, b - start) for a, b in found] == [
        (0, 5 * 3_600_000_000),
        (6 * 3_600_000_000, 7 * 3_600_000_000),
    ]


def test_date_that_a_zone_skipped_has_no_hours() -> None:
    # Samoa went from Thursday, 2011-12-29, to Saturday, 2011-12-31.
    schedule = week("Pacific/Apia", fri="09:00-17:00")
    assert hours(schedule, "2011-12-25 00:00", "2012-01-03 00:00") == 0


def test_night_span_belongs_to_the_day_on_which_it_opens() -> None:
    schedule = week(fri="22:00-06:00")
    assert hours(schedule, "2026-03-06 00:00", "2026-03-07 00:00") == 2  # Friday
    assert hours(schedule, "2026-03-07 00:00", "2026-03-08 00:00") == 6  # Saturday
    assert hours(schedule, "2026-03-05 00:00", "2026-03-06 00:00") == 0  # Thursday


def test_night_span_on_the_eve_of_a_holiday_runs_into_it() -> None:
    schedule = week(every="22:00-06:00", exceptions={"2026-03-07": ""})
    assert hours(schedule, "2026-03-07 00:00", "2026-03-08 00:00") == 6
    assert hours(schedule, "2026-03-08 00:00", "2026-03-09 00:00") == 2


def test_exception_replaces_the_hours_of_its_date() -> None:
    schedule = office(exceptions={"2026-03-09": "", "2026-03-10": "10:00-12:00 20:00-21:00"})
    assert hours(schedule, "2026-03-09 00:00", "2026-03-10 00:00") == 0
    assert hours(schedule, "2026-03-10 00:00", "2026-03-11 00:00") == 3
    assert hours(schedule, "2026-03-11 00:00", "2026-03-12 00:00") == 8


def test_until_24_00_meets_the_next_midnight() -> None:
    schedule = week(fri="18:00-24:00", sat="00:00-02:00")
    assert hours(schedule, "2026-03-06 00:00", "2026-03-08 00:00") == 8
    assert schedule.next_closing(at("2026-03-06 19:00")) == at("2026-03-07 02:00")


def test_same_opening_and_closing_is_24_hours() -> None:
    assert hours(week(fri="09:00-09:00"), "2026-03-06 00:00", "2026-03-08 00:00") == 24


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/London", "2026-03-29", 23),
        ("Europe/London", "2026-10-25", 25),
        ("Europe/London", "2026-10-26", 24),
        ("Asia/Tehran", "2022-03-22", 23),  # the clock skipped 00:00 to 01:00
        ("Asia/Tehran", "2022-09-21", 25),
        ("Asia/Tehran", "2023-03-22", 24),  # Iran no longer changes its clocks
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("America/Sao_Paulo", "2018-11-04", 23),  # the clock skipped 00:00 to 01:00
        ("America/Sao_Paulo", "2018-02-17", 25),
        ("Pacific/Apia", "2011-12-30", 0),  # the date was skipped
    ],
)
def test_day_open_all_day_has_the_hours_that_pass(zone: str, day: str, expected: float) -> None:
    schedule = week(zone, exceptions={day: "00:00-24:00"})
    at_noon = to_microseconds(at(f"{day} 12:00"))
    around = 3 * 86_400_000_000
    assert schedule.open_microseconds(at_noon - around, at_noon + around) == expected * 3.6e9


@pytest.mark.parametrize(
    ("day", "span", "expected"),
    [
        # 2026-03-29: London's clock skips 01:00 to 02:00 (at 01:00 UTC).
        ("2026-03-29", "00:30-03:00", [("00:30", "02:00")]),  # an hour and a half passes
        ("2026-03-29", "01:30-05:00", [("01:30", "04:00")]),  # opens at 02:30 by the clock
        ("2026-03-29", "00:00-01:30", [("00:00", "01:30")]),  # closes at 02:30 by the clock
        ("2026-03-29", "01:15-01:45", [("01:15", "01:45")]),  # both an hour later
        ("2026-03-29", "01:30-02:00", []),  # would close before it opens
        # 2026-10-25: it shows 01:00 to 02:00 twice (from 00:00 and from 01:00 UTC).
        ("2026-10-25", "01:00-01:30", [("00:00", "00:30")]),  # the first time only
        ("2026-10-25", "01:30-02:30", [("00:30", "02:30")]),  # two hours pass
        ("2026-10-25", "02:00-03:00", [("02:00", "03:00")]),
    ],
)
def test_wall_times_skipped_and_shown_twice(
    day: str, span: str, expected: list[tuple[str, str]]
) -> None:
    schedule = week("Europe/London", exceptions={day: span})
    start = to_microseconds(at(f"{day} 00:00")) - 86_400_000_000
    found = schedule.open_intervals(start, start + 3 * 86_400_000_000)
    clock = [tuple(to_datetime(edge).strftime("%H:%M") for edge in edges) for edges in found]
    assert clock == expected


def test_night_shift_over_a_clock_change() -> None:
    schedule = week("Europe/London", sat="22:00-06:00")
    assert hours(schedule, "2026-03-28 12:00", "2026-03-29 12:00") == 7
    assert hours(schedule, "2026-10-24 12:00", "2026-10-25 12:00") == 9


def test_open_is_half_open() -> None:
    assert not office().is_open(at("2026-03-09 07:59:59.999999"))
    assert office().is_open(at("2026-03-09 08:00"))
    assert office().is_open(at("2026-03-09 15:59:59.999999"))
    assert not office().is_open(at("2026-03-09 16:00"))


def test_next_opening_is_now_when_open() -> None:
    assert office().next_opening(at("2026-03-06 10:00")) == at("2026-03-06 10:00")
    assert office().next_opening(at("2026-03-06 16:00")) == at("2026-03-09 08:00")


def test_next_closing_is_of_this_or_the_next_open_time() -> None:
    assert office().next_closing(at("2026-03-06 10:00")) == at("2026-03-06 16:00")
    assert office().next_closing(at("2026-03-06 16:00")) == at("2026-03-09 16:00")


def test_closing_is_found_over_new_year() -> None:
    schedule = week(exceptions={"2025-12-31": "20:00-02:00"})
    assert schedule.next_closing(at("2025-12-31 21:00")) == at("2026-01-01 02:00")


@pytest.mark.parametrize(
    ("start", "seconds", "expected"),
    [
        ("2026-03-06 15:00", HOUR - 1, "2026-03-06 15:59:59"),
        ("2026-03-06 15:00", HOUR, "2026-03-06 16:00"),  # at closing: the closing
        ("2026-03-06 15:00", HOUR + 1, "2026-03-09 08:00:01"),
        ("2026-03-07 12:00", 8 * HOUR, "2026-03-09 16:00"),
        ("2026-03-06 15:00", 0, "2026-03-06 15:00"),
        ("2026-03-06 16:00", 0, "2026-03-09 08:00"),
        ("2025-12-31 15:00", 2 * HOUR, "2026-01-01 09:00"),
        ("2026-03-06 15:00", 0.000001, "2026-03-06 15:00:00.000001"),
    ],
)
def test_after(start: str, seconds: float, expected: str) -> None:
    assert office().after(at(start), seconds) == at(expected)


@pytest.mark.parametrize(
    ("end", "seconds", "expected"),
    [
        ("2026-03-09 09:00", HOUR - 1, "2026-03-09 08:00:01"),
        ("2026-03-09 09:00", HOUR, "2026-03-09 08:00"),  # at opening: the opening
        ("2026-03-09 09:00", HOUR + 1, "2026-03-06 15:59:59"),
        ("2026-03-09 09:00", 0, "2026-03-09 09:00"),
        ("2026-03-09 08:00", 0, "2026-03-06 16:00"),
        ("2026-01-01 09:00", 2 * HOUR, "2025-12-31 15:00"),
    ],
)
def test_before(end: str, seconds: float, expected: str) -> None:
    assert office().before(at(end), seconds) == at(expected)


def test_never_open_has_no_opening_and_no_deadline() -> None:
    never = week()
    assert hours(never, "2026-01-01 00:00", "2027-01-01 00:00") == 0
    assert never.next_opening(at("2026-03-09 08:00")) is None
    assert never.next_closing(at("2026-03-09 08:00")) is None
    assert never.after(at("2026-03-09 08:00"), 0) is None
    assert never.before(at("2026-03-09 08:00"), 1) is None


def test_always_open_never_closes_but_on_its_holiday() -> None:
    always = Schedule(Calendar.always_open(ZoneInfo("Asia/Tehran")))
    assert hours(always, "2016-01-01 00:00", "2026-01-01 00:00") == 3653 * 24
    assert always.next_closing(at("2026-03-09 08:00")) is None
    assert always.after(at("2025-12-31 23:00"), 2 * HOUR) == at("2026-01-01 01:00")
    nowruz = Schedule(Calendar.always_open(ZoneInfo("Asia/Tehran"), {date(2026, 3, 21): ()}))
    assert nowruz.next_closing(at("2026-03-09 08:00")) == at("2026-03-20 20:30")
    assert nowruz.next_opening(at("2026-03-20 20:30")) == at("2026-03-21 20:30")


def test_last_opening_of_all_still_closes() -> None:
    schedule = week(exceptions={"2026-03-09": "08:00-09:00"})
    assert schedule.next_closing(at("2026-01-01 00:00")) == at("2026-03-09 09:00")
    assert schedule.after(at("2026-03-09 08:00"), HOUR + 1) is None


def test_calendar_holds_until_the_next_one_begins() -> None:
    longer = week(every="06:00-18:00").first
    schedule = Schedule(office().first, ((to_microseconds(at("2026-03-10 12:00")), longer),))
    assert hours(schedule, "2026-03-09 00:00", "2026-03-10 00:00") == 8  # Monday, the old one
    assert hours(schedule, "2026-03-10 00:00", "2026-03-11 00:00") == 10  # 4 old, 6 new
    assert hours(schedule, "2026-03-14 00:00", "2026-03-15 00:00") == 12  # Saturday, the new
    assert schedule.next_closing(at("2026-03-10 09:00")) == at("2026-03-10 18:00")


def test_open_before_counts_from_1970_and_is_negative_earlier() -> None:
    always = Schedule(Calendar.always_open(ZoneInfo("UTC")))
    assert always.open_before(86_400_000_000) == 86_400_000_000
    assert always.open_before(-5) == -5
    assert office().open_before(0) == 0


def test_zone_of_the_given_instant_does_not_matter() -> None:
    tehran = datetime(2026, 3, 9, 12, 0, tzinfo=ZoneInfo("Asia/Tehran"))  # 08:30 UTC
    assert office().seconds_between(at("2026-03-09 08:00"), tehran) == 1800


def test_schedule_survives_pickling() -> None:
    schedule = office(exceptions={"2026-03-09": ""})
    assert pickle.loads(pickle.dumps(schedule)) == schedule


def test_calendar_does_not_follow_a_dict_changed_later() -> None:
    exceptions: dict[date, tuple[Span, ...]] = {}
    schedule = Schedule(Calendar.always_open(ZoneInfo("UTC"), exceptions))
    exceptions[date(2026, 3, 9)] = ()
    assert hours(schedule, "2026-03-09 00:00", "2026-03-10 00:00") == 24


def test_naive_instant_is_refused() -> None:
    with pytest.raises(HoursError, match="no time zone"):
        office().is_open(datetime(2026, 3, 9))  # noqa: DTZ001


def test_negative_seconds_are_refused() -> None:
    with pytest.raises(HoursError, match="Use `before`"):
        office().after(at("2026-03-09 08:00"), -1)


def test_instant_far_from_our_time_is_refused() -> None:
    with pytest.raises(HoursError, match="the year 9999"):
        hours(office(), "2026-03-09 08:00", "9999-12-31 00:00")


def test_calendars_out_of_order_are_refused() -> None:
    calendar = office().first
    with pytest.raises(HoursError, match="order of their start"):
        Schedule(calendar, ((5, calendar), (5, calendar)))


@pytest.mark.parametrize("time", ["", "9", "25:00", "24:01", "12:60", "noon", "09:00 AM", "-1:00"])
def test_text_that_is_no_time_is_refused(time: str) -> None:
    with pytest.raises(HoursError, match="HH:MM"):
        seconds_of(time)


def test_opening_at_24_00_is_refused() -> None:
    with pytest.raises(HoursError, match="cannot open"):
        Span.parse("24:00", "02:00")
