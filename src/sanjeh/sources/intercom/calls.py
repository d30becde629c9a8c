"""Calls: the telephone side of a conversation, which the conversation's parts do not tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sanjeh.sources.helpdesk import Made, Unreadable
from sanjeh.sources.intercom.words import identifier, instant, known_id


def call(value: Mapping[str, Any]) -> Iterator[Made]:
    """When it rang, was picked up and ended. A call of no conversation makes one of its own.

    Errors: Unreadable without an id or an instant at which it began.
    """
    id = identifier(value.get("id"))
    rang = instant(value.get("initiated_at") or value.get("created_at"), "initiated_at")
    if rang is None:
        raise Unreadable("initiated_at", None, f"the call {id} has no initiated_at")
    answered = instant(value.get("answered_at"), "answered_at")
    ended = instant(value.get("ended_at"), "ended_at")
    version = instant(value.get("updated_at"), "updated_at")
    direction = value.get("direction")
    inbound = direction == "inbound"
    conversation = known_id(value.get("conversation_id"))
    if conversation is None:
        conversation = f"call:{id}"
        yield (
            "conversation",
            {
                "id": conversation,
                "channel": "phone",
                "customer_id": known_id(value.get("contact_id")),
                "direction": direction if direction in ("inbound", "outbound") else None,
                "initiation": "visitor" if inbound else "agent" if direction else None,
                "requested_at": rang if inbound else None,
                "started_at": rang,
                "ended_at": ended,
                "version_at": version,
            },
        )
    yield (
        "call",
        {
            "conversation_id": conversation,
            "external_id": id,
            "ring_at": rang,
            "answered_at": answered,
            "ended_at": ended,
            # Whom we called gave nothing up.
            "abandoned": answered is None if inbound and ended is not None else None,
            "version_at": version,
        },
    )
