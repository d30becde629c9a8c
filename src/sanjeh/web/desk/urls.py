"""Addresses of the desk's pages."""

from __future__ import annotations

from django.urls import path

from sanjeh.web.desk import live
from sanjeh.web.desk.settings import canned, chat, front, levels, members

urlpatterns = [
    path("", live.console, name="console"),
    path("board/", live.board, name="desk-board"),
    path("settings/", front.show, name="desk-settings"),
    path("settings/members/", members.members, name="desk-members"),
    path("settings/members/<int:number>/", members.member, name="desk-member"),
    path("settings/teams/", members.teams, name="desk-teams"),
    path("settings/teams/new/", members.new_team, name="desk-team-new"),
    path("settings/teams/<int:number>/", members.team, name="desk-team"),
    path("settings/canned/", canned.listed, name="desk-canned"),
    path("settings/canned/new/", canned.new, name="desk-reply-new"),
    path("settings/canned/<int:number>/", canned.reply, name="desk-reply"),
    path("settings/chat/", chat.show, name="desk-chat"),
    path("settings/questions/", chat.questions, name="desk-questions"),
    path("settings/questions/new/", chat.new_question, name="desk-question-new"),
    path("settings/questions/of/<slug:name>/", chat.question, name="desk-question"),
    path("settings/levels/", levels.listed, name="desk-levels"),
    path("settings/levels/new/", levels.new, name="desk-level-new"),
    path("settings/levels/of/<path:level>/", levels.level, name="desk-level"),
]
