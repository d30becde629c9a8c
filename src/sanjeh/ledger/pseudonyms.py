"""Pseudonyms: what stands for a person everywhere but in the person tables."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Final

PERSON_KINDS: Final = ("customer", "agent", "visitor")
UNKNOWN_ROLE: Final = "unknown"
"""Role of an author whose type the source did not say: a person until shown otherwise."""


def pseudonyms(secret: bytes, source: str, role: str, ids: Iterable[str]) -> list[str]:
    """One pseudonym an id: "p" and 100 bits of a keyed hash of (source, role, id)."""
    # Lengths come first, so that no two different tuples give the same bytes.
    parts = (source.encode(), role.encode())
    start = hashlib.blake2b(key=secret, digest_size=13)
    for part in parts:
        start.update(len(part).to_bytes(4, "big") + part)
    made = []
    for id_ in ids:
        digest = start.copy()
        digest.update(id_.encode())
        made.append("p" + base64.b32encode(digest.digest())[:20].lower().decode())
    return made


def pseudonym(secret: bytes, source: str, role: str, id_: str) -> str:
    return pseudonyms(secret, source, role, [id_])[0]
