"""F(t) as a table: its cells by hand, and on random calendars against single intervals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjeh.hours import Calendar, HoursError, Schedule, Span
from sanjeh.hours.grids import CELL, GRID_SCHEMA, grid
from sanjeh.hours.instants import SECOND

MINUTE = 60 * SECOND
MONDAY = int(datetime(2026, 3, 9, tzinfo=UTC).timestamp()) * SECOND


def on_monday(text: str, zone: str = "UTC") -> Schedule:
    """Build a schedule open only on Monday, 2026-03-09, in these spans."""
    spans = tuple(Span.parse(*span.split("-")) for span in text.split())
    return Schedule(Calendar(ZoneInfo(zone), ((),) * 7, {date(2026, 3, 9): spans}))


def minute_of(instant: int) -> int:
    return (instant - MONDAY) // MINUTE


def cells(schedule: Schedule, first: str, last: str) -> list[tuple[int, int, int, int, int]]:
    """Return the cells between two times of Monday: all in minutes, instants since midnight."""
    edges = [int(time[:2]) * 60 + int(time[3:]) for time in (first, last)]
    table = grid({"c": schedule}, *(MONDAY + edge * MINUTE for edge in edges))
    return [
        (
            row["before"] // MINUTE,
            *(
                minute_of(row[name])
                for name in ("open_from", "open_until", "open_from2", "open_until2")
            ),
        )
        for row in table.to_pylist()
    ]


def test_cells_around_an_opening_within_a_cell() -> None:
    # 09:10 is minute 550; cells begin at 540, 555 and 570.
    found = cells(on_monday("09:10-09:40"), "08:45", "10:00")
    assert [row[:3] for row in found] == [
        (0, 540, 540),  # 08:45 to 09:00: closed (empty, at the edge nearest to the next opening)
        (0, 550, 555),  # 09:00 to 09:15
        (5, 555, 570),
        (20, 570, 580),  # closes at 09:40
        (30, 600, 600),
        (30, 615, 615),
    ]
    assert all(row[3] == row[4] for row in found)


def test_short_break_leaves_two_open_parts_in_a_cell() -> None:
    # 12:02 to 12:10 closed: minutes 722 to 730 of the cell from 720 to 735.
    assert cells(on_monday("09:00-12:02 12:10-17:00"), "12:00", "12:00") == [
        (180, 720, 722, 730, 735)
    ]


def test_three_open_parts_in_a_cell_are_refused_by_name() -> None:
    with pytest.raises(HoursError, match=r"'c' opens three times .* 2026-03-09 12:10"):
        cells(on_monday("12:00-12:02 12:05-12:07 12:10-12:14"), "12:00", "13:00")


def test_three_open_parts_in_two_cells_are_accepted() -> None:
    assert cells(on_monday("12:00-12:02 12:05-12:07 12:15-12:20"), "12:00", "12:15") == [
        (0, 720, 722, 725, 727),
        (4, 735, 740, 750, 750),
    ]


def test_closing_at_the_edge_of_a_cell_takes_no_room_in_it() -> None:
    schedule = on_monday("11:00-12:00 12:02-12:04 12:06-12:08")
    assert cells(schedule, "11:45", "12:00")[1] == (60, 722, 724, 726, 728)


def test_grid_has_the_cells_of_both_ends_for_every_calendar() -> None:
    schedules = {"b": on_monday("09:00-10:00"), "a": on_monday("09:00-10:00", "Asia/Tehran")}
    table = grid(schedules, MONDAY, MONDAY + 2 * CELL)
    assert table.schema == GRID_SCHEMA
    assert table["calendar"].to_pylist() == ["a", "a", "a", "b", "b", "b"]
    # 2026-03-09T00:00Z is 1773014400 seconds after 1970, so 1970016 quarters of an hour.
    assert table["cell"].to_pylist() == [1970016, 1970017, 1970018] * 2


def test_no_calendars_make_no_rows() -> None:
    assert grid({}, MONDAY, MONDAY).num_rows == 0


def test_grids_made_at_different_times_agree() -> None:
    schedule = {"c": Schedule(Calendar.always_open(ZoneInfo("Asia/Tehran")))}
    long = grid(schedule, MONDAY - 400 * 96 * CELL, MONDAY + CELL)
    short = grid(schedule, MONDAY, MONDAY + CELL)
    assert long.slice(long.num_rows - 2).to_pylist() == short.to_pylist()
    assert short["before"].to_pylist() == [MONDAY, MONDAY + CELL]


def test_start_after_the_end_is_refused() -> None:
    with pytest.raises(HoursError, match="earlier instant first"):
        grid({}, MONDAY, MONDAY - 1)


def open_before(table: pa.Table, instant: int) -> int:
    """Work out F(t) from the row of the instant's cell, as the module says."""
    rows: list[dict[str, Any]] = table.slice(instant // CELL - table["cell"][0].as_py(), 1)
    (row,) = rows.to_pylist()
    assert row["cell"] == instant // CELL
    return row["before"] + sum(
        min(max(instant - row[opens], 0), row[closes] - row[opens])
        for opens, closes in (("open_from", "open_until"), ("open_from2", "open_until2"))
    )


CHANGES = [
    ("Asia/Tehran", datetime(2022, 9, 21, tzinfo=UTC)),
    ("Europe/London", datetime(2026, 3, 29, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 5, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 4, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(1985, 12, 31, tzinfo=UTC)),  # 15 minutes; new year
    ("UTC", datetime(1970, 1, 1, tzinfo=UTC)),
]


@settings(max_examples=60, deadline=None)
@given(
    change=st.sampled_from(CHANGES),
    weeks=st.lists(
        st.tuples(
            *[
                st.lists(
                    st.builds(
                        lambda opens, length: Span(opens * 300, (opens + length) * 300),
                        st.integers(0, 287),
                        st.integers(1, 288),
                    ),
                    max_size=4,
                ).map(tuple)
            ]
            * 7
        ),
        min_size=2,
        max_size=2,
    ),
    offsets=st.lists(
        st.integers(-2 * 96 * CELL, 2 * 96 * CELL) | st.integers(-200, 200).map(lambda n: n * CELL),
        min_size=3,
        max_size=3,
    ),
)
def test_grid_agrees_with_single_intervals(
    change: tuple[str, datetime], weeks: list[Any], offsets: list[int]
) -> None:
    zone, middle = change
    at = int(middle.timestamp()) * SECOND
    changed_at, start, end = (at + offset for offset in offsets)
    calendars = [Calendar(ZoneInfo(zone), week) for week in weeks]
    schedule = Schedule(calendars[0], ((changed_at, calendars[1]),))
    table = grid({"c": schedule}, min(start, end), max(start, end))
    difference = open_before(table, end) - open_before(table, start)
    expected = schedule.open_microseconds(start, end) - schedule.open_microseconds(end, start)
    assert difference == expected
    assert open_before(table, start) == schedule.open_before(start)
