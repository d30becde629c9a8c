"""One table: what waits, what runs, what became of it."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (State.WAITING, State.RUNNING)


class Job(models.Model):
    """One piece of long work.

    No name of a file and no cell of one stands here: an erasure does not look into this table.
    """

    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING, db_index=True)
    who = models.CharField(max_length=150)
    given = models.JSONField(default=dict)  # what the kind of work needs to know
    stage = models.CharField(max_length=20, blank=True)
    share = models.FloatField(default=0)  # of the work done, 0 to 1
    told_at = models.DateTimeField(null=True)  # when the share was written
    is_cancelling = models.BooleanField(default=False)
    attempts = models.IntegerField(default=0)
    result = models.JSONField(null=True)
    error = models.CharField(max_length=20, blank=True)  # a word of `site.jobs.errors`
    detail = models.CharField(max_length=1000, blank=True)  # the error's own words, in English
    made_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True)  # not begun before; null is at once
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in UNFINISHED


class Delivery(models.Model):
    """A webhook that was taken, so that the same one again does nothing. No word of it is kept."""

    connection = models.CharField(max_length=40)
    key = models.CharField(max_length=64)  # a digest
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("connection", "key"), name="a_delivery_once"),
        )
