"""Calls: newer servers show each as a message of its own sort, with what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sanjeh.sources.chatwoot.messages import Letter
from sanjeh.sources.chatwoot.reading import part, second
from sanjeh.sources.helpdesk.contract import Made


def call_records(
    found: list[tuple[Mapping[str, Any], Letter]],
    conversation: Mapping[str, Any],
    *,
    is_voice: bool,
) -> Iterator[Made]:
    """The calls of a conversation, in order.

    In a conversation of a telephone inbox the first call is the conversation itself. Any other is
    one of its own ("call:" and the message's number) about the same ticket, so that a call in the
    middle of a chat is not taken for the chat.
    """
    calls = sorted((one for one in found if one[1].is_call), key=lambda one: one[1].sequence)
    for n, (value, letter) in enumerate(calls):
        told = part(value, "call")
        id_ = letter.conversation if is_voice and n == 0 else f"call:{letter.id}"
        answered, ended = (second(told.get(f), f) for f in ("started_at", "ended_at"))
        is_ours = told.get("direction") in ("outgoing", "outbound")
        if id_ != letter.conversation:
            yield (
                "conversation",
                {
                    "id": id_,
                    "ticket_id": letter.conversation,
                    "channel": "phone",
                    "customer_id": conversation.get("customer_id"),
                    "team_id": conversation.get("team_id"),
                    "direction": "outbound" if is_ours else "inbound",
                    "initiation": "agent" if is_ours else "visitor",
                    "started_at": letter.at,
                    "ended_at": ended,
                },
            )
        yield (
            "call",
            {
                "conversation_id": id_,
                "ring_at": letter.at,
                "answered_at": answered,
                "ended_at": ended,
                "abandoned": None if is_ours else told.get("status") in ("no-answer", "no_answer"),
            },
        )
        if answered and (agent := told.get("accepted_by_agent_id")) is not None:
            yield (
                "participation",
                {
                    "id": f"call:{letter.id}",
                    "conversation_id": id_,
                    "agent_id": str(agent),
                    "offered_at": letter.at,
                    "accepted_at": answered,
                    "left_at": ended,
                    "end_reason": "ended" if ended else None,
                    "role": "owner",
                    "version_at": ended or answered,
                },
            )
