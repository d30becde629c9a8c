"""Addresses of pages as they are kept, and what a campaign wrote into them."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

LONGEST: Final = 1000
UTM: Final = ("source", "medium", "campaign")


def kept(url: str) -> str:
    """The address without its query, fragment and password; empty where it is no page's.

    What stands behind the question mark is often a person's: a token, a mail address, a search.
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    return urlunsplit((parts.scheme, f"{host}{port}", parts.path or "/", "", ""))[:LONGEST]


def campaign(url: str) -> dict[str, str]:
    """{source, medium, campaign}, as far as the address names them."""
    try:
        query = parse_qs(urlsplit(url).query, max_num_fields=100)
    except ValueError:
        return {}
    return {name: query[f"utm_{name}"][0][:200] for name in UTM if query.get(f"utm_{name}")}


def from_outside(referrer: str, page: str) -> str:
    """The page that led here, empty where it is of the same site."""
    came = kept(referrer)
    return came if came and urlsplit(came).netloc != urlsplit(kept(page)).netloc else ""
