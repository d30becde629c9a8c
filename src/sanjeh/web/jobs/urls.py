"""Addresses of the first minute, the sample, long work and data."""

from __future__ import annotations

from django.urls import path

from sanjeh.web.jobs import (
    connections,
    data,
    hooks,
    imported,
    preview,
    progress,
    rejects,
    start,
    uploading,
)

urlpatterns = [
    path("start/", start.show, name="start"),
    path("sample/", start.switch, name="sample"),
    path("jobs/<int:number>/", progress.show, name="job"),
    path("jobs/<int:number>/cancel/", progress.cancel, name="job-cancel"),
    path("data/", data.show, name="data"),
    path("data/refresh/", data.refresh, name="data-refresh"),
    path("data/upload/", uploading.receive, name="data-upload"),
    path("data/seen/<str:token>/", preview.show, name="data-seen"),
    path("data/seen/<str:token>/mend/", preview.mend, name="data-mend"),
    path("data/imported/<int:number>/", imported.show, name="data-imported"),
    path("data/connections/", connections.show, name="connections"),
    path("data/connections/new/<str:helpdesk>/", connections.new, name="connection-new"),
    path("data/connections/of/<str:name>/pull/", connections.pull, name="connection-pull"),
    path("data/connections/of/<str:name>/every/", connections.every, name="connection-every"),
    path("hooks/<str:name>/", hooks.receive, name="hook"),
    path("hooks/<str:name>/<str:word>/", hooks.receive, name="hook-word"),
    path("data/rejects/<int:batch>/", rejects.show, name="data-rejects"),
    path("data/rejects/<int:batch>/file/", rejects.file, name="data-rejects-file"),
]
