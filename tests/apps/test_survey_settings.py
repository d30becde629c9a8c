"""Surveys by form: made, changed, asked of a list; who may, and what is refused where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from survey_cases import chat, codes, survey

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.usefixtures("tables")
HOSTILE = '<script>alert(1)</script>"'
HOME = "/settings/surveys/"


def account(role: str) -> Client:
    from django.contrib.auth.models import User
    from django.test import Client

    from sanjeh.web.people.models import Seat

    user = User.objects.create_user(f"somebody who is {role}"[:150])
    Seat.objects.create(user=user, role=role)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def manager(site: Path) -> Client:
    return account("manager")


def rule(**changed: Any) -> dict[str, Any]:
    """What the form of a rule sends."""
    return {
        "name": "After a chat", "sender": "Shop", "touchpoint": "support", "scope": "support",
        "trigger": "chat", "way": "chat", "share": "50", "quiet_days": "۳۰", "closes_days": "7",
        "delay_minutes": "0", "may_change": "yes", "is_active": "yes", "do": "save", **changed,
    }  # fmt: skip


def test_a_survey_is_made_and_changed_by_form(manager: Client) -> None:
    from sanjeh.apps.surveys.models import Survey

    sent = manager.post(f"{HOME}new/", {"beginning": "loyalty", "name": HOSTILE, "sender": "Shop"})
    made = Survey.objects.get()
    assert (sent.status_code, [q.kind for q in made.asked()]) == (302, ["nps", "text"])
    page = f"{HOME}of/{made.pk}/"
    for language in ("en", "fa", "ru"):
        manager.cookies["language"] = language
        for path in (HOME, f"{HOME}new/", page, f"{page}ask/",
                     f"{page}question/{made.asked()[0].pk}/"):  # fmt: skip
            answer = manager.get(path)
            assert answer.status_code == 200, path
            assert "<script>alert" not in answer.content.decode()
    given = rule(trigger="list", way="mail", languages=["fa", "ru"], include=["spam"])
    assert manager.post(page, given).status_code == 302
    made.refresh_from_db()
    assert (made.share, made.quiet_days, made.languages) == (0.5, 30, ["fa", "ru"])
    assert manager.post(page, {"do": "add", "kind": "choice"}).status_code == 302
    asked = made.asked()
    assert [q.kind for q in asked] == ["nps", "text", "choice"]
    manager.post(page, {"do": "up", "question": asked[2].pk})
    assert [q.kind for q in made.asked()] == ["nps", "choice", "text"]
    assert manager.post(page, {"do": "delete"}).status_code == 302
    assert manager.get(page).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"share": "101"}, "share"), ({"quiet_days": "-1"}, "quiet_days"),
        ({"quiet_days": "1.5"}, "quiet_days"), ({"closes_days": "0"}, "closes_days"),
        ({"name": ""}, "name"), ({"trigger": "ticket", "way": "chat"}, "way"),
        ({"way": "link"}, "way"), ({"touchpoint": "x" * 61}, "touchpoint"),
        ({"way": "pigeon"}, "way"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(
    manager: Client, wrong: dict[str, Any], field: str
) -> None:
    made = survey("csat")
    answer = manager.post(f"{HOME}of/{made.pk}/", rule(**wrong))
    assert answer.status_code == 422
    assert f'id="f-{field}-wrong"' in answer.content.decode()
    made.refresh_from_db()
    assert made.share == 1.0


def test_a_question_by_form_begins_anew_where_its_sense_changed(manager: Client) -> None:
    from django.utils import timezone

    from sanjeh.apps.surveys.chat import answer, for_chat

    made = survey("csat")
    [code] = codes(made)
    frame = for_chat(chat(1), timezone.now())
    assert frame is not None
    answer(frame["invitation"], {code: 5}, timezone.now())
    path = f"{HOME}of/{made.pk}/question/{made.asked()[0].pk}/"
    sent = {
        "text-en": "Content?", "text-fa": "راضی؟", "text-ru": "Довольны?", "scale": "1-5",
        "satisfied": "۴، ۵", "polarity": "high_good", "is_required": "yes", "do": "save",
    }  # fmt: skip
    assert manager.post(path, {**sent, "satisfied": "6"}).status_code == 422
    assert manager.post(path, {**sent, "satisfied": "a"}).status_code == 422
    assert manager.post(path, {**sent, "same_sense": "yes"}).status_code == 302
    assert codes(made) == [code]
    assert made.asked()[0].texts["fa"] == "راضی؟"
    assert manager.post(path, {**sent, "text-en": "Happy?"}).status_code == 302
    assert codes(made) != [code]
    assert manager.get(path).status_code == 404  # the old one is asked no more


def test_options_are_as_many_in_each_language(manager: Client) -> None:
    made = survey("csat")
    page = f"{HOME}of/{made.pk}/"
    manager.post(page, {"do": "add", "kind": "choice"})
    path = f"{page}question/{made.asked()[1].pk}/"
    sent = {"text-en": "What about?", "options-en": "price\nspeed", "do": "save"}
    for wrong in ({"options-fa": "قیمت"}, {"options-en": "price"}, {"options-en": "a\na"},
                  {"options-en": ""}):  # fmt: skip
        assert manager.post(path, {**sent, **wrong}).status_code == 422
    assert manager.post(path, {**sent, "options-fa": "قیمت\nسرعت"}).status_code == 302
    assert made.asked()[1].options == [
        {"value": "price", "texts": {"en": "price", "fa": "قیمت"}},
        {"value": "speed", "texts": {"en": "speed", "fa": "سرعت"}},
    ]


def test_a_list_is_asked_by_letters_or_links(manager: Client) -> None:
    from sanjeh.apps.mail.models import Letter

    made = survey("nps", trigger="list", way="mail")
    path = f"{HOME}of/{made.pk}/ask/"
    sent = {"people": "ann@shop.ir, fa, آنا\nbob@shop.ir\nann@shop.ir\nno-address", "wave": "a"}
    assert manager.post(path, {"people": "ann@shop.ir, klingon", "wave": "a"}).status_code == 422
    assert manager.post(path, {**sent, "at": "2199-01-01"}).status_code == 422
    assert manager.post(path, sent).status_code == 302
    assert manager.post(path, sent).status_code == 302
    assert sorted(Letter.objects.values_list("to", flat=True)) == ["ann@shop.ir", "bob@shop.ir"]
    page = manager.get(f"{HOME}of/{made.pk}/").content.decode()
    assert "no e-mail address" in page
    by_link = survey("nps", trigger="list", way="link")
    answer = manager.post(f"{HOME}of/{by_link.pk}/ask/", {"people": "=1+1\nc2", "wave": "a"})
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert rows[0] == "customer,link,closes_at"
    assert rows[1].startswith("'=1+1,http")
    assert len(rows) == 3
    page_of = rows[2].split(",")[1]
    from django.test import Client

    assert Client().get("/s/" + page_of.partition("/s/")[2]).status_code == 200


def test_a_preview_takes_nothing_and_readers_change_nothing(manager: Client) -> None:
    made = survey("csat", "text")
    page = f"{HOME}of/{made.pk}/"
    shown = manager.get(f"{page}preview/?lang=fa").content.decode()
    assert 'dir="rtl"' in shown
    assert "<button disabled>" in shown
    assert manager.post(f"{page}preview/", {codes(made)[0]: "5"}).status_code == 405
    agent = account("agent")
    assert agent.get(HOME).status_code == 200
    for path, given in (
        (page, rule()), (page, {"do": "delete"}), (f"{HOME}new/", {"name": "x"}),
        (f"{page}ask/", {"people": "a", "wave": "b"}),
        (f"{page}question/{made.asked()[0].pk}/", {"do": "retire"}),
    ):  # fmt: skip
        assert agent.post(path, given).status_code == 403, path
    made.refresh_from_db()
    assert made.deleted_at is None
    assert made.invitations.count() == 0
