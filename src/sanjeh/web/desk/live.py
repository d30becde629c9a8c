"""The console and the board: a page's shell, with the words and choices that its modules need."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from sanjeh.report.language import Language
from sanjeh.report.markup import tag
from sanjeh.web.desk.roles import answers, supervises
from sanjeh.web.pages.seen import shown
from sanjeh.web.people.roles import Place
from sanjeh.web.shell import language_for
from sanjeh.web.steering.room import Room

SOCKET, FILES = "/desk/ws", "/desk/files"
# What the browser writes dates and numbers by: the language decides the letters and digits, the
# home's settings the calendar, as on every other page.
LETTERS = {"en": "en-GB-u-nu-latn", "fa": "fa-IR-u-nu-arabext", "ru": "ru-RU-u-nu-latn"}
CALENDARS = {"jalali": "persian", "gregorian": "gregory"}
CHOICES = {
    "outcomes": ("resolved", "escalated", "unresolved"),
    "unresolved_reasons": (
        "needs_other_team", "product_bug", "missing_info_from_customer", "no_knowledge", "policy",
        "customer_left", "technical", "other",
    ),
    "missed_reasons": (
        "no_agent_online", "all_agents_busy", "offered_not_accepted", "declined",
        "customer_left_early", "handoff_lost", "technical", "outside_hours",
    ),
    "followups": ("call", "email", "message", "task"),
}  # fmt: skip


@require_GET
def console(request: HttpRequest) -> HttpResponse:
    """The agents' console."""
    language, place = language_for(request), seat(request)
    if not answers(place):
        return not_yours(request, language, "not_yours_body")
    links = [("board", "desk-board")] if supervises(place) else []
    if place.may_change:
        links.append(("settings", "desk-settings"))
    return live(request, language, "title", "console", links)


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The supervisor's board."""
    language, place = language_for(request), seat(request)
    if not supervises(place):
        return not_yours(request, language, "not_board_body")
    return live(request, language, "board_title", "board", [("console", "console")])


def seat(request: HttpRequest) -> Place:
    """Who asks; the middleware lets nobody in without a seat."""
    return request.seat  # type: ignore[attr-defined, no-any-return]


def live(
    request: HttpRequest, language: Language, title: str, module: str, ways: list[tuple[str, str]]
) -> HttpResponse:
    """A page of one module, with what is handed over to it."""
    given = {
        "words": language.words["site"]["desk"]["console"],
        **written_by(request, language),
        "socket": SOCKET,
        "files": FILES,
        "csrf": get_token(request),
        "supervises": supervises(seat(request)),
        "choices": CHOICES,
        "console": reverse("console"),
        "links": _links(language, ways),
    }
    words = {"title": language.text(f"site.desk.{title}"), "given": given, "module": module}
    return render(request, "web/desk/live.html", words)


def written_by(request: HttpRequest, language: Language) -> dict[str, str]:
    """The locale and zone that the browser writes dates by."""
    clock = Room(request).clock
    calendar = CALENDARS.get(clock.calendar, "gregory")
    return {"locale": f"{LETTERS[language.code]}-ca-{calendar}", "zone": str(clock.tz)}


def _links(language: Language, ways: list[tuple[str, str]]) -> list[dict[str, Any]]:
    found = []
    for word, name in ways:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append({"url": url, "text": str(language.text(f"site.desk.ways.{word}"))})
    return found


def not_yours(request: HttpRequest, language: Language, why: str) -> HttpResponse:
    """That the reader's role does not open this page."""
    title = language.text("site.desk.not_yours")
    body = tag("section", tag("h1", title), tag("p", language.text(f"site.desk.{why}")),
               class_="empty")  # fmt: skip
    return shown(request, title, body, status=403)
