"""Addresses of surveys."""

from __future__ import annotations

from django.urls import path

from sanjeh.web.surveys import links

urlpatterns = [
    path("s/stop/<str:token>/", links.stop, name="survey-stop"),
    path("s/<str:token>/thanks/", links.thanks, name="survey-thanks"),
    path("s/<str:token>/", links.answer, name="survey-answer"),
]
