"""Help that teaches and loads nothing, and the catalogue that every metric stands in."""

from __future__ import annotations

import subprocess
import sys

import pytest
from cli_cases import run, run_json

COMMANDS = (
    "demo", "import", "connect", "pull", "connections", "guess", "show", "compare", "report",
    "serve", "working", "ticket", "close", "closed", "metrics", "explain", "glossary", "options",
    "targets", "hours", "refresh", "erase", "compact",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_two_examples(command: str) -> None:
    out = run(command, "--help").stdout
    assert sum(line.strip().startswith("sanjeh ") for line in out.splitlines()) >= 2


def test_help_names_every_command() -> None:
    listed = run("--help").stdout.split("Commands:")[1]
    assert [line.split()[0] for line in listed.splitlines() if line.strip()] == [
        "demo", "import", "connect", "pull", "connections", "guess", "show", "compare", "report",
        "serve", "working", "ticket", "check", "close", "closed", "metrics", "explain", "glossary",
        "options", "targets", "hours", "refresh", "erase", "compact",
    ]  # fmt: skip


@pytest.mark.parametrize("command", [[], ["show"]])
def test_help_loads_no_engine(command: list[str]) -> None:
    program = (
        "import sys; from sanjeh.cli.commands import app\n"
        "try: app(sys.argv[1:], prog_name='sanjeh')\n"
        "except SystemExit: pass\n"
        "heavy = {'ibis', 'duckdb', 'pyarrow', 'deltalake', 'pydantic', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Usage: sanjeh" in done.stdout
    assert done.stderr.strip() == "[]"


def test_the_program_starts_as_a_module_and_tells_its_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sanjeh", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("sanjeh ")


def test_catalogue_has_the_keys_asked_for() -> None:
    listed = {m["address"]: m for m in run_json("metrics", "--json")}
    reopened = listed["reopened_tickets"]
    assert (reopened["unit"], reopened["direction"]) == ("tickets", "down")
    assert reopened["requirement_ids"] == ["L2"]
    assert {"team", "agent", "topic", "channel", "weekday"} <= set(reopened["dimensions"])
    assert listed["resolution_time"]["statistics"][:3] == ["mean", "median", "p90"]
    assert listed["resolution_time"]["clocks"] == ["calendar", "open"]
    # a rate can be split by what both of its parts can be split by
    assert "account" not in listed["resolution_rate"]["dimensions"]
    assert "team" in listed["resolution_rate"]["dimensions"]


def test_metrics_are_found_by_requirement_id_and_by_word() -> None:
    assert [m["address"] for m in run_json("metrics", "L7", "--json")] == [
        "resolution_rate", "new_less_resolved", "cohort_resolution_rate",
    ]  # fmt: skip
    assert "reopen_rate" in run("metrics", "reopen").stdout
    assert "lists all" in run("metrics", "zzzz", code=2).stderr


def test_explain_shows_examples_with_their_figures() -> None:
    out = run("explain", "resolution_time").stdout
    assert "Seconds from creation to the final solve" in out
    assert "mean 30\u00a0min; median 20\u00a0min" in out
    assert "left out: closed without a solution recorded 1" in out
    examples = run_json("explain", "cohort_resolution_rate", "--json")["examples"]
    assert examples[0]["rows"][2] == {"created_at": "2026-03-02 09:00", "final_solved_at": None}


def test_explain_of_an_unknown_metric_helps() -> None:
    assert "Did you mean resolution_time" in run("explain", "resolution_tme", code=2).stderr


def test_options_are_listed() -> None:
    listed = {o["name"]: o for o in run_json("options", "--json")}
    assert listed["reopen.window"]["default"] == "14"
    assert "duration.headline" in run("options").stdout


def test_a_misspelt_command_helps() -> None:
    assert "Did you mean 'show'?" in run("shwo", code=2).stderr
