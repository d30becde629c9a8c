"""What other systems' own tests expect (docs/explanation/kpi-scenarios.md), asked of ours.

Each scenario is told anew as records; the figure is theirs where we agree, ours where we do not.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from record_homes import Desk, Record, record, said, status, story, talk, ticket
from sanjeh.words.durations import duration

pytestmark = pytest.mark.xdist_group("stories")

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "kpi-scenarios.md"


def asked(id: str, at: str, answered: str | None = None, channel: str = "email") -> list[Record]:
    """A conversation: the customer, and perhaps one reply."""
    replies = [said(id, answered, "ann")] if answered else []
    return [talk(id, at, channel), said(id, at), *replies]


def solved(id: str, at: str, done: str, **fields: object) -> list[Record]:
    return [ticket(id, at, **fields), status(id, done, "solved", actor_id="ann")]


# -- waits by day, by week, of all ------------------------------------------------------------

WAITS = story(
    "kpi: three first responses",
    asked("80 s", "03-09 09:58:40", "03-09 10:00:00"),
    asked("100 s", "03-09 08:58:20", "03-09 09:00:00"),
    asked("93 s", "03-02 09:58:27", "03-02 10:00:00"),
)
EIGHT_DAYS = {"start": "2026-03-02", "end": "2026-03-10"}


def test_mean_first_response_by_day_week_and_in_all(world: Desk) -> None:
    by_day = world.series("first_response", "day", WAITS, **EIGHT_DAYS)
    assert by_day == {
        "2026-03-02": 93, "2026-03-03": None, "2026-03-04": None, "2026-03-05": None,
        "2026-03-06": None, "2026-03-07": None, "2026-03-08": None, "2026-03-09": 90,
    }  # fmt: skip
    for zone in ("UTC", "Asia/Kolkata"):
        answer = world.answer("first_response", of=WAITS, grain="week", week_start="sun",
                              zone=zone, **EIGHT_DAYS)  # fmt: skip
        assert [(r.n, r.value) for r in answer.results] == [(1, 93), (2, 90)]
    assert world.value("first_response", WAITS, **EIGHT_DAYS) == 91


INBOXES = story(
    "kpi: two inboxes",
    talk("first", "03-02 09:00", "email"),
    said("first", "03-02 09:00:00"),
    said("first", "03-02 09:00:50", "ann"),
    said("first", "03-02 09:01:00"),
    said("first", "03-02 09:01:30", "ann"),
    said("first", "03-02 09:02:00"),
    said("first", "03-02 09:02:40", "ann"),
    talk("second", "03-02 09:00", "WhatsApp", ticket_id="k"),
    said("second", "03-02 09:00"),
    solved("k", "03-02 09:00", "03-02 09:01:40", channel_first="WhatsApp"),
)


def test_summary_of_two_inboxes(world: Desk) -> None:
    assert world.by("conversations", "channel", INBOXES) == {"email": 1, "WhatsApp": 1}
    first = {"where": (("channel", "is", ("email",)),)}
    assert world.value("first_response", INBOXES, **first) == 50
    assert world.value("next_response_time", INBOXES, **first) == 35
    assert world.value("response_time", INBOXES, **first) == 40
    second = {"where": (("channel", "is", ("WhatsApp",)),)}
    assert world.value("first_response", INBOXES, **second) is None
    assert world.value("next_response_time", INBOXES, **second) is None
    assert world.value("resolution_time", INBOXES, **second) == 100


SPREAD = story(
    "kpi: how first responses spread",
    asked("w1", "03-02 00:00", "03-02 00:30", "chat"),
    asked("w2", "03-02 00:00", "03-02 02:00", "chat"),
    asked("w3", "03-02 00:00", "03-02 06:00", "chat"),
    asked("e1", "03-02 00:00", "03-02 12:00"),
    asked("e2", "03-02 00:00", "03-04 00:00"),
    asked("edge 1", "03-12 00:00", "03-12 01:00"),
    asked("edge 2", "03-12 00:00", "03-12 00:59:59"),
    asked("edge 3", "03-12 00:00", "03-13 00:00"),
)


def spread(world: Desk, channel: str, start: str, end: str) -> dict[str, int]:
    """The distribution in the peer's five classes."""
    where = (("channel", "is", (channel,)),)
    found = world.figure("first_response.distribution", SPREAD, where=where, start=start, end=end)
    classes = {"0-1h": 0, "1-4h": 0, "4-8h": 0, "8-24h": 0, "24h+": 0}
    for part in found.statistics["distribution"]:
        up_to = part["up_to"] or 10**9
        name = next(
            (n for n, limit in zip(classes, (3600, 14400, 28800, 86400), strict=False)
             if up_to <= limit),
            "24h+",
        )  # fmt: skip
        classes[name] += part["n"]
    return classes


def test_distribution_of_first_responses(world: Desk) -> None:
    assert spread(world, "chat", "2026-03-01", "2026-03-10") == {
        "0-1h": 1, "1-4h": 1, "4-8h": 1, "8-24h": 0, "24h+": 0,
    }  # fmt: skip
    assert spread(world, "email", "2026-03-01", "2026-03-10") == {
        "0-1h": 0, "1-4h": 0, "4-8h": 0, "8-24h": 1, "24h+": 1,
    }  # fmt: skip


def test_exactly_an_hour_is_within_an_hour(world: Desk) -> None:
    # theirs: 1, 1, 0, 0, 1
    assert spread(world, "email", "2026-03-10", "2026-03-20") == {
        "0-1h": 2, "1-4h": 0, "4-8h": 0, "8-24h": 1, "24h+": 0,
    }  # fmt: skip


WINDOW = story(
    "kpi: only the window",
    asked("inside", "03-20 09:00", "03-20 09:30"),
    asked("two weeks before", "03-08 09:00", "03-08 09:30"),
)


def test_only_what_lies_in_the_window_is_counted(world: Desk) -> None:
    week = {"start": "2026-03-15", "end": "2026-03-22"}
    assert world.figure("first_response", WINDOW, **week).n == 1


# -- bots -------------------------------------------------------------------------------------

BOTS = story(
    "kpi: settled by a bot and handed off",
    talk("A", "03-02 09:00", "chat", ended_at="03-02 09:10"),
    said("A", "03-02 09:00"),
    said("A", "03-02 09:00:01", "bot"),
    record("bot_session", conversation_id="A", bot_id="b", started_at="03-02 09:00",
           resolved=True, handed_off_at="03-02 09:05"),
    talk("B", "03-02 09:00", "chat", ended_at="03-02 09:10"),
    said("B", "03-02 09:00"),
    record("bot_session", conversation_id="B", bot_id="b", started_at="03-02 09:00",
           handed_off_at="03-02 09:05"),
)  # fmt: skip


def test_what_a_bot_handed_off_it_did_not_settle(world: Desk) -> None:
    assert world.value("conversations", BOTS) == 2
    assert world.value("chats_bot_only", BOTS) == 0  # theirs: a half
    assert world.value("chats_missed", BOTS) == 2


SETTLED = story(
    "kpi: what a bot settled",
    talk("bot alone", "03-02 09:00", "chat", ended_at="03-02 09:10"),
    said("bot alone", "03-02 09:00"),
    said("bot alone", "03-02 09:00:01", "bot"),
    talk("no bot", "03-02 09:00", "chat", ended_at="03-02 09:10"),
    said("no bot", "03-02 09:00"),
    talk("bot and person", "03-02 09:00", "chat", ended_at="03-02 09:10"),
    said("bot and person", "03-02 09:00"),
    said("bot and person", "03-02 09:00:01", "bot"),
    said("bot and person", "03-02 09:05", "ann"),
)


def test_bot_settled_what_no_person_wrote_in(world: Desk) -> None:
    outcomes = world.by("conversations", "outcome", SETTLED)
    assert outcomes == {"bot_only": 1, "missed": 1, "served": 1}


HANDED = story(
    "kpi: handed off and answered",
    talk("h", "03-02 09:00", "chat", human_requested_at="03-02 09:00:20"),
    said("h", "03-02 09:00:00"),
    said("h", "03-02 09:00:01", "bot"),
    said("h", "03-02 09:01:02", "ann"),
    [
        record("transfer", id=f"x{n}", conversation_id="h", at=f"03-02 09:00:{second}",
               transfer_kind="bot_to_human")
        for n, second in ((1, 20), (2, 40))
    ],
)  # fmt: skip


def test_first_response_runs_from_the_first_message_or_on_request_from_the_hand_off(
    world: Desk,
) -> None:
    assert world.value("first_response", HANDED) == 62
    since = world.value("first_response", HANDED, options={"frt.start": "human_requested"})
    assert since == 42  # theirs
    assert world.value("first_response~chatwoot", HANDED) == 42


def test_hand_off_by_a_bot_is_no_transfer(world: Desk) -> None:
    assert world.value("transfers", HANDED) == 0  # theirs counts one hand-off


# -- resolutions and replies ------------------------------------------------------------------

AGAIN = story(
    "kpi: five solved, two of them twice",
    [solved(f"t{n}", "03-02 09:00", "03-02 10:00") for n in range(5)],
    [
        (status(f"t{n}", "03-03 09:00", "open", actor_type="customer"),
         status(f"t{n}", "03-03 10:00", "solved"))
        for n in range(2)
    ],
)  # fmt: skip


def test_solved_again_is_a_second_solve_and_the_same_ticket(world: Desk) -> None:
    assert world.value("solves", AGAIN) == 7
    assert world.value("resolved_tickets", AGAIN) == 5
    assert world.value("resolved_tickets~chatwoot", AGAIN) == 7


ONE = story("kpi: one desk", [solved(f"t{n}", "03-02 09:00", "03-02 10:00") for n in range(2)])
OTHER = story("kpi: another", [solved(f"t{n}", "03-02 09:00", "03-02 10:00") for n in range(3)])


def test_one_agent_on_two_desks(world: Desk) -> None:
    assert world.by("resolved_tickets", "agent", ONE) == {"ann": 2}
    assert world.by("resolved_tickets", "agent", OTHER) == {"ann": 3}


REPLIES = story(
    "kpi: replies",
    asked("two hours", "03-02 00:00", "03-02 02:00"),
    # solved before; the clock starts with the message that brought it back
    talk("came back", "03-04 00:00", "email", ticket_id="k1"),
    said("came back", "03-04 00:00"),
    said("came back", "03-04 00:10", "ann"),
    solved("k1", "03-04 00:00", "03-04 00:10"),
    said("came back", "03-05 00:00"),
    status("k1", "03-05 00:00", "open", actor_type="customer"),
    said("came back", "03-05 02:00", "ann"),
    talk("two replies", "03-07 00:00", "email", ticket_id="k2"),
    said("two replies", "03-07 00:00"),
    said("two replies", "03-07 01:00", "ann"),
    solved("k2", "03-07 00:00", "03-07 01:00"),
    said("two replies", "03-07 03:00"),
    said("two replies", "03-07 03:30", "ann"),
    # reopened by an agent, one second after; the customer writes an hour later
    talk("by hand", "03-10 00:00", "email", ticket_id="k3"),
    solved("k3", "03-10 00:00", "03-10 00:00"),
    status("k3", "03-10 00:00:01", "open"),
    said("by hand", "03-10 01:00"),
    said("by hand", "03-10 01:45", "ann"),
    talk("nobody waits", "03-12 00:00", "email"),
    said("nobody waits", "03-12 00:00", "ann"),
)


@pytest.mark.parametrize(
    ("metric", "day", "n", "least", "most"),
    [
        ("response_time", 2, 1, 7200, 7200),
        ("next_response_time", 5, 1, 7200, 7200),
        ("response_time", 7, 2, 1800, 3600),
        ("response_time", 10, 1, 2700, 2700),
        ("response_time", 12, 0, None, None),
    ],
)
def test_reply_times(
    world: Desk, metric: str, day: int, n: int, least: int | None, most: int | None
) -> None:
    on = {"start": f"2026-03-{day:02d}", "end": f"2026-03-{day + 1:02d}"}
    found = world.figure(metric, REPLIES, **on)
    assert found.n == n
    assert found.statistics.get("min") == least
    assert found.statistics.get("max") == most


TOLD_LATE = story("kpi: the row was touched later", solved("t", "03-02 09:00", "03-02 09:20"))


def test_resolution_ends_with_the_event(world: Desk) -> None:
    assert world.value("resolution_time", TOLD_LATE) == 1200


def test_durations_have_one_unit() -> None:
    seconds = (86400, 172800, 86401, 93600, 86461, 3600, 7200, 3601, 3660, 60, 120, 62, 56, 55.2,
               1, None)  # fmt: skip
    assert [duration(s).replace("\u00a0", " ") for s in seconds] == [
        "24 h", "2 d", "24 h", "26 h", "24 h", "60 min", "2 h", "60 min", "61 min", "60 s",
        "2 min", "62 s", "56 s", "55 s", "1 s", "—",
    ]  # fmt: skip


# -- tickets with hours and pauses ------------------------------------------------------------

WEEKDAYS = [{"dow": d, "from": "10:00", "to": "18:00"} for d in ("mon", "tue", "wed", "thu", "fri")]


def paused(id: str, created: str, replied: str, back: str, done: str) -> list[Record]:
    return [
        ticket(id, created, team_id="desk"),
        status(id, replied, "pending_customer"),
        status(id, back, "open", actor_type="customer"),
        status(id, done, "solved"),
    ]


PAUSED = story(
    "kpi: waiting for the customer is taken out",
    record("business_calendar", id="hours", tz="UTC", weekly=WEEKDAYS),
    record("holiday", calendar_id="hours", date="2026-03-06", name="Friday off", open_intervals=[]),
    record("team", id="desk", calendar_id="hours"),
    paused("hour", "03-02 12:00", "03-02 12:30", "03-02 13:00", "03-02 13:30"),
    paused("long", "03-05 17:30", "03-05 17:50", "03-09 12:30", "03-09 13:00"),
)


def test_pause_is_taken_out_of_open_hours(world: Desk) -> None:
    net = "resolution_time_without_waiting@open"
    first = {"start": "2026-03-02", "end": "2026-03-03"}
    assert world.value(net, PAUSED, **first) == 3600
    last = {"start": "2026-03-09", "end": "2026-03-10"}
    assert world.value(net, PAUSED, **last) == 3000
    # with the pause: 30 min on Thursday and 180 on Monday
    assert world.value("resolution_time@open", PAUSED, **last) == 12600


CLOSED = story(
    "kpi: closed a day after it was solved",
    solved("t", "03-02 12:00", "03-02 12:30"),
    status("t", "03-03 12:00", "closed"),
)


def test_closing_later_does_not_lengthen(world: Desk) -> None:
    assert world.value("resolution_time", CLOSED) == 1800


def aged(id: str, day: str, first: int, done: int) -> list[Record]:
    """A mail answered and its ticket solved so many minutes after midnight of a day."""

    def minute(n: int) -> str:
        return f"{day} {n // 60:02d}:{n % 60:02d}"

    return [
        *solved(id, minute(0), minute(done), channel_first="email"),
        talk(f"mail {id}", minute(0), "email", ticket_id=id),
        said(f"mail {id}", minute(0)),
        said(f"mail {id}", minute(first), "ann"),
    ]


WINDOWS = story(
    "kpi: one, four and eight months ago",
    aged("1", "2026-05-30", 10, 20),
    aged("4", "2026-02-28", 20, 40),
    aged("8", "2025-10-30", 30, 60),
)


@pytest.mark.parametrize(
    ("since", "first", "resolution"),
    [("2026-03-30", 600, 1200), ("2025-12-30", 900, 1800), ("2025-06-30", 1200, 2400)],
)
def test_means_by_window(world: Desk, since: str, first: int, resolution: int) -> None:
    window = {"start": since, "end": "2026-07-01"}
    assert world.value("first_response", WINDOWS, **window) == first
    assert world.value("resolution_time", WINDOWS, **window) == resolution


# -- ratings ----------------------------------------------------------------------------------


def rating(id: str, day: str, score: int) -> list[Record]:
    return [
        talk(id, f"{day} 09:00", "chat", ended_at=f"{day} 09:10"),
        said(id, f"{day} 09:00"),
        said(id, f"{day} 09:01", "ann"),
        record("survey_response", id=id, survey_id="stars", conversation_id=id, score=score,
               submitted_at=f"{day} 10:00"),
    ]  # fmt: skip


STARS = record("survey", id="stars", survey_kind="csat", scale_min=1, scale_max=5)
RATED = story(
    "kpi: three ratings",
    STARS,
    [rating(f"r{score}", "03-02", score) for score in (5, 3, 1)],
)
RATED_ONCE = story("kpi: a rating nobody asked for", STARS, rating("r", "03-02", 1))
AGED = story(
    "kpi: ratings of four ages",
    STARS,
    rating("today", "06-29", 5),
    rating("10 days", "06-19", 4),
    rating("40 days", "05-20", 3),
    rating("100 days", "03-21", 2),
)


def test_mean_and_spread_of_ratings(world: Desk) -> None:
    found = world.figure("satisfaction_score.distribution", RATED)
    assert (found.n, found.statistics["mean"]) == (3, 3)
    assert {p["up_to"]: p["n"] for p in found.statistics["distribution"] if p["n"]} == {
        1: 1, 3: 1, 5: 1,
    }  # fmt: skip


def test_answers_stand_without_invitations(world: Desk) -> None:
    found = world.figure("satisfaction_score", RATED_ONCE)
    assert (found.n, found.value) == (1, 1)
    assert world.value("survey_response_rate", RATED_ONCE) is None


@pytest.mark.parametrize(
    ("since", "mean"),
    [("2026-06-23", 5), ("2026-05-31", 4.5), ("2026-04-01", 4), ("2026-01-01", 3.5)],
)
def test_ratings_by_window(world: Desk, since: str, mean: float) -> None:
    assert world.value("satisfaction_score", AGED, start=since, end="2026-07-01") == mean


# -- the page ---------------------------------------------------------------------------------


def test_page_has_a_verdict_on_every_scenario() -> None:
    told = PAGE.read_text("utf-8")
    rows = re.findall(r"^\| `(\w+-\d{3})` \| [^|]+ \| (same|differs|not ours)\b", told, re.M)
    assert [name for name, _ in rows] == [
        *(f"chatwoot-{n:03d}" for n in range(1, 28)),
        *(f"frappe_helpdesk-{n:03d}" for n in range(1, 9)),
    ]
