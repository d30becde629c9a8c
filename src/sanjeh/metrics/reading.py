"""Which options a declaration reads, found in its code, so that no second list can lag behind."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType
from typing import Any

from sanjeh.metrics.options import OPTIONS
from sanjeh.metrics.registry import Metric

_BY_COLUMN = {f"option_{name.replace('.', '_')}": name for name in OPTIONS}


def options_read(metric: Metric) -> list[str]:
    """Names of the options whose columns the measure, or what prepares it, looks at."""
    seen: set[Any] = set()
    found: list[str] = []
    for part in (metric.measure, metric.prepare, metric.pending, metric.context):
        if part is not None:
            found += _in(part, seen)
    return list(dict.fromkeys(found))


def _in(function: Any, seen: set[Any]) -> Iterator[str]:
    code = getattr(function, "__code__", None)
    if code is None or code in seen:
        return
    seen.add(code)
    for name in _names(code):
        if name in _BY_COLUMN:
            yield _BY_COLUMN[name]
        called: Any = function.__globals__.get(name)
        if str(getattr(called, "__module__", "")).startswith("sanjeh.metrics."):
            yield from _in(called, seen)
    for cell in function.__closure__ or ():
        yield from _in(cell.cell_contents, seen)


def _names(code: CodeType) -> Iterator[str]:
    """Names that a function's code looks up, those of functions inside it too."""
    yield from code.co_names
    yield from (c for c in code.co_consts if isinstance(c, str))
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)
