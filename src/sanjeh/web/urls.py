"""Addresses of the site."""

from __future__ import annotations

from django.urls import include, path

from sanjeh.web.pages import (
    agent,
    agents,
    backlog,
    cards,
    conversation,
    exports,
    figure,
    find,
    glossary,
    overview,
    pictures,
    rows,
    sides,
    spark,
    topics,
    waiting,
)
from sanjeh.web.people import views as people

urlpatterns = [
    path("", overview.show, name="overview"),
    path("team/", sides.show, {"group": "team"}, name="team"),
    path("business/", sides.show, {"group": "business"}, name="business"),
    path("agents/", agents.show, name="agents"),
    path("agent/<str:agent>/", agent.show, name="agent"),
    path("topics/", topics.show, name="topics"),
    path("figures/", overview.families, name="figures"),
    path("figures/<str:family>/", overview.family, name="family"),
    path("figure/<str:metric>/", figure.show, name="figure"),
    path("figure/<str:metric>/spark.svg", spark.show, name="spark"),
    path("figure/<str:metric>/later/curve/", figure.curve, name="curve"),
    path("figure/<str:metric>/picture/", pictures.figure_picture, name="figure-picture"),
    path("figure/<str:metric>/rows/", rows.show, name="rows"),
    path("figure/<str:metric>/file/", exports.figure_file, name="figure-file"),
    path("figure/<str:metric>/rows/file/", exports.rows_file, name="rows-file"),
    path("ticket/<path:ticket>/", cards.ticket, name="ticket"),
    path("conversation/<path:conversation>/", conversation.show, name="conversation"),
    path("waiting/", waiting.show, name="waiting"),
    path("backlog/", backlog.show, name="backlog"),
    path("find/", find.show, name="find"),
    path("glossary/", glossary.show, name="glossary"),
    path("language/", people.language, name="language"),
    path("welcome/<str:secret>/", people.welcome, name="welcome"),
    path("healthz", people.healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
]
