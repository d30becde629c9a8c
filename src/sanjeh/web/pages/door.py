"""Answers for many requests at once: a few doors on the current generation, and what they told.

An `Answers` lays out the calendar of one question at a time, so that a request has one to itself.
What was asked is shared by all doors and goes with the generation; statements outlive the process
(`answers/compiled.py`). What a page asks is asked ahead in the background (`warming.py`).
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sanjeh.answers.ask import Answers, NothingImported
from sanjeh.answers.compiled import Remembered
from sanjeh.answers.question import EVERYTHING, Answer, Question, Viewer
from sanjeh.engines.duck import DuckEngine
from sanjeh.facts.generations import Generation
from sanjeh.home import Home
from sanjeh.web.sample import shown_home

DOORS = 3  # two for readers on two cores, one for what is asked ahead
FOLLOWING = 1  # of them at most for what follows pages, so that a page need not wait for it
REMEMBERED = 1000


class Told:
    """What was answered over one generation, for all doors on it."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.outcomes = Remembered()
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._due: dict[str, tuple[Question, Viewer]] = {}
        self._lock = threading.Lock()

    def want(self, question: Question, viewer: Viewer) -> None:
        """Have what adds up in a question counted by day, by who asks ahead."""
        with self._lock:
            self._due[told_by(question, viewer)] = (question, viewer)

    def due(self) -> tuple[Question, Viewer] | None:
        """A question that is to be counted by day; it is on its way then."""
        with self._lock:
            return self._due.pop(next(iter(self._due))) if self._due else None

    def get(self, key: str) -> Answer | None:
        """An answer that was given before."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer; the ones longest not asked for go."""
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)


class Remembering(Answers):
    """Answers that gives what it was asked before again; one generation never changes."""

    def __init__(self, home: Home, told: Told) -> None:
        super().__init__(home.path, home.ledger(), DuckEngine, told.generation, told.outcomes)
        self._told = told
        self._asked: tuple[Question, Viewer] | None = None
        self.count_later = self._want

    def _want(self) -> None:
        if self._asked is not None:
            self._told.want(*self._asked)

    def ask(self, question: Question, viewer: Viewer = EVERYTHING) -> Answer:
        """The figures; see `Answers.ask`."""
        key = told_by(question, viewer)
        # What is told already may have been told without counting it by day.
        found = None if self.counts_at_once else self._told.get(key)
        if found is None:
            self._asked = (question, viewer)
            found = super().ask(question, viewer)
            self._told.put(key, found)
        return found

    def has_told(self, question: Question, viewer: Viewer = EVERYTHING) -> bool:
        """Whether the answer is there already."""
        return self._told.get(told_by(question, viewer)) is not None


def told_by(question: Question, viewer: Viewer) -> str:
    """What tells one reader's question from all others."""
    held = [None if ids is None else sorted(ids) for ids in (viewer.teams, viewer.agents)]
    return repr((question, held))


class Doors:
    """The open doors of one home. A new generation is noticed when a door is next taken."""

    def __init__(self, path: Path) -> None:
        self.home = Home(path)
        self._told: Told | None = None
        self._free: list[Remembering] = []
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(DOORS)
        self._room_behind = threading.BoundedSemaphore(FOLLOWING)
        self._used = 0
        self._left = time.monotonic()
        self._locale: tuple[int, str | None] = (-1, None)

    @property
    def is_busy(self) -> bool:
        """Whether a reader has a door just now."""
        return self._used > 0

    @property
    def quiet(self) -> float:
        """Seconds since the last reader went (or the doors were made); 0 while one is here."""
        return 0.0 if self.is_busy else time.monotonic() - self._left

    @contextmanager
    def answers(self, *, ahead: bool = False, follows: bool = False) -> Iterator[Remembering]:
        """A door on the newest facts, for one request. Raises NothingImported in an empty home.

        ahead: it is no reader who asks. follows: for a part or picture of a page that is there.
        """
        with self._room_behind if follows else nullcontext(), self._room:
            current = self.home.facts().current()
            if current is None:
                raise NothingImported(f"Nothing has been imported into {self.home.path} yet.")
            with self._lock:
                self._used += not ahead
            try:
                door = self._taken(current)
                try:
                    yield door
                finally:
                    door.compiled.statements.save()
                    with self._lock:
                        self._free.append(door)
            finally:
                with self._lock:
                    self._used -= not ahead
                    self._left = self._left if ahead else time.monotonic()

    def due(self) -> tuple[Question, Viewer] | None:
        """A question that is asked so often that it is to be counted by day."""
        with self._lock:
            told = self._told
        return None if told is None else told.due()

    def locale(self) -> str | None:
        """The language of the home, as its settings have it; None where they say nothing."""
        current = self.home.facts().current()
        if current is None:
            return None
        number, known = self._locale
        if number != current.number:
            with self.answers() as answers:
                known = answers.settings.get("locale")
            self._locale = (current.number, known)
        return known

    def _taken(self, current: Generation) -> Remembering:
        with self._lock:
            found = self._free.pop() if self._free else None
            if self._told is None or self._told.generation != current:
                self._told = Told(current)
            told = self._told
        if found is not None and found.generation == current:
            return found
        if found is not None:
            found.close()
        return Remembering(self.home, told)


_doors: dict[Path, Doors] = {}


def doors() -> Doors:
    """The doors of the home that the request is about: the site's own, or a sample."""
    path = shown_home()
    if path not in _doors:
        _doors[path] = Doors(path)
    return _doors[path]


def every() -> list[Doors]:
    """The doors of every home that was asked about."""
    return list(_doors.values())
