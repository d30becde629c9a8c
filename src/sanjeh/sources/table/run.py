"""One table through one mapping into one batch: read, build, append, and tell what was refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from sanjeh.sources.report import KindCounts, Reject, Rejects
from sanjeh.sources.table.arrow import Array
from sanjeh.sources.table.build import Builder, Incomplete, Plan, named
from sanjeh.sources.table.cells import ReadColumn, clean, read_column
from sanjeh.sources.table.mapping import Mapping
from sanjeh.sources.table.reading import RawTable, read_table

Progress = Callable[[float, str], None]


class Batch(Protocol):
    """What a batch of the ledger offers here."""

    number: int

    def append(self, kind: str, table: pa.Table) -> Any: ...


ROWS_AHEAD = 500_000  # built and not appended yet, so that they do not fill the memory


@dataclass
class Loaded:
    """What was done with one file."""

    rows: int = 0
    records: dict[str, KindCounts] = field(default_factory=dict)
    duplicates: int = 0
    sources: set[str] = field(default_factory=set)
    """The sources that the records themselves name."""


def load_table(
    path: Path, mapping: Mapping, batch: Batch, rejects: Rejects, progress: Progress
) -> Loaded:
    """Append the file's records to the batch; whatever cannot be read goes to the rejects."""
    progress(0.0, f"reading {path.name}")
    raw = read_table(path, mapping.file)
    loaded = Loaded(rows=raw.table.num_rows + len(raw.misfits))
    for misfit in raw.misfits:
        reason = f"{misfit.actual} cells where the headings have {misfit.expected}"
        rejects.add(
            Reject(misfit.line, None, None, reason), misfit.text, kind="wrong number of cells"
        )
    if raw.table.num_rows == 0:
        return loaded
    progress(0.3, "reading cells")
    case = mapping.case
    raw, loaded.duplicates = _once_each(raw, (case.key, *case.order) if case else ())
    plan = Plan(mapping, raw.table.column_names)
    builder = Builder(plan)
    cells, read = read_cells(raw, plan)
    _reject_cells(raw, plan, read, rejects)
    refused = {(row, column) for column, found in read.items() for row in found.failed}
    # One kind is appended while the next is built, so that neither waits for the other's cores.
    appended: dict[str, Future[Any]] = {}
    under_way: dict[str, int] = {}
    with ThreadPoolExecutor(1) as appending:
        for kind, table, incomplete in builder.tables(
            cells, lambda share, what: progress(0.5 + share / 2, what)
        ):
            under_way = {k: rows for k, rows in under_way.items() if not appended[k].done()}
            if sum(under_way.values()) > ROWS_AHEAD:
                wait(appended.values())
            _reject_incomplete(raw, incomplete, refused, rejects)
            if table.num_rows:
                appended[kind] = appending.submit(batch.append, kind, table)
                under_way[kind] = table.num_rows
        loaded.records |= {
            kind: KindCounts().plus(done.result()) for kind, done in appended.items()
        }
    return loaded


def _once_each(raw: RawTable, telling: tuple[str, ...]) -> tuple[RawTable, int]:
    """The table without rows that repeat an earlier one in every cell, and how many those were.

    telling: columns that nearly always tell rows apart; where they do, no others are looked at.
    """
    table = raw.table
    columns = ", ".join(named(name) for name in table.column_names)
    known = [named(name) for name in telling if name in table.column_names]
    with duckdb.connect() as connection:
        connection.register("rows", table)
        # By a hash first: nearly always nothing repeats, and then the rows are not compared.
        for tried in (", ".join(known), columns):
            if tried:
                sql = f"SELECT count(DISTINCT hash({tried})) FROM rows"
                (distinct,) = connection.execute(sql).fetchone() or (0,)
                if distinct == table.num_rows:
                    return raw, 0
        places = pa.array(range(table.num_rows), pa.int64())
        connection.register("placed", table.append_column("row of file", places))
        kept = connection.execute(
            f'SELECT min("row of file") AS n FROM placed GROUP BY {columns} ORDER BY n'
        ).to_arrow_table()["n"]
    repeated = table.num_rows - len(kept)
    if not repeated:
        return raw, 0
    lines = [raw.lines[row] for row in kept.to_pylist()]
    return RawTable(table.take(kept), raw.misfits, raw.shape, lines), repeated


def read_cells(raw: RawTable, plan: Plan) -> tuple[pa.Table, dict[str, ReadColumn]]:
    """The plan's columns as values, and by heading the reading that refused the most cells."""
    columns: dict[str, Array] = {"r": pa.array(range(raw.table.num_rows), pa.int64())}
    refusals: dict[str, ReadColumn] = {}
    nulls = plan.mapping.file.null
    headings = list(dict.fromkeys(reading.column for reading in plan.readings))
    # Arrow works outside the interpreter's lock, and so on every core.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        texts = pool.map(lambda heading: clean(raw.table.column(heading), nulls), headings)
        cleaned = dict(zip(headings, texts, strict=True))
        found = pool.map(lambda one: read_column(cleaned[one.column], one), plan.readings)
        done = dict(zip(plan.readings, found, strict=True))
    for reading, name in plan.readings.items():
        read = done[reading]
        columns[name] = read.values
        known = refusals.get(reading.column)
        if read.failed and (known is None or len(read.failed) > len(known.failed)):
            refusals[reading.column] = read
    return pa.table(columns), refusals


def _reject_cells(raw: RawTable, plan: Plan, read: dict[str, ReadColumn], rejects: Rejects) -> None:
    for column, found in read.items():
        lost = "record" if column in plan.vital else "cell"
        for row, cells in _rows(raw, found.failed):
            value = str(cells[column]).strip()
            reject = Reject(raw.lines[row], column, value, found.reason(value), lost)
            rejects.add(reject, cells, kind=found.kind)


def _reject_incomplete(
    raw: RawTable,
    incomplete: list[Incomplete],
    refused: set[tuple[int, str]],
    rejects: Rejects,
) -> None:
    """Rows that lack what a record needs; cells refused already are not told twice."""
    blank = [gap for gap in incomplete if (gap.row, gap.column) not in refused]
    for gap, (row, cells) in zip(blank, _rows(raw, [gap.row for gap in blank]), strict=True):
        reason = f"{gap.kind}.{gap.field} is missing: {gap.column!r} is empty"
        rejects.add(
            Reject(raw.lines[row], gap.column, None, reason, "record"),
            cells,
            kind=f"{gap.kind}.{gap.field} is missing",
        )


def _rows(raw: RawTable, rows: Iterable[int]) -> Iterable[tuple[int, dict[str, Any]]]:
    listed = list(rows)
    if not listed:
        return
    table = raw.table.combine_chunks()  # one dictionary a column, not one a chunk
    texts = pa.schema([(name, pa.string()) for name in table.column_names])
    for start in range(0, len(listed), 10_000):
        part = listed[start : start + 10_000]
        yield from zip(part, table.take(part).cast(texts).to_pylist(), strict=True)
