"""The real incident log, held to plain SQL on its CSV (UCI 498, 24,918 incidents)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from record_homes import Desk, shared
from sanjeh import sources
from sanjeh.home import Home
from sanjeh.sources.importing import import_path

pytestmark = pytest.mark.xdist_group("incident log")

EXAMPLES = Path(sources.__path__[0]) / "examples"
LOG = EXAMPLES / "incident_event_log.csv.gz"
WHOLE = {"start": "2016-01-01", "end": "2018-01-01"}


def _imported(path: Path) -> None:
    home = Home(path)
    report = import_path(LOG, home.ledger(), mapping=EXAMPLES / "incident_log.toml")
    assert report.rows_read == 141_712
    home.refresh()


@pytest.fixture(scope="module")
def desk(shared_folder: Path) -> Iterator[Desk]:
    found = Desk(shared(shared_folder / "incidents", _imported))
    yield found
    found.close()


@pytest.fixture(scope="module")
def log(desk: Desk) -> Iterator[duckdb.DuckDBPyConnection]:
    """The CSV as it is, ordered by its own change counter, beside the facts."""
    with duckdb.connect() as sql:
        sql.execute(
            f"""
            CREATE TABLE log AS
            SELECT number, incident_state AS state, sys_mod_count::INT AS mod,
                   assignment_group AS team, reassignment_count::INT AS reassigned,
                   reopen_count::INT AS reopened,
                   strptime(sys_updated_at, '%d/%m/%Y %H:%M') AS changed_at,
                   strptime(opened_at, '%d/%m/%Y %H:%M') AS opened_at,
                   CASE WHEN resolved_at <> '?'
                        THEN strptime(resolved_at, '%d/%m/%Y %H:%M') END AS resolved_at
            FROM read_csv('{LOG}', all_varchar = true);
            CREATE TABLE solved AS
            SELECT number, max(changed_at) AS last_at, min(changed_at) AS first_at
            FROM log WHERE state = 'Resolved' GROUP BY 1;
            CREATE TABLE made AS SELECT number, min(opened_at) AS opened_at,
                   max(resolved_at) AS resolved_at FROM log GROUP BY 1;
            """
        )
        generation = desk.home.facts().current()
        assert generation is not None
        sql.execute(f"ATTACH '{generation.path}' AS facts (READ_ONLY)")
        sql.execute(
            """
            CREATE TABLE ours AS
            SELECT replace(ticket_id, 'incidents/', '') AS number,
                   make_timestamp(final_solved_at) AS final_at,
                   make_timestamp(first_solved_at) AS first_at,
                   make_timestamp(created_at) AS created_at, stage, unsolved_reason
            FROM facts.tickets
            """
        )
        yield sql


def one(sql: duckdb.DuckDBPyConnection, query: str) -> tuple[object, ...]:
    row = sql.execute(query).fetchone()
    assert row is not None
    return row


def test_final_resolution_is_the_last_resolved_row(log: duckdb.DuckDBPyConnection) -> None:
    assert one(log, "SELECT count(*) FROM ours") == (24_918,)
    wrong = log.execute(
        "SELECT * FROM ours LEFT JOIN solved USING (number) "
        "WHERE ours.final_at IS DISTINCT FROM solved.last_at AND ours.stage = 'done'"
    ).fetchall()
    assert wrong == []


def test_final_resolution_equals_the_logs_own_column_wherever_it_has_both(
    log: duckdb.DuckDBPyConnection,
) -> None:
    assert one(
        log,
        "SELECT count(*), count(*) FILTER (final_at = resolved_at) "
        "FROM ours JOIN made USING (number) "
        "WHERE final_at IS NOT NULL AND resolved_at IS NOT NULL",
    ) == (23_362, 23_362)
    assert one(
        log,
        "SELECT count(*) FILTER (s.first_at <> s.last_at) FROM solved s JOIN made USING (number) "
        "WHERE resolved_at IS NOT NULL",
    ) == (558,)
    assert one(
        log,
        "SELECT count(*) FROM ours JOIN made USING (number) "
        "WHERE final_at IS NOT NULL AND resolved_at IS NULL",
    ) == (1_543,)


def test_thirteen_closed_without_a_resolved_row_are_listed(
    desk: Desk, log: duckdb.DuckDBPyConnection
) -> None:
    found = desk.figure("resolution_time", **WHOLE)
    assert found.n == 24_905
    assert found.excluded == {"closed without a solution recorded": 13}
    assert one(
        log,
        "SELECT count(*) FROM made WHERE number NOT IN (SELECT number FROM solved) AND number IN "
        "(SELECT number FROM log WHERE state = 'Closed')",
    ) == (13,)


def test_durations_agree_with_plain_sql(desk: Desk, log: duckdb.DuckDBPyConnection) -> None:
    found = desk.figure("resolution_time", **WHOLE)
    mean, median, p90, longest, n = one(
        log,
        "SELECT avg(s), quantile_cont(s, 0.5), quantile_cont(s, 0.9), max(s), count(*) FROM ("
        "SELECT epoch(last_at) - epoch(opened_at) AS s FROM solved JOIN made USING (number))",
    )
    assert found.n == n
    assert found.value == pytest.approx(mean, rel=1e-12)
    assert found.statistics["median"] == pytest.approx(median, rel=1e-12)
    assert found.statistics["p90"] == pytest.approx(p90, rel=1e-12)
    assert found.statistics["max"] == longest


def test_durations_where_the_log_names_a_resolution(log: duckdb.DuckDBPyConnection) -> None:
    # in hours: the mean is eight times the median
    assert one(
        log,
        "SELECT round(avg(s) / 3600, 2), round(quantile_cont(s, 0.5) / 3600, 2), "
        "round(quantile_cont(s, 0.9) / 3600, 2) "
        "FROM (SELECT epoch(final_at) - epoch(created_at) AS s FROM ours JOIN made USING (number) "
        "WHERE resolved_at IS NOT NULL)",
    ) == (178.17, 22.1, 381.55)


def test_months_agree_with_plain_sql(desk: Desk, log: duckdb.DuckDBPyConnection) -> None:
    asked = {"start": "2016-01-01", "end": "2017-03-01"}
    created = dict(
        log.execute("SELECT strftime(opened_at, '%Y-%m'), count(*) FROM made GROUP BY 1").fetchall()
    )
    series = desk.series("new_tickets", "month", **asked)
    assert {month: count for month, count in series.items() if count} == created
    assert sum(series.values()) == 24_918
    solved = dict(
        log.execute(
            "SELECT strftime(changed_at, '%Y-%m'), count(DISTINCT number) FROM (SELECT *, "
            "lag(state, 1, 'New') OVER (PARTITION BY number ORDER BY changed_at, mod) AS before "
            "FROM log WHERE state <> '-100') "
            "WHERE state = 'Resolved' AND before NOT IN ('Resolved', 'Closed') GROUP BY 1"
        ).fetchall()
    )
    series = desk.series("resolved_tickets", "month", **asked)
    assert {month: count for month, count in series.items() if count} == solved
    means = dict(
        log.execute(
            "SELECT strftime(last_at, '%Y-%m'), avg(epoch(last_at) - epoch(opened_at)) "
            "FROM solved JOIN made USING (number) GROUP BY 1"
        ).fetchall()
    )
    for month, mean in desk.series("resolution_time", "month", **asked).items():
        assert mean == (pytest.approx(means[month], rel=1e-12) if month in means else None)


def test_reopenings_agree_with_the_logs_counter_save_one(log: duckdb.DuckDBPyConnection) -> None:
    log.execute(
        "CREATE OR REPLACE TABLE ours_reopened AS "
        "SELECT replace(ticket_id, 'incidents/', '') AS number, count(*) AS times "
        "FROM facts.reopenings WHERE excluded_reason IS NULL GROUP BY 1"
    )
    differing = log.execute(
        "SELECT number FROM (SELECT number, max(reopened) AS theirs FROM log GROUP BY 1) "
        "LEFT JOIN ours_reopened USING (number) WHERE coalesce(times, 0) <> theirs"
    ).fetchall()
    assert differing == [("INC0000137",)]


def test_reassignments_are_a_lower_bound(desk: Desk, log: duckdb.DuckDBPyConnection) -> None:
    log.execute(
        """
        CREATE OR REPLACE TABLE moved AS
        SELECT replace(ticket_id, 'incidents/', '') AS number, team_change_count AS ours
        FROM facts.tickets;
        CREATE OR REPLACE TABLE theirs AS
        SELECT number, max(reassigned) AS theirs,
               count(DISTINCT mod) < max(mod) - min(mod) + 1 OR min(mod) > 0 AS has_gaps
        FROM log GROUP BY 1
        """
    )
    assert one(
        log, "SELECT count(*) FROM moved JOIN theirs USING (number) WHERE ours > theirs"
    ) == (0,)
    without_gaps, with_gaps = (
        one(
            log,
            "SELECT count(*), count(*) FILTER (ours = theirs) "
            "FROM moved JOIN theirs USING (number) "
            f"WHERE {condition}",
        )
        for condition in ("NOT has_gaps", "has_gaps")
    )
    shares = [agreed / n for n, agreed in (without_gaps, with_gaps)]  # type: ignore[operator]
    assert shares[0] > shares[1]
    (total,) = one(log, "SELECT sum(ours) FROM moved")
    answer = desk.answer("reassignments", **WHOLE)
    assert answer.results[0].value == total
    assert any("lower bound" in warning for warning in answer.warnings)


def test_the_logs_own_counters_are_kept_to_compare_with(desk: Desk) -> None:
    assert {"attr.log_reopen_count", "attr.log_reassignment_count"} <= desk.answers.own


def test_backlog_adds_up_for_every_month_and_team(desk: Desk) -> None:
    signs = {"new": 1, "reopened": 1, "moved_in": 1, "solved": -1, "closed_otherwise": -1,
             "moved_out": -1, "merged": -1, "deleted": -1, "unmerged": 1,
             "restored": 1}  # fmt: skip
    for start, end in (("2016-03-01", "2016-04-01"), ("2016-04-01", "2016-05-01")):
        asked = {"start": start, "end": end}
        expected = desk.by("backlog_opening", "team", **asked)
        for change, sign in signs.items():
            for group, value in desk.by(f"backlog_{change}", "team", **asked).items():
                expected[group] = expected.get(group, 0) + sign * value
        closing = desk.by("open_tickets", "team", **asked)
        assert {g: v for g, v in expected.items() if v} == {g: v for g, v in closing.items() if v}
        assert closing
