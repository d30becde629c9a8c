"""Ticket life: new, reopened, resolved, open, unattended, escalated (L), and the flow (7.9)."""

from __future__ import annotations

from typing import Any

from sanjeh.metrics.registry import (
    Count,
    Difference,
    Duration,
    Example,
    Ratio,
    Share,
    Slope,
    metric,
)

NO_SOLUTION = "closed without a solution"


@metric(
    fact="tickets", at="created_at", unit="tickets", better="down", population="requested",
    serves=("L1",), needs=("ticket",), title="New tickets",
)  # fmt: skip
def new_tickets(_: Any) -> Count:
    """Tickets created. A reopened one is never new."""
    return Count()


@metric(unit="tickets a week", better="down", serves=("L1.1",), title="Trend of new tickets")
def new_tickets_trend(_: Any) -> Slope:
    """How many more tickets are created each week than the week before, over 8 weeks or more."""
    return Slope("new_tickets")


def _slips(r: Any) -> dict[str, Any]:
    return {"undone by the agent at once": r.undone_microseconds < r.option_reopen_undone_within}


@metric(
    fact="reopenings", at="reopened_at", unit="tickets", better="down", serves=("L2",),
    needs=("ticket_event",), title="Reopened tickets",
    credit="the agent who had the ticket before it came back",
    examples=(
        Example.of("one ticket twice is one ticket; a thanks does not reopen", """
            ticket_id  reopened_at       excluded_reason             undone_microseconds
            a          2026-03-02 09:00  -                           -
            a          2026-03-03 09:00  -                           300000000
            b          2026-03-02 10:00  -                           -
            c          2026-03-02 11:00  a thanks, needing no reply  -
            d          2026-03-02 11:00  -                           299999999
            """, value=2, n=3,
            excluded={"a thanks, needing no reply": 1, "undone by the agent at once": 1}),
    ),
)  # fmt: skip
def reopened_tickets(r: Any) -> Count:
    """Tickets that came back at least once: from solved or closed to open.

    A mere thanks does not reopen. A slip that the agent undid within `reopen.undone_within`
    (5 minutes) is left out and listed.
    """
    return Count(distinct="ticket_id", without=_slips(r))


@metric(
    fact="reopenings", at="reopened_at", unit="reopenings", better="down", serves=("L2",),
    needs=("ticket_event",), title="Reopenings",
    credit="the agent who had the ticket before it came back",
)  # fmt: skip
def reopenings(r: Any) -> Count:
    """Returns from solved or closed to open; a ticket that returns twice counts twice."""
    return Count(without=_slips(r))


@metric(
    fact="resolutions", at="solved_at", unit="share", better="down", serves=("L2",),
    needs=("ticket_event",), title="Reopen rate",
    credit="the agent who solved it, else the assignee",
    pending=lambda k: k.solved_at + k.option_reopen_window > k.now_at,
    examples=(
        Example.of("back after 1 day counts, after 20 not; the last has not had its 14 days", """
            ticket_id  solved_at         reopened_at
            a          2026-03-02 09:00  2026-03-03 09:00
            b          2026-03-02 09:00  2026-03-22 09:00
            c          2026-03-02 09:00  -
            d          2026-03-30 09:00  -
            """, value=0.3333333333333333, numerator=1, denominator=3, pending=1),
    ),
)  # fmt: skip
def reopen_rate(k: Any) -> Share:
    """Share of the tickets solved that came back within the window (`reopen.window`, 14 days).

    Solves whose window has not run out yet are pending, not successes.
    """
    window = k.option_reopen_window
    return Share(
        (k.reopened_at - k.solved_at <= window).fill_null(False),
        where=k.solved_at + window <= k.now_at,
        distinct="ticket_id",
    )


@metric(
    fact="resolutions", at="solved_at", unit="tickets", better="up", serves=("L3",),
    needs=("ticket",), title="Resolved tickets",
    credit="the agent who solved it, else the assignee",
    examples=(
        Example.of("solved twice is one ticket; closed as a duplicate is no solution", """
            ticket_id  solved_at         excluded_reason
            a          2026-03-02 09:00  -
            a          2026-03-04 09:00  -
            b          2026-03-02 10:00  -
            c          2026-03-02 11:00  closed without a solution
            """, value=2, n=3, excluded={"closed without a solution": 1}),
    ),
)  # fmt: skip
def resolved_tickets(_: Any) -> Count:
    """Tickets solved at least once, whenever they were created. `--by solved_by`: by whom."""
    return Count(distinct="ticket_id")


@metric(
    fact="resolutions", at="solved_at", unit="solves", better="up", serves=("L3",),
    needs=("ticket",), title="Solves", credit="the agent who solved it, else the assignee",
)  # fmt: skip
def solves(_: Any) -> Count:
    """Times a ticket was solved; solved again after coming back counts again."""
    return Count()


@metric(
    fact="resolutions", at="solved_at", unit="tickets", better="up", serves=("L3",),
    needs=("ticket",), title="Resolved and still resolved",
    credit="the agent who solved it, else the assignee",
)  # fmt: skip
def net_resolved_tickets(k: Any) -> Count:
    """Tickets solved in the period and not reopened before its end."""
    back = (k.reopened_at < k.period_until_at).fill_null(False)
    return Count(distinct="ticket_id", without={"came back before the end of the period": back})


@metric(
    fact="ticket_states", at="from_at", until="until_at", unit="tickets", better="down",
    serves=("L4",), needs=("ticket",), title="Open tickets", credit="the assignee",
    examples=(
        Example.of("open on the last instant; what was solved on the stroke still counts", """
            ticket_id  stage  from_at           until_at
            a          open   2026-03-02 09:00  2026-03-02 10:00
            a          done   2026-03-02 10:00  -
            b          open   2026-03-02 09:00  -
            c          open   2026-03-02 09:00  2026-04-01 00:00
            d          open   2026-04-01 00:00  -
            """, value=2, n=2),
    ),
)  # fmt: skip
def open_tickets(s: Any) -> Count:
    """Tickets neither solved nor closed at the end of the period, replayed from their events.

    Waiting for the customer and on hold are open; `--by state` splits, `--by age` shows how old.
    """
    return Count(where=s.stage == "open")


@metric(
    fact="ticket_states", at="from_at", until="until_at", unit="tickets", better="down",
    serves=("L4",), needs=("ticket",), title="Created and still open", credit="the assignee",
)  # fmt: skip
def open_tickets_created(s: Any) -> Count:
    """Tickets created in the period that were still open at its end."""
    return Count(where=(s.stage == "open") & (s.created_at >= s.period_from_at))


@metric(
    fact="ticket_states", at="from_at", until="until_at", unit="seconds", better="down",
    serves=("L4",), needs=("ticket",), title="Age of open tickets", credit="the assignee",
)  # fmt: skip
def open_ticket_age(s: Any) -> Duration:
    """Seconds since the open tickets were created, at the end of the period. `.max`: the oldest."""
    return Duration("created_at", None, where=s.stage == "open")


@metric(
    fact="ticket_states", at="from_at", until="until_at", unit="tickets", better="down",
    serves=("L5",), needs=("message",), title="Unattended tickets", credit="the assignee",
)  # fmt: skip
def unattended_tickets(s: Any) -> Count:
    """Open tickets that no person had publicly answered by the end of the period."""
    answered = (s.first_human_reply_at < s.period_until_at).fill_null(False)
    return Count(
        where=(s.stage == "open") & ~answered, without={"needs no reply": s.noise_reason.notnull()}
    )


@metric(
    fact="awaiting_us", at="from_at", until="until_at", unit="tickets", better="down",
    serves=("L5",), needs=("message",), title="Tickets waiting for us", credit="the assignee",
)  # fmt: skip
def awaiting_tickets(_: Any) -> Count:
    """Open tickets whose last public message, at the end of the period, is the customer's."""
    return Count(distinct="ticket_id")


@metric(
    fact="escalations", at="escalated_at", unit="escalations", better="down", serves=("L6",),
    needs=("escalation",), title="Escalations by customers", credit="the agent escalated from",
)  # fmt: skip
def customer_escalations(e: Any) -> Count:
    """Escalations that a customer raised because the answer did not satisfy."""
    return Count(where=(e.initiator == "customer") & (e.reason == "unsatisfactory_response"))


@metric(
    fact="escalations", at="escalated_at", unit="escalations", better="down", serves=("L6",),
    needs=("escalation",), title="Escalations", credit="the agent escalated from",
)  # fmt: skip
def escalations(_: Any) -> Count:
    """Requests sent up the matrix by anyone. `--by initiator` and `--by reason` split."""
    return Count()


@metric(
    fact="escalations", at="escalated_at", unit="tickets", better="down", serves=("L6",),
    needs=("escalation",), title="Escalated tickets", credit="the agent escalated from",
)  # fmt: skip
def escalated_tickets(_: Any) -> Count:
    """Tickets escalated at least once."""
    return Count(distinct="ticket_id")


@metric(unit="share", better="down", serves=("L6",), title="Escalation rate")
def escalation_rate(_: Any) -> Ratio:
    """Tickets escalated over tickets created in the same period."""
    return Ratio("escalated_tickets", "new_tickets")


@metric(unit="share", better="up", serves=("L7",), title="Resolution rate")
def resolution_rate(_: Any) -> Ratio:
    """Tickets resolved over tickets created in the same period. Above 1 the backlog shrinks."""
    return Ratio("resolved_tickets", "new_tickets")


@metric(unit="tickets", better="down", serves=("L7",), title="New less resolved")
def new_less_resolved(_: Any) -> Difference:
    """Tickets created less tickets resolved. Not the change of the backlog: see its flow."""
    return Difference("new_tickets", "resolved_tickets")


@metric(
    fact="tickets", at="created_at", unit="share", better="up", population="requested",
    serves=("L7",), needs=("ticket",), title="Resolved of those created",
    credit="the agent who solved it, else the assignee",
    examples=(
        Example.of("two of three created are solved by now", """
            created_at        final_solved_at
            2026-03-02 09:00  2026-03-02 10:00
            2026-03-02 09:00  2026-03-09 10:00
            2026-03-02 09:00  -
            """, value=0.6666666666666666, numerator=2, denominator=3),
    ),
)  # fmt: skip
def cohort_resolution_rate(k: Any) -> Share:
    """Share of the tickets created in the period that are solved by now."""
    return Share(k.final_solved_at.notnull())


def _flow(change: str, doc: str, name: str | None = None) -> None:
    def body(f: Any) -> Count:
        return Count(where=(f.change == change) & f.matters)

    body.__name__ = name or "backlog_" + change.replace(" ", "_")
    body.__doc__ = doc
    metric(
        fact="backlog_flow", at="at", unit="changes", better="neutral", serves=("L4", "7.9"),
        needs=("ticket",), title=f"Backlog: {change}",
    )(body)  # fmt: skip


_flow("new", "Tickets that entered the backlog as new.")
_flow("reopened", "Returns into the backlog from solved or closed.")
_flow("unmerged", "Tickets that a merge undone put back.")
_flow("restored", "Tickets that came back from deletion.")
_flow("solved", "Changes from open to solved.")
_flow("closed otherwise", "Changes from open to closed without a solve.")
_flow("merged", "Open tickets merged into another.")
_flow("deleted", "Open tickets deleted.")
_flow("moved in", "Open tickets that changed into this group.")
_flow("moved out", "Open tickets that changed out of this group.")


@metric(
    fact="ticket_states", at="from_at", until="until_at", holds="at the start", unit="tickets",
    better="neutral", serves=("L4", "7.9"), needs=("ticket",), title="Backlog: opening",
)  # fmt: skip
def backlog_opening(s: Any) -> Count:
    """Open tickets at the start of the period."""
    return Count(where=s.stage == "open")


@metric(
    fact="ticket_states", at="from_at", unit="changes", better="down", serves=("T3.3",),
    needs=("ticket_event",), title="Reassignments to another team",
    notes=("A source that leaves changes out makes this a lower bound.",),
)  # fmt: skip
def reassignments(s: Any) -> Count:
    """Changes of a ticket from one known team to another, as far as the record shows them."""
    changed = s.team_id != s.previous_team_id
    return Count(where=changed.fill_null(False))
