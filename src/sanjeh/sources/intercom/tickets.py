"""Intercom's tickets: their states have words of their own, their parts are told as any others.

Tickets and conversations are numbered together, and so are their parts: a conversation that was
made a ticket keeps its id. So the records of both have the same ids, and where an account gives
it either way they are the same records. A ticket's state is what its ticket states say; that it
was also opened, snoozed or closed in the inbox is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from sanjeh.sources.helpdesk import Made, Unreadable
from sanjeh.sources.intercom.parts import Learnt, Telling
from sanjeh.sources.intercom.words import (
    TICKET_STATES,
    flat,
    identifier,
    instant,
    items,
    known_id,
)

CHANGES: Final = frozenset(
    {
        "ticket_state_updated_by_admin",
        "ticket_state_updated_by_user",
        "ticket_state_updated_by_workflow",
    }
)
CHANNEL: Final = "ticket_form"


def ticket(value: Mapping[str, Any], learnt: Learnt, unknown: Counter[str]) -> list[Made]:
    """A ticket, its messages and its changes. Errors: Unreadable."""
    id = identifier(value.get("id"))
    if value.get("deleted") is True:
        at = instant(value.get("deleted_at"), "deleted_at")
        return [("ticket", {"id": id, "deleted_at": at, "version_at": at})]
    created = instant(value.get("created_at"), "created_at")
    if created is None:
        raise Unreadable("created_at", None, f"the ticket {id} has no created_at")
    found = [known_id(c.get("id")) for c in items(value.get("contacts"), "contacts")]
    contacts = [c for c in found if c is not None]
    told = Telling(
        id,
        instant(value.get("updated_at"), "updated_at"),
        learnt,
        unknown,
        frozenset(contacts),
        ticket_id=id,
        by_letter=True,
    )
    for part in items(value.get("ticket_parts"), "ticket_parts"):
        told.part(part)
        if part.get("part_type") in CHANGES:
            _change(told, part)
    made = [_ticket(id, value, contacts, told)]
    if any(kind == "message" for kind, _ in told.made):
        made.append(_conversation(id, contacts, created))
    for kind, row in told.made:
        if kind != "ticket_event" or not row["id"].endswith(":state"):
            made.append((kind, row))
    return made


def _change(told: Telling, part: Mapping[str, Any]) -> None:
    before, after = part.get("previous_ticket_state"), part.get("ticket_state")
    if not isinstance(after, str) or after not in TICKET_STATES:
        told.unknown[f"ticket_state {after}"] += 1
        return
    if before == after:  # how it was made
        return
    moment, _ = told.moment(part)
    told.event(
        "ticket_state", moment, "status_changed", TICKET_STATES.get(str(before)),
        TICKET_STATES[after],
    )  # fmt: skip


def _conversation(id: str, contacts: list[str], created: Any) -> Made:
    """Without a version: what the conversation itself tells is better."""
    return (
        "conversation",
        {
            "id": id,
            "channel": CHANNEL,
            "ticket_id": id,
            "customer_id": contacts[0] if contacts else None,
            "started_at": created,
        },
    )


def _ticket(id: str, value: Mapping[str, Any], contacts: list[str], told: Telling) -> Made:
    sort = value.get("ticket_type")
    state = value.get("ticket_state")
    category = state.get("category") if isinstance(state, dict) else state
    given = value.get("ticket_attributes")
    given = given if isinstance(given, dict) else {}
    title = given.get("_default_title_")
    company = value.get("company_id")
    linked = [known_id(v.get("id")) for v in items(value.get("linked_objects"), "data")]
    own = {k: v for k, v in given.items() if not k.startswith("_default_")}
    own["ticket_type"] = sort.get("name") if isinstance(sort, dict) else None
    own["category"] = value.get("category")
    return (
        "ticket",
        {
            "id": id,
            "number": known_id(value.get("ticket_id")),
            "subject": title if isinstance(title, str) and title else None,
            "customer_id": contacts[0] if contacts else None,
            "account_id": known_id(company),
            "channel_first": CHANNEL,
            "created_at": instant(value.get("created_at"), "created_at"),
            "assignee_id": known_id(value.get("admin_assignee_id")),
            "team_id": known_id(value.get("team_assignee_id")),
            "status": TICKET_STATES.get(str(category)),
            "linked_ids": [v for v in linked if v is not None] or None,
            "version_at": told.version_at,
            "attributes": flat(own),
        },
    )
