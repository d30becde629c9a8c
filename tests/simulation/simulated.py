"""Small operations that the tests of this room share, and plain SQL over their tables."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import duckdb
import pytest

from sanjeh.simulation import Operation, simulate

UNTIL = dt.date(2026, 3, 1)


@cache
def small(
    locale: Any = "en", *, days: int = 30, until: dt.date = UNTIL, seed: int = 1
) -> Operation:
    """An operation of about 2,000 conversations, made once a process."""
    return simulate(locale, days=days, until=until, seed=seed, conversations=2_000)


def rows(operation: Operation, sql: str) -> list[tuple[Any, ...]]:
    """What plain SQL finds in the operation's tables."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, table in operation.tables.items():
            connection.register(name, table)
        return connection.execute(sql).fetchall()


def value(operation: Operation, sql: str) -> Any:
    """The one value that plain SQL finds."""
    ((found,),) = rows(operation, sql)
    return found


every_shop = pytest.mark.parametrize("locale", ["en", "fa", "ru"])
