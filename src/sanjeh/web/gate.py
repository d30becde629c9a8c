"""The gate before the site: a body that is too large is refused before it is kept anywhere.

Only who may bring files is let through with one; for all others a body is as small as a form.
"""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.asgi import ASGIRequest
from django.utils import translation

from sanjeh.apps.desk.sockets.callers import bearer
from sanjeh.apps.desk.sockets.files import MOST_BYTES
from sanjeh.apps.site.tokens import visitor_of
from sanjeh.web.people.roles import seat_of
from sanjeh.web.shell import site_language

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

UPLOAD = "/data/upload/"
CHAT_FILES = ("/chat/files", "/desk/files")
FORM_BYTES = 2_000_000
AROUND = 1_000_000  # what a form adds to the file it holds


def guarded(app: App) -> App:
    """The application behind the gate."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        most = await allowed(scope)
        if declared(scope) > most:
            await refuse(scope, send)
            return
        came = 0

        async def counted() -> dict[str, Any]:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            # Longer than it said, or it said nothing: as if the sender had gone away.
            return {"type": "http.disconnect"} if came > most else message

        await app(scope, counted, send)

    return handle


def declared(scope: Scope) -> int:
    """The length that the body says it has; 0 where it says nothing that is a number."""
    found = next((v for name, v in scope["headers"] if name == b"content-length"), b"0")
    return int(found) if found.isdigit() else 0


async def allowed(scope: Scope) -> int:
    """How many bytes may come with a request."""
    if scope["path"] in CHAT_FILES and scope["method"] == "POST":
        return MOST_BYTES + AROUND if await has_token(scope) else FORM_BYTES
    if scope["path"] != UPLOAD or scope["method"] != "POST":
        return FORM_BYTES
    may = await sync_to_async(may_bring)(scope)
    return settings.UPLOAD_BYTES + AROUND if may else FORM_BYTES


async def has_token(scope: Scope) -> bool:
    """Whether who brings a file into a chat has a visitor's token, or is signed in."""
    if scope["path"] == CHAT_FILES[0]:
        header = next((v for name, v in scope["headers"] if name == b"authorization"), b"")
        return visitor_of(bearer(header.decode("latin-1"))) is not None
    return await sync_to_async(is_signed_in)(scope)


def is_signed_in(scope: Scope) -> bool:
    """Whether a request comes from an account."""
    return bool(user_of(scope).is_authenticated)


def may_bring(scope: Scope) -> bool:
    """Whether the account of a request may bring files."""
    place = seat_of(user_of(scope))
    return place is not None and place.may_change


def user_of(scope: Scope) -> Any:
    """The account of a request, or nobody's."""
    request = ASGIRequest(scope, io.BytesIO())
    sessions = import_module(settings.SESSION_ENGINE)
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    request.session = sessions.SessionStore(key)
    return get_user(cast(Any, request))


async def refuse(scope: Scope, send: Send) -> None:
    """Say that it is too large, in the reader's language."""
    request = ASGIRequest(scope, io.BytesIO())
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    known = {code for code, _ in settings.LANGUAGES}
    code = chosen if chosen in known else translation.get_language_from_request(request)
    language = site_language(code if code in known else "en")
    most = language.number(settings.UPLOAD_BYTES // 1_000_000)
    body = str(language.text("site.upload.refused.large", most=most)).encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
