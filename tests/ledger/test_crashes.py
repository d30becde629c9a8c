"""Killed anywhere, out of disk, two at once: never half an import, never one twice."""

from __future__ import annotations

import os
import resource
import shutil
import threading
from functools import partial
from pathlib import Path

import pytest
from ledger_cases import (
    everything,
    fingerprint,
    load,
    load_each,
    open_ledger,
    processes,
    put,
    run_until,
    steps_of,
)

from sanjeh.ledger import KINDS, Ledger, LedgerBusy, LedgerDiskFull, home

FIRST = {
    "ticket": [{"id": "1", "priority": "low", "subject": "one"}, {"id": "2", "priority": "low"}],
    "customer": [{"id": "c", "display_name": "Old Name"}],
}
SECOND = {
    "ticket": [{"id": "1", "priority": "high", "subject": "uno"}, {"id": "3", "customer_id": "d"}],
    "customer": [{"id": "c", "display_name": "New Name", "attributes": {"plan": "gold"}}],
    "message": [{"id": "m", "body": "hello", "author_type": "customer", "author_id": "c"}],
}


def texts(ledger: Ledger) -> dict[str, dict[str, str]]:
    return ledger.texts("ticket", ["desk/1"]) | ledger.texts("message", ["desk/m"])


@pytest.fixture(scope="module")
def import_steps(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("steps")
    load(path, FIRST)
    return steps_of(partial(load, path, SECOND))


def test_the_steps_of_an_import(import_steps: list[str]) -> None:
    assert import_steps[0] == "numbered"
    assert import_steps[-2:] == ["before the commit", "after the commit"]
    assert {"before superseded", "after superseded", "after persons"} <= set(import_steps)


def check_killed_at(tmp_path: Path, steps: list[str]) -> None:
    first = tmp_path / "first"
    load(first, FIRST)
    before = everything(open_ledger(first))
    whole = open_ledger(shutil.copytree(first, tmp_path / "whole"))
    load(whole.path, SECOND)
    after = everything(whole)
    for step in steps:
        path = shutil.copytree(first, tmp_path / step.replace(" ", "-"))
        ledger = open_ledger(path)
        run_until(step, partial(load, path, SECOND))
        done = step == "after the commit"
        assert everything(ledger) == (after if done else before), step
        load(path, SECOND)
        assert everything(ledger) == after, step
        assert texts(ledger) == {"desk/1": {"subject": "uno"}, "desk/m": {"body": "hello"}}
        assert ledger.snapshot().uncommitted == (() if done else (2,)), step
        ledger.compact()
        assert everything(ledger) == after, step


def test_killed_before_the_commit_the_earlier_ledger_stands_and_the_import_can_be_done_again(
    tmp_path: Path,
) -> None:
    check_killed_at(tmp_path, ["before the commit"])


@pytest.mark.slow
def test_killed_at_any_step_it_is_the_same(tmp_path: Path, import_steps: list[str]) -> None:
    check_killed_at(tmp_path, import_steps)


def test_a_writer_that_dies_frees_the_lock_and_its_scratch_space(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    run_until("numbered", partial(load, tmp_path, FIRST))
    assert len(list((tmp_path / "work").iterdir())) == 1
    load(ledger.path, FIRST)
    assert list((tmp_path / "work").iterdir()) == []


def test_two_imports_at_once_both_land_once(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    identical = {"ticket": [{"id": str(n), "priority": "low"} for n in range(50)]}

    children = [
        processes.Process(
            target=load_each,
            args=(tmp_path, [identical, {"ticket": [{"id": own, "priority": "high"}]}]),
        )
        for own in ("left", "right")
    ]
    for process in children:
        process.start()
    for process in children:
        process.join(60)
    assert [p.exitcode for p in children] == [0, 0]
    ids = ledger.rows("ticket")["id"].to_pylist()
    assert sorted(ids) == sorted([*(f"desk/{n}" for n in range(50)), "desk/left", "desk/right"])
    assert [b.number for b in ledger.batches()] == [1, 2, 3, 4]


def test_a_busy_home_is_said_so(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    other = open_ledger(ledger.path)
    with ledger.importing("desk"):
        with (
            pytest.raises(LedgerBusy, match=r"waited 0.1 s for the import of desk .process \d+."),
            other.importing("shop", wait_seconds=0.1),
        ):
            pass
        assert "the import of shop waits for the import of desk" in caplog.text
    put(other, "ticket", {"id": "1"})


def test_readers_are_not_blocked_by_an_import(ledger: Ledger) -> None:
    put(ledger, "ticket", {"id": "1"})
    with ledger.importing("desk") as batch:
        batch.append("ticket", KINDS["ticket"].table([{"id": "2"}]))
        assert open_ledger(ledger.path).rows("ticket")["id"].to_pylist() == ["desk/1"]


def test_a_full_disk_is_said_so_and_nothing_half_is_seen(ledger: Ledger) -> None:
    put(ledger, "ticket", {"id": "1", "priority": "low"})
    before, files = everything(ledger), fingerprint(ledger.path / "ledger")
    many = [{"id": str(n), "body": os.urandom(2000).hex()} for n in range(200)]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(LedgerDiskFull, match="is full; nothing of this was kept"):
            load(ledger.path, {"ticket": [{"id": "1", "priority": "high"}], "message": many})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert everything(ledger) == before
    assert {p: d for p, d in fingerprint(ledger.path / "ledger").items() if p in files} | {
        "next_batch": "",
        "tables.json": "",
    } == files | {"next_batch": "", "tables.json": ""}
    load(ledger.path, {"message": many})
    assert ledger.rows("message").num_rows == 200


def test_a_full_disk_at_the_commit_itself(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    put(ledger, "ticket", {"id": "1"})

    def full(name: str) -> None:
        if name == "before the commit":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(home, "on_step", full)
    with pytest.raises(LedgerDiskFull):
        put(ledger, "ticket", {"id": "2"})
    monkeypatch.setattr(home, "on_step", None)
    assert ledger.rows("ticket")["id"].to_pylist() == ["desk/1"]
    put(ledger, "ticket", {"id": "2"})
    assert ledger.rows("ticket").num_rows == 2


def test_a_snapshot_taken_while_imports_run_is_one_commit(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    put(ledger, "ticket", *({"id": str(n), "priority": "0"} for n in range(20)))
    stop = threading.Event()

    def write() -> None:
        for version in range(1, 8):
            put(
                ledger,
                "ticket",
                *({"id": str(n), "priority": str(version)} for n in range(20)),
            )
        stop.set()

    writer = threading.Thread(target=write)
    writer.start()
    reader = open_ledger(tmp_path)
    while not stop.is_set():
        priorities = reader.rows("ticket")["priority"].to_pylist()
        assert len(priorities) == 20
        assert len(set(priorities)) == 1
    writer.join()
