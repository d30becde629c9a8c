"""What happens around every page: protection, language, who may look."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from sanjeh.web import sample
from sanjeh.web.pages.door import doors
from sanjeh.web.people.roles import VISITOR, lacks_second_factor, seat_of
from sanjeh.web.shell import site_language

Handler = Callable[[HttpRequest], HttpResponse]
# Charts are drawn on the server, so a page needs nothing but its own style, font and script.
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; manifest-src 'self'"
)
PUBLIC = (
    "/accounts/", "/welcome/", "/static/", "/language/", "/healthz", "/start/", "/sample/",
    "/jobs/", "/hooks/", "/s/", "/site/", "/chat/",
)  # fmt: skip
LONGEST = 4000


def protected(get: Handler) -> Handler:
    """A content security policy, and no page in a shared cache; oversized questions are refused."""

    def handle(request: HttpRequest) -> HttpResponse:
        if len(request.get_full_path()) > LONGEST:
            words = site_language(_code(request)).text("site.asking.too_long")
            return HttpResponse(words, status=414, content_type="text/plain; charset=utf-8")
        response = get(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return handle


def _code(request: HttpRequest) -> str:
    known = {code for code, _ in settings.LANGUAGES}
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    code = chosen if chosen in known else doors().locale()
    code = code if code in known else translation.get_language_from_request(request)
    return code if code in known else "en"


def spoken(get: Handler) -> Handler:
    """The language of the reader: the cookie, else the home's, else the browser's."""

    def handle(request: HttpRequest) -> HttpResponse:
        code = _code(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return handle


def signed_in(get: Handler) -> Handler:
    """Nobody sees a figure without a seat.

    A home that is open seats everyone as a guest, and so does the sample, even who is more at home.
    Where there is nothing to see yet, everybody is led to the first minute.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        code = sample.chosen(request)
        place = VISITOR if code else seat_of(request.user)
        request.seat = place  # type: ignore[attr-defined]
        request.sample = code  # type: ignore[attr-defined]
        if place is None and not request.path.startswith(PUBLIC):
            if request.path == "/" and doors().home.facts().current() is None:
                return HttpResponseRedirect("/start/")
            return redirect_to_login(request.get_full_path())
        inside = place is not None and not request.path.startswith(PUBLIC)
        if inside and lacks_second_factor(request.user, place):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        with sample.showing(code):
            return get(request)

    return handle
