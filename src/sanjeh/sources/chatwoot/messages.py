"""One message: who wrote it, who may see it, whether a machine sent it."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sanjeh.sources.chatwoot.reading import needed_id, number, part, second, word
from sanjeh.sources.helpdesk.contract import Made, Unreadable

KINDS: Final[Mapping[Any, str]] = {
    kind: name
    for n, name in enumerate(("incoming", "outgoing", "activity", "template"))
    for kind in (n, str(n), name)
}
# What sends, as the sender itself says ("type") and as the message does ("sender_type").
_PERSONS: Final = frozenset({"user", "User", "SuperAdmin"})
_CUSTOMERS: Final = frozenset({"contact", "Contact"})
_BOTS: Final[Mapping[str, str]] = {
    "agent_bot": "agent_bot",
    "AgentBot": "agent_bot",
    "captain_assistant": "captain",
    "Captain::Assistant": "captain",
}
CONTENT_TYPES: Final = frozenset(
    {
        "text", "input_text", "input_textarea", "input_email", "input_select", "cards", "form",
        "article", "incoming_email", "input_csat", "integrations", "sticker", "voice_call",
    }
)  # fmt: skip
CSAT: Final[Made] = (
    "survey",
    {
        "id": "csat",
        "kind": "csat",
        "scale_min": 1.0,
        "scale_max": 5.0,
        "satisfied": [4, 5],
        "polarity": "high_good",
        "scope": "support",
        "touchpoint": "conversation resolved",
        "active": True,
    },
)


class Letter(NamedTuple):
    """A message, read. sequence: Chatwoot's own number, which orders those of one second."""

    id: str
    conversation: str
    at: dt.datetime
    sequence: int
    kind: str
    text: str
    content_type: str
    author_type: str | None
    author_id: str | None
    author_name: str | None
    is_internal: bool
    is_auto: bool
    is_campaign: bool
    is_deleted: bool
    is_failed: bool
    is_call: bool
    attachments: int


def letter(value: Mapping[str, Any]) -> Letter:
    """The message of a payload. Errors: Unreadable without id, conversation, instant or kind."""
    at = second(value.get("created_at"), "created_at")
    if at is None:
        raise Unreadable("created_at", value.get("created_at"), "the message says no instant")
    told = value.get("message_type")
    kind = KINDS.get(told) if not isinstance(told, (dict, list)) else None
    if kind is None:
        raise Unreadable("message_type", told, "expected is 0 to 3: incoming to template")
    content = _content(value)
    more = part(value, "additional_attributes")
    sort, author, name = _author(value, kind, content)
    by_rule = bool(content.get("automation_rule_id"))
    is_campaign = bool(more.get("campaign_id"))
    is_failed = value.get("status") in ("failed", 3) and kind == "outgoing"
    files = value.get("attachments")
    return Letter(
        id=needed_id(value),
        conversation=needed_id(value, "conversation_id"),
        at=at,
        sequence=number(value.get("id"), "id") or 0,
        kind=kind,
        text=value.get("content") or "",
        content_type=str(value.get("content_type") or "text"),
        author_type=sort,
        author_id=author,
        author_name=name,
        is_internal=value.get("private") is True or is_failed,
        is_auto=kind == "template" or by_rule or is_campaign or _answers_by_itself(content),
        is_campaign=is_campaign,
        is_deleted=content.get("deleted") is True,
        is_failed=is_failed,
        is_call=value.get("content_type") == "voice_call" and bool(part(value, "call")),
        attachments=len(files) if isinstance(files, list) else 0,
    )


def _content(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The attributes of the content; rows of the database hold them as text."""
    told = value.get("content_attributes")
    if isinstance(told, str):
        try:
            told = json.loads(told)
            told = json.loads(told) if isinstance(told, str) else told
        except ValueError:
            return {}
    return told if isinstance(told, Mapping) else {}


def _author(
    value: Mapping[str, Any], kind: str, content: Mapping[str, Any]
) -> tuple[str | None, str | None, str | None]:
    sender = part(value, "sender")
    sort = str(sender.get("type") or value.get("sender_type") or "")
    told = sender.get("id", value.get("sender_id"))
    author = None if told is None else str(told)
    name = word(sender.get("name"))
    if sort in _BOTS:
        return "bot", f"{_BOTS[sort]}:{author}" if author else None, name
    if kind == "template":
        return "system", None, None
    if sort in _PERSONS:
        return "agent", author, name
    if sort in _CUSTOMERS or kind == "incoming":
        return "customer", author, name
    if sort.endswith("::Assistant"):
        return "bot", f"captain:{author}" if author else None, name
    if content.get("external_echo"):  # an agent wrote it in the messenger's own app
        return "agent", None, None
    # A sender who is gone is still told by number; one that never was is a machine.
    return ("agent" if author and not sort else "system"), author, name


def _answers_by_itself(content: Mapping[str, Any]) -> bool:
    return part(content, "email").get("auto_reply") is True


def message_records(told: Letter, unknown: Counter[str]) -> Iterator[Made]:
    """The message, and the survey where it asks for a rating. Activities and calls are none."""
    if told.content_type not in CONTENT_TYPES:
        unknown[f"content type {told.content_type}"] += 1
    if told.kind == "activity" or told.is_call:
        return
    body = None if told.is_deleted else word(told.text)
    made: dict[str, Any] = {
        "id": told.id,
        "conversation_id": told.conversation,
        "at": told.at,
        "author_type": told.author_type,
        "author_id": told.author_id,
        "visibility": "internal" if told.is_internal else "public",
        "is_auto": told.is_auto,
        "body_length": None if body is None else len(body),
        "body": body,
        "sequence": told.sequence,
    }
    marks: dict[str, Any] = {}
    if told.is_deleted:
        marks["deleted"] = True
    if told.is_failed:
        marks["failed"] = True
    if told.content_type != "text":
        marks["content_type"] = told.content_type
    if told.attachments:
        marks["attachments"] = told.attachments
    if marks:
        made["attributes"] = marks
    yield "message", made
    if told.content_type == "input_csat":
        yield CSAT
        yield (
            "survey_invite",
            {
                "id": told.id,
                "survey_id": "csat",
                "conversation_id": told.conversation,
                "ticket_id": told.conversation,
                "sent_at": told.at,
            },
        )
