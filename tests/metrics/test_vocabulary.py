"""The portable vocabulary: every expression of facts and metrics uses these operations only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis.expr.operations as ops
import pytest

from sanjeh.answers import plan
from sanjeh.engines.duck import DuckEngine
from sanjeh.facts.catalogue import FACTS
from sanjeh.facts.generations import Facts
from sanjeh.ledger import KINDS
from sanjeh.ledger.snapshots import Snapshot
from sanjeh.metrics.catalogue import METRICS
from sanjeh.metrics.options import chosen
from sanjeh.metrics.profiles import PROFILES
from sanjeh.metrics.registry import CLOCKS, Wait

# Relations, then values. An operation that is not here has not been seen on a second engine.
ALLOWED = {
    "DatabaseTable", "DummyTable", "Project", "Filter", "Sort", "Limit", "Aggregate", "JoinChain",
    "JoinReference", "JoinLink", "Distinct", "Union", "SelfReference", "InSubquery", "Field",
    "Literal", "Alias", "Cast", "Coalesce", "SimpleCase", "SearchedCase", "IfElse", "NullIf",
    "IsNull", "NotNull", "IdenticalTo", "InValues", "Equals", "NotEquals", "Greater",
    "GreaterEqual", "Less", "LessEqual", "And", "Or", "Not", "Add", "Subtract", "Multiply",
    "Divide", "FloorDivide", "Modulus", "Negate", "Exp", "Ln", "Greatest", "Least",
    "Round", "CountStar", "Count", "CountDistinct", "Sum", "Min", "Max",
    "Mean", "Quantile", "MultiQuantile", "Median", "StandardDev",
    "ArgMin", "ArgMax", "WindowFunction", "WindowBoundary", "RowNumber", "Lag", "Lead",
    "SortKey", "Lowercase", "Translate", "Strip", "StringLength", "StringFind", "Substring",
    "RegexSearch", "RegexReplace", "First", "Last", "StringConcat",
    "FillNull", "DropNull", "ScalarSubquery", "DropColumns", "Unnest",
}  # fmt: skip
NEVER_TEMPORAL = ("Extract", "Timestamp", "Date", "Time", "Strftime", "Interval")


class _Listening(dict[str, Any]):
    """Ledger tables and facts; keeps each fact's expression as it is built."""

    def __init__(self, tables: Any) -> None:
        super().__init__()
        self.tables = tables

    def __missing__(self, name: str) -> Any:
        return self.tables[name]


def expressions() -> Iterator[tuple[str, Any]]:
    engine = DuckEngine()
    tables = _Listening(Facts.over(engine, engine.scan_ledger(Snapshot(), KINDS)))
    for fact in FACTS.values():
        yield f"fact {fact.name}", fact.build(tables)
    kept = {name: tables[name] for name in FACTS}
    rules = (rule.metric for p in PROFILES.values() for rule in p.rules.values())
    for metric in (*METRICS.values(), *rules):
        if metric.fact is None:
            continue
        spec = plan.Spec(
            by=(), where=(), grain=False,
            clocks=CLOCKS if "open" in metric.clocks() else CLOCKS[:1], distribution=True,
            options=tuple(sorted(chosen({}).items())),
            teams=frozenset({"a team"}), agents=frozenset({"an agent"}),
        )  # fmt: skip
        yield f"metric {metric.key}", plan.expression(metric, spec, kept, set())
        if metric.shape() is Wait:
            yield (
                f"metric {metric.key}, waits",
                plan.waits_expression(metric, spec, kept, set(), "open"),
            )


@pytest.fixture(scope="module")
def all_expressions() -> list[tuple[str, Any]]:
    return list(expressions())


def test_only_portable_operations_are_used(all_expressions: list[tuple[str, Any]]) -> None:
    strange = {
        (name, type(node).__name__)
        for name, expression in all_expressions
        for node in expression.op().find(ops.Node)
        if type(node).__name__ not in ALLOWED
    }
    assert not strange


def test_no_engine_date_function_is_used(all_expressions: list[tuple[str, Any]]) -> None:
    used = {
        type(node).__name__
        for _, expression in all_expressions
        for node in expression.op().find(ops.Value)
        if type(node).__name__.startswith(NEVER_TEMPORAL)
    }
    assert not used


def test_every_window_is_ordered(all_expressions: list[tuple[str, Any]]) -> None:
    loose = {
        name
        for name, expression in all_expressions
        for node in expression.op().find(ops.WindowFunction)
        if not node.order_by
    }
    assert not loose
