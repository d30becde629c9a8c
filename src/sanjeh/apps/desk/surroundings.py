"""What the desk reads from the record and does not write: open hours, labels, key accounts."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from sanjeh.apps.handing import SOURCE
from sanjeh.hours import Schedule, schedules_from_records
from sanjeh.ledger import Ledger

LASTS: Final = 30.0
"""Seconds that a reading holds; a page that changes such a thing may call `forget`."""


@dataclass(frozen=True)
class Label:
    """A topic or a tag that can be given to a chat."""

    id: str  # the ledger's: source/id
    name: str
    parent: str = ""  # a topic's category, a tag's
    is_urgent: bool = False


@dataclass(frozen=True)
class Level:
    """One rung of the escalation matrix."""

    order: int
    role: str
    agent: str  # a pseudonym
    max_minutes: float | None


@dataclass(frozen=True)
class Surroundings:
    """What holds at the moment."""

    schedules: Mapping[str, Schedule] = field(default_factory=dict)  # by the ledger's id
    topics: Mapping[str, Label] = field(default_factory=dict)
    tags: Mapping[str, Label] = field(default_factory=dict)
    key_accounts: frozenset[str] = frozenset()  # the vendor's own ids, without the source
    levels: tuple[Level, ...] = ()

    def is_open(self, calendar: str, now: dt.datetime) -> bool:
        """Whether the desk is open; where no such calendar is, it always is."""
        schedule = self.schedules.get(calendar)
        return schedule is None or schedule.is_open(now)

    def opens_at(self, calendar: str, now: dt.datetime) -> dt.datetime | None:
        """When it opens next; None where it is open, or never opens."""
        schedule = self.schedules.get(calendar)
        if schedule is None or schedule.is_open(now):
            return None
        return schedule.next_opening(now)


_lock = threading.Lock()
_held: tuple[Path, float, Surroundings] | None = None
_given: Surroundings | None = None


def surroundings() -> Surroundings:
    """What holds now, from the home of the site; read anew every half minute."""
    global _held
    if _given is not None:
        return _given
    home = Path(settings.HOME)
    with _lock:
        if _held is None or _held[0] != home or time.monotonic() - _held[1] > LASTS:
            _held = (home, time.monotonic(), read(Ledger(home)))
        return _held[2]


def forget() -> None:
    """Have the record read again by who asks next."""
    global _held
    _held = None


def use(given: Surroundings | None) -> None:
    """Take these instead of what the record says, or the record again (for tests and load)."""
    global _given
    _given = given


def read(ledger: Ledger) -> Surroundings:
    """What a record says."""

    def rows(kind: str) -> list[dict[str, Any]]:
        return [r for r in ledger.rows(kind).to_pylist() if r["deleted_at"] is None]

    def names(kind: str, parent: str) -> dict[str, Label]:
        # What the desk handed as its own for another source's (`records.label_of_other`) is that.
        found = {r["id"]: r for r in rows(kind) if r.get("active") is not False}
        return {
            id_: Label(
                id_, str(r["name"] or id_.partition("/")[2]), r[parent] or "",
                bool(r.get("high_priority")),
            )
            for id_, r in found.items()
            if id_.removeprefix(f"{SOURCE}/") == id_ or id_.removeprefix(f"{SOURCE}/") not in found
        }  # fmt: skip

    levels = sorted(rows("escalation_level"), key=lambda r: (r["order"] or 0, r["id"]))
    return Surroundings(
        schedules=schedules_from_records(rows("business_calendar"), rows("holiday")),
        topics=names("topic", "parent_id"),
        tags=names("tag", "category_id"),
        key_accounts=frozenset(
            str(r["id"]).partition("/")[2] for r in rows("account") if r["is_key"]
        ),
        levels=tuple(
            Level(r["order"] or 0, r["role"] or "", r["agent_id"] or "", r["max_minutes"])
            for r in levels
        ),
    )
