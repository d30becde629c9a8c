"""The application of people."""

from __future__ import annotations

from django.apps import AppConfig


class People(AppConfig):
    """Accounts, seats, invitations, the audit trail."""

    name = "sanjeh.web.people"
    label = "people"

    def ready(self) -> None:
        """Have seats bring members of the desk along."""
        from django.contrib.auth.models import User
        from django.db.models.signals import post_save

        from sanjeh.web.people.answering import account_saved, seat_saved
        from sanjeh.web.people.models import Seat

        post_save.connect(seat_saved, sender=Seat, dispatch_uid="seat")
        post_save.connect(account_saved, sender=User, dispatch_uid="account")
