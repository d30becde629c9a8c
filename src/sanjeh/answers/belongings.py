"""What hangs on a ticket or conversation: tags, ready replies, escalations, surveys, names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sanjeh.answers.periods import moment
from sanjeh.answers.working import plain

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

Row = dict[str, Any]
PERSONS = ("agent_id", "customer_id", "from_agent", "to_agent", "actor_id")


class Labels:
    """Names for the ids on one card; persons are looked up all at once."""

    def __init__(self, answers: Answers, rows: Iterable[Row]) -> None:
        self._answers = answers
        persons = {row.get(column) for row in rows for column in PERSONS} - {None}
        self._persons = answers.names.labels("agent", sorted(p for p in persons if p))

    def person(self, identifier: str | None) -> str | None:
        """The name of a person; null for nobody."""
        return None if identifier is None else self._persons.get(identifier)

    def of(self, dimension: str, key: Any) -> Any:
        """The name of a team, tag, ready reply or survey; null for none."""
        return None if key is None else self._answers.names.labels(dimension, [key]).get(key)

    def topic(self, topic_id: str | None) -> str | None:
        """The name of a topic; null for none."""
        if topic_id is None:
            return None
        t = self._answers.tables["topics"]
        rows = self._answers.engine.run(t.filter(t.topic_id == topic_id)).to_pylist()
        return rows[0]["topic_label"] if rows else plain(topic_id)


def rows_of(answers: Answers, fact: str, column: str, identifier: str, order: str) -> list[Row]:
    """The rows of a fact that are of one ticket or conversation, in order."""
    t = answers.tables[fact]
    found = t.filter(t[column] == identifier).order_by(order)
    rows: list[Row] = answers.engine.run(found).to_pylist()
    return rows


class Belongings:
    """Rows of several facts, read before the names that stand in them."""

    def __init__(self, answers: Answers, dimension: str, identifier: str) -> None:
        column = f"{dimension}_id"

        def rows(fact: str, order: str) -> list[Row]:
            return rows_of(answers, fact, column, identifier, order)

        self.tags = rows("tag_uses", "tagged_at")
        self.ready = rows("canned_uses", "sent_at")
        self.raised = rows("escalations", "escalated_at")
        self.answers = rows("survey_ratings", "submitted_at")

    def rows(self) -> list[Row]:
        """All of them, to look up names."""
        return [*self.tags, *self.ready, *self.raised, *self.answers]

    def told(self, labels: Labels) -> Row:
        """Plain values."""
        return {
            "tags": [
                {"tag": labels.of("tag", r["tag"]), "at": iso(r["tagged_at"]),
                 "by": r["tag_actor_type"]}
                for r in self.tags
            ],
            "ready_replies": [
                {"ready_reply": labels.of("canned_response", r["canned_response"]),
                 "agent": labels.person(r["agent_id"]), "at": iso(r["sent_at"]),
                 "is_edited": r["is_edited"], "conversation": plain(r["conversation_id"])}
                for r in self.ready
            ],
            "escalated": [
                {"at": iso(r["escalated_at"]), "initiator": r["initiator"],
                 "reason": r["reason"], "agent": labels.person(r["agent_id"])}
                for r in self.raised
            ],
            "surveys": [
                {"answer": r["answer_id"], "survey": labels.of("survey", r["survey_id"]),
                 "survey_kind": r["survey_kind"], "at": iso(r["submitted_at"]),
                 "score": r["score_label"], "scale": r["scale"],
                 "expectation": r["expectation"], "why_not": r["excluded_reason"]}
                for r in self.answers
            ],
        }  # fmt: skip


def iso(instant: int | None) -> str | None:
    """Microseconds as ISO text in UTC."""
    return None if instant is None else moment(instant).isoformat()
