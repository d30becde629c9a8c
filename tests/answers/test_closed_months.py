"""A closed month: what is stored, and which records moved it since and by how much (7.3)."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from record_homes import Desk, built, event, flat, load, record, said, status, talk, ticket
from sanjeh.answers import closed, closing
from sanjeh.answers.closed import ClosingRefused, Month, Row
from sanjeh.answers.moved import FigureMoved, Moved, moved, moves_of
from sanjeh.answers.periods import Clockwork, PeriodError
from sanjeh.answers.question import QuestionError
from sanjeh.report import cards

MARCH = Month("2026-03", "gregorian")
ON_THE_THIRD = dt.datetime(2026, 4, 3, 8, 0, tzinfo=dt.UTC)


def solved(id: str, created: str, at: str, **fields: object) -> list[dict[str, object]]:
    """A ticket that was solved."""
    made = ticket(id, created, customer_id=f"customer of {id}", **fields)
    return [made, status(id, at, "solved")]


BY_THE_END_OF_MARCH = flat([
    record("agent", id="ann", name="Ann Archer"),
    record("customer", id="c1", display_name="Zhaleh Moradi"),
    solved("back", "03-02 09:00", "03-02 10:00"),  # an hour
    solved("steady", "03-03 09:00", "03-03 11:00"),  # two hours
    solved("twin", "03-04 09:00", "03-04 12:00"),  # three hours
    solved("junk", "03-05 09:00", "03-05 15:00"),  # six hours
    solved("still", "03-07 09:00", "03-07 13:00"),  # four hours
    talk("first", "03-06 09:00", customer_id="c1"),
    said("first", "03-06 09:00"), said("first", "03-06 09:05", "ann"),
    ticket("beacon", "04-02 00:00", is_spam=True),  # the data run past the month
])  # fmt: skip
IN_APRIL = flat([
    status("back", "04-03 09:00", "open"),
    status("back", "04-04 09:00", "solved"),  # solved again: out of March
    status("still", "04-03 10:00", "open"),  # not solved again
    ticket("twin", "03-04 09:00", customer_id="customer of twin", merged_into_id="steady"),
    event("twin", "04-05 09:00", "merged", "steady"),
    ticket("junk", "03-05 09:00", customer_id="customer of junk", is_spam=True),
    solved("late", "03-20 09:00", "03-20 17:00"),  # eight hours, imported late
    said("first", "03-06 09:02", "ann"),  # imported late: answered three minutes earlier
])  # fmt: skip


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Moved]]:
    """March closed on 3 April, and what April brought."""
    path = tmp_path_factory.mktemp("closed") / "home"
    desk = Desk(built(path, BY_THE_END_OF_MARCH))
    made = closing.close(desk.answers, MARCH, now=ON_THE_THIRD)
    load(desk.home, IN_APRIL)
    desk.refresh()
    yield desk, moved(desk.answers, made)
    desk.close()


def figure(found: Moved, address: str) -> FigureMoved:
    (one,) = [f for f in found.figures if f.address == address]
    return one


def told(of: FigureMoved) -> list[tuple[object, ...]]:
    return [(m.kind, m.record, m.value_then, m.value_now, m.reason) for m in of.moves]


def test_new_tickets_then_less_out_and_in_is_now(story: tuple[Desk, Moved]) -> None:
    of = figure(story[1], "new_tickets")
    assert (of.value_then, of.n_then, of.value_now, of.n_now) == (5, 5, 4, 4)
    assert told(of) == [
        ("went out", "desk/junk", None, None, "spam"),
        ("came in", "desk/late", None, None, "not in the month's rows"),
        ("went out", "desk/twin", None, None, "merged into another"),
    ]


def test_a_ticket_solved_again_in_april_leaves_the_resolution_time_of_march(
    story: tuple[Desk, Moved],
) -> None:
    of = figure(story[1], "resolution_time")
    assert (of.value_then, of.value_now) == (11520, 18000)  # 16 h over 5, 10 h over 2
    assert (of.n_then, of.n_now) == (5, 2)
    assert told(of) == [
        ("went out", "desk/back", 3600, None, "counted at another time"),
        ("went out", "desk/junk", 21600, None, "spam"),
        ("came in", "desk/late", None, 28800, "not in the month's rows"),
        ("went out", "desk/still", 14400, None, "open again"),
        ("went out", "desk/twin", 10800, None, "merged into another"),
    ]
    assert of.moves[0].now_at == "2026-04-04T09:00:00+00:00"


def test_a_solve_before_a_reopening_or_a_merge_stays_a_solve(story: tuple[Desk, Moved]) -> None:
    of = figure(story[1], "resolved_tickets")
    assert (of.value_then, of.value_now, of.n_then, of.n_now) == (5, 5, 5, 5)
    assert told(of) == [
        ("went out", "desk/junk", None, None, "spam"),
        ("came in", "desk/late", None, None, "not in the month's rows"),
    ]


def test_a_rate_is_moved_by_the_rows_of_its_parts(story: tuple[Desk, Moved]) -> None:
    of = figure(story[1], "resolution_rate")
    assert (of.value_then, of.value_now, of.n_then, of.n_now) == (1.0, 1.25, 10, 9)
    assert [(m.metric, m.kind, m.record) for m in of.moves] == [
        ("resolved_tickets", "went out", "desk/junk"),
        ("resolved_tickets", "came in", "desk/late"),
        ("new_tickets", "went out", "desk/junk"),
        ("new_tickets", "came in", "desk/late"),
        ("new_tickets", "went out", "desk/twin"),
    ]


def test_a_late_reply_changes_the_value_of_a_row(story: tuple[Desk, Moved]) -> None:
    of = figure(story[1], "first_response.half_answered")
    assert (of.group, of.value_then, of.value_now, of.n_then, of.n_now) == ("chat", 300, 120, 1, 1)
    assert told(of) == [("changed", "desk/first", 300, 120, None)]


def test_figures_that_nothing_moved_say_so(story: tuple[Desk, Moved]) -> None:
    found = story[1]
    still = [f.address for f in found.figures if not f.has_moved]
    assert still == [
        "conversations", "reopened_tickets", "open_tickets", "reassignments", "missed_chat_rate",
    ]  # fmt: skip
    assert found.records == (
        "desk/back", "desk/first", "desk/junk", "desk/late", "desk/still", "desk/twin",
    )  # fmt: skip


def test_rows_then_and_in_less_out_are_rows_now_in_every_figure(
    story: tuple[Desk, Moved],
) -> None:
    wrong = [
        f.address for f in story[1].figures
        if f.n_then + f.count("came in") - f.count("went out") != f.n_now
    ]  # fmt: skip
    assert wrong == []


def test_figures_that_no_source_records_are_not_stored(story: tuple[Desk, Moved]) -> None:
    stored = story[1].closing.answers
    assert "resolution_time" in stored
    assert not {"satisfied_share", "nps", "escalations"} & set(stored)


def test_no_person_is_in_a_closed_month(story: tuple[Desk, Moved]) -> None:
    desk, found = story
    text = found.closing.path.read_text("utf-8").lower()
    known = [*desk.answers.ledger.find_persons("customer", "c1"),
             *desk.answers.ledger.find_persons("agent", "ann")]  # fmt: skip
    assert len(known) == 2
    assert not [w for w in (*known, "zhaleh", "archer", "customer of", "my order") if w in text]


def test_an_erasure_covers_an_id_that_tells_the_person_but_no_short_number(tmp_path: Path) -> None:
    records = [
        record("customer", id="989121234567", display_name="Zhaleh"),
        talk("989121234567", "03-06 09:00", customer_id="989121234567"),
        said("989121234567", "03-06 09:00"), ticket("beacon", "04-02 00:00", is_spam=True),
        ticket("4711", "03-07 09:00", customer_id="4711"),
    ]  # fmt: skip
    desk = Desk(built(tmp_path / "home", records))
    made = closing.close(desk.answers, MARCH, now=ON_THE_THIRD)
    desk.close()
    assert "989121234567" in made.path.read_text("utf-8")
    desk.home.ledger().erase("customer", "989121234567", source="desk")
    assert "989121234567" not in made.path.read_text("utf-8")
    (again,) = closed.closings(desk.home.path)
    desk.home.ledger().erase("customer", "4711", source="desk")
    (again,) = closed.closings(desk.home.path)
    assert {r.record for r in again.rows()} == {"desk/█", "desk/4711"}


def test_a_month_is_closed_once_and_anew_with_its_history(story: tuple[Desk, Moved]) -> None:
    desk, found = story
    with pytest.raises(ClosingRefused, match="closed already, on 2026-04-03"):
        closing.close(desk.answers, MARCH, now=ON_THE_THIRD)
    later = closing.close(desk.answers, MARCH, now=ON_THE_THIRD + dt.timedelta(days=3), again=True)
    assert [c.number for c in closed.history(desk.home.path, MARCH)] == [2, 1]
    assert closed.newest(desk.home.path, MARCH) == later
    assert moved(desk.answers, later).records == ()
    assert found.closing.path.exists()
    later.path.unlink()


def test_of_two_closings_at_once_the_second_is_refused(story: tuple[Desk, Moved]) -> None:
    desk, found = story
    with (found.closing.path.parent / "lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(ClosingRefused, match="being closed by somebody else"):
            closing.close(desk.answers, MARCH, now=ON_THE_THIRD, again=True)


def test_only_a_month_that_is_over_in_the_data_is_closed(story: tuple[Desk, Moved]) -> None:
    desk = story[0]
    with pytest.raises(ClosingRefused, match="not over in the data"):
        closing.close(desk.answers, Month("2026-04", "gregorian"), now=ON_THE_THIRD)
    with pytest.raises(ClosingRefused, match="begin after 2026-02"):
        closing.close(desk.answers, Month("2026-02", "gregorian"), now=ON_THE_THIRD)
    assert closing.closable(desk.answers, Clockwork()) == [MARCH]
    assert closing.closable(desk.answers, Clockwork("Asia/Tehran", "jalali")) == [
        Month("1404-12", "jalali")
    ]
    with pytest.raises(QuestionError, match=r"2026-02 was not closed. Closed months: 2026-03"):
        closed.newest(desk.home.path, Month("2026-02", "gregorian"))


def test_a_month_is_read_in_its_calendar_and_any_digits() -> None:
    assert Month.read("۱۴۰۴/۱۲") == Month("1404-12", "jalali")
    assert Month.read("2026-3") == MARCH
    for wrong in ("2026", "2026-13", "2026-03-01", "March"):
        with pytest.raises(PeriodError):
            Month.read(wrong)
    esfand = Month("1404-12", "jalali").period("Asia/Tehran")  # 29 days, to Nowruz
    assert (esfand.start, esfand.end) == (1771533000000000, 1774038600000000)


def test_every_figure_of_the_overview_is_closed_with_a_month() -> None:
    of_cards = {c.metric.partition(".")[0] for place in cards.PLACES for c in place}
    assert of_cards <= {f.address.partition(".")[0].partition("@")[0] for f in closing.FIGURES}


def row(record: str, value: float | None = None, reason: str | None = None, nth: int = 1) -> Row:
    return Row("solves", record, nth, record, None, None, 0, reason, value, None)


def test_rows_are_told_apart_by_record_and_number() -> None:
    then = [row("a"), row("b", reason="spam"), row("c"), row("c", nth=2), row("d", reason="spam")]
    now = [row("a"), row("b"), row("c"), row("d", reason="spam"), row("e", reason="spam")]
    assert [(m.kind, m.record, m.reason) for m in moves_of(then, now, {})] == [
        ("came in", "b", "spam"), ("went out", "c", "not in the month's rows"),
    ]  # fmt: skip


def test_a_row_that_was_left_out_is_told_with_the_reason_of_now() -> None:
    moves = moves_of([row("a", 10.0)], [row("a", reason="merged into another")], {})
    assert [(m.kind, m.value_then, m.value_now, m.reason) for m in moves] == [
        ("went out", 10.0, None, "merged into another")
    ]


def test_a_closing_is_lines_of_json(story: tuple[Desk, Moved]) -> None:
    head, *lines = story[1].closing.path.read_text("utf-8").splitlines()
    assert json.loads(head)["data_until"] == "2026-04-02T00:00:00+00:00"
    assert ["resolution_time", "desk/back", 1, "desk/back", None, None, 1772445600000000, None,
            3600.0, None] in [json.loads(line) for line in lines]  # fmt: skip
