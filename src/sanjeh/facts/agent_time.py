"""Agents' time: when they worked on what, and slices of it that never overlap (U1, 7.11).

A slice is cut wherever anything of the agent's changes (a chat begins or ends, a status, a shift)
and at every quarter of an hour, so that whatever period is asked for, in whatever zone, sums whole
slices. Work at several things at once is one slice, with how many chats there were.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts.chat_content import IDLE_CAP
from sanjeh.facts.registry import Tables, fact
from sanjeh.facts.segments import SILENCE

QUARTER = 15 * 60 * 1_000_000
DAYS, QUARTERS = 92, 96  # a slice that lasts longer than so many days is cut off
APART = 6 * 3600 * 1_000_000  # an absence so long ends a working day (U1.4)
LATE = 12 * 3600 * 1_000_000  # who logs in so much after a shift began came late to it
TIMER = 30 * 60 * 1_000_000  # a timer that somebody forgot counts this long at most (T2)
SERVING = ("available", "busy")
RECORDED, SCHEDULED = "recorded", "scheduled"
DELTAS = ("chats", "others", "online", "away", "breaks", "planned", "absent", "logged")


@fact(
    grain="one agent in one live chat", key="conversation_id", several=("agent",),
    lies_by=("ended_at",),
)  # fmt: skip
def agent_chats(t: Tables) -> Any:
    """Live chats in which an agent sent at least one public message, by when they ended (U1.5)."""
    c, a = t["live_chats"], t["agent_conversations"]
    c = c.drop("agent_id")
    a = a.select("agent_id", "message_count", a_id="conversation_id", a_part="part")
    j = c.join(a, [c.conversation_id == a.a_id, c["part"] == a.a_part])
    return j.drop("a_id", "a_part")


@fact(grain="one stretch of work", key="conversation_id", lies_by=("from_at",))
def work_stretches(t: Tables) -> Any:
    """When an agent worked on a conversation: `work_kind` chat, call or mail (7.11).

    A live chat or call: from acceptance to leaving, with the wrap-up; of the silence before an
    automatic close two minutes. A messenger: of each silence five minutes at most. A mail: five
    minutes at most before each answer. One that runs on lasts until its last message.
    """
    s, ends, c, m = (
        t["worked_segments"], t["conversation_ends"], t["conversations"], t["spoken_messages"],
    )  # fmt: skip
    kinds = c.select(
        "source", "channel_kind", k_id="conversation_id", k_part="part", outcome="outcome_class"
    )
    j = s.join(kinds, [s.conversation_id == kinds.k_id, s["part"] == kinds.k_part])
    j = j.left_join(ends, [j.conversation_id == ends.end_id, j["part"] == ends.end_part])
    j = j.filter(j.agent_id.notnull())
    wrap = (j.wrapup_seconds * 1_000_000.0).cast("int64")
    j = j.select(
        "conversation_id", "part", "agent_id", "source", "accepted_at", "is_messenger", "is_idle",
        "segment_id", "channel_kind",
        until_at=ibis.coalesce(j.left_at, j.end_at),
        wrap=wrap,
    )  # fmt: skip
    said = m.select(m_id="conversation_id", m_part="part", said_at="at", said_order="message_id")
    inside = j.join(
        said,
        [j.conversation_id == said.m_id, j["part"] == said.m_part,
         said.said_at >= j.accepted_at, said.said_at <= j.until_at],
    )  # fmt: skip
    last = inside.filter(inside.is_idle)
    last = last.group_by(last_id=last.segment_id, last_part=last["part"]).agg(
        silent_at=last.said_at.max() + IDLE_CAP
    )
    live = j.filter(~j.is_messenger)
    live = live.left_join(last, [live.segment_id == last.last_id, live["part"] == last.last_part])
    live = live.select(
        "conversation_id", "part", "agent_id", "source", from_at=live.accepted_at,
        until_at=ibis.cases(
            (live.silent_at.notnull(), ibis.least(live.silent_at, live.until_at)),
            else_=live.until_at + live.wrap,
        ),
        work_kind=ibis.cases((live.channel_kind == "voice", "call"), else_="chat"),
    )  # fmt: skip
    columns = ["conversation_id", "part", "agent_id", "source", "segment_id", "until_at"]
    told = inside.filter(inside.is_messenger)
    begun = j.filter(j.is_messenger)
    points = told.select(*columns, point_at=told.said_at, tie=told.said_order).union(
        begun.select(*columns, point_at=begun.accepted_at, tie=ibis.literal("")), distinct=False
    )
    near = ibis.window(
        group_by=[points.segment_id, points["part"]], order_by=[points.point_at, points.tie]
    )
    points = points.mutate(
        next_at=ibis.coalesce(points.point_at.lead().over(near), points.until_at)
    )
    messengers = points.select(
        "conversation_id", "part", "agent_id", "source", from_at=points.point_at,
        until_at=ibis.least(points.next_at, points.point_at + SILENCE),
        work_kind=ibis.literal("chat"),
    )  # fmt: skip
    held = s.select(h_id="conversation_id", h_part="part").distinct()
    slow = kinds.filter((kinds.channel_kind == "async") & (kinds.outcome == "served"))
    slow = slow.anti_join(held, [slow.k_id == held.h_id, slow.k_part == held.h_part])
    mail = m.join(slow, [m.conversation_id == slow.k_id, m["part"] == slow.k_part])
    near = ibis.window(
        group_by=[mail.conversation_id, mail["part"]],
        order_by=[mail["at"], mail.order_in, mail.is_human.cast("int64"), mail.message_id],
    )
    mail = mail.mutate(before_at=mail["at"].lag().over(near))
    mail = mail.filter(mail.is_human & mail.author_id.notnull() & mail.before_at.notnull())
    mails = mail.select(
        "conversation_id", "part", "source", agent_id=mail.author_id,
        from_at=ibis.greatest(mail.before_at, mail["at"] - SILENCE), until_at=mail["at"],
        work_kind=ibis.literal("mail"),
    )  # fmt: skip
    chosen = [
        "conversation_id", "part", "agent_id", "source", "from_at", "until_at", "work_kind"
    ]  # fmt: skip
    every = ibis.union(
        live.select(chosen), messengers.select(chosen), mails.select(chosen), distinct=False
    )
    return every.filter((every.until_at > every.from_at).fill_null(False))


@fact(grain="one planned shift or absence", scope="whole", reads=("shift", "absence"))
def planned_time(t: Tables) -> Any:
    """When agents were to work, and when they were away all the same."""
    s, a = t["shift"], t["absence"]
    s = s.filter(s.deleted_at.isnull())
    a = a.filter(a.deleted_at.isnull() & a.end.notnull())
    rows = s.select(
        "agent_id", "source", from_at=s.start, until_at=s.end, plan_kind=ibis.literal("shift")
    ).union(
        a.select(
            "agent_id", "source", from_at=a.start, until_at=a.end, plan_kind=ibis.literal("absence")
        ),
        distinct=False,
    )
    return rows.filter((rows.until_at > rows.from_at).fill_null(False))


@fact(grain="one timer or entry of work", scope="whole", reads=("worklog",))
def timed_work(t: Tables) -> Any:
    """Work on tickets of which it is written down when it began; half an hour of it at most."""
    w = t["worklog"]
    w = w.filter(w.started_at.notnull() & w.agent_id.notnull() & w.deleted_at.isnull())
    spent = ibis.coalesce(
        (w.seconds.cast("float64") * 1_000_000.0).cast("int64"), w.ended_at - w.started_at
    )
    w = w.mutate(spent=spent)
    w = w.filter((w.spent > 0).fill_null(False))
    return w.select(
        "agent_id", "source", from_at=w.started_at,
        until_at=w.started_at + ibis.least(w.spent, ibis.literal(TIMER)),
    )  # fmt: skip


def _changes(rows: Any, **deltas: Any) -> Any:
    """By how much counts rise where a stretch begins, and fall where it ends."""
    zero = ibis.literal(0).cast("int64")
    rows = rows.mutate(**{name: deltas.get(name, zero) for name in DELTAS})
    came = rows.select("agent_id", "source", *DELTAS, at=rows.from_at)
    went = rows.select(
        "agent_id", "source", **{name: -rows[name] for name in DELTAS}, at=rows.until_at
    )
    return came.union(went.select(came.columns), distinct=False)


def _present(t: Tables) -> Any:
    """Stretches of a status; the one that runs lasts until the last that is known of the agent."""
    d, w = t["duty"], t["work_stretches"]
    seen = ibis.union(
        d.select("agent_id", at="from_at"), w.select("agent_id", at="until_at"), distinct=False
    )
    seen = seen.group_by(seen_agent=seen.agent_id).agg(last_at=seen["at"].max())
    j = d.join(seen, d.agent_id == seen.seen_agent)
    return j.select(
        "agent_id", "source", "status", "from_at",
        until_at=ibis.coalesce(j.until_at, j.last_at),
    )  # fmt: skip


@fact(grain="one slice of an agent's time before quarters", scope="after", kept=False)
def time_slices(t: Tables) -> Any:
    """From one change to the next: how many chats, what else, which status, whether planned."""
    one = ibis.literal(1).cast("int64")
    w, d, p, x = t["work_stretches"], _present(t), t["planned_time"], t["timed_work"]
    is_chat = (w.work_kind == "chat").cast("int64")
    first = d.group_by("agent_id").agg(source=d.source.min(), from_at=d.from_at.min())
    first = first.select(
        "agent_id", "source", from_at=first.from_at - LATE,
        until_at=ibis.literal(2**62).cast("int64"),
    )  # fmt: skip
    on_shift = (p.plan_kind == "shift").cast("int64")
    changes = ibis.union(
        _changes(w.select("agent_id", "source", "from_at", "until_at", "work_kind"),
                 chats=is_chat, others=one - is_chat),
        _changes(x, others=one),
        _changes(d.filter(d.status != "offline"), online=one,
                 away=(~d.status.isin(SERVING)).cast("int64"),
                 breaks=(d.status == "break").cast("int64")),
        _changes(p, planned=on_shift, absent=one - on_shift),
        _changes(first, logged=one),
        distinct=False,
    )  # fmt: skip
    g = changes.group_by(["agent_id", "at"]).agg(
        source=changes.source.min(), **{name: changes[name].sum().cast("int64") for name in DELTAS}
    )
    past = ibis.window(group_by=g.agent_id, order_by=g["at"], preceding=None, following=0)
    near = ibis.window(group_by=g.agent_id, order_by=g["at"])
    g = g.select(
        "agent_id", from_at=g["at"], until_at=g["at"].lead().over(near),
        source=g.source.min().over(past),
        **{name: g[name].sum().over(past).cast("int64") for name in DELTAS},
    )  # fmt: skip
    on_plan = (g.planned > 0) & (g.absent == 0)
    g = g.mutate(
        is_scheduled=on_plan,
        is_logged_in=ibis.cases((g.logged > 0, g.online > 0), else_=on_plan),
        is_working=(g.chats > 0) | (g.others > 0),
    )
    g = g.filter(g.until_at.notnull() & (g.is_logged_in | g.is_scheduled | g.is_working))
    near = ibis.window(group_by=[g.agent_id, g.is_logged_in], order_by=g.from_at)
    g = g.mutate(apart=g.from_at - g.until_at.lag().over(near))
    begins = g.is_logged_in & (g.apart.isnull() | (g.apart >= APART))
    past = ibis.window(group_by=g.agent_id, order_by=g.from_at, preceding=None, following=0)
    return g.mutate(spell=begins.cast("int64").sum().over(past).cast("int64")).drop("apart")


@fact(
    grain="one slice of an agent's time",
    scope="after",
    reads=(
        "agent", "agent_status_event", "shift", "absence", "worklog", "conversation", "message",
        "participation", "call", "ticket", "ticket_event", "bot_session", "channel",
    ),
    lies_by=("from_at",),
)  # fmt: skip
def agent_time(t: Tables) -> Any:
    """Slices of agents' time that never overlap, an hour's quarter long at most (U1 to U1.4).

    `time_kind`: active chat, whatever the status says; else unavailable (away, break, training),
    available, or not logged in. `is_logged_in`: by the status log; long before an agent's first
    entry of it the planned shift stands in (`presence_source` scheduled). `concurrency`: how many
    chats at once; `chats_lasted`: that many times `lasted`, in microseconds. `is_working`: at
    anything, on any channel.
    `working_day`: from logging in until an absence of six hours.
    """
    g, a = t["time_slices"], t["agents"].rename(a_id="agent_id")
    n = ibis.literal(list(range(DAYS))).unnest().name("day").as_table()
    n = n.cross_join(ibis.literal(list(range(QUARTERS))).unnest().name("quarter").as_table())
    n = n.select(n=(n.day * QUARTERS + n.quarter).cast("int64"))
    first, last = g.from_at // QUARTER, (g.until_at - 1) // QUARTER
    g = g.mutate(first_cell=first.cast("int64"), more=(last - first).cast("int64"))
    whole, cut = g.filter(g.more == 0), g.filter(g.more > 0)
    cut = cut.join(n, cut.more >= n.n)
    cell = (cut.first_cell + cut.n) * QUARTER
    cut = cut.mutate(
        from_at=ibis.greatest(cut.from_at, cell).cast("int64"),
        until_at=ibis.least(cut.until_at, cell + QUARTER).cast("int64"),
    )
    every = whole.union(cut.select(whole.columns), distinct=False)
    every = every.mutate(lasted=(every.until_at - every.from_at).cast("int64"))
    j = every.left_join(a, every.agent_id == a.a_id)
    away = j.is_logged_in & (j.away > 0)
    return j.select(
        "agent_id", "team_id", "source", "from_at", "until_at", "is_logged_in", "is_scheduled",
        "is_working", "lasted",
        time_kind=ibis.cases(
            (j.chats > 0, "active chat"),
            (away, "unavailable"),
            (j.is_logged_in, "available"),
            else_="not logged in",
        ),
        is_break=away & (j.breaks > 0),
        presence_source=ibis.cases((j.logged > 0, RECORDED), else_=SCHEDULED),
        concurrency=j.chats,
        chats_lasted=(j.lasted * j.chats).cast("int64"),
        working_day=ibis.cases(
            (j.is_logged_in, j.agent_id + ibis.literal(" ") + j.spell.cast("string"))
        ),
    )  # fmt: skip
