"""Turns: each run of a customer's messages with the person's message that answered it (R2)."""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts.clocks import stamped
from sanjeh.facts.registry import Tables, fact

# What facts of waits and of handling take over from their conversation.
GROUPS = (
    "conversation_id", "part", "ticket_id", "source", "channel", "channel_kind", "calendar",
    "customer_id", "team_id", "topic_id", "chat_type", "complexity", "priority", "product",
    "language", "initiation", "outcome_class", "excluded_reason", "noise_reason",
    "started_by_agent",
)  # fmt: skip
AFTER_THE_END = "written after the chat had ended"


@fact(grain="one conversation", key="conversation_id", kept=False)
def conversation_spans(t: Tables) -> Any:
    """From when to when each stretch of a conversation runs.

    `next_at`: where the next stretch of an endless thread begins. `over_at`: when nobody could
    be answered any more: at the end, at the next stretch, or where the conversation has no end,
    when its ticket was done. `finished_at`: when the work on it ended.
    """
    c, talk = t["conversations"], t["conversation_talk"]
    later = c.filter(c["part"] > 0)
    later = later.select(
        n_id=later.conversation_id, n_part=(later["part"] - 1).cast("int64"),
        next_at=later.started_at,
    )  # fmt: skip
    c = c.left_join(later, [c.conversation_id == later.n_id, c["part"] == later.n_part])
    said = talk.select(
        s_id=talk.conversation_id, s_part=talk["part"], last_message_at=talk.last_message_at
    )
    c = c.left_join(said, [c.conversation_id == said.s_id, c["part"] == said.s_part])
    k = t["tickets"].select(k_id="ticket_id", ticket_ended_at="ended_at", ticket_done_at="done_at")
    c = c.left_join(k, c.ticket_id == k.k_id)
    done = ibis.coalesce(c.ticket_ended_at, c.ticket_done_at)
    return c.select(
        "conversation_id", "part", "next_at", "last_message_at",
        over_at=ibis.coalesce(
            c.next_at, c.ended_at, ibis.cases((done >= c.started_at, done))
        ),
        finished_at=ibis.cases((c.next_at.notnull(), c.last_message_at), else_=c.ended_at),
    )  # fmt: skip


@fact(grain="one turn of a customer", key="conversation_id", lies_by=("asked_at",))
def turns(t: Tables) -> Any:
    """A run of messages of the customer, and the person's public message that came next (R2).

    Messages that need no reply (by the source, or a mere thanks) begin no turn. A live
    customer who had left is not answered any more. `given_up_at`: when the conversation ended
    with the turn unanswered; null while it may still be answered. Credited to who answered.
    """
    m, n = t["spoken_messages"], t["noise_texts"]
    unneeded = (m.needs_reply == False).fill_null(False) | (  # noqa: E712
        m.is_auto & m.needs_reply.isnull()
    )
    m = m.filter(m.is_human | (m.is_customer & ~unneeded))
    quiet = n.select(quiet_id=n.message_id)
    m = m.left_join(quiet, m.message_id == quiet.quiet_id)
    m = m.filter(m.is_human | m.quiet_id.isnull() | m.needs_reply.fill_null(False))
    order = [m["at"], m.order_in, m.is_human.cast("int64"), m.message_id]
    groups = [m.conversation_id, m["part"]]
    before = m.is_customer.lag().over(ibis.window(group_by=groups, order_by=order))
    m = m.select(
        "conversation_id", "part", "at", "author_id", "is_human", "is_customer", "order_in",
        "message_id",
        begins=m.is_customer & ~before.fill_null(False),
        answers=m.is_human & before.fill_null(False),
    )  # fmt: skip
    past = ibis.window(
        group_by=[m.conversation_id, m["part"]],
        order_by=[m["at"], m.order_in, m.is_human.cast("int64"), m.message_id],
        preceding=None, following=0,
    )  # fmt: skip
    m = m.mutate(turn=m.begins.cast("int64").sum().over(past).cast("int64"))
    m = m.filter((m.turn > 0) & (m.is_customer | m.answers))
    g = m.group_by(["conversation_id", "part", "turn"]).agg(
        asked_at=m["at"].min(where=m.is_customer),
        last_asked_at=m["at"].max(where=m.is_customer),
        answered_at=m["at"].max(where=m.answers),
        answered_by=m.author_id.max(where=m.answers),
    )
    g = g.rename(g_id="conversation_id", g_part="part")
    c, s = t["conversations"], t["conversation_spans"]
    c = c.select(*GROUPS, "ended_at")
    s = s.select(s_id="conversation_id", s_part="part", over_at="over_at")
    j = c.join(g, [c.conversation_id == g.g_id, c["part"] == g.g_part])
    j = j.left_join(s, [j.conversation_id == s.s_id, j["part"] == s.s_part])
    live = (j.channel_kind != "async").fill_null(True)
    too_late = (live & (j.answered_at > j.ended_at)).fill_null(False)
    answered = ibis.cases((too_late, None), else_=j.answered_at)
    rows = j.select(
        *GROUPS, "turn", "asked_at", "last_asked_at",
        answered_at=answered,
        given_up_at=ibis.cases(
            ((answered.isnull() & (j.over_at >= j.asked_at)).fill_null(False), j.over_at),
        ),
        agent_id=ibis.cases((answered.notnull(), j.answered_by)),
        is_first=j.turn == 1,
        not_due_reason=ibis.cases(
            ((live & (j.asked_at > j.ended_at)).fill_null(False), AFTER_THE_END),
        ),
    )  # fmt: skip
    return stamped(rows, t, ["asked_at", "last_asked_at", "answered_at", "given_up_at"])
