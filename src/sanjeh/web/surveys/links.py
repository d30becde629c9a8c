"""The pages behind a one-time link. Only a POST counts: programs that read mail open links too."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sanjeh.apps.mail.addresses import unsubscribe
from sanjeh.apps.surveys import answering, links
from sanjeh.apps.surveys.letters import day
from sanjeh.apps.surveys.links import LinkRefused
from sanjeh.apps.surveys.models import Invitation
from sanjeh.apps.surveys.questions import NotAnAnswer
from sanjeh.apps.surveys.wording import LANGUAGES, word, words
from sanjeh.web.surveys.showing import pressed, question, shown

STATUS = {"unknown": 404, "closed": 410, "used": 410}


# The token in the address is what lets in; without a cookie there is nothing to forge.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questions, and to take what is answered."""
    try:
        invitation = links.find(token)
        links.check_open(invitation, timezone.now())
    except LinkRefused as refused:
        return _refused(request, refused, token)
    if request.method != "POST":
        return _form(request, token, invitation)
    is_whole = "once" not in request.POST
    answers = {q.code: request.POST[q.code] for q in invitation.asked() if q.code in request.POST}
    try:
        answering.answer(token, answers, timezone.now(), is_whole=is_whole)
    except LinkRefused as refused:  # it closed, or was answered elsewhere, in between
        return _refused(request, refused, token)
    except NotAnAnswer as wrong:
        return _form(request, token, invitation, wrong)
    if not is_whole:
        return HttpResponse(status=204)
    return HttpResponseRedirect(_address("survey-thanks", request, token), status=303)


def _form(
    request: HttpRequest, token: str, invitation: Invitation, wrong: NotAnAnswer | None = None
) -> HttpResponse:
    language = _language(request, invitation.language)
    asked = invitation.asked()
    code, value = request.GET.get("q", ""), request.GET.get("a", "")
    value, said = pressed(asked, code, value, language)
    chosen = {a.question_id: _written(a) for a in invitation.answers.all()}
    typed = request.POST if wrong is not None else {}
    rows = [
        question(
            q, language,
            typed.get(q.code) or (value if q.code == code and value else chosen.get(q.pk, "")),
            wrong.code if wrong is not None and wrong.question == q.code else "",
        )
        for q in asked
    ]  # fmt: skip
    once = wrong is None and bool(value)
    context = {
        **_about(invitation), "questions": rows, "once": (code, value) if once else None,
        "chosen": word(language, "page.chosen", score=said) if once else "",
        "counted": word(language, "page.counted", score=said) if once else "",
        "is_wrong": wrong is not None, "was_answered": invitation.answered_at is not None,
        "asked_in": _in_other_languages(request),
    }  # fmt: skip
    return shown(request, "answer", language, context, 200 if wrong is None else 422)


def _in_other_languages(request: HttpRequest) -> str:
    """The rest of the address for the links to other languages: what was pressed stays pressed."""
    kept = request.GET.copy()
    kept.pop("lang", None)
    return f"&{kept.urlencode()}" if kept else ""


@require_http_methods(["GET", "HEAD"])
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """That the answer was taken, and until when it may be changed."""
    try:
        invitation = links.find(token)
    except LinkRefused as refused:
        return _refused(request, refused, token)
    if invitation.answered_at is None:
        return HttpResponseRedirect(_address("survey-answer", request, token))
    language = _language(request, invitation.language)
    may_change = invitation.survey.may_change and timezone.now() < invitation.closes_at
    until = word(language, "page.changeable", date=day(invitation.closes_at, language))
    context = {
        **_about(invitation), "title": word(language, "page.thanks"), "is_good": True,
        "lines": [word(language, "page.thanks_body"),
                  until if may_change else word(language, "page.final")],
        "again": _address("survey-answer", request, token) if may_change else "",
    }  # fmt: skip
    return shown(request, "told", language, context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more letters: asked by a look, done by a POST, also that of a mail program (RFC 8058)."""
    try:
        digest = links.find_stop(token)
    except LinkRefused as refused:
        return _refused(request, refused, "")
    language = _language(request, translation.get_language_from_request(request))
    say = words(language)["stop"]
    if request.method == "POST":
        unsubscribe(digest, timezone.now())
        done = {"title": say["done"], "lines": [say["done_body"]], "is_good": True}
        return shown(request, "told", language, done)
    asked = {"title": say["title"], "lines": [say["body"]], "do": say["do"]}
    return shown(request, "told", language, asked)


def _refused(request: HttpRequest, refused: LinkRefused, token: str) -> HttpResponse:
    """Why a link leads nowhere, in words a customer understands."""
    usual = refused.language or translation.get_language_from_request(request)
    language = _language(request, usual)
    date, about = "", {}
    if refused.code in ("closed", "used"):
        invitation = links.find(token)
        date, about = day(invitation.closes_at, language), _about(invitation)
    context = {
        **about, "title": word(language, f"page.{refused.code}"),
        "lines": [word(language, f"page.{refused.code}_body", date=date)],
    }  # fmt: skip
    return shown(request, "told", language, context, STATUS[refused.code])


def _about(invitation: Invitation) -> dict[str, Any]:
    return {"sender": invitation.survey.sender}


def _language(request: HttpRequest, usual: str) -> str:
    """The language asked for in the address, else the usual one, else English."""
    asked = request.GET.get("lang", "")
    return next((code for code in (asked, usual) if code in LANGUAGES), "en")


def _address(name: str, request: HttpRequest, token: str) -> str:
    """A page of the link, in the language chosen on the one before."""
    language = request.GET.get("lang", "")
    path = reverse(name, kwargs={"token": token})
    return f"{path}?lang={language}" if language in LANGUAGES else path


def _written(given: Any) -> str:
    """An answer as a form holds it."""
    if given.score is not None:
        return str(int(given.score))
    return str(given.choice or given.comment)
