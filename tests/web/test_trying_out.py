"""The example's own account: both sides of a chat by oneself, without a password."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from site_cases import account

if TYPE_CHECKING:
    from django.test import Client

    from sanjeh.home import Home


@pytest.fixture
def path(desk: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The path of a fresh link; what it made is taken back."""
    from django.conf import settings
    from django.db import transaction

    from sanjeh.web import site

    monkeypatch.setattr(settings, "IS_OPEN", True)
    with transaction.atomic():
        yield str(site.try_link("", "fa"))
        transaction.set_rollback(True)


def test_link_opens_the_console_with_somebody_available(path: str, guest: Client) -> None:
    from django.contrib.auth.models import User

    from sanjeh.apps.desk.models import Member

    told = guest.get(path)
    assert (told.status_code, told["Location"]) == (302, "/desk/")
    assert guest.get("/desk/").status_code == 200
    user = User.objects.get(username="trial")
    assert not user.has_usable_password()
    assert Member.objects.get(user=user).chosen == "available"
    assert guest.get("/people/").status_code == 403  # no administrator


def test_survey_after_chats_is_there_once_in_the_language(path: str) -> None:
    from sanjeh.apps.surveys.models import Survey
    from sanjeh.web import site

    site.try_link("", "en")
    made = Survey.objects.get(name="پس از گفتگو")
    assert [q.kind for q in made.asked()] == ["csat", "ces", "text"]


def test_somebody_who_tries_is_a_customer_in_the_shop(path: str, guest: Client) -> None:
    from django.test import RequestFactory

    from sanjeh.apps.site.calling import caller_of

    guest.get(path)
    ours = "stays out of the figures"
    assert ours not in guest.get("/shop/").content.decode()
    request = RequestFactory().get("/shop/")
    request.user = guest.get("/desk/").wsgi_request.user
    assert not caller_of(request).is_staff
    mina = account("mina", "manager")
    assert ours in mina.get("/shop/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    request.user = mina.get("/desk/").wsgi_request.user
    assert caller_of(request).is_staff


@pytest.mark.parametrize("spoilt", ["/try/x/", "/try/MQ:1wXyZ9:abc/"])
def test_other_links_are_refused(path: str, spoilt: str, guest: Client) -> None:
    assert guest.get(spoilt).status_code == 410
    assert guest.get(path[:-3] + ("aa/" if path[-3:] != "aa/" else "bb/")).status_code == 410


def test_link_is_of_no_use_where_one_must_sign_in(
    path: str, guest: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from sanjeh.web.people import trial

    monkeypatch.setattr(settings, "IS_OPEN", False)
    assert guest.get(path)["Location"].startswith("/accounts/login/")
    assert guest.get("/desk/").status_code == 302
    with pytest.raises(trial.TrialError, match="not open"):
        trial.accept(path.split("/")[2])


def test_link_is_of_no_use_once_the_account_has_a_password(path: str, guest: Client) -> None:
    from django.contrib.auth.models import User

    user = User.objects.get(username="trial")
    user.set_password("long and odd enough")
    user.save()
    assert guest.get(path).status_code == 410


def test_link_lasts_a_day(path: str, guest: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 24 * 3600 + 60)
    assert guest.get(path).status_code == 410


def test_administrator_can_still_be_made(path: str) -> None:
    from django.contrib.auth.models import User

    from sanjeh.web.people.invitations import invite_first

    User.objects.exclude(username="trial").delete()
    assert invite_first() is not None


def test_who_tried_is_signed_out_by_a_start_without_a_link(path: str, guest: Client) -> None:
    from sanjeh.apps.desk.models import Member
    from sanjeh.web import site

    guest.get(path)
    assert guest.get("/desk/").status_code == 200
    assert site.try_link("", None) is None
    assert guest.get("/desk/").status_code == 403  # a guest of an open home
    assert guest.get(path).status_code == 410
    assert not Member.objects.get(user__username="trial").is_active
    again = str(site.try_link("", "en"))
    assert guest.get(again)["Location"] == "/desk/"
    assert guest.get("/desk/").status_code == 200


def test_there_is_no_link_where_somebodys_own_account_has_the_name(
    desk: Home, guest: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.db import transaction

    from sanjeh.web import site

    monkeypatch.setattr(settings, "IS_OPEN", True)
    with transaction.atomic():
        own = User.objects.create_user("trial", password="long and odd enough")
        assert site.try_link("", "en") is None
        site.try_link("", None)
        own.refresh_from_db()
        assert own.is_active  # theirs is left alone
        transaction.set_rollback(True)
