"""The desk's settings by form: what each page writes is what the desk then goes by."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from settings_cases import rows
from site_cases import LANGUAGES, account, text_of

if TYPE_CHECKING:
    from django.test import Client

    from sanjeh.home import Home

pytestmark = pytest.mark.xdist_group("web work")

NOW = dt.datetime(2026, 11, 28, 9, 0, tzinfo=dt.UTC)
PAGES = ("", "members/", "teams/", "teams/new/", "canned/", "canned/new/", "chat/", "questions/",
         "questions/new/", "levels/", "levels/new/")  # fmt: skip
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def clean(desk: Home) -> Iterator[Home]:
    """A desk of which nothing was set, and of which nothing is left."""
    from django.db import transaction

    with transaction.atomic():
        yield desk
        transaction.set_rollback(True)


@pytest.fixture
def writes(clean: Home) -> Client:
    """Somebody who may write."""
    return account("mina", "manager")


def post(client: Client, path: str, **fields: Any) -> Any:
    return client.post(f"/desk/settings/{path}", fields)


def saved(client: Client, path: str, **fields: Any) -> None:
    answer = post(client, path, **fields)
    assert answer.status_code == 302, text_of(answer.content.decode())
    assert answer["Location"].endswith("?done=saved")


def refused(client: Client, path: str, **fields: Any) -> str:
    answer = post(client, path, **fields)
    assert answer.status_code == 422
    return text_of(answer.content.decode())


def trail() -> list[tuple[str, str, str]]:
    from sanjeh.web.people.models import Trace

    return list(Trace.objects.order_by("-pk").values_list("who", "action", "about")[:1])


def test_only_administrators_and_managers_open_the_settings(clean: Home) -> None:
    for role in ("lead", "agent", "analyst", "guest"):
        client = account("mina", role, ("t",), "a")
        for path in PAGES:
            assert client.get(f"/desk/settings/{path}").status_code == 403, (role, path)
        assert post(client, "teams/new/", name="X", do="save").status_code == 403
    from sanjeh.apps.desk.models import Team

    assert not Team.objects.filter(name="X").exists()


def test_every_page_is_there_in_three_languages(writes: Client) -> None:
    for code in LANGUAGES:
        writes.cookies["language"] = code
        for path in PAGES:
            answer = writes.get(f"/desk/settings/{path}")
            assert answer.status_code == 200, path
            text = text_of(answer.content.decode())
            assert not re.search(r"\bsite\.[a-z_.]+|\{[a-z_]+\}(?!\})", text), (code, path)


def test_a_team_is_made_and_renamed(writes: Client) -> None:
    from sanjeh.apps.desk.models import Team

    saved(writes, "teams/new/", name="Sales", calendar="desk/office", do="save")
    made = Team.objects.get(name="Sales")
    assert made.calendar == "desk/office"
    assert trail() == [("mina", "made a team of the desk", "Sales")]
    saved(writes, f"teams/{made.pk}/", name=HOSTILE, calendar="", do="save")
    assert Team.objects.get(pk=made.pk).name == HOSTILE
    assert HOSTILE not in writes.get("/desk/settings/teams/").content.decode()
    assert refused(writes, "teams/new/", name="", calendar="", do="save")
    assert refused(writes, "teams/new/", name="A", calendar="none/such", do="save")


def test_a_members_teams_limit_and_languages_are_set(writes: Client) -> None:
    from sanjeh.apps.desk import members
    from sanjeh.apps.desk.models import Member

    sales = members.make_team(NOW, "Sales")
    dara = members.enrol(NOW, "Dara")
    path = f"members/{dara.pk}/"
    saved(writes, path, name="Dara K", teams=[sales.pk], languages=["fa", "ru"], limit="۵",
          level="2", do="save")  # fmt: skip
    now = Member.objects.get(pk=dara.pk)
    assert (now.name, now.limit, now.level, now.languages) == ("Dara K", 5, 2, ["fa", "ru"])
    assert list(now.teams.all()) == [sales]
    assert "between 1 and 30" in refused(
        writes, path, name="Dara", teams=[], languages=[], limit="31", level="1", do="save"
    )
    assert post(writes, "members/999999/", name="x", do="save").status_code == 404


def test_a_ready_reply_is_written_changed_and_retired(writes: Client) -> None:
    from sanjeh.apps.desk.models import Canned

    fields = {"shortcut": "/Hello", "title": "Greeting", "language": "en", "team": "",
              "body": "Hello {{customer.name|there}}!", "do": "save"}  # fmt: skip
    saved(writes, "canned/new/", **fields)
    made = Canned.objects.get(shortcut="hello", is_active=True)
    assert (made.body, made.is_holding) == ("Hello {{customer.name|there}}!", False)
    assert "already" in refused(writes, "canned/new/", **fields)
    assert "{{weather}}" in refused(
        writes, "canned/new/", **{**fields, "shortcut": "sun", "body": "{{weather}}"}
    )
    assert "no shortcut" in refused(writes, "canned/new/", **{**fields, "shortcut": "two words"})
    saved(writes, f"canned/{made.pk}/", **{**fields, "title": "Hi", "is_holding": "yes"})
    made.refresh_from_db()
    assert (made.title, made.is_holding) == ("Hi", True)
    saved(writes, f"canned/{made.pk}/", do="retire")
    made.refresh_from_db()
    assert made.is_active is False
    assert trail() == [("mina", "retired a canned reply", "/hello")]


def test_how_chats_run_is_set_and_the_rest_stays(writes: Client) -> None:
    from sanjeh.apps.desk.models import Setting
    from sanjeh.apps.desk.rules import rules

    page = writes.get("/desk/settings/chat/").content.decode()
    names = re.findall(r'<(?:input type="text"|textarea)[^>]* name="([\w-]+)"', page)
    fields = dict.fromkeys(names, "")
    fields |= {
        "limit": "4", "offer_seconds": "20", "wrapup_seconds": "60", "ignored_until_away": "2",
        "idle_away_seconds": "900", "patience_seconds": "900", "idle_close_seconds": "1200",
        "visitor_away_seconds": "300", "greeting-fa": "سلام", "calendar": "desk/office",
        "has_sound": "yes", "do": "save",
    }  # fmt: skip
    saved(writes, "chat/", **fields)
    held = rules()
    assert (held.limit, held.offer_seconds, held.wrapup_seconds) == (4, 20, 60)
    assert (held.greeting, held.calendar) == ({"fa": "سلام"}, "desk/office")
    changed = {"limit", "offer_seconds", "wrapup_seconds", "greeting", "calendar"}
    assert set(Setting.objects.values_list("key", flat=True)) == changed
    assert "between 5 and 600" in refused(writes, "chat/", **{**fields, "offer_seconds": "4"})
    assert rules().offer_seconds == 20


def test_questions_are_asked_in_the_order_that_is_set(writes: Client) -> None:
    from sanjeh.apps.desk.rules import rules

    ask = {"label-en": "Your name", "label-fa": "", "label-ru": "", "choices": "", "do": "save"}
    saved(writes, "questions/new/", **ask, kind="text", required="yes")
    about = {**ask, "label-en": "About", "kind": "choice"}
    assert "Name the choices" in refused(writes, "questions/new/", **about)
    saved(writes, "questions/new/", **{**about, "choices": "Order\nPayment"})
    first, second = rules().questions
    assert (first["label"], first["kind"], first["required"]) == ({"en": "Your name"}, "text", True)
    assert second["choices"] == ["Order", "Payment"]
    saved(writes, "questions/", up=second["name"])
    assert [q["name"] for q in rules().questions] == [second["name"], first["name"]]
    saved(writes, f"questions/of/{first['name']}/", do="delete")
    assert [q["name"] for q in rules().questions] == [second["name"]]


def test_levels_are_records_of_the_ledger(writes: Client, clean: Home) -> None:
    level = {"order": "2", "role": "Supervisor", "max_minutes": "15", "do": "save"}
    saved(writes, "levels/new/", **level)
    (kept,) = [r for r in rows(clean, "escalation_level") if r["role"] == "Supervisor"]
    assert (kept["order"], kept["max_minutes"]) == (2, 15.0)
    assert trail() == [("mina", "made an escalation level", "Supervisor")]
