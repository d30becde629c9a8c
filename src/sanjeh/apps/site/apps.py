"""The application of the site."""

from __future__ import annotations

from django.apps import AppConfig


class Site(AppConfig):
    """Visits, invitations, conversions."""

    name = "sanjeh.apps.site"
    label = "site"
