"""Conversations worked by hand from Intercom's documented rules (docs/decisions/0014)."""

from __future__ import annotations

import pytest

from record_homes import Desk, Record, record, said, status, story, talk, ticket
from sanjeh.answers.per_target import per_target

pytestmark = pytest.mark.xdist_group("stories")

HOUR = 3600


def chat(id: str, created: str, **fields: object) -> list[Record]:
    """A conversation as Intercom has it: what was said, and its state."""
    return [ticket(id, created, **fields), talk(id, created, "email", ticket_id=id)]


def closed(id: str, when: str, **fields: object) -> Record:
    return status(id, when, "solved", **fields)


def back(id: str, when: str) -> Record:
    return status(id, when, "open", actor_type="customer")


def seconds(world: Desk, metric: str, of: str, id: str, clock: str = "calendar") -> list[float]:
    """What a conversation counts with, row by row, under the profile."""
    rows = per_target(world.answers, metric, "intercom", [f"{of}/{id}"]).get(f"{of}/{id}", ())
    counted = [r for r in rows if r.is_counted]
    return [(r.seconds if clock == "calendar" else r.open_seconds) or 0 for r in counted]


# -- first response ---------------------------------------------------------------------------

REPLIES = story(
    "intercom: first responses",
    # a bot and a note do not answer
    chat("1", "03-02 09:00"),
    said("1", "03-02 09:00"),
    said("1", "03-02 09:00:02", "bot"),
    said("1", "03-02 09:05", "ann", visibility="internal"),
    said("1", "03-02 09:20", "ann"),
    # a teammate began: from the customer's first message on
    chat("2", "03-02 09:00", created_by_type="agent"),
    said("2", "03-02 09:00", "ann"),
    said("2", "03-02 10:00"),
    said("2", "03-02 10:10", "bo"),
    # a teammate began and the customer never wrote: nothing to measure
    chat("3", "03-02 09:00", created_by_type="agent"),
    said("3", "03-02 09:00", "ann"),
    # opened by the customer's form two minutes before the first words
    chat("4", "03-03 09:00"),
    said("4", "03-03 09:02"),
    said("4", "03-03 09:03", "ann"),
    # never answered
    chat("5", "03-03 09:00"),
    said("5", "03-03 09:00"),
    closed("5", "03-03 10:00", actor_type="bot"),
)


@pytest.mark.parametrize(
    ("id", "found"),
    [
        ("1", [1200]),  # 09:00 to 09:20
        ("2", [600]),  # 10:00 to 10:10, not from the teammate's own message
        ("3", []),
        ("4", [60]),  # from the first words, not from the opening
        ("5", []),
    ],
)
def test_first_response(world: Desk, id: str, found: list[float]) -> None:
    assert seconds(world, "first_response", REPLIES, id) == found


def test_first_response_of_the_desk_is_a_median(world: Desk) -> None:
    result = world.figure("first_response~intercom", REPLIES)
    assert (result.value, result.n) == (600, 3)
    assert result.excluded == {
        "the customer has written nothing": 1, "ended without an answer": 1,
    }  # fmt: skip
    # as Zendesk counts: 1200, 180 and, 2 begun by ann in public, 4200 to the next comment
    assert world.value("first_response~zendesk", REPLIES) == 1200


# -- response time ----------------------------------------------------------------------------


def asked(id: str, *minutes: tuple[str, str]) -> list[Record]:
    """A conversation of waits, each from a customer's message to ann's."""
    return [
        chat(id, minutes[0][0]),
        [[said(id, at), said(id, until, "ann")] for at, until in minutes],
    ]  # type: ignore[return-value]


TURNS = story(
    "intercom: replies",
    asked(
        "long",
        ("03-02 09:00", "03-02 09:01"),
        ("03-02 10:00", "03-02 10:02"),
        ("03-02 11:00", "03-02 11:10"),
    ),
    asked("short", ("03-02 12:00", "03-02 12:05")),
)


def test_each_conversation_counts_with_its_own_median(world: Desk) -> None:
    assert seconds(world, "response_time", TURNS, "long") == [120]  # of 60, 120 and 600
    assert seconds(world, "response_time", TURNS, "short") == [300]
    found = world.figure("response_time~intercom", TURNS)
    assert (found.value, found.n) == (210, 2)  # between 120 and 300
    # ours: the mean of the four waits
    assert (world.value("response_time", TURNS), world.figure("response_time", TURNS).n) == (270, 4)


# -- close, reopen, first contact -------------------------------------------------------------

CLOSES = story(
    "intercom: closes",
    # closed once by one teammate
    chat("once", "03-02 09:00"),
    said("once", "03-02 09:05"),
    said("once", "03-02 09:30", "ann"),
    closed("once", "03-02 10:05"),
    # a thanks opens it again
    chat("thanked", "03-02 09:00"),
    said("thanked", "03-02 09:00"),
    said("thanked", "03-02 09:30", "ann"),
    closed("thanked", "03-02 10:00"),
    said("thanked", "03-02 12:00", body="Thanks!"),
    back("thanked", "03-02 12:00"),
    closed("thanked", "03-02 12:30"),
    # two teammates took part
    chat("two", "03-02 09:00"),
    said("two", "03-02 09:00"),
    said("two", "03-02 09:30", "ann"),
    said("two", "03-02 09:40", "bo"),
    closed("two", "03-02 11:00"),
    # a bot closed it alone
    chat("bot", "03-02 09:00"),
    said("bot", "03-02 09:00"),
    said("bot", "03-02 09:00:05", "bot"),
    closed("bot", "03-02 09:10", actor_type="bot"),
    # came back and is open: its last close stands
    chat("open", "03-02 09:00"),
    said("open", "03-02 09:00"),
    said("open", "03-02 09:30", "ann"),
    closed("open", "03-02 10:00"),
    said("open", "03-05 09:00"),
    back("open", "03-05 09:00"),
    # never closed
    chat("never", "03-02 09:00"),
    said("never", "03-02 09:00"),
)


@pytest.mark.parametrize(
    ("id", "first", "last", "reopens"),
    [
        ("once", [HOUR], [HOUR], 0),  # from the first words, 09:05, not from 09:00
        ("thanked", [HOUR], [3.5 * HOUR], 1),
        ("two", [2 * HOUR], [2 * HOUR], 0),
        ("bot", [600], [600], 0),
        ("open", [HOUR], [HOUR], 1),
        ("never", [], [], 0),
    ],
)
def test_first_and_last_close_and_reopens(
    world: Desk, id: str, first: list[float], last: list[float], reopens: int
) -> None:
    assert seconds(world, "first_resolution_time", CLOSES, id) == first
    assert seconds(world, "resolution_time", CLOSES, id) == last
    assert len(seconds(world, "reopenings", CLOSES, id)) == reopens


def test_closes_of_the_desk(world: Desk) -> None:
    last = world.figure("resolution_time~intercom", CLOSES)
    assert (last.value, last.n) == (HOUR, 5)  # 600, 3600, 3600, 7200, 12600
    # ours: 3900 from the creation, 3600 (the thanks), 7200, 600; the one open again is pending
    ours = world.figure("resolution_time.median", CLOSES)
    assert (ours.value, ours.n, ours.pending) == (3750, 4, 2)
    assert world.value("reopened_tickets~intercom", CLOSES) == 2


def test_closed_once_by_one_teammate(world: Desk) -> None:
    found = world.figure("first_contact_resolution~intercom", CLOSES)
    # once and open; not twice closed, nor by two, nor by a bot alone
    assert (found.numerator, found.denominator) == (2, 5)


# -- office hours -----------------------------------------------------------------------------

WEEKDAYS = [{"dow": d, "from": "09:00", "to": "17:00"} for d in ("mon", "tue", "wed", "thu", "fri")]
HOURS = story(
    "intercom: office hours",
    record("business_calendar", id="hours", tz="UTC", weekly=WEEKDAYS),
    record("team", id="desk", calendar_id="hours"),
    chat("weekend", "03-06 16:00", team_id="desk"),
    said("weekend", "03-06 16:00"),
    said("weekend", "03-09 10:00", "ann"),
    said("weekend", "03-09 16:30"),
    said("weekend", "03-10 09:00", "ann"),
    closed("weekend", "03-10 10:00"),
)


def test_office_hours_are_taken_off_on_request(world: Desk) -> None:
    assert world.value("first_response~intercom", HOURS) == 66 * HOUR
    assert world.value("first_response@open~intercom", HOURS) == 2 * HOUR
    # waits of 2 h and half an hour in office hours: the middle is 1 h 15
    assert world.value("response_time@open~intercom", HOURS) == 4500
    # of 66 h and 16.5 h on the calendar: 41 h 15
    assert world.value("response_time~intercom", HOURS) == 148_500
    assert world.value("resolution_time@open~intercom", HOURS) == 10 * HOUR


# -- ratings ----------------------------------------------------------------------------------


def rated(id: str, score: int, when: str = "03-03 09:00") -> Record:
    return record(
        "survey_response", id=f"{id} {when}", survey_id="emoji", conversation_id=id, score=score,
        submitted_at=when,
    )  # fmt: skip


RATED = story(
    "intercom: ratings",
    # a desk that calls only the best score satisfied: Intercom takes 4 as well
    record("survey", id="emoji", survey_kind="csat", scale_min=1, scale_max=5, satisfied=[5]),
    [chat(id, "03-02 09:00") for id in "abcd"],
    rated("a", 5),
    rated("b", 4),
    rated("c", 3),
    rated("d", 2),
    rated("d", 1, "03-04 09:00"),
)


def test_positive_ratings_are_four_and_five(world: Desk) -> None:
    found = world.figure("satisfied_share~intercom", RATED)
    assert (found.numerator, found.denominator) == (2, 4)
    assert world.figure("satisfied_share", RATED).numerator == 1


def test_what_intercom_says_nothing_about_is_ours(world: Desk) -> None:
    answer = world.answer("reopen_rate", of=CLOSES, profile="intercom")
    assert [r.metric for r in answer.results] == ["reopen_rate~intercom"]
    assert any("Intercom has no rule for it" in w for w in answer.warnings)
