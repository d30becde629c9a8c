"""Rows lie in a fact's file so that what one question reads stands together."""

from __future__ import annotations

from pathlib import Path

from record_homes import built, said, talk
from sanjeh.engines.duck import DuckEngine

HOUR, DAY = 3_600_000_000, 86_400_000_000


def test_rows_lie_by_their_instant_and_stretches_by_how_long_they_last() -> None:
    engine = DuckEngine()
    rows = f"""
        SELECT * FROM (VALUES
            ('lasts still', 0, NULL), ('a month and a day', 1, {31 * DAY}),
            ('a second day', 5 * {DAY}, 6 * {DAY} + {HOUR}), ('a day', 3 * {DAY}, 4 * {DAY}),
            ('an hour', 2 * {DAY}, 2 * {DAY} + {HOUR}), ('two days', {DAY}, 3 * {DAY}),
            ('of no known begin', NULL, {DAY})
        ) AS t(name, from_at, until_at)
    """
    engine.create_in_order("stretches", rows, (("from_at", "until_at"), "from_at"))
    lying = engine.sql.execute("SELECT name FROM stretches ORDER BY rowid").fetchall()
    assert [name for (name,) in lying] == [
        "an hour", "a day",  # at most a day
        "two days", "a second day",  # at most thirty days
        "lasts still", "a month and a day", "of no known begin",
    ]  # fmt: skip
    engine.create_in_order("instants", rows, ("from_at",))
    first = engine.sql.execute("SELECT from_at FROM instants ORDER BY rowid").fetchall()
    assert first == [(0,), (1,), (DAY,), (2 * DAY,), (3 * DAY,), (5 * DAY,), (None,)]
    assert engine.tables() == ("instants", "stretches")
    engine.close()


def test_a_full_build_lays_conversations_by_their_start(tmp_path: Path) -> None:
    days = ("03-05", "03-02", "03-09", "03-01")
    records = [
        record
        for d in days
        for record in (talk(f"c{d}", f"{d} 09:00", "chat"), said(f"c{d}", f"{d} 09:00"))
    ]
    home = built(tmp_path / "home", records)
    answers = home.answers()
    rows = answers.engine.rows("SELECT conversation_id FROM conversations ORDER BY rowid")
    found = [row["conversation_id"].rpartition("c")[2] for row in rows.to_pylist()]
    assert found == ["03-01", "03-02", "03-05", "03-09"]
    answers.close()
