"""What time does to chats: offers made and running out, chats ended, members set away.

`route(now)` is a function of the tables and an instant. It runs after each change and once a
second, in any process, in its own turn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from django.db.models import Max, Q

from sanjeh.apps.desk import ending, giving, presence, raising, records, signals, telling
from sanjeh.apps.desk.models import Chat, Member, Outage, Pulse, Segment, Status
from sanjeh.apps.desk.rules import Rules, rules
from sanjeh.apps.desk.taking import eligible, team_of
from sanjeh.apps.handing.turns import turn

BEATS: Final = dt.timedelta(seconds=5)
"""How often it is written down that somebody routes."""


@turn()
def route(now: dt.datetime) -> None:
    """Bring the desk up to an instant."""
    held = rules()
    beats = _beat(now, held)
    _run_out(now, held)
    _wrap_up(now, held)
    _end(now, held)
    loads = presence.loads(offers=False)
    for member in Member.objects.filter(is_active=True).exclude(
        chosen=Status.OFFLINE, status=Status.OFFLINE
    ):
        presence.apply(now, member, held, loads.get(member.pk, 0))
    _orphans(now, held)
    raising.raise_what_rests(now)
    _offer(now, held)
    _tell_positions(now)
    if beats:
        signals.sweep(now - dt.timedelta(hours=held.signal_hours))


# -- time passes ---------------------------------------------------------------------------------


def _beat(now: dt.datetime, held: Rules) -> bool:
    """Write down that somebody routes; where nobody did for a while, that was an outage."""
    pulse = Pulse.objects.first()
    if pulse is None:
        Pulse.objects.create(at=now)
        return True
    if now - pulse.at < BEATS:
        return False
    if now - pulse.at > dt.timedelta(seconds=held.outage_seconds):
        Outage.objects.create(from_at=pulse.at, until_at=now)
        # Who was offered something could not take it meanwhile.
        standing = Segment.objects.filter(state=Segment.State.OFFERED)
        standing.update(until=now + dt.timedelta(seconds=held.offer_seconds))
    pulse.at = now
    pulse.save()
    return True


def _run_out(now: dt.datetime, held: Rules) -> None:
    """Offers that nobody took in time; who lets several run out in a row is set away."""
    parts = Segment.objects.filter(state=Segment.State.OFFERED, until__lte=now)
    for part in parts.select_related("member", "team", "chat").order_by("pk"):
        ending.give_up(now, part, part.until or now, "timeout")
        chat, member = part.chat, part.member
        if chat.wanted_id == member.pk:
            chat.wanted = None
            chat.save(update_fields=["wanted"])
        member.ignored_count += 1
        member.save(update_fields=["ignored_count"])
        if member.ignored_count >= held.ignored_until_away and member.chosen == Status.AVAILABLE:
            member.chosen, member.chosen_reason = Status.AWAY, presence.IGNORED
            member.save(update_fields=["chosen", "chosen_reason"])
            presence.apply(now, member, held)
        telling.tell_chat(now, chat)


def _wrap_up(now: dt.datetime, held: Rules) -> None:
    lasts = dt.timedelta(seconds=held.wrapup_seconds)
    late = Segment.objects.filter(state=Segment.State.WRAPPING, left_at__lte=now - lasts)
    for part in late.select_related("chat__customer", "chat__team", "chat__owner").order_by("pk"):
        ending.wrap(now, part.chat, (part.left_at or now) + lasts)


def _end(now: dt.datetime, held: Rules) -> None:
    """Chats whose visitor is gone, that nobody takes, or in which nobody says anything."""
    running = Chat.objects.filter(ended_at=None).select_related("customer", "team", "owner")
    waiting = Q(state=Chat.State.WAITING)

    def ago(seconds: int) -> dt.datetime:
        return now - dt.timedelta(seconds=seconds)

    gone = Q(visitor_seen_at__lt=ago(held.visitor_gone_seconds)) & waiting
    away = Q(visitor_seen_at__lt=ago(held.visitor_away_seconds)) & ~waiting
    for chat in running.filter(gone | away).order_by("pk"):
        _visitor_gone(now, chat, held)
    tired = waiting & Q(queued_at__lt=ago(held.patience_seconds))
    silent = ~waiting & Q(last_at__lt=ago(held.idle_close_seconds))
    for chat in running.filter(tired | silent).order_by("pk"):
        is_waiting = chat.state == Chat.State.WAITING
        since = presence.since_outage(chat.queued_at if is_waiting else chat.last_at) or now
        most = held.patience_seconds if is_waiting else held.idle_close_seconds
        if (now - since).total_seconds() > most:
            ending.end(now, chat, "timeout")


def _visitor_gone(now: dt.datetime, chat: Chat, held: Rules) -> None:
    """End a chat whose visitor has no connection left, unless the desk itself had none."""
    is_waiting = chat.state == Chat.State.WAITING
    grace = held.visitor_gone_seconds if is_waiting else held.visitor_away_seconds
    heard = presence.since_outage(chat.visitor_seen_at) or chat.visitor_seen_at
    if (now - heard).total_seconds() <= grace:
        return
    if heard != chat.visitor_seen_at and chat.answered_at is None:
        ending.end(now, chat, "system", at=heard)
        return
    ending.end(now, chat, "customer_left", at=chat.visitor_seen_at)


def _orphans(now: dt.datetime, held: Rules) -> None:
    """Chats whose owner has been offline for a while wait again."""
    since = now - dt.timedelta(seconds=held.orphan_seconds)
    for member in Member.objects.filter(
        segments__state__in=[Segment.State.OFFERED, Segment.State.OPEN],
        status=Status.OFFLINE, since__lte=since,
    ).distinct():  # fmt: skip
        giving.give_back(now, member)


# -- offers --------------------------------------------------------------------------------------


def queue() -> Iterable[Chat]:
    """Chats that wait: key accounts first, then those that were given over, then by arrival."""
    found = Chat.objects.filter(state=Chat.State.WAITING)
    found = found.select_related("customer", "team", "owner", "wanted")
    return sorted(
        found, key=lambda c: (c.priority != "high", c.taken_at is None, c.requested_at, c.pk)
    )


def _offer(now: dt.datetime, held: Rules) -> None:
    """Offer each chat that waits, and is offered to nobody, to the next who may take it."""
    standing = set(
        Segment.objects.filter(state=Segment.State.OFFERED).values_list("chat_id", flat=True)
    )
    for chat in queue():
        if chat.pk in standing:
            continue
        heard = presence.since_outage(chat.visitor_seen_at) or chat.visitor_seen_at
        if (now - heard).total_seconds() > held.visitor_silent_seconds:
            continue
        member = next(candidates(now, chat, held), None)
        if member is not None:
            offer(now, chat, member, held)


def candidates(now: dt.datetime, chat: Chat, held: Rules) -> Iterator[Member]:
    """Who might be offered a chat now, the best first.

    Available and below the limit; not who declined it, nor yet again who let it run out just now.
    First who has let it run out least often, then who has least to do, then who waits longest.
    """
    if chat.wanted is not None:
        if chat.wanted.status in (Status.AVAILABLE, Status.BUSY):
            yield chat.wanted
        else:
            chat.wanted = None
            chat.save(update_fields=["wanted"])
    there = eligible(chat).filter(status=Status.AVAILABLE)
    past = chat.segments.filter(role="owner", offered_at__gte=chat.queued_at)
    declined = set(past.filter(end_reason="declined").values_list("member_id", flat=True))
    ran_out = dict(
        past.filter(end_reason="timeout", accepted_at=None)
        .values_list("member_id")
        .annotate(last=Max("left_at"))
    )
    again = dt.timedelta(seconds=held.offer_again_seconds)
    loads = presence.loads(offers=True)
    found = []
    for member in there:
        last = ran_out.get(member.pk)
        if member.pk in declined or (last is not None and now - last < again):
            continue
        chats = loads.get(member.pk, 0)
        if chats < presence.limit(member, held):
            since = member.given_at or member.made_at
            share = chats / presence.limit(member, held)
            found.append(((last is not None, share, since, member.pk), member))
    for _, member in sorted(found, key=lambda pair: pair[0]):
        yield member


def offer(now: dt.datetime, chat: Chat, member: Member, held: Rules) -> Segment:
    """Offer a chat to a member."""
    part = Segment.objects.create(
        chat=chat, member=member, team=team_of(chat, member), offered_at=now,
        until=now + dt.timedelta(seconds=held.offer_seconds),
    )  # fmt: skip
    member.given_at = now
    member.save(update_fields=["given_at"])
    records.participation(part, now)
    signals.tell_members(now, [member.pk], telling.offer_frame(part))
    telling.tell_chat(now, chat)
    return part


def _tell_positions(now: dt.datetime) -> None:
    """Tell visitors whose place in the queue has changed."""
    for place, chat in enumerate(queue(), start=1):
        if chat.position != place:
            chat.position = place
            chat.save(update_fields=["position"])
            signals.tell(now, [signals.of_visitor(chat.visitor)], telling.visitor_state(chat))
