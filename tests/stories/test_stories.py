"""Every story through the real importer, every figure of it asked and compared exactly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from told_stories import PAGE, Expectation, page, stories
from typer.testing import CliRunner

from record_homes import Desk, shared, story
from sanjeh.answers.question import Question
from sanjeh.cli.asking import condition
from sanjeh.cli.commands import app
from sanjeh.metrics.registry import UnknownMetric, find

pytestmark = pytest.mark.xdist_group("told_stories")

TOLD = {s.name: s for s in stories()}
TOGETHER = [e for s in TOLD.values() if not s.alone for e in s.expect]
ALONE = [e for s in TOLD.values() if s.alone for e in s.expect]
for _story in TOLD.values():
    if not _story.alone:
        story(f"told {_story.name}", _story.records())


def _id(expected: Expectation) -> str:
    return " ".join((expected.story, *expected.command)).replace("::", ":")


@pytest.fixture(scope="session")
def lone_homes(shared_folder: Path) -> Mapping[str, Path]:
    """A home for each lone story, made by the command line."""

    def make(path: Path) -> None:
        run("import", TOLD[path.name].path, "--home", path, "--source", path.name)

    return {name: shared(shared_folder / name, make).path for name, s in TOLD.items() if s.alone}


def run(*args: object) -> str:
    """What a command of ours prints."""
    result = CliRunner().invoke(app, [str(a) for a in args], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def known(expected: Expectation) -> None:
    """Fail, saying so, where no metric has the name that the story uses."""
    try:
        find(expected.ask)
    except UnknownMetric as error:
        pytest.fail(f"the story {expected.story!r} asks for a figure that is not there: {error}")


@pytest.mark.parametrize("expected", TOGETHER, ids=_id)
def test_figure_of_the_story(expected: Expectation, world: Desk) -> None:
    known(expected)
    asked = expected.question
    conditions = [condition(text) for text in asked.get("where", ())]
    answer = world.answers.ask(
        Question(
            (expected.ask,), by=tuple(asked.get("by", ())), start=expected.period["from"],
            end=expected.period["to"], grain=asked.get("grain"), zone=asked.get("zone"),
            options=asked.get("options", {}), totals=True,
            where=(("source", "is", (f"told {expected.story}",)), *conditions),
        )
    )  # fmt: skip
    compare(expected, answer.as_json())


@pytest.mark.parametrize("expected", ALONE, ids=_id)
def test_figure_of_the_lone_story(expected: Expectation, lone_homes: Mapping[str, Path]) -> None:
    known(expected)
    period = [f"--{name}={day}" for name, day in expected.period.items()]
    told = run("--home", lone_homes[expected.story], "show", *expected.command, *period,
               "--format", "json")  # fmt: skip
    compare(expected, json.loads(told))


def compare(expected: Expectation, answer: Mapping[str, Any]) -> None:
    """Raise where the answer is not, to the last digit, what the story says."""
    results = answer["results"]
    wanted = dict(expected.answer)
    if "groups" in wanted:
        found = {
            ", ".join(str(g["label"]) for g in r["group"].values()): r["value"] for r in results
        }
        assert found == wanted.pop("groups")
        if "total" in wanted:
            assert [r["value"] for r in answer["totals"]] == [wanted.pop("total")]
        assert not wanted, "beside groups only a total can be expected"
    elif "buckets" in wanted:
        counted = {r["bucket"]["label"]: r["value"] for r in results}
        assert counted == wanted.pop("buckets")
        assert not wanted, "beside buckets nothing else can be expected"
    else:
        (result,) = results
        if wanted.pop("none", False):
            wanted["value"] = None
        if "left_out" in wanted:
            assert sum(result["excluded"].values()) == wanted.pop("left_out")
        if "interval" in wanted:
            assert [round(x, 1) for x in result["interval"]] == wanted.pop("interval")
        if "answered_by" in wanted:
            curve = {str(p["seconds"]): p["share"] for p in result["statistics"]["answered_by"]}
            for limit, share in wanted.pop("answered_by").items():
                assert round(curve[limit], 6) == share, (limit, curve)
        assert {name: result[name] for name in wanted} == wanted


def test_page_of_the_documentation_is_written_from_the_stories() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `python tests/stories/told_stories.py`"
