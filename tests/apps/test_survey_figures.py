"""From answers to figures, through the real record: each equal to what is counted by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from survey_cases import DAY, NOW, chat, codes, survey

from record_homes import Desk, load, said, talk, ticket
from sanjeh.home import Home

pytestmark = pytest.mark.usefixtures("tables")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Eight chats of 2 March by two agents of two teams, and a record that runs till July."""
    home = Home(tmp_path / "home")
    chats = [
        [
            talk(f"chat-{n}", "03-02 08:00", customer_id=f"visitor-{n}", ended_at="03-02 09:00",
                 team_id="north" if n <= 5 else "south"),
            said(f"chat-{n}", "03-02 08:00"),
            said(f"chat-{n}", "03-02 08:01", "member-1" if n <= 5 else "member-2"),
        ]
        for n in range(1, 9)
    ]  # fmt: skip
    load(home, [r for rows in chats for r in rows] + [ticket("beacon", "06-30 00:00")])
    return Desk(home)


def ask(number: int, now: dt.datetime = NOW) -> Any:
    from sanjeh.apps.surveys.chat import for_chat

    return for_chat(chat(number, agent_id="member-1" if number <= 5 else "member-2"), now)


def rate(frame: Any, now: dt.datetime, **answers: Any) -> None:
    from sanjeh.apps.surveys.chat import answer

    answer(frame["invitation"], answers, now)


def moved(desk: Desk) -> None:
    """What was handed over is in the figures."""
    from sanjeh.apps.handing.outbox import move

    move(desk.home.ledger())
    desk.refresh()


def test_figures_are_those_counted_by_hand(desk: Desk) -> None:
    made = survey("csat", "ces", "text", opens_complaint=True)
    csat, ces, words = codes(made)
    frames = {n: ask(n) for n in range(1, 9)}
    # Eight asked; five answer within seven days (and one on the eighth day is not taken).
    rate(frames[1], NOW + HOUR, **{csat: 5, ces: 7, words: "quick"})
    rate(frames[2], NOW + HOUR, **{csat: 4, ces: 5})
    rate(frames[3], NOW + DAY, **{csat: 3, ces: 4})
    rate(frames[4], NOW + DAY, **{csat: 1, ces: 2, words: "<script>alert(1)</script>"})
    rate(frames[6], NOW + 2 * DAY, **{csat: 2, ces: 1})
    moved(desk)
    assert desk.value("satisfaction_score") == 3.0  # (5 + 4 + 3 + 1 + 2) / 5
    satisfied = desk.figure("satisfied_share")
    assert (satisfied.value, satisfied.n) == (0.4, 5)  # 5 and 4
    assert desk.by("satisfied_share", "team") == {"north": 0.5, "south": 0.0}
    assert desk.value("effort_score") == 3.8  # (7 + 5 + 4 + 2 + 1) / 5
    assert desk.by("survey_response_rate", "survey_kind") == {"csat": 0.625, "ces": 0.625}
    assert desk.value("complaints") == 2.0  # the 1 and the 2, each conversation once
    feedback = desk.home.ledger().rows("feedback").to_pylist()
    assert sorted(r["conversation_id"] for r in feedback) == ["desk/chat-4", "desk/chat-6"]
    assert {(r["kind"], r["origin"]) for r in feedback} == {("complaint", "survey")}
    # The agent, the conversation, the words and the touchpoint are those of the chat.
    [said_] = [
        r for r in desk.home.ledger().rows("survey_response").to_pylist()
        if r["conversation_id"] == "desk/chat-1" and r["survey_id"] == f"desk/{csat}"
    ]  # fmt: skip
    texts = desk.home.ledger().texts("survey_response", [said_["id"]])
    assert texts == {said_["id"]: {"comment": "quick"}}
    assert said_["touchpoint"] == "support"
    own = desk.home.ledger().own_ids([said_["agent_id"], said_["customer_id"]])
    assert sorted(own.values()) == ["member-1", "visitor-1"]


def test_a_changed_answer_takes_the_place_of_the_first(desk: Desk) -> None:
    made = survey("csat", opens_complaint=True)
    [csat] = codes(made)
    frame, other = ask(1), ask(2)
    rate(frame, NOW + HOUR, **{csat: 1})
    rate(other, NOW + HOUR, **{csat: 5})
    moved(desk)
    assert desk.value("satisfied_share") == 0.5
    assert desk.value("complaints") == 1.0
    rate(frame, NOW + 2 * HOUR, **{csat: 2})  # twice between two moves
    rate(frame, NOW + 3 * HOUR, **{csat: 4})
    rate(frame, NOW + 4 * HOUR, **{csat: 4})  # the same again changes nothing
    moved(desk)
    satisfied = desk.figure("satisfied_share")
    assert (satisfied.value, satisfied.n) == (1.0, 2)
    assert desk.value("complaints") == 0.0  # taken back
    rows = desk.home.ledger().rows("survey_response").to_pylist()
    assert sorted((r["score"], r["submitted_at"]) for r in rows) == [
        (4.0, NOW + HOUR), (5.0, NOW + HOUR),
    ]  # fmt: skip
    assert desk.value("survey_response_rate") == 1.0


def test_recommendation_of_a_list_without_chats(desk: Desk) -> None:
    from sanjeh.apps.surveys.about import About
    from sanjeh.apps.surveys.answering import answer
    from sanjeh.apps.surveys.asking import ask_people
    from sanjeh.apps.surveys.links import token

    made = survey("nps", trigger="list", way="link", touchpoint="purchase")
    [nps] = codes(made)
    people = [About(customer_id=f"c{n}", wave="spring") for n in range(10)]
    asked = ask_people(made, people, NOW)
    assert len(asked) == 10
    assert [i.pk for i in ask_people(made, people, NOW + DAY)] == [i.pk for i in asked]
    # Two promoters, one passive, two detractors, of five who answer: 0.
    for invitation, score in zip(asked, (10, 9, 8, 6, 0), strict=False):
        answer(token(invitation), {nps: score}, NOW + DAY)
    moved(desk)
    assert desk.value("nps") == 0.0
    answer(token(asked[3]), {nps: 9}, NOW + 2 * DAY)
    moved(desk)
    # Three promoters, one detractor of five: 100 × 2 / 5.
    assert desk.value("nps") == 40.0
    assert desk.by("nps", "touchpoint") == {"purchase": 40.0}
    assert desk.by("survey_response_rate", "survey_kind") == {"nps": 0.5}


@pytest.mark.slow
def test_another_scale_is_another_survey_of_the_record(desk: Desk) -> None:
    from sanjeh.apps.surveys import editing

    made = survey("csat")
    [old] = codes(made)
    rate(ask(1), NOW + HOUR, **{old: 5})
    new = editing.reword(made.asked()[0], {"low": 1, "high": 7, "satisfied": [6, 7]}, NOW + HOUR)
    rate(ask(2, NOW + HOUR), NOW + 2 * HOUR, **{new.code: 5})
    moved(desk)
    surveys = {r["id"]: r for r in desk.home.ledger().rows("survey").to_pylist()}
    assert surveys.keys() == {f"desk/{old}", f"desk/{new.code}"}
    assert not surveys[f"desk/{old}"]["active"]
    assert surveys[f"desk/{old}"]["scale_max"] == 5.0
    assert surveys[f"desk/{new.code}"]["active"]
    # 5 of 5 is satisfied, 5 of 7 is not: the shares are pooled, each by its own set.
    assert desk.value("satisfied_share") == 0.5


@pytest.mark.slow
def test_expectations_and_choices_reach_the_record(desk: Desk) -> None:
    from sanjeh.apps.surveys import editing

    made = survey("expectation")
    options = [{"value": v, "texts": {"en": v}} for v in ("price", "speed")]
    editing.add(made, {**editing.start("choice"), "options": options}, NOW)
    expectation, choice = codes(made)
    rate(ask(1), NOW + HOUR, **{expectation: "exceeded", choice: "speed"})
    rate(ask(2), NOW + HOUR, **{expectation: "below", choice: "price"})
    moved(desk)
    assert desk.value("expectations_met") == 0.5
    chosen = {r["choice"] for r in desk.home.ledger().rows("survey_response").to_pylist()}
    assert chosen == {"exceeded", "below", "speed", "price"}
