"""Tables of people. Figures and settings are no tables: they live in the ledger."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Role(models.TextChoices):
    """What an account may do, from all to reading."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    ANALYST = "analyst"
    LEAD = "lead"
    AGENT = "agent"
    GUEST = "guest"


class Seat(models.Model):
    """The role of an account and whose rows it sees: a lead the teams', an agent the own."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    role = models.CharField(max_length=20, choices=Role, default=Role.GUEST)
    teams = models.JSONField(default=list, blank=True)  # ids of teams in the ledger
    agent = models.CharField(max_length=80, blank=True)  # the agent's pseudonym in the ledger


class Invitation(models.Model):
    """A link that makes one account, once; only a hash of its secret is kept."""

    hashed = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=20, choices=Role)
    teams = models.JSONField(default=list, blank=True)
    agent = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Rule(models.Model):
    """What holds for all accounts; one row, and without it nothing is asked."""

    second_factor = models.BooleanField(default=False)  # administrators must have one


class Trace(models.Model):
    """One line of the audit trail: who did what, and when. Lines are added, never changed."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    who = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    about = models.CharField(max_length=500, blank=True)
