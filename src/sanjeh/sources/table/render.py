"""A mapping as TOML that a person can edit and `load_mapping` reads back the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as ReadMapping
from typing import Any

from sanjeh.sources.table.mapping import ChangeShape, ColumnShape, Mapping, RecordShape, Take

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def to_toml(mapping: Mapping) -> str:
    """The mapping as a TOML document."""
    lines: list[str] = []
    top = {"title": mapping.title or None, "source": mapping.source, "zone": mapping.zone}
    lines += _pairs(top)
    shape = mapping.file
    lines += _table(
        "[file]",
        {
            "format": shape.format,
            "encoding": shape.encoding,
            "delimiter": shape.delimiter,
            "sheet": shape.sheet,
            "header_row": shape.header_row if shape.header_row != 1 else None,
            "null": list(shape.null) or None,
        },
    )
    if mapping.case:
        lines += _table("[case]", {"key": mapping.case.key, "order": list(mapping.case.order)})
    for name, column in mapping.columns.items():
        lines += _column(name, column)
    for record in mapping.records:
        lines += _record(record)
    for change in mapping.changes:
        lines += _change(change)
    return "\n".join(lines).strip() + "\n"


def _column(name: str, column: ColumnShape) -> list[str]:
    default = ColumnShape()
    chosen = {
        key: value
        for key in ("type", "zone", "decimal", "unit", "separator", "unknown")
        if (value := getattr(column, key)) != getattr(default, key)
    }
    formats = list(column.format)
    if formats:
        chosen["format"] = formats[0] if len(formats) == 1 else formats
    place = f"columns.{_key(name)}"
    lines = _table(f"[{place}]", chosen) if chosen or not column.values else []
    return lines + (_table(f"[{place}.values]", column.values) if column.values else [])


def _record(record: RecordShape) -> list[str]:
    per = record.per if record.per != "row" else None
    lines = _table(
        "[[records]]", {"kind": record.kind, "per": per, "needs": list(record.needs) or None}
    )
    for part, takes in (("fields", record.fields), ("attributes", record.attributes)):
        if takes:
            lines += _table(
                f"[records.{part}]", {name: _take(take) for name, take in takes.items()}
            )
    return lines


def _take(take: Take) -> Any:
    if take == Take(column=take.column):
        return take.column
    default = Take()
    return {
        key: value
        for key in ("column", "constant", "template", "gaps", "keep", "values")
        if (value := getattr(take, key)) != getattr(default, key)
    }


def _change(change: ChangeShape) -> list[str]:
    pairs = {
        "type": change.type,
        "column": change.column,
        "at": change.at,
        "sequence": change.sequence,
        "actor": change.actor,
        "actor_type": change.actor_type,
        "initial": None if change.initial else False,
        "restate": list(change.restate) or None,
        "values": dict(change.values) or None,
    }
    return _table("[[changes]]", pairs)


def _table(heading: str, pairs: ReadMapping[str, Any]) -> list[str]:
    lines = _pairs(pairs)
    return ["", heading, *lines] if lines or heading.startswith(("[[", "[columns")) else []


def _pairs(pairs: ReadMapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in pairs.items() if value is not None]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
        case dict():
            inside = ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items())
            return "{ " + inside + " }" if inside else "{}"
    return _text(str(value))
