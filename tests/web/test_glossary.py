"""The glossary (D8): terms and figures, found by anybody's words in three languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from site_cases import LANGUAGES

from sanjeh.metrics.catalogue import METRICS
from sanjeh.report.glossary import sought_metrics, sought_terms, terms
from sanjeh.report.language import language_of

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.xdist_group("web")

# The sources' own wording, mistranslations among it (part 0.1), and the term each means.
WORDINGS = {
    "بلیط": "ticket", "سیستم فروش بلیط": "ticketing_system", "خیش زدن": "churn",
    "حفظ": "retention", "پاسخ کنسرو": "canned_response", "میانگین زمان دسته": "handle_time",
    "نرخ وضوح": "resolution_rate", "زمان وضوح": "resolution_time",
    "عوامل": "agent", "نماینده": "agent",
    "سوار شدن": "onboarding", "مدیریت نوبت": "shift_management",
    "ماتریس تشدید": "escalation_matrix", "تجزیه و تحلیل کیفیت": "quality_analysis",
    "لذت مشتری": "customer_delight", "وثیقه": "collateral",
    "نمره تبلیغ کننده خالص": "net_promoter_score", "مخالفان": "net_promoter_score",
    "نقاط لمسی": "touchpoint", "نرخ خروج": "exit_rate", "تماس برگشتی": "repeat_contact",
    "پر سروصدا": "noise", "تعداد درخواست رسیدگینشده": "unattended_requests",
    "повторных обращений": "repeat_contact", "систем управления обращениями": "ticketing_system",
    "узкие места": "bottleneck", "AHT": "handle_time", "fcr": "first_contact_resolution",
}  # fmt: skip
# Ids of the 32 terms of the source's own glossary.
THIRTY_TWO = (
    "R1.1", "T1", "R2", "T2", "Z1", "A1", "C0", "S3", "Q1", "Q2", "S2", "Q7", "A3", "S4", "F1",
    "F2", "Q8", "O5", "L6", "L1", "L2", "L3", "L4", "O8", "O9", "Y2", "Y1", "L7", "A2", "H3",
    "O12", "O3", "O1",
)  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("wording", WORDINGS)
def test_wording_of_the_sources_finds_the_term_first(code: str, wording: str) -> None:
    assert sought_terms(wording, language_of(code))[0].key == WORDINGS[wording]


def test_one_phrase_of_the_sources_means_two_terms() -> None:
    found = sought_terms("وضوح تماس اول", language_of("fa"))
    assert {t.key for t in found[:2]} == {"first_call_resolution", "first_contact_resolution"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_term_has_its_words(code: str) -> None:
    known = terms(language_of(code))
    assert len({t.title for t in known}) == len(known) == 70
    assert all(t.definition for t in known)
    assert all(name in METRICS for t in known for name in t.metrics)
    served = {identifier for t in known for identifier in t.serves}
    assert set(THIRTY_TWO) <= served


def test_mistranslations_are_never_labels() -> None:
    shown = " ".join(f"{t.title} {t.definition} {t.formula}" for t in terms(language_of("fa")))
    for wrong in ("بلیط", "خیش", "کنسرو", "زمان دسته", "لذت مشتری", "وثیقه", "تبلیغ کننده"):
        assert wrong not in shown


def test_letters_and_digits_of_every_keyboard_find_the_same() -> None:
    english = language_of("en")
    assert [t.key for t in sought_terms("كارشناس", english)] == [
        t.key for t in sought_terms("کارشناس", english)
    ]
    assert [m.name for m in sought_metrics("T۱.۱", english)] == ["complex_resolution_time"]
    assert sought_metrics("Handle   TIME", english)[0].name == "handle_time"
    assert sought_terms("решённые обращения", english)[0].key == "resolved_tickets"


def test_page_has_terms_figures_and_their_live_numbers(guest: Client) -> None:
    guest.cookies["language"] = "fa"
    page = guest.get("/glossary/?q=خیش").content.decode()
    assert "ریزش مشتری" in page
    assert 'href="/figure/lost_customers/"' in page
    assert "خیش" not in re.sub(r'value="[^"]*"', "", page)
    whole = guest.get("/glossary/").content.decode()
    assert all(f'href="/figure/{name}/"' in whole for name in METRICS)
    nothing = guest.get("/glossary/?q=<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in nothing
    assert "&lt;script&gt;" in nothing
