"""Figures of the made-up desk, each worked by hand from its conversations, through the whole path.

Seconds, under our own definitions. The desk's timeline stands in `chatwoot_desk.talks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from chatwoot_desk import desk, payloads

from record_homes import Desk, shared
from sanjeh.answers.per_target import per_target
from sanjeh.checks.agreement import agreement
from sanjeh.home import Home
from sanjeh.sources.chatwoot import HELPDESK
from sanjeh.sources.helpdesk.dumping import import_dump

pytestmark = pytest.mark.xdist_group("chatwoot_answers")

FIRST_RESPONSES = {
    101: 240,  # 09:00 to 09:04; the bot's word after two seconds is none
    102: 600,  # the agent wrote first; asked at 10:30, answered at 10:40
    103: 120,  # a campaign wrote first; 10:00:30 to 10:02:30
    104: 300,  # the note at 09:01 is none; 09:05
    105: 600,
    106: 1800,
    107: 1200,
    108: 900,  # whoever had it meanwhile
    113: 7200,  # 09:00 to 11:00
    115: 240,  # 09:30 to 09:34; the template before it answered nothing
    116: 60,  # it was sent, and deleted later
    118: 240,
    119: 360,
    123: 1800,  # the one of 09:05 never arrived; 09:30
    127: 47_400,  # 20:00 to 09:10: 13 h 10 min; the template is no answer
    128: 1860,
    129: 180,
    130: 480,  # the rule's word after one second is none
}
LAST_SOLVES = {
    101: 600.4,  # the event's instant, not the sentence's
    102: 3600,
    104: 1200,
    105: 11_400,  # 3 h 10 min, snoozed or not
    106: 86_700,  # to 09:05 of the next day: 24 h 5 min
    107: 174_004,  # 48 h 20 min 4 s
    108: 1800,
    113: 21_660,
    118: 3600,
    119: 3600,
    122: 121,  # what was written to a muted one does not reopen it
    124: 180,
    125: 1200,  # in words not known, and with an event
    126: 1200,  # in words not known: the last activity
}
FIRST_SOLVES = {106: 1860, 118: 600, 119: 600}
REOPENED = {106, 118, 119}  # by a message; by hand; by a message


@pytest.fixture(scope="module")
def asked(shared_folder: Path) -> Iterator[Desk]:
    def make(path: Path) -> None:
        home = Home(path)
        fed = replace(HELPDESK, dump=lambda _: iter(payloads(desk())))
        report = import_dump(fed, Path("desk"), home.ledger(), source="chatwoot")
        assert report.rows_rejected == 0, report.rejects
        home.refresh()

    opened = Desk(shared(shared_folder / "chatwoot", make))
    yield opened
    opened.close()


def seconds(asked: Desk, metric: str) -> dict[int, float | None]:
    """By conversation, of those that count."""
    rows = per_target(asked.answers, metric)
    return {
        int(ticket.rpartition("/")[2]): row.seconds
        for ticket, (row, *_) in rows.items()
        if row.is_counted
    }


def test_first_responses(asked: Desk) -> None:
    found = seconds(asked, "first_response")
    assert {n: found.get(n) for n in FIRST_RESPONSES} == FIRST_RESPONSES
    assert found.get(114) is None  # waits still
    assert 117 not in found  # a bot has it
    assert 124 not in found  # a bot settled it


def test_resolutions(asked: Desk) -> None:
    found = seconds(asked, "resolution_time")
    assert {n: found.get(n) for n in LAST_SOLVES} == LAST_SOLVES
    assert found.get(114) is None


def test_first_resolutions(asked: Desk) -> None:
    found = seconds(asked, "first_resolution_time")
    assert {n: found.get(n) for n in FIRST_SOLVES} == FIRST_SOLVES


def test_reopenings(asked: Desk) -> None:
    rows = per_target(asked.answers, "reopenings")
    came_back = {
        int(ticket.rpartition("/")[2])
        for ticket, found in rows.items()
        if any(row.is_counted for row in found)
    }
    assert came_back == REOPENED
    assert asked.value("reopenings") == 3


def test_volume(asked: Desk) -> None:
    told = desk()
    ours = {102, 103, 115}  # begun by us, so no request of a customer
    assert asked.value("conversations") == len(told.rows) - len(ours) == 29


def test_satisfaction(asked: Desk) -> None:
    # Two answers, 5 and 1; three were asked.
    assert asked.value("satisfied_share") == 0.5
    assert asked.figure("satisfied_share").n == 2


def test_chatwoots_own_figures_are_ours_counted_as_it_counts(asked: Desk) -> None:
    found = agreement(asked.answers)
    told = {
        (m.measure, m.clock): (m.exact + m.rounded, m.incomplete, len(m.differing))
        for m in found.measures
    }
    assert told == {
        # 101, 104, 106, 107, 108, 118, 127; of those with open hours all but 106 and 107.
        ("first_response", "calendar"): (7, 0, 0),
        ("first_response", "business"): (5, 0, 0),
        ("reply_time", "calendar"): (2, 0, 0),  # 101 and 106
        ("reply_time", "business"): (1, 0, 0),
        ("resolution", "calendar"): (6, 0, 0),  # 101, 106 twice, 107, 124, 125
        ("resolution", "business"): (2, 0, 0),  # 101 and 124
        ("csat", None): (2, 0, 0),
    }
