"""Every metric by every dimension on DuckDB and on Sail: the same groups, the same figures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sanjeh.metrics.catalogue  # noqa: F401
from generated_records import Operation
from record_homes import Desk, built, shared
from sanjeh.answers import dimensions
from sanjeh.answers.ask import Answers
from sanjeh.answers.question import Question, Result
from sanjeh.engines.duck import DuckEngine
from sanjeh.engines.sail import SailEngine
from sanjeh.metrics.profiles import PROFILES
from sanjeh.metrics.registry import METRICS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("two engines")]

OPERATION = Operation(11).operation(tickets=120, conversations=90)
SPAN = {"start": "2026-01-15", "end": "2026-04-10"}
OF_ROWS = sorted(n for n, m in METRICS.items() if m.fact is not None)
MADE_OF_OTHERS = sorted(set(METRICS) - set(OF_ROWS))


class SailFacts(SailEngine):
    """A generation's tables, each offered to Spark when it is first asked for."""

    def __init__(self, path: Path, **opened: Any) -> None:
        super().__init__()
        self.stored = DuckEngine(path, **opened)
        for name in self.stored.tables():
            super().load(name, self.stored.run(self.stored.table(name)))

    def tables(self) -> tuple[str, ...]:
        return self.stored.tables()

    def schema(self) -> str:
        return f"on Spark {self.stored.schema()}"

    def load(self, table: str, rows: Any, *, passing: bool = False) -> None:
        super().load(table, rows)

    def close(self) -> None:
        self.stored.close()
        super().close()


@pytest.fixture(scope="module")
def desk(shared_folder: Path) -> Iterator[Desk]:
    found = Desk(shared(shared_folder / "two engines", lambda path: built(path, OPERATION)))
    yield found
    found.close()


@pytest.fixture(scope="module")
def on_spark(desk: Desk) -> Iterator[Answers]:
    answers = Answers(desk.home.path, desk.answers.ledger, SailFacts)
    yield answers
    answers.close()


def _near(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float | int):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_near(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_near, a, b))
    return bool(a == b)


def _told(results: tuple[Result, ...]) -> dict[str, Any]:
    return {
        repr((sorted((d, str(g["key"])) for d, g in r.group.items()), r.bucket)): {
            "value": r.value, "n": r.n, "numerator": r.numerator, "denominator": r.denominator,
            "excluded": dict(r.excluded), "pending": r.pending, "interval": r.interval,
            "statistics": dict(r.statistics), "why_null": r.why_null,
        }
        for r in results
    }  # fmt: skip


def _differences(desk: Desk, on_spark: Answers, question: Question) -> list[Any]:
    here, there = _told(desk.answers.ask(question).results), _told(on_spark.ask(question).results)
    return [
        (group, here.get(group), there.get(group))
        for group in sorted({*here, *there})
        if group not in here or group not in there or not _near(here[group], there[group])
    ]


@pytest.mark.parametrize("metric", OF_ROWS)
def test_every_dimension_gives_the_same_on_both_engines(
    desk: Desk, on_spark: Answers, metric: str
) -> None:
    declared = METRICS[metric]
    columns = tuple(desk.answers.tables[declared.fact or ""].columns)
    offered = dimensions.available(columns, declared.is_level)
    wanted = [d for d in offered if d not in ("ticket", "conversation", "customer")]
    for by in [(), tuple(wanted), *((d,) for d in wanted if d in ("hour", "topic", "agent"))]:
        assert not _differences(desk, on_spark, Question((metric,), by=by, **SPAN))[:3], by


@pytest.mark.parametrize("metric", OF_ROWS)
def test_a_group_equals_the_same_filter_on_the_second_engine(
    on_spark: Answers, metric: str
) -> None:
    columns = tuple(on_spark.tables[METRICS[metric].fact or ""].columns)
    offered = dimensions.available(columns, METRICS[metric].is_level)
    for by in [d for d in ("channel", "team", "topic", "agent", "priority") if d in offered][:2]:
        grouped = on_spark.ask(Question((metric,), by=(by,), **SPAN)).results
        for result in [r for r in grouped if r.group[by]["key"] is not None][:1]:
            label = str(result.group[by]["label"])
            alone = on_spark.ask(Question((metric,), where=((by, "is", (label,)),), **SPAN))
            (filtered,) = alone.results
            assert _near(result.value, filtered.value)
            assert (result.n, dict(result.excluded)) == (filtered.n, dict(filtered.excluded))


@pytest.mark.parametrize("profile", list(PROFILES))
def test_profiles_give_the_same_on_both_engines(
    desk: Desk, on_spark: Answers, profile: str
) -> None:
    for name in PROFILES[profile].rules:
        for by in [(), ("channel", "team")]:
            asked = Question((name,), by=by, profile=profile, **SPAN)
            assert not _differences(desk, on_spark, asked)[:3], (name, by)


@pytest.mark.parametrize("metric", MADE_OF_OTHERS)
def test_figures_made_of_others_are_the_same_on_both_engines(
    desk: Desk, on_spark: Answers, metric: str
) -> None:
    assert not _differences(desk, on_spark, Question((metric,), **SPAN))


@pytest.mark.parametrize("metric", ["resolution_time", "open_tickets", "conversations"])
def test_series_are_the_same_on_both_engines(desk: Desk, on_spark: Answers, metric: str) -> None:
    asked = Question((metric,), grain="week", by=("channel",), **SPAN)
    assert not _differences(desk, on_spark, asked)
