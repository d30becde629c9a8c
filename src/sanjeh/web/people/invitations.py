"""One-time links that make accounts. Nobody has a default password."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from sanjeh.web.people import trial
from sanjeh.web.people.models import Invitation, Role, Seat
from sanjeh.web.people.trail import trace

LASTS = dt.timedelta(days=3)


class InvitationError(ValueError):
    """A link that is unknown, used or too old; or an account that cannot be made."""


def invite(role: str, *, by: str, teams: Sequence[str] = (), agent: str = "") -> str:
    """The secret of a new link."""
    secret = secrets.token_urlsafe(32)
    Invitation.objects.create(
        hashed=_hashed(secret), role=role, teams=list(teams), agent=agent,
        expires_at=timezone.now() + LASTS,
    )  # fmt: skip
    trace(by, "invited", role)
    return secret


def invite_first() -> str | None:
    """A link for the administrator where nobody has an account; earlier ones no longer work."""
    if User.objects.exclude(username=trial.NAME).exists():
        return None
    Invitation.objects.filter(role=Role.ADMINISTRATOR, used_at=None).delete()
    return invite(Role.ADMINISTRATOR, by="first start")


def find(secret: str) -> Invitation:
    """The invitation of a link, if it can still be used."""
    found = Invitation.objects.filter(hashed=_hashed(secret)).first()
    if found is None or found.used_at is not None or found.expires_at < timezone.now():
        raise InvitationError("unknown, used or too old")
    return found


@transaction.atomic
def accept(secret: str, username: str, password: str) -> User:
    """The account that a link makes; the link is used up in the same step."""
    found = find(secret)
    used = Invitation.objects.filter(pk=found.pk, used_at=None).update(used_at=timezone.now())
    if not used:
        raise InvitationError("unknown, used or too old")
    user = User.objects.create_user(username, password=password)
    Seat.objects.create(user=user, role=found.role, teams=found.teams, agent=found.agent)
    trace(username, "joined", found.role)
    return user


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
