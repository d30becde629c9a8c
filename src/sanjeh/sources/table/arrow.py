"""Arrow's arrays and compute functions for this folder, loosely typed.

Its stubs refuse calls that its documentation gives (a scalar beside a column, for one), so the
types stop here instead of at every call.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute

Array: TypeAlias = Any
"""A pyarrow Array or ChunkedArray."""
compute: Any = pyarrow.compute
PIECE: Final = 65_536


def whole(column: Array) -> Array:
    """A column's chunks as one array."""
    if isinstance(column, pa.ChunkedArray):
        chunks = column.chunks
        return pa.concat_arrays(chunks) if chunks else pa.nulls(0, column.type)
    return column


def coded(column: Array) -> Array:
    """A column as one dictionary array: codes, and each distinct value once."""
    return whole(column).dictionary_encode()


def in_pieces(table: pa.Table) -> pa.Table:
    """The table cut up, since DuckDB reads one piece with one core."""
    return pa.Table.from_batches(table.to_batches(max_chunksize=PIECE), schema=table.schema)
