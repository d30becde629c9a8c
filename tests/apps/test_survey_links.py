"""The pages behind a one-time link: only a POST counts, and nothing that is sent harms."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from survey_cases import chat, codes, survey

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.usefixtures("tables")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def customer() -> Client:
    """Somebody without an account, whose browser keeps no cookie; forgery is checked for."""
    from django.test import Client

    return Client(enforce_csrf_checks=True)


def invited(made: Any, number: int = 1, **fields: Any) -> Any:
    from django.utils import timezone

    from sanjeh.apps.surveys.asking import invite

    found = invite(made, chat(number, **fields), timezone.now())
    assert found is not None
    return found


def link(invitation: Any) -> str:
    from sanjeh.apps.surveys.links import token

    return f"/s/{token(invitation)}/"


def said(invitation: Any) -> dict[str, Any]:
    """Answers by question."""
    return {
        a.question.code: a.comment or a.choice or a.score
        for a in invitation.answers.select_related("question")
    }


def test_a_look_never_counts_however_often_and_by_whatever_method(customer: Client) -> None:
    made = survey("csat")
    [code] = codes(made)
    invitation = invited(made)
    path = f"{link(invitation)}?q={code}&a=5"
    for ask in (customer.get, customer.head, customer.options, customer.put, customer.delete):
        ask(path)
    page = customer.get(path).content.decode()
    assert 'value="5" checked' in page
    assert "You chose 5" in page
    assert said(invitation) == {}
    invitation.refresh_from_db()
    assert invitation.answered_at is None
    assert customer.get(f"{link(invitation)}thanks/").status_code == 302
    assert customer.cookies == {}


def test_one_click_counts_by_the_post_that_the_page_makes_and_can_be_changed(
    customer: Client,
) -> None:
    made = survey("csat", "ces", "text")
    csat, ces, text = codes(made)
    invitation = invited(made)
    # One score at once, although the second question needs an answer too.
    assert customer.post(link(invitation), {csat: "4", "once": "yes"}).status_code == 204
    assert said(invitation) == {csat: 4.0}
    page = customer.get(link(invitation)).content.decode()
    assert "Change my answer" in page
    assert customer.post(link(invitation), {csat: "2"}).status_code == 422  # the rest is missing
    assert said(invitation) == {csat: 4.0}
    sent = customer.post(link(invitation), {csat: "2", ces: "6", text: "slow"})
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{link(invitation)}thanks/")
    assert said(invitation) == {csat: 2.0, ces: 6.0, text: "slow"}
    assert customer.post(link(invitation), {csat: "9", "once": "yes"}).status_code == 422


def test_hostile_text_is_words_on_the_page(customer: Client) -> None:
    made = survey("csat", "text", sender=HOSTILE)
    csat, text = codes(made)
    question = made.asked()[0]
    question.texts = {"en": HOSTILE}
    question.save()
    invitation = invited(made)
    sent = customer.post(link(invitation), {csat: "7", text: HOSTILE})
    assert sent.status_code == 422
    assert customer.post(link(invitation), {csat: "1", text: HOSTILE}).status_code == 303
    for page in (
        sent, customer.get(link(invitation)), customer.get(f"{link(invitation)}thanks/"),
        customer.get(f"{link(invitation)}?q={csat}&a={HOSTILE}&lang={HOSTILE}"),
    ):  # fmt: skip
        shown = page.content.decode()
        assert "<script>alert" not in shown
        assert "<img" not in shown
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert customer.post(link(invitation), {csat: "1", text: "a\0b"}).status_code == 422


def test_refusals_are_polite_in_the_customers_language(customer: Client) -> None:
    made = survey("csat", may_change=False)
    [code] = codes(made)
    invitation, late = invited(made, language="fa"), invited(made, 2, language="ru")
    customer.post(link(invitation), {code: "5"})
    used = customer.get(link(invitation))
    assert (used.status_code, "قبلاً پاسخ داده‌اید" in used.content.decode()) == (410, True)
    assert customer.post(link(invitation), {code: "1"}).status_code == 410
    assert said(invitation) == {code: 5.0}
    late.closes_at -= dt.timedelta(days=8)
    late.save()
    for closed in (customer.get(link(late)), customer.post(link(late), {code: "5"})):
        assert (closed.status_code, "Опрос завершён" in closed.content.decode()) == (410, True)
    assert said(late) == {}
    tail = link(invitation).removeprefix("/s/")
    for forged in ("x", "x.y", f"x{tail}", tail[:-2], "%00", "..", "a" * 900):
        answer = customer.get(f"/s/{forged.rstrip('/')}/")
        assert answer.status_code == 404, forged
    assert "This link does not work" in customer.get("/s/x.y/").content.decode()
    assert customer.post("/s/x.y/", {code: "5"}).status_code == 404


@pytest.mark.parametrize(("language", "way"), [("en", "ltr"), ("fa", "rtl"), ("ru", "ltr")])
def test_the_page_speaks_the_customers_language_or_another(
    customer: Client, language: str, way: str
) -> None:
    made = survey("csat", "nps", "expectation", "text")
    invitation = invited(made, language=language)
    page = customer.get(link(invitation)).content.decode()
    assert f'<html lang="{language}" dir="{way}">' in page
    assert ("۱۰" in page) == (language == "fa")
    other = customer.get(f"{link(invitation)}?lang=ru").content.decode()
    assert '<html lang="ru" dir="ltr">' in other


def test_stopping_is_one_post_and_a_look_stops_nothing(customer: Client) -> None:
    from sanjeh.apps.mail.addresses import is_unsubscribed
    from sanjeh.apps.mail.models import Letter, State

    made = survey("csat", way="mail")
    invited(made, email="ann@shop.ir", language="fa")
    letter = Letter.objects.get(kind="survey")
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = "/s/" + letter.headers["List-Unsubscribe"].strip("<>").partition("/s/")[2]
    assert customer.get(path).status_code == 200
    assert not is_unsubscribed("ann@shop.ir")
    assert customer.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert is_unsubscribed("Ann@Shop.ir")
    assert not is_unsubscribed("bob@shop.ir")
    letter.refresh_from_db()
    assert (letter.state, letter.to, letter.html) == (State.DROPPED, "", "")
    assert customer.post("/s/stop/forged.token/").status_code == 404
