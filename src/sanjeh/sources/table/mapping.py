"""What a table means: the declaration that a TOML file holds, read and checked.

Every name is checked against the ledger's record kinds when the mapping is loaded, so that a
misspelt field fails before a row is read. `docs/how-to/import-a-file.md` explains each key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sanjeh.ledger import KINDS
from sanjeh.sources.errors import MappingError
from sanjeh.sources.vocabulary import STATUSES, field_choices, field_types, required_fields
from sanjeh.words import close_matches

TYPES = ("text", "instant", "date", "integer", "number", "flag", "texts", "json")


@dataclass(frozen=True)
class FileShape:
    """How the file is written; null means: find out."""

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1
    null: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnShape:
    """How the cells of one column are written."""

    type: str | None = None
    """One of `TYPES`; null: what the field it feeds asks for."""
    format: tuple[str, ...] = ()
    """Instants and dates: strptime patterns, `iso`, `epoch`, `epoch_ms`, `jalali`; durations
    `h:mm:ss`. Tried in turn."""
    zone: str | None = None
    decimal: str = "."
    unit: str = "seconds"
    """Unit in which a duration is written: seconds, minutes, hours, days, milliseconds."""
    separator: str = ","
    values: ReadMapping[str, str] = field(default_factory=dict)
    """Words of the file and what they mean here, compared after normalisation."""
    unknown: str = "reject"
    """A word missing from `values`: reject, keep (as written) or null."""


@dataclass(frozen=True)
class Take:
    """Where a value comes from: exactly one of column, constant, template, gaps."""

    column: str | None = None
    constant: Any = None
    template: str | None = None
    gaps: str | None = None
    """A counter's column: how many numbers are missing between its least and greatest."""
    keep: str = "last"
    """Per case: the first or last known value, in the case's order."""
    values: ReadMapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """Which rows belong together, and how they follow one another."""

    key: str
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordShape:
    """Records of one kind, one a row or one a case."""

    kind: str
    per: str = "row"
    needs: tuple[str, ...] = ()
    """Columns without which no record is meant; a missing key is a reject otherwise."""
    fields: ReadMapping[str, Take] = field(default_factory=dict)
    attributes: ReadMapping[str, Take] = field(default_factory=dict)


@dataclass(frozen=True)
class ChangeShape:
    """A ticket_event whenever the column differs from the case's row before."""

    type: str
    column: str
    at: str
    sequence: str | None = None
    actor: str | None = None
    actor_type: str | None = None
    initial: bool = True
    """The first known value is an event too (from nothing)."""
    restate: tuple[str, ...] = ()
    """Values whose repetition is an event as well (a case solved again while solved)."""
    values: ReadMapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mapping:
    """A whole mapping: the file, its columns, and the records to make of them."""

    source: str = "table"
    zone: str | None = None
    title: str = ""
    file: FileShape = field(default_factory=FileShape)
    case: Case | None = None
    columns: ReadMapping[str, ColumnShape] = field(default_factory=dict)
    records: tuple[RecordShape, ...] = ()
    changes: tuple[ChangeShape, ...] = ()

    def shape(self, column: str) -> ColumnShape:
        """How a column is written; the default where the mapping does not say."""
        return self.columns.get(column, ColumnShape())


def load_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file; MappingError says what is wrong and where."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise MappingError(f"There is no mapping at {path}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path} is not TOML: {error}.") from None
    return read_mapping(data, path.name)


def read_mapping(data: ReadMapping[str, Any], name: str = "mapping") -> Mapping:
    """The mapping that a parsed TOML document holds."""
    top = _Part(data, name)
    top.known("source", "zone", "title", "file", "case", "columns", "records", "changes")
    mapping = Mapping(
        source=top.text("source") or "table",
        zone=top.text("zone"),
        title=top.text("title") or "",
        file=_file(top.part("file")),
        case=_case(top.part("case")) if "case" in data else None,
        columns={key: _column(top.part("columns").part(key)) for key in data.get("columns", {})},
        records=tuple(_record(part) for part in top.parts("records")),
        changes=tuple(_change(part) for part in top.parts("changes")),
    )
    check_mapping(mapping, name)
    return mapping


class _Part:
    """One table of the TOML document, with its place for messages."""

    def __init__(self, data: Any, place: str) -> None:
        if not isinstance(data, dict):
            raise MappingError(f"{place} should be a table of keys, not {data!r}.")
        self.data: dict[str, Any] = data
        self.place = place

    def known(self, *keys: str) -> None:
        for key in self.data:
            if key not in keys:
                raise MappingError(f"{self.place} has an unknown key {_or(key, keys)}")

    def part(self, key: str) -> _Part:
        return _Part(self.data.get(key, {}), f"{self.place}: {key}")

    def parts(self, key: str) -> list[_Part]:
        found = self.data.get(key, [])
        if not isinstance(found, list):
            raise MappingError(f"{self.place}: write [[{key}]], once for each.")
        return [_Part(part, f"{self.place}: {key}[{n}]") for n, part in enumerate(found, 1)]

    def get(self, key: str, kind: type, default: Any, what: str) -> Any:
        value = self.data.get(key, default)
        if value is not default and not isinstance(value, kind):
            raise MappingError(f"{self.place}: {key} should be {what}, not {value!r}.")
        return value

    def text(self, key: str) -> str | None:
        found: str | None = self.get(key, str, None, "a text")
        return found

    def needed(self, key: str) -> str:
        found = self.text(key)
        if not found:
            raise MappingError(f"{self.place} needs `{key}`.")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.data.get(key, [])
        listed = [found] if isinstance(found, str) else found
        if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
            raise MappingError(f"{self.place}: {key} should be a text or a list of texts.")
        return tuple(listed)

    def words(self, key: str) -> dict[str, str]:
        part = self.part(key)
        for word, meaning in part.data.items():
            if not isinstance(meaning, str):
                raise MappingError(f"{part.place}: {word!r} should become a text, not {meaning!r}.")
        return dict(part.data)

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        found = self.text(key) or default
        if found not in choices:
            raise MappingError(f"{self.place}: {key} is {_or(found, choices)}")
        return found


def _or(given: str, choices: Iterable[str]) -> str:
    listed = list(choices)
    near = close_matches(given, listed)
    hint = f"did you mean {' or '.join(near)}?" if near else f"it should be of {', '.join(listed)}."
    return f"{given!r}; {hint}"


def _file(part: _Part) -> FileShape:
    part.known("format", "encoding", "delimiter", "sheet", "header_row", "null")
    header_row: int = part.get("header_row", int, 1, "a row number")
    form = part.text("format")
    if form is not None:
        form = part.choice("format", ("csv", "excel", "parquet", "json"), form)
    if header_row < 1:
        raise MappingError(f"{part.place}: header_row counts from 1, not {header_row}.")
    return FileShape(
        form,
        part.text("encoding"),
        part.text("delimiter"),
        part.text("sheet"),
        header_row,
        part.texts("null"),
    )


def _case(part: _Part) -> Case:
    part.known("key", "order")
    return Case(part.needed("key"), part.texts("order"))


def _column(part: _Part) -> ColumnShape:
    part.known("type", "format", "zone", "decimal", "unit", "separator", "values", "unknown")
    kind = part.text("type")
    return ColumnShape(
        type=None if kind is None else part.choice("type", TYPES, kind),
        format=part.texts("format"),
        zone=part.text("zone"),
        decimal=part.choice("decimal", (".", ",", "٫"), "."),
        unit=part.choice(
            "unit", ("seconds", "minutes", "hours", "days", "milliseconds"), "seconds"
        ),
        separator=part.text("separator") or ",",
        values=part.words("values"),
        unknown=part.choice("unknown", ("reject", "keep", "null"), "reject"),
    )


def _take(value: Any, place: str) -> Take:
    if isinstance(value, str):
        return Take(column=value)
    part = _Part(value, place)
    part.known("column", "constant", "template", "gaps", "keep", "values")
    if len({"column", "constant", "template", "gaps"} & part.data.keys()) != 1:
        raise MappingError(f"{place} needs one of column, constant, template or gaps.")
    return Take(
        column=part.text("column"),
        constant=part.data.get("constant"),
        template=part.text("template"),
        gaps=part.text("gaps"),
        keep=part.choice("keep", ("first", "last"), "last"),
        values=part.words("values"),
    )


def _takes(part: _Part) -> dict[str, Take]:
    return {key: _take(value, f"{part.place}: {key}") for key, value in part.data.items()}


def _record(part: _Part) -> RecordShape:
    part.known("kind", "per", "needs", "fields", "attributes")
    return RecordShape(
        kind=part.needed("kind"),
        per=part.choice("per", ("row", "case"), "row"),
        needs=part.texts("needs"),
        fields=_takes(part.part("fields")),
        attributes=_takes(part.part("attributes")),
    )


def _change(part: _Part) -> ChangeShape:
    part.known(
        "type", "column", "at", "sequence", "actor", "actor_type", "initial", "restate", "values"
    )
    return ChangeShape(
        type=part.needed("type"),
        column=part.needed("column"),
        at=part.needed("at"),
        sequence=part.text("sequence"),
        actor=part.text("actor"),
        actor_type=part.text("actor_type"),
        initial=part.get("initial", bool, True, "true or false"),
        restate=part.texts("restate"),
        values=part.words("values"),
    )


def check_mapping(mapping: Mapping, name: str = "mapping") -> None:
    """MappingError where a kind, field, choice, zone or case is not what the ledger has."""
    if "/" in mapping.source or not mapping.source:
        raise MappingError(f"{name}: source {mapping.source!r} may not be empty or hold a '/'.")
    if not mapping.records and not mapping.changes:
        raise MappingError(f"{name} makes no records: add [[records]] or [[changes]].")
    for zone in {mapping.zone, *(shape.zone for shape in mapping.columns.values())} - {None}:
        _check_zone(str(zone), name)
    if mapping.case is None and (mapping.changes or any(r.per == "case" for r in mapping.records)):
        raise MappingError(f"{name} needs [case] with `key`, to know which rows belong together.")
    for record in mapping.records:
        _check_record(record, name)
    types = field_choices("ticket_event", "type")
    for change in mapping.changes:
        if types and change.type not in types:
            raise MappingError(f"{name}: changes of type {_or(change.type, types)}")
        meanings = set(change.values.values()) | set(mapping.shape(change.column).values.values())
        for status in sorted(meanings - set(STATUSES)) if change.type == "status_changed" else ():
            raise MappingError(f"{name}: status {_or(status, STATUSES)}")


def _check_zone(zone: str, name: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise MappingError(
            f"{name}: {zone!r} is no time zone; write one like Europe/Moscow or UTC."
        ) from None


def _check_record(record: RecordShape, name: str) -> None:
    if record.kind not in KINDS:
        raise MappingError(f"{name}: record kind {_or(record.kind, KINDS)}")
    types = field_types(record.kind)
    for key, take in record.fields.items():
        if key not in types:
            raise MappingError(f"{name}: {record.kind} field {_or(key, types)}")
        choices = field_choices(record.kind, key)
        if choices and isinstance(take.constant, str) and take.constant not in choices:
            raise MappingError(f"{name}: {record.kind}.{key} {_or(take.constant, choices)}")
    derivable = KINDS[record.kind].at == "at"
    for key in required_fields(record.kind):
        if key not in record.fields and not (key == "id" and derivable):
            raise MappingError(f"{name}: {record.kind} needs its field `{key}`.")
    for key, take in {**record.fields, **record.attributes}.items():
        if take.gaps and record.per != "case":
            raise MappingError(f'{name}: {record.kind}.{key} counts gaps, so write per = "case".')
