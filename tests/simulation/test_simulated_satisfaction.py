"""First contact resolution, satisfaction and response rate against the simulated truth."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from simulated import small

from sanjeh.answers.ask import Answers
from sanjeh.answers.question import Question, Result
from sanjeh.home import Home
from sanjeh.simulation import Operation, write

pytestmark = pytest.mark.xdist_group("simulated home")


def _year() -> Operation:
    """Few contacts in a whole year: so customers rarely write twice about one topic by chance."""
    return small("fa", days=365)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    home = Home(tmp_path_factory.mktemp("simulated satisfaction") / "home")
    write(_year(), home.ledger())
    home.refresh()
    found = home.answers()
    yield found
    found.close()


def _figure(answers: Answers, metric: str, **asked: object) -> Result:
    truth = _year().truth
    question = Question((metric,), start=truth["from"], end=truth["until"], **asked)  # type: ignore[arg-type]
    return answers.ask(question).results[0]


def _near(found: float, true: float, size: int) -> bool:
    """Within four standard errors of a share."""
    return abs(found - true) <= 4 * math.sqrt(true * (1 - true) / size)


@pytest.mark.parametrize(
    ("options", "known"),
    [({}, "fcr"), ({"first_contact.async": "whole_thread"}, "fcr_whole_thread")],
)
def test_first_contact_resolution_is_the_truth_within_sampling_error(
    answers: Answers, options: dict[str, str], known: str
) -> None:
    true = _year().truth["total"]
    told = _figure(answers, "first_contact_resolution", options=options)
    assert told.value is not None
    assert _near(told.value, true[known], true["first_contacts"])
    # Who by chance writes again about the same topic within a month looks like a return.
    assert 0.95 * true["first_contacts"] <= told.n <= true["first_contacts"]


def test_satisfied_share_is_the_truth(answers: Answers) -> None:
    true = _year().truth["total"]
    told = _figure(answers, "satisfied_share")
    assert told.n == true["surveys_answered"]
    assert told.value == pytest.approx(true["satisfied_responders"], abs=1e-6)


def test_response_rate_is_the_truth_within_sampling_error(answers: Answers) -> None:
    true = _year().truth["total"]
    told = _figure(answers, "survey_response_rate", where=(("survey_kind", "is", ("csat",)),))
    assert told.value is not None
    assert told.n + (told.pending or 0) == true["surveys_sent"]
    assert _near(told.value, true["surveys_answered"] / true["surveys_sent"], told.n)
