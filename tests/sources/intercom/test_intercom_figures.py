"""Conversations of Intercom, asked about: each figure was worked by hand from its story."""

from __future__ import annotations

from typing import Any

import pytest
from intercom_records import lines, made_of

from intercom_workspace import CALL, CONVERSATIONS, STREAMS
from record_homes import Desk, story

pytestmark = pytest.mark.xdist_group("stories")

PEOPLE = [
    line
    for stream in ("admins", "teams", "tags", "companies", "contacts")
    for value in STREAMS[stream]
    for line in lines(made_of(stream, value))
]
STORY = {
    name: story(
        f"intercom: {name}",
        *(line for line in PEOPLE if line["record"] in ("agent", "team", "tag")),
        *lines(made_of("conversations", value)),
        *(lines(made_of("calls", CALL)) if name == "a call" else ()),
    )
    for name, value in CONVERSATIONS.items()
}


EXPECTED: dict[str, dict[str, Any]] = {
    "answered and closed": {
        # 09:00 to 09:04; closed at 09:30
        "first_response": 240,
        "resolution_time": 1800,
        "reopenings": 0,
        "requests": 1,
    },
    "fin first, then a person": {
        # 10:00 to 10:10; what Fin said is no answer of a person
        "first_response": 600,
        "chats_bot_only": 0,
        "transfer_rate": 0,
    },
    "we wrote first": {
        # from the customer's question at 10:10 to 10:12; what we begin is no request
        "first_response": 120,
        "requests": 0,
    },
    "campaign that nobody answered": {
        "first_response": None,
        "requests": 0,
        "open_tickets": 0,
        "conversations_raw": 1,
    },
    "campaign that was answered": {
        "first_response": 300,
    },
    "a note only": {
        # a note is no answer
        "first_response": None,
        "open_tickets": 1,
    },
    "snoozed and woken": {
        # 4 March 09:00 to 5 March 09:06: 86,400 + 360
        "resolution_time": 86_760,
        "reopenings": 0,
    },
    "reopened twice": {
        # 2 March 09:00 to 3 March 10:00: 86,400 + 3,600
        "resolution_time": 90_000,
        "reopenings": 2,
        # (600 + 1,200 + 1,800) / 3
        "response_time": 1200,
    },
    "moved between teams in mid-wait": {
        # 14:00 to 09:00: 19 h × 3,600
        "first_response": 68_400,
        # nobody had it yet when it was moved
        "transfer_rate": 0,
    },
    "rated with a remark": {
        "satisfaction_score": 4,
        "survey_response_rate": 1,
    },
    "asked to rate and silent": {
        "satisfaction_score": None,
        "survey_response_rate": 0,
    },
    "closed by a bot": {
        "chats_bot_only": 1,
        "first_response": None,
    },
    "closed when the customer fell silent": {
        # 9 March 09:00 to 10 March 09:05
        "resolution_time": 86_700,
        "chats_served": 1,
    },
    "several teammates": {
        "first_response": 120,
        "transfer_rate": 1,
        # Ann 10:01 to 10:15, Bea 10:10 to 10:30, Cem 10:20 to 10:30: 14 + 20 + 10 minutes
        "handle_time": 2640,
    },
    "a lead who became a user": {
        "first_response": 120,
    },
    "a part was redacted": {
        "first_response": 300,
    },
    "attachments only": {
        "first_response": 360,
    },
    "over the weekend": {
        # Friday 18:00 to Monday 09:30: 63.5 h × 3,600
        "first_response": 228_600,
    },
    "answered in closing": {
        "first_response": 1200,
        "resolution_time": 1200,
    },
    "answered in assigning": {
        "first_response": 180,
    },
    "away, and given on": {
        "first_response": 4320,
    },
    "a bot asked first": {
        # the button pressed at 09:01, answered at 09:11
        "first_response": 600,
        "requests": 1,
    },
    "a bot asked and nobody answered": {
        "requests": 0,
    },
    "fin solved it": {
        "chats_bot_only": 1,
        "satisfaction_score": 5,
    },
    "only an acknowledgement": {
        # an acknowledgement is no service: the customer still waits
        "chats_bot_only": 0,
        "first_response": None,
        "open_tickets": 1,
    },
    "a colleague was brought in": {
        # two customers, asked at 10:00, answered at 10:15
        "first_response": 900,
    },
    "a call": {
        # rang at 09:00:00, picked up at 09:00:20; the summary at 09:05 is no answer
        "first_response": 20,
        "chats_missed": 0,
    },
    "raised, promised and described": {
        "first_response": 1200,
    },
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_story_gives_the_figures(world: Desk, name: str) -> None:
    expected = EXPECTED[name]
    answer = world.answer(*expected, of=STORY[name])
    assert {r.metric.partition(".")[0]: r.value for r in answer.results} == expected


def test_an_endless_thread_is_cut_where_a_day_was_silent(world: Desk) -> None:
    months = STORY["months on a messenger"]
    assert world.series("first_response", "month", months, start="2026-01-01") == {
        "2026-01": 120, "2026-02": 180, "2026-03": 300,
    }  # fmt: skip


def test_what_waits_is_pending(world: Desk) -> None:
    for name in ("a note only", "only an acknowledgement"):
        assert world.figure("first_response", STORY[name]).pending == 1, name


def test_the_tag_that_was_taken_off_does_not_stand(world: Desk) -> None:
    tags = world.by("chats_with_tag", "tag", STORY["tagged and untagged"])
    assert {tag: n for tag, n in tags.items() if n} == {"delivery": 1}


def test_the_wait_is_credited_to_whoever_ended_it(world: Desk) -> None:
    assert world.by("first_response", "agent", STORY["reopened twice"]) == {"Ann": 600}
