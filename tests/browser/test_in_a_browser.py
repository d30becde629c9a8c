"""Every page in a real browser: three languages, wide and narrow, light and dark, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

WIDE, PHONE = 1440, 390
LOOKS = [
    (language, width, scheme)
    for language in ("en", "fa", "ru")
    for width, scheme in ((WIDE, "light"), (PHONE, "dark"))
]
MOST_DIFFERENT = [("en", WIDE, "light"), ("fa", PHONE, "dark"), ("ru", WIDE, "dark")]
# Where a reader goes. Figures of every kind of measure, each a page of its own.
PAGES = (
    "/", "/figures/", "/figures/volume/", "/figures/response/", "/figures/satisfaction/",
    "/figure/conversations/", "/figure/first_response/", "/figure/satisfied_share/",
    "/figure/missed_chat_rate/rows/", "/glossary/", "/accounts/login/", "/team/", "/agents/",
    "/waiting/", "/backlog/", "/satisfaction/", "/topics/", "/find/?q=c", "/start/", "/closed/",
    "/check/", "/check/later/integrity/",
)  # fmt: skip
KEY = re.compile(r"\bsite\.[a-z_]+\.[a-z_.]+|\{[a-z_]+\}")


@contextmanager
def opened(
    browser: Browser, site: str, path: str, language: str, width: int, scheme: Any = "light"
) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what the browser complained of while it was loaded."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": "language", "value": language, "url": site}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda r: None if r.url.startswith((site, "data:")) else complaints.append(f"asks {r.url}"),
    )
    response = page.goto(site + path)
    assert response is not None
    assert response.status == 200, path
    yield page, complaints
    context.close()


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_pages_fit_and_are_translated(
    browser: Browser, site: str, language: str, width: int, scheme: str
) -> None:
    for path in PAGES:
        with opened(browser, site, path, language, width, scheme) as (page, complaints):
            assert complaints == [], path
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} wide"
            text = page.inner_text("body")
            assert not KEY.search(text), (path, KEY.search(text))
            direction = page.evaluate("document.documentElement.dir")
            assert direction == ("rtl" if language == "fa" else "ltr")


@pytest.mark.parametrize(("language", "width", "scheme"), MOST_DIFFERENT)
def test_everyone_can_use_the_pages(
    browser: Browser, site: str, language: str, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    for path in PAGES:
        with opened(browser, site, path, language, width, scheme) as (page, _):
            found = axe.run(page).response["violations"]
            serious = {
                v["id"]: [n["html"][:120] for n in v["nodes"][:3]]
                for v in found
                if v["impact"] in ("serious", "critical")
            }
            assert serious == {}, path


def test_overview_is_read_and_left_by_keyboard(browser: Browser, site: str) -> None:
    with opened(browser, site, "/", "en", WIDE) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        inside = page.evaluate("document.getElementById('main').contains(document.activeElement)")
        assert inside


def test_language_is_switched_at_once(browser: Browser, site: str) -> None:
    from playwright.sync_api import expect

    with opened(browser, site, "/glossary/", "en", WIDE) as (page, _):
        page.click("button[name=code][value=fa]")
        expect(page.locator("html")).to_have_attribute("lang", "fa")
        assert page.url.endswith("/glossary/")


def test_nothing_moves_after_the_page_has_loaded(browser: Browser, site: str) -> None:
    """The browser's own measure of what jumped (cumulative layout shift) stays under 0.1."""
    for path in ("/", "/figure/first_response/"):
        with opened(browser, site, path, "fa", PHONE) as (page, _):
            page.wait_for_load_state("networkidle")
            moved = page.evaluate(
                """() => new Promise(done => {
                  let sum = 0;
                  new PerformanceObserver(l => {
                    for (const e of l.getEntries()) if (!e.hadRecentInput) sum += e.value;
                  }).observe({type: 'layout-shift', buffered: true});
                  setTimeout(() => done(sum), 500);
                })"""
            )
            assert moved < 0.1, path
