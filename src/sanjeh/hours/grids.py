"""The grid: F(t), the open time before t, as a table that millions of rows join with equality.

One row a calendar and cell of 15 minutes of UTC, whether open or not. Within a cell F rises
only while open, so with at most two open intervals a cell F of every instant in it is exact:

    F(t) = before + clamp(t - open_from, 0, open_until - open_from)
                  + clamp(t - open_from2, 0, open_until2 - open_from2)

Two, not one: a break of less than 15 minutes inside a cell leaves two open parts. A second
pair of columns keeps the join one equality and the cell one width; a finer cell for everyone
would multiply the rows for the sake of one calendar. Three parts in a quarter of an hour are
refused by name. Why a grid: architecture, decision 2.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from sanjeh.hours.calendars import Intervals
from sanjeh.hours.errors import HoursError
from sanjeh.hours.instants import SECOND, to_datetime
from sanjeh.hours.schedules import Schedule

CELL = 15 * 60 * SECOND
"""Width of a cell in microseconds; instant `t` is in the cell numbered `t // CELL`."""

_TYPES: dict[str, pa.DataType] = {
    "calendar": pa.string(),
    "cell": pa.int64(),
    "before": pa.int64(),
    "open_from": pa.int64(),
    "open_until": pa.int64(),
    "open_from2": pa.int64(),
    "open_until2": pa.int64(),
}
GRID_SCHEMA = pa.schema(_TYPES)


def grid(schedules: Mapping[str, Schedule], from_us: int, until_us: int) -> pa.Table:
    """Return F(t) of every calendar for the cells from `from_us` up to and with `until_us`.

    `calendar` string; `cell` int64, instant_us // CELL; `before` int64, open microseconds from
    1970 UTC to the cell's start, so that grids made at different times agree; two open
    intervals `open_from`/`open_until` and `open_from2`/`open_until2` int64 instants, empty
    (both the same instant) where the cell has fewer. Sorted by calendar, then cell.
    """
    if from_us > until_us:
        raise HoursError(
            f"A grid was asked for from {to_datetime(from_us)} until {to_datetime(until_us)}; "
            "give the earlier instant first."
        )
    cells = np.arange(from_us // CELL, until_us // CELL + 1, dtype=np.int64)
    parts = [_cells_of(name, schedules[name], cells) for name in sorted(schedules)]
    return pa.concat_tables(parts) if parts else GRID_SCHEMA.empty_table()


def _cells_of(name: str, schedule: Schedule, cells: np.ndarray) -> pa.Table:
    starts = cells * CELL
    start, end = int(starts[0]), int(starts[-1]) + CELL
    intervals = schedule.open_intervals(start, end)
    _refuse_three_in_a_cell(name, intervals)
    # Two empty intervals after the last, so that every cell finds two that end after its start.
    padded = np.array([*intervals, (end, end), (end, end)], dtype=np.int64)
    opens, closes = padded[:, 0], padded[:, 1]
    lengths = closes - opens
    before_interval = schedule.open_before(start) + np.cumsum(lengths) - lengths
    first = np.searchsorted(closes, starts, side="right")
    before = before_interval[first] + np.clip(starts - opens[first], 0, lengths[first])
    pairs = []
    for at in (first, first + 1):
        pairs += [
            np.clip(opens[at], starts, starts + CELL),
            np.clip(closes[at], starts, starts + CELL),
        ]
    names = pa.repeat(pa.scalar(name), len(cells))
    return pa.table([names, cells, before, *pairs], schema=GRID_SCHEMA)


def _refuse_three_in_a_cell(name: str, intervals: Intervals) -> None:
    for (_, first_closes), (third_opens, _) in zip(intervals, intervals[2:], strict=False):
        if (first_closes - 1) // CELL == third_opens // CELL:
            raise HoursError(
                f"Calendar {name!r} opens three times within the quarter of an hour of "
                f"{to_datetime(third_opens)}. Open hours may have at most two parts in it: "
                "join those that are minutes apart."
            )
