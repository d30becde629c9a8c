"""Conversions after chats: whose they are, when they count, and who is credited (X1)."""

from __future__ import annotations

import pytest

from record_homes import Desk, Record, record, said, story, talk

pytestmark = pytest.mark.xdist_group("stories")


def _chat(id: str, start: str, end: str, by: str | None = "ann", **fields: object) -> list[Record]:
    spoken = [said(id, start), *([said(id, start, by)] if by else [])]
    return [talk(id, start, ended_at=end, **fields), *spoken]


def _bought(id: str, when: str, **fields: object) -> Record:
    return record("conversion", id=id, at=when, **({"type": "purchase"} | fields))


EDGES = story(
    "conversions on every edge",
    record("visitor", id="known", customer_id="kim"),
    record("visitor", id="robot", is_bot=True),
    record("visitor", id="ours", is_internal=True),
    # by the visitor's own record: the conversion names the customer alone
    _chat("a", "03-02 09:00", "03-02 10:00", visitor_id="known"),
    _bought("1", "03-02 09:00", customer_id="kim", value=10, currency="EUR"),  # counted: its start
    _bought("2", "03-09 10:00", customer_id="kim", value=5, currency="EUR"),  # counted: 7 days
    _bought("3", "03-09 10:00:01", customer_id="kim"),  # not counted
    _bought("4", "03-02 08:59:59", customer_id="kim"),  # not counted
    # one customer, no visitor; a mail and a robot's purchase are none of it
    _chat("b", "03-03 09:00", "03-03 09:10", customer_id="lea"),
    _chat("mail", "03-03 11:00", "03-03 12:00", channel="email", customer_id="lea"),
    _bought("5", "03-03 13:00", customer_id="lea", type="Sign up", value=7, currency="USD"),
    _bought("6", "03-03 13:00", visitor_id="robot"),  # not counted
    _bought("7", "03-03 13:00", visitor_id="ours"),  # not counted
    # spam is no chat
    _chat("spam", "03-03 09:30", "03-03 09:31", customer_id="lea", is_spam=True),
    # nobody told when it ended: two minutes after its last message
    talk("open end", "03-04 09:00", customer_id="max"),
    said("open end", "03-04 09:00"), said("open end", "03-04 09:03", "bea"),
    record("followup", id="f1", conversation_id="open end", done_at="03-04 09:04",
           followup_kind="call"),  # before the end at 09:05
    record("followup", id="f2", conversation_id="open end", done_at="03-04 12:00",
           followup_kind="message", status="cancelled"),
    _bought("8", "03-05 09:00", customer_id="max", value=3, currency="EUR"),
    # two agents; the last has it
    _chat("two", "03-06 09:00", "03-06 10:00", "ann", customer_id="noa"),
    said("two", "03-06 09:30", "bea"),
    _bought("9", "03-06 09:40", customer_id="noa"),
    # may still convert until the record ends
    _chat("late", "06-29 09:00", "06-29 09:10", customer_id="ola"),
    record("chat_invite", id="i", at="03-02 09:00", by="agent", agent_id="ann", result="accepted"),
)  # fmt: skip


def test_rate_counts_chats_with_a_conversion_on_or_within_the_edges(world: Desk) -> None:
    found = world.figure("chat_conversion_rate", EDGES)
    assert (found.numerator, found.denominator, found.pending) == (4, 4, 0)
    assert dict(found.excluded) == {"spam": 1}
    june = world.figure("chat_conversion_rate", EDGES, start="2026-06-01", end="2026-07-01")
    assert (june.numerator, june.denominator, june.pending) == (0, 1, 1)


@pytest.mark.parametrize(
    ("option", "value", "count"),
    [("conversion.window", "0", 2), ("conversion.window", "8", 6), ("conversion.model", "any", 5)],
)
def test_options_of_attribution(world: Desk, option: str, value: str, count: int) -> None:
    # at once: the one at the start of a, and the ninth; a second later is within eight days
    found = world.value("conversions_after_chats", EDGES, options=((option, value),))
    assert found == count


def test_conversions_after_chats_are_counted_once_and_summed_by_currency(world: Desk) -> None:
    assert world.value("conversions_after_chats", EDGES) == 5
    assert world.by("conversions_after_chats", "conversion_type", EDGES) == {
        "purchase": 4, "signup": 1,
    }  # fmt: skip
    worth = world.by("chat_conversion_value", "currency", EDGES)
    assert (worth["EUR"], worth["USD"]) == (18, 7)
    pooled = world.answer("chat_conversion_value", of=EDGES)
    assert any("currency" in said for said in pooled.warnings)


def test_time_runs_from_the_start_to_the_first_conversion(world: Desk) -> None:
    # a 0; b 4 h; open end 24 h; two 40 min
    found = world.figure("time_to_conversion", EDGES)
    assert (found.n, found.statistics["min"], found.statistics["max"]) == (4, 0, 86_400)
    assert found.statistics["median"] == 8_400


def test_follow_up_is_one_that_was_done_between_end_and_conversion(world: Desk) -> None:
    found = world.figure("conversions_after_followup", EDGES)
    assert (found.numerator, found.denominator) == (0, 5)


def test_last_agent_is_credited_and_all_who_took_part_stand_beside(world: Desk) -> None:
    last = world.answer("chat_conversion_rate", of=EDGES, by=("agent",)).results
    assert {r.group["agent"]["label"]: r.denominator for r in last} == {"ann": 2, "bea": 2}
    all_ = world.answer("participant_conversion_rate", of=EDGES, by=("agent",)).results
    assert {r.group["agent"]["label"]: r.denominator for r in all_} == {"ann": 3, "bea": 2}


def test_conversions_without_a_chat_count_and_those_of_robots_are_listed(world: Desk) -> None:
    found = world.figure("conversions", EDGES)
    assert (found.value, dict(found.excluded)) == (7, {"a robot": 1, "one of us": 1})
    assert world.value("invitation_acceptance", EDGES) == 1
