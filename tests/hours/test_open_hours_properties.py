"""Open hours of random calendars, against a clock that is read minute by minute.

The oracle goes the other way round and by another library: from each minute of UTC to the wall
clock (pytz), asking whether that is within the hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytz
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sanjeh.hours import Calendar, Schedule, Span
from sanjeh.hours.instants import SECOND, to_datetime, to_microseconds, wall_to_microseconds

MINUTE = 60 * SECOND
CHANGES = [
    ("Asia/Tehran", date(2022, 3, 21)),
    ("Asia/Tehran", date(2022, 9, 21)),
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 17)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("UTC", date(2025, 12, 31)),
]


@dataclass(frozen=True)
class Case:
    zone: str
    around: date
    calendar: Calendar

    def instants(self) -> st.SearchStrategy[int]:
        """Instants within two days of the clock change, in microseconds."""
        day = self.around
        noon = to_microseconds(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
        return st.integers(noon - 2 * 86_400 * SECOND, noon + 2 * 86_400 * SECOND)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone, around = draw(st.sampled_from(CHANGES))
    spans = st.lists(
        st.builds(
            lambda opens, length: Span(opens * 300, (opens + length) * 300),
            st.integers(0, 287),
            st.one_of(st.integers(1, 288), st.just(288)),
        ),
        max_size=3,
    ).map(tuple)
    weekly = tuple(draw(spans) for _ in range(7))
    days = st.integers(-3, 3).map(lambda days: around + timedelta(days=days))
    return Case(
        zone,
        around,
        Calendar(ZoneInfo(zone), weekly, draw(st.dictionaries(days, spans, max_size=2))),
    )


def spans_on(calendar: Calendar, on: date) -> tuple[Span, ...]:
    return calendar.exceptions.get(on, calendar.weekly[on.weekday()])


def is_open_by_the_clock(case: Case, minute: datetime) -> bool:
    wall = minute.astimezone(pytz.timezone(case.zone))
    second = wall.hour * 3600 + wall.minute * 60
    today, yesterday = wall.date(), wall.date() - timedelta(days=1)
    return any(s.opens <= second < s.closes for s in spans_on(case.calendar, today)) or any(
        s.opens <= second + 86_400 < s.closes for s in spans_on(case.calendar, yesterday)
    )


def has_an_odd_boundary(case: Case) -> bool:
    """Whether some hours open or close at a wall time that is skipped or shown twice.

    Reading the clock cannot tell what these mean; the convention is tested with literals.
    """
    zone = pytz.timezone(case.zone)
    for days in range(-4, 5):
        on = case.around + timedelta(days=days)
        for span in spans_on(case.calendar, on):
            for second in (span.opens, span.closes):
                wall = datetime(on.year, on.month, on.day) + timedelta(seconds=second)  # noqa: DTZ001
                try:
                    zone.localize(wall, is_dst=None)
                except pytz.InvalidTimeError:
                    return True
    return False


@settings(max_examples=60, deadline=None)
@given(case=cases(), data=st.data())
def test_open_time_is_the_minutes_at_which_the_clock_is_within_the_hours(
    case: Case, data: st.DataObject
) -> None:
    assume(not has_an_odd_boundary(case))
    start = data.draw(case.instants()) // MINUTE * MINUTE
    end = data.draw(case.instants()) // MINUTE * MINUTE
    minutes = [to_datetime(at) for at in range(start, end, MINUTE)]
    expected = sum(is_open_by_the_clock(case, minute) for minute in minutes)
    schedule = Schedule(case.calendar)
    assert schedule.open_microseconds(start, end) == expected * MINUTE
    for minute in minutes[::97]:
        assert schedule.is_open(minute) == is_open_by_the_clock(case, minute)


@settings(max_examples=100, deadline=None)
@given(case=cases(), data=st.data())
def test_open_time_adds_up(case: Case, data: st.DataObject) -> None:
    first, second, third = sorted(data.draw(case.instants()) for _ in range(3))
    schedule = Schedule(case.calendar)
    parts = [schedule.open_microseconds(a, b) for a, b in ((first, second), (second, third))]
    whole = schedule.open_microseconds(first, third)
    assert sum(parts) == whole
    assert 0 <= whole <= third - first
    assert sum(b - a for a, b in schedule.open_intervals(first, third)) == whole


@settings(max_examples=100, deadline=None)
@given(case=cases(), data=st.data(), length=st.integers(1, 20 * 86_400 * SECOND))
def test_deadline_is_the_first_instant_with_that_much_open_time(
    case: Case, data: st.DataObject, length: int
) -> None:
    assume(any(case.calendar.weekly))
    schedule, start = Schedule(case.calendar), data.draw(case.instants())
    deadline = schedule.after(to_datetime(start), length / SECOND)
    assert deadline is not None
    reached = to_microseconds(deadline)
    assert schedule.open_microseconds(start, reached) == length
    assert schedule.open_microseconds(start, reached - 1) == length - 1


@settings(max_examples=100, deadline=None)
@given(case=cases(), data=st.data(), length=st.integers(1, 20 * 86_400 * SECOND))
def test_before_is_the_last_instant_with_that_much_open_time(
    case: Case, data: st.DataObject, length: int
) -> None:
    assume(any(case.calendar.weekly))
    schedule, end = Schedule(case.calendar), data.draw(case.instants())
    begun = schedule.before(to_datetime(end), length / SECOND)
    assert begun is not None
    reached = to_microseconds(begun)
    assert schedule.open_microseconds(reached, end) == length
    assert schedule.open_microseconds(reached + 1, end) == length - 1


@settings(max_examples=300, deadline=None)
@given(
    zone=st.sampled_from(sorted(available_timezones())),
    on=st.dates(date(1905, 1, 1), date(2035, 12, 31)),
    span=st.builds(lambda a, b: Span(a, a + b), st.integers(0, 86_399), st.integers(1, 86_400)),
)
def test_day_without_a_clock_change_needs_no_look_up(zone: str, on: date, span: Span) -> None:
    calendar = Calendar(ZoneInfo(zone), ((),) * 7, {on: (span,)})
    looked_up = tuple(
        wall_to_microseconds(calendar.zone, on.toordinal(), second)
        for second in (span.opens, span.closes)
    )
    found = calendar.open_on(on.toordinal(), on.toordinal())
    assert found in ([looked_up], [])
    begins, ends = (wall_to_microseconds(calendar.zone, on.toordinal(), s) for s in (0, 86_400))
    assert found or looked_up[1] <= looked_up[0] or begins == ends  # a date that was skipped


def test_no_zone_changes_its_clock_there_and_back_within_three_days() -> None:
    # What `steady_midnights` relies on.
    for name in pytz.all_timezones:
        zone = pytz.timezone(name)
        times = getattr(zone, "_utc_transition_times", [])
        offsets = [info[0] for info in getattr(zone, "_transition_info", [])]
        for at in range(2, len(times)):
            there_and_back = offsets[at] == offsets[at - 2] != offsets[at - 1]
            assert not (there_and_back and times[at] - times[at - 1] < timedelta(days=3)), name
