"""What is Zendesk's own about its API: exports cut into smaller pages, limits, webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from case_zendesk import CASE, TICKETS, ZendeskServer, account, touch
from cases import Time, new_ledger
from loopback import Answer, Asked
from zendesk_company import at

from sanjeh.sources import SourceError
from sanjeh.sources.errors import Refused
from sanjeh.sources.helpdesk.contract import Page
from sanjeh.sources.helpdesk.http import Http, account_address
from sanjeh.sources.zendesk import open_account
from sanjeh.sources.zendesk.client import ZendeskClient
from sanjeh.sources.zendesk.reading import KNOWN, Ticket
from sanjeh.sources.zendesk.webhook import asks, genuine, key

BASIC = ("ann@acme.example/token", "open-sesame")


def client(server: ZendeskServer, at_a_time: int = 2) -> ZendeskClient:
    time = Time()
    http = Http(sleep=time.sleep, clock=time.clock).at(account_address(server.base), basic=BASIC)
    return ZendeskClient(http, at_a_time=at_a_time)


def tickets(pages: list[Page]) -> list[int]:
    return [p.value["id"] for page in pages for p in page.payloads if p.stream == "tickets"]


def through_json(page: Page) -> Any:
    """The cursor as it comes back from the ledger."""
    return json.loads(json.dumps(page.cursor))


def test_a_page_of_the_export_goes_on_where_it_was_left() -> None:
    with ZendeskServer(account()) as server:
        first = next(client(server).pages("tickets", None))
        assert len(tickets([first])) == 2
        rest = list(client(server).pages("tickets", through_json(first)))
    assert sorted(tickets([first, *rest])) == sorted(TICKETS)
    assert [page.done for page in rest] == [False] * (len(rest) - 1) + [True]


def test_a_ticket_that_changes_within_a_page_comes_later_and_none_is_lost() -> None:
    held = account()
    with ZendeskServer(held) as server:
        first = next(client(server).pages("tickets", None))
        assert 1 not in tickets([first])
        touch(held)  # ticket 1 leaves its place in the page
        rest = list(client(server).pages("tickets", through_json(first)))
    assert sorted(tickets([first, *rest])) == sorted(TICKETS)


def test_audits_are_asked_only_of_tickets_that_changed() -> None:
    held = account()
    with ZendeskServer(held) as server:
        pages = list(client(server).pages("tickets", None))
        before = len(server.asked)
        assert tickets(list(client(server).pages("tickets", through_json(pages[-1])))) == []
        touch(held)
        assert tickets(list(client(server).pages("tickets", through_json(pages[-1])))) == [1]
        asked = [a.path for a in server.asked[before:] if a.path.endswith("/audits")]
    assert asked == ["/api/v2/tickets/1/audits"]


def test_deleted_ticket_is_not_asked_for_audits() -> None:
    held = account()
    held["tickets"] = [{**held["tickets"][0], "status": "deleted"}]
    with ZendeskServer(held) as server:
        (page,) = client(server).pages("tickets", None)
        assert not [a for a in server.asked if "audits" in a.path]
    assert [p.stream for p in page.payloads] == ["tickets"]


def test_a_ticket_knows_what_its_audits_tell() -> None:
    with ZendeskServer(account()) as server:
        pages = list(client(server).pages("tickets", None))
    (merged,) = [p for page in pages for p in page.payloads if p.value["id"] == 8]
    assert merged.value[KNOWN] == Ticket(209, None, 209, frozenset({101}), 9, (), None, True)


class Limited(ZendeskServer):
    """Two exports are allowed; then sixty seconds are to be waited."""

    def __init__(self, held: Any) -> None:
        super().__init__(held)
        self.left = 2

    def answer(self, asked: Asked) -> Answer:
        if "/incremental/" in asked.path:
            if not self.left:
                self.left = 2
                return Answer({"error": "APIRateLimitExceeded"}, 429, {"Retry-After": "60"})
            self.left -= 1
        return super().answer(asked)


def test_the_limit_of_exports_is_waited_for() -> None:
    time = Time()
    with Limited(account()) as server:
        server.few = 2
        http = Http(sleep=time.sleep, clock=time.clock).at(server.base, basic=BASIC)
        assert sorted(tickets(list(ZendeskClient(http).pages("tickets", None)))) == sorted(TICKETS)
    assert time.waits == [60.0]


class Stuck(ZendeskServer):
    """An export whose end never moves."""

    def answer(self, asked: Asked) -> Answer:
        rows = [{"id": 1}, {"id": 2}, {"id": 3}]
        return Answer({"calls": rows, "end_time": 5, "end_of_stream": False, "next_page": "x"})


def test_an_export_that_stands_still_is_told() -> None:
    with Stuck(account()) as server:
        pages: Iterator[Page] = client(server).pages("calls", 5)
        with pytest.raises(SourceError, match="does not go on from 5"):
            list(pages)


class Silent(ZendeskServer):
    """Talk's export: no word of its end, and always a next page."""

    def answer(self, asked: Asked) -> Answer:
        rows = [{"id": 1}, {"id": 2}]
        return Answer({"calls": rows, "end_time": 9, "next_page": "x", "count": 2})


def test_an_export_that_does_not_tell_its_end_ends_where_time_stands_still() -> None:
    with Silent(account()) as server:
        pages = list(client(server).pages("calls", 5))
    assert [(page.cursor, page.done) for page in pages] == [(9, False), (9, True)]


class WithoutChat(ZendeskServer):
    """Chat does not take the API token that opens everything else."""

    def answer(self, asked: Asked) -> Answer:
        if "/chat/" in asked.path:
            return Answer({"error": "unauthenticated"}, 401)
        return super().answer(asked)


def test_chat_that_takes_no_api_token_is_lacking_and_the_rest_comes(tmp_path: Path) -> None:
    with WithoutChat(account()) as server:
        report = CASE.pull(server, new_ledger(tmp_path / "home"))
    assert set(report.lacking) == {"chats", "shortcuts", "agent_timeline"}
    assert "OAuth" in report.lacking["chats"]
    assert report.streams["calls"] == 2


def test_whose_key_it_is() -> None:
    with ZendeskServer(account()) as server:
        assert client(server).whose() == "Agent 4 (admin)"


def test_oauth_token_goes_alone() -> None:
    with ZendeskServer(account(), key="Bearer free-to-read") as server:
        given = {"SUBDOMAIN": server.base, "TOKEN": "free-to-read"}
        (page,) = open_account(Http(), given).pages("groups", None)
        assert len(page.payloads) == 2
        with pytest.raises(Refused):
            list(open_account(Http(), {**given, "TOKEN": "wrong"}).pages("groups", None))


# -- webhooks ------------------------------------------------------------------------------------

SECRET = "a-secret-of-the-hook"
NOW = 1772442000.0  # 2 March 2026, 09:00 UTC
BODY = json.dumps(
    {"type": "zen:event-type:ticket.status_changed", "detail": {"id": "35436"}}
).encode()


def signed(when: str, body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    mark = hmac.new(secret.encode(), when.encode() + body, hashlib.sha256).digest()
    return {
        "x-zendesk-webhook-signature": base64.b64encode(mark).decode(),
        "x-zendesk-webhook-signature-timestamp": when,
        "x-zendesk-webhook-invocation-id": "01H",
    }


def test_signature_of_a_webhook() -> None:
    fresh = signed(at("02 09:00"))
    assert genuine(fresh, BODY, SECRET, NOW)
    assert not genuine(fresh, BODY + b" ", SECRET, NOW)
    assert not genuine(fresh, BODY, "another", NOW)
    assert not genuine({}, BODY, SECRET, NOW)
    assert not genuine(signed(at("01 09:00")), BODY, SECRET, NOW)  # recorded yesterday
    assert not genuine(signed("soon"), BODY, SECRET, NOW)
    later = {**fresh, "x-zendesk-webhook-signature-timestamp": at("02 09:01")}
    assert not genuine(later, BODY, SECRET, NOW)


def test_key_of_a_delivery_stays_when_it_is_tried_again() -> None:
    assert key(signed(at("02 09:00")), BODY) == key(signed(at("02 09:05")), BODY) == "01H"
    assert key({}, BODY) != key({}, BODY + b" ")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (
            {"type": "zen:event-type:ticket.comment_added", "detail": {"id": "7"}},
            [("tickets", "7")],
        ),
        ({"type": "zen:event-type:ticket.created", "subject": "zen:ticket:8"}, [("tickets", "8")]),
        ({"ticket_id": 9}, [("tickets", "9")]),
        ({"ticket": {"id": "10"}}, [("tickets", "10")]),
        ({"type": "zen:event-type:user.created", "detail": {"id": "11"}}, []),
        ({"ticket_id": "../users"}, []),
        ({}, []),
    ],
)
def test_webhook_names_the_ticket(body: Any, named: Any) -> None:
    assert list(asks(body)) == named
