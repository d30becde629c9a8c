"""Satisfaction: scores that filter, and words that only those read who may (S1, S4, D7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from site_cases import LANGUAGES, PERIOD, account, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.xdist_group("web work")
FIVE = f"/satisfaction/?{PERIOD}&where=team=desk/five"


@pytest.mark.parametrize("code", LANGUAGES)
def test_satisfaction_in_each_language(guest: Client, code: str) -> None:
    guest.cookies["language"] = code
    assert guest.get(f"/satisfaction/?{PERIOD}").status_code == 200


def test_figures_scores_and_words_of_a_team_told_by_hand(site: Path) -> None:
    page = account("boss", "manager").get(FIVE).content.decode()
    told = text_of(page)
    assert "Satisfied customers 50.0%" in told  # 5 and 4 of 5, 1, 4, 2
    assert "Satisfaction score 3 " in told
    assert "5 1 25.0% 4 1 25.0% 2 1 25.0% 1 1 25.0%" in told
    order = [told.index(w) for w in ("Show the hours", "2 of 5", "1 of 5", "Fay was kind")]
    assert order == sorted(order)  # newest first; a bad score stands there without words
    assert "4 of 5" not in told  # neither bad nor with words
    assert "<script>alert(" not in page
    assert "&lt;script&gt;alert(" in page
    assert "/conversation/desk%2Ffive0/" in page


def test_score_filters_what_was_said(site: Path) -> None:
    boss = account("boss", "manager")
    told = text_of(boss.get(f"{FIVE}&where=score=4").content.decode())
    assert "4 of 5" in told
    assert "1 of 5" not in told
    assert "Show the hours" not in told  # a feedback has no score
    assert "where=score%3D4" in boss.get(FIVE).content.decode()


def test_words_are_read_by_those_who_may_and_leave_a_trace(site: Path, guest: Client) -> None:
    from sanjeh.web.people.models import Trace

    held = text_of(guest.get(FIVE).content.decode())
    assert "Fay was kind" not in held
    assert "Show the hours" not in held
    assert "not shown to your role" in held
    Trace.objects.all().delete()
    lead = account("lead", "lead", ("desk/five",))
    assert "Fay was kind" in text_of(lead.get(f"/satisfaction/?{PERIOD}").content.decode())
    assert Trace.objects.filter(who="lead", action="read what persons wrote").count() == 1
    other = account("other", "lead", ("desk/east",))
    assert "Fay was kind" not in text_of(other.get(f"/satisfaction/?{PERIOD}").content.decode())
