"""The worker: does the waiting jobs of one home one after another, and leaves.

Who works holds a lock on a file, which the system lets go of when the process dies however it
dies. So a job that is marked as running while nobody holds the lock was interrupted, and waits
again; what it does can be begun again without doubling anything.
"""

from __future__ import annotations

import errno
import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils import timezone

from sanjeh.facts.generations import FactsError
from sanjeh.hours import HoursError
from sanjeh.ledger import LedgerBusy, LedgerDiskFull, LedgerError
from sanjeh.simulation import SimulationError
from sanjeh.sources import FileUnreadable, MappingError, SourceError
from sanjeh.sources.errors import Busy, Declined, Missing, Refused, Unreachable
from sanjeh.sources.helpdesk.connections import NoCredential
from sanjeh.web.jobs import queue, uploads
from sanjeh.web.jobs.models import Job, State

TOLD_EVERY = 0.25  # seconds between looks at the table
LONGEST = 1000
# The word that the pages have for an error; the nearest class wins.
ERRORS: dict[type[Exception], str] = {
    LedgerBusy: "busy",
    LedgerDiskFull: "full",
    FactsError: "full",
    uploads.Gone: "gone",
    uploads.TooLarge: "large",
    FileUnreadable: "unreadable",
    MappingError: "mapping",
    NoCredential: "key",
    Refused: "key",
    Missing: "helpdesk",
    Declined: "helpdesk",
    Unreachable: "away",
    Busy: "busy",
    SourceError: "unreadable",
    LedgerError: "refused",
    HoursError: "refused",
    SimulationError: "refused",
    OSError: "system",
}
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Cancelled(Exception):
    """Somebody called the job off; whatever it was at leaves things as they were."""


class Work:
    """What a kind of work is given: its job, its home, and whom to tell how far it is."""

    def __init__(self, job: Job, home: Path) -> None:
        self.job, self.home = job, home
        self._told = 0.0

    def part(self, stage: str, start: float, end: float, *, final: bool = False) -> Any:
        """A progress function for one part of the work.

        Errors: Cancelled, raised where the part tells of itself, unless it is `final`.
        """

        def tell(share: float, what: str) -> None:
            self.tell(stage, start + (end - start) * min(max(share, 0.0), 1.0), final=final)

        tell(0.0, "")
        return tell

    def tell(self, stage: str, share: float, *, final: bool = False) -> None:
        """Write down how far it is, a few times a second."""
        now = time.monotonic()
        if now - self._told < TOLD_EVERY and stage == self.job.stage:
            return
        self._told, self.job.stage, self.job.share = now, stage, share
        Job.objects.filter(pk=self.job.pk).update(stage=stage, share=share, told_at=timezone.now())
        if not final and Job.objects.filter(pk=self.job.pk, is_cancelling=True).exists():
            raise Cancelled


@contextmanager
def alone(home: Path) -> Iterator[bool]:
    """Whether this process is the one that works for the home, held while the block lasts."""
    (home / "web").mkdir(parents=True, exist_ok=True)
    with (home / "web" / "worker.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def work_off(home: Path) -> int:
    """Do everything that waits; how many jobs that was. None where another process does."""
    done = 0
    with alone(home) as mine:
        if not mine:
            return 0
        queue.take_up()
        for over in queue.imported():  # the worker may have died before it removed the file
            uploads.drop(home, str(over.given.get("upload", "")))
        while (job := queue.take()) is not None:
            do(job, home)
            done += 1
        uploads.sweep(home, {str(j.given.get("upload")) for j in queue.unfinished()})
    return done


def do(job: Job, home: Path) -> None:
    """Do one job, and write down what became of it.

    What nobody foresaw is not caught: the process dies of it, and the next one tries again.
    """
    from sanjeh.web.jobs.kinds import KINDS

    try:
        result = KINDS[job.kind](Work(job, home))
    except Cancelled:
        uploads.drop(home, str(job.given.get("upload", "")))
        queue.end(job, State.CANCELLED)
    except tuple(ERRORS) as error:
        queue.end(job, State.FAILED, error=word_of(error), detail=words_of(error, job, home))
    else:
        queue.end(job, State.DONE, result=result)
        if job.kind == "import":
            uploads.drop(home, str(job.given.get("upload", "")))


def word_of(error: BaseException) -> str:
    """Which words of the pages speak of an error."""
    if getattr(error, "errno", None) in _FULL:
        return "full"
    found = (ERRORS[kind] for kind in type(error).__mro__ if kind in ERRORS)
    return next(found, "system")


def words_of(error: BaseException, job: Job, home: Path) -> str:
    """The error's own words, without the file's name, which may be a person's."""
    text = str(error)
    upload = uploads.find(home, str(job.given.get("upload", "")))
    if upload is not None:
        text = text.replace(str(upload), "the file").replace(upload.name, "the file")
    return " ".join(text.split())[:LONGEST]
