"""An operation in a real home: it imports once, and the figures are those of its truth."""

from __future__ import annotations

import json

import pytest
from simulated import rows, small

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
    assert _ask(home, "conversations") == left - len(rows(small("fa"), SAID_TWICE))


# Arrivals that chance made in the same words while another of the customer's was running.
SAID_TWICE = """
    WITH c AS (
        SELECT id, customer_id, coalesce(started_at, requested_at, queued_at) AS began, ended_at
        FROM conversation
    ), f AS (
        SELECT conversation_id, arg_min(body, "at") AS said FROM message
        WHERE author_type = 'customer' GROUP BY 1
    ), answered AS (SELECT DISTINCT conversation_id FROM message WHERE author_type = 'agent')
    SELECT DISTINCT b.id FROM c a JOIN c b ON b.customer_id = a.customer_id AND b.id <> a.id
        AND b.began BETWEEN a.began AND a.began + INTERVAL 10 MINUTE
        AND coalesce(a.ended_at > b.began, true)
    JOIN f x ON x.conversation_id = a.id JOIN f y ON y.conversation_id = b.id AND x.said = y.said
    WHERE length(y.said) >= 15
        AND (a.ended_at IS NULL OR a.id IN (SELECT conversation_id FROM answered))
"""


def _ask(home: Home, metric: str) -> float | int | None:
    truth = small("fa").truth
    answers = home.answers()
    try:
        asked = Question((metric,), start=truth["from"], end=truth["until"])
        return answers.ask(asked).results[0].value
    finally:
        answers.close()
