"""Taking a chat to a level above: by an agent, by the customer, or because it rested too long."""

from __future__ import annotations

import datetime as dt

from sanjeh.apps.desk import lines, records, signals, telling
from sanjeh.apps.desk.models import RELATED, Chat, Escalation, Member
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.desk.surroundings import surroundings


def raise_level(
    now: dt.datetime,
    chat: Chat,
    initiator: str,
    reason: str,
    by: Member | None,
    level: int | None,
) -> Escalation:
    """Write an escalation down and call who is above."""
    above = level if level is not None else chat.level + 1
    if above <= chat.level:
        raise Refused("wrong", f"level: it is at level {chat.level} already")
    top = top_level()
    if above > top:
        raise Refused("top", f"level: {top} is the highest")
    for earlier in chat.escalations.filter(resolved_at=None):
        earlier.resolved_at = now
        earlier.save()
        records.escalation(earlier, now)
    made = Escalation.objects.create(
        chat=chat, at=now, initiator=initiator, reason=reason[:500], from_level=chat.level,
        to_level=above, from_member=by or chat.owner,
    )  # fmt: skip
    records.escalation(made, now)
    chat.level = above
    lines.happened(
        now, chat, "escalated", member=by, is_public=initiator == "customer", level=above,
        reason=reason or None, initiator=initiator,
    )  # fmt: skip
    chat.save()
    records.conversation(chat, now)
    called = [m.pk for m in callable_at(above) if telling.may_see(m, chat)]
    frame = {
        "type": "escalation", "chat": chat.pk, "level": above, "reason": reason,
        "initiator": initiator, "by": by.pk if by else None,
    }  # fmt: skip
    signals.tell_members(now, called, frame)
    telling.tell_chat(now, chat, called)
    return made


def top_level() -> int:
    """The highest level: of the matrix, else that of supervisors."""
    return max((level.order for level in surroundings().levels), default=2)


def callable_at(level: int) -> list[Member]:
    """Members of a level: those set to it, and supervisors."""
    members = Member.objects.filter(is_active=True)
    return [m for m in members if m.level >= level or m.is_supervisor]


def raise_what_rests(now: dt.datetime) -> None:
    """Escalate chats that rested at their level for longer than the matrix allows (OP-11).

    Counted from the request at the first level, from the escalation at those above.
    """
    levels = surroundings().levels
    limits = {level.order: level.max_minutes for level in levels if level.max_minutes}
    top = top_level()
    running = Chat.objects.filter(ended_at=None, level__in=limits, level__lt=top)
    for chat in running.select_related(*RELATED).order_by("pk"):
        last = chat.escalations.order_by("-at").values_list("at", flat=True).first()
        rests = now - (last or chat.requested_at)
        if rests > dt.timedelta(minutes=limits[chat.level] or 0):
            raise_level(now, chat, "auto", "", None, None)
