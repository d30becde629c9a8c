"""Small readings of a snapshot: labels of persons, texts, rows. Measuring has its own engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from sanjeh.ledger.delta import (
    PERSONS,
    TEXTS,
    ledger_schema,
    literal,
    open_session,
    quoted,
    scan,
    schema_of,
)
from sanjeh.ledger.kinds import KINDS, RecordKind
from sanjeh.ledger.snapshots import Snapshot

FEW = 500
_NAMES = {"customer": "display_name", "agent": "name"}


def rows(
    snapshot: Snapshot, scratch: Path, kind: RecordKind, among: tuple[str, Sequence[str]] | None
) -> pa.Table:
    """Visible rows of the kind, the inbox's among them.

    among: a field and its values, for only those rows.
    """
    with closing(open_session(scratch)) as sql:
        names = ", ".join(quoted(n) for n in ledger_schema(kind).names)
        which = ""
        if among is not None:
            which = f"WHERE {_one_of(sql, quoted(among[0]), among[1])}"
        found: pa.Table = sql.execute(
            f"SELECT {names} FROM {_visible(sql, snapshot, kind, kind.name)} t {which}"
        ).to_arrow_table()
        return found


def later(
    snapshot: Snapshot, scratch: Path, kind: RecordKind, field: str, than: dt.datetime
) -> pa.Table:
    """Visible rows of the kind whose instant lies after this one."""
    with closing(open_session(scratch)) as sql:
        names = ", ".join(quoted(n) for n in ledger_schema(kind).names)
        found: pa.Table = sql.execute(
            f"SELECT {names} FROM {_visible(sql, snapshot, kind, kind.name)} t "
            f"WHERE {quoted(field)} > TIMESTAMPTZ '{than.astimezone(dt.UTC).isoformat()}'"
        ).to_arrow_table()
        return found


def history(snapshot: Snapshot, scratch: Path, kind: RecordKind) -> pa.Table:
    """Every committed row of the kind, superseded ones among them, oldest batch first."""
    with closing(open_session(scratch)) as sql:
        names = ", ".join(quoted(n) for n in ledger_schema(kind).names)
        source = scan(snapshot.files(kind.name), schema_of(kind.name))
        found: pa.Table = sql.execute(
            f"SELECT {names} FROM {source} r WHERE {snapshot.committed('r.batch')} ORDER BY batch"
        ).to_arrow_table()
        return found


def attributes(
    snapshot: Snapshot, scratch: Path, kind: RecordKind, ids: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Fields of one's own, of the visible versions of the records: id -> {name: value}."""
    with closing(open_session(scratch)) as sql:
        _give(sql, "wanted", ids)
        found: dict[str, dict[str, str]] = {}
        table = f"attribute_{kind.name}"
        for id_, name, value in sql.execute(
            f"SELECT id, name, value FROM {snapshot.visible(kind.name, table)} t "
            "WHERE id IN (SELECT id FROM wanted)"
        ).fetchall():
            found.setdefault(id_, {})[name] = value
        return found


def own_ids(snapshot: Snapshot, scratch: Path, pseudonyms: Sequence[str]) -> dict[str, str]:
    """The source's own id of each known person."""
    with closing(open_session(scratch)) as sql:
        return _own_ids(sql, snapshot, pseudonyms)


def _own_ids(sql: Any, snapshot: Snapshot, pseudonyms: Sequence[str]) -> dict[str, str]:
    """The same in a session; the table `wanted` holds the pseudonyms from then on."""
    _give(sql, "wanted", pseudonyms)
    return dict(
        sql.execute(
            f"SELECT pseudonym, id FROM {_persons(sql, snapshot)} p "
            "WHERE pseudonym IN (SELECT id FROM wanted)"
        ).fetchall()
    )


def texts(
    snapshot: Snapshot, scratch: Path, kind: RecordKind, ids: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Texts of the visible versions of the records."""
    with closing(open_session(scratch)) as sql:
        found: dict[str, dict[str, str]] = {}
        for id_, field, text in sql.execute(
            f"SELECT id, field, text FROM {_visible(sql, snapshot, kind, f'text_{kind.name}')} t "
            f"WHERE {_one_of(sql, 'id', ids)}"
        ).fetchall():
            found.setdefault(id_, {})[field] = text
        return found


def labels(snapshot: Snapshot, scratch: Path, pseudonyms: Sequence[str]) -> dict[str, str]:
    """Name of each known person, else the source's id."""
    with closing(open_session(scratch)) as sql:
        found = _own_ids(sql, snapshot, pseudonyms)
        for role, field in _NAMES.items():
            source = _visible(sql, snapshot, KINDS[role], f"text_{role}")
            found.update(
                sql.execute(
                    f"SELECT id, text FROM {source} t WHERE field = '{field}' "
                    "AND id IN (SELECT id FROM wanted)"
                ).fetchall()
            )
        return found


def find_persons(snapshot: Snapshot, scratch: Path, role: str, text: str) -> list[str]:
    """Pseudonyms of persons of the role whose id or name is the text."""
    with closing(open_session(scratch)) as sql:
        found = sql.execute(
            f"SELECT pseudonym FROM {_persons(sql, snapshot)} p WHERE role = ? AND id = ?",
            [role, text],
        ).fetchall()
        if role in _NAMES:
            source = _visible(sql, snapshot, KINDS[role], f"text_{role}")
            found += sql.execute(
                f"SELECT id FROM {source} t WHERE field = ? AND lower(trim(text)) = lower(trim(?))",
                [_NAMES[role], text],
            ).fetchall()
        return sorted({row[0] for row in found})


def _one_of(sql: duckdb.DuckDBPyConnection, column: str, values: Sequence[str]) -> str:
    """SQL: the column is one of the values. A few stand in the statement itself, so that parts of
    files that cannot hold them are not read."""
    if 0 < len(values) <= FEW:
        return f"{column} IN ({', '.join(literal(v) for v in values)})"
    _give(sql, "wanted", values)
    return f"{column} IN (SELECT id FROM wanted)"


def _give(sql: duckdb.DuckDBPyConnection, name: str, ids: Sequence[str]) -> None:
    sql.register(name, pa.table({"id": pa.array(list(ids), pa.string())}))


def _lay_beside(sql: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Store the inbox's rows to be read beside those in files (`DuckEngine` says why)."""
    sql.register("to_lay_beside", rows)
    sql.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS FROM to_lay_beside")
    sql.unregister("to_lay_beside")


def _persons(sql: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> str:
    _lay_beside(sql, "live_persons", snapshot.live.get("persons", PERSONS.empty_table()))
    return (
        f"(SELECT p.* FROM {scan(snapshot.files('persons'), PERSONS)} p "
        f"WHERE {snapshot.committed('p.batch')} UNION ALL BY NAME FROM live_persons)"
    )


def _visible(
    sql: duckdb.DuckDBPyConnection, snapshot: Snapshot, kind: RecordKind, table: str
) -> str:
    """SQL for the visible rows of the table, in Delta and in the inbox."""
    schema = ledger_schema(kind) if table == kind.name else TEXTS
    identity = kind.identity if table == kind.name else "id"
    _lay_beside(sql, f"live_{table}", snapshot.live.get(table, schema.empty_table()))
    sql.register("live_superseded", snapshot.inbox_superseded)
    return (
        f"(SELECT v.* FROM {snapshot.visible(kind.name, table)} v WHERE NOT EXISTS "
        f"(SELECT 1 FROM live_superseded s WHERE s.kind = '{kind.name}' "
        f"AND s.id = v.{quoted(identity)} AND s.batch = v.batch) "
        f"UNION ALL BY NAME FROM {quoted('live_' + table)})"
    )
