"""Tables of the site. No address of a computer and no name of a person is kept here."""

from __future__ import annotations

import secrets

from django.db import models


def new_id() -> str:
    """An id that nobody guesses, of 22 letters."""
    return secrets.token_urlsafe(16)


class Setup(models.Model):
    """What the site may do; one row, made when it is first changed."""

    origins = models.JSONField(default=list)  # ["https://shop.example"], whose pages may call
    internal_networks = models.JSONField(default=list)  # ["10.0.0.0/8"]: ourselves
    internal_domains = models.JSONField(default=list)  # ["shop.example"]: mail of ourselves
    assumes_consent = models.BooleanField(default=False)  # where a page says nothing of consent
    takes_from_pages = models.BooleanField(default=True)  # conversions that a page tells
    currency = models.CharField(max_length=3, blank=True)  # where a conversion names none


class Secret(models.Model):
    """A secret shared with the shop's server; several hold while one is being changed."""

    class Purpose(models.TextChoices):
        IDENTITY = "identity"  # signs who a customer is
        CONVERSIONS = "conversions"  # signs what was bought

    purpose = models.CharField(max_length=20, choices=Purpose)
    value = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # None: holds until it is changed


class Visitor(models.Model):
    """A browser that came. Its `id` is the one the ledger knows."""

    id = models.CharField(max_length=40, primary_key=True, default=new_id)
    customer_id = models.CharField(max_length=200, blank=True, db_index=True)
    first_seen_at = models.DateTimeField()
    consents = models.BooleanField(default=False)  # to being recorded
    robot = models.CharField(max_length=10, blank=True)  # how it is known: agent, behaviour
    is_internal = models.BooleanField(default=False)


class Visit(models.Model):
    """Pages seen with no half hour of silence between."""

    id = models.CharField(max_length=40, primary_key=True, default=new_id)
    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="visits")
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    referrer = models.CharField(max_length=1000, blank=True)
    landing_url = models.CharField(max_length=1000, blank=True)
    utm = models.JSONField(default=dict)
    device = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["visitor"], condition=models.Q(ended_at=None), name="one_visit_at_once"
            ),
        )
        indexes = (models.Index(fields=["ended_at", "last_at"], name="silent_visits"),)


class PageSeen(models.Model):
    """One page seen."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="pages")
    at = models.DateTimeField()
    url = models.CharField(max_length=1000)
    title = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=40, null=True)  # the page's own, so that twice is once

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["visit", "key"], name="one_page_a_key"),
            models.UniqueConstraint(fields=["visit", "at", "url"], name="one_page_an_instant"),
        )


class InvitationRule(models.Model):
    """Who is invited to chat without having asked."""

    name = models.CharField(max_length=100)
    is_on = models.BooleanField(default=True)
    pages = models.CharField(max_length=300, default="*")  # of the path; * stands for anything
    seconds = models.PositiveIntegerField(default=20)  # on the page, before it is shown
    visits = models.PositiveIntegerField(default=1)  # this one counted
    texts = models.JSONField(default=dict)  # by language: {"en": "…"}
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("order", "id")


class Invitation(models.Model):
    """An invitation that was shown."""

    class Result(models.TextChoices):
        ACCEPTED = "accepted"
        DISMISSED = "dismissed"
        IGNORED = "ignored"

    id = models.CharField(max_length=40, primary_key=True, default=new_id)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="invitations")
    rule = models.ForeignKey(InvitationRule, null=True, on_delete=models.SET_NULL)
    agent_id = models.CharField(max_length=80, blank=True)  # "member-3"; empty: a rule invited
    text = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    result = models.CharField(max_length=10, choices=Result, blank=True)
    settled_at = models.DateTimeField(null=True)
    conversation_id = models.CharField(max_length=80, blank=True)


class Conversion(models.Model):
    """A purchase, a sign-up or another action that was hoped for."""

    class Status(models.TextChoices):
        DONE = "done"
        CANCELLED = "cancelled"
        REFUNDED = "refunded"

    id = models.CharField(max_length=100, primary_key=True)  # the shop's order number, or ours
    visitor = models.ForeignKey(Visitor, null=True, on_delete=models.SET_NULL)
    customer_id = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    type = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DONE)
    told_by = models.CharField(max_length=6)  # page, server
    told_at = models.DateTimeField()  # when the newest word on it was said


class Delivery(models.Model):
    """A signed message that was taken, so that it is not taken twice."""

    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)
