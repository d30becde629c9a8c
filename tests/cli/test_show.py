"""`sanjeh show`: what stands in the table, in JSON, in CSV, and what is said when it cannot be."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from cli_cases import home_with, run, run_json, solved, status, ticket, written

pytestmark = pytest.mark.xdist_group("cli_show")  # one home for the module

MARCH = ("--from", "2026-03-01", "--to", "2026-04-01")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three tickets of Billing in March and one in February, two of a team named like a formula."""
    records = [
        {"kind": "team", "id": "b", "name": "Billing"},
        {"kind": "team", "id": "f", "name": "=1+1"},
        ticket("feb", "2026-02-10T09:00", team_id="b"),
        *solved("m1", "2026-03-02T09:00", "2026-03-02T09:10", team_id="b"),
        *solved("m2", "2026-03-03T09:00", "2026-03-03T09:20", team_id="b"),
        *solved("m3", "2026-03-04T09:00", "2026-03-04T10:00", team_id="b"),
        ticket("f1", "2026-03-05T09:00", team_id="f"),
        ticket("f2", "2026-03-06T09:00", team_id="f"),
        status("m1", "2026-03-08T09:00", "open", "solved", actor_type="agent"),
        status("m1", "2026-03-08T09:01", "solved", "open", actor_type="agent"),
        {
            "kind": "benchmark", "id": "b1", "metric_id": "new_tickets", "value": 4.0,
            "comparator": "at_most",
        },
    ]  # fmt: skip
    return home_with(tmp_path_factory.mktemp("show"), records)


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip()]


def test_table_has_groups_a_total_and_until_when_the_data_run(home: Path) -> None:
    out = run("show", "new_tickets", "--by", "team", "--home", home, *MARCH).stdout
    assert "2026-03-01 until before 2026-04-01, UTC" in out
    assert "data until 2026-03-08 09:01 (desk)" in out
    rows = lines(out)
    assert ["Billing", "3", "3"] in [r[:3] for r in rows]
    assert ["=1+1", "2", "2"] in [r[:3] for r in rows]
    assert ["total", "5", "5", "4", "missed"] in [r[:5] for r in rows]


def test_duration_is_in_a_sensible_unit_with_median_and_p90(home: Path) -> None:
    out = run("show", "first_resolution_time", "--home", home, *MARCH).stdout
    assert "30\u00a0min" in out  # the mean of 10, 20 and 60 minutes
    assert "20\u00a0min" in out  # their median
    assert "52\u00a0min" in out  # their p90


def test_left_out_is_said_with_its_reason(home: Path) -> None:
    out = run("show", "reopened_tickets", "--home", home, *MARCH).stdout
    assert "reopened_tickets: 1 of 1 left out: undone by the agent at once 1" in out


def test_no_figure_is_a_dash_and_why(home: Path) -> None:
    out = run(
        "show", "resolution_time", "--home", home, "--from", "2026-02", "--to", "2026-03"
    ).stdout
    assert "—" in out
    assert "— resolution_time: no rows to count" in out


def test_what_no_source_records_is_said(home: Path) -> None:
    out = run("show", "chats_served", "--home", home).stdout
    assert "Note: chats_served: no source in this home records conversation." in out


def test_compare_shows_before_and_change(home: Path) -> None:
    out = run("show", "new_tickets", "--home", home, "--compare", "previous", *MARCH).stdout
    assert "before: 2026-02-01 until before 2026-03-01" in out
    assert ["5", "5", "1", "+400.0%"] in [r[:4] for r in lines(out)]


def test_limit_hides_groups_from_the_table_only(home: Path) -> None:
    asked = ("show", "new_tickets", "--by", "team", "--limit", "1", "--home", home, *MARCH)
    table = run(*asked).stdout
    assert "=1+1" not in table
    assert "1 more groups are not shown" in table
    assert len(run_json(*asked, "--format", "json")["results"]) == 2


def test_json_is_all_of_stdout_with_the_keys_of_a_result(home: Path) -> None:
    answer = run_json("show", "new_tickets", "--home", home, "--format", "json", *MARCH)
    keys = {
        "value", "numerator", "denominator", "n", "unit", "period", "filters", "excluded",
        "definition_id", "definition_version", "previous_value", "delta_abs", "delta_pct",
        "target", "status",
    }  # fmt: skip
    assert keys <= set(answer["results"][0])
    assert answer["results"][0]["value"] == 5
    assert (answer["results"][0]["target"], answer["results"][0]["status"]) == (4.0, "missed")
    assert answer["question"]["period"]["from"] == "2026-03-01T00:00:00+00:00"


def rows_of_csv(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_csv_has_one_row_a_result_and_no_formula(home: Path) -> None:
    out = run(
        "show", "new_tickets", "--by", "team", "--format", "csv", "--home", home, *MARCH
    ).stdout
    rows = rows_of_csv(out)
    assert [(r["team"], r["value"], r["n"]) for r in rows] == [
        ("Billing", "3", "3"),
        ("'=1+1", "2", "2"),
    ]
    assert rows[0]["period_from"] == "2026-03-01T00:00:00+00:00"


def test_csv_has_the_same_columns_without_groups(home: Path) -> None:
    header = run("show", "new_tickets", "--format", "csv", "--home", home).stdout.splitlines()[0]
    assert header.startswith(
        "metric,title,period_from,period_to,zone,bucket,bucket_from,bucket_to,bucket_is_partial,"
        "value,unit,n,numerator,denominator,pending,previous_value"
    )


def test_csv_numbers_are_raw(home: Path) -> None:
    asked = ("show", "cohort_resolution_rate", "--format", "csv", "--home", home, *MARCH)
    assert rows_of_csv(run(*asked).stdout)[0]["value"] == "0.6"
    russian = rows_of_csv(run(*asked, "--locale", "ru").stdout, ";")
    assert russian[0]["value"] == "0,6"


def test_grain_gives_a_row_a_bucket_empty_ones_too(home: Path) -> None:
    answer = run_json(
        "show", "new_tickets", "--grain", "month", "--from", "2026-01", "--to", "2026-04",
        "--format", "json", "--home", home,
    )  # fmt: skip
    assert [(r["bucket"]["label"], r["value"]) for r in answer["results"]] == [
        ("2026-01", 0), ("2026-02", 1), ("2026-03", 5),
    ]  # fmt: skip


def test_where_and_its_negation_add_up(home: Path) -> None:
    def count(condition: str) -> int:
        asked = ("show", "new_tickets", "--where", condition, "--format", "json", "--home", home)
        return int(run_json(*asked, *MARCH)["results"][0]["value"])

    assert count("team=Billing") == 3
    assert count("team!=Billing") == 2
    assert count('team="=1+1",Billing') == 5


def test_persian_digits_and_jalali_dates(home: Path) -> None:
    out = run(
        "show", "new_tickets", "--home", home, "--calendar", "jalali", "--locale", "fa",
        "--from", "1404-12-01", "--to", "1405-01-01",
    ).stdout  # fmt: skip
    assert "۱۴۰۴-۱۲-۰۱ until before ۱۴۰۵-۰۱-۰۱, UTC, Jalali" in out
    assert "۵" in out


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("resolution_tim",), "Did you mean resolution_time"),
        (("resolution_time.p91",), "It has mean, median, p90"),
        (("new_tickets", "--by", "taem"), "Did you mean team"),
        (("new_tickets", "--option", "noize=include"), "Did you mean noise"),
        (("new_tickets", "--option", "noise=perhaps"), "leave out or include"),
        (("new_tickets", "--option", "noise"), "Expected NAME=VALUE"),
        (("new_tickets", "--where", "team"), "Expected DIM=VALUE"),
        (("new_tickets", "--from", "yesterday"), "is no date"),
        (("new_tickets", "--last", "soon"), "is no span"),
        (("new_tickets", "--zone", "Tehran"), "is no time zone"),
        (("new_tickets", "--grain", "fortnight"), "is no grain"),
        (("new_tickets", "--format", "xml"), "none of table, json, csv"),
        (("new_tickets", "--locale", "de"), "none of en, fa, ru"),
        (("new_tickets", "--compare", "tomorrow"), "previous or last_year"),
    ],
)
def test_wrong_usage_says_what_was_expected(
    home: Path, asked: tuple[str, ...], expected: str
) -> None:
    result = run("show", *asked, "--home", home, code=2)
    assert expected in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_nothing_imported_says_what_to_do_and_makes_no_folder(tmp_path: Path) -> None:
    result = run("show", "new_tickets", "--home", tmp_path / "none", code=2)
    assert "`sanjeh import FILE`" in result.stderr
    assert not (tmp_path / "none").exists()


def test_home_is_taken_before_the_command_and_from_the_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "5" in run("--home", home, "show", "new_tickets", *MARCH).stdout
    assert "5" in run(f"--home={home}", "show", "new_tickets", *MARCH).stdout
    monkeypatch.setenv("SANJEH_HOME", str(home))
    assert "5" in run("show", "new_tickets", *MARCH).stdout


def test_facts_behind_the_record_are_refreshed_first(tmp_path: Path) -> None:
    home = home_with(tmp_path, [ticket("a", "2026-03-02T09:00")])
    more = written(tmp_path, [ticket("b", "2026-03-02T10:00")], "more.jsonl")
    run("import", more, "--home", home, "--source", "desk", "--no-refresh")
    answer = run_json("show", "new_tickets", "--home", home, "--format", "json")
    assert answer["results"][0]["value"] == 2


def test_as_of_shows_the_record_as_it_stood(home: Path) -> None:
    asked = ("show", "resolved_tickets", "--format", "json", "--home", home, *MARCH)
    assert run_json(*asked)["results"][0]["value"] == 3
    then = run_json(*asked, "--as-of", "2026-03-03 12:00")
    assert then["results"][0]["value"] == 2
    assert then["question"]["as_it_stood"] is True
