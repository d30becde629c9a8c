"""Addresses of surveys."""

from __future__ import annotations

from django.urls import path

from sanjeh.web.surveys import links, pages, people

urlpatterns = [
    path("s/stop/<str:token>/", links.stop, name="survey-stop"),
    path("s/<str:token>/thanks/", links.thanks, name="survey-thanks"),
    path("s/<str:token>/", links.answer, name="survey-answer"),
    path("settings/surveys/", pages.listed, name="settings-surveys"),
    path("settings/surveys/new/", pages.new, name="settings-survey-new"),
    path("settings/surveys/of/<int:number>/", pages.survey, name="settings-survey"),
    path("settings/surveys/of/<int:number>/preview/", pages.preview,
         name="settings-survey-preview"),
    path("settings/surveys/of/<int:number>/ask/", people.ask, name="settings-survey-ask"),
    path("settings/surveys/of/<int:number>/question/<int:question>/", pages.question,
         name="settings-question"),
]  # fmt: skip
