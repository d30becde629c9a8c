"""Who is there: presence, signs of a connection, listening in, inviting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sanjeh.apps.desk import lines, presence, signals
from sanjeh.apps.desk.actions.finding import acting, running
from sanjeh.apps.desk.models import Chat, Member, Status, Watch
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.handing.turns import turn
from sanjeh.apps.site import invitations
from sanjeh.apps.site.models import Invitation, Visit, new_id

TEXT = 1000


@acting
def choose_presence(now: dt.datetime, member: Member, status: str, reason: str = "") -> Member:
    """Set one's presence by hand."""
    if status not in Status.values:
        raise Refused("wrong", f"status: one of {', '.join(Status.values)}")
    presence.choose(now, member, Status(status), reason)
    return member


@turn()
def alive(
    now: dt.datetime, *, members: Collection[int] = (), visitors: Collection[str] = ()
) -> None:
    """Connections are there: of members and of visitors, by their numbers and ids.

    To be said when a connection opens, some six times a minute while it is there, and when it
    closes: so that the last sign of who is gone is the instant at which they went.
    """
    for member in Member.objects.filter(pk__in=list(members), is_active=True):
        presence.heard(now, member)
    if visitors:
        own = Chat.objects.filter(visitor__in=list(visitors), ended_at=None)
        own.filter(visitor_seen_at__lt=now).update(visitor_seen_at=now)


@acting
def watch(now: dt.datetime, member: Member, chat: int) -> Chat:
    """A supervisor listens in; neither the visitor nor the record knows."""
    if not member.is_supervisor:
        raise Refused("not_yours", "only supervisors listen in")
    found = running(member, chat)
    Watch.objects.get_or_create(chat=found, member=member)
    return found


@acting
def unwatch(now: dt.datetime, member: Member, chat: int) -> None:
    """Listen no longer."""
    Watch.objects.filter(chat_id=chat, member=member).delete()
    signals.tell_members(now, [member.pk], {"type": "gone", "chat": chat})


@acting
def invite(now: dt.datetime, member: Member, visit: str, text: str) -> Invitation:
    """Invite a visitor to chat; the chat that follows is offered to who invited first."""
    body = lines.words(text)[:TEXT]
    found = Visit.objects.filter(pk=visit, ended_at=None).first()
    if found is None:
        raise Refused("unknown", "visit: it is over")
    if Chat.objects.filter(visitor=found.visitor_id, ended_at=None).exists():
        raise Refused("wrong", "visit: the visitor chats already")
    made = invitations.shown(found, new_id(), now, agent_id=member.key, text=body)
    if made is None:
        raise Refused("unknown", "visit: it is over")
    frame = {"type": "invite", "id": made.pk, "text": body, "agent": {"name": member.name}}
    signals.tell(now, [signals.of_visitor(found.visitor_id)], frame)
    presence.active(now, member)
    return made
