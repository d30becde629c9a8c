"""Merges small files, and drops rows of imports that never finished."""

from __future__ import annotations

import uuid
from contextlib import closing
from pathlib import Path
from typing import Final

from sanjeh.ledger.delta import DeltaTables, open_session, scan, schema_of, write_parquet
from sanjeh.ledger.home import Home, step
from sanjeh.ledger.snapshots import Snapshot

SMALL_BYTES: Final = 64 * 1024 * 1024
KEEP_HOURS: Final = 1
"""Files let go stay this long, for readers that still hold an older snapshot."""


def compact(home: Home, delta: DeltaTables, snapshot: Snapshot) -> None:
    """Rewrite small files of every table into one, a table at a time; only under the lock."""
    directories = home.read_tables().directories
    for name, directory in sorted(directories.items()):
        path = home.path / directory
        files = [Path(f) for f in delta.files(name, directories)]
        small = [f for f in files if f.stat().st_size < SMALL_BYTES]
        if len(small) > 1:
            _merge(home, delta, snapshot, name, path, small)
        delta.vacuum(path, KEEP_HOURS)


def _merge(
    home: Home, delta: DeltaTables, snapshot: Snapshot, name: str, path: Path, small: list[Path]
) -> None:
    kept = {
        "batches": "true",
        "superseded": f"{_not_failed(snapshot, 'batch')} AND {_not_failed(snapshot, 'by_batch')}",
    }.get(name, _not_failed(snapshot, "batch"))
    merged = path / f"merged-{uuid.uuid4().hex}.parquet"
    with home.scratch() as scratch, closing(open_session(scratch)) as sql:
        source = scan([str(f) for f in small], schema_of(name))
        write_parquet(sql, f"SELECT * FROM {source} t WHERE {kept}", merged)
    step(f"before merging {name}")
    delta.commit(path, [merged], remove=small)


def _not_failed(snapshot: Snapshot, column: str) -> str:
    # Under the lock nothing else is being imported: what is not committed has failed.
    return snapshot.committed(column)
