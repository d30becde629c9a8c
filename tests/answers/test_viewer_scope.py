"""Whose rows: a viewer of one team never counts what only another team served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from generated_records import AGENTS, Operation
from record_homes import Desk, Record, built, flat, record, said, shared, status, talk, team, ticket
from sanjeh.answers.question import Question, QuestionError, Viewer
from sanjeh.answers.tickets import timeline
from sanjeh.answers.working import working
from sanjeh.metrics import catalogue  # noqa: F401
from sanjeh.metrics.profiles import PROFILES
from sanjeh.metrics.registry import METRICS, Slope

pytestmark = pytest.mark.xdist_group("viewer scope")

NORTH = Viewer("a lead", frozenset({"desk/north"}))
NOBODY = Viewer("a stranger", frozenset({"desk/nowhere"}))
SPAN = {"start": "2026-01-01", "end": "2026-06-01"}


TEAM_FIELDS = ("team_id", "department_id", "to", "from")


def _only_south(records: list[Record]) -> list[Record]:
    """The records with every team and every agent moved to the south."""
    return [
        {
            k: "south" if v in ("north", "east") and k in TEAM_FIELDS else v
            for k, v in r.items()
        }
        for r in records
        if r["kind"] != "agent"
    ] + [{"kind": "agent", "id": a, "name": a, "team_id": "south"} for a in AGENTS]  # fmt: skip


def _made(path: Path) -> None:
    built(path, _only_south(Operation(11).operation(30, 15)))


@pytest.fixture(scope="module")
def south(shared_folder: Path) -> Iterator[Desk]:
    found = Desk(shared(shared_folder / "all of the south", _made))
    yield found
    found.close()


# The first metric of every fact and kind of measure; the others are held slowly.
FIRST = {(m.fact, m.shape()): n for n, m in sorted(METRICS.items(), reverse=True)}.values()


@pytest.mark.parametrize(
    "metric",
    [
        n if n in FIRST else pytest.param(n, marks=pytest.mark.slow)
        for n in sorted(METRICS)
        if METRICS[n].shape() is not Slope  # made of a series, which is held itself
    ],
)
def test_what_only_the_south_served_is_nothing_to_the_north(south: Desk, metric: str) -> None:
    if metric == "requests":
        everything = south.answers.ask(Question((metric,), **SPAN)).results[0]
        assert everything.value
    for result in south.answers.ask(Question((metric,), **SPAN), NORTH).results:
        assert not result.value
        assert result.n == 0
        assert not result.excluded
        assert not result.pending
        assert not result.numerator


@pytest.mark.parametrize("profile", list(PROFILES))
def test_no_profile_shows_the_north_what_only_the_south_served(south: Desk, profile: str) -> None:
    asked = Question(tuple(PROFILES[profile].rules), profile=profile, **SPAN)
    assert any(r.n for r in south.answers.ask(asked).results)
    for result in south.answers.ask(asked, NORTH).results:
        assert (result.n, result.value or 0, dict(result.excluded)) == (0, 0, {}), result.metric


@pytest.mark.parametrize("metric", ["requests", "resolution_time", "resolution_rate"])
def test_rows_of_the_south_are_not_in_the_working_of_the_north(south: Desk, metric: str) -> None:
    question = Question((metric,), **SPAN)
    seen = working(south.answers, question, viewer=NORTH)
    assert (seen.rows_in, seen.rows, dict(seen.left_out)) == (0, (), {})
    assert working(south.answers, question).rows_in
    with pytest.raises(QuestionError):
        timeline(south.answers, Question(("resolution_time",), **SPAN), ticket="t1", viewer=NORTH)
    assert timeline(south.answers, Question(("resolution_time",), **SPAN), ticket="t1").ticket


MIXED = flat([
    record("team", id="north"), record("team", id="south"),
    {"kind": "agent", "id": "ann", "team_id": "north"},
    {"kind": "agent", "id": "cem", "team_id": "south"},
    ticket("north's", "03-02 09:00", team_id="north"),  # counted
    ticket("passed on", "03-02 09:00", team_id="north"),  # counted: the north served it first
    team("passed on", "03-03 09:00", "south", **{"from": "north"}),
    ticket("south's", "03-02 09:00", team_id="south"),  # not counted
    ticket("nobody's", "03-02 09:00"),  # not counted
    [status(t, "03-04 09:00", "solved") for t in ("north's", "passed on", "south's", "nobody's")],
    talk("south's chat", "03-02 09:00", department_id="south"),  # not counted
    said("south's chat", "03-02 09:00"),
    said("south's chat", "03-02 09:01", "cem"),
    talk("joined by ann", "03-02 09:00", department_id="south"),  # counted: an agent of the north
    said("joined by ann", "03-02 09:00"),
    said("joined by ann", "03-02 09:01", "cem"),
    said("joined by ann", "03-02 09:02", "ann"),
    talk("north's chat", "03-02 09:00", department_id="north"),  # counted
    said("north's chat", "03-02 09:00"),
])  # fmt: skip


def _mixed(path: Path) -> None:
    built(path, MIXED)


@pytest.fixture(scope="module")
def desk(shared_folder: Path) -> Iterator[Desk]:
    found = Desk(shared(shared_folder / "two teams", _mixed))
    yield found
    found.close()


def test_a_team_sees_all_that_it_served_some_of(desk: Desk) -> None:
    asked = {"viewer": NORTH}
    assert desk.value("new_tickets", **asked) == 2
    assert desk.value("resolved_tickets", **asked) == 2
    assert desk.value("conversations", **asked) == 2
    assert desk.value("chats_by_agent", **asked) == 1
    assert desk.value("requests", **asked) == 4
    assert desk.value("new_tickets") == 4
    assert desk.value("requests") == 7


def test_an_agent_sees_what_he_had_a_part_in(desk: Desk) -> None:
    (ann,) = desk.answers.ledger.find_persons("agent", "ann")
    (cem,) = desk.answers.ledger.find_persons("agent", "cem")
    first, second = Viewer("ann", agents=frozenset({ann})), Viewer("cem", agents=frozenset({cem}))
    assert desk.value("conversations", viewer=first) == 1
    assert desk.value("conversations", viewer=second) == 2
    assert desk.value("new_tickets", viewer=first) == 0
    assert desk.value("requests", viewer=Viewer("nobody", agents=frozenset())) == 0
    lead_of_north = Viewer("both", frozenset({"desk/north"}), frozenset({cem}))
    assert desk.value("conversations", viewer=lead_of_north) == 1


def test_scope_is_printed_and_a_filter_does_not_widen_it(desk: Desk) -> None:
    answer = desk.answer("new_tickets", viewer=NORTH)
    assert answer.question["viewer"] == "teams desk/north"
    where = (("team", "is", ("south",)),)
    assert desk.value("new_tickets", viewer=NORTH, where=where) == 1
    assert desk.by("resolved_tickets", "team", viewer=NORTH) == {"north": 1, "south": 1}
    for metric in ("new_tickets", "conversations", "open_tickets", "requests"):
        assert desk.value(metric, viewer=NOBODY) == 0


def test_two_viewers_of_one_home_do_not_share_answers(desk: Desk) -> None:
    assert desk.value("new_tickets") == 4
    assert desk.value("new_tickets", viewer=NORTH) == 2
    assert desk.value("new_tickets") == 4
    both = Viewer("both", frozenset({"desk/north", "desk/south"}))
    assert desk.value("new_tickets", viewer=both) == 3
