"""What a field of a record is: its type, meaning, unit, reference, and whether it is kept apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

ARROW_TYPES: Final[Mapping[str, pa.DataType]] = {
    "text": pa.string(),
    "instant": pa.timestamp("us", tz="UTC"),
    "date": pa.date32(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "texts": pa.list_(pa.string()),
    "json": pa.string(),
}

AUTHORS: Final[Mapping[str, str]] = {
    "customer": "customer",
    "agent": "agent",
    "visitor": "visitor",
}


@dataclass(frozen=True)
class FieldSpec:
    """One field of a record kind.

    ref: the field holds an id of that kind, of the same source.
    ref_by, ref_kinds: which kind it refers to depends on the value of the field `ref_by`; values
        not in `ref_kinds` make it a plain text (a status word) or the id of no person (a bot).
    apart: a name, a contact, a body or free text; kept in the person-keyed tables.
    choices: the words it may hold; empty means any.
    optional_key: part of the key, and yet may be empty (null is then a value of its own).
    """

    name: str
    type: str
    meaning: str
    unit: str | None = None
    ref: str | None = None
    ref_by: str | None = None
    apart: bool = False
    choices: tuple[str, ...] = ()
    ref_kinds: tuple[tuple[str, str], ...] = ()
    optional_key: bool = False

    @property
    def arrow_type(self) -> pa.DataType:
        return ARROW_TYPES[self.type]


def _declare(
    type_: str,
    meaning: str,
    *,
    unit: str | None = None,
    ref: str | None = None,
    ref_by: str | None = None,
    ref_kinds: Mapping[str, str] | None = None,
    apart: bool = False,
    choices: str = "",
    optional_key: bool = False,
) -> Any:
    kinds = AUTHORS if ref_by and ref_kinds is None else (ref_kinds or {})
    spec = FieldSpec(
        name="",
        type=type_,
        meaning=meaning,
        unit=unit,
        ref=ref,
        ref_by=ref_by,
        apart=apart,
        choices=tuple(choices.split()),
        ref_kinds=tuple(kinds.items()),
        optional_key=optional_key,
    )
    return dataclasses.field(default=None, metadata={"spec": spec})


def text(meaning: str, **options: Any) -> Any:
    """A word, an id or a line of text."""
    return _declare("text", meaning, **options)


def instant(meaning: str, **options: Any) -> Any:
    """A moment in time, UTC, to the microsecond."""
    return _declare("instant", meaning, **options)


def day(meaning: str, **options: Any) -> Any:
    """A civil date."""
    return _declare("date", meaning, **options)


def integer(meaning: str, **options: Any) -> Any:
    """A whole number."""
    return _declare("integer", meaning, **options)


def number(meaning: str, **options: Any) -> Any:
    """A number with a fraction."""
    return _declare("number", meaning, **options)


def flag(meaning: str, **options: Any) -> Any:
    """Yes or no."""
    return _declare("flag", meaning, **options)


def texts(meaning: str, **options: Any) -> Any:
    """A list of words or ids."""
    return _declare("texts", meaning, **options)


def json(meaning: str, **options: Any) -> Any:
    """A structure, kept as JSON text."""
    return _declare("json", meaning, **options)
