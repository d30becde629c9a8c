"""Missed chats: how many, what share, whose, why, and how long customers waited (M1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sanjeh.metrics.registry import (
    Count,
    Duration,
    Example,
    Longest,
    Ratio,
    Share,
    Wait,
    metric,
)

NEEDS = ("conversation", "message")
CREDIT = (
    "the agent it was offered to last; what was offered to nobody is the queue's, in the row "
    "unknown. A queue that nobody could take is no agent's performance"
)
# Offering a chat takes a moment: one left sooner says nothing of how busy agents were.
A_MOMENT = 10 * 1_000_000
EARLY = "given up within a few seconds"


def _waits(c: Any, _: list[str], __: Mapping[str, Any]) -> Any:
    """From when each chat waited, and to whom a missed one is credited, as the options ask."""
    person = c.option_missed_wait_start == "human_requested"
    return c.mutate(
        agent_id=ibis.cases(
            (c.option_missed_attribution == "none", None),
            (c.option_missed_attribution == "assigned", c.assigned_id),
            else_=c.agent_id,
        ),
        **{
            f"wait_from{end}": ibis.cases(
                (person, c[f"person_requested{end}"]), else_=c[f"requested{end}"]
            )
            for end in ("_at", "_open")
        },
    )


def _missed(c: Any) -> Any:
    closed = (c.outcome_class == "offline") & (c.option_missed_include_offline == "yes")
    return (c.outcome_class == "missed") | closed


def _early(c: Any) -> Any:
    return c.abandoned_microseconds.cast("float64") < c.option_missed_min_wait * 1_000_000.0


def _late(c: Any) -> Any:
    return c.answered_late & (c.option_missed_answered_late == "served")


def _left_out(c: Any) -> dict[str, Any]:
    return {EARLY: _early(c), "answered late, counted as served": _late(c)}


def _reasons(c: Any, within: list[str], tables: Mapping[str, Any]) -> Any:
    """Why each chat was missed: the first rule that the evidence meets (M1.3)."""
    c = _waits(c, within, tables)
    p = tables["presence_changes"]
    pools = p.select(known_pool="pool").distinct()
    asked = c.select(
        "conversation_id", "part", "team_id", "requested_at",
        source_pool=ibis.literal("source ") + c.source,
    )  # fmt: skip
    asked = asked.left_join(pools, asked.team_id == pools.known_pool)
    nobody, zero = ibis.null("string"), ibis.literal(0).cast("int64")
    probes = asked.select(
        pool=ibis.coalesce(asked.known_pool, asked.source_pool), at=asked.requested_at,
        online=zero, free=zero, probe_id=asked.conversation_id, probe_part=asked["part"],
    )  # fmt: skip
    changes = p.select("pool", "at", "online", "free", probe_id=nobody, probe_part=zero - 1)
    every = changes.union(probes, distinct=False)
    past = ibis.window(
        group_by=every.pool,
        order_by=[every["at"], every.probe_id.notnull().cast("int64"), every.probe_id,
                  every.probe_part],
        preceding=None, following=0,
    )  # fmt: skip
    every = every.mutate(
        online_then=every.online.sum().over(past).cast("int64"),
        free_then=every.free.sum().over(past).cast("int64"),
        changes_before=every.probe_id.isnull().cast("int64").sum().over(past).cast("int64"),
    )
    there = every.filter(every.probe_id.notnull() & (every.changes_before > 0)).select(
        "probe_id", "probe_part", "online_then", "free_then"
    )
    j = c.left_join(there, [c.conversation_id == there.probe_id, c["part"] == there.probe_part])
    waited = j.ended_at - j.requested_at
    never_offered = j.offers_are_recorded & (j.offer_count == 0) & (waited >= A_MOMENT)
    found = ibis.cases(
        *(
            (test.fill_null(False), reason)
            for test, reason in (
                (j.missed_reason.notnull(), j.missed_reason),
                (j.online_then <= 0, "no_agent_online"),
                ((j.free_then <= 0) | ((j.online_then > 0) & never_offered), "all_agents_busy"),
                (j.ignored_count > 0, "offered_not_accepted"),
                (j.refused_count > 0, "declined"),
                (
                    (waited.cast("float64") < j.option_frt_threshold * 1_000_000.0)
                    & j.abandoned_microseconds.notnull(),
                    "customer_left_early",
                ),
                (j.was_handed_over, "handoff_lost"),
                (j.ended_by_system, "technical"),
                (~j.asked_while_open, "outside_hours"),
            )
        )
    )
    return j.mutate(missed_reason=found).drop("probe_id", "probe_part")


@metric(
    fact="chat_waits", at="requested_at", unit="chats", better="down",
    serves=("M1", "M1.3", "V3", "I-7"), needs=NEEDS, title="Chats missed", credit=CREDIT,
    prepare=_reasons,
)  # fmt: skip
def chats_missed(c: Any) -> Count:
    """Chats that asked for a person and ended before one answered.

    What a bot settled and what was left while closed stand beside; so do those given up within
    `missed.min_wait` (5 s). An answer after the customer had left does not count (see
    `answered_late`). `--by missed_reason` tells why, as recorded, else by the first that the
    evidence shows: nobody online, all busy, offered and not accepted, declined, left within
    `frt.threshold`, lost in a hand-over, technical, outside open hours.
    """
    return Count(where=_missed(c), without=_left_out(c))


@metric(
    fact="chat_waits", at="requested_at", unit="share", better="down", serves=("M1.1", "R1.6"),
    needs=NEEDS, title="Missed chat rate", prepare=_waits,
    examples=(
        Example.of("one of three; bot, waiting, closed and given up at once stand outside", """
            requested_at      outcome_class  answered_late  abandoned_microseconds
            2026-03-02 09:00  served         false          -
            2026-03-02 09:10  served         false          -
            2026-03-02 09:20  missed         true           5000000
            2026-03-02 09:30  missed         false          4999999
            2026-03-02 09:40  pending        false          -
            2026-03-02 09:50  offline        false          -
            """, value=0.3333333333333333, numerator=1, denominator=3,
            excluded={"given up within a few seconds": 1}),
    ),
)  # fmt: skip
def missed_chat_rate(c: Any) -> Share:
    """Share of chats missed among those missed and served."""
    return Share(
        _missed(c) & ~_late(c), where=_missed(c) | (c.outcome_class == "served"),
        without={EARLY: _early(c)},
    )  # fmt: skip


@metric(
    fact="chat_waits", at="requested_at", unit="chats", better="down", serves=("M1.2",),
    needs=("participation", "message"), title="Missed chats by agent", credit=CREDIT,
    prepare=_reasons,
)  # fmt: skip
def missed_chats_by_agent(c: Any) -> Count:
    """Missed chats that had been offered to an agent; the queue's own are left out and listed."""
    return Count(
        where=_missed(c), without=_left_out(c) | {"offered to nobody (queue)": c.agent_id.isnull()}
    )


@metric(
    unit="chats per agent", better="down", serves=("M1.2",), title="Missed chats per agent",
    notes=("Missed chats per agent speak of the queue as much as of anybody in it.",),
)  # fmt: skip
def missed_chats_per_agent(_: Any) -> Ratio:
    """Missed chats for each agent on duty; where presence is unknown, for each who served."""
    return Ratio("chats_missed", "agents_on_duty")


@metric(
    fact="chat_waits", at="requested_at", unit="chats", better="neutral", serves=("7.14", "M1"),
    needs=NEEDS, title="Chats given up at once", prepare=_waits,
    examples=(
        Example.of("one under five seconds", """
            requested_at      outcome_class  abandoned_microseconds
            2026-03-02 09:20  missed         5000000
            2026-03-02 09:30  missed         4999999
            2026-03-02 09:40  missed         -
            """, value=1),
    ),
)  # fmt: skip
def short_abandons(c: Any) -> Count:
    """Chats whose customer left sooner than `missed.min_wait` (5 s): outside the missed ones."""
    return Count(where=(c.outcome_class == "missed") & _early(c))


@metric(
    fact="chat_waits", at="requested_at", unit="chats", better="down", serves=("M1", "AMB-9"),
    needs=NEEDS, title="Chats answered late", prepare=_waits,
)  # fmt: skip
def answered_late(c: Any) -> Count:
    """Chats that a person answered after the customer had left; they are missed ones."""
    return Count(where=(c.outcome_class == "missed") & c.answered_late)


@metric(
    fact="chat_waits", at="requested_at", unit="seconds", better="down", serves=("M1.4",),
    needs=NEEDS, title="Wait of missed chats", credit=CREDIT, prepare=_reasons,
    examples=(),
)  # fmt: skip
def missed_chat_wait(c: Any) -> Duration:
    """Seconds from the request to the end, of missed chats."""
    return Duration("wait_from_at", "left_at", where=_missed(c), without=_left_out(c))


@metric(
    fact="chat_waits", at="requested_at", unit="seconds", better="down", serves=("M1.4", "7.5"),
    needs=NEEDS, title="Wait in the queue", prepare=_waits,
    examples=(
        Example.of("10, 20 and 60 minutes; one left after 30; one waits", """
            requested_at      outcome_class  taken_at          left_at
            2026-03-02 09:00  served         2026-03-02 09:10  -
            2026-03-02 09:00  served         2026-03-02 09:20  -
            2026-03-02 09:00  served         2026-03-02 10:00  -
            2026-03-02 09:00  missed         -                 2026-03-02 09:30
            2026-03-31 23:50  pending        -                 -
            2026-03-02 09:00  offline        -                 -
            """, value=1800, median=1200, n=3, pending=1,
            excluded={"ended without an answer": 1, "still waiting": 1}),
    ),
)  # fmt: skip
def answered_chat_wait(c: Any) -> Wait:
    """Seconds from the request until an agent accepted the chat, of chats served.

    Where acceptance is not recorded: until a person's first message. Those who left and those
    who wait stand beside; the share answered by a time counts them.
    """
    return Wait("wait_from_at", "taken_at", gave_up="left_at", where=c.outcome_class != "offline")


def _looked(c: Any, within: list[str], tables: Mapping[str, Any]) -> Any:
    c = _waits(c, within, tables)
    return c.mutate(looked_at=ibis.least(c.moment_at, c.now_at))


@metric(
    fact="chat_waits", at="requested_at", until="waited_until_at", unit="seconds", better="down",
    serves=("M1.4", "R1.5"), needs=NEEDS, title="Longest current wait", prepare=_looked,
)  # fmt: skip
def longest_current_wait(c: Any) -> Longest:
    """Seconds that the chat which waits longest has waited by the end of the period."""
    return Longest("wait_from_at", "looked_at", where=c.outcome_class != "offline")
