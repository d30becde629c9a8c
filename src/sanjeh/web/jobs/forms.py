"""Forms of one button."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token

from sanjeh.report.markup import Markup, tag


def token(request: HttpRequest) -> Markup:
    """The hidden field without which a form from elsewhere would do."""
    return tag("input", type="hidden", name="csrfmiddlewaretoken", value=get_token(request))


def button(
    request: HttpRequest, address: str, text: Any, *, plain: bool = False, **given: str
) -> Markup:
    """A form that posts the given values when its one button is pressed."""
    hidden = [tag("input", type="hidden", name=name, value=value) for name, value in given.items()]
    return tag(
        "form", token(request), hidden, tag("button", text, class_="act-plain" if plain else "act"),
        method="post", action=address, class_="one",
    )  # fmt: skip
