"""Satisfaction beside ready replies, first responses and effort: worked stories by hand."""

from __future__ import annotations

from typing import Any

import pytest

from record_homes import Desk, Record, record, said, story, talk

pytestmark = pytest.mark.xdist_group("stories")

STARS = record("survey", id="stars", survey_kind="csat", scale_min=1, scale_max=5)
AGAIN = "another answer about the same conversation counts"
NO_CAUSE = "Association, not cause."


def rated(id: str, score: int, *replies: str, channel: str = "chat", **fields: Any) -> list[Record]:
    """A conversation of 2 March that ann answered, by those ready replies, and its score."""
    used = [
        said(id, f"03-02 09:0{n}", "ann", canned_response_id=reply, canned_edited=reply == "edited")
        for n, reply in enumerate(replies, start=2)
    ]
    return [
        talk(id, "03-02 09:00", channel, customer_id=f"of {id}", ended_at="03-02 09:10", **fields),
        said(id, "03-02 09:00"),
        said(id, "03-02 09:01", "ann"),
        *used,
        record(
            "survey_response", id=f"s {id}", survey_id="stars", score=score, conversation_id=id,
            submitted_at="03-03 09:00",
        ),
    ]  # fmt: skip


READY = story(
    "ready replies and scores", STARS,
    *(rated(f"w{n}", s, "hello") for n, s in enumerate((5, 5, 4, 3))),
    rated("w4", 1, "hello", "edited", "hello"),
    record("survey_response", id="early", survey_id="stars", score=5, conversation_id="w4",
           submitted_at="03-03 08:00"),  # the later answer about w4 counts
    *(rated(f"o{n}", s) for n, s in enumerate((5, 2, 2, 4, 1))),
    rated("mail", 1, "hello", channel="email"),  # no chat
    talk("left", "03-02 10:00", customer_id="l", ended_at="03-02 10:05"),
    said("left", "03-02 10:00"),
    record("survey_response", id="missed", survey_id="stars", score=1, conversation_id="left",
           submitted_at="03-03 09:00"),  # nobody served it
)  # fmt: skip


def test_satisfaction_with_ready_replies_and_without(world: Desk) -> None:
    with_them = world.figure("canned_satisfied_share", READY)
    assert (with_them.value, with_them.n, with_them.excluded) == (0.6, 5, {AGAIN: 1})
    without = world.figure("uncanned_satisfied_share", READY)
    assert (without.value, without.n, without.excluded) == (0.4, 5, {})
    apart = world.figure("canned_satisfaction_difference", READY)
    assert apart.value == pytest.approx(20)
    assert (apart.unit, apart.n, apart.is_small) == ("points", 5, False)
    assert apart.statistics == {"n_of": 5, "n_less": 5}
    assert world.value("canned_satisfaction_score", READY) == 3.6
    assert world.value("uncanned_satisfaction_score", READY) == 2.8
    assert world.value("canned_score_difference", READY) == pytest.approx(0.8)
    for name in ("canned_satisfied_share", "canned_satisfaction_difference"):
        assert NO_CAUSE in world.answer(name, of=READY).warnings


FEW = story(
    "few ready replies and scores", STARS,
    *(rated(f"a{n}", 5, "edited") for n in range(4)), *(rated(f"b{n}", 4) for n in range(6)),
)  # fmt: skip


def test_a_difference_from_few_answers_is_marked(world: Desk) -> None:
    assert world.figure("canned_satisfied_share", FEW).is_small
    assert not world.figure("uncanned_satisfied_share", FEW).is_small
    apart = world.figure("canned_satisfaction_difference", FEW)
    assert (apart.value, apart.n, apart.is_small) == (0, 4, True)
    assert apart.statistics == {"n_of": 4, "n_less": 6}


def test_without_edited_ones_there_is_nothing_to_compare(world: Desk) -> None:
    plain = {"canned.count_edited": "no"}
    assert world.figure("uncanned_satisfied_share", FEW, options=plain).n == 10
    apart = world.figure("canned_satisfaction_difference", FEW, options=plain)
    assert (apart.value, apart.n) == (None, 0)
    assert apart.why_null == "no rows to count"
