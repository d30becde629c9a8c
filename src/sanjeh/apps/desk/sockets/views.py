"""What a page or the console posts beside its socket: hello, and files; and fetching one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from sanjeh.apps.desk.models import Member
from sanjeh.apps.desk.signals import of_member, of_visitor
from sanjeh.apps.desk.sockets import files, greeting
from sanjeh.apps.desk.sockets.callers import bearer, now
from sanjeh.apps.desk.sockets.known import NotKnown, known
from sanjeh.apps.site.calling import (
    address_of,
    caller_of,
    from_pages,
    own_origin,
    page_of,
    refused,
    slow_down,
)
from sanjeh.apps.site.limits import Limit
from sanjeh.apps.site.setup import is_allowed, origin_of
from sanjeh.apps.site.tokens import visitor_of

log = logging.getLogger("sanjeh.desk")
HELLOS: Final = Limit(burst=60, per_minute=120)
FILES: Final = Limit(burst=10, per_minute=20)
STATUSES: Final = {"large": 413, "empty": 400, "type": 415}
WORDS: Final = {
    "large": f"{files.MOST_BYTES // 1_000_000} MB at most",
    "empty": "an empty file",
    "type": "files of this type are not taken",
}


@from_pages(HELLOS)
def hello(request: HttpRequest, body: dict[str, Any]) -> HttpResponse:
    """A page with the widget opened. 401 for a `known` that names nobody."""
    at = now()
    vouched = None
    if body.get("known"):
        try:
            vouched = known(str(body["known"]), at)
        except NotKnown as error:
            log.warning("hello refused: known (%s), from %s", error, address_of(request))
            return refused(401, "known", f"known: {error}")
    token = body.get("token")
    visitor = visitor_of(token) if isinstance(token, str) else None
    if token and visitor is None:
        log.warning("hello: a token that is not good, from %s", address_of(request))
    consent = body.get("consent")
    told = greeting.greet(
        visitor=visitor,
        page=page_of(body.get("page")),
        caller=caller_of(request),
        consent=consent if isinstance(consent, bool) else None,
        language=str(body.get("language") or "")[:20],
        known=vouched,
        now=at,
    )
    return JsonResponse(told)


def _from_a_visitor(take: Callable[[HttpRequest, str], HttpResponse]) -> Callable[..., Any]:
    """Posts with a visitor's token in `Authorization`, from pages of the allowed origins."""

    @csrf_exempt  # no cookie counts: the token does
    @wraps(take)
    def handle(request: HttpRequest) -> HttpResponse:
        origin = request.headers.get("Origin", "")
        if not is_allowed(origin, own_origin(request)):
            log.warning("file refused: origin %.100r, from %s", origin, address_of(request))
            return refused(403, "origin", "this origin is not among the allowed ones")
        response = _taken(request, take)
        response["Access-Control-Allow-Origin"] = origin_of(origin)
        response["Access-Control-Allow-Methods"] = "POST"
        response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response["Access-Control-Max-Age"] = "600"
        patch_vary_headers(response, ["Origin"])
        return response

    return handle


def _taken(request: HttpRequest, take: Callable[[HttpRequest, str], HttpResponse]) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method != "POST":
        return refused(405, "method", "only POST")
    visitor = visitor_of(bearer(request.headers.get("Authorization", "")))
    if visitor is None:
        log.warning("file refused: token, from %s", address_of(request))
        return refused(401, "token", "no good token")
    if wait := FILES.wait(address_of(request)):
        return slow_down(wait)
    return take(request, visitor)


@_from_a_visitor
def visitor_file(request: HttpRequest, visitor: str) -> HttpResponse:
    """A visitor brings a file."""
    return _kept(request, of_visitor(visitor))


@require_POST
def member_file(request: HttpRequest) -> HttpResponse:
    """A member brings a file; the session's cookie and Django's token against forgery count."""
    member = (
        Member.objects.filter(user_id=request.user.pk, is_active=True).first()
        if request.user.is_authenticated
        else None
    )
    if member is None:
        return refused(403, "member", "no member of the desk")
    if wait := FILES.wait(of_member(member.pk)):
        return slow_down(wait)
    return _kept(request, of_member(member.pk))


def _kept(request: HttpRequest, by: str) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or file.file is None:
        return refused(400, "file", "file: a file in a form")
    try:
        made = files.keep(by, file.name or "", file.file, file.size or 0, now())
    except files.NotTaken as error:
        log.warning("file refused: %s, from %s", error.code, address_of(request))
        return refused(STATUSES[error.code], error.code, WORDS[error.code])
    return JsonResponse(files.told(made))


@require_GET
def fetch(request: HttpRequest, signed: str, name: str) -> HttpResponse | FileResponse:
    """A file, to be saved and never shown as a page. 404 for an address that no longer holds."""
    found = files.signed_for(signed)
    try:
        held = None if found is None else files.path_of(found.id).open("rb")
    except OSError:
        log.warning("file %s is not where it was kept", found.id if found else "")
        held = None
    if found is None or held is None:
        return refused(404, "file", "no such file, or its address no longer holds")
    response = FileResponse(held, content_type=found.media)
    response["Content-Length"] = str(found.bytes)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "private, max-age=3600"
    return response
