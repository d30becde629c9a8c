"""Zendesk Talk: calls, and who took them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from sanjeh.sources.helpdesk.contract import Made
from sanjeh.sources.zendesk.reading import Learnt, Object, instant, required_id, text_id

ABANDONED: Final = (
    "abandoned_in_queue",
    "abandoned_in_ivr",
    "abandoned_in_voicemail",
    "abandoned_on_hold",
)
MISSED: Final = {
    "abandoned_in_queue": "customer_left_early",
    "abandoned_in_ivr": "customer_left_early",
    "abandoned_in_voicemail": "customer_left_early",
    "not_answered": "offered_not_accepted",
    "pending_voicemail": None,
    "failed": "technical",
}


def calls(value: Object, learnt: Learnt) -> Iterator[Made]:
    """A call: a conversation by phone of its own, on its ticket where it has one."""
    id_ = f"call:{required_id(value)}"
    began = instant(value.get("created_at"), "created_at")
    changed = instant(value.get("updated_at"), "updated_at")
    took = value.get("duration")
    ended = began + _seconds(took) if began and took is not None else None
    wait = value.get("time_to_answer")
    agent = value.get("agent_id")
    status = value.get("completion_status")
    voicemail = value.get("voicemail") is True
    answered = None
    if began and wait is not None and agent and not voicemail:
        answered = began + _seconds(wait)
    direction = value.get("direction")
    abandoned = status in ABANDONED if status is not None else None
    if "phone" not in learnt.channels:
        yield "channel", {"code": "phone", "kind": "voice"}
    yield (
        "conversation",
        {
            "id": id_,
            "channel": "phone",
            "ticket_id": text_id(value.get("ticket_id")),
            "customer_id": text_id(value.get("customer_id")),
            "team_id": text_id(value.get("call_group_id")),
            "direction": direction if direction in ("inbound", "outbound") else None,
            "started_at": began,
            "ended_at": ended,
            "missed_reason": _missed(value, answered is not None, status),
            "offline": True if voicemail and value.get("outside_business_hours") else None,
            "version_at": changed,
        },
    )
    yield (
        "call",
        {
            "conversation_id": id_,
            "ring_at": began,
            "answered_at": answered,
            "ended_at": ended,
            "hold_seconds": _float(value.get("hold_time")),
            "abandoned": abandoned,
            "version_at": changed,
        },
    )
    learnt.channels.add("phone")


def _missed(value: Object, answered: bool, status: Any) -> str | None:
    if answered or value.get("direction") == "outbound":
        return None
    if value.get("outside_business_hours") is True:
        return "outside_hours"
    return MISSED.get(str(status))


def legs(value: Object, learnt: Learnt) -> Iterator[Made]:
    """An agent's leg of a call: offered, taken or declined, with hold and wrap-up."""
    agent = value.get("agent_id")
    call = value.get("call_id")
    if value.get("type") != "agent" or not agent or call is None:
        return
    began = instant(value.get("created_at"), "created_at")
    took = value.get("duration")
    status = value.get("completion_status")
    taken = status == "completed"
    left = began + _seconds(took) if began and took is not None else None
    moved = value.get("transferred_to") or value.get("forwarded_to")
    yield (
        "participation",
        {
            "id": f"leg:{required_id(value)}",
            "conversation_id": f"call:{call}",
            "agent_id": text_id(agent),
            "offered_at": began,
            "accepted_at": began if taken else None,
            "left_at": left,
            "end_reason": _end(status, moved),
            "wrapup_seconds": _float(value.get("wrap_up_time")),
            "role": "joined"
            if value.get("conference_from") or value.get("consultation_from")
            else None,
            "version_at": instant(value.get("updated_at"), "updated_at"),
        },
    )


def _end(status: Any, moved: Any) -> str | None:
    match status:
        case "completed":
            return "transferred" if moved else "ended"
        case "agent_missed" | "not_answered":
            return "timeout"
        case "agent_declined" | "declined":
            return "declined"
        case "agent_transfer_declined":
            return "declined"
    return None


def _seconds(value: Any) -> dt.timedelta:
    return dt.timedelta(seconds=float(value))


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
