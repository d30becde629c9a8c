"""What waits in the inbox is read beside what lies in files, in whatever is joined to both."""

from __future__ import annotations

import pyarrow as pa
import pytest

from sanjeh.engines.duck import DuckEngine
from sanjeh.ledger import Ledger
from sanjeh.ledger.kinds import KINDS

MANY = 40_000  # rows in files, so that DuckDB filters them by what they are joined to


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    made = Ledger(tmp_path_factory.mktemp("beside") / "home")
    with made.importing("shop") as batch:
        batch.append("message", pa.table({
            "id": [str(n) for n in range(MANY)],
            "conversation_id": [f"c{n}" for n in range(MANY)],
            "body": ["old words"] * MANY,
        }))  # fmt: skip
    fresh = [{"id": f"new{n}", "conversation_id": f"c{n * 70}", "body": "new"} for n in range(50)]
    made.inbox.put("message", fresh, source="shop")
    return made


def test_few_are_joined_to_the_rows_of_both(ledger: Ledger) -> None:
    engine = DuckEngine()
    engine.scan_ledger(ledger.snapshot(), KINDS)
    engine.sql.execute(
        "CREATE TEMP TABLE few AS SELECT 'shop/c' || (n * 70) AS c, n FROM range(500) t(n)"
    )
    found = engine.sql.execute(
        "SELECT count(*), count(*) FILTER (m.id LIKE 'shop/new%') "
        "FROM ledger_message m JOIN few f ON m.conversation_id = f.c WHERE f.n >= 10"
    ).fetchall()
    # Files: 490 of the 500 lie in them (the last is 34,930); the inbox: 50 but the first ten.
    assert found == [(490 + 40, 40)]
    engine.close()


def test_a_second_snapshot_is_read_anew(ledger: Ledger) -> None:
    engine = DuckEngine()
    engine.scan_ledger(ledger.snapshot(), KINDS)
    ledger.inbox.put("message", [{"id": "later", "conversation_id": "c1"}], source="shop")
    engine.scan_ledger(ledger.snapshot(), KINDS)
    (row,) = engine.sql.execute("SELECT count(*) FROM ledger_message").fetchall()
    assert row == (ledger.rows("message").num_rows,)
    engine.close()


def test_cards_records_and_texts_come_from_both(ledger: Ledger) -> None:
    wanted = [f"shop/c{n}" for n in range(600)]  # more than are named in a statement
    found = ledger.among("message", "conversation_id", wanted)
    assert sum(id_.startswith("shop/new") for id_ in found["id"].to_pylist()) == 9  # c0 to c560
    texts = ledger.texts("message", [f"shop/{n}" for n in range(600)] + ["shop/new1"])
    assert len(texts) == 601
    assert texts["shop/new1"] == {"body": "new"}
