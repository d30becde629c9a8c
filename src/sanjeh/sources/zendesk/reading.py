"""Zendesk's plain values: ids, instants, statuses, channels; and what a translation has learnt."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sanjeh.sources.helpdesk.contract import Unreadable

Object = Mapping[str, Any]
NOTHING: Final[Object] = {}

STATUSES: Final = {
    "new": "new",
    "open": "open",
    "pending": "pending_customer",
    "hold": "on_hold",
    "solved": "solved",
    "closed": "closed",
}
PRIORITIES: Final = ("low", "normal", "high", "urgent")

CHANNELS: Final = {
    "email": ("email", "async"),
    "web": ("ticket_form", "async"),
    "web_widget": ("ticket_form", "async"),
    "mobile": ("mobile", "async"),
    "mobile_sdk": ("mobile", "async"),
    "api": ("api", "async"),
    "web_service": ("api", "async"),
    "voice": ("phone", "voice"),
    "phone": ("phone", "voice"),
    "chat": ("live_chat", "realtime"),
    "native_messaging": ("messaging", "async"),
    "sunshine_conversations_api": ("messaging", "async"),
    "facebook": ("facebook", "async"),
    "facebook_messenger": ("facebook", "async"),
    "twitter": ("twitter", "async"),
    "x_corp": ("twitter", "async"),
    "twitter_dm": ("twitter", "async"),
    "instagram_dm": ("instagram", "async"),
    "whatsapp": ("whatsapp", "async"),
    "telegram": ("telegram", "async"),
    "viber": ("viber", "async"),
    "line": ("line", "async"),
    "wechat": ("wechat", "async"),
    "sms": ("sms", "async"),
    "closed_ticket": ("ticket_form", "async"),
}
"""Zendesk's channel to the code of ours and how fast it talks; others keep their name."""
CHANNEL_NUMBERS: Final = {
    0: "web", 4: "email", 5: "api", 8: "rule", 24: "closed_ticket", 29: "chat", 30: "twitter",
    33: "voice", 34: "voice", 35: "voice", 38: "facebook", 44: "voice", 45: "voice", 46: "voice",
}  # fmt: skip
"""Old exports give a number for the channel."""

WORDS: Final = frozenset(
    ("tagger", "checkbox", "integer", "decimal", "date", "multiselect", "priority", "status",
     "tickettype", "group", "custom_status")
)  # fmt: skip
"""Types of fields whose values are words, numbers or days; others may hold a person's text."""


class Ticket(NamedTuple):
    """What audits and comments are read by: the ticket's people, and what became of it.

    Client and export lay it beside the payload, under KNOWN, since one payload does not tell all.
    opened_by: the author of its first comment. served: who had it, wrote a note on it or handed it
    on, which only staff can, even if they have left since. merged_into: the ticket it went into.
    promised: targets set at its creation, each as (Zendesk's metric, minutes, in open hours).
    solved_at: when Zendesk says that it was last solved. complete: whether its audits have come,
    from the creation on; None where nobody knows.
    """

    requester: int | None = None
    assignee: int | None = None
    opened_by: int | None = None
    served: frozenset[int] = frozenset()
    merged_into: int | None = None
    promised: tuple[tuple[str, float, bool], ...] = ()
    solved_at: str | None = None
    complete: bool | None = None


KNOWN: Final = "known to sanjeh"
UNKNOWN_TICKET: Final = Ticket()


@dataclass
class Learnt:
    """What later payloads are read by.

    staff: name, organization and creation of each agent and admin, by id. statuses: custom
    statuses by id, as (Zendesk's category, label). fields: custom fields by id, as (title, type).
    brands, forms: names by id. replies: ids of macros that hold a reply.
    channels: those whose record has been made.
    """

    staff: dict[int, Object] = field(default_factory=dict)
    statuses: dict[int, tuple[str, str]] = field(default_factory=dict)
    fields: dict[int, tuple[str, str]] = field(default_factory=dict)
    brands: dict[int, str] = field(default_factory=dict)
    forms: dict[int, str] = field(default_factory=dict)
    replies: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    unknown: Counter[str] = field(default_factory=Counter)

    def author(
        self, id_: Any, ticket: Ticket, public: bool = True
    ) -> tuple[str | None, str | None]:
        """Who acted: type and id. One who asked is a customer on that ticket, staff or not.

        Whoever else is not known to answer is a customer too, copied in; where nobody is known to,
        the type is null.
        """
        if id_ in (None, -1, 0, "-1", "0"):
            return "system", None
        who = number(id_)
        if who == ticket.requester:
            return "customer", str(who)
        if who in self.staff or who in ticket.served or who == ticket.assignee or not public:
            return "agent", str(who)
        if self.staff:
            return "customer", str(who)
        self.unknown["author whose role is not told"] += 1
        return None, str(who)


def number(value: Any) -> int:
    """An id as a whole number. Errors: Unreadable."""
    if type(value) is int:
        return value
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise Unreadable(None, value, "an id is a whole number") from None


def id_of(value: Any) -> int | None:
    """An id as a whole number; null for none."""
    return number(value) if value else None


def text_id(value: Any) -> str | None:
    """An id as text; null for none, which changes write as an empty text."""
    return None if value is None or value == "" else str(value)


def required_id(value: Object, name: str = "id") -> str:
    """The id that a payload must have. Errors: Unreadable."""
    found = value.get(name)
    if type(found) is int:
        return str(found)
    if isinstance(found, str) and found:
        return found
    raise Unreadable(name, found, "the id is missing")


def instant(value: Any, name: str) -> dt.datetime | None:
    """An aware instant of Zendesk's ISO text, or of older exports' `2011/09/25 22:35:44 -0700`."""
    if value is None or value == "":
        return None
    if type(value) is str:
        try:
            found = dt.datetime.fromisoformat(value)
        except ValueError:
            found = _older(value, name)
        return found if found.tzinfo else found.replace(tzinfo=dt.UTC)  # Zendesk's own is UTC
    if type(value) in (int, float):
        try:
            return dt.datetime.fromtimestamp(value, dt.UTC)
        except (OverflowError, OSError, ValueError):
            pass
    raise Unreadable(name, value, "not an instant; expected was 2026-03-02T09:00:00Z")


def _older(value: str, name: str) -> dt.datetime:
    for form in ("%Y/%m/%d %H:%M:%S %z", "%Y%m%dT%H:%M:%S%z"):
        try:
            return dt.datetime.strptime(value, form).astimezone(dt.UTC)
        except ValueError:
            continue
    raise Unreadable(name, value, "not an instant; expected was 2026-03-02T09:00:00Z")


def ticket_of(value: Object) -> Ticket:
    """The ticket that a payload belongs to, as the client or the export knows it."""
    found = value.get(KNOWN)
    return found if isinstance(found, Ticket) else UNKNOWN_TICKET


def inner(value: Any) -> Object:
    """An object inside another; an empty one where there is none."""
    return value if isinstance(value, dict) else NOTHING


def listed(value: Any) -> list[Any]:
    """A list inside an object; an empty one where there is none."""
    return value if isinstance(value, list) else []


def channel(via: Any) -> str | None:
    """Zendesk's word for the channel of a `via`."""
    told = via.get("channel") if isinstance(via, dict) else None
    if type(told) is int:
        return CHANNEL_NUMBERS.get(told, str(told))
    return told


def relation(via: Any) -> str | None:
    """How the thing came about: trigger, automation, follow_up, merge …"""
    source = via.get("source") if isinstance(via, dict) else None
    return source.get("rel") if isinstance(source, dict) else None


def by_rule(via: Any) -> bool:
    """Whether a trigger or an automation did it."""
    return channel(via) in ("rule", "trigger", "automation", "rule_revision")
