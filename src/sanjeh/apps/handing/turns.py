"""Turns: who writes waits for who writes before, so that numbers are committed in their order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction

LOCK: Final = 0x5A4E  # of PostgreSQL; one for all apps, since a visitor's chat is a visit too


@contextmanager
def turn() -> Iterator[None]:
    """A transaction that no other one of the apps runs beside; inside another, that one's.

    SQLite's immediate transaction is a turn by itself (`transaction_mode` of the settings).
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
