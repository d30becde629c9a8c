"""The page that says whether the figures can be trusted: what is shown, to whom, in which words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from site_cases import LANGUAGES, account, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.xdist_group("web")


def body(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def cards(page: str) -> set[str]:
    return {unquote(ref) for ref in re.findall(r'href="/(?:ticket|conversation)/([^/"]+)/"', page)}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_three_parts_follow_the_page_in_each_language(guest: Client, code: str) -> None:
    guest.cookies["language"] = code
    page = body(guest, "/check/")
    assert f'dir="{"rtl" if code == "fa" else "ltr"}"' in page
    assert 'href="/check/" aria-current="page"' in page
    for part in ("integrity", "coverage", "agreement"):
        assert f'id="{part}"' in page
        told = body(guest, f"/check/later/{part}/")
        assert not re.search(r"\b(?:site|check)\.[a-z_]+\.|\{[a-z_]+\}", text_of(told))
    # What was worked out once is there at once.
    assert "data-later" not in body(guest, "/check/")


def test_a_fault_has_its_count_its_meaning_and_ways_to_its_cards(guest: Client) -> None:
    page = body(guest, "/check/later/integrity/")
    told = text_of(page)
    assert "A recommendation survey that is not on 0 to 10 1 of 2 (50.0%)" in told
    assert "Its answers are no NPS and are left out of it" in told
    assert "Survey recommend wrong" in told
    assert "Ask the question on a scale of 0 to 10" in told
    found = cards(page)
    assert found
    for card in sorted(found)[:2]:
        kind = "conversation" if f"/conversation/{card.replace('/', '%2F')}/" in page else "ticket"
        body(guest, f"/{kind}/{card.replace('/', '%2F')}/")
    assert "Fay" not in told  # neither a name nor what was said: "Fay was kind"


def test_a_source_is_told_family_by_family(guest: Client) -> None:
    told = text_of(body(guest, "/check/later/coverage/"))
    assert "desk" in told
    assert re.search(r"\d+ of \d+ measures can be answered\.", told)
    assert "Response times" in told
    assert "No record here holds a helpdesk's own figures." in text_of(
        body(guest, "/check/later/agreement/")
    ).replace("&#x27;", "'")


def test_a_lead_sees_the_own_teams_faults_only(site: Path, guest: Client) -> None:
    lead = account("lina", "lead", teams=("desk/five",))
    mine = body(lead, "/check/later/integrity/")
    assert "Among the tickets and conversations that you may see." in body(lead, "/check/")
    assert cards(mine)
    assert all(card.startswith("desk/five") for card in cards(mine))
    assert any(not card.startswith("desk/five") for card in cards(body(guest, "/check/")))
    nobody = account("nil", "lead", teams=())
    assert cards(body(nobody, "/check/later/integrity/")) == set()
    assert "0 records looked at." in text_of(body(nobody, "/check/later/integrity/"))


def test_what_is_not_there_is_not_found(guest: Client) -> None:
    body(guest, "/check/later/nothing/", 404)
    body(guest, "/check/?source=none", 404)
    body(guest, "/check/?source=desk")
