"""Sample data beside one's own: a home of its own inside the home, looked at as a guest.

`HOME/sample/LANGUAGE` holds the synthetic year of a language's shop. Who chose to look at it has a
cookie that says so; then every figure of the request comes from there, and the reader is a guest
who may change nothing, whoever is signed in. Records of the two never meet (decision 10).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, tag
from sanjeh.web.jobs import forms
from sanjeh.words import LOCALES

COOKIE = "sample"
# Pages that are about one's own data whatever is looked at.
OWN = ("/data/", "/start/", "/jobs/", "/sample/", "/accounts/", "/welcome/", "/static/")
_shown: ContextVar[Path | None] = ContextVar("shown home", default=None)


def place(code: str) -> Path:
    """The home of a language's sample."""
    return Path(settings.HOME) / "sample" / code


def is_made(code: str) -> bool:
    """Whether a language's sample can be looked at."""
    return code in LOCALES and (place(code) / "facts" / "CURRENT").exists()


def chosen(request: HttpRequest) -> str | None:
    """The language of the sample that the reader looks at; None: one's own data."""
    code = request.COOKIES.get(COOKIE, "")
    if request.path.startswith(OWN) or not is_made(code):
        return None
    return code


@contextmanager
def showing(code: str | None) -> Iterator[None]:
    """While the block lasts, the site's home is the sample's."""
    token = _shown.set(None if code is None else place(code))
    try:
        yield
    finally:
        _shown.reset(token)


def bar(request: HttpRequest, language: Language) -> Markup | None:
    """On every page of the sample: that it is one, and the way back to one's own data."""
    if getattr(request, "sample", None) is None:
        return None
    return tag(
        "form", forms.token(request),
        tag("strong", language.text("site.sample.here")),
        tag("span", language.text("site.sample.body")),
        tag("button", language.text("site.sample.leave"), name="to", value="out"),
        method="post", action=reverse("sample"), class_="sampled",
    )  # fmt: skip


def shown_home() -> Path:
    """The home that this request is about."""
    return _shown.get() or Path(settings.HOME)
