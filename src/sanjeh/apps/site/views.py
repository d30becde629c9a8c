"""Addresses that pages and the shop's server call. Only what is told is taken, nothing is shown."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any, Final

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from sanjeh.apps.handing.turns import turn
from sanjeh.apps.site import conversions, secrets, signed, visits
from sanjeh.apps.site.calling import (
    address_of,
    caller_of,
    from_pages,
    page_of,
    posted,
    refused,
    slow_down,
)
from sanjeh.apps.site.limits import Limit
from sanjeh.apps.site.models import Delivery
from sanjeh.apps.site.tokens import visitor_of

PAGES: Final = Limit(burst=60, per_minute=120)
CONVERSIONS: Final = Limit(burst=20, per_minute=20)
FROM_SERVERS: Final = Limit(burst=600, per_minute=6000)
REMEMBERED: Final = dt.timedelta(days=1)  # longer than a message is good for


@from_pages(PAGES)
def page(request: HttpRequest, body: dict[str, Any]) -> HttpResponse:
    """A page was opened, told without a socket: {token, page: {url, title, referrer, key}}.

    204 whether it was kept or not; 401 without a good token, 400 without a page.
    """
    visitor = visitor_of(str(body.get("token") or ""))
    if visitor is None:
        return refused(401, "token", "no good token")
    seen = page_of(body.get("page"))
    if seen is None:
        return refused(400, "page", "page: an object with url, title and referrer")
    visits.look(visitor, seen, caller_of(request), timezone.now())
    return HttpResponse(status=204)


@from_pages(CONVERSIONS)
def convert(request: HttpRequest, body: dict[str, Any]) -> HttpResponse:
    """A page tells that its visitor converted: {token, type, value, currency?, id?}."""
    visitor = visitor_of(str(body.get("token") or ""))
    if visitor is None:
        return refused(401, "token", "no good token")
    try:
        told = conversions.read(body)
    except conversions.NotAConversion as error:
        return refused(400, "conversion", str(error))
    conversions.by_page(visitor, told, timezone.now())
    return HttpResponse(status=204)


@csrf_exempt
def from_server(request: HttpRequest) -> HttpResponse:
    """The shop's server tells of one conversion, signed; the same message twice does nothing.

    {id, type, value?, currency?, at?, status?, customer?, visitor?}. Answers {id, status}.
    """
    if request.method != "POST":
        return refused(405, "method", "only POST")
    if wait := FROM_SERVERS.wait(address_of(request)):
        return slow_down(wait)
    return posted(request, _signed)


def _signed(request: HttpRequest, body: dict[str, Any]) -> HttpResponse:
    now = timezone.now()
    headers = {name.lower(): value for name, value in request.headers.items()}
    held = secrets.in_force("conversions", now)
    timestamp = signed.said_at(headers, request.body, held, now.timestamp())
    if timestamp is None:
        return refused(401, "signature", "not signed with a secret that holds, or too long ago")
    said_at = dt.datetime.fromtimestamp(timestamp, dt.UTC)
    key = hashlib.sha256(headers["webhook-id"].encode()).hexdigest()
    try:
        told = conversions.read(body)
        with turn():
            Delivery.objects.filter(at__lt=now - REMEMBERED).delete()
            Delivery.objects.create(key=key, at=now)
            kept = conversions.by_server(told, said_at, now)
    except conversions.NotAConversion as error:
        return refused(400, "conversion", str(error))
    except IntegrityError:  # this very message was taken before
        return JsonResponse({"id": told.id, "status": told.status})
    return JsonResponse({"id": kept.id, "status": kept.status})
