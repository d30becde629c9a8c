"""Records of tickets: their history, the time worked on them, escalations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from sanjeh.simulation.columns import chosen, identifiers, repeated
from sanjeh.simulation.customers import Customers
from sanjeh.simulation.happened import Happened
from sanjeh.simulation.log import ACTORS
from sanjeh.simulation.probabilities import COMPLEXITIES
from sanjeh.simulation.shops.shop import DEPARTMENT_OF_TEAM, TEAMS, TOPICS

ESCALATION_REASONS: Final = {"customer": "unsatisfactory_response", "agent": "beyond my level"}


def tickets(h: Happened, c: Customers) -> Iterator[tuple[str, pa.Table]]:
    """The records of tickets and what hangs on them."""
    made = h.log.tickets
    contact = np.array([ticket.contact for ticket in made], dtype=np.int64)
    latest = _latest(h)
    size = len(made)
    team = np.array([latest.get((n, "team_changed"), made[n].opening_team) for n in range(size)])
    assignee = np.array([latest.get((n, "assigned"), -1) for n in range(size)], dtype=np.int64)
    raised = np.array([(n, "priority_changed") in latest for n in range(size)], dtype=np.bool_)
    shop = h.timeline.shop
    account = c.account[h.customer[contact]]
    yield (
        "ticket",
        pa.table(
            {
                "id": identifiers("t", np.arange(size), 6),
                "number": identifiers("#", np.arange(size) + 1),
                "subject": chosen(h.topic[contact], [shop.words.topics[t.id] for t in TOPICS]),
                "customer_id": identifiers("cu", h.customer[contact], 5),
                "account_id": identifiers("acc", account, 4, account >= 0),
                "channel_first": chosen(h.channel[contact], [ch.code for ch in shop.channels]),
                "origin": repeated("customer", size),
                "created_at": h.clock.instants(np.array([ticket.created for ticket in made])),
                "created_by_type": chosen([ticket.by for ticket in made], ACTORS),
                "topic_id": chosen(h.topic[contact], [topic.id for topic in TOPICS]),
                "complexity": chosen(h.complexity[contact], COMPLEXITIES),
                "priority": chosen(
                    np.where(raised, 2, [int(ticket.is_urgent) for ticket in made]),
                    ("normal", "urgent", "high"),
                ),
                "assignee_id": identifiers("ag", assignee, 2, assignee >= 0),
                "team_id": chosen(team, TEAMS),
                "department_id": chosen(team, DEPARTMENT_OF_TEAM),
                "product": chosen(
                    h.topic[contact], [shop.words.products[topic.product] for topic in TOPICS]
                ),
                "language": repeated(shop.locale, size),
            }
        ),
    )
    yield "ticket_event", _events(h)
    yield "worklog", _worklogs(h)
    yield "escalation", _escalations(h)


def _latest(h: Happened) -> dict[tuple[int, str], int]:
    """Place of the agent or team that each ticket had last by the cut."""
    found: dict[tuple[int, str], int] = {}
    for number, at, type_, _, to, _, _ in sorted(h.log.ticket_events, key=lambda e: e[1]):
        if at <= h.clock.cut and type_ in ("assigned", "team_changed"):
            found[number, type_] = int(to or -1)
        elif at <= h.clock.cut and type_ == "priority_changed":
            found[number, type_] = 1
    return found


def _named(type_: str, value: str | None) -> str | None:
    """The id that stands in an event, from the place that the log keeps."""
    if value is None:
        return None
    match type_:
        case "assigned":
            return f"ag{int(value):02d}"
        case "team_changed":
            return TEAMS[int(value)]
        case "topic_changed":
            return TOPICS[int(value)].id
        case _:
            return value


def _events(h: Happened) -> pa.Table:
    """The history; within a ticket the log's own order is the order of one instant."""
    rows = [event for event in h.log.ticket_events if event[1] <= h.clock.cut]
    at = np.array([row[1] for row in rows])
    actor = np.array([row[5] for row in rows], dtype=np.int64)
    agent = np.array([row[6] for row in rows], dtype=np.int64)
    return pa.table(
        {
            "id": identifiers("e", np.arange(len(rows)), 7),
            "ticket_id": identifiers("t", [row[0] for row in rows], 6),
            "at": h.clock.instants(at),
            "type": pa.array([row[2] for row in rows], pa.string()),
            "from": pa.array([_named(row[2], row[3]) for row in rows], pa.string()),
            "to": pa.array([_named(row[2], row[4]) for row in rows], pa.string()),
            "actor_type": chosen(actor, ACTORS),
            "actor_id": identifiers("ag", agent, 2, agent >= 0),
            "sequence": pa.array(np.arange(len(rows), dtype=np.int64)),
        }
    )


def _worklogs(h: Happened) -> pa.Table:
    s = h.stretches
    rows = np.flatnonzero((s.ticket >= 0) & (s.left <= h.clock.cut))
    return pa.table(
        {
            "id": identifiers("wl", np.arange(len(rows)), 6),
            "ticket_id": identifiers("t", s.ticket[rows], 6),
            "agent_id": identifiers("ag", s.agent[rows], 2),
            "started_at": h.clock.instants(s.accepted[rows]),
            "ended_at": h.clock.instants(s.left[rows]),
            "seconds": pa.array(np.round(s.left[rows] - s.accepted[rows], 3)),
            "origin": repeated("timer", len(rows)),
        }
    )


def _escalations(h: Happened) -> pa.Table:
    rows = [row for row in h.log.escalations if row[2] <= h.clock.cut]
    solved = np.array([h.log.tickets[row[1]].solved_at for row in rows], dtype=np.float64)
    at = np.array([row[2] for row in rows], dtype=np.float64)
    agent = np.array([row[4] for row in rows], dtype=np.int64)
    by = [row[3] for row in rows]
    return pa.table(
        {
            "id": identifiers("es", np.arange(len(rows)), 6),
            "ticket_id": identifiers("t", [row[1] for row in rows], 6),
            "conversation_id": identifiers("c", [row[0] for row in rows], 6),
            "at": h.clock.instants(at),
            "initiator": pa.array(by, pa.string()),
            "reason": pa.array([ESCALATION_REASONS[who] for who in by], pa.string()),
            "from_level": repeated("1", len(rows)),
            "to_level": repeated("2", len(rows)),
            "from_agent": identifiers("ag", agent, 2),
            "resolved_at": h.clock.instants(np.where(solved > at, solved, np.nan)),
        }
    )
