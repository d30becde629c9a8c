"""Zendesk's payloads to records: one function a stream, and what they are read by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from sanjeh.sources.helpdesk.contract import Made, Payload, Unreadable
from sanjeh.sources.zendesk import account, audits, calls, chats, fields, surveys, tickets
from sanjeh.sources.zendesk.reading import (
    STATUSES,
    Learnt,
    Object,
    Ticket,
    instant,
    number,
    required_id,
    text_id,
    ticket_of,
)


class Translation:
    """Payloads of one account to records, as the contract of helpdesks says."""

    def __init__(self, account: Mapping[str, str] | None = None) -> None:
        self.learnt = Learnt()
        self.unknown: Counter[str] = self.learnt.unknown

    def learn(self, payload: Payload) -> None:
        """Keep what later payloads are read by. Errors: Unreadable."""
        learn = LEARNING.get(payload.stream)
        if learn is not None:
            try:
                learn(payload.value, self.learnt)
            except Unreadable:
                raise
            except MISSHAPEN as error:
                raise _refused(payload, error) from error

    def records(self, payload: Payload) -> Iterable[Made]:
        """The payload's records, all of them or Unreadable."""
        known = fields.KNOWN.get(payload.stream)
        if known is None:
            self.learnt.unknown[f"stream {payload.stream}"] += 1
            return ()
        for name in payload.value.keys() - known:
            self.learnt.unknown[f"{payload.stream}.{name}"] += 1
        read = READERS.get(payload.stream)
        if read is None:  # such streams are read only to understand the others
            return ()
        try:
            return list(read(payload.value, self.learnt))
        except Unreadable:
            raise
        except MISSHAPEN as error:
            raise _refused(payload, error) from error


MISSHAPEN: Final = (AttributeError, KeyError, TypeError, ValueError, OverflowError)


def _refused(payload: Payload, error: Exception) -> Unreadable:
    """The reason why a payload of another shape than Zendesk's is refused."""
    return Unreadable(
        None, None, f"{payload.stream}: not of the shape that Zendesk documents ({error!r})"
    )


# -- what is learnt ----------------------------------------------------------------------------


def _learn_user(value: Object, learnt: Learnt) -> None:
    if account.is_staff(value):
        learnt.staff[number(value.get("id"))] = {
            name: value.get(name) for name in ("name", "organization_id", "created_at")
        }


def _learn_status(value: Object, learnt: Learnt) -> None:
    category = str(value.get("status_category"))
    label = value.get("agent_label") or value.get("raw_agent_label")
    learnt.statuses[number(value.get("id"))] = (category, str(label or category))


def _learn_field(value: Object, learnt: Learnt) -> None:
    title = value.get("title") or value.get("raw_title") or value.get("id")
    learnt.fields[number(value.get("id"))] = (str(title), str(value.get("type")))


def _learn_brand(value: Object, learnt: Learnt) -> None:
    learnt.brands[number(value.get("id"))] = str(value.get("name"))


def _learn_form(value: Object, learnt: Learnt) -> None:
    learnt.forms[number(value.get("id"))] = str(value.get("name"))


def _learn_macro(value: Object, learnt: Learnt) -> None:
    if account.reply_of(value) is not None:
        learnt.replies.add(required_id(value))


LEARNING: Final[Mapping[str, Callable[[Object, Learnt], None]]] = {
    "agents": _learn_user,
    "custom_statuses": _learn_status,
    "ticket_fields": _learn_field,
    "ticket_forms": _learn_form,
    "brands": _learn_brand,
    "macros": _learn_macro,
}


# -- what has no function of its own -----------------------------------------------------------


def _metrics(value: Object, learnt: Learnt) -> Iterator[Made]:
    ticket_id = required_id(value, "ticket_id")
    yield from tickets.figures(value, ticket_id, ticket_of(value))


def _metric_event(value: Object, learnt: Learnt) -> Iterator[Made]:
    """Each wait for a reply as Zendesk counted it; the other events tell nothing more."""
    if value.get("metric") != "reply_time" or value.get("type") != "update_status":
        return
    ticket_id = required_id(value, "ticket_id")
    for clock in ("calendar", "business"):
        minutes = (value.get("status") or {}).get(clock)
        if minutes is not None:
            yield (
                "vendor_figure",
                {
                    "id": f"{ticket_id}:reply_time:{value.get('instance_id')}:{clock}",
                    "vendor": "zendesk",
                    "target_type": "ticket",
                    "target_id": ticket_id,
                    "measure": "reply_time",
                    "value": float(minutes),
                    "unit": "minutes",
                    "clock": clock,
                    "to_at": instant(value.get("time"), "time"),
                    "version_at": instant(value.get("time"), "time"),
                },
            )


def _deleted_ticket(value: Object, learnt: Learnt) -> Iterator[Made]:
    id_ = required_id(value)
    actor = (value.get("actor") or {}).get("id")
    type_, who = learnt.author(actor, Ticket(), public=False)
    yield (
        "ticket_event",
        {
            "id": f"deleted:{id_}",
            "ticket_id": id_,
            "at": instant(value.get("deleted_at"), "deleted_at"),
            "type": "deleted",
            "from": STATUSES.get(str(value.get("previous_state"))),
            "actor_type": type_,
            "actor_id": text_id(who),
        },
    )


Reader = Callable[[Object, Learnt], Iterator[Made]]
READERS: Final[Mapping[str, Reader]] = {
    "agents": account.users,
    "users": account.users,
    "organizations": account.organizations,
    "groups": account.groups,
    "macros": account.macros,
    "schedules": account.schedules,
    "sla_policies": account.sla_policies,
    "tickets": tickets.tickets,
    "ticket_audits": audits.audits,
    "ticket_metrics": _metrics,
    "ticket_metric_events": _metric_event,
    "deleted_tickets": _deleted_ticket,
    "satisfaction_ratings": surveys.ratings,
    "chats": chats.chats,
    "shortcuts": chats.shortcuts,
    "agent_timeline": chats.agent_timeline,
    "calls": calls.calls,
    "call_legs": calls.legs,
}
