"""Ready replies: the library, placeholders, and how often each is used."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet

from sanjeh.apps.desk import lines, records, signals, telling
from sanjeh.apps.desk.models import Canned, Chat, Member, Team
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.handing.turns import turn

PLACES: Final = ("customer.name", "customer.email", "agent.name", "team.name", "chat.number")
_PLACE: Final = re.compile(r"\{\{\s*([a-z.]+)\s*(?:\|\s*([^{}]*?)\s*)?\}\}")
_SHORTCUT: Final = re.compile(r"[\w-]{1,40}")


@dataclass(frozen=True)
class Usage:
    """How often a reply was used, and how often its text was changed before."""

    reply: Canned
    count: int
    edited_count: int


def values(chat: Chat, member: Member) -> dict[str, str]:
    """What fills the placeholders."""
    return {
        "customer.name": chat.customer.name, "customer.email": chat.customer.email,
        "agent.name": member.name, "team.name": chat.team.name if chat.team else "",
        "chat.number": str(chat.pk),
    }  # fmt: skip


def filled(body: str, given: Mapping[str, str]) -> str:
    """The text with its placeholders filled: `{{customer.name|you}}` says what stands for nothing.

    What there is no value for, and no word instead, is left out with the space before it.
    """

    def fill(found: re.Match[str]) -> str:
        return given.get(found[1], "") or found[2] or ""

    return re.sub(r"[ \t]+([,.!?،؛؟:;])", r"\1", _PLACE.sub(fill, body)).strip()


def unknown_places(body: str) -> list[str]:
    """Placeholders that nothing fills."""
    return [name for name, _ in _PLACE.findall(body) if name not in PLACES]


def for_member(member: Member) -> QuerySet[Canned]:
    """The replies a member may use: everybody's, and the own teams'."""
    found = Canned.objects.filter(is_active=True)
    if not member.sees_all:
        found = found.filter(Q(team=None) | Q(team__in=member.teams.all()))
    return found.order_by("shortcut", "language")


@turn()
def keep(
    now: dt.datetime,
    by: Member | None,
    *,
    shortcut: str,
    title: str,
    body: str,
    language: str = "",
    team: Team | None = None,
    is_holding: bool = False,
    reply: Canned | None = None,
) -> Canned:
    """Make a reply, or change one.

    Errors: Refused wrong, for a shortcut that is taken or none, or a placeholder nothing fills.
    """
    name = shortcut.strip().lstrip("/").lower()
    if not _SHORTCUT.fullmatch(name):
        raise Refused("wrong", "shortcut: letters, digits and hyphens, 40 at most")
    text = lines.words(body)
    if places := unknown_places(text):
        raise Refused("wrong", f"body: nothing fills {{{{{places[0]}}}}}")
    same = Canned.objects.filter(is_active=True, shortcut=name, language=language, team=team)
    if any(other != reply for other in same):
        raise Refused("wrong", f"shortcut: /{name} is taken")
    made = reply or Canned(by=by)
    made.shortcut, made.title, made.body = name, title.strip()[:200] or name, text
    made.language, made.team, made.is_holding, made.updated_at = language, team, is_holding, now
    made.save()
    records.canned(made)
    signals.tell_members(
        now, signals.everybody(), {"type": "canned", "canned": telling.canned_frame(made)}
    )
    return made


@turn()
def retire(now: dt.datetime, reply: Canned) -> Canned:
    """Have a reply offered no longer; what was said with it stays counted."""
    reply.is_active, reply.updated_at = False, now
    reply.save()
    records.canned(reply)
    signals.tell_members(now, signals.everybody(), {"type": "canned", "gone": reply.pk})
    return reply


def usage(since: dt.datetime | None = None) -> list[Usage]:
    """How often each reply in use was used, since an instant or ever; the most used first."""
    during = Q() if since is None else Q(uses__at__gte=since)
    rows = Canned.objects.filter(is_active=True).annotate(
        used=Count("uses", filter=during),
        edited=Count("uses", filter=during & Q(uses__canned_edited=True)),
    )
    return [Usage(r, r.used, r.edited) for r in rows.order_by("-used", "shortcut")]
