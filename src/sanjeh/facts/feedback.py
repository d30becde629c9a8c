"""What customers said unasked, what was done about it, and who the customers are (S1.3, S4, S5).

Feedback given in a conversation is refreshed with it; other feedback stands in `loose_feedback`.
Actions name feedback only, so they stand apart, a row each matter, and join when asking.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.registry import Tables, fact

COLUMNS = (
    "feedback_id", "conversation_id", "ticket_id", "source", "channel", "channel_kind",
    "customer_id", "team_id", "agent_id", "topic_id", "priority", "product", "segment",
    "given_at", "feedback_source", "feedback_kind", "sentiment", "excluded_reason",
)  # fmt: skip
SIGNS = (
    "case_id", "conversation_id", "ticket_id", "source", "channel", "channel_kind", "customer_id",
    "team_id", "agent_id", "topic_id", "priority", "product", "segment", "signed_at", "told_by",
    "position", "excluded_reason",
)  # fmt: skip
SEVERAL = ("told_by", "agent", "team", "topic", "category", "topic_class", "segment", "customer")
TRAITS = ("age_band", "gender", "country")


def _given(f: Any, dims: dict[str, Any]) -> Any:
    """The columns above; what its source took back is left out, with that reason."""
    taken_back = ibis.cases((f.deleted_at.notnull(), "deleted"))
    dims = {**dims, "excluded_reason": ibis.coalesce(taken_back, dims["excluded_reason"])}
    return f.select(
        "source",
        **dims,
        feedback_id=f.id,
        given_at=f["at"],
        feedback_source=text.key(f.origin),
        feedback_kind=f.kind,
        sentiment=f.sentiment,
    ).select(COLUMNS)


@fact(grain="one piece of feedback in a conversation", key="conversation_id", lies_by=("given_at",))
def feedback_given(t: Tables) -> Any:
    """Complaints, praise and suggestions, with the conversation that they were given in."""
    f, c = t["feedback"], t["contacts"]
    c = c.filter(c.is_last)
    c = c.select(
        "ticket_id", "channel", "channel_kind", "team_id", "agent_id", "priority", "product",
        "segment", "excluded_reason", talk_id="conversation_id", talk_customer="customer_id",
        talk_topic="topic_id",
    )  # fmt: skip
    f = f.filter(f.conversation_id.notnull())
    j = f.left_join(c, f.conversation_id == c.talk_id)
    names = (
        "conversation_id", "ticket_id", "channel", "channel_kind", "team_id", "agent_id",
        "priority", "product", "segment", "excluded_reason",
    )  # fmt: skip
    return _given(
        j,
        {n: j[n] for n in names}
        | {
            "customer_id": ibis.coalesce(j.talk_customer, j.customer_id),
            "topic_id": ibis.coalesce(j.topic_id, j.talk_topic),
        },
    )


@fact(grain="one piece of feedback in no conversation", scope="whole", reads=("feedback",))
def loose_feedback(t: Tables) -> Any:
    """Feedback that names no conversation: a letter, a review, a form."""
    f, nothing = t["feedback"], ibis.null("string")
    f = f.filter(f.conversation_id.isnull())
    names = (
        "ticket_id", "channel", "channel_kind", "team_id", "agent_id", "priority", "product",
        "segment", "excluded_reason",
    )  # fmt: skip
    dims: dict[str, Any] = dict.fromkeys(names, nothing)
    own = {n: f[n] for n in ("conversation_id", "customer_id", "topic_id")}
    return _given(f, dims | own)


def _signs(f: Any, r: Any) -> Any:
    """Complaints and negative words, and scores, which the asker holds against a limit."""
    case = ibis.coalesce(f.conversation_id, f.feedback_id)
    is_complaint = (f.feedback_kind == "complaint").fill_null(False)
    f = f.filter(is_complaint | (f.sentiment == "negative").fill_null(False))
    f = f.mutate(
        case_id=case,
        signed_at=f.given_at,
        told_by=ibis.cases((f.feedback_kind == "complaint", "complaint"), else_="negative_words"),
        position=ibis.null("float64"),
    )
    r = r.filter((r.survey_kind == "csat") & r.is_last)
    r = r.mutate(
        case_id=ibis.coalesce(r.conversation_id, r.ticket_id, r.answer_id),
        signed_at=r.submitted_at,
        told_by=ibis.literal("score"),
    )
    return f.select(SIGNS).union(r.select(SIGNS), distinct=False)


@fact(
    grain="one sign of displeasure", key="conversation_id", several=SEVERAL, lies_by=("signed_at",)
)
def complaint_signs(t: Tables) -> Any:
    """Complaints, negative feedback and satisfaction scores about conversations (S1.3).

    `case_id`: what is counted once. `position`: of a score, 0 at the worst end; else null.
    """
    return _signs(t["feedback_given"], t["survey_ratings"])


@fact(
    grain="one sign of displeasure about no one conversation",
    scope="whole",
    reads=("feedback", "survey_response", "survey_invite"),
    several=SEVERAL,
)
def loose_signs(t: Tables) -> Any:
    """The same of feedback and answers that name neither conversation nor ticket."""
    return _signs(t["loose_feedback"], t["loose_ratings"])


@fact(grain="one feedback acted on", scope="whole", reads=("feedback_action",))
def feedback_actions(t: Tables) -> Any:
    """When something was first done about feedback, and the first decision it led to."""
    a = t["feedback_action"]
    return a.group_by(acted_on=a.feedback_id).agg(
        acted_at=a["at"].min(),
        product_ref=a.product_ref.min(),
        action_count=a.count(),
    )


@fact(grain="one customer", scope="whole", reads=("customer",))
def customer_traits(t: Tables) -> Any:
    """Account, country, age band, gender and language of customers who have any of them (S1.4)."""
    p = t["customer"]
    said = {name: _trait(p.demographics, name) for name in (*TRAITS, "language")}
    rows = p.select(
        of_customer=p.id,
        customer_account=p.account_id,
        **{name: text.key(value) for name, value in said.items() if name != "language"},
        customer_language=text.key(said["language"]),
    )
    return rows.filter(ibis.or_(*(rows[c].notnull() for c in rows.columns if c != "of_customer")))


def _trait(listed: Any, name: str) -> Any:
    """The text of one field of a JSON object; null where it has none."""
    field = f'"{name}": *"([^"]*)"'
    found = listed.re_replace(f"(?s)^.*{field}.*$", r"\1")
    return ibis.cases((listed.re_search(field), found))
