"""Addresses of the site."""

from __future__ import annotations

from django.urls import include, path

<<<<<<< HEAD
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
=======
from sanjeh.web.pages import agent, agents, cards, exports, figure, glossary, overview, sides, spark
from sanjeh.web.people import seats
>>>>>>> 032e229 (pages: Settings and people by form; a change is a new version.)
from sanjeh.web.people import views as people
from sanjeh.web.steering import (
    decisions,
    definitions,
    events,
    front,
    history,
    holidays,
    hours,
    labels,
    targets,
)

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
    path("settings/", front.show, name="settings"),
    path("settings/refresh/", front.refresh, name="settings-refresh"),
    path("settings/hours/", hours.listed, name="hours"),
    path("settings/hours/new/", hours.new, name="calendar-new"),
    path("settings/hours/of/<path:calendar>/", hours.calendar, name="calendar"),
    path("settings/holidays/", holidays.listed, name="holidays"),
    path("settings/holidays/suggested/", holidays.suggested, name="holidays-suggested"),
    path("settings/holidays/new/", holidays.new, name="holiday-new"),
    path("settings/holidays/day/<path:day>/", holidays.day, name="holiday"),
    path("targets/", targets.listed, name="targets"),
    path("targets/new/", targets.new, name="target-new"),
    path("targets/suggested/", targets.suggested, name="target-suggested"),
    path("targets/of/<path:target>/", targets.target, name="target"),
    path("settings/topics/", labels.topics, name="settings-topics"),
    path("settings/topics/new/", labels.new_topic, name="settings-topic-new"),
    path("settings/topics/of/<path:topic>/", labels.topic, name="settings-topic"),
    path("settings/tags/", labels.tags, name="settings-tags"),
    path("settings/tags/new/", labels.new_tag, name="settings-tag-new"),
    path("settings/tags/of/<path:tag>/", labels.tag_, name="settings-tag"),
    path("settings/events/", events.listed, name="settings-events"),
    path("settings/events/new/", events.new, name="settings-event-new"),
    path("settings/events/of/<path:event>/", events.event, name="settings-event"),
    path("decisions/", decisions.listed, name="decisions"),
    path("settings/definitions/", definitions.show, name="definitions"),
    path("settings/history/<str:kind>/<path:identity>/", history.show, name="settings-history"),
    path("people/", seats.listed, name="people"),
    path("people/of/<int:number>/", seats.person, name="people-person"),
    path("people/trail/", seats.trail, name="trail"),
    path("language/", people.language, name="language"),
    path("welcome/<str:secret>/", people.welcome, name="welcome"),
    path("healthz", people.healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
]
