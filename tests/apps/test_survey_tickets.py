"""Asking after solved tickets of a helpdesk: the record tells which, once each, and whose."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from survey_cases import survey

from sanjeh.ledger import Ledger

pytestmark = pytest.mark.usefixtures("tables")
MADE = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)  # as survey() makes them
HOUR = dt.timedelta(hours=1)
MAIL = [{"channel": "phone", "address": "1"}, {"channel": "email", "address": "ann@shop.ir"}]


def told(ledger: Ledger, *changes: tuple[str, dt.datetime, str], **ticket: Any) -> None:
    """Tickets of a helpdesk and their changes of status, put into the inbox."""
    for n, (number, at, to) in enumerate(changes):
        row = {"id": number, "created_at": at - 9 * HOUR, "customer_id": "u1", "assignee_id": "a1",
               "language": "fa", "team_id": "north", **ticket}  # fmt: skip
        ledger.inbox.put("ticket", [row], source="zendesk")
        event = {"id": f"{number}-{n}-{to}", "ticket_id": number, "at": at, "sequence": n,
                 "type": "status_changed", "to": to}  # fmt: skip
        ledger.inbox.put("ticket_event", [event], source="zendesk")
    customer = {"id": "u1", "display_name": "آنا", "contact_points": MAIL}
    ledger.inbox.put("customer", [customer], source="zendesk")


def asked(ledger: Ledger, now: dt.datetime) -> list[str]:
    from sanjeh.apps.surveys.solved import ask

    return [i.ticket_id for i in ask(ledger, now)]


def test_what_was_solved_since_is_asked_after_once(ledger: Ledger) -> None:
    from sanjeh.apps.handing.outbox import move
    from sanjeh.apps.mail.sending import send_due

    made = survey("csat", trigger="ticket", way="mail")
    told(
        ledger,
        ("before", MADE - HOUR, "solved"),  # not asked: before the survey
        ("open", MADE + HOUR, "open"),  # not asked
        ("again", MADE + HOUR, "solved"), ("again", MADE + 2 * HOUR, "open"),  # not asked: reopened
        ("done", MADE + HOUR, "solved"), ("done", MADE + 2 * HOUR, "closed"),  # asked
        ("ahead", MADE + 40 * HOUR, "solved"),  # not asked yet
    )  # fmt: skip
    assert asked(ledger, MADE + 3 * HOUR) == ["done"]
    assert asked(ledger, MADE + 4 * HOUR) == []
    assert asked(ledger, MADE + 41 * HOUR) == ["ahead"]
    invitation = made.invitations.get(ticket_id="done")
    assert (invitation.customer_id, invitation.agent_id) == ("u1", "a1")
    assert (invitation.source, invitation.language) == ("zendesk", "fa")
    assert send_due(MADE + 42 * HOUR) == 2
    move(ledger)
    rows = {r["ticket_id"]: r for r in ledger.rows("survey_invite").to_pylist()}
    [done] = ledger.among("ticket", "id", ["zendesk/done"]).to_pylist()
    # One person, under the helpdesk's source: the figure finds the ticket, its team and its agent.
    assert rows["zendesk/done"]["customer_id"] == done["customer_id"]
    assert rows["zendesk/done"]["channel"] == "email"


def test_spam_and_those_without_an_address_are_counted_not_asked(ledger: Ledger) -> None:
    made = survey("csat", trigger="ticket", way="mail")
    told(ledger, ("junk", MADE + HOUR, "solved"), is_spam=True)
    told(ledger, ("nobody", MADE + HOUR, "solved"), customer_id="u2")
    assert asked(ledger, MADE + 2 * HOUR) == []
    assert asked(ledger, MADE + 2 * HOUR) == []
    assert sorted(made.unasked.values_list("reason", flat=True)) == ["no_address", "spam"]


def test_a_source_without_history_tells_it_by_the_ticket(ledger: Ledger) -> None:
    survey("csat", trigger="ticket", way="mail")
    customer = {"id": "u1", "contact_points": MAIL}
    ledger.inbox.put("customer", [customer], source="zendesk")
    row = {"id": "t", "created_at": MADE, "customer_id": "u1", "resolved_at": MADE + HOUR}
    ledger.inbox.put("ticket", [row], source="zendesk")
    assert asked(ledger, MADE) == []
    assert asked(ledger, MADE + 2 * HOUR) == ["t"]


def test_without_a_survey_the_record_is_not_looked_at(ledger: Ledger) -> None:
    survey("csat", trigger="ticket", way="mail", is_active=False)

    class Unread:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(name)

    from sanjeh.apps.surveys.solved import ask

    assert ask(Unread(), MADE) == []  # type: ignore[arg-type]
