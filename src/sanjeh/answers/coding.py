"""The groups that rows of an answer stand in, as whole numbers: a column at a time, not by row."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import pyarrow as pa

Coded = tuple["np.ndarray[Any, Any]", list[str], Callable[[int], tuple[Any, ...]]]


def coded(rows: pa.Table, but: Collection[str]) -> Coded:
    """Of each row the number of its group, the columns that tell groups, and a number's values.

    but: the columns that tell no groups.
    """
    names = [name for name in rows.column_names if name not in but]
    codes = np.zeros(rows.num_rows, np.int64)
    values: list[list[Any]] = []
    for name in names:
        column = pa.concat_arrays(rows[name].chunks) if rows.num_rows else pa.array([], pa.int64())
        found = column.dictionary_encode(null_encoding="encode")
        values.append(found.dictionary.to_pylist())
        codes = codes * max(len(values[-1]), 1) + found.indices.to_numpy(zero_copy_only=False)

    def keys(code: int) -> tuple[Any, ...]:
        key = []
        for known in reversed(values):
            code, place = divmod(code, len(known))
            key.append(known[place])
        return tuple(reversed(key))

    return codes, names, keys
