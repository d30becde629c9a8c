"""The voice of the customer: surveys, feedback, care for accounts (catalogue 3.6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sanjeh.ledger.kinds import fields as a
from sanjeh.ledger.kinds.registry import Record, record_kind


@record_kind("survey")
class Survey(Record):
    """A question put to customers, with its scale."""

    id: str = a.text("the survey's id")
    kind: str | None = a.text("what it asks for", choices="csat nps ces expectation custom")
    question: str | None = a.text("the question")
    statement: str | None = a.text("the statement to agree with")
    scale_min: float | None = a.number("lowest score", unit="score")
    scale_max: float | None = a.number("highest score", unit="score")
    satisfied: Any = a.json("list of the scores that count as satisfied")
    polarity: str | None = a.text("whether a high score is good", choices="high_good low_good")
    scope: str | None = a.text("what it is about", choices="support website journey product")
    touchpoint: str | None = a.text("at which point of the journey it is asked")
    active: bool | None = a.flag("whether it is being asked")


@record_kind("survey_invite", at="sent_at")
class SurveyInvite(Record):
    """A survey sent to one customer."""

    id: str = a.text("the invitation's id")
    survey_id: str | None = a.text("which survey", ref="survey")
    customer_id: str | None = a.text("to whom", ref="customer")
    conversation_id: str | None = a.text("after which conversation", ref="conversation")
    ticket_id: str | None = a.text("after which ticket", ref="ticket")
    sent_at: dt.datetime | None = a.instant("when")
    channel: str | None = a.text("the code of the channel it went by")


@record_kind("survey_response", at="submitted_at")
class SurveyResponse(Record):
    """One answer to a survey."""

    id: str = a.text("the answer's id")
    invite_id: str | None = a.text("the invitation it answers", ref="survey_invite")
    survey_id: str | None = a.text("which survey", ref="survey")
    customer_id: str | None = a.text("who answered", ref="customer")
    conversation_id: str | None = a.text("about which conversation", ref="conversation")
    ticket_id: str | None = a.text("about which ticket", ref="ticket")
    agent_id: str | None = a.text("about which agent", ref="agent")
    touchpoint: str | None = a.text("at which point of the journey")
    submitted_at: dt.datetime | None = a.instant("when")
    score: float | None = a.number("the score, on the survey's scale", unit="score")
    choice: str | None = a.text("the option chosen")
    emotion: str | None = a.text("the feeling chosen")
    comment: str | None = a.text("what the customer wrote", apart=True)
    segment_snapshot: str | None = a.text("the customer's segment at the time")


@record_kind("feedback", at="at")
class Feedback(Record):
    """A complaint, praise or suggestion."""

    id: str = a.text("the feedback's id")
    customer_id: str | None = a.text("whose", ref="customer")
    conversation_id: str | None = a.text("in which conversation", ref="conversation")
    at: dt.datetime | None = a.instant("when")
    origin: str | None = a.text("where it was given (the catalogue's `source`)")
    kind: str | None = a.text("which sort", choices="complaint praise suggestion")
    sentiment: str | None = a.text("its tone", choices="positive negative constructive neutral")
    topic_id: str | None = a.text("about what", ref="topic")
    text: str | None = a.text("what was said", apart=True)
    status: str | None = a.text("how far it has been dealt with")


@record_kind("feedback_action", at="at")
class FeedbackAction(Record):
    """What was done about feedback."""

    id: str = a.text("the action's id")
    feedback_id: str | None = a.text("about which feedback", ref="feedback")
    at: dt.datetime | None = a.instant("when")
    actor_id: str | None = a.text("who did it", ref="agent")
    action: str | None = a.text("what was done")
    result: str | None = a.text("what came of it", apart=True)
    product_ref: str | None = a.text("the change of the product it led to")


@record_kind("success_activity", at="at")
class SuccessActivity(Record):
    """A deliberate contact with an account to make it succeed."""

    id: str = a.text("the activity's id")
    account_id: str | None = a.text("with which account", ref="account")
    agent_id: str | None = a.text("by whom", ref="agent")
    at: dt.datetime | None = a.instant("when")
    kind: str | None = a.text("call, visit, review, …")
    notes: str | None = a.text("what was said", apart=True)
    need_text: str | None = a.text("what the account needs", apart=True)
    goal: str | None = a.text("what it wants to reach")
    goal_met: bool | None = a.flag("whether it has reached it")
