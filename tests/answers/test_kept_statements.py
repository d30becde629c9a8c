"""Statements of answers kept with a home: equal answers with and without, none of other code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generated_records import Operation
from record_homes import built, shared
from sanjeh.answers import compiled, plan
from sanjeh.answers.compiled import MAKERS, anonymous
from sanjeh.answers.question import Question, QuestionError
from sanjeh.engines.trimming import trimmed
from sanjeh.home import Home
from sanjeh.metrics.catalogue import METRICS
from sanjeh.metrics.registry import Wait

SPAN = {"start": "2026-01-01", "end": "2026-06-01"}
WAITS = Question(("first_response.half_answered",), by=("channel",), **SPAN)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def home(shared_folder: Path) -> Home:
    return shared(
        shared_folder / "kept statements",
        lambda path: built(path, Operation(7).operation(tickets=30, conversations=30)),
    )


@pytest.fixture(autouse=True)
def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins as a process does that has worked out nothing."""
    monkeypatch.setattr(compiled, "_files", {})
    monkeypatch.setattr("sanjeh.facts.statements._worked_out", {})


def counted(home: Home, monkeypatch: pytest.MonkeyPatch, *questions: Question) -> tuple[int, Any]:
    """How many expressions were worked out for some questions, and the answers."""
    made: list[str] = []
    for part, maker in MAKERS.items():

        def noted(*given: Any, _maker: Any = maker, _part: str = part) -> Any:
            made.append(_part)
            return _maker(*given)

        monkeypatch.setitem(MAKERS, part, noted)
    answers = home.answers()
    found = [answers.ask(q).as_json() for q in questions]
    answers.close()
    return len(made), found


def test_next_process_works_nothing_out_and_answers_the_same(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.path / "facts" / "answers.json").unlink(missing_ok=True)
    worked_out, first = counted(home, monkeypatch, WAITS)
    assert worked_out > 0
    monkeypatch.setattr(compiled, "_files", {})
    monkeypatch.setattr("sanjeh.facts.statements._worked_out", {})
    assert counted(home, monkeypatch, WAITS) == (0, first)


def test_other_code_or_another_schema_works_them_out_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(home, monkeypatch, WAITS)
    monkeypatch.setattr(compiled, "_files", {})
    monkeypatch.setattr("sanjeh.facts.statements._worked_out", {})
    monkeypatch.setattr(compiled, "fingerprint", lambda *_: "of other code")
    worked_out, _ = counted(home, monkeypatch, WAITS)
    assert worked_out > 0
    monkeypatch.setattr(compiled, "_files", {})
    monkeypatch.setattr("sanjeh.facts.statements._worked_out", {})
    monkeypatch.setattr("sanjeh.engines.duck.DuckEngine.schema", lambda _: "another column")
    worked_out, _ = counted(home, monkeypatch, WAITS)
    assert worked_out > 0


def test_one_statement_serves_every_value_and_period_and_no_file_holds_a_value(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [
        Question(("requests",), where=(("team", "is", (team,)),), start=start, end="2026-06-01")
        for team, start in (("north", "2026-01-01"), ("south", "2026-02-01"))
    ]
    _, (north, south) = counted(home, monkeypatch, *asked)
    assert north != south
    assert counted(home, monkeypatch, asked[1]) == (0, [south])
    kept = json.loads((home.path / "facts" / "answers.json").read_text())["statements"]
    assert kept
    assert not any("south" in sql or "north" in sql for sql, _ in kept.values())


def test_value_with_a_quote_stays_a_value(home: Home) -> None:
    answers = home.answers()
    for value in ("x' OR '1'='1", "'{where.0.0}'", str(plan.START)):
        with pytest.raises(QuestionError, match="No channel is"):
            answers.ask(Question(("requests",), where=(("channel", "is", (value,)),), **SPAN))  # type: ignore[arg-type]
    answers.close()


def test_places_are_filled_at_one_go(home: Home) -> None:
    answers = home.answers()
    sql = f"SELECT '{{where.0.0}}' AS a, '{{where.0.1}}' AS b, {plan.START} AS c"
    values = {"where.0.0": "{where.0.1}", "where.0.1": f"it's {plan.START}"}
    filled = answers.compiled.filled(sql, values, (5, 6, 7))
    answers.close()
    assert filled == f"SELECT '{{where.0.1}}' AS a, 'it''s {plan.START}' AS b, 5 AS c"


def test_scope_has_places_too() -> None:
    spec = plan.Spec((), (), False, (), False, (), frozenset({"desk/north", "desk/a"}), None)
    shape, values = anonymous(spec)
    assert shape.teams == frozenset({"{teams.0}", "{teams.1}"})
    assert values == {"teams.0": "desk/a", "teams.1": "desk/north"}


# The first metric of every fact and kind of measure; the others are held slowly.
FIRST = {
    (m.fact, m.shape()): n for n, m in sorted(METRICS.items(), reverse=True) if m.fact is not None
}.values()


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(sorted(FIRST), id="some"),
        pytest.param(
            sorted(n for n, m in METRICS.items() if m.fact is not None and n not in FIRST),
            marks=pytest.mark.slow, id="the others",
        ),
    ],
)  # fmt: skip
def test_trimmed_statement_gives_the_same_rows(home: Home, names: list[str]) -> None:
    answers = home.answers()
    for name in names:
        metric = METRICS[name]
        resolved = answers.resolve(Question((name,), **SPAN))
        spec = answers.spec(resolved, metric, (), None, distribution=False)
        given = (metric, spec, answers.tables, answers.own)
        period = (resolved.period.start, resolved.period.end, resolved.as_of)
        for part in compiled.PARTS:
            if part == "curve" and metric.shape() is not Wait:
                continue
            made = MAKERS[part](*given, *(("calendar",) if part == "curve" else ()))
            if made is None:
                continue
            whole, cut = (
                answers.engine.rows(plan.with_period(sql, *period)).to_pylist()
                for sql in (
                    answers.engine.compiled(made),
                    answers.engine.trimmed(made, compiled.CONSTANTS, compiled.KEYS),
                )
            )
            assert sorted(map(rounded, cut)) == sorted(map(rounded, whole)), (name, part)
    answers.close()


def rounded(row: dict[str, Any]) -> str:
    """A row as text; the order of sums may move the last digits."""
    return repr([round(v, 6) if isinstance(v, float) else v for v in row.values()])


@pytest.mark.parametrize(
    ("whole", "cut"),
    [
        (
            "SELECT t.a AS a FROM (SELECT s.a AS a, s.b AS b FROM s AS s) AS t",
            "SELECT t.a AS a FROM (SELECT s.a AS a FROM s AS s) AS t",
        ),
        (  # a choice that an option has made
            "SELECT CASE WHEN t.option_x = 'no' THEN t.b WHEN t.option_x = 'yes' THEN t.a ELSE 1 "
            "END AS a FROM (SELECT s.a AS a, s.b AS b, 'yes' AS option_x FROM s AS s) AS t",
            "SELECT (t.a) AS a FROM (SELECT s.a AS a FROM s AS s) AS t",
        ),
        (  # made of two values: a column like any other
            "SELECT t.option_x = 'no' AS a FROM (SELECT 'yes' AS option_x UNION ALL "
            "SELECT 'no' AS option_x) AS t",
            "SELECT t.option_x = 'no' AS a FROM (SELECT 'yes' AS option_x UNION ALL "
            "SELECT 'no' AS option_x) AS t",
        ),
        (  # what is unknown beside TRUE stays
            "SELECT t.a AS a FROM (SELECT s.a AS a, 'yes' AS option_x FROM s AS s) AS t "
            "WHERE t.option_x = 'yes' AND t.a > 1",
            "SELECT t.a AS a FROM (SELECT s.a AS a FROM s AS s) AS t WHERE t.a > 1",
        ),
        (  # where NULL is as good as FALSE; under NOT it is not
            "SELECT s.a AS a FROM s AS s WHERE COALESCE(s.b = 1 AND COALESCE(s.c, FALSE), FALSE) "
            "AND NOT COALESCE(s.d, FALSE)",
            "SELECT s.a AS a FROM s AS s WHERE ((s.b = 1) AND (s.c)) AND "
            "(NOT COALESCE(s.d, FALSE))",
        ),
        (  # a join by a key whose columns nothing reads, and the column that it was joined by
            "SELECT t.a AS a FROM (SELECT s.a AS a, s.k AS k FROM s AS s) AS t LEFT JOIN "
            "(SELECT w.id AS of_w, w.b AS b FROM words AS w) AS u ON t.k = u.of_w",
            "SELECT t.a AS a FROM (SELECT s.a AS a FROM s AS s) AS t",
        ),
        (  # an inner join leaves rows out
            "SELECT t.a AS a FROM s AS t INNER JOIN (SELECT w.id AS of_w FROM words AS w) AS u "
            "ON t.k = u.of_w",
            "SELECT t.a AS a FROM s AS t INNER JOIN (SELECT w.id AS of_w FROM words AS w) AS u "
            "ON t.k = u.of_w",
        ),
        (  # joined by what can stand twice, a row can become two
            "SELECT t.a AS a FROM s AS t LEFT JOIN (SELECT w.b AS of_w FROM words AS w) AS u "
            "ON t.k = u.of_w",
            "SELECT t.a AS a FROM s AS t LEFT JOIN (SELECT w.b AS of_w FROM words AS w) AS u "
            "ON t.k = u.of_w",
        ),
    ],
)  # fmt: skip
def test_trimming(whole: str, cut: str) -> None:
    assert trimmed(whole, "option_", {"words": "id"}) == cut
