"""Every metric's examples on DuckDB and on Sail: the declaration is the test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import ibis
import pyarrow as pa
import pytest

from sanjeh.answers import plan
from sanjeh.answers.assemble import Frame, assemble
from sanjeh.answers.curves import curves
from sanjeh.answers.periods import Clockwork, Period, micros
from sanjeh.engines.duck import DuckEngine
from sanjeh.engines.sail import SailEngine
from sanjeh.facts.schema import schemas
from sanjeh.metrics.catalogue import METRICS
from sanjeh.metrics.options import chosen
from sanjeh.metrics.registry import Address, Example, Metric, Wait

MARCH = Period(
    micros(dt.datetime(2026, 3, 1, tzinfo=dt.UTC)), micros(dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
)
NOW = micros(dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
CASES = [
    pytest.param(m, e, id=f"{m.name}: {e.about}") for m in METRICS.values() for e in m.examples
]
DEFAULTS = {
    "is_satisfied": False, "started_by_agent": False, "is_logged_in": True, "matters": True,
    "is_served": True, "is_contact": True, "is_last": True, "is_first": True, "part": 0,
    "has_followup": False, "is_transferred": False, "while_open": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def fact_schemas() -> dict[str, ibis.Schema]:
    return schemas(DuckEngine())


@pytest.fixture(scope="module", params=["duckdb", "sail"])
def engine(request: pytest.FixtureRequest) -> Iterator[Any]:
    opened = DuckEngine() if request.param == "duckdb" else SailEngine()
    yield opened
    opened.close()


def instant(text: str) -> int:
    return micros(dt.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=dt.UTC))


def value_of(text: str, kind: Any) -> Any:
    if text == "-":
        return None
    if kind.is_boolean():
        return {"true": True, "false": False}[text]
    if kind.is_integer():
        return instant(text) if " " in text else int(text)
    if kind.is_floating():
        return float(text)
    return text


def rows_of(example: Example, schema: ibis.Schema) -> pa.Table:
    """The example's small table as a whole fact: columns it does not name are unknown."""
    lines = example.rows.splitlines()
    names = lines[0].split()
    starts = [lines[0].index(n) for n in names]
    unknown = [n for n in names if n not in schema]
    assert not unknown, f"the fact has no column {unknown}"
    columns: dict[str, list[Any]] = {n: [] for n in schema}
    for line in lines[1:]:
        cells = {
            n: line[a:b].strip() for n, a, b in zip(names, starts, [*starts[1:], None], strict=True)
        }
        for n, kind in schema.items():
            columns[n].append(value_of(cells[n], kind) if n in cells else DEFAULTS.get(n))
    if "lasts_until_at" in columns:
        columns["lasts_until_at"] = [plan.FAR if u is None else u for u in columns["until_at"]]
    return pa.table(columns, schema=schema.to_pyarrow())


class _WithEmpty(dict[str, Any]):
    """The example's fact; every other one is there and has no rows."""

    def __init__(self, engine: Any, known: dict[str, ibis.Schema], given: dict[str, Any]) -> None:
        super().__init__(given)
        self.engine, self.known = engine, known

    def __missing__(self, name: str) -> Any:
        self.engine.load(name, self.known[name].to_pyarrow().empty_table())
        self[name] = self.engine.table(name)
        return self[name]


@pytest.mark.parametrize(("metric", "example"), CASES)
def test_example_gives_its_figures(
    metric: Metric, example: Example, engine: Any, fact_schemas: dict[str, ibis.Schema]
) -> None:
    assert metric.fact is not None
    schema = fact_schemas[metric.fact]
    engine.load(metric.fact, rows_of(example, schema))
    tables = _WithEmpty(engine, fact_schemas, {metric.fact: engine.table(metric.fact)})
    spec = plan.Spec(
        by=(), where=(), grain=False, clocks=("calendar",), distribution=False,
        options=tuple(sorted(chosen({}).items())), teams=None,
    )  # fmt: skip
    address = Address(metric, metric.statistics()[0], "calendar", None, metric.name)

    def table(expression: Any) -> Any:
        sql = plan.with_period(engine.compiled(expression), MARCH.start, MARCH.end, NOW)
        return engine.rows(sql)

    def run(expression: Any) -> list[dict[str, Any]]:
        return table(expression).to_pylist()

    rows = run(plan.expression(metric, spec, tables, set()))
    waiting = plan.pending_expression(metric, spec, tables, set())
    pending = run(waiting) if waiting is not None else []
    found_curves = []
    if metric.shape() is Wait:
        waits = plan.waits_expression(metric, spec, tables, set(), "calendar")
        found_curves = curves(table(waits))
    frame = Frame(metric, (), (), Clockwork(), {}, {}, MARCH)
    (result,) = assemble(frame, address, rows, pending, lambda *_: {}, found_curves)
    for name, expected in example.expect.items():
        found = getattr(result, name, None) if hasattr(result, name) else result.statistics[name]
        if isinstance(expected, float):
            assert found == pytest.approx(expected, rel=1e-12), name
        else:
            assert found == expected, name


def test_every_metric_with_rows_of_its_own_has_an_identity() -> None:
    for metric in METRICS.values():
        assert metric.doc, metric.name
        assert metric.serves, metric.name
