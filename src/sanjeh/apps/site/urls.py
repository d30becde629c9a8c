"""Addresses of the site's record."""

from __future__ import annotations

from django.urls import path

from sanjeh.apps.site import views

urlpatterns = [
    path("site/page", views.page, name="site-page"),
    path("site/convert", views.convert, name="site-convert"),
    path("site/conversions", views.from_server, name="site-conversions"),
]
