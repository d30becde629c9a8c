"""Handing a chat on: to a member, to a team, to a level above; joining and taking over."""

from __future__ import annotations

import datetime as dt

from sanjeh.apps.desk import ending, lines, presence, records, telling
from sanjeh.apps.desk.actions.finding import acting, owned, part_of, running
from sanjeh.apps.desk.giving import pass_on
from sanjeh.apps.desk.models import (
    ONLINE,
    Chat,
    Escalation,
    Member,
    Segment,
    Team,
    Transfer,
)
from sanjeh.apps.desk.raising import raise_level
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.desk.taking import team_of


@acting
def transfer(
    now: dt.datetime,
    member: Member,
    chat: int,
    *,
    to_member: int | None = None,
    to_team: int | None = None,
    reason: str = "",
) -> Transfer:
    """Give a chat over: it is offered to the member, or waits for the team.

    Errors: Refused not_yours; not_available, where nobody there could take it.
    """
    found = running(member, chat)
    part = owned(member, found)
    target, team = None, None
    if (to_member is None) == (to_team is None):
        raise Refused("wrong", "to: a member or a team")
    if to_member is not None:
        target = Member.objects.filter(pk=to_member, is_active=True).first()
        if target is None or target == member:
            raise Refused("wrong", "to: there is no such member")
        if target.status not in ONLINE:
            raise Refused("not_available", "to: the member is not there")
    else:
        team = Team.objects.filter(pk=to_team or 0, is_active=True).first()
        if team is None:
            raise Refused("wrong", "to: there is no such team")
        others = team.members.filter(is_active=True, status__in=ONLINE).exclude(pk=member.pk)
        if not others.exists():
            raise Refused("not_available", "to: nobody of the team is there")
    presence.active(now, member)
    return pass_on(now, found, part, target, team, reason)


@acting
def join(now: dt.datetime, member: Member, chat: int) -> Segment:
    """Help in a chat that another member has; twice is once."""
    found = running(member, chat)
    if found.state != Chat.State.TALKING:
        raise Refused("wrong", "chat: nobody has it yet; accept it")
    part = found.segments.filter(member=member, state=Segment.State.OPEN).first()
    if part is not None:
        return part
    part = Segment.objects.create(
        chat=found, member=member, team=team_of(found, member), role="joined",
        state=Segment.State.OPEN, offered_at=now, accepted_at=now,
    )  # fmt: skip
    records.participation(part, now)
    lines.happened(now, found, "joined", member=member, name=member.name)
    found.save()
    presence.active(now, member)
    telling.tell_chat(now, found)
    return part


@acting
def leave(now: dt.datetime, member: Member, chat: int) -> None:
    """Leave a chat one has helped in; its owner gives it over instead."""
    found = running(member, chat)
    part = part_of(member, found)
    if part.role == "owner":
        raise Refused("wrong", "chat: it is yours; transfer or close it")
    ending.leave(now, part, "ended")
    lines.happened(now, found, "left", member=member, name=member.name)
    found.save()
    presence.active(now, member)
    telling.tell_chat(now, found, {member.pk})


@acting
def take(now: dt.datetime, member: Member, chat: int) -> Chat:
    """A supervisor takes a chat over, from who has it or out of the queue."""
    from sanjeh.apps.desk.actions import answering

    if not member.is_supervisor:
        raise Refused("not_yours", "only supervisors take over")
    found = running(member, chat)
    if found.owner_id == member.pk:
        return found
    helping = found.segments.filter(member=member, state=Segment.State.OPEN).first()
    if helping is not None:
        ending.leave(now, helping, "ended")
    if found.state == Chat.State.TALKING:
        part = found.segments.select_related("member", "team").get(
            state=Segment.State.OPEN, role="owner"
        )
        pass_on(now, found, part, member, found.team, "taken over")
    ending.withdraw(now, found, now)
    return answering._take(now, found, answering.part_taken(now, found, member))


@acting
def escalate(
    now: dt.datetime, member: Member, chat: int, reason: str, level: int | None = None
) -> Escalation:
    """Take a chat to a level above: who is there of that level is called, the owner stays.

    level: the next one where none is said. Errors: Refused top, where there is none above.
    """
    found = running(member, chat)
    part_of(member, found)
    made = raise_level(now, found, "agent", lines.words(reason), member, level)
    presence.active(now, member)
    return made
