"""The application of people."""

from __future__ import annotations

from django.apps import AppConfig


class People(AppConfig):
    """Accounts, seats, invitations, the audit trail."""

    name = "sanjeh.web.people"
    label = "people"
