"""Addresses beside the sockets."""

from __future__ import annotations

from django.urls import path

from sanjeh.apps.desk.sockets import views

urlpatterns = [
    path("chat/hello", views.hello, name="chat-hello"),
    path("chat/files", views.visitor_file, name="chat-files"),
    path("chat/file/<str:signed>/<str:name>", views.fetch, name="chat-file"),
    path("desk/files", views.member_file, name="desk-files"),
]
