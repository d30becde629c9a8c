"""What Intercom sends by itself: its signature, and what a notification is about.

A notification about a conversation holds only the part that it is about, so the whole is asked
for; people and companies come whole, and what was deleted has only its id.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from sanjeh.sources.helpdesk import Payload
from sanjeh.sources.helpdesk.contract import Webhook
from sanjeh.sources.intercom.words import known_id

STREAMS: Final[Mapping[str, str]] = {
    "conversation": "conversations",
    "conversation_part": "conversations",
    "ticket": "tickets",
    "call": "calls",
    "contact": "contacts",
    "user": "contacts",
    "lead": "contacts",
    "company": "companies",
    "activity_log": "activity_logs",
    "admin_activity_log_event": "activity_logs",
}
ASKED_FOR: Final = frozenset({"conversations", "tickets", "calls"})


def genuine(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
    """Whether `X-Hub-Signature` is the body's HMAC-SHA1 under the app's client secret.

    Intercom signs no time; what is sent twice is known by its key.
    """
    told = headers.get("x-hub-signature", "")
    if not secret or not told.startswith("sha1="):
        return False
    right = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return hmac.compare_digest(told.removeprefix("sha1=").lower().encode(), right.encode())


def key(headers: Mapping[str, str], body: bytes) -> str:
    """The notification's id; a ping has none and is known by its words."""
    value = orjson.loads(body)
    id = known_id(value.get("id")) if isinstance(value, dict) else None
    return id or f"body:{hashlib.sha256(body).hexdigest()}"


def payloads(body: Mapping[str, Any]) -> Iterator[Payload]:
    """What the notification holds whole, or says is gone."""
    stream, item = _item(body)
    if stream is None or known_id(item.get("id")) is None:
        return
    place = f"notification {body.get('id')}"
    if _is_deletion(body, item):
        gone = {"id": item["id"], "deleted": True, "deleted_at": body.get("created_at")}
        yield Payload(stream, gone, place)
    elif stream not in ASKED_FOR and "created_at" in item:
        yield Payload(stream, item, place)


def asks(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is to be fetched since the notification tells only a part of it."""
    stream, item = _item(body)
    id = known_id(item.get("conversation_id") or item.get("id"))
    if stream is None or id is None or _is_deletion(body, item):
        return
    if stream in ASKED_FOR or "created_at" not in item:
        yield stream, id


def _item(body: Mapping[str, Any]) -> tuple[str | None, Mapping[str, Any]]:
    """The stream and the object that the notification is about; none for a ping."""
    data = body.get("data")
    item = data.get("item") if isinstance(data, dict) else None
    if not isinstance(item, dict):
        return None, {}
    topic = body.get("topic")
    subject = topic.partition(".")[0] if isinstance(topic, str) else ""
    if "activity_type" in item:
        return "activity_logs", item
    # The topic says what it is about where the item does not (what was deleted has no type).
    return STREAMS.get(str(item.get("type"))) or STREAMS.get(subject), item


def _is_deletion(body: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    topic = body.get("topic")
    told = isinstance(topic, str) and topic.endswith(".deleted") and topic.count(".") == 1
    return told or item.get("deleted") is True


WEBHOOK: Final = Webhook(genuine=genuine, key=key, payloads=payloads, asks=asks)
