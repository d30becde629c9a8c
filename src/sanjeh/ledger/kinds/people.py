"""People, customers and organisation (catalogue 3.1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sanjeh.ledger.kinds import fields as a
from sanjeh.ledger.kinds.registry import Record, record_kind


@record_kind("account")
class Account(Record):
    """A customer organisation."""

    id: str = a.text("the account's id")
    name: str | None = a.text("the company's name")
    class_: str | None = a.text("class or tier of the account")
    is_key: bool | None = a.flag("whether it is a key account")
    key_class: str | None = a.text("which class of key account")
    key_since: dt.datetime | None = a.instant("since when it has been a key account")
    manager_agent_id: str | None = a.text("the agent who looks after it", ref="agent")
    sla_agreement_id: str | None = a.text("the agreement that holds for it", ref="sla_agreement")
    industry: str | None = a.text("its line of business")
    size: int | None = a.integer("how many people it has", unit="people")
    active_from: dt.datetime | None = a.instant("when it became a customer")
    active_to: dt.datetime | None = a.instant("when it stopped being one")


@record_kind("customer", person=True)
class Customer(Record):
    """A person who asks for help."""

    id: str = a.text("the customer's id")
    account_id: str | None = a.text("the account that the person belongs to", ref="account")
    display_name: str | None = a.text("the person's name", apart=True)
    contact_points: Any = a.json("list of {channel, address}", apart=True)
    created_at: dt.datetime | None = a.instant("when the customer became known")
    demographics: Any = a.json("{age_band, gender, country, language}")
    segment_history: Any = a.json("list of {segment, from, to}")


@record_kind("subscription")
class Subscription(Record):
    """A running contract of an account."""

    id: str = a.text("the subscription's id")
    account_id: str | None = a.text("whose it is", ref="account")
    plan: str | None = a.text("the plan's name")
    started_at: dt.datetime | None = a.instant("when it began")
    ended_at: dt.datetime | None = a.instant("when it ended; null while it runs")
    mrr: float | None = a.number("monthly recurring revenue", unit="money")
    currency: str | None = a.text("ISO 4217 code of the money")
    cancel_reason: str | None = a.text("why it was cancelled")


@record_kind("revenue_event", at="at")
class RevenueEvent(Record):
    """Money booked from an account or a customer."""

    id: str = a.text("the booking's id")
    account_id: str | None = a.text("the account that paid", ref="account")
    customer_id: str | None = a.text("the person who paid", ref="customer")
    at: dt.datetime | None = a.instant("when it was booked")
    amount: float | None = a.number("how much", unit="money")
    currency: str | None = a.text("ISO 4217 code of the money")
    margin_pct: float | None = a.number("margin on it", unit="percent")
    kind: str | None = a.text("what it was for")
    refunded: bool | None = a.flag("whether it was given back")


@record_kind("usage_snapshot", key=("account_id", "at"), at="at")
class UsageSnapshot(Record):
    """How much of the product an account used, as seen at one moment."""

    account_id: str = a.text("whose use", ref="account")
    at: dt.datetime = a.instant("when it was looked at")
    features_used: int | None = a.integer("features in use", unit="features")
    features_available: int | None = a.integer("features on offer", unit="features")


@record_kind("agent", person=True)
class Agent(Record):
    """A person who answers."""

    id: str = a.text("the agent's id")
    name: str | None = a.text("the agent's name", apart=True)
    role: str | None = a.text(
        "what the agent does",
        choices="agent senior lead manager qa_analyst sme success onboarding trainer",
    )
    team_id: str | None = a.text("the agent's team", ref="team")
    department_id: str | None = a.text("the agent's department", ref="department")
    skills: list[str] | None = a.texts("what the agent can do")
    languages: list[str] | None = a.texts("the languages the agent answers in")
    channels: list[str] | None = a.texts("the channels the agent serves")
    max_concurrency: int | None = a.integer("conversations at once, at most", unit="conversations")
    hired_at: dt.datetime | None = a.instant("when the agent came")
    left_at: dt.datetime | None = a.instant("when the agent left")
    active: bool | None = a.flag("whether the agent works now")


@record_kind("team")
class Team(Record):
    """A group of agents."""

    id: str = a.text("the team's id")
    name: str | None = a.text("the team's name")
    calendar_id: str | None = a.text("its open hours", ref="business_calendar")
    parent_id: str | None = a.text("the team above it", ref="team")
    department_id: str | None = a.text("the department it belongs to", ref="department")


@record_kind("department")
class Department(Record):
    """A part of the organisation, above teams."""

    id: str = a.text("the department's id")
    name: str | None = a.text("the department's name")
    calendar_id: str | None = a.text("its open hours", ref="business_calendar")
    parent_id: str | None = a.text("the department above it", ref="department")


@record_kind("agent_status_event", key=("agent_id", "at", "status"), at="at")
class AgentStatusEvent(Record):
    """An agent's presence changed."""

    agent_id: str = a.text("whose presence", ref="agent")
    at: dt.datetime = a.instant("when it changed")
    status: str = a.text("what it changed to", choices="available busy away break training offline")
    reason: str | None = a.text("why")


@record_kind("shift", at="start")
class Shift(Record):
    """A planned stretch of work of one agent."""

    id: str = a.text("the shift's id")
    agent_id: str | None = a.text("who works", ref="agent")
    start: dt.datetime | None = a.instant("when it starts")
    end: dt.datetime | None = a.instant("when it ends")
    kind: str | None = a.text("which kind of shift", choices="day night weekend holiday")
    channels: list[str] | None = a.texts("which channels it serves")
    note: str | None = a.text("a remark on it", apart=True)


@record_kind("absence", key=("agent_id", "start"))
class Absence(Record):
    """A stretch in which an agent is away."""

    agent_id: str = a.text("who is away", ref="agent")
    start: dt.datetime = a.instant("from when")
    end: dt.datetime | None = a.instant("until when")
    kind: str | None = a.text("leave, illness, …")
