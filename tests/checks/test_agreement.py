"""A helpdesk's own figures in a home, held against ours: worked by hand, ticket by ticket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from record_homes import built, flat, record, said, shared, status, talk, ticket
from sanjeh.answers.ask import Answers
from sanjeh.answers.question import Viewer
from sanjeh.checks import agreement as module
from sanjeh.checks.agreement import Agreement, Agreements, agreement
from sanjeh.home import Home
from sanjeh.report.agreeing import sentence, why
from sanjeh.report.language import language_of

pytestmark = pytest.mark.xdist_group("checks")


def figure(of: str, measure: str, value: float, unit: str = "minutes", **more: Any) -> Any:
    usual = {"complete": True, "clock": "calendar" if unit == "minutes" else None}
    return record(
        "vendor_figure", id=f"{of}:{measure}", vendor="zendesk", target_type="ticket",
        target_id=of, measure=measure, value=value, unit=unit, **(usual | more),
    )  # fmt: skip


def asked(id: str, minutes: float | None, *more: Any, reply: str = "09:10", **fields: Any) -> Any:
    """A ticket that came at 09:00 and was answered; the minutes that Zendesk counted."""
    return [
        ticket(id, "03-02 09:00", created_by_type="customer", **fields),
        talk(id, "03-02 09:00", "email", ticket_id=id, direction="inbound"),
        said(id, "03-02 09:00"), said(id, f"03-02 {reply}", "ann"), *more,
        *([figure(id, "first_response", minutes)] if minutes is not None else []),
    ]  # fmt: skip


def rated(id: str, score: float) -> Any:
    return record("survey_response", id=f"r{id}", survey_id="s", ticket_id=id, score=score,
                  submitted_at="03-03 09:00")  # fmt: skip


DESK = [
    record("agent", id="ann", team_id="north"),
    record("team", id="north"), record("team", id="south"),
    record("survey", id="s", survey_kind="csat", scale_min=1, scale_max=5),
    # First response: 10, 10, 10:40, 12, 20 and 10 minutes by us.
    asked("t1", 10, team_id="north"),  # exact
    asked("t2", 10, reply="09:10:40", team_id="south"),  # within rounding
    asked("t3", 2, said("t3", "03-02 09:02", "bot"), team_id="north"),  # the bot's message
    asked("t4", 5, said("t4", "03-02 09:05", "ann", visibility="internal"),
          reply="09:20", team_id="south"),  # the note
    asked("t5", 55, team_id="south"),  # nothing gives 55
    # Not judged, though the number is the same.
    asked("t6", None, figure("t6", "first_response", 10, complete=False)),
    asked("t7", None, figure("t7", "first_response", 99, complete=None)),
    # Reopened once; Zendesk says once, and of another twice.
    status("t1", "03-03 09:00", "solved", actor_id="ann"),
    status("t1", "03-04 09:00", "open", actor_id="ann"),
    status("t1", "03-05 09:00", "solved", actor_id="ann"),
    figure("t1", "reopenings", 1, "count"), figure("t2", "reopenings", 2, "count"),
    figure("t6", "reopenings", 0, "count", complete=False),
    # Rated good, and bad where Zendesk has good.
    rated("t1", 5), rated("t2", 1),
    figure("t1", "csat", 1, "score", complete=None), figure("t2", "csat", 1, "score"),
    figure("t1", "replies", 1, "count"), figure("t2", "replies", 1, "count"),
]  # fmt: skip


@pytest.fixture(scope="module")
def answers(shared_folder: Path) -> Iterator[Answers]:
    path = shared_folder / "agreement home"
    shared(path, lambda made: built(made, flat(DESK), source="zendesk"))
    found = Home(path).answers()
    yield found
    found.close()


@pytest.fixture(scope="module")
def found(answers: Answers) -> Agreements:
    return agreement(answers)


def of(found: Agreements, measure: str) -> Agreement:
    return next(m for m in found.measures if m.measure == measure)


def rules(one: Agreement) -> dict[str, list[str]]:
    return {rule: [t.held.figure.short for t in some] for rule, some in one.by_rule()}


def test_first_responses_agree_but_for_a_bot_a_note_and_one_unexplained(found: Agreements) -> None:
    one = of(found, "first_response")
    assert (one.exact, one.rounded, one.incomplete) == (1, 1, 2)
    assert one.compared == 5
    assert rules(one) == {"bot_reply": ["t3"], "internal_note": ["t4"], "not_explained": ["t5"]}
    assert list(rules(one))[-1] == "not_explained"
    assert one.agree_share == 0.4
    by_id = {t.held.figure.short: (t.held.figure.amount, t.held.ours) for t in one.differing}
    assert by_id == {"t3": (120, 600), "t4": (300, 1200), "t5": (3300, 600)}


def test_reopenings_are_held_ticket_by_ticket(found: Agreements) -> None:
    one = of(found, "reopenings")
    assert (one.exact, one.incomplete, one.statistic) == (1, 1, "total")
    assert (one.theirs, one.ours) == (3, 1)
    assert rules(one) == {"not_explained": ["t2"]}


def test_a_rating_needs_no_history(found: Agreements) -> None:
    one = of(found, "csat")
    assert (one.metric, one.exact, one.incomplete) == ("satisfied_share", 1, 0)
    assert (one.theirs, one.ours) == (1, 0.5)
    assert rules(one) == {"not_explained": ["t2"]}


def test_what_no_figure_of_ours_counts_is_told_and_not_judged(found: Agreements) -> None:
    assert found.untold == {"replies": 2}
    assert found.faults == 3


def test_the_difference_is_told_in_a_sentence_with_its_tickets(found: Agreements) -> None:
    english = language_of("en")
    one = of(found, "reopenings")
    assert sentence(one, english) == (
        "Zendesk says 3, we say 1, and this 1 figure of 2 explains the difference."
    )
    first = of(found, "first_response")
    told = sentence(first, english)
    assert told.startswith("Zendesk says ")
    assert "these 3 figures of 5" in told
    assert why("internal_note", first.differing[0], english) == (
        "an internal note was taken for the reply"
    )
    for code in ("fa", "ru"):
        assert "Zendesk" in sentence(first, language_of(code))


def test_a_reader_is_told_of_the_own_teams_tickets_only(answers: Answers) -> None:
    lead = Viewer("lead", teams=frozenset({"zendesk/south"}))
    own = agreement(answers, lead)
    first = of(own, "first_response")
    # Ann of the north answered all of them; what the south has is told by the ticket's team.
    assert (first.exact, first.rounded, first.incomplete) == (0, 1, 0)
    assert rules(first) == {"internal_note": ["t4"], "not_explained": ["t5"]}
    nobody = agreement(answers, Viewer("lead", teams=frozenset()))
    assert nobody.measures == ()
    assert nobody.untold == {}


def test_where_very_many_differ_the_nearest_are_not_looked_into(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOKED_INTO", 2)
    one = of(agreement(answers), "first_response")
    # 45, 15 and 8 minutes apart: the last is not looked into.
    assert rules(one) == {"internal_note": ["t4"], "not_explained": ["t5"],
                          "not_looked_into": ["t3"]}  # fmt: skip


def test_another_source_has_none(answers: Answers) -> None:
    assert agreement(answers, source="other").measures == ()
    assert len(agreement(answers, source="zendesk").measures) == 3
