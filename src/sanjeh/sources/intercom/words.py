"""Intercom's words and what they mean here: channels, states, kinds of parts, instants, texts."""

from __future__ import annotations

import datetime as dt
import html
import math
import re
from collections.abc import Mapping
from typing import Any, Final, TypeGuard

from sanjeh.sources.helpdesk import Unreadable

CHANNELS: Final[Mapping[str, str]] = {
    "conversation": "live_chat",
    "phone_call": "phone",
    "phone_switch": "phone",
}
"""Codes of our channels; what is not here (email, whatsapp, sms, …) goes by its own name."""

BY_LETTER: Final = frozenset({"email", "push"})

STATES: Final[Mapping[str, str]] = {"open": "open", "snoozed": "on_hold", "closed": "solved"}

TICKET_STATES: Final[Mapping[str, str]] = {
    "submitted": "new",
    "in_progress": "open",
    "waiting_on_customer": "pending_customer",
    "resolved": "solved",
}

PRIORITIES: Final[Mapping[str, str | None]] = {
    "priority": "high",
    "not_priority": "normal",
    "none": None,
    "low": "low",
    "medium": "normal",
    "high": "high",
    "urgent": "urgent",
}

CUSTOMERS: Final = frozenset({"user", "lead", "contact", "visitor"})
BY_MACHINE: Final = frozenset({"automated", "campaigns_initiated"})

NOTES: Final = frozenset({"note", "note_and_reopen", "note_and_unsnooze"})
SPOKEN: Final = frozenset({"comment", "quick_reply"}) | NOTES

STATE_AFTER: Final[Mapping[str, str]] = {
    "open": "open",
    "assign_and_reopen": "open",
    "note_and_reopen": "open",
    "unsnoozed": "open",
    "timer_unsnooze": "open",
    "contact_unsnooze": "open",
    "assign_and_unsnooze": "open",
    "note_and_unsnooze": "open",
    "close": "closed",
    "snoozed": "snoozed",
}

# Parts that take the conversation from whoever had it, where they name nobody.
UNASSIGNING: Final = frozenset(
    {"assignment", "assign_and_reopen", "assign_and_unsnooze", "away_mode_assignment"}
)

# Parts that say nothing to the customer and change neither state nor assignment by their name;
# a body of theirs is a remark of Intercom's own.
SILENT: Final = frozenset(
    {
        "attribute_collected",
        "company_updated",
        "conversation_attribute_updated_by_admin",
        "conversation_attribute_updated_by_user",
        "conversation_attribute_updated_by_workflow",
        "conversation_rating_changed",
        "conversation_rating_remark_added",
        "conversation_sla_applied_by_rule",
        "conversation_sla_applied_by_workflow",
        "conversation_sla_paused",
        "conversation_sla_removed",
        "conversation_sla_target_missed",
        "conversation_sla_unpaused",
        "conversation_tags_updated",
        "custom_action_finished",
        "custom_action_started",
        "fin_guidance_applied",
        "language_detection_details",
        "linked_object_added",
        "linked_object_removed",
        "operator_workflow_event",
        "participant_added",
        "participant_removed",
        "priority_changed",
        "priority_changed_by_rule",
        "resolution_bot_found_no_answer",
        "ticket_attribute_updated_by_admin",
        "ticket_attribute_updated_by_user",
        "ticket_attribute_updated_by_workflow",
        "ticket_state_updated_by_admin",
        "ticket_state_updated_by_user",
        "ticket_state_updated_by_workflow",
        "user_became_idle",
    }
)

# Parts that say something by themselves, besides those of SPOKEN, or only hand over.
OTHER_PARTS: Final = frozenset(
    {
        "attribute_collector",
        "balanced_assignment",
        "channel_and_reply_time_expectation",
        "default_assignment",
        "message_strategy_assignment",
        "workflow_assignment",
    }
)
KNOWN_PARTS: Final = SPOKEN | SILENT | OTHER_PARTS | STATE_AFTER.keys() | UNASSIGNING

_BREAK: Final = re.compile(r"<(?:br\s*/?|/p|/div|/li|/h[1-6]|/tr|/blockquote)>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")
_MILLISECONDS: Final = 100_000_000_000  # later than the year 5000 in seconds


def plain(body: str) -> str:
    """The text of a body in HTML, as a reader sees it."""
    if "<" in body:
        body = _TAG.sub("", _BREAK.sub("\n", body))
    if "&" in body:
        body = html.unescape(body)
    return body.strip()


def instant(value: Any, field: str) -> dt.datetime | None:
    """Seconds since 1970 (milliseconds in some exports) or ISO text. Errors: Unreadable."""
    if value is None or value == "":
        return None
    if type(value) is int:
        if value == 0:
            return None
        if value > _MILLISECONDS:
            value /= 1000
        try:
            return dt.datetime.fromtimestamp(value, dt.UTC)
        except (ValueError, OverflowError, OSError):
            raise Unreadable(field, value, f"{field} is no instant: {value!r}") from None
    return _written_instant(value, field)


def _written_instant(value: Any, field: str) -> dt.datetime | None:
    if isinstance(value, float) and value.is_integer():
        return instant(int(value), field)
    if isinstance(value, str):
        if value.isdecimal() and value.isascii():
            return instant(int(value), field)
        try:
            read = dt.datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            return read if read.tzinfo else read.replace(tzinfo=dt.UTC)
    raise Unreadable(field, value, f"{field} should be seconds since 1970, it is {value!r}")


def identifier(value: Any, field: str = "id") -> str:
    """An id as text. Errors: Unreadable where it is none."""
    if type(value) is str and value:
        return value
    if type(value) is int:
        return str(value)
    raise Unreadable(field, value, f"{field} should be an id, it is {value!r}")


def known_id(value: Any) -> str | None:
    """An id as text; none where Intercom writes null, "" or 0 for nobody."""
    if value is None or value == "" or value == 0 or value == "0":
        return None
    return value if type(value) is str else str(value)


def items(value: Any, name: str) -> list[Mapping[str, Any]]:
    """The objects of a list as Intercom writes it: bare, or under its name or `data`."""
    if isinstance(value, dict):
        value = value.get(name, value.get("data"))
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def is_number(value: Any) -> TypeGuard[float]:
    """Whether it is a finite number and no flag."""
    return type(value) is int or (isinstance(value, float) and math.isfinite(value))


def flat(attributes: Any) -> dict[str, Any] | None:
    """A customer's own fields: plain values, lists of plain values joined; the rest left out."""
    if not isinstance(attributes, dict):
        return None
    kept: dict[str, Any] = {}
    for name, value in attributes.items():
        if isinstance(value, list) and all(isinstance(v, str | int | float) for v in value):
            kept[name] = ", ".join(map(str, value))
        elif value is not None and not isinstance(value, dict | list):
            kept[name] = value
    return kept or None
