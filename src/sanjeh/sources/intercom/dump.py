"""An export on disk: answers of the API as somebody kept them, in one file, many, or an archive.

Intercom has no one format for it, so this is liberal: lists, `{"conversations": [...]}`, JSON
lines, an object a file. What an object is its `type` says, else the name of its list or file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sanjeh.sources.helpdesk import Payload
from sanjeh.sources.helpdesk.export import Entry, entries, file_names, first_entries

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
}
LISTS: Final = frozenset({*TYPES.values(), "activity_logs", "conversation_parts", "data"})
SETTINGS: Final = frozenset({"data_attribute", "segment", "event", "event.summary", "subscription"})
"""Objects that exports hold and that nothing here is made of: names of fields, groups, plans."""


def dump(path: Path) -> Iterator[Payload]:
    """The payloads of an export, file by file in the order of their names.

    Errors: FileUnreadable for what is damaged or no JSON.
    """
    for entry in entries(path, LISTS):
        stream = _stream(entry)
        if stream is not None:
            yield Payload(stream, entry.value, entry.place)


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
    return "conversations" if entry.name == "conversation_parts" else entry.name


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
