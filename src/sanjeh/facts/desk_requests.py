"""Requests, waits and solves as helpdesks see them, for the definition profiles (issue 5).

A helpdesk counts its own ticket or conversation: not cut by an idle gap, a mere thanks as any other
message, a return by a mere thanks as any other return. Our own definitions do otherwise; what the
profiles (`metrics/profiles`) need beyond our facts stands here, and nothing else. Open hours are
laid beside these instants when a profile is asked for, so that a refresh does not pay for them.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts.registry import Tables, fact
from sanjeh.facts.ticket_steps import DONE
from sanjeh.facts.tickets import unsolved_reason

DIMENSIONS = (
    "source", "channel", "channel_kind", "calendar", "customer_id", "team_id", "agent_id",
    "topic_id", "complexity", "priority", "product", "excluded_reason", "noise_reason",
    "started_by_agent",
)  # fmt: skip
REOPENED_FROM = ("pending_customer", "on_hold", *DONE)


@fact(grain="one ticket, or one conversation of no known ticket", key="ticket_id", kept=False)
def desk_request_core(t: Tables) -> Any:
    """Who and what each request is; `request_id`: its ticket, else its conversation."""
    k, c = t["tickets"], t["conversations"]
    c = c.filter(c["part"] == 0)
    mine = c.filter(c.ticket_id.notnull())
    mine = mine.group_by(of_ticket=mine.ticket_id).agg(
        talk_count=mine.count(), talk_id=mine.conversation_id.min()
    )
    k = k.left_join(mine, k.ticket_id == mine.of_ticket)
    done = k.stage == "done"
    tickets = k.select(
        *DIMENSIONS, "ticket_id", "created_at",
        conversation_id=ibis.cases((k.talk_count == 1, k.talk_id)),
        request_id=k.ticket_id,
        ended_at=ibis.cases((done, ibis.coalesce(k.ended_at, k.done_at))),
    )  # fmt: skip
    known = t["ticket"].select(known_id="id")
    lone = c.anti_join(known, c.ticket_id == known.known_id)
    lone = lone.mutate(request_id=ibis.coalesce(lone.ticket_id, lone.conversation_id))
    near = ibis.window(group_by=lone.request_id, order_by=[lone.started_at, lone.conversation_id])
    lone = lone.mutate(place=ibis.row_number().over(near))
    lone = lone.filter(lone.place == 0).select(
        *DIMENSIONS, "ticket_id", "conversation_id", "request_id", "ended_at",
        created_at=lone.started_at,
    )  # fmt: skip
    return tickets.union(lone.select(tickets.columns), distinct=False)


@fact(grain="one public message of a customer, a person or a bot", key="ticket_id", kept=False)
def desk_messages(t: Tables) -> Any:
    """Public messages by the request they belong to."""
    m, c = t["spoken_messages"], t["conversation_core"]
    c = c.select(
        talk_id="conversation_id", request_id=ibis.coalesce(c.ticket_id, c.conversation_id)
    )
    is_bot = m.is_bot.fill_null(False)
    m = m.mutate(is_bot=is_bot).filter(m.is_human | m.is_customer | is_bot)
    return m.join(c, m.conversation_id == c.talk_id).select(
        "request_id", "conversation_id", "message_id", "at", "order_in", "author_id", "is_human",
        "is_customer", "is_bot",
    )  # fmt: skip


@fact(grain="one request", key="ticket_id", kept=False)
def desk_talk(t: Tables) -> Any:
    """When customer and persons first wrote in a request, and by whom it was answered.

    `answered_at`: the first reply of a person after the customer first wrote. `replied_at`: the
    first after the creation; where an agent began with a public message, the one after that.
    """
    m, core, raw = t["desk_messages"], t["desk_request_core"], t["message"]
    said = m.group_by(said_in=m.request_id).agg(
        asked_at=m["at"].min(where=m.is_customer),
        first_said_at=m["at"].min(where=m.is_human),
        reply_count=m.count(where=m.is_human),
        one_replier=m.author_id.min(where=m.is_human),
        last_replier=m.author_id.max(where=m.is_human),
    )
    j = core.select("request_id", "created_at", "started_by_agent")
    j = j.join(said, j.request_id == said.said_in)
    odd = j.filter(
        j.started_by_agent
        | (j.first_said_at < j.asked_at).fill_null(False)
        | (j.first_said_at < j.created_at).fill_null(False)
    )
    odd = odd.select(
        odd_id="request_id", began_at="created_at", o_asked="asked_at", o_said="first_said_at",
        by_agent="started_by_agent",
    )  # fmt: skip
    later = m.filter(m.is_human).join(odd, m.request_id == odd.odd_id)
    later = later.group_by(later_id=later.request_id).agg(
        second_at=later["at"].min(where=later["at"] > later.o_said),
        after_asked_at=later["at"].min(where=later["at"] >= later.o_asked),
        after_created_at=later["at"].min(where=later["at"] >= later.began_at),
    )
    c = t["conversation_core"]
    c = c.select(
        talk_id="conversation_id", talk_request=ibis.coalesce(c.ticket_id, c.conversation_id)
    )
    ours = odd.filter(odd.by_agent)
    c = c.semi_join(ours, c.talk_request == ours.odd_id)
    every = raw.join(c, raw.conversation_id == c.talk_id)
    every = every.group_by(every_id=every.talk_request).agg(very_first_at=every["at"].min())
    j = j.left_join(later, j.request_id == later.later_id)
    j = j.left_join(every, j.request_id == every.every_id)
    in_public = (
        j.started_by_agent & (j.very_first_at == j.first_said_at)
        & (j.asked_at.isnull() | (j.asked_at > j.first_said_at))
    ).fill_null(False)  # fmt: skip
    early = (j.first_said_at < j.created_at).fill_null(False)
    before = (j.first_said_at < j.asked_at).fill_null(False)
    return j.select(
        talk_of="request_id",
        asked_at=j.asked_at,
        first_said_at=j.first_said_at,
        answered_at=ibis.cases(
            (j.asked_at.isnull(), None), (before, j.after_asked_at), else_=j.first_said_at
        ),
        replied_at=ibis.cases(
            (in_public, j.second_at), (early, j.after_created_at), else_=j.first_said_at
        ),
        reply_count=j.reply_count - in_public.cast("int64"),
        has_one_replier=(j.one_replier == j.last_replier).fill_null(False),
    )


@fact(grain="one request handed over or opened again", key="ticket_id", kept=False)
def desk_handovers(t: Tables) -> Any:
    """When the wait for a person began anew, before a person first wrote.

    Where a bot handed over (its first time), or the request was opened again from waiting, on hold
    or solved; of several the last. Without either, where a bot had settled it.
    """
    said, c = t["desk_talk"], t["conversation_core"]
    said = said.select(s_id="talk_of", first_said_at="first_said_at")
    c = c.select(
        talk_id="conversation_id", request_id=ibis.coalesce(c.ticket_id, c.conversation_id)
    )
    b, v = t["bot_session"], t["ticket_values"]
    b = b.join(c, b.conversation_id == c.talk_id)
    moved = t["transfer"].filter(ibis._["kind"] == "bot_to_human")
    moved = moved.join(c, moved.conversation_id == c.talk_id)
    handed = b.filter(b.handed_off_at.notnull()).select("request_id", gave_at="handed_off_at")
    handed = handed.union(moved.select("request_id", gave_at=moved["at"]), distinct=False)
    handed = handed.group_by("request_id").agg(mark_at=handed.gave_at.min())
    settled = b.filter(b.resolved.fill_null(False) & b.ended_at.notnull())
    opened = v.filter(v.has_state & (v.state == "open") & v.previous_state.isin(REOPENED_FROM))
    marks = ibis.union(
        handed.select("request_id", "mark_at", by_bot=ibis.literal(False)),
        opened.select(
            request_id=opened.ticket_id, mark_at=opened["at"], by_bot=ibis.literal(False)
        ),
        settled.select("request_id", mark_at=settled.ended_at, by_bot=ibis.literal(True)),
        distinct=False,
    )
    j = marks.left_join(said, marks.request_id == said.s_id)
    j = j.filter(j.first_said_at.isnull() | (j.mark_at <= j.first_said_at))
    found = j.group_by(marked_id=j.request_id).agg(
        handed_at=j.mark_at.max(where=~j.by_bot), settled_at=j.mark_at.max(where=j.by_bot)
    )
    return found.select(
        "marked_id", waited_from_at=ibis.coalesce(found.handed_at, found.settled_at)
    )


@fact(grain="one ticket", key="ticket_id", kept=False)
def desk_life(t: Tables) -> Any:
    """Each ticket's solves and returns as its status tells them, those by a mere thanks too."""
    v, core = t["ticket_values"], t["ticket_core"]
    done = v.turned & (v.stage == "done")
    solved = (v.has_state & (v.state == "solved")).fill_null(False)
    life = v.group_by(life_of=v.ticket_id).agg(
        solved_at=v["at"].max(where=solved),
        first_done_at=v["at"].min(where=done),
        last_done_at=v["at"].max(where=done),
        done_count=v.count(where=done),
        reopened_count=v.count(
            where=v.turned & (v.stage == "open") & (v.previous_stage == "done").fill_null(False)
        ),
        still_done=v.count(where=v.until_at.isnull() & (v.stage == "done")),
    )
    early = core.filter(core.early_last_solve_at.notnull())
    early = early.select(early_id="ticket_id", early_at="early_last_solve_at")
    j = life.left_join(early, life.life_of == early.early_id)
    return j.select(
        "life_of", "first_done_at", "last_done_at", "done_count", "reopened_count",
        last_solved_at=ibis.coalesce(j.early_at, j.solved_at),
        is_done=j.still_done > 0,
    )  # fmt: skip


@fact(grain="one request as a helpdesk sees it", key="ticket_id")
def desk_requests(t: Tables) -> Any:
    """Each ticket, or conversation of no known ticket, with the instants helpdesks measure between.

    `asked_at`: the customer's first message. `first_said_at`: a person's first public message,
    whoever began. `answered_at`: a person's first after `asked_at`. `replied_at`: a person's first
    after the creation, where an agent began with a public message the one after that.
    `waited_from_at`: where the wait before `first_said_at` began: at the last return or a bot's
    hand-over before it, else at the creation. `over_at`: when it ended. `reply_count`: public
    messages of persons, less the one an agent began with. `first_done_at`, `last_done_at`,
    `done_count`, `last_solved_at`, `reopened_count`, `is_done`: of tickets, by their status alone.
    `conversation_id`: where it is the ticket's only one.
    """
    j = t["desk_request_core"]
    for other, key in (
        (t["desk_talk"], "talk_of"), (t["desk_handovers"], "marked_id"), (t["desk_life"], "life_of")
    ):  # fmt: skip
        j = j.left_join(other, j.request_id == other[key])
    return j.select(
        *DIMENSIONS, "request_id", "ticket_id", "conversation_id", "created_at", "asked_at",
        "first_said_at", "answered_at", "replied_at", "first_done_at", "last_done_at",
        "last_solved_at", "done_count", "reopened_count", "is_done",
        waited_from_at=ibis.coalesce(j.waited_from_at, j.created_at),
        over_at=ibis.cases(((j.ended_at >= j.created_at).fill_null(False), j.ended_at)),
        reply_count=j.reply_count.fill_null(0),
        has_one_replier=j.has_one_replier.fill_null(False),
    )  # fmt: skip


@fact(grain="one wait for a reply as a helpdesk sees it", key="ticket_id")
def desk_waits(t: Tables) -> Any:
    """A run of a customer's messages and the person's message after it, thanks and all.

    `asked_at`: the first message since a person last wrote. `waiting_since_at`: the first since a
    person or a bot last wrote; null where a bot has had the last word. `is_first_said`,
    `is_first_reply`: whether the answer is the request's `first_said_at`, its `replied_at`.
    """
    m, r = t["desk_messages"], t["desk_requests"]
    order = [m["at"], m.order_in, m.is_human.cast("int64"), m.message_id]
    past = ibis.window(group_by=m.request_id, order_by=order, rows=(None, -1))
    m = m.mutate(
        turn=m.is_human.cast("int64").sum().over(past).fill_null(0).cast("int64"),
        bots=m.is_bot.cast("int64").sum().over(past).fill_null(0).cast("int64"),
    )
    g = m.group_by(w_id=m.request_id, w_turn=m.turn).agg(
        w_asked_at=m["at"].min(where=m.is_customer),
        w_answered_at=m["at"].min(where=m.is_human),
        answered_by=m.author_id.min(where=m.is_human),
        w_bots=m.bots.max(),
    )
    g = g.filter(g.w_asked_at.notnull())
    after = m.filter(m.is_customer & (m.bots > 0))
    after = after.group_by(a_id=after.request_id, a_turn=after.turn, a_bots=after.bots).agg(
        since_at=after["at"].min()
    )
    g = g.left_join(
        after, [g.w_id == after.a_id, g.w_turn == after.a_turn, g.w_bots == after.a_bots]
    )
    j = r.join(g, r.request_id == g.w_id)
    kept = [d for d in DIMENSIONS if d != "agent_id"]
    return j.select(
        *kept, "request_id", "ticket_id", "conversation_id",
        agent_id=j.answered_by,
        turn=j.w_turn,
        asked_at=j.w_asked_at,
        waiting_since_at=ibis.cases((j.w_bots == 0, j.w_asked_at), else_=j.since_at),
        answered_at=j.w_answered_at,
        over_at=ibis.cases(((j.over_at >= j.w_asked_at).fill_null(False), j.over_at)),
        is_first_said=(j.w_answered_at == j.first_said_at).fill_null(False),
        is_first_reply=(j.w_answered_at == j.replied_at).fill_null(False),
    )  # fmt: skip


@fact(grain="one solve again after a mere thanks", key="ticket_id")
def quiet_solves(t: Tables) -> Any:
    """Solves that end a return by a mere thanks: no resolution of ours, one of a helpdesk's.

    The same columns as `resolutions`.
    """
    s, thanks, core = t["ticket_states"], t["thanks_turns"], t["ticket_core"]
    thanks = thanks.select(in_ticket="ticket_id", in_n="end_n")
    j = s.join(thanks, [s.ticket_id == thanks.in_ticket, s.n == thanks.in_n])
    j = j.filter(j.state == "solved")
    c = core.select(core_ticket="ticket_id", closed_reason="closed_reason")
    j = j.join(c, j.ticket_id == c.core_ticket)
    rows = j.select(
        "ticket_id", "n", "source", "channel", "channel_kind", "customer_id", "calendar",
        "team_id", "priority", "topic_id", "complexity", "product", "actor_type", "created_at",
        reopened_at=ibis.null("int64"),
        agent_id=ibis.cases((j.actor_type == "agent", j.actor_id), else_=j.agent_id),
        solved_at=j.from_at,
        solved_open=j.from_open,
        nth=ibis.literal(0).cast("int64"),
        excluded_reason=ibis.coalesce(j.excluded_reason, unsolved_reason(j.closed_reason)),
    )  # fmt: skip
    return rows.select(t["resolutions"].columns)
