"""One ticket: the questions a manager asks of it (L8), and its counted and paused time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis

from sanjeh.answers.belongings import Belongings, Labels, iso, rows_of
from sanjeh.answers.finding import find_ticket
from sanjeh.answers.periods import moment
from sanjeh.answers.question import EVERYTHING, Question, QuestionError, Viewer
from sanjeh.answers.standing import standing
from sanjeh.answers.working import plain
from sanjeh.facts.clocks import stamped
from sanjeh.metrics.registry import Duration

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers


PAUSED = "paused: waiting for the customer"


@dataclass(frozen=True)
class Timeline:
    """A ticket's stretches of time, each counted or paused for a metric."""

    ticket: str
    metric: str
    counted_seconds: float
    paused_seconds: float
    counted_open_seconds: float | None
    paused_open_seconds: float | None
    stretches: tuple[Mapping[str, Any], ...]
    in_figure: bool
    why_not: str | None

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "stretches": [dict(s) for s in self.stretches]}


def timeline(
    answers: Answers, question: Question, *, ticket: str, viewer: Viewer = EVERYTHING
) -> Timeline:
    """The stretches of one ticket, each counted or paused for a duration metric of tickets.

    Of a ticket that is still open: so far. The team and agent of a stretch stand with it.
    Raises QuestionError for a metric that is no duration of a ticket, or an unknown ticket.
    """
    resolved = answers.resolve(question, viewer)
    address = resolved.addresses[0]
    metric = address.metric
    if metric.fact != "tickets" or metric.shape() is not Duration:
        raise QuestionError(
            f"{metric.name} is no duration of a ticket; a timeline shows counted and paused time, "
            "for example of resolution_time."
        )
    row = find_ticket(answers, ticket, viewer)
    measure = metric.measure(answers.tables["tickets"].mutate(
        explicit=ibis.literal(0), touch_p90=ibis.literal(0.0), usual_microseconds=ibis.literal(0),
    ))  # fmt: skip
    assert isinstance(measure, Duration)
    column = measure.end or ""
    start, end = row[measure.start], row[column] if column else None
    why_not = row["excluded_reason"] or (row["unsolved_reason"] if end is None else None)
    if end is None and why_not is None:
        why_not = "not solved yet"
    end_open = row.get(column.removesuffix("_at") + "_open")
    if end is None and row["stage"] == "open":  # still running: counted so far
        end = resolved.as_of
        end_open = _open_before(answers, row["ticket_id"], end)
    paused_in = {"pending_microseconds": "pending_customer", "hold_microseconds": "on_hold"}
    pauses = {paused_in[m] for m in measure.minus if m in paused_in}
    states = states_of(answers, row["ticket_id"])
    labels = Labels(answers, states)
    stretches = [
        _stretch(s, (start, end, end_open), s["state"] in pauses)
        | {"team": labels.of("team", s["team_id"]), "agent": labels.person(s["agent_id"])}
        for s in states
    ]
    has_hours = bool(stretches) and row["calendar"] is not None
    return Timeline(
        plain(row["ticket_id"]) or "", str(address),
        _total(stretches, "seconds", "counted") or 0.0,
        _total(stretches, "seconds", PAUSED) or 0.0,
        _total(stretches, "open_seconds", "counted") if has_hours else None,
        _total(stretches, "open_seconds", PAUSED) if has_hours else None,
        tuple(stretches), why_not is None, why_not,
    )  # fmt: skip


def _stretch(
    state: Mapping[str, Any], span: tuple[int | None, int | None, int | None], is_paused: bool
) -> dict[str, Any]:
    """A stretch in one state, and how much of it lies in the span measured."""
    start, end, end_open = span
    since, until = state["from_at"], state["until_at"]
    inside = (
        start is not None and end is not None and since < end
        and (until is None or until > start)
    )  # fmt: skip
    seconds, opened = 0.0, None
    if inside and start is not None and end is not None:
        ends_within = until is not None and until <= end
        seconds = ((until if ends_within else end) - max(since, start)) / 1_000_000
        last = state["until_open"] if ends_within else end_open
        if last is not None and state["from_open"] is not None:
            opened = (last - state["from_open"]) / 1_000_000
    return {
        "from": iso(since),
        "until": iso(until),
        "state": state["state"],
        "seconds": seconds,
        "open_seconds": opened,
        "counts": bool(seconds) and not is_paused,
        "why": (
            "counted" if seconds and not is_paused
            else PAUSED if is_paused and inside
            else "outside what is measured"
        ),
    }  # fmt: skip


def _total(stretches: list[dict[str, Any]], clock: str, why: str) -> float | None:
    """The time of the stretches of a kind; null where one of them is unknown."""
    found = [s[clock] for s in stretches if s["why"] == why and s["seconds"]]
    return None if any(value is None for value in found) else float(sum(found))


def _open_before(answers: Answers, ticket_id: str, instant: int) -> int | None:
    """Microseconds open before an instant, by the ticket's calendar."""
    t = answers.tables["tickets"]
    t = t.filter(t.ticket_id == ticket_id).select("calendar", asked_at=ibis.literal(instant))
    rows = answers.engine.run(stamped(t, answers.tables, ["asked_at"])).to_pylist()
    found: int | None = rows[0]["asked_open"]
    return found


def states_of(answers: Answers, ticket_id: str) -> list[dict[str, Any]]:
    """A ticket's stretches in order, those of no length left out."""
    s = answers.tables["ticket_states"]
    s = s.filter((s.ticket_id == ticket_id) & (s.until_at.isnull() | (s.until_at > s.from_at)))
    rows: list[dict[str, Any]] = answers.engine.run(s.order_by("n")).to_pylist()
    return rows


def ticket_card(answers: Answers, ticket: str, viewer: Viewer = EVERYTHING) -> dict[str, Any]:
    """The questions a manager asks of one ticket (L8), answered in plain values.

    Raises QuestionError where the viewer sees no such ticket.
    """
    row = find_ticket(answers, ticket, viewer)
    identifier = row["ticket_id"]
    states = states_of(answers, identifier)
    talks = rows_of(answers, "conversations", "ticket_id", identifier, "started_at")
    again = rows_of(answers, "reopenings", "ticket_id", identifier, "reopened_at")
    belongings = Belongings(answers, "ticket", identifier)
    labels = Labels(answers, [row, *states, *talks, *again, *belongings.rows()])
    (record,) = answers.ledger.among("ticket", "id", [identifier]).to_pylist() or [{}]

    def seconds(start: str, end: str) -> float | None:
        known = row[start] is not None and row[end] is not None
        return (row[end] - row[start]) / 1_000_000 if known else None

    return {
        "ticket": plain(identifier),
        "id": identifier,
        "source": row["source"],
        "number": record.get("number"),
        "state": row["state"],
        "move": move_of(row),
        "is_solved": row["final_solved_at"] is not None,
        "created_at": iso(row["created_at"]),
        "first_solved_at": iso(row["first_solved_at"]),
        "final_solved_at": iso(row["final_solved_at"]),
        "resolution_seconds": seconds("created_at", "final_solved_at"),
        "resolution_open_seconds": seconds("created_open", "final_solved_open"),
        "first_response_seconds": seconds("created_at", "first_human_reply_at"),
        "mean_response_seconds": _mean_response(answers, identifier),
        "was_reopened": row["reopened_count"] > 0,
        "reopened_count": row["reopened_count"],
        "first_reopened_at": iso(row["first_reopened_at"]),
        "reopenings": [
            {
                "at": iso(r["reopened_at"]),
                "by": r["actor_type"],
                "agent": labels.person(r["agent_id"]),
                "why_not": r["excluded_reason"],
            }
            for r in again
        ],
        "team": labels.of("team", row["team_id"]),
        "agent": labels.person(row["agent_id"]),
        "customer_id": row["customer_id"],
        "customer": labels.person(row["customer_id"]),
        "channel": row["channel"],
        "topic": labels.topic(row["topic_id"]),
        "priority": row["priority"],
        "complexity": row["complexity"],
        "sla": None,
        "why_no_sla": "agreements are not measured yet",
        "left_out": row["excluded_reason"] or row["noise_reason"],
        "decided_by": _decided_by(row, record),
        "unsolved_reason": row["unsolved_reason"],
        "merged_into": plain(record.get("merged_into_id")),
        "parent": plain(row["parent_id"]),
        "has_history": row["has_history"],
        "states": [
            {
                "from": moment(s["from_at"]).isoformat(),
                "until": None if s["until_at"] is None else moment(s["until_at"]).isoformat(),
                "state": s["state"],
                "team": labels.of("team", s["team_id"]),
                "agent": labels.person(s["agent_id"]),
            }
            for s in states
        ],
        "conversations": [
            {
                "conversation": plain(t["conversation_id"]),
                "part": t["part"],
                "channel": t["channel"],
                "started_at": iso(t["started_at"]),
                "ended_at": iso(t["ended_at"]),
                "outcome": t["outcome_class"],
                "agent": labels.person(t["agent_id"]),
                "left_out": t["excluded_reason"] or t["noise_reason"],
            }
            for t in talks
        ],
        "escalations": row["escalation_count"],
        **belongings.told(labels),
    }


def move_of(row: Mapping[str, Any]) -> str:
    """Whose move a ticket is: ours, the customer's, of others (on hold), or nobody's (done).

    Ours where the last public message is the customer's, whatever the status says.
    """
    if row["stage"] != "open":
        return "nobody"
    asked, replied = row["last_customer_message_at"], row["last_human_reply_at"]
    if asked is not None and (replied is None or asked > replied):
        return "us"
    return {"pending_customer": "customer", "on_hold": "others"}.get(row["state"], "us")


def _mean_response(answers: Answers, identifier: str) -> float | None:
    """Mean seconds of the ticket's turns that count in the response time."""
    turns = standing(answers, "ticket", identifier, "response_time")
    waits = [row["seconds"] for row in turns.rows if row["is_counted"]]
    return sum(waits) / len(waits) if waits else None


def _decided_by(row: Mapping[str, Any], record: Mapping[str, Any]) -> str | None:
    """Who decided that a ticket is noise: its source, or a rule; null where it is none."""
    if row["excluded_reason"] is not None or row["noise_reason"] is None:
        return None
    return "source" if record.get("needs_reply") is False else "rule"
