"""Why nobody answered a chat (M1.3), read from the tables when it ends; decision 0017."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from sanjeh.apps.desk.models import ONLINE, Chat, Presence, Status
from sanjeh.apps.desk.taking import eligible


def reason(chat: Chat, at: dt.datetime) -> str:
    """The reason for a chat that ends at `at` without public words of a person."""
    if chat.is_offline:
        return "outside_hours"
    if chat.end_reason == "system":
        return "technical"
    parts = list(chat.segments.filter(role="owner").order_by("pk"))
    if any(part.accepted_at for part in parts):
        # Taken, and yet not answered: given over and not taken again, or kept in silence.
        kept = chat.owner_id is not None
        return "offered_not_accepted" if kept else "handoff_lost"
    if any(part.end_reason == "timeout" for part in parts):
        return "offered_not_accepted"
    there = _members(chat, at, (Status.AVAILABLE,))
    declined = {part.member_id for part in parts if part.end_reason == "declined"}
    if declined and there <= declined:
        return "declined"
    if parts:  # an offer stood when the visitor left, or others could still have been asked
        return "customer_left_early"
    if not _members(chat, at, ONLINE):
        return "no_agent_online"
    return "customer_left_early" if there else "all_agents_busy"


def _members(chat: Chat, at: dt.datetime, statuses: tuple[Status, ...]) -> set[int]:
    """Who of the eligible was in one of the statuses at some instant of the wait."""
    spans = Presence.objects.filter(
        Q(until_at=None) | Q(until_at__gt=chat.requested_at),
        status__in=statuses, from_at__lte=at, member__in=eligible(chat),
    )  # fmt: skip
    return set(spans.values_list("member_id", flat=True))
