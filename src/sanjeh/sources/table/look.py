"""What a file would be taken for, to be read and mended before anything is imported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyarrow as pa

from sanjeh.sources.errors import MappingError
from sanjeh.sources.table.arrow import Array
from sanjeh.sources.table.arrow import compute as pc
from sanjeh.sources.table.build import Builder, Plan
from sanjeh.sources.table.cells import clean
from sanjeh.sources.table.guess import NOTHING, WRITINGS, Told, mapping_of
from sanjeh.sources.table.headings import roles_of
from sanjeh.sources.table.mapping import FileShape, Mapping
from sanjeh.sources.table.reading import RawTable, read_table
from sanjeh.sources.table.run import read_cells

TRIED: Final = 20_000  # rows whose cells are tried; the import reads all of them
FIRST: Final = 6
EXAMPLES: Final = 3
LONGEST: Final = 60
WORDS: Final = 20  # unknown ones that are told
OWN: Final = "own"


@dataclass(frozen=True)
class Column:
    """What one column was taken for."""

    heading: str
    role: str | None
    """The role it plays; `own`: kept as a field of one's own; null: not used."""
    filled: int
    """How many of the tried rows have a value."""
    unread: int
    """How many of those cannot be read as what the column was taken for."""
    examples: tuple[str, ...]
    writing: str | None
    """How its dates are written, a key of `WRITINGS`; null where it has none."""
    is_assumed: bool
    """Whether days and months could be the other way round."""
    unknown: tuple[str, ...] = ()
    """Words of a status column that mean nothing known."""


@dataclass(frozen=True)
class Look:
    """A file as it would be imported."""

    rows: int
    misfits: int
    """Rows with more or fewer cells than there are headings."""
    tried: int
    columns: tuple[Column, ...]
    first: tuple[tuple[str, ...], ...]
    """The first rows, as written."""
    shape: FileShape
    mapping: Mapping | None
    why: str
    """Why there is no mapping: what no column looks like."""

    @property
    def is_history(self) -> bool:
        """Whether a row is taken for a change."""
        return self.mapping is not None and self.mapping.case is not None


def look_at(path: Path, told: Told = NOTHING) -> Look:
    """What a table would be taken for. Errors: FileUnreadable."""
    raw = read_table(path, FileShape())
    try:
        mapping, why = mapping_of(raw, path, told), ""
    except MappingError as error:
        mapping, why = None, str(error)
    return Look(
        rows=raw.table.num_rows + len(raw.misfits),
        misfits=len(raw.misfits),
        tried=min(raw.table.num_rows, TRIED),
        columns=tuple(_columns(raw, mapping, told)),
        first=tuple(
            tuple(_short(row[name]) for name in raw.table.column_names)
            for row in raw.table.slice(0, FIRST).to_pylist()
        ),
        shape=raw.shape,
        mapping=mapping,
        why=why,
    )


def _columns(raw: RawTable, mapping: Mapping | None, told: Told) -> Iterable[Column]:
    headings = raw.table.column_names
    roles = roles_of(headings) if told.roles is None else told.roles
    played = {heading: role for role, heading in roles.items()}
    kept = _own(mapping) if mapping else told.own or frozenset()
    unread = _unread(raw, mapping) if mapping else {}
    for heading in headings:
        nulls = mapping.file.null if mapping else ()
        cells = clean(raw.table.column(heading).slice(0, TRIED), nulls).dictionary_decode()
        writing = _writing(mapping, heading) if mapping else None
        used = played.get(heading) if not mapping or _is_used(mapping, heading) else None
        assumed = mapping is not None and "assumed" in mapping.title
        yield Column(
            heading, used or (OWN if heading in kept else None), len(cells) - cells.null_count,
            len(unread.get(heading, ())), _examples(cells), writing,
            assumed and writing in ("day_first", "month_first"),
            _unknown(cells, unread.get(heading, ())) if used == "status" else (),
        )  # fmt: skip


def _own(mapping: Mapping) -> frozenset[str]:
    takes = [take for record in mapping.records for take in record.attributes.values()]
    return frozenset(str(take.column) for take in takes)


def _is_used(mapping: Mapping, heading: str) -> bool:
    """Whether a mapping reads a column for anything but a field of one's own."""
    takes = [take for record in mapping.records for take in record.fields.values()]
    named = {take.column for take in takes} | {change.column for change in mapping.changes}
    order = {mapping.case.key, *mapping.case.order} if mapping.case else set()
    return heading in named | order


def _unread(raw: RawTable, mapping: Mapping) -> dict[str, tuple[int, ...]]:
    """Which cells of each column the import would refuse, of the tried rows."""
    part = replace(raw, table=raw.table.slice(0, TRIED))
    plan = Plan(mapping, part.table.column_names)
    Builder(plan)
    _, refused = read_cells(part, plan)
    return {heading: read.failed for heading, read in refused.items()}


def _unknown(cells: Array, rows: tuple[int, ...]) -> tuple[str, ...]:
    words = pc.unique(cells.take(pa.array(rows, pa.int64()))).drop_null()
    return tuple(sorted(words[:WORDS].to_pylist()))


def _writing(mapping: Mapping, heading: str) -> str | None:
    formats = mapping.shape(heading).format
    found = (name for name, known in WRITINGS.items() if formats and formats[0] in known)
    return next(found, None)


def _examples(cells: Array) -> tuple[str, ...]:
    words = pc.unique(cells).drop_null()[:EXAMPLES].to_pylist()
    return tuple(map(_short, words))


def _short(text: str | None) -> str:
    found = " ".join((text or "").split())
    return found if len(found) <= LONGEST else found[: LONGEST - 1] + "…"
