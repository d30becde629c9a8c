"""The newest rows that a figure counts: recent conversations, recent ratings, recent feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from sanjeh.answers import dimensions, plan
from sanjeh.answers.periods import moment
from sanjeh.answers.question import EVERYTHING, Question, QuestionError, Viewer

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

COLUMNS = (
    "conversation_id", "ticket_id", "agent_id", "team_id", "channel", "answer_id",
    "survey_kind", "score", "score_label", "scale", "position", "feedback_id", "feedback_kind",
    "sentiment", "case_id", "told_by",
)  # fmt: skip
LABELLED = {"agent_id": "agent", "team_id": "team", "topic_key": "topic"}


def recent(
    answers: Answers, question: Question, viewer: Viewer = EVERYTHING, limit: int = 50
) -> list[dict[str, Any]]:
    """The newest counted rows of one metric over the question's period and filters.

    Each has `at` (ISO, UTC), the columns of COLUMNS that its fact has, and agent, team and topic
    by name. Raises QuestionError for a metric made of others, which has no rows of its own.
    """
    resolved = answers.resolve(question, viewer)
    metric = resolved.addresses[0].metric
    if metric.fact is None or metric.at is None:
        raise QuestionError(f"{metric.name} is made of other figures and has no rows of its own.")
    spec = answers.spec(resolved, metric, (), None, distribution=False)
    table, _ = plan.candidates(metric, spec, answers.tables, answers.own)
    table, _ = plan.judged(metric, spec, table)
    table = table.filter(table.reason.isnull())
    of_topic = None
    if "topic_id" in table.columns:
        table, of_topic = dimensions.column(
            table, "topic", answers.tables, metric=metric.name, is_level=metric.is_level,
            own=answers.own,
        )  # fmt: skip
    chosen = {c: table[c] for c in COLUMNS if c in table.columns}
    chosen |= {} if of_topic is None else {"topic_key": of_topic}
    first = [c for c in ("conversation_id", "answer_id", "feedback_id", "case_id") if c in chosen]
    listed = table.select(at=table[metric.at], **chosen)
    listed = listed.order_by([ibis.desc("at"), *(ibis.asc(c) for c in first)]).limit(limit)
    rows = answers.rows_of(listed, resolved)
    for column, dimension in LABELLED.items():
        keys = list({r[column] for r in rows if r.get(column) is not None})
        labels = answers.names.labels(dimension, keys) if keys else {}
        for row in rows:
            row[dimension] = labels.get(row.get(column))
    for row in rows:
        row["at"] = moment(row["at"]).isoformat()
    return rows
