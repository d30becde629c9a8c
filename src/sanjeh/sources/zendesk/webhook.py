"""Zendesk's webhooks: signed, and naming the ticket that changed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sanjeh.sources.helpdesk.contract import Payload, Unreadable, Webhook
from sanjeh.sources.zendesk.reading import inner, instant

SIGNATURE: Final = "x-zendesk-webhook-signature"
SIGNED_AT: Final = "x-zendesk-webhook-signature-timestamp"
INVOCATION: Final = "x-zendesk-webhook-invocation-id"
OLDEST: Final = 3600.0
"""Seconds: Zendesk tries a delivery again for some minutes; what is older was recorded."""


def genuine(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
    """Whether Zendesk signed this body, and did so lately."""
    at, given = headers.get(SIGNED_AT, ""), headers.get(SIGNATURE, "")
    signed = hmac.new(secret.encode(), at.encode() + body, hashlib.sha256).digest()
    if not hmac.compare_digest(base64.b64encode(signed), given.encode()):
        return False
    try:
        told = instant(at, SIGNED_AT)
    except Unreadable:
        return False
    return told is not None and abs(now - told.timestamp()) <= OLDEST


def key(headers: Mapping[str, str], body: bytes) -> str:
    """The id of the delivery, which stays when Zendesk tries again; else what the body says."""
    return headers.get(INVOCATION) or hashlib.sha256(body).hexdigest()


def asks(body: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The ticket that an event is about, or that a trigger's own body names."""
    found = (
        inner(body.get("detail")).get("id")
        if str(body.get("type", "")).startswith("zen:event-type:ticket.")
        else None
    )
    if found is None:
        found = body.get("ticket_id") or inner(body.get("ticket")).get("id")
    if found is None:
        about = re.fullmatch(r"zen:ticket:(\d+)", str(body.get("subject", "")))
        found = about[1] if about else None
    return [("tickets", str(found))] if re.fullmatch(r"\d+", str(found)) else []


def payloads(body: Mapping[str, Any]) -> Iterable[Payload]:
    """None: a delivery tells of a change, and the ticket is fetched with its audits."""
    return ()


LAG: Final = 60.0  # an incremental export leaves out the last minute
WEBHOOK: Final = Webhook(genuine=genuine, key=key, payloads=payloads, asks=asks, lag=LAG)
