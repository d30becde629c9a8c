"""Handling: agents' time on each conversation, and its transfers (T3, T3.1, T3.3)."""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts.registry import Tables, fact
from sanjeh.facts.segments import in_parts
from sanjeh.facts.turns import GROUPS

TO_A_PERSON = "handed to a person by a bot"
TO_THE_QUEUE = "put back into the queue"
BEFORE_SERVICE = "before anybody had it"
MICROSECONDS = 1_000_000.0


@fact(grain="one transfer", key="conversation_id", lies_by=("transferred_at",))
def transfers(t: Tables) -> Any:
    """Conversations passed on to another agent or department after service began (AMB-18).

    As recorded; where no transfer of a conversation is, as the segments that ended in one tell.
    A bot's hand-over, a return to the queue and an invitation to join are none, and listed.
    """
    x, p, c = t["transfer"], t["segments"], t["conversations"]
    x = x.select(
        "id", "conversation_id", "from_agent", "to_agent", "from_team", "to_team", "reason",
        transferred_at=x["at"], transfer_kind=x.kind,
    )  # fmt: skip
    x = in_parts(x, "transferred_at", t["conversation_spans"]).rename(transfer_id="id")
    recorded = x.filter(x.transfer_kind.fill_null("agent") != "bot_to_human")
    recorded = recorded.select(known_id="conversation_id").distinct()
    p = p.filter(p.accepted_at.notnull())
    near = ibis.window(
        group_by=[p.conversation_id, p["part"]], order_by=[p.accepted_at, p.segment_id]
    )
    p = p.mutate(
        next_agent=p.agent_id.lead().over(near), next_team=p.segment_team_id.lead().over(near)
    )
    told = p.filter((p.end_reason == "transferred").fill_null(False))
    told = told.anti_join(recorded, told.conversation_id == recorded.known_id)
    columns = [
        "transfer_id", "conversation_id", "part", "from_agent", "to_agent", "from_team", "to_team",
        "reason", "transferred_at", "transfer_kind",
    ]  # fmt: skip
    told = told.select(
        "conversation_id", "part",
        transfer_id=ibis.literal("segment ") + told.segment_id, from_agent=told.agent_id,
        to_agent=told.next_agent, from_team=told.segment_team_id, to_team=told.next_team,
        reason=ibis.null("string"), transferred_at=told.left_at,
        transfer_kind=ibis.cases((told.next_agent.notnull(), "agent"), else_="department"),
    )  # fmt: skip
    both = x.select(columns).union(told.select(columns), distinct=False)
    both = both.rename(x_id="conversation_id", x_part="part", x_reason="reason")
    begun = t["segments"].filter(ibis._.accepted_at.notnull())
    begun = begun.group_by(g_id=begun.conversation_id).agg(begun_at=begun.accepted_at.min())
    talk = t["conversation_talk"]
    talk = talk.group_by(h_id=talk.conversation_id).agg(spoke_at=talk.first_human_message_at.min())
    c = c.select(*[g for g in GROUPS if g != "team_id"], conversation_team_id=c.team_id)
    j = both.join(c, [both.x_id == c.conversation_id, both.x_part == c["part"]])
    j = j.left_join(begun, j.x_id == begun.g_id)
    j = j.left_join(talk, j.x_id == talk.h_id)
    since = ibis.least(j.begun_at.fill_null(2**62), j.spoke_at.fill_null(2**62))
    nowhere = j.to_agent.isnull() & (
        j.to_team.isnull() | j.to_team.identical_to(ibis.coalesce(j.from_team, j.to_team))
    )
    same = j.to_agent.notnull() & j.to_agent.identical_to(j.from_agent)
    return j.select(
        *[g for g in GROUPS if g not in ("team_id", "excluded_reason")],
        "transfer_id", "transferred_at", "transfer_kind", "from_agent", "to_agent", "from_team",
        "to_team",
        team_id=ibis.coalesce(j.from_team, j.conversation_team_id),
        agent_id=j.from_agent,
        reason=j.x_reason,
        excluded_reason=j.excluded_reason,
        not_counted_reason=ibis.cases(
            ((j.transfer_kind == "bot_to_human").fill_null(False), TO_A_PERSON),
            (nowhere | same, TO_THE_QUEUE),
            (j.from_agent.isnull() & (since > j.transferred_at), BEFORE_SERVICE),
        ),
    )  # fmt: skip


@fact(grain="one agent in one conversation", key="conversation_id", lies_by=("ended_at",))
def agent_handlings(t: Tables) -> Any:
    """An agent's own segments of each conversation, added up, in seconds (T3.1).

    `worked_seconds` is without `idle_seconds`, the silence before an automatic close.
    """
    s, c, spans = t["measured_segments"], t["conversations"], t["conversation_spans"]
    g = s.group_by(["conversation_id", "part", "agent_id"]).agg(
        taken_at=s.accepted_at.min(), left_at=s.left_at.max(), segment_count=s.count(),
        unknown_count=s.count(where=s.worked_microseconds.isnull()),
        worked=s.worked_microseconds.sum(), idle=s.idle_microseconds.sum(),
        wrapup_seconds=s.wrapup_seconds.sum(), origin=s.origin.max(),
    )  # fmt: skip
    g = g.rename(s_id="conversation_id", s_part="part")
    c = c.select(*GROUPS, "started_at")
    e = spans.select(e_id="conversation_id", e_part="part", finished_at="finished_at")
    j = c.join(g, [c.conversation_id == g.s_id, c["part"] == g.s_part])
    j = j.left_join(e, [j.conversation_id == e.e_id, j["part"] == e.e_part])
    is_known = j.unknown_count == 0
    return j.select(
        *GROUPS, "started_at", "agent_id", "taken_at", "left_at", "segment_count",
        "wrapup_seconds", "origin",
        ended_at=j.finished_at,
        worked_seconds=ibis.cases((is_known, j.worked.cast("float64") / MICROSECONDS)),
        idle_seconds=j.idle.cast("float64") / MICROSECONDS,
    )  # fmt: skip


@fact(grain="one conversation served", key="conversation_id", lies_by=("ended_at",))
def handlings(t: Tables) -> Any:
    """All agents' time on each conversation served, in seconds (T3).

    `queue_seconds`: from the request to the first acceptance. `silent_seconds`: from that to a
    person's first message. `origin`: whether segments are recorded, or told by the call or the
    messages. Credited to the agent who had it last.
    """
    a, c, spans = t["agent_handlings"], t["conversations"], t["conversation_spans"]
    last = a.mutate(
        place=ibis.row_number().over(
            ibis.window(
                group_by=[a.conversation_id, a["part"]],
                order_by=[a.left_at.desc(), a.taken_at.desc(), a.agent_id],
            )
        )
    )
    last = last.filter(last.place == 0).select(
        l_id="conversation_id", l_part="part", last_agent_id="agent_id"
    )
    g = a.group_by(s_id=a.conversation_id, s_part=a["part"]).agg(
        taken_at=a.taken_at.min(), agent_count=a.agent_id.nunique(),
        unknown_count=a.count(where=a.worked_seconds.isnull()),
        worked=a.worked_seconds.sum(), idle_seconds=a.idle_seconds.sum(),
        wrapup_seconds=a.wrapup_seconds.sum(), origin=a.origin.max(),
    )  # fmt: skip
    x = t["transfers"]
    counted = x.not_counted_reason.isnull()
    x = x.group_by(x_id=x.conversation_id, x_part=x["part"]).agg(
        transfer_count=x.count(where=counted),
        by_bot_count=x.count(where=x.not_counted_reason == TO_A_PERSON),
    )
    c = c.filter(c.outcome_class == "served").select(
        *GROUPS, "started_at", "requested_at", first_agent_id="agent_id"
    )
    e = spans.select(e_id="conversation_id", e_part="part", finished_at="finished_at")
    talk = t["conversation_talk"].select(
        t_id="conversation_id", t_part="part", spoke_at="first_human_message_at"
    )
    j = c.left_join(g, [c.conversation_id == g.s_id, c["part"] == g.s_part])
    j = j.left_join(last, [j.conversation_id == last.l_id, j["part"] == last.l_part])
    j = j.left_join(e, [j.conversation_id == e.e_id, j["part"] == e.e_part])
    j = j.left_join(x, [j.conversation_id == x.x_id, j["part"] == x.x_part])
    j = j.left_join(talk, [j.conversation_id == talk.t_id, j["part"] == talk.t_part])
    asked = ibis.cases(
        (j["part"] == 0, ibis.coalesce(j.requested_at, j.started_at)), else_=j.started_at
    )
    queued, silent = j.taken_at - asked, j.spoke_at - j.taken_at
    return j.select(
        *GROUPS, "started_at", "taken_at", "agent_count", "idle_seconds", "wrapup_seconds",
        "origin",
        ended_at=j.finished_at,
        agent_id=ibis.coalesce(j.last_agent_id, j.first_agent_id),
        worked_seconds=ibis.cases((j.unknown_count == 0, j.worked)),
        queue_seconds=ibis.cases((queued > 0, queued.cast("float64") / MICROSECONDS), else_=0.0),
        silent_seconds=ibis.cases((silent > 0, silent.cast("float64") / MICROSECONDS), else_=0.0),
        transfer_count=j.transfer_count.fill_null(0),
        by_bot_count=j.by_bot_count.fill_null(0),
    )  # fmt: skip
