"""One metric's value for each ticket or conversation, as a profile counts it, row by row.

What a helpdesk counted itself on a ticket is held against these: see `per_target`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from sanjeh.answers import plan
from sanjeh.answers.periods import moment
from sanjeh.answers.question import EVERYTHING, Question, QuestionError, Viewer
from sanjeh.metrics.registry import Duration, Mean, Share, Total

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

Target = Literal["ticket", "conversation"]
EVER = (-(2**61), 2**61)  # microseconds: whatever the period
FEW = 1000  # ids that are looked for one by one


@dataclass(frozen=True)
class Row:
    """One row of a target: its value, and why it is left out where it is.

    seconds, open_seconds: of a duration on either clock; null where it has none. value: of any
    other metric: the number of a mean or total, 1 or 0 for a share, 1 for a row of a count.
    from_at, to_at: the instants measured between, aware, UTC; to_at alone for what is counted at
    an instant. reason: why the row is left out; null where it counts.
    """

    seconds: float | None
    open_seconds: float | None
    value: float | None
    from_at: dt.datetime | None
    to_at: dt.datetime | None
    reason: str | None

    @property
    def is_counted(self) -> bool:
        """Whether the row stands in the figure."""
        return self.reason is None


def per_target(
    answers: Answers, metric: str, profile: str | None = None, ids: Collection[str] | None = None,
    *, target: Target = "ticket", question: Question | None = None, viewer: Viewer = EVERYTHING,
) -> Mapping[str, tuple[Row, ...]]:  # fmt: skip
    """The rows of a metric by the target they belong to, whatever the period, oldest first.

    metric: a name or address; profile: as which helpdesk counts it, None for ours. ids: the targets
    wanted, as records name them (`source/17`); None is all. target: by which id of theirs. A target
    without a row is not in the answer: the metric has nothing to say about it. question: options
    and filters, if any. Counts have a row for each thing counted, so their figure is how many
    rows count; so it is with helpdesks that measure several times (each reply, each solve).

    Errors: QuestionError for a figure made of others, or of rows without such an id.
    """
    asked = replace(question or Question(()), metrics=(metric,), profile=profile)
    resolved = answers.resolve(asked, viewer)
    found = resolved.addresses[0].metric
    column = f"{target}_id"
    if found.fact is None or column not in answers.tables[found.fact].columns:
        raise QuestionError(f"{found.key} has no row of its own for a {target}.")
    if answers.missing(found):
        return {}
    shape = found.outline()
    spec = answers.spec(resolved, found, (), None, distribution=False)
    few = tuple(sorted(ids)) if ids is not None and len(ids) <= FEW else None
    if few is not None:
        spec = replace(spec, where=(*spec.where, (target, "is", few)))
    start = shape.start if isinstance(shape, Duration) else None
    end = shape.end if isinstance(shape, Duration) else found.at

    def listed(wanted: plan.Spec) -> tuple[Any, tuple[str, ...]]:
        table, _ = plan.candidates(found, wanted, answers.tables, answers.own)
        table, made = plan.judged(found, wanted, table)
        columns = {"target_id": table[column], "reason": table.reason}
        for name, instant in (("from_at", start), ("to_at", end)):
            if instant is not None and instant in table.columns:
                columns[name] = table[instant]
        if isinstance(made, Duration):
            columns |= {c: table[c] for c in ("value_calendar", "value_open") if c in table.columns}
        if isinstance(made, Mean | Total):
            columns["value"] = table["value"]
        if isinstance(made, Share):
            columns["value"] = table.counted_part
        return table.filter(table[column].notnull()).select(**columns), ()

    span = (*EVER, resolved.as_of)
    rows, _ = answers.compiled.listed(
        f"per {target} {found.key} {len(few or ())}", spec, (span, None), listed
    )
    by_target: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if ids is None or row["target_id"] in ids:
            by_target[row["target_id"]].append(_row(row))
    return {name: tuple(sorted(found, key=_when)) for name, found in by_target.items()}


def _when(row: Row) -> float:
    """By when it was measured; what has no instant stands last."""
    instant = row.to_at or row.from_at
    return float("inf") if instant is None else instant.timestamp()


def _row(row: Mapping[str, Any]) -> Row:
    def seconds(name: str) -> float | None:
        value = row.get(name)
        return None if value is None else value / 1_000_000

    def instant(name: str) -> dt.datetime | None:
        value = row.get(name)
        return None if value is None else moment(value)

    value = row.get("value", None if "value_calendar" in row else 1.0)
    return Row(
        seconds("value_calendar"), seconds("value_open"), None if value is None else float(value),
        instant("from_at"), instant("to_at"), row["reason"],
    )  # fmt: skip
