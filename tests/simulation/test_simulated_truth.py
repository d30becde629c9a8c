"""The truth beside the records: it agrees with plain SQL over them and with the chances drawn."""

from __future__ import annotations

import json
import math

from simulated import every_shop, rows, small, value

from sanjeh.simulation import Probabilities
from sanjeh.simulation.shops.shop import TOPICS

CHANCES = Probabilities()


def _near(share: float, chance: float, size: int) -> bool:
    """Within four standard errors of a share."""
    return abs(share - chance) <= 4 * math.sqrt(chance * (1 - chance) / size)


OUTCOMES = """
    WITH spoke AS (
        SELECT conversation_id FROM message
        WHERE author_type = 'agent' AND visibility = 'public' GROUP BY 1
    )
    SELECT count(*) FILTER (s.conversation_id IS NOT NULL OR k.answered_at IS NOT NULL),
           count(*) FILTER (missed_reason IS NOT NULL), count(*) FILTER (offline)
    FROM conversation c LEFT JOIN spoke s ON s.conversation_id = c.id
    LEFT JOIN call k ON k.conversation_id = c.id
    WHERE direction = 'inbound' AND channel = '{channel}'
"""


@every_shop
def test_counts_are_those_of_the_records(locale: str) -> None:
    operation = small(locale)
    for code, true in operation.truth["channels"].items():
        found = rows(operation, OUTCOMES.format(channel=code))
        assert found == [(true["served"], true["abandoned"], true["offline"])], code


@every_shop
def test_every_contact_has_one_fate_and_one_month(locale: str) -> None:
    truth = small(locale).truth
    fates = ("served", "abandoned", "offline", "bot_only", "pending", "empty", "noise", "spam")
    assert sum(truth["total"][fate] for fate in fates) == truth["total"]["arrivals"]
    for count in ("arrivals", "served", "abandoned", "surveys_answered"):
        assert sum(row[count] for row in truth["months"]) == truth["total"][count]


def test_months_are_those_of_the_shops_calendar() -> None:
    english = {(r["month"], r["from"], r["until"]) for r in small().truth["months"]}
    assert english == {
        ("2026-01", "2026-01-30", "2026-02-01"),
        ("2026-02", "2026-02-01", "2026-03-01"),
    }
    persian = {(r["month"], r["from"], r["until"]) for r in small("fa").truth["months"]}
    assert persian == {
        ("1404-11", "2026-01-30", "2026-02-20"),
        ("1404-12", "2026-02-20", "2026-03-01"),
    }


@every_shop
def test_arrivals_are_poisson_about_what_was_expected(locale: str) -> None:
    operation = small(locale)
    assert abs(operation.truth["conversation_records"] - 2_000) < 300
    added = sum(a["contacts_added"] - a["contacts_lost"] for a in operation.truth["anomalies"])
    first = operation.truth["total"]["arrivals"] - sum(
        operation.truth["total"][name] for name in ("redials", "returns")
    )
    expected = sum(operation.truth["expected_first_contacts"].values())
    later_thanks = operation.truth["total"]["noise"]  # at most these are no first contacts
    assert abs(first - added - expected) <= 4 * math.sqrt(expected) + later_thanks


@every_shop
def test_reopenings_and_answers_have_their_chances(locale: str) -> None:
    truth = small(locale).truth
    tickets = truth["tickets"]
    assert tickets["solved"] > 300
    assert _near(tickets["reopened_share"], CHANCES.reopens, tickets["solved"])
    total = truth["total"]
    handled = total["handled"]
    assert _near(total["surveys_sent"] / handled, CHANCES.survey_sent, handled)
    assert abs(total["conversions"] - total["conversions_expected"]) <= 4 * math.sqrt(
        total["conversions_expected"]
    )


def test_calls_last_as_long_as_the_law_says() -> None:
    """One-agent calls, divided by what topic and complexity make of them, have the law's median."""
    operation = small("fa")
    effort = {topic.id: topic.effort for topic in TOPICS}
    hard = dict(zip(("low", "medium", "high"), CHANCES.complexity_effort, strict=True))
    logs = [
        math.log(seconds / effort[topic] / hard[complexity])
        for seconds, topic, complexity in rows(
            operation,
            "SELECT epoch(k.ended_at) - epoch(k.answered_at), topic_id, complexity FROM call k "
            "JOIN conversation c ON c.id = k.conversation_id WHERE answered_at IS NOT NULL "
            "AND c.ended_at IS NOT NULL AND c.id NOT IN (SELECT conversation_id FROM transfer) "
            "AND epoch(k.ended_at) - epoch(k.answered_at) > 31",
        )
    ]
    law = CHANCES.handling["voice"]
    mean = sum(logs) / len(logs)
    assert len(logs) > 300
    assert abs(mean - math.log(law.median)) < 4 * law.spread / math.sqrt(len(logs))


def test_the_content_answer_surveys_more_than_the_lukewarm() -> None:
    """Pooled over three shops, the answering differ from all in the way the chances say."""
    totals = [small(locale).truth["total"] for locale in ("en", "fa", "ru")]
    everybody = sum(t["satisfied_all"] * t["handled"] for t in totals)
    everybody /= sum(t["handled"] for t in totals)
    answering = sum(t["satisfied_responders"] * t["surveys_answered"] for t in totals)
    answering /= sum(t["surveys_answered"] for t in totals)
    assert answering > everybody


@every_shop
def test_handling_takes_what_the_segments_take(locale: str) -> None:
    """For phones: acceptance to leaving, and wrap-up, over all agents (plain SQL)."""
    operation = small(locale)
    mean = value(
        operation,
        "SELECT sum(epoch(left_at) - epoch(accepted_at) + wrapup_seconds) / "
        "count(DISTINCT conversation_id) FROM participation p JOIN conversation c "
        "ON c.id = p.conversation_id WHERE channel = 'phone' AND accepted_at IS NOT NULL "
        "AND c.ended_at IS NOT NULL",
    )
    true = operation.truth["channels"]["phone"]["handle_seconds_mean"]
    assert abs(mean - true) < 0.05


def test_the_truth_is_plain_and_says_that_it_is_synthetic() -> None:
    truth = small().truth
    assert json.loads(json.dumps(truth)) == truth
    assert truth["synthetic"] is True
    assert small().is_synthetic
