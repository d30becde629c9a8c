"""Topics and tags: what takes most time (V6), who uses which tags (G4), and links that filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from site_cases import LANGUAGES, PERIOD, account, text_of

from sanjeh.web.pages.topics import cumulated

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.xdist_group("web work")
FIVE = f"{PERIOD}&where=team=desk/five"


def test_part_of_the_whole_up_to_each() -> None:
    assert cumulated([("a", 5.0), ("b", 3.0), ("c", 2.0)]) == {"a": 0.5, "b": 0.8, "c": 1.0}
    assert cumulated([("a", 0.0)]) == {}


@pytest.mark.parametrize("code", LANGUAGES)
def test_topics_and_tags_in_each_language(guest: Client, code: str) -> None:
    guest.cookies["language"] = code
    for path in (f"/topics/?{PERIOD}", f"/topics/?{PERIOD}&by=category&across=agent"):
        response = guest.get(path)
        assert response.status_code == 200
        assert "Billing" in response.content.decode()
        assert "<script>alert" not in response.content.decode()


def test_topic_has_its_volume_and_share(guest: Client) -> None:
    page = text_of(guest.get(f"/topics/?{FIVE}").content.decode())
    assert "Billing 6 " in page  # all six chats of the five are about it
    assert "100.0%" in page


def test_name_of_a_group_is_a_link_that_filters(guest: Client) -> None:
    page = guest.get(f"/topics/?{PERIOD}").content.decode()
    assert "where=topic%3DBilling" in page
    narrowed = text_of(guest.get(f"/topics/?{FIVE}&where=topic=Login").content.decode())
    assert "Billing 6" not in narrowed


def test_lead_sees_tags_of_the_own_team(site: Path) -> None:
    lead = account("lead", "lead", ("desk/five",))
    page = text_of(lead.get(f"/topics/?{PERIOD}&across=team").content.decode())
    assert "Billing 6 " in page
    assert "South" not in page
