"""How a ticket went from state to state: every change replayed in order.

Serves V1, L1 to L8, T1, T1.1, T1.2 and the flow of the backlog (7.9).

A ticket is *open* in new, open, pending_customer and on_hold; *done* in solved and closed;
*gone* when merged or deleted. A solve is a change into solved from an open state; a
reopening a change from done to open. State is replayed from events, never read from the
present status, unless a source has no history: `has_history` says so.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.clocks import stamped
from sanjeh.facts.noise import NEEDS_NO_REPLY
from sanjeh.facts.registry import Tables, fact

OPEN = ("new", "open", "pending_customer", "on_hold")
DONE = ("solved", "closed")
GONE = ("merged", "deleted")
ALIASES = {
    "pending": "pending_customer",
    "hold": "on_hold",
    "on-hold": "on_hold",
    "resolved": "solved",
    "reopened": "open",
}
GROUPINGS = ("team", "agent", "priority", "topic")
# Events that say which state a ticket was in; one that was only assigned has no history.
STATE_EVENTS = ("created", "status_changed", "merged", "unmerged", "deleted", "restored")
_EVENT_OF = {
    "team": "team_changed",
    "agent": "assigned",
    "priority": "priority_changed",
    "topic": "topic_changed",
}
REPLAYED = ("state", *GROUPINGS)
NOTHING = "\x1f"  # a change to no value, which is not the same as no change
NEVER = 2**62
THANKS_BEFORE = 2 * 60 * 1_000_000


def status(value: Any) -> Any:
    """The status word as this product spells it."""
    word = value.lower()
    return ibis.cases(*[(word == a, b) for a, b in ALIASES.items()], else_=word)


def _set(value: Any) -> Any:
    return value.fill_null(NOTHING)


def class_of(state: Any) -> Any:
    """open, done or gone."""
    return ibis.cases((state.isin(DONE), "done"), (state.isin(GONE), "gone"), else_="open")


@fact(grain="one ticket", key="ticket_id", kept=False)
def ticket_core(t: Tables) -> Any:
    """What the ticket record itself says, in compared form."""
    k = t["ticket"]
    event = t["ticket_event"]
    solves = ((event["type"] == "status_changed") & (status(event["to"]) == "solved")).fill_null(
        False
    )
    events = event.group_by("ticket_id").agg(
        first_told_solve_at=event["at"].min(where=solves),
        last_told_solve_at=event["at"].max(where=solves),
        state_events=ibis._.count(where=ibis._.type.isin(STATE_EVENTS)),
        merge_events=ibis._.count(where=ibis._.type == "merged"),
        delete_events=ibis._.count(where=ibis._.type == "deleted"),
        first_event_at=ibis._["at"].min(),
    )
    k = k.left_join(events, k.id == events.ticket_id).drop("ticket_id")
    k = k.left_join(t["first_groupings"], k.id == t["first_groupings"].ticket_id)
    k = k.left_join(t["noise_tickets"], k.id == t["noise_tickets"].noisy_ticket)
    column = ibis.cases((k.state_events.fill_null(0) == 0, k.resolved_at))
    first_told = ibis.coalesce(k.first_told_solve_at, column)
    last_told = ibis.coalesce(k.last_told_solve_at, column)
    return k.select(
        ticket_id=k.id,
        source=k.source,
        created_at=k.created_at,
        # Where nobody recorded the creation, the life begins with what is known first.
        begun_at=ibis.coalesce(k.created_at, k.first_event_at, k.resolved_at, k.closed_at),
        customer_id=k.customer_id,
        account_id=k.account_id,
        channel=text.key(k.channel_first),
        created_by_type=k.created_by_type,
        parent_id=k.parent_id,
        product=text.key(k["product"]),
        complexity=text.key(k.complexity),
        priority_given=text.key(k.priority),
        team_given=k.team_id,
        agent_given=k.assignee_id,
        topic_given=k.topic_id,
        status_given=status(k.status),
        closed_reason=k.closed_reason.lower(),
        resolved_at=k.resolved_at,
        closed_at=k.closed_at,
        merged_at=ibis.cases(
            (
                k.merged_into_id.notnull() & (k.merge_events.fill_null(0) == 0),
                ibis.coalesce(k.version_at, k.created_at),
            )
        ),
        # Solves dated before the creation: the replay moves them up, the figures leave them out.
        early_first_solve_at=ibis.cases((first_told < k.created_at, first_told)),
        early_last_solve_at=ibis.cases((last_told < k.created_at, last_told)),
        removed_at=ibis.cases((k.delete_events.fill_null(0) == 0, k.deleted_at)),
        is_merged=k.merged_into_id.notnull(),
        is_deleted=k.deleted_at.notnull(),
        is_spam=k.is_spam.fill_null(False),
        is_test=k.is_test.fill_null(False),
        noise_reason=ibis.cases(
            (k.needs_reply.fill_null(False), None),
            ((k.needs_reply == False).fill_null(False), NEEDS_NO_REPLY),  # noqa: E712
            else_=k.ticket_noise,
        ),
        has_history=k.state_events.fill_null(0) > 0,
        **{f"{g}_events": k[f"{g}_events"].fill_null(0) for g in GROUPINGS},
        **{f"first_{g}": k[f"first_{g}"] for g in GROUPINGS},
    )


def _opening(core: Any) -> Any:
    """One row a ticket at its creation: state new, and the groupings it began with."""
    o = core.filter(core.begun_at.notnull())
    values = {
        g: ibis.cases((o[f"{g}_events"] > 0, o[f"first_{g}"]), else_=o[f"{g}_given"])
        for g in GROUPINGS
    }
    undated = (
        ~o.has_history & o.status_given.isin(DONE) & o.resolved_at.isnull() & o.closed_at.isnull()
    ).fill_null(False)
    state = ibis.cases(
        (~o.has_history & o.status_given.isin(OPEN), o.status_given),
        (undated, o.status_given),
        else_="new",
    )
    return o.select(
        ticket_id=o.ticket_id,
        at=o.begun_at,
        rank=ibis.literal(0),
        sequence=ibis.literal(0).cast("int64"),
        id=ibis.literal(""),
        actor_type=ibis.null("string"),
        actor_id=ibis.null("string"),
        has_state=~undated,  # done at an instant nobody recorded: no solve can be dated
        set_state=_set(state),
        **{f"set_{g}": _set(value) for g, value in values.items()},
    )


def _event_rows(core: Any, event: Any) -> Any:
    kind = event["type"]
    to = event["to"]
    state = ibis.cases(
        (kind == "created", ibis.coalesce(status(to), ibis.literal("new"))),
        (kind == "status_changed", status(to)),
        (kind.isin(["merged", "deleted"]), kind),
        (kind.isin(["unmerged", "restored"]), ibis.coalesce(status(to), ibis.literal("open"))),
    )
    is_state = kind.isin(["created", "merged", "deleted", "unmerged", "restored"]) | (
        (kind == "status_changed") & to.notnull()
    )
    wanted = is_state | kind.isin(list(_EVENT_OF.values()))
    e = event.mutate(state_to=state, is_state=is_state).filter(wanted)
    known = core.select(core_id=core.ticket_id, created_at=core.created_at)
    e = e.join(known, e.ticket_id == known.core_id)
    return e.select(
        ticket_id=e.ticket_id,
        at=ibis.greatest(e["at"], e.created_at),
        rank=ibis.literal(1),
        sequence=e["sequence"].fill_null(0),
        id=e.id,
        actor_type=e.actor_type,
        actor_id=e.actor_id,
        has_state=e.is_state,
        set_state=ibis.cases((e.is_state, _set(e.state_to))),
        **{
            f"set_{g}": ibis.cases(
                ((e["at"] <= e.created_at) & (e["type"] == kind), None),  # made so: the opening
                (e["type"] == kind, _set(text.key(e["to"]) if g == "priority" else e["to"])),
            )
            for g, kind in _EVENT_OF.items()
        },
    )


def _recorded(core: Any, at: Any, state: str, rank: int) -> Any:
    """A change that only the ticket's own record tells, not an event."""
    c = core.filter(at.notnull())
    return c.select(
        ticket_id=c.ticket_id,
        at=ibis.greatest(at, c.created_at),
        rank=ibis.literal(rank),
        sequence=ibis.literal(0).cast("int64"),
        id=ibis.literal(state),
        actor_type=ibis.null("string"),
        actor_id=ibis.null("string"),
        has_state=ibis.literal(True),
        set_state=ibis.literal(state),
        **{f"set_{g}": ibis.null("string") for g in GROUPINGS},
    )


@fact(grain="one ticket with a change of grouping", key="ticket_id", kept=False)
def first_groupings(t: Tables) -> Any:
    """What each grouping was at the creation: before its first recorded change.

    A change at the very instant of the creation is how the ticket was made, not a move.
    """
    event, ticket = t["ticket_event"], t["ticket"]
    e = event.mutate(grouping=ibis.cases(*[(event["type"] == e, g) for g, e in _EVENT_OF.items()]))
    e = e.filter(e.grouping.notnull())
    born = ticket.select(born_id=ticket.id, born_at=ticket.created_at)
    e = e.left_join(born, e.ticket_id == born.born_id)
    e = e.mutate(made_so=(e["at"] <= e.born_at).fill_null(False))
    near = ibis.window(
        group_by=[e.ticket_id, e.grouping], order_by=[e["at"], e["sequence"].fill_null(0), e.id]
    )
    e = e.select(
        "ticket_id", "grouping", "made_so",
        before=e["from"],
        after=e["to"],
        place=ibis.row_number().over(near),
        is_last_made=e.made_so & ~e.made_so.lead().over(near).fill_null(False),
    )  # fmt: skip
    e = e.filter(e.is_last_made | ((e.place == 0) & ~e.made_so))
    e = e.mutate(value=ibis.cases((e.made_so, e.after), else_=e.before))
    return e.group_by("ticket_id").agg(
        **{f"{g}_events": e.count(where=e.grouping == g) for g in GROUPINGS},
        **{f"first_{g}": _compared(g, e["value"]).max(where=e.grouping == g) for g in GROUPINGS},
    )


def _compared(grouping: str, value: Any) -> Any:
    """Words in compared form; ids as they are."""
    return text.key(value) if grouping == "priority" else value


@fact(grain="one change of a ticket's state or grouping", key="ticket_id", kept=False)
def ticket_values(t: Tables) -> Any:
    """Every change in order, with state and groupings in force after it and before it."""
    core = t["ticket_core"]
    lone = core.filter(~core.has_history)
    rows = ibis.union(
        _opening(core),
        _event_rows(core, t["ticket_event"]),
        _recorded(lone, lone.resolved_at, "solved", 2),
        _recorded(lone, lone.closed_at, "closed", 3),
        _recorded(core, core.merged_at, "merged", 4),
        _recorded(core, core.removed_at, "deleted", 5),
        distinct=False,
    )
    order = [rows["at"], rows["rank"], rows["sequence"], rows.id]
    near = ibis.window(group_by=rows.ticket_id, order_by=order)
    so_far = ibis.window(group_by=rows.ticket_id, order_by=order, rows=(None, 0))
    before = ibis.window(group_by=rows.ticket_id, order_by=order, rows=(None, -1))
    v = rows.select(
        "ticket_id", "at", "actor_type", "actor_id", "has_state",
        n=ibis.row_number().over(near),
        until_at=rows["at"].lead().over(near),
        **{g: rows[f"set_{g}"].last().over(so_far) for g in REPLAYED},
        **{f"previous_{g}": rows[f"set_{g}"].last().over(before) for g in REPLAYED},
    )  # fmt: skip
    v = v.mutate(**{c: v[c].nullif(NOTHING) for g in REPLAYED for c in (g, f"previous_{g}")})
    v = v.mutate(
        stage=class_of(v.state),
        previous_stage=ibis.cases((v.previous_state.notnull(), class_of(v.previous_state))),
    )
    return v.mutate(turned=v.previous_stage.isnull() | (v.stage != v.previous_stage))


@fact(grain="one reopening by a mere thanks", key="ticket_id", kept=False)
def thanks_turns(t: Tables) -> Any:
    """Returns to open in which the customer said nothing but thanks: no reopening (7.4, L2).

    Every public customer message from two minutes before the return until the ticket is done
    again is a thanks, and there is at least one.
    """
    v = t["ticket_values"]
    turns = v.filter(v.turned).select(
        "ticket_id", "n", "at", "stage", "previous_stage", "previous_state"
    )
    came_back = (turns.stage == "open") & (turns.previous_stage == "done")
    back = turns.filter(came_back).select(back_ticket="ticket_id").distinct()
    turns = turns.semi_join(back, turns.ticket_id == back.back_ticket)
    near = ibis.window(group_by=turns.ticket_id, order_by=turns.n)
    turns = turns.mutate(
        end_n=turns.n.lead().over(near).fill_null(NEVER), end_at=turns["at"].lead().over(near)
    )
    turns = turns.filter((turns.stage == "open") & (turns.previous_stage == "done"))
    said = t["ticket_customer_messages"]
    j = turns.join(said, turns.ticket_id == said.said_ticket)
    j = j.filter(
        (j.said_at >= j["at"] - THANKS_BEFORE) & (j.end_at.isnull() | (j.said_at < j.end_at))
    )
    held = j.group_by(["ticket_id", "n", "at", "end_n", "previous_state"]).agg(
        said=j.count(), thanks=j.count(where=j.is_thanks)
    )
    return held.filter(held.said == held.thanks).drop("said", "thanks")


@fact(grain="one ticket", key="ticket_id", kept=False)
def ticket_openings(t: Tables) -> Any:
    """The team that first had the ticket, and the calendar that holds for its whole life."""
    v, core = t["ticket_values"], t["ticket_core"]
    v = v.filter(v.team.notnull() & v.previous_team.isnull())
    first = v.group_by("ticket_id").agg(opening_team_id=v.team.argmin(v.n))
    j = core.left_join(first, core.ticket_id == first.ticket_id)
    team, channel, chosen = t["team_calendars"], t["channels"], t["default_calendar"]
    j = j.select("ticket_id", "channel", "opening_team_id")
    j = j.left_join(team, j.opening_team_id == team.team_id)
    j = j.left_join(channel, j.channel == channel.channel_key).cross_join(chosen)
    return j.select(
        "ticket_id",
        "opening_team_id",
        calendar=ibis.coalesce(j.team_calendar, j.channel_calendar, j.default_calendar),
        channel_kind=j.channel_kind,
    )


def _without_thanks(t: Tables) -> Any:
    """The steps, with a return by a mere thanks read as still done."""
    v, thanks = t["ticket_values"], t["thanks_turns"]
    inside = thanks.select(
        in_ticket=thanks.ticket_id,
        in_n=thanks.n,
        in_end=thanks.end_n,
        done_as=thanks.previous_state,
    )
    after = thanks.select(af_ticket=thanks.ticket_id, af_n=thanks.end_n)
    v = v.left_join(
        inside, [v.ticket_id == inside.in_ticket, v.n >= inside.in_n, v.n < inside.in_end]
    )
    v = v.left_join(after, [v.ticket_id == after.af_ticket, v.n == after.af_n])
    quiet, resolved_again = (
        v.in_ticket.notnull(),
        v.af_ticket.notnull() & v.turned & (v.stage == "done"),
    )
    return v.mutate(
        state=ibis.cases((quiet, v.done_as), else_=v.state),
        stage=ibis.cases((quiet, "done"), else_=v.stage),
        previous_stage=ibis.cases(
            (v.previous_stage.notnull() & (quiet | (v.af_ticket.notnull() & v.turned)), "done"),
            else_=v.previous_stage,
        ),
        has_state=v.has_state & ~quiet & ~resolved_again,
    )


@fact(
    grain="one stretch of a ticket's life in one state and grouping",
    key="ticket_id",
    lies_by=(("from_at", "until_at"), "stage", "from_at"),
)
def ticket_states(t: Tables) -> Any:
    """From `from_at` to before `until_at` (null: still so). Adjacent stretches touch.

    `lasts_until_at`: the same, far off where it is still so.
    """
    v, core, opening = _without_thanks(t), t["ticket_core"], t["ticket_openings"]
    said = t["ticket_messages"].select("ticket_id", "first_human_reply_at")
    c = core.select(
        "ticket_id", "source", "channel", "customer_id", "account_id", "product", "complexity",
        "created_at", "is_spam", "is_test", "noise_reason",
    ).left_join(said, "ticket_id").drop("ticket_id_right")  # fmt: skip
    v = v.join(c, "ticket_id").join(
        opening.select("ticket_id", "calendar", "channel_kind"), "ticket_id"
    )
    rows = v.select(
        "ticket_id", "n", "source", "channel", "channel_kind", "customer_id", "calendar", "state",
        "stage", "has_state", "previous_state", "previous_stage", "actor_type", "actor_id",
        "account_id", "product", "complexity", "created_at", "first_human_reply_at",
        noise_reason=v.noise_reason,
        from_at=v["at"],
        until_at=v.until_at,
        lasts_until_at=v.until_at.fill_null(2**62),
        team_id=v.team,
        agent_id=v.agent,
        priority=v.priority,
        topic_id=v.topic,
        previous_team_id=v.previous_team,
        previous_agent_id=v.previous_agent,
        previous_priority=v.previous_priority,
        previous_topic_id=v.previous_topic,
        excluded_reason=ibis.cases((v.is_spam, "spam"), (v.is_test, "test")),
    )  # fmt: skip
    return stamped(rows, t, ["from_at", "until_at"])
