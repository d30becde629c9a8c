"""Show the working: the rows behind a figure, counted or left out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import ibis

from sanjeh.answers import dimensions, plan
from sanjeh.answers.periods import moment
from sanjeh.answers.question import EVERYTHING, Question, QuestionError, Viewer
from sanjeh.metrics.registry import (
    Balance,
    Correlation,
    Difference,
    Duration,
    Growth,
    Mean,
    Metric,
    Midpoint,
    Ratio,
    Share,
    Slope,
    Total,
    Wait,
)

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers, Resolved

ROW_KINDS = ("counted", "left-out", "all")
SHOWN = (
    "ticket_id", "conversation_id", "part", "agent_id", "team_id", "customer_unit", "topic_id",
    "channel", "priority", "state", "change",
)  # fmt: skip


@dataclass(frozen=True)
class Working:
    """Rows in, rows out with reasons, and the rows themselves."""

    question: Mapping[str, Any]
    metric: str
    definition: str
    rows_in: int
    rows_counted: int
    left_out: Mapping[str, int]
    rows: tuple[Mapping[str, Any], ...]
    is_cut: bool
    parts: tuple[Working, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            **{k: v for k, v in self.__dict__.items() if k not in ("rows", "parts")},
            "question": dict(self.question),
            "left_out": dict(self.left_out),
            "rows": [dict(r) for r in self.rows],
            "parts": [p.as_json() for p in self.parts],
        }


def working(
    answers: Answers, question: Question, *, rows: str = "all", reason: str | None = None,
    limit: int = 20, offset: int = 0, viewer: Viewer = EVERYTHING,
) -> Working:  # fmt: skip
    """The rows of one figure: which were counted with what value, which were left out and why.

    limit, offset: how many rows, after how many; their order is the same every time. A figure
    made of others (a rate) shows the working of each. Raises QuestionError where more than one
    metric is asked or `rows` is none of counted, left-out, all.
    """
    if len(question.metrics) != 1:
        raise QuestionError("Show the working of one metric at a time.")
    if rows not in ROW_KINDS:
        raise QuestionError(f"Rows {rows!r} is none of {', '.join(ROW_KINDS)}.")
    if question.as_of is not None and answers.generation.until is None:
        return answers.rewound(
            question.as_of,
            lambda then: working(
                then, question, rows=rows, reason=reason, limit=limit, offset=offset, viewer=viewer
            ),
        )
    resolved = answers.resolve(question, viewer)
    metric = resolved.addresses[0].metric
    if metric.shape() in (Ratio, Difference, Midpoint, Growth, Slope):
        return _parts(answers, question, metric, resolved, rows, reason, (limit, offset), viewer)
    spec = answers.spec(resolved, metric, (), None, distribution=False)

    def judged(shape: plan.Spec) -> tuple[Any, Any]:
        table, _ = plan.candidates(metric, shape, answers.tables, answers.own)
        return plan.judged(metric, shape, table)

    def counted_rows(shape: plan.Spec) -> tuple[Any, tuple[str, ...]]:
        table, _ = judged(shape)
        return table.group_by("reason").agg(row_count=table.count()), ()

    def listed_rows(shape: plan.Spec) -> tuple[Any, list[str]]:
        table, made = judged(shape)
        if reason is not None:
            table = table.filter(table.reason == reason)
        if rows != "all":
            is_in = table.reason.isnull() if rows == "counted" else table.reason.notnull()
            table = table.filter(is_in)
        return listing(metric, made, table)

    counts, _ = answers.listed(resolved, f"counts {metric.key}", spec, counted_rows)
    left_out = {r["reason"]: r["row_count"] for r in counts if r["reason"] is not None}
    counted = sum(r["row_count"] for r in counts if r["reason"] is None)
    if reason is not None and reason not in left_out:
        known = ", ".join(left_out) or "none"
        raise QuestionError(f"Nothing was left out for {reason!r}. Reasons: {known}.")
    name = f"rows {metric.key} {rows} {reason or ''}"
    found, instants = answers.listed(resolved, name, spec, listed_rows, (limit, offset))
    listed = told(answers, found, instants)
    total = counted + sum(left_out.values())
    wanted = {"counted": counted, "left-out": sum(left_out.values()), "all": total}[rows]
    if reason is not None:
        wanted = left_out[reason]
    return Working(
        resolved.describe(None), str(resolved.addresses[0]), metric.doc, total, counted,
        dict(sorted(left_out.items(), key=lambda item: -item[1])), tuple(listed),
        offset + len(listed) < wanted,
    )  # fmt: skip


def _parts(
    answers: Answers, question: Question, metric: Metric, resolved: Resolved, rows: str,
    reason: str | None, page: tuple[int, int], viewer: Viewer,
) -> Working:  # fmt: skip
    measure: Any = metric.measure(None)
    names = [getattr(measure, part) for part in dimensions.PARTS if hasattr(measure, part)]
    profile = resolved.addresses[0].profile
    across = getattr(measure, "across", ())
    wider = tuple(w for w in question.where if w[0] not in across)
    wheres = [question.where, wider]
    if apart := getattr(measure, "apart", None):
        wheres = [(*question.where, (apart[0], "is", (value,))) for value in apart[1:]]
    parts = tuple(
        working(
            answers,
            replace(question, metrics=(n,), profile=profile, where=wheres[min(at, 1)]),
            rows=rows,
            reason=reason,
            limit=page[0],
            offset=page[1],
            viewer=viewer,
        )
        for at, n in enumerate(names)
    )
    return Working(
        resolved.describe(None), str(resolved.addresses[0]), metric.doc,
        sum(p.rows_in for p in parts), sum(p.rows_counted for p in parts), {}, (), False, parts,
    )  # fmt: skip


def listing(
    metric: Metric, shape: Any, table: Any, also: tuple[str, ...] = ()
) -> tuple[Any, list[str]]:
    """Judged rows as they are listed, in a stable order, and which columns are instants.

    also: further columns, where the rows have them.
    """
    assert metric.at is not None
    instants = [metric.at]
    if isinstance(shape, Duration):
        instants = [c for c in (shape.start, shape.end) if c is not None]
    columns = [c for c in (*SHOWN, *also) if c in table.columns]
    chosen = {c: table[c] for c in dict.fromkeys([*columns, *instants])}
    chosen["reason"] = table.reason
    if isinstance(shape, Duration):
        chosen |= {c: table[c] for c in ("value_calendar", "value_open") if c in table.columns}
    if isinstance(shape, Mean | Total):
        chosen["value"] = table["value"]
    if isinstance(shape, Total) and shape.one != 1:
        chosen["value"] = table["value"] / float(shape.one)
    if isinstance(shape, Correlation):
        chosen |= {"first_value": table.first_value, "second_value": table.second_value}
    if isinstance(shape, Balance):
        chosen |= {"is_up": table.is_up, "is_down": table.is_down}
    if isinstance(shape, Wait):
        chosen[shape.gave_up] = table[shape.gave_up]
        instants.append(shape.gave_up)
    if isinstance(shape, Share):
        chosen["in_numerator"] = table.counted_part
    keys = [c for c in ("ticket_id", "conversation_id") if c in chosen]
    value = [ibis.desc(c) for c in ("value_calendar", "value") if c in chosen]
    ties = [c for c in chosen if c not in ("reason", "value_calendar", "value")]
    order = [
        ibis.asc("reason", nulls_first=True), *value, *dict.fromkeys([*instants, *keys, *ties])
    ]  # fmt: skip
    return table.select(**chosen).order_by(order), instants


def told(
    answers: Answers, rows: list[dict[str, Any]], instants: Sequence[str], *, named: bool = True
) -> list[dict[str, Any]]:
    """Rows of a listing in plain values: ISO instants, seconds, and, if named, names for ids."""
    labels = _labels(answers, rows) if named else {}
    return [_row(r, instants, labels) for r in rows]


def _labels(answers: Answers, rows: list[dict[str, Any]]) -> dict[str, Mapping[Any, str]]:
    if not rows:
        return {}
    back = {c: d for d, c in dimensions.COLUMNS.items() if d in ("agent", "team")}
    found: dict[str, Mapping[Any, str]] = {
        column: answers.names.labels(dimension, list({r[column] for r in rows}))
        for column, dimension in back.items()
        if column in rows[0]
    }
    if "topic_id" in rows[0]:
        topics = answers.engine.rows("SELECT topic_id, topic_label FROM topics").to_pylist()
        found["topic_id"] = {t["topic_id"]: t["topic_label"] for t in topics if t["topic_label"]}
    return found


def _row(
    row: dict[str, Any], instants: Sequence[str], labels: Mapping[str, Mapping[Any, str]]
) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for column, value in row.items():
        if column in instants:
            shown[column] = None if value is None else moment(value).isoformat()
        elif column.startswith("value_"):
            name = "seconds" if column == "value_calendar" else "open_seconds"
            shown[name] = None if value is None else value / 1_000_000
        elif column in labels:
            shown[column.removesuffix("_id")] = labels[column].get(value, plain(value))
        elif column.endswith("_id"):
            shown[column.removesuffix("_id")] = plain(value)
        else:
            shown[column] = value
    shown["is_counted"] = row["reason"] is None
    return shown


def plain(identifier: str | None) -> str | None:
    """The source's own id, without the source before it."""
    return identifier.partition("/")[2] or identifier if identifier else identifier
