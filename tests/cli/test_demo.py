"""`sanjeh demo`: the shipped log imported once, with its known figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_cases import home_with, run, ticket

from sanjeh.cli.simulated import language_of


@pytest.mark.slow
def test_demo_imports_once_and_tells_the_known_figures(tmp_path: Path) -> None:
    first = run("--home", tmp_path / "home", "demo", "--example", "incident-log").stdout
    assert "real, public and anonymised" in first
    assert "CC BY 4.0" in first
    assert "141,707 of 141,712 rows understood" in first
    assert "Half within 16.1\u00a0h, nine of ten within 15\u00a0d, mean 7\u00a0d" in first
    assert "Resolution rate: 99.9% (24,905 of 24,918)" in first
    assert "Resolution time: closed without a solution recorded 13" in first
    assert f"$ sanjeh show resolution_time --home {tmp_path / 'home'}" in first
    report = (tmp_path / "home" / "report.html").read_text("utf-8")
    assert str((tmp_path / "home" / "report.html").resolve()) in first
    assert "Requests" in report
    assert "April 2016" in report
    assert "Synthetic data." not in report
    second = run("demo", "--example", "incident-log", "--home", tmp_path / "home").stdout
    assert "nothing is imported again" in second
    assert first.partition("How much comes in")[2] == second.partition("How much comes in")[2]


def test_demo_refuses_a_home_with_other_data(tmp_path: Path) -> None:
    home = home_with(tmp_path, [ticket("a", "2026-03-02T09:00")])
    for words in (["--example", "incident-log"], ["--locale", "en"]):
        refused = run("demo", *words, "--home", home, code=2)
        assert "already holds other data (records.jsonl)" in " ".join(refused.stderr.split())
    assert "none of year, incident-log" in " ".join(
        run("demo", "--example", "logs", "--home", home, code=2).stderr.split()
    )


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "fa_IR.UTF-8"}, "fa"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "ru"}, "ru"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": "fa_IR"}, "fa"),
    ],
)
def test_the_language_is_that_of_the_environment(environment: dict[str, str], spoken: str) -> None:
    assert language_of(environment) == spoken
