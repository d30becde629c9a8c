"""How Django knows this folder."""

from __future__ import annotations

from django.apps import AppConfig


class Sockets(AppConfig):
    name = "sanjeh.apps.desk.sockets"
    label = "desk_sockets"
    default_auto_field = "django.db.models.BigAutoField"
