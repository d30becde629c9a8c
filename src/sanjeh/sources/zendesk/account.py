"""Who and what an account has: people, organizations, groups, macros, hours, promises."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, Final

from sanjeh.sources.helpdesk.contract import Made, Unreadable
from sanjeh.sources.zendesk.reading import (
    Learnt,
    Object,
    inner,
    instant,
    listed,
    required_id,
    text_id,
)
from sanjeh.sources.zendesk.zones import zone

DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
DAY: Final = 24 * 60  # minutes
TARGETS: Final = {
    "first_reply_time": ("first_response", []),
    "next_reply_time": ("next_response", []),
    "total_resolution_time": ("resolution", []),
    "requester_wait_time": ("resolution", ["pending_customer"]),
    "agent_work_time": ("resolution", ["pending_customer", "on_hold"]),
}
"""Zendesk's target to ours, and the statuses in which its clock stands."""


def is_staff(user: Object) -> bool:
    """Whether a user answers: an agent or an admin, light agents among them."""
    return user.get("role") in ("agent", "admin")


def users(value: Object, learnt: Learnt) -> Iterator[Made]:
    """An agent or a customer, as the user's role says."""
    id_ = required_id(value)
    name = value.get("name") or value.get("display_name")
    created = instant(value.get("created_at"), "created_at")
    changed = instant(value.get("updated_at"), "updated_at")
    active = value.get("active")
    gone = changed if active is False else None
    locale = value.get("locale")
    if is_staff(value):
        light = value.get("only_private_comments") is True or value.get("role_type") == 1
        yield (
            "agent",
            {
                "id": id_,
                "name": name,
                "role": "agent",
                "team_id": text_id(value.get("default_group_id")),
                "languages": [locale] if locale else None,
                "hired_at": created,
                "active": None if active is None else bool(active and not value.get("suspended")),
                "external_id": text_id(value.get("external_id")),
                "version_at": changed,
                "attributes": {"light_agent": True} if light else None,
            },
        )
        return
    points = [
        {"channel": channel, "address": value[field]}
        for field, channel in (("email", "email"), ("phone", "phone"))
        if value.get(field)
    ]
    yield (
        "customer",
        {
            "id": id_,
            "account_id": text_id(value.get("organization_id")),
            "display_name": name,
            "contact_points": points or None,
            "created_at": created,
            "demographics": {"language": locale} if locale else None,
            "external_id": text_id(value.get("external_id")),
            "version_at": changed,
            "deleted_at": gone,
            "attributes": {"suspended": True} if value.get("suspended") else None,
        },
    )


def organizations(value: Object, learnt: Learnt) -> Iterator[Made]:
    """An organization is an account."""
    changed = instant(value.get("updated_at"), "updated_at")
    yield (
        "account",
        {
            "id": required_id(value),
            "name": value.get("name"),
            "active_from": instant(value.get("created_at"), "created_at"),
            "external_id": text_id(value.get("external_id")),
            "version_at": changed,
            "deleted_at": instant(value.get("deleted_at"), "deleted_at"),
        },
    )


def groups(value: Object, learnt: Learnt) -> Iterator[Made]:
    """A group is a team."""
    changed = instant(value.get("updated_at"), "updated_at")
    yield (
        "team",
        {
            "id": required_id(value),
            "name": value.get("name"),
            "version_at": changed,
            "deleted_at": changed if value.get("deleted") else None,
        },
    )


def reply_of(macro: Object) -> str | None:
    """The words that a macro writes; null for one that only sets fields."""
    words = None
    for action in listed(macro.get("actions")):
        said = action.get("value")
        said = said[-1] if isinstance(said, list) and said else said
        match action.get("field"):
            case "comment_value" if isinstance(said, str) and said:
                return said
            case "comment_value_html" if isinstance(said, str) and said:
                words = re.sub(r"<[^>]+>", " ", said)
    return words


def macros(value: Object, learnt: Learnt) -> Iterator[Made]:
    """A macro that writes a reply is a ready reply; others are none."""
    body = reply_of(value)
    if body is None:
        return
    only = inner(value.get("restriction"))
    changed = instant(value.get("updated_at"), "updated_at")
    yield (
        "canned_response",
        {
            "id": required_id(value),
            "title": value.get("title"),
            "body": body,
            "team_id": text_id(only.get("id")) if only.get("type") == "Group" else None,
            "active": value.get("active"),
            "updated_at": changed,
            "version_at": changed,
        },
    )


def schedules(value: Object, learnt: Learnt) -> Iterator[Made]:
    """A schedule is a calendar; its intervals are minutes since Sunday, midnight.

    Its holidays stand in it, or are listed apart with the schedule's id.
    """
    if "start_date" in value:
        yield from holidays(value)
        return
    told = value.get("time_zone")
    tz = zone(told)
    if told and tz is None:
        learnt.unknown[f"time zone {told}"] += 1
    weekly = []
    for interval in listed(value.get("intervals")):
        start, end = interval.get("start_time"), interval.get("end_time")
        if type(start) is not int or type(end) is not int:
            raise Unreadable("intervals", interval, "expected were minutes since Sunday, midnight")
        while start < end:
            until = min(end, (start // DAY + 1) * DAY)
            weekly.append(
                {
                    "dow": DAYS[start // DAY % 7],
                    "from": _clock(start % DAY),
                    "to": _clock(until - start // DAY * DAY),
                }
            )
            start = until
    yield (
        "business_calendar",
        {
            "id": required_id(value),
            "name": value.get("name"),
            "tz": tz,
            "weekly": weekly,
            "always_open": False,
            "version_at": instant(value.get("updated_at"), "updated_at"),
            "deleted_at": instant(value.get("deleted_at"), "deleted_at"),
        },
    )
    for one in listed(value.get("holidays")):
        yield from holidays({"schedule_id": value["id"], **one})


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def holidays(value: Object) -> Iterator[Made]:
    """A holiday: one record for each of its days, closed all day."""
    first, last = (_date(value.get(name), name) for name in ("start_date", "end_date"))
    day = first
    while day <= last:
        yield (
            "holiday",
            {
                "calendar_id": text_id(value.get("schedule_id")),
                "date": day.isoformat(),
                "name": value.get("name"),
            },
        )
        day += dt.timedelta(days=1)


def _date(value: Any, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        raise Unreadable(name, value, "not a day; expected was 2026-03-02") from None


def sla_policies(value: Object, learnt: Learnt) -> Iterator[Made]:
    """A policy is an agreement, each of its targets a clause, in seconds."""
    id_ = required_id(value)
    changed = instant(value.get("updated_at"), "updated_at")
    yield (
        "sla_agreement",
        {
            "id": id_,
            "name": value.get("title"),
            "valid_from": instant(value.get("created_at"), "created_at"),
            "version_at": changed,
        },
    )
    for one in listed(value.get("policy_metrics")):
        metric = one.get("metric")
        if metric not in TARGETS:
            learnt.unknown[f"SLA target {metric}"] += 1
            continue
        ours, pauses = TARGETS[metric]
        seconds = one.get("target_in_seconds")
        if seconds is None and one.get("target") is not None:
            seconds = one["target"] * 60
        yield (
            "sla_clause",
            {
                "id": f"{id_}:{metric}:{one.get('priority')}",
                "agreement_id": id_,
                "metric": ours,
                "priority": one.get("priority"),
                "target": None if seconds is None else float(seconds),
                "unit": "seconds",
                "basis": "business" if one.get("business_hours") else "calendar",
                "pause_on": pauses or None,
                "version_at": changed,
            },
        )
