"""Who may open the console and the board, and what these pages hand over to their modules."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from site_cases import LANGUAGES, account

import sanjeh.web

if TYPE_CHECKING:
    from django.test import Client

    from sanjeh.home import Home

pytestmark = pytest.mark.xdist_group("web work")

FOLDER = Path(sanjeh.web.__file__).parent
CONSOLE, BOARD = "/desk/", "/desk/board/"
ROLES = ("administrator", "manager", "lead", "agent", "analyst", "guest")


def given(page: str) -> Any:
    """What the page hands over."""
    found = re.search(r'<script id="desk-given" type="application/json">(.*?)</script>', page, re.S)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.parametrize(
    ("path", "may"),
    [
        (CONSOLE, {"administrator", "manager", "lead", "agent"}),
        (BOARD, {"administrator", "manager", "lead"}),
    ],
)
def test_the_role_opens_the_page_or_is_told_no(desk: Home, path: str, may: set[str]) -> None:
    for role in ROLES:
        answer = account("mina", role, ("t",), "a").get(path)
        assert answer.status_code == (200 if role in may else 403), role
        assert (b"desk-given" in answer.content) == (role in may), role


def test_a_guest_of_an_open_home_answers_nobody(guest: Client) -> None:
    assert guest.get(CONSOLE).status_code == 403
    assert guest.get(BOARD).status_code == 403
    assert "/desk/" not in guest.get("/glossary/").content.decode()


def test_the_menu_names_the_console_to_who_answers_only(desk: Home) -> None:
    assert 'href="/desk/"' in account("mina", "agent", (), "a").get("/glossary/").content.decode()
    assert 'href="/desk/"' not in account("mina", "analyst").get("/glossary/").content.decode()


def test_only_who_watches_over_others_is_handed_the_way_to_the_board(desk: Home) -> None:
    agent = given(account("mina", "agent", (), "a").get(CONSOLE).content.decode())
    lead = given(account("mina", "lead", ("t",)).get(CONSOLE).content.decode())
    assert (agent["supervises"], [w["url"] for w in agent["links"]]) == (False, [])
    assert (lead["supervises"], [w["url"] for w in lead["links"]]) == (True, [BOARD])


def test_digits_follow_the_reader_and_dates_too_where_the_home_says_nothing(desk: Home) -> None:
    client = account("mina", "manager")
    for code, locale in (
        ("en", "en-GB-u-nu-latn-ca-gregory"), ("fa", "fa-IR-u-nu-arabext-ca-persian"),
    ):  # fmt: skip
        client.cookies["language"] = code
        assert given(client.get(CONSOLE).content.decode())["locale"] == locale


def test_no_script_and_no_style_stands_in_the_page(desk: Home) -> None:
    for path in (CONSOLE, BOARD):
        page = account("mina", "manager").get(path).content.decode()
        for script in re.findall(r"<script[^>]*>", page):
            assert "src=" in script or 'type="application/json"' in script, script
        assert "<style" not in page
        assert not re.search(r"\son\w+=|\sstyle=", page)


# -- words -----------------------------------------------------------------------------------------


def words(code: str) -> dict[str, Any]:
    """The words handed over in one language."""
    area = tomllib.loads((FOLDER / "locales" / code / "desk.toml").read_text("utf-8"))
    found: dict[str, Any] = area["desk"]["console"]
    return found


def find(words: dict[str, Any], key: str) -> Any:
    found: Any = words
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def test_every_word_that_a_module_asks_for_is_there() -> None:
    asked: set[str] = set()
    for module in (FOLDER / "static" / "console").glob("*.js"):
        source = module.read_text("utf-8")
        asked |= set(re.findall(r'words\.t\(\s*"([\w.]+)"', source))
        asked |= {f"board.{key}" for key in re.findall(r'this\.#t\("(\w+)"', source)}
        asked |= {f"keys.{key}" for key in re.findall(r"^  (\w+): \[\"", source, re.M)}
    assert len(asked) > 100
    for code in LANGUAGES:
        missing = {key for key in asked if find(words(code), key) is None}
        assert missing == set(), code


def test_every_choice_has_its_word() -> None:
    from sanjeh.web.desk.live import CHOICES

    for code in LANGUAGES:
        for name, choices in CHOICES.items():
            assert set(choices) == set(words(code)[name]), (code, name)
