"""A visitor and an agent, each in a browser of their own, on the real desk."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from desk_accounts import sessions
from patience import until
from playwright.sync_api import expect

from record_homes import shared
from sanjeh.home import Home

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

# A visitor of the site's own pages, who speaks the protocol: what a widget does, without a look.
VISITOR = """async ({body}) => {
  const told = await fetch("/chat/hello", {method: "POST", headers: {"Content-Type": "text/plain"},
    body: JSON.stringify({language: "en", consent: true,
      page: {url: location.href, title: "Delivery times", referrer: ""}})});
  const {token} = await told.json();
  const socket = new WebSocket(`ws://${location.host}/chat/ws`, "sanjeh.chat.1");
  window.frames_ = [];
  window.say = (frame) => socket.send(JSON.stringify({nonce: crypto.randomUUID(), ...frame}));
  socket.onmessage = (event) => window.frames_.push(JSON.parse(event.data));
  await new Promise((done) => { socket.onopen = done; });
  window.say({type: "hello", token, after: 0});
  window.say({type: "start", answers: {}, body, language: "en",
    page: {url: location.href, title: "Delivery times", referrer: ""}});
}"""
PREPARE = """
import datetime as dt, json, sys
from pathlib import Path
from sanjeh.web import site
site.prepare(Path(sys.argv[1]))
from sanjeh.apps.desk import canned
from sanjeh.apps.desk.models import Member
now = dt.datetime.now(dt.UTC)
canned.keep(now, None, shortcut="hello", title="Greeting",
            body="Hello {{customer.name|there}}, this is {{agent.name}}.")
print(json.dumps(dict(Member.objects.values_list("name", "pk"))))
"""


@pytest.fixture(scope="module")
def shop(shared_folder: Path, serving: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """A served home with two who answer, and their sessions."""
    home = shared(shared_folder / "desk home", lambda path: Home(path))
    keys = sessions(home.path, [("mina", "manager", [], ""), ("dara", "agent", [], "")])
    subprocess.run(
        [sys.executable, "-c", PREPARE, str(home.path)], check=True, timeout=120,
        capture_output=True,
    )  # fmt: skip
    with serving(home.path) as address:
        yield address, keys


def opened(
    browser: Browser, shop: tuple[str, dict[str, str]], who: str, path: str = "/desk/"
) -> Page:
    """A page of somebody signed in."""
    site, keys = shop
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    context.add_cookies([
        {"name": "language", "value": "en", "url": site},
        {"name": "sessionid", "value": keys[who], "url": site},
    ])  # fmt: skip
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(site + path)
    return page


def visitor(browser: Browser, shop: tuple[str, dict[str, str]], body: str) -> Page:
    """A visitor who asks for a chat."""
    context: BrowserContext = browser.new_context()
    page = context.new_page()
    page.goto(shop[0] + "/accounts/login/")
    page.evaluate(VISITOR, {"body": body})
    return page


def said_to(page: Page) -> list[tuple[str, str]]:
    """What the visitor was told, as who said what."""
    frames = page.evaluate("window.frames_")
    return [
        (f["author"]["type"], f["body"])
        for f in frames
        if f["type"] == "entry" and f["kind"] == "message"
    ]


def test_a_chat_from_both_sides_over_a_break_to_its_end(
    browser: Browser, shop: tuple[str, dict[str, str]]
) -> None:
    expect.set_options(timeout=20_000)
    mina = opened(browser, shop, "mina")
    mina.select_option("#presence", "available")
    expect(mina.locator(".dot.available")).to_be_visible()
    guest = visitor(browser, shop, "Where is my parcel?")
    expect(mina.locator(".offer")).to_be_visible()
    mina.keyboard.press("Alt+a")
    expect(mina.locator(".log .theirs .body")).to_have_text("Where is my parcel?")
    expect(mina.locator("textarea")).to_be_focused()
    mina.keyboard.type("/hel")
    expect(mina.locator(".picker li")).to_have_count(1)
    mina.keyboard.press("Enter")
    mina.keyboard.press("Enter")
    expect(mina.locator(".log .mine:not(.pending) .body")).to_have_text(
        ["Hello there, this is mina."]
    )
    until(guest, "window.frames_.some((f) => f.body?.startsWith('Hello there'))")
    # The line breaks; both go on writing.
    mina.context.set_offline(True)
    expect(mina.locator(".line-state.waiting")).to_be_visible()
    mina.keyboard.type("It left this morning.")
    mina.keyboard.press("Enter")
    guest.evaluate("window.say({type: 'say', body: 'Are you there?'})")
    guest.wait_for_timeout(500)
    mina.context.set_offline(False)
    bodies = ["Where is my parcel?", "Hello there, this is mina.", "Are you there?",
              "It left this morning."]  # fmt: skip
    expect(mina.locator(".log .body")).to_have_text(bodies)
    mina.reload()
    expect(mina.locator(".log .body")).to_have_text(bodies)
    until(guest, "window.frames_.some((f) => f.body === 'It left this morning.')")
    assert said_to(guest) == [
        ("customer", bodies[0]), ("agent", bodies[1]), ("customer", bodies[2]),
        ("agent", bodies[3]),
    ]  # fmt: skip
    # A note is the colleagues'.
    mina.locator(".log").focus()
    mina.keyboard.press("n")
    mina.keyboard.type("Ask the depot")
    mina.keyboard.press("Enter")
    expect(mina.locator(".log .note:not(.pending) .body")).to_have_text(["Ask the depot"])
    mina.keyboard.press("Escape")
    mina.keyboard.press("f")
    mina.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(mina.locator(".followups li")).to_have_count(1)
    mina.locator(".log").focus()
    mina.keyboard.press("c")
    mina.keyboard.press("Enter")
    expect(mina.locator(".exchange .state")).to_contain_text("Wrap-up")
    mina.locator(".log").focus()
    mina.keyboard.press("w")
    expect(mina.locator(".exchange .state")).to_contain_text("Closed")
    expect(mina.locator(".exchange .state")).to_contain_text("Solved")
    expect(mina.locator(".group.closed .chat")).to_have_count(1)
    assert "Ask the depot" not in json.dumps(guest.evaluate("window.frames_"))
    guest.context.close()
    mina.context.close()


def test_a_supervisor_sees_who_waits_and_takes_over(
    browser: Browser, shop: tuple[str, dict[str, str]]
) -> None:
    expect.set_options(timeout=20_000)
    dara = opened(browser, shop, "dara")
    dara.select_option("#presence", "available")
    board = opened(browser, shop, "mina", "/desk/board/")
    expect(board.locator(".members tbody tr")).to_have_count(2)
    guest = visitor(browser, shop, "Hello?")
    expect(dara.locator(".offer")).to_be_visible()
    expect(board.locator(".waiting tbody tr")).to_have_count(1)
    dara.keyboard.press("a")
    expect(dara.locator("textarea")).to_be_focused()
    expect(board.locator(".waiting tbody tr")).to_have_count(0)
    expect(board.locator(".talking tbody tr")).to_contain_text("dara")
    board.locator(".talking button", has_text="Take over").click()
    expect(board.locator(".exchange .state")).to_contain_text("Talking")
    expect(board.locator(".group.mine .chat")).to_have_count(1)
    expect(dara.locator(".group.mine .chat")).to_have_count(0)
    expect(dara.locator("textarea")).to_be_hidden()
    for page in (guest, board, dara):
        page.context.close()
