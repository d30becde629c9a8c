"""An export on disk: answers of the API as somebody kept them, in one file, many, or an archive.

Intercom has no one format for it, so this is liberal: lists, `{"conversations": [...]}`, JSON
lines, an object a file. What an object is its `type` says, else the name of its list or file.
Some tools keep parts in files of their own; they are brought together with their conversations.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import orjson

from sanjeh.sources.helpdesk import Payload
from sanjeh.sources.helpdesk.export import Entry, entries, file_names, first_entries
from sanjeh.sources.intercom.words import known_id

TYPES: Final[Mapping[str, str]] = {
    "admin": "admins",
    "team": "teams",
    "tag": "tags",
    "contact": "contacts",
    "user": "contacts",
    "lead": "contacts",
    "company": "companies",
    "conversation": "conversations",
    "conversation_part": "conversations",
    "ticket": "tickets",
    "article": "articles",
    "macro": "macros",
    "call": "calls",
}
PARTS: Final = "conversation_parts"
LISTS: Final = frozenset({*TYPES.values(), "activity_logs", PARTS, "data"})
SETTINGS: Final = frozenset({"data_attribute", "segment", "event", "event.summary", "subscription"})
"""Objects that exports hold and that nothing here is made of: names of fields, groups, plans."""


def dump(path: Path) -> Iterator[Payload]:
    """The payloads of an export, file by file in the order of their names.

    Errors: FileUnreadable for what is damaged or no JSON.
    """
    if any(PARTS in name for name in file_names(path)):
        return _joined(path)
    return _payloads(path)


def _payloads(path: Path) -> Iterator[Payload]:
    for entry in entries(path, LISTS):
        stream = _stream(entry)
        if stream is not None:
            yield Payload(stream, entry.value, entry.place)


def _joined(path: Path) -> Iterator[Payload]:
    """Conversations with the parts that other files have; what is left over by itself.

    The parts wait in a table on disk, so that a large export never stands in memory.
    """
    with (
        tempfile.TemporaryDirectory(prefix="sanjeh-") as folder,
        closing(sqlite3.connect(Path(folder) / "parts.sqlite3")) as kept,
    ):
        kept.execute("CREATE TABLE part (owner TEXT, value BLOB, place TEXT)")
        kept.executemany(
            "INSERT INTO part VALUES (?, ?, ?)",
            (
                (owner, orjson.dumps(p.value), p.place)
                for p in _payloads(path)
                if (owner := _owner(p)) is not None
            ),
        )
        kept.execute("CREATE INDEX by_owner ON part (owner)")
        for payload in _payloads(path):
            if _owner(payload) is None:
                yield _with_parts(payload, kept)
        for value, place in kept.execute("SELECT value, place FROM part ORDER BY rowid"):
            yield Payload("conversations", orjson.loads(value), place)


def _owner(payload: Payload) -> str | None:
    """The conversation of a part that stands by itself; none for anything else."""
    value: Any = payload.value
    if not isinstance(value, dict) or "part_type" not in value:
        return None
    return known_id(value.get("conversation_id"))


def _with_parts(payload: Payload, kept: sqlite3.Connection) -> Payload:
    value: Any = payload.value
    if payload.stream != "conversations" or not isinstance(value, dict) or PARTS in value:
        return payload
    id = known_id(value.get("id"))
    found = kept.execute("SELECT value FROM part WHERE owner = ? ORDER BY rowid", (id,)).fetchall()
    if not found:
        return payload
    kept.execute("DELETE FROM part WHERE owner = ?", (id,))
    parts = [orjson.loads(part) for (part,) in found]
    return Payload(payload.stream, {**value, PARTS: parts}, payload.place)


def recognises(path: Path) -> bool:
    """Whether the path holds what Intercom's API answers."""
    if not file_names(path):
        return False
    return any(_is_intercoms(entry.value) for entry in first_entries(path, LISTS))


def _stream(entry: Entry) -> str | None:
    """The stream an object belongs to; none for settings."""
    kind = entry.value.get("type") if isinstance(entry.value, dict) else None
    if isinstance(kind, str):
        if kind in SETTINGS:
            return None
        if kind in TYPES:
            return TYPES[kind]
    if isinstance(entry.value, dict) and "activity_type" in entry.value:
        return "activity_logs"
    if isinstance(entry.value, dict) and "part_type" in entry.value:
        return "conversations"
    return "conversations" if entry.name == PARTS else entry.name


def _is_intercoms(value: Any) -> bool:
    """Whether it bears the marks of Intercom's objects, which other vendors' do not."""
    if not isinstance(value, dict):
        return False
    kind = value.get("type")
    if kind in ("conversation", "conversation_part"):
        return "conversation_rating" in value or "source" in value or "part_type" in value
    if kind in ("contact", "company"):
        return "workspace_id" in value or "app_id" in value or "custom_attributes" in value
    if kind == "admin":
        return "away_mode_enabled" in value or "has_inbox_seat" in value
    if kind == "ticket":
        return "ticket_parts" in value or "ticket_state" in value
    return kind == "team" and "admin_ids" in value
