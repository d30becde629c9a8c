"""The page of a survey in a real browser: by keyboard, without script, in three languages."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from conftest import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
MAKE = """
import json, sys
from pathlib import Path
from sanjeh.web import site
site.prepare(Path(sys.argv[1]))
from django.utils import timezone
from sanjeh.apps.surveys import editing, links
from sanjeh.apps.surveys.about import About
from sanjeh.apps.surveys.asking import invite
kinds = ("csat", "nps", "expectation", "text")
made = editing.make({"name": "All", "sender": "Shop", "trigger": "list", "way": "link"}, kinds,
                    timezone.now())
found = {"code": made.asked()[0].code, "last": made.asked()[3].code}
for who in ("en", "fa", "ru", "once", "plain", "scan"):
    language = who if len(who) == 2 else "fa"
    invitation = invite(made, About(customer_id=who, language=language), timezone.now())
    found[who] = links.token(invitation)
from django.contrib.auth.models import User
from sanjeh.web.people.models import Seat
Seat.objects.create(user=User.objects.create_user("mina", password="long and odd enough"),
                    role="manager")
found["survey"], found["question"] = made.pk, made.asked()[0].pk
print(json.dumps(found))
"""
SAID = """
import sys
from pathlib import Path
from sanjeh.web import site
site.prepare(Path(sys.argv[1]))
from sanjeh.apps.surveys import links
invitation = links.find(sys.argv[2])
for a in invitation.answers.order_by("question__place"):
    print(a.choice or a.comment or int(a.score))
"""


def run(program: str, *words: str) -> str:
    """A program in a process of its own, on the tables of a home."""
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, check=True)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A served home with six invitations: its address, and a token for each."""
    home = tmp_path_factory.mktemp("surveys") / "home"
    home.mkdir()
    found = json.loads(run(MAKE, str(home)).splitlines()[-1])
    with served(home, "--open") as address:
        yield {**found, "at": address, "home": str(home)}


def said(shop: dict[str, Any], who: str) -> list[str]:
    return run(SAID, shop["home"], shop[who]).split()


def opened(
    browser: Browser, shop: dict[str, Any], who: str, more: str = "", **context: Any
) -> tuple[Page, list[str]]:
    page = browser.new_context(**context).new_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{shop['at']}/s/{shop[who]}/{more}")
    return page, complaints


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 1440, "light"), ("fa", 390, "dark"), ("ru", 390, "light"), ("fa", 1440, "light")],
)
def test_everyone_can_answer(
    browser: Browser, shop: dict[str, Any], language: str, width: int, scheme: Any
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, complaints = opened(
        browser, shop, language, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "fa" else "ltr")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] != "minor"] == []
    assert complaints == []
    page.context.close()


def test_it_is_answered_by_keyboard_without_script(browser: Browser, shop: dict[str, Any]) -> None:
    page, _ = opened(browser, shop, "plain", java_script_enabled=False)
    # The first answer of each group by the arrow keys: 2 of 5, 1 of 10, the second choice.
    for _group in range(3):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("خوب")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks/")
    assert said(shop, "plain") == ["2", "1", "met", "خوب"]
    page.click("a.again")
    page.locator("textarea").fill("بهتر")
    page.click("button")
    page.wait_for_url("**/thanks/")
    assert said(shop, "plain") == ["2", "1", "met", "بهتر"]
    page.context.close()


def test_one_click_counts_where_somebody_looks_and_a_scanner_counts_nothing(
    browser: Browser, shop: dict[str, Any]
) -> None:
    more = f"?q={shop['code']}&a=4"
    page, _ = opened(browser, shop, "scan", more, java_script_enabled=False)
    assert page.locator("#chosen").is_visible()
    assert said(shop, "scan") == []
    page.context.close()
    page, complaints = opened(browser, shop, "once", more)
    page.wait_for_selector("#counted:visible")
    assert said(shop, "once") == ["4"]
    page.locator("input[value='5']").first.check(force=True)
    for name, value in (("nps", "9"), ("expectation", "met")):
        page.locator(f"input[name^='{name}'][value='{value}']").check(force=True)
    page.click("button")
    page.wait_for_url("**/thanks/")
    assert said(shop, "once") == ["5", "9", "met"]
    assert complaints == []
    page.context.close()


@pytest.mark.parametrize(("language", "width", "scheme"), [
    ("en", 1440, "light"), ("fa", 390, "dark"), ("ru", 390, "light"),
])  # fmt: skip
def test_the_settings_fit_and_everyone_can_use_them(
    browser: Browser, shop: dict[str, Any], language: str, width: int, scheme: Any
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": "language", "value": language, "url": shop["at"]}])
    page = context.new_page()
    page.goto(f"{shop['at']}/accounts/login/")
    page.fill("[name=login]", "mina")
    page.fill("[name=password]", "long and odd enough")
    page.click("main button")
    page.wait_for_load_state()
    one = f"/settings/surveys/of/{shop['survey']}/"
    for path in ("/settings/surveys/", "/settings/surveys/new/", one, f"{one}ask/",
                 f"{one}question/{shop['question']}/"):  # fmt: skip
        response = page.goto(shop["at"] + path)
        assert response is not None
        assert response.status == 200, path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found = Axe().run(page).response["violations"]
        serious = [(v["id"], v["nodes"][0]["html"]) for v in found
                   if v["impact"] in ("serious", "critical")]  # fmt: skip
        assert serious == [], path
    context.close()
