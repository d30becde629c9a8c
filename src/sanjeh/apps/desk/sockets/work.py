"""Work with the database, in threads that keep their connection, never on the loop.

Changes of one process are made by one thread: SQLite lets one write at a time and makes others
sleep for up to a tenth of a second; in a row they take a few thousandths each. Reading has threads
of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, ParamSpec, TypeVar

from django.db import connection

P = ParamSpec("P")
R = TypeVar("R")
READERS: Final = 3


class Work:
    """The threads of a process."""

    def __init__(self) -> None:
        self._changes = ThreadPoolExecutor(1, thread_name_prefix="desk-change")
        self._readings = ThreadPoolExecutor(READERS, thread_name_prefix="desk-read")

    async def change(self, do: Callable[P, R], *args: P.args, **more: P.kwargs) -> R:
        """Do what writes, after what was asked for before."""
        return await self._in(self._changes, do, *args, **more)

    async def reading(self, do: Callable[P, R], *args: P.args, **more: P.kwargs) -> R:
        """Do what only reads."""
        return await self._in(self._readings, do, *args, **more)

    async def _in(
        self, threads: ThreadPoolExecutor, do: Callable[P, R], *args: P.args, **more: P.kwargs
    ) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads, lambda: connected(do, *args, **more))

    def stop(self) -> None:
        """Let what is under way end, and begin nothing more."""
        self._changes.shutdown(wait=False, cancel_futures=True)
        self._readings.shutdown(wait=False, cancel_futures=True)


def check_point() -> None:
    """Bring SQLite's log into its file, which may wait for the disk for a second or more.

    Done here, beside those who write, and not by whoever happens to commit next: that is turned off
    in the site's settings.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def connected(do: Callable[P, R], *args: P.args, **more: P.kwargs) -> R:
    """Do it; where it fails, a connection that broke is given up, so that the next one is new."""
    try:
        return do(*args, **more)
    except Exception:
        connection.close_if_unusable_or_obsolete()
        raise


def closed(do: Callable[[], Any]) -> None:
    """Do it in a thread that ends, whose connection ends with it."""
    try:
        do()
    finally:
        connection.close()
