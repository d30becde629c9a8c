"""Chatwoot's payloads as records: which stream is read by what.

A conversation and a ticket are one thing here, under one id (the number that people see): the
conversation holds what was said, the ticket its status, owners and priority over time.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from sanjeh.sources.chatwoot import desk as lists
from sanjeh.sources.chatwoot.calls import call_records
from sanjeh.sources.chatwoot.desk import Desk
from sanjeh.sources.chatwoot.fields import KNOWN
from sanjeh.sources.chatwoot.history import PRIORITIES, STATUSES, History, history
from sanjeh.sources.chatwoot.marks import Told
from sanjeh.sources.chatwoot.messages import CSAT, Letter, letter, message_records
from sanjeh.sources.chatwoot.reading import flat, instant, needed_id, number, part, second, word
from sanjeh.sources.helpdesk.contract import Made, Payload, Unreadable

MESSAGES: Final = "all_messages"
EVENTS: Final = "reporting_events"
"""Keys that the client and the dump put into a conversation: its messages from first to last,
and its reporting events, null where the server lists none."""

_STATUS_NUMBERS: Final = ("open", "resolved", "pending", "snoozed")
_PRIORITY_NUMBERS: Final = ("low", "medium", "high", "urgent")
_MEASURES: Final[Mapping[str, str]] = {
    "first_response": "first_response",
    "reply_time": "reply_time",
    "conversation_resolved": "resolution",
}
_EVENTS_KNOWN: Final = frozenset(_MEASURES) | {
    "conversation_opened",
    "conversation_bot_handoff",
    "conversation_bot_resolved",
    "conversation_captain_inference_resolved",
    "conversation_captain_inference_handoff",
}


class ChatwootTranslation:
    """Payloads of one account to records. See README.md for what is told and what is not."""

    def __init__(self) -> None:
        self.unknown: Counter[str] = Counter()
        self.desk = Desk()
        # A conversation's messages follow it, and are read by then.
        self._letters: dict[Any, tuple[Any, Letter]] = {}

    def learn(self, payload: Payload) -> None:
        """Know agents, bots, teams and inboxes."""
        value = payload.value
        match payload.stream:
            case "agents":
                self.desk.learn_agent(value)
            case "agent_bots":
                self.desk.learn_bot(value)
            case "teams":
                self.desk.learn_team(value)
            case "inboxes":
                told = word(value.get("channel_type"))
                self.desk.learn_inbox(value, lists.channel_word(told) or "unknown")

    def records(self, payload: Payload) -> Iterable[Made]:
        """The payload's records. Errors: Unreadable, and then none of them is kept."""
        read = _READERS.get(payload.stream)
        if read is None:
            self.unknown[f"stream {payload.stream}"] += 1
            return ()
        for name in payload.value.keys() - KNOWN[payload.stream]:
            self.unknown[f"{payload.stream}.{name}"] += 1
        return read(self, payload.value)

    def _inboxes(self, value: Mapping[str, Any]) -> Iterator[Made]:
        told = word(value.get("channel_type"))
        if told not in lists.CHANNELS:
            self.unknown[f"channel {told}"] += 1
        yield from lists.inbox_records(value, self.desk)

    def _contacts(self, value: Mapping[str, Any]) -> Iterator[Made]:
        yield from lists.contact_records(value, second(value.get("created_at"), "created_at"))

    def _messages(self, value: Mapping[str, Any]) -> Iterator[Made]:
        given, told = self._letters.get(value.get("id"), (None, None))
        yield from message_records(told if told and given is value else letter(value), self.unknown)

    def _conversations(self, value: Mapping[str, Any]) -> Iterator[Made]:
        conversation = needed_id(value)
        meta = part(value, "meta")
        sender = part(meta, "sender")
        if sender.get("id") is not None and "name" in sender:
            yield from self._contacts(sender)
        created_at = second(value.get("created_at"), "created_at")
        if created_at is None:
            raise Unreadable("created_at", None, "the conversation says no instant")
        status = _named(value.get("status"), _STATUS_NUMBERS)
        if status is None or status not in STATUSES:
            raise Unreadable(
                "status", value.get("status"), f"expected is one of {', '.join(STATUSES)}"
            )
        said = value.get(MESSAGES)
        read = list(_letters(said or ()))
        self._letters = {one.sequence: (given, one) for given, one in read}
        letters = [one for _, one in read]
        events = list(self._events(value.get(EVENTS) or ()))
        channel = self._channel(value)
        told = self._told(value, conversation, created_at, status, letters, events, channel)
        past = history(told, self.desk, self.unknown) if said is not None else History()
        version = instant(value.get("updated_at"), "updated_at")
        direction, initiation = _beginning(value, letters)
        priority = _named(value.get("priority"), _PRIORITY_NUMBERS)
        priority = PRIORITIES.get(priority or "", priority)
        more = part(value, "additional_attributes")
        own = flat(value.get("custom_attributes"))
        if value.get("muted") is True:
            own["muted"] = True
        made: dict[str, Any] = {
            "id": conversation,
            "ticket_id": conversation,
            "channel": channel,
            "customer_id": told.customer,
            "direction": direction,
            "initiation": initiation,
            "priority": priority,
            "team_id": told.team,
            "language": word(more.get("conversation_language")),
            "started_at": created_at,
            "ended_at": past.ended_at,
            "end_reason": past.end_reason,
            "outcome": past.outcome,
            "version_at": version,
        }
        ticket: dict[str, Any] = {
            "id": conversation,
            "number": conversation,
            "subject": word(more.get("mail_subject")),
            "customer_id": told.customer,
            "account_id": word(part(sender, "additional_attributes").get("company_name")),
            "channel_first": channel,
            "created_at": created_at,
            "created_by_type": {"visitor": "customer", "agent": "agent", "trigger": "system"}.get(
                initiation or ""
            ),
            "priority": priority,
            "assignee_id": told.assignee,
            "team_id": told.team,
            "language": made["language"],
            "status": STATUSES[status],
            "version_at": version,
        }
        if own:
            made["attributes"] = ticket["attributes"] = own
        yield "conversation", made
        yield "ticket", ticket
        yield from call_records(read, made, is_voice=(channel or "").startswith("phone"))
        yield from past.records
        for event, at in events:
            yield from self._figures(event, at, told, channel)

    def _told(
        self,
        value: Mapping[str, Any],
        conversation: str,
        created_at: dt.datetime,
        status: str,
        letters: list[Letter],
        events: list[tuple[Mapping[str, Any], dt.datetime]],
        channel: str | None,
    ) -> Told:
        meta = part(value, "meta")
        assignee, team = part(meta, "assignee"), part(meta, "team")
        is_bot = meta.get("assignee_type") == "AgentBot"
        customer = part(meta, "sender").get("id", value.get("contact_id"))
        last = second(value.get("last_activity_at"), "last_activity_at")
        newest = max((one.at for one in letters), default=created_at)
        return Told(
            id=conversation,
            status=status,
            created_at=created_at,
            last_activity_at=last,
            customer=None if customer is None else str(customer),
            assignee=None if is_bot or assignee.get("id") is None else str(assignee["id"]),
            assignee_name=word(assignee.get("name")),
            team=None if team.get("id") is None else str(team["id"]),
            labels=tuple(x for x in value.get("labels") or () if isinstance(x, str)),
            letters=letters,
            events=[(str(event["name"]), at) for event, at in events],
            is_current=last is None or last >= newest,
            by_letter=(channel or "").startswith("email"),
        )

    def _events(self, told: Iterable[Any]) -> Iterator[tuple[Mapping[str, Any], dt.datetime]]:
        """Reporting events with the instant at which each was over, in order."""
        found = []
        for event in told:
            name = event.get("name")
            at = instant(event.get("event_end_time") or event.get("created_at"), "event_end_time")
            if name not in _EVENTS_KNOWN:
                self.unknown[f"reporting event {name}"] += 1
            elif at is None:
                self.unknown["reporting event without an instant"] += 1
            else:
                found.append((at, number(event.get("id"), "id") or 0, event))
        found.sort(key=lambda one: one[:2])
        return ((event, at) for at, _, event in found)

    def _figures(
        self, event: Mapping[str, Any], at: dt.datetime, told: Told, channel: str | None
    ) -> Iterator[Made]:
        """What Chatwoot counted itself: on the calendar, and on the inbox's open hours if any."""
        measure = _MEASURES.get(event["name"])
        if measure is None:
            return
        inbox = self.desk.inboxes.get(str(event.get("inbox_id")))
        second = at.replace(microsecond=0)
        complete = measure == "resolution" or any(
            one.at == second and one.kind == "outgoing" for one in told.letters
        )
        fields: dict[str, Any] = {
            "vendor": "chatwoot",
            "target_type": "conversation",
            "target_id": told.id,
            "measure": measure,
            "unit": "seconds",
            "from_at": instant(event.get("event_start_time"), "event_start_time"),
            "to_at": at,
            "complete": complete,
        }
        name = needed_id(event)
        if event.get("value") is not None:
            calendar = {"id": name, "value": float(event["value"]), "clock": "calendar"}
            yield "vendor_figure", {**fields, **calendar}
        # Chatwoot counts 0 where no hours are set; that is no figure.
        if inbox and inbox.has_hours and event.get("value_in_business_hours") is not None:
            business = float(event["value_in_business_hours"])
            yield (
                "vendor_figure",
                {**fields, "id": f"{name}:business", "value": business, "clock": "business"},
            )

    def _channel(self, value: Mapping[str, Any]) -> str | None:
        inbox = value.get("inbox_id")
        told = word(part(value, "meta").get("channel")) or word(value.get("channel"))
        return self.desk.channel(None if inbox is None else str(inbox), told)

    def _ratings(self, value: Mapping[str, Any]) -> Iterator[Made]:
        response = needed_id(value)
        conversation = needed_id(value, "conversation_id")
        score = number(value.get("rating"), "rating")
        if score is None or not 1 <= score <= 5:
            raise Unreadable("rating", value.get("rating"), "expected is 1 to 5")
        customer = part(value, "contact").get("id", value.get("contact_id"))
        agent = part(value, "assigned_agent").get("id", value.get("assigned_agent_id"))
        message = value.get("message_id")
        yield CSAT
        yield (
            "survey_response",
            {
                "id": response,
                "invite_id": None if message is None else str(message),
                "survey_id": "csat",
                "customer_id": None if customer is None else str(customer),
                "conversation_id": conversation,
                "ticket_id": conversation,
                "agent_id": None if agent is None else str(agent),
                "submitted_at": second(value.get("created_at"), "created_at"),
                "score": float(score),
                "comment": word(value.get("feedback_message")),
            },
        )
        yield (
            "vendor_figure",
            {
                "id": f"csat:{response}",
                "vendor": "chatwoot",
                "target_type": "conversation",
                "target_id": conversation,
                "measure": "csat",
                "value": float(score),
                "unit": "score",
                "complete": True,
            },
        )


_READERS: Final[
    Mapping[str, Callable[[ChatwootTranslation, Mapping[str, Any]], Iterable[Made]]]
] = {
    "agents": lambda t, value: lists.agent_records(value, t.desk),
    "agent_bots": lambda t, value: (),
    "teams": lambda t, value: lists.team_records(value, t.desk),
    "inboxes": ChatwootTranslation._inboxes,
    "labels": lambda t, value: lists.label_records(value, t.desk),
    "canned_responses": lambda t, value: lists.canned_records(value, t.desk),
    "contacts": ChatwootTranslation._contacts,
    "conversations": ChatwootTranslation._conversations,
    "messages": ChatwootTranslation._messages,
    "csat_survey_responses": ChatwootTranslation._ratings,
}


def _letters(said: Iterable[Any]) -> Iterator[tuple[Any, Letter]]:
    """The messages that can be read; the others are refused where they come by themselves."""
    for value in said:
        try:
            yield value, letter(value)
        except (Unreadable, AttributeError):
            continue


def _named(value: Any, names: tuple[str, ...]) -> str | None:
    """The word of a status or priority; rows of the database have its number."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(names):
        return names[value]
    return value if isinstance(value, str) else None


def _beginning(value: Mapping[str, Any], letters: list[Letter]) -> tuple[str | None, str | None]:
    """Direction and initiation, by who spoke first: a customer, an agent or a campaign."""
    if value.get("campaign_id"):
        return "outbound", "trigger"
    for one in sorted(letters, key=lambda one: (one.at, one.sequence)):
        if one.is_campaign:
            return "outbound", "trigger"
        if one.kind == "incoming":
            return "inbound", "visitor"
        if one.author_type == "agent" and one.kind == "outgoing" and not one.is_internal:
            return "outbound", "agent"
    return None, None
