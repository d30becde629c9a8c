"""The values of a dimension, each with how many rows of a figure it has, as a reader may see them.

What a filter offers: the commonest first, found by a part of their labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import ibis

from sanjeh.answers import dimensions, plan
from sanjeh.answers.question import EVERYTHING, Question, Viewer
from sanjeh.metrics.registry import METRICS, Metric
from sanjeh.words import normalise

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

MOST = 5_000  # beyond, a search finds a value by its whole name or id only
TEAMS = ("team", "from_team", "to_team")


@dataclass(frozen=True)
class Value:
    """A value: its key in the facts (None is unknown), its label, and how many rows have it.

    typed: what names it in a condition; its label, or its key where several share the label.
    """

    key: Any
    label: str
    typed: str
    row_count: int


@dataclass(frozen=True)
class Values:
    """The values found, the commonest first; how many more there are."""

    rows: tuple[Value, ...]
    more: int
    is_cut: bool


def values_of(
    answers: Answers, question: Question, dimension: str, *, search: str = "", limit: int = 100,
    spoken: Callable[[Any, str], str] = lambda key, label: label, viewer: Viewer = EVERYTHING,
) -> Values:  # fmt: skip
    """Values of a dimension among the counted rows of the question's one metric.

    The question's own condition by this dimension is left aside. A rate's rows are those of its
    upper part. spoken: how the reader's language calls a value, which a search finds too. Agents
    and teams outside the viewer's scope are left out, even where they served the same ticket.
    Raises QuestionError for a dimension that the metric does not have.
    """
    kept = tuple(w for w in question.where if w[0] != dimension)
    resolved = answers.resolve(replace(question, where=kept, by=(), grain=None), viewer)
    metric = _with_rows(resolved.addresses[0].metric)
    spec = answers.spec(resolved, metric, (dimension,), None, distribution=False)
    answers.lay_out(resolved.clockwork, resolved.period, None, spec)
    table, _ = plan.candidates(metric, spec, answers.tables, answers.own)
    table, _ = plan.judged(metric, spec, table)
    table = table.filter(table.reason.isnull())
    allowed = within(answers, dimension, viewer)
    if allowed is not None:
        table = table.filter(table.d0.isin(sorted(allowed)))
    counted = table.group_by(key="d0").agg(row_count=table.count())
    counted = counted.order_by([ibis.desc("row_count"), ibis.asc("key")])
    rows = answers.rows_of(counted.limit(MOST + 1), resolved)
    is_cut = len(rows) > MOST
    if is_cut and search:
        keys = [k for k in answers.names.values(dimension, search) if k is not None]
        rows = answers.rows_of(counted.filter(counted.key.isin(keys)), resolved)
    labels = answers.names.labels(dimension, [r["key"] for r in rows])
    found = [(r, "unknown" if r["key"] is None else str(labels.get(r["key"], r["key"])))
             for r in rows[:MOST]]  # fmt: skip
    if search and not is_cut:
        wanted = normalise(search)
        found = [
            (r, label)
            for r, label in found
            if wanted in normalise(label) or wanted in normalise(spoken(r["key"], label))
        ]
    shared = {label for label, n in Counter(labels.values()).items() if n > 1}
    made = tuple(
        Value(r["key"], label, str(r["key"]) if label in shared else label, int(r["row_count"]))
        for r, label in found[:limit]
    )
    return Values(made, max(len(found) - limit, 0), is_cut)


def within(answers: Answers, dimension: str, viewer: Viewer) -> set[str] | None:
    """The keys of persons and teams that a viewer may see by name; None for all."""
    if viewer.scope is None:
        return None
    if dimension in TEAMS:
        return None if viewer.teams is None else set(viewer.teams)
    if dimensions.PERSONS.get(dimension) != "agent":
        return None
    if viewer.agents is not None:
        return set(viewer.agents)
    known = answers.tables["agents"]
    theirs = known.filter(known.team_id.isin(sorted(viewer.teams or ()))).select("agent_id")
    return set(answers.engine.run(theirs).column("agent_id").to_pylist())


def _with_rows(metric: Metric) -> Metric:
    while metric.fact is None:
        measure = metric.outline()
        metric = METRICS[next(getattr(measure, p) for p in dimensions.PARTS if hasattr(measure, p))]
    return metric
