"""`last().over(...)` skips nulls on every engine: what finds the value in force at each change."""

from __future__ import annotations

import ibis
import pyarrow as pa

from sanjeh.engines.duck import DuckEngine

ROWS = pa.table(
    {
        "ticket": ["a", "a", "a", "a", "b", "b"],
        "n": [1, 2, 3, 4, 1, 2],
        "team": ["first", None, "second", None, None, "third"],
    }
)


def in_force(table: ibis.Table) -> ibis.Table:
    """The value in force after each row and before it, and the next one to come."""
    so_far = ibis.window(group_by=table.ticket, order_by=table.n, rows=(None, 0))
    before = ibis.window(group_by=table.ticket, order_by=table.n, rows=(None, -1))
    coming = ibis.window(group_by=table.ticket, order_by=table.n, rows=(0, None))
    return table.select(
        "ticket",
        "n",
        now=table.team.last().over(so_far),
        was=table.team.last().over(before),
        then=table.team.first().over(coming),
    )


def test_a_change_holds_until_the_next_one() -> None:
    engine = DuckEngine()
    engine.load("changes", ROWS)
    found = engine.run(in_force(engine.table("changes"))).to_pylist()
    assert sorted((r["ticket"], r["n"], r["now"], r["was"], r["then"]) for r in found) == [
        ("a", 1, "first", None, "first"),
        ("a", 2, "first", "first", "second"),
        ("a", 3, "second", "first", "second"),
        ("a", 4, "second", "second", None),
        ("b", 1, None, None, "third"),
        ("b", 2, "third", None, "third"),
    ]


def test_spark_is_told_the_same() -> None:
    table = ibis.table({"ticket": "string", "n": "int64", "team": "string"}, name="changes")
    sql = str(ibis.to_sql(in_force(table), dialect="pyspark"))
    assert sql.count("IGNORE NULLS") == 3
