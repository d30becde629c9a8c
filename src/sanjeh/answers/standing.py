"""Which figures one ticket or conversation counts in, with what value, and which leave it out."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from sanjeh.answers import plan
from sanjeh.answers.question import Question
from sanjeh.answers.working import listing, told
from sanjeh.metrics.catalogue import METRICS

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

# The figures that a card tells about, in the order of a manager's questions. None of them looks
# at other rows of its own fact, so that the rows of one ticket or conversation are enough.
OF_CONVERSATIONS = (
    "conversations", "first_response", "answered_within", "response_time", "missed_chat_rate",
    "handle_time", "transfers", "first_contact_resolution", "messages_per_chat",
    "satisfied_share", "unanswered_requests",
)  # fmt: skip
OF_TICKETS = (
    "new_tickets", "resolved_tickets", "resolution_time", "resolution_time_without_waiting",
    "first_resolution_time", "reopened_tickets", "escalations", "satisfied_share",
    "open_tickets", "awaiting_tickets", "unattended_tickets",
)  # fmt: skip
COLUMNS = {"ticket": "ticket_id", "conversation": "conversation_id"}


@dataclass(frozen=True)
class Standing:
    """One figure's rows of a ticket or conversation; none where it has no row in the figure."""

    metric: str
    rows: tuple[Mapping[str, Any], ...]

    @property
    def counted(self) -> int:
        """Rows that are in the figure."""
        return sum(row["is_counted"] for row in self.rows)

    @property
    def reasons(self) -> list[str]:
        """Why the other rows are not."""
        return list(dict.fromkeys(r["reason"] for r in self.rows if not r["is_counted"]))

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"metric": self.metric, "rows": [dict(r) for r in self.rows]}


def standings(
    answers: Answers, dimension: str, identifier: str, metrics: Sequence[str]
) -> list[Standing]:
    """The rows of each metric that are of one ticket or conversation, over the whole record.

    dimension: ticket or conversation. identifier: its full id; who may see it was settled when it
    was found. Metrics that no source records are left out.
    """
    known = [METRICS[name] for name in metrics]
    return [
        standing(answers, dimension, identifier, metric.name)
        for metric in known
        if metric.fact is not None and answers.missing(metric) is None
        and COLUMNS[dimension] in answers.tables[metric.fact].columns
    ]  # fmt: skip


def standing(
    answers: Answers, dimension: str, identifier: str, name: str, also: tuple[str, ...] = ()
) -> Standing:
    """The rows of one metric. also: further columns of its fact, as they are there."""
    resolved = answers.resolve(Question((name,)))
    metric = resolved.addresses[0].metric
    assert metric.fact is not None
    base = answers.spec(resolved, metric, (), None, distribution=False)
    spec = replace(base, where=((dimension, "is", (identifier,)),))
    fact = answers.tables[metric.fact]

    def made(shape: plan.Spec) -> tuple[Any, list[str]]:
        ((_, _, (place,)),) = shape.where
        one = fact.filter(fact[COLUMNS[dimension]] == place)
        tables = ChainMap({"one": one}, cast(dict[str, Any], answers.tables))
        alone = replace(metric, fact="one")
        found, _ = plan.candidates(alone, shape, tables, answers.own)
        found, measure = plan.judged(alone, shape, found)
        return listing(metric, measure, found, also)

    rows, instants = answers.listed(
        resolved, f"standing {metric.name} {' '.join(also)}", spec, made
    )
    return Standing(name, tuple(told(answers, rows, instants, named=False)))
