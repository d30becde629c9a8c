"""Open time of millions of rows: Ibis expressions over the grid, for every engine.

Business time between two instants of a row is the difference of their open columns. Only
equality joins and int64 arithmetic, least and greatest are used (the portable vocabulary).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ibis
import ibis.expr.types as ir

from sanjeh.hours.errors import HoursError
from sanjeh.hours.grids import CELL


def open_column(instant_column: str) -> str:
    """Return the name of the column of open time: `solved_at` gives `solved_open`."""
    if not instant_column.endswith("_at"):
        raise HoursError(
            f"{instant_column!r} does not end in '_at', as the name of an instant does; "
            "rename the column."
        )
    return instant_column.removesuffix("_at") + "_open"


def open_before(instant: ir.IntegerValue, cell: ir.Table) -> ir.IntegerValue:
    """Return F(instant): open microseconds since 1970, from the grid's row of its cell.

    `cell` is a table with the grid's columns, joined on calendar and instant // CELL.
    """
    return (
        cell.before
        + _clamped(instant, cell.open_from, cell.open_until)
        + _clamped(instant, cell.open_from2, cell.open_until2)
    )


def with_open(
    table: ir.Table,
    instant_column_names: Sequence[str],
    calendar_column: str,
    grid_table: ir.Table,
) -> ir.Table:
    """Return the table with an int64 column `<name>_open` for each instant `<name>_at`.

    Null where the calendar or the instant is null, the calendar is not in the grid, or the
    instant is outside it. The number of rows stays.
    """
    for name in instant_column_names:
        opened = open_column(name)
        table = _with_cell(table, name, calendar_column, grid_table, opened, open_before)
    return table


def with_in_open_hours(
    table: ir.Table, instant_column_name: str, calendar_column: str, grid_table: ir.Table
) -> ir.Table:
    """Return the table with a boolean `<name>_in_open_hours`: whether it was open then (A1.1).

    True at an opening, false at a closing. Null where `with_open` gives null.
    """
    named = f"{open_column(instant_column_name).removesuffix('_open')}_in_open_hours"
    return _with_cell(table, instant_column_name, calendar_column, grid_table, named, _is_open)


def _with_cell(
    table: ir.Table,
    instant_column: str,
    calendar_column: str,
    grid_table: ir.Table,
    named: str,
    value: Callable[[ir.IntegerValue, ir.Table], ir.Value],
) -> ir.Table:
    """Return the table with one more column, worked out from the instant and its cell."""
    if named in table.columns:
        raise HoursError(
            f"The table already has a column {named!r}; drop it, or ask for "
            f"{instant_column!r} once."
        )
    # TRICKY: engines divide `//` as floats, then floor. That is exact for instants before the
    # year 2255 (2**53 microseconds); later ones are outside every grid.
    keyed = table.mutate(_cell=(table[instant_column] // CELL).cast("int64"))
    cells = grid_table.view()
    joined = keyed.left_join(
        cells, [keyed[calendar_column] == cells.calendar, keyed._cell == cells.cell]
    )
    kept = [keyed[column] for column in table.columns]
    return joined.select(*kept, value(keyed[instant_column], cells).name(named))


def _is_open(instant: ir.IntegerValue, cell: ir.Table) -> ir.BooleanValue:
    first = (instant >= cell.open_from) & (instant < cell.open_until)
    return first | ((instant >= cell.open_from2) & (instant < cell.open_until2))


def _clamped(
    instant: ir.IntegerValue, opens: ir.IntegerValue, closes: ir.IntegerValue
) -> ir.IntegerValue:
    """Return how much of the open interval lies before the instant."""
    return ibis.least(ibis.greatest(instant, opens), closes) - opens
