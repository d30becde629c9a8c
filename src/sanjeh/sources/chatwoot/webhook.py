"""Chatwoot's webhooks: signed by newer servers, and by a word in the address for older ones.

A newer server signs: `X-Chatwoot-Signature: sha256=` and the HMAC-SHA256, under the webhook's
secret, of `X-Chatwoot-Timestamp`, a dot and the body. An older one signs nothing; a secret word
must then stand in the address that was given to Chatwoot, and the receiver hands it over under
`TOKEN_HEADER`. A delivery that has a signature is judged by that alone.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sanjeh.sources.helpdesk.contract import Payload, Webhook

TOKEN_HEADER: Final = "x-sanjeh-token"
FRESH: Final = 300.0
"""Seconds by which a signature's time may differ from ours."""
_OF_MESSAGES: Final = frozenset({"message_created", "message_updated"})
_OF_CONVERSATIONS: Final = frozenset(
    {"conversation_created", "conversation_updated", "conversation_status_changed"}
)


def genuine(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
    """Whether the delivery comes from who knows the secret. Compares in constant time."""
    if not secret:
        return False
    signature = headers.get("x-chatwoot-signature")
    if signature is None:
        token = headers.get(TOKEN_HEADER, "")
        return hmac.compare_digest(token.encode(), secret.encode())
    sent = headers.get("x-chatwoot-timestamp", "")
    if not sent.isdecimal() or abs(now - float(sent)) > FRESH:
        return False
    signed = hmac.new(secret.encode(), sent.encode() + b"." + body, hashlib.sha256)
    return hmac.compare_digest(signature.encode(), b"sha256=" + signed.hexdigest().encode())


def key(headers: Mapping[str, str], body: bytes) -> str:
    """The delivery's own number where the server gives one, else a digest of the body."""
    told = headers.get("x-chatwoot-delivery", "").strip()
    return told[:200] if told else hashlib.sha256(body).hexdigest()


def payloads(body: Mapping[str, Any]) -> Iterable[Payload]:
    """The message that was written or changed; a conversation while it is new.

    A conversation's later state comes without its past, so it is only asked for (see `asks`).
    """
    event = body.get("event")
    if event in _OF_MESSAGES and (number := _conversation(body)) is not None:
        message = {k: v for k, v in body.items() if k in _MESSAGE}
        message["conversation_id"] = number
        return [Payload("messages", message, f"webhook {event} {body.get('id')}")]
    if event == "conversation_created":
        row = {k: v for k, v in body.items() if k not in _AROUND}
        return [Payload("conversations", row, f"webhook {event} {body.get('id')}")]
    return []


def asks(body: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The conversation of which something changed. A message by itself is whole."""
    number = body.get("id") if body.get("event") in _OF_CONVERSATIONS else None
    return () if number is None else [("conversations", str(number))]


def _conversation(body: Mapping[str, Any]) -> Any:
    inner = body.get("conversation")
    return inner.get("id") if isinstance(inner, Mapping) else body.get("conversation_id")


_MESSAGE: Final = frozenset(
    {
        "id", "content", "message_type", "content_type", "content_attributes",
        "additional_attributes", "created_at", "private", "sender", "sender_type", "status",
        "attachments", "source_id",
    }
)  # fmt: skip
_AROUND: Final = frozenset({"event", "changed_attributes", "account", "messages"})

WEBHOOK: Final = Webhook(genuine=genuine, key=key, payloads=payloads, asks=asks)
