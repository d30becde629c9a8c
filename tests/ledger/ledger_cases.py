"""Small records and readings for the ledger's tests."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from sanjeh.ledger import KINDS, Appended, Ledger

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
    for kind in KINDS:
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
