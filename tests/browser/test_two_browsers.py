"""A visitor's browser and an agent's, with the real server between them, which is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fake_chat import Shop, free_port, serving
from patience import until
from playwright.sync_api import expect

from postgres_server import new_database, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
WITHIN = 60_000  # milliseconds; a busy machine, and a server that starts anew
MAKE = """
import json, sys
from pathlib import Path
from sanjeh.web import site
home = Path(sys.argv[1])
home.mkdir(parents=True, exist_ok=True)
site.prepare(home)
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from sanjeh.apps.desk import members, rules
from sanjeh.apps.desk.models import Member
from sanjeh.apps.site.models import InvitationRule, Setup
from sanjeh.web.people.models import Seat
now = timezone.now()
Setup.objects.create(origins=json.loads(sys.argv[2]))
InvitationRule.objects.create(name="cart", pages="/cart*", seconds=0, texts={"en": "Need help?"})
rules.change(now, title={"en": "Shoe shop"}, questions=[
    {"name": "name", "label": {"en": "Name"}, "kind": "text", "required": True}])
user = User.objects.create_user("mina", password="long and odd enough")
Seat.objects.create(user=user, role="agent")
members.change(now, Member.objects.get(user=user), name="Mina Rad", limit=5)
client = Client()
client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
print(client.cookies["sessionid"].value)
"""
READ = """
import sys
from pathlib import Path
from sanjeh.web import site
site.prepare(Path(sys.argv[1]))
from sanjeh.apps.desk.models import Entry
from sanjeh.apps.handing.outbox import move
from sanjeh.ledger import Ledger
import json
ledger = Ledger(Path(sys.argv[1]))
move(ledger)
said = Entry.objects.filter(kind="message").order_by("number")
bodies = list(said.values_list("body", flat=True))
kinds = ("visitor", "web_session", "page_view", "chat_invite", "conversion", "conversation")
rows = {k: ledger.rows(k).to_pylist() for k in kinds}
print(json.dumps({"bodies": bodies, **rows}, default=str))
"""


class Desk:
    """A served home that can be killed and started again on the same port."""

    def __init__(self, home: Path, origins: list[str], *words: str, **environment: str) -> None:
        self.home, self.port, self.words = home, free_port(), words
        self.environment = {**os.environ, **environment}
        self.address = f"http://127.0.0.1:{self.port}"
        self.session = self.run(MAKE, json.dumps(origins)).splitlines()[-1]
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def run(self, code: str, *words: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", code, str(self.home), *words],
            stdout=subprocess.PIPE, text=True, check=True, timeout=240, env=self.environment,
        ).stdout  # fmt: skip

    def start(self) -> None:
        command = [sys.executable, "-m", "sanjeh", "--home", str(self.home), "serve"]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), *self.words], stdout=log, stderr=log,
                start_new_session=True, env=self.environment,
            )  # fmt: skip
        until = time.monotonic() + 180
        while time.monotonic() < until:
            assert self.process.poll() is None, (self.home / "log").read_text()
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=5).close()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        pytest.fail((self.home / "log").read_text())

    def kill(self, how: int = signal.SIGKILL) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, how)
            self.process.wait(30)

    def record(self) -> dict[str, Any]:
        """What is in the tables and in the ledger."""
        found: dict[str, Any] = json.loads(self.run(READ).splitlines()[-1])
        return found


@contextmanager
def desk_and_shop(tmp_path: Path, kind: str) -> Iterator[tuple[Desk, str]]:
    """A desk of the kind, and a shop with its chat."""
    shop = Shop()
    with ExitStack() as around:
        address = around.enter_context(serving(shop))
        words, environment = [], {}
        if kind == "two processes on PostgreSQL":
            database = new_database(around.enter_context(running()), "desk")
            words, environment = ["--processes", "2"], {"SANJEH_DATABASE": database}
        desk = Desk(tmp_path / "home", [address], *words, **environment)
        shop.chat = desk.address
        try:
            yield desk, address
        finally:
            desk.kill(signal.SIGTERM)


def begin(page: Page, body: str) -> None:
    """The visitor fills in the questions and starts."""
    if not page.locator(".panel").is_visible():
        page.locator(".launch").click(timeout=WITHIN)
    page.locator("input[name=name]").fill("Ann")
    page.locator("form textarea").fill(body)
    page.locator("form .main").click()


def say(page: Page, text: str) -> None:
    page.locator(".box textarea").fill(text)
    page.keyboard.press("Enter")


def reply(console: Page, text: str) -> None:
    console.locator("textarea").fill(text)
    console.locator("textarea").press("Enter")


@pytest.mark.parametrize("kind", ["one process on SQLite", "two processes on PostgreSQL"])
def test_nothing_is_lost_doubled_or_out_of_order(
    browser: Browser, tmp_path: Path, kind: str
) -> None:
    with desk_and_shop(tmp_path, kind) as (desk, shop):
        agent = browser.new_context(locale="en-GB", base_url=desk.address)
        agent.add_cookies([{"name": "sessionid", "value": desk.session, "url": desk.address}])
        console = agent.new_page()
        console.goto("/desk/")
        console.locator("#presence").select_option("available", timeout=WITHIN)
        context = browser.new_context(locale="en-GB", user_agent=FIREFOX)
        page = context.new_page()
        page.goto(shop + "/cart")
        page.locator(".invite .main").click(timeout=WITHIN)
        begin(page, "v1")
        expect(console.locator(".offer")).to_have_count(1, timeout=WITHIN)
        console.keyboard.press("a")
        expect(page.locator("h2")).to_have_text("Mina Rad", timeout=WITHIN)
        expect(console.locator("textarea")).to_be_visible(timeout=WITHIN)
        reply(console, "a1")
        expect(page.locator(".bubble").last).to_have_text("a1", timeout=WITHIN)
        say(page, "v2")
        expect(console.locator(".log .theirs .body").last).to_have_text("v2", timeout=WITHIN)
        desk.kill()
        say(page, "v3")  # nobody is there to hear it
        say(page, "v4")
        page.reload()  # and the page is loaded anew while nobody is there
        reply(console, "a2")
        desk.start()
        expect(console.locator(".log .theirs .body").last).to_have_text("v4", timeout=WITHIN * 2)
        expect(page.locator(".bubble", has_text="a2")).to_have_count(1, timeout=WITHIN)
        context.set_offline(True)
        say(page, "v5")
        reply(console, "a3")
        context.set_offline(False)
        expect(page.locator(".bubble", has_text="a3")).to_have_count(1, timeout=WITHIN)
        expect(console.locator(".log .theirs .body").last).to_have_text("v5", timeout=WITHIN)
        second = context.new_page()
        second.goto(shop + "/shoes")
        expect(second.locator(".bubble")).to_have_count(8, timeout=WITHIN)
        expect(page.locator(".waits")).to_have_count(0, timeout=WITHIN)
        seen = page.locator(".bubble").all_inner_texts()
        page.evaluate("sanjeh.convert('purchase', 40, {id: 'A1', currency: 'EUR'})")
        until(page, "!Object.keys(localStorage).some((k) => k.includes('told.'))")
        kept = desk.record()
        assert seen == kept["bodies"]
        assert sorted(seen) == ["a1", "a2", "a3", "v1", "v2", "v3", "v4", "v5"]
        assert [t for t in seen if t[0] == "v"] == ["v1", "v2", "v3", "v4", "v5"]
        assert [t for t in seen if t[0] == "a"] == ["a1", "a2", "a3"]
        assert second.locator(".bubble").all_inner_texts() == seen
        assert console.locator(".log .body").all_inner_texts() == seen
        (visitor,), (visit,) = kept["visitor"], kept["web_session"]
        (invite,), (conversion,) = kept["chat_invite"], kept["conversion"]
        (conversation,) = kept["conversation"]
        assert visit["visitor_id"] == visitor["id"]
        assert not visitor["is_bot"]
        assert {view["url"] for view in kept["page_view"]} == {shop + "/cart", shop + "/shoes"}
        assert invite["session_id"] == visit["id"]
        assert (invite["result"], invite["by"]) == ("accepted", "trigger")
        assert invite["conversation_id"] == conversation["id"]
        assert conversation["visitor_id"] == conversion["visitor_id"] == visitor["id"]
        assert conversation["session_id"] == visit["id"]
        assert (conversion["value"], conversion["status"]) == (40.0, "done")
        agent.close()
        context.close()
