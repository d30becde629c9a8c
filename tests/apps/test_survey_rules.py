"""Whom a survey asks, when and why not; what its answers may be; when it becomes another one."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from survey_cases import DAY, NOW, chat, codes, reasons, survey

pytestmark = pytest.mark.usefixtures("tables")


def shown(about: Any, now: dt.datetime = NOW) -> Any:
    from sanjeh.apps.surveys.chat import for_chat

    return for_chat(about, now)


def rate(frame: Any, answers: dict[str, Any], now: dt.datetime = NOW) -> None:
    from sanjeh.apps.surveys.chat import answer

    answer(frame["invitation"], answers, now)


def refusal(frame: Any, answers: dict[str, Any], now: dt.datetime = NOW) -> str:
    from sanjeh.apps.surveys.chat import REFUSED

    with pytest.raises(REFUSED) as refused:
        rate(frame, answers, now)
    return str(refused.value.code)  # type: ignore[union-attr]


# -- the frame -------------------------------------------------------------------------------------


def test_the_frame_has_the_questions_in_the_customers_language() -> None:
    made = survey("csat", "ces", "expectation", "text")
    frame = shown(chat(1, language="fa"))
    assert frame["type"] == "survey"
    assert frame["closes_at"] == "2026-03-09T09:00:00+00:00"
    csat, ces, expectation, text = frame["questions"]
    assert [q["id"] for q in frame["questions"]] == codes(made)
    assert (csat["kind"], csat["low"], csat["high"]) == ("csat", 1, 5)
    assert csat["text"] == "از کمکی که گرفتید چقدر راضی هستید؟"
    assert (csat["low_label"], csat["high_label"]) == ("خیلی ناراضی", "خیلی راضی")
    assert (ces["kind"], ces["low"], ces["high"]) == ("ces", 1, 7)
    assert [o["id"] for o in expectation["choices"]] == ["below", "met", "exceeded"]
    assert (text["kind"], text["required"]) == ("text", False)


def test_coming_back_shows_the_same_survey_until_it_is_answered_or_over() -> None:
    made = survey("csat")
    first = shown(chat(1))
    assert shown(chat(1), NOW + DAY)["invitation"] == first["invitation"]
    assert shown(chat(1), NOW + 7 * DAY) is None  # closed that instant
    rate(first, {codes(made)[0]: 5})
    assert shown(chat(1), NOW + DAY) is None
    assert made.invitations.count() == 1


def test_one_survey_a_chat_is_shown_and_answering_it_does_not_bring_the_next() -> None:
    first, second = survey("csat"), survey("nps")
    frame = shown(chat(1))
    rate(frame, {codes(first)[0]: 5})
    assert shown(chat(1)) is None
    assert second.invitations.count() == 0


# -- scales ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("csat", (1, 5, "3", "۴", 2.0), (0, 6, 4.5, True, "4.5", "", "five", [4], float("nan"))),
        ("ces", (1, 7), (0, 8)),
        ("nps", (0, 10), (-1, 11, 100, "1e1")),
        ("expectation", ("below", "met", "exceeded"), ("wonderful", 1, "")),
    ],
)
def test_only_what_is_on_the_scale_is_taken(
    kind: str, good: tuple[Any, ...], bad: tuple[Any, ...]
) -> None:
    made = survey(kind)
    [code] = codes(made)
    frame = shown(chat(1))
    for given in bad:
        wanted = "needed" if given == "" else "choice" if kind == "expectation" else "scale"
        assert refusal(frame, {code: given}) == wanted, given
    assert made.invitations.get().answers.count() == 0
    for given in good:
        rate(frame, {code: given})
    assert made.invitations.get().answers.count() == 1


def test_words_alone_are_no_answer_where_a_score_is_asked() -> None:
    made = survey("csat", "text")
    score, words = codes(made)
    frame = shown(chat(1))
    assert refusal(frame, {words: "kind"}) == "needed"
    assert refusal(frame, {}) == "needed"
    assert refusal(frame, {score: 5, words: "x" * 4001}) == "long"
    assert refusal(frame, {score: 5, words: "a\0b"}) == "choice"
    rate(frame, {score: 5, words: "kind", "no-question": "left alone"})
    part = survey("csat", "ces")  # what is given of two counts; the other may follow
    made.is_active = False
    made.save()
    frame = shown(chat(3, language="fa-IR"))
    rate(frame, {codes(part)[1]: 7})
    assert part.invitations.get().answers.get().score == 7.0
    assert part.invitations.get().language == "fa"
    assert [a.comment for a in made.invitations.get().answers.order_by("pk")] == ["", "kind"]


# -- whom and when ---------------------------------------------------------------------------------


def test_a_share_is_told_by_the_hash_alone() -> None:
    made = survey("csat", share=0.3)
    asked = {n for n in range(200) if shown(chat(n)) is not None}

    def place(number: int) -> float:  # written down a second time, from its description
        parts = b"".join(
            len(p).to_bytes(4, "big") + p
            for p in (b"conversation", b"desk", f"chat-{number}".encode(), b"")
        )
        subject = hashlib.blake2b(parts, digest_size=32).hexdigest()
        digest = hashlib.blake2b(f"{made.pk}:{subject}".encode(), digest_size=8)
        return int(digest.hexdigest(), 16) / 2**64

    assert asked == {n for n in range(200) if place(n) < 0.3}
    assert 40 <= len(asked) <= 80
    assert reasons(made) == {"not_sampled": 200 - len(asked)}
    assert {n for n in range(200) if shown(chat(n)) is not None} == asked
    assert reasons(made) == {"not_sampled": 200 - len(asked)}  # counted once


def test_nobody_and_everybody_are_shares_too() -> None:
    none = survey("csat", share=0.0)
    assert [shown(chat(n)) for n in range(20)] == [None] * 20
    none.is_active = False
    none.save()
    survey("csat", share=1.0)
    assert None not in [shown(chat(n)) for n in range(20, 40)]


def test_a_customer_is_left_in_peace_at_the_touchpoint() -> None:
    made = survey("csat", quiet_days=30)
    assert shown(chat(1, "ann"))
    assert shown(chat(2, "ann"), NOW + DAY) is None  # not counted: quiet
    assert shown(chat(3, "bob"), NOW + DAY)
    assert shown(chat(4, "ann"), NOW + 30 * DAY - dt.timedelta(microseconds=1)) is None
    assert shown(chat(5, "ann"), NOW + 30 * DAY)  # on the edge
    assert reasons(made) == {"quiet": 2}


def test_another_touchpoint_and_another_source_are_not_quiet() -> None:
    survey("csat", quiet_days=30)
    assert shown(chat(1, "ann"))
    assert shown(chat(1, "ann", source="other"))  # another person of the same id
    from sanjeh.apps.surveys.asking import invite

    elsewhere = survey("nps", trigger="list", way="link", touchpoint="purchase", quiet_days=30)
    assert invite(elsewhere, chat(9, "ann"), NOW + DAY)
    same_place = survey("nps", trigger="list", way="link", quiet_days=30)
    assert invite(same_place, chat(9, "ann"), NOW + DAY) is None


@pytest.mark.parametrize("left_out", ["spam", "test", "missed"])
def test_spam_tests_and_missed_chats_are_asked_after_only_where_chosen(left_out: str) -> None:
    made = survey("csat")
    assert shown(chat(1, **{f"is_{left_out}": True})) is None
    assert reasons(made) == {left_out: 1}
    made.include = [left_out]
    made.save()
    assert shown(chat(2, **{f"is_{left_out}": True}))


def test_languages_addresses_and_unknown_people() -> None:
    from sanjeh.apps.mail.addresses import digest, unsubscribe
    from sanjeh.apps.mail.models import Letter

    made = survey("csat", way="mail", languages=["fa", "ru"])
    unsubscribe(digest("No@Shop.ir"), NOW)
    assert shown(chat(1, language="en", email="a@shop.ir")) is None
    assert shown(chat(2, language="fa")) is None
    assert shown(chat(3, language="fa", email="a@shop.ir\nBcc: b@shop.ir")) is None
    assert shown(chat(4, language="fa", email="no@shop.ir")) is None
    assert shown(chat(5, language="ru", email="a@shop.ir")) is None  # a letter, nothing in the chat
    assert reasons(made) == {"language": 1, "no_address": 2, "unsubscribed": 1}
    assert Letter.objects.filter(kind="survey").count() == 1


# -- one survey or another -------------------------------------------------------------------------


def test_what_breaks_comparability_begins_a_new_question() -> None:
    from sanjeh.apps.surveys import editing

    made = survey("csat")
    [question] = made.asked()
    first = question.code
    # Nobody has answered: it may become anything.
    question = editing.reword(question, {"low": 1, "high": 7, "satisfied": [6, 7]}, NOW)
    assert question.code == first
    rate(shown(chat(1)), {first: 7})
    german = {**question.texts, "de": "Zufrieden?"}
    question = editing.reword(question, {"texts": german}, NOW)
    assert question.code == first  # a language more
    slip = {**german, "en": "How satisfied are you with the help you got today?"}
    question = editing.reword(question, {"texts": slip}, NOW, same_sense=True)
    assert question.code == first
    again = editing.reword(question, {"texts": {**slip, "en": "Happy?"}}, NOW)
    assert again.code != first
    assert codes(made) == [again.code]
    other = editing.reword(again, {"satisfied": [7]}, NOW)
    assert other.code == again.code  # nobody has answered that one yet
    rate(shown(chat(2)), {again.code: 7})
    assert editing.reword(other, {"satisfied": [5, 6, 7]}, NOW, same_sense=True).code != again.code


def test_who_was_asked_before_a_change_answers_what_was_asked() -> None:
    from sanjeh.apps.surveys import editing

    made = survey("csat")
    frame, answered = shown(chat(1)), shown(chat(2))
    rate(answered, {codes(made)[0]: 5})
    old = codes(made)[0]
    editing.reword(made.asked()[0], {"low": 1, "high": 7}, NOW)
    assert shown(chat(1))["questions"][0]["id"] == old
    rate(frame, {old: 5})
    assert refusal(shown(chat(3)), {old: 5}) == "needed"


def test_a_closed_survey_a_forged_name_and_an_answer_for_good() -> None:
    made = survey("csat", may_change=False)
    [code] = codes(made)
    first, second = shown(chat(1)), shown(chat(2))
    assert refusal(first, {code: 5}, NOW + 7 * DAY) == "closed"
    rate(first, {code: 4})
    assert refusal(first, {code: 5}) == "used"
    handle, _, signature = second["invitation"].partition(".")
    other = first["invitation"].partition(".")[0]
    for forged in (f"{other}.{signature}", handle, "", ".", f"{handle}.x", "a" * 3000):
        assert refusal({"invitation": forged}, {code: 5}) == "unknown"
    assert [a.score for a in made.invitations.get(handle=other).answers.all()] == [4.0]
