"""Two tables: letters, and addresses that want none."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    """Where a letter stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Letter(models.Model):
    """One letter. Address and text are emptied as soon as it was sent or given up."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=100)
    to = models.CharField(max_length=320)
    sender = models.CharField(max_length=200, blank=True)  # the name beside our own address
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "key"), name="a_letter_once"),)
        indexes = (models.Index(fields=("state", "due_at"), name="letters_due"),)


class Unsubscribed(models.Model):
    """An address that wants no surveys any more: a keyed digest, not the address."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
