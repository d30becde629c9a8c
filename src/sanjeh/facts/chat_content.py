"""What was in a conversation that a person served: messages, how long, how it ended (P).

Serves P1 to P1.3, and beside tags and ready replies G1, G2, G5 and C1.1 to C1.2.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts.clocks import stamped
from sanjeh.facts.registry import Tables, fact
from sanjeh.facts.tagging import HIGH

# A chat that nobody closed ends so long after its last message (AMB-17).
IDLE_CAP = 120 * 1_000_000
# What is written down within this of the end belongs to the end.
AT_THE_END = 120 * 1_000_000
UNKNOWN = "unresolved (unknown)"
MESSAGE_BANDS = ((5, "1 to 5"), (10, "6 to 10"), (20, "11 to 20"), (40, "21 to 40"))


@fact(grain="one stretch of a conversation", key="conversation_id", kept=False)
def conversation_ends(t: Tables) -> Any:
    """When each stretch ended; where nobody closed it, two minutes after its last message.

    `is_closed`: false where that is only supposed, since it may go on.
    """
    c, talk = t["conversations"], t["conversation_talk"]
    talk = talk.select(
        t_id="conversation_id", t_part="part", spoken_until="last_message_at",
        bot_message_count="bot_message_count",
    )  # fmt: skip
    j = c.left_join(talk, [c.conversation_id == talk.t_id, c["part"] == talk.t_part])
    last = c.group_by(last_id=c.conversation_id).agg(last_part=c["part"].max())
    j = j.left_join(last, j.conversation_id == last.last_id)
    goes_on = j["part"] < j.last_part
    closed = ibis.cases((~goes_on, j.ended_at))
    silent = j.spoken_until + IDLE_CAP
    left_open = (j.end_reason == "timeout").fill_null(False)
    return j.select(
        end_id=j.conversation_id,
        end_part=j["part"],
        end_at=ibis.cases(
            (closed.isnull(), silent),
            (left_open & silent.notnull(), ibis.least(closed, silent)),
            else_=closed,
        ),
        is_closed=closed.notnull() | goes_on,
        bot_message_count=j.bot_message_count.fill_null(0),
    )


@fact(grain="one conversation handed up", key="conversation_id", kept=False)
def handed_up(t: Tables) -> Any:
    """The first time a conversation, or its ticket meanwhile, was taken a level up."""
    e, c = t["escalation"], t["conversations"]
    direct = e.filter(e.conversation_id.notnull()).select(up_id="conversation_id", up_at="at")
    through = e.filter(e.conversation_id.isnull() & e.ticket_id.notnull())
    through = through.select(e_ticket="ticket_id", e_at="at")
    through = through.join(c, through.e_ticket == c.ticket_id)
    through = through.filter(through.e_at >= through.started_at)
    through = through.select(up_id="conversation_id", up_at="e_at")
    both = direct.union(through, distinct=False)
    return both.group_by("up_id").agg(up_at=both.up_at.min())


@fact(grain="one stretch of a conversation", key="conversation_id", kept=False)
def ticket_at_end(t: Tables) -> Any:
    """Whether the conversation's ticket was solved when the conversation ended."""
    c, ends, s = t["conversations"], t["conversation_ends"], t["ticket_states"]
    c = c.filter(c.ticket_id.notnull())
    c = c.join(ends, [c.conversation_id == ends.end_id, c["part"] == ends.end_part])
    c = c.select(
        "ticket_id", k_id=c.conversation_id, k_part=c["part"], looked_at=c.end_at + AT_THE_END
    )
    s = s.select(s_ticket="ticket_id", s_from="from_at", s_until="until_at", s_stage="stage")
    j = c.join(s, c.ticket_id == s.s_ticket)
    j = j.filter((j.s_from <= j.looked_at) & (j.s_until.isnull() | (j.s_until > j.looked_at)))
    return j.group_by(["k_id", "k_part"]).agg(ticket_stage=j.s_stage.max())


def _outcome(j: Any) -> Any:
    """Exactly one for each: what the record says, else its ticket; silence is not success."""
    went_up = (j.up_at <= j.end_at + AT_THE_END) | j.end_at.isnull()
    return ibis.cases(
        ((j.up_at.notnull() & went_up).fill_null(False), "escalated"),
        (j.outcome_given.notnull(), j.outcome_given),
        (j.unresolved_reason.notnull(), "unresolved"),
        (j.ticket_stage == "done", "resolved"),
        (j.ticket_stage == "open", "unresolved"),
        else_=UNKNOWN,
    )


@fact(grain="one live chat", key="conversation_id", kept=False)
def chat_turns(t: Tables) -> Any:
    """How often customer and person took the word in a live chat: a burst of one side is one."""
    m, core = t["spoken_messages"], t["conversation_core"]
    live = core.filter(core.channel_kind == "realtime").select(l_id="conversation_id")
    m = m.filter(m.is_customer | m.is_human)
    m = m.join(live, m.conversation_id == live.l_id)
    near = ibis.window(
        group_by=[m.conversation_id, m["part"]], order_by=[m["at"], m.order_in, m.message_id]
    )
    m = m.mutate(begins=~m.is_human.identical_to(m.is_human.lag().over(near)))
    return m.group_by(turn_id=m.conversation_id, turn_part=m["part"]).agg(
        turn_count=m.count(where=m.begins).cast("int64")
    )


@fact(grain="one served conversation", key="conversation_id", lies_by=("ended_at",))
def served_conversations(t: Tables) -> Any:
    """Conversations in which a person answered, with what was in them and how they ended.

    `outcome_class`: resolved, escalated, unresolved, or unresolved (unknown) (P1.3). `agent_id`:
    who answered first.
    """
    c, ends = t["conversations"], t["conversation_ends"]
    c = c.filter(c.outcome_class == "served").drop("ended_at", "outcome_class")
    j = c.join(ends, [c.conversation_id == ends.end_id, c["part"] == ends.end_part])
    said = t["conversation"]
    said = said.select(
        g_id=said.id, outcome_given=said.outcome, unresolved_reason=said.unresolved_reason
    )
    j = j.left_join(said, j.conversation_id == said.g_id)
    up, ticket = t["handed_up"], t["ticket_at_end"]
    j = j.left_join(up, j.conversation_id == up.up_id)
    j = j.left_join(ticket, [j.conversation_id == ticket.k_id, j["part"] == ticket.k_part])
    tags, ready = t["tag_counts"], t["canned_counts"]
    j = j.left_join(tags, [j.conversation_id == tags.tagged_id, j["part"] == tags.tagged_part])
    j = j.left_join(ready, [j.conversation_id == ready.canned_id, j["part"] == ready.canned_part])
    turns = t["chat_turns"]
    j = j.left_join(turns, [j.conversation_id == turns.turn_id, j["part"] == turns.turn_part])
    urgent = t["tickets"].select(u_id="ticket_id", ticket_priority="priority")
    j = j.left_join(urgent, j.ticket_id == urgent.u_id)
    priority = ibis.coalesce(j.priority, j.ticket_priority)
    messages = j.customer_message_count + j.human_message_count
    asked = ibis.coalesce(j.requested_at, j.started_at)
    seconds = (j.end_at - asked) / 1_000_000
    rows = j.select(
        "conversation_id", "part", "ticket_id", "source", "channel", "channel_kind", "calendar",
        "customer_id", "agent_id", "team_id", "topic_id", "chat_type", "complexity", "product",
        "language", "initiation", "started_by_agent", "excluded_reason", "is_closed",
        "customer_message_count", "bot_message_count",
        priority=priority,
        is_urgent=priority.isin(HIGH).fill_null(False),
        is_high_priority=priority.isin(HIGH).fill_null(False)
        | (j.high_tag_count > 0).fill_null(False),
        asked_at=asked,
        ended_at=j.end_at,
        outcome_class=_outcome(j),
        agent_message_count=j.human_message_count,
        message_count=messages,
        turn_count=j.turn_count,
        message_band=ibis.cases(
            *[(messages <= most, band) for most, band in MESSAGE_BANDS], else_="over 40"
        ),
        duration_band=ibis.cases(
            (seconds < 0, None),
            (seconds < 300, "under 5 min"),
            (seconds < 900, "5 to 15 min"),
            (seconds <= 1800, "15 to 30 min"),
            (seconds > 1800, "over 30 min"),
        ),
        tag_count=j.tag_count.fill_null(0),
        automatic_tag_count=j.automatic_tag_count.fill_null(0),
        canned_count=j.canned_count.fill_null(0),
        edited_canned_count=j.edited_canned_count.fill_null(0),
    )  # fmt: skip
    return stamped(rows, t, ["asked_at", "ended_at"])
