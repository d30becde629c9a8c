"""Records from the columns that were read: SQL over an in-memory DuckDB, no loop over rows.

The table `cells` has one row for each row of the file: `r` its place, `c0`, `c1` … the readings.
`ordered_cells` are the same rows case by case, with `k` the case's key and `pos` the place. Each
record shape and each change becomes one SELECT; the selects of one kind make one table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as ReadMapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from sanjeh.ledger import KINDS
from sanjeh.sources.errors import MappingError
from sanjeh.sources.table.arrow import compute as pc
from sanjeh.sources.table.arrow import in_pieces
from sanjeh.sources.table.cases import changed, in_case_order
from sanjeh.sources.table.cells import Reading
from sanjeh.sources.table.mapping import ChangeShape, Mapping, RecordShape, Take
from sanjeh.sources.vocabulary import STATUSES, field_choices, required_fields

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_SQL_TYPES = {
    "text": "VARCHAR",
    "instant": "TIMESTAMPTZ",
    "date": "DATE",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
    "texts": "VARCHAR[]",
    "json": "VARCHAR",
}


@dataclass(frozen=True)
class Incomplete:
    """A row that should have made a record and lacks what such a record needs."""

    row: int
    kind: str
    field: str
    column: str


def quoted(value: object) -> str:
    """A value as an SQL literal."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def named(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


class Plan:
    """The readings a mapping needs, each once, and their columns in `cells`."""

    def __init__(self, mapping: Mapping, headings: Iterable[str]) -> None:
        self.mapping = mapping
        self._headings = list(headings)
        self.readings: dict[Reading, str] = {}
        self.vital: set[str] = set()
        """Columns without which a record is lost."""

    def column(
        self,
        column: str,
        type_: str,
        *,
        values: ReadMapping[str, str] | None = None,
        choices: tuple[str, ...] = (),
    ) -> str:
        """The column of `cells` that holds this heading read so; MappingError for no heading."""
        if column not in self._headings:
            raise MappingError(
                f"The mapping names a column {column!r}; the file has {', '.join(self._headings)}."
            )
        shape = self.mapping.shape(column)
        zone = shape.zone or self.mapping.zone
        reading = Reading(
            column, type_, shape, zone, tuple(sorted((values or {}).items())), choices
        )
        return self.readings.setdefault(reading, f"c{len(self.readings)}")

    def declared_type(self, column: str) -> str:
        """The type a column is read as where no field asks for one."""
        return self.mapping.shape(column).type or "text"

    def template(self, text: str) -> str:
        """SQL of a template: null as soon as one of its columns is."""
        parts: list[str] = []
        end = 0
        for match in _PLACEHOLDER.finditer(text):
            parts.append(quoted(text[end : match.start()]))
            parts.append(self.column(match[1], "text"))
            end = match.end()
        parts.append(quoted(text[end:]))
        return "(" + " || ".join(part for part in parts if part != "''") + ")"


def value_sql(plan: Plan, take: Take, type_: str, per: str, choices: tuple[str, ...] = ()) -> str:
    """SQL of one value of a record, cast to its type; per case, of the first or last known."""
    if take.gaps is not None:
        counter = plan.column(take.gaps, "integer")
        return f"(max({counter}) - min({counter}) + 1 - count(DISTINCT {counter}))::BIGINT"
    if take.constant is not None:
        constant = take.constant
        if type_ == "json" and not isinstance(constant, str):
            constant = json.dumps(constant, ensure_ascii=False)
        if isinstance(constant, list):
            return f"[{', '.join(map(quoted, constant))}]::{_SQL_TYPES[type_]}"
        return f"{quoted(constant)}::{_SQL_TYPES[type_]}"
    if take.template is not None:
        sql = plan.template(take.template)
    else:
        sql = plan.column(str(take.column), type_, values=take.values, choices=choices)
    if per == "case":
        sql = f"{'arg_min' if take.keep == 'first' else 'arg_max'}({sql}, pos)"
    return f"{sql}::{_SQL_TYPES[type_]}"


def _attributes_sql(plan: Plan, takes: ReadMapping[str, Take], per: str) -> str:
    """SQL of the attributes as a JSON object without the unknown ones; null where none is known."""
    pairs: list[str] = []
    for name, take in takes.items():
        type_ = "integer" if take.gaps else plan.declared_type(take.column) if take.column else ""
        sql = value_sql(plan, take, type_ or "text", per)
        if type_ == "instant":
            sql = f"strftime({sql}, '%Y-%m-%dT%H:%M:%SZ')"
        pairs.append(f"{quoted(name)}, {sql}")
    merged = f"json_merge_patch('{{}}', json_object({', '.join(pairs)}))::VARCHAR"
    return f"nullif({merged}, '{{}}')"


def _take_columns(take: Take) -> tuple[str, ...]:
    if take.template is not None:
        return tuple(_PLACEHOLDER.findall(take.template))
    return tuple(column for column in (take.column, take.gaps) if column)


def record_sql(plan: Plan, shape: RecordShape) -> str:
    """SELECT of the records of one shape, with the row `r` each came from."""
    spec = KINDS[shape.kind]
    fields = {
        name: value_sql(
            plan, take, spec.by_name[name].type, shape.per, field_choices(shape.kind, name)
        )
        for name, take in shape.fields.items()
    }
    if shape.attributes:
        fields["attributes"] = _attributes_sql(plan, shape.attributes, shape.per)
    if "id" in spec.key and "id" not in fields:
        fields["id"] = _derived_id(shape.kind, [sql for key, sql in fields.items()])
    for name in required_fields(shape.kind):
        if name in shape.fields:
            plan.vital.update(_take_columns(shape.fields[name]))
    if shape.per == "case":
        plan.vital.add(plan.mapping.case.key if plan.mapping.case else "")
    needs = [f"{plan.column(c, plan.declared_type(c))} IS NOT NULL" for c in shape.needs]
    selected = ", ".join(f"{sql} AS {named(name)}" for name, sql in fields.items())
    if shape.per == "case":
        return (
            f"SELECT min(r) AS r, {selected} FROM ordered_cells WHERE "
            f"{' AND '.join(['TRUE', *needs])} GROUP BY case_code"
        )
    where = f" WHERE {' AND '.join(needs)}" if needs else ""
    return f"SELECT r, {selected} FROM cells{where}"


def _derived_id(kind: str, parts: Iterable[str]) -> str:
    """SQL of an id made of what the record says: the same record has the same id again."""
    return f"md5(to_json([{quoted(kind)}, {', '.join(f'({p})::VARCHAR' for p in parts)}]))"


@dataclass(frozen=True)
class _Change:
    """A change shape with the columns of `cells` it reads."""

    shape: ChangeShape
    value: str
    at: str
    sequence: str | None
    actor: str | None
    told: str
    """The table that will hold the rows at which the value changed."""

    def rows(self, cells: pa.Table, connection: Any) -> pa.Table:
        """The rows at which the value changed; `again` counts those of one case and instant."""
        columns = [self.value, self.at, self.sequence, self.actor, "r", "k", "case_code", "pos"]
        told = changed(
            cells.select(list(dict.fromkeys(name for name in columns if name))),
            self.value,
            self.at,
            initial=self.shape.initial,
            restate=self.shape.restate,
        )
        alike = [name for name in ("case_code", self.at, self.sequence) if name]
        # Nearly always all differ, and to see that costs a tenth of numbering them.
        if told.group_by(alike).aggregate([]).num_rows == told.num_rows:
            again = pa.repeat(pa.scalar(1, pa.int64()), told.num_rows)
        else:
            connection.register("alike", told.select([*alike, "pos"]))
            partition = ", ".join(alike)
            again = connection.execute(
                f"SELECT row_number() OVER (PARTITION BY {partition} ORDER BY pos) AS again "
                "FROM alike ORDER BY pos"
            ).to_arrow_table()["again"]
        return told.append_column("again", again)

    def sql(self) -> str:
        """SELECT of a ticket_event for each of the rows."""
        kind = quoted(self.shape.type)
        sequence = f"{self.sequence or 'NULL'}::BIGINT"
        parts = ["k", kind, f"epoch_us({self.at})", sequence, "again"]
        event_id = _derived_id("ticket_event", parts)
        actor = f"{self.actor or 'NULL'}::VARCHAR"
        actor_type = f"CASE WHEN {actor} IS NOT NULL THEN {quoted(self.shape.actor_type)} END"
        return (
            f'SELECT r, {event_id} AS id, k AS ticket_id, {self.at} AS "at", {kind} AS type, '
            f'was AS "from", v AS "to", {sequence} AS sequence, '
            f"({actor_type})::VARCHAR AS actor_type, {actor} AS actor_id FROM {self.told}"
        )


def _change(plan: Plan, shape: ChangeShape, number: int) -> _Change:
    words = shape.values or plan.mapping.shape(shape.column).values
    choices = STATUSES if shape.type == "status_changed" and not words else ()
    plan.vital.add(shape.at)
    return _Change(
        shape,
        value=plan.column(shape.column, "text", values=shape.values, choices=choices),
        at=plan.column(shape.at, "instant"),
        sequence=plan.column(shape.sequence, "integer") if shape.sequence else None,
        actor=plan.column(shape.actor, "text") if shape.actor else None,
        told=f"told{number}",
    )


class Builder:
    """Runs the selects of a mapping over the cells that were read."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.mapping = plan.mapping
        case = self.mapping.case
        self._key = plan.column(case.key, "text") if case else None
        self._order = [
            plan.column(column, self._order_type(column)) for column in (case.order if case else ())
        ]
        if case:
            plan.vital.add(case.key)
        self._selects: dict[str, list[str]] = {}
        for record in self.mapping.records:
            self._selects.setdefault(record.kind, []).append(record_sql(plan, record))
        self._changes = [_change(plan, shape, n) for n, shape in enumerate(self.mapping.changes)]
        for change in self._changes:
            self._selects.setdefault("ticket_event", []).append(change.sql())

        rows = {record.kind for record in self.mapping.records if record.per == "row"}
        several = {k for k, s in self._selects.items() if len(s) > 1} - {"ticket_event"}
        # Kinds whose records cannot repeat: one a case, or one a change.
        self._alone = self._selects.keys() - rows - several

    def _order_type(self, column: str) -> str:
        """How a column is ordered: as the mapping declares it, or as other places read it."""
        declared = self.mapping.shape(column).type
        uses = {change.at: "instant" for change in self.mapping.changes}
        uses |= {c.sequence: "integer" for c in self.mapping.changes if c.sequence}
        return declared or uses.get(column, "text")

    def tables(
        self,
        cells: pa.Table,
        progress: Callable[[float, str], None],
    ) -> Iterable[tuple[str, pa.Table, list[Incomplete]]]:
        """Each kind with the table of its records, and the rows that made none."""
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET Calendar = 'gregorian'")  # whatever the machine's locale
            if self._key is not None:
                ordered = in_case_order(cells, self._key, self._order)
                connection.register("ordered_cells", in_pieces(ordered))
                for change in self._changes:
                    connection.register(change.told, in_pieces(change.rows(ordered, connection)))
            connection.register("cells", in_pieces(cells))
            for done, (kind, selects) in enumerate(self._selects.items()):
                progress(done / len(self._selects), f"{kind} records")
                yield kind, *self._kind(connection, kind, selects)

    def _kind(
        self, connection: Any, kind: str, selects: list[str]
    ) -> tuple[pa.Table, list[Incomplete]]:
        union = " UNION ALL BY NAME ".join(f"({select})" for select in selects)
        # The same record told by many rows is one; the one last told goes last, and so wins.
        rows = "*" if kind in self._alone else "max(r) AS r, * EXCLUDE (r)"
        grouped = "" if kind in self._alone else " GROUP BY ALL"
        found = connection.execute(
            f"SELECT {rows} FROM ({union}){grouped} ORDER BY r"
        ).to_arrow_table()
        lacking = [
            name
            for name in required_fields(kind)
            if name in found.column_names and found.column(name).null_count
        ]
        incomplete: list[Incomplete] = []
        for name in lacking:
            column = self._source_column(kind, name)
            told = connection.execute(
                f"SELECT r FROM ({union}) WHERE {named(name)} IS NULL ORDER BY r"
            ).fetchall()
            incomplete += [Incomplete(row, kind, name, column) for (row,) in told]
        for name in lacking:
            found = found.filter(pc.is_valid(found.column(name)))
        found = found.drop_columns(["r"])
        schema = KINDS[kind].schema
        target = pa.schema([schema.field(name) for name in found.column_names])
        return found.cast(target), incomplete

    def _source_column(self, kind: str, name: str) -> str:
        for record in self.mapping.records:
            if record.kind == kind and name in record.fields:
                return next(iter(_take_columns(record.fields[name])), name)
        return name
