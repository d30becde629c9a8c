"""Intercom's API asked page by page, without a ledger: order, lag, whole days, what is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from case_intercom import TOKEN, IntercomServer, account
from cases import Time
from loopback import Answer, Asked

from intercom_workspace import CONVERSATIONS, STREAMS, contact_id, ts
from sanjeh.sources.errors import SourceError
from sanjeh.sources.helpdesk import Page
from sanjeh.sources.helpdesk.http import Http
from sanjeh.sources.intercom.client import IntercomClient, connect


@pytest.fixture
def server() -> Iterator[IntercomServer]:
    with IntercomServer(account()) as running:
        yield running


def client_of(server: IntercomServer, **options: Any) -> IntercomClient:
    http = Http(sleep=options.pop("sleep", lambda seconds: None))
    return connect(http, {"TOKEN": TOKEN, "REGION": server.base, **options})


def ids(pages: list[Page]) -> list[str]:
    return [p.value["id"] for page in pages for p in page.payloads]


def kept(cursor: Any) -> Any:
    """The cursor as a commit keeps it."""
    return json.loads(json.dumps(cursor))


def test_conversations_come_in_the_order_of_their_change_with_their_parts(
    server: IntercomServer,
) -> None:
    server.account["conversations"] = list(CONVERSATIONS.values())
    pages = list(client_of(server).pages("conversations", None))
    came = [p.value for page in pages for p in page.payloads]
    assert len(came) == 32
    changed = [v["updated_at"] for v in came]
    assert changed == sorted(changed)
    assert all("conversation_parts" in v for v in came)
    assert [page.done for page in pages] == [False] * 15 + [True]
    assert {page.total for page in pages} == {32}


@pytest.mark.parametrize("stream", ["conversations", "contacts", "companies", "macros"])
def test_from_any_page_on_the_rest_comes_and_nothing_twice(
    server: IntercomServer, stream: str
) -> None:
    server.account |= {s: STREAMS[s][:7] for s in ("contacts", "conversations")}
    client = client_of(server)
    pages = list(client.pages(stream, None))
    everything = ids(pages)
    assert len(everything) == len(set(everything)) == len(server.account[stream])
    for place, page in enumerate(pages[:-1], 1):
        rest = ids(list(client.pages(stream, kept(page.cursor))))
        assert rest == everything[sum(len(p.payloads) for p in pages[:place]) :]


@pytest.mark.parametrize("stream", ["conversations", "contacts", "tickets"])
def test_a_second_look_asks_for_nothing_that_is_known(server: IntercomServer, stream: str) -> None:
    client = client_of(server)
    *_, last = client.pages(stream, None)
    server.asked.clear()
    again = list(client.pages(stream, kept(last.cursor)))
    assert ids(again) == []
    assert again[-1].done
    assert again[-1].cursor == last.cursor
    assert {asked.method for asked in server.asked} == {"POST"}  # no conversation was retrieved


def test_what_the_search_showed_late_still_comes(server: IntercomServer) -> None:
    values = server.account["conversations"]
    newest = max(v["updated_at"] for v in values)
    late = {**CONVERSATIONS["a note only"], "id": "4711", "updated_at": newest - 300}
    client = client_of(server)
    *_, last = client.pages("conversations", None)
    values.append(late)
    assert ids(list(client.pages("conversations", kept(last.cursor)))) == ["4711"]


def test_many_changes_of_one_second_are_paged(server: IntercomServer) -> None:
    server.account["contacts"] = [
        {"type": "contact", "id": contact_id(f"c{n}"), "updated_at": ts("03-02 09:00")}
        for n in range(1, 8)
    ]
    client = client_of(server)
    pages = list(client.pages("contacts", None))
    assert len(ids(pages)) == 7
    assert len(ids(list(client.pages("contacts", kept(pages[0].cursor))))) == 5


def test_a_conversation_that_changes_while_paged_comes_again(server: IntercomServer) -> None:
    values = server.account["conversations"] = [dict(v) for v in STREAMS["conversations"][:5]]
    first = min(values, key=lambda v: v["updated_at"])
    server.between[4] = lambda: first.update(updated_at=ts("03-25 09:00"), title="New")
    came = ids(list(client_of(server).pages("conversations", None)))
    assert came.count(first["id"]) == 2
    assert set(came) == {v["id"] for v in values}


def test_a_conversation_that_is_gone_before_it_is_retrieved_is_passed_over(
    server: IntercomServer,
) -> None:
    values = server.account["conversations"]
    gone = sorted(values, key=lambda v: v["updated_at"])[1]
    server.between[1] = lambda: values.remove(gone)
    came = ids(list(client_of(server).pages("conversations", None)))
    assert set(came) == {v["id"] for v in values}


def test_the_log_is_read_to_its_end_and_then_from_its_newest_entry(server: IntercomServer) -> None:
    log = server.account["activity_logs"]
    log += [{**log[0], "id": f"more-{n}", "created_at": log[0]["created_at"] + n} for n in (1, 2)]
    client = client_of(server)
    pages = list(client.pages("activity_logs", None))
    assert sorted(ids(pages)) == ["log-0", "log-1", "more-1", "more-2"]
    assert [page.cursor for page in pages] == [{"since": 1}, {"since": ts("03-02 10:00")}]
    assert ids(list(client.pages("activity_logs", kept(pages[-1].cursor)))) == []


def test_the_limit_that_intercom_tells_is_kept(server: IntercomServer) -> None:
    time = Time()

    class Limited(IntercomServer):
        def answer(self, asked: Asked) -> Answer:
            said = super().answer(asked)
            left = "0" if len(self.asked) == 2 else "7"
            told = {"X-RateLimit-Remaining": left, "X-RateLimit-Reset": "1772442010"}
            return Answer(said.value, said.status, told)

    with Limited(account()) as limited:
        http = Http(sleep=time.sleep, clock=time.clock, now=lambda: 1772442000.0)
        client = connect(http, {"TOKEN": TOKEN, "REGION": limited.base})
        list(client.pages("conversations", None))
    assert time.waits == [10.0]


def test_companies_end_where_intercom_refuses_to_list_on(
    server: IntercomServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sanjeh.sources.intercom.client.LISTED", 100)
    company = server.account["companies"][0]
    server.account["companies"] = [{**company, "id": f"c{n}"} for n in range(7)]
    pages = list(client_of(server).pages("companies", None))  # asks for 50 a page, gets 2
    assert ids(pages) == ["c0", "c1", "c2", "c3"]
    assert [page.done for page in pages] == [False, True]


def test_one_object_as_it_stands(server: IntercomServer) -> None:
    client = client_of(server)
    payload = client.one("conversations", "1001")
    assert payload is not None
    assert payload.value["id"] == "1001"
    assert payload.stream == "conversations"
    assert client.one("conversations", "999") is None


@pytest.mark.parametrize("region", ["mars", "", "Europe"])
def test_a_region_is_named_or_an_address(region: str) -> None:
    if not region:
        assert "api.intercom.io" in repr(connect(Http(), {"TOKEN": "x", "REGION": ""})._http)
        return
    with pytest.raises(SourceError, match="us, eu or au"):
        connect(Http(), {"TOKEN": "x", "REGION": region})


def test_an_answer_of_another_shape_is_told(server: IntercomServer) -> None:
    server.account["teams"] = {}  # type: ignore[assignment]
    with pytest.raises(SourceError, match="without a list"):
        list(client_of(server).pages("teams", None))
