"""Small records and readings for the ledger's tests."""

from __future__ import annotations

import datetime as dt
import hashlib
import multiprocessing
import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sanjeh.ledger import KINDS, Appended, Ledger, home

T0 = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


def at(minutes: float) -> dt.datetime:
    return T0 + dt.timedelta(minutes=minutes)


def open_ledger(home: Path) -> Ledger:
    return Ledger(home, now=lambda: NOW)


def put(ledger: Ledger, kind: str, *records: dict[str, Any], source: str = "desk") -> Appended:
    with ledger.importing(source) as batch:
        return batch.append(kind, KINDS[kind].table(records))


def column(ledger: Ledger, kind: str, name: str) -> dict[str, Any]:
    """Visible rows of the kind: id -> value."""
    table = ledger.rows(kind).to_pylist()
    found = {row["id"]: row[name] for row in table}
    assert len(found) == len(table), "an id is visible twice"
    return found


def everything(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """All visible rows of all kinds, without what differs between two runs."""
    found = {}
    snapshot = ledger.snapshot()
    for kind in sorted(KINDS.keys() & (snapshot.tables.keys() | snapshot.live.keys())):
        rows = ledger.rows(kind).to_pylist()
        for row in rows:
            del row["batch"]
        if rows:
            found[kind] = sorted(rows, key=lambda r: str(r["id"]))
    return found


def fingerprint(home: Path) -> dict[str, str]:
    """Digest of every file under the home."""
    return {
        str(p.relative_to(home)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(home.rglob("*"))
        if p.is_file()
    }


# -- other processes -------------------------------------------------------------------------

# Not fork: the Delta library refuses to run in a fork of a process that has used it.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["sanjeh.ledger"])

Records = dict[str, list[dict[str, Any]]]


def load(home_: Path, records: Records) -> None:
    """Import the records of several kinds in one batch."""
    with open_ledger(home_).importing("desk") as batch:
        for kind, rows in records.items():
            batch.append(kind, KINDS[kind].table(rows))


def load_each(home_: Path, imports: list[Records]) -> None:
    for records in imports:
        load(home_, records)


def drain(home_: Path) -> None:
    open_ledger(home_).drain_inbox()


def put_live_and_drain(home_: Path, kind: str, record: dict[str, Any]) -> None:
    ledger = open_ledger(home_)
    ledger.inbox.put(kind, [record], source="desk")
    ledger.drain_inbox()


def erase(home_: Path, role: str, id_: str) -> None:
    open_ledger(home_).erase(role, id_, source="desk")


def steps_of(action: Callable[[], None]) -> list[str]:
    """The steps that the action passes, in order."""
    passed: list[str] = []
    home.on_step = passed.append
    try:
        action()
    finally:
        home.on_step = None
    return passed


def _dying_at(step: str, action: Callable[[], None]) -> None:
    def die(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    home.on_step = die
    action()


def run_until(step: str, action: partial[None]) -> None:
    """Run the action in another process, which is killed when it passes the step."""
    process = processes.Process(target=_dying_at, args=(step, action))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
