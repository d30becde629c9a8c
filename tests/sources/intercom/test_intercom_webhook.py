"""Notifications: whose they are, which are the same, what they hold and what they ask for."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from intercom_records import taught

from intercom_workspace import CONVERSATIONS, STREAMS, ts
from sanjeh.sources.intercom.webhook import WEBHOOK

SECRET = "client-secret"


def notification(topic: str, item: dict[str, Any], id: str | None = "notif_1") -> dict[str, Any]:
    return {
        "type": "notification_event", "topic": topic, "id": id, "app_id": "abc123",
        "created_at": ts("03-02 09:00"), "delivery_attempts": 1,
        "data": {"type": "notification_event_data", "item": item},
    }  # fmt: skip


PING = notification("ping", {"type": "ping", "message": "hello"}, None)


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return {"x-hub-signature": f"sha1={digest}"}


def test_a_signature_known_from_elsewhere() -> None:
    # printf 'The quick brown fox jumps over the lazy dog' | openssl dgst -sha1 -hmac key
    headers = {"x-hub-signature": "sha1=de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9"}
    body = b"The quick brown fox jumps over the lazy dog"
    assert WEBHOOK.genuine(headers, body, "key", 0.0)


@pytest.mark.parametrize(
    ("headers", "body", "secret"),
    [
        (signed(b"{}", "another"), b"{}", SECRET),
        (signed(b"{}"), b"{ }", SECRET),
        ({}, b"{}", SECRET),
        ({"x-hub-signature": ""}, b"{}", SECRET),
        ({"x-hub-signature": "sha256=" + "0" * 64}, b"{}", SECRET),
        ({"x-hub-signature": "sha1=ü"}, b"{}", SECRET),
        (signed(b"{}", ""), b"{}", ""),  # without a secret nothing is genuine
    ],
)
def test_what_is_not_signed_with_the_secret_is_not_genuine(
    headers: dict[str, str], body: bytes, secret: str
) -> None:
    assert not WEBHOOK.genuine(headers, body, secret, 0.0)


def test_the_same_notification_has_the_same_key() -> None:
    once = notification("conversation.user.replied", CONVERSATIONS["a note only"])
    twice = {**once, "delivery_attempts": 2}
    other = {**once, "id": "notif_2"}
    keys = [WEBHOOK.key({}, json.dumps(body).encode()) for body in (once, twice, other, PING)]
    assert keys[0] == keys[1] == "notif_1"
    assert len(set(keys)) == 3


CONTACT = STREAMS["contacts"][0]


@pytest.mark.parametrize(
    ("topic", "item", "holds", "asks"),
    [
        ("conversation.user.replied", CONVERSATIONS["a note only"], [],
         [("conversations", "1006")]),
        ("conversation.admin.closed", {"type": "conversation", "id": "5"}, [],
         [("conversations", "5")]),
        ("conversation_part.redacted", {"type": "conversation_part", "id": "9",
                                        "conversation_id": "5"}, [], [("conversations", "5")]),
        ("ticket.state.updated", {"type": "ticket", "id": "7"}, [], [("tickets", "7")]),
        ("contact.user.created", CONTACT, [("contacts", CONTACT["id"])], []),
        ("contact.merged", {"type": "contact", "id": "c1"}, [], [("contacts", "c1")]),
        ("company.updated", STREAMS["companies"][0], [("companies", "c0111")], []),
        ("conversation.deleted", {"id": "5"}, [("conversations", "5")], []),
        ("contact.deleted", {"type": "contact", "id": "c1"}, [("contacts", "c1")], []),
        ("admin.activity_log_event.created",
         {"id": "log-1", "activity_type": "admin_away_mode_change", "created_at": 1,
          "performed_by": {"id": "801"}, "metadata": {"away_mode": True}},
         [("activity_logs", "log-1")], []),
        ("visitor.signed_up", {"type": "visitor", "id": "v"}, [], []),
        ("event.created", {"type": "event", "id": "e"}, [], []),
    ],
)  # fmt: skip
def test_what_a_notification_holds_and_asks_for(
    topic: str, item: dict[str, Any], holds: list[Any], asks: list[Any]
) -> None:
    body = notification(topic, item)
    assert [(p.stream, p.value["id"]) for p in WEBHOOK.payloads(body)] == holds
    assert list(WEBHOOK.asks(body)) == asks


@pytest.mark.parametrize("body", [PING, {}, {"data": None}, {"data": {"item": [1]}}])
def test_a_ping_holds_nothing(body: dict[str, Any]) -> None:
    assert list(WEBHOOK.payloads(body)) == []
    assert list(WEBHOOK.asks(body)) == []


def test_what_was_deleted_is_marked_so() -> None:
    body = notification("conversation.deleted", {"id": "1001"})
    (payload,) = WEBHOOK.payloads(body)
    made = dict(taught().records(payload))
    assert int(made["conversation"]["deleted_at"].timestamp()) == ts("03-02 09:00")
    assert made["ticket_event"]["type"] == "deleted"
