"""Webhooks of helpdesks: who signed them is let in, and the same one twice does nothing.

What a message holds whole goes to the ledger's inbox, through the translation of a pull. Where it
only tells of a change, a pull is asked for. The scheduled pull heals what never came.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from pathlib import Path
from typing import Any, Final

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sanjeh.home import Home
from sanjeh.sources import SourceError
from sanjeh.sources.helpdesk import registry
from sanjeh.sources.helpdesk.connections import SECRET_OF_HOOKS, Connection, Connections
from sanjeh.sources.helpdesk.contract import Helpdesk, Webhook
from sanjeh.sources.helpdesk.gathering import Gathering
from sanjeh.web.jobs import queue
from sanjeh.web.jobs.models import Delivery
from sanjeh.web.people.trail import trace

WORD: Final = "x-sanjeh-token"
"""The header under which a secret in the address is handed on; never taken from outside."""
REMEMBERED: Final = dt.timedelta(days=30)
TOLD_EVERY: Final = {"refused a webhook": 60.0, "took webhooks": 3600.0}  # seconds
_told: dict[tuple[str, str], float] = {}


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def receive(request: HttpRequest, name: str, word: str = "") -> HttpResponse:
    """Take one delivery. 401 without a valid signature, 404 for no such connection.

    word: the secret in the address, for servers that do not sign.
    """
    rooms = Connections(Path(settings.HOME))
    try:
        connection = rooms.get(name)
        helpdesk = registry.helpdesk(connection.helpdesk)
    except SourceError:
        return HttpResponse(status=404)
    hook = helpdesk.webhook
    if hook is None:
        return HttpResponse(status=404)
    if request.method == "HEAD":  # asked by Intercom when the address is entered
        return HttpResponse()
    try:
        raw = request.body
    except RequestDataTooBig:  # DATA_UPLOAD_MAX_MEMORY_SIZE; the scheduled pull brings it
        return HttpResponse(status=413)
    secret = rooms.secret(connection, SECRET_OF_HOOKS.name)
    headers = {key.lower(): value for key, value in request.headers.items()}
    headers.pop(WORD, None)
    if word:
        headers[WORD] = word
    if not secret or not hook.genuine(headers, raw, secret, time.time()):
        _tell("refused a webhook", name)
        return HttpResponse(status=401)
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return HttpResponse(status=400)
    if not isinstance(body, dict):
        return HttpResponse(status=400)
    key = hashlib.sha256(hook.key(headers, raw).encode()).hexdigest()
    if Delivery.objects.filter(connection=name, key=key).exists():
        return HttpResponse()
    _take(connection, helpdesk, hook, body)
    # Written last: whatever dies before is delivered again, and the same records are the same.
    try:
        with transaction.atomic():
            Delivery.objects.create(connection=name, key=key)
    except IntegrityError:
        return HttpResponse()  # the same delivery came twice at once
    _tell("took webhooks", name)
    return HttpResponse()


def _take(connection: Connection, helpdesk: Helpdesk, hook: Webhook, body: dict[str, Any]) -> None:
    """The delivery's records into the inbox; a pull for what it only tells of."""
    gathering = Gathering(helpdesk.translation(dict(connection.choices)))
    for payload in hook.payloads(body):
        gathering.take(payload)
    ledger = Home(Path(settings.HOME)).ledger()
    kept, refused = gathering.to_inbox(ledger.inbox, connection.name)
    if refused or any(True for _ in hook.asks(body)):
        queue.pull(connection.name, "webhook", hook.lag)
    elif kept:
        queue.refresh("webhook")


def _tell(action: str, name: str) -> None:
    """A line of the audit trail, not one for every message; and once in a while a sweep."""
    now = time.monotonic()
    last = _told.get((action, name))
    if last is not None and now - last < TOLD_EVERY[action]:
        return
    _told[action, name] = now
    trace("webhook", action, name)
    if action == "took webhooks":
        Delivery.objects.filter(at__lt=timezone.now() - REMEMBERED).delete()
