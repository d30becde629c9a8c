"""The rules of the desk: how long an offer stands, how many chats at once, when a chat ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sanjeh.apps.desk.models import Setting
from sanjeh.apps.handing.turns import turn


@dataclass(frozen=True)
class Rules:
    """What holds where nobody changed it. Seconds unless the name says otherwise."""

    limit: int = 3  # chats at once of a member
    offer_seconds: int = 30  # that an offer stands
    offer_again_seconds: int = 60  # before the same chat comes to who let it run out
    ignored_until_away: int = 2  # offers that ran out in a row before a member is set away
    idle_away_seconds: int = 900  # without doing anything, and with no chat
    gone_seconds: int = 45  # without a sign of a connection, before a member is offline
    return_seconds: int = 900  # within which who comes back is what they were
    orphan_seconds: int = 120  # of an owner who is offline, before a chat waits again
    visitor_silent_seconds: int = 15  # without a connection, before a chat is offered no further
    visitor_gone_seconds: int = 60  # without a connection, before a waiting visitor has left
    visitor_away_seconds: int = 300  # the same in a chat that somebody has taken
    patience_seconds: int = 900  # before a chat that nobody takes ends
    idle_close_seconds: int = 1200  # without a word in public, before a chat ends
    wrapup_seconds: int = 120  # of work after a chat at most
    outage_seconds: int = 20  # of nobody routing before it is an outage
    starts_an_hour: int = 12  # chats of one visitor
    starts_an_hour_address: int = 60  # chats from one address
    words_at_once: int = 15  # messages of one visitor within ten seconds
    most_letters: int = 8000  # of one message
    channel: str = "live_chat"
    calendar: str = ""  # the ledger's id of the open hours; none: always open
    title: dict[str, str] = field(default_factory=dict)  # by language
    greeting: dict[str, str] = field(default_factory=dict)
    privacy: dict[str, str] = field(default_factory=dict)
    questions: list[dict[str, Any]] = field(default_factory=list)  # before the chat
    has_sound: bool = True
    signal_hours: int = 2  # that signals are kept


NAMES = tuple(f.name for f in fields(Rules))


def rules() -> Rules:
    """The rules in force."""
    kept = Setting.objects.filter(key__in=NAMES).values_list("key", "value")
    return Rules(**dict(kept))


@turn()
def change(now: dt.datetime, **values: Any) -> None:
    """Keep further values of rules; one that is as it comes is not kept.

    Errors: ValueError for a rule there is none of, or a value of another type.
    """
    usual = asdict(Rules())
    for name, value in values.items():
        if name not in usual:
            raise ValueError(f"there is no rule {name!r}")
        if type(value) is not type(usual[name]):
            raise ValueError(f"{name} is {value!r}, which is no {type(usual[name]).__name__}")
        if value == usual[name]:
            Setting.objects.filter(key=name).delete()
        else:
            Setting.objects.update_or_create(key=name, defaults={"value": value})
    if {"channel", "calendar"} & set(values):
        from sanjeh.apps.desk import records  # which reads the rules

        records.channel(now)
