"""Visitors and their visits: come, look around, fall silent.

Half an hour of silence ends a visit, at the last thing that happened in it. Whoever does not agree
to being recorded is a visitor without a visit: the chat works, and nothing tells where they were.
Every function writes its tables and hands the rows to the ledger; call it in one transaction.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sanjeh.apps.handing.outbox import hand
from sanjeh.apps.handing.turns import turn
from sanjeh.apps.site import addresses, robots
from sanjeh.apps.site.models import PageSeen, Visit, Visitor
from sanjeh.apps.site.setup import is_internal, setup

SILENCE: Final = dt.timedelta(minutes=30)
ENDED_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Page:
    """A page that somebody looks at, as the browser tells it.

    key: of this one look at it, made by the widget, so that telling it twice counts once.
    """

    url: str
    title: str = ""
    referrer: str = ""
    key: str = ""


@dataclass(frozen=True)
class Caller:
    """Who asks, as the request tells it. The address is looked at and not kept."""

    agent: str = ""  # the header User-Agent
    address: str = ""
    is_staff: bool = False  # signed in to Sanjeh


@dataclass(frozen=True)
class Known:
    """A customer whom the shop's server vouches for."""

    customer_id: str
    mail: str = ""


@dataclass(frozen=True)
class Coming:
    """Who came. Without their consent there is no visit."""

    visitor: Visitor
    visit: Visit | None


@turn()
def come(
    visitor_id: str | None,
    page: Page | None,
    caller: Caller,
    *,
    consent: bool | None,
    now: dt.datetime,
    known: Known | None = None,
) -> Coming:
    """A page with the widget opened: the visitor, the visit begun or gone on with, the page seen.

    visitor_id: from a token that was verified; None for a browser that was never here.
    consent: True or False as the visitor chose, None where the page says nothing of it.
    """
    visitor = _visitor(visitor_id, caller, consent, now, known)
    if not visitor.consents:
        return Coming(visitor, None)
    return Coming(visitor, _look(visitor, page, caller, now))


@turn()
def look(visitor_id: str, page: Page, caller: Caller, now: dt.datetime) -> Visit | None:
    """A further page was opened; None without consent or for an unknown visitor."""
    visitor = Visitor.objects.filter(id=visitor_id, consents=True).first()
    return None if visitor is None else _look(visitor, page, caller, now)


@turn()
def stir(visitor_id: str, now: dt.datetime, *, wrote: bool = False) -> Visit | None:
    """Something happened in the chat: the visit goes on, if there is one.

    wrote: the visitor wrote to us; whom only the browser's name made a machine is taken for a
        person from then on.
    """
    visitor = Visitor.objects.filter(id=visitor_id).first()
    if visitor is None:
        return None
    if wrote and visitor.robot == "agent":
        visitor.robot = ""
        visitor.save(update_fields=["robot"])
        _hand_visitor(visitor, now)
    visit = going_on(visitor_id, now)
    if visit is not None:
        Visit.objects.filter(id=visit.id).update(last_at=max(now, visit.last_at))
    return visit


def go_on(visitor_id: str, now: dt.datetime) -> None:
    """Something happened, and nobody asks in which visit: one statement instead of three."""
    running = Visit.objects.filter(visitor_id=visitor_id, ended_at=None, last_at__lt=now)
    running.filter(last_at__gt=now - SILENCE).update(last_at=now)


@turn()
def withdraw(visitor_id: str, now: dt.datetime) -> None:
    """The visitor no longer agrees to being recorded: the visit ends, nothing is added to it."""
    Visitor.objects.filter(id=visitor_id).update(consents=False)
    for visit in Visit.objects.filter(visitor_id=visitor_id, ended_at=None):
        _end(visit, now)


def going_on(visitor_id: str, now: dt.datetime) -> Visit | None:
    """The visit that a visitor is in."""
    since = now - SILENCE
    return Visit.objects.filter(visitor_id=visitor_id, ended_at=None, last_at__gt=since).first()


def visits_of(visitor_id: str) -> int:
    """How many visits there were, this one counted."""
    return Visit.objects.filter(visitor_id=visitor_id).count()


def end_silent(now: dt.datetime) -> int:
    """End the visits in which nothing happened for half an hour; how many those were."""
    silent = Visit.objects.filter(ended_at=None, last_at__lte=now - SILENCE).order_by("last_at")
    if not silent.exists():  # most of the time; nobody has to wait for a turn of ours
        return 0
    with turn():
        ended = list(silent[:ENDED_AT_ONCE])
        for visit in ended:
            _end(visit, now)
    return len(ended)


def _visitor(
    visitor_id: str | None,
    caller: Caller,
    consent: bool | None,
    now: dt.datetime,
    known: Known | None,
) -> Visitor:
    found = Visitor.objects.filter(id=visitor_id).first() if visitor_id else None
    is_new = found is None
    visitor = found or Visitor(
        first_seen_at=now, robot="agent" if robots.is_machine(caller.agent) else ""
    )
    before = (visitor.customer_id, visitor.is_internal)
    agreed = visitor.consents
    if consent is not None:
        visitor.consents = consent
    elif is_new:
        visitor.consents = setup().assumes_consent
    if known is not None:
        visitor.customer_id = known.customer_id[:200]
    if caller.is_staff or is_internal(caller.address, known.mail if known else ""):
        visitor.is_internal = True
    visitor.save()
    if agreed and not visitor.consents:
        withdraw(visitor.id, now)
    if is_new or before != (visitor.customer_id, visitor.is_internal):
        _hand_visitor(visitor, now)
    return visitor


def _look(visitor: Visitor, page: Page | None, caller: Caller, now: dt.datetime) -> Visit:
    url = addresses.kept(page.url) if page else ""
    visit = going_on(visitor.id, now)
    if visit is None:
        for silent in Visit.objects.filter(visitor=visitor, ended_at=None):
            _end(silent, now)
        visit = Visit.objects.create(
            visitor=visitor,
            started_at=now,
            last_at=now,
            landing_url=url,
            referrer=addresses.from_outside(page.referrer, page.url) if page else "",
            utm=addresses.campaign(page.url) if page else {},
            device=robots.device(caller.agent),
        )
        _hand_visit(visit, now)
    elif now > visit.last_at:
        visit.last_at = now
        visit.save(update_fields=["last_at"])
    if page is not None and url:
        _see(visit, page, url, now)
    return visit


def _see(visit: Visit, page: Page, url: str, now: dt.datetime) -> None:
    key = page.key[:40] or None
    if key and visit.pages.filter(key=key).exists():
        return
    if visit.pages.filter(at=now, url=url).exists():
        return
    PageSeen.objects.create(visit=visit, at=now, url=url, title=page.title[:300], key=key)
    hand("page_view", {"session_id": visit.id, "at": now, "url": url})
    since = now - dt.timedelta(seconds=robots.SECONDS_OF_A_MACHINE)
    visitor = visit.visitor
    if (
        visitor.robot != "behaviour"
        and visit.pages.filter(at__gt=since).count() >= robots.PAGES_OF_A_MACHINE
    ):
        visitor.robot = "behaviour"
        visitor.save(update_fields=["robot"])
        _hand_visitor(visitor, now)


def _end(visit: Visit, now: dt.datetime) -> None:
    visit.ended_at = visit.last_at
    visit.save(update_fields=["ended_at"])
    _hand_visit(visit, now)
    for invitation in visit.invitations.filter(result=""):
        settle_as_ignored(invitation.id, now)


def settle_as_ignored(invitation_id: str, now: dt.datetime) -> None:
    """An invitation that nobody answered before the visit ended."""
    from sanjeh.apps.site.invitations import settle  # invitations are shown in visits

    settle(invitation_id, "ignored", now)


def _hand_visitor(visitor: Visitor, now: dt.datetime) -> None:
    hand(
        "visitor",
        {
            "id": visitor.id,
            "customer_id": visitor.customer_id or None,
            "first_seen_at": visitor.first_seen_at,
            "is_bot": bool(visitor.robot),
            "is_internal": visitor.is_internal,
            "version_at": now,
        },
    )


def _hand_visit(visit: Visit, now: dt.datetime) -> None:
    hand(
        "web_session",
        {
            "id": visit.id,
            "visitor_id": visit.visitor_id,
            "started_at": visit.started_at,
            "ended_at": visit.ended_at,
            "referrer": visit.referrer or None,
            "landing_url": visit.landing_url or None,
            "utm": visit.utm or None,
            "device": visit.device or None,
            "version_at": now,
        },
    )
