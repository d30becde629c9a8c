"""Satisfaction beside ready replies, first responses and effort: worked stories by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from record_homes import Desk, Record, built, record, said, status, story, talk, ticket
from sanjeh.answers.question import Question
from sanjeh.answers.working import working

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


def eases(who: str, score: int, when: str = "03-05 09:00", **fields: Any) -> Record:
    """A customer's answer on effort."""
    return answered(f"{who} {when}", "ease", score, customer_id=who, submitted_at=when, **fields)


def advises(who: str, score: int, when: str) -> Record:
    """A customer's answer whether they recommend."""
    return answered(f"{who} {when}", "advice", score, customer_id=who, submitted_at=when)


def bought(who: str, when: str, **fields: Any) -> Record:
    """A purchase of a customer."""
    return record(
        "conversion", id=f"{who} {when}", customer_id=who, at=when,
        **{"type": "purchase", **fields},
    )  # fmt: skip


LOYAL = story(
    "ease and loyalty", EASE, ADVICE,
    talk("first", "03-02 09:00", customer_id="a1", ended_at="03-02 09:10"),
    said("first", "03-02 09:00"), said("first", "03-02 09:01", "ann"),
    eases("a1", 7, conversation_id="first"), eases("a2", 5), eases("a3", 6), eases("x", 6),
    eases("n1", 4), eases("h1", 1), eases("h2", 3), answered("nobody", "ease", 2),
    eases("h1", 7, "03-20 09:00"),  # the earlier answer tells the cohort
    eases("young", 7, "04-05 09:00"),  # 90 days after: 4 July
    *(bought(who, "02-01 09:00") for who in ("a1", "a2", "a3", "n1", "h1", "h2", "young")),
    bought("a1", "03-20 09:00"), bought("a1", "03-21 09:00"), bought("a2", "06-03 09:00"),
    bought("a3", "06-03 09:01"), bought("x", "03-06 09:00"), bought("h2", "04-01 09:00"),
    bought("h1", "04-01 09:00", status="refunded"), bought("n1", "04-01 09:00", type="signup"),
    advises("a1", 10, "03-25 09:00"), advises("a1", 9, "04-20 09:00"),
    advises("a2", 8, "04-20 09:00"), advises("a3", 0, "06-20 09:00"),
    advises("a3", 0, "03-01 09:00"),
    advises("h1", 3, "04-20 09:00"), advises("h2", 6, "05-20 09:00"),
)  # fmt: skip
SPRING = {"start": "2026-03-01", "end": "2026-05-01"}


def test_who_buys_again_after_an_easy_or_a_hard_time(world: Desk) -> None:
    whole = world.figure("repurchase_after_effort", LOYAL, **SPRING)
    assert (whole.numerator, whole.denominator) == (3, 6)
    assert whole.excluded == {
        "an earlier answer of the same customer": 1, "the customer is not known": 1,
        "the time after it is not over": 1, "had bought nothing before": 1,
    }  # fmt: skip
    by = world.by("repurchase_after_effort", "effort_band", LOYAL)
    assert by == {"easy": pytest.approx(2 / 3), "hard": 0.5, "neutral": 0}
    apart = world.figure("repurchase_difference", LOYAL)
    assert apart.value == pytest.approx(100 * (2 / 3 - 1 / 2))
    assert apart.statistics == {"n_of": 3, "n_less": 2}
    assert apart.is_small
    assert apart.excluded == {
        "repurchase_after_effort: an earlier answer of the same customer": 1,
        "repurchase_after_effort: the customer is not known": 1,
        "repurchase_after_effort: had bought nothing before": 1,
    }
    assert NO_CAUSE in world.answer("repurchase_difference", of=LOYAL).warnings
    month = {"loyalty.window": "30"}
    assert world.by("repurchase_after_effort", "effort_band", LOYAL, options=month)["easy"] == (
        pytest.approx(1 / 3)
    )


def test_who_recommends_after_an_easy_or_a_hard_time(world: Desk) -> None:
    by = world.by("recommendation_after_effort", "effort_band", LOYAL)
    assert by == {"easy": 8.5, "hard": 4.5, "neutral": None}
    assert world.value("recommendation_difference", LOYAL) == 4
    silent = world.figure("recommendation_after_effort", LOYAL).excluded
    assert silent["did not say whether they recommend"] == 3  # a3, x, n1


def test_the_working_of_a_difference_has_both_cohorts(world: Desk) -> None:
    asked = Question(("repurchase_difference",), where=(("source", "is", (LOYAL,)),), **SPRING)
    easy, hard = working(world.answers, asked).parts
    assert (easy.rows_counted, hard.rows_counted) == (3, 2)


def test_the_cohort_of_a_filter_is_that_of_the_group(world: Desk) -> None:
    for band, value in world.by("repurchase_after_effort", "effort_band", LOYAL).items():
        only = (("effort_band", "is", (band,)),)
        assert world.value("repurchase_after_effort", LOYAL, where=only) == value


def test_who_stays_after_an_easy_or_a_hard_time(tmp_path: Path) -> None:
    """Six accounts with a person each; a contract runs from January until the day told."""
    until = {"a1": None, "a2": "2026-06-20", "h1": "2026-04-01", "h2": None, "gone": "2026-02-01"}
    scores = {"a1": 7, "a2": 6, "h1": 1, "h2": 2, "gone": 7}
    records = [
        EASE,
        *(record("account", id=f"of {who}", name=who) for who in until),
        *(record("customer", id=who, account_id=f"of {who}") for who in until),
        *(
            record("subscription", id=f"sub {who}", account_id=f"of {who}",
                   started_at="2026-01-01", ended_at=end)
            for who, end in until.items()
        ),
        *(eases(who, score) for who, score in scores.items()),
        eases("guest", 5),
        ticket("beacon", "06-30 00:00"),
    ]  # fmt: skip
    desk = Desk(built(tmp_path / "home", records))
    stayed = desk.figure("retention_after_effort")
    assert (stayed.numerator, stayed.denominator) == (3, 4)
    assert stayed.excluded == {
        "no account or subscription is recorded": 1, "was no customer any more": 1,
    }  # fmt: skip
    assert desk.by("retention_after_effort", "effort_band")["hard"] == 0.5
    assert desk.value("retention_difference") == 50
    desk.close()


def test_without_accounts_and_subscriptions_nobody_is_said_to_stay(tmp_path: Path) -> None:
    desk = Desk(built(tmp_path / "home", [EASE, eases("a", 7), ticket("beacon", "06-30 00:00")]))
    stayed = desk.figure("retention_after_effort")
    assert stayed.value is None
    assert "account or subscription" in (stayed.why_null or "")
    desk.close()


def waits(id: str, seconds: int | None, **fields: Any) -> list[Record]:
    """A chat of 2 March of a visitor, answered after so many seconds; None: the visitor left."""
    ended = {"ended_at": "03-02 10:00"}
    asked = [talk(id, "03-02 09:00", customer_id=f"of {id}", **{**ended, **fields}),
             said(id, "03-02 09:00")]  # fmt: skip
    if seconds is None:
        return asked
    return [*asked, said(id, f"03-02 09:{seconds // 60:02d}:{seconds % 60:02d}", "ann")]


BANDS = story(
    "first responses by band", STARS,
    waits("b0", 0), waits("b1", 59), waits("b2", 60), waits("b3", 120), waits("b4", 121),
    waits("b5", 300), waits("b6", 301), waits("b7", None), waits("b8", None),
    waits("open", None, ended_at=None),
    *(bought(f"of b{n}", "03-03 09:00") for n in (0, 1, 2, 5)),
    *(
        answered(f"stars {n}", "stars", score, conversation_id=f"b{n}")
        for n, score in enumerate((5, 4, 3, 4, 2, 5, 1, 1))
    ),
    answered("mail", "stars", 5, customer_id="somebody"),
)  # fmt: skip
SIXTY = (("first_response_band", "is", ("under 60 s",)),)


def test_conversion_satisfaction_and_missed_share_by_first_response(world: Desk) -> None:
    assert world.by("chat_conversion_rate", "first_response_band", BANDS) == {
        "under 60 s": 1, "60 to 120 s": 0.5, "2 to 5 min": 0.5, "over 5 min": 0,
    }  # fmt: skip
    requested = {"conversion.base": "requested"}
    asked = world.by("chat_conversion_rate", "first_response_band", BANDS, options=requested)
    assert (asked["never"], asked["unknown"]) == (0, 0)  # the open one may still be answered
    assert world.by("satisfied_share", "first_response_band", BANDS) == {
        "under 60 s": 1, "60 to 120 s": 0.5, "2 to 5 min": 0.5, "over 5 min": 0, "never": 0,
        "unknown": 1,
    }  # fmt: skip
    assert world.by("missed_chat_rate", "first_response_band", BANDS) == {
        "under 60 s": 0, "60 to 120 s": 0, "2 to 5 min": 0, "over 5 min": 0, "never": 1,
    }  # fmt: skip
    answer = world.answer("chat_conversion_rate", of=BANDS, by=("first_response_band",))
    assert NO_CAUSE in answer.warnings
    assert NO_CAUSE not in world.answer("chat_conversion_rate", of=BANDS).warnings


def test_a_band_of_first_responses_is_a_filter(world: Desk) -> None:
    assert world.value("chat_conversion_rate", BANDS, where=SIXTY) == 1
    assert world.figure("satisfied_share", BANDS, where=SIXTY).n == 2
    assert world.value("conversations", BANDS, where=SIXTY) == 2
    assert world.by("conversations", "first_response_band", BANDS)["never"] == 2
