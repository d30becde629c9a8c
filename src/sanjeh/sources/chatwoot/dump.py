"""Chatwoot out of files: answers of its API as they were saved, or its tables as JSON.

A folder, a zip, a JSON file or JSON lines; bare lists, `{"payload": [...]}` and
`{"data": {"payload": [...]}}`. Which list an object belongs to is told by the name of its list or
file ("messages.jsonl", "conversations-page-2.json"), else by its fields.

What happened in a conversation can only be told from all of its messages, and a dump may hold them
anywhere: conversations, messages, reporting events and ratings are first laid by, on disk, in
parts small enough to be put together in memory.
"""

from __future__ import annotations

import re
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

import orjson

from sanjeh.sources.chatwoot import tables
from sanjeh.sources.chatwoot.reading import instant, number
from sanjeh.sources.chatwoot.translate import EVENTS, MESSAGES
from sanjeh.sources.helpdesk.contract import Payload, Unreadable
from sanjeh.sources.helpdesk.export import Entry, entries, first_entries

PARTS: Final = 64
# Names of lists, files and tables: the stream that their objects are of.
NAMES: Final[Mapping[str, str]] = {
    "agent_bots": "agent_bots",
    "canned_responses": "canned_responses",
    "csat_survey_responses": "csat_survey_responses",
    "reporting_events": "reporting_events",
    "working_hours": "working_hours",
    "team_members": "team_members",
    "agents": "agents",
    "users": "agents",
    "teams": "teams",
    "inboxes": "inboxes",
    "labels": "labels",
    "contacts": "contacts",
    "conversations": "conversations",
    "messages": "messages",
    "csat": "csat_survey_responses",
}
# Fields that only one sort of object has, the surest first.
_SHAPES: Final = (
    ("message_type", "conversation_id", "messages"),
    ("event_end_time", "value_in_business_hours", "reporting_events"),
    ("rating", "feedback_message", "csat_survey_responses"),
    ("channel_type", "working_hours_enabled", "inboxes"),
    ("short_code", "content", "canned_responses"),
    ("inbox_id", "snoozed_until", "conversations"),
    ("inbox_id", "can_reply", "conversations"),
    ("closed_all_day", "day_of_week", "working_hours"),
    ("team_id", "user_id", "team_members"),
    ("allow_auto_assign", "name", "teams"),
    ("show_on_sidebar", "title", "labels"),
    ("outgoing_url", "name", "agent_bots"),
    ("bot_type", "name", "agent_bots"),
    ("auto_offline", "email", "agents"),
    ("identifier", "phone_number", "contacts"),
)
_OF_CONVERSATIONS: Final = frozenset(
    {"conversations", "messages", "reporting_events", "csat_survey_responses"}
)
_JOINED: Final = frozenset({"inboxes", "teams", "working_hours", "team_members"})
_FILE: Final = re.compile(r"(.*?)\.(?:jsonl?|ndjson)(?:\.gz)?\b", re.IGNORECASE)


def recognises(path: Path) -> bool:
    """Whether the first objects under the path have fields as only Chatwoot's have."""
    found = [entry.value for entry in first_entries(path, NAMES)]
    rows = [row for value in found for row in _rows(value)]
    return any(_by_shape(row) is not None for row in rows)


def dump(path: Path) -> Iterator[Payload]:
    """The payloads of an export; a conversation is followed by all that belongs to it."""
    joined: defaultdict[str, list[tuple[Any, str]]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="sanjeh-chatwoot-") as folder:
        laid = _LaidBy(Path(folder))
        for entry in entries(path, NAMES):
            for row in _rows(entry.value):
                stream = _stream(entry, row)
                if stream in _OF_CONVERSATIONS and isinstance(row, dict):
                    laid.put(stream, row, entry.place)
                elif stream in _JOINED and isinstance(row, dict):
                    joined[stream].append((row, entry.place))
                else:
                    yield Payload(stream, _object(row), entry.place)
        yield from _desk(joined)
        yield from laid.conversations()


def _desk(joined: Mapping[str, list[tuple[Any, str]]]) -> Iterator[Payload]:
    """Inboxes and teams, with what a dump of tables keeps beside them."""
    hours = defaultdict(list)
    for row, _ in joined.get("working_hours", ()):
        hours[row.get("inbox_id")].append(row)
    members = defaultdict(list)
    for row, _ in joined.get("team_members", ()):
        members[row.get("team_id")].append(row.get("user_id"))
    for row, place in joined.get("inboxes", ()):
        yield Payload("inboxes", tables.inbox(row, hours[row.get("id")]), place)
    for row, place in joined.get("teams", ()):
        yield Payload("teams", tables.team(row, members[row.get("id")]), place)


def _rows(value: Any) -> list[Any]:
    """What an answer of the API holds; any other value is one row."""
    found = value
    for name in ("data", "payload"):
        if isinstance(found, dict) and "id" not in found and name in found:
            found = found[name]
    return found if isinstance(found, list) else [found]


def _object(row: Any) -> Mapping[str, Any]:
    """The row as a payload; what is no object becomes one that is refused with its reason."""
    return tables.opened(row) if isinstance(row, dict) else {"value": row}


def _stream(entry: Entry, row: Any) -> str:
    """By the name of the list, the file or its folder; else by the fields."""
    if entry.name in NAMES:
        return NAMES[entry.name]
    if isinstance(row, dict) and (shape := _by_shape(row)):
        return shape
    file = _FILE.match(entry.place)
    for name in reversed(PurePosixPath(file[1] if file else entry.place).parts):
        for known, stream in NAMES.items():
            if known in name.lower().replace("-", "_"):
                return stream
    return entry.name


def _by_shape(row: Any) -> str | None:
    if isinstance(row, dict):
        for one, other, stream in _SHAPES:
            if one in row and other in row:
                return stream
    return None


class _LaidBy:
    """Conversations and what belongs to them, by parts on disk, in the order they came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[int, BinaryIO] = {}

    def put(self, stream: str, row: dict[str, Any], place: str) -> None:
        """Lay a row by, with the others of its conversation."""
        key = row.get("id") if stream == "conversations" else row.get("conversation_id")
        part = zlib.crc32(str(key).encode()) % PARTS
        file = self._files.get(part)
        if file is None:
            file = self._files[part] = (self._folder / str(part)).open("w+b")
        file.write(orjson.dumps([stream, str(key), place, row]) + b"\n")

    def conversations(self) -> Iterator[Payload]:
        """Each conversation and then its messages and ratings; last of a part what has none."""
        for file in self._files.values():
            file.seek(0)
            found: defaultdict[str, _Gathered] = defaultdict(_Gathered)
            for line in file:
                stream, key, place, row = orjson.loads(line)
                found[key].add(stream, row, place)
            file.close()
            for gathered in found.values():
                yield from gathered.payloads()


class _Gathered:
    """What belongs to one conversation. Of what came twice, the later change is kept."""

    def __init__(self) -> None:
        self.row: dict[str, Any] | None = None
        self.place = ""
        self.messages: dict[Any, tuple[dict[str, Any], str]] = {}
        self.events: list[tuple[dict[str, Any], str]] = []
        self.ratings: list[tuple[dict[str, Any], str]] = []

    def add(self, stream: str, row: dict[str, Any], place: str) -> None:
        match stream:
            case "conversations":
                if self.row is None or _changed(row) >= _changed(self.row):
                    self.row, self.place = row, place
            case "messages":
                self.messages[_key(row.get("id"), place)] = (row, place)
            case "reporting_events":
                self.events.append((row, place))
            case _:
                self.ratings.append((row, place))

    def payloads(self) -> Iterator[Payload]:
        if self.row is None:
            for stream, rows in (
                ("messages", self.messages.values()),
                ("reporting_events", self.events),
                ("csat_survey_responses", self.ratings),
            ):
                for row, place in rows:
                    yield Payload(stream, tables.opened(row), place)
            return
        is_table = "display_id" in self.row
        row = tables.conversation(self.row)
        within = row.get("messages")
        within = [m for m in within if isinstance(m, dict)] if isinstance(within, list) else []
        # A list of conversations shows the last message of each: one alone is not all.
        is_whole = bool(self.messages) or len(within) > 1
        for message in within:
            self.messages.setdefault(_key(message.get("id"), ""), (message, self.place))
        messages = list(self.messages.values())
        if is_table:
            messages = [(tables.message(m, row.get("id")), place) for m, place in messages]
        if is_whole or MESSAGES in row:
            row = {MESSAGES: [m for m, _ in messages], **row}
            row.setdefault(EVENTS, self._events(row, is_table=is_table))
        yield Payload("conversations", row, self.place)
        for message, place in messages:
            yield Payload("messages", message, place)
        for rating, place in self.ratings:
            yield Payload(
                "csat_survey_responses", {**rating, "conversation_id": row.get("id")}, place
            )

    def _events(self, row: Mapping[str, Any], *, is_table: bool) -> list[dict[str, Any]] | None:
        """The events that are this conversation's.

        The API numbers an event's conversation by the database's key, as its conversations are
        not: where these are two numbers, the inbox and the beginning tell that they do not belong.
        """
        events = [event for event, _ in self.events]
        if is_table or all(_belongs(event, row) for event in events):
            return events or None
        return None


def _belongs(event: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    if event.get("inbox_id") != row.get("inbox_id"):
        return False
    begun, made = event.get("event_start_time"), row.get("created_at")
    try:
        start, created = instant(begun, "event_start_time"), instant(made, "created_at")
    except Unreadable:
        return False
    if start is None or created is None:
        return False
    gap = (start - created).total_seconds()
    from_creation = event.get("name") in ("conversation_resolved", "conversation_bot_handoff")
    return -1 < gap < 1 if from_creation else gap > -1


def _changed(row: Mapping[str, Any]) -> float:
    try:
        at = instant(row.get("updated_at"), "updated_at")
    except Unreadable:
        return 0.0
    return at.timestamp() if at else 0.0


def _key(told: Any, place: str) -> Any:
    try:
        return number(told, "id") if told is not None else place
    except Unreadable:
        return str(told)
