"""The agents' console against a scripted desk: keys only, broken lines, hostile words, looks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from desk_accounts import sessions
from playwright.sync_api import expect
from scripted_desk import ScriptedDesk, ago, chat

from record_homes import shared
from sanjeh.home import Home

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
LOOKS = [("en", 1440, "light"), ("ru", 1440, "dark"), ("fa", 390, "dark")]
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
SARA = {"type": "visitor", "name": "Sara"}


@pytest.fixture(scope="module")
def signed_in(shared_folder: Path, serving: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """A served home and the sessions of a manager and an agent."""
    home = shared(shared_folder / "console home", lambda path: Home(path))
    people = [("mina", "manager", [], ""), ("dara", "agent", [], "a")]
    keys = sessions(home.path, people)  # type: ignore[arg-type]
    with serving(home.path) as address:
        yield address, keys


@contextmanager
def console(
    browser: Browser, signed_in: tuple[str, dict[str, str]], *, path: str = "/desk/",
    who: str = "mina", language: str = "en", width: int = 1440, scheme: Any = "light",
    **welcome: Any,
) -> Iterator[tuple[Page, ScriptedDesk]]:  # fmt: skip
    """The console before a scripted desk; whatever the browser complains of fails the test."""
    site, keys = signed_in
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.set_default_timeout(20_000)
    context.add_cookies([
        {"name": "language", "value": language, "url": site},
        {"name": "sessionid", "value": keys[who], "url": site},
    ])  # fmt: skip
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    desk = ScriptedDesk(page, **{**team(), **welcome})
    page.goto(site + path)
    yield page, desk
    context.close()
    assert complaints == []


def team() -> dict[str, Any]:
    return {
        "limit": 3,
        "members": [
            {"id": "me", "name": "Mina", "status": "available", "limit": 3},
            {"id": "m2", "name": "Dara Kian", "status": "busy", "limit": 3},
        ],
        "teams": [{"id": "t1", "name": "Sales"}, {"id": "t2", "name": "Support"}],
        "canned": [
            {"id": "c1", "shortcut": "hello", "title": "Greeting", "language": "en",
             "body": "Hello {{customer.name|there}}, this is {{agent.name}}."},
            {"id": "c2", "shortcut": "hours", "title": "Open hours", "body": "9 to 18"},
        ],
        "topics": [{"id": "p1", "name": "Delivery"}],
        "tags": [{"id": "g1", "name": "late"}],
        "chats": [chat("k1", "Sara"), chat("k2", "Reza")],
    }  # fmt: skip


def said(desk: ScriptedDesk, kind: str, *without: str) -> dict[str, Any]:
    """The one frame of a type that the console said, without its nonce; it may be on its way."""
    end = time.monotonic() + 20
    while not desk.said(kind) and time.monotonic() < end:
        desk.page.wait_for_timeout(20)
    frames = desk.said(kind)
    assert len(frames) == 1, frames
    return {k: v for k, v in frames[0].items() if k not in ("nonce", *without)}


def log(page: Page) -> list[str]:
    """What stands in the chat, in its order."""
    return page.locator(".log .body").all_inner_texts()


# -- keys only -------------------------------------------------------------------------------------


def test_a_follow_up_at_another_time_is_picked_in_the_readers_own_calendar(
    browser: Browser, signed_in: tuple[str, dict[str, str]]
) -> None:
    with console(browser, signed_in, language="fa") as (page, desk):
        page.locator(".chat").first.click()
        page.locator(".log").focus()
        page.keyboard.press("f")
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("روز", exact=True).wait_for(state="hidden")
        dialog.locator("input[value=other]").check()
        dialog.get_by_label("روز", exact=True).select_option("3")
        dialog.get_by_label("ساعت", exact=True).select_option("20")
        picked, wanted = page.evaluate(
            """() => {
                const day = new Date();
                day.setDate(day.getDate() + 3);
                day.setHours(10, 0, 0, 0);
                const said = { weekday: "long", day: "numeric", month: "long" };
                const zone = JSON.parse(document.getElementById("desk-given").textContent).zone;
                const persian = new Intl.DateTimeFormat("fa-IR", { ...said, timeZone: zone });
                const shown = document.querySelector("dialog select[name$=day]").selectedOptions[0];
                return [shown.textContent, [persian.format(day), day.toISOString()]];
            }"""
        )
        assert picked == wanted[0]
        dialog.get_by_role("button").first.click()
        expect(dialog).to_have_count(0)
        assert said(desk, "followup")["due_at"] == wanted[1]


def test_a_chat_is_answered_from_offer_to_close_with_keys_only(
    browser: Browser, signed_in: tuple[str, dict[str, str]]
) -> None:
    with console(browser, signed_in, chats=[]) as (page, desk):
        expect(page.locator(".bar .load")).to_contain_text("of")
        offered = chat("k9", "Olga", "offered", None, last={"at": ago(1), "body": "Hello?"})
        desk.send({"type": "offer", "offer": "o1", "chat": offered, "until": ago(-30)})
        expect(page.locator(".offer")).to_have_count(1)
        assert page.title().startswith("(1) ")
        desk.entry("k9", "Hello?", {"type": "visitor", "name": "Olga"})
        page.keyboard.press("a")
        expect(page.locator(".offer")).to_have_count(0)
        assert said(desk, "accept") == {"type": "accept", "offer": "o1"}
        desk.send({"type": "chat", "chat": chat("k9", "Olga")})
        expect(page.locator(".log .theirs .body")).to_have_text("Hello?")
        expect(page.locator("textarea")).to_be_focused()
        page.keyboard.type("/he")
        expect(page.locator(".picker li")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("textarea")).to_have_value("Hello Olga, this is Mina.")
        page.keyboard.type(" Which order?")
        page.keyboard.press("Enter")
        expect(page.locator(".log .mine .body")).to_have_text(
            "Hello Olga, this is Mina. Which order?"
        )
        assert said(desk, "say") == {
            "type": "say", "chat": "k9", "body": "Hello Olga, this is Mina. Which order?",
            "canned": "c1", "canned_edited": True,
        }  # fmt: skip
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        page.keyboard.type("Look, @da")
        page.keyboard.press("Enter")
        page.keyboard.type("please")
        page.keyboard.press("Enter")
        expect(page.locator(".log .note .body")).to_have_text("Look, @Dara Kian please")
        assert said(desk, "note") == {
            "type": "note", "chat": "k9", "body": "Look, @Dara Kian please", "mentions": ["m2"],
        }  # fmt: skip
        page.keyboard.press("Escape")
        page.keyboard.press("g")
        page.keyboard.type("Late")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        expect(page.locator(".tag-box")).to_have_value("")
        assert said(desk, "tag") == {"type": "tag", "chat": "k9", "add": ["g1"], "remove": []}
        page.locator(".log").focus()
        page.keyboard.press("c")
        page.keyboard.press("ArrowUp")  # from the first to the last: not solved
        page.keyboard.press("Enter")
        expect(page.locator("dialog .error")).to_contain_text("Why was it not solved?")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("dialog")).to_have_count(0)
        assert said(desk, "close") == {
            "type": "close", "chat": "k9", "outcome": "unresolved", "reason": "product_bug",
        }  # fmt: skip
        desk.send({"type": "chat", "chat": chat("k9", "Olga", "wrapping", ended_at=ago(2))})
        expect(page.locator(".exchange .state")).to_contain_text("Wrap-up")
        page.keyboard.press("w")
        page.wait_for_timeout(200)
        assert said(desk, "wrapped") == {"type": "wrapped", "chat": "k9"}


def test_letters_are_letters_while_one_writes_and_can_be_turned_off(
    browser: Browser, signed_in: tuple[str, dict[str, str]]
) -> None:
    with console(browser, signed_in) as (page, desk):
        expect(page.locator(".group.mine .chat")).to_have_count(2)
        page.keyboard.press("j")
        expect(page.locator(".exchange .name")).to_have_text("Sara")
        page.keyboard.press("j")
        expect(page.locator(".exchange .name")).to_have_text("Reza")
        page.keyboard.press("r")
        page.keyboard.type("jkcta?")
        expect(page.locator("textarea")).to_have_value("jkcta?")
        page.keyboard.press("Alt+ArrowUp")
        expect(page.locator(".exchange .name")).to_have_text("Sara")
        page.locator(".log").focus()
        page.keyboard.press("Shift+Slash")
        sheet = page.get_by_role("dialog")
        expect(sheet).to_contain_text("Choose a canned reply")
        sheet.get_by_role("checkbox").uncheck()
        page.keyboard.press("Escape")
        page.locator(".log").focus()
        page.keyboard.press("c")
        expect(page.locator("dialog")).to_have_count(0)
        page.keyboard.press("Alt+ArrowDown")
        expect(page.locator(".exchange .name")).to_have_text("Reza")
        assert desk.said("close") == []


# -- the line --------------------------------------------------------------------------------------


def opened(page: Page, desk: ScriptedDesk) -> None:
    """Open the first chat, in which one thing was said."""
    desk.entry("k1", "one", SARA)
    page.locator(".group.mine .chat").first.click()
    expect(page.locator(".log .body")).to_have_text(["one"])


def test_a_break_loses_nothing_and_says_nothing_twice(
    browser: Browser, signed_in: tuple[str, dict[str, str]]
) -> None:
    with console(browser, signed_in) as (page, desk):
        opened(page, desk)
        desk.answers = False  # what is said next arrives, but its answer is lost with the line
        page.keyboard.type("two")
        page.keyboard.press("Enter")
        expect(page.locator(".log .pending")).to_have_count(1)
        page.wait_for_timeout(100)
        desk.cut()
        expect(page.locator(".line-state.waiting")).to_be_visible()
        desk.entry("k1", "three", SARA)
        page.keyboard.type("four")
        page.keyboard.press("Enter")
        desk.answers = True
        desk.mend()
        expect(page.locator(".log .pending")).to_have_count(0)
        assert log(page) == ["one", "two", "three", "four"]
        assert [e["body"] for e in desk.entries["k1"]] == ["one", "two", "three", "four"]
        assert [f["body"] for f in desk.said("say")].count("two") == 2  # sent again, kept once


def test_what_is_put_off_is_not_overtaken(
    browser: Browser, signed_in: tuple[str, dict[str, str]]
) -> None:
    with console(browser, signed_in) as (page, desk):
        opened(page, desk)
        desk.put_off = 2
        for word in ("two", "three", "four"):
            page.keyboard.type(word)
            page.keyboard.press("Enter")
        expect(page.locator(".log .pending")).to_have_count(0)
        assert log(page) == ["one", "two", "three", "four"]
        assert [e["body"] for e in desk.entries["k1"]] == ["one", "two", "three", "four"]


def test_what_was_not_taken_survives_a_reload(
    browser: Browser, signed_in: tuple[str, dict[str, str]]
) -> None:
    with console(browser, signed_in) as (page, desk):
        page.locator(".group.mine .chat").first.click()
        page.wait_for_timeout(200)
        desk.cut()
        expect(page.locator(".line-state.waiting")).to_be_visible()
        page.keyboard.type("still here")
        page.keyboard.press("Enter")
        page.keyboard.type("half a se")
        desk.mend()
        page.reload()
        expect(page.locator(".log .mine:not(.pending) .body")).to_have_text(["still here"])
        expect(page.locator("textarea")).to_have_value("half a se")
        assert [e["body"] for e in desk.entries["k1"]] == ["still here"]


def test_a_gap_is_asked_for_and_entries_stand_in_order(
    browser: Browser, signed_in: tuple[str, dict[str, str]]
) -> None:
    with console(browser, signed_in) as (page, desk):
        opened(page, desk)
        desk.entry("k1", "two", SARA)  # never told
        three = desk.visitor("k1", "three")
        desk.send(three)  # told twice
        expect(page.locator(".log .body")).to_have_text(["one", "two", "three"])


def test_a_refusal_is_told_in_the_readers_words(
    browser: Browser, signed_in: tuple[str, dict[str, str]]
) -> None:
    with console(browser, signed_in, language="ru") as (page, desk):
        desk.refusals["say"] = "closed"
        page.locator(".group.mine .chat").first.click()
        page.keyboard.type("да")
        page.keyboard.press("Enter")
        expect(page.locator(".log .fate")).to_contain_text("Диалог закрыт.")
        desk.refusals.clear()
        page.locator(".log .fate button").click()
        expect(page.locator(".log .mine:not(.pending) .body")).to_have_text(["да"])


def test_words_of_others_are_never_markup(
    browser: Browser, signed_in: tuple[str, dict[str, str]]
) -> None:
    hostile = chat(
        "k1", HOSTILE, topic=HOSTILE, tags=[HOSTILE], last={"at": ago(1), "body": HOSTILE}
    )
    with console(browser, signed_in, chats=[hostile]) as (page, desk):
        file = {"id": "f", "name": HOSTILE, "bytes": 1, "media": "image/png", "url": "javascript:1"}
        desk.entry("k1", HOSTILE, {"type": "visitor", "name": HOSTILE}, attachment=file)
        desk.entry("k1", HOSTILE, {"type": "agent", "id": "m2", "name": HOSTILE}, kind="note")
        desk.entry("k1", HOSTILE, {"type": "system"}, kind="event", event="transferred")
        desk.extra["k1"] = {
            "visit": {"pages": [{"at": ago(5), "title": HOSTILE, "url": "javascript:alert(1)"}]},
            "before": [{"id": "k0", "requested_at": ago(9), "topic": HOSTILE}],
            "followups": [{"id": "u", "kind": HOSTILE, "note": HOSTILE, "due_at": ago(-9)}],
        }  # fmt: skip
        page.locator(".group.mine .chat").first.click()
        expect(page.locator(".log .body")).to_have_text([HOSTILE, HOSTILE])
        page.wait_for_timeout(200)
        assert "owned" not in page.title()
        assert page.locator("#desk img[src=x]").count() == 0
        assert page.locator("#desk script").count() == 0
        assert page.locator("a[href^='javascript']").count() == 0


# -- looks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_console_and_board_fit_and_axe_finds_no_serious_fault(
    browser: Browser, signed_in: tuple[str, dict[str, str]], language: str, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def sound(page: Page, what: str) -> None:
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, what
        found = axe.run(page).response["violations"]
        serious = {
            v["id"]: [n["html"][:160] for n in v["nodes"][:3]]
            for v in found
            if v["impact"] in ("serious", "critical")
        }
        assert serious == {}, what

    looks: Any = {"language": language, "width": width, "scheme": scheme}
    with console(browser, signed_in, **looks) as (page, desk):
        desk.entry("k1", "Hello", SARA)
        desk.entry("k1", "A note", {"type": "agent", "id": "me", "name": "Mina"}, kind="note")
        desk.send({"type": "offer", "offer": "o1", "chat": chat("k9", "Olga", "offered", None),
                   "until": ago(-30)})  # fmt: skip
        expect(page.locator(".offer")).to_be_visible()
        sound(page, "inbox")
        page.locator(".group.mine .chat").first.click()
        expect(page.locator(".log .theirs")).to_be_visible()
        sound(page, "chat")
        page.keyboard.type("/h")
        sound(page, "canned replies")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        for key in ("c", "t", "f", "e", "Shift+Slash"):
            page.keyboard.press(key)
            sound(page, key)
            page.keyboard.press("Escape")
    with console(browser, signed_in, path="/desk/board/", **looks) as (page, desk):
        page.wait_for_timeout(200)
        desk.send({
            "type": "board", "waiting": [{"chat": "k3", "since": ago(95), "team": "t1",
                                          "visitor": "Olga"}],
            "talking": [{"chat": "k1", "owner": "me", "since": ago(30), "state": "talking",
                         "visitor": "Sara"}],
            "members": [{"id": "me", "name": "Mina", "status": "available", "since": ago(9),
                         "chats": 2, "limit": 3}],
            "missed": [{"chat": "k6", "at": ago(90), "reason": "declined", "waited": 70}],
            "visits": [{"visit": "w", "since": ago(320), "page": "https://shop.example/a/long/way",
                        "pages": 4}],
        })  # fmt: skip
        expect(page.locator(".waiting tbody tr")).to_have_count(1)
        sound(page, "board")
