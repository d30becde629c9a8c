"""Only the groups in which something lasts longest: the same results as the first of all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from generated_records import Operation
from record_homes import Desk, built, shared
from sanjeh.answers.question import Question

SPAN = {"start": "2026-01-01", "end": "2026-04-01"}
OPERATION = Operation(7).operation(tickets=60, conversations=60)


@pytest.fixture(scope="module")
def desk(shared_folder: Path) -> Iterator[Desk]:
    found = Desk(shared(shared_folder / "longest", lambda path: built(path, OPERATION)))
    yield found
    found.close()


@pytest.mark.parametrize(
    ("metric", "by"),
    [("open_ticket_age.max", "ticket"), ("unanswered_wait.max", "conversation"),
     ("resolution_time.max", "agent")],
)  # fmt: skip
def test_longest_groups_are_the_first_of_all_of_them(desk: Desk, metric: str, by: str) -> None:
    question = Question((metric,), by=(by,), **SPAN)  # type: ignore[arg-type]
    every = [r for r in desk.answers.ask(question).results if r.value is not None]
    every.sort(key=lambda r: -float(r.value or 0))
    assert len(every) > 2
    found = desk.answers.ask(replace(question, longest=2)).results
    least = every[1].value
    assert {r.group[by]["key"]: r for r in found} == {
        r.group[by]["key"]: r for r in every if r.value is not None and r.value >= (least or 0)
    }


def test_a_count_has_no_longest_group(desk: Desk) -> None:
    question = Question(("conversations",), by=("channel",), **SPAN)  # type: ignore[arg-type]
    whole = desk.answers.ask(question).results
    assert len(whole) > 1
    assert desk.answers.ask(replace(question, longest=1)).results == whole
