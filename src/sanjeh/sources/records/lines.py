"""A file of JSON lines, plain or gzip, streamed: memory holds some tens of thousands of records."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from sanjeh.ledger import KINDS
from sanjeh.sources.errors import FileUnreadable, SourceError
from sanjeh.sources.records.check import check_record
from sanjeh.sources.report import KindCounts, Reject, Rejects
from sanjeh.sources.table.run import Batch, Loaded

DEFAULT_SOURCE = "records"
ENDINGS = (".json", ".jsonl", ".ndjson")
_KIND_CHUNK = 100_000
_ALL_CHUNK = 200_000
_LOOKED_AT = 20
_LONG = 300


def is_records(path: Path) -> bool:
    """Whether the file is JSON whose first objects name a `kind`."""
    if not path.name.removesuffix(".gz").lower().endswith(ENDINGS):
        return False
    for seen, (_, value, _) in enumerate(_objects(path)):
        if isinstance(value, dict) and "kind" in value:
            return True
        if seen >= _LOOKED_AT:
            break
    return False


def kinds_of(path: Path) -> Counter[str]:
    """How many objects of the file name each kind; those that name none under an empty one."""
    found: Counter[str] = Counter()
    for _, value, _ in _objects(path):
        kind = value.get("kind") if isinstance(value, dict) else None
        found[kind if isinstance(kind, str) and kind in KINDS else ""] += 1
    return found


def load_records(
    path: Path,
    batch: Batch,
    rejects: Rejects,
    *,
    source: str,
    zone: str | None,
    progress: Callable[[float, str], None],
) -> Loaded:
    """Append the file's records to the batch; `source` is whose they are where they do not say."""
    loaded = Loaded()
    waiting: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    wall = _zone(zone)
    total = 0
    for line, value, text in _objects(path):
        loaded.rows += 1
        if not isinstance(value, dict):
            reason = f"not a JSON object: {value}"
            rejects.add(Reject(line, None, _short(text), reason), text, kind="not JSON")
            continue
        checked = check_record(value, wall)
        if isinstance(checked, list):
            for fault in checked:
                shown = None if fault.value is None else _short(_as_text(fault.value))
                rejects.add(Reject(line, fault.field, shown, fault.reason), value, kind=fault.sort)
            continue
        kind, values = checked
        loaded.sources.add(values.setdefault("source", source))
        waiting[kind].append(values)
        total += 1
        if len(waiting[kind]) >= _KIND_CHUNK:
            total -= len(waiting[kind])
            _append(batch, kind, waiting.pop(kind), loaded)
        elif total >= _ALL_CHUNK:
            _append_all(batch, waiting, loaded)
            total = 0
        if loaded.rows % 50_000 == 0:
            progress(0.5, f"{loaded.rows:,} records read")
    _append_all(batch, waiting, loaded)
    progress(1.0, f"{loaded.rows:,} records read")
    return loaded


def _append_all(batch: Batch, waiting: dict[str, list[dict[str, Any]]], loaded: Loaded) -> None:
    for kind, rows in waiting.items():
        _append(batch, kind, rows, loaded)
    waiting.clear()


def _append(batch: Batch, kind: str, rows: list[dict[str, Any]], loaded: Loaded) -> None:
    given = {name for row in rows for name in row}
    fields = [part for part in KINDS[kind].schema if part.name in given]
    columns = {
        part.name: pa.array([row.get(part.name) for row in rows], part.type) for part in fields
    }
    counts = loaded.records.get(kind, KindCounts())
    loaded.records[kind] = counts.plus(batch.append(kind, pa.table(columns)))


def _objects(path: Path) -> Iterator[tuple[int, Any, str]]:
    """Line, value and text of each object; where it is none, the value is the reason."""
    for line, text in _lines(path):
        try:
            value = _DECODER.decode(text)
        except (json.JSONDecodeError, RecursionError, ValueError) as error:
            yield line, str(error), text
            continue
        if isinstance(value, list) and line == 1:
            yield from ((n, item, _short(_as_text(item))) for n, item in enumerate(value, 1))
        elif isinstance(value, dict):
            yield line, value, text
        else:
            yield line, f"it is a {type(value).__name__}", text


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


# Made once: `json.loads` would make one for every line.
_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Number and text of each line that is not blank; one that is not its encoding has marks."""
    try:
        with path.open("rb") as head:
            packed = head.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as start:
            utf16 = start.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        encoding = "utf-16" if utf16 else "utf-8-sig"
        with (
            gzip.open(path) if packed else path.open("rb") as data,
            io.TextIOWrapper(data, encoding, errors="backslashreplace", newline="\n") as text,
        ):
            whole_array = False
            for number, line in enumerate(text, 1):
                if number == 1 and line.lstrip().startswith("["):
                    whole_array = True
                    yield 1, line + text.read()
                if whole_array:
                    return
                if line.strip():
                    yield number, line
    except FileNotFoundError:
        raise FileUnreadable(f"There is no file at {path}.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile, UnicodeError) as error:
        raise FileUnreadable(
            f"{path.name} is cut short or damaged ({error}); nothing was imported. Fetch it again."
        ) from None
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error}.") from None


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise SourceError(f"{name!r} is no time zone; write one like Europe/Moscow.") from None


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _LONG else text[:_LONG] + "…"
