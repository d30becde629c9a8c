"""`sanjeh check` on the command line."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from cli_cases import run, run_json, ticket, written

pytestmark = pytest.mark.xdist_group("check command")

RECORDS = [
    ticket("a", "2026-03-02T09:00", assignee_id="ghost"),
    ticket("b", "2026-03-02T10:00"),
    {"kind": "conversation", "id": "c", "started_at": "2026-03-02T09:00:00Z",
     "ended_at": "2026-03-02T08:00:00Z"},
]  # fmt: skip


def imported(folder: Path, records: list[dict[str, Any]]) -> Path:
    """A home with the records, its facts not worked out: the record alone is looked at."""
    home = folder / "home"
    run("import", written(folder, records), "--home", home, "--source", "desk", "--no-refresh")
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported(tmp_path_factory.mktemp("faults"), RECORDS)


def test_faults_are_told_with_their_share_samples_and_what_to_do(home: Path) -> None:
    told = run("check", "integrity", "--home", home).stdout
    assert "3 records looked at." in told
    assert "2 faults found." in told
    row = next(line for line in told.splitlines() if "whom nobody introduced" in line)
    assert row.split()[-5:] == ["1", "1", "100.0%", "ticket", "a"]
    assert "figures by team lack these rows" in told
    persian = run("check", "integrity", "--home", home, "--locale", "fa").stdout
    assert "۲ ایراد پیدا شد." in persian


def test_a_fault_ends_in_one_only_where_that_is_asked_for(home: Path, tmp_path: Path) -> None:
    run("check", "integrity", "--home", home)
    run("check", "integrity", "--home", home, "--strict", code=1)
    sound = imported(tmp_path, [ticket("b", "2026-03-02T10:00")])
    told = run("check", "integrity", "--home", sound, "--strict").stdout
    assert "Nothing was found that contradicts itself." in told


def test_files_hold_every_rule(home: Path) -> None:
    found = run_json("check", "integrity", "--home", home, "--format", "json")["integrity"]
    counts = {r["rule"]: (r["count"], r["n"]) for r in found["rules"] if r["n"]}
    assert found["records"] == 3
    assert counts["unknown_agent"] == (1, 1)
    assert counts["ended_before_started"] == (1, 1)
    assert counts["dated_in_the_future"] == (0, 3)
    out = run("check", "integrity", "--home", home, "--format", "csv").stdout
    rows = {r["rule"]: r for r in csv.DictReader(io.StringIO(out))}
    assert rows["unknown_agent"] == {
        "rule": "unknown_agent", "count": "1", "n": "1", "share": "1.0", "samples": "ticket desk/a",
    }  # fmt: skip
    assert rows["currency_mixed"]["share"] == ""


def test_coverage_says_what_comes_out_and_why_the_rest_does_not(home: Path) -> None:
    told = run("check", "coverage", "--home", home).stdout
    assert "desk: " in told
    assert "it has no answers of customers, such as a column with a score." in told
    assert "To get them: ask customers after a contact, or import the answers." in told
    found = run_json("check", "coverage", "--home", home, "--format", "json")["coverage"]
    assert [one["source"] for one in found] == ["desk"]
    assert "new_tickets" in found[0]["answered"]
    assert found[0]["lacking"]["nps"] == "survey_response"
    out = run("check", "coverage", "--home", home, "--format", "csv").stdout
    rows = {r["metric"]: r for r in csv.DictReader(io.StringIO(out))}
    assert (rows["nps"]["standing"], rows["nps"]["why"]) == ("lacking", "survey_response")
    assert (rows["new_tickets"]["standing"], rows["new_tickets"]["family"]) == (
        "answered", "lifecycle",
    )  # fmt: skip
    assert "name a part" in run("check", "--home", home, "--format", "csv", code=2).stderr


def answered(id: str, at: str, minutes: int, *, complete: bool = True) -> list[dict[str, Any]]:
    """A ticket of 09:00 answered at an instant, and the minutes that Zendesk counted."""
    said = {"kind": "message", "conversation_id": id}
    return [
        ticket(id, "2026-03-02T09:00"),
        {"kind": "conversation", "id": id, "ticket_id": id, "started_at": "2026-03-02T09:00:00Z"},
        {**said, "id": f"{id}a", "at": "2026-03-02T09:00:00Z", "author_type": "customer"},
        {**said, "id": f"{id}b", "at": f"2026-03-02T{at}:00Z", "author_type": "agent",
         "author_id": "ann"},
        {"kind": "vendor_figure", "id": id, "vendor": "zendesk", "target_type": "ticket",
         "target_id": id, "measure": "first_response", "value": minutes, "unit": "minutes",
         "clock": "calendar", "complete": complete},
    ]  # fmt: skip


def test_agreement_tells_who_says_what_and_which_tickets_differ(tmp_path: Path, home: Path) -> None:
    records = [*answered("t1", "09:10", 10), *answered("t2", "09:20", 60),
               *answered("t3", "09:20", 20, complete=False)]  # fmt: skip
    desk = imported(tmp_path, records)
    told = run("check", "agreement", "--home", desk).stdout
    assert "this 1 figure of 2 explains the difference." in told
    assert "1  not explained: t2" in told
    assert "never count as agreeing" in told
    found = run_json("check", "agreement", "--home", desk, "--format", "json")["agreement"]
    one = found["measures"][0]
    assert (one["exact"], one["rounded"], one["incomplete"], one["compared"]) == (1, 0, 1, 2)
    assert one["differing"] == [
        {"kind": "ticket", "id": "desk/t2", "theirs": 3600.0, "ours": 1200.0,
         "rule": "not_explained", "reason": None}
    ]  # fmt: skip
    run("check", "agreement", "--strict", "--home", desk, code=1)
    none = run("check", "agreement", "--home", home).stdout
    assert "No record here holds a helpdesk's own figures." in none


def test_what_cannot_be_checked_is_refused_in_words(home: Path, tmp_path: Path) -> None:
    assert "nothing to check" in run("check", "--home", tmp_path / "none", code=2).stderr
    assert not (tmp_path / "none").exists()
    wrong = run("check", "--source", "desc", "--home", home, code=2).stderr
    assert "Sources here: desk" in wrong
