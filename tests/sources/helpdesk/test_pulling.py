"""Pulls: interrupted, alone, lacking something, refused something; on the toy helpdesk."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from case_toy import ACCOUNT, CASE, ToyServer
from cases import content, new_ledger

from sanjeh.sources.errors import Busy, Missing, Unreachable
from sanjeh.sources.helpdesk import Client, Page
from sanjeh.sources.helpdesk.pulling import ORIGIN, Standing, _how_far, standing

pytestmark = pytest.mark.xdist_group("helpdesks")


class Stopping(Client):
    """A client that raises after so many pages."""

    def __init__(self, client: Client, after: int, error: BaseException) -> None:
        self._client, self._left, self._error = client, after, error

    def pages(self, stream: str, cursor: Any) -> Iterator[Page]:
        for page in self._client.pages(stream, cursor):
            if not self._left:
                raise self._error
            self._left -= 1
            yield page


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Unreachable("away")], ids=["^C", "away"])
def test_whole_pages_before_an_interruption_are_kept(error: BaseException, tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    with ToyServer(CASE.account()) as server:
        with pytest.raises(type(error)):
            CASE.pull(server, ledger, wrap=lambda c: Stopping(c, 4, error))
        # Two pages of agents (two and one), two of tickets (two and two).
        assert (ledger.rows("agent").num_rows, ledger.rows("ticket").num_rows) == (3, 4)
        asked = len(server.asked)
        CASE.pull(server, ledger)
    assert ledger.rows("ticket").num_rows == 5
    # Agents twice again, then only the tickets that were not there, 9 comments, the rating.
    assert [a.path for a in server.asked[asked:]] == [
        *["/agents"] * 2, "/tickets", *["/comments"] * 5, "/ratings",
    ]  # fmt: skip


def test_cursors_and_what_is_left_stand_in_the_commit(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    assert standing(ledger, "account") == Standing()
    with ToyServer(CASE.account()) as server:
        with pytest.raises(KeyboardInterrupt):
            CASE.pull(server, ledger, wrap=lambda c: Stopping(c, 4, KeyboardInterrupt()))
        half = standing(ledger, "account")
        CASE.pull(server, ledger)
    assert half.cursors == {"tickets": ["2026-03-02T09:03:00Z", 103]}
    assert half.left == ("tickets", "comments", "ratings")
    assert standing(ledger, "account").left == ()
    assert standing(ledger, "another") == Standing()
    told = json.loads(ledger.batches()[-1].origin.removeprefix(ORIGIN))
    assert told["helpdesk"] == "toy"


def test_a_pull_that_finds_nothing_commits_nothing(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    with ToyServer(CASE.account()) as server:
        CASE.pull(server, ledger)
        before = len(ledger.batches())
        again = CASE.pull(server, ledger)
    assert again.batches == []
    assert len(ledger.batches()) == before


def test_what_is_learnt_comes_again_only_when_it_changed(tmp_path: Path) -> None:
    account = CASE.account()
    ledger = new_ledger(tmp_path)
    with ToyServer(account) as server:
        CASE.pull(server, ledger)
        account["agents"][1] |= {"name": "Agent Two", "updated_at": "2026-03-03T09:00:00Z"}
        again = CASE.pull(server, ledger)
    assert again.streams == {"agents": 3}
    assert again.records["agent"].replaced == 1


def test_two_pulls_at_once_are_refused(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)

    class Meanwhile(Stopping):
        def pages(self, stream: str, cursor: Any) -> Iterator[Page]:
            with pytest.raises(Busy, match="another process"):
                CASE.pull(server, ledger)
            yield from self._client.pages(stream, cursor)

    with ToyServer(CASE.account()) as server:
        CASE.pull(server, ledger, wrap=lambda c: Meanwhile(c, 0, KeyboardInterrupt()))
        CASE.pull(server, ledger)  # and is free again
    assert ledger.rows("ticket").num_rows == 5


def test_stream_that_the_account_lacks_is_told(tmp_path: Path) -> None:
    account = CASE.account()
    del account["ratings"]
    ledger = new_ledger(tmp_path)
    with ToyServer(account) as server:
        report = CASE.pull(server, ledger)
    assert list(report.lacking) == ["ratings"]
    assert "404" in report.lacking["ratings"]
    assert ledger.rows("message").num_rows == 9
    assert standing(ledger, "account").left == ()


def test_stream_that_must_be_there_stops_the_pull(tmp_path: Path) -> None:
    account = CASE.account()
    del account["comments"]
    ledger = new_ledger(tmp_path)
    with ToyServer(account) as server, pytest.raises(Missing):
        CASE.pull(server, ledger)
    assert ledger.rows("ticket").num_rows == 5  # what came before is kept


def test_what_is_refused_is_told_with_its_place_and_without_its_payload(tmp_path: Path) -> None:
    account = CASE.account()
    account["tickets"][2]["updated_at"] = 7  # cannot be read at all
    account["comments"][3]["at"] = "yesterday"  # makes a record that is none
    ledger = new_ledger(tmp_path)
    report = CASE.take(CASE.payloads(account, tmp_path / "dump"), ledger)
    assert [(r.column, r.value, r.lost) for r in report.rejects] == [
        ("updated_at", "7", "row"),
        ("at", "yesterday", "record"),
    ]
    assert report.rejects[0].reason == "toy.json line 1, tickets 3: expected an instant"
    assert report.rejects[1].reason.startswith("toy.json line 1, comments 4: message.at: ")
    assert report.rejects_path is not None
    kept = report.rejects_path.read_text()
    assert "Question" not in kept
    assert "Sentence" not in kept
    assert (ledger.rows("ticket").num_rows, ledger.rows("message").num_rows) == (4, 8)


def test_a_pull_from_the_beginning_doubles_nothing(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    with ToyServer(CASE.account()) as server:
        CASE.pull(server, ledger)
        before = content(ledger)
        again = CASE.pull(server, ledger, again=True)
    assert again.streams == {"agents": 3, "tickets": 5, "comments": 9, "ratings": 1}
    assert content(ledger) == before


@pytest.mark.parametrize(
    ("read", "total", "seconds", "share", "words"),
    [
        (25, 100, 10, 0.25, "tickets: 25 of 100, about 30 s left"),
        (100, 10_000, 60, 0.01, "tickets: 100 of 10,000, about 99 min left"),
        (100, 100, 10, 1.0, "tickets: 100 of 100"),
        (25, None, 10, 0.0, "tickets: 25 read"),
        (25, 20, 10, 0.0, "tickets: 25 read"),
    ],
)
def test_how_far_it_is(
    read: int, total: int | None, seconds: float, share: float, words: str
) -> None:
    assert _how_far("tickets", read, total, seconds) == (share, words)


KILLED = """
import os, sys
sys.path[:0] = sys.argv[1:2]
from pathlib import Path
from case_toy import CASE, ToyServer
from cases import new_ledger
from sanjeh.ledger import home

def die(name):
    if name == sys.argv[3]:
        os._exit(9)

home.on_step = die
with ToyServer(CASE.account()) as server:
    CASE.pull(server, new_ledger(Path(sys.argv[2])))
"""


@pytest.mark.slow
@pytest.mark.parametrize("at", ["numbered", "before message", "before the commit",
                                "after the commit"])  # fmt: skip
def test_a_process_that_dies_loses_and_doubles_nothing(at: str, tmp_path: Path) -> None:
    folder = Path(__file__).parent
    died = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(tmp_path), at])
    assert died.returncode == 9
    ledger = new_ledger(tmp_path)
    with ToyServer(CASE.account()) as server:
        CASE.pull(server, ledger)
    assert ledger.rows("message").num_rows == len(ACCOUNT["comments"])
    assert ledger.rows("ticket").num_rows == len(ACCOUNT["tickets"])
    assert ledger.rows("agent").num_rows == len(ACCOUNT["agents"])
