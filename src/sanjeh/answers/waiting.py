"""Who waits for us at the end of the record, longest first (R1.4, R1.5, L5, I-39).

The moment is the question's: by default the end of the day of the newest record (7.1), never the
wall clock. The rows are those of the metrics of the catalogue, so that their numbers are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ibis

from sanjeh.answers import plan
from sanjeh.answers.belongings import Labels, iso
from sanjeh.answers.question import EVERYTHING, Question, Viewer
from sanjeh.answers.working import plain
from sanjeh.facts.clocks import stamped
from sanjeh.metrics.catalogue import METRICS
from sanjeh.metrics.registry import Metric

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

Row = dict[str, Any]
FAR = 2**62


def waiting_requests(
    answers: Answers, question: Question, limit: int, viewer: Viewer = EVERYTHING
) -> list[Row]:
    """Conversations that no person has answered, as `unanswered_requests` counts them.

    Each with its wait on both clocks, whether a machine answered, the standard it is held to
    (the channel's, else for live channels `frt.threshold`) and whether that is overdue.
    """
    metric = METRICS["unanswered_requests"]
    due = METRICS["overdue_first_responses"]

    def rows(spec: plan.Spec) -> Any:
        t, _ = plan.candidates(replace(metric, prepare=due.prepare), spec, answers.tables,
                               answers.own)  # fmt: skip
        t, _ = plan.judged(metric, spec, t)
        t = stamped(t.filter(t.reason.isnull()), answers.tables, ["looked_at"])
        waited = t.looked_at - t.asked_at
        return t.select(
            "conversation_id", "ticket_id", "channel", "team_id", "customer_id", "topic_id",
            "is_acknowledged", "started_by_agent",
            since_at="asked_at", waited=waited, waited_open=t.looked_open - t.asked_open,
            standard=t.due_within.cast("int64"),
            is_overdue=(waited > t.due_within).fill_null(False),
        ).order_by(["since_at", "conversation_id"])  # fmt: skip

    return _told(answers, question, metric, rows, limit, viewer)


def waiting_customers(
    answers: Answers, question: Question, limit: int, viewer: Viewer = EVERYTHING
) -> list[Row]:
    """Customers who were answered before and whose last message is not: open later turns.

    The rows that `next_response_time` leaves out as still waiting.
    """
    metric = METRICS["next_response_time"]

    def rows(spec: plan.Spec) -> Any:
        t, _ = plan.candidates(metric, spec, answers.tables, answers.own)
        t, _ = plan.judged(metric, spec, t)
        t = t.filter(t.reason == plan.WAITING).mutate(looked_at=t.now_at)
        t = stamped(t, answers.tables, ["looked_at"])
        talks = answers.tables["conversations"].select(
            in_id="conversation_id", in_part="part", first_agent="agent_id"
        )
        t = t.left_join(talks, [t.conversation_id == talks.in_id, t["part"] == talks.in_part])
        return t.select(
            "conversation_id", "ticket_id", "channel", "team_id", "customer_id", "topic_id",
            agent_id="first_agent", since_at="asked_at",
            waited=t.looked_at - t.asked_at, waited_open=t.looked_open - t.asked_open,
        ).order_by(["since_at", "conversation_id"])  # fmt: skip

    return _told(answers, question, metric, rows, limit, viewer)


def waiting_tickets(
    answers: Answers, question: Question, limit: int, viewer: Viewer = EVERYTHING
) -> list[Row]:
    """Open tickets that wait for us: `awaiting_tickets`, and `unattended_tickets` with them.

    is_awaiting: the last public message is the customer's. is_unattended: no person has ever
    answered. The wait runs from the first message that is not answered, else from the creation.
    """
    metric = METRICS["open_tickets"]
    awaiting = METRICS["awaiting_tickets"]

    def rows(spec: plan.Spec) -> Any:
        known, _ = plan.candidates(awaiting, spec, answers.tables, answers.own)
        known, _ = plan.judged(awaiting, spec, known)
        known = known.filter(known.reason.isnull()).select(w_id="ticket_id").distinct()
        replied = answers.tables["tickets"].select(
            r_id="ticket_id", replied_at=ibis._.last_human_reply_at.fill_null(0)
        )
        every = answers.tables["awaiting_us"]
        every = every.join(replied, every.ticket_id == replied.r_id)
        first = every.filter(every.from_at >= every.replied_at)
        first = first.group_by(f_id="ticket_id").agg(asked_at=first.from_at.min())
        t, _ = plan.candidates(metric, spec, answers.tables, answers.own)
        t, _ = plan.judged(metric, spec, t)
        t = t.filter(t.reason.isnull())
        t = t.left_join(known, t.ticket_id == known.w_id)
        t = t.left_join(first, t.ticket_id == first.f_id)
        answered = (t.first_human_reply_at < t.period_until_at).fill_null(False)
        t = t.mutate(
            is_awaiting=t.w_id.notnull(),
            is_unattended=~answered & t.noise_reason.isnull(),
            since_at=ibis.cases((t.w_id.notnull(), t.asked_at), else_=t.created_at),
            looked_at=ibis.least(t.moment_at, t.now_at),
        )
        t = stamped(t.filter(t.is_awaiting | t.is_unattended), answers.tables,
                    ["since_at", "looked_at"])  # fmt: skip
        return t.select(
            "ticket_id", "state", "channel", "team_id", "agent_id", "customer_id", "topic_id",
            "priority", "created_at", "is_awaiting", "is_unattended", "since_at",
            waited=t.looked_at - t.since_at, waited_open=t.looked_open - t.since_open,
        ).order_by(["since_at", "ticket_id"])  # fmt: skip

    return _told(answers, question, metric, rows, limit, viewer)


def _told(
    answers: Answers, question: Question, metric: Metric,
    rows: Callable[[plan.Spec], Any], limit: int, viewer: Viewer,
) -> list[Row]:  # fmt: skip
    """The rows in plain values: names for ids, seconds for waits."""
    if answers.missing(metric) is not None:
        return []
    resolved = answers.resolve(replace(question, metrics=(metric.name,)), viewer)
    spec = answers.spec(resolved, metric, (), None, distribution=False)
    found, _ = answers.listed(
        resolved, rows.__qualname__, spec, lambda shape: (rows(shape), ()), (limit, 0)
    )
    labels = Labels(answers, found)
    topics = {r["topic_id"]: labels.topic(r["topic_id"]) for r in found}
    told = []
    for row in found:
        waits = {
            "seconds": row["waited"] / 1_000_000,
            "open_seconds": _seconds(row["waited_open"]),
            "standard_seconds": _seconds(row.get("standard")),
        }
        named = {
            "ticket": plain(row.get("ticket_id")),
            "conversation": plain(row.get("conversation_id")),
            "team": labels.of("team", row["team_id"]),
            "agent": labels.person(row.get("agent_id")),
            "customer": labels.person(row["customer_id"]),
            "topic": topics[row["topic_id"]],
            "since_at": iso(row["since_at"]),
        }
        ids = ("ticket_id", "conversation_id", "team_id", "agent_id", "topic_id", "created_at")
        rest = {
            k: v for k, v in row.items()
            if k not in (*ids, "since_at", "waited", "waited_open", "standard")
        }  # fmt: skip
        told.append(named | waits | rest)
    return told


def _seconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / 1_000_000
