"""Killed anywhere, out of disk, two at once: never half an import, never one twice."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ledger_cases import everything, fingerprint, open_ledger, put

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

fork = multiprocessing.get_context("fork")


def load(ledger: Ledger, records: dict[str, list[dict[str, Any]]]) -> None:
    with ledger.importing("desk") as batch:
        for kind, rows in records.items():
            batch.append(kind, KINDS[kind].table(rows))


def steps_of(action: Callable[[], None]) -> list[str]:
    """The steps that the action passes, in order."""
    passed: list[str] = []
    home.on_step = passed.append
    try:
        action()
    finally:
        home.on_step = None
    return passed


def run_until(step: str, action: Callable[[], None]) -> None:
    """Run the action in a child that is killed by SIGKILL when it passes the step."""

    def die(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def child() -> None:
        home.on_step = die
        action()

    process = fork.Process(target=child)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def texts(ledger: Ledger) -> dict[str, dict[str, str]]:
    return ledger.texts("ticket", ["desk/1"]) | ledger.texts("message", ["desk/m"])


@pytest.fixture(scope="module")
def import_steps(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    ledger = open_ledger(tmp_path_factory.mktemp("steps"))
    load(ledger, FIRST)
    return steps_of(lambda: load(ledger, SECOND))


def test_the_steps_of_an_import(import_steps: list[str]) -> None:
    assert import_steps[0] == "numbered"
    assert import_steps[-2:] == ["before the commit", "after the commit"]
    assert {"before superseded", "after superseded", "after persons"} <= set(import_steps)


def test_killed_at_any_step_the_earlier_ledger_stands_and_the_import_can_be_done_again(
    tmp_path: Path, import_steps: list[str]
) -> None:
    whole = open_ledger(tmp_path / "whole")
    load(whole, FIRST)
    secret = (tmp_path / "whole" / "secret").read_bytes()
    before = everything(whole)
    load(whole, SECOND)
    after = everything(whole)
    for number, step in enumerate(import_steps):
        path = tmp_path / str(number)
        path.mkdir()
        (path / "secret").write_bytes(secret)
        ledger = open_ledger(path)
        load(ledger, FIRST)
        run_until(step, lambda path=path: load(open_ledger(path), SECOND))
        done = step == "after the commit"
        assert everything(ledger) == (after if done else before), step
        load(ledger, SECOND)
        assert everything(ledger) == after, step
        assert texts(ledger) == {"desk/1": {"subject": "uno"}, "desk/m": {"body": "hello"}}
        assert ledger.snapshot().uncommitted == (() if done else (2,)), step
        ledger.compact()
        assert everything(ledger) == after, step


def test_a_writer_that_dies_frees_the_lock_and_its_scratch_space(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    run_until("numbered", lambda: load(open_ledger(tmp_path), FIRST))
    assert len(list((tmp_path / "work").iterdir())) == 1
    load(ledger, FIRST)
    assert list((tmp_path / "work").iterdir()) == []


def test_two_imports_at_once_both_land_once(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    identical = {"ticket": [{"id": str(n), "priority": "low"} for n in range(50)]}

    def child(own: str) -> None:
        load(open_ledger(tmp_path), identical)
        load(open_ledger(tmp_path), {"ticket": [{"id": own, "priority": "high"}]})

    children = [fork.Process(target=child, args=(own,)) for own in ("left", "right")]
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
            load(ledger, {"ticket": [{"id": "1", "priority": "high"}], "message": many})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert everything(ledger) == before
    assert {p: d for p, d in fingerprint(ledger.path / "ledger").items() if p in files} | {
        "next_batch": "",
        "tables.json": "",
    } == files | {"next_batch": "", "tables.json": ""}
    load(ledger, {"message": many})
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
