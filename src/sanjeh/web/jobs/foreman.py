"""The foreman: a thread of the server that starts a worker where something waits and nobody works.

A second server on the same home has a foreman too; whose worker comes second finds the lock held.
"""

from __future__ import annotations

import datetime as dt
import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

from django.db import DatabaseError, close_old_connections

from sanjeh.sources import SourceError
from sanjeh.sources.helpdesk.connections import Connections
from sanjeh.web.jobs import queue
from sanjeh.web.jobs.worker import alone

log = logging.getLogger(__name__)
LOOKS_EVERY = 0.5  # seconds
PULLS_EVERY = 15.0  # seconds between looks at which connections are due
WORKER_STAYS = "60"  # seconds without work
PATIENCE = 10.0  # seconds that a worker has to leave


class Foreman(threading.Thread):
    """Looks twice a second; `stop` ends it and its worker, whose job is taken up next time."""

    def __init__(self, home: Path) -> None:
        super().__init__(name="foreman", daemon=True)
        self._home = home
        self._stopping = threading.Event()
        self._worker: subprocess.Popen[bytes] | None = None
        self._rooms = Connections(home)
        self._next_pulls = 0.0

    def run(self) -> None:
        """Look after the work until stopped."""
        while not self._stopping.wait(LOOKS_EVERY):
            close_old_connections()
            try:
                self._ask_for_pulls()
                self._look()
            except SourceError:  # a damaged connection; its page tells
                log.exception("The connections of %s could not be read.", self._home)
            except (DatabaseError, OSError):  # a busy database, no room for a process: next time
                log.exception("The work of %s could not be looked after.", self._home)

    def _ask_for_pulls(self) -> None:
        """Once in a while, have pulled what is due."""
        if time.monotonic() < self._next_pulls:
            return
        self._next_pulls = time.monotonic() + PULLS_EVERY
        for connection in self._rooms.due(dt.datetime.now(dt.UTC)):
            queue.add("pull", "schedule", connection=connection.name)

    def _look(self) -> None:
        """Start a worker where something waits and nobody works."""
        if self._worker is not None and self._worker.poll() is None:
            return
        if queue.is_waiting() and self._is_free():
            self._worker = subprocess.Popen(
                [sys.executable, "-m", "sanjeh.web.jobs", WORKER_STAYS], start_new_session=True
            )

    def _is_free(self) -> bool:
        with alone(self._home) as free:
            return free

    def stop(self) -> None:
        """End it, and the worker where there is one."""
        self._stopping.set()
        if self._worker is None or self._worker.poll() is not None:
            return
        self._worker.terminate()
        try:
            self._worker.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._worker.kill()
