"""The share answered by a time (7.5) against redistribution to the right in exact fractions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest

from sanjeh.answers import plan
from sanjeh.answers.curves import curves as curves_of
from sanjeh.engines.duck import DuckEngine
from sanjeh.engines.sail import SailEngine
from sanjeh.metrics.catalogue import METRICS
from sanjeh.metrics.options import chosen
from sanjeh.metrics.registry import Metric, Wait

SECOND = 1_000_000
NOW = 4000 * SECOND
Row = tuple[int, int | None, int | None, str]  # asked, answered, gave up, source
WAITED = replace(
    METRICS["resolution_time"], name="waited", fact="waits", at="asked_at", pending=None,
    measure=lambda _: Wait("asked_at", "answered_at", gave_up="ended_at"),
)  # fmt: skip


def expected(rows: list[Row], limits: tuple[int, ...]) -> list[float]:
    """Each open wait hands its weight on to the longer ones in equal parts; then count."""
    seen = []
    for asked, answered, ended, _ in rows:
        if answered is not None:
            seen.append((answered - asked, "answered"))
        elif ended is not None:
            seen.append((ended - asked, "ended"))
        else:
            seen.append((NOW - asked, "open"))
    seen.sort(key=lambda s: (s[0], s[1] == "open"))
    weight = [Fraction(1, len(seen))] * len(seen)
    for n, (_, kind) in enumerate(seen):
        later = len(seen) - n - 1
        if kind == "open" and later:
            for m in range(n + 1, len(seen)):
                weight[m] += weight[n] / later
            weight[n] = Fraction(0)
    return [
        float(
            sum(
                (w for (t, k), w in zip(seen, weight, strict=True) if k == "answered"
                 and t <= limit * SECOND), Fraction(0),
            )
        )
        for limit in limits
    ]  # fmt: skip


@pytest.fixture(scope="module", params=["duckdb", "sail"])
def engine(request: pytest.FixtureRequest) -> Iterator[Any]:
    opened = DuckEngine() if request.param == "duckdb" else SailEngine()
    yield opened
    opened.close()


def curves(engine: Any, rows: list[Row], metric: Metric = WAITED) -> list[dict[str, Any]]:
    columns = [pa.array([r[n] for r in rows], pa.int64()) for n in range(3)]
    columns.append(pa.array([r[3] for r in rows]))
    engine.load("waits", pa.table(columns, ["asked_at", "answered_at", "ended_at", "source"]))
    spec = plan.Spec(
        by=("source",), where=(), grain=False, clocks=("calendar",), distribution=False,
        options=tuple(sorted(chosen({}).items())), teams=None,
    )  # fmt: skip
    made = plan.waits_expression(metric, spec, {"waits": engine.table("waits")}, set(), "calendar")
    sql = plan.with_period(engine.compiled(made), 0, NOW, NOW)
    return sorted(curves_of(engine.rows(sql)), key=lambda r: str(r["d0"]))


def shares(row: dict[str, Any]) -> list[float]:
    return [row[f"by{n}"] for n in range(len(plan.WAITS))]


@pytest.mark.parametrize("seed", range(3))
def test_equals_redistribution_to_the_right(engine: Any, seed: int) -> None:
    dice = random.Random(seed)
    rows: list[Row] = []
    for n in range(300):
        asked = dice.randrange(3600) * SECOND
        end = asked + dice.randrange(1, 100) * 30 * SECOND  # many ties
        fate = dice.random()
        answered = end if fate < 0.5 and end <= NOW else None
        gave_up = end if 0.5 <= fate < 0.8 and end <= NOW else None
        rows.append((asked, answered, gave_up, "ab"[n % 2]))
    for row in curves(engine, rows):
        mine = [r for r in rows if r[3] == row["d0"]]
        assert shares(row) == pytest.approx(expected(mine, plan.WAITS), abs=1e-12)


def test_half_is_reached_or_not(engine: Any) -> None:
    def at(seconds: int, answered: bool, source: str) -> Row:
        end = seconds * SECOND
        return (0, end if answered else None, None if answered else end, source)

    rows = [at(s, answered, "a") for s, answered in ((20, True), (40, True), (120, False))]
    rows += [at(s, answered, "b") for s, answered in ((20, True), (40, False), (60, False))]
    first, second = curves(engine, rows)
    assert (first["half"], second["half"]) == (40 * SECOND, None)
    assert first["left"] == second["left"] == 0


def test_giving_up_never_improves_a_wait(engine: Any) -> None:
    rows: list[Row] = [(0, n * 30 * SECOND, None, "a") for n in range(1, 60)]
    ignored: list[Row] = [
        row if n % 2 else (0, None, row[1], "a") for n, row in enumerate(rows)
    ]  # fmt: skip
    (before,), (after,) = curves(engine, rows), curves(engine, ignored)
    assert all(a <= b + 1e-12 for a, b in zip(shares(after), shares(before), strict=True))
    assert before["half"] == 900 * SECOND
    assert after["half"] is None or after["half"] >= before["half"]
