"""Who is there: as a member chose, and as rules make it (away when idle, busy at the limit)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count

from sanjeh.apps.desk import records, signals, telling
from sanjeh.apps.desk.models import Member, Outage, Presence, Segment, Status
from sanjeh.apps.desk.rules import Rules, rules

AT_THE_LIMIT = "at the limit"
IDLE = "idle"
NO_CONNECTION = "no connection"
IGNORED = "offers ran out"


def load(member: Member, *, offers: bool = False) -> int:
    """How many chats a member has; with those offered, where an offer is to be counted too."""
    states = [Segment.State.OPEN, Segment.State.WRAPPING]
    if offers:
        states.append(Segment.State.OFFERED)
    return member.segments.filter(role="owner", state__in=states).count()


def loads(*, offers: bool) -> dict[int, int]:
    """`load` of every member who has any chat: one question for all."""
    states = [Segment.State.OPEN, Segment.State.WRAPPING]
    if offers:
        states.append(Segment.State.OFFERED)
    held = Segment.objects.filter(role="owner", state__in=states)
    return dict(held.values_list("member_id").annotate(Count("pk")))


def limit(member: Member, held: Rules) -> int:
    """How many chats at once a member takes."""
    return member.limit or held.limit


def since_outage(at: dt.datetime | None) -> dt.datetime | None:
    """An instant last heard of, moved to the end of an outage that it fell before.

    While no process was at work nobody could be heard of.
    """
    if at is None:
        return None
    last = Outage.objects.filter(until_at__gt=at).order_by("-until_at").first()
    return at if last is None else max(at, last.until_at)


def ruled(
    member: Member, now: dt.datetime, held: Rules, chats: int | None = None
) -> tuple[Status, str, bool]:
    """Status, reason, and whether a rule made it. chats: those held, where they were counted."""
    chosen = Status(member.chosen)
    if chosen == Status.OFFLINE:
        return chosen, member.chosen_reason, False
    heard = member.seen_at
    if heard is None or (now - heard).total_seconds() > held.gone_seconds:
        heard = since_outage(heard)
        if heard is None or (now - heard).total_seconds() > held.gone_seconds:
            return Status.OFFLINE, NO_CONNECTION, True
    if chosen != Status.AVAILABLE:
        return chosen, member.chosen_reason, False
    chats = load(member) if chats is None else chats
    if chats >= limit(member, held):
        return Status.BUSY, AT_THE_LIMIT, True
    active = member.active_at or member.since
    if chats == 0 and (now - active).total_seconds() > held.idle_away_seconds:
        return Status.AWAY, IDLE, True
    return Status.AVAILABLE, member.chosen_reason, False


def apply(
    now: dt.datetime, member: Member, held: Rules | None = None, chats: int | None = None
) -> bool:
    """Bring a member's status up to choice and rules; whether it changed."""
    status, reason, is_by_rule = ruled(member, now, held or rules(), chats)
    if status == member.status:
        return False
    _put(now, member, status, reason, is_by_rule)
    return True


def choose(now: dt.datetime, member: Member, status: Status, reason: str = "") -> None:
    """What a member set by hand, or was set to."""
    member.chosen, member.chosen_reason = status, reason[:100]
    member.active_at = now
    if status != Status.OFFLINE:
        member.seen_at = now
        member.ignored_count = 0
    member.save()
    if not apply(now, member):
        signals.tell_members(now, [member.pk], telling.presence_frame(member))


def heard(now: dt.datetime, member: Member) -> None:
    """A sign of a connection. Who was away for long has to choose a presence again."""
    held = rules()
    was_gone = member.status == Status.OFFLINE and member.chosen != Status.OFFLINE
    last = since_outage(member.seen_at)
    is_long = last is None or (now - last).total_seconds() > held.return_seconds
    member.seen_at = now
    if was_gone and is_long:
        member.chosen, member.chosen_reason = Status.OFFLINE, ""
    member.save(update_fields=["seen_at", "chosen", "chosen_reason"])
    apply(now, member, held)


def active(now: dt.datetime, member: Member) -> None:
    """The member did something."""
    member.active_at = member.seen_at = now
    member.save(update_fields=["active_at", "seen_at"])


def _put(now: dt.datetime, member: Member, status: Status, reason: str, is_by_rule: bool) -> None:
    """End the stretch that runs and begin another, never two at one instant."""
    running = member.presences.filter(until_at=None).first()
    at = now
    if running is not None:
        at = max(now, running.from_at + dt.timedelta(microseconds=1))
        running.until_at = at
        running.save()
    Presence.objects.create(
        member=member, status=status, reason=reason[:100], is_by_rule=is_by_rule, from_at=at
    )
    member.status, member.since = status, at
    member.save(update_fields=["status", "since"])
    records.status_event(member, status, reason, at)
    signals.tell_members(now, signals.everybody(), telling.presence_frame(member))
    signals.tell(now, [signals.BOARD], {"type": "board"})
