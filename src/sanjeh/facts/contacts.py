"""Contacts on a matter: how each ended, and what came before and after on the same ticket.

Serves F1 to F4. A contact is a conversation, or one stretch of an endless thread. Same ticket is
told here; same topic and linked tickets concern other records of the customer and are looked up
when asking (`metrics/first_contact.py`), since a refresh sees touched tickets alone.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.clocks import stamped
from sanjeh.facts.registry import Tables, fact

LINKING = ("linked", "merged", "split")
ROUNDS = 3  # how far links of links are followed


@fact(
    grain="one ticket linked to others",
    scope="whole",
    reads=("ticket", *(f"ticket_event:{kind}" for kind in LINKING)),
)
def ticket_links(t: Tables) -> Any:
    """Tickets that follow, repeat or were linked to one another, with the least id among them.

    A ticket split off is another matter. `issue_id` follows links of links three steps.
    """
    k, e = t["ticket"], t["ticket_event"]
    listed = k.filter(k.linked_ids.notnull())
    told = e.filter(e["type"].isin(LINKING) & e["to"].notnull())
    pairs = ibis.union(
        k.filter(k.parent_id.notnull()).select(a=ibis._.id, b=ibis._.parent_id),
        k.filter(k.merged_into_id.notnull()).select(a=ibis._.id, b=ibis._.merged_into_id),
        listed.select(a=listed.id, b=listed.linked_ids.unnest()),
        told.filter(told["type"] != "split").select(a=ibis._.ticket_id, b=ibis._["to"]),
        distinct=True,
    )
    both = pairs.union(pairs.select(a="b", b="a"), distinct=True)
    apart = told.filter(told["type"] == "split").select(a=ibis._.ticket_id, b=ibis._["to"])
    apart = apart.union(apart.select(a="b", b="a"), distinct=True)
    apart = apart.rename(split_a="a", split_b="b")
    both = both.anti_join(apart, [both.a == apart.split_a, both.b == apart.split_b])
    least = both.group_by("a").agg(least=ibis._.b.min())
    least = least.select(ticket_id="a", issue_id=ibis.least(least.a, least.least))
    for _ in range(ROUNDS):
        known = least.view()
        near = both.join(known, both.b == known.ticket_id)
        near = near.group_by(near_id=near.a).agg(near_issue=near.issue_id.min())
        least = least.join(near, least.ticket_id == near.near_id)
        least = least.select("ticket_id", issue_id=ibis.least(least.issue_id, least.near_issue))
    return least


@fact(grain="one contact of an endless or slow channel", key="conversation_id", kept=False)
def slow_talk(t: Tables) -> Any:
    """Asynchronous stretches: their last message, and whether the thread has an idle gap."""
    core, talk = t["conversation_core"], t["conversation_talk"]
    slow = core.filter(core.channel_kind == "async")
    slow = slow.select(slow_id=slow.conversation_id, is_thread=slow.idle_gap.notnull())
    j = talk.join(slow, talk.conversation_id == slow.slow_id)
    return j.select(
        talk_id=j.conversation_id, talk_part=j["part"], last_message_at=j.last_message_at,
        is_thread=j.is_thread,
    )  # fmt: skip


@fact(grain="one contact", key="conversation_id", kept=False)
def contact_core(t: Tables) -> Any:
    """Each contact with its end, its ticket's end, and what the record says of its outcome."""
    c, talk, k, r = t["conversations"], t["slow_talk"], t["tickets"], t["conversation"]
    cut = c.filter(c["part"] > 0)
    cut = cut.group_by(cut_id=cut.conversation_id).agg(last_part=cut["part"].max())
    told = r.filter(
        r.outcome.notnull() | r.unresolved_reason.notnull() | r.segment_snapshot.notnull()
    )
    told = told.select(
        told_id=told.id, outcome=told.outcome, told_reason=text.key(told.unresolved_reason),
        segment=text.key(told.segment_snapshot),
    )  # fmt: skip
    k = k.select(
        of_ticket=k.ticket_id, ticket_solved_at=k.final_solved_at, ticket_ended_at=k.ended_at,
        first_solved_at=k.first_solved_at, ticket_stage=k.stage, ticket_topic=k.topic_id,
    )  # fmt: skip
    j = c.left_join(talk, [c.conversation_id == talk.talk_id, c["part"] == talk.talk_part])
    j = j.left_join(cut, j.conversation_id == cut.cut_id)
    j = j.left_join(told, j.conversation_id == told.told_id)
    j = j.left_join(k, j.ticket_id == k.of_ticket)
    is_last = j["part"] >= j.last_part.fill_null(0)
    silent = ibis.cases((j.is_thread.fill_null(False), j.last_message_at))
    ended = ibis.cases(
        (~is_last, j.last_message_at),
        else_=ibis.coalesce(
            j.ended_at, ibis.cases((j.ticket_ended_at >= j.started_at, j.ticket_ended_at)), silent
        ),
    )
    return j.select(
        "conversation_id", "ticket_id", "source", "channel", "channel_kind", "calendar",
        "customer_id", "team_id", "chat_type", "complexity", "priority", "product",
        "language", "initiation", "excluded_reason", "noise_reason", "started_by_agent",
        "agent_id", "started_at", "started_open", "segment", "ticket_solved_at", "ticket_stage",
        "first_solved_at", "last_message_at", "human_message_count", "part",
        # The last stretch of a thread has the outcome; the earlier ones have none of their own.
        outcome=ibis.cases((is_last, j.outcome)),
        told_reason=ibis.cases((is_last, j.told_reason)),
        topic_id=ibis.coalesce(j.topic_id, j.ticket_topic),
        is_last=is_last,
        is_served=j.outcome_class == "served",
        is_contact=(j.excluded_reason.isnull() & j.noise_reason.isnull()).fill_null(False),
        ended_at=ended,
    )  # fmt: skip


@fact(grain="one contact with others on its ticket", key="conversation_id", kept=False)
def contact_neighbours(t: Tables) -> Any:
    """On the same ticket: when the customer came before and after, when an agent wrote after."""
    c = t["contact_core"]
    c = c.filter(c.ticket_id.notnull() & c.is_contact)
    several = c.group_by(many_ticket=c.ticket_id).agg(many=c.count())
    several = several.filter(several.many > 1)
    c = c.semi_join(several, c.ticket_id == several.many_ticket)
    order = [c.started_at, c.conversation_id, c["part"]]
    before = ibis.window(group_by=c.ticket_id, order_by=order, rows=(None, -1))
    after = ibis.window(group_by=c.ticket_id, order_by=order, rows=(1, None))
    by_customer = ibis.cases((~c.started_by_agent, c.started_at))
    by_agent = ibis.cases((c.started_by_agent, c.started_at))
    until = ibis.cases((~c.started_by_agent, ibis.coalesce(c.ended_at, c.started_at)))
    return c.select(
        beside_id=c.conversation_id,
        beside_part=c["part"],
        ticket_previous_at=until.max().over(before),
        ticket_next_at=by_customer.min().over(after),
        ticket_called_at=by_agent.min().over(after),
    )


def _later(c: Any, rows: Any, ticket: str, at: str, name: str) -> Any:
    """The first instant of `rows` on the contact's ticket that is not before the contact."""
    rows = rows.select(row_ticket=rows[ticket], row_at=rows[at])
    j = c.join(rows, [c.ticket_id == rows.row_ticket, c.started_at <= rows.row_at])
    found: Any = j.group_by(**{f"{name}_id": j.conversation_id, f"{name}_part": j["part"]}).agg(
        **{f"{name}_at": j.row_at.min()}
    )
    return found


def _with(c: Any, found: Any, name: str) -> Any:
    joined = c.left_join(
        found,
        [c.conversation_id == found[f"{name}_id"], c["part"] == found[f"{name}_part"]],
    )
    return joined.drop(f"{name}_id", f"{name}_part")


def _last_agents(t: Tables) -> tuple[Any, Any]:
    """Who joined a stretch last by writing, and who took a conversation last."""
    a, p = t["agent_conversations"], t["participation"]
    near = ibis.window(
        group_by=[a.conversation_id, a["part"]],
        order_by=[a.first_message_at.desc(), a.agent_id],
    )
    wrote = a.mutate(place=ibis.row_number().over(near))
    wrote = wrote.filter(wrote.place == 0).select(
        wrote_id="conversation_id", wrote_part="part", wrote_agent="agent_id"
    )
    p = p.filter(p.accepted_at.notnull() & p.agent_id.notnull())
    p = p.filter(p.role.fill_null("owner") != "joined")
    near = ibis.window(group_by=p.conversation_id, order_by=[p.accepted_at.desc(), p.id])
    took = p.mutate(place=ibis.row_number().over(near))
    took = took.filter(took.place == 0).select(took_id="conversation_id", took_agent="agent_id")
    return wrote, took


def _replies(t: Tables) -> tuple[Any, Any]:
    """Human replies before the ticket's solve where some came after it; replies on its own."""
    c, m = t["contact_core"], t["spoken_messages"]
    late = c.filter(
        (c.channel_kind == "async")
        & (c.human_message_count > 1)
        & (c.last_message_at > c.ticket_solved_at)
    )
    late = late.select(
        late_id=late.conversation_id, late_part=late["part"], solved_at=late.ticket_solved_at
    )
    m = m.filter(m.is_human)
    m = m.join(late, [m.conversation_id == late.late_id, m["part"] == late.late_part])
    early = m.group_by(in_time_id=m.conversation_id, in_time_part=m["part"]).agg(
        in_time_count=m.count(where=(m["at"] <= m.solved_at).fill_null(False))
    )
    ours = c.filter(c.started_by_agent & c.ticket_id.notnull())
    ours = ours.group_by(our_ticket=ours.ticket_id).agg(our_count=ours.human_message_count.sum())
    return early, ours


@fact(grain="one contact", key="conversation_id", lies_by=("ended_at", "started_at"))
def contacts(t: Tables) -> Any:
    """Each contact: served or not, how it ended, and what else happened on its ticket (F1 to F4).

    `resolution`: resolved, escalated or unresolved; where the conversation records none, the
    ticket's end tells; else null. `reply_count`: public human replies up to the final solve.
    `agent_id`: who had it last. `solved_at`: the ticket's solve for asynchronous ones, else the
    end. `ticket_previous_at`: when the customer's contact before on the same ticket ended.
    """
    c = t["contact_core"]
    wrote, took = _last_agents(t)
    early, ours = _replies(t)
    raised, due, moved = t["escalation"], t["followup"], t["transfer"]
    due = due.filter(due.status.fill_null("open") != "cancelled")
    by_talk = [
        rows.filter(rows.conversation_id.notnull()).select(**{name: "conversation_id"}).distinct()
        for name, rows in (
            ("raised_talk", raised), ("due_talk", due),
            ("moved_talk", moved.filter(moved.kind.fill_null("agent") != "bot_to_human")),
        )
    ]  # fmt: skip
    loose = raised.filter(raised.conversation_id.isnull() & raised.ticket_id.notnull())
    owed = due.filter(due.conversation_id.isnull() & due.ticket_id.notnull())
    owed = owed.mutate(due_at=ibis.coalesce(owed.due_at, owed.done_at, ibis.literal(2**62)))
    again = t["reopenings"].filter(ibis._.excluded_reason.isnull())
    j = _with(c, _later(c, loose, "ticket_id", "at", "raised"), "raised")
    j = _with(j, _later(c, owed, "ticket_id", "due_at", "owed"), "owed")
    j = _with(j, _later(c, again, "ticket_id", "reopened_at", "reopened"), "reopened")
    beside = t["contact_neighbours"]
    j = j.left_join(
        beside, [j.conversation_id == beside.beside_id, j["part"] == beside.beside_part]
    )
    for rows, name in zip(by_talk, ("raised_talk", "due_talk", "moved_talk"), strict=True):
        j = j.left_join(rows, j.conversation_id == rows[name])
    j = j.left_join(wrote, [j.conversation_id == wrote.wrote_id, j["part"] == wrote.wrote_part])
    j = j.left_join(took, j.conversation_id == took.took_id)
    j = j.left_join(early, [j.conversation_id == early.in_time_id, j["part"] == early.in_time_part])
    j = j.left_join(ours, j.ticket_id == ours.our_ticket)
    is_escalated = (
        (j.outcome == "escalated").fill_null(False)
        | j.raised_talk.notnull()
        | j.raised_at.notnull()
    )
    by_ticket = ibis.cases(
        (j.ticket_solved_at.notnull() & (j.ticket_solved_at >= j.started_at), "resolved"),
        (j.ticket_stage == "done", "unresolved"),
    )
    resolution = ibis.cases(
        (is_escalated, "escalated"),
        else_=ibis.coalesce(j.outcome, ibis.cases((j.is_last, by_ticket))),
    )
    is_slow = (j.channel_kind == "async").fill_null(False)
    rows = j.select(
        "conversation_id", "ticket_id", "source", "channel", "channel_kind", "calendar",
        "customer_id", "team_id", "topic_id", "chat_type", "complexity", "priority",
        "product", "language", "initiation", "segment", "excluded_reason", "noise_reason",
        "started_by_agent", "started_at", "started_open", "ended_at", "is_served", "is_contact",
        "is_last", "reopened_at", "ticket_previous_at", "ticket_next_at", "ticket_called_at",
        "part",
        agent_id=ibis.coalesce(
            ibis.cases((j.is_last, j.took_agent)), j.wrote_agent, j.agent_id
        ),
        topic_key=text.key(j.topic_id),
        resolution=resolution,
        unresolved_reason=ibis.cases(
            (resolution.isin(["unresolved", "escalated"]), j.told_reason.fill_null("not_recorded"))
        ),
        is_escalated=is_escalated,
        has_followup=j.due_talk.notnull() | j.owed_at.notnull(),
        is_transferred=j.moved_talk.notnull(),
        reply_count=(
            j.in_time_count.fill_null(j.human_message_count) + j.our_count.fill_null(0)
        ).cast("int64"),
        while_open=(
            j.ticket_previous_at.notnull()
            & (j.first_solved_at.isnull() | (j.first_solved_at > j.started_at))
        ),
        solved_at=ibis.cases(
            (is_slow, ibis.coalesce(j.ticket_solved_at, j.ended_at)), else_=j.ended_at
        ),
    )  # fmt: skip
    return stamped(rows, t, ["solved_at"])
