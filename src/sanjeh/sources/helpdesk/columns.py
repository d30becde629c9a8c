"""Many records of one kind to a table, column by column; what `check_record` would refuse is.

A column whose values all have the right Python type is taken as a whole, some ten times quicker
than value by value. Where anything is amiss the rows are halved until few are left, and those
are checked one by one by the same rules as JSON lines, which then say what is wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from sanjeh.ledger import KINDS, FieldSpec
from sanjeh.sources.records.check import Fault, as_json, check_record
from sanjeh.sources.table.arrow import Array
from sanjeh.sources.vocabulary import required_fields

FEW: Final = 64
INSTANT: Final = pa.timestamp("us", tz="UTC")
NONE: Final = type(None)

Row = dict[str, Any]
Refuse = Callable[[int, list[Fault]], None]
"""Called with the place of a refused row among those given, and everything wrong with it."""


class _Amiss(Exception):
    """Something in the column is not as it should be; which row it is remains to be found."""


def tables(kind: str, rows: Sequence[Row], refuse: Refuse) -> list[pa.Table]:
    """Tables of the kind's records, in order, without those that are refused."""
    if kind not in KINDS:
        for place, row in enumerate(rows):
            refuse(place, _faults(kind, row))
        return []
    return _tables(kind, rows, 0, refuse)


def _tables(kind: str, rows: Sequence[Row], first: int, refuse: Refuse) -> list[pa.Table]:
    try:
        return [_at_once(kind, rows)]
    except (_Amiss, pa.ArrowException, UnicodeError, OverflowError, TypeError, ValueError):
        if len(rows) > FEW:
            half = len(rows) // 2
            return [
                *_tables(kind, rows[:half], first, refuse),
                *_tables(kind, rows[half:], first + half, refuse),
            ]
    good = []
    for place, row in enumerate(rows, first):
        checked = check_record({"record": kind, **row}, None)
        if isinstance(checked, list):
            refuse(place, checked)
        else:
            good.append(checked[1])
    if not good:
        return []
    names = {name for row in good for name in row}
    return [
        pa.table(
            {
                part.name: pa.array([row.get(part.name) for row in good], part.type)
                for part in KINDS[kind].schema
                if part.name in names
            }
        )
    ]


def _faults(kind: str, row: Row) -> list[Fault]:
    checked = check_record({"record": kind, **row}, None)
    assert isinstance(checked, list)
    return checked


@cache
def _needed(kind: str) -> frozenset[str]:
    return frozenset(required_fields(kind))


def _at_once(kind: str, rows: Sequence[Row]) -> pa.Table:
    names = set().union(*rows)
    by_name = KINDS[kind].by_name
    if not names <= by_name.keys() or not _needed(kind) <= names:
        raise _Amiss
    columns = {}
    for spec in KINDS[kind].all_fields:
        if spec.name not in names:
            continue
        column = _column(spec, [row.get(spec.name) for row in rows])
        if column.null_count and spec.name in _needed(kind):
            raise _Amiss
        columns[spec.name] = column
    return pa.table(columns)


def _column(spec: FieldSpec, values: list[Any]) -> Array:
    types = set(map(type, values))
    match spec.type:
        case "text":
            if int in types:
                values = [str(v) if type(v) is int else v for v in values]
            _only(types, str, int)
            if spec.name == "source" and not all(v and "/" not in v for v in set(values) - {None}):
                raise _Amiss
            if spec.choices and not set(values) <= {None, *spec.choices}:
                raise _Amiss
            return pa.array(values, pa.string())
        case "instant":
            return _instants(types, values)
        case "integer":
            _only(types, int)
            return pa.array(values, pa.int64())
        case "number":
            _only(types, int, float)
            column = pa.array(values, pa.float64())
            if pc.all(pc.is_finite(column)).as_py() is False:
                raise _Amiss
            return column
        case "flag":
            _only(types, bool)
            return pa.array(values, pa.bool_())
        case "json":
            read = as_json(spec.name)
            return pa.array([None if v is None else read(v) for v in values], pa.string())
        case "texts":
            _only(types, list)
            if not {type(item) for v in values if v for item in v} <= {str}:
                raise _Amiss
            return pa.array(values, pa.list_(pa.string()))
        case "date":
            _only(types, str)
            days = [None if v is None else dt.date.fromisoformat(v) for v in values]
            return pa.array(days, pa.date32())
    raise AssertionError(f"no way to read {spec.type}")


def _instants(types: set[type], values: list[Any]) -> Array:
    if types <= {str, NONE}:
        return pc.cast(pa.array(values, pa.string()), INSTANT)
    _only(types, dt.datetime)
    if any(v is not None and v.tzinfo is None for v in values):
        raise _Amiss
    return pa.array(values, INSTANT)


def _only(types: set[type], *allowed: type) -> None:
    if not types <= {NONE, *allowed}:
        raise _Amiss
