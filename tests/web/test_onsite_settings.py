"""The chat on the shop's pages, set by form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from site_cases import HOSTILE, LANGUAGES, account, text_of

if TYPE_CHECKING:
    from django.test import Client

PAGE = "/settings/site/"


@pytest.fixture(autouse=True)
def tables(site: Path) -> Iterator[None]:
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def administrator(site: Path) -> Client:
    return account("odin", "administrator")


def sent(**fields: str) -> dict[str, str]:
    return {"origins": "https://shop.example", "takes_from_pages": "yes", "do": "save", **fields}


def kept() -> Any:
    from sanjeh.apps.site.setup import setup

    return setup()


def test_what_is_written_is_what_holds(administrator: Client) -> None:
    form = sent(
        origins="https://Shop.example/path\r\n\r\nhttp://localhost:8080",
        internal_networks="10.1.2.3/8", internal_domains="@Shop.example", currency="eur",
        assumes_consent="yes",
    )  # fmt: skip
    assert administrator.post(PAGE, form).status_code == 302
    held = kept()
    assert held.origins == ["https://shop.example", "http://localhost:8080"]
    assert held.internal_networks == ["10.0.0.0/8"]
    assert held.internal_domains == ["shop.example"]
    assert (held.currency, held.assumes_consent, held.takes_from_pages) == ("EUR", True, True)
    assert administrator.post(PAGE, {"do": "save"}).status_code == 302  # all emptied
    assert (kept().origins, kept().takes_from_pages, kept().currency) == ([], False, "")


@pytest.mark.parametrize(
    ("field", "text"),
    [("origins", "shop.example"), ("origins", "javascript:alert(1)"), ("origins", HOSTILE),
     ("internal_networks", "10.0.0.300"), ("internal_domains", "nodot"), ("currency", "euro"),
     ("origins", "\n".join(f"https://a{n}.example" for n in range(51)))],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_beside_the_field(
    administrator: Client, field: str, text: str
) -> None:
    answer = administrator.post(PAGE, sent(**{field: text}))
    assert answer.status_code == 422
    assert f'id="f-{field}-wrong"' in answer.content.decode()
    assert "<script>alert(1)" not in answer.content.decode()
    assert kept().pk is None


def test_an_invitation_is_made_changed_and_taken_away(administrator: Client) -> None:
    from sanjeh.apps.site.models import InvitationRule

    new = "/settings/site/invitations/new/"
    form = {"name": HOSTILE, "is_on": "yes", "pages": "/cart*", "seconds": "۲۰", "visits": "2",
            "text-en": "Need help?", "text-fa": "کمک؟"}  # fmt: skip
    assert administrator.post(new, {**form, "seconds": "-1"}).status_code == 422
    assert administrator.post(new, {**form, "text-en": ""}).status_code == 422
    assert administrator.post(new, form).status_code == 302
    made = InvitationRule.objects.get()
    assert (made.pages, made.seconds, made.visits) == ("/cart*", 20, 2)
    assert made.texts == {"en": "Need help?", "fa": "کمک؟"}
    assert "<script>alert(1)" not in administrator.get(PAGE).content.decode()
    path = f"/settings/site/invitations/{made.pk}/"
    assert administrator.post(path, {**form, "is_on": ""}).status_code == 302
    assert not InvitationRule.objects.get().is_on
    assert administrator.post(path, {"do": "delete"}).status_code == 302
    assert administrator.get(path).status_code == 404


def test_a_secret_is_shown_once_and_to_administrators_only(administrator: Client) -> None:
    from django.utils import timezone

    from sanjeh.apps.site import secrets

    answer = administrator.post("/settings/site/secret/", {"purpose": "identity"})
    shown = re.search(r"whsec_[\w+/=]+", answer.content.decode())
    assert shown is not None
    assert secrets.in_force("identity", timezone.now()) == (shown.group(),)
    assert "whsec_" not in administrator.get(PAGE).content.decode()
    manager = account("mani", "manager")
    assert "secret/" not in manager.get(PAGE).content.decode()
    assert manager.post("/settings/site/secret/", {"purpose": "identity"}).status_code == 404
    assert secrets.in_force("identity", timezone.now()) == (shown.group(),)


def test_who_may_read_may_not_write(site: Path) -> None:
    agent = account("ana", "analyst")
    assert agent.get(PAGE).status_code == 200
    for path in (PAGE, "/settings/site/invitations/new/"):
        assert agent.post(path, sent()).status_code == 403
    assert kept().pk is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_in_three_languages(administrator: Client, language: str) -> None:
    administrator.cookies["language"] = language
    for path in (PAGE, "/settings/site/invitations/new/"):
        read = text_of(administrator.get(path).content.decode())
        assert not re.search(r"site\.[a-z_]+\.[a-z_.]+", read)
        assert "onsite" not in read


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chat_is_tried_in_a_made_up_shop(administrator: Client, language: str) -> None:
    from django.test import Client

    administrator.cookies["language"] = language
    for path in ("/shop/", "/shop/boot/"):
        page = administrator.get(path).content.decode()
        assert 'src="/static/desk/widget.js"' in page
        assert "&amp;amp;" not in page
        assert not re.search(r"site\.[a-z_]+\.[a-z_.]+", page)
    assert administrator.get("/shop/hat/").status_code == 404
    assert Client().get("/shop/").status_code == 302  # not for everybody
