"""Webhooks: whose they are, which are the same, and what they bring."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from sanjeh.sources.chatwoot.translate import ChatwootTranslation
from sanjeh.sources.chatwoot.webhook import TOKEN_HEADER, WEBHOOK

SECRET = "a-made-up-secret"
NOW = 1_772_442_000.0
BODY = json.dumps({"event": "message_created", "id": 5}).encode()


def signed(body: bytes, at: float = NOW, secret: str = SECRET) -> dict[str, str]:
    """Headers as Chatwoot sends them, made by its documented rule."""
    stamp = str(int(at))
    digest = hmac.digest(secret.encode(), f"{stamp}.".encode() + body, "sha256").hex()
    return {"x-chatwoot-timestamp": stamp, "x-chatwoot-signature": f"sha256={digest}"}


def test_known_signature_holds() -> None:
    # Worked with `printf '1772442000.{}' | openssl dgst -sha256 -hmac a-made-up-secret`.
    digest = "3e2f322e1f0b2eae4e8bfc32ab34b87c46fa4ee8fb211bb8b9ab1e1486b7cc70"
    headers = {
        "x-chatwoot-timestamp": "1772442000",
        "x-chatwoot-signature": f"sha256={digest}",
    }
    assert WEBHOOK.genuine(headers, b"{}", SECRET, NOW)


@pytest.mark.parametrize(
    ("headers", "secret", "now", "is_genuine"),
    [
        (signed(BODY), SECRET, NOW, True),
        (signed(BODY), SECRET, NOW + 300, True),
        (signed(BODY), SECRET, NOW + 301, False),
        (signed(BODY), SECRET, NOW - 301, False),
        (signed(BODY), "another", NOW, False),
        (signed(BODY), "", NOW, False),
        (signed(BODY + b" "), SECRET, NOW, False),
        ({**signed(BODY), "x-chatwoot-timestamp": "soon"}, SECRET, NOW, False),
        ({"x-chatwoot-signature": "sha256=", TOKEN_HEADER: SECRET}, SECRET, NOW, False),
        ({TOKEN_HEADER: SECRET}, SECRET, NOW, True),
        ({TOKEN_HEADER: "another"}, SECRET, NOW, False),
        ({}, SECRET, NOW, False),
        ({TOKEN_HEADER: ""}, "", NOW, False),
    ],
)
def test_who_is_let_in(headers: dict[str, str], secret: str, now: float, is_genuine: bool) -> None:
    assert WEBHOOK.genuine(headers, BODY, secret, now) is is_genuine


def test_same_delivery_has_the_same_key() -> None:
    assert WEBHOOK.key({"x-chatwoot-delivery": "17"}, BODY) == "17"
    assert WEBHOOK.key({}, BODY) == hashlib.sha256(BODY).hexdigest()
    assert WEBHOOK.key({}, BODY) != WEBHOOK.key({}, BODY + b" ")


MESSAGE: dict[str, Any] = {
    "event": "message_created", "id": 101005, "content": "hello", "message_type": "outgoing",
    "content_type": "text", "content_attributes": {}, "additional_attributes": {},
    "created_at": "2026-03-02T09:04:00.512Z", "private": False, "source_id": None,
    "sender": {"id": 1, "name": "Agent 1", "email": "agent1@example.com", "type": "user"},
    "account": {"id": 1, "name": "Shop"}, "inbox": {"id": 1, "name": "Website"},
    "conversation": {"id": 101, "status": "open", "inbox_id": 1},
}  # fmt: skip


def test_message_is_the_record_that_the_api_gives() -> None:
    (payload,) = WEBHOOK.payloads(MESSAGE)
    listed = {
        "id": 101005, "content": "hello", "message_type": 1, "content_type": "text",
        "content_attributes": {}, "created_at": 1_772_442_240, "private": False,
        "conversation_id": 101, "inbox_id": 1, "status": "sent", "source_id": None,
        "sender": {"id": 1, "name": "Agent 1", "type": "user"},
    }  # fmt: skip
    translation = ChatwootTranslation()
    ours = list(translation.records(payload))
    theirs = list(translation.records(payload.__class__("messages", listed, "here")))
    assert ours == theirs
    assert not translation.unknown
    assert list(WEBHOOK.asks(MESSAGE)) == []  # it is whole


def test_changed_conversation_is_asked_for_and_not_written_without_its_past() -> None:
    body = {"event": "conversation_status_changed", "id": 101, "status": "resolved"}
    assert list(WEBHOOK.payloads(body)) == []
    assert list(WEBHOOK.asks(body)) == [("conversations", "101")]


def test_new_conversation_is_a_record() -> None:
    body = {
        "event": "conversation_created", "id": 200, "status": "open", "inbox_id": 1,
        "channel": "Channel::WebWidget", "created_at": 1_772_442_000, "labels": [],
        "updated_at": 1_772_442_000.5, "last_activity_at": 1_772_442_000, "messages": [],
        "meta": {"sender": {"id": 17, "name": "Customer 17", "type": "contact"}, "assignee": None},
    }  # fmt: skip
    (payload,) = WEBHOOK.payloads(body)
    translation = ChatwootTranslation()
    kinds = dict(translation.records(payload))
    assert kinds["conversation"]["channel"] == "live_chat"
    assert kinds["ticket"]["status"] == "open"
    assert kinds["customer"]["display_name"] == "Customer 17"
    assert not translation.unknown


@pytest.mark.parametrize("event", ["contact_created", "webwidget_triggered", None])
def test_other_events_bring_nothing(event: str | None) -> None:
    body = {"event": event, "id": 1}
    assert list(WEBHOOK.payloads(body)) == []
    assert list(WEBHOOK.asks(body)) == []
