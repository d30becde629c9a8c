"""Addresses of the desk's pages."""

from __future__ import annotations

from django.urls import path

from sanjeh.web.desk import live

urlpatterns = [
    path("", live.console, name="console"),
    path("board/", live.board, name="desk-board"),
]
