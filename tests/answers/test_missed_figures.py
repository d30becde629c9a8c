"""Missed chats: which, what share, whose, why, and how long their customers waited (M1)."""

from __future__ import annotations

import pytest

from record_homes import Desk, Record, record, said, story, talk

pytestmark = pytest.mark.xdist_group("stories")


def _missed(id: str, asked: str, left: str, **fields: object) -> list[Record]:
    """A chat with one message of the customer, which ended without an answer."""
    reason = fields.pop("end_reason", "customer_left")
    return [
        talk(id, asked, requested_at=asked, ended_at=left, end_reason=reason, **fields),
        said(id, asked),
    ]  # fmt: skip


def _served(id: str, asked: str, accepted: str, answered: str, agent: str) -> list[Record]:
    return [
        talk(id, asked, requested_at=asked),
        said(id, asked),
        record("participation", id=f"p {id}", conversation_id=id, agent_id=agent,
               offered_at=asked, accepted_at=accepted),
        said(id, answered, agent),
    ]  # fmt: skip


def _offer(id: str, chat: str, agent: str, when: str, how: str) -> Record:
    return record(
        "participation", id=id, conversation_id=chat, agent_id=agent, offered_at=when,
        end_reason=how,
    )  # fmt: skip


WORKED = story(
    "8 missed, 92 served, 5 bot only, 2 offline",
    *(_missed(f"m{n}", "03-02 09:00", "03-02 09:05") for n in range(8)),
    *(
        [talk(f"s{n}", "03-02 09:00"), said(f"s{n}", "03-02 09:00"),
         said(f"s{n}", "03-02 09:01", "ann")]
        for n in range(92)
    ),
    *(
        [talk(f"b{n}", "03-02 09:00", ended_at="03-02 09:05"), said(f"b{n}", "03-02 09:00"),
         said(f"b{n}", "03-02 09:00:01", "bot")]
        for n in range(5)
    ),
    *([talk(f"o{n}", "03-02 09:00", offline=True), said(f"o{n}", "03-02 09:00")] for n in range(2)),
)  # fmt: skip


def test_missed_share_is_of_missed_and_served(world: Desk) -> None:
    found = world.figure("missed_chat_rate", WORKED)
    assert (found.value, found.numerator, found.denominator) == (0.08, 8, 100)
    assert world.value("chats_missed", WORKED) == 8
    offline = {"options": (("missed.include_offline", "yes"),)}
    assert world.value("chats_missed", WORKED, **offline) == 10
    assert world.figure("missed_chat_rate", WORKED, **offline).numerator == 10


EDGES = story(
    "edges of a missed chat",
    _missed("under five seconds", "03-02 09:00", "03-02 09:00:04"),
    _missed("five seconds", "03-02 09:00", "03-02 09:00:05"),
    _missed("closed by us at once", "03-02 09:00", "03-02 09:00:01", end_reason="agent"),
    _missed("answered late", "03-02 09:00", "03-02 09:02"),
    said("answered late", "03-02 09:03", "ann"),
    talk("bot, then a person asked for", "03-02 09:00", requested_at="03-02 09:00",
         human_requested_at="03-02 09:03", ended_at="03-02 09:10"),
    said("bot, then a person asked for", "03-02 09:00"),
    said("bot, then a person asked for", "03-02 09:00:01", "bot"),
    talk("still waiting", "03-02 09:00", requested_at="03-02 09:00"),
    said("still waiting", "03-02 09:00"),
    talk("asked in March, begun in April", "04-01 00:00:10", requested_at="03-31 23:59:50",
         ended_at="04-01 00:10"),
    said("asked in March, begun in April", "04-01 00:00:10"),
    talk("a mail", "03-02 09:00", "email", ended_at="03-02 09:10"),
    said("a mail", "03-02 09:00"),
    _served("served", "03-02 09:00", "03-02 09:00:30", "03-02 09:01", "ann"),
)  # fmt: skip


def test_given_up_at_once_stands_beside_and_five_seconds_do_not(world: Desk) -> None:
    found = world.figure("chats_missed", EDGES)
    assert found.value == 5
    assert dict(found.excluded) == {"given up within a few seconds": 1}
    assert world.value("short_abandons", EDGES) == 1
    assert world.value("chats_missed", EDGES, options=(("missed.min_wait", "0"),)) == 6
    assert world.value("missed_chat_rate", EDGES) == pytest.approx(5 / 6)


def test_answered_late_is_missed_and_flagged_unless_asked_otherwise(world: Desk) -> None:
    assert world.value("answered_late", EDGES) == 1
    served = {"options": (("missed.answered_late", "served"),)}
    assert world.value("chats_missed", EDGES, **served) == 4
    found = world.figure("missed_chat_rate", EDGES, **served)
    assert (found.numerator, found.denominator) == (4, 6)


def test_wait_of_missed_chats_from_the_request_or_from_asking_for_a_person(world: Desk) -> None:
    # 5, 1, 120, 600 and 610 seconds
    found = world.figure("missed_chat_wait", EDGES)
    assert (found.value, found.statistics["median"], found.statistics["max"]) == (267.2, 120, 610)
    person = {"options": (("missed.wait_start", "human_requested"),)}
    assert world.figure("missed_chat_wait", EDGES, **person).statistics["max"] == 610
    assert world.value("missed_chat_wait", EDGES, **person) == 231.2  # 420 for 600


def test_wait_of_answered_chats_ends_with_the_acceptance(world: Desk) -> None:
    found = world.figure("answered_chat_wait", EDGES)
    assert (found.value, found.n, found.pending) == (30, 1, 1)
    assert dict(found.excluded) == {"ended without an answer": 6, "still waiting": 1}


def test_longest_wait_stands_first_and_is_that_of_an_instant(world: Desk) -> None:
    when = {"start": "2026-03-01", "end": "2026-03-02T09:01:00Z"}
    # at 09:01 late, bot, waiting wait since 09:00; served was taken, the early ones are gone
    found = world.figure("longest_current_wait", EDGES, **when)
    assert (found.value, found.n) == (60, 3)
    later = world.figure("longest_current_wait", EDGES, start="2026-03-01", end="2026-04-01")
    assert (later.value, later.n, later.statistics["min"]) == (2_559_600, 2, 10)


# -- why, and whose ----------------------------------------------------------------------------


def _status(agent: str, when: str, status: str) -> Record:
    return record("agent_status_event", agent_id=agent, at=when, status=status)


REASONS = story(
    "why chats were missed",
    record("team", id="front", name="Front"),
    record("agent", id="ann", name="Ann", team_id="front"),
    record("agent", id="bea", name="Bea", team_id="front"),
    _status("ann", "03-02 09:00", "available"),
    _status("bea", "03-02 09:00", "break"),
    _status("ann", "03-02 12:00", "busy"),
    _status("ann", "03-02 13:00", "available"),
    _status("ann", "03-02 17:00", "offline"),
    _missed("before anybody came", "03-02 08:59:59", "03-02 09:05", team_id="front"),
    _missed("recorded", "03-02 18:00", "03-02 18:05", team_id="front",
            missed_reason="technical"),
    _missed("nobody online", "03-02 17:00", "03-02 17:05", team_id="front"),
    _missed("the only one busy", "03-02 12:30", "03-02 12:35", team_id="front"),
    _missed("never offered", "03-02 10:00", "03-02 10:05", team_id="front"),
    _missed("not accepted", "03-02 10:00", "03-02 10:05", team_id="front"),
    _offer("o1", "not accepted", "ann", "03-02 10:00:05", "timeout"),
    _offer("o2", "not accepted", "bea", "03-02 10:01", "declined"),
    _missed("declined", "03-02 10:00", "03-02 10:05", team_id="front"),
    _offer("o3", "declined", "ann", "03-02 10:00:05", "declined"),
    _missed("left at once", "03-02 10:00", "03-02 10:00:08", team_id="front"),
    _served("served", "03-02 10:00", "03-02 10:00:30", "03-02 10:01", "ann"),
)  # fmt: skip


def test_reason_is_the_recorded_one_else_the_first_that_the_evidence_shows(world: Desk) -> None:
    assert world.by("chats_missed", "missed_reason", REASONS) == {
        "all_agents_busy": 2, "technical": 1, "no_agent_online": 1, "offered_not_accepted": 1,
        "declined": 1, "customer_left_early": 1,
        "unknown": 1,  # before the first sign of anybody the record cannot tell who was there
    }  # fmt: skip
    where = (("missed_reason", "is", ("declined",)),)
    assert world.value("chats_missed", REASONS, where=where) == 1


def test_missed_chats_go_to_the_agent_offered_last_and_the_rest_to_the_queue(world: Desk) -> None:
    assert world.by("chats_missed", "agent", REASONS) == {"unknown": 6, "Ann": 1, "Bea": 1}
    found = world.figure("missed_chats_by_agent", REASONS)
    assert found.value == 2
    assert dict(found.excluded) == {"offered to nobody (queue)": 6}
    nobody = {"options": (("missed.attribution", "none"),)}
    assert world.by("chats_missed", "agent", REASONS, **nobody) == {"unknown": 8}


def test_missed_chats_for_each_agent_on_duty(world: Desk) -> None:
    # eight over Ann and Bea, who were both logged in
    assert world.value("missed_chats_per_agent", REASONS) == 4


NO_PRESENCE = story(
    "why, where nobody recorded presence",
    _missed("left soon", "03-02 10:00", "03-02 10:00:59"),
    _missed("handed over and lost", "03-02 10:00", "03-02 10:05",
            human_requested_at="03-02 10:01"),
    _missed("technical", "03-02 10:00", "03-02 10:05", end_reason="system"),
    _missed("no sign", "03-02 10:00", "03-02 10:05"),
)  # fmt: skip


def test_without_presence_the_chats_own_end_tells_what_it_can(world: Desk) -> None:
    assert world.by("chats_missed", "missed_reason", NO_PRESENCE) == {
        "customer_left_early": 1, "handoff_lost": 1, "technical": 1, "unknown": 1,
    }  # fmt: skip
