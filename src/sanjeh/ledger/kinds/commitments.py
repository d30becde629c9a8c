"""Promises, quality and the growth of people (catalogue 3.7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sanjeh.ledger.kinds import fields as a
from sanjeh.ledger.kinds.registry import Record, record_kind


@record_kind("business_calendar", key=("id", "valid_from"))
class BusinessCalendar(Record):
    """Open hours; a change of hours is a further record of the same id with its `valid_from`."""

    id: str = a.text("the calendar's id")
    name: str | None = a.text("the calendar's name")
    tz: str | None = a.text("its zone, an IANA name")
    weekly: Any = a.json('list of {"dow", "from", "to"}: open intervals of the week')
    always_open: bool | None = a.flag("whether it never closes")
    exceptions: Any = a.json('list of {"date", "intervals": [{"from", "to"}]}')
    valid_from: dt.datetime | None = a.instant("since when; null is since ever", optional_key=True)


@record_kind("holiday", key=("calendar_id", "date"))
class Holiday(Record):
    """A day on which a calendar is closed, or open otherwise."""

    calendar_id: str | None = a.text(
        "which calendar; null is all", ref="business_calendar", optional_key=True
    )
    date: dt.date = a.day("the day, in the calendar's zone")
    name: str | None = a.text("the holiday's name")
    kind: str | None = a.text("festival, public")
    open_intervals: Any = a.json('list of {"from", "to"}; empty or null is closed all day')


@record_kind("sla_agreement")
class SlaAgreement(Record):
    """A service level agreement."""

    id: str = a.text("the agreement's id")
    name: str | None = a.text("the agreement's name")
    account_id: str | None = a.text("with which account; null is everybody", ref="account")
    approach: str | None = a.text("by customer, by service, by level")
    media: list[str] | None = a.texts("which channels it covers")
    provider_duties: str | None = a.text("what we promise")
    customer_duties: str | None = a.text("what the customer promises")
    valid_from: dt.datetime | None = a.instant("since when")
    valid_to: dt.datetime | None = a.instant("until when")


@record_kind("sla_clause")
class SlaClause(Record):
    """One target of an agreement."""

    id: str = a.text("the clause's id")
    agreement_id: str | None = a.text("of which agreement", ref="sla_agreement")
    metric: str | None = a.text(
        "what is promised", choices="first_response next_response resolution qa_score csat"
    )
    channel: str | None = a.text("for which channel; null is all")
    priority: str | None = a.text("for which priority; null is all")
    target: float | None = a.number("the target, in `unit`")
    unit: str | None = a.text("unit of the target: seconds, minutes, hours, score, percent")
    basis: str | None = a.text("which clock", choices="calendar business")
    calendar_id: str | None = a.text("which open hours", ref="business_calendar")
    pause_on: list[str] | None = a.texts("statuses in which the clock stands")
    goal_pct: float | None = a.number("how many must meet it", unit="percent")


@record_kind("qa_scorecard")
class QaScorecard(Record):
    """A sheet on which a conversation is graded."""

    id: str = a.text("the scorecard's id")
    name: str | None = a.text("the scorecard's name")
    min_score: float | None = a.number("the least that passes", unit="score")


@record_kind("qa_criterion")
class QaCriterion(Record):
    """One line of a scorecard."""

    id: str = a.text("the criterion's id")
    scorecard_id: str | None = a.text("of which scorecard", ref="qa_scorecard")
    name: str | None = a.text("the criterion's name")
    weight: float | None = a.number("how much it counts")
    critical: bool | None = a.flag("whether failing it fails the whole")
    text: str | None = a.text("what is asked for")


@record_kind("qa_review", at="at")
class QaReview(Record):
    """One conversation graded."""

    id: str = a.text("the review's id")
    conversation_id: str | None = a.text("which conversation", ref="conversation")
    scorecard_id: str | None = a.text("on which scorecard", ref="qa_scorecard")
    agent_id: str | None = a.text("whose work", ref="agent")
    reviewer_id: str | None = a.text("who graded", ref="agent")
    at: dt.datetime | None = a.instant("when")
    scores: Any = a.json("{criterion id: score}")
    comment: str | None = a.text("what the reviewer wrote", apart=True)
    sampled_by: str | None = a.text("how it was picked")


@record_kind("onboarding", at="started_at")
class Onboarding(Record):
    """A new account on its way in."""

    id: str = a.text("the onboarding's id")
    account_id: str | None = a.text("which account", ref="account")
    owner_id: str | None = a.text("who guides it", ref="agent")
    started_at: dt.datetime | None = a.instant("when it began")
    steps: Any = a.json("list of {step, done_at}: account_created, configured, ready, …")
    status: str | None = a.text("how it stands")


@record_kind("training_session", at="at")
class TrainingSession(Record):
    """A lesson, for customers or for staff."""

    id: str = a.text("the session's id")
    audience: str | None = a.text("for whom", choices="customer staff")
    topic_id: str | None = a.text("on what", ref="topic")
    at: dt.datetime | None = a.instant("when")
    hours: float | None = a.number("how long", unit="h")
    trainer_id: str | None = a.text("by whom", ref="agent")
    attendees: Any = a.json("list of {id, completed, score}", apart=True)
    reason_ref: str | None = a.text("the finding it answers")
