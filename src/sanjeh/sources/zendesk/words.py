"""What was said on a ticket: comments, calls, lines of chats, and rules' own mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sanjeh.sources.helpdesk.contract import Made
from sanjeh.sources.zendesk.reading import (
    Learnt,
    Object,
    Ticket,
    by_rule,
    channel,
    inner,
    instant,
    listed,
    number,
    relation,
    required_id,
    text_id,
)

BOT_CHANNELS: Final = ("answer_bot", "autoreply", "ai_agent")
COMMENTS: Final = ("Comment", "VoiceComment", "FacebookComment")
LINES: Final = ("ChatMessage", "ChatFileAttachment")


class Audit(NamedTuple):
    """What an event is read by: its audit's ticket, instant, author, way in and other events."""

    id: int
    ticket_id: str
    at: dt.datetime | None
    author_id: Any
    via: Any
    ticket: Ticket
    events: list[Any]


def message(id_: str, talk: str, at: dt.datetime | None, body: Any, **fields: Any) -> Made:
    """A message; its length is that of the text."""
    made = {"id": id_, "conversation_id": talk, "at": at, "body": body, **fields}
    made["body_length"] = None if body is None else len(body)
    return "message", made


def comment(event: Object, audit: Audit, place: int, learnt: Learnt) -> Iterator[Made]:
    """A comment: whose words, seen by whom, written by hand or by a rule.

    Redacted words come as Zendesk shows them; a comment made private is internal.
    """
    id_ = required_id(event)
    via = event.get("via") or audit.via
    public = event.get("public")
    author = event.get("author_id", audit.author_id)
    machine = by_rule(via) or _is_transcript(audit)
    type_: str | None
    who: str | None
    if machine:
        type_, who = "system", None
    elif (channel(via) or "").startswith(BOT_CHANNELS):
        type_, who = "bot", channel(via)
    else:
        type_, who = learnt.author(author, audit.ticket, public is not False)
    more: dict[str, Any] = {}
    if type_ == "agent" and audit.events:
        more["canned_response_id"] = _ready_reply(audit, learnt)
    if type_ == "customer" and audit.author_id != author and _is_staff(audit.author_id, learnt):
        more["attributes"] = {"on_behalf": True}
    yield message(
        id_,
        audit.ticket_id,
        audit.at,
        event.get("body") or event.get("plain_body"),
        author_type=type_,
        author_id=who,
        visibility=None if public is None else "public" if public else "internal",
        # The words that a merge leaves on both tickets are Zendesk's.
        is_auto=machine or type_ == "system" or relation(via) == "merge",
        sequence=number(id_),
        **more,
    )


def _is_transcript(audit: Audit) -> bool:
    """Whether the audit holds a chat's lines one by one; its comment then only says them again."""
    return any(
        event.get("type") == "ChatStartedEvent" and inner(event.get("value")).get("history")
        for event in audit.events
    )


def _is_staff(id_: Any, learnt: Learnt) -> bool:
    return id_ is not None and number(id_) in learnt.staff


def _ready_reply(audit: Audit, learnt: Learnt) -> str | None:
    """The macro that the agent applied in the same update, if it has words."""
    for event in audit.events:
        if event.get("type") == "AgentMacroReference":
            macro = text_id(event.get("macro_id"))
            if macro in learnt.replies or event.get("macro_deleted"):
                return macro
    return None


def voice(event: Object, audit: Audit, place: int, learnt: Learnt) -> Iterator[Made]:
    """A call on the ticket: a comment, and the call as a conversation of its own.

    Zendesk Talk tells more of the same call; its record, which carries a version, then holds.
    """
    data = inner(event.get("data"))
    given = {
        **event,
        "public": event.get("public", data.get("public")),
        "author_id": event.get("author_id") or data.get("author_id"),
        "body": event.get("body") or data.get("transcription_text"),
    }
    yield from comment(given, audit, place, learnt)
    call = data.get("call_id")
    began = instant(data.get("started_at"), "started_at")
    if call is None or began is None:
        return
    took = data.get("call_duration")
    ended = began + dt.timedelta(seconds=float(took)) if took is not None else None
    way = relation(event.get("via") or audit.via)
    talk: dict[str, Any] = {
        "id": f"call:{call}",
        "channel": "phone",
        "ticket_id": audit.ticket_id,
        "customer_id": text_id(audit.ticket.requester),
        "direction": way if way in ("inbound", "outbound") else None,
        "started_at": began,
        "ended_at": ended,
    }
    yield "conversation", talk
    taken: dict[str, Any] = {
        "conversation_id": f"call:{call}",
        "ring_at": began,
        "answered_at": began if data.get("answered_by_id") else None,
        "ended_at": ended,
    }
    yield "call", taken


def notification(event: Object, audit: Audit, place: int, learnt: Learnt) -> Iterator[Made]:
    """A rule's own mail to whoever asked, such as the acknowledgement of a request.

    Mail that only delivers a colleague's comment is no further message.
    """
    asked = audit.ticket.requester
    to_them = asked is not None and asked in listed(event.get("recipients"))
    if not to_them or not by_rule(event.get("via") or audit.via):
        return
    if any(_is_reply(other, audit, learnt) for other in audit.events):
        return
    yield message(
        f"notification:{required_id(event)}",
        audit.ticket_id,
        audit.at,
        event.get("body"),
        author_type="system",
        author_id=None,
        visibility="public",
        is_auto=True,
        sequence=number(event["id"]),
    )


def _is_reply(event: Object, audit: Audit, learnt: Learnt) -> bool:
    """Whether an event is a public comment by somebody else than a customer."""
    if event.get("type") not in COMMENTS or event.get("public") is False:
        return False
    return learnt.author(event.get("author_id", audit.author_id), audit.ticket)[0] != "customer"


def chat(event: Object, audit: Audit, place: int, learnt: Learnt) -> Iterator[Made]:
    """The lines of a chat or of a messaging conversation, as the ticket keeps them."""
    value = inner(event.get("value"))
    name = value.get("chat_id") or required_id(event)
    for nth, line in enumerate(listed(value.get("history"))):
        if line.get("type") not in LINES:
            continue
        told = line.get("timestamp") or line.get("created_at")
        at = told / 1000 if isinstance(told, int | float) and told > 1e11 else told
        type_, who = _speaker(line, audit, learnt)
        index = line.get("chat_index", nth)
        yield message(
            f"chat:{name}:{index}",
            audit.ticket_id,
            instant(at, "timestamp"),
            line.get("message"),
            author_type=type_,
            author_id=who,
            visibility="public",
            is_auto=type_ == "system",
            sequence=number(index),
        )


def _speaker(line: Object, audit: Audit, learnt: Learnt) -> tuple[str | None, str | None]:
    kind = str(line.get("actor_type") or "")
    who = str(line.get("actor_id") or "").removeprefix("agent:")
    source = inner(inner(line.get("original_message")).get("source"))
    if kind == "bot" or "answerBot" in str(source.get("type")):
        return "bot", "answer_bot"
    match kind:
        case "trigger" | "system":
            return "system", None
        case "agent" if who.isdigit():
            return "agent", who
        case "end-user" | "end_user" | "visitor":
            asked = audit.ticket.requester
            return "customer", str(asked) if asked else who if who.isdigit() else None
    return learnt.author(who, audit.ticket) if who.isdigit() else (None, None)
