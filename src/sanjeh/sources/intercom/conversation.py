"""One conversation, whole or as a list shows it, to records.

Intercom's conversation is both the exchange and the matter that is opened, snoozed, closed and
reopened. So it becomes a conversation and a ticket of the same id; what was only sent out and
nobody answered is no matter, and has no ticket.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from sanjeh.sources.helpdesk import Made, Unreadable
from sanjeh.sources.intercom.figures import figures, ratings
from sanjeh.sources.intercom.hands import Moment
from sanjeh.sources.intercom.parts import Learnt, Telling
from sanjeh.sources.intercom.words import (
    BY_LETTER,
    BY_MACHINE,
    CHANNELS,
    CUSTOMERS,
    PRIORITIES,
    STATES,
    flat,
    identifier,
    instant,
    is_number,
    items,
    known_id,
    plain,
)

INCOMPLETE: Final = "all parts of a conversation (history incomplete: fewer came than it has)"
SOLVED_BY_FIN: Final = frozenset({"assumed_resolution", "confirmed_resolution"})


def conversation(value: Mapping[str, Any], learnt: Learnt, unknown: Counter[str]) -> list[Made]:
    """All records of one conversation. Errors: Unreadable, and then there are none."""
    id = identifier(value.get("id"))
    if value.get("deleted") is True:
        return _deleted(id, value)
    created = instant(value.get("created_at"), "created_at")
    if created is None:
        raise Unreadable("created_at", None, f"the conversation {id} has no created_at")
    version = instant(value.get("updated_at"), "updated_at")
    source = value.get("source") or value.get("conversation_message")  # before version 2
    source = source if isinstance(source, dict) else {}
    listed = value.get("conversation_parts")
    parts = items(listed, "conversation_parts")
    if len(parts) > 1:
        parts = sorted(parts, key=_when)
    contacts = _contacts(value, source)
    lone = len(contacts) == 1 and not any(
        p.get("part_type") in ("participant_added", "participant_removed") for p in parts
    )
    told = Telling(
        id,
        version,
        learnt,
        unknown,
        frozenset(contacts),
        only_contact=contacts[0] if lone else None,
        ticket_id=id,
        by_letter=source.get("type") in BY_LETTER,
    )
    _begin(told, source, created)
    for part in parts:
        told.part(part)
    has_parts = isinstance(listed, dict | list)
    state, last_close_at = _state(value)
    if has_parts:
        told.settle(state, last_close_at)
    if told.customer_spoke_at is None and _is_no_matter(told, source):
        told.ticket_id = None
        told.made = [made for made in told.made if made[0] != "ticket_event"]
    total = _total(listed, value.get("statistics"))
    complete = has_parts if total is None else total <= len(parts)
    if has_parts and not complete:
        unknown[INCOMPLETE] += 1
    made = [_conversation(told, value, source, contacts, created)]
    if told.ticket_id is not None:
        made.append(_ticket(told, value, source, contacts, created))
    made += told.made
    _tags(told, value, made)
    if told.bot_last_at is not None:
        made.append(_bot_session(told, value))
    channel, customer = made[0][1]["channel"], made[0][1]["customer_id"]
    rating, ai_agent = value.get("conversation_rating"), value.get("ai_agent")
    if rating or ai_agent:
        made += ratings(told, rating, ai_agent, customer, channel)
    if value.get("statistics") or rating:
        made += figures(id, value.get("statistics"), rating, complete, version)
    return made


def part_alone(value: Mapping[str, Any], learnt: Learnt, unknown: Counter[str]) -> list[Made]:
    """A part that stands by itself, as some exports list them: what it says without the others."""
    owner = identifier(value.get("conversation_id"), "conversation_id")
    told = Telling(owner, None, learnt, unknown, ticket_id=owner)
    told.part(value)
    for kind, row in told.made:
        if kind == "ticket_event":
            row["from"] = None  # what it was before, the other parts would tell
    # When a teammate left it again, the other parts would tell as well.
    return [made for made in told.made if made[0] != "participation"]


def _when(part: Mapping[str, Any]) -> tuple[int, int]:
    """The order of parts: by their instant, those of one second by their numbers."""
    at, id = part.get("created_at"), part.get("id")
    number = int(id) if isinstance(id, str) and id.isdecimal() and len(id) < 19 else 0
    if type(at) is int:
        return at, number
    read = instant(at, "created_at")
    if read is None:
        raise Unreadable("created_at", at, f"the part {id!r} has no created_at")
    return int(read.timestamp()), number


def _contacts(value: Mapping[str, Any], source: Mapping[str, Any]) -> list[str]:
    """Ids of those who asked, the first one first."""
    old = items(value.get("customers") or [value.get("user")], "customers")  # before version 2
    found = [known_id(c.get("id")) for c in items(value.get("contacts"), "contacts") or old]
    ids = [c for c in found if c is not None]
    author = source.get("author")
    if not ids and isinstance(author, dict) and author.get("type") in CUSTOMERS:
        ids = [a for a in (known_id(author.get("id")),) if a is not None]
    return ids


def _begin(told: Telling, source: Mapping[str, Any], created: dt.datetime) -> None:
    """The first message. Its id is the source's: a campaign's has one for all conversations."""
    author_type, author_id, is_ai = told.speaker(source.get("author"))
    by_machine = source.get("delivered_as") in BY_MACHINE
    said = source.get("body") or source.get("attachments") or source.get("redacted") is True
    if not said and author_type in (None, "bot", "system"):
        return
    moment = Moment(f"source:{told.conversation_id}", created, author_type, author_id, is_ai, 0)
    told.message(source, moment, by_machine=by_machine)


def _is_no_matter(told: Telling, source: Mapping[str, Any]) -> bool:
    """Whether what nobody answered was only sent out: by a machine, or by a teammate who then
    neither closed nor passed it on.
    """
    how = source.get("delivered_as")
    if how == "admin_initiated":
        return not any(kind == "ticket_event" for kind, _ in told.made)
    return how == "operator_initiated" or how in BY_MACHINE


def _state(value: Mapping[str, Any]) -> tuple[str | None, dt.datetime | None]:
    """How it stands now, and when it was closed last; version 1 has only `open`."""
    state, statistics = value.get("state"), value.get("statistics")
    if not isinstance(state, str):
        is_open = value.get("open")
        state = ("open" if is_open else "closed") if isinstance(is_open, bool) else None
    last = statistics.get("last_close_at") if isinstance(statistics, dict) else None
    return state, instant(last, "last_close_at")


def _total(listed: Any, statistics: Any) -> int | None:
    """How many parts there are, as Intercom tells."""
    for holder, name in ((listed, "total_count"), (statistics, "count_conversation_parts")):
        if isinstance(holder, dict) and is_number(holder.get(name)):
            return int(holder[name])
    return None


def _initiated(told: Telling, source: Mapping[str, Any]) -> tuple[str | None, str | None, str]:
    """Direction, initiation, and who wrote it down (for the ticket)."""
    how = source.get("delivered_as")
    if how == "admin_initiated":
        return "outbound", "agent", "agent"
    if how in BY_MACHINE:
        return "outbound", "trigger", "agent"
    if how == "operator_initiated" and told.customer_spoke_at is None:
        return "outbound", "trigger", "bot"
    if how is None:
        return None, None, "customer" if told.customer_spoke_at is not None else "agent"
    # The visitor came to the messenger; where a bot asked first, the visitor went on.
    return "inbound", "visitor", "customer"


def _assignee(value: Mapping[str, Any], learnt: Learnt) -> tuple[str | None, str | None]:
    """Teammate and team that have it now; older versions name one `assignee`."""
    agent, team = known_id(value.get("admin_assignee_id")), known_id(value.get("team_assignee_id"))
    old = value.get("assignee")
    if isinstance(old, dict):
        if agent is None and old.get("type") == "admin":
            agent = known_id(old.get("id"))
        if team is None and old.get("type") == "team":
            team = known_id(old.get("id"))
    return (None if agent in learnt.bots else agent), team


def _conversation(
    told: Telling,
    value: Mapping[str, Any],
    source: Mapping[str, Any],
    contacts: list[str],
    created: dt.datetime,
) -> Made:
    direction, initiation, _ = _initiated(told, source)
    kind = source.get("type")
    asked = source.get("delivered_as") == "customer_initiated"
    state, last_close_at = _state(value)
    ended = reason = None
    if (state or told.state) == "closed":
        ended, reason = told.closed_at or last_close_at, _end_reason(told)
    return (
        "conversation",
        {
            "id": told.conversation_id,
            "channel": CHANNELS.get(kind, kind) if isinstance(kind, str) else None,
            "ticket_id": told.ticket_id,
            "customer_id": contacts[0] if contacts else None,
            "direction": direction,
            "initiation": initiation,
            "priority": PRIORITIES.get(str(value.get("priority"))),
            "team_id": _assignee(value, told.learnt)[1] or told.hands.team_id,
            "requested_at": created if asked else None,
            "started_at": created,
            "ended_at": ended,
            "end_reason": reason,
            "version_at": told.version_at,
            "attributes": flat(value.get("custom_attributes")),
        },
    )


def _end_reason(told: Telling) -> str | None:
    match told.closed_by:
        case "agent":
            return "agent"
        case "customer":
            return "customer_left"
        case "bot" | "system":
            return "timeout" if told.went_idle else "system"
    return None


def _ticket(
    told: Telling,
    value: Mapping[str, Any],
    source: Mapping[str, Any],
    contacts: list[str],
    created: dt.datetime,
) -> Made:
    agent, team = _assignee(value, told.learnt)
    title = value.get("title") or source.get("subject")
    company = value.get("company")
    sla = value.get("sla_applied")
    kind = source.get("type")
    linked = [known_id(v.get("id")) for v in items(value.get("linked_objects"), "data")]
    state, last_close_at = _state(value)
    row: dict[str, Any] = {
        "id": told.conversation_id,
        "subject": plain(title) or None if isinstance(title, str) else None,
        "customer_id": contacts[0] if contacts else None,
        "account_id": known_id(company.get("id")) if isinstance(company, dict) else None,
        "channel_first": CHANNELS.get(kind, kind) if isinstance(kind, str) else None,
        "origin": source.get("delivered_as"),
        "created_at": created,
        "created_by_type": _initiated(told, source)[2],
        "priority": PRIORITIES.get(str(value.get("priority"))),
        "assignee_id": agent,
        "team_id": team,
        "status": STATES.get(state or ""),
        "linked_ids": [v for v in linked if v is not None] or None,
        "sla_policy_snapshot": {"name": sla.get("sla_name"), "status": sla.get("sla_status")}
        if isinstance(sla, dict)
        else None,
        "version_at": told.version_at,
        "attributes": flat(value.get("custom_attributes")),
    }
    if state == "closed" and told.closed_at is None:
        row["resolved_at"] = last_close_at
    return "ticket", row


def _tags(told: Telling, value: Mapping[str, Any], made: list[Made]) -> None:
    """Tags as they stand, with the instant of putting on; not those that the parts told."""
    before = len(told.made)
    for tag in items(value.get("tags"), "tags"):
        id = known_id(tag.get("id"))
        if id is None or id in told.tagged:
            continue
        at = instant(tag.get("applied_at"), "applied_at")
        by = tag.get("applied_by")
        actor, actor_id, _ = told.speaker(by)
        if told.learnt.tags.get(tag.get("name", "")) != id:
            made.append(("tag", {"id": id, "name": tag.get("name")}))
        if at is not None:
            moment = Moment(told.conversation_id, at, actor, actor_id)
            told.tag_event(f"{told.conversation_id}:{id}", id, moment, "add")
    made += told.made[before:]


def _bot_session(told: Telling, value: Mapping[str, Any]) -> Made:
    """The bot's share. It solved it where Intercom says so; where nobody says that it did, and
    it was not the bot that closed it, people have it: an acknowledgement is no service.
    """
    fin = value.get("ai_agent")
    outcome = fin.get("resolution_state") if isinstance(fin, dict) else None
    solved = outcome in SOLVED_BY_FIN
    closed_alone = (
        told.closed_by == "bot" and told.person_spoke_at is None and told.handed_at is None
    )
    handed = None if solved or closed_alone else told.handed_at or told.bot_last_at
    return (
        "bot_session",
        {
            "conversation_id": told.conversation_id,
            "bot_id": told.bot_id,
            "started_at": told.bot_first_at,
            "ended_at": told.bot_last_at,
            "resolved": True if solved else False if outcome else None,
            "handed_off_at": handed,
            "version_at": told.version_at,
        },
    )


def _deleted(id: str, value: Mapping[str, Any]) -> list[Made]:
    at = instant(value.get("deleted_at"), "deleted_at")
    row = {"id": id, "ticket_id": id, "deleted_at": at, "version_at": at}
    made: list[Made] = [("conversation", row)]
    if at is not None:
        event = {"id": f"{id}:deleted", "ticket_id": id, "at": at, "type": "deleted"}
        made.append(("ticket_event", event))
    return made
