"""Giving a chat over, or back to where it waits."""

from __future__ import annotations

import datetime as dt

from sanjeh.apps.desk import ending, lines, presence, records, telling
from sanjeh.apps.desk.models import RELATED, Chat, Member, Segment, Team, Transfer


def pass_on(
    now: dt.datetime,
    chat: Chat,
    part: Segment,
    target: Member | None,
    team: Team | None,
    reason: str,
) -> Transfer:
    """Take a chat from its owner and have it wait for a member or a team."""
    seeing = telling.audience(chat)
    before = chat.team
    if team is None and target is not None:
        is_there = before is not None and target.teams.filter(pk=before.pk).exists()
        team = before if is_there else target.teams.order_by("pk").first() or before
    ending.leave(now, part, "transferred")
    made = Transfer.objects.create(
        chat=chat, at=now, from_member=part.member, to_member=target, from_team=before,
        to_team=team, kind="department" if target is None else "agent", reason=reason[:500],
    )  # fmt: skip
    records.transfer(made, now)
    chat.state, chat.owner, chat.wanted, chat.team = Chat.State.WAITING, None, target, team
    chat.queued_at = now
    lines.happened(
        now, chat, "transferred", member=part.member,
        to=target.name if target else team.name if team else None,
    )  # fmt: skip
    chat.save()
    records.conversation(chat, now)
    telling.tell_chat(now, chat, seeing)
    presence.apply(now, part.member)
    return made


def give_back(now: dt.datetime, member: Member) -> None:
    """Put the chats of somebody who is not there any more back into the queue."""
    parts = member.segments.exclude(state=Segment.State.OVER)
    for part in parts.select_related(*(f"chat__{n}" for n in RELATED), "member", "team"):
        if part.state == Segment.State.OFFERED:
            ending.give_up(now, part, now, "ended")
        elif part.state == Segment.State.WRAPPING:
            ending.wrap(now, part.chat, now)
        elif part.role == "owner":
            pass_on(now, part.chat, part, None, part.chat.team, "not there any more")
        else:
            ending.leave(now, part, "ended")
