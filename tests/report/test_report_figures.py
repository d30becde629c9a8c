"""Every number on the page equals `sanjeh show`, in every language."""

from __future__ import annotations

import json
import shlex
from contextlib import nullcontext
from typing import Any

import pytest
from report_cases import SPOKEN, Page, same_group, value_at
from typer.testing import CliRunner

from record_homes import Desk
from sanjeh.cli import asking
from sanjeh.cli.commands import app


def shown(desk: Desk, command: str) -> list[dict[str, Any]]:
    words = shlex.split(command)
    assert words[:2] == ["sanjeh", "show"]
    ran = CliRunner().invoke(
        app, [*words[1:], "--format", "json", "--home", str(desk.home.path)],
        catch_exceptions=False,
    )  # fmt: skip
    assert ran.exit_code == 0, ran.output
    results: list[dict[str, Any]] = json.loads(ran.stdout)["results"]
    return results


def test_every_number_equals_the_command_beside_it(
    desk: Desk, pages: dict[str, Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The home is open already: to open it for each command is most of the time.
    monkeypatch.setattr(asking, "answers_of", lambda _: nullcontext(desk.answers))
    page = pages["en"]
    answers = {key: shown(desk, command) for key, command in page.commands.items()}
    assert len(page.numbers) > 60
    for number in page.numbers:
        found = [
            r for r in answers[number["data-question"]]
            if r["metric"] == number["data-metric"] and same_group(r, number.get("data-group"))
            and str(r["bucket"]["index"] if r["bucket"] else "") == number.get("data-bucket", "")
        ]  # fmt: skip
        assert len(found) == 1, number
        raw = value_at(found[0], number["data-field"])
        assert ("" if raw is None else str(raw)) == number["value"], number


@pytest.mark.parametrize("code", SPOKEN)
def test_the_language_changes_no_figure(pages: dict[str, Page], code: str) -> None:
    assert pages[code].numbers
    raw = [{k: v for k, v in n.items() if k != "dir"} for n in pages[code].numbers]
    english = [{k: v for k, v in n.items() if k != "dir"} for n in pages["en"].numbers]
    assert raw == english
    assert pages[code].commands == pages["en"].commands


def test_figures_worked_by_hand(pages: dict[str, Page]) -> None:
    text = pages["en"].text
    assert "March 2026" in text
    assert "Compared with February 2026" in text
    assert "31 days against 28 days" in text
    assert "Conversations rose by 110.0% to 21 (before: 10 )" in text
    assert "Log in <fails> +12 ( 109.1% )" in text.replace("(109.1%)", "( 109.1% )")
    assert "Missed chat rate 17.6% (before: 0.0% )" in text
    assert "3 of 17" in text
    assert "Release : Version 2 & friends" in text
