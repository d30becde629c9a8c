"""Conversions: told by a page, or by the shop's server, whose word is the better one."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sanjeh.apps.handing.outbox import hand
from sanjeh.apps.handing.turns import turn
from sanjeh.apps.site import visits
from sanjeh.apps.site.models import Conversion, Visitor, new_id
from sanjeh.apps.site.setup import setup

TYPE: Final = re.compile(r"[a-z][a-z0-9_.-]{0,39}")
CURRENCY: Final = re.compile(r"[A-Z]{3}")
IDENTITY: Final = re.compile(r"[\w.:/#@+-]{1,100}")
MOST: Final = Decimal("99999999999999")
FROM_A_PAGE_A_DAY: Final = 50
"""No person buys more often; what comes above it from one browser is not kept."""


class NotAConversion(ValueError):
    """What was told makes no conversion; the text says which field."""


@dataclass(frozen=True)
class Told:
    """A conversion as it was told, its fields looked at."""

    id: str
    type: str
    value: Decimal | None
    currency: str
    status: str
    at: dt.datetime | None
    customer_id: str
    visitor_id: str


def read(body: dict[str, Any]) -> Told:
    """Look at what was told. Errors: NotAConversion."""
    kind = str(body.get("type") or "")
    if not TYPE.fullmatch(kind):
        raise NotAConversion("type: a word of small letters, as purchase or signup")
    identity = str(body.get("id") or "")
    if identity and not IDENTITY.fullmatch(identity):
        raise NotAConversion("id: at most 100 letters and digits")
    currency = str(body.get("currency") or "").upper()
    if currency and not CURRENCY.fullmatch(currency):
        raise NotAConversion("currency: three letters")
    status = str(body.get("status") or "done")
    if status not in Conversion.Status.values:
        raise NotAConversion("status: done, cancelled or refunded")
    return Told(
        identity, kind, _value(body.get("value")), currency, status, _instant(body.get("at")),
        str(body.get("customer") or "")[:200], str(body.get("visitor") or "")[:40],
    )  # fmt: skip


def _value(given: Any) -> Decimal | None:
    if given is None or given == "":
        return None
    try:
        value = Decimal(str(given))
    except InvalidOperation:
        raise NotAConversion("value: a number") from None
    if isinstance(given, bool) or not value.is_finite() or not 0 <= value <= MOST:
        raise NotAConversion("value: a number, not below zero")
    return value.quantize(Decimal("0.0001"))


def _instant(given: Any) -> dt.datetime | None:
    if given is None:
        return None
    try:
        at = dt.datetime.fromisoformat(str(given))
    except ValueError:
        raise NotAConversion("at: an instant as 2026-11-28T09:30:00Z") from None
    if at.tzinfo is None:
        raise NotAConversion("at: an instant with its zone, as 2026-11-28T09:30:00Z")
    return at.astimezone(dt.UTC)


@turn()
def by_page(visitor_id: str, told: Told, now: dt.datetime) -> Conversion | None:
    """Keep what a page told of its visitor, now; the visit goes on by it.

    None without consent, where pages are not believed, and above so many a day. A conversion that
    is known already stays as it is: what a browser says can be made up.
    """
    visitor = Visitor.objects.filter(id=visitor_id, consents=True).first()
    if visitor is None or not setup().takes_from_pages or told.status != "done":
        return None
    if told.id and Conversion.objects.filter(id=told.id).exists():
        return None
    today = now - dt.timedelta(days=1)
    if visitor.conversion_set.filter(told_by="page", at__gt=today).count() >= FROM_A_PAGE_A_DAY:
        return None
    made = Conversion.objects.create(
        id=told.id or new_id(), visitor=visitor, customer_id=visitor.customer_id, at=now,
        type=told.type, value=told.value, currency=told.currency or setup().currency,
        told_by="page", told_at=now,
    )  # fmt: skip
    visits.go_on(visitor.id, now)
    _hand(made, now)
    return made


@turn()
def by_server(told: Told, said_at: dt.datetime, now: dt.datetime) -> Conversion:
    """Keep what the shop's server told: a new conversion, or the same id again, changed.

    said_at: when the server said it; an older word does not undo a newer one.
    Errors: NotAConversion, for one without an id.
    """
    if not told.id:
        raise NotAConversion("id: the order's number, the same when it is cancelled")
    found = Conversion.objects.filter(id=told.id).first()
    if found is not None and found.told_by == "server" and said_at < found.told_at:
        return found
    visitor = Visitor.objects.filter(id=told.visitor_id).first() if told.visitor_id else None
    made = found or Conversion(id=told.id, at=told.at or said_at)
    made.at = told.at or made.at
    made.visitor = visitor or made.visitor
    made.customer_id = told.customer_id or made.customer_id
    if not made.customer_id and made.visitor is not None:
        made.customer_id = made.visitor.customer_id
    made.type, made.status = told.type, told.status
    made.value = made.value if told.value is None else told.value
    made.currency = told.currency or made.currency or setup().currency
    made.told_by, made.told_at = "server", said_at
    made.save()
    _hand(made, now)
    return made


def _hand(made: Conversion, now: dt.datetime) -> None:
    hand(
        "conversion",
        {
            "id": made.id,
            "visitor_id": made.visitor_id,
            "customer_id": made.customer_id or None,
            "at": made.at,
            "type": made.type,
            "value": None if made.value is None else float(made.value),
            "currency": made.currency or None,
            "status": made.status,
            "version_at": now,
        },
    )
