"""A vendor's figure beside ours: whether they agree, and which rule gives the vendor's number."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from sanjeh.answers.per_target import Row
from sanjeh.checks.explaining import Evidence, Spoken, explained
from sanjeh.checks.figures import Figure, Held, held


def at(text: str) -> dt.datetime:
    """`09:00` or `09:00:20` of 2 March 2026, UTC."""
    return dt.datetime.fromisoformat(f"2026-03-02T{text}").replace(tzinfo=dt.UTC)


def figure(
    value: float, unit: str = "minutes", measure: str = "first_response",
    clock: str | None = "calendar", complete: bool | None = True, **more: Any,
) -> Figure:  # fmt: skip
    return Figure("f", "zendesk", "zendesk", "ticket", "zendesk/1", measure, value, unit, clock,
                  complete=complete, **more)  # fmt: skip


def row(start: str | None, end: str | None, open_seconds: float | None = None,
        reason: str | None = None) -> Row:  # fmt: skip
    begun, over = (None if t is None else at(t) for t in (start, end))
    seconds = (over - begun).total_seconds() if begun is not None and over is not None else None
    return Row(seconds, open_seconds, None, begun, over, reason)


def only(found: list[Held]) -> Held:
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("minutes", "end", "standing"),
    [
        (4, "09:04", "exact"),
        (4, "09:04:59", "rounded"),  # cut off
        (5, "09:04:31", "rounded"),  # to the nearest
        (5, "09:04:01", "rounded"),  # up
        (4, "09:05", "differs"),  # a whole minute off is another number
        (4, "09:03", "differs"),
    ],
)
def test_zendesks_whole_minutes_agree_within_a_minute(
    minutes: int, end: str, standing: str
) -> None:
    assert only(held([figure(minutes)], [row("09:00", end)])).standing == standing


def test_seconds_agree_within_a_second() -> None:
    near, far = row("09:00", "09:04:12"), row("09:00", "09:04:13")
    assert only(held([figure(252, "seconds")], [near])).standing == "exact"
    assert only(held([figure(252.4, "seconds")], [near])).standing == "rounded"
    assert only(held([figure(252, "seconds")], [far])).standing == "differs"


def test_an_incomplete_history_neither_agrees_nor_differs() -> None:
    for complete in (False, None):
        for end in ("09:04", "12:00"):
            found = only(held([figure(4, complete=complete)], [row("09:00", end)]))
            assert found.standing == "incomplete"


def test_each_clock_is_held_against_its_own() -> None:
    ours = row("09:00", "09:10", open_seconds=240.0)
    assert only(held([figure(10)], [ours])).standing == "exact"
    assert only(held([figure(4, clock="business")], [ours])).standing == "exact"
    assert only(held([figure(10, clock="business")], [ours])).standing == "differs"


def test_in_open_hours_nothing_is_judged_where_none_are_known() -> None:
    known_to_the_vendor = figure(10, clock="business")
    assert only(held([known_to_the_vendor], [row("09:00", "09:10")])).standing == "without hours"
    left_out = row("09:00", "09:10", reason="spam")
    assert only(held([known_to_the_vendor], [left_out])).standing == "differs"
    assert only(held([known_to_the_vendor], [])).standing == "differs"


def test_of_several_replies_each_is_held_against_the_one_that_ended_with_it() -> None:
    first, second = row("09:00", "09:10"), row("10:00", "10:30")
    late = figure(30, measure="reply_time", to_at=at("10:30"))
    early = figure(10, measure="reply_time", to_at=at("09:10"))
    assert [h.standing for h in held([late, early], [first, second])] == ["exact", "exact"]
    # The first reply stands among others of ours.
    assert [h.standing for h in held([early, late], [second], [first])] == ["exact", "exact"]
    lost = figure(5, measure="reply_time", to_at=at("15:00"))
    assert only(held([lost], [first, second])).ours is None


def test_counts_are_how_many_rows_count() -> None:
    rows = [row(None, "09:00"), row(None, "10:00"), row(None, "11:00", reason="a slip")]
    two = figure(2, "count", "reopenings", None)
    three = figure(3, "count", "reopenings", None)
    assert only(held([two], rows)).standing == "exact"
    assert only(held([three], rows)).standing == "differs"
    assert only(held([figure(0, "count", "reopenings", None)], [])).standing == "exact"


def why(found: Held, **known: Any) -> str | None:
    return explained([found], [Evidence(**known)])[0]


def said(when: str, by: str, *, public: bool = True, auto: bool = False) -> Spoken:
    return Spoken(at(when), by, public, auto)


# We measure from 09:00 to the agent's reply at 10:00; the customer wrote at 09:00.
OURS = row("09:00", "10:00")
TALK = (said("09:00", "customer"), said("10:00", "agent"))


@pytest.mark.parametrize(
    ("minutes", "more", "rule"),
    [
        (20, (said("09:20", "bot"),), "bot_reply"),
        (20, (said("09:20:40", "bot"),), "bot_reply"),
        (25, (said("09:25", "agent", public=False),), "internal_note"),
        (30, (said("09:30", "agent", auto=True),), "automatic_reply"),
        (90, (said("10:30", "agent"),), "another_reply"),
        (25, (said("09:20", "bot"),), "not_explained"),  # no message gives the number
        (20, (said("09:20", "customer"),), "not_explained"),  # a customer answers nobody
    ],
)
def test_a_reply_that_gives_the_vendors_number_is_the_rule(
    minutes: int, more: tuple[Spoken, ...], rule: str
) -> None:
    found = only(held([figure(minutes)], [OURS]))
    assert why(found, messages=(*TALK, *more)) == rule


def test_another_beginning_is_the_rule_where_it_gives_the_number() -> None:
    found = only(held([figure(80)], [OURS]))
    assert why(found, messages=TALK, created_at=at("08:40")) == "another_start"
    assert why(found, messages=TALK, created_at=at("08:30")) == "not_explained"


def test_a_solve_other_than_ours_is_the_rule_where_it_gives_the_number() -> None:
    ours = row("09:00", "15:00")
    found = only(held([figure(120, measure="final_resolution")], [ours]))
    assert why(found, solved_at=(at("11:00"), at("15:00"))) == "another_solve"
    assert why(found, solved_at=(at("12:00"), at("15:00"))) == "not_explained"


def test_the_other_clock_and_another_schedule_are_told_apart() -> None:
    ours = row("09:00", "10:00", open_seconds=1800.0)
    elapsed = only(held([figure(60, clock="business")], [ours]))
    assert why(elapsed, calendar_agrees=True) == "other_clock"
    applied = only(held([figure(45, clock="business")], [ours]))
    assert why(applied, calendar_agrees=True) == "schedule"
    assert why(applied) == "not_explained"


def test_what_we_leave_out_says_why() -> None:
    left = only(held([figure(60)], [row("09:00", "10:00", reason="spam")]))
    assert (left.reason, why(left)) == ("spam", "left_out")
    none = only(held([figure(60)], []))
    assert (none.reason, why(none)) == (None, "not_measured")


def test_tickets_known_to_be_counted_otherwise_come_after_all_evidence() -> None:
    found = only(held([figure(20)], [OURS]))
    assert why(found, messages=TALK, created_by="agent") == "agent_created"
    assert why(found, messages=TALK, is_merged=True, created_by="agent") == "merged"
    bot = (*TALK, said("09:20", "bot"))
    assert why(found, messages=bot, is_merged=True) == "bot_reply"


def test_a_zone_is_the_rule_only_where_several_are_off_by_the_same_time() -> None:
    off = [only(held([figure(60 + 210)], [OURS])) for _ in range(3)]  # 3 h 30 min: Tehran
    assert explained(off, [Evidence()] * 3) == ["zone"] * 3
    assert explained(off[:2], [Evidence()] * 2) == ["not_explained"] * 2
    odd = [only(held([figure(60 + n)], [OURS])) for n in (7, 11, 17, 23)]
    assert explained([*off, *odd], [Evidence()] * 7) == ["not_explained"] * 7


def test_what_agrees_has_no_rule() -> None:
    assert why(only(held([figure(60)], [OURS])), is_merged=True) is None
    assert why(only(held([figure(5, complete=False)], [OURS])), is_merged=True) is None
