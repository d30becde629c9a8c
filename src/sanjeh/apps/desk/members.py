"""Members and teams: how somebody comes to answer at the desk, and what changes about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sanjeh.apps.desk import presence, records, signals, telling
from sanjeh.apps.desk.giving import give_back
from sanjeh.apps.desk.models import Member, Status, Team
from sanjeh.apps.handing.turns import turn


@turn()
def enrol(
    now: dt.datetime,
    name: str,
    *,
    user: int | None = None,
    teams: Iterable[Team] = (),
    role: str = "agent",
    is_supervisor: bool = False,
    sees_all: bool = False,
    languages: Iterable[str] = (),
    limit: int | None = None,
) -> Member:
    """Make a member; for an account that has one already, that one, brought up to date."""
    member = Member.objects.filter(user_id=user).first() if user is not None else None
    is_new = member is None
    if member is None:
        member = Member(user_id=user, name=name, made_at=now, since=now)
        member.languages, member.limit = list(languages), limit
    before = (member.role, member.is_supervisor, member.sees_all, member.is_active)
    member.role, member.is_supervisor, member.sees_all = role, is_supervisor, sees_all
    member.is_active, member.left_at = True, None
    if is_new or before != (member.role, member.is_supervisor, member.sees_all, True):
        member.save()
        if is_new:
            member.teams.set(teams)
            if Member.objects.count() == 1:
                records.channel(now)
        records.agent(member, now)
    return member


@turn()
def change(
    now: dt.datetime,
    member: Member,
    *,
    name: str | None = None,
    teams: Iterable[Team] | None = None,
    languages: Iterable[str] | None = None,
    limit: int | None = None,
    level: int | None = None,
) -> Member:
    """Change what is said; the rest stays."""
    member.refresh_from_db()
    if name is not None:
        member.name = " ".join(name.split())[:100] or member.name
    if languages is not None:
        member.languages = list(languages)
    if limit is not None:
        member.limit = limit
    if level is not None:
        member.level = level
    member.save()
    if teams is not None:
        member.teams.set(teams)
    records.agent(member, now)
    presence.apply(now, member)
    return member


@turn()
def dismiss(now: dt.datetime, member: Member) -> Member:
    """A member answers here no longer; what they have goes back to where it waits."""
    member.refresh_from_db()
    give_back(now, member)
    presence.choose(now, member, Status.OFFLINE)
    member.is_active, member.left_at = False, now
    member.save()
    records.agent(member, now)
    signals.tell_members(now, signals.everybody(), telling.presence_frame(member))
    return member


@turn()
def make_team(now: dt.datetime, name: str, calendar: str = "") -> Team:
    """A new team."""
    made = Team.objects.create(name=" ".join(name.split())[:100], calendar=calendar)
    records.team(made, now)
    return made


@turn()
def change_team(now: dt.datetime, team: Team, *, name: str, calendar: str) -> Team:
    """Change a team's name or its open hours."""
    if (name, calendar) != (team.name, team.calendar):
        team.name, team.calendar = " ".join(name.split())[:100], calendar
        team.save()
        records.team(team, now)
    return team
