"""One JSON object to one record: every field known, typed and allowed, or the reasons why not."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sanjeh.ledger import KINDS, FieldSpec
from sanjeh.sources.vocabulary import required_fields
from sanjeh.words import close_matches


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of an object, or with the object where `field` is null."""

    field: str | None
    value: Any
    reason: str
    sort: str
    """The reason without the particulars, to count by."""


class Wrong(ValueError):
    """A value that does not fit its field; the message says what was expected."""


Reader = Callable[[Any, ZoneInfo | None], Any]


def _text(value: Any, zone: ZoneInfo | None) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # many exports write ids as numbers
    if not isinstance(value, str):
        raise Wrong("expected text in quotes")
    return _sound(value)


def _source(value: Any, zone: ZoneInfo | None) -> str:
    name = _text(value, zone)
    if not name or "/" in name:
        raise Wrong("expected a name without '/'")
    return name


def _sound(text: str) -> str:
    """The text, unless it holds half a surrogate pair, which no file can store."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Wrong(
                "expected whole characters; it holds half of one (\\ud800 to \\udfff)"
            ) from None
    return text


def _instant(value: Any, zone: ZoneInfo | None) -> dt.datetime:
    if not isinstance(value, str | dt.datetime):
        raise Wrong("expected an instant like 2026-03-01T09:30:00Z")
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise Wrong("expected an instant like 2026-03-01T09:30:00Z") from None
    if moment.tzinfo is None:
        if zone is None:
            raise Wrong("expected an offset, as in 2026-03-01T09:30:00Z or +03:30; or give a zone")
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise Wrong("expected an instant between the years 1 and 9999") from None


def _date(value: Any, zone: ZoneInfo | None) -> dt.date:
    try:
        return dt.date.fromisoformat(_text(value, zone))
    except ValueError:
        raise Wrong("expected a date like 2026-03-01") from None


def _integer(value: Any, zone: ZoneInfo | None) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise Wrong("expected a whole number without quotes")
    return value


def _number(value: Any, zone: ZoneInfo | None) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Wrong("expected a number without quotes")
    return float(value)


def _flag(value: Any, zone: ZoneInfo | None) -> bool:
    if not isinstance(value, bool):
        raise Wrong("expected true or false without quotes")
    return value


def _texts(value: Any, zone: ZoneInfo | None) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Wrong("expected a list of texts")
    return [_sound(item) for item in value]


def _json(value: Any, zone: ZoneInfo | None) -> str:
    return _sound(json.dumps(value, ensure_ascii=False, sort_keys=True))


def _attributes(value: Any, zone: ZoneInfo | None) -> str:
    if not isinstance(value, dict):
        raise Wrong("expected an object of names and values")
    if any(isinstance(item, dict | list) for item in value.values()):
        raise Wrong("expected a flat object: its values texts, numbers, true, false or null")
    return _json(value, zone)


_READERS: dict[str, Reader] = {
    "text": _text,
    "instant": _instant,
    "date": _date,
    "integer": _integer,
    "number": _number,
    "flag": _flag,
    "texts": _texts,
    "json": _json,
}


def as_json(name: str) -> Callable[[Any], str]:
    """How a JSON field of that name is written; Wrong for what is none."""
    read = _attributes if name == "attributes" else _json
    return lambda value: read(value, None)


_BY_NAME: dict[str, Reader] = {"attributes": _attributes, "source": _source}


@cache
def _readers(kind: str) -> dict[str, tuple[Reader, frozenset[str]]]:
    return {spec.name: _reader(spec) for spec in KINDS[kind].all_fields}


def _reader(spec: FieldSpec) -> tuple[Reader, frozenset[str]]:
    reader = _BY_NAME.get(spec.name, _READERS[spec.type])
    return reader, frozenset(spec.choices)


@cache
def _required(kind: str) -> tuple[str, ...]:
    return required_fields(kind)


def check_record(
    record: Mapping[str, Any], zone: ZoneInfo | None
) -> tuple[str, dict[str, Any]] | list[Fault]:
    """The kind and typed values of an object, or everything that is wrong with it.

    `kind` names the kind of record, or `record` does, so that `kind` can be the record's own.

    A null counts as a field left out. Texts are kept as written.
    """
    naming = "record" if "record" in record else "kind"
    kind = record.get(naming)
    if not isinstance(kind, str) or kind not in KINDS:
        return [Fault(naming, kind, _unknown("kind", kind, KINDS), "unknown kind")]
    readers = _readers(kind)
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for given, value in record.items():
        if value is None or given == naming:
            continue
        name = _own_name(kind, given, value)
        if name not in readers:
            faults.append(
                Fault(name, value, _unknown(f"field of {kind}", name, readers), "unknown field")
            )
            continue
        read, choices = readers[name]
        try:
            values[name] = read(value, zone)
        except Wrong as wrong:
            faults.append(Fault(name, value, f"{kind}.{name}: {wrong}", "wrong type"))
            continue
        if choices and value not in choices:
            reason = _unknown(f"{kind}.{name}", value, sorted(choices))
            faults.append(Fault(name, value, reason, "not a choice"))
    for name in _required(kind):
        if record.get(name) is None:
            faults.append(Fault(name, None, f"{kind} needs its field {name!r}", "missing key"))
    return faults or (kind, values)


def _own_name(kind: str, name: str, value: Any) -> str:
    """The ledger's name of a field whose name in the catalogue means something else as well.

    A survey has a `kind` of its own: `survey_kind` where `kind` names the record. A benchmark or
    work log has a `source` of its own (`target`, `timer` …), the ledger's `origin`.
    """
    if name == f"{kind}_kind":
        return "kind"
    if name == "source" and "origin" in _readers(kind) and value in _readers(kind)["origin"][1]:
        return "origin"
    return name


def _unknown(what: str, given: Any, choices: Any) -> str:
    listed = list(choices)
    near = close_matches(given, listed) if isinstance(given, str) else []
    if near:
        return f"no {what} {given!r}; did you mean {' or '.join(near)}?"
    return f"no {what} {given!r}; there are {', '.join(listed)}"
