"""Signals, read by number: at once after a change of one's own, and a look every 25 ms for others'.

The look is cheap: SQLite tells whether anybody else committed (`PRAGMA data_version`), PostgreSQL
is asked for one row of an index. Numbers are committed in their order (`handing.turns`), so what
comes after the last one read is all that was missed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from django.db import DatabaseError, connection

from sanjeh.apps.desk import signals
from sanjeh.apps.desk.models import Signal

LOOKS_EVERY: Final = 0.025  # seconds
AFTER_A_FAULT: Final = 1.0
AT_ONCE: Final = 500
log = logging.getLogger(__name__)
Deliver = Callable[[list[signals.Told]], None]


class Listening(threading.Thread):
    """Reads for one process; `deliver` is called in this thread, with signals in their order."""

    def __init__(self, deliver: Deliver) -> None:
        super().__init__(name="desk-listening", daemon=True)
        self._deliver = deliver
        self._wake = threading.Event()
        self._stopping = False
        self._version: int | None = None
        self.number: int | None = None  # of the last signal read

    def wake(self) -> None:
        """Something was committed here: look now."""
        self._wake.set()

    def stop(self) -> None:
        """End it."""
        self._stopping = True
        self._wake.set()

    def run(self) -> None:
        """Read until stopped. A database that is away is asked again, from where it was left."""
        try:
            while not self._stopping:
                try:
                    self._look()
                    self._wake.wait(LOOKS_EVERY)
                except DatabaseError:
                    log.exception("Signals could not be read; trying again.")
                    connection.close()
                    self._version = None
                    self._wake.wait(AFTER_A_FAULT)
        finally:
            connection.close()

    def _look(self) -> None:
        self._wake.clear()  # before the look: what is committed from here on wakes it again
        if self.number is None:
            self.number = signals.newest()
        if not self._is_news():
            return
        while told := signals.after(self.number, AT_ONCE):
            self._deliver(told)
            self.number = told[-1].number

    def _is_news(self) -> bool:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA data_version")
                version = int(cursor.fetchone()[0])
                # TRICKY: the version is read first, the signals after: a commit between is read
                # now and looked at once more, never missed.
                is_new, self._version = version != self._version, version
                return is_new
            table = connection.ops.quote_name(Signal._meta.db_table)
            cursor.execute(f"SELECT 1 FROM {table} WHERE id > %s LIMIT 1", [self.number])
            return cursor.fetchone() is not None
