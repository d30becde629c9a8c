"""Chatwoot's own ways of paging: what drifts, what is deleted, what an older server lacks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from case_chatwoot import CASE, FEW, ChatwootServer, say
from cases import new_ledger
from chatwoot_desk import Desk, desk, seconds
from loopback import NOT_FOUND, Answer, Asked

from sanjeh.sources import SourceError
from sanjeh.sources.chatwoot import HELPDESK
from sanjeh.sources.chatwoot.client import rows_of
from sanjeh.sources.chatwoot.translate import EVENTS, MESSAGES
from sanjeh.sources.errors import Missing
from sanjeh.sources.helpdesk import Page
from sanjeh.sources.helpdesk.http import Http


def pages(server: ChatwootServer, stream: str, cursor: Any = None) -> list[Page]:
    with CASE.client(server) as client:
        return list(client.pages(stream, cursor))


def conversations(found: list[Page]) -> list[dict[str, Any]]:
    return [dict(p.value) for page in found for p in page.payloads if p.stream == "conversations"]


def asked_for(server: ChatwootServer, what: str) -> list[str]:
    """Paths asked for that end so."""
    return [a.path for a in server.asked if a.path.endswith(what)]


def test_all_conversations_come_once_with_all_that_belongs_to_them() -> None:
    account = desk()
    with ChatwootServer(account) as server:
        found = pages(server, "conversations")
    came = {row["id"]: row for row in conversations(found)}
    assert len(conversations(found)) == len(came) == len(account.rows) == 32
    for number, row in came.items():
        assert row[MESSAGES] == account.messages[number]
        assert row[EVENTS] == account.events[number]
    assert [page.done for page in found].count(True) == 1
    assert found[-1].done
    assert found[-1].cursor == {"until": max(r["last_activity_at"] for r in account.rows)}


def test_forty_six_messages_are_three_questions() -> None:
    with ChatwootServer(desk(132)) as server:
        (row,) = conversations(pages(server, "conversations"))
        assert len(asked_for(server, "/messages")) == 3
    assert [m["id"] for m in row[MESSAGES]] == list(range(132001, 132047))


def test_twenty_messages_are_two_questions() -> None:
    account = desk(132)
    account.messages[132] = account.messages[132][:20]
    with ChatwootServer(account) as server:
        (row,) = conversations(pages(server, "conversations"))
        assert len(asked_for(server, "/messages")) == 2
    assert len(row[MESSAGES]) == 20


def test_only_changed_conversations_are_fetched_again() -> None:
    account = desk()
    with ChatwootServer(account) as server:
        cursor = pages(server, "conversations")[-1].cursor
        say(account, 114, "20 09:00", "Hello?")
        server.asked.clear()
        came = conversations(pages(server, "conversations", cursor))
        newest = seconds("04 09:20:05")  # where the first pull began
        assert cursor == {"until": newest}
        assert {row["id"] for row in came} == {114, 107}  # the new one, and the last one of then
        assert Counter(asked_for(server, "/messages")) == {
            "/api/v1/accounts/1/conversations/114/messages": 1,
            "/api/v1/accounts/1/conversations/107/messages": 1,
        }


@pytest.mark.parametrize("request_", [1, 2, 5, 9, 14, 30])
def test_what_changes_while_pages_are_read_comes_in_the_same_pull(request_: int) -> None:
    """A conversation far behind moves to the front: it is read, and nobody is skipped."""
    account = desk()
    oldest = min(account.rows, key=lambda row: row["last_activity_at"])["id"]
    with ChatwootServer(account) as server:
        server.between[request_] = lambda: say(account, oldest, "20 09:00", "One more thing")
        found = conversations(pages(server, "conversations"))
    last = {row["id"]: row for row in found}
    assert set(last) == {row["id"] for row in account.rows}
    assert last[oldest][MESSAGES][-1]["content"] == "One more thing"


def _new(account: Desk) -> None:
    (row,) = [row for row in account.rows if row["id"] == 114]
    account.messages[999] = [{**account.messages[114][0], "id": 999001, "conversation_id": 999}]
    account.events[999] = []
    account.rows.append({**row, "id": 999, "last_activity_at": seconds("21 09:00")})


@pytest.mark.parametrize("request_", [1, 3, 7, 12, 20])
def test_new_conversation_while_pages_are_read(request_: int) -> None:
    account = desk()
    with ChatwootServer(account) as server:
        server.between[request_] = lambda: _new(account)
        found = [row["id"] for row in conversations(pages(server, "conversations"))]
    assert sorted(found) == sorted(row["id"] for row in account.rows)


@pytest.mark.parametrize("request_", [1, 8, 9, 10, 20])
def test_deletion_pulls_pages_forward_and_skips_nobody(request_: int) -> None:
    account = desk()
    first = max(account.rows, key=lambda row: row["last_activity_at"])

    def delete() -> None:
        account.rows.remove(first)
        del account.messages[first["id"]]

    with ChatwootServer(account) as server:
        server.between[request_] = delete
        found = {row["id"] for row in conversations(pages(server, "conversations"))}
    assert found - {first["id"]} == {row["id"] for row in account.rows}


def test_killed_pass_goes_on_where_it_stood() -> None:
    account = desk()
    with ChatwootServer(account) as server:
        with CASE.client(server) as client:
            going = client.pages("conversations", None)
            before = [next(going), next(going)]
        server.asked.clear()
        after = pages(server, "conversations", before[-1].cursor)
        assert server.asked[0].query["page"] == "3"
    found = [row["id"] for row in conversations(before + after)]
    assert set(found) == {row["id"] for row in account.rows}


def test_server_without_reporting_events_is_asked_once() -> None:
    account = desk()
    with ChatwootServer(account, lists_events=False) as server:
        found = conversations(pages(server, "conversations"))
        assert len(asked_for(server, "/reporting_events")) == 1
    assert len(found) == 32
    assert {row[EVENTS] for row in found} == {None}


def test_server_without_reporting_events_imports_from_sentences(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path / "home")
    with ChatwootServer(desk(*FEW), lists_events=False) as server:
        report = CASE.pull(server, ledger)
    assert report.rejects == []
    solved = [
        row for row in ledger.rows("ticket_event").to_pylist()
        if row["ticket_id"] == "account/106" and row["to"] == "solved"
    ]  # fmt: skip
    assert [f"{row['at']:%d %H:%M:%S}" for row in sorted(solved, key=lambda r: r["at"])] == [
        "02 09:31:02", "03 09:05:01",
    ]  # fmt: skip
    assert report.records["vendor_figure"].added == 1  # the one rating


def test_contacts_are_read_down_to_where_the_last_pull_began() -> None:
    account = desk()
    with ChatwootServer(account) as server:
        cursor = pages(server, "contacts")[-1].cursor
        assert cursor == {"until": seconds("02 09:00")}
        say(account, 117, "20 09:00", "Hello?")
        again = pages(server, "contacts", cursor)
    assert again[0].payloads[0].value["id"] == 117
    assert again[-1].cursor == {"until": seconds("20 09:00")}


def test_ratings_that_may_still_change_are_read_again() -> None:
    account = desk()
    with ChatwootServer(account) as server:
        cursor = pages(server, "csat_survey_responses")[-1].cursor
        # The newest is of 2 March 09:20; 15 days before that.
        assert cursor == {"since": seconds("02 09:20") - 15 * 86400}
        again = pages(server, "csat_survey_responses", cursor)
        assert [p.value["rating"] for p in again[0].payloads] == [5, 1]
        account.ratings.clear()
        assert pages(server, "csat_survey_responses", cursor)[-1].cursor == cursor


def test_account_is_named_to_who_connects() -> None:
    with ChatwootServer(desk(101)) as server, CASE.client(server) as client:
        assert client.whose() == "account Shop 1"


def test_teams_come_with_their_members() -> None:
    with ChatwootServer(desk()) as server:
        (page,) = pages(server, "teams")
    members = {p.value["name"]: [m["id"] for m in p.value["members"]] for p in page.payloads}
    assert members == {"quiet": [], "support": [1, 2], "billing": [3], "پشتیبانی": [7]}


@pytest.mark.parametrize(
    "said", [[1], {"payload": [1]}, {"data": {"meta": {}, "payload": [1]}}, {"data": [1]}]
)
def test_rows_of_every_wrapping(said: Any) -> None:
    assert rows_of(said, "here") == [1]


@pytest.mark.parametrize("said", [None, {}, {"error": "no"}, {"payload": {"a": 1}}, "text"])
def test_answer_without_a_list_is_told(said: Any) -> None:
    with pytest.raises(SourceError, match="a list"):
        rows_of(said, "here")


def test_account_number_is_needed() -> None:
    given = {"ADDRESS": "https://desk.example", "ACCOUNT": "acme", "TOKEN": "x"}
    with pytest.raises(SourceError, match="dashboard"):
        HELPDESK.open(Http(), given)


def test_missing_account_is_told() -> None:
    with Elsewhere(desk(101)) as server, pytest.raises(Missing):
        pages(server, "agents")


class Elsewhere(ChatwootServer):
    """A server that has no such account."""

    def answer(self, asked: Asked) -> Answer:
        return NOT_FOUND
