"""How a vendor's API is asked: what is waited for, what is given up, and what is never said."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from cases import Time

from sanjeh.sources import SourceError
from sanjeh.sources.errors import Declined, Missing, Refused, Unreachable
from sanjeh.sources.helpdesk.http import Http, account_address

BASE = "https://acme.example"
SECRET = "s3cret-5150"
NOON = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT


def asking(
    *answers: httpx2.Response | Exception, patience: float = 600, largest: int = 1024
) -> tuple[Http, Time, list[httpx2.Request]]:
    """A vendor that gives these answers in turn, the last one for ever."""
    asked: list[httpx2.Request] = []
    time = Time()

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        said = answers[min(len(asked), len(answers)) - 1]
        if isinstance(said, Exception):
            raise said
        return said

    http = Http(
        check="SANJEH_ACME_TOKEN",
        patience=patience,
        largest=largest,
        transport=httpx2.MockTransport(answer),
        clock=time.clock,
        sleep=time.sleep,
        now=lambda: NOON,
        chance=lambda: 1.0,
    ).at(BASE, headers={"Authorization": f"Bearer {SECRET}"})
    return http, time, asked


def says(status: int, value: Any = None, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return httpx2.Response(status, json=value, headers=named)


FINE = says(200, {"fine": True})


def test_path_and_query_go_to_the_account() -> None:
    http, _, asked = asking(FINE)
    assert http.get("/api/v2/tickets", {"page": 2, "after": None}) == {"fine": True}
    assert str(asked[0].url) == "https://acme.example/api/v2/tickets?page=2"
    assert asked[0].headers["authorization"] == f"Bearer {SECRET}"


def test_link_of_a_next_page_keeps_its_query() -> None:
    http, _, asked = asking(FINE)
    http.get("https://acme.example/api/v2/tickets?cursor=abc%3D")
    assert str(asked[0].url) == "https://acme.example/api/v2/tickets?cursor=abc%3D"


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/api/v2/tickets",
        "http://acme.example/api/v2/tickets",
        "https://acme.example:8443/api",
        "https://acme.example.evil.example/",
        "https://acme.example@evil.example/",
    ],
)
def test_link_to_another_place_is_not_followed(link: str) -> None:
    http, _, asked = asking(FINE)
    with pytest.raises(SourceError, match="another address"):
        http.get(link)
    assert asked == []


def test_redirect_is_not_followed() -> None:
    http, _, asked = asking(says(302, None, location="https://evil.example/login"))
    with pytest.raises(SourceError, match=r"evil\.example"):
        http.get("/a")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"retry_after": "13"}, 13.0),
        ({"retry_after": "Fri, 15 Jan 2027 08:00:20 GMT"}, 20.0),
        ({"retry_after": "Fri, 15 Jan 2027 07:59:00 GMT"}, 0.0),
        ({"x_ratelimit_reset": "1800000004"}, 4.0),
        ({"ratelimit_reset": "9"}, 9.0),
        ({}, 1.0),
        ({"retry_after": "soon"}, 1.0),
    ],
)
def test_too_many_requests_waits_as_told(headers: dict[str, str], waited: float) -> None:
    http, time, _ = asking(says(429, {}, **headers), FINE)
    assert http.get("/a") == {"fine": True}
    assert time.waits == [waited]


def test_nothing_left_waits_before_the_next_question() -> None:
    left = says(200, {}, x_ratelimit_remaining="0", x_ratelimit_reset="1800000006")
    http, time, _ = asking(left, FINE)
    http.get("/a")
    assert time.waits == []
    http.get("/b")
    assert time.waits == [6.0]


@pytest.mark.parametrize(
    "fault",
    [
        says(500),
        says(503),
        httpx2.ConnectError("no route"),
        httpx2.ReadTimeout("slow"),
        httpx2.RemoteProtocolError("cut"),
    ],
)
def test_fault_that_passes_is_tried_again_ever_later(fault: httpx2.Response | Exception) -> None:
    http, time, _ = asking(fault, fault, fault, FINE)
    assert http.get("/a") == {"fine": True}
    assert time.waits == [1.0, 2.0, 4.0]


def test_gives_up_when_patience_ends() -> None:
    http, time, asked = asking(says(500), patience=20)
    with pytest.raises(Unreachable, match=r"acme.example.* answers 500") as told:
        http.get("/a", {"token": SECRET})
    # 1 + 2 + 4 + 8 are 15 seconds; 16 more would be over the twenty.
    assert time.waits == [1.0, 2.0, 4.0, 8.0]
    assert len(asked) == 5
    assert SECRET not in str(told.value)


def test_wait_longer_than_patience_is_not_begun() -> None:
    http, time, _ = asking(says(429, {}, retry_after="3600"), patience=600)
    with pytest.raises(Unreachable):
        http.get("/a")
    assert time.waits == []


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Refused), (402, Refused), (403, Refused), (404, Missing), (410, Missing),
     (400, Declined), (422, Declined)],
)  # fmt: skip
def test_refusals_are_told_at_once_with_what_the_vendor_says(
    status: int, error: type[SourceError]
) -> None:
    http, time, _ = asking(says(status, {"error": "nope", "description": f"no {SECRET} here"}))
    with pytest.raises(error) as told:
        http.get("/a")
    assert time.waits == []
    assert str(status) in str(told.value)
    assert told.value.__cause__ is None
    assert ("SANJEH_ACME_TOKEN" in str(told.value)) == (error is Refused)


def test_no_error_shows_a_secret() -> None:
    told_back = {"description": f"Bearer {SECRET} is not known", "errors": [{"message": SECRET}]}
    for answer in (says(401, told_back), says(400, told_back), says(404, {"error": SECRET})):
        http, _, _ = asking(answer)
        with pytest.raises(SourceError) as told:
            http.get("/a", {"key": SECRET})
        assert SECRET not in str(told.value)
        assert SECRET not in repr(http)


def test_page_for_people_is_told() -> None:
    http, _, _ = asking(httpx2.Response(200, text="<html>", headers={"content-type": "text/html"}))
    with pytest.raises(SourceError, match=r"not JSON .text/html"):
        http.get("/a")


def test_answer_without_end_is_not_taken() -> None:
    http, _, _ = asking(httpx2.Response(200, content=b"[" + b"1," * 2000), largest=1024)
    with pytest.raises(SourceError, match="more than"):
        http.get("/a")


def test_search_posts_json() -> None:
    http, _, asked = asking(FINE)
    http.post("/search", {"q": "é"})
    assert asked[0].method == "POST"
    assert asked[0].content == '{"q":"é"}'.encode()
    assert asked[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("acme", "https://acme.zendesk.com"),
        (" acme.zendesk.com/ ", "https://acme.zendesk.com"),
        ("https://acme.zendesk.com/", "https://acme.zendesk.com"),
        ("https://help.acme.com/desk/", "https://help.acme.com/desk"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://192.168.1.7", "http://192.168.1.7"),
        ("http://localhost:3000", "http://localhost:3000"),
    ],
)
def test_address_of_an_account(given: str, address: str) -> None:
    assert account_address(given, "zendesk.com") == address


@pytest.mark.parametrize(
    "given", ["", "http://acme.zendesk.com", "ftp://acme", "https://", "https://me:pw@acme.com",
              "acme desk"],
)  # fmt: skip
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(SourceError):
        account_address(given, "zendesk.com")
