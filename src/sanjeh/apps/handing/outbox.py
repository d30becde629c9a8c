"""Handing records over: into the table in the action's transaction, and from there to the inbox."""

from __future__ import annotations

import datetime as dt
import fcntl
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from sanjeh.apps.handing import SOURCE
from sanjeh.apps.handing.models import Handing
from sanjeh.ledger.conform import kind_named
from sanjeh.ledger.kinds import KINDS, Record, as_row

if TYPE_CHECKING:
    from sanjeh.ledger import Ledger

AT_ONCE: Final = 1000
"""Records of one put; more wait for the next."""


def hand(kind: str, record: Mapping[str, Any] | Record) -> None:
    """Have a record reach the ledger if the transaction that this is called in is committed.

    Errors: LedgerError for an unknown kind, ValueError for an unknown field; TransactionError
    outside of a transaction, where the record could be there without what it tells of.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("hand() belongs into a transaction")
    row = as_row(record) if isinstance(record, Record) else dict(record)
    known = kind_named(kind).by_name
    if extra := sorted(set(row) - set(known)):
        raise ValueError(f"{kind} has no field {extra[0]!r}")
    Handing.objects.create(kind=kind, record={name: _plain(v) for name, v in row.items()})


def waits(*, beside: Collection[str] = ()) -> bool:
    """Whether anything waits to be moved, but for records of the kinds named."""
    return Handing.objects.exclude(kind__in=list(beside)).exists()


def move(ledger: Ledger) -> int:
    """Put what waits into the ledger's inbox and forget it; how many records there were.

    One process at a time: where another one moves, nothing is done here. What was put and could
    not be forgotten is put again, in the same order.
    """
    with _alone(ledger.path) as mine:
        moved = 0
        while mine and (rows := list(Handing.objects.order_by("pk")[:AT_ONCE])):
            kinds: dict[str, list[dict[str, Any]]] = {}
            for row in rows:
                kinds.setdefault(row.kind, []).append(_typed(row.kind, row.record))
            for kind, records in kinds.items():
                ledger.inbox.put(kind, records, source=SOURCE)
            Handing.objects.filter(pk__in=[row.pk for row in rows]).delete()
            moved += len(rows)
        return moved


@contextmanager
def _alone(home: Path) -> Iterator[bool]:
    """Whether this process is the one that moves, held while the block lasts."""
    (home / "web").mkdir(parents=True, exist_ok=True)
    with (home / "web" / "handing.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, dt.datetime):
        if value.utcoffset() is None:
            raise ValueError(f"{value!r} has no time zone, so it is not an instant")
        return value.astimezone(dt.UTC).isoformat()
    return value.isoformat() if isinstance(value, dt.date) else value


_READERS: Final = {"instant": dt.datetime.fromisoformat, "date": dt.date.fromisoformat}


def _typed(kind: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with its instants and days as such again."""
    fields = KINDS[kind].by_name
    readers = {name: _READERS.get(fields[name].type) for name in record}
    return {
        name: value if value is None or (read := readers[name]) is None else read(value)
        for name, value in record.items()
    }
