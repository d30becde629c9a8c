"""A ticket: the ticket itself, its conversation, its channel, and what Zendesk counted on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sanjeh.sources.helpdesk.contract import Made
from sanjeh.sources.zendesk.reading import (
    CHANNELS,
    PRIORITIES,
    STATUSES,
    WORDS,
    Learnt,
    Object,
    Ticket,
    by_rule,
    channel,
    id_of,
    inner,
    instant,
    listed,
    number,
    relation,
    required_id,
    text_id,
    ticket_of,
)

DELETED: Final = ("deleted", "scrubbed")
CALLED: Final = {"inbound": "customer", "voicemail": "customer", "outbound": "agent"}
MERGED_TAG: Final = "closed_by_merge"
SAMPLE: Final = "sample_ticket"


def tickets(value: Object, learnt: Learnt) -> Iterator[Made]:
    """The ticket as it stands now. Its history comes with its audits."""
    id_ = required_id(value)
    known = ticket_of(value)
    via = value.get("via")
    word = channel(via)
    code, kind = CHANNELS.get(word or "", (word, "async"))
    requester = text_id(value.get("requester_id"))
    created = instant(value.get("created_at"), "created_at")
    changed = instant(value.get("updated_at"), "updated_at")
    deleted = changed if value.get("status") in DELETED else None
    creator = _created_by(value, known, learnt)
    priority = value.get("priority")
    status, label = _status(value, learnt)
    merged = text_id(known.merged_into)
    source = inner(inner(inner(via).get("source")).get("from"))
    follows = value.get("via_followup_source_id") or source.get("ticket_id")
    followed = relation(via) == "follow_up" or word == "closed_ticket"
    followed = followed or bool(value.get("via_followup_source_id"))
    test = True if word == SAMPLE else None
    metric = inner(value.get("metric_set"))
    attributes = _attributes(value, label, learnt)
    if requester and number(requester) in learnt.staff:
        yield from asking_agent(requester, learnt)
    yield (
        "ticket",
        {
            "id": id_,
            "number": f"#{id_}",
            "subject": value.get("subject") or value.get("raw_subject"),
            "external_id": text_id(value.get("external_id")),
            "customer_id": requester,
            "account_id": text_id(value.get("organization_id")),
            "channel_first": code,
            "origin": "followup" if followed else creator,
            "created_at": created,
            "created_by_type": creator,
            "priority": priority if priority in PRIORITIES else None,
            "assignee_id": text_id(value.get("assignee_id")),
            "team_id": text_id(value.get("group_id")),
            "status": status,
            "resolved_at": instant(known.solved_at, "solved_at"),
            "parent_id": text_id(follows) if followed else None,
            "merged_into_id": merged,
            "is_test": test,
            "sla_policy_snapshot": _promised(value, known),
            "version_at": changed,
            "deleted_at": deleted,
            "attributes": attributes or None,
        },
    )
    yield (
        "conversation",
        {
            "id": id_,
            "channel": code,
            "ticket_id": id_,
            "customer_id": requester,
            "direction": {"agent": "outbound", "customer": "inbound"}.get(creator or ""),
            "initiation": {"agent": "agent", "customer": "visitor", "system": "trigger"}.get(
                creator or ""
            ),
            "priority": priority if priority in PRIORITIES else None,
            "team_id": text_id(value.get("group_id")),
            "started_at": created,
            "offline": True if relation(via) == "chat_offline_message" else None,
            "is_test": test,
            "merged_into_id": merged,
            "version_at": changed,
            "deleted_at": deleted,
        },
    )
    if metric:
        yield from figures(metric, id_, known)
    score = inner(value.get("satisfaction_rating")).get("score")
    if score in ("good", "bad"):
        yield (
            "vendor_figure",
            {
                "id": f"{id_}:csat",
                "vendor": "zendesk",
                "target_type": "ticket",
                "target_id": id_,
                "measure": "csat",
                "value": 1.0 if score == "good" else 0.0,
                "unit": "score",
                "version_at": changed,
            },
        )
    if code and code not in learnt.channels:
        yield "channel", {"code": code, "kind": kind}
        learnt.channels.add(code)


MINUTES: Final = {
    "reply_time_in_minutes": "first_response",
    "first_resolution_time_in_minutes": "first_resolution",
    "full_resolution_time_in_minutes": "final_resolution",
}
COUNTS: Final = {
    "reopens": "reopenings",
    "replies": "replies",
    "assignee_stations": "assignments",
    "group_stations": "team_changes",
}


def figures(metric: Object, ticket_id: str, known: Ticket) -> Iterator[Made]:
    """What Zendesk counted on one ticket (`ticket_metrics`, or side-loaded `metric_sets`)."""
    changed = instant(metric.get("updated_at"), "updated_at")
    created = instant(metric.get("created_at"), "created_at")
    common = {
        "vendor": "zendesk",
        "target_type": "ticket",
        "target_id": ticket_id,
        "version_at": changed,
        "complete": known.complete,
    }
    for name, measure in MINUTES.items():
        both = inner(metric.get(name))
        for clock in ("calendar", "business"):
            minutes = both.get(clock)
            if minutes is not None:
                last = measure == "final_resolution"
                yield (
                    "vendor_figure",
                    {
                        "id": f"{ticket_id}:{measure}:{clock}",
                        "measure": measure,
                        "value": float(minutes),
                        "unit": "minutes",
                        "clock": clock,
                        "from_at": created,
                        "to_at": instant(metric.get("solved_at"), "solved_at") if last else None,
                        **common,
                    },
                )
    for name, measure in COUNTS.items():
        if metric.get(name) is not None:
            yield (
                "vendor_figure",
                {
                    "id": f"{ticket_id}:{measure}",
                    "measure": measure,
                    "value": float(metric[name]),
                    "unit": "count",
                    **common,
                },
            )


def asking_agent(id_: str, learnt: Learnt) -> Iterator[Made]:
    """A member of staff who asked for help is a customer too."""
    person = learnt.staff[number(id_)]
    yield (
        "customer",
        {
            "id": id_,
            "display_name": person.get("name"),
            "account_id": text_id(person.get("organization_id")),
            "created_at": instant(person.get("created_at"), "created_at"),
        },
    )


def _created_by(value: Object, known: Ticket, learnt: Learnt) -> str | None:
    """Whose matter it is: the author of its first comment, where that is known, else its submitter.

    An agent who writes down what a customer said does not begin a matter; nor one who takes a call.
    """
    via = value.get("via")
    if by_rule(via):
        return "system"
    if channel(via) in ("voice", "phone") and relation(via) in CALLED:
        return CALLED[relation(via) or ""]
    author = known.opened_by or value.get("submitter_id")
    return None if author is None else learnt.author(author, _asked(value, known))[0]


def _asked(value: Object, known: Ticket) -> Ticket:
    return known._replace(requester=id_of(value.get("requester_id")) or known.requester)


def _status(value: Object, learnt: Learnt) -> tuple[str | None, str | None]:
    """The status as ours and, where the account has its own, its label."""
    told = value.get("status")
    custom = value.get("custom_status_id")
    category, label = learnt.statuses.get(number(custom), (None, None)) if custom else (None, None)
    return STATUSES.get(str(told or category)), label


def _promised(value: Object, known: Ticket) -> Any:
    """Targets set at the creation; else those that Zendesk shows with the ticket."""
    if known.promised:
        return [
            {"metric": metric, "minutes": minutes, "in_business_hours": business}
            for metric, minutes, business in known.promised
        ]
    shown = listed(inner(value.get("slas")).get("policy_metrics"))
    # Without what changes as the clock runs.
    return [{k: m[k] for k in ("metric", "breach_at") if k in m} for m in shown] or None


def _attributes(value: Object, label: str | None, learnt: Learnt) -> dict[str, Any]:
    """The account's own fields, as far as their values are words: never free text."""
    brand = value.get("brand_id")
    form = value.get("ticket_form_id")
    found: dict[str, Any] = {
        "type": value.get("type"),
        "status": label,
        "brand": learnt.brands.get(number(brand)) if brand else None,
        "form": learnt.forms.get(number(form)) if form else None,
    }
    if learnt.fields:
        for one in listed(value.get("custom_fields")):
            title, type_ = learnt.fields.get(number(one.get("id")), ("", ""))
            if type_ in WORDS and one.get("value") is not None:
                found[title] = flat(one["value"])
    return {name: v for name, v in found.items() if v is not None and v != ""}


def flat(value: Any) -> Any:
    """A value as one word: lists of choices become one text."""
    return ", ".join(map(str, value)) if isinstance(value, list) else value
