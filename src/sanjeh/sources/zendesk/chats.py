"""Zendesk Chat: live chats, offline messages, and the agents who took them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from sanjeh.sources.helpdesk.contract import Made
from sanjeh.sources.zendesk.reading import (
    Learnt,
    Object,
    inner,
    instant,
    listed,
    required_id,
    text_id,
)
from sanjeh.sources.zendesk.surveys import SCORES

SURVEY: Final = "chat_satisfaction"


def chats(value: Object, learnt: Learnt) -> Iterator[Made]:
    """A chat; one that became a ticket is that ticket's conversation, its words come with it."""
    told = required_id(value)
    ticket = text_id(value.get("zendesk_ticket_id"))
    id_ = ticket or f"chat:{told}"
    began = instant(
        value.get("timestamp") or value.get("session", {}).get("start_date"), "timestamp"
    )
    changed = instant(value.get("update_timestamp"), "update_timestamp")
    offline = value.get("type") == "offline_msg"
    visitor = inner(value.get("visitor"))
    if ticket is None:
        customer = f"visitor:{visitor['id']}" if visitor.get("id") else None
        if customer:
            yield "customer", _visitor(visitor, customer)
        yield "conversation", _conversation(value, id_, began, changed, offline, customer)
        yield from _said(value, id_, told, customer, began, offline)
        if "live_chat" not in learnt.channels:
            yield "channel", {"code": "live_chat", "kind": "realtime"}
            learnt.channels.add("live_chat")
    for place, part in enumerate(listed(value.get("engagements"))):
        yield (
            "participation",
            {
                "id": f"chat:{part.get('id') or f'{told}:{place}'}",
                "conversation_id": id_,
                "agent_id": text_id(part.get("agent_id")),
                "team_id": text_id(part.get("department_id")),
                "accepted_at": instant(part.get("timestamp"), "engagements.timestamp"),
                "left_at": _after(part.get("timestamp"), part.get("duration")),
                "role": None,
            },
        )
    rating = value.get("rating")
    if rating in SCORES:
        yield (
            "survey",
            {
                "id": SURVEY,
                "kind": "csat",
                "scale_min": 0.0,
                "scale_max": 1.0,
                "satisfied": [1],
                "polarity": "high_good",
                "scope": "support",
            },
        )
        yield (
            "survey_response",
            {
                "id": f"chat:{told}",
                "survey_id": SURVEY,
                "conversation_id": id_,
                "ticket_id": ticket,
                "submitted_at": changed or began,
                "score": SCORES[rating],
                "comment": value.get("comment"),
                "version_at": changed,
            },
        )


def _visitor(visitor: Object, id_: str) -> dict[str, Any]:
    points = [
        {"channel": name, "address": visitor[name]}
        for name in ("email", "phone")
        if visitor.get(name)
    ]
    return {"id": id_, "display_name": visitor.get("name"), "contact_points": points or None}


def _conversation(
    value: Object,
    id_: str,
    began: dt.datetime | None,
    changed: dt.datetime | None,
    offline: bool,
    customer: str | None,
) -> dict[str, Any]:
    starter = value.get("started_by")
    return {
        "id": id_,
        "channel": "live_chat",
        "customer_id": customer,
        "team_id": text_id(value.get("department_id")),
        "direction": {"agent": "outbound", "trigger": "outbound", "visitor": "inbound"}.get(
            str(starter)
        ),
        "initiation": starter if starter in ("visitor", "agent", "trigger") else None,
        "started_at": began,
        "ended_at": began if offline else _after(value.get("timestamp"), value.get("duration")),
        "offline": offline,
        "version_at": changed,
        "deleted_at": changed if value.get("deleted") else None,
    }


def _said(
    value: Object,
    id_: str,
    chat: str,
    customer: str | None,
    began: dt.datetime | None,
    offline: bool,
) -> Iterator[Made]:
    lines = listed(value.get("history"))
    if offline and value.get("message"):
        lines = [{"type": "chat.msg", "sender_type": "Visitor", "msg": value["message"]}]
    for place, line in enumerate(lines):
        if line.get("type") not in ("chat.msg", "chat.file"):
            continue
        kind = str(line.get("sender_type") or "").lower()
        body = line.get("msg")
        type_ = {"visitor": "customer", "agent": "agent", "trigger": "system"}.get(kind)
        yield (
            "message",
            {
                "id": f"chat:{chat}:{place}",
                "conversation_id": id_,
                "at": instant(line.get("timestamp"), "history.timestamp") or began,
                "author_type": type_,
                "author_id": customer
                if type_ == "customer"
                else text_id(line.get("sender_id") or line.get("agent_id"))
                if type_ == "agent"
                else None,
                "visibility": "public",
                "is_auto": type_ == "system",
                "body": body,
                "body_length": None if body is None else len(body),
                "sequence": place,
            },
        )


def _after(start: Any, seconds: Any) -> dt.datetime | None:
    at = instant(start, "timestamp")
    return at + dt.timedelta(seconds=float(seconds)) if at and seconds is not None else None


def shortcuts(value: Object, learnt: Learnt) -> Iterator[Made]:
    """A shortcut is a ready reply."""
    yield (
        "canned_response",
        {
            "id": f"shortcut:{value.get('id') or value.get('name')}",
            "shortcut": value.get("name"),
            "title": value.get("name"),
            "body": value.get("message"),
        },
    )


def agent_timeline(value: Object, learnt: Learnt) -> Iterator[Made]:
    """An agent's presence in Chat."""
    status = {"online": "available", "away": "away", "invisible": "offline", "offline": "offline"}
    yield (
        "agent_status_event",
        {
            "agent_id": required_id(value, "agent_id"),
            "at": instant(value.get("start_time"), "start_time"),
            "status": status.get(str(value.get("status")), "offline"),
        },
    )
