"""Tables of surveys: what is asked, who was, who was not and why, what they said."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models

from sanjeh.apps.surveys.questions import EXPECTATIONS


class Trigger(models.TextChoices):
    """What a survey follows."""

    CHAT = "chat"
    TICKET = "ticket"
    LIST = "list"


class Way(models.TextChoices):
    """How it reaches the customer."""

    CHAT = "chat"
    MAIL = "mail"
    LINK = "link"


SCOPES = ("support", "website", "journey", "product")
POLARITIES = ("high_good", "low_good")
INCLUDED = ("spam", "test", "missed")  # chats that are asked after only where chosen
REASONS = (
    "spam", "test", "missed", "language", "no_customer", "no_address", "unsubscribed",
    "not_sampled", "quiet",
)  # fmt: skip


def new_handle() -> str:
    """What an invitation is called: nobody guesses it, and it is signed besides."""
    return secrets.token_urlsafe(12)


class Survey(models.Model):
    """One survey, with its rule: whom, when, how often."""

    name = models.CharField(max_length=200)
    sender = models.CharField(max_length=200, blank=True)  # whom the customer is asked by
    touchpoint = models.CharField(max_length=60, default="support")
    scope = models.CharField(max_length=10, default="support")
    trigger = models.CharField(max_length=10, choices=Trigger, default=Trigger.CHAT)
    way = models.CharField(max_length=10, choices=Way, default=Way.CHAT)
    share = models.FloatField(default=1.0)  # of those who may be asked, 0 to 1
    quiet_days = models.IntegerField(default=0)  # not asked again at the touchpoint within
    closes_days = models.IntegerField(default=7)
    delay_minutes = models.IntegerField(default=0)  # of a letter
    languages = models.JSONField(default=list)  # empty is all
    include = models.JSONField(default=list)  # of INCLUDED
    may_change = models.BooleanField(default=True)
    opens_complaint = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    def asked(self) -> list[Question]:
        """Its questions of today, in order."""
        return list(self.questions.filter(retired_at=None).order_by("place", "pk"))


class Question(models.Model):
    """One question in one version that can be compared; a change of its sense makes another."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    code = models.CharField(max_length=60, unique=True)  # the survey's id in the record
    place = models.IntegerField(default=0)
    kind = models.CharField(max_length=12)
    texts = models.JSONField(default=dict)  # by language
    low = models.IntegerField(null=True)
    high = models.IntegerField(null=True)
    low_labels = models.JSONField(default=dict)
    high_labels = models.JSONField(default=dict)
    options = models.JSONField(default=list)  # [{"value": …, "texts": {…}}]
    satisfied = models.JSONField(default=list)
    polarity = models.CharField(max_length=10, default="high_good")
    is_required = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    @property
    def values(self) -> list[str]:
        """What may be chosen, where it is a choice."""
        if self.kind == "expectation":
            return list(EXPECTATIONS)
        return [str(option["value"]) for option in self.options]

    @property
    def is_scored(self) -> bool:
        """Whether it has a scale."""
        return self.low is not None

    def said(self, field: str, language: str) -> str:
        """Its words in a language; else English; else whatever there is."""
        return spoken(getattr(self, field), language)


def spoken(words: dict[str, Any], language: str) -> str:
    """The words in a language; else in English; else in any."""
    found = words.get(language) or words.get("en") or next((w for w in words.values() if w), "")
    return str(found)


class Invitation(models.Model):
    """One customer asked once about one thing. What it is about are plain ids of the record."""

    handle = models.CharField(max_length=32, unique=True, default=new_handle)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations")
    subject = models.CharField(max_length=64)  # a digest of what it is about
    source = models.CharField(max_length=40)
    conversation_id = models.CharField(max_length=200, blank=True)
    ticket_id = models.CharField(max_length=200, blank=True)
    customer_id = models.CharField(max_length=200, blank=True)
    agent_id = models.CharField(max_length=200, blank=True)
    team_id = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8)
    channel = models.CharField(max_length=60, blank=True)
    touchpoint = models.CharField(max_length=60)
    segment = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=10, choices=Way)
    address = models.CharField(max_length=64, blank=True)  # a digest
    questions = models.ManyToManyField(Question)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # none while a letter waits
    closes_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    has_complaint = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("survey", "subject"), name="asked_once_about_a_thing"),
        )
        indexes = (
            models.Index(fields=("source", "customer_id", "touchpoint"), name="asked_whom_where"),
            models.Index(fields=("address", "touchpoint"), name="asked_at_which_address"),
        )

    def asked(self) -> list[Question]:
        """The questions that were put, in order."""
        return list(self.questions.order_by("place", "pk"))


class Answer(models.Model):
    """The answer to one question of an invitation, as it is now."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT)
    score = models.FloatField(null=True)
    choice = models.CharField(max_length=200, blank=True)
    comment = models.TextField(blank=True)
    submitted_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("invitation", "question"), name="an_answer_once"),
        )


class Unasked(models.Model):
    """That somebody was not asked, and why: counted, without a person in it."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="unasked")
    subject = models.CharField(max_length=64)
    reason = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("survey", "subject"), name="unasked_counted_once"),
        )
