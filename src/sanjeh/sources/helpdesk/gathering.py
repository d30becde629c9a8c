"""Payloads become records here, and records the tables of a batch; what cannot is told."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from sanjeh.ledger.inbox import Inbox
from sanjeh.sources.helpdesk.columns import tables
from sanjeh.sources.helpdesk.contract import Payload, Translation, Unreadable
from sanjeh.sources.records.check import Fault
from sanjeh.sources.report import Reject, Rejects

LONG: Final = 300
Place = tuple[int, str, str]
"""Number of the payload in this import, its stream, and where it stood."""


@dataclass
class _Waiting:
    rows: list[dict[str, Any]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


class Gathering:
    """Records on the way from payloads to a batch.

    streams: how many payloads were taken, by stream. waiting: how many records are not handed over.
    """

    def __init__(self, translation: Translation) -> None:
        self.translation = translation
        self.streams: Counter[str] = Counter()
        self.read = 0
        self.waiting = 0
        self._kinds: defaultdict[str, _Waiting] = defaultdict(_Waiting)
        self._refused: list[tuple[Place, Reject, str]] = []
        self._told: Counter[str] = Counter()

    def learn(self, payload: Payload) -> None:
        """Let the translation keep what later payloads are read by."""
        with suppress(*_UNREADABLE):  # told when its records are made, in the same words
            self.translation.learn(payload)

    def take(self, payload: Payload) -> None:
        """Make the payload's records, or refuse it with the reason."""
        self.read += 1
        self.streams[payload.stream] += 1
        place = (self.read, payload.stream, payload.place)
        try:
            made = list(self.translation.records(payload))
        except _UNREADABLE as error:
            self._refuse(place, error)
            return
        kinds = self._kinds
        for kind, fields in made:
            waiting = kinds[kind]
            waiting.rows.append(fields)
            waiting.places.append(place)
        self.waiting += len(made)

    def hand_over(self, append: Callable[[str, pa.Table], None], rejects: Rejects) -> None:
        """Give everything that waits to the batch, and what was refused to the rejects."""
        for kind in list(self._kinds):
            waiting = self._kinds.pop(kind)
            places = waiting.places

            def refuse(row: int, faults: list[Fault], places: list[Place] = places) -> None:
                self._refuse_record(places[row], faults)

            for table in tables(kind, waiting.rows, refuse):
                append(kind, table)
        self.waiting = 0
        for place, reject, sort in self._refused:
            rejects.add(reject, {"stream": place[1], "place": place[2]}, kind=sort)
        self._refused.clear()

    def to_inbox(self, inbox: Inbox, source: str) -> tuple[int, int]:
        """Give everything that waits to the inbox: how many records that were, and how many not."""
        kept = 0
        for kind in list(self._kinds):
            waiting = self._kinds.pop(kind)

            def refuse(row: int, faults: list[Fault], places: list[Place] = waiting.places) -> None:
                self._refuse_record(places[row], faults)

            for table in tables(kind, waiting.rows, refuse):
                kept += inbox.put(kind, table.to_pylist(), source=source)
        self.waiting = 0
        refused = len(self._refused)
        self._refused.clear()
        return kept, refused

    def unknown(self) -> Counter[str]:
        """What the translation did not know since this was last asked."""
        now = Counter(self.translation.unknown)
        new, self._told = now - self._told, now
        return new

    def _refuse(self, place: Place, error: Exception) -> None:
        if isinstance(error, Unreadable):
            name, value, reason, sort = error.field, error.value, error.reason, "unreadable payload"
        else:
            # A shape that nobody foresaw; the import goes on, and the reason names it.
            name, value, sort = None, None, "payload of an unexpected shape"
            reason = f"the payload is not of the shape expected ({type(error).__name__}: {error})"
        self._refused.append(
            (place, Reject(place[0], name, _short(value), f"{place[2]}: {reason}"), sort)
        )

    def _refuse_record(self, place: Place, faults: list[Fault]) -> None:
        for fault in faults:
            reject = Reject(
                place[0], fault.field, _short(fault.value), f"{place[2]}: {fault.reason}", "record"
            )
            self._refused.append((place, reject, fault.sort))


_UNREADABLE = (Unreadable, LookupError, TypeError, ValueError, AttributeError, ArithmeticError)


def _short(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONG else text[:LONG] + "…"
