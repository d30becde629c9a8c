"""Agents' time: when they worked on what, and slices of it that never overlap (U1, 7.11).

A slice is cut wherever anything of the agent's changes (a chat begins or ends, a status, a shift)
and at every quarter of an hour, so that whatever period is asked for, in whatever zone, sums whole
slices. Work at several things at once is one slice, with how many chats there were. A day (UTC) of
an agent is worked out from what lasts on that day alone, so that a refresh renews days
(`facts/touched_days.py`).
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts.chat_content import IDLE_CAP
from sanjeh.facts.registry import Tables, fact
from sanjeh.facts.segments import SILENCE

QUARTER = 15 * 60 * 1_000_000
DAY, QUARTERS = 96 * QUARTER, 96
DAYS = 3660  # what lasts longer than so many is cut off
APART = 6 * 3600 * 1_000_000  # an absence so long ends a working day (U1.4)
LATE = 12 * 3600 * 1_000_000  # who logs in so much after a shift began came late to it
TIMER = 30 * 60 * 1_000_000  # a timer that somebody forgot counts this long at most (T2)
SERVING = ("available", "busy")
RECORDED, SCHEDULED = "recorded", "scheduled"
COUNTS = (
    "chats", "others", "online", "away", "breaks", "planned", "absent", "spelled",
)  # fmt: skip


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


def _present(t: Tables) -> Any:
    """Stretches of a status; the one that runs lasts until the last that is known of the agent."""
    d, w = t["duty"], t["work_stretches"]
    seen = ibis.union(
        d.select("agent_id", at="from_at"), w.select("agent_id", at="until_at"), distinct=False
    )
    seen = seen.group_by(seen_agent=seen.agent_id).agg(last_at=seen["at"].max())
    j = d.join(seen, d.agent_id == seen.seen_agent)
    j = j.filter(j.status != "offline")
    return j.select(
        "agent_id", "source", "status", "from_at",
        until_at=ibis.coalesce(j.until_at, j.last_at),
    )  # fmt: skip


def _counted(rows: Any, **counts: Any) -> Any:
    """Stretches with what of each count they are."""
    zero = ibis.literal(0).cast("int64")
    return rows.select(
        "agent_id", "source", "from_at", "until_at",
        **{name: counts.get(name, zero).cast("int64") for name in COUNTS},
    )  # fmt: skip


def _since(t: Tables) -> Any:
    """From when on the status log tells who is logged in; before it, planned shifts do."""
    d = t["duty"]
    return d.group_by(since_agent=d.agent_id).agg(since_at=d.from_at.min() - LATE)


def _slices(rows: Any, t: Tables) -> Any:
    """From one change to the next: the counts of all stretches that last then, added up."""
    zero = ibis.literal(0).cast("int64")
    since = _since(t)
    came = rows.select("agent_id", *COUNTS, "source", at=rows.from_at)
    went = rows.select(
        "agent_id", **{name: -rows[name] for name in COUNTS}, source=ibis.null("string"),
        at=rows.until_at,
    )  # fmt: skip
    cut = since.select(
        agent_id=since.since_agent, **dict.fromkeys(COUNTS, zero), source=ibis.null("string"),
        at=since.since_at,
    )  # fmt: skip
    g = ibis.union(came, went, cut, distinct=False)
    g = g.group_by(["agent_id", "at"]).agg(
        source=g.source.min(), **{name: g[name].sum().cast("int64") for name in COUNTS}
    )
    past = ibis.window(group_by=g.agent_id, order_by=g["at"], preceding=None, following=0)
    near = ibis.window(group_by=g.agent_id, order_by=g["at"])
    day = ibis.window(
        group_by=[g.agent_id, g["at"] // DAY], order_by=g["at"], preceding=None, following=None
    )
    g = g.select(
        "agent_id", from_at=g["at"], until_at=g["at"].lead().over(near),
        source=g.source.min().over(day),
        **{name: g[name].sum().over(past).cast("int64") for name in COUNTS},
    )  # fmt: skip
    g = g.left_join(since, g.agent_id == since.since_agent)
    is_recorded = (g.from_at >= g.since_at).fill_null(False)
    on_plan = (g.planned > 0) & (g.absent == 0)
    g = g.mutate(
        is_recorded=is_recorded,
        is_scheduled=on_plan,
        is_logged_in=ibis.cases((is_recorded, g.online > 0), else_=on_plan),
        is_working=(g.chats > 0) | (g.others > 0),
    ).drop("since_agent", "since_at")
    return g.filter(g.until_at.notnull() & (g.is_logged_in | g.is_scheduled | g.is_working))


@fact(grain="one working day of an agent", scope="after", kept=False)
def spells(t: Tables) -> Any:
    """From logging in until an absence of six hours (U1.4)."""
    one = ibis.literal(1)
    d, p = _present(t), t["planned_time"]
    on_shift = (p.plan_kind == "shift").cast("int64")
    g = _slices(
        _counted(d, online=one).union(
            _counted(p, planned=on_shift, absent=one - on_shift), distinct=False
        ),
        t,
    )
    g = g.filter(g.is_logged_in)
    near = ibis.window(group_by=g.agent_id, order_by=g.from_at)
    g = g.mutate(apart=g.from_at - g.until_at.lag().over(near))
    begins = g.apart.isnull() | (g.apart >= APART)
    past = ibis.window(group_by=g.agent_id, order_by=g.from_at, preceding=None, following=0)
    g = g.mutate(spell=begins.cast("int64").sum().over(past))
    g = g.group_by(["agent_id", "spell"]).agg(from_at=g.from_at.min(), until_at=g.until_at.max())
    return g.drop("spell")


def _by_day(rows: Any) -> Any:
    """Stretches cut at midnight (UTC), with their day; what lasts longer than DAYS is cut off."""
    n = _numbers("tens", DAYS // 60, 60)
    first, last = rows.from_at // DAY, (rows.until_at - 1) // DAY
    rows = rows.mutate(day=first.cast("int64"), more=(last - first).cast("int64"))
    whole, long = rows.filter(rows.more == 0), rows.filter(rows.more > 0)
    long = long.join(n, long.more >= n.n)
    day = (long["day"] + long.n).cast("int64")
    long = long.mutate(
        day=day,
        from_at=ibis.greatest(long.from_at, day * DAY).cast("int64"),
        until_at=ibis.least(long.until_at, (day + 1) * DAY).cast("int64"),
    )
    return whole.union(long.select(whole.columns), distinct=False).drop("more")


def _numbers(name: str, tens: int, ones: int) -> Any:
    """A column `n` of the whole numbers from 0 on, as many as tens times ones."""
    n = ibis.literal(list(range(tens))).unnest().name(name).as_table()
    n = n.cross_join(ibis.literal(list(range(ones))).unnest().name("one").as_table())
    return n.select(n=(n[name] * ones + n.one).cast("int64"))


@fact(grain="one stretch of one day of an agent", scope="after", kept=False)
def agent_days(t: Tables) -> Any:
    """All that tells of agents' time, cut at midnight: of the days that a refresh concerns."""
    one = ibis.literal(1)
    w, d, p, x, s = (
        t["work_stretches"], _present(t), t["planned_time"], t["timed_work"], t["spells"],
    )  # fmt: skip
    is_chat = (w.work_kind == "chat").cast("int64")
    on_shift = (p.plan_kind == "shift").cast("int64")
    rows = ibis.union(
        _counted(w, chats=is_chat, others=one - is_chat),
        _counted(x, others=one),
        _counted(d, online=one, away=(~d.status.isin(SERVING)).cast("int64"),
                 breaks=(d.status == "break").cast("int64")),
        _counted(p, planned=on_shift, absent=one - on_shift),
        _counted(s.mutate(source=ibis.null("string")), spelled=s.from_at),
        distinct=False,
    )  # fmt: skip
    rows = _by_day(rows)
    if "touched_day" not in t:
        return rows
    days, on = t["touched_day"], t["touched_since"]
    on = on.select(on_agent="agent_id", on_day="since_day")
    rows = rows.left_join(on, rows.agent_id == on.on_agent)
    is_late = (rows["day"] >= rows.on_day).fill_null(False)
    rows = rows.mutate(is_late=is_late).drop("on_agent", "on_day")
    early = rows.filter(~rows.is_late)
    early = early.semi_join(
        days, [early.agent_id == days.agent_id, early["day"] == days["day"]]
    )  # fmt: skip
    return rows.filter(rows.is_late).union(early, distinct=False).drop("is_late")


@fact(
    grain="one slice of an agent's time",
    scope="days",
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
    g, a = _slices(t["agent_days"], t), t["agents"].rename(a_id="agent_id")
    n = _numbers("tens", QUARTERS // 12, 12)
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
        presence_source=ibis.cases((j.is_recorded, RECORDED), else_=SCHEDULED),
        concurrency=j.chats,
        chats_lasted=(j.lasted * j.chats).cast("int64"),
        working_day=ibis.cases(
            (j.is_logged_in, j.agent_id + ibis.literal(" ") + j.spelled.cast("string"))
        ),
    )  # fmt: skip
