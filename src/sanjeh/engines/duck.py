"""DuckDB: scans the ledger's Parquet, materialises facts, answers questions."""

from __future__ import annotations

import functools
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import ibis
import ibis.expr.datatypes as dtypes
import ibis.expr.operations as ops
import pyarrow as pa
import sqlglot.expressions as sge
from ibis.backends.sql.datatypes import DuckDBType

from sanjeh.engines.adding import ByDay, by_day
from sanjeh.engines.files import empty_columns, newest_columns
from sanjeh.engines.hoisting import hoisted
from sanjeh.engines.lying import Lies, order_of
from sanjeh.engines.trimming import trimmed

if TYPE_CHECKING:
    from sanjeh.ledger import RecordKind, Snapshot

SQL_TYPES = {
    "text": "VARCHAR",
    "instant": "BIGINT",
    "date": "DATE",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
    "texts": "VARCHAR[]",
    "json": "VARCHAR",
}
IBIS_TYPES = {
    "text": "string", "instant": "int64", "date": "date", "integer": "int64", "number": "float64",
    "flag": "boolean", "texts": "array<string>", "json": "string",
}  # fmt: skip
COMMON = (
    ("source", "text"),
    ("external_id", "text"),
    ("sequence", "integer"),
    ("version_at", "instant"),
    ("deleted_at", "instant"),
)


def quoted(value: str) -> str:
    """The value as an SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """The value as an SQL identifier."""
    return '"' + value.replace('"', '""') + '"'


@functools.cache
def _ibis_type(text: str) -> dtypes.DataType:
    return DuckDBType.from_string(text)


@functools.cache
def _schema(fields: tuple[tuple[str, str], ...]) -> ibis.Schema:
    return ibis.schema({n: IBIS_TYPES[t] for n, t in fields})


class DuckEngine:
    """One DuckDB database, in memory or in a file, with memory bounded and spilling to disk.

    base: another file whose tables the views of this one read, attached read only under the name
    of its file without the ending.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        read_only: bool = False,
        memory: str = "1200MB",
        spill: Path | None = None,
        base: Path | None = None,
    ) -> None:
        self.ibis = ibis.duckdb.connect(
            str(path) if path else ":memory:", read_only=read_only, threads=2
        )
        self.sql = self.ibis.con
        self.lock = threading.Lock()
        self.sql.execute(f"SET memory_limit={quoted(memory)}")
        # TRICKY: in a Persian locale DuckDB reads and casts dates as Jalali ones; for cursors too.
        self.sql.execute("SET GLOBAL Calendar = 'gregorian'")
        self.sql.execute("SET preserve_insertion_order=false")
        self.sql.execute("SET parquet_metadata_cache=true")  # the ledger's files never change
        self.base = base.stem if base else None
        if base:
            self.sql.execute(
                f"ATTACH IF NOT EXISTS {quoted(str(base))} AS {name(base.stem)} (READ_ONLY)"
            )
        self.views = set(self.stored("VIEW")) if base else set()
        self._beside: dict[str, pa.Table] = {}  # what was stored for a snapshot's inbox
        self._superseded: tuple[object, set[str]] | None = None  # of which snapshot, which kinds
        if spill is not None:
            spill.mkdir(parents=True, exist_ok=True)
            self.sql.execute(f"SET temp_directory={quoted(str(spill))}")

    def close(self) -> None:
        """Release the file."""
        self.ibis.disconnect()

    # -- expressions -----------------------------------------------------------------------

    def compiled(self, expression: ibis.Table) -> str:
        """The SQL of an expression."""
        tree = self.ibis.compiler.to_sqlglot(expression)
        # TRICKY: `x.last().over(...)` skips nulls by declaration, and Ibis forgets it on DuckDB.
        if tree.find(sge.FirstValue, sge.LastValue):
            # A copy: Ibis puts one node in several places, and a replacement knows one parent.
            tree = tree.copy()
        for found in list(tree.find_all(sge.FirstValue, sge.LastValue)):
            if not isinstance(found.parent, sge.IgnoreNulls):
                found.replace(sge.IgnoreNulls(this=found.copy()))
        return str(tree.sql("duckdb"))

    def trimmed(self, expression: ibis.Table, constants: str, keys: Mapping[str, str]) -> str:
        """The SQL of an expression without what nothing reads (`engines/trimming.py`)."""
        return trimmed(self.compiled(expression), constants, keys)

    def hoisted(
        self, sql: str, moving: tuple[str, ...]
    ) -> tuple[str, tuple[tuple[str, str], ...]]:  # fmt: skip
        """The statement without what is the same in every period (`engines/hoisting.py`)."""
        return hoisted(sql, moving)

    def by_day(
        self, sql: str, ends: tuple[int, int], days: str, *, may_look_round: bool
    ) -> ByDay | None:
        """The statement's counts by day, if they add up over time (`engines/adding.py`)."""
        return by_day(sql, *ends, days, may_look_round=may_look_round)

    def run(self, expression: ibis.Table) -> pa.Table:
        """The rows of an expression."""
        return self.rows(self.compiled(expression))

    def rows(self, sql: str) -> pa.Table:
        """The rows of a statement that was compiled before."""
        with self.lock:
            found: pa.Table = self.sql.execute(sql).to_arrow_table()
            return found

    def statement(self, expression: ibis.Table) -> str:
        """The SQL of an expression, with the column types that it declares."""
        # TRICKY: DuckDB sums int64 to 128 bits, and Ibis leaves out a cast it deems idle.
        whole = [c for c, kind in expression.schema().items() if kind.is_int64()]
        casts = ", ".join(f"CAST({name(c)} AS BIGINT) AS {name(c)}" for c in whole)
        replace = f" REPLACE ({casts})" if casts else ""
        return f"SELECT *{replace} FROM ({self.compiled(expression)})"

    def create(self, table: str, expression: ibis.Table, *, passing: bool = False) -> None:
        """Materialise an expression as a table; `passing`: not in the file."""
        self.create_as(table, self.statement(expression), passing=passing)

    def create_as(self, table: str, statement: str, *, passing: bool = False) -> None:
        """Materialise a statement as a table; `passing`: for this connection, not in the file."""
        kind = "TEMP TABLE" if passing else "TABLE"
        if table in self.views and not passing:
            self.sql.execute(f"DROP VIEW {name(table)}")
            self.views.discard(table)
        self.sql.execute(f"CREATE OR REPLACE {kind} {name(table)} AS {statement}")

    def create_in_order(self, table: str, statement: str, lies_by: Lies) -> None:
        """Materialise a statement as a table of the file, its rows in an order.

        In two steps: put in order at one go with what joins them, wide rows need more than the
        memory there is.
        """
        draft = f"unordered_{table}"
        self.create_as(draft, statement, passing=True)
        self.create_as(table, f"SELECT * FROM {name(draft)} ORDER BY {order_of(lies_by)}")
        self.drop([draft])

    def insert(self, table: str, source: str) -> None:
        """Append a table's rows to another with the same columns."""
        self.sql.execute(f"INSERT INTO {name(table)} BY NAME SELECT * FROM {name(source)}")

    def load(self, table: str, rows: pa.Table, *, passing: bool = False) -> None:
        """Store an Arrow table; `passing`: for this connection only, not in the file."""
        with self.lock:
            self.sql.register("incoming_rows", rows)
            self.create_as(table, "SELECT * FROM incoming_rows", passing=passing)
            self.sql.unregister("incoming_rows")

    def table(self, table: str) -> ibis.Table:
        """A stored table as an expression."""
        # Ibis would parse the text of every column's type anew: a fifth of a small refresh.
        described = self.sql.execute(f"DESCRIBE {name(table)}").fetchall()
        schema = ibis.schema({row[0]: _ibis_type(row[1]) for row in described})
        return ops.DatabaseTable(table, schema=schema, source=self.ibis).to_expr()

    def aside(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the same database, for a thread; temporary tables are not seen."""
        return self.sql.cursor()

    def tables(self) -> tuple[str, ...]:
        """Names of the stored tables and views of this database."""
        return tuple(self.ibis.list_tables())

    def schema(self) -> str:
        """Names, columns and types of all tables, as one text."""
        rows = self.sql.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_catalog = current_catalog() ORDER BY table_name, ordinal_position"
        ).fetchall()
        return repr(rows)

    def literal(self, value: str) -> str:
        """A text as SQL."""
        return quoted(value)

    def stored(self, kind: str = "BASE TABLE", catalog: str | None = None) -> list[str]:
        """Names of the tables ("BASE TABLE") or views ("VIEW") of this file or of its base."""
        rows = self.sql.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_type = ? "
            "AND table_catalog = coalesce(?, current_catalog()) AND table_schema = 'main' "
            "ORDER BY 1",
            [kind, catalog],
        ).fetchall()
        return [row[0] for row in rows]

    def drop(self, tables: Iterable[str]) -> None:
        """Drop tables that are no longer needed."""
        for table in tables:
            self.sql.execute(f"DROP TABLE IF EXISTS {name(table)}")

    # -- the ledger ------------------------------------------------------------------------

    def scan_ledger(
        self,
        snapshot: Snapshot,
        kinds: Mapping[str, RecordKind],
        *,
        prefix: str = "ledger_",
        until: int | None = None,
        raw: bool = False,
        among: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ) -> dict[str, ibis.Table]:
        """Every record kind of a snapshot as an expression; instants are int64 microseconds.

        `until`: only records whose own instant is at or before it (the record as it stood
        then). `raw`: superseded rows too, with `batch`. `among`: only these kinds, and of each the
        rows whose column is in a table of ids, for one of its pairs (column, table).
        """
        replaced = self._lay_out_superseded(snapshot)
        views: dict[str, ibis.Table] = {}
        for kind in kinds.values():
            if among is not None and kind.name not in among:
                continue
            view, fields = prefix + kind.name, _fields(kind)
            self.sql.execute(
                f"CREATE OR REPLACE TEMP VIEW {name(view)} AS "
                + self._kind_sql(
                    snapshot, kind, kind.name in replaced and not raw and until is None, until,
                    " OR ".join(
                        f"{name(c)} IN (SELECT id FROM {name(ids)})"
                        for c, ids in (among or {}).get(kind.name, ())
                    ),
                )
            )  # fmt: skip
            views[kind.name] = self._known(view, {**dict(fields), "batch": "integer"})
        if among is not None:
            return views
        for extra, paths, live, columns in (
            ("text", snapshot.text_files, snapshot.inbox_texts, ("kind", "id", "field", "text")),
            (
                "attribute", snapshot.attribute_files, snapshot.inbox_attributes,
                ("kind", "id", "name", "value"),
            ),
        ):  # fmt: skip
            view, chosen = prefix + extra, ", ".join(columns)
            body = (
                "SELECT " + ", ".join(f"NULL::VARCHAR AS {c}" for c in columns)
                + ", NULL::BIGINT AS batch WHERE false"
            )  # fmt: skip
            if paths:
                body += (
                    f" UNION ALL SELECT {chosen}, batch FROM read_parquet({_list(paths)}) r "
                    f"WHERE {snapshot.committed('r.batch')}"
                )
                if replaced and not raw:
                    body += (
                        " AND NOT EXISTS (SELECT 1 FROM superseded s WHERE s.kind = r.kind "
                        "AND s.id = r.id AND s.batch = r.batch)"
                    )
            if live.num_rows:
                self._lay_beside(f"inbox_{extra}", live)
                body += f" UNION ALL SELECT {chosen}, batch FROM inbox_{extra}"
            self.sql.execute(f"CREATE OR REPLACE TEMP VIEW {name(view)} AS {body}")
            views[extra] = self._known(view, {**dict.fromkeys(columns, "text"), "batch": "integer"})
        return views

    def _lay_out_superseded(self, snapshot: Snapshot) -> set[str]:
        """Table `superseded`, once for a snapshot; which kinds it names."""
        if self._superseded is not None and self._superseded[0] is snapshot:
            return self._superseded[1]
        dead = (
            "SELECT NULL::VARCHAR AS kind, NULL::VARCHAR AS id, 0 AS batch, 0 AS by_batch "
            "WHERE false"
        )
        if snapshot.superseded_files:
            dead += (
                f" UNION ALL SELECT kind, id, batch, by_batch FROM read_parquet("
                f"{_list(snapshot.superseded_files)}) WHERE {snapshot.committed('by_batch')}"
            )
        if snapshot.inbox_superseded.num_rows:
            self.sql.register("inbox_superseded", snapshot.inbox_superseded)
            dead += " UNION ALL SELECT kind, id, batch, by_batch FROM inbox_superseded"
        self.sql.execute(f"CREATE OR REPLACE TEMP TABLE superseded AS {dead}")
        found = self.sql.execute("SELECT DISTINCT kind FROM superseded").fetchall()
        self._superseded = (snapshot, {row[0] for row in found})
        return self._superseded[1]

    def _lay_beside(self, table: str, rows: pa.Table) -> None:
        """Store the inbox's rows, once each, to be read beside those in files.

        TRICKY: not read where they lie. DuckDB pushes a join's filter into both, and cannot into
        Arrow: "Pushdown Filter Type BLOOM_FILTER is not currently supported in PyArrow Scans"
        (duckdb-python #463).
        """
        if self._beside.get(table) is not rows:
            self.load(table, rows, passing=True)
            self._beside[table] = rows

    def _known(self, view: str, fields: Mapping[str, str]) -> ibis.Table:
        """A view as an expression; its columns are known, so that nothing asks the database."""
        schema = _schema(tuple(fields.items()))
        return ops.DatabaseTable(view, schema=schema, source=self.ibis).to_expr()

    def visible(self, snapshot: Snapshot, kind: RecordKind, condition: str) -> str:
        """SQL of a kind's visible rows that meet a condition on its columns as they are stored.

        As stored, so that files whose statistics rule it out are not read: in the views, instants
        are worked out. Works after `scan_ledger`, which lays out what is superseded.
        """
        return self._kind_sql(snapshot, kind, True, None, condition)

    def _kind_sql(
        self, snapshot: Snapshot, kind: RecordKind, replaced: bool, until: int | None, chosen: str
    ) -> str:
        fields = _fields(kind)
        live = snapshot.inbox.get(kind.name)
        paths = snapshot.files(kind.name)
        parts = []
        if paths:
            rows = f"read_parquet({_list(paths)})"
            lacking = _lacking(paths, fields)
            if lacking:
                # As earlier versions wrote them: a field that came later is null.
                none = ", ".join(f"NULL::{t} AS {name(n)}" for n, t in lacking)
                rows = f"(SELECT * FROM {rows} UNION ALL BY NAME SELECT {none} WHERE false)"
            if chosen:
                # TRICKY: in one WHERE with the superseded ones, DuckDB hashes the whole ledger.
                rows = f"(SELECT * FROM {rows} WHERE {chosen})"
            parts.append(
                f"SELECT {_columns(fields, empty_columns(paths))}, batch FROM {rows} r "
                f"WHERE {snapshot.committed('r.batch')}"
                + (
                    " AND NOT EXISTS (SELECT 1 FROM superseded s "
                    f"WHERE s.kind = {quoted(kind.name)} "
                    f"AND s.id = r.{name(kind.identity)} AND s.batch = r.batch)"
                    if replaced
                    else ""
                )
            )
        if live is not None and live.num_rows:
            self._lay_beside(f"inbox_{kind.name}", live)
            parts.append(
                f"SELECT {_columns(fields)}, batch FROM {name('inbox_' + kind.name)} "
                f"WHERE {chosen or 'true'}"
            )
        if not parts:
            empty = ", ".join(f"NULL::{SQL_TYPES[t]} AS {name(n)}" for n, t in fields)
            parts.append(f"SELECT {empty}, NULL::BIGINT AS batch WHERE false")
        body = " UNION ALL ".join(parts)
        if until is not None:
            body = _as_known(body, kind, until)
        return body


def _fields(kind: RecordKind) -> list[tuple[str, str]]:
    """Name and type of each column of a kind's table but `batch`."""
    fields = [(f.name, f.type) for f in kind.fields if not f.apart]
    known = {f for f, _ in fields}
    own = ("id", kind.identity)
    fields += [(n, "text") for n in dict.fromkeys(own) if n not in known]
    return fields + [(n, t) for n, t in COMMON if n not in known]


def _lacking(paths: Sequence[str], fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Columns, with their types as stored, that the newest of the files does not have.

    Where it has one, the files have it together, for they are read by the names of all of them.
    """
    known = newest_columns(paths)
    stored = {"instant": "TIMESTAMPTZ"}
    return [(n, stored.get(t, SQL_TYPES[t])) for n, t in fields if n not in known]


def _as_known(body: str, kind: RecordKind, until: int) -> str:
    """The version of each record that was the newest at an instant, if it had happened by then.

    A record that only has later versions stands as its first one.
    """
    late = f"coalesce(version_at > {until}, false)"
    began = f"WHERE {name(kind.at)} IS NULL OR {name(kind.at)} <= {until}" if kind.at else ""
    return (
        f"SELECT * FROM (SELECT * FROM ({body}) QUALIFY row_number() OVER ("
        f"PARTITION BY {name(kind.identity)} ORDER BY {late}, "
        f"CASE WHEN {late} THEN version_at END, version_at DESC NULLS LAST, batch DESC) = 1) "
        f"{began}"
    )


def _columns(fields: Iterable[tuple[str, str]], empty: Collection[str] = ()) -> str:
    """The select list of a kind's columns; those that are known to be empty are not read."""
    chosen = []
    for n, t in fields:
        if n in empty:
            chosen.append(f"NULL::{SQL_TYPES[t]} AS {name(n)}")
        else:
            chosen.append(f"epoch_us({name(n)}) AS {name(n)}" if t == "instant" else name(n))
    return ", ".join(chosen)


def _list(paths: Iterable[str]) -> str:
    return "[" + ", ".join(quoted(p) for p in paths) + "], union_by_name=true"
