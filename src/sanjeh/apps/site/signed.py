"""Messages of the shop's server, signed after the Standard Webhooks.

`webhook-signature` holds `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, once for
each secret that holds. A message is good for five minutes either way and is taken once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Final

TOLERANCE: Final = 300  # seconds
PREFIX: Final = "whsec_"


def signature(secret: str, identity: str, timestamp: int, body: bytes) -> str:
    """`v1,…` of a message."""
    signed = b".".join((identity.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()


def said_at(
    headers: Mapping[str, str], body: bytes, secrets: Iterable[str], now: float
) -> int | None:
    """When a genuine message was signed, in seconds; None for any other.

    headers: with small letters.
    """
    identity, given = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not identity or len(identity) > 200 or not given.isascii() or not given.isdigit():
        return None
    timestamp = int(given) if len(given) < 15 else 0
    if abs(now - timestamp) > TOLERANCE:
        return None
    brought = headers.get("webhook-signature", "").split()[:20]
    made = [signature(secret, identity, timestamp, body) for secret in secrets]
    # Every pair is looked at, so that the time taken tells nothing.
    matches = [
        hmac.compare_digest(one.encode(), other.encode()) for one in made for other in brought
    ]
    return timestamp if any(matches) else None


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()
