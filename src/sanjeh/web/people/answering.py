"""From a seat to a member of the desk: whose role may answer chats has one, `member-N`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from sanjeh.apps.desk.members import dismiss, enrol
from sanjeh.apps.desk.models import Member, Team
from sanjeh.apps.handing import SOURCE
from sanjeh.apps.handing.turns import turn
from sanjeh.ledger.home import Home
from sanjeh.ledger.pseudonyms import pseudonym
from sanjeh.web.people.models import Role, Seat

ANSWERS: Final = (Role.ADMINISTRATOR, Role.MANAGER, Role.LEAD, Role.AGENT)
SUPERVISES: Final = (Role.ADMINISTRATOR, Role.MANAGER, Role.LEAD)
SEES_ALL: Final = (Role.ADMINISTRATOR, Role.MANAGER)
# What the record calls a member in such a seat.
CALLED: Final = {Role.ADMINISTRATOR: "manager", Role.MANAGER: "manager", Role.LEAD: "lead"}


def seat_at_the_desk(seat: Seat, now: dt.datetime) -> Member | None:
    """Bring the member of a seat up to it; who may answer no longer gives the chats back.

    A seat that stands for no agent of the record stands for its member from then on.
    """
    user: Any = seat.user
    role = Role(seat.role)
    with turn():
        member = Member.objects.filter(user=user).first()
        if role not in ANSWERS or not user.is_active:
            return dismiss(now, member) if member is not None and member.is_active else None
        teams = [t for t in Team.objects.all() if f"{SOURCE}/{t.key}" in seat.teams]
        member = enrol(
            now,
            user.get_full_name() or user.get_username(),
            user=user.pk,
            teams=teams,
            role=CALLED.get(role, "agent"),
            is_supervisor=role in SUPERVISES,
            sees_all=role in SEES_ALL,
        )
        if not seat.agent:
            seat.agent = pseudonym(Home(Path(settings.HOME)).secret, SOURCE, "agent", member.key)
            Seat.objects.filter(pk=seat.pk).update(agent=seat.agent)
        return member


def seat_everybody(now: dt.datetime) -> None:
    """Members for accounts that were there before the desk was."""
    for seat in Seat.objects.filter(role__in=ANSWERS, user__desk_member=None):
        seat_at_the_desk(seat, now)


def seat_saved(instance: Seat, **_: Any) -> None:
    """A seat was given or changed."""
    seat_at_the_desk(instance, timezone.now())


def account_saved(instance: User, **_: Any) -> None:
    """An account was changed: who is shut out answers no longer."""
    seat = Seat.objects.filter(user=instance).first()
    if seat is not None:
        seat_at_the_desk(seat, timezone.now())
