"""How Django knows this folder."""

from __future__ import annotations

from django.apps import AppConfig


class Handing(AppConfig):
    name = "sanjeh.apps.handing"
    label = "handing"
    default_auto_field = "django.db.models.BigAutoField"
