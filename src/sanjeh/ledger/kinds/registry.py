"""How a record kind is declared: a frozen documented class; its RecordKind is derived from it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, TypeVar, dataclass_transform

import pyarrow as pa

from sanjeh.ledger.kinds import fields as a
from sanjeh.ledger.kinds.fields import FieldSpec


@dataclass(frozen=True, kw_only=True)
class Record:
    """What every record carries besides the fields of its kind, all of it optional."""

    source: str | None = a.text("where the record came from: a helpdesk, a file, the desk")
    external_id: str | None = a.text("the vendor's other id of the same record")
    sequence: int | None = a.integer("the source's own order among records of one instant")
    # RUF009 asks for immutable defaults; these calls declare the field, as dataclasses.field does.
    version_at: dt.datetime | None = a.instant("when the vendor last changed it")  # noqa: RUF009
    deleted_at: dt.datetime | None = a.instant("when its source deleted it")  # noqa: RUF009
    attributes: Any = a.json("the customer's own fields: a flat object, as dimensions")  # noqa: RUF009


@dataclass(frozen=True)
class RecordKind:
    """One kind of record, derived from its class.

    fields: the kind's own, in the order of declaration; `COMMON_FIELDS` come on top.
    key: what makes a record the same one when it arrives again, within its source.
    at: the field that says when it happened, if it is an event.
    person: whether the record is about a person, whose id becomes a pseudonym.
    """

    name: str
    doc: str
    fields: tuple[FieldSpec, ...]
    key: tuple[str, ...]
    at: str | None
    person: bool

    @property
    def all_fields(self) -> tuple[FieldSpec, ...]:
        return self.fields + COMMON_FIELDS

    @cached_property
    def by_name(self) -> Mapping[str, FieldSpec]:
        return {f.name: f for f in self.all_fields}

    @property
    def has_own_id(self) -> bool:
        """Whether `id` is the vendor's; otherwise the ledger derives it from the key."""
        return any(f.name == "id" for f in self.fields)

    @property
    def identity(self) -> str:
        """The ledger column that tells one record of the kind from another.

        `id`, save for kinds with an id and several versions of it side by side (business
        calendars): those carry a column `record` derived from the whole key.
        """
        return "record" if self.has_own_id and self.key != ("id",) else "id"

    @cached_property
    def schema(self) -> pa.Schema:
        """What a caller hands in: every field of the kind and the common ones."""
        return pa.schema([pa.field(f.name, f.arrow_type) for f in self.all_fields])

    def table(self, records: Iterable[Mapping[str, Any] | Record]) -> pa.Table:
        """Arrow table of the given records; JSON fields may be given as plain Python values."""
        rows = [r if isinstance(r, Mapping) else as_row(r) for r in records]
        structured = {f.name for f in self.all_fields if f.type == "json"}
        known = set(self.by_name)
        for row in rows:
            if extra := sorted(set(row) - known):
                raise ValueError(
                    f"{self.name} has no field {extra[0]!r}; it has {', '.join(sorted(known))}"
                )
        return pa.Table.from_pylist(
            [{k: _json(v) if k in structured else v for k, v in r.items()} for r in rows],
            schema=pa.schema(
                [f for f in self.schema if any(f.name in row for row in rows)]
                if rows
                else list(self.schema)
            ),
        )


def _json(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def as_row(record: Record) -> dict[str, Any]:
    """The record's known fields by their catalogue names."""
    named = (
        (f.name.removesuffix("_"), getattr(record, f.name)) for f in dataclasses.fields(record)
    )
    return {name: value for name, value in named if value is not None}


def _specs(cls: type[Any]) -> tuple[FieldSpec, ...]:
    # `from` and `class` are spelled `from_` and `class_` in Python only.
    return tuple(
        dataclasses.replace(f.metadata["spec"], name=f.name.removesuffix("_"))
        for f in dataclasses.fields(cls)
    )


COMMON_FIELDS: Final[tuple[FieldSpec, ...]] = _specs(Record)
_kinds: dict[str, RecordKind] = {}
KINDS: Final[Mapping[str, RecordKind]] = MappingProxyType(_kinds)

R = TypeVar("R", bound=Record)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record_kind(
    name: str, *, key: tuple[str, ...] = ("id",), at: str | None = None, person: bool = False
) -> Callable[[type[R]], type[R]]:
    """Declare a record kind under its catalogue name; the class becomes a frozen dataclass."""

    def declare(cls: type[R]) -> type[R]:
        made = dataclass(frozen=True, kw_only=True)(cls)
        common = {f.name for f in COMMON_FIELDS}
        own = tuple(f for f in _specs(made) if f.name not in common)
        own = tuple(dataclasses.replace(f, ref=name) if f.name == "id" else f for f in own)
        _kinds[name] = RecordKind(
            name=name, doc=(cls.__doc__ or "").strip(), fields=own, key=key, at=at, person=person
        )
        return made

    return declare
