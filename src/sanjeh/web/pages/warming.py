"""What a morning's pages ask, asked ahead in the background, for every generation of the facts.

One door at most is taken, so that readers have the others. A question that was worked out once is
kept with the home: the next start finds its statement there.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from sanjeh.answers.question import EVERYTHING
from sanjeh.metrics.families import known, members
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.door import Doors, doors
from sanjeh.web.pages.overview import compose
from sanjeh.web.pages.seen import Seen
from sanjeh.web.shell import site_language

PATIENCE, GLANCE = 3.0, 0.05  # seconds that a question gives way to readers, looking up so often
LOOK_AGAIN = 3.0  # seconds between two looks for a new generation
log = logging.getLogger(__name__)


def start() -> threading.Thread:
    """Begin asking ahead for the site's home; ends with the process."""
    thread = threading.Thread(target=_run, name="warming", daemon=True)
    thread.start()
    return thread


def _run() -> None:
    done: Any = None
    pause = threading.Event()
    while True:
        current = doors().home.facts().current()
        if current is not None and current != done:
            try:
                ahead(doors())
            except Exception:  # readers ask for themselves, and are told what is wrong
                log.exception("Asking ahead failed for %s.", current.path)
            done = current
        pause.wait(LOOK_AGAIN)


def ahead(of: Doors) -> None:
    """Ask what the overview asks, then every family's headline figures."""
    with of.answers() as answers:
        compose(Seen(answers, EVERYTHING), Asked(), site_language("en"))
    for family in known():
        for metric in members(family):
            _give_way(of)
            with of.answers() as answers:  # given back before the next
                enquiry = enquiry_of(Seen(answers, EVERYTHING), Asked())
                if enquiry.has(metric.name):
                    enquiry.ask(metric.name)


def _give_way(of: Doors) -> None:
    """Wait while somebody reads, but not for ever: what is asked ahead spares the next one."""
    pause = threading.Event()
    for _ in range(round(PATIENCE / GLANCE)):
        if not of.is_busy:
            return
        pause.wait(GLANCE)
