"""SQL that turns checked records into ledger rows: ids, pseudonyms, identity, content hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import pyarrow as pa

from sanjeh.ledger.delta import SQL_TYPES, ledger_schema, literal, quoted
from sanjeh.ledger.kinds import FieldSpec, RecordKind
from sanjeh.ledger.kinds.fields import AUTHORS
from sanjeh.ledger.pseudonyms import PERSON_KINDS, UNKNOWN_ROLE, pseudonyms

SOURCE = 'g."~source"'
TOGETHER: Final = 50
"""So many different names of attributes are looked up at once."""


@dataclass(frozen=True)
class Encoding:
    """The select list and joins that encode one given table of a kind.

    The given view `g` has the fields present, `~source` and `~row`; the temporary table `people`
    maps (role, source, id) to a pseudonym.
    """

    kind: RecordKind
    present: frozenset[str]
    filled: frozenset[str]
    """Those of the present fields that every row has: their hash needs no test for null."""

    def person_fields(self) -> list[FieldSpec]:
        """Present fields that hold ids of persons, always or for some rows."""
        return [f for f in self.kind.fields if f.name in self.present and _roles(f)]

    def people_query(self) -> str | None:
        """SQL for the distinct (role, source, id) of the given rows."""
        parts = []
        for f in self.person_fields():
            column = f"g.{quoted(f.name)}"
            if f.type == "texts":
                parts.append(
                    f"SELECT {literal(f.ref or '')} AS role, source, id FROM "
                    f"(SELECT {SOURCE} AS source, unnest({column}) AS id FROM given g)"
                )
            else:
                parts.append(
                    f"SELECT {self._role(f)} AS role, {SOURCE} AS source, {column} AS id "
                    "FROM given g"
                )
        if not parts:
            return None
        return (
            f"SELECT DISTINCT role, source, id FROM ({' UNION ALL '.join(parts)}) "
            "WHERE role IS NOT NULL AND id <> ''"
        )

    def select(self, secret: bytes) -> str:
        """SQL for the encoded rows, with the apart fields and attributes under `~` names."""
        columns = []
        joins = []
        for number, f in enumerate(self.kind.fields):
            if f.apart:
                continue
            value, join = self._value(f, f"p{number}")
            columns.append(f"{value} AS {quoted(f.name)}")
            joins.append(join)
        # A person's external id would name the person; it is kept with the name.
        external = "NULL::VARCHAR" if self.kind.person else self._plain("external_id", "VARCHAR")
        columns += [
            f"{SOURCE} AS source",
            f"{external} AS external_id",
            f"{self._plain('sequence', 'BIGINT')} AS sequence",
            f"{self._plain('version_at', 'TIMESTAMPTZ')} AS version_at",
            f"{self._plain('deleted_at', 'TIMESTAMPTZ')} AS deleted_at",
            f"{self._content(secret)} AS content",
            f'{SOURCE} AS "~src"',
            'g."~row"',
        ]
        columns += [f"g.{quoted(f)} AS {quoted('~' + f)}" for f in self.apart_names()]
        if "attributes" in self.present:
            columns.append('g.attributes AS "~attributes"')
        inner = f"SELECT {', '.join(columns)} FROM given g {' '.join(joins)}"
        return f'SELECT e.*, {self._identity()} AS "~id" FROM ({inner}) e'

    def apart_names(self) -> list[str]:
        """Present fields that go to the person-keyed texts."""
        names = [f.name for f in self.kind.fields if f.apart and f.name in self.present]
        if self.kind.person and "external_id" in self.present:
            names.append("external_id")
        return names

    def ledger_columns(self) -> str:
        """Select list of the kind's ledger table from the encoded rows `c`; `batch` is named."""
        made = []
        for column in ledger_schema(self.kind).names:
            match column:
                case "batch":
                    made.append('"~batch" AS batch')
                case "id" if not self.kind.has_own_id:
                    made.append('"~id" AS id')
                case "record":
                    made.append('"~id" AS record')
                case _:
                    made.append(quoted(column))
        return ", ".join(made)

    def owner(self) -> str:
        """SQL for the pseudonym of the person whom an encoded row belongs to, or null."""
        if self.kind.person:
            return "id"
        owners = [
            quoted(f.name)
            for role in ("customer", "visitor")
            for f in self.kind.fields
            if f.ref == role and f.type == "text"
        ]
        owners += [
            f"CASE WHEN {quoted(f.ref_by)} = 'customer' THEN {quoted(f.name)} END"
            for f in self.kind.fields
            if f.ref_by and ("customer", "customer") in f.ref_kinds and f.name == "author_id"
        ]
        return f"coalesce({', '.join([*owners, 'NULL::VARCHAR'])})"

    # -- pieces ------------------------------------------------------------------------------

    def _plain(self, name: str, sql_type: str) -> str:
        return f"g.{quoted(name)}" if name in self.present else f"NULL::{sql_type}"

    def _role(self, f: FieldSpec) -> str:
        """SQL for the role of the person in the field, null where it is none."""
        if f.ref_by is None:
            return literal(f.ref or "")
        by = self._plain(f.ref_by, "VARCHAR")
        cases = " ".join(
            f"WHEN {literal(value)} THEN {literal(kind)}"
            for value, kind in f.ref_kinds
            if kind in PERSON_KINDS
        )
        fallback = ""
        if f.ref_kinds == tuple(AUTHORS.items()):
            fallback = f"WHEN {by} IS NULL THEN {literal(UNKNOWN_ROLE)} "
        named = f"CASE {by} {cases} END"
        return f"CASE {fallback}ELSE {named} END" if fallback else named

    def _value(self, f: FieldSpec, alias: str) -> tuple[str, str]:
        """SQL of the encoded field, and the join that it needs."""
        if f.name not in self.present:
            return f"NULL::{SQL_TYPES[f.arrow_type]}", ""
        column = f"g.{quoted(f.name)}"
        if f.ref is None and f.ref_by is None:
            return column, ""
        prefixed = f"{SOURCE} || '/' || nullif({column}, '')"
        person = bool(_roles(f))
        if f.type == "texts":
            if not person:
                return f"list_transform({column}, lambda x: {SOURCE} || '/' || x)", ""
            return (
                "(SELECT list(p.pseudonym ORDER BY u.i) FROM "
                f"(SELECT unnest({column}) AS id, generate_subscripts({column}, 1) AS i) u "
                f"JOIN people p ON p.role = {literal(f.ref or '')} "
                f"AND p.source = {SOURCE} AND p.id = u.id)"
            ), ""
        if not person and f.ref is not None:
            return prefixed, ""
        join = (
            f"LEFT JOIN people {alias} ON {alias}.role = {self._role(f)} "
            f"AND {alias}.source = {SOURCE} AND {alias}.id = {column}"
            if person
            else ""
        )
        if f.ref is not None:
            return f"{alias}.pseudonym", join
        if f.ref_kinds == tuple(AUTHORS.items()):
            return f"coalesce({alias}.pseudonym, {prefixed})", join
        by = self._plain(f.ref_by or "", "VARCHAR")
        things = ", ".join(literal(v) for v, kind in f.ref_kinds if kind not in PERSON_KINDS)
        plain = f"CASE WHEN {by} IN ({things}) THEN {prefixed} ELSE {column} END"
        return (f"coalesce({alias}.pseudonym, {plain})", join) if person else (plain, "")

    def _identity(self) -> str:
        if self.kind.identity == "id" and self.kind.has_own_id:
            return "e.id"
        parts = ", ".join(
            f"epoch_us(e.{quoted(k)})::VARCHAR"
            if self.kind.by_name[k].type == "instant"
            else f"e.{quoted(k)}::VARCHAR"
            for k in self.kind.key
        )
        return f"e.\"~src\" || '/' || left(sha256(to_json([{parts}]::VARCHAR[])::VARCHAR), 24)"

    def _content(self, secret: bytes) -> str:
        """Keyed hash of all that was given; absent and null are the same.

        64 bits, since only records of one id are ever compared. MD5, since it is five times as
        fast as SHA-256 here, and nobody can aim at a collision without the key before the text.
        """
        parts = [literal(content_key(secret))]
        for f in self.kind.all_fields:
            if f.name not in self.present or f.name == "source":
                continue
            column = f"g.{quoted(f.name)}"
            match f.type:
                case "instant":
                    text = f"epoch_us({column})::VARCHAR"
                case "texts":
                    text = f"to_json({column})::VARCHAR"
                case "text" | "json":
                    text = column
                case _:
                    text = f"{column}::VARCHAR"
            told = f"{literal(f.name + ':')}, length({text}), ':', {text}"
            if f.name not in self.filled:
                told = f"CASE WHEN {column} IS NOT NULL THEN concat({told}) END"
            parts.append(told)
        return f"left(md5(concat({', '.join(parts)})), 16)"


def content_key(secret: bytes) -> str:
    """A key of its own for content, short, since it goes into every row's hash."""
    return hashlib.blake2b(b"content", key=secret, digest_size=16).hexdigest()


def attributes_query(session: duckdb.DuckDBPyConnection) -> str:
    """SELECT of the attributes in the view `described`, one row a name that has a value."""
    found = session.execute("SELECT DISTINCT json_keys(given) FROM described").fetchall()
    names = sorted({name for (keys,) in found for name in keys})
    repeated = any(len(set(keys)) < len(keys) for (keys,) in found)
    if not names or repeated or len(names) > TOGETHER:
        return (
            "SELECT d.kind, d.id, a.key AS name, a.value ->> '$' AS value, d.person, d.batch "
            "FROM described d, json_each(d.given) a WHERE a.type <> 'NULL'"
        )
    # All names in one reading of the text: five times as fast as `json_each`.
    paths = ["/" + name.replace("~", "~0").replace("/", "~1") for name in names]
    return (
        "SELECT kind, id, name, value, person, batch FROM (SELECT kind, id, "
        f"unnest([{', '.join(map(literal, names))}]) AS name, "
        f"unnest(json_extract_string(given, [{', '.join(map(literal, paths))}])) AS value, "
        "person, batch FROM described) WHERE value IS NOT NULL"
    )


def _roles(f: FieldSpec) -> list[str]:
    if f.ref in PERSON_KINDS:
        return [f.ref]
    return [kind for _, kind in f.ref_kinds if kind in PERSON_KINDS]


def learn_people(session: duckdb.DuckDBPyConnection, encoding: Encoding, secret: bytes) -> None:
    """Add the pseudonyms of the given rows' persons to the temporary table `people`."""
    query = encoding.people_query()
    if query is None:
        return
    fresh = session.execute(
        f"SELECT role, source, id FROM ({query}) ANTI JOIN people USING (role, source, id) "
        "ORDER BY role, source"
    ).to_arrow_table()
    groups: dict[tuple[str, str], list[str]] = {}
    for role, source, id_ in zip(*(fresh.column(i).to_pylist() for i in range(3)), strict=True):
        groups.setdefault((role, source), []).append(id_)
    for (role, source), ids in groups.items():
        session.register("~fresh", _people_table(secret, source, role, ids))
        session.execute('INSERT INTO people SELECT * FROM "~fresh"')
        session.unregister("~fresh")


def _people_table(secret: bytes, source: str, role: str, ids: Sequence[str]) -> pa.Table:
    return pa.table(
        {
            "role": pa.array([role] * len(ids), pa.string()),
            "source": pa.array([source] * len(ids), pa.string()),
            "id": pa.array(ids, pa.string()),
            "pseudonym": pa.array(pseudonyms(secret, source, role, ids), pa.string()),
        }
    )
