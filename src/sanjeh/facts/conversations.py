"""Conversations: one row each, an endless thread cut by its idle gap (V2, V3, AMB-74).

Serves V2, V2.1, V3 to V3.4, A1.1 and Z4. `outcome_class` says what became of a request:
served, missed, pending, bot_only, offline, empty, or an invitation nobody took.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.clocks import opened, stamped
from sanjeh.facts.noise import NEEDS_NO_REPLY
from sanjeh.facts.registry import Tables, fact

REPEATED_WITHIN = 10 * 60 * 1_000_000
REPEATED_LETTERS = 15


@fact(grain="one conversation record", key="conversation_id", kept=False)
def conversation_core(t: Tables) -> Any:
    """What the record itself says, in compared form, with channel kind and idle gap."""
    c, ch = t["conversation"], t["channels"]
    c = c.mutate(channel_key=text.key(c.channel))
    ch = ch.rename(c_key="channel_key")
    c = c.left_join(ch, c.channel_key == ch.c_key)
    teams, chosen = t["team_calendars"], t["default_calendar"]
    c = c.mutate(serving_team=ibis.coalesce(c.team_id, c.department_id))
    teams = teams.rename(calendar_team="team_id")
    c = c.left_join(teams, c.serving_team == teams.calendar_team).cross_join(chosen)
    return c.select(
        conversation_id=c.id,
        ticket_id=c.ticket_id,
        source=c.source,
        channel=c.channel_key,
        channel_kind=c.channel_kind,
        idle_gap=c.idle_gap,
        calendar=ibis.coalesce(c.team_calendar, c.channel_calendar, c.default_calendar),
        customer_id=c.customer_id,
        team_id=c.serving_team,
        topic_id=c.topic_id,
        chat_type=text.key(c.chat_type),
        complexity=text.key(c.complexity),
        priority=text.key(c.priority),
        product=text.key(c["product"]),
        language=text.key(c.language),
        initiation=c.initiation,
        direction=c.direction,
        requested_at=c.requested_at,
        human_requested_at=c.human_requested_at,
        opened_at=ibis.coalesce(c.started_at, c.requested_at, c.queued_at),
        closed_at=c.ended_at,
        end_reason=c.end_reason,
        offline=c.offline.fill_null(False),
        needs_reply=c.needs_reply,
        noise_given=c.noise_reason,
        excluded_reason=ibis.cases(
            (c.is_spam.fill_null(False), "spam"),
            (c.is_test.fill_null(False), "test"),
            (c.merged_into_id.notnull(), "merged into another"),
            (c.deleted_at.notnull(), "deleted"),
        ),
    )


@fact(grain="one public message", key="conversation_id", kept=False)
def spoken_messages(t: Tables) -> Any:
    """Public messages with the stretch of their thread: a new one after each idle gap."""
    m, core = t["message"], t["conversation_core"]
    m = m.filter(m.visibility.fill_null("public") == "public")
    m = m.select(
        "conversation_id",
        "at",
        message_id=m.id,
        author_id=m.author_id,
        order_in=m["sequence"].fill_null(0),
        needs_reply=m.needs_reply,
        is_customer=(m.author_type == "customer").fill_null(False),
        is_human=((m.author_type == "agent") & ~m.is_auto.fill_null(False)).fill_null(False),
        is_bot=m.author_type == "bot",
        is_auto=m.is_auto.fill_null(False),
    )
    threads = core.filter(core.idle_gap.notnull()).select(
        thread_id=core.conversation_id, gap=core.idle_gap
    )
    cut = m.join(threads, m.conversation_id == threads.thread_id)
    near = ibis.window(
        group_by=cut.conversation_id, order_by=[cut["at"], cut.order_in, cut.message_id]
    )
    past = ibis.window(
        group_by=cut.conversation_id,
        order_by=[cut["at"], cut.order_in, cut.message_id],
        preceding=None,
        following=0,
    )
    cut = cut.mutate(
        silence=cut["at"] - cut["at"].lag().over(near),
        answers=cut.is_human & cut.is_customer.lag().over(near).fill_null(False),
    )
    # A late answer stays with the question that it answers.
    cut = cut.mutate(
        part=((cut.silence > cut.gap * 1_000_000) & ~cut.answers)
        .fill_null(False)
        .cast("int64")
        .sum()
        .over(past)
        .cast("int64")
    )
    whole = m.anti_join(threads, m.conversation_id == threads.thread_id)
    columns = [*m.columns, "part"]
    return (
        whole.mutate(part=ibis.literal(0).cast("int64"))
        .select(columns)
        .union(cut.select(columns), distinct=False)
    )


@fact(
    grain="one agent in one conversation",
    key="conversation_id",
    several=("agent",),
    lies_by=("opened_at",),
)
def agent_conversations(t: Tables) -> Any:
    """Agents who sent at least one public message in a conversation (V3.2)."""
    m, core = t["spoken_messages"], t["conversation_core"]
    m = m.filter(m.is_human & m.author_id.notnull())
    rows = m.group_by(["conversation_id", "part", "author_id"]).agg(
        first_message_at=m["at"].min(), message_count=m.count()
    )
    rows = rows.rename(agent_id="author_id")
    c = core.select(
        "conversation_id", "source", "ticket_id", "channel", "channel_kind", "customer_id",
        "team_id", "topic_id", "priority", "excluded_reason", "opened_at",
    )  # fmt: skip
    return rows.join(c, "conversation_id")


@fact(grain="one stretch of a conversation", key="conversation_id", kept=False)
def conversation_talk(t: Tables) -> Any:
    """What was said in each stretch, counted; the first human reply after the customer spoke."""
    m = t["spoken_messages"]
    g = m.group_by(["conversation_id", "part"]).agg(
        first_message_at=m["at"].min(),
        last_message_at=m["at"].max(),
        first_customer_message_at=m["at"].min(where=m.is_customer),
        first_human_message_at=m["at"].min(where=m.is_human),
        customer_message_count=m.count(where=m.is_customer),
        human_message_count=m.count(where=m.is_human),
        bot_message_count=m.count(where=m.is_bot),
        automatic_count=m.count(where=m.is_customer & m.is_auto),
    )
    early = g.filter(g.first_human_message_at < g.first_customer_message_at)
    e = early.select(
        e_id=early.conversation_id, e_part=early["part"], e_from=early.first_customer_message_at
    )
    late = m.filter(m.is_human).join(
        e, [m.conversation_id == e.e_id, m["part"] == e.e_part, m["at"] >= e.e_from]
    )
    late = late.group_by(["e_id", "e_part"]).agg(later_reply_at=late["at"].min())
    g = g.left_join(late, [g.conversation_id == late.e_id, g["part"] == late.e_part])
    return g.mutate(
        first_human_reply_at=ibis.cases(
            (g.first_human_message_at >= g.first_customer_message_at, g.first_human_message_at),
            else_=g.later_reply_at,
        )
    ).drop("e_id", "e_part", "later_reply_at")


@fact(grain="one conversation with noise only", key="conversation_id", kept=False)
def noise_conversations(t: Tables) -> Any:
    """Stretches in which every message of the customer is noise of one kind."""
    m, n = t["spoken_messages"], t["noise_texts"]
    n = n.select(noise_id=n.message_id, reason=n.reason)
    m = m.filter(m.is_customer)
    j = m.join(n, m.message_id == n.noise_id)
    return j.group_by(noisy_id=j.conversation_id, noisy_part=j["part"]).agg(
        noise_count=j.count(), rule=j.reason.min()
    )


@fact(grain="one conversation that was said before", key="conversation_id", kept=False)
def repeated_conversations(t: Tables) -> Any:
    """Conversations begun while another of the customer, with the very same words, ran (Z4).

    Begun within ten minutes of it, by the record's own instants; the first message compared, if
    it has enough letters. Where the other one had ended, this is a return; where it ended
    unanswered later, another try: no duplicates. A refresh brings such conversations together
    (`increments`), as it does no others.
    """
    c = t["conversation_core"]
    c = c.filter(c.customer_id.notnull() & c.opened_at.notnull())
    near = ibis.window(
        group_by=[c.source, c.customer_id], order_by=[c.opened_at, c.conversation_id]
    )
    c = c.select(
        "conversation_id", "source", "customer_id", "opened_at", "closed_at",
        since=c.opened_at - c.opened_at.lag().over(near),
        until=c.opened_at.lead().over(near) - c.opened_at,
    )  # fmt: skip
    close = (c.since <= REPEATED_WITHIN) | (c.until <= REPEATED_WITHIN)
    c = c.filter(close.fill_null(False))
    m = t["spoken_messages"]
    m = m.filter(m.is_customer & (m["part"] == 0)).semi_join(c, "conversation_id")
    first = ibis.window(group_by=m.conversation_id, order_by=[m["at"], m.order_in, m.message_id])
    m = m.mutate(place=ibis.row_number().over(first))
    m = m.filter(m.place == 0).select(m_id="conversation_id", m_message="message_id")
    x = t["text"]
    x = x.filter((x.kind == "message") & (x["field"] == "body"))
    x = x.select(x_id=x.id, x_text=x["text"]).semi_join(m, [x.id == m.m_message])
    x = x.select("x_id", words=text.key(x.x_text))
    x = x.filter((x.words.length() >= REPEATED_LETTERS).fill_null(False))
    talk = t["conversation_talk"].filter(t["conversation_talk"]["part"] == 0)
    talk = talk.select(t_id="conversation_id", answered_at="first_human_message_at")
    j = c.join(m, c.conversation_id == m.m_id).join(x, m.m_message == x.x_id)
    j = j.left_join(talk, j.conversation_id == talk.t_id)
    same = ibis.window(
        group_by=[j.source, j.customer_id, j.words], order_by=[j.opened_at, j.conversation_id]
    )
    j = j.mutate(
        gap=j.opened_at - j.opened_at.lag().over(same),
        was_lost=(j.closed_at.notnull() & j.answered_at.isnull()).lag().over(same),
        ended_at=j.closed_at.lag().over(same),
    )
    running = (j.ended_at.isnull() | (j.ended_at > j.opened_at)) & ~j.was_lost.fill_null(False)
    j = j.filter((j.gap <= REPEATED_WITHIN).fill_null(False) & running)
    return j.select(repeated_id="conversation_id")


@fact(grain="one conversation", key="conversation_id", lies_by=("started_at",))
def conversations(t: Tables) -> Any:
    """Each conversation (each stretch of an endless one) with its instants and its outcome."""
    core, talk, noisy = t["conversation_core"], t["conversation_talk"], t["noise_conversations"]
    j = core.left_join(talk, "conversation_id").drop("conversation_id_right")
    j = j.left_join(
        noisy, [j.conversation_id == noisy.noisy_id, j["part"] == noisy.noisy_part]
    ).drop("noisy_id", "noisy_part")
    calls = t["call"].group_by(call_id=ibis._.conversation_id).agg(
        call_answered_at=ibis._.answered_at.min(), call_ring_at=ibis._.ring_at.min(),
        call_ended_at=ibis._.ended_at.max(),
    )  # fmt: skip
    j = j.left_join(calls, j.conversation_id == calls.call_id)
    bots = (
        t["bot_session"]
        .group_by(bot_conversation=ibis._.conversation_id)
        .agg(
            bot_resolved=ibis._.resolved.cast("int64").max(),
            handed_off_at=ibis._.handed_off_at.min(),
        )
    )
    j = j.left_join(bots, j.conversation_id == bots.bot_conversation)
    speaking = t["talking_sources"]
    j = j.left_join(speaking, j.source == speaking.talking_source)
    first = t["agent_conversations"]
    first = first.mutate(
        place=ibis.row_number().over(
            ibis.window(
                group_by=[first.conversation_id, first["part"]],
                order_by=[first.first_message_at, first.agent_id],
            )
        )
    )
    first = first.filter(first.place == 0).select(
        f_id=first.conversation_id, f_part=first["part"], agent_id=first.agent_id
    )
    j = j.left_join(first, [j.conversation_id == first.f_id, j["part"] == first.f_part])
    again = t["repeated_conversations"]
    j = j.left_join(again, j.conversation_id == again.repeated_id)
    spoke = j.customer_message_count.fill_null(0) + j.human_message_count.fill_null(0)
    talks = j.talking_source.notnull() | j.call_id.notnull()
    part = j["part"].fill_null(0)
    started = ibis.cases(
        (part > 0, j.first_message_at),
        else_=ibis.coalesce(j.opened_at, j.first_message_at, j.call_ring_at),
    )
    is_agents = (j.direction == "outbound") | j.initiation.isin(["agent", "trigger"])
    ended = ibis.coalesce(j.closed_at, j.call_ended_at)
    in_time = (
        ended.isnull() | j.first_human_message_at.isnull() | (j.first_human_message_at <= ended)
    )
    served = ((j.human_message_count.fill_null(0) > 0) & in_time) | j.call_answered_at.notnull()
    bot_only = (
        ((j.bot_message_count.fill_null(0) > 0) | (j.bot_resolved == 1))
        & j.human_requested_at.isnull()
        & j.handed_off_at.isnull()
    )
    outcome = ibis.cases(
        (j.offline, "offline"),
        (
            talks & is_agents.fill_null(False) & (j.customer_message_count.fill_null(0) == 0)
            & j.call_answered_at.isnull(),
            "invitation not taken",
        ),
        (served.fill_null(False), "served"),
        (
            talks & (spoke == 0) & (j.bot_message_count.fill_null(0) == 0)
            & (j.channel_kind == "realtime").fill_null(False),
            "empty",
        ),
        (bot_only.fill_null(False), "bot_only"),
        (ended.notnull() & talks, "missed"),
        (~talks, "unknown"),
        else_="pending",
    )  # fmt: skip
    rule = ibis.cases(
        (outcome == "empty", "empty chat"),
        (
            (j.automatic_count > 0) & (j.automatic_count == j.customer_message_count),
            "automatic reply",
        ),
        (
            (j.noise_count > 0) & (j.noise_count == j.customer_message_count),
            ibis.cases((j.rule == "thanks", "thanks only"), else_=j.rule),
        ),
        (j.repeated_id.notnull() & (part == 0), "duplicate"),
    )
    asked = (j.needs_reply == True).fill_null(False)  # noqa: E712
    refused = (j.needs_reply == False).fill_null(False)  # noqa: E712
    rows = j.select(
        "conversation_id", "ticket_id", "source", "channel", "channel_kind", "calendar",
        "customer_id", "team_id", "topic_id", "chat_type", "complexity", "priority", "product",
        "language", "initiation", "excluded_reason", "first_customer_message_at",
        "first_human_reply_at", "agent_id", "requested_at", "human_requested_at", "end_reason",
        part=part,
        started_at=started,
        ended_at=ended,
        outcome_class=outcome,
        answered_late=(
            (j.human_message_count.fill_null(0) > 0) & (j.first_human_message_at > ended)
        ).fill_null(False),
        customer_message_count=j.customer_message_count.fill_null(0),
        human_message_count=j.human_message_count.fill_null(0),
        started_by_agent=is_agents.fill_null(False),
        noise_reason=ibis.cases(
            (asked, None),
            (refused, ibis.coalesce(j.noise_given, ibis.literal(NEEDS_NO_REPLY))),
            else_=rule,
        ),
        noise_decided_by=ibis.cases(
            (asked | refused | (rule == NEEDS_NO_REPLY).fill_null(False), "source"),
            (rule.notnull(), "rule"),
        ),
    )  # fmt: skip
    rows = stamped(rows, t, ["started_at", "first_human_reply_at"])
    return opened(rows, t, "started_at", "started_while_open")


@fact(grain="one request", key="ticket_id", lies_by=("created_at",))
def requests(t: Tables) -> Any:
    """Tickets, and conversations that belong to no known ticket: each is one request (V1)."""
    k, c = t["tickets"], t["conversations"]
    columns = [
        "source", "channel", "channel_kind", "calendar", "customer_id", "team_id", "agent_id",
        "topic_id", "complexity", "priority", "product", "excluded_reason", "noise_reason",
        "started_by_agent",
    ]  # fmt: skip
    k = opened(k, t, "created_at", "created_while_open")
    of_tickets = k.select(
        *columns,
        ticket_id=k.ticket_id,
        conversation_id=ibis.null("string"),
        created_at=k.created_at,
        created_open=k.created_open,
        created_while_open=k.created_while_open,
    )
    known = t["ticket"].select(known_id="id")
    lone = c.anti_join(known, c.ticket_id == known.known_id)
    near = ibis.window(
        group_by=ibis.coalesce(lone.ticket_id, lone.conversation_id),
        order_by=[lone.started_at, lone.conversation_id, lone["part"]],
    )
    lone = lone.mutate(place=ibis.row_number().over(near))
    lone = lone.filter((lone.place == 0) | (lone.ticket_id.isnull() & (lone["part"] > 0)))
    of_talks = lone.select(
        *columns,
        ticket_id=lone.ticket_id,
        conversation_id=lone.conversation_id,
        created_at=lone.started_at,
        created_open=lone.started_open,
        created_while_open=lone.started_while_open,
    )
    order = [
        *columns,
        "ticket_id",
        "conversation_id",
        "created_at",
        "created_open",
        "created_while_open",
    ]
    return of_tickets.select(order).union(of_talks.select(order), distinct=False)


def _stands_in(score: Any, listed: Any) -> Any:
    """Whether a whole score is one of a JSON list of scores, such as [4, 5]."""
    inside = ibis.literal(",") + listed.translate("[] ", "") + ibis.literal(",")
    return inside.find(ibis.literal(",") + score.cast("string") + ibis.literal(",")) >= 0


@fact(grain="one answer to a survey", key="conversation_id", lies_by=("submitted_at",))
def survey_answers(t: Tables) -> Any:
    """Answers about a conversation, the last of each customer and kind a conversation (V3.4)."""
    r, s, core = t["survey_response"], t["survey"], t["conversation_core"]
    survey = s.select(
        s_id=s.id,
        kind=s.kind,
        satisfied=s.satisfied,
        scale_min=s.scale_min.cast("float64"),
        scale_max=s.scale_max.cast("float64"),
    )
    j = r.left_join(survey, r.survey_id == survey.s_id).drop("s_id")
    j = j.filter(j.conversation_id.notnull())
    j = j.mutate(
        place=ibis.row_number().over(
            ibis.window(
                group_by=[j.conversation_id, j.survey_id],
                order_by=[j.submitted_at.desc(), j.id.desc()],
            )
        )
    )
    j = j.filter(j.place == 0)
    c = core.select(
        "conversation_id", "ticket_id", "channel", "channel_kind", "customer_id", "team_id",
        "topic_id", "priority", "excluded_reason",
    )  # fmt: skip
    first = (
        t["agent_conversations"].group_by("conversation_id").agg(served_by=ibis._.agent_id.min())
    )
    j = j.drop("ticket_id", "customer_id").join(c, "conversation_id")
    j = j.left_join(first, "conversation_id").drop("conversation_id_right")
    low, high = j.scale_min.fill_null(1.0), j.scale_max.fill_null(5.0)
    return j.select(
        "conversation_id", "ticket_id", "source", "channel", "channel_kind", "customer_id",
        "team_id", "topic_id", "priority",
        answer_id=j.id,
        submitted_at=j.submitted_at,
        kind=j.kind.fill_null("csat"),
        score=j.score.cast("float64"),
        agent_id=ibis.coalesce(j.agent_id, j.served_by),
        is_satisfied=ibis.cases(
            (j.satisfied.notnull(), _stands_in(j.score.cast("int64"), j.satisfied)),
            else_=(j.score.cast("float64") - low) / (high - low).nullif(0.0) >= 0.75,
        ),
        excluded_reason=ibis.coalesce(
            j.excluded_reason,
            ibis.cases(
                (j.score.isnull(), "no score"),
                ((j.score < low) | (j.score > high), "score outside the scale"),
            ),
        ),
    )  # fmt: skip


@fact(grain="one team that served a ticket or conversation", key="ticket_id")
def served_by(t: Tables) -> Any:
    """Whose rows: a record is visible to every team that served any of it.

    The teams of the agents who wrote in a conversation are looked up when asking (`agents`), so
    that an agent who changes team moves no row here.
    """
    s, c = t["ticket_states"], t["conversation_core"]
    nothing = ibis.null("string")
    of_tickets = s.filter(s.team_id.notnull()).select(
        kind=ibis.literal("ticket"), id=s.ticket_id, team_id=s.team_id,
        ticket_id=s.ticket_id, conversation_id=nothing,
    )  # fmt: skip
    of_talks = c.filter(c.team_id.notnull()).select(
        kind=ibis.literal("conversation"), id=c.conversation_id, team_id=c.team_id,
        ticket_id=nothing, conversation_id=c.conversation_id,
    )  # fmt: skip
    return ibis.union(of_tickets, of_talks, distinct=True)
