"""Ready replies as they were used: by which agent, in which conversation, how long (C).

Only an explicit `canned_response_id` on a person's public message is a use (AMB-20): a bot's
template is none, and no text is compared.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts.registry import Tables, fact

WHERE = (
    "ticket_id", "source", "channel", "channel_kind", "customer_id", "team_id", "topic_id",
    "chat_type", "complexity", "priority", "product", "language", "excluded_reason",
)  # fmt: skip


@fact(grain="one ready reply sent", key="conversation_id", kept=False)
def canned_messages(t: Tables) -> Any:
    """Public messages that a person sent from a ready reply, in their stretch of the thread."""
    m, spoken = t["message"], t["spoken_messages"]
    m = m.filter(m.canned_response_id.notnull())
    m = m.select(
        c_message=m.id,
        canned_response=m.canned_response_id,
        is_edited=m.canned_edited.fill_null(False),
        given_length=m.body_length,
    )
    spoken = spoken.filter(spoken.is_human)
    j = m.join(spoken, m.c_message == spoken.message_id)
    j = j.select(
        "conversation_id", "part", "message_id", "author_id", "canned_response", "is_edited",
        "given_length",
        sent_at=j["at"],
    )  # fmt: skip
    x = t["text"]
    x = x.filter((x.kind == "message") & (x["field"] == "body"))
    x = x.select(x_id=x.id, written=x["text"])
    j = j.left_join(x, j.message_id == x.x_id)
    return j.mutate(
        body_length=ibis.coalesce(j.given_length, j.written.length().cast("int64"))
    ).drop("x_id", "written", "given_length")


@fact(grain="one conversation with ready replies", key="conversation_id", kept=False)
def canned_counts(t: Tables) -> Any:
    """How many ready replies each stretch of a conversation holds, edited ones among them."""
    m = t["canned_messages"]
    return m.group_by(canned_id=m.conversation_id, canned_part=m["part"]).agg(
        canned_count=m.count().cast("int64"),
        edited_canned_count=m.count(where=m.is_edited).cast("int64"),
    )


@fact(
    grain="one ready reply sent", key="conversation_id",
    several=("agent", "canned_response"), lies_by=("sent_at",),
)  # fmt: skip
def canned_uses(t: Tables) -> Any:
    """Each use of a ready reply, credited to who sent it (C1, C1.4)."""
    m, c = t["canned_messages"], t["conversations"]
    c = c.select(*WHERE, c_id=c.conversation_id, c_part=c["part"], outcome_class=c.outcome_class)
    j = m.join(c, [m.conversation_id == c.c_id, m["part"] == c.c_part])
    return j.drop("c_id", "c_part").rename(agent_id="author_id")


@fact(
    grain="one agent in one conversation",
    key="conversation_id",
    several=("agent",),
    lies_by=("ended_at",),
)
def agent_writing(t: Tables) -> Any:
    """How many public messages each agent sent in a conversation, and how many ready ones (C1).

    Messages that no agent's id stands on are a row without agent.
    """
    a, c, ready = t["agent_conversations"], t["conversations"], t["canned_messages"]
    ends = t["conversation_ends"]
    c = c.filter(c.human_message_count > 0)
    c = c.join(ends, [c.conversation_id == ends.end_id, c["part"] == ends.end_part])
    c = c.select(
        *WHERE, "conversation_id", "part", "outcome_class", "is_closed", "human_message_count",
        "started_at",
        ended_at=c.end_at,
    )  # fmt: skip
    a = a.select(
        "agent_id", a_id="conversation_id", a_part="part", written_at="first_message_at",
        agent_message_count=a.message_count.cast("int64"),
    )  # fmt: skip
    signed = c.join(a, [c.conversation_id == a.a_id, c["part"] == a.a_part])
    signed = signed.drop("a_id", "a_part", "human_message_count", "started_at")
    total = a.group_by(s_id=a.a_id, s_part=a.a_part).agg(
        signed_count=a.agent_message_count.sum().cast("int64")
    )
    rest = c.left_join(total, [c.conversation_id == total.s_id, c["part"] == total.s_part])
    unsigned = (rest.human_message_count - rest.signed_count.fill_null(0)).cast("int64")
    rest = rest.mutate(
        agent_id=ibis.null("string"), written_at=rest.started_at, agent_message_count=unsigned
    )
    rest = rest.filter(rest.agent_message_count > 0)
    rows = signed.union(rest.select(signed.columns), distinct=False)
    ready = ready.group_by(
        r_id=ready.conversation_id, r_part=ready["part"], r_author=ready.author_id
    ).agg(
        canned_count=ready.count().cast("int64"),
        edited_canned_count=ready.count(where=ready.is_edited).cast("int64"),
    )
    same = [
        rows.conversation_id == ready.r_id,
        rows["part"] == ready.r_part,
        rows.agent_id.identical_to(ready.r_author),
    ]
    rows = rows.left_join(ready, same).drop("r_id", "r_part", "r_author")
    return rows.mutate(
        canned_count=rows.canned_count.fill_null(0),
        edited_canned_count=rows.edited_canned_count.fill_null(0),
    )
