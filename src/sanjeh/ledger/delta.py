"""The Delta tables: which files each holds, adding and replacing files in one commit.

The Parquet files are written by DuckDB and only their names go into the log, without minimum and
maximum values: those would keep a person's words after an erasure.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.transaction import AddAction, RemoveAction

from sanjeh.ledger.home import Home, settle
from sanjeh.ledger.kinds import KINDS, RecordKind

_TEXT: Final[pa.DataType] = pa.string()
_INTEGER: Final[pa.DataType] = pa.int64()
_INSTANT: Final[pa.DataType] = pa.timestamp("us", tz="UTC")
BATCHES: Final = pa.schema(
    [
        ("number", _INTEGER),
        ("source", _TEXT),
        ("sources", pa.list_(_TEXT)),
        ("origin", _TEXT),
        ("started_at", _INSTANT),
        ("committed_at", _INSTANT),
        ("counts", _TEXT),
        ("warnings", _TEXT),
    ]
)
SUPERSEDED: Final = pa.schema(
    [("kind", _TEXT), ("id", _TEXT), ("batch", _INTEGER), ("by_batch", _INTEGER)]
)
PERSONS: Final = pa.schema(
    [
        ("pseudonym", _TEXT),
        ("role", _TEXT),
        ("source", _TEXT),
        ("id", _TEXT),
        ("batch", _INTEGER),
    ]
)
TEXTS: Final = pa.schema(
    [
        ("kind", _TEXT),
        ("id", _TEXT),
        ("field", _TEXT),
        ("text", _TEXT),
        ("person", _TEXT),
        ("batch", _INTEGER),
    ]
)
ATTRIBUTES: Final = pa.schema(
    [
        ("kind", _TEXT),
        ("id", _TEXT),
        ("name", _TEXT),
        ("value", _TEXT),
        ("person", _TEXT),
        ("batch", _INTEGER),
    ]
)


def ledger_schema(kind: RecordKind) -> pa.Schema:
    """Columns of the kind's table: its fields without those kept apart, then the ledger's own."""
    columns: list[tuple[str, pa.DataType]] = [] if kind.has_own_id else [("id", _TEXT)]
    columns += [
        (f.name, f.arrow_type) for f in kind.all_fields if not f.apart and f.name != "attributes"
    ]
    if kind.identity == "record":
        columns.append(("record", _TEXT))
    return pa.schema([*columns, ("batch", _INTEGER), ("content", _TEXT)])


def schema_of(name: str) -> pa.Schema:
    """Schema of the table of that name."""
    if name in KINDS:
        return ledger_schema(KINDS[name])
    if name.startswith("text_"):
        return TEXTS
    if name.startswith("attribute_"):
        return ATTRIBUTES
    return {"batches": BATCHES, "superseded": SUPERSEDED, "persons": PERSONS}[name]


@dataclass(frozen=True)
class _Listing:
    log: tuple[str, ...]
    files: tuple[str, ...]


class DeltaTables:
    """The tables of one home."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._listings: dict[str, _Listing] = {}

    def files(self, name: str, directories: Mapping[str, str]) -> tuple[str, ...]:
        """Paths of the table's files now; none if the table has never been written."""
        if name not in directories:
            return ()
        path = self.home.path / directories[name]
        log = tuple(sorted(p.name for p in (path / "_delta_log").iterdir()))
        known = self._listings.get(str(path))
        if known is None or known.log != log:
            files = tuple(sorted(_local(uri) for uri in DeltaTable(str(path)).file_uris()))
            known = self._listings[str(path)] = _Listing(log, files)
        return known.files

    def ensure(self, name: str) -> Path:
        """The table's directory, created if need be; only under the lock."""
        tables = self.home.read_tables()
        if name not in tables.directories:
            directory = self._fresh(name)
            create(self.home.path / directory, schema_of(name))
            self.home.write_tables(
                replace(tables, directories={**tables.directories, name: directory})
            )
            return self.home.path / directory
        return self.home.path / tables.directories[name]

    def _fresh(self, name: str) -> str:
        apart = name == "persons" or name.startswith(("text_", "attribute_"))
        return f"{'persons' if apart else 'ledger'}/{name}-{uuid.uuid4().hex[:8]}"

    def fresh(self, name: str) -> str:
        """An unused directory for the table, with an empty log."""
        directory = self._fresh(name)
        create(self.home.path / directory, schema_of(name))
        return directory

    def commit(self, path: Path, add: Sequence[Path], remove: Iterable[Path] = ()) -> None:
        """Add and remove files of a table in one commit."""
        now = int(time.time() * 1000)
        rewriting = list(remove)
        actions: list[Any] = []
        for file in add:
            settle(file)
            rows = pq.read_metadata(file).num_rows
            actions.append(
                AddAction(
                    path=file.name,
                    size=file.stat().st_size,
                    partition_values={},
                    modification_time=now,
                    data_change=not rewriting,
                    stats=f'{{"numRecords": {rows}}}',
                )
            )
        actions += [
            RemoveAction(file.name, False, now, file.stat().st_size, {}) for file in rewriting
        ]
        table = DeltaTable(str(path))
        name = path.name.rsplit("-", 1)[0]
        wanted = schema_of(name)
        present = {f.name for f in table.schema().fields}
        if missing := [f for f in wanted if f.name not in present]:
            # A newer version of the vocabulary: a kind has gained fields since.
            table.alter.add_columns(list(_delta_fields(pa.schema(missing))))
            table = DeltaTable(str(path))
        table.create_write_transaction(actions, mode="append", schema=table.schema())
        settle(path / "_delta_log")

    def vacuum(self, path: Path, hours: int) -> None:
        """Delete files that the log let go of, and strays, at least `hours` old."""
        DeltaTable(str(path)).vacuum(
            retention_hours=hours, dry_run=False, enforce_retention_duration=False, full=True
        )


def create(path: Path, schema: pa.Schema) -> None:
    DeltaTable.create(
        str(path), schema=schema, configuration={"delta.dataSkippingNumIndexedCols": "0"}
    )


def _delta_fields(schema: pa.Schema) -> list[Any]:
    from deltalake import Schema

    return list(Schema.from_arrow(schema).fields)


def _local(uri: str) -> str:
    # Delta writes the blanks of a path as %20, and so on.
    return unquote(uri.removeprefix("file://"))


# -- DuckDB ----------------------------------------------------------------------------------


def open_session(scratch: Path) -> duckdb.DuckDBPyConnection:
    """A private DuckDB in memory that spills under the home and fetches nothing."""
    session = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": "2GB",
            "temp_directory": str(scratch / "spill"),
            "autoinstall_known_extensions": "false",
        },
    )
    session.execute("SET TimeZone = 'UTC'")
    # TRICKY: else dates are those of the machine's locale, and Persian ones are Jalali.
    session.execute("SET Calendar = 'gregorian'")
    return session


@contextmanager
def joined_as_written(session: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Joins look up in their right side, however small DuckDB takes an Arrow table to be."""
    session.execute("SET disabled_optimizers = 'build_side_probe_side'")
    try:
        yield
    finally:
        session.execute("SET disabled_optimizers = ''")


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


SQL_TYPES: Final[Mapping[pa.DataType, str]] = {
    pa.string(): "VARCHAR",
    _INSTANT: "TIMESTAMPTZ",
    pa.date32(): "DATE",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.list_(pa.string()): "VARCHAR[]",
}


def scan(files: Sequence[str], schema: pa.Schema) -> str:
    """SQL that reads the files as the schema; columns that older files lack are null."""
    fields = ", ".join(f"NULL::{SQL_TYPES[f.type]} AS {quoted(f.name)}" for f in schema)
    nothing = f"SELECT {fields} WHERE false"
    if not files:
        return f"({nothing})"
    names = ", ".join(literal(f) for f in files)
    return (
        f"({nothing} UNION ALL BY NAME SELECT * FROM read_parquet([{names}], union_by_name = true))"
    )


def write_parquet(session: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the query's rows to one Parquet file."""
    session.execute(
        f"COPY ({query}) TO {literal(str(path))} "
        "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
    )
