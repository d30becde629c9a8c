"""Tickets worked by hand from Zendesk's documented rules (docs/decisions/0013)."""

from __future__ import annotations

import pytest

from record_homes import Desk, Record, record, said, status, story, talk, ticket
from sanjeh.answers.per_target import per_target
from sanjeh.metrics.registry import UnknownMetric

pytestmark = pytest.mark.xdist_group("stories")

HOUR = 3600


def mail(id: str, created: str, **fields: object) -> list[Record]:
    """A ticket and the mail thread that it is."""
    return [ticket(id, created, **fields), talk(id, created, "email", ticket_id=id)]


def solved(id: str, when: str) -> Record:
    return status(id, when, "solved", actor_id="ann")


def back(id: str, when: str) -> Record:
    return status(id, when, "open", actor_type="customer")


def seconds(world: Desk, metric: str, of: str, id: str, clock: str = "calendar") -> list[float]:
    """What a ticket counts with, row by row, under the profile."""
    rows = per_target(world.answers, metric, "zendesk", [f"{of}/{id}"]).get(f"{of}/{id}", ())
    counted = [r for r in rows if r.is_counted]
    return [(r.seconds if clock == "calendar" else r.open_seconds) or 0 for r in counted]


# -- first reply time -------------------------------------------------------------------------

REPLIES = story(
    "zendesk: first replies",
    # a trigger's mail, a note: neither answers
    mail("1", "03-02 09:00"),
    said("1", "03-02 09:00"),
    said("1", "03-02 09:01", "ann", is_auto=True),
    said("1", "03-02 09:10", "ann", visibility="internal"),
    said("1", "03-02 09:30", "ann"),
    # an agent opened it with a public comment: the next one counts
    mail("2", "03-02 10:00", created_by_type="agent"),
    said("2", "03-02 10:00", "ann"),
    said("2", "03-02 12:00"),
    said("2", "03-02 13:00", "ann"),
    # an agent opened it with a note: the first public comment counts
    mail("3", "03-02 10:00", created_by_type="agent"),
    said("3", "03-02 10:00", "ann", visibility="internal"),
    said("3", "03-02 10:20", "ann"),
    # a call written down and solved at once; the customer came back a day later
    mail("4", "03-03 11:00", created_by_type="agent"),
    said("4", "03-03 11:00", "ann", visibility="internal"),
    solved("4", "03-03 11:00"),
    said("4", "03-04 11:00"),
    back("4", "03-04 11:00"),
    said("4", "03-04 11:30", "ann"),
    # a bot does not answer
    mail("5", "03-05 09:00"),
    said("5", "03-05 09:00"),
    said("5", "03-05 09:00:05", "bot"),
    said("5", "03-05 09:10", "ann"),
    # nobody ever answered
    mail("6", "03-06 09:00"),
    said("6", "03-06 09:00"),
    solved("6", "03-06 12:00"),
    # a mere thanks as the whole ticket is a ticket as any other
    mail("7", "03-09 09:00"),
    said("7", "03-09 09:00", body="Thank you!"),
    said("7", "03-09 09:02", "ann"),
)


@pytest.mark.parametrize(
    ("id", "found"),
    [
        ("1", [1800]),  # 09:00 to 09:30
        ("2", [3 * HOUR]),  # 10:00 to 13:00; ours is one hour, from the customer's message
        ("3", [1200]),
        ("4", [24.5 * HOUR]),
        ("5", [600]),
        ("6", []),
        ("7", [120]),  # ours leaves it out: it needs no reply
    ],
)
def test_first_reply_time(world: Desk, id: str, found: list[float]) -> None:
    assert seconds(world, "first_response", REPLIES, id) == found


def test_first_reply_time_of_the_desk_is_a_median_of_all_tickets(world: Desk) -> None:
    result = world.figure("first_response~zendesk", REPLIES)
    # 120, 600, 1200, 1800, 10800, 88200: the middle of 1200 and 1800
    assert (result.value, result.n, result.metric) == (1500, 6, "first_response.median~zendesk")
    assert result.excluded == {"ended without an answer": 1}
    assert world.value("first_response.mean~zendesk", REPLIES) == 17_120
    assert world.value("first_response.p90~zendesk", REPLIES) == 49_500
    # ours: 1800, 3600, 1800, 600; those an agent began from the customer's message on
    assert world.figure("first_response", REPLIES).excluded["thanks only"] == 1


# -- next reply time --------------------------------------------------------------------------

NEXT = story(
    "zendesk: next replies",
    mail("1", "03-02 09:00"),
    said("1", "03-02 09:00"),
    said("1", "03-02 09:30", "ann"),  # the first reply
    said("1", "03-02 14:00"),
    said("1", "03-02 14:20"),
    said("1", "03-02 15:00", "ann"),
    said("1", "03-02 16:00", body="Thanks!"),
    said("1", "03-02 16:05", "ann"),
)


def test_next_reply_runs_from_the_oldest_unanswered_comment(world: Desk) -> None:
    assert seconds(world, "response_time", NEXT, "1") == [HOUR, 300]
    assert world.value("response_time.mean~zendesk", NEXT) == 1950
    assert world.value("response_time", NEXT) == 2700  # ours: 30 and 60 minutes, no thanks


# -- resolution -------------------------------------------------------------------------------

SOLVES = story(
    "zendesk: solves",
    mail("back", "03-02 09:00"),
    said("back", "03-02 09:00"),
    said("back", "03-02 09:30", "ann"),
    solved("back", "03-02 10:00"),
    said("back", "03-02 12:00"),
    back("back", "03-02 12:00"),
    said("back", "03-02 14:00", "ann"),
    solved("back", "03-02 15:00"),
    mail("thanked", "03-02 09:00"),
    said("thanked", "03-02 09:00"),
    said("thanked", "03-02 09:30", "ann"),
    solved("thanked", "03-02 10:00"),
    said("thanked", "03-02 12:00", body="Thanks!"),
    back("thanked", "03-02 12:00"),
    solved("thanked", "03-02 12:30"),
    mail("slip", "03-02 09:00"),
    said("slip", "03-02 09:00"),
    solved("slip", "03-02 11:00"),
    status("slip", "03-02 11:30", "open", actor_id="ann"),
    solved("slip", "03-02 11:31"),
    mail("closed by a rule", "03-02 09:00"),
    said("closed by a rule", "03-02 09:00"),
    status("closed by a rule", "03-05 09:00", "closed", actor_type="system"),
    mail("open again", "03-02 09:00"),
    said("open again", "03-02 09:00"),
    solved("open again", "03-02 10:00"),
    said("open again", "03-03 10:00"),
    back("open again", "03-03 10:00"),
    mail("opened by ann", "03-02 09:00", created_by_type="agent"),
    said("opened by ann", "03-02 09:00", "ann"),
    said("opened by ann", "03-02 10:00"),
    said("opened by ann", "03-02 11:00", "ann"),
    solved("opened by ann", "03-02 11:00"),
)


@pytest.mark.parametrize(
    ("id", "first", "full", "reopens"),
    [
        ("back", [HOUR], [6 * HOUR], 1),
        ("thanked", [HOUR], [3.5 * HOUR], 1),
        ("slip", [2 * HOUR], [9060], 1),
        ("closed by a rule", [72 * HOUR], [72 * HOUR], 0),
        ("open again", [HOUR], [], 1),
        ("opened by ann", [2 * HOUR], [2 * HOUR], 0),
    ],
)
def test_first_and_full_resolution_and_reopens(
    world: Desk, id: str, first: list[float], full: list[float], reopens: int
) -> None:
    assert seconds(world, "first_resolution_time", SOLVES, id) == first
    assert seconds(world, "resolution_time", SOLVES, id) == full
    assert len(seconds(world, "reopenings", SOLVES, id)) == reopens


def test_resolution_of_the_desk(world: Desk) -> None:
    full = world.figure("resolution_time~zendesk", SOLVES)
    # 7200, 9060, 12600, 21600, 259200
    assert (full.value, full.n) == (12_600, 5)
    assert full.excluded == {"open again, or not yet solved": 1}
    # ours: 3600 (the thanks), 9060, 7200, 21600; closed unsolved is listed
    assert world.figure("resolution_time.median", SOLVES).value == 8130
    assert world.value("reopenings~zendesk", SOLVES) == 4
    assert world.value("reopenings", SOLVES) == 2
    assert world.value("reopened_tickets~zendesk", SOLVES) == 4
    rate = world.figure("reopen_rate~zendesk", SOLVES)
    assert (rate.numerator, rate.denominator) == (3, 5)
    assert world.value("resolved_tickets~zendesk", SOLVES) == 5
    assert world.value("resolved_tickets", SOLVES) == 5  # ours: once solved is solved


def test_one_touch_is_solved_with_fewer_than_two_replies(world: Desk) -> None:
    found = world.figure("first_contact_resolution~zendesk", SOLVES)
    # thanked 1 reply, slip 0, closed by a rule 0, opened by ann 1 after her own; back has 2
    assert (found.numerator, found.denominator) == (4, 5)


# -- business hours ---------------------------------------------------------------------------

WEEKDAYS = [{"dow": d, "from": "09:00", "to": "17:00"} for d in ("mon", "tue", "wed", "thu", "fri")]
HOURS = story(
    "zendesk: a schedule",
    record("business_calendar", id="hours", tz="UTC", weekly=WEEKDAYS),
    record("team", id="desk", calendar_id="hours"),
    mail("weekend", "03-06 16:00", team_id="desk"),
    said("weekend", "03-06 16:00"),
    said("weekend", "03-09 10:00", "ann"),
    said("weekend", "03-09 16:30"),
    said("weekend", "03-10 09:30", "ann"),
    solved("weekend", "03-10 10:00"),
)


def test_business_hours_count_the_schedule_alone(world: Desk) -> None:
    # Friday 16:00 to Monday 10:00: 66 hours, of which one on each side is open
    assert seconds(world, "first_response", HOURS, "weekend") == [66 * HOUR]
    assert seconds(world, "first_response", HOURS, "weekend", "open") == [2 * HOUR]
    assert world.value("first_response@open~zendesk", HOURS) == 2 * HOUR
    assert seconds(world, "response_time", HOURS, "weekend", "open") == [HOUR]
    # 1 h on Friday, 8 on Monday, 1 on Tuesday
    assert seconds(world, "resolution_time", HOURS, "weekend", "open") == [10 * HOUR]


# -- satisfaction -----------------------------------------------------------------------------


def rated(id: str, score: int, when: str = "03-03 09:00") -> Record:
    return record(
        "survey_response", id=f"{id} {when}", survey_id="two", ticket_id=id, score=score,
        submitted_at=when,
    )  # fmt: skip


RATED = story(
    "zendesk: ratings",
    record("survey", id="two", survey_kind="csat", scale_min=0, scale_max=1),
    [(mail(id, "03-02 09:00"), solved(id, "03-02 10:00")) for id in "abcde"],
    rated("a", 1),
    rated("b", 1),
    rated("c", 0),
    rated("d", 0),
    rated("d", 1, "03-04 09:00"),  # thought better of it
    record("survey_invite", id="e", survey_id="two", ticket_id="e", sent_at="03-03 09:00"),
)


def test_satisfaction_is_good_out_of_good_and_bad(world: Desk) -> None:
    found = world.figure("satisfied_share~zendesk", RATED)
    assert (found.numerator, found.denominator) == (3, 4)


# -- the profile itself -----------------------------------------------------------------------


def test_a_ticket_has_its_rows_under_a_profile(world: Desk) -> None:
    id = f"{SOLVES}/thanked"
    ours = per_target(world.answers, "reopenings", None, [id])
    theirs = per_target(world.answers, "reopenings", "zendesk", [id])
    assert [(r.value, r.reason) for r in ours[id]] == [(1, "a thanks, needing no reply")]
    assert [(r.value, r.reason) for r in theirs[id]] == [(1, None)]
    every = per_target(world.answers, "resolution_time", "zendesk")
    assert [r.seconds for r in every[id]] == [3.5 * HOUR]
    (row,) = every[f"{SOLVES}/open again"]
    assert (row.is_counted, row.reason) == (False, "open again, or not yet solved")
    assert f"{REPLIES}/1" not in every  # never solved, so there is nothing to say


def test_a_profile_for_the_whole_question(world: Desk) -> None:
    answer = world.answer("reopenings", "new_tickets", of=SOLVES, profile="zendesk")
    assert [(r.metric, r.value) for r in answer.results] == [
        ("reopenings~zendesk", 4), ("new_tickets~zendesk", 5),
    ]  # fmt: skip
    assert "new_tickets: Zendesk has no rule for it; it is counted as ours." in answer.warnings
    assert answer.question["profile"] == "zendesk"
    told = answer.question["counted_as"]
    assert told["reopenings~zendesk"]["rule"].startswith("Every change from solved")
    assert told["new_tickets~zendesk"]["rule"] is None


def test_a_profile_chosen_in_the_address_goes_before_that_of_the_question(world: Desk) -> None:
    answer = world.answer("reopenings~intercom", of=SOLVES, profile="zendesk")
    assert [r.metric for r in answer.results] == ["reopenings~intercom"]


def test_an_unknown_profile_is_explained(world: Desk) -> None:
    with pytest.raises(UnknownMetric, match="zendesk, intercom"):
        world.answer("reopenings", of=SOLVES, profile="freshdesk")
