"""Who opens a socket: from which page, at which address, and as whom."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.http.request import validate_host
from django.utils.crypto import constant_time_compare

from sanjeh.apps.desk.models import Member
from sanjeh.apps.site.setup import is_allowed, origin_of

Scope = dict[str, Any]
Admits = Callable[[Any], bool]
HELD: Final = 5.0  # seconds that an answer on an origin holds


@dataclass(frozen=True)
class Caller:
    """A socket that asks to be opened."""

    origin: str
    own: str  # the origin at which the site itself was reached; empty for a host that is not ours
    address: str
    agent: str  # of the browser, as it says
    cookies: str


def caller(scope: Scope) -> Caller:
    """Who asks, as the headers tell it."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"host", "")
    name = (urlsplit(f"//{host}").hostname or "") if "@" not in host else ""
    is_ours = validate_host(f"[{name}]" if ":" in name else name, settings.ALLOWED_HOSTS)
    scheme = "https" if settings.IS_HTTPS or scope.get("scheme") == "wss" else "http"
    client = scope.get("client")
    return Caller(
        origin=headers.get(b"origin", ""),
        own=origin_of(f"{scheme}://{host}") if is_ours else "",
        address=client[0] if client else "",
        agent=headers.get(b"user-agent", "")[:500],
        cookies=headers.get(b"cookie", ""),
    )


class Origins:
    """Which origins' pages may open a visitor's socket; asked once in a while."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], tuple[float, bool]] = {}

    def known(self, who: Caller) -> bool | None:
        """What is still known of an origin; None where the database has to be asked."""
        at, is_allowed_ = self._held.get((who.origin, who.own), (0.0, False))
        return is_allowed_ if time.monotonic() - at < HELD and at else None

    def ask(self, who: Caller) -> bool:
        """Ask the database."""
        found = bool(who.own) and is_allowed(who.origin, who.own)
        if len(self._held) > 1000:
            self._held.clear()
        self._held[who.origin, who.own] = (time.monotonic(), found)
        return found


@dataclass(frozen=True)
class SignedIn:
    """A member behind a session."""

    member: int
    user: int
    session: str


def is_own_page(who: Caller) -> bool:
    """Whether a page of the site itself asks."""
    return bool(who.own) and origin_of(who.origin) == who.own


def signed_in(who: Caller, admits: Admits) -> SignedIn | None:
    """The member whose session's cookie came along."""
    try:
        cookies = SimpleCookie(who.cookies)
    except CookieError:
        return None
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return None if morsel is None else member_of(morsel.value, admits)


def member_of(session: str, admits: Admits) -> SignedIn | None:
    """The member of a session that holds; None for one that ended, or an account shut out.

    admits: whether an account may look at anything here, beside being a member.
    """
    stored = import_module(settings.SESSION_ENGINE).SessionStore(session)
    number = stored.get(SESSION_KEY)
    if number is None:
        return None
    user = get_user_model().objects.filter(pk=number, is_active=True).first()
    if user is None or not constant_time_compare(
        str(stored.get(HASH_SESSION_KEY, "")), user.get_session_auth_hash()
    ):
        return None
    if not admits(user):
        return None
    member = Member.objects.filter(user=user, is_active=True).values_list("pk", flat=True).first()
    return None if member is None else SignedIn(member, user.pk, session)


def bearer(header: str) -> str:
    """The token of an `Authorization` header."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def now() -> dt.datetime:
    """The instant, for who is at the edge."""
    return dt.datetime.now(dt.UTC)
