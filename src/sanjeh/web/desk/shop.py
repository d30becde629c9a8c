"""A made-up shop with the chat on it, to try both sides: for the signed in, and in open homes."""

from __future__ import annotations

from html import unescape
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanjeh.apps.site.calling import caller_of
from sanjeh.web.shell import language_for

SHOES: Final = (("boot", 89), ("trainer", 64), ("sandal", 39), ("slipper", 24))
CURRENCY: Final = "EUR"


@require_GET
def show(request: HttpRequest, shoe: str = "") -> HttpResponse:
    """The shop's front, or the page of one pair of shoes."""
    known = [name for name, _ in SHOES]
    if shoe and shoe not in known:
        raise Http404
    language = language_for(request)

    def say(key: str) -> str:
        # The template escapes by itself what is markup here already.
        return unescape(str(language.text(f"site.onsite.shop.{key}")))

    words = ("title", "lead", "made_up", "console", "ours", "buy", "bought", "back")
    return render(
        request, "web/desk/shop.html",
        {
            "language": language.code, "direction": "rtl" if language.code == "fa" else "ltr",
            "say": {key: say(key) for key in words}, "one": shoe, "currency": CURRENCY,
            "is_ours": caller_of(request).is_staff,
            "shoes": [
                {"name": name, "called": say(name), "about": say(f"{name}_about"), "price": price,
                 "shown": language.number(price)}
                for name, price in SHOES if shoe in ("", name)
            ],
        },
    )  # fmt: skip
