"""Compaction changes no row, drops what never was committed, and spares readers for an hour."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

from deltalake import DeltaTable
from ledger_cases import everything, load, open_ledger, put, run_until


def test_small_files_become_one_and_rows_stay(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    for number in range(5):
        put(ledger, "message", {"id": str(number), "body": "x", "attributes": {"a": "b"}})
        put(ledger, "message", {"id": "same", "body": str(number)})
    before = everything(ledger)
    assert len(ledger.snapshot().files("message")) == 10
    ledger.compact()
    after = ledger.snapshot()
    assert [len(files) for files in after.tables.values()] == [1] * len(after.tables)
    assert everything(ledger) == before
    assert [b.number for b in ledger.batches()] == list(range(1, 11))


def test_rows_of_a_killed_import_are_dropped(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    put(ledger, "message", {"id": "1"})
    run_until("after message", partial(load, tmp_path, {"message": [{"id": "2"}]}))
    put(ledger, "message", {"id": "3"})
    ledger.compact()
    files = ledger.snapshot().files("message")
    rows = DeltaTable(str(Path(files[0]).parent)).to_pyarrow_table()
    assert sorted(rows["id"].to_pylist()) == ["desk/1", "desk/3"]
    assert ledger.snapshot().uncommitted == (2,)


def test_files_let_go_stay_for_readers_and_strays_go_after_an_hour(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    put(ledger, "message", {"id": "1"})
    put(ledger, "message", {"id": "2"})
    held = ledger.snapshot().files("message")
    stray = Path(held[0]).parent / "000000099-000001.parquet"
    stray.write_bytes(b"left by a killed import")
    ledger.compact()
    assert all(Path(file).exists() for file in held)
    assert stray.exists()
    two_hours_ago = time.time() - 7200
    os.utime(stray, (two_hours_ago, two_hours_ago))
    ledger.compact()
    assert not stray.exists()
    assert all(Path(file).exists() for file in held)


def test_the_log_keeps_no_values(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    put(ledger, "customer", {"id": "c", "display_name": "Somebody"})
    put(ledger, "customer", {"id": "d", "display_name": "Another"})
    ledger.compact()
    logs = "".join(p.read_text() for p in tmp_path.rglob("_delta_log/*.json"))
    assert "numRecords" in logs
    assert "minValues" not in logs
    assert "Somebody" not in logs
