"""To a ticket or conversation by its id or number."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest

from sanjeh.answers.finding import search
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages.asking import Asked
from sanjeh.web.pages.rows import card_link
from sanjeh.web.pages.seen import Elsewhere, Seen, page

LONGEST = 100


@page
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """What a search found; where it is one thing, its card at once."""
    wanted = request.GET.get("q", "").strip()[:LONGEST]
    found = search(seen.everything, wanted, seen.viewer)
    if len(found) == 1:
        kind, identifier = found[0]
        raise Elsewhere(f"/{kind}/{quote(identifier, safe='')}/")
    title = language.text("site.work.find.title")
    return str(title), render(
        tag("h1", title), form(wanted, language), _found(found, wanted, language)
    )


def form(wanted: str, language: Language) -> Markup:
    """The search field."""
    field: Any = tag(
        "input", type="search", name="q", value=wanted, maxlength=str(LONGEST), required=""
    )
    return tag(
        "form",
        tag("label", language.text("site.work.find.label"), " ", field),
        tag("button", language.text("site.work.find.go")), method="get", action="/find/",
        role="search", class_="dates",
    )  # fmt: skip


def _found(found: list[tuple[str, str]], wanted: str, language: Language) -> Markup | None:
    if not wanted:
        return tag("p", language.text("site.work.find.hint"), class_="note")
    if not found:
        return tag("p", language.text("site.work.find.none", words=tag("bdi", wanted)))
    items = (
        tag("li", language.text(f"site.dimensions.{kind}"), " ", card_link(kind, identifier))
        for kind, identifier in found
    )
    return tag("ul", items, class_="found")
