"""Show the working: the rows behind a figure, and a ticket's counted and paused time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import ibis

from sanjeh.answers import dimensions, plan
from sanjeh.answers.periods import moment
from sanjeh.answers.question import EVERYTHING, Question, QuestionError, Viewer
from sanjeh.metrics.registry import (
    Balance,
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


@dataclass(frozen=True)
class Timeline:
    """A ticket's stretches of time, each counted or paused for a metric."""

    ticket: str
    metric: str
    counted_seconds: float
    paused_seconds: float
    counted_open_seconds: float | None
    stretches: tuple[Mapping[str, Any], ...]
    in_figure: bool
    why_not: str | None

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "stretches": [dict(s) for s in self.stretches]}


def working(
    answers: Answers, question: Question, *, rows: str = "all", reason: str | None = None,
    limit: int = 20, viewer: Viewer = EVERYTHING,
) -> Working:  # fmt: skip
    """The rows of one figure: which were counted with what value, which were left out and why.

    A figure made of others (a rate) shows the working of each. Raises QuestionError where more
    than one metric is asked or `rows` is none of counted, left-out, all.
    """
    if len(question.metrics) != 1:
        raise QuestionError("Show the working of one metric at a time.")
    if rows not in ROW_KINDS:
        raise QuestionError(f"Rows {rows!r} is none of {', '.join(ROW_KINDS)}.")
    if question.as_of is not None and answers.generation.until is None:
        return answers.rewound(
            question.as_of,
            lambda then: working(
                then, question, rows=rows, reason=reason, limit=limit, viewer=viewer
            ),
        )
    resolved = answers.resolve(question, viewer)
    metric = resolved.addresses[0].metric
    measure = metric.shape()
    if measure in (Ratio, Difference, Midpoint, Growth, Slope):
        return _parts(answers, question, metric, resolved, rows, reason, limit, viewer)
    spec = answers.spec(resolved, metric, (), None, distribution=False)
    table, _ = plan.candidates(metric, spec, answers.tables, answers.own)
    table, shape = plan.judged(metric, spec, table)
    counts = answers.rows_of(table.group_by("reason").agg(row_count=table.count()), resolved)
    left_out = {r["reason"]: r["row_count"] for r in counts if r["reason"] is not None}
    counted = sum(r["row_count"] for r in counts if r["reason"] is None)
    chosen = table
    if rows == "counted":
        chosen = chosen.filter(chosen.reason.isnull())
    elif rows == "left-out":
        chosen = chosen.filter(chosen.reason.notnull())
    if reason is not None:
        if reason not in left_out:
            known = ", ".join(left_out) or "none"
            raise QuestionError(f"Nothing was left out for {reason!r}. Reasons: {known}.")
        chosen = chosen.filter(chosen.reason == reason)
    listed = _listed(answers, resolved, metric, shape, chosen, limit)
    total = counted + sum(left_out.values())
    wanted = {"counted": counted, "left-out": sum(left_out.values()), "all": total}[rows]
    if reason is not None:
        wanted = left_out[reason]
    return Working(
        resolved.describe(None), str(resolved.addresses[0]), metric.doc, total, counted,
        dict(sorted(left_out.items(), key=lambda item: -item[1])), tuple(listed),
        len(listed) < wanted,
    )  # fmt: skip


def _parts(
    answers: Answers, question: Question, metric: Metric, resolved: Resolved, rows: str,
    reason: str | None, limit: int, viewer: Viewer,
) -> Working:  # fmt: skip
    measure: Any = metric.measure(None)
    names = [getattr(measure, part) for part in dimensions.PARTS if hasattr(measure, part)]
    across = getattr(measure, "across", ())
    wider = tuple(w for w in question.where if w[0] not in across)
    parts = tuple(
        working(
            answers,
            replace(question, metrics=(n,), where=question.where if at == 0 else wider),
            rows=rows,
            reason=reason,
            limit=limit,
            viewer=viewer,
        )
        for at, n in enumerate(names)
    )
    return Working(
        resolved.describe(None), str(resolved.addresses[0]), metric.doc,
        sum(p.rows_in for p in parts), sum(p.rows_counted for p in parts), {}, (), False, parts,
    )  # fmt: skip


def _listed(
    answers: Answers, resolved: Resolved, metric: Metric, shape: Any, table: Any, limit: int
) -> list[dict[str, Any]]:
    assert metric.at is not None
    instants = [metric.at]
    if isinstance(shape, Duration):
        instants = [c for c in (shape.start, shape.end) if c is not None]
    columns = [c for c in SHOWN if c in table.columns]
    chosen = {c: table[c] for c in dict.fromkeys([*columns, *instants])}
    chosen["reason"] = table.reason
    if isinstance(shape, Duration):
        chosen |= {c: table[c] for c in ("value_calendar", "value_open") if c in table.columns}
    if isinstance(shape, Mean | Total):
        chosen["value"] = table["value"]
    if isinstance(shape, Balance):
        chosen |= {"is_up": table.is_up, "is_down": table.is_down}
    if isinstance(shape, Wait):
        chosen[shape.gave_up] = table[shape.gave_up]
        instants.append(shape.gave_up)
    if isinstance(shape, Share):
        chosen["in_numerator"] = table.counted_part
    keys = [c for c in ("ticket_id", "conversation_id") if c in chosen]
    value = [ibis.desc(c) for c in ("value_calendar", "value") if c in chosen]
    order = [ibis.asc("reason", nulls_first=True), *value, *dict.fromkeys([*instants, *keys])]
    found = answers.rows_of(table.select(**chosen).order_by(order).limit(limit), resolved)
    labels = _labels(answers, found)
    return [_row(r, instants, labels) for r in found]


def _labels(answers: Answers, rows: list[dict[str, Any]]) -> dict[str, Mapping[Any, str]]:
    back = {c: d for d, c in dimensions.COLUMNS.items() if d in ("agent", "team")}
    return {
        column: answers.names.labels(dimension, list({r[column] for r in rows}))
        for column, dimension in back.items()
        if rows and column in rows[0]
    }


def _row(
    row: dict[str, Any], instants: list[str], labels: Mapping[str, Mapping[Any, str]]
) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for column, value in row.items():
        if column in instants:
            shown[column] = None if value is None else moment(value).isoformat()
        elif column.startswith("value_"):
            name = "seconds" if column == "value_calendar" else "open_seconds"
            shown[name] = None if value is None else value / 1_000_000
        elif column in labels:
            shown[column.removesuffix("_id")] = labels[column].get(value, value)
        elif column.endswith("_id"):
            shown[column.removesuffix("_id")] = plain(value)
        else:
            shown[column] = value
    shown["is_counted"] = row["reason"] is None
    return shown


def plain(identifier: str | None) -> str | None:
    """The source's own id, without the source before it."""
    return identifier.partition("/")[2] or identifier if identifier else identifier


# -- one ticket ----------------------------------------------------------------------------


def timeline(
    answers: Answers, question: Question, *, ticket: str, viewer: Viewer = EVERYTHING
) -> Timeline:
    """The stretches of one ticket, each counted or paused for a duration metric of tickets.

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
    start, end = row[measure.start], row[measure.end or ""] if measure.end else None
    paused_in = {"pending_microseconds": "pending_customer", "hold_microseconds": "on_hold"}
    pauses = {paused_in[m] for m in measure.minus if m in paused_in}
    stretches = []
    counted = paused = 0
    counted_open: int | None = 0
    for s in states_of(answers, row["ticket_id"]):
        until = s["until_at"]
        inside = (
            end is not None and start is not None and s["from_at"] < end and (until or end) > start
        )
        stop = min(until, end) if until is not None and end is not None else end
        seconds = (stop - max(s["from_at"], start)) if inside and stop is not None else 0
        is_paused = s["state"] in pauses
        opened = None
        if inside and s["from_open"] is not None:
            last = (
                s["until_open"]
                if until is not None and end is not None and until <= end
                else row.get((measure.end or "").removesuffix("_at") + "_open")
            )
            opened = last - s["from_open"] if last is not None else None
        if inside and seconds:
            if is_paused:
                paused += seconds
            else:
                counted += seconds
                counted_open = (
                    None if counted_open is None or opened is None else counted_open + opened
                )
        stretches.append(
            {
                "from": moment(s["from_at"]).isoformat(),
                "until": None if until is None else moment(until).isoformat(),
                "state": s["state"],
                "team": answers.names.labels("team", [s["team_id"]]).get(s["team_id"]),
                "agent": answers.names.labels("agent", [s["agent_id"]]).get(s["agent_id"]),
                "seconds": seconds / 1_000_000,
                "open_seconds": None if opened is None else opened / 1_000_000,
                "counts": bool(inside and seconds) and not is_paused,
                "why": (
                    "counted" if inside and seconds and not is_paused
                    else "paused: waiting for the customer" if is_paused and inside
                    else "outside what is measured"
                ),
            }
        )  # fmt: skip
    why_not = row["excluded_reason"] or (row["unsolved_reason"] if end is None else None)
    if end is None and why_not is None:
        why_not = "not solved yet"
    return Timeline(
        plain(row["ticket_id"]) or "", str(address), counted / 1_000_000, paused / 1_000_000,
        None if counted_open is None or not stretches or row["calendar"] is None
        else counted_open / 1_000_000,
        tuple(stretches), why_not is None, why_not,
    )  # fmt: skip


def find_ticket(answers: Answers, ticket: str, viewer: Viewer = EVERYTHING) -> dict[str, Any]:
    """The row of a ticket by its own id (or source/id); QuestionError where there is none."""
    t = answers.tables["tickets"]
    t = plan.seen_by(t, viewer.teams, viewer.agents, answers.tables)
    sources = sorted({source for source, _ in answers.covered})
    ids = [ticket, *(f"{s}/{ticket}" for s in sources)]
    found = answers.engine.run(t.filter(t.ticket_id.isin(ids))).to_pylist()
    if not found:
        raise QuestionError(
            f"No ticket {ticket!r} is known. Give its id as the source has it, or source/id; "
            f"sources here: {', '.join(sources)}."
        )
    if len(found) > 1:
        both = ", ".join(r["ticket_id"] for r in found)
        raise QuestionError(f"{ticket!r} is a ticket of several sources: say which of {both}.")
    row: dict[str, Any] = found[0]
    return row


def states_of(answers: Answers, ticket_id: str) -> list[dict[str, Any]]:
    """A ticket's stretches in order, those of no length left out."""
    s = answers.tables["ticket_states"]
    s = s.filter((s.ticket_id == ticket_id) & (s.until_at.isnull() | (s.until_at > s.from_at)))
    rows: list[dict[str, Any]] = answers.engine.run(s.order_by("n")).to_pylist()
    return rows


def ticket_card(answers: Answers, ticket: str, viewer: Viewer = EVERYTHING) -> dict[str, Any]:
    """The questions a manager asks of one ticket (L8), answered in plain values."""
    row = find_ticket(answers, ticket, viewer)

    def at(column: str) -> str | None:
        return None if row[column] is None else moment(row[column]).isoformat()

    def seconds(start: str, end: str) -> float | None:
        known = row[start] is not None and row[end] is not None
        return (row[end] - row[start]) / 1_000_000 if known else None

    label = answers.names.labels
    return {
        "ticket": plain(row["ticket_id"]),
        "source": row["source"],
        "state": row["state"],
        "is_solved": row["final_solved_at"] is not None,
        "created_at": at("created_at"),
        "first_solved_at": at("first_solved_at"),
        "final_solved_at": at("final_solved_at"),
        "resolution_seconds": seconds("created_at", "final_solved_at"),
        "resolution_open_seconds": seconds("created_open", "final_solved_open"),
        "first_response_seconds": seconds("created_at", "first_human_reply_at"),
        "was_reopened": row["reopened_count"] > 0,
        "reopened_count": row["reopened_count"],
        "first_reopened_at": at("first_reopened_at"),
        "team": label("team", [row["team_id"]]).get(row["team_id"]),
        "agent": label("agent", [row["agent_id"]]).get(row["agent_id"]),
        "customer": label("customer", [row["customer_id"]]).get(row["customer_id"]),
        "priority": row["priority"],
        "sla": None,
        "why_no_sla": "agreements are not measured yet",
        "escalations": row["escalation_count"],
        "left_out": row["excluded_reason"] or row["noise_reason"],
        "has_history": row["has_history"],
        "states": [
            {
                "from": moment(s["from_at"]).isoformat(),
                "until": None if s["until_at"] is None else moment(s["until_at"]).isoformat(),
                "state": s["state"],
                "team": label("team", [s["team_id"]]).get(s["team_id"]),
                "agent": label("agent", [s["agent_id"]]).get(s["agent_id"]),
            }
            for s in states_of(answers, row["ticket_id"])
        ],
    }
