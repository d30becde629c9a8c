"""Open hours in figures: whose calendar, which version, holidays, split days, clock changes."""

from __future__ import annotations

import pytest

from record_homes import Desk, record, said, status, story, talk, ticket

pytestmark = pytest.mark.xdist_group("stories")

DAYS = ("mon", "tue", "wed", "thu", "fri")


def week(*spans: tuple[str, str], days: tuple[str, ...] = DAYS) -> list[dict[str, str]]:
    return [{"dow": day, "from": a, "to": b} for day in days for a, b in spans]


def solved(id: str, team: str, created: str, done: str) -> list[object]:
    return [
        record("ticket", id=id, created_at=created, team_id=team),
        status(id, done, "solved"),
    ]


HOURS = story(
    "open hours",
    record("business_calendar", id="office", tz="UTC", weekly=week(("08:00", "16:00"))),
    record("business_calendar", id="split", tz="UTC",
           weekly=week(("09:00", "12:00"), ("14:00", "18:00"))),
    record("business_calendar", id="night", tz="UTC", weekly=week(("22:00", "06:00"))),
    record("business_calendar", id="always", tz="UTC", always_open=True),
    record("business_calendar", id="tehran", tz="Asia/Tehran",
           weekly=week(("08:00", "16:00"), days=("sat", "sun", "mon", "tue", "wed"))),
    record("business_calendar", id="berlin", tz="Europe/Berlin",
           weekly=week(("00:00", "24:00"), days=("sat", "sun"))),
    record("business_calendar", id="versioned", tz="UTC", weekly=week(("08:00", "16:00"))),
    record("business_calendar", id="versioned", tz="UTC", valid_from="03-04 00:00",
           weekly=week(("10:00", "12:00"))),
    record("holiday", calendar_id="office", date="2026-03-10", name="Founding day",
           open_intervals=[]),
    record("holiday", calendar_id="office", date="2026-03-11", name="Half a day",
           open_intervals=[{"from": "08:00", "to": "10:00"}]),
    [record("team", id=t, calendar_id=t)
     for t in ("office", "split", "night", "always", "tehran", "berlin", "versioned")],
    # Friday 15:30 to Monday 09:00: 30 and 60 minutes
    solved("weekend", "office", "03-06 15:30", "03-09 09:00"),
    # Monday 15:00 to Thursday 09:00 over the two holidays: 1 h, 0, 2 h, 1 h
    solved("holidays", "office", "03-09 15:00", "03-12 09:00"),
    # Monday 11:00 to 15:00: an hour before and an hour after the break
    solved("break", "split", "03-02 11:00", "03-02 15:00"),
    # Monday 21:00 to Tuesday 05:00: from 22:00 on
    solved("night", "night", "03-02 21:00", "03-03 05:00"),
    # an hour is an hour
    solved("always", "always", "03-07 10:00", "03-07 11:00"),
    # Wednesday 15:00 to Saturday 09:00 in Tehran (11:30 UTC to 05:30 UTC): 1 h and 1 h
    solved("tehran", "tehran", "03-04 11:30", "03-07 05:30"),
    # the night of the clock change: Saturday 23:00 UTC to Sunday 12:00 UTC, all of it open
    solved("berlin", "berlin", "03-28 23:00", "03-29 12:00"),
    # Sunday of the change has 23 hours: Friday noon to Monday noon holds 47
    solved("berlin whole", "berlin", "03-27 12:00", "03-30 12:00"),
    # Tuesday 15:00 to Wednesday 11:00: 1 h by the old hours, 1 h by the new
    solved("versioned", "versioned", "03-03 15:00", "03-04 11:00"),
    # no calendar at all
    record("ticket", id="none", created_at="03-02 09:00"),
    status("none", "03-02 10:00", "solved"),
)  # fmt: skip


def test_open_clock_follows_the_calendar_of_the_team(world: Desk) -> None:
    def of(team: str, statistic: str = "mean") -> float:
        return world.value(
            f"resolution_time.{statistic}@open", HOURS, where=(("team", "is", (team,)),)
        )

    assert of("office", "min") == 5_400
    assert of("office", "max") == 14_400
    assert of("split") == 7_200
    assert of("night") == 25_200
    assert of("always") == 3_600
    assert of("tehran") == 7_200
    assert of("berlin", "min") == 46_800
    assert of("berlin", "max") == 169_200
    assert of("versioned") == 7_200


def test_without_a_calendar_open_time_is_unknown_and_calendar_time_is_known(world: Desk) -> None:
    found = world.figure("resolution_time@open", HOURS)
    assert found.n == 9
    assert found.excluded["no open hours are set"] == 1
    assert world.figure("resolution_time", HOURS).n == 10


BY_CHANNEL = story(
    "hours of a channel",
    record("business_calendar", id="shop", tz="UTC", weekly=week(("08:00", "16:00"))),
    record("business_calendar", id="round the clock", tz="UTC", always_open=True),
    record("channel", code="shop chat", calendar_id="shop"),
    record("channel", code="hotline", calendar_id="round the clock"),
    talk("at opening", "03-02 08:00", "shop chat"),  # open
    talk("before closing", "03-02 15:59:59", "shop chat"),  # open
    talk("at closing", "03-02 16:00", "shop chat"),  # closed
    talk("on Sunday", "03-01 12:00", "shop chat"),  # closed
    talk("hotline", "03-01 03:00", "hotline"),  # open
    talk("without hours", "03-01 03:00", "carrier pigeon"),
    [said(c, "03-02 20:00") for c in ("at opening", "before closing", "at closing", "on Sunday",
                                      "hotline", "without hours")],
    ticket("of the shop", "03-01 12:00", channel_first="shop chat"),  # closed
)  # fmt: skip


def test_share_outside_open_hours_by_the_calendar_of_the_channel(world: Desk) -> None:
    found = world.figure("conversations_outside_hours", BY_CHANNEL)
    assert (found.numerator, found.denominator) == (2, 5)
    assert found.excluded == {"no open hours are set": 1}
    requests = world.figure("requests_outside_hours", BY_CHANNEL)
    assert (requests.value, requests.numerator, requests.denominator) == (0.5, 3, 6)
    per_hour = world.by("conversations", "hour", BY_CHANNEL)
    assert per_hour == {"03:00": 2, "08:00": 1, "12:00": 1, "15:00": 1, "16:00": 1}


LATE_COLUMNS = story(
    "instants that only one column tells",
    record("business_calendar", id="any time", tz="UTC", always_open=True),
    record("business_calendar", id="other", tz="UTC", always_open=True),
    record("team", id="desk", calendar_id="any time"),
    record("ticket", id="t", created_at="03-02 09:00", team_id="desk", status="closed",
           resolved_at="03-02 10:00", closed_at="2026-08-02 09:00"),
)  # fmt: skip


def test_open_time_of_a_ticket_without_history(world: Desk) -> None:
    assert world.value("resolution_time@open", LATE_COLUMNS) == 3_600
    assert world.value("first_resolution_time@open", LATE_COLUMNS) == 3_600
