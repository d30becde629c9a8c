"""Who may take a chat, and for which team."""

from __future__ import annotations

from django.db.models import QuerySet

from sanjeh.apps.desk.models import Chat, Member, Team


def eligible(chat: Chat) -> QuerySet[Member]:
    """Members who might take a chat: its team's, of them those who speak its language, if any."""
    found = Member.objects.filter(is_active=True)
    if chat.team_id is not None and (team := found.filter(teams=chat.team_id)).exists():
        found = team
    if not chat.language:
        return found
    speaking = [
        number
        for number, languages in found.values_list("pk", "languages")
        if chat.language in languages
    ]
    return found.filter(pk__in=speaking) if speaking else found


def team_of(chat: Chat, member: Member) -> Team | None:
    """For which team a member has a chat: the chat's, else the member's first."""
    return chat.team or member.teams.order_by("pk").first()
