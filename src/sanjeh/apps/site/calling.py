"""Pages of other origins call: who may, how much they may send, how often."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from sanjeh.apps.site.limits import Limit
from sanjeh.apps.site.setup import is_allowed, origin_of
from sanjeh.apps.site.visits import Caller, Page

MOST_BYTES: Final = 16_000
Taking = Callable[[HttpRequest, dict[str, Any]], HttpResponse]


def from_pages(limit: Limit) -> Callable[[Taking], Callable[[HttpRequest], HttpResponse]]:
    """A view that pages of the allowed origins post JSON to; it gets the object.

    What a beacon sends is plain text to the browser, so the type of the content is not looked at.
    No cookie counts here (a token does), so the origin stands for the CSRF check.
    """

    def of(take: Taking) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt
        @wraps(take)
        def handle(request: HttpRequest) -> HttpResponse:
            origin = request.headers.get("Origin", "")
            if not is_allowed(origin, own_origin(request)):
                return refused(403, "origin", "this origin is not among the allowed ones")
            return _open(_answer(request, take, limit), origin)

        return handle

    return of


def _answer(request: HttpRequest, take: Taking, limit: Limit) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method != "POST":
        return refused(405, "method", "only POST")
    if wait := limit.wait(address_of(request)):
        return slow_down(wait)
    return posted(request, take)


def posted(request: HttpRequest, take: Taking) -> HttpResponse:
    """What a view makes of the JSON object that was posted; 400 and 413 where there is none."""
    try:
        raw = request.body
    except RequestDataTooBig:
        raw = b" " * (MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        return refused(413, "size", f"{MOST_BYTES} bytes at most")
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return refused(400, "json", "not JSON")
    if not isinstance(body, dict):
        return refused(400, "json", "not an object")
    return take(request, body)


def _open(response: HttpResponse, origin: str) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = origin_of(origin)
    response["Access-Control-Allow-Methods"] = "POST"
    response["Access-Control-Allow-Headers"] = "Content-Type, Authorization"
    response["Access-Control-Max-Age"] = "600"
    patch_vary_headers(response, ["Origin"])
    return response


def refused(status: int, code: str, message: str) -> HttpResponse:
    """{code, message}, as the sockets refuse."""
    return JsonResponse({"code": code, "message": message}, status=status)


def slow_down(seconds: float) -> HttpResponse:
    """429, with when to come again."""
    response = refused(429, "too_many", "too many calls from this address")
    response["Retry-After"] = str(math.ceil(seconds))
    return response


def own_origin(request: HttpRequest) -> str:
    """The origin at which the site itself was reached."""
    return f"{request.scheme}://{request.get_host()}"


def address_of(request: HttpRequest) -> str:
    """The caller's address as the server sees it; behind a proxy uvicorn reads it from the header
    that the proxy sets.
    """
    return str(request.META.get("REMOTE_ADDR") or "")


def caller_of(request: HttpRequest) -> Caller:
    """Who asks."""
    user = getattr(request, "user", None)
    return Caller(
        agent=request.headers.get("User-Agent", ""),
        address=address_of(request),
        # An account that nobody gave a password is the example's own, which plays both sides.
        is_staff=user is not None and user.is_authenticated and user.has_usable_password(),
    )


def page_of(told: Any) -> Page | None:
    """The page that a frame or a body tells of; None where it tells none."""
    if not isinstance(told, dict) or not isinstance(told.get("url"), str):
        return None
    title, referrer, key = (told.get(name) for name in ("title", "referrer", "key"))
    return Page(
        url=told["url"],
        title=title if isinstance(title, str) else "",
        referrer=referrer if isinstance(referrer, str) else "",
        key=key if isinstance(key, str) else "",
    )
