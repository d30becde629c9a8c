"""The first minute: three ways in, none behind a wall (issue 4, point 2)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, coded, render, tag
from sanjeh.web import sample
from sanjeh.web.jobs import connections, forms, queue, uploading
from sanjeh.web.pages.door import doors
from sanjeh.web.pages.seen import shown
from sanjeh.web.people.trail import trace
from sanjeh.web.shell import language_for


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Three ways in."""
    language = language_for(request)
    title = language.text("site.start.title")
    return shown(request, title, ways(request, language))


def ways(request: HttpRequest, language: Language) -> Markup:
    """The three ways as cards: look around, bring a file, connect a helpdesk."""

    def say(key: str) -> Markup:
        return language.text(f"site.start.{key}")

    return render(
        tag("h1", say("title")),
        tag("p", say("lead"), class_="summary"),
        tag(
            "div",
            way(say("look.title"), tag("p", say("look.body")), looking(request, language)),
            way(say("file.title"), tag("p", say("file.body")), bringing(request, language)),
            way(say("helpdesk.title"), tag("p", say("helpdesk.body")),
                connections.offered(request, language)),
            class_="ways",
        ),
    )  # fmt: skip


def way(title: Any, *body: Any) -> Markup:
    """One way in."""
    return tag("article", tag("h2", title), body, class_="way")


def looking(request: HttpRequest, language: Language) -> Markup:
    """The button of the sample; where it cannot be made by this reader, how it can."""
    if not (sample.is_made(language.code) or may_make(request)):
        return tag("p", language.text("site.start.look.ask"), class_="note")
    made = "made" if sample.is_made(language.code) else "make"
    return forms.button(
        request, reverse("sample"), language.text(f"site.start.look.{made}"), to="in"
    )


def bringing(request: HttpRequest, language: Language) -> Markup:
    """The form of an upload; who may not write is led to signing in."""
    place = request.seat  # type: ignore[attr-defined]
    if place is not None and place.may_change:
        return uploading.form(request, language)
    link = tag(
        "a",
        language.text("site.start.file.sign_in"),
        href=f"{reverse('account_login')}?next=/start/",
    )
    return render(
        tag("p", language.text("site.start.file.why")),
        tag("p", coded(language.text("site.start.file.link")), class_="note"),
        tag("p", link),
    )


def may_make(request: HttpRequest) -> bool:
    """Who may have a sample made: anybody while there is nothing else, then who may change."""
    place = request.seat  # type: ignore[attr-defined]
    return (place is not None and place.may_change) or doors().home.facts().current() is None


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Look at the sample, made first where it is not there yet; or at one's own data again."""
    if request.POST.get("to") != "in":
        response = HttpResponseRedirect("/")
        response.delete_cookie(sample.COOKIE, samesite="Lax")
        return response
    code = language_for(request).code
    if sample.is_made(code):
        response = HttpResponseRedirect("/")
        response.set_cookie(sample.COOKIE, code, samesite="Lax", httponly=True)
        return response
    if not may_make(request):
        return HttpResponseRedirect(reverse("start"))
    place = request.seat  # type: ignore[attr-defined]
    name = "guest" if place is None else place.name
    job = queue.add("sample", name, code=code)
    trace(name, "asked for sample data", code)
    return HttpResponseRedirect(reverse("job", args=[job.pk]))
