"""A snapshot: everything that an engine needs to read the ledger as it stood at one commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from sanjeh.ledger.delta import (
    ATTRIBUTES,
    PERSONS,
    SUPERSEDED,
    TEXTS,
    DeltaTables,
    quoted,
    scan,
    schema_of,
)
from sanjeh.ledger.home import Home, Tables
from sanjeh.ledger.kinds import KINDS

INBOX_ORIGIN: Final = "inbox:"


@dataclass(frozen=True)
class SourceState:
    """A source and when its newest committed batch was imported."""

    source: str
    imported_at: dt.datetime


@dataclass(frozen=True)
class Snapshot:
    """The ledger at one commit; picklable.

    version: highest committed batch, 0 when empty.
    erasures: how many persons have been erased; a change means that facts are rebuilt in full.
    uncommitted: batch numbers up to `version` whose rows never became visible.
    tables: Parquet files of every Delta table, by table name.
    live: the inbox's rows as further tables by the same names, all visible, of batch version + 1.
    """

    version: int = 0
    erasures: int = 0
    uncommitted: tuple[int, ...] = ()
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    live: Mapping[str, pa.Table] = field(default_factory=dict)
    sources: tuple[SourceState, ...] = ()

    def files(self, kind: str) -> tuple[str, ...]:
        """Parquet files of the table (a record kind, or a table of the ledger's own)."""
        return self.tables.get(kind, ())

    @property
    def superseded_files(self) -> tuple[str, ...]:
        """Files of rows (kind, id, batch, by_batch); they hold if `by_batch` is committed."""
        return self.files("superseded")

    @property
    def text_files(self) -> tuple[str, ...]:
        """Files of rows (kind, id, field, text, person, batch), for every row ever committed."""
        return self._all("text_")

    @property
    def attribute_files(self) -> tuple[str, ...]:
        """Files of rows (kind, id, name, value, person, batch), for every row ever committed."""
        return self._all("attribute_")

    def _all(self, prefix: str) -> tuple[str, ...]:
        named = sorted(n for n in self.tables if n.startswith(prefix))
        return tuple(file for n in named for file in self.tables[n])

    @property
    def inbox(self) -> Mapping[str, pa.Table]:
        """Record rows not yet in Delta, by kind."""
        return {name: table for name, table in self.live.items() if name in KINDS}

    @property
    def inbox_superseded(self) -> pa.Table:
        """Which rows in Delta the inbox's rows replace."""
        return self.live.get("superseded", SUPERSEDED.empty_table())

    @property
    def inbox_texts(self) -> pa.Table:
        return self._live("text_", TEXTS)

    @property
    def inbox_attributes(self) -> pa.Table:
        return self._live("attribute_", ATTRIBUTES)

    def _live(self, prefix: str, schema: pa.Schema) -> pa.Table:
        return pa.concat_tables(
            [schema.empty_table(), *(t for n, t in self.live.items() if n.startswith(prefix))]
        )

    def committed(self, column: str) -> str:
        """SQL condition: the batch in the column is visible in this snapshot."""
        test = f"{column} <= {self.version}"
        if self.uncommitted:
            test += f" AND {column} NOT IN ({', '.join(map(str, self.uncommitted))})"
        return test

    def visible(self, kind: str, name: str | None = None) -> str:
        """SQL (DuckDB) for the visible rows in Delta of the kind, or of its `text_` table."""
        table = name or kind
        identity = KINDS[kind].identity if table == kind else "id"
        rows = scan(self.files(table), schema_of(table))
        dead = scan(self.superseded_files, SUPERSEDED)
        return (
            f"(SELECT r.* FROM {rows} r WHERE {self.committed('r.batch')} AND NOT EXISTS "
            f"(SELECT 1 FROM {dead} s WHERE s.kind = '{kind}' AND s.id = r.{quoted(identity)} "
            f"AND s.batch = r.batch AND {self.committed('s.by_batch')}))"
        )


@dataclass(frozen=True)
class Committed:
    """One row of `batches`."""

    number: int
    sources: tuple[str, ...]
    origin: str
    committed_at: dt.datetime
    counts: str
    warnings: str


class BatchLog:
    """The committed batches, read once a file."""

    def __init__(self) -> None:
        self._read: dict[str, list[Committed]] = {}

    def rows(self, files: Sequence[str]) -> list[Committed]:
        """Committed batches in the order of their numbers."""
        self._read = {
            file: self._read[file] if file in self._read else _committed(file) for file in files
        }
        return sorted((row for rows in self._read.values() for row in rows), key=lambda r: r.number)


def _committed(file: str) -> list[Committed]:
    return [
        Committed(
            row["number"],
            tuple(row["sources"] or ()),
            row["origin"] or "",
            row["committed_at"],
            row["counts"] or "{}",
            row["warnings"] or "{}",
        )
        # A file, not a data set: that would load pandas, for a second at every start.
        for row in pq.ParquetFile(file).read().to_pylist()
    ]


def read_snapshot(
    home: Home, delta: DeltaTables, log: BatchLog, tables: Tables
) -> tuple[Snapshot, int]:
    """The snapshot now, without the inbox, and how far the inbox had been drained."""
    # The commits come first: what is listed later can only hold more, which `committed` hides.
    rows = log.rows(delta.files("batches", tables.directories))
    numbers = {row.number for row in rows}
    version = max(numbers, default=0)
    newest: dict[str, dt.datetime] = {}
    drained = 0
    for row in rows:
        for source in row.sources:
            newest[source] = max(row.committed_at, newest.get(source, row.committed_at))
        if row.origin.startswith(INBOX_ORIGIN):
            drained = max(drained, int(row.origin.removeprefix(INBOX_ORIGIN)))
    listed = {
        name: delta.files(name, tables.directories)
        for name in sorted(tables.directories)
        if name != "batches"
    }
    snapshot = Snapshot(
        version=version,
        erasures=tables.erasures,
        uncommitted=tuple(n for n in range(1, version) if n not in numbers),
        tables=listed,
        sources=tuple(SourceState(s, at) for s, at in sorted(newest.items())),
    )
    return snapshot, drained


__all__ = ["PERSONS", "BatchLog", "Committed", "Snapshot", "SourceState", "read_snapshot"]
