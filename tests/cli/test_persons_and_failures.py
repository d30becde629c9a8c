"""Erasing a person, and errors with their exit codes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from cli_cases import home_with, run, run_json, ticket

from sanjeh.answers.periods import PeriodError
from sanjeh.cli import failures
from sanjeh.hours import HoursError
from sanjeh.ledger import LedgerBusy, LedgerDiskFull, LedgerError
from sanjeh.metrics.options import UnknownOption
from sanjeh.sources import FileUnreadable, MappingError

NAME = "Zebulon Quagmire"


def test_an_erased_name_is_nowhere_under_the_home(tmp_path: Path) -> None:
    home = home_with(
        tmp_path,
        [
            {"kind": "customer", "id": "c1", "display_name": NAME},
            ticket("t1", "2026-03-02T09:00", customer_id="c1", subject=f"{NAME} cannot log in"),
        ],
    )
    asked = ("erase", "customer", "c1", "--source", "desk", "--home", home)
    assert "Aborted" in run(*asked, text_in="n\n", code=1).stderr
    assert NAME in run("show", "new_tickets", "--by", "customer", "--home", home).stdout
    done = run_json(*asked, "--yes", "--json")
    assert done["known"] is True
    holders = [p for p in home.rglob("*") if p.is_file() and NAME.encode() in p.read_bytes()]
    assert holders == []
    answer = run_json("show", "new_tickets", "--home", home, "--format", "json")
    assert answer["results"][0]["value"] == 1
    unknown = run("erase", "agent", NAME, "--source", "desk", "--yes", "--home", home, code=1)
    assert "Expected the id that the source uses, not a name" in unknown.stderr


def test_a_role_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    result = run("erase", "boss", "x", "--source", "desk", "--home", tmp_path, code=2)
    assert "none of customer, agent, visitor" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LedgerBusy("held"), 3),
        (LedgerDiskFull("full"), 3),
        (LedgerError("no"), 2),
        (FileUnreadable("cut"), 1),
        (MappingError("no column"), 2),
        (PeriodError("no date"), 2),
        (UnknownOption("none"), 2),
        (HoursError("none"), 2),
        (OSError(errno.ENOSPC, "No space left on device"), 3),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), 2),
        (ZeroDivisionError("a fault of the program"), None),
        (ValueError("a fault of the program"), None),
    ],
)
def test_exit_codes(error: Exception, code: int | None) -> None:
    assert failures.exit_code(error) == code


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sanjeh.home.Home.refresh", interrupted)
    result = run("refresh", "--home", tmp_path, code=130)
    assert "Interrupted" in result.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "sanjeh", "options", "--json"],
        stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.stderr, done.returncode) == ("", 0)


def test_an_engine_on_a_full_disk_says_so_plainly() -> None:
    error = duckdb.IOException("FATAL Error: Could not write file: No space left on device")
    assert failures.exit_code(error) == 3
    assert failures.message(error).startswith("The disk is full")
