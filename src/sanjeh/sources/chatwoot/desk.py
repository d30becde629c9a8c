"""The desk as Chatwoot lists it: agents, bots, teams, inboxes, labels, ready replies, contacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sanjeh.sources.chatwoot.reading import needed_id, part, word
from sanjeh.sources.helpdesk.contract import Made

# Chatwoot's class of a channel: our word for it, and how fast it talks.
CHANNELS: Final[Mapping[str, tuple[str, str]]] = {
    "Channel::WebWidget": ("live_chat", "realtime"),
    "Channel::Api": ("api", "async"),
    "Channel::Email": ("email", "async"),
    "Channel::Telegram": ("telegram", "async"),
    "Channel::Whatsapp": ("whatsapp", "async"),
    "Channel::FacebookPage": ("facebook", "async"),
    "Channel::Instagram": ("instagram", "async"),
    "Channel::TwitterProfile": ("twitter", "async"),
    "Channel::Line": ("line", "async"),
    "Channel::Tiktok": ("tiktok", "async"),
    "Channel::Sms": ("sms", "async"),
    "Channel::TwilioSms": ("sms", "async"),
    "Channel::Voice": ("phone", "voice"),
}
_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@dataclass(frozen=True)
class Inbox:
    """What of an inbox others are read by. word: its channel's, as in `CHANNELS`."""

    id: str
    word: str
    has_hours: bool


@dataclass
class Desk:
    """Who and what is there. Names may be shared, and then tell nobody in particular."""

    agents: dict[str, str] = field(default_factory=dict)
    agents_named: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    bots_named: dict[str, str] = field(default_factory=dict)
    teams_named: dict[str, str] = field(default_factory=dict)
    teams_of: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    inboxes: dict[str, Inbox] = field(default_factory=dict)
    _oldest: dict[str, str] = field(default_factory=dict)  # the first inbox of each word

    def learn_agent(self, value: Mapping[str, Any]) -> None:
        """Know the agent by both names; sentences have the full one."""
        agent = needed_id(value)
        self.agents[agent] = word(value.get("name")) or ""
        if name := word(value.get("name")):
            self.agents_named[name].add(agent)

    def learn_bot(self, value: Mapping[str, Any]) -> None:
        """Know the bot by its name."""
        if name := word(value.get("name")):
            self.bots_named[name] = f"agent_bot:{needed_id(value)}"

    def learn_team(self, value: Mapping[str, Any]) -> None:
        """Know the team by its name, and its members where they are told."""
        team = needed_id(value)
        if name := word(value.get("name")):
            self.teams_named[name.casefold()] = team
        for member in value.get("members") or ():
            self.teams_of[needed_id(member)].add(team)

    def learn_inbox(self, value: Mapping[str, Any], channel: str) -> None:
        """Know the inbox's channel, and whether open hours hold in it."""
        inbox = needed_id(value)
        hours = value.get("working_hours_enabled") is True
        self.inboxes[inbox] = Inbox(inbox, channel, hours)
        self._oldest[channel] = min(inbox, self._oldest.get(channel, inbox), key=_age)

    def channel(self, inbox: str | None, told: str | None) -> str | None:
        """The code of a conversation's channel: of its inbox, else of the class that is told.

        The oldest inbox of a sort goes by the plain word, further ones by word and number
        ("email-7"), so that each has its own open hours.
        """
        known = self.inboxes.get(inbox or "")
        if known is None:
            return channel_word(told)
        is_oldest = self._oldest[known.word] == known.id
        return known.word if is_oldest else f"{known.word}-{known.id}"

    def team_of(self, agent: str) -> str | None:
        """The agent's team, if it is just one."""
        teams = self.teams_of.get(agent, set())
        return next(iter(teams)) if len(teams) == 1 else None


def channel_word(told: str | None) -> str | None:
    """Our word for a class of channels; of an unknown one, the last part of its own name."""
    if not told:
        return None
    known = CHANNELS.get(told)
    return known[0] if known else told.rpartition("::")[2].lower()


def _age(inbox: str) -> tuple[int, str]:
    return (int(inbox), "") if inbox.isdecimal() else (2**62, inbox)


def agent_records(value: Mapping[str, Any], desk: Desk) -> Iterator[Made]:
    """An agent. The role of an administrator is a permission and tells no work."""
    agent = needed_id(value)
    yield (
        "agent",
        {
            "id": agent,
            "name": word(value.get("name")),
            "role": "agent" if value.get("role") == "agent" else None,
            "team_id": desk.team_of(agent),
            "active": True,
        },
    )


def team_records(value: Mapping[str, Any], desk: Desk) -> Iterator[Made]:
    """A team."""
    yield "team", {"id": needed_id(value), "name": word(value.get("name"))}


def inbox_records(value: Mapping[str, Any], desk: Desk) -> Iterator[Made]:
    """An inbox: a channel, and its open hours where they are switched on."""
    inbox = needed_id(value)
    told = word(value.get("channel_type"))
    kind = CHANNELS.get(told or "", (None, None))[1]
    hours = value.get("working_hours_enabled") is True
    calendar = f"inbox:{inbox}" if hours else None
    yield (
        "channel",
        {
            "code": desk.channel(inbox, told),
            "name": word(value.get("name")),
            "kind": kind,
            "calendar_id": calendar,
            "external_id": inbox,
        },
    )
    if calendar:
        yield (
            "business_calendar",
            {
                "id": calendar,
                "name": word(value.get("name")),
                "tz": word(value.get("timezone")) or "UTC",
                "weekly": list(_weekly(value.get("working_hours") or ())),
            },
        )


def _weekly(days: Any) -> Iterator[dict[str, str]]:
    for day in days:
        if day.get("closed_all_day"):
            continue
        name = _DAYS[int(day["day_of_week"])]
        if day.get("open_all_day"):
            yield {"dow": name, "from": "00:00", "to": "24:00"}
            continue
        opens = f"{day['open_hour']:02d}:{day.get('open_minutes') or 0:02d}"
        closes = f"{day['close_hour']:02d}:{day.get('close_minutes') or 0:02d}"
        yield {"dow": name, "from": opens, "to": closes}


def label_records(value: Mapping[str, Any], desk: Desk) -> Iterator[Made]:
    """A label; conversations name it by its title, which is therefore its id."""
    title = needed_id(value, "title")
    number = value.get("id")
    yield (
        "tag",
        {
            "id": title,
            "name": title,
            "external_id": None if number is None else str(number),
            "active": True,
        },
    )


def canned_records(value: Mapping[str, Any], desk: Desk) -> Iterator[Made]:
    """A ready reply."""
    yield (
        "canned_response",
        {
            "id": needed_id(value),
            "shortcut": word(value.get("short_code")),
            "body": word(value.get("content")),
            "active": True,
        },
    )


def contact_records(value: Mapping[str, Any], created_at: Any) -> Iterator[Made]:
    """A contact: a customer, and the company that it names."""
    more = part(value, "additional_attributes")
    company = word(more.get("company_name"))
    if company:
        yield "account", {"id": company, "name": company}
    points = [
        {"channel": channel, "address": address}
        for channel, name in (("email", "email"), ("phone", "phone_number"))
        if (address := word(value.get(name)))
    ]
    place = word(more.get("country_code")) or word(more.get("country"))
    made: dict[str, Any] = {
        "id": needed_id(value),
        "account_id": company,
        "display_name": word(value.get("name")),
        "contact_points": points or None,
        "created_at": created_at,
        "demographics": {"country": place} if place else None,
    }
    if own := {k: v for k, v in part(value, "custom_attributes").items() if _plain(v)}:
        made["attributes"] = own
    yield "customer", made


def _plain(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool))
