"""Conversations worked by hand from what Chatwoot's source does (docs/decisions/0015)."""

from __future__ import annotations

import pytest

from record_homes import Desk, Record, record, said, status, story, talk, ticket
from sanjeh.answers.per_target import per_target

pytestmark = pytest.mark.xdist_group("stories")

HOUR = 3600


def chat(id: str, created: str, **fields: object) -> list[Record]:
    """A conversation as Chatwoot has it: what was said, and its state."""
    return [ticket(id, created, **fields), talk(id, created, ticket_id=id)]


def resolved(id: str, when: str, **fields: object) -> Record:
    return status(id, when, "solved", **fields)


def opened(id: str, when: str, actor_type: str = "customer") -> Record:
    return status(id, when, "open", actor_type=actor_type)


def bot(id: str, started: str, **fields: object) -> Record:
    return record("bot_session", conversation_id=id, bot_id="b", started_at=started, **fields)


def seconds(world: Desk, metric: str, of: str, id: str, clock: str = "calendar") -> list[float]:
    """What a conversation counts with, row by row, under the profile."""
    rows = per_target(world.answers, metric, "chatwoot", [f"{of}/{id}"]).get(f"{of}/{id}", ())
    counted = [r for r in rows if r.is_counted]
    return [(r.seconds if clock == "calendar" else r.open_seconds) or 0 for r in counted]


# -- first response ---------------------------------------------------------------------------

REPLIES = story(
    "chatwoot: first responses",
    # from the bot's hand-over (kpi chatwoot-018)
    chat("handed", "03-02 09:00"),
    said("handed", "03-02 09:00"),
    said("handed", "03-02 09:00:01", "bot"),
    bot("handed", "03-02 09:00:01", handed_off_at="03-02 09:00:20", resolved=False),
    said("handed", "03-02 09:01:02", "ann"),
    # told as two transfers, of which the first counts (kpi chatwoot-020)
    chat("moved", "03-02 09:00"),
    said("moved", "03-02 09:00"),
    [
        record(
            "transfer",
            id=f"moved {second}",
            conversation_id="moved",
            transfer_kind="bot_to_human",
            at=f"03-02 09:00:{second}",
        )
        for second in (20, 40)
    ],
    said("moved", "03-02 09:00:58", "ann"),
    # settled by the bot, back four days later: not four days (PR 12058)
    chat("days", "03-02 09:00"),
    said("days", "03-02 09:00"),
    said("days", "03-02 09:00:01", "bot"),
    bot("days", "03-02 09:00:01", ended_at="03-02 09:05", resolved=True),
    resolved("days", "03-02 09:05", actor_type="bot"),
    said("days", "03-06 10:00", body="it is broken again"),
    opened("days", "03-06 10:00"),
    said("days", "03-06 11:00", "ann"),
    # snoozed before anybody wrote
    chat("snoozed", "03-02 09:00"),
    said("snoozed", "03-02 09:00"),
    status("snoozed", "03-02 09:05", "on_hold"),
    opened("snoozed", "03-02 11:00", "agent"),
    said("snoozed", "03-02 11:10", "ann"),
    # an agent began: the first response is the agent's own message, after no time
    chat("ours", "03-02 09:00", created_by_type="agent"),
    said("ours", "03-02 09:00", "ann"),
    said("ours", "03-02 10:00"),
    said("ours", "03-02 10:30", "ann"),
    # a bot settled it, and a person wrote all the same
    chat("settled", "03-02 09:00"),
    said("settled", "03-02 09:00"),
    bot("settled", "03-02 09:00:01", ended_at="03-02 09:10", resolved=True),
    said("settled", "03-02 09:30", "ann"),
    # opened again after the first response: no matter
    chat("later", "03-02 09:00"),
    said("later", "03-02 09:00"),
    said("later", "03-02 09:02", "ann"),
    resolved("later", "03-02 10:00"),
    said("later", "03-02 12:00"),
    opened("later", "03-02 12:00"),
    # asked in March, answered in April
    chat("night", "03-31 23:50"),
    said("night", "03-31 23:50"),
    said("night", "04-01 00:10", "ann"),
)


@pytest.mark.parametrize(
    ("id", "found"),
    [
        ("handed", [42]),  # 09:00:20 to 09:01:02; ours 62 s
        ("moved", [38]),
        ("days", [HOUR]),  # from the return; ours from the first message, four days
        ("snoozed", [600]),
        ("ours", [0]),
        ("settled", [1200]),
        ("later", [120]),
        ("night", [1200]),
    ],
)
def test_first_response(world: Desk, id: str, found: list[float]) -> None:
    assert seconds(world, "first_response", REPLIES, id) == found


def test_first_response_of_the_desk_is_a_mean_by_the_day_of_the_reply(world: Desk) -> None:
    march = world.figure("first_response~chatwoot", REPLIES)
    # 42, 38, 3600, 600, 0, 1200, 120
    assert (march.value, march.n) == (800, 7)
    april = world.figure("first_response~chatwoot", REPLIES, start="2026-04-01", end="2026-05-01")
    assert (april.value, april.n) == (1200, 1)


# -- reply time -------------------------------------------------------------------------------

TURNS = story(
    "chatwoot: replies",
    # the first response is not among them
    chat("1", "03-02 00:00"),
    said("1", "03-02 00:00"),
    said("1", "03-02 01:00", "ann"),
    said("1", "03-02 03:00"),
    said("1", "03-02 03:10"),
    said("1", "03-02 03:30", "ann"),
    # a bot's answer ends a wait, and none is measured
    said("1", "03-02 10:00"),
    said("1", "03-02 10:00:05", "bot"),
    said("1", "03-02 10:05"),
    said("1", "03-02 10:07", "ann"),
    said("1", "03-02 11:00"),
    said("1", "03-02 11:00:05", "bot"),
    said("1", "03-02 11:10", "ann"),
    # an agent's further message with nobody waiting
    said("1", "03-02 11:20", "ann"),
    # an agent began: the first reply to the customer is a reply
    chat("2", "03-02 09:00", created_by_type="agent"),
    said("2", "03-02 09:00", "ann"),
    said("2", "03-02 10:00"),
    said("2", "03-02 10:30", "ann"),
)


def test_reply_time_runs_from_the_message_that_waits(world: Desk) -> None:
    assert seconds(world, "response_time", TURNS, "1") == [1800, 120]
    assert seconds(world, "response_time", TURNS, "2") == [1800]
    found = world.figure("response_time~chatwoot", TURNS)
    assert (found.value, found.n) == (1240, 3)
    assert found.excluded == {"the first reply": 1, "a bot had the last word": 1}


# -- resolution -------------------------------------------------------------------------------

SOLVES = story(
    "chatwoot: resolves",
    chat("twice", "03-02 09:00"),
    said("twice", "03-02 09:00"),
    said("twice", "03-02 09:30", "ann"),
    resolved("twice", "03-02 10:00"),
    said("twice", "03-02 12:00"),
    opened("twice", "03-02 12:00"),
    said("twice", "03-02 14:00", "ann"),
    resolved("twice", "03-02 15:00"),
    chat("thanked", "03-02 09:00"),
    said("thanked", "03-02 09:00"),
    said("thanked", "03-02 09:30", "ann"),
    resolved("thanked", "03-02 10:00"),
    said("thanked", "03-02 12:00", body="Thanks!"),
    opened("thanked", "03-02 12:00"),
    resolved("thanked", "03-02 12:30"),
)


def test_every_resolve_counts_from_the_creation(world: Desk) -> None:
    assert seconds(world, "resolution_time", SOLVES, "twice") == [HOUR, 6 * HOUR]
    assert seconds(world, "resolution_time", SOLVES, "thanked") == [HOUR, 3.5 * HOUR]
    found = world.figure("resolution_time~chatwoot", SOLVES)
    assert (found.value, found.n) == (10_350, 4)  # 3600, 21600, 3600, 12600
    # ours: 21600 and, the thanks being none, 3600
    assert world.value("resolution_time", SOLVES) == 12_600


def test_resolutions_and_reopenings_are_events(world: Desk) -> None:
    assert world.value("resolved_tickets~chatwoot", SOLVES) == 4
    assert world.value("resolved_tickets", SOLVES) == 2
    assert world.value("reopenings~chatwoot", SOLVES) == 2
    assert world.value("reopenings", SOLVES) == 1


# -- working hours ----------------------------------------------------------------------------

WEEKDAYS = [{"dow": d, "from": "09:00", "to": "17:00"} for d in ("mon", "tue", "wed", "thu", "fri")]
HOURS = story(
    "chatwoot: working hours",
    record("business_calendar", id="hours", tz="UTC", weekly=WEEKDAYS),
    record("team", id="desk", calendar_id="hours"),
    chat("weekend", "03-06 16:00", team_id="desk"),
    said("weekend", "03-06 16:00"),
    said("weekend", "03-09 10:00", "ann"),
    said("weekend", "03-09 16:30"),
    said("weekend", "03-10 09:30", "ann"),
    resolved("weekend", "03-10 10:00"),
)


def test_working_hours_are_an_option(world: Desk) -> None:
    assert world.value("first_response~chatwoot", HOURS) == 66 * HOUR
    assert world.value("first_response@open~chatwoot", HOURS) == 2 * HOUR
    assert world.value("response_time@open~chatwoot", HOURS) == HOUR
    assert world.value("resolution_time@open~chatwoot", HOURS) == 10 * HOUR


# -- ratings ----------------------------------------------------------------------------------


def rated(id: str, score: int, when: str = "03-03 09:00") -> Record:
    return record(
        "survey_response", id=f"{id} {when}", survey_id="csat", conversation_id=id, score=score,
        submitted_at=when,
    )  # fmt: skip


RATED = story(
    "chatwoot: ratings",
    record("survey", id="csat", survey_kind="csat", scale_min=1, scale_max=5),
    [chat(id, "03-02 09:00") for id in "abc"],
    rated("a", 5),
    rated("b", 4),
    rated("c", 1),
    rated("c", 5, "03-05 09:00"),  # resolved again, asked again
)


def test_every_rating_counts(world: Desk) -> None:
    found = world.figure("satisfied_share~chatwoot", RATED)
    assert (found.numerator, found.denominator) == (3, 4)
    ours = world.figure("satisfied_share", RATED)
    assert (ours.numerator, ours.denominator) == (3, 3)


def test_first_contact_resolution_is_ours(world: Desk) -> None:
    answer = world.answer("first_contact_resolution", of=SOLVES, profile="chatwoot")
    assert any("Chatwoot has no rule for it" in w for w in answer.warnings)
