"""Texts of one column to values of one type; what cannot be read is null with a reason.

Work is done once for each distinct text, so a million rows of a few statuses cost little.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as ReadMapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from sanjeh.sources.table.arrow import Array, coded
from sanjeh.sources.table.arrow import compute as pc
from sanjeh.sources.table.instants import INSTANT, parse_dates, parse_instants
from sanjeh.sources.table.mapping import ColumnShape
from sanjeh.words import ascii_digits, close_matches, normalise

ARROW: dict[str, pa.DataType] = {
    "text": pa.string(),
    "instant": INSTANT,
    "date": pa.date32(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "texts": pa.list_(pa.string()),
    "json": pa.string(),
}
REPEATED: Final = 4
"""How often a text has to occur, in the mean, for codes to cost less than texts."""
_YES = frozenset(map(normalise, ("true", "yes", "y", "1", "t", "بله", "да", "on")))
_NO = frozenset(map(normalise, ("false", "no", "n", "0", "f", "خیر", "нет", "off")))
_CLOCK = re.compile(r"(-?)(\d+):([0-5]?\d)(?::([0-5]?\d)(?:\.\d+)?)?")
_UNITS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0, "milliseconds": 0.001}


@dataclass(frozen=True)
class Reading:
    """One way to read one column: what the mapping's fields share where they read it alike."""

    column: str
    type: str
    shape: ColumnShape
    zone: str | None
    values: tuple[tuple[str, str], ...] = ()
    choices: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash((self.column, self.type, self.values, self.choices))


@dataclass(frozen=True)
class ReadColumn:
    """The values of a column, and the rows whose text could not be read."""

    values: Array
    failed: tuple[int, ...]
    reason: Callable[[str], str]
    """The reason for one text, with what to do."""
    kind: str
    """The reason without the particulars, to count by."""


def clean(column: Array, nulls: Iterable[str]) -> Array:
    """The column trimmed, its empty cells and null words null, dictionary-encoded."""
    given = coded(column)
    texts = pc.utf8_trim_whitespace(given.dictionary)
    unknown = pc.is_in(texts, value_set=pa.array(["", *nulls], pa.string()))
    texts = pc.if_else(unknown, pa.scalar(None, pa.string()), texts)
    return pa.DictionaryArray.from_arrays(given.indices, texts)


def read_column(cells: Array, reading: Reading) -> ReadColumn:
    """The cleaned cells as values of the reading's type."""
    texts = cells.dictionary
    values = _distinct(texts, reading)
    lost = pc.and_(pc.is_valid(texts), pc.is_null(values))
    failed: list[int] = []
    if pc.any(lost).as_py() and not (reading.shape.unknown == "null" and _has_words(reading)):
        failed = pc.indices_nonzero(pc.take(lost, cells.indices)).to_pylist()
    spread = pa.chunked_array([_spread(values, cells.indices)])
    return ReadColumn(spread, tuple(failed), _reason(reading), _kind(reading))


def _spread(values: Array, places: Array) -> Array:
    """Each row's value; texts that repeat stay coded, each distinct text with one code."""
    if len(values) == 0:  # a dictionary without entries cannot be taken from
        return pa.nulls(len(places), values.type)
    if values.type != pa.string() or len(values) * REPEATED > len(places):
        return pc.take(values, places)
    distinct = values.dictionary_encode()
    return pa.DictionaryArray.from_arrays(pc.take(distinct.indices, places), distinct.dictionary)


def _words(reading: Reading) -> ReadMapping[str, str]:
    return dict(reading.values) or reading.shape.values


def _has_words(reading: Reading) -> bool:
    return bool(_words(reading)) or bool(reading.choices)


def _distinct(texts: Array, reading: Reading) -> Array:
    words = _words(reading)
    if words or reading.choices:
        texts = _meanings(texts, words, reading)
    if reading.type == "text":
        return texts
    if reading.type == "instant":
        return parse_instants(texts, reading.shape.format or ("iso",), reading.zone)
    if reading.type == "date":
        return parse_dates(texts, reading.shape.format or ("iso",))
    read = _READERS[reading.type]
    found = [None if text is None else read(text, reading.shape) for text in texts.to_pylist()]
    return pa.array(found, ARROW[reading.type])


def _meanings(texts: Array, words: ReadMapping[str, str], reading: Reading) -> Array:
    """The meaning of each word; a word that is a choice already means itself."""
    by_form = {normalise(choice): choice for choice in reading.choices}
    by_form |= {normalise(word): meaning for word, meaning in words.items()}
    keep = reading.shape.unknown == "keep"
    return pa.array(
        [
            None if text is None else by_form.get(normalise(text), text if keep else None)
            for text in texts.to_pylist()
        ],
        pa.string(),
    )


def _number(text: str, shape: ColumnShape) -> float | None:
    text = ascii_digits(text).replace("\u2212", "-").replace("٬", "").replace("٫", ".")
    if "h:mm:ss" in shape.format:
        match = _CLOCK.fullmatch(text)
        if match is not None:
            hours, minutes, seconds = int(match[2]), int(match[3]), int(match[4] or 0)
            return (hours * 3600 + minutes * 60 + seconds) * (-1 if match[1] else 1)
    text = re.sub(r"[\s\u00a0\u202f]", "", text)
    if shape.decimal == ",":
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        value = float(text) * _UNITS[shape.unit]
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _integer(text: str, shape: ColumnShape) -> int | None:
    if re.fullmatch(r"-?\d+", text) and shape.unit == "seconds":
        value = int(ascii_digits(text))
        return value if -(2**63) <= value < 2**63 else None
    number = _number(text, shape)
    return int(number) if number is not None and number.is_integer() else None


def _flag(text: str, shape: ColumnShape) -> bool | None:
    form = normalise(text)
    return True if form in _YES else False if form in _NO else None


def _texts(text: str, shape: ColumnShape) -> list[str] | None:
    if text.startswith("["):
        try:
            return [str(item) for item in json.loads(text)]
        except json.JSONDecodeError:
            return None
    return [part.strip() for part in text.split(shape.separator) if part.strip()]


def _json(text: str, shape: ColumnShape) -> str | None:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except json.JSONDecodeError:
        return None


_READERS: dict[str, Callable[[str, ColumnShape], Any]] = {
    "number": _number,
    "integer": _integer,
    "flag": _flag,
    "texts": _texts,
    "json": _json,
}


def _kind(reading: Reading) -> str:
    if _has_words(reading):
        return f"unknown word in {reading.column}"
    return f"unreadable {reading.type} in {reading.column}"


def _reason(reading: Reading) -> Callable[[str], str]:
    words = _words(reading)

    def unknown(text: str) -> str:
        near = close_matches(text, [*words, *reading.choices])
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        return f"unknown word {text!r}; {hint}add it to values of column {reading.column!r}"

    def unreadable(text: str) -> str:
        if reading.type in ("instant", "date"):
            formats = ", ".join(reading.shape.format or ("iso",))
            where = f" in zone {reading.zone}" if reading.zone else ""
            missing = "" if reading.zone else "; without an offset it needs a zone"
            return f"{text!r} is no {reading.type} written as {formats}{where}{missing}"
        return f"{text!r} is no {reading.type}"

    return unknown if _has_words(reading) else unreadable
