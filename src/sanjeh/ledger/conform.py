"""Checks a caller's table against a record kind: names, types, ranges, keys."""

from __future__ import annotations

import difflib
import json
from typing import Any, Final, NoReturn

import duckdb
import pyarrow as pa
import pyarrow.compute

from sanjeh.ledger.errors import LedgerError
from sanjeh.ledger.kinds import KINDS, FieldSpec, RecordKind

# The stubs of pyarrow's kernels know neither chunked columns nor plain numbers.
pc: Any = pyarrow.compute
Column = Any  # a pyarrow.ChunkedArray of any type

_EARLIEST: Final = -62_135_596_800_000_000  # 0001-01-01, in microseconds
_LATEST: Final = 253_402_300_799_999_999  # 9999-12-31


def kind_named(name: str) -> RecordKind:
    """The kind, or an error that names the nearest one."""
    if name not in KINDS:
        near = difflib.get_close_matches(name, KINDS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise LedgerError(f"there is no record kind {name!r}{hint}")
    return KINDS[name]


def check_source(source: str) -> str:
    """The source's name, or an error where it could not be told from an id."""
    if not source or "/" in source:
        raise LedgerError(f"a source is a name without '/', not {source!r}")
    return source


def conform(kind: RecordKind, table: pa.Table) -> pa.Table:
    """The table with every column in the type of its field.

    Errors: unknown columns, wrong types, values out of range, keys missing; each names the kind,
    the column and the first value that offends.
    """
    columns: dict[str, Column] = {}
    for name in table.column_names:
        if name not in kind.by_name:
            near = difflib.get_close_matches(name, kind.by_name, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise LedgerError(f"{kind.name} has no field {name!r}{hint}")
        if name in columns:
            raise LedgerError(f"{kind.name}: the column {name!r} is given twice")
        columns[name] = _column(kind, kind.by_name[name], table.column(name))
    for name in kind.key:
        if kind.by_name[name].optional_key or table.num_rows == 0:
            continue
        if name not in columns:
            raise LedgerError(f"{kind.name}: the key column {name!r} is missing")
        empty = pc.is_null(columns[name])
        if columns[name].type == pa.string():
            empty = pc.or_(empty, pc.fill_null(pc.equal(columns[name], ""), False))
        if (row := pc.index(empty, True).as_py()) >= 0:
            raise LedgerError(f"{kind.name}.{name}: row {row + 1} has no value, and it is the key")
    return pa.table(columns) if columns else table


def _column(kind: RecordKind, field: FieldSpec, given: Column) -> Column:
    if pa.types.is_dictionary(given.type):
        given = given.cast(given.type.value_type)
    if pa.types.is_null(given.type):
        return given.cast(field.arrow_type)
    if not _fits(field.type, given.type):
        _refuse(kind, field, _first(given), f"a column of {given.type}")
    try:
        # Nanoseconds are cut to microseconds, which no helpdesk tells apart.
        cuts = field.type == "number" or (field.type == "instant" and given.type.unit == "ns")
        made = given.cast(field.arrow_type, safe=not cuts)
    except pa.ArrowInvalid:
        _refuse(kind, field, _first_failing(given, field), "it does not fit")
    match field.type:
        case "instant":
            micros = made.cast(pa.int64())
            outside = pc.or_(pc.less(micros, _EARLIEST), pc.greater(micros, _LATEST))
            _check(kind, field, given, outside, "it is outside the years 1 to 9999")
        case "number":
            _check(kind, field, given, pc.invert(pc.is_finite(made)), "it is no number")
        case "json":
            return _unescaped(kind, field, made)
    return made


def _fits(type_: str, given: pa.DataType) -> bool:
    is_ = pa.types
    match type_:
        case "text" | "json":
            return _is_text(given)
        case "instant":
            return is_.is_timestamp(given) and given.tz is not None
        case "date":
            return is_.is_date(given)
        case "integer":
            return is_.is_integer(given) or is_.is_floating(given)
        case "number":
            return is_.is_integer(given) or is_.is_floating(given) or is_.is_decimal(given)
        case "flag":
            return is_.is_boolean(given)
        case _:
            if not (is_.is_list(given) or is_.is_large_list(given)):
                return False
            inner: pa.DataType = given.value_type
            return _is_text(inner) or is_.is_null(inner)


def _is_text(given: pa.DataType) -> bool:
    return (
        pa.types.is_string(given)
        or pa.types.is_large_string(given)
        or pa.types.is_string_view(given)
    )


_EXPECTED: Final = {
    "text": "text",
    "instant": "an instant with its time zone",
    "date": "a date",
    "integer": "a whole number",
    "number": "a finite number",
    "flag": "true or false",
    "texts": "a list of texts",
    "json": "valid JSON as text",
}


def _refuse(kind: RecordKind, field: FieldSpec, value: Any, why: str) -> NoReturn:
    shown = repr(value)
    shown = shown if len(shown) <= 80 else shown[:77] + "..."
    raise LedgerError(
        f"{kind.name}.{field.name}: expected {_EXPECTED[field.type]}, got {shown} ({why})"
    )


def _check(kind: RecordKind, field: FieldSpec, given: Column, bad: Column, why: str) -> None:
    row = pc.index(pc.fill_null(bad, False), True).as_py()
    if row >= 0:
        _refuse(kind, field, _shown(given[row]), why)


def _first(column: Column) -> Any:
    row = pc.index(pc.is_valid(column), True).as_py()
    return _shown(column[row]) if row >= 0 else None


def _first_failing(column: Column, field: FieldSpec) -> Any:
    for value in column:
        try:
            value.cast(field.arrow_type)
        except pa.ArrowInvalid:
            return _shown(value)
    return _first(column)


def _shown(value: Any) -> Any:
    try:
        return value.as_py()
    except (ValueError, OverflowError):
        return str(value.value)  # an instant that Python's datetime cannot hold


def _unescaped(kind: RecordKind, field: FieldSpec, column: Column) -> Column:
    """The column with its JSON's letters unescaped, so that an erasure can find a name in it."""
    escaped = pc.fill_null(pc.match_substring(column, "\\u"), False)
    if not pc.any(escaped).as_py():
        return column
    plain = []
    for text in column.filter(escaped).to_pylist():
        try:
            plain.append(json.dumps(json.loads(text), ensure_ascii=False))
        except ValueError:
            _refuse(kind, field, text, "it is not JSON")
    return pc.replace_with_mask(column, escaped, pa.array(plain, pa.string()))


def check_json(kind: RecordKind, session: duckdb.DuckDBPyConnection, view: str) -> None:
    """Refuse text that is not JSON, and attributes that are not an object."""
    present = {row[0] for row in session.execute(f"DESCRIBE {view}").fetchall()}
    for field in kind.all_fields:
        if field.type != "json" or field.name not in present:
            continue
        column = f'"{field.name}"'
        wrong = f"NOT json_valid({column})"
        if field.name == "attributes":
            wrong += f" OR json_type(CASE WHEN json_valid({column}) THEN {column} END) <> 'OBJECT'"
        row = session.execute(f"SELECT {column} FROM {view} WHERE {wrong} LIMIT 1").fetchone()
        if row is not None:
            object_ = field.name == "attributes"
            _refuse(kind, field, row[0], "an object is needed" if object_ else "it is not JSON")
