"""How Django knows this folder."""

from __future__ import annotations

from django.apps import AppConfig


class Desk(AppConfig):
    name = "sanjeh.apps.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
