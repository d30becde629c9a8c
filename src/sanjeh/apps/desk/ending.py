"""How chats end: for the visitor, and then for who had them."""

from __future__ import annotations

import datetime as dt

from sanjeh.apps.desk import asking, lines, missed, presence, records, signals, telling
from sanjeh.apps.desk.models import Chat, Member, Segment


def end(
    now: dt.datetime,
    chat: Chat,
    reason: str,
    *,
    at: dt.datetime | None = None,
    by: Member | None = None,
) -> None:
    """End a chat for its visitor; who has it goes on to wrap it up.

    reason: agent, customer_left, timeout, system. at: when it ended, where this is noticed later;
    never before what was said or offered in it.
    """
    seeing = telling.audience(chat)
    last = chat.entries.order_by("-number").values_list("at", flat=True).first()
    offered = chat.segments.order_by("-offered_at").values_list("offered_at", flat=True).first()
    ended = max(t for t in (at or now, last, offered, chat.requested_at) if t is not None)
    withdraw(now, chat, ended)
    # What ran out after the visitor had left was no offer of a chat any more.
    late = chat.segments.filter(accepted_at=None, left_at__gt=ended)
    for part in late.select_related("member", "team"):
        part.left_at = ended
        part.end_reason = "ended" if part.end_reason == "timeout" else part.end_reason
        part.save()
        records.participation(part, now)
    owned = None
    for part in chat.segments.filter(state=Segment.State.OPEN).select_related("member", "team"):
        part.left_at = ended
        part.end_reason = "timeout" if reason == "timeout" else "ended"
        part.state = Segment.State.OVER
        if part.role == "owner":
            part.state, owned = Segment.State.WRAPPING, part
        part.save()
        records.participation(part, now)
    chat.ended_at, chat.end_reason, chat.position = ended, reason, None
    if chat.answered_at is None:
        chat.missed_reason = missed.reason(chat, ended)
    lines.happened(ended, chat, "ended", member=by, reason=reason)
    chat.state = Chat.State.CLOSED if owned is None else Chat.State.WRAPPING
    chat.closed_at = now if owned is None else None
    chat.save()
    records.conversation(chat, now)
    telling.tell_chat(now, chat, seeing)
    asking.ask(now, chat)
    if owned is None:
        chat.watches.all().delete()


def withdraw(now: dt.datetime, chat: Chat, at: dt.datetime) -> None:
    """Take back the offer of a chat that stands, if one does."""
    for part in chat.segments.filter(state=Segment.State.OFFERED).select_related("member", "team"):
        give_up(now, part, at, "ended")


def give_up(now: dt.datetime, part: Segment, at: dt.datetime, how: str, reason: str = "") -> None:
    """End an offer: it ran out (timeout), was declined, or taken back (ended)."""
    part.state, part.end_reason, part.reason = Segment.State.OVER, how, reason[:200]
    part.left_at = max(at, part.offered_at)
    part.save()
    records.participation(part, now)
    if how != "declined":
        signals.tell_members(now, [part.member_id], {"type": "withdrawn", "offer": part.pk})


def wrap(now: dt.datetime, chat: Chat, at: dt.datetime) -> None:
    """End the work after a chat, which is closed by it."""
    seeing = telling.audience(chat)
    part = chat.segments.select_related("member", "team").get(state=Segment.State.WRAPPING)
    part.state, part.wrapped_at = Segment.State.OVER, max(at, part.left_at or at)
    part.save()
    records.participation(part, now)
    chat.state, chat.closed_at = Chat.State.CLOSED, part.wrapped_at
    chat.save()
    telling.tell_chat(now, chat, seeing)
    chat.watches.all().delete()
    presence.apply(now, part.member)


def leave(now: dt.datetime, part: Segment, how: str) -> None:
    """End a member's part while the chat goes on."""
    part.state, part.left_at, part.end_reason = Segment.State.OVER, now, how
    part.save()
    records.participation(part, now)
