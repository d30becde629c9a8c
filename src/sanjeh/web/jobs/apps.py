"""The application of long work."""

from __future__ import annotations

from django.apps import AppConfig


class Jobs(AppConfig):
    """Imports, refreshes and sample data, done in the background."""

    name = "sanjeh.web.jobs"
    label = "jobs"
