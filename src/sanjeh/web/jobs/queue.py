"""Adding work, calling it off, and what waits; every change is one statement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone

from sanjeh.web.jobs.models import UNFINISHED, Job, State

ATTEMPTS = 3
TOGETHER = dt.timedelta(seconds=30)  # pulls that are asked for within this are one
REMEMBERED = 20


def add(kind: str, who: str, **given: Any) -> Job:
    """A new job; where the same is waiting already, that one."""
    waiting = Job.objects.filter(kind=kind, given=given, state__in=UNFINISHED).first()
    return waiting or Job.objects.create(kind=kind, who=who[:150], given=given)


def refresh(who: str) -> Job:
    """A refresh that begins from now on: one that runs may have read the record already."""
    waiting = Job.objects.filter(kind="refresh", state=State.WAITING).first()
    return waiting or Job.objects.create(kind="refresh", who=who[:150])


def pull(connection: str, who: str, lag: float = 0.0) -> Job:
    """A pull that begins from now on: one that runs may be past what is asked for.

    lag: seconds after a change before the vendor lists it; the pull begins when they are over.
    """
    waiting = Job.objects.filter(
        kind="pull", given={"connection": connection}, state=State.WAITING
    ).order_by("pk")
    if not lag:
        waiting.update(due_at=None)
        found = waiting.first()
    else:
        listed = timezone.now() + dt.timedelta(seconds=lag)
        found = waiting.filter(due_at__gte=listed).first()
    return found or Job.objects.create(
        kind="pull", who=who[:150], given={"connection": connection},
        due_at=listed + TOGETHER if lag else None,
    )  # fmt: skip


def again(job: Job) -> Job:
    """The same work once more, behind what waits."""
    return pull(str(job.given["connection"]), job.who)


def cancel(job: Job) -> None:
    """Call a job off: at once while it waits, at its next step while it runs."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job.pk, state=State.WAITING)
    if not waiting.update(state=State.CANCELLED, ended_at=now):
        Job.objects.filter(pk=job.pk, state=State.RUNNING).update(is_cancelling=True)


def unfinished() -> list[Job]:
    """What waits or runs, in the order in which it is done."""
    return list(Job.objects.filter(state__in=UNFINISHED).order_by("pk"))


def imported() -> list[Job]:
    """The last imports that are over and need their files no more."""
    over = Job.objects.filter(kind="import", state__in=(State.DONE, State.CANCELLED))
    return list(over.order_by("-pk")[:REMEMBERED])


def is_waiting() -> bool:
    """Whether there is something to be begun now, or begun again."""
    return Job.objects.filter(_due() | Q(state=State.RUNNING)).exists()


def _due() -> Q:
    return Q(state=State.WAITING) & (Q(due_at=None) | Q(due_at__lte=timezone.now()))


def take() -> Job | None:
    """The next job, marked as running; only for who holds the home's lock of workers."""
    job = Job.objects.filter(_due()).order_by("pk").first()
    if job is None:
        return None
    taken = Job.objects.filter(pk=job.pk, state=State.WAITING).update(
        state=State.RUNNING, begun_at=timezone.now(), attempts=job.attempts + 1, share=0, stage=""
    )
    return Job.objects.get(pk=job.pk) if taken else take()


def take_up() -> None:
    """What ran when its worker was killed waits again; what killed its workers has failed."""
    running = Job.objects.filter(state=State.RUNNING)
    running.filter(is_cancelling=True).update(state=State.CANCELLED, ended_at=timezone.now())
    running.filter(attempts__gte=ATTEMPTS).update(
        state=State.FAILED, error="killed", ended_at=timezone.now()
    )
    running.update(state=State.WAITING)


def end(job: Job, state: State, **outcome: Any) -> None:
    """Write down what became of a job."""
    Job.objects.filter(pk=job.pk).update(
        state=state, ended_at=timezone.now(), share=1 if state == State.DONE else job.share,
        **outcome,
    )  # fmt: skip
