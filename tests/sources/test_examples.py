"""The shipped examples, against figures counted from the files by other means."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from recording_ledger import RecordingLedger

from sanjeh import sources
from sanjeh.ledger import Ledger
from sanjeh.sources import ImportReport, import_path, load_mapping, to_toml

EXAMPLES = Path(sources.__file__).parent / "examples"
LOG = EXAMPLES / "incident_event_log.csv.gz"


@pytest.fixture(scope="module")
def incidents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, ImportReport]]:
    """The incident log imported once, its records as tables of a DuckDB."""
    ledger = RecordingLedger(tmp_path_factory.mktemp("home"))
    report = import_path(LOG, ledger, mapping=EXAMPLES / "incident_log.toml")  # type: ignore[arg-type]
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for kind in report.records:
            connection.register(kind, ledger.table(kind))
        yield connection, report


@pytest.fixture(scope="module")
def raw() -> dict[str, list[dict[str, str]]]:
    """The log's rows by case, in the order of their times: the oracle, read row by row."""
    cases: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cases[row["number"]].append(row)
    for rows in cases.values():
        rows.sort(key=lambda row: (_time(row["sys_updated_at"]), int(row["sys_mod_count"])))
    return cases


def _time(text: str) -> tuple[int, ...]:
    day, clock = text.split(" ")
    date, month, year = day.split("/")
    return int(year), int(month), int(date), *map(int, clock.split(":"))


def _steps(rows: list[dict[str, str]], column: str, unknown: tuple[str, ...]) -> list[str]:
    """The known values of a case, repetitions left out."""
    known = [row[column] for row in rows if row[column] not in unknown]
    return known[:1] + [after for before, after in pairwise(known) if after != before]


def test_every_row_is_read_and_only_the_five_unknown_states_are_refused(incidents: Any) -> None:
    _, report = incidents
    assert (report.rows_read, report.rows_rejected, report.source) == (141_712, 5, "incidents")
    assert [(r.line, r.value, r.lost) for r in report.rejects] == [
        (115_643, "-100", "cell"),
        (115_644, "-100", "cell"),
        (124_509, "-100", "cell"),
        (124_510, "-100", "cell"),
        (124_511, "-100", "cell"),
    ]
    assert report.records["ticket"].added == 24_918


def test_each_reject_names_the_line_where_it_stands(incidents: Any) -> None:
    _, report = incidents
    with gzip.open(LOG, "rt", encoding="utf-8") as file:
        lines = file.read().split("\n")
    assert all(",-100," in lines[reject.line - 1] for reject in report.rejects)


@pytest.mark.parametrize(
    ("type_", "column", "unknown"),
    [
        ("team_changed", "assignment_group", ("?",)),
        ("assigned", "assigned_to", ("?",)),
    ],
)
def test_teams_and_assignees_follow_the_changes_of_the_rows(
    incidents: Any, raw: Any, type_: str, column: str, unknown: tuple[str, ...]
) -> None:
    connection, _ = incidents
    found = connection.execute(
        'SELECT ticket_id, list("to" ORDER BY "at", sequence) FROM ticket_event '
        "WHERE type = ? GROUP BY ticket_id",
        [type_],
    ).fetchall()
    expected = {number: _steps(rows, column, unknown) for number, rows in raw.items()}
    assert dict(found) == {number: steps for number, steps in expected.items() if steps}


def test_reopenings_agree_with_the_logs_own_count_save_one(incidents: Any, raw: Any) -> None:
    connection, _ = incidents
    reopened = dict(
        connection.execute(
            "SELECT ticket_id, count(*) FROM ticket_event WHERE type = 'status_changed' "
            "AND \"from\" IN ('solved', 'closed') AND \"to\" NOT IN ('solved', 'closed') GROUP BY 1"
        ).fetchall()
    )
    logged = {number: max(int(row["reopen_count"]) for row in rows) for number, rows in raw.items()}
    differing = [number for number in raw if reopened.get(number, 0) != logged[number]]
    assert differing == ["INC0000137"]  # two rows share one number, out of time order
    assert sum(logged.values()) == 331


def test_the_last_solved_event_is_the_logs_resolution(incidents: Any) -> None:
    connection, _ = incidents
    row = connection.execute(
        """
        WITH solved AS (
            SELECT ticket_id, max("at") AS last FROM ticket_event WHERE "to" = 'solved' GROUP BY 1
        ), closed AS (SELECT DISTINCT ticket_id FROM ticket_event WHERE "to" = 'closed'),
        both_told AS (
            SELECT last, (attributes->>'log_resolved_at')::TIMESTAMPTZ AS logged,
                id IN (SELECT ticket_id FROM closed) AS is_closed
            FROM ticket LEFT JOIN solved ON id = ticket_id
        )
        SELECT count(*) FILTER (WHERE last IS NOT NULL AND logged IS NOT NULL),
            count(*) FILTER (WHERE last = logged),
            count(*) FILTER (WHERE last IS NULL AND is_closed),
            count(*) FILTER (WHERE last IS NOT NULL AND logged IS NULL)
        FROM both_told
        """
    ).fetchone()
    assert row == (23_362, 23_362, 13, 1_543)


def test_tickets_carry_first_and_last_known_values_and_gaps(incidents: Any, raw: Any) -> None:
    connection, _ = incidents
    rows = connection.execute(
        "SELECT id, created_at, channel_first, customer_id, attributes FROM ticket"
    ).fetchall()
    assert len(rows) == len(raw)
    for number, created_at, channel, customer, attributes in rows:
        case, told = raw[number], json.loads(attributes)
        numbers = {int(row["sys_mod_count"]) for row in case}
        callers = [row["caller_id"] for row in case if row["caller_id"] != "?"]
        assert (created_at.timetuple()[:5]) == _time(case[0]["opened_at"])
        assert channel == case[0]["contact_type"].lower().replace(" ", "_")
        assert customer == (callers[-1] if callers else None)
        assert told["change_gaps"] == max(numbers) - min(numbers) + 1 - len(numbers)
        assert told["made_sla"] == (case[-1]["made_sla"] == "true")
        assert told["log_reassignment_count"] == int(case[-1]["reassignment_count"])


def test_statuses_come_from_the_states(incidents: Any, raw: Any) -> None:
    connection, _ = incidents
    first = dict(
        connection.execute(
            "SELECT \"to\", count(*) FROM ticket_event WHERE type = 'status_changed' "
            'AND "from" IS NULL GROUP BY 1'
        ).fetchall()
    )
    words = {"New": "new", "Active": "open", "Resolved": "solved", "Closed": "closed"}
    words |= {"Awaiting User Info": "pending_customer", "Awaiting Evidence": "on_hold"}
    words |= {"Awaiting Problem": "on_hold", "Awaiting Vendor": "on_hold"}
    states = [_steps(rows, "incident_state", ("-100",))[0] for rows in raw.values()]
    assert first == Counter(words[state] for state in states)


def test_the_second_city_file_repeats_rows_and_changes_nothing(ledger: Any, tmp_path: Path) -> None:
    home = Ledger(tmp_path / "city")
    mapping = EXAMPLES / "city_311.toml"
    first = import_path(EXAMPLES / "boston311-100.csv", home, mapping=mapping)
    again = import_path(EXAMPLES / "boston311-100-20dupes-random.csv", home, mapping=mapping)
    assert (first.rows_read, first.records["ticket"].added) == (100, 100)
    assert first.records["ticket_event"].added == 85  # 15 cases are open
    assert (again.rows_read, again.records["ticket"].added) == (100, 0)
    assert again.records["ticket"].unchanged == 80
    assert again.warnings == {"row repeated in every cell": 20}


def test_city_times_are_of_its_zone_and_due_dates_are_attributes(ledger: Any) -> None:
    import_path(EXAMPLES / "boston311-100.csv", ledger, mapping=EXAMPLES / "city_311.toml")
    ticket = next(row for row in ledger.rows("ticket") if row["id"] == "101004143000")
    assert f"{ticket['created_at']:%Y-%m-%d %H:%M}" == "2022-01-21 18:47"
    told = json.loads(ticket["attributes"])
    assert (told["target_at"], told["ontime"]) == ("2022-02-04T18:47:30Z", "OVERDUE")


@pytest.mark.parametrize("name", ["incident_log", "city_311"])
def test_the_mappings_survive_being_written(name: str, tmp_path: Path) -> None:
    mapping = load_mapping(EXAMPLES / f"{name}.toml")
    (tmp_path / "again.toml").write_text(to_toml(mapping), encoding="utf-8")
    assert load_mapping(tmp_path / "again.toml") == mapping


@pytest.mark.slow
def test_the_log_imported_twice_into_a_real_ledger_changes_nothing(tmp_path: Path) -> None:
    home = Ledger(tmp_path / "home")
    mapping = EXAMPLES / "incident_log.toml"
    first = import_path(LOG, home, mapping=mapping)
    second = import_path(LOG, home, mapping=mapping)
    for kind, counts in second.records.items():
        assert (counts.added, counts.replaced, counts.older) == (0, 0, 0), kind
        assert counts.unchanged == first.records[kind].added
