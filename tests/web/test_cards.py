"""Cards, rows and search: hand-worked waits, whose rows, whose words, hostile texts."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from card_stories import CARDS, HOSTILE, MARCH
from site_cases import account

from record_homes import built, shared
from sanjeh.home import Home

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.xdist_group("web work")


@pytest.fixture(autouse=True)
def cards(site: Path, shared_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site over a home of tickets and conversations that are worked by hand."""
    from django.conf import settings

    def make(path: Path) -> None:
        built(path, CARDS).ledger().erase("customer", "gone", source="desk")
        Home(path).refresh()

    monkeypatch.setattr(settings, "HOME", str(shared(shared_folder / "cards", make).path))


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return str(response.content.decode())


def words_of(html: str) -> str:
    """The text of a page, tags taken off."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_conversation_shows_who_spoke_and_how_long_each_answer_took() -> None:
    page = words_of(text_of(account("boss", "manager"), "/conversation/card-talk/"))
    # asked 09:00, answered 09:10; asked 10:00, answered 10:30; the last one still waits
    assert "waited 10 min" in page
    assert "waited 30 min" in page
    assert "not counted: still waiting" in page
    assert "internal note" in page
    assert "automatic" in page


def test_ticket_answers_the_six_questions() -> None:
    page = words_of(text_of(account("boss", "manager"), "/ticket/card-solved/"))
    assert "Is it solved? yes" in page
    assert "after 3 h" in page  # created 09:00, solved 12:00
    assert "How long did the response take? 10 min" in page
    assert "Which ready replies were sent? 1 Hello" in page
    assert "Agreements are not measured yet" in page
    assert "Was it reopened? Yes, once" in page
    assert "Nobody's: it is done" in page


def test_life_of_a_ticket_tells_counted_from_paused() -> None:
    path = "/ticket/card-solved/?metric=resolution_time_without_waiting"
    page = words_of(text_of(account("boss", "manager"), path))
    assert "Counted 150 min; paused 30 min" in page.replace("2.5 h", "150 min")


def test_card_of_a_ticket_leads_to_its_conversations_and_back() -> None:
    client = account("boss", "manager")
    assert 'href="/conversation/card-talk/"' in text_of(client, "/ticket/card-solved/")
    assert 'href="/ticket/card-solved/"' in text_of(client, "/conversation/card-talk/")


# -- whose rows ------------------------------------------------------------------------------


def test_card_of_another_team_is_refused_and_not_found() -> None:
    lead = account("northlead", "lead", ("desk/card-north",))
    for path in ("/ticket/card-south/", "/conversation/card-south-talk/",
                 "/ticket/desk%2Fcard-south/"):  # fmt: skip
        page = text_of(lead, path, 400)
        assert "secret words of the south" not in page
    found = text_of(lead, "/find/?q=card-south")
    assert 'href="/ticket/card-south' not in found
    assert "card-south-talk" not in found.replace("card-south</bdi>", "")
    mine = lead.get("/find/?q=card-solved")
    assert mine.status_code == 302
    assert mine.headers["Location"] == "/ticket/card-solved/"


def test_rows_are_paged_whole_and_within_the_scope() -> None:
    boss, lead = account("boss", "manager"), account("northlead", "lead", ("desk/card-north",))
    where = "where=channel=cardmail"

    def tickets(client: Client, after: int) -> list[str]:
        page = text_of(client, f"/figure/new_tickets/rows/?{MARCH}&{where}&after={after}")
        return re.findall(r'href="/ticket/(card-many-[^/"]+)/"', page)

    first, second, third = tickets(boss, 0), tickets(boss, 100), tickets(boss, 200)
    assert (len(first), len(second), len(third)) == (100, 30, 0)
    assert len({*first, *second}) == 130
    assert tickets(boss, 0) == first
    assert (len(tickets(lead, 0)), tickets(lead, 100)) == (65, [])
    page = text_of(boss, f"/figure/new_tickets/rows/?{MARCH}&{where}&after=۱۰۰")
    assert "Rows 101 to 130" in words_of(page)
    assert text_of(boss, f"/figure/new_tickets/rows/?{MARCH}&after=-1", 400)
    assert text_of(boss, f"/figure/new_tickets/rows/?{MARCH}&rows=some", 400)


# -- whose words -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "name", "words"),
    [("administrator", True, True), ("manager", True, True), ("analyst", False, True),
     ("guest", False, False)],
)  # fmt: skip
def test_names_and_words_are_for_some_roles(role: str, name: bool, words: bool) -> None:
    from sanjeh.web.people.models import Trace

    Trace.objects.all().delete()
    page = text_of(account(f"the {role}", role), "/conversation/card-talk/")
    assert ("Carla Customer" in page) is name
    assert ("where is my parcel" in page) is words
    traces = Trace.objects.filter(action="read what persons wrote", about__contains="card-talk")
    assert traces.exists() is words


def test_lead_reads_the_words_of_the_own_team() -> None:
    lead = account("northlead", "lead", ("desk/card-north",))
    assert "where is my parcel" in text_of(lead, "/conversation/card-talk/")


def test_hostile_words_do_nothing() -> None:
    for path in ("/conversation/card-talk/", "/ticket/card-solved/"):
        page = text_of(account("boss", "manager"), path)
        assert HOSTILE not in page
    assert "&lt;img src=x onerror=" in text_of(
        account("boss", "manager"), "/conversation/card-talk/"
    )
    for q in ("<script>alert(1)</script>", "' OR 1=1 --", "%"):
        page = text_of(account("boss", "manager"), f"/find/?q={q}")
        assert "<script>alert(1)" not in page


def test_erased_words_say_so() -> None:
    page = text_of(account("boss", "manager"), "/conversation/card-gone/")
    assert "words to forget" not in page
    assert "This text was erased." in page
