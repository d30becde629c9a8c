"""Tickets worked by hand from Zendesk's documented rules (docs/decisions/0013)."""

from __future__ import annotations

import pytest

from record_homes import Desk, said, status, story, talk, ticket
from sanjeh.answers.per_target import per_target

pytestmark = pytest.mark.xdist_group("stories")

THANKED = story(
    "zendesk: a thanks reopens",
    ticket("1", "03-02 09:00"),
    talk("1", "03-02 09:00", "email", ticket_id="1"),
    said("1", "03-02 09:00"),
    said("1", "03-02 09:30", "ann"),
    status("1", "03-02 10:00", "solved", actor_id="ann"),
    said("1", "03-02 12:00", body="Thanks!"),
    status("1", "03-02 12:00", "open", actor_type="customer"),
    status("1", "03-02 12:30", "solved", actor_id="ann"),
)


def test_a_mere_thanks_is_a_reopening(world: Desk) -> None:
    for metric in ("reopenings", "reopened_tickets"):
        assert world.value(f"{metric}~zendesk", THANKED) == 1
        assert world.value(metric, THANKED, profile="zendesk") == 1
        assert world.value(metric, THANKED) == 0


def test_a_ticket_has_its_rows_under_a_profile(world: Desk) -> None:
    id = f"{THANKED}/1"
    ours = per_target(world.answers, "reopenings", None, [id])
    theirs = per_target(world.answers, "reopenings", "zendesk", [id])
    assert [r.reason for r in ours[id]] == ["a thanks, needing no reply"]
    assert [(r.value, r.reason) for r in theirs[id]] == [(1, None)]


def test_what_a_profile_says_nothing_about_is_counted_as_ours_and_says_so(world: Desk) -> None:
    answer = world.answer("new_tickets", of=THANKED, profile="zendesk")
    assert [r.value for r in answer.results] == [1]
    assert "new_tickets: Zendesk has no rule for it; it is counted as ours." in answer.warnings
