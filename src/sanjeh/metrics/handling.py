"""Handling: time per ticket, handle time, transfers, and who may need training (T2, T3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sanjeh.facts.waits import SECONDS, UNITS
from sanjeh.metrics.registry import (
    TOLD_BY_THE_FACT,
    Count,
    Example,
    Mean,
    Ratio,
    Share,
    Total,
    metric,
)

SOLVER = "the agent who solved it, else the assignee; all agents' time is in it"
BINS = (60, 120, 300, 600, 900, 1800, 3600, 4 * 3600)
DERIVED = (
    "Where no work was logged for a ticket, its time is derived from its conversations: "
    "`--by effort_source` tells them apart, `--option timespent.source=recorded` leaves them out."
)


def _effort(k: Any, _: list[str], __: Mapping[str, Any]) -> Any:
    """Seconds worked on each ticket, as the options ask for them."""
    logged = ibis.cases(
        (k.option_timespent_idle_cap == "none", k.logged_whole_seconds), else_=k.logged_seconds
    )
    derived = ibis.cases((k.option_timespent_source == "recorded_or_derived", k.derived_seconds))
    return k.mutate(effort_seconds=ibis.coalesce(logged, derived))


def _no_effort(k: Any) -> dict[str, Any]:
    return {
        TOLD_BY_THE_FACT: k.unsolved_reason,
        "no working time is recorded": k.effort_seconds.isnull(),
    }


@metric(
    fact="ticket_efforts", at="final_solved_at", unit="seconds", better="down", serves=("T2",),
    needs=("worklog|participation|message|call",), title="Time per ticket", credit=SOLVER,
    prepare=_effort, notes=(DERIVED,),
    examples=(
        Example.of("10, 20 and 60 minutes, one of them derived; one unknown is not zero", """
            final_solved_at   logged_seconds  logged_whole_seconds  derived_seconds
            2026-03-02 09:00  600             600                   90
            2026-03-02 09:00  1200            5000                  -
            2026-03-02 09:00  -               -                     3600
            2026-03-02 09:00  -               -                     -
            """, value=1800, median=1200, n=3,
            excluded={"no working time is recorded": 1}),
    ),
)  # fmt: skip
def time_per_ticket(k: Any) -> Mean:
    """Seconds agents worked on a ticket, of tickets whose final solve is in the period.

    All agents' work logs added up, a timer counting 30 minutes an entry at most
    (`timespent.idle_cap`). Where none is logged, derived from the conversations' segments, and
    for written answers from the gaps before them; marked so. Effort, not elapsed time.
    """
    return Mean("effort_seconds", without=_no_effort(k), bins=BINS)


@metric(
    fact="ticket_efforts", at="final_solved_at", unit="share", better="up", serves=("T2",),
    needs=("worklog",), title="Tickets with logged work", credit=SOLVER,
)  # fmt: skip
def logged_work_share(k: Any) -> Share:
    """Share of resolved tickets for which somebody logged work: how far the time can be trusted."""
    return Share(k.effort_source == "recorded", without={TOLD_BY_THE_FACT: k.unsolved_reason})


def _flagged(k: Any, within: list[str], tables: Mapping[str, Any]) -> Any:
    """Each ticket with its agent's mean and count, the benchmark, and its topic's median."""
    k = _effort(k, within, tables)
    b = tables["benchmarks"]
    unit = b.unit.fill_null("s").lower()
    factor = ibis.cases(*((unit == word, SECONDS[short]) for word, short in UNITS.items()))
    plain = (b.scope.fill_null("{}").length() < 3) & (b.kind.fill_null("target") == "target")
    b = b.filter((b.metric_id == "time_per_ticket") & plain & b.value.notnull())
    b = b.select(
        b_from_at=b.valid_from.fill_null(0), b_until_at=b.valid_to.fill_null(2**62),
        b_seconds=b.value * factor.cast("float64"), b_id=b.benchmark_id,
    )  # fmt: skip
    b = b.mutate(
        place=ibis.row_number().over(ibis.window(order_by=[b.b_from_at.desc(), b.b_id]))
    ).filter(ibis._.place == 0)
    spent = k.filter(
        k.effort_seconds.notnull() & k.excluded_reason.isnull() & k.unsolved_reason.isnull()
    )
    of_agent = spent.filter(spent.agent_id.notnull())
    keys = {f"by_{c}": of_agent[c] for c in ("agent_id", *within)}
    of_agent = of_agent.group_by(**keys).agg(
        agent_mean=of_agent.effort_seconds.mean(), agent_count=of_agent.count()
    )
    same = [k[c].identical_to(of_agent[f"by_{c}"]) for c in ("agent_id", *within)]
    j = k.left_join(of_agent, same).drop(*keys)
    topics = {f"of_{c}": spent[c] for c in ("topic", *within)}
    usual = spent.group_by(**topics).agg(topic_median=spent.effort_seconds.median())
    same = [j[c].identical_to(usual[f"of_{c}"]) for c in ("topic", *within)]
    j = j.left_join(usual, same).drop(*topics)
    benchmark = b.agg(benchmark_seconds=b.b_seconds.max())
    j = j.cross_join(benchmark)
    return j.mutate(
        is_flagged=(
            (j.agent_count.cast("float64") >= j.option_training_min_n)
            & (j.agent_mean > j.benchmark_seconds * (1.0 + j.option_training_tolerance))
        ).fill_null(False),
        excess_seconds=j.effort_seconds - j.topic_median,
    )


NO_BENCHMARK = "no benchmark of time_per_ticket is set"


@metric(
    fact="ticket_efforts", at="final_solved_at", unit="agents", better="down", serves=("T2.1",),
    needs=("benchmark",), title="Training suggested", credit=SOLVER, prepare=_flagged,
)  # fmt: skip
def training_flags(k: Any) -> Count:
    """Agents whose mean time per ticket is above the benchmark: product training may help.

    Agents with at least `training.min_n` (10) tickets, held to the benchmark of
    `time_per_ticket` that holds for everybody. `--by agent` names them; `training_excess --by
    agent --by topic` shows which topics make the excess.
    """
    return Count(
        where=k.is_flagged | k.benchmark_seconds.isnull(), distinct="agent_id",
        without={NO_BENCHMARK: k.benchmark_seconds.isnull()} | _no_effort(k),
    )  # fmt: skip


@metric(
    fact="ticket_efforts", at="final_solved_at", unit="seconds", better="down", serves=("T2.1",),
    needs=("benchmark",), title="Time beyond the topics' medians, of those flagged",
    credit=SOLVER, prepare=_flagged,
)  # fmt: skip
def training_excess(k: Any) -> Total:
    """Seconds that flagged agents' tickets took beyond the median of their topic, added up.

    The mix of topics is taken out: an agent who has the hard ones does not look slow for it.
    """
    return Total(
        "excess_seconds", where=k.is_flagged | k.benchmark_seconds.isnull(),
        without={NO_BENCHMARK: k.benchmark_seconds.isnull()} | _no_effort(k),
    )  # fmt: skip


def _handled(h: Any, _: list[str], __: Mapping[str, Any]) -> Any:
    """Seconds of handling as the options ask for them: tail, wrap-up and beginning."""
    cap = h.option_chat_idle_cap
    tail = ibis.cases((h.idle_seconds > cap, cap), else_=h.idle_seconds)
    wrap = ibis.cases((h.option_aht_wrapup == "yes", h.wrapup_seconds), else_=0.0)
    seconds = h.worked_seconds + tail + wrap
    if "queue_seconds" in h.columns:
        seconds = seconds + ibis.cases(
            (h.option_aht_start == "requested", h.queue_seconds),
            (h.option_aht_start == "first_human_message", -h.silent_seconds),
            else_=0.0,
        )
    return h.mutate(handle_seconds=seconds)


@metric(
    fact="handlings", at="ended_at", unit="seconds", better="down", serves=("T3", "T3.2"),
    needs=("conversation", "participation|message|call"), title="Handle time",
    credit="the agent who had it last; agent_handle_time has each agent's own part",
    prepare=_handled,
    examples=(
        Example.of("11 minutes with the wrap-up; of a silent end two minutes count", """
            ended_at          worked_seconds  idle_seconds  wrapup_seconds  queue_seconds
            2026-03-02 09:00  600             0             60              30
            2026-03-02 09:00  300             600           0               30
            2026-03-02 09:00  -               0             0               30
            -                 60              0             0               30
            """, value=540, n=2, max=660, min=420,
            excluded={"no handling is recorded": 1}),
    ),
)  # fmt: skip
def handle_time(h: Any) -> Mean:
    """Seconds agents had a conversation, wrap-up included, of those served that ended.

    From acceptance to leaving, over all agents; the wait in the queue is not in it. Calls: talk,
    hold and wrap-up. Of the silence before an automatic close two minutes count
    (`chat.idle_cap`), of a silence on a messenger five. Where no segments are recorded, from the
    first message of a person (`--by handling_source`). Chats held at the same time count each in
    full. Read it with satisfaction and first contact resolution.
    """
    return Mean(
        "handle_seconds", without={"no handling is recorded": h.handle_seconds.isnull()}, bins=BINS
    )


@metric(
    fact="agent_handlings", at="ended_at", unit="seconds", better="down", serves=("T3.1",),
    needs=("conversation", "participation|message|call"), title="Handle time of each agent",
    credit="each agent for the own segments", prepare=_handled,
    examples=(
        Example.of("6 and 5 minutes", """
            ended_at          agent_id  worked_seconds  idle_seconds  wrapup_seconds
            2026-03-02 09:00  a         360             0             0
            2026-03-02 09:00  b         240             0             60
            """, value=330, n=2),
    ),
)  # fmt: skip
def agent_handle_time(h: Any) -> Mean:
    """Seconds an agent had a conversation, own segments added up; a row for each agent in each."""
    return Mean(
        "handle_seconds", without={"no handling is recorded": h.handle_seconds.isnull()}, bins=BINS
    )


def _passed_on(h: Any) -> Any:
    by_bot = (h.option_transfer_count_bot_handoff == "yes") & (h.by_bot_count > 0)
    return (h.transfer_count > 0) | by_bot


@metric(
    fact="handlings", at="ended_at", unit="share", better="down", serves=("T3.3",),
    needs=("transfer|participation",), title="Transfer rate",
    credit="the agent who had it last; transfers has who passed it on",
    examples=(
        Example.of("one of two; a bot's hand-over is none", """
            ended_at          transfer_count  by_bot_count
            2026-03-02 09:00  2               0
            2026-03-02 09:00  0               1
            """, value=0.5, numerator=1, denominator=2),
    ),
)  # fmt: skip
def transfer_rate(h: Any) -> Share:
    """Share of conversations served that were passed on to another agent or department."""
    return Share(_passed_on(h))


@metric(
    fact="transfers", at="transferred_at", unit="transfers", better="down", serves=("T3.3",),
    needs=("transfer|participation",), title="Transfers", credit="the agent who passed it on",
)  # fmt: skip
def transfers(x: Any) -> Count:
    """Times a conversation was passed on, `--by from_agent`, `to_agent`, `from_team`, `to_team`.

    A bot's hand-over to a person, a return to the queue and an invitation to join are none.
    """
    return Count(without={TOLD_BY_THE_FACT: x.not_counted_reason})


@metric(
    fact="handlings", at="ended_at", unit="transfers", better="down", serves=("T3.3",),
    needs=("transfer|participation",), title="Transfers in conversations served",
)  # fmt: skip
def transfers_in_served(h: Any) -> Total:
    """Transfers of the conversations that were served and ended in the period."""
    return Total("transfer_count")


@metric(
    fact="handlings", at="ended_at", unit="conversations", better="down", serves=("T3.3",),
    needs=("transfer|participation",), title="Conversations passed on",
)  # fmt: skip
def transferred_conversations(h: Any) -> Count:
    """Conversations served that were passed on at least once."""
    return Count(where=h.transfer_count > 0)


@metric(
    unit="transfers per conversation", better="down", serves=("T3.3",),
    title="Transfers per transferred conversation",
)  # fmt: skip
def transfers_per_transferred_chat(_: Any) -> Ratio:
    """How often a conversation that was passed on at all was passed on."""
    return Ratio("transfers_in_served", "transferred_conversations")
