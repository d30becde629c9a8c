"""How the rows of a table lie in a file of DuckDB: those that one question reads, together.

DuckDB knows the least and the greatest value of each column in every stretch of some 120,000 rows,
and skips a stretch that a condition rules out. Rows lie by the instant that figures count them by,
so that a month of two years reads a few stretches. What holds for a time, as a ticket's state, is
asked for by both its ends: the short ones lie first, then the long, then those that last still, so
that what ended long ago is skipped as well.
"""

from __future__ import annotations

DAY = 86_400_000_000
LONG, VERY_LONG = DAY, 30 * DAY  # microseconds
Lies = tuple[str | tuple[str, str], ...]
"""Columns; a pair of instants stands for how long it is from the one to the other."""


def order_of(lies_by: Lies) -> str:
    """The terms of an ORDER BY."""
    return ", ".join(f'"{by}"' if isinstance(by, str) else _length(*by) for by in lies_by)


def _length(start: str, end: str) -> str:
    """0 of what is short, 1 of what is long, 2 of what is very long or has no end yet."""
    length = f'"{end}" - "{start}"'
    return f"CASE WHEN {length} <= {LONG} THEN 0 WHEN {length} <= {VERY_LONG} THEN 1 ELSE 2 END"
