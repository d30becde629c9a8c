"""Answers for many requests at once: a few doors on the current generation, and what they told.

An `Answers` lays out the calendar of one question at a time, so that a request has one to itself.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from sanjeh.answers.ask import Answers, NothingImported
from sanjeh.answers.question import EVERYTHING, Answer, Question, Viewer
from sanjeh.engines.duck import DuckEngine
from sanjeh.facts.generations import Generation
from sanjeh.home import Home

DOORS = 2
REMEMBERED = 1000


class Remembering(Answers):
    """Answers that gives what it was asked before again; one generation never changes."""

    def __init__(self, *given: Any, told: OrderedDict[str, Answer], **named: Any) -> None:
        super().__init__(*given, **named)
        self._told = told

    def ask(self, question: Question, viewer: Viewer = EVERYTHING) -> Answer:
        """The figures; see `Answers.ask`."""
        key = repr((self.generation.number, question, viewer.scope))
        found = self._told.get(key)
        if found is None:
            found = super().ask(question, viewer)
            self._told[key] = found
            while len(self._told) > REMEMBERED:
                self._told.popitem(last=False)
        return found


class Doors:
    """The open doors of one home. A new generation is noticed when a door is next taken."""

    def __init__(self, path: Path) -> None:
        self.home = Home(path)
        self._told: OrderedDict[str, Answer] = OrderedDict()
        self._free: list[Remembering] = []
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(DOORS)

    @contextmanager
    def answers(self) -> Iterator[Answers]:
        """A door on the newest facts, for one request. Raises NothingImported in an empty home."""
        with self._room:
            current = self.home.facts().current()
            if current is None:
                raise NothingImported(f"Nothing has been imported into {self.home.path} yet.")
            door = self._taken(current)
            try:
                yield door
            finally:
                with self._lock:
                    self._free.append(door)

    def _taken(self, current: Generation) -> Remembering:
        with self._lock:
            found = self._free.pop() if self._free else None
        if found is not None and found.generation.number == current.number:
            return found
        if found is not None:
            found.close()
        return Remembering(self.home.path, self.home.ledger(), DuckEngine, told=self._told)


_doors: dict[Path, Doors] = {}


def doors() -> Doors:
    """The doors of the site's home."""
    path = Path(settings.HOME)
    if path not in _doors:
        _doors[path] = Doors(path)
    return _doors[path]
