"""A ledger that only records what it is handed, of the shape of the real one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from sanjeh.ledger import KINDS, Appended


@dataclass
class RecordingBatch:
    number: int
    source: str
    tables: dict[str, list[pa.Table]] = field(default_factory=dict)
    warned: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, Any] = field(default_factory=dict)  # the ledger's own doubts: none here

    def append(self, kind: str, table: pa.Table) -> Appended:
        schema = KINDS[kind].schema
        for name, type_ in zip(table.column_names, table.schema.types, strict=True):
            assert schema.field(name).type == type_, (kind, name, type_)
        self.tables.setdefault(kind, []).append(table)
        return Appended(added=table.num_rows)

    def warn(self, reason: str, sample: str, count: int = 1) -> None:
        self.warned[reason] = self.warned.get(reason, 0) + count


@dataclass
class RecordingLedger:
    path: Path
    batches: list[RecordingBatch] = field(default_factory=list)

    @contextmanager
    def importing(
        self, source: str, *, origin: str = "", wait_seconds: float = 600
    ) -> Iterator[RecordingBatch]:
        batch = RecordingBatch(len(self.batches) + 1, source)
        yield batch
        self.batches.append(batch)  # only where nothing failed

    def table(self, kind: str) -> pa.Table:
        return pa.concat_tables(
            [t for b in self.batches for t in b.tables.get(kind, [])], promote_options="default"
        )

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """The records of a kind without their empty fields."""
        found = [t for b in self.batches for t in b.tables.get(kind, [])]
        return [
            {key: value for key, value in row.items() if value is not None}
            for table in found
            for row in table.to_pylist()
        ]
