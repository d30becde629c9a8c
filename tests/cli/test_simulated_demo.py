"""The synthetic year from the command line, held against the truth it was made from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sanjeh.cli.commands import app

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("simulated demo")]


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_synthetic_year_says_so_and_equals_its_truth(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    assert run("demo", "--locale", "ru", "--home", home).startswith("Synthetic data")
    assert "nothing is made again" in run("demo", "--locale", "ru", "--home", home)
    report = (tmp_path / "home" / "report.html").read_text("utf-8")
    assert '<html lang="ru" dir="ltr">' in report
    assert "Данные вымышлены" in report
    truth = json.loads((tmp_path / "home" / "simulation-truth.json").read_text())["total"]
    asked = (
        "chats", "chats_served", "chats_missed", "short_abandons", "chats_pending",
        "chats_bot_only",
    )  # fmt: skip
    answer = json.loads(run("show", *asked, "--home", home, "--format", "json"))
    found = {r["metric"]: r["value"] for r in answer["results"]}
    parts = ("chats_served", "chats_missed", "short_abandons", "chats_pending")
    assert found["chats"] == sum(found[name] for name in parts)
    live = json.loads((tmp_path / "home" / "simulation-truth.json").read_text())["channels"]
    assert found["chats_served"] == live["live_chat"]["served"]
    gone = found["chats_missed"] + found["short_abandons"]  # under five seconds stand apart
    assert gone == live["live_chat"]["abandoned"]
    assert found["chats_bot_only"] == live["live_chat"]["bot_only"]
    assert truth["arrivals"] > 50_000
