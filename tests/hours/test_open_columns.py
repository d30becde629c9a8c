"""Open time of many rows, on every engine: the same figures as for single intervals."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
import pytest

from sanjeh.hours import Calendar, HoursError, Schedule, Span
from sanjeh.hours.columns import open_column, with_in_open_hours, with_open
from sanjeh.hours.grids import CELL, grid
from sanjeh.hours.instants import SECOND

Engine = Callable[..., tuple[Any, ...]]
"""Given tables by name, returns them as tables of the engine, in the same order."""


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


def calendar(zone: str, *spans: tuple[str, str]) -> Schedule:
    days = (tuple(Span.parse(*span) for span in spans),) * 5
    return Schedule(Calendar(ZoneInfo(zone), (*days, (), ())))


SCHEDULES = {
    "office": calendar("UTC", ("08:00", "16:00")),
    "london": calendar("Europe/London", ("09:10", "12:02"), ("12:10", "18:05")),
    "nights": calendar("Asia/Tehran", ("22:00", "06:00")),
}
GRID = grid(SCHEDULES, at("2026-03-01"), at("2026-04-10"))


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").create()
    yield session
    session.stop()
    server.stop()


@pytest.fixture(params=["duckdb", "sail"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "duckdb":
        duckdb = ibis.duckdb.connect()
        return lambda **tables: tuple(
            duckdb.create_table(name, data) for name, data in tables.items()
        )
    session = request.getfixturevalue("spark")
    sail = ibis.pyspark.connect(session)

    def put(**tables: pa.Table) -> tuple[Any, ...]:
        for name, data in tables.items():
            session.createDataFrame(data).createOrReplaceTempView(name)
        return tuple(sail.table(name) for name in tables)

    return put


def rows(**columns: list[Any]) -> pa.Table:
    types = {"calendar_id": pa.string()}
    return pa.table(
        {
            name: pa.array(values, types.get(name, pa.int64()))
            for name, values in {"id": list(range(len(columns["calendar_id"]))), **columns}.items()
        }
    )


def test_wait_over_a_weekend_is_90_minutes(engine: Engine) -> None:
    given = rows(
        calendar_id=["office"], asked_at=[at("2026-03-06 15:30")], answered_at=[at("2026-03-09 09")]
    )
    tickets, cells = engine(tickets=given, cells=GRID)
    timed = with_open(tickets, ["asked_at", "answered_at"], "calendar_id", cells)
    (waited,) = timed.select(wait=timed.answered_open - timed.asked_open).to_pyarrow()["wait"]
    assert waited.as_py() == 90 * 60 * SECOND


def test_unknown_is_null_and_no_row_is_lost(engine: Engine) -> None:
    known = at("2026-03-09 08:30")
    given = rows(
        calendar_id=["office", None, "office", "nobody's", "office", "office"],
        asked_at=[known, known, None, known, at("2026-02-28 23:59"), at("2255-01-01")],
    )
    tickets, cells = engine(tickets=given, cells=GRID)
    found = with_open(tickets, ["asked_at"], "calendar_id", cells).order_by("id").to_pyarrow()
    assert found.column_names == ["id", "calendar_id", "asked_at", "asked_open"]
    assert found.drop_columns("asked_open").to_pylist() == given.to_pylist()
    # 14657 weekdays of 8 hours since 1970-01-01, and half an hour of Monday, 2026-03-09.
    assert found["asked_open"].to_pylist() == [
        (14657 * 8 * 3600 + 1800) * SECOND,
        None,
        None,
        None,
        None,
        None,
    ]


def test_edges_of_cells_and_of_open_hours(engine: Engine) -> None:
    edges = ["09:10", "12:00", "12:02", "12:10", "12:15", "18:05", "18:15"]
    # In winter London's clock shows UTC. Minutes since 09:10, the break of 8 minutes left out.
    expected = [0, 170, 172, 172, 177, 527, 527]
    instants = [at(f"2026-03-10 {edge}") for edge in edges]
    given = rows(calendar_id=["london"] * len(edges), asked_at=instants)
    tickets, cells = engine(tickets=given, cells=GRID)
    found = with_open(tickets, ["asked_at"], "calendar_id", cells).order_by("id").to_pyarrow()
    opened = found["asked_open"].to_pylist()
    assert [(value - opened[0]) / (60 * SECOND) for value in opened] == expected


def test_many_rows_agree_with_single_intervals(engine: Engine) -> None:
    chance = random.Random(20260309)
    names = chance.choices(sorted(SCHEDULES), k=3000)
    draw = [chance.randrange(at("2026-03-01"), at("2026-04-10")) for _ in range(6000)]
    on_edges = [instant // CELL * CELL for instant in draw[:1000]]
    given = rows(calendar_id=names, asked_at=on_edges + draw[1000:3000], answered_at=draw[3000:])
    tickets, cells = engine(tickets=given, cells=GRID)
    timed = with_open(tickets, ["asked_at", "answered_at"], "calendar_id", cells)
    found = timed.to_pyarrow().to_pylist()
    assert len(found) == 3000
    for row in found:
        schedule, asked, answered = (
            SCHEDULES[row["calendar_id"]],
            row["asked_at"],
            row["answered_at"],
        )
        waited = row["answered_open"] - row["asked_open"]
        assert max(waited, 0) == schedule.open_microseconds(asked, answered)
        assert row["asked_open"] == schedule.open_before(asked)


def test_columns_named_as_in_the_grid_are_kept(engine: Engine) -> None:
    known = at("2026-03-09 09:00")
    given = pa.table({"calendar": ["office"], "cell": [7], "before": [8], "open_at": [known]})
    tickets, cells = engine(tickets=given, cells=GRID)
    (row,) = with_open(tickets, ["open_at"], "calendar", cells).to_pyarrow().to_pylist()
    assert row == {
        "calendar": "office",
        "cell": 7,
        "before": 8,
        "open_at": known,
        "open_open": (14657 * 8 + 1) * 3600 * SECOND,
    }


def test_arrival_in_open_hours(engine: Engine) -> None:
    times = ["09:09", "09:10", "12:01", "12:02", "12:09", "12:10", "18:04", "18:05"]
    given = rows(
        calendar_id=["london"] * 8 + [None, "london"],
        asked_at=[at(f"2026-03-10 {time}") for time in times] + [at("2026-03-10 12:00"), None],
    )
    tickets, cells = engine(tickets=given, cells=GRID)
    found = with_in_open_hours(tickets, "asked_at", "calendar_id", cells).order_by("id")
    assert found.to_pyarrow()["asked_in_open_hours"].to_pylist() == [
        False,
        True,
        True,
        False,
        False,
        True,
        True,
        False,
        None,
        None,
    ]


def test_only_names_of_instants_are_accepted() -> None:
    assert open_column("first_human_reply_at") == "first_human_reply_open"
    with pytest.raises(HoursError, match="'_at'"):
        open_column("asked")


def test_open_column_is_not_overwritten() -> None:
    table = ibis.table({"calendar_id": "string", "asked_at": "int64", "asked_open": "int64"})
    cells = ibis.table(ibis.Schema.from_pyarrow(GRID.schema), name="cells")
    with pytest.raises(HoursError, match="already has a column"):
        with_open(table, ["asked_at"], "calendar_id", cells)
