"""An hour at the desk gives, through ledger, facts and answers, what one counts by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import scripted_hour as hour
from desk_world import LABELS, World, play

from record_homes import BEACON, Desk, load, ticket
from sanjeh.apps.desk.surroundings import Surroundings
from sanjeh.home import Home
from sanjeh.hours import schedules_from_records

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(bound: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Any]]:
    """The home that the hour was handed to, and the members' names by their labels."""
    from django.db import transaction

    from sanjeh.apps.desk import rules
    from sanjeh.apps.handing.outbox import move

    home = Home(tmp_path_factory.mktemp("hour") / "home")
    home.path.mkdir()
    load(home, [ticket("beacon", BEACON, is_spam=True)])  # the data run till July
    given = Surroundings(
        LABELS.__class__().schedules | schedules_from_records(hour.OPEN, []),
        LABELS.topics, LABELS.tags,
    )  # fmt: skip
    with transaction.atomic():
        desk = World(dt.datetime(2026, 3, 2, 8, 59, tzinfo=dt.UTC), given)
        rules.change(desk.now, calendar="desk/day")
        play(desk, hour.LINES, hour.TEAMS, hour.MEMBERS)
        assert move(home.ledger()) > 100
        transaction.set_rollback(True)
    home.refresh()
    asked = Desk(home)
    yield asked, home
    asked.close()


@pytest.mark.parametrize("figure", list(hour.HAND))
def test_a_figure_of_the_hour(told: tuple[Desk, Any], figure: str) -> None:
    desk, _ = told
    assert desk.value(figure) == pytest.approx(hour.HAND[figure])


def test_each_reason_once(told: tuple[Desk, Any]) -> None:
    desk, _ = told
    found = desk.by("chats_missed", "missed_reason")
    assert {reason: count for reason, count in found.items() if count} == hour.REASONS


def test_waits_of_the_missed(told: tuple[Desk, Any]) -> None:
    desk, _ = told
    for statistic, value in hour.MISSED_WAIT.items():
        assert desk.value(f"missed_chat_wait.{statistic}") == pytest.approx(value)


def test_handle_time_of_each(told: tuple[Desk, Any]) -> None:
    desk, _ = told
    assert desk.by("agent_handle_time", "agent") == pytest.approx(hour.HANDLED_BY)


def test_one_chat_is_offline_and_nothing_is_left_out_unsaid(told: tuple[Desk, Any]) -> None:
    desk, home = told
    assert desk.value("chats_offline") == 1
    assert home.ledger().rows("conversation").num_rows == 13
    assert home.ledger().rows("tag_event").num_rows == 1
