"""The chat on somebody's page, in a real browser, against a server that a test breaks at will."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from fake_chat import Chat, Shop, serving
from patience import until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>\'"{0}'
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class Stage:
    """A chat server, a shop on another origin, and a browser's profile."""

    def __init__(self, chat: Chat, shop: Shop, address: str, context: BrowserContext) -> None:
        self.chat, self.shop, self.address, self.context = chat, shop, address, context
        self.complaints: list[str] = []

    def page(self, path: str = "/") -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda told: (
                ("Content Security" in told.text or "TrustedHTML" in told.text)
                and self.complaints.append(told.text)
            ),
        )
        page.goto(self.address + path)
        page.locator(".launch").wait_for()
        return page

    def talking(self, page: Page, body: str = "Where is my order?") -> None:
        """Fill in the questions, begin, and have Mina take the chat."""
        if not page.locator(".panel").is_visible():
            page.locator(".launch").click()
        page.locator("input[name=name]").fill("Ann")
        page.locator("form textarea").fill(body)
        page.locator("form .main").click()
        page.locator(".said.mine").first.wait_for()
        self.until(page, lambda: self.chat.state is not None)
        self.chat.turn("talking", agent={"name": "Mina"})
        page.locator("h2", has_text="Mina").wait_for()

    def until(self, page: Page, holds: Any) -> None:
        for _ in range(200):
            if holds():
                return
            page.wait_for_timeout(50)
        pytest.fail("did not come about")

    def frames(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.chat.got if frame["type"] == kind]


@contextmanager
def staged(browser: Browser, language: str = "en", **options: Any) -> Iterator[Stage]:
    chat, shop = Chat(), Shop()
    shop.language = language
    shop.attributes = options.pop("attributes", shop.attributes)
    shop.strict = options.pop("strict", True)
    for name, value in options.pop("chat", {}).items():
        setattr(chat, name, value)
    with serving(chat) as shop.chat, serving(shop) as address:
        context = browser.new_context(locale="en-GB", **options)
        stage = Stage(chat, shop, address, context)
        yield stage
        context.close()
        assert stage.complaints == []


def said(page: Page) -> list[str]:
    return page.locator(".bubble").all_inner_texts()


def send(page: Page, text: str) -> None:
    page.locator(".box textarea").fill(text)
    page.keyboard.press("Enter")


def test_a_chat_on_a_page_with_the_strictest_policy(browser: Browser) -> None:
    with staged(browser) as stage:
        page = stage.page()
        assert page.evaluate("typeof window.sanjeh.open") == "function"
        stage.talking(page)
        stage.chat.entry("agent", "It is on its way.")
        page.locator(".bubble", has_text="on its way").wait_for()
        send(page, "Thank you")
        page.locator(".said.mine", has_text="Sent").wait_for()
        stage.chat.tell({"type": "seen", "number": 3})
        page.locator(".said.mine", has_text="Seen").wait_for()
        assert said(page) == ["Where is my order?", "It is on its way.", "Thank you"]
        assert stage.frames("start")[0]["answers"] == {"name": "Ann", "email": ""}
        assert stage.frames("seen")[-1]["number"] == 2
        assert page.locator("sanjeh-chat").evaluate("e => getComputedStyle(e).position") == "fixed"
        assert page.evaluate("document.cookie") == ""


def test_it_goes_on_after_a_reload_and_in_a_second_tab(browser: Browser) -> None:
    with staged(browser) as stage:
        page = stage.page()
        stage.talking(page)
        page.locator(".box textarea").fill("half a sen")
        page.reload()
        page.locator("h2", has_text="Mina").wait_for()
        assert page.locator(".box textarea").input_value() == "half a sen"
        other = stage.page("/other")
        other.locator(".launch").click()
        other.locator("h2", has_text="Mina").wait_for()
        send(other, "from the second tab")
        page.locator(".bubble", has_text="from the second tab").wait_for()
        send(page, "from the first")
        other.locator(".bubble", has_text="from the first").wait_for()
        expected = ["Where is my order?", "from the second tab", "from the first"]
        assert said(page) == said(other) == expected


def test_a_chat_begun_in_one_tab_is_in_the_other(browser: Browser) -> None:
    with staged(browser) as stage:
        first, second = stage.page(), stage.page("/other")
        second.locator(".launch").click()
        stage.talking(first)
        second.locator("h2", has_text="Mina").wait_for()
        assert said(second) == ["Where is my order?"]


def test_without_a_network_words_are_kept_in_order_and_said_once(browser: Browser) -> None:
    with staged(browser) as stage:
        page = stage.page()
        stage.talking(page)
        stage.chat.loses_answers = 1  # taken, and the line breaks before the browser hears of it
        send(page, "one")
        stage.until(page, lambda: stage.chat.loses_answers == 0)
        stage.chat.cut()
        page.locator(".line.lost").wait_for()
        for text in ("two", "three", "four"):
            send(page, text)
        assert page.locator(".said.waits").count() >= 3
        page.reload()  # what is unsent outlives the page
        page.locator(".bubble", has_text="four").wait_for()
        stage.chat.entry("agent", "said while you were away")
        stage.chat.mend()
        page.locator(".bubble", has_text="said while").wait_for()
        stage.until(page, lambda: len(stage.chat.entries) == 6)
        until(page, "!document.querySelector('sanjeh-chat').shadowRoot.querySelector('.waits')")
        expected = ["Where is my order?", "one", "said while you were away", "two", "three", "four"]
        assert said(page) == expected
        assert [entry["body"] for entry in stage.chat.entries] == expected
        assert page.evaluate("Object.keys(localStorage).filter(k => /unsent/.test(k))") == []


def test_the_browser_itself_goes_offline_and_comes_back(browser: Browser) -> None:
    with staged(browser) as stage:
        page = stage.page()
        stage.talking(page)
        stage.context.set_offline(True)
        page.locator(".line.lost").wait_for()
        send(page, "from the tunnel")
        stage.context.set_offline(False)
        stage.until(page, lambda: stage.chat.entries[-1]["body"] == "from the tunnel")
        page.locator(".said.mine", has_text="Sent").wait_for()
        assert said(page) == ["Where is my order?", "from the tunnel"]


def test_what_was_refused_is_said_so_and_can_be_sent_again(browser: Browser) -> None:
    with staged(browser) as stage:
        page = stage.page()
        stage.chat.refuse_start = {"code": "full", "message": "no room"}
        page.locator(".launch").click()
        page.locator("input[name=name]").fill("Ann")
        page.locator("form textarea").fill("hello")
        page.locator("form .main").click()
        page.locator(".when.bad").wait_for()
        page.locator(".when.bad button").click()
        page.locator(".said.mine", has_text="Sent").wait_for()
        starts = stage.frames("start")
        assert [frame["body"] for frame in starts] == ["hello", "hello"]
        assert starts[0]["nonce"] == starts[1]["nonce"]
        assert said(page) == ["hello"]


def test_persian_runs_right_to_left_with_its_own_digits(browser: Browser) -> None:
    with staged(browser, "fa") as stage:
        page = stage.page()
        page.locator(".launch").click()
        assert page.locator("sanjeh-chat").get_attribute("dir") == "rtl"
        page.locator("input[name=name]").fill("آنا")
        page.locator("form textarea").fill("سلام")
        page.locator("form .main").click()
        page.locator(".line", has_text="شما نفر ۳ صف هستید").wait_for()
        page.wait_for_timeout(400)
        mine, window = (
            page.locator(".said.mine").bounding_box(),
            page.locator(".panel").bounding_box(),
        )
        assert mine is not None
        assert window is not None
        assert mine["x"] - window["x"] < 30  # one's own words stand at the end of a line: left
        assert re.search("[۰-۹]{2}:[۰-۹]{2}", page.locator(".said.mine .when").inner_text())
        page.evaluate("sanjeh.setLocale('ru')")
        page.locator(".line", has_text="Вы 3-й в очереди").wait_for()
        assert said(page) == ["سلام"]


def test_script_in_every_field_stays_text(browser: Browser) -> None:
    settings = {
        "title": HOSTILE, "greeting": HOSTILE, "privacy": "javascript:window.hit=1",
        "questions": [{"name": "name", "label": HOSTILE, "kind": "text", "required": True},
                      {"name": "c", "label": HOSTILE, "kind": "choice", "choices": [HOSTILE]}],
        "teams": [{"id": 1, "name": HOSTILE}, {"id": 2, "name": HOSTILE}],
        "files": {"most_bytes": 1000, "types": [".txt"]}, "sound": True,
    }  # fmt: skip
    with staged(browser, chat={"settings": settings}) as stage:
        page = stage.page()
        stage.talking(page, HOSTILE)
        author = {"name": HOSTILE}
        stage.chat.turn("talking", agent={"name": HOSTILE})
        stage.chat.entry("agent", HOSTILE, **author)
        link = "javascript:window.hit=1"
        file = {"id": "u", "name": HOSTILE, "bytes": 1, "media": "text/html", "url": link}
        stage.chat.entry(
            "agent", "x https://a.example/\"onmouseover='window.hit=1'", attachment=file
        )
        stage.chat.entry("system", HOSTILE, kind="event", event=HOSTILE)
        stage.chat.tell({"type": "typing", "on": True, "name": HOSTILE})
        page.locator(".typing").wait_for()
        assert page.locator(".bubble a[href^='javascript']").count() == 0
        assert page.locator(".bubble a").get_attribute("href") == "https://a.example/"
        stage.chat.turn("ended", reason=HOSTILE)
        question = {"id": HOSTILE, "kind": "csat", "text": HOSTILE, "low": 1, "high": 5,
                    "low_label": HOSTILE, "high_label": HOSTILE}  # fmt: skip
        choice = {"id": "x", "kind": "choice", "text": HOSTILE, "choices": [HOSTILE]}
        stage.chat.tell({"type": "survey", "invitation": "i", "questions": [question, choice]})
        page.locator("fieldset").first.wait_for()
        inside = "document.querySelector('sanjeh-chat').shadowRoot"
        for tag in ("img", "script"):
            assert page.evaluate(f"{inside}.querySelectorAll('{tag}').length") == 0
        assert page.evaluate("window.hit") is None


def test_after_hours_a_message_is_left(browser: Browser) -> None:
    closed = {"is_open": False, "opens_at": "2027-03-01T09:00:00Z"}
    with staged(browser, chat={"open": closed}, timezone_id="UTC") as stage:
        page = stage.page()
        page.locator(".launch").click()
        assert "Monday, 1 March, 09:00" in page.locator(".notice").inner_text()
        page.locator("input[name=name]").fill("Ann")
        page.locator("form textarea").fill("Please call")
        page.locator("form .main").click()
        assert page.locator("input[name=email]").get_attribute("aria-invalid") == "true"
        assert stage.frames("start") == []
        page.locator("input[name=email]").fill("ann@example.com")
        page.locator("form .main").click()
        stage.until(page, lambda: stage.frames("start"))
        stage.chat.turn("ended", reason="outside_hours")
        page.locator(".event", has_text="We will answer by e-mail").wait_for()
        assert stage.frames("start")[0]["answers"]["email"] == "ann@example.com"


def test_a_rating_is_given_and_changed_and_a_copy_asked_for(browser: Browser) -> None:
    with staged(browser) as stage:
        page = stage.page()
        stage.talking(page)
        page.locator(".tool").first.click()
        page.locator("[role=menuitem]", has_text="End the chat").click()
        page.locator(".sure .main").click()
        page.locator(".event", has_text="has ended").wait_for()
        questions = [
            {"id": "q1", "kind": "csat", "text": "Content?", "low": 1, "high": 5,
             "low_label": "not at all", "high_label": "very"},
            {"id": "q2", "kind": "nps", "text": "Recommend?", "low": 0, "high": 10},
            {"id": "q3", "kind": "text", "text": "Why?"},
        ]  # fmt: skip
        stage.chat.tell({"type": "survey", "invitation": "i7", "questions": questions})
        page.locator("form .main").click()
        page.locator(".wrong", has_text="Choose").wait_for()
        page.get_by_role("radio", name="5, very").check()
        page.get_by_role("radio", name="0", exact=True).check()
        page.locator("form .main").click()
        page.locator(".card", has_text="Thank you").wait_for()
        page.locator(".card .plain", has_text="Change").click()
        page.get_by_role("radio", name="4", exact=True).first.check()
        page.locator("form .main").click()
        stage.until(page, lambda: len(stage.frames("rate")) == 2)
        assert [frame["answers"] for frame in stage.frames("rate")] == [
            {"q1": 5, "q2": 0}, {"q1": 4, "q2": 0},
        ]  # fmt: skip
        page.locator(".card .plain", has_text="copy").click()
        page.locator(".sure input").fill("ann@example.com")
        page.locator(".sure .main").click()
        page.locator(".card", has_text="on its way to ann@example.com").wait_for()
        assert stage.frames("transcript")[0]["email"] == "ann@example.com"


def test_files_are_picked_pasted_and_dropped(browser: Browser) -> None:
    with staged(browser) as stage:
        page = stage.page()
        stage.talking(page)
        picker = page.locator("input[type=file]")
        picker.set_input_files({"name": "shoe.exe", "mimeType": "application/x-a", "buffer": b"x"})
        page.locator(".chip.bad", has_text="cannot be sent").wait_for()
        big = {"name": "big.png", "mimeType": "image/png", "buffer": b"x" * 100_001}
        picker.set_input_files(big)
        page.locator(".chip.bad", has_text="larger than 100 kB").wait_for()
        picker.set_input_files({"name": "shoe.png", "mimeType": "image/png", "buffer": PNG})
        page.locator(".chip:not(.bad)", has_text="shoe.png").wait_for()
        page.locator(".send").click()
        page.locator(".bubble b", has_text="<b>shoe</b>.png").wait_for()
        for event, field, target in (
            ("paste", "clipboardData", ".box textarea"),
            ("drop", "dataTransfer", ".panel"),
        ):
            page.locator(target).evaluate(
                """(element, [event, field]) => {
                    const held = new DataTransfer();
                    held.items.add(new File(["x"], event + ".txt", {type: "text/plain"}));
                    const kind = event === "drop" ? DragEvent : ClipboardEvent;
                    const more = {bubbles: true, cancelable: true, [field]: held};
                    element.dispatchEvent(new kind(event, more));
                }""",
                [event, field],
            )
            page.locator(".chip:not(.bad)", has_text=f"{event}.txt").wait_for()
        page.locator(".send").click()
        stage.until(page, lambda: len(stage.frames("say")) == 3)
        assert [frame["attachment"] for frame in stage.frames("say")] == ["u1", "u1", "u1"]


RULE = {"id": 4, "pages": "/cart*", "seconds": 0, "text": "Can we help?"}


def test_a_rule_invites_on_its_pages_and_the_chat_knows_it(browser: Browser) -> None:
    with staged(browser, chat={"invitations": [RULE]}) as stage:
        elsewhere = stage.page("/shoes")
        elsewhere.wait_for_timeout(400)
        assert not elsewhere.locator(".invite").is_visible()
        page = stage.page("/cart?step=2")
        page.locator(".invite", has_text="Can we help?").wait_for()
        page.locator(".invite .main").click()
        assert page.locator(".greet").inner_text() == "Can we help?"
        stage.talking(page)
        told = stage.frames("invitation")
        assert [(f["rule"], f["result"]) for f in told] == [(4, "shown"), (4, "accepted")]
        assert told[0]["id"] == told[1]["id"] == stage.frames("start")[0]["invitation"]


def test_an_invitation_is_waved_away_and_does_not_come_back(browser: Browser) -> None:
    with staged(browser, chat={"invitations": [RULE]}) as stage:
        page = stage.page("/cart")
        page.locator(".invite .plain").click()
        stage.until(page, lambda: len(stage.frames("invitation")) == 2)
        assert stage.frames("invitation")[1]["result"] == "dismissed"
        page.reload()
        page.locator(".launch").wait_for()
        page.wait_for_timeout(400)
        assert not page.locator(".invite").is_visible()


def test_an_agent_invites(browser: Browser) -> None:
    with staged(browser) as stage:
        page = stage.page()
        stage.until(page, lambda: stage.frames("hello"))
        stage.chat.tell({"type": "invite", "id": "i9", "text": "Hello there", "agent": "Mina"})
        page.locator(".invite", has_text="Mina").wait_for()
        page.locator(".invite .main").click()
        stage.talking(page)
        assert stage.frames("start")[0]["invitation"] == "i9"


def test_without_consent_only_the_chat_is_known(browser: Browser) -> None:
    with staged(browser, attributes='data-consent="no"') as stage:
        page = stage.page("/secret")
        page.evaluate("history.pushState({}, '', '/more-secret')")
        page.wait_for_timeout(500)
        assert stage.chat.got == []
        assert (stage.chat.hellos[0]["consent"], stage.chat.hellos[0]["page"]) == (False, None)
        assert page.evaluate("Object.keys(localStorage)") == []
        stage.talking(page)
        assert "secret" not in str(stage.chat.got) + str(stage.chat.hellos)
        page.evaluate("sanjeh.setConsent(true)")
        stage.until(page, lambda: len(stage.chat.hellos) == 2)
        assert stage.chat.hellos[1]["consent"] is True
        assert stage.chat.hellos[1]["page"]["url"].endswith("/more-secret")


def test_pages_that_are_drawn_by_script_and_conversions_are_told(browser: Browser) -> None:
    with staged(browser) as stage:
        page = stage.page("/one")
        stage.until(page, lambda: stage.frames("hello"))
        page.wait_for_timeout(200)
        page.evaluate("history.pushState({}, '', '/two')")
        stage.until(page, lambda: stage.frames("page"))
        assert stage.frames("page")[0]["url"].endswith("/two")
        page.evaluate("sanjeh.convert('purchase', 19.9, {id: 'A1', currency: 'EUR'})")
        stage.until(page, lambda: stage.chat.posted)
        path, told = stage.chat.posted[0]
        assert path == "/site/convert"
        assert told == {
            "type": "purchase", "value": 19.9, "currency": "EUR", "id": "A1", "token": "t0ken",
        }  # fmt: skip
        assert page.evaluate("Object.keys(localStorage).filter(k => /told/.test(k))") == []


def active(page: Page) -> str:
    return str(
        page.evaluate(
            "(document.querySelector('sanjeh-chat').shadowRoot.activeElement || {}).outerHTML || ''"
        )
    )


def test_by_keyboard_alone(browser: Browser) -> None:
    with staged(browser, viewport={"width": 390, "height": 800}) as stage:
        page = stage.page()
        page.locator(".launch").focus()
        page.keyboard.press("Enter")
        assert 'name="name"' in active(page)
        assert page.locator(".panel").get_attribute("aria-modal") == "true"
        for _ in range(12):  # on a phone one does not fall out of the window
            page.keyboard.press("Tab")
            assert active(page) != ""
        page.keyboard.press("Escape")
        assert 'class="launch"' in active(page)
        page.keyboard.press("Enter")
        page.keyboard.type("Ann")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type("hello")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator(".said.mine").wait_for()
        assert "textarea" in active(page)
        assert page.locator(".log").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("fa", "dark", 390), ("ru", "light", 390)],
)
def test_everyone_can_use_it(browser: Browser, language: str, scheme: Any, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    def serious(page: Page) -> dict[str, Any]:
        page.wait_for_timeout(350)  # the window has risen
        return {
            v["id"]: [n["html"][:160] for n in v["nodes"][:3]]
            for v in Axe().run(page).response["violations"]
            if v["impact"] in ("serious", "critical")
        }

    look = {"strict": False, "color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    with staged(browser, language, chat={"invitations": [{**RULE, "pages": "*"}]}, **look) as stage:
        page = stage.page()
        page.locator(".invite").wait_for()
        assert serious(page) == {}, "invitation"
        page.locator(".invite .main").click()
        assert serious(page) == {}, "questions"
        page.locator("form .main").click()
        assert serious(page) == {}, "questions, wrong"
        stage.talking(page)
        stage.chat.entry("agent", "https://shop.example/ look there")
        stage.chat.tell({"type": "typing", "on": True, "name": "Mina"})
        page.locator(".typing").wait_for()
        page.locator(".tool").first.click()
        assert serious(page) == {}, "chat and menu"
        page.keyboard.press("Escape")
        stage.chat.turn("ended")
        question = {"id": "q", "kind": "csat", "text": "Content?", "low": 1, "high": 5,
                    "low_label": "no", "high_label": "yes"}  # fmt: skip
        stage.chat.tell({"type": "survey", "invitation": "i", "questions": [question]})
        page.locator("fieldset").wait_for()
        page.get_by_role("radio").first.check()
        assert serious(page) == {}, "survey"
