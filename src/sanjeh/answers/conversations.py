"""One conversation: who, when, how it ended, and what in it is measured (D7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sanjeh.answers.belongings import Belongings, Labels, iso, rows_of
from sanjeh.answers.finding import find_conversation
from sanjeh.answers.question import EVERYTHING, Viewer
from sanjeh.answers.standing import standing
from sanjeh.answers.working import plain

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

Row = dict[str, Any]


def conversation_card(answers: Answers, conversation: str, viewer: Viewer = EVERYTHING) -> Row:
    """One conversation's story in plain values, without what was said.

    An endless thread has several `parts`; the first tells its beginning and the last its end.
    Raises QuestionError where the viewer sees no such conversation.
    """
    parts = find_conversation(answers, conversation, viewer)
    first, last = parts[0], parts[-1]
    identifier = first["conversation_id"]

    def rows(fact: str, order: str = "part") -> list[Row]:
        return rows_of(answers, fact, "conversation_id", identifier, order)

    reply, waits, contact = rows("first_responses"), rows("chat_waits"), rows("contacts")
    handled, passed = rows("agent_handlings", "taken_at"), rows("transfers", "transferred_at")
    belongings = Belongings(answers, "conversation", identifier)
    labels = Labels(answers, [*parts, *handled, *passed, *belongings.rows()])
    return {
        "conversation": plain(identifier),
        "id": identifier,
        "source": first["source"],
        "ticket": plain(first["ticket_id"]),
        "channel": first["channel"],
        "channel_kind": first["channel_kind"],
        "customer_id": first["customer_id"],
        "customer": labels.person(first["customer_id"]),
        "team": labels.of("team", first["team_id"]),
        "agent": labels.person(first["agent_id"]),
        "topic": labels.topic(first["topic_id"]),
        "priority": first["priority"],
        "complexity": first["complexity"],
        "started_by_agent": first["started_by_agent"],
        "requested_at": iso(first["requested_at"]),
        "human_requested_at": iso(first["human_requested_at"]),
        "started_at": iso(first["started_at"]),
        "ended_at": iso(last["ended_at"]),
        "end_reason": last["end_reason"],
        "outcome": last["outcome_class"],
        "resolution": contact[-1]["resolution"] if contact else None,
        "unresolved_reason": contact[-1]["unresolved_reason"] if contact else None,
        "first_response_seconds": _elapsed(reply, "asked", "replied", "_at"),
        "first_response_open_seconds": _elapsed(reply, "asked", "replied", "_open"),
        "mean_response_seconds": reply[0]["mean_wait_seconds"] if reply else None,
        "missed_reason": _missed(answers, identifier, last["outcome_class"]),
        "missed_wait_seconds": _elapsed(waits, "requested", "left", "_at"),
        "left_out": first["excluded_reason"] or first["noise_reason"],
        "decided_by": None if first["excluded_reason"] else first["noise_decided_by"],
        "customer_messages": sum(p["customer_message_count"] for p in parts),
        "person_messages": sum(p["human_message_count"] for p in parts),
        "parts": [
            {"part": p["part"], "started_at": iso(p["started_at"]),
             "ended_at": iso(p["ended_at"]), "outcome": p["outcome_class"]}
            for p in parts
        ],
        "handling": [
            {"agent": labels.person(r["agent_id"]), "taken_at": iso(r["taken_at"]),
             "left_at": iso(r["left_at"]), "segments": r["segment_count"],
             "worked_seconds": r["worked_seconds"], "idle_seconds": r["idle_seconds"],
             "wrapup_seconds": r["wrapup_seconds"], "origin": r["origin"]}
            for r in handled
        ],
        "transfers": [
            {"at": iso(r["transferred_at"]), "from_agent": labels.person(r["from_agent"]),
             "to_agent": labels.person(r["to_agent"]),
             "from_team": labels.of("team", r["from_team"]),
             "to_team": labels.of("team", r["to_team"]), "reason": r["reason"],
             "why_not": r["excluded_reason"] or r["not_counted_reason"]}
            for r in passed
        ],
        **belongings.told(labels),
    }  # fmt: skip


def _missed(answers: Answers, identifier: str, outcome: str) -> str | None:
    """Why it was missed, as the metric tells from who was there (M1.3); null where it was not."""
    if outcome != "missed":
        return None
    found = standing(answers, "conversation", identifier, "chats_missed", ("missed_reason",))
    return next((r["missed_reason"] for r in found.rows if r["missed_reason"]), None)


def _elapsed(rows: list[Row], start: str, end: str, suffix: str) -> float | None:
    """Seconds from the start to the end in the first row that has both."""
    for row in rows:
        if row[start + suffix] is not None and row[end + suffix] is not None:
            return float(row[end + suffix] - row[start + suffix]) / 1_000_000
    return None
