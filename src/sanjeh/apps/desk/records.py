"""From the desk's tables to the ledger's records: one function a kind, each hands its row over.

A record that changes carries `version_at`; the newest version holds, however often it comes.
Topics and tags of another source are handed as the desk's own under the name of the first, since a
record refers to records of its own source only.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sanjeh.apps.desk.models import (
    Canned,
    Chat,
    Customer,
    Entry,
    Escalation,
    Followup,
    Member,
    Segment,
    Status,
    Team,
    Transfer,
)
from sanjeh.apps.desk.rules import rules
from sanjeh.apps.desk.surroundings import surroundings
from sanjeh.apps.handing import SOURCE
from sanjeh.apps.handing.outbox import hand


def conversation(chat: Chat, now: dt.datetime) -> None:
    """A chat as it stands."""
    hand(
        "conversation",
        {
            "id": chat.key,
            "channel": rules().channel,
            "customer_id": chat.customer.key,
            "visitor_id": chat.visitor,
            "session_id": chat.visit or None,
            "direction": "inbound" if chat.initiation == "visitor" else "outbound",
            "initiation": chat.initiation,
            "topic_id": label("topic", chat.topic),
            "priority": chat.priority,
            "team_id": chat.team.key if chat.team else None,
            "language": chat.language or None,
            "requested_at": chat.requested_at,
            "human_requested_at": chat.human_requested_at,
            "queued_at": chat.requested_at,
            "started_at": chat.requested_at,
            "ended_at": chat.ended_at,
            "end_reason": chat.end_reason or None,
            "offline": chat.is_offline,
            "outcome": chat.outcome or None,
            "unresolved_reason": chat.unresolved_reason or None,
            "missed_reason": chat.missed_reason or None,
            "version_at": now,
        },
    )


def message(entry: Entry, customer: str) -> None:
    """A message, or a note that only colleagues see; what merely happened is no message."""
    if entry.kind == Entry.Kind.EVENT:
        return
    is_ours = entry.author_type == "agent"
    canned = entry.canned
    hand(
        "message",
        {
            "id": entry.key,
            "conversation_id": f"chat-{entry.chat_id}",
            "at": entry.at,
            "sequence": entry.number,
            "author_type": entry.author_type,
            "author_id": (entry.member.key if entry.member else None) if is_ours else customer,
            "visibility": "public" if entry.kind == Entry.Kind.MESSAGE else "internal",
            "is_auto": False,
            "is_holding": canned.is_holding if canned and not entry.canned_edited else None,
            "body_length": len(entry.body),
            "body": entry.body,
            "canned_response_id": canned.key if canned else None,
            "canned_edited": entry.canned_edited,
            "version_at": entry.at,
        },
    )


def participation(part: Segment, now: dt.datetime) -> None:
    """A member's part in a chat, or an offer of it."""
    over, wrapped = part.left_at, part.wrapped_at
    hand(
        "participation",
        {
            "id": part.key,
            "conversation_id": f"chat-{part.chat_id}",
            "agent_id": part.member.key,
            "team_id": part.team.key if part.team else None,
            "offered_at": part.offered_at,
            "accepted_at": part.accepted_at,
            "left_at": over,
            "end_reason": part.end_reason or None,
            "wrapup_seconds": (wrapped - over).total_seconds() if wrapped and over else None,
            "role": part.role,
            "version_at": now,
        },
    )


def transfer(made: Transfer, now: dt.datetime) -> None:
    """A chat handed over."""
    hand(
        "transfer",
        {
            "id": f"transfer-{made.pk}",
            "conversation_id": f"chat-{made.chat_id}",
            "at": made.at,
            "from_agent": made.from_member.key if made.from_member else None,
            "to_agent": made.to_member.key if made.to_member else None,
            "from_team": made.from_team.key if made.from_team else None,
            "to_team": made.to_team.key if made.to_team else None,
            "kind": made.kind,
            "reason": made.reason or None,
            "version_at": now,
        },
    )


def escalation(made: Escalation, now: dt.datetime) -> None:
    """A chat taken to a level above."""
    hand(
        "escalation",
        {
            "id": f"escalation-{made.pk}",
            "conversation_id": f"chat-{made.chat_id}",
            "at": made.at,
            "initiator": made.initiator,
            "reason": made.reason or None,
            "from_level": str(made.from_level),
            "to_level": str(made.to_level),
            "from_agent": made.from_member.key if made.from_member else None,
            "to_agent": made.to_member.key if made.to_member else None,
            "resolved_at": made.resolved_at,
            "version_at": now,
        },
    )


def followup(made: Followup, now: dt.datetime) -> None:
    """A later contact that was promised."""
    status = "cancelled" if made.is_cancelled else "done" if made.done_at else "open"
    hand(
        "followup",
        {
            "id": f"followup-{made.pk}",
            "conversation_id": f"chat-{made.chat_id}",
            "due_at": made.due_at,
            "done_at": made.done_at,
            "kind": made.kind,
            "agent_id": made.member.key if made.member else None,
            "status": status,
            "version_at": now,
        },
    )


def tag_event(chat: Chat, tag: str, op: str, member: Member, number: int, at: dt.datetime) -> None:
    """A tag put on or taken off; `number` is the entry's that tells of it."""
    named = label("tag", tag)
    hand(
        "tag_event",
        {
            "id": f"{chat.key}-{number}-{named}",
            "tag_id": named,
            "target_type": "conversation",
            "target_id": chat.key,
            "at": at,
            "op": op,
            "actor_type": "agent",
            "actor_id": member.key,
        },
    )


def status_event(member: Member, status: Status, reason: str, at: dt.datetime) -> None:
    """A member's presence changed."""
    hand(
        "agent_status_event",
        {"agent_id": member.key, "at": at, "status": str(status), "reason": reason or None},
    )


def customer(who: Customer, now: dt.datetime) -> None:
    """Who asks."""
    hand(
        "customer",
        {
            "id": who.key,
            "account_id": who.account or None,
            "display_name": who.name or None,
            "contact_points": [{"channel": "email", "address": who.email}] if who.email else None,
            "created_at": who.made_at,
            "demographics": {"language": who.language} if who.language else None,
            "version_at": now,
        },
    )


def agent(member: Member, now: dt.datetime) -> None:
    """A member."""
    first = member.teams.order_by("pk").first()
    hand(
        "agent",
        {
            "id": member.key,
            "name": member.name,
            "role": member.role,
            "team_id": first.key if first else None,
            "languages": member.languages or None,
            "channels": [rules().channel],
            "max_concurrency": member.limit or rules().limit,
            "hired_at": member.made_at,
            "left_at": member.left_at,
            "active": member.is_active,
            "version_at": now,
        },
    )


def team(made: Team, now: dt.datetime) -> None:
    """A team."""
    hand(
        "team",
        {"id": made.key, "name": made.name, "calendar_id": _own(made.calendar), "version_at": now},
    )


def channel(now: dt.datetime) -> None:
    """The chat as a channel."""
    held = rules()
    hand(
        "channel",
        {
            "code": held.channel,
            "kind": "realtime",
            "calendar_id": _own(held.calendar),
            "version_at": now,
        },
    )


def canned(reply: Canned) -> None:
    """A ready reply."""
    hand(
        "canned_response",
        {
            "id": reply.key,
            "shortcut": reply.shortcut,
            "title": reply.title,
            "body": reply.body,
            "channels": [rules().channel],
            "language": reply.language or None,
            "team_id": reply.team.key if reply.team else None,
            "is_holding": reply.is_holding,
            "active": reply.is_active,
            "created_by": reply.by.key if reply.by else None,
            "updated_at": reply.updated_at,
            "version_at": reply.updated_at,
        },
    )


def label(kind: str, id_: str) -> str | None:
    """A topic's or a tag's id as a record of the desk may name it."""
    if not id_:
        return None
    own = _own(id_)
    return own if own is not None else id_


def label_of_other(kind: str, id_: str) -> None:
    """Hand a topic or a tag of another source as the desk's own, under the same name."""
    held = surroundings()
    found = (held.topics if kind == "topic" else held.tags).get(id_)
    if found is None or _own(id_) is not None:
        return
    row: dict[str, Any] = {"id": id_, "name": found.name}
    if kind == "tag":
        row["high_priority"] = found.is_urgent
    hand(kind, row)


def _own(id_: str) -> str | None:
    """The id without the desk's own source; None where it is another source's, or none."""
    source, _, rest = id_.partition("/")
    return rest if source == SOURCE and rest else None
