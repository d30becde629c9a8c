"""What members do in a chat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sanjeh.apps.desk import ending, lines, presence, records, signals, telling
from sanjeh.apps.desk.actions.finding import acting, chat_for, part_of, running
from sanjeh.apps.desk.models import RELATED, Canned, Chat, Entry, Member, Segment
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.desk.rules import rules
from sanjeh.apps.desk.taking import team_of


@acting
def accept(
    now: dt.datetime, member: Member, offer: int | None = None, *, chat: int | None = None
) -> Chat:
    """Take an offer, or a chat out of the queue that nobody is offered (O2). Twice is once.

    Errors: Refused gone (it ran out, or another has it), full, not_available.
    """
    if offer is not None:
        part = _offer(member, offer)
        if part.state == Segment.State.OPEN:
            return part.chat
        if part.state != Segment.State.OFFERED or (part.until is not None and now > part.until):
            raise Refused("gone", "offer: it is over")
        return _take(now, part.chat, part)
    if chat is None:
        raise Refused("wrong", "offer or chat: one of them")
    found = running(member, chat)
    if found.state != Chat.State.WAITING:
        if found.owner_id == member.pk:
            return found
        raise Refused("gone", "chat: another member has it")
    standing = found.segments.filter(state=Segment.State.OFFERED).first()
    if standing is not None and standing.member_id != member.pk:
        raise Refused("gone", "chat: it is offered to another member")
    if standing is not None:
        return accept(now, member, standing.pk)
    _may_take(member)
    return _take(now, found, part_taken(now, found, member))


def _may_take(member: Member) -> None:
    if member.status not in ("available", "busy"):
        raise Refused("not_available", "you are not available")
    if presence.load(member, offers=True) >= presence.limit(member, rules()):
        raise Refused("full", "you have as many chats as you may have at once")


def part_taken(now: dt.datetime, chat: Chat, member: Member) -> Segment:
    """A part in a chat for who takes it without an offer."""
    return Segment(chat=chat, member=member, team=team_of(chat, member), offered_at=now)


def _take(now: dt.datetime, chat: Chat, part: Segment) -> Chat:
    """Give a chat that waits to the member of the part."""
    seeing = telling.audience(chat)
    member = part.member
    part.state, part.accepted_at = Segment.State.OPEN, now
    part.save()
    records.participation(part, now)
    chat.state, chat.owner, chat.wanted, chat.position = Chat.State.TALKING, member, None, None
    chat.taken_at = chat.taken_at or now
    chat.last_at = max(chat.last_at, now)  # silence is counted from here
    chat.team = chat.team or part.team
    lines.happened(now, chat, "joined", member=member, name=member.name)
    chat.save()
    records.conversation(chat, now)
    for handed in chat.transfers.filter(taken_at=None):
        handed.to_member, handed.taken_at = member, now
        handed.save()
        records.transfer(handed, now)
    for raised in chat.escalations.filter(to_member=None, resolved_at=None):
        if member.level >= raised.to_level or member.is_supervisor:
            raised.to_member = member
            raised.save()
            records.escalation(raised, now)
    member.given_at, member.ignored_count = now, 0
    member.save(update_fields=["given_at", "ignored_count"])
    presence.active(now, member)
    telling.tell_chat(now, chat, seeing)
    presence.apply(now, member)
    return chat


def _offer(member: Member, offer: int) -> Segment:
    found = Segment.objects.select_related(
        "member", "team", *(f"chat__{name}" for name in RELATED)
    ).filter(pk=offer, member=member)
    part = found.first()
    if part is None:
        raise Refused("unknown", "offer: there is none of that number for you")
    return part


@acting
def decline(now: dt.datetime, member: Member, offer: int, reason: str = "") -> None:
    """Decline an offer; the chat goes to the next."""
    part = _offer(member, offer)
    if part.end_reason == "declined":
        return
    if part.state != Segment.State.OFFERED:
        raise Refused("gone", "offer: it is over")
    ending.give_up(now, part, now, "declined", reason)
    chat = part.chat
    if chat.wanted_id == member.pk:
        chat.wanted = None
        chat.save(update_fields=["wanted"])
    member.ignored_count = 0
    member.save(update_fields=["ignored_count"])
    presence.active(now, member)
    telling.tell_chat(now, chat, {member.pk})


@acting
def say(
    now: dt.datetime,
    member: Member,
    chat: int,
    nonce: str,
    body: str,
    *,
    attachment: dict[str, Any] | None = None,
    canned: int | None = None,
    canned_edited: bool = False,
) -> Entry:
    """A message to the visitor. The same nonce again gives the same line."""
    found = chat_for(member, chat)
    kept = lines.nonce_of(member, nonce)
    known = found.entries.filter(nonce=kept).first()
    if known is not None:
        return known
    if found.is_over:
        raise Refused("ended", "chat: it is over")
    part_of(member, found)
    text = lines.words(body, may_be_empty=attachment is not None)
    reply = None
    if canned is not None:
        reply = Canned.objects.filter(pk=canned).first()
        if reply is None:
            raise Refused("wrong", "canned: there is no such reply")
    made = lines.add(
        now, found, Entry.Kind.MESSAGE, "agent", member=member, body=text, nonce=kept,
        attachment=attachment, canned=reply, canned_edited=canned_edited if reply else None,
    )  # fmt: skip
    found.last_at = made.at
    found.answered_at = found.answered_at or made.at
    found.agent_read = found.last_number
    found.save()
    presence.active(now, member)
    return made


@acting
def note(
    now: dt.datetime,
    member: Member,
    chat: int,
    nonce: str,
    body: str,
    mentions: Sequence[int] = (),
) -> Entry:
    """A note that only colleagues see; who is mentioned is told, where they may see the chat."""
    found = chat_for(member, chat)
    kept = lines.nonce_of(member, nonce)
    known = found.entries.filter(nonce=kept).first()
    if known is not None:
        return known
    named = [
        m for m in Member.objects.filter(pk__in=list(mentions)[:20], is_active=True)
        if telling.may_see(m, found)
    ]  # fmt: skip
    made = lines.add(
        now, found, Entry.Kind.NOTE, "agent", member=member, is_public=False,
        body=lines.words(body), nonce=kept, mentions=[m.pk for m in named],
    )  # fmt: skip
    found.save()
    frame = {"type": "mention", "chat": found.pk, "by": member.pk, "number": made.number}
    signals.tell_members(now, [m.pk for m in named], frame)
    presence.active(now, member)
    return made


@acting
def seen(now: dt.datetime, member: Member, chat: int, number: int) -> None:
    """A member has read up to a number; the visitor is told."""
    found = chat_for(member, chat)
    part_of(member, found, may_be_over=True)
    read = min(number, found.last_number)
    if read > found.agent_read:
        found.agent_read = read
        found.save(update_fields=["agent_read"])
        lines_shown = found.entries.filter(number__lte=read).exclude(shown=None)
        line = lines_shown.order_by("-shown").values_list("shown", flat=True).first() or 0
        signals.tell(now, [signals.of_visitor(found.visitor)], {"type": "seen", "number": line})
    presence.active(now, member)


@acting
def typing(now: dt.datetime, member: Member, chat: int, on: bool) -> None:
    """A member writes, or stopped; the visitor and colleagues in the chat are told."""
    found = running(member, chat)
    part_of(member, found)
    visitor = [signals.of_visitor(found.visitor)]
    signals.tell(now, visitor, {"type": "typing", "on": on, "name": member.name})
    others = telling.insiders(found) - {member.pk}
    frame = {"type": "typing", "chat": found.pk, "on": on, "name": member.name}
    signals.tell_members(now, others, frame)
