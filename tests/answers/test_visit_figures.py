"""Visits of the website: edges of a visit, of its chat and of what followed (W1)."""

from __future__ import annotations

import pytest

from record_homes import Desk, Record, record, said, story, talk

pytestmark = pytest.mark.xdist_group("stories")


def _visit(
    id: str, start: str, end: str | None = None, *pages: str, **fields: object
) -> list[Record]:
    return [
        record("web_session", id=id, **({"visitor_id": id} | fields), started_at=start,
               **({"ended_at": end} if end else {})),
        *[record("page_view", session_id=id, at=at, url="/") for at in pages],
    ]  # fmt: skip


def _asks(
    id: str, visit: str, when: str, replied: str | None = None, **fields: object
) -> list[Record]:
    made = [talk(id, when, session_id=visit, **fields), said(id, when)]
    return [*made, said(id, replied, "ann")] if replied else made


EDGES = story(
    "visits on every edge",
    record("visitor", id="machine", is_bot=True),
    record("visitor", id="known", customer_id="kim"),
    # a page at the very instant of the request is not after it
    _visit("a", "03-02 09:00", "03-02 09:10", "03-02 09:00", "03-02 09:05"),
    _asks("a", "a", "03-02 09:05", "03-02 09:06", ended_at="03-02 09:08"),
    # asked before the visit is known: no time on the site
    _visit("b", "03-02 10:00", "03-02 10:10", "03-02 10:05"),
    _asks("b", "b", "03-02 09:59", "03-02 10:01", ended_at="03-02 10:02"),
    # an invitation nobody took is no chat; spam is none
    _visit("c", "03-02 11:00", "03-02 11:10"),
    talk("c", "03-02 11:01", session_id="c", initiation="trigger"),
    said("c", "03-02 11:01", "ann"),
    _asks("c spam", "c", "03-02 11:02", ended_at="03-02 11:03", is_spam=True),
    # begun in March, running in April
    _visit("d", "03-31 23:50", None, "03-31 23:50"),
    _asks("d", "d", "03-31 23:55", ended_at="04-01 00:01"),
    # the visitor is a customer, who buys on the phone
    _visit("e", "03-03 09:00", "03-03 09:10", visitor_id="known"),
    record("conversion", id="1", customer_id="kim", at="03-10 09:00"),
    record("conversion", id="2", customer_id="kim", at="03-02 09:00"),
    # nobody knows who it was
    record("web_session", id="f", started_at="03-04 09:00"),
    _visit("g", "03-05 09:00", "03-05 09:10", visitor_id="machine"),
    # no end is recorded, the last page long after the reply
    _visit("h", "03-06 09:00", None, "03-06 09:00"),
    _asks("h", "h", "03-06 09:01", "03-06 09:02", ended_at="03-06 09:05"),
)  # fmt: skip


def test_who_began_a_chat(world: Desk) -> None:
    found = world.figure("visitor_chat_rate", EDGES)
    # a, b, d and h of a, b, c, d, e, f, h
    assert (found.numerator, found.denominator) == (4, 7)
    assert dict(found.excluded) == {"a robot": 1}
    assert world.value("visitors", EDGES) == 7
    assert world.value("visitors_who_chatted", EDGES) == 4
    assert world.value("visitors_answered", EDGES) == 3
    assert world.value("visitors_converted", EDGES) == 0


def test_time_before_a_chat_is_never_negative(world: Desk) -> None:
    found = world.figure("time_before_chat", EDGES)
    # a 300 s, d 300 s, h 60 s
    assert (found.value, found.n) == (220, 3)
    assert dict(found.excluded) == {"the chat came before the visit": 1}


def test_exit_needs_a_page_after_the_request(world: Desk) -> None:
    found = world.figure("exit_after_request", EDGES)
    # a, d and h left; b looked on
    assert (found.numerator, found.denominator) == (3, 4)
    assert world.value("exit_before_reply", EDGES) == 0.25
    assert world.by("visits_with_request", "after_request", EDGES) == {
        "went on": 1, "left before a reply": 1, "left after the exchange": 2,
    }  # fmt: skip


def test_customer_who_buys_elsewhere_converts(world: Desk) -> None:
    found = world.figure("visitor_conversion_without_chat", EDGES)
    # kim, on the seventh day to the minute, of c, e and f
    assert (found.numerator, found.denominator) == (1, 3)
    short = (("conversion.window", "6"),)
    assert world.figure("visitor_conversion_without_chat", EDGES, options=short).numerator == 0
    after = world.figure("visitor_conversion_after_chat", EDGES)
    assert (after.numerator, after.denominator) == (0, 4)
    assert world.value("chat_conversion_lift", EDGES) == 0
    assert world.value("visitor_participation_rate", EDGES) == 3 / 7
