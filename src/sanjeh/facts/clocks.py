"""Open hours beside every instant: F(t), so that asking for open time joins nothing (A1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from sanjeh.facts.registry import Tables
from sanjeh.hours.columns import with_in_open_hours, with_open


def stamped(table: Any, t: Tables, instants: Sequence[str]) -> Any:
    """The table with `<instant>_open` (microseconds open before it) for each `<instant>_at`.

    Needs a column `calendar`. Null where the row has no calendar or the instant is null.
    """
    grid = t.get("open_grid")
    if grid is None:
        return table.mutate(
            **{name.removesuffix("_at") + "_open": ibis.null("int64") for name in instants}
        )
    return with_open(table, list(instants), "calendar", grid)


def opened(table: Any, t: Tables, instant: str, name: str) -> Any:
    """The table with a flag `name`: whether it was open at the instant; null where unknown."""
    grid = t.get("open_grid")
    if grid is None:
        return table.mutate(**{name: ibis.null("boolean")})
    flag = instant.removesuffix("_at") + "_in_open_hours"
    return with_in_open_hours(table, instant, "calendar", grid).rename({name: flag})
