"""Columns of the ledger's files that hold nothing are known without being read."""

from __future__ import annotations

from pathlib import Path

import duckdb

from record_homes import load, ticket
from sanjeh.engines.duck import DuckEngine
from sanjeh.engines.files import empty_columns
from sanjeh.home import Home
from sanjeh.ledger import KINDS


def written(path: Path, rows: str) -> str:
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT * FROM {rows}) TO '{path}' (FORMAT parquet)")
    return str(path)


def test_only_what_is_null_in_every_row_of_every_file_is_empty(tmp_path: Path) -> None:
    first = written(
        tmp_path / "first.parquet",
        """(VALUES
            (1, NULL::VARCHAR, NULL::VARCHAR[], NULL::VARCHAR[], NULL::VARCHAR[], NULL::VARCHAR[]),
            (2, NULL, NULL, [], [NULL], ['a'])
        ) AS t(id, word, no_list, no_words, unknown_word, words)""",
    )
    assert empty_columns([first]) == {"word", "no_list"}
    second = written(
        tmp_path / "second.parquet",
        "(VALUES (3, 'said', NULL), (4, NULL, NULL)) AS t(id, word, added)",
    )
    # What a file does not have is null in its rows too.
    assert empty_columns([first, second]) == {"no_list", "added"}


def test_one_value_in_a_late_stretch_of_rows_is_seen(tmp_path: Path) -> None:
    rows = (
        "(SELECT i AS id, CASE WHEN i = 299999 THEN ['a'] END AS words, "
        "CASE WHEN i = 299999 THEN true END AS said, NULL::BOOLEAN AS unsaid "
        "FROM range(300000) t(i)) t"
    )
    assert empty_columns([written(tmp_path / "long.parquet", rows)]) == {"unsaid"}


def test_a_field_that_comes_to_be_filled_is_read(tmp_path: Path) -> None:
    home, engine = Home(tmp_path / "home"), DuckEngine()

    def read() -> list[dict[str, object]]:
        tickets = engine.scan_ledger(home.ledger().snapshot(), KINDS)["ticket"]
        rows = tickets.select("id", "is_spam", "resolved_at", "linked_ids").order_by("id")
        return list(engine.run(rows).to_pylist())

    load(home, [ticket("t1", "03-02 09:00")])
    nothing = {"is_spam": None, "resolved_at": None, "linked_ids": None}
    assert read() == [{"id": "desk/t1", **nothing}]
    load(home, [ticket("t2", "03-02 09:00", is_spam=True, resolved_at="1970-01-01T00:00:01Z",
                       linked_ids=[])])  # fmt: skip
    later = {"is_spam": True, "resolved_at": 1_000_000, "linked_ids": []}
    assert read() == [{"id": "desk/t1", **nothing}, {"id": "desk/t2", **later}]
    engine.close()
