"""Time to resolve: in full, to the first solve, net of waiting, of the hardest (T1)."""

from __future__ import annotations

from typing import Any

from sanjeh.metrics.registry import TOLD_BY_THE_FACT, Duration, Example, metric

CREDIT = "the agent who solved it, else the assignee"


def _unsolved(k: Any) -> dict[str, Any]:
    return {
        TOLD_BY_THE_FACT: k.unsolved_reason,
        "solved before it was created": (k.final_solved_at < k.created_at).fill_null(False),
    }


def _marked(k: Any) -> Any:
    # A count over a condition that is null everywhere is null on Spark, so it never is.
    return k.complexity.isin(["high", "complex", "hard", "highest"]).fill_null(False)


@metric(
    fact="tickets", at="ended_at", unit="seconds", better="down", serves=("T1", "T1.2"),
    needs=("ticket",), title="Resolution time", credit=CREDIT,
    pending=lambda k: k.stage == "open",
    examples=(
        Example.of("10, 20 and 60 minutes tell a median from a mean; one never solved", """
            created_at        final_solved_at   ended_at          unsolved_reason
            2026-03-02 09:00  2026-03-02 09:10  2026-03-02 09:10  -
            2026-03-02 09:00  2026-03-02 09:20  2026-03-02 09:20  -
            2026-03-02 09:00  2026-03-02 10:00  2026-03-02 10:00  -
            2026-03-02 09:00  -                 2026-03-02 11:00  closed without a solution recorded
            """, value=1800, mean=1800, median=1200, p90=3120, min=600, max=3600, n=3,
            excluded={"closed without a solution recorded": 1}),
    ),
)  # fmt: skip
def resolution_time(k: Any) -> Duration:
    """Seconds from creation to the final solve, of tickets whose final solve is in the period.

    Solved again after coming back: to the last solve. Came back and still open: not in, but
    pending. Closed without a solve: left out and listed. Waiting for the customer is in.
    """
    return Duration("created_at", "final_solved_at", without=_unsolved(k))


@metric(
    fact="tickets", at="first_solved_at", unit="seconds", better="down", serves=("T1",),
    needs=("ticket",), title="Time to the first solve", credit=CREDIT,
)  # fmt: skip
def first_resolution_time(k: Any) -> Duration:
    """Seconds from creation to the first solve, whether or not it held."""
    early = (k.first_solved_at < k.created_at).fill_null(False)
    return Duration(
        "created_at", "first_solved_at", without={"solved before it was created": early}
    )


@metric(
    fact="tickets", at="ended_at", unit="seconds", better="down", serves=("T1",),
    needs=("ticket_event",), title="Resolution time without waiting for the customer",
    credit=CREDIT, pending=lambda k: k.stage == "open",
    examples=(
        Example.of("an hour, less ten minutes that the customer took", """
            created_at        final_solved_at   ended_at          pending_microseconds
            2026-03-02 09:00  2026-03-02 10:00  2026-03-02 10:00  600000000
            """, value=3000, n=1),
    ),
)  # fmt: skip
def resolution_time_without_waiting(k: Any) -> Duration:
    """Resolution time less the time in which the ticket waited for the customer."""
    return Duration(
        "created_at", "final_solved_at", minus=("pending_microseconds",), without=_unsolved(k)
    )


@metric(
    fact="tickets", at="ended_at", unit="seconds", better="down", serves=("T1.1",),
    needs=("ticket",), title="Resolution time of the most complex", credit=CREDIT,
    context=lambda k: {
        "explicit": k.count(where=_marked(k)),
        "touch_p90": k.touch_count.cast("float64").quantile(0.9),
    },
    examples=(
        Example.of("the tickets marked high", """
            created_at        final_solved_at   ended_at          complexity  touch_count
            2026-03-02 09:00  2026-03-02 09:10  2026-03-02 09:10  low         1
            2026-03-02 09:00  2026-03-02 11:00  2026-03-02 11:00  high        1
            """, value=7200, n=1),
        Example.of("none marked: the tenth with the most agents, replies and escalations", """
            created_at        final_solved_at   ended_at          complexity  touch_count
            2026-03-02 09:00  2026-03-02 09:10  2026-03-02 09:10  -           1
            2026-03-02 09:00  2026-03-02 09:10  2026-03-02 09:10  -           1
            2026-03-02 09:00  2026-03-02 12:00  2026-03-02 12:00  -           9
            """, value=10800, n=1),
    ),
)  # fmt: skip
def complex_resolution_time(k: Any) -> Duration:
    """Resolution time of tickets marked as highly complex.

    Where none is marked, of the tenth with the most agents, replies and escalations: derived.
    """
    marked = _marked(k)
    derived = (k.explicit == 0) & (k.touch_count.cast("float64") >= k.touch_p90).fill_null(False)
    return Duration("created_at", "final_solved_at", where=marked | derived, without=_unsolved(k))


def _beside_topic(k: Any, within: list[str], _: Any) -> Any:
    """Each ticket with the median resolution time of its topic, in microseconds."""
    solved = k.filter(k.final_solved_at.notnull())
    keys = {f"usual_{c}": solved[c] for c in ("topic", *within)}
    usual = solved.group_by(**keys).agg(
        usual_microseconds=(solved.final_solved_at - solved.created_at)
        .cast("float64")
        .median()
        .round()
        .cast("int64")
    )
    same = [k[c].identical_to(usual[f"usual_{c}"]) for c in ("topic", *within)]
    return k.left_join(usual, same).drop(*keys)


@metric(
    fact="tickets", at="ended_at", unit="seconds", better="down", serves=("T1.2",),
    needs=("ticket",), title="Resolution time beyond its topic's median", credit=CREDIT,
    prepare=_beside_topic,
)  # fmt: skip
def resolution_time_beyond_topic(k: Any) -> Duration:
    """Seconds by which tickets took longer than the median of their topic; may be below 0."""
    return Duration(
        "created_at", "final_solved_at", minus=("usual_microseconds",), without=_unsolved(k)
    )
