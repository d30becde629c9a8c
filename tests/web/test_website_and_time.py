"""*Website and sales* and *Agents' time*: the funnel, the shares of time, in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from site_cases import LANGUAGES, PERIOD, account, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.xdist_group("web work")


@pytest.mark.parametrize("path", ["/website/", "/time/"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_pages_in_each_language(guest: Client, path: str, code: str) -> None:
    guest.cookies["language"] = code
    found = guest.get(f"{path}?{PERIOD}")
    assert found.status_code == 200
    assert 'class="empty"' not in found.content.decode()


def test_funnel_narrows_and_leads_to_its_figures(guest: Client) -> None:
    page = guest.get(f"/website/?{PERIOD}").content.decode()
    steps = ("visitors", "visitors_who_chatted", "visitors_answered", "visitors_converted")
    places = [page.index(f"/figure/{step}/") for step in steps]
    assert places == sorted(places)
    assert "100.0%" in text_of(page)


def test_time_of_each_agent_is_split_in_three(guest: Client) -> None:
    page = guest.get(f"/time/?{PERIOD}").content.decode()
    assert page.count('class="time-0"') == page.count('class="time-2"') >= 1
    told = text_of(page)
    for word in ("Chat utilisation", "Occupancy", "Working hours", "No target for chat"):
        assert word in told


def test_lead_of_another_team_sees_nobodys_time(site: Path) -> None:
    other = account("other", "lead", ("desk/nowhere",))
    assert 'class="time-0"' not in other.get(f"/time/?{PERIOD}").content.decode()
