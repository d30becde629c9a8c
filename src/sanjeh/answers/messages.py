"""What was said in one conversation, in order, and how long each answer was waited for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from sanjeh.answers.periods import micros, moment
from sanjeh.answers.standing import standing

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers


def messages_of(
    answers: Answers, conversation: str, customer: str | None, *, with_texts: bool
) -> list[dict[str, Any]]:
    """The messages of a conversation (full id) in the order in which turns read them.

    by: customer, person, bot, automatic, note (internal) or system. text: null where it is not
    asked for, was not recorded, or where its person was erased (`is_erased`).
    """
    found = answers.ledger.among("message", "conversation_id", [conversation])
    if found.num_rows:
        found = found.filter(pc.is_null(found["deleted_at"]))
    rows = found.to_pylist()
    rows.sort(key=_order)
    persons = {r["author_id"] for r in rows if r["author_type"] in ("agent", "customer")}
    persons = {p for p in (*persons, customer) if p is not None}
    names = answers.ledger.labels(sorted(persons))
    texts = answers.ledger.texts("message", [r["id"] for r in rows]) if with_texts else {}
    used = {r["canned_response_id"] for r in rows} - {None}
    ready = answers.names.labels("canned_response", sorted(used))
    told = []
    for row in rows:
        text = texts.get(row["id"], {}).get("body")
        owner = row["author_id"] if row["author_type"] == "agent" else None
        gone = [p for p in (owner, customer) if p is not None and p not in names]
        told.append({
            "message": row["id"],
            "at": None if row["at"] is None else row["at"].isoformat(),
            "by": author(row),
            "author_id": row["author_id"],
            "author": names.get(row["author_id"]),
            "text": text,
            "is_erased": with_texts and text is None and bool(gone),
            "ready_reply": ready.get(row["canned_response_id"]),
            "is_edited": bool(row["canned_edited"]),
            "is_holding": bool(row["is_holding"]),
        })  # fmt: skip
    return told


def author(row: Mapping[str, Any]) -> str:
    """What kind of author wrote a message."""
    if (row["visibility"] or "public") != "public":
        return "note"
    if row["is_auto"]:
        return "automatic"
    kinds = {"agent": "person", "customer": "customer", "bot": "bot"}
    return kinds.get(row["author_type"] or "", "system")


def _order(row: Mapping[str, Any]) -> tuple[int, int, bool, str]:
    at = 0 if row["at"] is None else micros(row["at"])
    human = row["author_type"] == "agent" and not row["is_auto"]
    return at, row["sequence"] or 0, human, row["id"]


def turns_of(answers: Answers, conversation: str) -> list[dict[str, Any]]:
    """The turns of a conversation: asked, answered or given up, with the wait on both clocks.

    Whether each counts in the response time, and why not, is the metric's own judgement.
    """
    judged = standing(answers, "conversation", conversation, "response_time", ("turn",))
    by_turn = {(row["part"], row["turn"]): row for row in judged.rows}
    t = answers.tables["turns"]
    t = t.filter(t.conversation_id == conversation).order_by(["part", "turn"])
    told = []
    for row in answers.engine.run(t).to_pylist():
        how = by_turn.get((row["part"], row["turn"]))
        told.append({
            "part": row["part"],
            "turn": row["turn"],
            **{name: _iso(row[name]) for name in (
                "asked_at", "last_asked_at", "answered_at", "given_up_at"
            )},
            "seconds": how and how["seconds"],
            "open_seconds": how and how.get("open_seconds"),
            "waited_seconds": _waited(row, ("answered_at", "given_up_at")),
            "is_counted": how is not None and how["is_counted"],
            "why_not": how["reason"] if how else None,
        })  # fmt: skip
    return told


def _waited(row: Mapping[str, Any], ends: tuple[str, ...]) -> float | None:
    end = next((row[e] for e in ends if row[e] is not None), None)
    return None if end is None else (end - row["asked_at"]) / 1_000_000


def _iso(instant: int | None) -> str | None:
    return None if instant is None else moment(instant).isoformat()
