"""The application of letters."""

from __future__ import annotations

from django.apps import AppConfig


class Mail(AppConfig):
    """A queue of letters, and who wants none."""

    name = "sanjeh.apps.mail"
    label = "mail"
