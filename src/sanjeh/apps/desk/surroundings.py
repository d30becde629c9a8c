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

RENEWED_EVERY: Final = 30.0
LASTS: Final = 90.0
"""Seconds that a reading holds; a page that changes such a thing may call `forget`.

A served desk renews it beside in good time: nobody's change waits for the record, nor holds the
database meanwhile.
"""


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


@dataclass(frozen=True)
class _Held:
    ledger: Ledger
    home: Path
    at: float
    found: Surroundings


_lock = threading.Lock()  # of reading: two at once would read the same
_held: _Held | None = None
_given: Surroundings | None = None


def surroundings() -> Surroundings:
    """What holds now, from the home of the site."""
    if _given is not None:
        return _given
    held = _held
    if held is None or held.home != Path(settings.HOME) or time.monotonic() - held.at > LASTS:
        return renew()
    return held.found


def renew() -> Surroundings:
    """Read the record again, as `surroundings` has it from then on."""
    global _held
    home, asked_at = Path(settings.HOME), time.monotonic()
    with _lock:
        last = _held
        if last is not None and last.home == home and last.at >= asked_at:
            return last.found  # read by another since it was asked for
        ledger = last.ledger if last is not None and last.home == home else Ledger(home)
        found = read(ledger)
        _held = _Held(ledger, home, asked_at, found)
        return found


def forget() -> None:
    """Have the record read again by who asks next, after it was changed."""
    global _held
    with _lock:  # a reading from before the change ends first
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
