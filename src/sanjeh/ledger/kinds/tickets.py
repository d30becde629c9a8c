"""Tickets and their history (catalogue 3.4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sanjeh.ledger.kinds import fields as a
from sanjeh.ledger.kinds.registry import Record, record_kind

_TARGETS = {"conversation": "conversation", "ticket": "ticket"}
_CHANGED_THINGS = {
    "assigned": "agent",
    "team_changed": "team",
    "topic_changed": "topic",
    "merged": "ticket",
    "unmerged": "ticket",
    "split": "ticket",
    "linked": "ticket",
}


@record_kind("ticket", at="created_at")
class Ticket(Record):
    """A request for support, followed until it is settled."""

    id: str = a.text("the ticket's id")
    number: str | None = a.text("the number people call it by")
    subject: str | None = a.text("its heading", apart=True)
    customer_id: str | None = a.text("who asked", ref="customer")
    account_id: str | None = a.text("for which account", ref="account")
    channel_first: str | None = a.text("the code of the channel it came by")
    origin: str | None = a.text("customer, agent (outbound), followup, …")
    created_at: dt.datetime | None = a.instant("when it came")
    created_by_type: str | None = a.text("who wrote it down", choices="customer agent bot system")
    topic_id: str | None = a.text("its primary topic", ref="topic")
    complexity: str | None = a.text("how hard it is", choices="low medium high")
    priority: str | None = a.text("how urgent it is: low, normal, high, urgent")
    assignee_id: str | None = a.text("the agent who has it", ref="agent")
    team_id: str | None = a.text("the team that has it", ref="team")
    department_id: str | None = a.text("the department that has it", ref="department")
    queue: str | None = a.text("the queue it stands in")
    product: str | None = a.text("the product it is about")
    feature: str | None = a.text("the feature it is about")
    version: str | None = a.text("the product's version it is about")
    language: str | None = a.text("the language spoken")
    status: str | None = a.text("its present status; only for sources without history")
    resolved_at: dt.datetime | None = a.instant("when it was solved; for sources without history")
    closed_at: dt.datetime | None = a.instant("when it was closed; for sources without history")
    closed_reason: str | None = a.text("why it was closed")
    parent_id: str | None = a.text("the ticket it follows or was split from", ref="ticket")
    linked_ids: list[str] | None = a.texts("tickets linked to it", ref="ticket")
    merged_into_id: str | None = a.text("the ticket it was merged into", ref="ticket")
    is_spam: bool | None = a.flag("whether it is spam")
    is_test: bool | None = a.flag("whether it is a test")
    needs_reply: bool | None = a.flag("whether it calls for an answer")
    sla_policy_snapshot: Any = a.json("the targets promised when it came")


@record_kind("ticket_event", at="at")
class TicketEvent(Record):
    """Something changed on a ticket."""

    id: str = a.text("the event's id")
    ticket_id: str | None = a.text("on which ticket", ref="ticket")
    at: dt.datetime | None = a.instant("when")
    type: str | None = a.text(
        "what happened",
        choices="created assigned team_changed status_changed priority_changed topic_changed "
        "complexity_changed channel_changed merged unmerged split linked deleted restored "
        "field_changed",
    )
    field: str | None = a.text("which of the ticket's other fields, where `type` is field_changed")
    from_: str | None = a.text("what it was before", ref_by="type", ref_kinds=_CHANGED_THINGS)
    to: str | None = a.text(
        "what it is now; a status is new, open, pending_customer, on_hold, solved or closed",
        ref_by="type",
        ref_kinds=_CHANGED_THINGS,
    )
    actor_type: str | None = a.text("who did it", choices="customer agent bot system")
    actor_id: str | None = a.text("the person or bot that did it", ref_by="actor_type")
    reason: str | None = a.text("why")


@record_kind("worklog", at="started_at")
class Worklog(Record):
    """Time an agent worked on a ticket."""

    id: str = a.text("the entry's id")
    ticket_id: str | None = a.text("on which ticket", ref="ticket")
    agent_id: str | None = a.text("who worked", ref="agent")
    started_at: dt.datetime | None = a.instant("from when")
    ended_at: dt.datetime | None = a.instant("until when")
    seconds: float | None = a.number("how long", unit="s")
    origin: str | None = a.text(
        "how it was measured (the catalogue's `source`)", choices="timer manual derived"
    )


@record_kind("escalation", at="at")
class Escalation(Record):
    """A matter taken to a level above."""

    id: str = a.text("the escalation's id")
    ticket_id: str | None = a.text("of which ticket", ref="ticket")
    conversation_id: str | None = a.text("of which conversation", ref="conversation")
    at: dt.datetime | None = a.instant("when")
    initiator: str | None = a.text("who wanted it", choices="customer agent auto")
    reason: str | None = a.text("why")
    from_level: str | None = a.text("the level that gave it")
    to_level: str | None = a.text("the level that got it")
    from_agent: str | None = a.text("the agent who gave it", ref="agent")
    to_agent: str | None = a.text("the agent who got it", ref="agent")
    resolved_at: dt.datetime | None = a.instant("when it was settled")


@record_kind("escalation_matrix")
class EscalationMatrix(Record):
    """Who is called when, for one scope."""

    id: str = a.text("the matrix's id")
    scope: Any = a.json("what it holds for: {channel, team, topic, segment}")


@record_kind("escalation_level")
class EscalationLevel(Record):
    """One rung of an escalation matrix."""

    id: str = a.text("the level's id")
    matrix_id: str | None = a.text("of which matrix", ref="escalation_matrix")
    order: int | None = a.integer("which rung, from 1")
    role: str | None = a.text("the role called")
    agent_id: str | None = a.text("the agent called", ref="agent")
    max_minutes: float | None = a.number("how long it may rest here", unit="min")
    trigger: str | None = a.text("what brings it here")


@record_kind("vendor_figure")
class VendorFigure(Record):
    """What the helpdesk itself counted on one ticket or conversation, to hold ours against."""

    id: str = a.text("the figure's id")
    vendor: str | None = a.text("who counted", choices="zendesk intercom chatwoot")
    target_type: str | None = a.text("on what", choices="conversation ticket")
    target_id: str | None = a.text("on which", ref_by="target_type", ref_kinds=_TARGETS)
    measure: str | None = a.text(
        "what was counted",
        choices="first_response reply_time first_resolution final_resolution resolution "
        "reopenings replies assignments team_changes csat",
    )
    value: float | None = a.number("the figure, in `unit`")
    unit: str | None = a.text("unit of the figure", choices="seconds minutes count score")
    clock: str | None = a.text("which clock", choices="calendar business")
    from_at: dt.datetime | None = a.instant("from when it was counted, where the vendor tells")
    to_at: dt.datetime | None = a.instant("until when it was counted, where the vendor tells")
    complete: bool | None = a.flag(
        "whether everything it was counted from has come in; false is history incomplete"
    )
