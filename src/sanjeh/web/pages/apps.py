"""The application of pages; it has no tables."""

from __future__ import annotations

from django.apps import AppConfig


class Pages(AppConfig):
    """Figures as pages."""

    name = "sanjeh.web.pages"
    label = "pages"
