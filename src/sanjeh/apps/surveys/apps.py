"""The application of surveys."""

from __future__ import annotations

from django.apps import AppConfig


class Surveys(AppConfig):
    """Questions, invitations, answers."""

    name = "sanjeh.apps.surveys"
    label = "surveys"

    def ready(self) -> None:
        """An invitation by mail is one as soon as its letter is on its way."""
        from sanjeh.apps.mail.sending import was_sent
        from sanjeh.apps.surveys.letters import on_its_way

        was_sent.connect(on_its_way, dispatch_uid="surveys")
