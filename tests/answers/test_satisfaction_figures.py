"""Satisfaction, recommendation, effort, feedback: worked stories with literal figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from record_homes import Desk, Record, built, load, record, said, story, talk, ticket

pytestmark = pytest.mark.xdist_group("stories")


def survey(id: str, kind: str, low: int, high: int, **fields: Any) -> Record:
    """A survey and its scale."""
    return record("survey", id=id, survey_kind=kind, scale_min=low, scale_max=high, **fields)


def answer(
    id: str, score: float | None, survey_id: str = "stars", day: str = "03-03", **fields: Any
) -> Record:
    """An answer of 3 March."""
    return record(
        "survey_response", id=id, survey_id=survey_id, score=score,
        **{"submitted_at": f"{day} 09:00", **fields},
    )  # fmt: skip


def served(id: str, who: str = "", **fields: Any) -> list[Record]:
    """A chat of 2 March that ann answered."""
    return [
        talk(id, "03-02 09:00", customer_id=who or f"of {id}", ended_at="03-02 09:10", **fields),
        said(id, "03-02 09:00"),
        said(id, "03-02 09:01", "ann"),
    ]


STARS = survey("stars", "csat", 1, 5, touchpoint="support")
FIVE = story(
    "five answers", STARS,
    *(served(f"v{n}") for n in range(6)),
    *(answer(f"s{n}", score, conversation_id=f"v{n}") for n, score in enumerate((5, 5, 4, 3, 1))),
    answer("first try", 1, conversation_id="v0", submitted_at="03-03 08:00"),  # not counted
    answer("no such score", 6, conversation_id="v5"),  # not counted
)  # fmt: skip
AGAIN = "another answer about the same conversation counts"


def test_scores_5_5_4_3_1(world: Desk) -> None:
    mean = world.figure("satisfaction_score", FIVE)
    assert mean.value == 3.6
    assert mean.n == 5
    assert mean.statistics["median"] == 4
    assert mean.excluded == {AGAIN: 1, "score outside the scale": 1}
    assert world.value("satisfied_share", FIVE) == 0.6
    assert world.value("very_satisfied_share", FIVE) == 0.4
    assert world.value("complaints", FIVE) == 1
    assert world.figure("complaints_per_100_served", FIVE).value == pytest.approx(100 / 6)
    assert world.value("satisfied_share", FIVE, options={"csat.satisfied_min": "5"}) == 0.4
    assert world.value("complaints", FIVE, options={"csat.negative_max": "3"}) == 2
    assert world.figure("satisfaction_score", FIVE, options={"survey.dedupe": "all"}).n == 6
    assert world.value("satisfaction_score", FIVE, options={"survey.dedupe": "first"}) == 2.8


def test_scores_are_credited_to_the_agent(world: Desk) -> None:
    assert world.by("satisfaction_score", "agent", FIVE)["ann"] == 3.6


SCALES = story(
    "two scales", STARS, survey("ten", "csat", 1, 10, satisfied=[8, 9, 10]),
    *(served(f"w{n}") for n in range(4)),
    answer("a", 5, conversation_id="w0"), answer("b", 3, conversation_id="w1"),
    answer("c", 9, "ten", conversation_id="w2"), answer("d", 7, "ten", conversation_id="w3"),
)  # fmt: skip


def test_only_shares_are_pooled_over_scales(world: Desk) -> None:
    mean = world.figure("satisfaction_score", SCALES)
    assert mean.value is None
    assert mean.n == 4
    assert mean.why_null is not None
    assert world.by("satisfaction_score", "scale", SCALES) == {"1-5": 4.0, "1-10": 8.0}
    assert world.value("satisfied_share", SCALES) == 0.5


INVITED = story(
    "invitations", STARS, *(served(f"i{n}", segment_snapshot="Gold") for n in range(4)),
    *(record("survey_invite", id=f"inv{n}", survey_id="stars", conversation_id=f"i{n}",
             sent_at="03-02 10:00") for n in range(4)),
    answer("named", 5, invite_id="inv0", conversation_id="i0"),
    answer("named, nothing else", 4, invite_id="inv1"),
    answer("unnamed", 3, conversation_id="i2"),
    answer("too late", 3, conversation_id="i3", invite_id="inv3", day="03-20"),
    record("survey_invite", id="yet", survey_id="stars", customer_id="x", sent_at="06-28 10:00"),
)  # fmt: skip


def test_response_rate_is_of_the_invitations_that_had_their_time(world: Desk) -> None:
    rate = world.figure("survey_response_rate", INVITED)
    assert (rate.value, rate.numerator, rate.denominator, rate.pending) == (0.75, 3, 4, 0)
    rate = world.figure("survey_response_rate", INVITED, end="2026-07-01")
    assert (rate.value, rate.pending) == (0.75, 1)


def test_segment_is_that_of_the_event(world: Desk) -> None:
    found = world.by("satisfied_share", "segment", INVITED)
    assert found == {"Gold": 1 / 3, "unknown": 1.0}


NPS = survey("nps", "nps", 0, 10)
TEN = story(
    "ten who would recommend or not", NPS, survey("nps5", "nps", 1, 5),
    *(served(f"n{n}", f"c{n}") for n in range(13)),
    *(answer(f"n{n}", score, "nps", conversation_id=f"n{n}", touchpoint="support")
      for n, score in enumerate((10, 9, 9, 10, 9, 8, 7, 8, 6, 0))),
    answer("earlier", 0, "nps", conversation_id="n0", touchpoint="support",
           submitted_at="03-02 12:00", segment_snapshot="gold"),  # the same conversation
    answer("wrong scale", 5, "nps5", conversation_id="n10"),
    answer("february", 0, "nps", day="02-03", conversation_id="n11", touchpoint="support"),
    answer("february too", 10, "nps", day="02-03", conversation_id="n12", touchpoint="support"),
)  # fmt: skip


def test_nps_of_5_promoters_3_passives_2_detractors(world: Desk) -> None:
    told = world.figure("nps", TEN)
    assert told.value == 30
    assert told.n == 10
    assert round(told.statistics["margin"], 1) == 48.4
    assert told.excluded == {AGAIN: 1, "not on a scale of 0 to 10": 1}
    assert told.is_small  # fewer than 30


def test_change_of_nps_is_in_points_and_may_be_noise(world: Desk) -> None:
    told = world.figure("nps", TEN, compare="previous")
    assert (told.previous_value, told.delta_abs, told.delta_pct) == (0, 30, None)
    assert told.statistics["within_noise"]


LATEST = story(
    "customers asked often", NPS, served("l1", "ann b"), served("l2", "ann b"),
    answer("a", 10, "nps", conversation_id="l1", customer_id="ann b", touchpoint="support"),
    answer("b", 0, "nps", "03-09", conversation_id="l2", customer_id="ann b",
           touchpoint="support"),
    answer("c", 9, "nps", conversation_id="l2", customer_id="ann b", touchpoint="Product"),
    answer("d", 10, "nps", customer_id="ann b"),  # about the whole relationship
)  # fmt: skip


def test_the_latest_of_a_customer_and_touchpoint_counts_and_relations_stay_apart(
    world: Desk,
) -> None:
    mixed = world.figure("nps", LATEST)
    assert mixed.value is None
    assert world.by("nps", "asked", LATEST) == {"transactional": 0, "relationship": 100}
    assert world.figure("transactional_nps", LATEST).n == 2
    assert world.value("relationship_nps", LATEST) == 100
    assert world.by("transactional_nps", "touchpoint", LATEST) == {"Product": 100, "support": -100}


EASE = story(
    "how easy it was", survey("ease", "ces", 1, 7, statement="My problem was solved quickly"),
    survey("effort", "ces", 1, 7, polarity="low_good", question="How much effort was it?"),
    *(served(f"e{n}", segment_snapshot="new") for n in range(4)),
    answer("e0", 7, "ease", conversation_id="e0"), answer("e1", 4, "ease", conversation_id="e1"),
    answer("e2", 5, "ease", conversation_id="e2"),
    answer("e3", 1, "effort", conversation_id="e3"),  # no effort: 7 of 7
)  # fmt: skip


def test_effort_is_turned_round_into_ease(world: Desk) -> None:
    assert world.value("effort_score", EASE) == 5.75
    assert world.value("easy_share", EASE) == 0.75
    assert world.by("effort_answers", "score", EASE) == {"7": 2, "4": 1, "5": 1}
    assert world.by("effort_answers", "segment", EASE) == {"new": 4}
    assert world.by("effort_score", "survey", EASE) == {
        "My problem was solved quickly": pytest.approx(16 / 3),
        "How much effort was it?": 7,
    }


MET = story(
    "what was expected", survey("expected", "expectation", 1, 3, touchpoint="support"), STARS,
    survey("shop", "csat", 1, 5, touchpoint="shop"), survey("web", "csat", 1, 5, touchpoint="web"),
    *(served(f"x{n}") for n in range(6)),
    answer("x0", None, "expected", conversation_id="x0", choice="below"),
    answer("x1", None, "expected", conversation_id="x1", choice="met"),
    answer("x2", 3, "expected", conversation_id="x2"),
    answer("x3", 5, "stars", conversation_id="x3"),  # expectations are asked at this touchpoint
    answer("x4", 5, "shop", conversation_id="x4"), answer("x5", 4, "shop", conversation_id="x5"),
)  # fmt: skip


def test_expectations_and_delight(world: Desk) -> None:
    assert world.value("expectations_met", MET) == 2 / 3
    assert world.by("expectations_met", "expectation", MET) == {
        "below": 0.0, "met": 1.0, "exceeded": 1.0,
    }  # fmt: skip
    told = world.figure("delight", MET)
    assert (told.numerator, told.denominator) == (2, 5)
    assert world.by("delight", "touchpoint", MET) == {"support": 1 / 3, "shop": 0.5}
    assert world.value("delight_coverage", MET) == 2 / 3
    assert (world.value("touchpoints_answered", MET), world.value("touchpoints_defined", MET)) == (
        2,
        3,
    )


HEARD = story(
    "what they said", STARS, served("h1"), served("h2"),
    record("feedback", id="f1", feedback_kind="complaint", sentiment="negative", at="03-03 09:00",
           conversation_id="h1"),
    answer("h1", 1, conversation_id="h1"),  # the same case
    record("feedback", id="f2", feedback_kind="suggestion", at="03-03 09:00", origin="Letter"),
    record("feedback", id="f3", feedback_kind="praise", sentiment="positive", at="03-03 09:00",
           conversation_id="h2"),
    record("feedback", id="f4", sentiment="negative", at="03-03 09:00"),
    record("feedback_action", id="a1", feedback_id="f1", at="03-03 10:00", action="called"),
    record("feedback_action", id="a2", feedback_id="f1", at="03-04 10:00", product_ref="APP-1"),
    record("feedback_action", id="a3", feedback_id="f2", at="03-03 12:00", action="answered"),
)  # fmt: skip


def test_feedback_and_what_was_done_about_it(world: Desk) -> None:
    assert world.value("feedback_received", HEARD) == 4
    assert world.by("feedback_received", "feedback_kind", HEARD) == {
        "complaint": 1, "praise": 1, "suggestion": 1, "unknown": 1,
    }  # fmt: skip
    assert world.value("feedback_actioned_rate", HEARD) == 0.5
    assert world.value("feedback_unactioned", HEARD) == 2
    time = world.figure("feedback_time_to_action.median", HEARD)
    assert (time.value, time.n, time.pending) == (7200, 2, 2)
    assert world.figure("feedback_linked_to_decision", HEARD).denominator == 3
    assert world.value("feedback_linked_to_decision", HEARD) == 1 / 3
    assert world.value("complaints", HEARD) == 2
    assert world.by("complaints", "told_by", HEARD) == {
        "complaint": 1, "negative_words": 1, "score": 1,
    }  # fmt: skip
    assert world.value("conversations_served", HEARD) == 2


WHO = story(
    "who answered", STARS, served("p1", "p1"), served("p2", "p2"),
    record("account", id="big", name="Big", is_key=True),
    record("customer", id="p1", account_id="big", demographics={"country": "ایران"}),
    record("customer", id="p2", demographics={"age_band": "18-29", "gender": "f"}),
    answer("p1", 5, conversation_id="p1"), answer("p2", 1, conversation_id="p2"),
)  # fmt: skip


def test_demographics_and_key_accounts(world: Desk) -> None:
    assert world.by("satisfaction_score", "country", WHO) == {"ایران": 5, "unknown": 1}
    assert world.by("satisfaction_score", "age_band", WHO) == {"18-29": 1, "unknown": 5}
    assert world.by("satisfaction_score", "key_account", WHO) == {"true": 5, "unknown": 1}


def test_answers_about_no_conversation_are_there_after_a_small_import(tmp_path: Path) -> None:
    desk = Desk(built(tmp_path / "home", [NPS, *served("a"), ticket("z", "06-01 09:00")]))
    assert desk.value("nps") is None
    desk.close()
    yearly = answer("r", 10, "nps", customer_id="c")
    letter = record("feedback", id="f", feedback_kind="praise", at="03-03 09:00")
    load(desk.home, [yearly, letter])
    desk.refresh()
    assert desk.value("relationship_nps") == 100
    assert desk.value("feedback_received") == 1
    desk.close()
