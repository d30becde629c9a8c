"""An operation in a real home: it imports once, and the figures are those of its truth."""

from __future__ import annotations

import json

import pytest
from simulated import small

from sanjeh.answers.question import Question
from sanjeh.home import Home
from sanjeh.ledger import Appended
from sanjeh.simulation import SOURCE, TRUTH_FILE, write

pytestmark = pytest.mark.xdist_group("simulated home")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    place = Home(tmp_path_factory.mktemp("simulated") / "home")
    write(small("fa"), place.ledger())
    place.refresh()
    return place


def test_writing_it_again_changes_nothing(home: Home) -> None:
    operation = small("fa")
    before = home.ledger().snapshot()
    written = write(operation, home.ledger())
    full = {kind: table.num_rows for kind, table in operation.tables.items() if table.num_rows}
    assert dict(written.counts) == {kind: Appended(unchanged=n) for kind, n in full.items()}
    after = home.ledger().snapshot()
    assert after.files("message") == before.files("message")


def test_its_truth_lies_beside_the_records(home: Home) -> None:
    assert json.loads((home.path / TRUTH_FILE).read_text("utf-8")) == small("fa").truth
    (source,) = home.ledger().snapshot().sources
    assert source.source == SOURCE


def test_nothing_in_it_is_doubtful(home: Home) -> None:
    assert json.loads(home.ledger().batches()[0].warnings) == {}


@pytest.mark.parametrize(
    ("metric", "known"),
    [
        ("chats_served", "served"), ("chats_offline", "offline"),
        ("chats_bot_only", "bot_only"), ("chats_pending", "pending"),
        ("chat_satisfaction", "satisfied_responders"),
    ],
)  # fmt: skip
def test_chats_are_those_that_were_simulated(home: Home, metric: str, known: str) -> None:
    true = small("fa").truth["channels"]["live_chat"][known]
    assert _ask(home, metric) == pytest.approx(true, abs=1e-6)


@pytest.mark.parametrize(
    ("metric", "known"),
    [("new_tickets", "created"), ("resolved_tickets", "solved"), ("reopened_tickets", "reopened")],
)
def test_tickets_are_those_that_were_simulated(home: Home, metric: str, known: str) -> None:
    assert _ask(home, metric) == small("fa").truth["tickets"][known]


def test_conversations_leave_out_noise_spam_invitations_and_our_own(home: Home) -> None:
    total = small("fa").truth["total"]
    left = total["arrivals"] - sum(total[k] for k in ("noise", "spam", "empty", "proactive"))
    assert _ask(home, "conversations") == left


def _ask(home: Home, metric: str) -> float | int | None:
    truth = small("fa").truth
    answers = home.answers()
    try:
        asked = Question((metric,), start=truth["from"], end=truth["until"])
        return answers.ask(asked).results[0].value
    finally:
        answers.close()
