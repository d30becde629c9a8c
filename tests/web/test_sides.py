"""Team and Business (Z8), the menu, and that everything is at most three clicks away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from site_cases import LANGUAGES, PERIOD, account

from sanjeh.metrics.catalogue import METRICS
from sanjeh.web.pages.sides import is_headline
from sanjeh.web.pages.spark import drawn

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.xdist_group("web")
LINK = re.compile(r'<a [^>]*href="(/[^"#]*)"')


def links(text: str) -> set[str]:
    """Paths that a page leads to, without what is asked of them."""
    return {found.partition("?")[0] for found in LINK.findall(text)}


@pytest.mark.parametrize("code", LANGUAGES)
def test_team_and_business_show_their_own_group(guest: Client, code: str) -> None:
    guest.cookies["language"] = code
    team = links(guest.get(f"/team/?{PERIOD}").content.decode())
    business = links(guest.get(f"/business/?{PERIOD}").content.decode())
    assert {"/figure/requests/", "/figure/handle_time/", "/figure/missed_chat_rate/"} <= team
    assert {"/figure/first_contact_resolution/", "/figure/nps/"} <= business
    assert "/figure/nps/" not in team
    assert "/figure/requests/" not in business


def test_every_recorded_metric_stands_on_the_page_of_its_group(guest: Client) -> None:
    for group in ("team", "business"):
        page = links(guest.get(f"/{group}/?{PERIOD}").content.decode())
        shown = {path.split("/")[2] for path in page if path.startswith("/figure/")}
        assert shown <= {m.name for m in METRICS.values() if m.group == group}
        assert len(shown) > 20


def test_headline_is_what_a_whole_requirement_finds() -> None:
    assert is_headline(METRICS["resolution_time"])  # T1
    assert is_headline(METRICS["requests"])  # V1
    assert not is_headline(METRICS["complex_resolution_time"])  # T1.1
    assert not is_headline(METRICS["first_resolution_time"])  # serves T1, but stands second


def test_menu_leads_where_the_reader_may_go(site: Path, guest: Client) -> None:
    page = guest.get("/glossary/").content.decode()
    assert {"/", "/team/", "/business/", "/figures/", "/glossary/"} <= links(page)
    assert page.count('aria-current="page"') == 2  # the wide menu, and the one that unfolds
    assert "/settings/" not in links(page)
    assert "/settings/" not in links(account("reader", "analyst").get("/team/").content.decode())


def test_tiny_trend_breaks_where_there_is_no_figure(guest: Client) -> None:
    assert '<path d="M3.0 21.0L50.0 3.0L97.0 12.0"/>' in drawn([0.0, 2.0, 1.0])
    assert 'd="M3.0 21.0h0.1M97.0 3.0h0.1"' in drawn([1.0, None, 3.0])
    assert "<path d" not in drawn([])
    assert 'd="M3.0 12.0L97.0 12.0"' in drawn([5.0, 5.0])
    response = guest.get(f"/figure/requests/spark.svg?{PERIOD}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert guest.get("/figure/nothing/spark.svg").status_code == 400


@pytest.mark.slow
def test_whatever_the_catalogue_serves_is_three_clicks_from_the_overview(guest: Client) -> None:
    seen, edge = {"/"}, {"/"}
    for _ in range(3):
        reached: set[str] = set()
        for path in sorted(edge):
            if not path.startswith(("/figure/", "/ticket/", "/conversation/", "/accounts/")):
                reached |= links(guest.get(f"{path}?{PERIOD}").content.decode())
        edge = reached - seen
        seen |= reached
    assert {f"/figure/{name}/" for name in METRICS} <= seen
