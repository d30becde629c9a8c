"""Secrets shared with the shop's server, and changing them while both hold."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from typing import Final

from django.db import transaction
from django.db.models import Q

from sanjeh.apps.site.models import Secret

PREFIX: Final = "whsec_"
BOTH_HOLD: Final = dt.timedelta(days=2)


def change(purpose: str, now: dt.datetime, both_hold: dt.timedelta = BOTH_HOLD) -> str:
    """A new secret, shown once to who sets up the shop; the old ones hold for two days more."""
    value = PREFIX + base64.b64encode(secrets.token_bytes(24)).decode("ascii")
    with transaction.atomic():
        Secret.objects.filter(purpose=purpose, until__lt=now).delete()
        Secret.objects.filter(purpose=purpose, until=None).update(until=now + both_hold)
        Secret.objects.create(purpose=purpose, value=value, made_at=now)
    return value


def in_force(purpose: str, now: dt.datetime) -> tuple[str, ...]:
    """The secrets that hold, the newest first."""
    held = Secret.objects.filter(Q(until=None) | Q(until__gt=now), purpose=purpose)
    return tuple(held.order_by("-made_at", "-id").values_list("value", flat=True))
