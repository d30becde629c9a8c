"""Zendesk's data out of files: its own JSON export, answers of its API, or what connectors write.

Liberal in shape: a file, a folder or a zip; JSON, JSON lines, gzip; an object, a list, or an answer
(`{"tickets": [...], "count": 3}`); named by the list or by the file; lines that a connector wraps
(`{"stream": "tickets", "data": {...}}`), recorded answers with the body as text, and tickets that
hold their comments, audits and people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import orjson

from sanjeh.sources.helpdesk.contract import Payload
from sanjeh.sources.helpdesk.export import entries, file_names, first_entries
from sanjeh.sources.zendesk.account import is_staff
from sanjeh.sources.zendesk.audits import learnt_of, merged_into, tags
from sanjeh.sources.zendesk.reading import (
    KNOWN,
    Object,
    Ticket,
    id_of,
    inner,
    listed,
    number,
    relation,
)
from sanjeh.sources.zendesk.tickets import MERGED_TAG

STREAMS: Final = {
    "tickets": "tickets",
    "ticket": "tickets",
    "ticket_audits": "ticket_audits",
    "audits": "ticket_audits",
    "audit": "ticket_audits",
    "ticket_comments": "ticket_comments",
    "comments": "ticket_comments",
    "comment": "ticket_comments",
    "users": "users",
    "user": "users",
    "agents": "agents",
    "end_users": "users",
    "organizations": "organizations",
    "organization": "organizations",
    "groups": "groups",
    "group": "groups",
    "brands": "brands",
    "brand": "brands",
    "macros": "macros",
    "macro": "macros",
    "ticket_fields": "ticket_fields",
    "ticket_field": "ticket_fields",
    "ticket_forms": "ticket_forms",
    "ticket_form": "ticket_forms",
    "custom_statuses": "custom_statuses",
    "custom_status": "custom_statuses",
    "schedules": "schedules",
    "schedule": "schedules",
    "holidays": "schedules",
    "schedule_holidays": "schedules",
    "sla_policies": "sla_policies",
    "sla_policy": "sla_policies",
    "ticket_metrics": "ticket_metrics",
    "ticket_metric": "ticket_metrics",
    "metric_sets": "ticket_metrics",
    "ticket_metric_events": "ticket_metric_events",
    "deleted_tickets": "deleted_tickets",
    "satisfaction_ratings": "satisfaction_ratings",
    "satisfaction_rating": "satisfaction_ratings",
    "chats": "chats",
    "shortcuts": "shortcuts",
    "agent_timeline": "agent_timeline",
    "calls": "calls",
    "call_legs": "call_legs",
    "legs": "call_legs",
}
"""Names of lists, of single objects and of files, to the stream that they hold."""
BESIDE_A_NAME: Final = frozenset(
    ("zendesk", "support", "chat", "talk", "export", "exported", "full", "all", "data", "dump",
     "list", "part", "page", "incremental", "response", "get", "ndjson", "json")
)  # fmt: skip
"""Words that files bear beside the stream's name: `zendesk_tickets_part_3`."""
WRAPS: Final = (
    "response",
    "responses",
    "http_interactions",
    "recorded_interactions",
    "_airbyte_data",
)
"""Keys of what records or wraps an answer: never an object of Zendesk's."""
MARKS: Final = (
    "_airbyte_ab_id", "_airbyte_raw_id", "_airbyte_extracted_at", "_airbyte_emitted_at",
    "_sdc_batched_at", "_sdc_extracted_at", "_sdc_received_at", "_sdc_sequence",
)  # fmt: skip
LEARNT: Final = frozenset(("custom_statuses", "ticket_fields", "ticket_forms", "brands", "macros"))
HELD: Final = ("requester", "submitter", "assignee", "group", "organization", "comments", "audits")
"""What Zendesk's own export lays into a ticket."""
LAID: Final = (*HELD, *MARKS, *WRAPS, "record", "stream")
DEEPEST: Final = 12
Found = tuple[str, dict[str, Any], str]
"""Name of the stream, the object, and where it stood."""


def dump(path: Path) -> Iterator[Payload]:
    """Every object of the export that has a meaning for us, and what we do not know by its name.

    An audit is read with what its ticket tells and the other way round; that is gathered first,
    some numbers a ticket. A comment whose audit is there too comes once.
    """
    known, audited, _ = _gathered(path, _state(path))
    for stream, value, place in _objects(path):
        match stream:
            case "users" | "agents":
                yield _person(stream, value, place)
            case "tickets":
                yield Payload(stream, _with(value, value.get("id"), known), place)
            case "ticket_audits" | "ticket_metrics":
                yield Payload(stream, _with(value, value.get("ticket_id"), known), place)
            case "ticket_comments":
                ticket = value.get("ticket_id")
                if _key(ticket) not in audited:
                    yield Payload("ticket_audits", _with(value, ticket, known), place)
            case _:
                yield Payload(stream, value, place)


def dump_learnt(path: Path) -> Sequence[Payload]:
    """What later payloads are read by, as `dump` gives it; it comes of what is gathered anyway."""
    return _gathered(path, _state(path))[2]


def recognises(path: Path) -> bool:
    """Whether the path looks like Zendesk's: by links to zendesk.com, or by fields only it has."""
    if not file_names(path):
        return False
    apart = path.is_dir()
    for file in [path / name for name in file_names(path)] if apart else [path]:
        for entry in first_entries(file, STREAMS, 5 if apart else 300):
            for stream, value, _ in _apart(entry.name, entry.value, entry.place, 0):
                if ".zendesk.com/" in str(value.get("url")) or _by_shape(value) == stream != "":
                    return True
    return False


# -- what one payload must know of another -------------------------------------------------------


def _person(stream: str, value: dict[str, Any], place: str) -> Payload:
    if stream == "agents":
        return Payload(stream, {"role": "agent", **value}, place)
    return Payload("agents" if is_staff(value) else stream, value, place)


def _with(value: dict[str, Any], ticket: Any, known: dict[int, Ticket]) -> dict[str, Any]:
    return {**value, KNOWN: known.get(_key(ticket), Ticket(complete=False))}


def _key(value: Any) -> int:
    """An id as a number; -1 for what is none, which is refused where it is read."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return -1


def _state(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of the files: the same as long as nobody writes to them."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    found = [(file, file.stat()) for file in files if file.is_file()]
    return tuple((str(file), told.st_size, told.st_mtime_ns) for file, told in found)


@lru_cache(maxsize=1)
def _gathered(
    path: Path, state: tuple[tuple[str, int, int], ...]
) -> tuple[dict[int, Ticket], set[int], tuple[Payload, ...]]:
    """What is known of each ticket, the tickets whose audits are there, and what is learnt."""
    learnt: list[Payload] = []
    known: dict[int, Ticket] = {}
    audited: set[int] = set()
    merged: set[int] = set()
    first: dict[int, tuple[str, int]] = {}
    targets: dict[int, int] = {}
    for stream, value, place in _objects(path):
        if stream in LEARNT:
            learnt.append(Payload(stream, value, place))
            continue
        try:
            if stream in ("users", "agents"):
                person = _person(stream, value, place)
                if person.stream == "agents":
                    learnt.append(person)
            elif stream == "tickets":
                id_ = number(value.get("id"))
                asked, given = id_of(value.get("requester_id")), id_of(value.get("assignee_id"))
                known[id_] = known.get(id_, Ticket())._replace(requester=asked, assignee=given)
                solved = inner(value.get("metric_set")).get("solved_at")
                if solved:
                    known[id_] = known[id_]._replace(solved_at=solved)
                if MERGED_TAG in tags(value.get("tags")):
                    merged.add(id_)
            elif stream == "ticket_audits":
                id_ = number(value.get("ticket_id"))
                audited.add(id_)
                known[id_] = learnt_of(value, known.get(id_, Ticket()))
            elif stream == "ticket_metrics":
                id_ = number(value.get("ticket_id"))
                known[id_] = known.get(id_, Ticket())._replace(solved_at=value.get("solved_at"))
            elif stream == "ticket_comments":
                id_ = number(value.get("ticket_id"))
                told = (str(value.get("created_at")), _key(value.get("author_id")))
                first[id_] = min(first.get(id_, told), told)
                if value.get("public") is False and told[1] > 0:
                    ticket = known.get(id_, Ticket())
                    known[id_] = ticket._replace(served=ticket.served | {told[1]})
                target = merged_into({"via": value.get("via"), "ticket_id": id_, "events": [value]})
                if relation(value.get("via")) == "merge" and target:
                    targets[id_] = target
        except (AttributeError, TypeError, ValueError):
            continue  # such an object is refused, with its reason, where its records are made
    for id_, (_, author) in first.items():
        if id_ not in audited:
            known[id_] = known.get(id_, Ticket())._replace(opened_by=author if author > 0 else None)
    for id_ in merged & targets.keys():
        if known[id_].merged_into is None:
            known[id_] = known[id_]._replace(merged_into=targets[id_])
    return (
        {i: t._replace(complete=bool(t.complete)) for i, t in known.items()},
        audited,
        tuple(learnt),
    )


# -- objects out of whatever holds them ----------------------------------------------------------


def _objects(path: Path) -> Iterator[Found]:
    """Every object with its stream; people that tickets hold come once each."""
    people: set[tuple[str, str]] = set()
    for name, value, place in entries(path, STREAMS):
        if _is_plain(name, value):
            yield STREAMS[name], value, place
            continue
        for found in _apart(name, value, place, 0):
            if found[0] != "tickets" or not _has(found[1], HELD):
                yield found
                continue
            for part in _inside(found[1], place):
                key = (part[0], str(part[1].get("id")))
                if part[0] not in ("users", "groups", "organizations"):
                    yield part
                elif key not in people:
                    people.add(key)
                    yield part


def _is_plain(name: str, value: Any) -> bool:
    """Whether it is an object as most are: named, and nothing laid around it or into it."""
    if name not in STREAMS or type(value) is not dict or "id" not in value or _has(value, LAID):
        return False
    return STREAMS[name] != "ticket_comments" or "ticket_id" in value


def _apart(name: str, value: Any, place: str, depth: int, ticket: str = "") -> Iterator[Found]:
    """The objects in a value: itself, or what it wraps.

    ticket: the one whose comments an answer lists, where a recorded address tells.
    """
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _apart(name, item, place, depth + 1, ticket)
    elif isinstance(value, str) and value[:1] in ("{", "["):
        try:
            inside = orjson.loads(value)
        except orjson.JSONDecodeError:
            return  # words that begin like JSON
        yield from _apart(name, inside, place, depth + 1, ticket)
    elif isinstance(value, dict):
        if _has(value, MARKS) and "_airbyte_data" not in value:
            value = {k: v for k, v in value.items() if not k.startswith(("_airbyte", "_sdc"))}
        wrapped = _wrapped(value)
        if wrapped:
            yield from _apart(wrapped[0], wrapped[1], place, depth + 1)
        elif ("id" in value or "ticket_id" in value) and not _has(value, WRAPS):
            stream = _stream(name, value)
            if stream == "ticket_comments" and "ticket_id" not in value:
                if not ticket:
                    stream = "comments that are no ticket's"
                value = {"ticket_id": ticket or None, **value}
            yield stream, value, place
        else:
            ticket = _ticket_asked(value) or ticket
            held = {k: v for k, v in value.items() if isinstance(v, dict | list | str)}
            named = [k for k in held if k in STREAMS and not isinstance(held[k], str)]
            for key in named or held:
                yield from _apart(key if named else name, held[key], place, depth + 1, ticket)


def _has(value: Object, names: tuple[str, ...]) -> bool:
    return True in map(value.__contains__, names)


def _ticket_asked(value: Object) -> str:
    """The ticket in the address of a recorded request for its comments; empty for any other."""
    request = inner(value.get("request"))
    for address in (value.get("url"), value.get("uri"), request.get("url"), request.get("uri")):
        found = re.search(r"/tickets/(\d+)/comments", str(address))
        if found:
            return found[1]
    return ""


def _wrapped(value: dict[str, Any]) -> tuple[str, Any] | None:
    """Stream and object of a connector's line; null for anything else."""
    record = value.get("record")
    if isinstance(record, dict):  # Airbyte's message, or Singer's
        if isinstance(record.get("data"), dict) and "stream" in record:
            return str(record["stream"]), record["data"]
        if "stream" in value:
            return str(value["stream"]), record
    if "stream" in value and isinstance(value.get("data"), dict):
        return str(value["stream"]), value["data"]
    return None


def _stream(name: str, value: Object) -> str:
    """The stream of an object: by the name of its list or file, else by its shape."""
    if name in STREAMS:
        return STREAMS[name]
    shape = _by_shape(value)
    if shape:
        return shape
    words = [w for w in re.findall(r"[a-z]+", name.lower()) if w not in BESIDE_A_NAME]
    return STREAMS.get("_".join(words), name)


def _by_shape(value: Object) -> str:
    """The stream that only such objects are of; empty where the shape does not tell."""
    has = value.keys().__contains__
    if has("ticket_id") and isinstance(value.get("events"), list):
        return "ticket_audits"
    if (has("requester_id") or has("requester")) and (has("submitter_id") or has("submitter")):
        return "tickets"
    if has("ticket_id") and has("reply_time_in_minutes"):
        return "ticket_metrics"
    if has("ticket_id") and has("instance_id") and has("metric"):
        return "ticket_metric_events"
    if has("ticket_id") and has("score") and has("requester_id"):
        return "satisfaction_ratings"
    if has("author_id") and has("public") and has("body"):
        return "ticket_comments"
    if has("completion_status") and (has("call_id") or has("phone_number_id")):
        return "call_legs" if has("call_id") else "calls"
    if has("zendesk_ticket_id"):
        return "chats"
    if value.get("role") in ("end-user", "agent", "admin") and has("email"):
        return "users"
    if has("domain_names") and has("shared_tickets"):
        return "organizations"
    return ""


def _inside(ticket: dict[str, Any], place: str) -> Iterator[Found]:
    """A ticket, and the comments, audits, figures and people that its export lays into it."""
    id_ = ticket.get("id")
    plain = dict(ticket)
    for part, field in (("requester", "requester_id"), ("submitter", "submitter_id"),
                        ("assignee", "assignee_id")):  # fmt: skip
        person = plain.pop(part, None)
        if isinstance(person, dict) and "id" in person:
            plain.setdefault(field, person["id"])
            role = person.get("role") or ("agent" if part == "assignee" else "end-user")
            yield "users", {**person, "role": role}, f"{place}, {part}"
    for part, field in (("group", "group_id"), ("organization", "organization_id")):
        held = plain.pop(part, None)
        if isinstance(held, dict) and "id" in held:
            plain.setdefault(field, held["id"])
            yield f"{part}s", held, f"{place}, {part}"
    for part, stream in (("comments", "ticket_comments"), ("audits", "ticket_audits")):
        for nth, held in enumerate(listed(plain.pop(part, None)), 1):
            if isinstance(held, dict):
                yield stream, {"ticket_id": id_, **held}, f"{place}, {part} {nth}"
    yield "tickets", plain, place
