"""Live chats that asked for a person: taken, missed or waiting, and what tells why (M1)."""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.clocks import opened, stamped
from sanjeh.facts.registry import Tables, fact
from sanjeh.facts.turns import GROUPS

SERVING = ("available", "busy")


@fact(grain="one conversation offered to an agent", key="conversation_id", kept=False)
def offers(t: Tables) -> Any:
    """To whom each conversation was offered last, and how its offers ended (M1.2, M1.3)."""
    p = t["segments"]
    declined = (p.end_reason == "declined").fill_null(False)
    counts = p.group_by(o_id=p.conversation_id, o_part=p["part"]).agg(
        accepted_at=p.accepted_at.min(),
        offer_count=p.count(),
        refused_count=p.count(where=p.accepted_at.isnull() & declined),
        ignored_count=p.count(where=p.accepted_at.isnull() & ~declined),
    )
    ranked = p.mutate(
        place=ibis.row_number().over(
            ibis.window(
                group_by=[p.conversation_id, p["part"]],
                order_by=[ibis.coalesce(p.offered_at, p.accepted_at).desc(), p.segment_id.desc()],
            )
        ),
        taken_place=ibis.row_number().over(
            ibis.window(
                group_by=[p.conversation_id, p["part"], p.accepted_at.notnull()],
                order_by=[p.accepted_at.desc(), p.segment_id.desc()],
            )
        ),
    )
    last = ranked.filter(ranked.place == 0).select(
        l_id="conversation_id", l_part="part", last_offered_id="agent_id"
    )
    taken = ranked.filter(ranked.accepted_at.notnull() & (ranked.taken_place == 0)).select(
        t_id="conversation_id", t_part="part", accepted_by_id="agent_id"
    )
    j = counts.left_join(last, [counts.o_id == last.l_id, counts.o_part == last.l_part])
    return j.left_join(taken, [j.o_id == taken.t_id, j.o_part == taken.t_part])


@fact(
    grain="one live chat that asked for a person", key="conversation_id", lies_by=("requested_at",)
)
def chat_waits(t: Tables) -> Any:
    """Live chats served, missed, still waiting, or left while closed (M1 to M1.4).

    `taken_at`: when an agent accepted it; where that is not recorded, the first message of a
    person. `left_at`: when a missed chat ended. `missed_reason`: as recorded, else as the chat's
    own offers and end tell; who was online then is looked up when asking.
    """
    c, o = t["conversations"], t["offers"]
    c = c.select(
        *GROUPS, "started_at", "ended_at", "end_reason", "requested_at", "human_requested_at",
        "answered_late",
    )  # fmt: skip
    c = c.filter(
        (c.channel_kind == "realtime").fill_null(False)
        & c.outcome_class.isin(["served", "missed", "pending", "offline"])
    )
    talk = t["conversation_talk"].select(
        s_id="conversation_id", s_part="part", spoke_at="first_human_message_at"
    )
    bots, raw = t["bot_session"], t["conversation"]
    bots = bots.group_by(b_id=bots.conversation_id).agg(handed_off_at=bots.handed_off_at.min())
    told = raw.filter(raw.missed_reason.notnull())
    told = told.select(told_id=told.id, told_reason=text.key(told.missed_reason).nullif("unknown"))
    owners = t["tickets"].select(k_id="ticket_id", assignee_id="assignee_id")
    offering = t["offering_sources"]
    j = c.left_join(o, [c.conversation_id == o.o_id, c["part"] == o.o_part])
    j = j.left_join(talk, [j.conversation_id == talk.s_id, j["part"] == talk.s_part])
    j = j.left_join(bots, j.conversation_id == bots.b_id)
    j = j.left_join(told, j.conversation_id == told.told_id)
    j = j.left_join(owners, j.ticket_id == owners.k_id)
    j = j.left_join(offering, j.source == offering.offering_source)
    asked = ibis.cases(
        (j["part"] == 0, ibis.coalesce(j.requested_at, j.started_at)), else_=j.started_at
    )
    person = ibis.coalesce(j.human_requested_at, j.handed_off_at)
    served, missed = j.outcome_class == "served", j.outcome_class == "missed"
    taken = ibis.cases((served, ibis.coalesce(j.accepted_at, j.spoke_at)))
    left = ibis.cases((missed, j.ended_at))
    left_by_choice = j.end_reason.fill_null("customer_left") == "customer_left"
    rows = j.select(
        *GROUPS, "answered_late", "ended_at", "last_offered_id",
        requested_at=asked,
        person_requested_at=ibis.cases(
            ((person >= asked).fill_null(False), person), else_=asked
        ),
        taken_at=taken,
        left_at=left,
        waited_until_at=ibis.coalesce(taken, left, ibis.cases((served, asked))),
        abandoned_microseconds=ibis.cases((missed & left_by_choice, j.ended_at - asked)),
        agent_id=ibis.cases((missed, j.last_offered_id)),
        assigned_id=ibis.cases((missed, ibis.coalesce(j.accepted_by_id, j.assignee_id))),
        missed_reason=j.told_reason,
        offers_are_recorded=j.offering_source.notnull(),
        offer_count=j.offer_count.fill_null(0),
        refused_count=j.refused_count.fill_null(0),
        ignored_count=j.ignored_count.fill_null(0),
        was_handed_over=person.notnull() | (j.end_reason == "transferred_out").fill_null(False),
        ended_by_system=(j.end_reason == "system").fill_null(False),
    )  # fmt: skip
    rows = stamped(rows, t, ["requested_at", "person_requested_at", "taken_at", "left_at"])
    return opened(rows, t, "requested_at", "asked_while_open")


@fact(grain="one source that records offers", scope="whole")
def offering_sources(t: Tables) -> Any:
    """Sources that record who was offered what; in others a chat without offers tells nothing."""
    known = t["coverage"]
    return known.filter(known.kind == "participation").select(offering_source="source")


@fact(
    grain="one change of how many are there", scope="whole", reads=("agent_status_event", "agent")
)
def presence_changes(t: Tables) -> Any:
    """By how many the agents online, and those available, grow or shrink, by team and source.

    `pool`: the team, and once more the source, for chats of no team that has a presence.
    """
    d, a = t["duty"], t["agents"]
    a = a.select(a_id="agent_id", team_id="team_id")
    d = d.left_join(a, d.agent_id == a.a_id)
    d = d.filter(d.status.isin(SERVING))
    one = ibis.literal(1).cast("int64")
    free = (d.status == "available").cast("int64")
    came = d.select("team_id", "source", at="from_at", online=one, free=free)
    went = d.filter(d.until_at.notnull())
    went = went.select(
        "team_id", "source", at="until_at", online=-one,
        free=-((went.status == "available").cast("int64")),
    )  # fmt: skip
    both = came.union(went, distinct=False)
    by_team = both.filter(both.team_id.notnull()).select("at", "online", "free", pool="team_id")
    by_source = both.select("at", "online", "free", pool=ibis.literal("source ") + both.source)
    every = by_team.union(by_source, distinct=False)
    return every.group_by(["pool", "at"]).agg(
        online=every.online.sum().cast("int64"), free=every.free.sum().cast("int64")
    )
