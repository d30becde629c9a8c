"""Answers to surveys and invitations to them: satisfaction, recommendation, effort (S, N, E).

Answers about a conversation or a ticket are refreshed with it. Those about neither (a yearly
question, an answer that only names its invitation) stand in `loose_ratings`, with the same
columns, and are laid beside when asking.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.registry import Tables, fact

COLUMNS = (
    "answer_id", "invite_id", "conversation_id", "ticket_id", "source", "channel", "channel_kind",
    "customer_id", "team_id", "agent_id", "topic_id", "priority", "product", "language", "segment",
    "survey_id", "survey_kind", "survey_scope", "touchpoint", "asked", "submitted_at", "score",
    "score_label", "position", "scale", "expectation", "in_satisfied_set", "excluded_reason",
)  # fmt: skip
USUAL = {"nps": (0.0, 10.0), "ces": (1.0, 7.0)}  # scales of surveys that declare none
EXPECTATIONS = ("below", "met", "exceeded")


def stands_in(score: Any, listed: Any) -> Any:
    """Whether a score is one of a JSON list of scores, such as [4, 5]."""
    whole = score.cast("int64")
    inside = ibis.literal(",") + listed.translate("[] ", "") + ibis.literal(",")
    found = inside.find(ibis.literal(",") + whole.cast("string") + ibis.literal(",")) >= 0
    return found & (whole.cast("float64") == score)


def _written(score: Any) -> Any:
    """A score as a word: 4, or 4.5."""
    tenths = (score * 10.0).round().cast("int64")
    whole = (tenths // 10).cast("int64").cast("string")
    part = (tenths % 10).cast("int64")
    return ibis.cases((part == 0, whole), else_=whole + ibis.literal(".") + part.cast("string"))


def _judged(j: Any, dims: dict[str, Any], asked: Any) -> Any:
    """Answers with the columns above: `j` has the answer's and, as `s_…`, its survey's fields.

    `position`: 0 at the worst end of the scale, 1 at the best. `scale`: its ends, worst first.
    """
    kind = j.s_kind.fill_null("csat")
    usual = {
        end: ibis.cases(*[(kind == k, ends[place]) for k, ends in USUAL.items()], else_=other)
        for place, (end, other) in enumerate((("low", 1.0), ("high", 5.0)))
    }
    low = j.s_low.fill_null(usual["low"])
    high = j.s_high.fill_null(usual["high"])
    is_reversed = (j.s_polarity == "low_good").fill_null(False)
    score = j.score.cast("float64")
    straight = (score - low) / (high - low).nullif(0.0)
    position = ibis.cases((is_reversed, 1.0 - straight), else_=straight)
    # Ease, not effort: where low is good the scale is turned round.
    turned = ibis.cases((is_reversed, low + high - score), else_=score)
    ends = low.cast("int64").cast("string"), high.cast("int64").cast("string")
    chosen = text.key(j.choice)
    by_score = ibis.cases(
        (position > 0.5, "exceeded"), (position == 0.5, "met"), (position < 0.5, "below")
    )
    expectation = ibis.cases((chosen.isin(EXPECTATIONS), chosen), else_=by_score)
    says = ibis.cases((kind == "expectation", expectation))
    return j.select(
        "source",
        **dims,
        answer_id=j.id,
        invite_id=j.invite_id,
        language=j.language if "language" in j.columns else ibis.null("string"),
        survey_id=j.survey_id,
        survey_kind=kind,
        survey_scope=j.s_scope,
        touchpoint=text.key(ibis.coalesce(j.touchpoint, j.s_touchpoint)),
        asked=asked,
        submitted_at=j.submitted_at,
        score=turned,
        score_label=_written(turned),
        position=position,
        scale=ends[0] + ibis.literal("-") + ends[1],
        expectation=says,
        in_satisfied_set=ibis.cases((j.s_satisfied.notnull(), stands_in(score, j.s_satisfied))),
        excluded_reason=ibis.coalesce(
            j.excluded_reason,
            ibis.cases(
                ((kind == "expectation") & says.isnull(), "no answer that tells"),
                ((kind != "expectation") & score.isnull(), "no score"),
                ((score < low) | (score > high), "score outside the scale"),
                ((kind == "nps") & ((low != 0.0) | (high != 10.0)), "not on a scale of 0 to 10"),
            ),
        ),
    ).select(COLUMNS)


def _answers(t: Tables) -> Any:
    """Answers with their survey's fields."""
    r, s = t["survey_response"], t["survey"]
    s = s.select(
        s_id=s.id, s_kind=s.kind, s_satisfied=s.satisfied, s_low=s.scale_min.cast("float64"),
        s_high=s.scale_max.cast("float64"), s_polarity=s.polarity, s_scope=s.scope,
        s_touchpoint=s.touchpoint,
    )  # fmt: skip
    return r.left_join(s, r.survey_id == s.s_id).drop("s_id")


def _about(t: Tables, rows: Any) -> Any:
    """Rows that name a conversation or a ticket, with what is known of it as `about_…`."""
    c, k = t["contacts"], t["tickets"]
    c = c.filter(c.is_last)
    shared = ("team_id", "agent_id", "topic_id", "priority", "product")
    c = c.select(
        talk_id="conversation_id", talk_ticket="ticket_id", talk_channel="channel",
        talk_kind="channel_kind", talk_customer="customer_id", talk_segment="segment",
        talk_language="language", talk_reason="excluded_reason",
        **{f"talk_{name}": name for name in shared},
    )  # fmt: skip
    k = k.select(
        k_id="ticket_id", k_channel="channel", k_kind="channel_kind", k_customer="customer_id",
        k_reason="excluded_reason", **{f"k_{name}": name for name in shared},
    )  # fmt: skip
    j = rows.filter(rows.conversation_id.notnull() | rows.ticket_id.notnull())
    j = j.left_join(c, j.conversation_id == c.talk_id)
    j = j.mutate(about_ticket=ibis.coalesce(j.ticket_id, j.talk_ticket))
    j = j.left_join(k, j.about_ticket == k.k_id)
    agent = [j.agent_id] if "agent_id" in j.columns else []
    return j.mutate(
        about_channel=ibis.coalesce(j.talk_channel, j.k_channel),
        about_kind=ibis.coalesce(j.talk_kind, j.k_kind),
        about_customer=ibis.coalesce(j.talk_customer, j.customer_id, j.k_customer),
        about_agent=ibis.coalesce(*agent, j.talk_agent_id, j.k_agent_id),
        about_reason=ibis.coalesce(j.talk_reason, j.k_reason),
        language=j.talk_language,
        **{
            f"about_{name}": ibis.coalesce(j[f"talk_{name}"], j[f"k_{name}"])
            for name in shared
            if name != "agent_id"
        },
    )


def _dims(j: Any, segment: Any) -> dict[str, Any]:
    return {
        "conversation_id": j.conversation_id, "ticket_id": j.about_ticket,
        "channel": j.about_channel, "channel_kind": j.about_kind, "customer_id": j.about_customer,
        "team_id": j.about_team_id, "agent_id": j.about_agent, "topic_id": j.about_topic_id,
        "priority": j.about_priority, "product": j.about_product, "segment": segment,
    }  # fmt: skip


@fact(
    grain="one answer to a survey, about a conversation or ticket",
    key="conversation_id",
    lies_by=("submitted_at",),
)
def survey_ratings(t: Tables) -> Any:
    """Every answer with its place on its scale, and the last and first of each conversation.

    `is_last`, `is_first`: among the valid answers to one survey, at one touchpoint, about one
    conversation or ticket. Credited to the survey's own agent, else to who had the conversation
    last.
    """
    j = _about(t, _answers(t))
    j = j.mutate(excluded_reason=j.about_reason)
    asked = ibis.literal("transactional")
    segment = ibis.coalesce(text.key(j.segment_snapshot), j.talk_segment)
    rows = _judged(j, _dims(j, segment), asked)
    about = [ibis.coalesce(rows.conversation_id, rows.ticket_id), rows.survey_id, rows.touchpoint]
    is_valid = rows.excluded_reason.isnull()
    by = [*about, is_valid]
    late = ibis.window(group_by=by, order_by=[rows.submitted_at.desc(), rows.answer_id.desc()])
    early = ibis.window(group_by=by, order_by=[rows.submitted_at, rows.answer_id])
    return rows.mutate(
        is_last=ibis.row_number().over(late) == 0, is_first=ibis.row_number().over(early) == 0
    )


@fact(
    grain="one answer to a survey, about no one conversation",
    scope="whole",
    reads=("survey_response", "survey_invite"),
)
def loose_ratings(t: Tables) -> Any:
    """Answers that name neither a conversation nor a ticket; their invitation may."""
    j = _answers(t)
    j = j.filter(j.conversation_id.isnull() & j.ticket_id.isnull())
    i = t["survey_invite"]
    i = i.select(
        i_id=i.id, i_customer=i.customer_id,
        is_after=i.conversation_id.notnull() | i.ticket_id.notnull(),
    )  # fmt: skip
    j = j.left_join(i, j.invite_id == i.i_id)
    nothing = ibis.null("string")
    j = j.mutate(excluded_reason=nothing)
    names = (
        "conversation_id", "ticket_id", "channel", "channel_kind", "team_id", "topic_id",
        "priority", "product",
    )  # fmt: skip
    dims: dict[str, Any] = dict.fromkeys(names, nothing)
    dims |= {
        "customer_id": ibis.coalesce(j.customer_id, j.i_customer), "agent_id": j.agent_id,
        "segment": text.key(j.segment_snapshot),
    }  # fmt: skip
    asked = ibis.cases((j.is_after.fill_null(False), "transactional"), else_="relationship")
    rows = _judged(j, dims, asked)
    return rows.mutate(is_last=ibis.literal(True), is_first=ibis.literal(True))


INVITED = (
    "invite_id", "conversation_id", "ticket_id", "source", "channel", "channel_kind",
    "customer_id", "team_id", "agent_id", "topic_id", "priority", "product", "segment",
    "survey_id", "survey_kind", "touchpoint", "sent_at", "answered_at", "excluded_reason",
)  # fmt: skip


def _invitations(t: Tables, answers: Any) -> Any:
    """Invitations with their survey, and the first of the answers that names them."""
    i, s, r = t["survey_invite"], t["survey"], answers
    s = s.select(s_id=s.id, survey_kind=s.kind, s_touchpoint=text.key(s.touchpoint))
    r = r.filter(r.invite_id.notnull())
    r = r.group_by(r_invite=r.invite_id).agg(answered_at=r.submitted_at.min())
    j = i.left_join(s, i.survey_id == s.s_id).left_join(r, i.id == r.r_invite)
    return j.drop("s_id", "r_invite").rename(sent_by="channel")


def _invited(j: Any, dims: dict[str, Any], excluded: Any) -> Any:
    return j.select(
        "source", "survey_id", "sent_at", "answered_at",
        invite_id=j.id,
        **{n: c for n, c in dims.items() if n != "channel"},
        channel=ibis.coalesce(text.key(j.sent_by), dims["channel"]),
        survey_kind=j.survey_kind.fill_null("csat"),
        touchpoint=j.s_touchpoint,
        excluded_reason=excluded,
    ).select(INVITED)  # fmt: skip


@fact(
    grain="one invitation, after a conversation or ticket",
    key="conversation_id",
    lies_by=("sent_at",),
)
def survey_invitations(t: Tables) -> Any:
    """Invitations to surveys and when they were answered (S1.6).

    An answer that names no invitation answers the first one to its survey about the same
    conversation or ticket. Answers that name an invitation and nothing else are laid beside when
    asking.
    """
    r = t["survey_response"]
    r = r.filter(r.conversation_id.notnull() | r.ticket_id.notnull())
    j = _about(t, _invitations(t, r))
    near = ibis.window(
        group_by=[j.conversation_id, j.about_ticket, j.survey_id], order_by=[j.sent_at, j.id]
    )
    j = j.mutate(place=ibis.row_number().over(near))
    r = r.filter(r.invite_id.isnull())
    r = r.group_by(r_survey=r.survey_id, r_about=ibis.coalesce(r.conversation_id, r.ticket_id)).agg(
        unnamed_at=r.submitted_at.min()
    )
    j = j.mutate(about=ibis.coalesce(j.conversation_id, j.ticket_id))
    j = j.left_join(r, [j.survey_id == r.r_survey, j.about == r.r_about])
    unnamed = ibis.cases(((j.place == 0) & (j.unnamed_at >= j.sent_at), j.unnamed_at))
    j = j.mutate(answered_at=ibis.coalesce(j.answered_at, unnamed))
    return _invited(j, _dims(j, j.talk_segment), j.about_reason)


@fact(
    grain="one invitation about no one conversation",
    scope="whole",
    reads=("survey_invite", "survey_response"),
)
def loose_invitations(t: Tables) -> Any:
    """Invitations that name neither a conversation nor a ticket."""
    j = _invitations(t, t["survey_response"])
    j = j.filter(j.conversation_id.isnull() & j.ticket_id.isnull())
    nothing = ibis.null("string")
    names = (
        "conversation_id", "ticket_id", "channel", "channel_kind", "team_id", "agent_id",
        "topic_id", "priority", "product", "segment",
    )  # fmt: skip
    dims: dict[str, Any] = dict.fromkeys(names, nothing)
    return _invited(j, {**dims, "customer_id": j.customer_id}, nothing)


@fact(grain="one touchpoint", scope="whole", reads=("survey_response",))
def touchpoints(t: Tables) -> Any:
    """Points of the journey that some survey asks at, from their first answer on (S3)."""
    s, r = t["survey"], t["survey_response"]
    s = s.filter(s.active.fill_null(True))
    rows = ibis.union(
        s.select(source=s.source, touchpoint=text.key(s.touchpoint)),
        r.select(source=r.source, touchpoint=text.key(r.touchpoint)),
        distinct=True,
    )
    rows = rows.filter(rows.touchpoint.notnull())
    return rows.mutate(defined_at=ibis.literal(0).cast("int64"), dropped_at=ibis.null("int64"))
