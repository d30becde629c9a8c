"""Rows put in the order of their cases, and where a value changed within a case.

Arrow arrays only: the key is compared by its code, so a million rows sort and shift in a moment.
"""

from __future__ import annotations

import math
from typing import Any

import pyarrow as pa

from sanjeh.sources.table.arrow import Array, coded, whole
from sanjeh.sources.table.arrow import compute as pc


def in_case_order(cells: pa.Table, key: str, order: list[str]) -> pa.Table:
    """The cells with `k` (the case's key), `case_code` and `pos`, case by case, rows in order.

    Rows follow each other by the order's columns, unknown ones first, then as in the file.
    Rows without a key are left out.
    """
    codes = coded(cells.column(key)).indices
    cells = cells.append_column("k", cells.column(key)).append_column("case_code", codes)
    cells = cells.filter(pc.is_valid(cells.column("case_code")))
    by = list(dict.fromkeys(["case_code", *order, "r"]))
    ranked = pa.table({name: _unknown_first(cells.column(name)) for name in by})
    places = pc.sort_indices(ranked, sort_keys=[(name, "ascending") for name in by])
    cells = cells.take(places)
    return cells.append_column("pos", pa.array(range(cells.num_rows), pa.int64()))


def _unknown_first(column: Array) -> Array:
    """The column as something to sort by in which null comes before everything."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    if column.null_count == 0:
        return column
    least: dict[Any, Any] = {pa.int64(): -(2**63), pa.float64(): -math.inf, pa.bool_(): False}
    return pc.fill_null(column, least.get(column.type, ""))


def changed(
    cells: pa.Table, value: str, at: str, *, initial: bool, restate: tuple[str, ...]
) -> pa.Table:
    """The rows, in case order, at which a known value differs from the case's last known one.

    Columns `v` and `was` are added: the value now and the one before. `initial` keeps the first
    known value of each case too (`was` null); `restate` names values whose repetition counts.
    """
    known = cells.filter(pc.and_(pc.is_valid(cells.column(value)), pc.is_valid(cells.column(at))))
    if known.num_rows == 0:
        empty = pa.array([], pa.string())
        return known.append_column("v", empty).append_column("was", empty)
    values, cases = coded(known.column(value)), whole(known.column("case_code"))
    words, now = values.dictionary, values.indices
    same_case = pc.fill_null(pc.equal(cases, _above(cases)), False)
    was = pc.if_else(same_case, _above(now), pa.scalar(None, now.type))
    told = pc.fill_null(pc.not_equal(now, was), initial)
    if restate:
        again = pc.is_in(words, value_set=pa.array(restate, pa.string()))
        told = pc.or_(told, pc.and_(same_case, pc.take(again, now)))
    before = pa.DictionaryArray.from_arrays(was, words)
    return known.append_column("v", values).append_column("was", before).filter(told)


def _above(column: Array) -> Array:
    """What stands in the row above, for each row but the first."""
    return pa.concat_arrays([pa.nulls(1, column.type), column[:-1]])
