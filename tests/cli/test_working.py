"""`sanjeh working`, `ticket`, `hours`, `targets`: rows behind figures, and single answers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from cli_cases import home_with, run, run_json, solved, status, ticket

pytestmark = pytest.mark.xdist_group("cli_working")  # one home for the module

MARCH = ("--from", "2026-03-01", "--to", "2026-04-01")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two solved tickets (one with a slip and a wait for the customer), one closed unsolved."""
    return home_with(
        tmp_path_factory.mktemp("working"),
        [
            {
                "kind": "business_calendar", "id": "office", "name": "Office", "tz": "UTC",
                "weekly": [{"dow": n, "from": "09:00", "to": "17:00"} for n in range(1, 6)],
            },
            {"kind": "holiday", "calendar_id": "office", "date": "2026-03-06", "name": "Day off"},
            ticket("a", "2026-03-02T09:00"),
            status("a", "2026-03-02T09:30", "pending_customer"),
            status("a", "2026-03-02T09:40", "open", "pending_customer"),
            status("a", "2026-03-02T10:00", "solved"),
            status("a", "2026-03-02T11:00", "open", "solved", actor_type="agent"),
            status("a", "2026-03-02T11:01", "solved", "open", actor_type="agent"),
            *solved("b", "2026-03-03T09:00", "2026-03-03T09:20"),
            ticket("c", "2026-03-04T09:00"),
            status("c", "2026-03-04T10:00", "closed"),
        ],
    )  # fmt: skip


def test_rows_in_are_rows_counted_and_left_out(home: Path) -> None:
    found = run_json("working", "resolution_time", "--format", "json", "--home", home, *MARCH)
    assert (found["rows_in"], found["rows_counted"]) == (3, 2)
    assert found["left_out"] == {"closed without a solution recorded": 1}
    assert {r["ticket"]: r["is_counted"] for r in found["rows"]} == {
        "a": True,
        "b": True,
        "c": False,
    }


def test_table_says_counted_and_why_not(home: Path) -> None:
    out = run("working", "resolution_time", "--home", home, *MARCH).stdout
    assert "3 rows: 2 counted, 1 left out" in out
    assert "no: closed without a solution recorded" in out


def test_only_left_out_rows_of_a_reason(home: Path) -> None:
    asked = ("working", "reopened_tickets", "--rows", "left-out", "--home", home, *MARCH)
    out = run(*asked, "--reason", "undone by the agent at once", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(r["ticket"], r["is_counted"]) for r in rows] == [("a", "false")]


def test_limit_says_that_there_are_more(home: Path) -> None:
    asked = ("working", "new_tickets", "--home", home, *MARCH)
    assert "--limit 0 lists all" in run(*asked, "--limit", "1").stdout
    assert "--limit 0 lists all" not in run(*asked, "--limit", "0").stdout


def test_a_rate_shows_the_working_of_its_parts(home: Path) -> None:
    out = run("working", "resolution_rate", "--home", home, *MARCH).stdout
    assert "resolved_tickets" in out
    assert "new_tickets" in out


def test_timeline_tells_counted_from_paused(home: Path) -> None:
    asked = ("working", "resolution_time_without_waiting", "--ticket", "b", "--home", home)
    line = run_json(*asked, "--format", "json")
    assert (line["counted_seconds"], line["paused_seconds"], line["in_figure"]) == (1200, 0, True)
    out = run("working", "resolution_time_without_waiting", "--ticket", "a", "--home", home).stdout
    assert "paused: waiting for the customer" in out
    assert "paused 10\u00a0min" in out


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("working", "resolution_time", "--rows", "some"), "counted, left-out, all"),
        (("working", "resolution_time", "--reason", "luck"), "Reasons: "),
        (("working", "new_tickets", "--ticket", "a"), "no duration of a ticket"),
        (("working", "resolution_time", "--ticket", "zz"), "No ticket 'zz' is known"),
        (("ticket", "zz"), "sources here: desk"),
        (("hours", "ofice", "--at", "2026-03-02"), "Did you mean office"),
        (("hours", "office"), "--from and --to together, or --at"),
        (("targets", "new_tikets"), "Did you mean new_tickets"),
    ],
)
def test_wrong_usage_says_what_was_expected(
    home: Path, asked: tuple[str, ...], expected: str
) -> None:
    assert expected in " ".join(run(*asked, "--home", home, code=2).stderr.split())


def test_ticket_card_answers_the_managers_questions(home: Path) -> None:
    card = run_json("ticket", "a", "--format", "json", "--home", home)
    assert (card["is_solved"], card["was_reopened"]) == (True, True)
    assert card["resolution_seconds"] == 7260
    out = run("ticket", "b", "--home", home).stdout
    assert "Solved?         yes, 2026-03-03 09:20" in out
    assert "Reopened?       no" in out


def test_rows_of_one_conversation_are_its_waits(tmp_path: Path) -> None:
    def said(when: str, by: str) -> dict[str, str]:
        return {
            "kind": "message", "id": when, "conversation_id": "c1",
            "at": f"2026-03-02T{when}:00Z", "author_type": by, "author_id": f"the {by}",
        }  # fmt: skip

    home = home_with(
        tmp_path,
        [
            {"kind": "conversation", "id": "c1", "channel": "email",
             "started_at": "2026-03-02T09:00:00Z"},
            {"kind": "conversation", "id": "c2", "channel": "email",
             "started_at": "2026-03-02T09:00:00Z"},
            said("09:00", "customer"), said("09:20", "agent"),
            said("10:00", "customer"), said("11:00", "agent"), said("12:00", "customer"),
        ],
    )  # fmt: skip
    asked = ("working", "response_time", "--conversation", "c1", "--home", home)
    found = run_json(*asked, "--format", "json")
    assert [(r["seconds"], r["reason"]) for r in found["rows"]] == [
        (3600, None), (1200, None), (None, "still waiting"),
    ]  # fmt: skip
    other = ("working", "response_time", "--conversation", "zz", "--home", home)
    assert "No conversation 'zz' is known" in " ".join(run(*other, code=2).stderr.split())


def test_hours_leave_the_holiday_out(home: Path) -> None:
    asked = ("hours", "office", "--home", home, "--format", "json")
    week = run_json(*asked, "--from", "2026-03-02", "--to", "2026-03-09")
    assert week["open_seconds"] == 115_200  # four days of eight hours
    friday = run_json(*asked, "--at", "2026-03-06 10:00", "--add", "3600")
    assert friday["is_open"] is False
    assert friday["next_opening"] == "2026-03-09T09:00:00+00:00"
    assert friday["reached_at"] == "2026-03-09T10:00:00+00:00"


def test_targets_suggest_the_median_of_the_periods(home: Path) -> None:
    told = run_json(
        "targets", "new_tickets", "--from", "2026-03-02", "--to", "2026-03-03", "--periods", "2",
        "--home", home, "--format", "json",
    )  # fmt: skip
    assert told["result"]["value"] == 1
    assert told["suggestion"]["values"] == [1.0]  # the day before, the record had not begun
    assert told["suggestion"]["median"] == 1.0
    assert "No benchmark is set" in run("targets", "new_tickets", "--home", home).stdout


def test_ticket_as_a_helpdesk_measures_it(home: Path) -> None:
    asked = ("working", "resolution_time", "--home", home, *MARCH, "--profile", "zendesk")
    found = run_json(*asked, "--ticket", "c", "--format", "json")
    assert [(r["ticket"], r["seconds"], r["is_counted"]) for r in found["rows"]] == [
        ("c", 3600, True)  # closed without a solve: solved then, as Zendesk sees it
    ]
    out = run(*asked).stdout
    assert "3 rows: 3 counted, 0 left out" in out
    assert "as Zendesk counts it. Full resolution time" in " ".join(out.split())
