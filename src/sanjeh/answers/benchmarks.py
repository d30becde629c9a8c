"""Targets and comparisons (Z1, Z1.1): nothing is graded without a target that a person set."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

from sanjeh.answers.periods import moment, previous
from sanjeh.answers.question import Question, Result
from sanjeh.facts import text

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers, Resolved


def targets_of(answers: Answers, resolved: Resolved) -> Callable[[Result], Result]:
    """A function that puts the target in force beside a result, and how it stands to it."""
    rows = answers.benchmarks
    source = resolved.options["benchmark.source"]
    end = resolved.period.end
    held = [
        row
        for row in rows
        if (row["kind"] or "target") == source
        and (row["valid_from"] is None or row["valid_from"] < end)
        and (row["valid_to"] is None or row["valid_to"] >= end)
    ]
    if not held:
        return lambda result: result
    tolerance = float(resolved.options["target.tolerance"])

    def beside(result: Result) -> Result:
        fitting = [row for row in held if _fits(row, result, resolved)]
        if not fitting or fitting[-1]["value"] is None:
            return result
        row = max(fitting, key=lambda r: (len(_scope(r)), r["valid_from"] or 0, r["benchmark_id"]))
        return replace(result, target=row["value"], status=standing(result, row, tolerance))

    return beside


def _scope(row: dict[str, Any]) -> dict[str, str]:
    scope = json.loads(row["scope"]) if row["scope"] else {}
    return scope if isinstance(scope, dict) else {}


def _fits(row: dict[str, Any], result: Result, resolved: Resolved) -> bool:
    """Whether a benchmark is of this figure (its own address, or the headline) and this group."""
    headline = result.statistic in (resolved.options["duration.headline"], "value")
    plain = headline and result.clock == "calendar"
    if row["metric_id"] != result.metric and not (
        plain and row["metric_id"] == result.definition_id
    ):
        return False
    for dimension, value in _scope(row).items():
        group = result.group.get(dimension)
        named = group and {str(group["key"]), text.plain_key(str(group["label"]))}
        filtered = {text.plain_key(str(v)) for v in result.filters.get(dimension, [])}
        for name, operator, values in resolved.where:  # a name typed stands for an id
            if (name, operator) == (dimension, "is"):
                filtered |= {str(v) for v in values}
        if not ({str(value), text.plain_key(str(value))} & ((named or set()) | filtered)):
            return False
    return True


def is_ceiling(result: Result, row: Mapping[str, Any]) -> bool:
    """Whether the figure is to be at most the benchmark; without a word the figure's direction."""
    at_most = {
        "at_most": True,
        "<=": True,
        "at most": True,
        "at_least": False,
        ">=": False,
        "at least": False,
    }
    return at_most.get(row["comparator"] or "", result.direction == "down")


def standing(result: Result, row: Mapping[str, Any], tolerance: float) -> str | None:
    """met, near (within the tolerance) or missed; None where there is no figure or direction."""
    lower = is_ceiling(result, row)
    if result.value is None or (
        result.direction in ("neutral", "target") and not row["comparator"]
    ):
        return None
    gap = result.value - row["value"] if lower else row["value"] - result.value
    if gap <= 0:
        return "met"
    return "near" if gap <= abs(row["value"]) * tolerance else "missed"


def suggested(answers: Answers, question: Question, periods: int = 3) -> dict[str, Any]:
    """A target to consider: the median of the last whole periods, and the best quartile (Z1).

    Periods that begin before the record does are left out.
    """
    resolved = answers.resolve(question)
    span = resolved.period
    values: list[float] = []
    oldest = min(row["oldest_at"] for row in answers.freshness)
    first_day = resolved.clockwork.instant(resolved.clockwork.local(oldest).date())
    for _ in range(periods):
        if span.start < first_day and values:
            break
        asked = replace(
            question,
            start=moment(span.start).isoformat(),
            end=moment(span.end).isoformat(),
            last=None,
        )
        result = answers.ask(asked).results[0]
        if result.value is not None:
            values.append(float(result.value))
        span = previous(span, "previous", resolved.clockwork)
    better = resolved.addresses[0].metric.better
    best = sorted(values, reverse=better == "up")
    return {
        "metric": str(resolved.addresses[0]),
        "periods": len(values),
        "values": values,
        "median": median(values) if values else None,
        "best_quartile": best[(len(best) - 1) // 4] if best else None,
    }
