"""From an account to whose rows it may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from sanjeh.answers.question import EVERYTHING, Viewer
from sanjeh.web.people.models import Role, Rule, Seat

SEES_ALL = (Role.ADMINISTRATOR, Role.MANAGER, Role.ANALYST, Role.GUEST)
MAY_CHANGE = (Role.ADMINISTRATOR, Role.MANAGER)
MAY_EXPORT = (Role.ADMINISTRATOR, Role.MANAGER, Role.ANALYST, Role.LEAD)
SEES_NAMES = (Role.ADMINISTRATOR, Role.MANAGER, Role.LEAD)
READS_TEXTS = (*SEES_NAMES, Role.ANALYST)


@dataclass(frozen=True)
class Place:
    """Who looks: name, role, and the scope that every question is asked with."""

    name: str
    role: str
    viewer: Viewer

    @property
    def may_change(self) -> bool:
        """Settings, targets, imports."""
        return self.role in MAY_CHANGE

    @property
    def may_export(self) -> bool:
        """Rows as files."""
        return self.role in MAY_EXPORT

    @property
    def sees_names(self) -> bool:
        """What customers are called."""
        return self.role in SEES_NAMES

    @property
    def reads_texts(self) -> bool:
        """What customers and agents wrote, within the scope; every reading leaves a trace."""
        return self.role in READS_TEXTS

    @property
    def is_administrator(self) -> bool:
        """People and the audit trail."""
        return self.role == Role.ADMINISTRATOR


def lacks_second_factor(user: Any, place: Place | None) -> bool:
    """Whether the account must set up a second factor before it sees anything."""
    from allauth.mfa.utils import is_mfa_enabled

    if place is None or not place.is_administrator or not user.is_authenticated:
        return False
    asked = Rule.objects.filter(second_factor=True).exists()
    return asked and not is_mfa_enabled(user)


def admits(user: Any) -> bool:
    """Whether a signed-in account has a seat and everything that is asked of it."""
    place = seat_of(user)
    return place is not None and not lacks_second_factor(user, place)


VISITOR = Place("guest", Role.GUEST, EVERYTHING)
"""Anybody, where looking around needs no account."""


def seat_of(user: Any) -> Place | None:
    """The seat of a signed-in account; a guest's in an open home; else none."""
    if user.is_authenticated:
        seat = Seat.objects.filter(user=user).first()
        if seat is None:
            return None
        return Place(user.get_username(), seat.role, scope_of(seat))
    return VISITOR if settings.IS_OPEN else None


def scope_of(seat: Seat) -> Viewer:
    """The rows a seat sees. Where a lead or an agent was given none, none are seen."""
    if seat.role in SEES_ALL:
        return EVERYTHING
    name = seat.user.get_username()
    if seat.role == Role.AGENT:
        return Viewer(name, agents=frozenset({seat.agent} - {""}))
    return Viewer(name, teams=frozenset(seat.teams))
