"""Asking after solved tickets of any source: the record says which were solved, and whose they are.

Looked at once a minute, and only where a survey follows tickets. A ticket is asked after once by
a survey, however often it is solved; tickets solved before the survey was made are left alone, so
that an import of old ones asks nobody.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from sanjeh.apps.surveys.about import About
from sanjeh.apps.surveys.asking import following, invite
from sanjeh.apps.surveys.models import Invitation, Survey, Trigger
from sanjeh.ledger import Ledger
from sanjeh.ledger.errors import LedgerError

log = logging.getLogger(__name__)
REACH = dt.timedelta(days=3)  # a pull may bring a solved ticket as late as this
LOOKS_EVERY = 60.0  # seconds
SOLVED = ("solved", "closed")
Row = dict[str, Any]


def ask(ledger: Ledger, now: dt.datetime) -> list[Invitation]:
    """Ask after the tickets that were solved of late; what was asked."""
    surveys = following(Trigger.TICKET)
    if not surveys:
        return []
    since = max(min(s.made_at for s in surveys), now - REACH)
    solved = _solved(ledger, since, now)
    tickets = _tickets(ledger, solved)
    abouts = _abouts(ledger, tickets)
    asked = []
    for survey in surveys:
        for ticket, about in abouts:
            if solved[ticket] > survey.made_at and not _is_known(survey, about):
                made = invite(survey, about, now)
                asked += [made] if made is not None else []
    return asked


def _is_known(survey: Survey, about: About) -> bool:
    """Whether the survey has decided about the ticket already."""
    return (
        survey.invitations.filter(subject=about.subject).exists()
        or survey.unasked.filter(subject=about.subject).exists()
    )


def _solved(ledger: Ledger, since: dt.datetime, now: dt.datetime) -> dict[str, dt.datetime]:
    """Tickets that were solved since, and are so still, with the instant."""
    events = [
        r for r in ledger.later("ticket_event", "at", since).to_pylist()
        if r["type"] == "status_changed" and r["at"] <= now and r["ticket_id"]
    ]  # fmt: skip
    found = {
        r["id"]: r["resolved_at"]
        for r in ledger.later("ticket", "resolved_at", since).to_pylist()
        if r["resolved_at"] <= now
    }
    for row in sorted(events, key=lambda r: (r["at"], r["sequence"] or 0, r["id"])):
        ticket = row["ticket_id"]
        if row["to"] not in SOLVED:
            found.pop(ticket, None)
        elif ticket not in found or row["from"] not in SOLVED:
            found[ticket] = row["at"]
    return found


def _tickets(ledger: Ledger, solved: Sequence[str] | dict[str, Any]) -> list[Row]:
    """The tickets themselves; merged and deleted ones are nobody's any more."""
    if not solved:
        return []
    rows = ledger.among("ticket", "id", list(solved)).to_pylist()
    return [r for r in rows if r["deleted_at"] is None and r["merged_into_id"] is None]


def _abouts(ledger: Ledger, tickets: list[Row]) -> list[tuple[str, About]]:
    """Each ticket with what a survey needs to know of it; persons by the ids of their source."""
    people = {r[name] for r in tickets for name in ("customer_id", "assignee_id") if r[name]}
    own = ledger.own_ids(people) if people else {}
    customers = sorted({r["customer_id"] for r in tickets if r["customer_id"]})
    texts = ledger.texts("customer", customers) if customers else {}
    made = []
    for row in tickets:
        told = texts.get(row["customer_id"] or "", {})
        before = f"{row['source']}/"
        made.append((row["id"], About(
            ticket_id=row["id"].removeprefix(before), source=row["source"],
            customer_id=own.get(row["customer_id"] or "", ""),
            agent_id=own.get(row["assignee_id"] or "", ""),
            team_id=(row["team_id"] or "").removeprefix(before),
            language=row["language"] or "en", channel=row["channel_first"] or "",
            email=_address(told.get("contact_points")), name=told.get("display_name", ""),
            is_spam=bool(row["is_spam"]), is_test=bool(row["is_test"]),
        )))  # fmt: skip
    return made


def _address(points: str | None) -> str:
    """The first e-mail address of a list of contact points."""
    for point in json.loads(points) if points else ():
        if isinstance(point, dict) and point.get("channel") == "email":
            return str(point.get("address") or "")
    return ""


class Asker(threading.Thread):
    """Looks once a minute until stopped."""

    def __init__(self, home: Path) -> None:
        super().__init__(name="asker", daemon=True)
        self._home = home
        self._stopping = threading.Event()
        self._ledger: Ledger | None = None

    def run(self) -> None:
        """Ask after what was solved."""
        while not self._stopping.wait(LOOKS_EVERY):
            close_old_connections()
            try:
                self._ledger = self._ledger or Ledger(self._home)
                ask(self._ledger, timezone.now())
            except (DatabaseError, LedgerError, OSError):  # busy, or no room: next time
                log.exception("Solved tickets could not be asked after.")

    def stop(self) -> None:
        """End it after the look in hand."""
        self._stopping.set()
