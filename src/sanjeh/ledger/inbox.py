"""The inbox: live records, durable at once, until they move to Delta in one batch.

A put is one row of SQLite holding an Arrow table. How far it has been drained is said by the
commit of the draining batch itself (its origin), so a kill between commit and clean-up neither
loses nor doubles a record.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sanjeh.ledger.conform import check_source, conform, kind_named
from sanjeh.ledger.errors import LedgerError
from sanjeh.ledger.home import Home, minding_the_disk
from sanjeh.ledger.kinds import Record


@dataclass(frozen=True)
class Waiting:
    """What waits in the inbox: (number, kind, Arrow stream) in the order of arrival."""

    puts: tuple[tuple[int, str, bytes], ...] = ()

    @property
    def last(self) -> int:
        """Number of the last put, 0 if none."""
        return self.puts[-1][0] if self.puts else 0

    def tables(self, after: int) -> dict[str, pa.Table]:
        """What was put after the given number, one table a kind."""
        kinds: dict[str, list[pa.Table]] = {}
        for number, kind, arrow in self.puts:
            if number > after:
                kinds.setdefault(kind, []).append(pa.ipc.open_stream(arrow).read_all())
        return {
            kind: pa.concat_tables(tables, promote_options="default")
            for kind, tables in kinds.items()
        }


class Inbox:
    """Live records of one home."""

    def __init__(self, home: Home) -> None:
        self._home = home
        with minding_the_disk(home), closing(self._connect()) as db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS waiting (seq INTEGER PRIMARY KEY AUTOINCREMENT, "
                "kind TEXT NOT NULL, records INTEGER NOT NULL, arrow BLOB NOT NULL)"
            )

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._home.inbox, timeout=60, isolation_level=None)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")
        return db

    def put(
        self,
        kind: str,
        records: Iterable[Mapping[str, Any] | Record],
        *,
        source: str | None = None,
    ) -> int:
        """Keep the records, on the disk when this returns; how many there were.

        source: whose they are, where a record does not say itself.
        Errors: LedgerError for unknown kinds, fields or types; then none is kept.
        """
        chosen = kind_named(kind)
        try:
            table = chosen.table(records)
        except (ValueError, TypeError, pa.ArrowException) as error:
            raise LedgerError(f"{kind}: {error}") from error
        if table.num_rows == 0:
            return 0
        table = conform(chosen, _with_source(kind, table, source))
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        with minding_the_disk(self._home), closing(self._connect()) as db:
            db.execute(
                "INSERT INTO waiting (kind, records, arrow) VALUES (?, ?, ?)",
                (kind, table.num_rows, sink.getvalue().to_pybytes()),
            )
        return table.num_rows

    def count(self) -> int:
        """How many records wait."""
        with closing(self._connect()) as db:
            row = db.execute("SELECT coalesce(sum(records), 0) FROM waiting").fetchone()
        return int(row[0])

    def kinds(self) -> set[str]:
        """The kinds of the records that are there."""
        with closing(self._connect()) as db:
            return {row[0] for row in db.execute("SELECT DISTINCT kind FROM waiting")}

    def waiting(self, kind: str | None = None) -> Waiting:
        """Everything that is there, or of one kind; what was drained before a kill is among it."""
        with closing(self._connect()) as db:
            rows = db.execute(
                "SELECT seq, kind, arrow FROM waiting WHERE ?1 IS NULL OR kind = ?1 ORDER BY seq",
                (kind,),
            ).fetchall()
        return Waiting(tuple(rows))

    def forget(self, upto: int) -> None:
        """Delete what has been drained."""
        with closing(self._connect()) as db:
            db.execute("DELETE FROM waiting WHERE seq <= ?", (upto,))

    def shred(self) -> None:
        """Leave no byte of deleted records in the file or its journal."""
        with closing(self._connect()) as db:
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _with_source(kind: str, table: pa.Table, source: str | None) -> pa.Table:
    if "source" in table.column_names:
        given = [value or source for value in table.column("source").to_pylist()]
        table = table.drop_columns(["source"])
    else:
        given = [source] * table.num_rows
    for name in set(given):
        if name is None:
            raise LedgerError(f"{kind}: a record for the inbox needs its source")
        check_source(name)
    return table.append_column("source", pa.array(given, pa.string()))
