"""Arrow's arrays and compute functions for this folder, loosely typed.

Its stubs refuse calls that its documentation gives (a scalar beside a column, for one), so the
types stop here instead of at every call.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute

Array: TypeAlias = Any
"""A pyarrow Array or ChunkedArray."""
compute: Any = pyarrow.compute


def whole(column: Array) -> Array:
    """A column's chunks as one array."""
    if isinstance(column, pa.ChunkedArray):
        chunks = column.chunks
        return pa.concat_arrays(chunks) if chunks else pa.nulls(0, column.type)
    return column
