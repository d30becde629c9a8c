"""What the site may do, who is allowed to call, and who is one of us."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from sanjeh.apps.site.models import Setup


def setup() -> Setup:
    """The one row; its defaults while there is none."""
    return Setup.objects.first() or Setup()


def origin_of(url: str) -> str:
    """`https://shop.example` of an address, empty where it has none."""
    try:
        parts = urlsplit(url.strip().lower())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def is_allowed(origin: str, own: str = "") -> bool:
    """Whether pages of this origin may call.

    own: the origin the site itself is reached at; its own pages may.
    """
    asked = origin_of(origin)
    if not asked:
        return False
    return asked == origin_of(own) or asked in {origin_of(known) for known in setup().origins}


def is_internal(address: str, mail: str = "") -> bool:
    """Whether a caller's address or mail is one of ours."""
    known = setup()
    domain = mail.rpartition("@")[2].lower()
    if domain and domain in {d.lower().lstrip("@") for d in known.internal_domains}:
        return True
    try:
        host = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(
        host in ipaddress.ip_network(network, strict=False) for network in known.internal_networks
    )
