"""Working time on tickets: as logged, else as their conversations tell (T2, AMB-51)."""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts.registry import Tables, fact

IDLE_TIMER = 1800.0  # a timer that somebody forgot counts this many seconds at most
IDLE_TAIL = 120.0  # of the silence before an automatic close (AMB-17)
REPLY = 30 * 60 * 1_000_000  # a written answer took this long at most
RECORDED, DERIVED = "recorded", "derived"


@fact(grain="one ticket with answers by mail", key="ticket_id", kept=False)
def mail_efforts(t: Tables) -> Any:
    """An estimate of the time that written answers took, where no segments are recorded.

    For each public answer the time since the message before it, at most 30 minutes.
    """
    m, c, worked = t["spoken_messages"], t["conversations"], t["agent_handlings"]
    slow = c.filter(c.ticket_id.notnull() & (c.channel_kind == "async"))
    slow = slow.select("ticket_id", c_id="conversation_id", c_part="part")
    worked = worked.select(w_id="conversation_id", w_part="part").distinct()
    slow = slow.anti_join(worked, [slow.c_id == worked.w_id, slow.c_part == worked.w_part])
    j = m.join(slow, [m.conversation_id == slow.c_id, m["part"] == slow.c_part])
    near = ibis.window(
        group_by=[j.conversation_id, j["part"]],
        order_by=[j["at"], j.order_in, j.is_human.cast("int64"), j.message_id],
    )
    j = j.mutate(gap=j["at"] - j["at"].lag().over(near))
    j = j.filter(j.is_human & j.gap.notnull())
    most = ibis.cases((j.gap > REPLY, ibis.literal(REPLY)), else_=j.gap)
    return j.group_by(m_ticket=j.ticket_id).agg(
        mail_seconds=most.sum().cast("float64") / 1_000_000.0
    )


@fact(grain="one ticket resolved", key="ticket_id", lies_by=("final_solved_at",))
def ticket_efforts(t: Tables) -> Any:
    """Agents' working time on each resolved ticket, in seconds (T2).

    All agents' work logs added up; a timer's entry counts 30 minutes at most (`whole_seconds`
    is without that limit). Where none is logged, derived: the time on its conversations.
    """
    w, k, h = t["worklog"], t["tickets"], t["agent_handlings"]
    spent = ibis.coalesce(
        w.seconds.cast("float64"), (w.ended_at - w.started_at).cast("float64") / 1_000_000.0
    )
    is_timer = (w.origin == "timer").fill_null(False)
    w = w.mutate(
        spent=ibis.cases((spent >= 0, spent)),
        capped=ibis.cases(
            (is_timer & (spent > IDLE_TIMER), IDLE_TIMER), (spent >= 0, spent)
        ),
    )  # fmt: skip
    logged = w.filter(w.ticket_id.notnull() & w.spent.notnull())
    logged = logged.group_by(w_ticket=logged.ticket_id).agg(
        logged_seconds=logged.capped.sum(), logged_whole_seconds=logged.spent.sum()
    )
    h = h.filter(h.ticket_id.notnull() & h.worked_seconds.notnull())
    tail = ibis.cases((h.idle_seconds > IDLE_TAIL, IDLE_TAIL), else_=h.idle_seconds)
    h = h.mutate(spent=h.worked_seconds + tail + h.wrapup_seconds)
    talked = h.group_by(h_ticket=h.ticket_id).agg(talk_seconds=h.spent.sum())
    mails = t["mail_efforts"]
    k = k.filter(k.final_solved_at.notnull()).select(
        "ticket_id", "source", "channel", "channel_kind", "customer_id", "account_id", "team_id",
        "agent_id", "topic_id", "complexity", "priority", "product", "created_at",
        "final_solved_at", "excluded_reason", "noise_reason", "started_by_agent",
        "unsolved_reason",
    )  # fmt: skip
    j = k.left_join(logged, k.ticket_id == logged.w_ticket)
    j = j.left_join(talked, j.ticket_id == talked.h_ticket)
    j = j.left_join(mails, j.ticket_id == mails.m_ticket)
    derived = ibis.cases(
        (
            j.talk_seconds.notnull() | j.mail_seconds.notnull(),
            j.talk_seconds.fill_null(0.0) + j.mail_seconds.fill_null(0.0),
        )
    )
    j = j.mutate(
        derived_seconds=derived,
        effort_source=ibis.cases(
            (j.logged_seconds.notnull(), RECORDED), (derived.notnull(), DERIVED)
        ),
    )
    return j.drop("w_ticket", "h_ticket", "m_ticket", "talk_seconds", "mail_seconds")
