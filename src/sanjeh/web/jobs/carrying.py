"""The carrier: a thread of the server that moves what the apps recorded into the ledger.

Every second into the inbox, whose rows pages count at the next refresh; hourly, or when there are
many, from the inbox into the tables, since every refresh reads the inbox whole. At once where one
of them has all facts built anew (a channel, a team): else the next refresh would do it again, and
so on until the inbox is empty.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from sanjeh.apps.handing.outbox import move, waits
from sanjeh.apps.site.visits import end_silent
from sanjeh.facts.increments import WHOLE_KINDS
from sanjeh.ledger import Ledger, LedgerBusy, LedgerError
from sanjeh.web.jobs import queue

log = logging.getLogger(__name__)
MOVES_EVERY = 1.0  # seconds
DRAINS_EVERY = 3600.0
MANY = 20_000  # records in the inbox
COUNTS_EVERY = 60.0
PEOPLE = ("agent", "team", "channel", "agent_status_event", "canned_response", "survey")
"""Of these alone no figure can be made: a home without anything else stays the empty one it is."""


class Carrier(threading.Thread):
    """Moves once a second; `stop` ends it after the move that it is at."""

    def __init__(self, home: Path) -> None:
        super().__init__(name="carrier", daemon=True)
        self._home = home
        self._stopping = threading.Event()
        self._ledger: Ledger | None = None
        self._has_begun = False  # to keep a record
        self._drained = self._counted = time.monotonic()

    def run(self) -> None:
        """Move until stopped."""
        while not self._stopping.wait(MOVES_EVERY):
            close_old_connections()
            try:
                self.carry()
            except (DatabaseError, LedgerError, OSError):  # busy, full: what waits is not lost
                log.exception("Records of the apps could not be moved into %s.", self._home)

    def carry(self) -> int:
        """End silent visits, move what waits, have it counted; how many records there were."""
        self._ledger = self._ledger or Ledger(self._home)
        end_silent(timezone.now())
        if not self._begins(self._ledger):
            return 0
        moved = move(self._ledger)
        self._drain(self._ledger, moved=moved)
        if moved:
            queue.refresh("desk")
        return moved

    def _begins(self, ledger: Ledger) -> bool:
        """Whether there is a record, or something that begins one."""
        self._has_begun = self._has_begun or bool(
            waits(beside=PEOPLE) or ledger.batches() or ledger.inbox.count()
        )
        return self._has_begun

    def _drain(self, ledger: Ledger, *, moved: int) -> None:
        now = time.monotonic()
        is_due = now - self._counted >= COUNTS_EVERY
        if not (is_due or moved):
            return
        builds_anew = not ledger.inbox.kinds().isdisjoint(WHOLE_KINDS)
        waiting = 0
        if is_due:
            self._counted = now
            waiting = ledger.inbox.count()
        if builds_anew or waiting >= MANY or (waiting and now - self._drained > DRAINS_EVERY):
            try:
                ledger.drain_inbox(wait_seconds=0)
            except LedgerBusy:
                return  # an import is at it, and drains nothing; in a minute
            self._drained = now

    def stop(self) -> None:
        """End it."""
        self._stopping.set()
        if self.is_alive():
            self.join(MOVES_EVERY + 10)
