"""Counts kept by day and buckets kept of series: the same answers as from the rows, always."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generated_records import Operation
from record_homes import built, shared
from sanjeh.answers import plan
from sanjeh.answers.ask import Answers
from sanjeh.answers.compiled import Remembered
from sanjeh.answers.question import Question, Result, Viewer
from sanjeh.engines.adding import by_day
from sanjeh.engines.hoisting import hoisted
from sanjeh.home import Home
from sanjeh.metrics.catalogue import METRICS

OPERATION = Operation(7).operation(tickets=230, conversations=90)
SPANS = (
    {"start": "2026-01-15", "end": "2026-04-10"},
    {"start": "2026-02-03", "end": "2026-02-20"},
    {"start": "2026-03-01 13:30", "end": "2026-04-01", "zone": "Asia/Tehran"},
    {"start": "2025-06-01", "end": "2027-01-01"},  # longer than the record
)
NEVER = 10**9
START, END = plan.START, plan.END


@pytest.fixture(scope="module")
def home(shared_folder: Path) -> Home:
    return shared(shared_folder / "operation", lambda path: built(path, OPERATION))


@pytest.fixture(scope="module")
def from_rows(home: Home) -> Iterator[Answers]:
    """Answers of which every one is counted from the rows anew."""
    found = home.answers()
    found.compiled.remembered = Forgetful(after=NEVER)
    yield found
    found.close()


@pytest.fixture(scope="module")
def kept(home: Home) -> Iterator[Answers]:
    found = home.answers()
    found.counts_at_once = True
    yield found
    found.close()


class Forgetful(Remembered):
    """Keeps no bucket of a series."""

    def series(self, key: Any) -> dict[int, Any]:
        return {}


def _told(result: Result) -> dict[str, Any]:
    """A result in plain values; sums of fractions differ in the last digit with their order."""

    def rounded(value: Any) -> Any:
        match value:
            case float():
                return float(f"{value:.9g}")
            case dict():
                return {k: rounded(v) for k, v in value.items()}
            case list() | tuple():
                return [rounded(v) for v in value]
        return value

    found: dict[str, Any] = rounded(result.as_json())
    return found


def _same(from_rows: Answers, kept: Answers, question: Question, viewer: Viewer) -> None:
    direct, other = from_rows.ask(question, viewer), kept.ask(question, viewer)
    assert direct.warnings == other.warnings
    groups = [
        {repr((r.group, r.bucket)): _told(r) for r in answer.results} for answer in (direct, other)
    ]
    assert groups[0] == groups[1], question


OF_ROWS = sorted(n for n, m in METRICS.items() if m.fact is not None)
FIRST = {"missed_chat_rate", "first_contact_resolution", "open_tickets", "backlog_moved_in"}


@pytest.mark.parametrize(
    "metric", [n if n in FIRST else pytest.param(n, marks=pytest.mark.slow) for n in OF_ROWS]
)
def test_kept_counts_and_buckets_give_what_the_rows_give(
    from_rows: Answers, kept: Answers, metric: str
) -> None:
    everybody = Viewer()
    columns = kept.tables[str(METRICS[metric].fact)].columns
    by = next((d for d, c in (("team", "team_id"), ("channel", "channel")) if c in columns), None)
    for span in SPANS:
        asked = Question((metric,), **span)  # type: ignore[arg-type]
        _same(from_rows, kept, replace(asked, compare="previous"), everybody)
        _same(from_rows, kept, replace(asked, grain="week"), everybody)
        if by is not None:
            _same(from_rows, kept, replace(asked, by=(by,), grain="month"), everybody)
    if not METRICS[metric].is_level:
        _same(from_rows, kept, replace(asked, by=("weekday", "hour")), everybody)


def test_who_sees_less_is_told_of_counts_of_the_own_rows(from_rows: Answers, kept: Answers) -> None:
    asked = Question(("conversations",), by=("team",), **SPANS[0])  # type: ignore[arg-type]
    teams = [r.group["team"]["key"] for r in kept.ask(asked).results if r.group["team"]["key"]]
    for team in teams[:2]:
        viewer = Viewer("lead", frozenset({team}))
        _same(from_rows, kept, asked, viewer)
        _same(from_rows, kept, replace(asked, by=(), grain="day"), viewer)


def test_first_contact_counts_add_up_and_distinct_tickets_do_not(kept: Answers) -> None:
    def adds_up(metric: str) -> bool:
        found = METRICS[metric]
        spec = kept.spec(
            kept.resolve(Question((metric,))), found, (), None, distribution=False
        )  # fmt: skip
        return kept.compiled.by_day("figures", found, spec, "calendar", 0) is not None

    assert adds_up("conversations")
    assert adds_up("missed_chat_rate")
    assert adds_up("first_contact_resolution")
    assert not adds_up("reopen_rate")  # a ticket may be reopened on two days
    assert not adds_up("open_tickets")  # what is there, not what happened
    assert not adds_up("first_response")  # a median


PICKED = f"FROM facts AS t WHERE t.at >= {START} AND t.at < {END}"


@pytest.mark.parametrize(
    ("sql", "adds_up"),
    [
        (f"SELECT COUNT(*) AS n {PICKED}", True),
        (f"SELECT t.d AS d, COUNT(*) FILTER(WHERE t.x) AS n {PICKED} GROUP BY 1", True),
        (f"SELECT COUNT(*) AS n FROM (SELECT t.d {PICKED}) AS s", True),
        (f"SELECT CAST(SUM(t.x) AS BIGINT) AS n {PICKED}", True),
        (f"SELECT COUNT(*) AS n FROM facts AS t WHERE t.at < {END}", True),
        (f"SELECT COUNT(DISTINCT t.x) AS n {PICKED}", False),
        (f"SELECT SUM(t.x) AS n {PICKED}", False),  # fractions: their order would matter
        (f"SELECT MAX(t.x) AS n {PICKED}", False),
        (f"SELECT COUNT(*) AS n {PICKED} AND t.until < {END}", False),
        (f"SELECT COUNT(*) AS n FROM facts AS t WHERE t.at >= {START} AND t.until < {END}", False),
        (f"SELECT COUNT(*) AS n {PICKED} OR t.x", False),
        (f"SELECT COUNT(*) FILTER(WHERE t.until < {END}) AS n {PICKED}", False),
        (f"SELECT COUNT(*) AS n FROM (SELECT DISTINCT t.d {PICKED}) AS s", False),
        (f"SELECT COUNT(*) AS n FROM (SELECT t.d {PICKED} LIMIT 5) AS s", False),
        (f"SELECT COUNT(*) AS n FROM (SELECT t.d {PICKED} GROUP BY 1) AS s", False),
        (
            f"SELECT COUNT(*) AS n FROM (SELECT ROW_NUMBER() OVER (ORDER BY t.at) AS p {PICKED}) "
            "AS s WHERE s.p = 1",
            False,
        ),
        (
            f"SELECT COUNT(*) AS n FROM facts AS t JOIN (SELECT * {PICKED}) AS o ON o.d = t.d "
            f"WHERE t.at >= {START} AND t.at < {END}",
            False,
        ),
        (f"WITH c AS (SELECT t.d {PICKED}) SELECT COUNT(*) AS n FROM c", True),
        (f"WITH c AS (SELECT t.d {PICKED}) SELECT COUNT(*) AS n FROM c, c AS o", False),
    ],
)
def test_form_tells_whether_counts_add_up(sql: str, adds_up: bool) -> None:
    assert (by_day(sql, START, END, "days") is not None) is adds_up


USUAL = "(SELECT h.topic AS a_topic, MEDIAN(h.x) AS usual FROM handled AS h GROUP BY 1)"


@pytest.mark.parametrize(
    ("beside", "is_taken_out"),
    [
        (USUAL, True),
        ("(SELECT MEDIAN(h.x) AS usual FROM handled AS h)", True),
        (USUAL.replace("GROUP BY", f"WHERE h.at < {END} GROUP BY"), False),
        (USUAL.replace("GROUP BY", "WHERE h.team = '{teams.0}' GROUP BY"), False),
        (USUAL.replace("h.topic", "h.ticket_id"), False),  # a row for each ticket is much to keep
        ("(SELECT h.topic AS a_topic, h.x AS usual FROM handled AS h)", False),
        (USUAL.replace("handled", "cells"), False),  # which are of the period
    ],
)
def test_what_is_the_same_in_every_period_is_taken_out(beside: str, is_taken_out: bool) -> None:
    sql = f"SELECT COUNT(*) AS n FROM (SELECT * {PICKED}) AS t LEFT JOIN {beside} AS o ON TRUE"
    rest, steady = hoisted(sql, (str(START), str(END), "cells"))
    assert bool(steady) is is_taken_out
    if is_taken_out:
        assert "MEDIAN" not in rest
        assert steady[0][0] in rest
    else:
        assert rest == sql
