"""The token that names a visitor: signed, good for 30 days, worth nothing to anybody else."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core import signing

SALT: Final = "sanjeh.apps.site.visitor"
LASTS: Final = dt.timedelta(days=30)


def token_of(visitor: str) -> str:
    """A fresh token."""
    return signing.dumps(visitor, salt=SALT)


def visitor_of(token: str) -> str | None:
    """The visitor's id; None for a token that is forged, broken or too old."""
    if not token or len(token) > 500:
        return None
    try:
        named = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:  # an expired one is one of these
        return None
    return named if isinstance(named, str) else None
