"""Closing a month on the pages: who may, what is shown of what moved it, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from site_cases import account, text_of

from record_homes import load, ticket
from sanjeh.answers.closed import Month, closings

if TYPE_CHECKING:
    from django.test import Client

    from sanjeh.home import Home

pytestmark = pytest.mark.xdist_group("settings")

MARCH = Month("2026-03", "gregorian")
SHOWN = "/?from=2026-03-01&to=2026-04-01"


def body(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_a_manager_closes_a_month_and_sees_what_moved_it(manager: Client, desk: Home) -> None:
    before = text_of(body(manager, "/closed/"))
    assert "April 2026 not closed" in before
    assert "March 2026 not closed" in before
    assert "May 2026" not in before  # the data run until its first instant
    assert "closed on" not in text_of(body(manager, SHOWN))
    response = manager.post("/closed/", {"month": "2026-03"})
    assert (response.status_code, response["Location"]) == (302, "/closed/2026-03/")
    assert [c.month for c in closings(desk.path)] == [MARCH]
    assert '"mina"' not in closings(desk.path)[0].path.read_text("utf-8")
    told = text_of(body(manager, "/closed/2026-03/"))
    assert "No record moved it" in told
    assert "mina" in told

    load(desk, [ticket("march", "03-02 09:00", team_id="north", is_spam=True)])
    desk.refresh()
    page = body(manager, "/closed/2026-03/")
    told = text_of(page)
    assert "1 record moved it." in told
    assert "New tickets 1 0 1 — 1 — 0" in told  # then, now, rows then, in, out, changed, rows now
    assert "Resolution time 25 h — 1 — 1 — 0" in told
    assert "march went out 25 h — spam" in told
    assert 'href="/ticket/desk%2Fmarch/"' in page
    assert "/figure/new_tickets/?from=2026-03-01&amp;to=2026-04-01" in page
    assert "since then 1 record moved it" in text_of(body(manager, SHOWN))
    assert "1 record moved it" in text_of(body(manager, "/closed/"))
    file = manager.get("/closed/2026-03/?format=csv").content.decode("utf-8-sig").splitlines()
    assert file[1] == (
        "2026-03,gregorian,requests,,requests,calendar,1,0,1,0,went out,desk/march,,desk/march,,,"
        "spam,"
    )

    again = manager.post("/closed/", {"month": "2026-03"})
    assert again.status_code == 409
    assert "closed already" in text_of(again.content.decode())
    assert manager.post("/closed/", {"month": "2026-03", "again": "yes"}).status_code == 302
    assert [c.number for c in closings(desk.path)] == [2]
    assert "Closed before, and kept" in text_of(body(manager, "/closed/2026-03/"))


def test_a_month_that_is_none_or_not_over_is_refused_in_words(manager: Client) -> None:
    for sent, status, said in (
        ("2026-05", 409, "not over in the data"), ("2025-05", 409, "begin after this month"),
        ("soon", 400, "no month"), ("", 400, "no month"),
    ):  # fmt: skip
        response = manager.post("/closed/", {"month": sent})
        assert response.status_code == status
        assert said in text_of(response.content.decode())
    assert manager.get("/closed/2026-01/").status_code == 404
    assert manager.get("/closed/<b>/").status_code == 404


def test_only_who_sees_every_row_reads_and_only_who_may_change_closes(
    manager: Client, desk: Home
) -> None:
    assert manager.post("/closed/", {"month": "2026-03"}).status_code == 302
    reader = account("reader", "analyst")
    assert "No record moved it" in text_of(body(reader, "/closed/2026-03/"))
    assert "<button" not in body(reader, "/closed/").partition("<main")[2]
    assert reader.post("/closed/", {"month": "2026-04"}).status_code == 403
    for narrow in (account("lead", "lead", ("desk/north",)), account("agent", "agent", (), "a")):
        for path in ("/closed/", "/closed/2026-03/"):
            assert "your role sees a part of them" in text_of(body(narrow, path, 403))
        assert narrow.post("/closed/", {"month": "2026-04"}).status_code == 403
        assert "closed on" not in text_of(body(narrow, SHOWN))
    assert [c.month for c in closings(desk.path)] == [MARCH]


def test_a_form_of_another_site_closes_nothing(manager: Client, desk: Home) -> None:
    from django.test import Client as Browser

    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = manager.cookies
    assert strict.post("/closed/", {"month": "2026-03"}).status_code == 403
    assert closings(desk.path) == []


def test_closed_months_are_two_clicks_from_any_page(manager: Client) -> None:
    assert 'href="/settings/"' in body(manager, "/closed/")
    assert 'href="/closed/"' in body(manager, "/settings/")
    assert 'href="/closed/"' in body(account("reader", "analyst"), "/settings/")
    assert 'href="/closed/"' not in body(account("lead", "lead", ("desk/north",)), "/settings/")


def test_closing_leaves_a_line_in_the_audit_trail(manager: Client) -> None:
    from sanjeh.web.people.models import Trace

    manager.post("/closed/", {"month": "2026-03"})
    found = Trace.objects.filter(action="closed a month").last()
    assert found is not None
    assert (found.who, found.about) == ("mina", "gregorian-2026-03 1")


@pytest.mark.parametrize(("code", "word"), [("fa", "ماه‌های بسته"), ("ru", "Закрытые месяцы")])
def test_the_pages_speak_the_readers_language(manager: Client, code: str, word: str) -> None:
    manager.post("/closed/", {"month": "2026-03"})
    manager.post("/language/", {"code": code, "next": "/closed/"})
    for path in ("/closed/", "/closed/2026-03/"):
        assert word in body(manager, path)
