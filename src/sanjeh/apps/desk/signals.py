"""Signals: what sockets are to be told, written with the change itself and read by number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Max

from sanjeh.apps.desk.models import Member, Signal

BOARD: Final = "board"


def of_visitor(visitor: str) -> str:
    """Whom a signal to a visitor names."""
    return f"v:{visitor}"


def of_member(member: int) -> str:
    """Whom a signal to a member names."""
    return f"m:{member}"


@dataclass(frozen=True)
class Told:
    """One signal as it is read: its number, whom it is for, what they are told."""

    number: int
    to: frozenset[str]
    frame: dict[str, Any]


def tell(now: dt.datetime, to: Iterable[str], frame: Mapping[str, Any]) -> None:
    """Have a frame told to whom it is for, if the transaction is committed."""
    whom = sorted(set(to))
    if whom:
        Signal.objects.create(to=whom, frame=dict(frame), at=now)


def tell_members(now: dt.datetime, members: Iterable[int], frame: Mapping[str, Any]) -> None:
    """The same for members, by their numbers."""
    tell(now, (of_member(number) for number in members), frame)


def everybody() -> list[int]:
    """The numbers of all members at work here."""
    return list(Member.objects.filter(is_active=True).values_list("pk", flat=True))


def newest() -> int:
    """The number of the newest signal: who begins to listen goes on after it."""
    return Signal.objects.aggregate(number=Max("pk"))["number"] or 0


def after(number: int, most: int = 500) -> list[Told]:
    """The signals after a number, in their order; at most so many."""
    rows = Signal.objects.filter(pk__gt=number).order_by("pk")[:most]
    return [Told(row.pk, frozenset(row.to), row.frame) for row in rows]


def sweep(before: dt.datetime) -> int:
    """Delete what everybody has been told; how many there were."""
    # The newest stays, so that numbers never begin again on SQLite.
    return Signal.objects.filter(at__lt=before, pk__lt=newest()).delete()[0]
