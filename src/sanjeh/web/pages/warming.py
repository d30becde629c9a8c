"""What a morning's pages ask, asked ahead in the background, for every generation of the facts.

It waits for a quiet moment before each question, though not for ever, so that at most one that is
under way is in a reader's way, and it ends when it has taken its share: over a large home what is
asked ahead is the overview and the first families. A question that was worked out once is kept with
the home: the next start finds its statement there. What adds up is counted by day, for every other
period too; and so is what readers ask often, so that none of them waits for the counting.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sanjeh.answers.ask import Answers, NothingImported
from sanjeh.answers.question import EVERYTHING, Answer, Question
from sanjeh.metrics.families import known, members
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.door import Doors, doors, every
from sanjeh.web.pages.overview import compose
from sanjeh.web.pages.seen import Seen
from sanjeh.web.shell import site_language

QUIET, GLANCE = 0.5, 0.05  # seconds without a reader before a question, looking up so often
PATIENCE = 1.0  # seconds of waiting for that at most
SHARE = 60.0  # seconds of asking for one generation, waiting left out
LOOK_AGAIN = 3.0  # seconds between two looks for a new generation
ASK_AGAIN = 60.0  # seconds between two askings ahead: chats in this process wait for Python too
COUNT_AGAIN = 900.0  # seconds between two counts by day: where chats come in, generations come fast
log = logging.getLogger(__name__)


def start() -> threading.Thread:
    """Begin asking ahead for the site's home; ends with the process."""
    thread = threading.Thread(target=_run, name="warming", daemon=True)
    thread.start()
    return thread


def _run() -> None:
    done: Any = None
    counted, asked = -COUNT_AGAIN, -ASK_AGAIN
    pause = threading.Event()
    while True:
        current = doors().home.facts().current()
        if current is not None and current != done and time.monotonic() - asked >= ASK_AGAIN:
            is_due = time.monotonic() - counted >= COUNT_AGAIN
            counted = time.monotonic() if is_due else counted
            try:
                ahead(doors(), by_day=is_due)
            except NothingImported:  # nothing in the record has an instant yet
                log.debug("There is nothing to ask ahead in %s.", current.path)
            except Exception:  # readers ask for themselves, and are told what is wrong
                log.exception("Asking ahead failed for %s.", current.path)
            done, asked = current, time.monotonic()
        for of in every():
            try:
                count_due(of)
            except Exception:  # readers have their answers, from the rows
                log.exception("Counting by day failed in %s.", of.home.path)
        pause.wait(LOOK_AGAIN)


def ahead(of: Doors, *, by_day: bool = True) -> None:
    """Ask what the overview asks, then the families' figures until the share is taken.

    by_day: count what adds up by day at once, over the whole record.
    """
    begun = of.home.facts().current()
    left = SHARE
    with of.answers(ahead=True) as answers, counting(answers, by_day):
        patient = Patient(answers, of)
        compose(patient, Asked(), site_language("en"))
    left -= patient.taken
    for family in known():
        for metric in members(family):
            if left <= 0 or of.home.facts().current() != begun:
                return
            give_way(of)
            started = time.monotonic()
            with of.answers(ahead=True) as answers, counting(answers, by_day):  # given back soon
                enquiry = enquiry_of(Seen(answers, EVERYTHING), Asked())
                if enquiry.has(metric.name):
                    enquiry.ask(metric.name)
            left -= time.monotonic() - started


def count_due(of: Doors) -> None:
    """Count by day what readers ask often."""
    while (due := of.due()) is not None:
        give_way(of)
        with of.answers(ahead=True) as answers, counting(answers, True):
            answers.ask(*due)


@contextmanager
def counting(answers: Answers, by_day: bool) -> Iterator[None]:
    """Count by day at once whatever adds up, so that any other period is answered from it."""
    answers.counts_at_once = by_day
    try:
        yield
    finally:
        answers.counts_at_once = False


class Patient(Seen):
    """Everybody's answers, each asked for in a quiet moment. `taken`: seconds that they took."""

    def __init__(self, answers: Answers, of: Doors) -> None:
        super().__init__(answers, EVERYTHING)
        self.of, self.taken = of, 0.0

    def ask(self, question: Question) -> Answer:
        """The figures."""
        give_way(self.of)
        started = time.monotonic()
        try:
            return super().ask(question)
        finally:
            self.taken += time.monotonic() - started


def give_way(of: Doors) -> None:
    """Wait until nobody has read for a moment, or for as long as one waits."""
    pause, until = threading.Event(), time.monotonic() + PATIENCE
    while of.quiet < QUIET and time.monotonic() < until:
        pause.wait(GLANCE)
