"""Satisfaction beside ready replies, first responses and effort: worked stories by hand."""

from __future__ import annotations

from typing import Any

import pytest

from record_homes import Desk, Record, record, said, status, story, talk, ticket

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


EASE = record("survey", id="ease", survey_kind="ces", scale_min=1, scale_max=7)
ADVICE = record("survey", id="advice", survey_kind="nps", scale_min=0, scale_max=10)
NO_PAIR = "nothing to pair it with"
# Of twelve chats: ease, stars, advice; seconds until the reply, hours until the ticket was solved,
# further messages.
TWELVE = (
    (1, 2, 0, 600, 20, 4), (2, 1, 3, 540, 30, 5), (2, 2, 2, 480, 5, 3), (3, 3, 5, 300, 9, 3),
    (4, 2, 6, 300, 8, 2), (4, 4, 7, 200, 8, 0), (5, 4, 9, 90, 4, 1), (5, 5, 8, 60, 6, 2),
    (6, 3, 9, 45, 3, 1), (6, 5, 10, 50, 2, 0), (7, 5, 10, 20, 1, 0), (7, 4, 9, 30, 2, 1),
)  # fmt: skip


def answered(id: str, survey: str, score: int, **fields: Any) -> Record:
    """An answer of 5 March."""
    return record(
        "survey_response", id=id, survey_id=survey, score=score,
        **{"submitted_at": "03-05 09:00", **fields},
    )  # fmt: skip


def eased(n: int, ease: int, stars: int, advice: int, waited: int, hours: int, more: int) -> Any:
    """A chat of 2 March, its ticket and three answers, after n mod 3 earlier chats."""
    id, who = f"e{n}", f"of e{n}"
    day, hour = divmod(9 + hours, 24)
    return [
        ticket(f"t{n}", "03-02 09:00", customer_id=who),
        status(f"t{n}", f"03-0{2 + day} {hour:02d}:00", "solved"),
        talk(id, "03-02 09:00", customer_id=who, ticket_id=f"t{n}", ended_at="03-02 10:00"),
        said(id, "03-02 09:00"),
        said(id, f"03-02 09:{waited // 60:02d}:{waited % 60:02d}", "ann"),
        *(said(id, f"03-02 09:{20 + k}", "ann") for k in range(more)),
        *(
            [
                talk(f"{id} {k}", f"02-2{k} 09:00", customer_id=who, ended_at=f"02-2{k} 09:10"),
                said(f"{id} {k}", f"02-2{k} 09:00"),
            ]
            for k in range(n % 3)
        ),
        answered(f"ease {n}", "ease", ease, conversation_id=id),
        answered(f"stars {n}", "stars", stars, conversation_id=id),
        answered(f"advice {n}", "advice", advice, customer_id=who, submitted_at="03-20 09:00"),
    ]  # fmt: skip


TOGETHER = story(
    "ease and the rest", EASE, STARS, ADVICE, *(eased(n, *row) for n, row in enumerate(TWELVE)),
    answered("nobody", "ease", 7),  # neither conversation nor customer
)  # fmt: skip


def pearson(xs: list[float], ys: list[float]) -> float:
    """By its definition, in plain Python."""
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    both = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True))
    return float(both / (sum((a - x) ** 2 for a in xs) * sum((b - y) ** 2 for b in ys)) ** 0.5)


def ranks(values: list[float]) -> list[float]:
    """One more than how many are less, and half of the others that are equal."""
    return [sum(b < a for b in values) + (values.count(a) + 1) / 2 for a in values]


@pytest.mark.parametrize(
    ("metric", "others"),
    [
        ("effort_and_satisfaction", [row[1] for row in TWELVE]),
        ("effort_and_recommendation", [row[2] for row in TWELVE]),
        ("effort_and_first_response", [row[3] for row in TWELVE]),
        ("effort_and_resolution_time", [row[4] for row in TWELVE]),
        ("effort_and_messages", [row[5] for row in TWELVE]),
        ("effort_and_contacts", [n % 3 for n in range(12)]),
    ],
)
def test_ease_goes_with_the_rest(world: Desk, metric: str, others: list[float]) -> None:
    ease: list[float] = [row[0] for row in TWELVE]
    found = world.figure(metric, TOGETHER)
    assert (found.n, found.excluded) == (12, {NO_PAIR: 1})
    assert found.value == pytest.approx(pearson(ease, others), abs=1e-12)
    rho = pearson(ranks(ease), ranks(others))
    assert found.statistics["spearman"] == pytest.approx(rho, abs=1e-12)
    assert world.value(f"{metric}.spearman", TOGETHER) == found.statistics["spearman"]
    assert "Correlation, not cause." in world.answer(metric, of=TOGETHER).warnings


def test_ranks_of_equal_values_are_their_mean() -> None:
    assert ranks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2]
    assert pearson([1, 2, 3], [1, 3, 2]) == pytest.approx(0.5)


NINE = story(
    "nine pairs", EASE, STARS,
    *(eased(n, *row)[2:] for n, row in enumerate(TWELVE[:9])),
)  # fmt: skip
SAME = story(
    "one score for all", EASE, STARS,
    *(
        [served, answered(f"ease {n}", "ease", 1 + n % 7, conversation_id=f"q{n}")]
        for n, served in enumerate(rated(f"q{n}", 5) for n in range(11))
    ),
)  # fmt: skip
NEAREST = story(
    "the nearest within thirty days", EASE, STARS,
    *(
        [
            answered(f"ease {n}", "ease", 1 + n % 7, customer_id=f"c{n}",
                     submitted_at="03-20 09:00"),
            answered(f"far {n}", "stars", 1, customer_id=f"c{n}", submitted_at="02-18 08:59"),
            answered(f"near {n}", "stars", 1 + n % 5, customer_id=f"c{n}",
                     submitted_at="04-01 09:00"),
            answered(f"farther {n}", "stars", 1, customer_id=f"c{n}", submitted_at="03-07 09:00"),
        ]
        for n in range(12)
    ),
    answered("alone", "ease", 3, customer_id="alone", submitted_at="03-20 09:00"),
    answered("too far", "stars", 3, customer_id="alone", submitted_at="02-18 08:59"),
)  # fmt: skip


def test_without_ten_pairs_or_without_variance_there_is_no_figure(world: Desk) -> None:
    nine = world.figure("effort_and_satisfaction", NINE)
    assert (nine.value, nine.n) == (None, 9)
    assert nine.why_null == "9 pairs; a correlation needs 10"
    same = world.figure("effort_and_satisfaction", SAME)
    assert (same.value, same.n) == (None, 11)
    assert same.why_null == "one of the two is the same in every pair"
    assert "spearman" not in same.statistics


def test_the_same_customers_nearest_answer_within_thirty_days(world: Desk) -> None:
    found = world.figure("effort_and_satisfaction", NEAREST)
    assert (found.n, found.excluded) == (12, {NO_PAIR: 1})
    ease, stars = [1.0 + n % 7 for n in range(12)], [1.0 + n % 5 for n in range(12)]
    assert found.value == pytest.approx(pearson(ease, stars), abs=1e-12)


def test_each_group_has_its_own_ranks(world: Desk) -> None:
    months = {"start": "2026-03-01", "end": "2026-05-01", "grain": "month"}
    first, second = world.answer("effort_and_satisfaction", of=TOGETHER, **months).results
    assert first.value == world.value("effort_and_satisfaction", TOGETHER)
    assert (second.value, second.n) == (None, 0)
