"""Closed months as they lie in the home: one file of JSON lines a closing, never changed.

    HOME/closed/jalali-1404-12/0001.jsonl   the first line: what was closed, and the answers
                                            then one line a row: its ids, in or why not, its value

A month that is closed anew gets the next number; the earlier ones stay as its history. Ids of
tickets, conversations and answers to surveys only: no person, not even under a pseudonym. An
erasure looks through the lines all the same (`ledger/erasure.py`).
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sanjeh.answers.periods import Clockwork, Period, PeriodError, parse
from sanjeh.answers.question import QuestionError
from sanjeh.words import ascii_digits

FOLDER = "closed"
JALALI_BELOW = 1700  # a year before it is a Jalali one, as wherever a date is typed
_MONTH = re.compile(r"\s*(\d{4})[-/](\d{1,2})\s*")


class ClosingRefused(QuestionError):
    """A month that cannot be closed (now); says why and what to do.

    kind: `unfinished`, `empty`, `closed`, `busy` or `erased`, for who says it in other words.
    """

    def __init__(self, kind: str, said: str) -> None:
        super().__init__(said)
        self.kind = kind


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month: `1404-12` of the Jalali calendar, `2026-03` of the Gregorian."""

    label: str
    calendar: str

    @staticmethod
    def read(text: str) -> Month:
        """The month that somebody typed, in any digits; PeriodError where it is none."""
        found = _MONTH.fullmatch(ascii_digits(text))
        if found is None or not 1 <= int(found[2]) <= 12:
            raise PeriodError(f"{text!r} is no month. Expected 2026-03, or 1404-12 (Jalali).")
        calendar = "jalali" if int(found[1]) < JALALI_BELOW else "gregorian"
        return Month(f"{found[1]}-{int(found[2]):02d}", calendar)

    @property
    def name(self) -> str:
        """What tells it from the months of other calendars."""
        return f"{self.calendar}-{self.label}"

    def clock(self, zone: str, week_start: str) -> Clockwork:
        """The wall clock that its days are counted by."""
        return Clockwork(zone, self.calendar, week_start)

    def period(self, zone: str) -> Period:
        """From its first instant to the next month's, in a zone."""
        clock = self.clock(zone, "mon")
        start = parse(f"{self.label}-01", clock)
        first = clock.local(start).date()
        return Period(start, clock.instant(clock.step(first, "month")))


class Row(NamedTuple):
    """A row behind a figure. A record with several rows has them numbered in order of time.

    reason: why it was left out; null is in. value: seconds of a duration, 1 or 0 of a share, the
    number of a mean; null of a count. group: of the figure's dimension, as its channel.
    """

    metric: str
    record: str
    nth: int
    ticket: str | None
    conversation: str | None
    group: str | None
    at: int
    reason: str | None
    value: float | None
    open_value: float | None

    @property
    def is_in(self) -> bool:
        """Whether the figure counts it."""
        return self.reason is None


@dataclass(frozen=True)
class Closing:
    """One closing of a month: when, on which data, and what was answered.

    closed_at, data_until: ISO instants, UTC. answers: of each figure's address, as
    `Answer.as_json` gave it. versions: of the definitions, by metric.
    """

    month: Month
    number: int
    zone: str
    week_start: str
    closed_at: str
    data_until: str
    options: Mapping[str, str]
    versions: Mapping[str, int]
    answers: Mapping[str, Mapping[str, Any]]
    path: Path

    @property
    def period(self) -> Period:
        """The month from its first instant to the next one's."""
        return self.month.period(self.zone)

    def rows(self) -> Iterator[Row]:
        """Every row that was behind its figures."""
        with self.path.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                yield Row(*json.loads(line))


def closings(home: Path) -> list[Closing]:
    """The newest closing of every closed month, the latest month first."""
    folder = home / FOLDER
    months = [p for p in folder.iterdir() if p.is_dir()] if folder.exists() else []
    newest = [max(found) for p in months if (found := _files(p))]
    made = [_read(path) for path in newest]
    return sorted(made, key=lambda c: (c.period.end, c.month.calendar), reverse=True)


def history(home: Path, month: Month) -> list[Closing]:
    """Every closing of a month, the newest first."""
    return [_read(path) for path in sorted(_files(home / FOLDER / month.name), reverse=True)]


def newest(home: Path, month: Month) -> Closing:
    """The closing of a month that holds; QuestionError where it was not closed."""
    found = _files(home / FOLDER / month.name)
    if not found:
        known = ", ".join(c.month.label for c in closings(home)) or "none yet"
        raise QuestionError(f"{month.label} was not closed. Closed months: {known}.")
    return _read(max(found))


@contextmanager
def being_closed(home: Path, month: Month) -> Iterator[int]:
    """The number of the closing that is made here; of two at once the second is refused."""
    folder = home / FOLDER / month.name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ClosingRefused(
                "busy",
                f"{month.label} is being closed by somebody else right now; theirs will stand. "
                "Look at it in a moment.",
            ) from None
        yield len(_files(folder)) + 1


def keep(home: Path, closing: Mapping[str, Any], rows: Iterable[Row], to: Path) -> Closing:
    """Write a closing whole or not at all: beside its place, then renamed."""
    draft = to.with_name(f".{uuid.uuid4().hex}.draft")
    try:
        with draft.open("w", encoding="utf-8") as file:
            for line in (closing, *map(list, rows)):
                file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, to)
    finally:
        draft.unlink(missing_ok=True)
    return _read(to)


def place(home: Path, month: Month, number: int) -> Path:
    """Where a closing lies."""
    return home / FOLDER / month.name / f"{number:04d}.jsonl"


def _files(folder: Path) -> list[Path]:
    return list(folder.glob("[0-9]*.jsonl"))


def _read(path: Path) -> Closing:
    with path.open(encoding="utf-8") as lines:
        head = json.loads(next(lines))
    return Closing(
        Month(head["month"], head["calendar"]), int(path.stem), head["zone"], head["week_start"],
        head["closed_at"], head["data_until"], head["options"], head["versions"],
        head["answers"], path,
    )  # fmt: skip
