"""A file of rows as one table of texts, each row knowing its line in the file.

Columns stay as written; meaning comes later. Rows of the wrong width are set aside as `misfits`,
rows with nothing in them are left out, neither stops the rest.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from sanjeh.sources.errors import FileUnreadable
from sanjeh.sources.table.arrow import Array
from sanjeh.sources.table.arrow import compute as pc
from sanjeh.sources.table.encoding import as_text, find_delimiter, read_bytes
from sanjeh.sources.table.mapping import FileShape

FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xlsb": "excel",
    ".xls": "excel",
    ".ods": "excel",
    ".parquet": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}


_WORTH_PARTS: Final = 1 << 22
CODED = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Misfit:
    """A row that has more or fewer cells than there are headings."""

    line: int
    text: str
    expected: int
    actual: int


@dataclass(frozen=True)
class RawTable:
    """The rows of a file as texts, and where each stood."""

    table: pa.Table
    misfits: tuple[Misfit, ...] = ()
    shape: FileShape = field(default_factory=FileShape)
    """The shape as found: format, encoding and delimiter are known here."""
    lines: Sequence[int] = ()
    """The line of each row."""


def format_of(path: Path) -> str:
    """The format by the file's ending, `.gz` aside; FileUnreadable where it says nothing."""
    ending = Path(path.name.removesuffix(".gz")).suffix.lower()
    if ending not in FORMATS:
        raise FileUnreadable(
            f"{path.name} ends in none of {', '.join(FORMATS)}; name its format in the mapping."
        )
    return FORMATS[ending]


def read_table(path: Path, shape: FileShape) -> RawTable:
    """The file as a table of texts, in the format its shape or its ending names."""
    if not path.is_file():
        raise FileUnreadable(f"There is no file at {path}.")
    match shape.format or format_of(path):
        case "csv":
            raw = _read_csv(path, shape)
        case "excel":
            raw = _read_excel(path, shape)
        case "parquet":
            raw = _read_parquet(path)
        case _:
            raw = _read_json(path, shape)
    return _without_empty_rows(raw)


def _read_csv(path: Path, shape: FileShape) -> RawTable:
    given = read_bytes(path)
    text, encoding = as_text(given, shape.encoding, path.name)
    skipped = shape.header_row - 1
    body = text.split("\n", skipped)[-1] if skipped else text
    delimiter = shape.delimiter or find_delimiter(body)
    if len(delimiter) != 1:
        raise FileUnreadable(f"A delimiter is one character, not {delimiter!r}.")
    first = next(csv.reader(_text_lines(body), delimiter=delimiter), [])
    headings = unique_headings(first)
    as_given = encoding == "utf-8" and not skipped and not given.startswith(codecs.BOM_UTF8)
    data = given if as_given else body.encode()
    try:
        table, wrong = _parse_csv(data, headings, delimiter)
    except pa.ArrowException as error:
        raise FileUnreadable(f"{path.name} cannot be read as CSV: {error}.") from None
    lines = _csv_lines(body, data, table.num_rows, [number for number, *_ in wrong], delimiter)
    misfits = tuple(
        Misfit(lines.of_record(number - 1) + skipped, text, expected, actual)
        for number, text, expected, actual in wrong
    )
    found = FileShape("csv", encoding, delimiter, None, shape.header_row, shape.null)
    return RawTable(table, misfits, found, _Shifted(lines, skipped))


def _text_lines(text: str) -> Iterator[str]:
    """The lines of a text as a file gives them, without a copy of the text."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


_Wrong: TypeAlias = tuple[int, str, int, int]
"""Record number, text, expected and actual width of a misfit."""


def _parse_csv(data: bytes, headings: list[str], delimiter: str) -> tuple[pa.Table, list[_Wrong]]:
    """The rows as coded texts, and the misfits; in parts side by side where rows are lines."""
    parts = _parts(data)
    with ThreadPoolExecutor(len(parts)) as pool:
        parsed = list(pool.map(lambda part: _parse_part(part, headings, delimiter), parts))
    wrong: list[_Wrong] = []
    before = 0
    for table, misfits in parsed:
        wrong += [(before + n, text, width, found) for n, text, width, found in misfits]
        before += table.num_rows + len(misfits)
    return pa.concat_tables([table for table, _ in parsed]).slice(1), wrong


def _parts(data: bytes) -> list[pa.Buffer]:
    """The bytes in as many parts as there are cores, cut after a line; whole if small or quoted."""
    whole = pa.py_buffer(data)
    if len(data) < _WORTH_PARTS or b'"' in data:
        return [whole]
    cores = os.cpu_count() or 1
    ends = [data.find(b"\n", len(data) * n // cores) + 1 for n in range(1, cores)]
    cuts = [0, *sorted({end for end in ends if 0 < end < len(data)}), len(data)]
    return [whole.slice(start, end - start) for start, end in pairwise(cuts)]


def _parse_part(
    data: pa.Buffer, headings: list[str], delimiter: str
) -> tuple[pa.Table, list[_Wrong]]:
    wrong: list[_Wrong] = []

    def set_aside(row: Any) -> Any:
        wrong.append((row.number, row.text, row.expected_columns, row.actual_columns))
        return "skip"

    buffer: Any = pa.BufferReader(data)
    table = pyarrow.csv.read_csv(
        buffer,
        # One thread: only then does a misfit know its row.
        read_options=pyarrow.csv.ReadOptions(
            use_threads=False, column_names=headings, block_size=4 << 20
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=set_aside,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            # Coded while parsed: most columns of an export repeat a few texts.
            column_types=dict.fromkeys(headings, CODED),
            strings_can_be_null=False,
        ),
    )
    return table, wrong


class _Lines(Sequence[int]):
    """The physical line of each row of a CSV; counted only where a record spans lines."""

    def __init__(self, starts: list[int] | None, before: list[int], rows: int) -> None:
        self._starts = starts
        self._before = before  # for each misfit, the good rows before it
        self._rows = rows

    def __len__(self) -> int:
        return self._rows

    def __getitem__(self, row: Any) -> Any:
        return self.of_record(int(row) + 1 + bisect_right(self._before, int(row)))

    def of_record(self, record: int) -> int:
        """The line at which the n-th record starts; the headings are record 0."""
        return record + 1 if self._starts is None else self._starts[record]


class _Shifted(Sequence[int]):
    """Line numbers moved by the lines above the headings."""

    def __init__(self, lines: _Lines, by: int) -> None:
        self._lines = lines
        self._by = by

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, row: Any) -> Any:
        return self._lines[row] + self._by


def _csv_lines(text: str, data: bytes, rows: int, wrong: list[int], delimiter: str) -> _Lines:
    before = [number - 2 - n for n, number in enumerate(wrong)]
    records = 1 + rows + len(wrong)
    newlines = data.count(b"\n")
    if newlines + (not data.endswith(b"\n")) == records:
        return _Lines(None, before, rows)
    csv.field_size_limit(max(csv.field_size_limit(), 1 << 27))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    starts, line = [], 1
    for _ in reader:
        starts.append(line)
        line = reader.line_num + 1
    while len(starts) < records:
        starts.append(line)
    return _Lines(starts, before, rows)


def unique_headings(cells: Iterable[Any]) -> list[str]:
    """Headings trimmed, numbered where empty or repeated; FileUnreadable where there are none."""
    headings: list[str] = []
    for n, cell in enumerate(cells, 1):
        name = str(cell if cell is not None else "").strip() or f"column_{n}"
        again, unique = 2, name
        while unique in headings:
            unique, again = f"{name}_{again}", again + 1
        headings.append(unique)
    if not headings or all(heading.startswith("column_") for heading in headings):
        raise FileUnreadable("The file has no headings; its first row should name the columns.")
    return headings


def _texts(headings: list[str], columns: Sequence[Sequence[str | None]]) -> pa.Table:
    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.table(dict(zip(headings, arrays, strict=True)))


def cell_text(value: Any) -> str:
    """A typed cell as text: whole numbers without a point, instants and dates as ISO 8601."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _read_excel(path: Path, shape: FileShape) -> RawTable:
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(read_bytes(path)))
    except python_calamine.CalamineError as error:
        raise FileUnreadable(f"{path.name} cannot be read as a spreadsheet: {error}.") from None
    sheet = shape.sheet or book.sheet_names[0]
    if sheet not in book.sheet_names:
        raise FileUnreadable(
            f"{path.name} has no sheet {sheet!r}; it has {', '.join(book.sheet_names)}."
        )
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    if len(rows) < shape.header_row:
        raise FileUnreadable(f"Sheet {sheet!r} of {path.name} has no row {shape.header_row}.")
    headings = unique_headings(rows[shape.header_row - 1])
    body = rows[shape.header_row :]
    columns = [[cell_text(row[n]) for row in body] for n in range(len(headings))]
    first = shape.header_row + 1
    found = FileShape("excel", None, None, sheet, shape.header_row, shape.null)
    return RawTable(_texts(headings, columns), (), found, range(first, first + len(body)))


def _read_parquet(path: Path) -> RawTable:
    try:
        table = pyarrow.parquet.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise FileUnreadable(f"{path.name} cannot be read as Parquet: {error}.") from None
    columns = [_column_texts(column) for column in table.columns]
    texts = pa.table(dict(zip(unique_headings(table.column_names), columns, strict=True)))
    return RawTable(texts, (), FileShape("parquet"), range(1, 1 + table.num_rows))


def _column_texts(column: Array) -> Array:
    kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_floating(kind) or pa.types.is_dictionary(kind):
        return pa.chunked_array([pa.array(map(cell_text, column.to_pylist()), pa.string())])
    return pc.fill_null(pc.cast(column, pa.string()), "")


def _read_json(path: Path, shape: FileShape) -> RawTable:
    text, encoding = as_text(read_bytes(path), shape.encoding, path.name)
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    misfits: list[Misfit] = []
    for line, value in _json_rows(text, path.name):
        if isinstance(value, dict):
            rows.append(_flat(value))
            lines.append(line)
        else:
            misfits.append(Misfit(line, str(value), 1, 0))
    headings = list(dict.fromkeys(key for row in rows for key in row))
    columns = [[row.get(heading, "") for row in rows] for heading in headings]
    found = FileShape("json", encoding, None, None, 1, shape.null)
    return RawTable(_texts(headings, columns), tuple(misfits), found, lines)


def _json_rows(text: str, name: str) -> Iterable[tuple[int, Any]]:
    """Line (or place in the array) and value of each row; a line that is not JSON as its text."""
    if text.lstrip().startswith("["):
        try:
            yield from enumerate(json.loads(text), 1)
        except json.JSONDecodeError as error:
            raise FileUnreadable(f"{name} is not JSON: {error}.") from None
        return
    for line, row in enumerate(text.split("\n"), 1):
        if row.strip():
            try:
                yield line, json.loads(row)
            except json.JSONDecodeError:
                yield line, row


def _flat(row: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """A nested object as one level, its keys joined by dots."""
    flat: dict[str, str] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = cell_text(value)
    return flat


def _without_empty_rows(raw: RawTable) -> RawTable:
    """The table without rows whose every cell is empty, as spreadsheets and trailing lines have."""
    table = raw.table
    if table.num_rows == 0 or table.num_columns == 0:
        return raw
    filled: Any = None
    for column in table.columns:
        here = pc.not_equal(column, "")
        filled = here if filled is None else pc.or_(filled, here)
        if pc.all(filled).as_py():
            return raw
    kept = pc.indices_nonzero(filled).to_pylist()
    return RawTable(table.take(kept), raw.misfits, raw.shape, [raw.lines[row] for row in kept])
