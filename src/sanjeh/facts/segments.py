"""Agents' segments of conversations: offered, accepted, left, with what of it is idle (T3)."""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts.registry import Tables, fact

SILENCE = 5 * 60 * 1_000_000  # of a silence on a messenger at most so much is handling (7.11)


def in_parts(rows: Any, instant: str, spans: Any) -> Any:
    """Rows with `part`: in which stretch of an endless thread their instant lies.

    What lies before the first stretch, or carries no instant, belongs to the first.
    """
    starts = spans.filter(spans.next_at.notnull()).select(
        cut_id="conversation_id", cut_part="part", next_at="next_at"
    )
    rows = rows.mutate(row_key=rows.id)
    passed = rows.join(
        starts, [rows.conversation_id == starts.cut_id, rows[instant] >= starts.next_at]
    )
    passed = passed.group_by(passed_key=passed.row_key).agg(
        last_part=(passed.cut_part.max() + 1).cast("int64")
    )
    j = rows.left_join(passed, rows.row_key == passed.passed_key)
    return j.mutate(part=j.last_part.fill_null(0).cast("int64")).drop(
        "row_key", "passed_key", "last_part"
    )


@fact(grain="one offer or segment", key="conversation_id", kept=False)
def segments(t: Tables) -> Any:
    """Participations, each in its stretch of the conversation."""
    p = t["participation"]
    p = p.select(
        "id", "conversation_id", "agent_id", "offered_at", "accepted_at", "left_at", "end_reason",
        "wrapup_seconds", segment_team_id=p.team_id,
        came_at=ibis.coalesce(p.accepted_at, p.offered_at),
    )  # fmt: skip
    return in_parts(p, "came_at", t["conversation_spans"]).rename(segment_id="id")


@fact(grain="one segment worked", key="conversation_id", kept=False)
def worked_segments(t: Tables) -> Any:
    """Segments that an agent accepted; where none is recorded, as the messages tell.

    From messages: an agent's segment runs from the agent's first message to the next agent's;
    the last one to the end. Of calls without participations: from answered to ended.
    """
    c, spans, p = t["conversations"], t["conversation_spans"], t["segments"]
    c = c.filter(c.outcome_class == "served").select(
        "conversation_id", "part", "channel_kind", "end_reason", "agent_id", "channel"
    )
    ends = spans.select(
        e_id="conversation_id", e_part="part", finished_at="finished_at", next_at="next_at"
    )
    c = c.left_join(ends, [c.conversation_id == ends.e_id, c["part"] == ends.e_part])
    gaps = t["channels"].select(gap_channel="channel_key", idle_gap="idle_gap")
    c = c.left_join(gaps, c.channel == gaps.gap_channel)
    c = c.mutate(
        is_messenger=((c.channel_kind == "async") & c.idle_gap.notnull()).fill_null(False),
        is_live=(c.channel_kind != "async").fill_null(True),
        timed_out=((c.end_reason == "timeout") & c.next_at.isnull()).fill_null(False),
    ).rename(c_id="conversation_id", c_part="part", first_agent_id="agent_id")
    taken = p.filter(p.accepted_at.notnull())
    j = taken.join(c, [taken.conversation_id == c.c_id, taken["part"] == c.c_part])
    last = (
        j.group_by(["c_id", "c_part"])
        .agg(last_accepted_at=j.accepted_at.max())
        .rename(l_id="c_id", l_part="c_part")
    )
    j = j.left_join(last, [j.c_id == last.l_id, j.c_part == last.l_part])
    recorded = j.select(
        "segment_id", "conversation_id", "part", "agent_id", "segment_team_id", "accepted_at",
        "is_messenger",
        left_at=ibis.coalesce(j.left_at, j.finished_at),
        wrapup_seconds=j.wrapup_seconds.fill_null(0.0).cast("float64"),
        is_idle=~j.is_messenger & (
            (j.end_reason == "timeout").fill_null(False)
            | (j.timed_out & (j.accepted_at == j.last_accepted_at))
        ),
        origin=ibis.literal("recorded"),
    )  # fmt: skip
    rest = c.anti_join(last, [c.c_id == last.l_id, c.c_part == last.l_part])
    calls = (
        t["call"]
        .filter(ibis._.answered_at.notnull())
        .select(k_id="conversation_id", k_answered_at="answered_at", k_ended_at="ended_at")
    )
    of_calls = rest.join(calls, rest.c_id == calls.k_id)
    of_calls = of_calls.select(
        segment_id=of_calls.c_id, conversation_id=of_calls.c_id, part=of_calls.c_part,
        agent_id=of_calls.first_agent_id, segment_team_id=ibis.null("string"),
        accepted_at=of_calls.k_answered_at, is_messenger=of_calls.is_messenger,
        left_at=ibis.coalesce(of_calls.k_ended_at, of_calls.finished_at),
        wrapup_seconds=ibis.literal(0.0), is_idle=ibis.literal(False),
        origin=ibis.literal("from the call"),
    )  # fmt: skip
    rest = rest.anti_join(calls, rest.c_id == calls.k_id)
    rest = rest.filter(rest.is_live | rest.is_messenger)
    a = t["agent_conversations"].select(
        a_id="conversation_id", a_part="part", agent_id="agent_id", accepted_at="first_message_at"
    )
    said = rest.join(a, [rest.c_id == a.a_id, rest.c_part == a.a_part])
    near = ibis.window(
        group_by=[said.c_id, said.c_part], order_by=[said.accepted_at, said.agent_id]
    )
    said = said.mutate(next_agent_at=said.accepted_at.lead().over(near))
    of_messages = said.select(
        segment_id=said.c_id + ibis.literal(" ") + said.agent_id,
        conversation_id=said.c_id, part=said.c_part, agent_id=said.agent_id,
        segment_team_id=ibis.null("string"), accepted_at=said.accepted_at,
        is_messenger=said.is_messenger,
        left_at=ibis.coalesce(said.next_agent_at, said.finished_at),
        wrapup_seconds=ibis.literal(0.0),
        is_idle=~said.is_messenger & said.timed_out & said.next_agent_at.isnull(),
        origin=ibis.literal("from messages"),
    )  # fmt: skip
    columns = [
        "segment_id", "conversation_id", "part", "agent_id", "segment_team_id", "accepted_at",
        "left_at", "wrapup_seconds", "is_idle", "is_messenger", "origin",
    ]  # fmt: skip
    return ibis.union(
        recorded.select(columns), of_calls.select(columns), of_messages.select(columns),
        distinct=False,
    )  # fmt: skip


@fact(grain="one segment worked", key="conversation_id", kept=False)
def measured_segments(t: Tables) -> Any:
    """Segments with microseconds worked, and those of the silence before an automatic close.

    `worked_microseconds` leaves that silence out; of a silence on a messenger it has 5 minutes
    at most. Null where the segment is not over or ends before it starts.
    """
    s, m = t["worked_segments"], t["spoken_messages"]
    said = m.select(
        m_id="conversation_id", m_part="part", said_at="at", said_order="message_id",
    )  # fmt: skip
    special = s.filter((s.is_idle | s.is_messenger) & s.left_at.notnull())
    inside = special.join(
        said,
        [special.conversation_id == said.m_id, special["part"] == said.m_part,
         said.said_at >= special.accepted_at, said.said_at <= special.left_at],
    )  # fmt: skip
    points = ibis.union(
        inside.filter(inside.is_messenger).select(
            "segment_id", "part", point_at="said_at", tie="said_order"
        ),
        *(
            special.filter(special.is_messenger).select(
                "segment_id", "part", point_at=instant, tie=ibis.literal(tie)
            )
            for instant, tie in (("accepted_at", ""), ("left_at", "\uffff"))
        ),
        distinct=False,
    )
    near = ibis.window(
        group_by=[points.segment_id, points["part"]], order_by=[points.point_at, points.tie]
    )
    points = points.mutate(gap=points.point_at - points.point_at.lag().over(near))
    most = ibis.cases((points.gap > SILENCE, ibis.literal(SILENCE)), else_=points.gap)
    capped = points.group_by(p_id=points.segment_id, p_part=points["part"]).agg(
        capped=most.sum().cast("int64")
    )
    idle = inside.filter(inside.is_idle)
    idle = idle.group_by(i_id=idle.segment_id, i_part=idle["part"]).agg(
        spoken_until_at=idle.said_at.max()
    )
    j = s.left_join(capped, [s.segment_id == capped.p_id, s["part"] == capped.p_part])
    j = j.left_join(idle, [j.segment_id == idle.i_id, j["part"] == idle.i_part])
    tail = ibis.cases((j.is_idle & j.spoken_until_at.notnull(), j.left_at - j.spoken_until_at))
    whole = ibis.cases((j.is_messenger, j.capped), else_=j.left_at - j.accepted_at)
    return j.select(
        "segment_id", "conversation_id", "part", "agent_id", "segment_team_id", "accepted_at",
        "left_at", "origin", "wrapup_seconds",
        idle_microseconds=tail.fill_null(0),
        worked_microseconds=ibis.cases(
            (j.left_at >= j.accepted_at, whole - tail.fill_null(0)),
        ),
    )  # fmt: skip
