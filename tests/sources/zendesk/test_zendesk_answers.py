"""Tickets of Zendesk worked by hand: the whole way from an export to the answers.

Each figure is asked of one ticket alone, so that the arithmetic stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from zendesk_company import Company, written

from record_homes import Desk, shared
from sanjeh.home import Home
from sanjeh.sources.helpdesk.dumping import import_dump
from sanjeh.sources.zendesk import HELPDESK

pytestmark = pytest.mark.xdist_group("zendesk_answers")


@pytest.fixture(scope="module")
def desk(shared_folder: Path) -> Iterator[Desk]:
    def make(path: Path) -> None:
        home = Home(path)
        export = written(path.with_name("zendesk export"), Company().json())
        report = import_dump(HELPDESK, export, home.ledger())
        assert (report.rows_rejected, dict(report.warnings)) == (0, {})
        home.refresh()

    made = Desk(shared(shared_folder / "zendesk answers", make))
    yield made
    made.close()


def of(desk: Desk, metric: str, ticket: int, **asked: Any) -> Any:
    """The figure of one ticket."""
    return desk.value(metric, where=(("ticket", "is", (f"zendesk/{ticket}",)),), **asked)


FIRST_RESPONSE = [
    (1, 3600.0),  # 09:00 to 10:00
    (3, 1200.0),  # the bot at 09:00:05 is no person; 09:20 is
    (5, 2700.0),  # the agent wrote down the customer's words at 09:00, and answered at 09:45
    (6, 1800.0),  # the note of 09:05 is not for the customer; 09:30
    (7, 7200.0),  # the acknowledgement is a machine's; 11:00
    (9, 5400.0),  # 08:50 to 10:20; what the merge left behind at 09:30 is no answer
    (14, 30.0),  # the chat's lines, not its transcript
    (20, 1200.0),  # 09:00 to 09:20
    (24, 3600.0),  # agent 2 asked at 09:00 like any customer; agent 1 at 10:00
    (32, 2400.0),  # an agent who has left since; 09:40
    (29, 1800.0),  # a ready reply sent by a person counts
]
"""Seconds from the first words of whoever asked to the first public ones of a person."""
UNANSWERED = (25, 26, 27)
"""A light agent's note, an automation's words, a comment made private: no answer of a person."""
RESOLUTION = [
    (1, 3600.0),
    (2, 183_600.0),  # 02 09:00 to 04 12:00, the third solve: 51 h
    (12, 176_400.0),  # 03 09:00 to 05 10:00, waiting for parts in between: 49 h
    (31, 88_200.0),  # 04 09:00 to 05 09:30, on hold in between: 24.5 h
]
"""Seconds from the creation to the last solve."""


@pytest.mark.parametrize(("ticket", "seconds"), FIRST_RESPONSE)
def test_first_response(desk: Desk, ticket: int, seconds: float) -> None:
    assert of(desk, "first_response", ticket) == seconds


@pytest.mark.parametrize("ticket", UNANSWERED)
def test_no_person_has_answered(desk: Desk, ticket: int) -> None:
    assert of(desk, "first_response", ticket) is None


@pytest.mark.parametrize(("ticket", "seconds"), RESOLUTION)
def test_resolution(desk: Desk, ticket: int, seconds: float) -> None:
    assert of(desk, "resolution_time", ticket) == seconds


def test_reopenings(desk: Desk) -> None:
    assert (of(desk, "reopenings", 2), of(desk, "reopenings", 1)) == (2, 0)
    assert of(desk, "solves", 2) == 3
    assert of(desk, "first_resolution_time", 2) == 3600.0


def test_office_hours(desk: Desk) -> None:
    # 2 March 09:00 to 16:00 is 7 h, the 3rd 8 h, the 4th 08:00 to 12:00 4 h: 19 h.
    assert of(desk, "resolution_time@open", 2) == 68_400.0


def test_new_tickets(desk: Desk) -> None:
    # 33 tickets; of them one merged, two deleted, one that an agent began.
    assert desk.value("new_tickets") == 29


def test_satisfaction(desk: Desk) -> None:
    figure = desk.figure("satisfied_share")
    assert (figure.numerator, figure.denominator) == (1, 2)


def test_agent_who_wrote_first_waits_for_nobody(desk: Desk) -> None:
    # The customer asked back at 10:00 and was answered at 10:30.
    assert of(desk, "response_time", 4) == 1800.0


@pytest.mark.parametrize(
    ("metric", "ticket", "minutes"),
    [
        ("first_response", 1, 60),
        ("first_response", 2, 60),
        ("first_response", 4, 90),  # an agent began it: the second public comment, at 10:30
        ("first_response", 5, 45),
        ("first_resolution_time", 2, 60),
        ("resolution_time", 2, 3060),
    ],
)
def test_as_zendesk_counts_it(desk: Desk, metric: str, ticket: int, minutes: int) -> None:
    """Tickets 1 and 2 carry the same minutes as Zendesk's own figures."""
    assert of(desk, f"{metric}~zendesk", ticket) == minutes * 60.0
