"""Tickets: solves, reopenings, the flow of the backlog, and one row each.

Serves V1, L1 to L8, T1, T1.1, T1.2 and the flow of the backlog (7.9). Built on the replay in
`ticket_steps`.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts.clocks import stamped
from sanjeh.facts.registry import Tables, fact
from sanjeh.facts.ticket_steps import GROUPINGS

UNDONE_WITHIN = 5 * 60 * 1_000_000
AGENT_STARTED = "started by an agent"
NO_SOLUTION = "closed without a solution recorded"


@fact(grain="one change between open, done and gone", key="ticket_id", kept=False)
def ticket_turns(t: Tables) -> Any:
    """Where a ticket opened, was done, came back or left; with what followed."""
    s = t["ticket_states"]
    s = s.filter(s.previous_stage.isnull() | (s.stage != s.previous_stage))
    near = ibis.window(group_by=s.ticket_id, order_by=s.n)
    return s.mutate(
        next_stage=s.stage.lead().over(near),
        next_at=s.from_at.lead().over(near),
        last_at=s.from_at.lag().over(near),
        nth_turn=ibis.row_number().over(near),
    )


@fact(grain="one reopening", key="ticket_id", lies_by=("reopened_at",))
def reopenings(t: Tables) -> Any:
    """A change from done to open (L2); a mere thanks is none, and listed as such.

    `undone_microseconds`: how soon an agent who reopened it by a slip took that back.
    """
    turns = t["ticket_turns"]
    r = turns.filter((turns.stage == "open") & (turns.previous_stage == "done"))
    slip = (r.actor_type == "agent") & (r.next_stage == "done")
    real = r.mutate(
        reopened_at=r.from_at,
        solved_at=r.last_at,
        undone_microseconds=ibis.cases((slip.fill_null(False), r.next_at - r.from_at)),
    )
    s, thanks = t["ticket_states"], t["thanks_turns"]
    inside = thanks.select(in_ticket=thanks.ticket_id, in_n=thanks.n)
    quiet = s.join(inside, [s.ticket_id == inside.in_ticket, s.n == inside.in_n])
    quiet = quiet.mutate(
        reopened_at=quiet.from_at,
        solved_at=ibis.null("int64"),
        undone_microseconds=ibis.null("int64"),
        excluded_reason=ibis.literal("a thanks, needing no reply"),
    )
    columns = [
        "ticket_id", "n", "source", "channel", "channel_kind", "customer_id", "calendar",
        "team_id", "agent_id", "priority", "topic_id", "actor_type", "reopened_at", "solved_at",
        "undone_microseconds", "excluded_reason",
    ]  # fmt: skip
    return real.select(columns).union(quiet.select(columns), distinct=False)


@fact(grain="one solve", key="ticket_id", lies_by=("solved_at",))
def resolutions(t: Tables) -> Any:
    """A change into solved from open (L3). `reopened_at`: when it came back, if it did.

    Credited to the agent who solved it; where the record does not say, to the assignee.
    """
    turns, core = t["ticket_turns"], t["ticket_core"]
    s = turns.filter((turns.state == "solved") & (turns.stage == "done") & turns.has_state)
    late = t["ticket_closings"]
    s = s.join(
        core.select("ticket_id", "created_at", "complexity", "product", "closed_reason"),
        "ticket_id",
    )
    late = late.select(re_ticket=late.ticket_id, re_n=late.n, reopened_at=late.reopened_at)
    s = s.left_join(late, [s.ticket_id == late.re_ticket, s.n == late.re_n])
    nth = ibis.window(group_by=s.ticket_id, order_by=s.n)
    return s.select(
        "ticket_id", "n", "source", "channel", "channel_kind", "customer_id", "calendar",
        "team_id", "priority", "topic_id", "complexity", "product", "actor_type", "created_at",
        "reopened_at",
        agent_id=ibis.cases((s.actor_type == "agent", s.actor_id), else_=s.agent_id),
        solved_at=s.from_at,
        solved_open=s.from_open,
        nth=ibis.row_number().over(nth) + 1,
        excluded_reason=ibis.coalesce(s.excluded_reason, unsolved_reason(s.closed_reason)),
    )  # fmt: skip


@fact(grain="one time a ticket was done", key="ticket_id", kept=False)
def ticket_closings(t: Tables) -> Any:
    """Each change into done, with the reopening that followed it, if one did and counts."""
    turns, again = t["ticket_turns"], t["reopenings"]
    d = turns.filter(turns.stage == "done")
    slip = (again.undone_microseconds < UNDONE_WITHIN).fill_null(False)
    counted = again.filter(again.excluded_reason.isnull() & ~slip)
    counted = counted.select(a_ticket=counted.ticket_id, a_at=counted.reopened_at)
    j = d.left_join(counted, [d.ticket_id == counted.a_ticket, d.next_at == counted.a_at])
    return j.select("ticket_id", "n", reopened_at=j.a_at)


def unsolved_reason(closed_reason: Any) -> Any:
    """Why a ticket that was closed so was not solved; null where nothing says so."""
    return ibis.cases(
        (closed_reason.isin(["spam", "duplicate", "no_response"]), "closed without a solution"),
    )


_NAMES = {"team": "team_id", "agent": "agent_id", "priority": "priority", "topic": "topic_id"}


@fact(grain="one change of the open backlog", key="ticket_id", lies_by=("at",))
def backlog_flow(t: Tables) -> Any:
    """+1 and -1 rows that add up to the backlog, each with the groups it holds for (7.9).

    `change`: new, reopened, unmerged, restored (+1); solved, closed otherwise, merged,
    deleted (-1); moved in (+1) and moved out (-1) where an open ticket changes group, with
    `moved_team`, `moved_agent`, `moved_priority`, `moved_topic` telling which.
    """
    s = t["ticket_states"]
    s = s.filter(s.excluded_reason.isnull())
    fixed = ["ticket_id", "source", "channel", "channel_kind", "customer_id"]
    never = {f"moved_{g}": ibis.literal(False) for g in GROUPINGS}

    entered = s.filter(
        (s.stage == "open") & (s.previous_stage.isnull() | (s.previous_stage != "open"))
    )
    came = entered.select(
        *fixed,
        at=entered.from_at,
        delta=ibis.literal(1).cast("int64"),
        change=ibis.cases(
            (entered.previous_stage.isnull(), "new"),
            (entered.previous_stage == "done", "reopened"),
            (entered.previous_state == "merged", "unmerged"),
            else_="restored",
        ),
        **{v: entered[v] for v in _NAMES.values()},
        **never,
    )
    left = s.filter((s.stage != "open") & (s.previous_stage == "open"))
    went = left.select(
        *fixed,
        at=left.from_at,
        delta=ibis.literal(-1).cast("int64"),
        change=ibis.cases((left.state == "closed", "closed otherwise"), else_=left.state),
        **{v: left["previous_" + v] for v in _NAMES.values()},
        **never,
    )
    moved = s.filter((s.stage == "open") & (s.previous_stage == "open"))
    moved = moved.mutate(
        **{f"moved_{g}": ~moved[c].identical_to(moved["previous_" + c]) for g, c in _NAMES.items()}
    )
    moved = moved.filter(
        moved.moved_team | moved.moved_agent | moved.moved_priority | moved.moved_topic
    )
    flags = [f"moved_{g}" for g in GROUPINGS]
    into = moved.select(
        *fixed,
        at=moved.from_at,
        delta=ibis.literal(1).cast("int64"),
        change=ibis.literal("moved in"),
        **{v: moved[v] for v in _NAMES.values()},
        **{f: moved[f] for f in flags},
    )
    out = moved.select(
        *fixed,
        at=moved.from_at,
        delta=ibis.literal(-1).cast("int64"),
        change=ibis.literal("moved out"),
        **{v: moved["previous_" + v] for v in _NAMES.values()},
        **{f: moved[f] for f in flags},
    )
    return ibis.union(came, went, into, out, distinct=False)


@fact(
    grain="one stretch in which an open ticket waits for us",
    key="ticket_id",
    lies_by=(("from_at", "until_at"), "from_at"),
)
def awaiting_us(t: Tables) -> Any:
    """From a customer's public message to the next human reply, while the ticket is open (L5)."""
    c, m = t["conversation"], t["spoken_messages"]
    c = c.filter(c.ticket_id.notnull()).select(in_ticket=c.ticket_id, in_conversation=c.id)
    m = m.filter(m.is_human | m.is_customer)
    m = m.join(c, m.conversation_id == c.in_conversation)
    order = [m["at"], m.order_in, m.message_id]
    near = ibis.window(group_by=m.in_ticket, order_by=order)
    coming = ibis.window(group_by=m.in_ticket, order_by=order, rows=(0, None))
    m = m.select(
        "in_ticket", "at", "is_human",
        before=m.is_human.lag().over(near),
        answered_at=ibis.cases((m.is_human, m["at"])).first().over(coming),
    )  # fmt: skip
    waits = m.filter(~m.is_human & (m.before.isnull() | m.before))
    waits = waits.select(w_ticket="in_ticket", asked_at="at", answered_at="answered_at")
    s = t["ticket_states"].filter(ibis._.stage == "open")
    far = ibis.literal(2**62)
    j = s.join(waits, s.ticket_id == waits.w_ticket)
    j = j.filter(
        (j.asked_at < j.until_at.fill_null(far)) & (j.answered_at.fill_null(far) > j.from_at)
    )
    until = ibis.least(j.until_at.fill_null(far), j.answered_at.fill_null(far))
    return j.select(
        "ticket_id", "source", "channel", "channel_kind", "customer_id", "account_id", "team_id",
        "agent_id", "priority", "topic_id", "product", "complexity", "state", "created_at",
        "excluded_reason", "noise_reason",
        from_at=ibis.greatest(j.from_at, j.asked_at),
        until_at=until.nullif(far),
        lasts_until_at=until,
    )  # fmt: skip


@fact(grain="one ticket", key="ticket_id", kept=False)
def ticket_messages(t: Tables) -> Any:
    """What was said in a ticket's conversations, counted (L5)."""
    c, m = t["conversation"], t["spoken_messages"]
    c = c.filter(c.ticket_id.notnull()).select(in_ticket=c.ticket_id, in_conversation=c.id)
    said = m.filter(m.is_human | m.is_customer)
    said = said.join(c, said.conversation_id == c.in_conversation)
    return said.group_by(ticket_id=said.in_ticket).agg(
        first_human_reply_at=said["at"].min(where=said.is_human),
        last_customer_message_at=said["at"].max(where=said.is_customer),
        last_human_reply_at=said["at"].max(where=said.is_human),
        reply_count=said.count(where=said.is_human),
    )


@fact(grain="one ticket", key="ticket_id", lies_by=("ended_at", "created_at"))
def tickets(t: Tables) -> Any:
    """Each ticket with its instants, counts and present groupings.

    `final_solved_at`: the last solve, if the ticket was done at the end of the record; null where
    it came back and is open, or was closed without ever being solved.
    """
    core, s, opening = t["ticket_core"], t["ticket_states"], t["ticket_openings"]
    ending = s.filter(s.until_at.isnull())
    now = ending.group_by("ticket_id").agg(
        state=ending.state.max(),
        stage=ending.stage.max(),
        team_id=ending.team_id.max(),
        assignee_id=ending.agent_id.max(),
        priority=ending.priority.max(),
        topic_id=ending.topic_id.max(),
    )
    taken = s.filter(s.agent_id.notnull() & ~s.agent_id.identical_to(s.previous_agent_id))
    hands = taken.group_by("ticket_id").agg(agent_count=taken.agent_id.nunique())
    solved = s.has_state & (s.state == "solved")
    life = s.group_by("ticket_id").agg(
        first_solved_at=s.from_at.min(where=solved),
        last_solved_at=s.from_at.max(where=solved),
        done_at=s.from_at.max(
            where=(s.stage == "done") & (s.previous_stage.isnull() | (s.previous_stage != "done"))
        ),
        gone_at=s.from_at.max(where=(s.stage == "gone") & (s.previous_stage != "gone")),
        team_change_count=s.count(
            where=s.previous_team_id.notnull()
            & s.team_id.notnull()
            & (s.team_id != s.previous_team_id)
        ),
        agent_change_count=s.count(
            where=s.previous_agent_id.notnull()
            & s.agent_id.notnull()
            & (s.agent_id != s.previous_agent_id)
        ),
        **{
            f"{name}_microseconds{suffix}": (s[f"until{end}"] - s[f"from{end}"])
            .sum(where=s.state == state)
            .cast("int64")
            for name, state in (("pending", "pending_customer"), ("hold", "on_hold"))
            for suffix, end in (("", "_at"), ("_open", "_open"))
        },
    )
    solve = t["resolutions"]
    final = solve.group_by("ticket_id").agg(
        solve_count=solve.count(), resolver_id=solve.agent_id.argmax(solve.nth),
        resolver_type=solve.actor_type.argmax(solve.nth),
    )  # fmt: skip
    again = t["reopenings"]
    back = again.group_by("ticket_id").agg(
        reopened_count=again.count(where=again.excluded_reason.isnull()),
        first_reopened_at=again.reopened_at.min(where=again.excluded_reason.isnull()),
    )
    raised = t["escalations"]
    up = (
        raised.filter(raised.ticket_id.notnull())
        .group_by("ticket_id")
        .agg(escalation_count=ibis._.count())
    )
    j = core.join(life, "ticket_id").left_join(opening, "ticket_id").drop("ticket_id_right")
    for part in (now, hands, final, back, up, t["ticket_messages"]):
        j = j.left_join(part, "ticket_id").drop("ticket_id_right")
    is_done = j.stage == "done"
    final_at = ibis.cases((is_done, ibis.coalesce(j.early_last_solve_at, j.last_solved_at)))
    rows = j.select(
        "ticket_id", "source", "created_at", "customer_id", "account_id", "channel", "channel_kind",
        "product", "complexity", "priority", "team_id", "opening_team_id", "topic_id", "parent_id",
        "created_by_type", "state", "stage", "calendar", "has_history",
        "done_at", "gone_at", "first_reopened_at", "first_human_reply_at",
        "last_customer_message_at", "last_human_reply_at", "team_change_count",
        "agent_change_count",
        agent_id=ibis.coalesce(j.resolver_id, j.assignee_id),
        assignee_id=j.assignee_id,
        resolver_type=j.resolver_type,
        first_solved_at=ibis.coalesce(j.early_first_solve_at, j.first_solved_at),
        final_solved_at=final_at,
        ended_at=ibis.cases((is_done, ibis.coalesce(final_at, j.done_at))),
        solve_count=j.solve_count.fill_null(0),
        reopened_count=j.reopened_count.fill_null(0),
        escalation_count=j.escalation_count.fill_null(0),
        reply_count=j.reply_count.fill_null(0),
        agent_count=j.agent_count.fill_null(0),
        touch_count=(
            j.agent_count.fill_null(0)
            + j.escalation_count.fill_null(0)
            + j.reply_count.fill_null(0)
        ),
        pending_microseconds=j.pending_microseconds.fill_null(0),
        hold_microseconds=j.hold_microseconds.fill_null(0),
        pending_microseconds_open=j.pending_microseconds_open,
        hold_microseconds_open=j.hold_microseconds_open,
        unsolved_reason=ibis.coalesce(
            unsolved_reason(j.closed_reason),
            ibis.cases(
                (is_done & final_at.isnull() & (j.has_history | j.closed_at.notnull()), NO_SOLUTION)
            ),
        ),
        excluded_reason=ibis.cases(
            (j.is_spam, "spam"),
            (j.is_test, "test"),
            (j.is_merged | (j.state == "merged"), "merged into another"),
            (j.is_deleted | (j.state == "deleted"), "deleted"),
        ),
        started_by_agent=(j.created_by_type == "agent").fill_null(False),
        noise_reason=j.noise_reason,
    )  # fmt: skip
    return stamped(rows, t, ["created_at", "first_solved_at", "final_solved_at"])


@fact(grain="one escalation", key="ticket_id", lies_by=("escalated_at",))
def escalations(t: Tables) -> Any:
    """A request sent up the matrix, by whom and why (L6, A3)."""
    e, core = t["escalation"], t["ticket_core"]
    opening = t["ticket_openings"]
    c = core.select(
        "ticket_id", "channel", "customer_id", "topic_given", "priority_given", "is_spam",
        "is_test", "team_given",
    )  # fmt: skip
    talks = t["conversation"].select(talk_id="id", talk_ticket="ticket_id")
    e = e.left_join(talks, e.conversation_id == talks.talk_id)
    e = e.mutate(ticket_id=ibis.coalesce(e.ticket_id, e.talk_ticket))
    j = e.left_join(c, e.ticket_id == c.ticket_id).drop("ticket_id_right")
    j = j.left_join(
        opening.select("ticket_id", "channel_kind", "calendar", "opening_team_id"), "ticket_id"
    )
    j = j.drop("ticket_id_right")
    return j.select(
        "ticket_id", "conversation_id", "source", "channel", "channel_kind", "customer_id",
        "calendar",
        escalation_id=j.id,
        escalated_at=j["at"],
        initiator=j.initiator,
        reason=j.reason,
        agent_id=j.from_agent,
        team_id=ibis.coalesce(j.opening_team_id, j.team_given),
        topic_id=j.topic_given,
        priority=j.priority_given,
        excluded_reason=ibis.cases((j.is_spam, "spam"), (j.is_test, "test")),
    )  # fmt: skip
