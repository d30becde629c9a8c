"""Invitations to chat: whom a rule invites, and what came of it.

The widget waits the seconds and looks at the page; the server says which rules are worth waiting
for, keeps what was shown, and settles it once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sanjeh.apps.handing.outbox import hand
from sanjeh.apps.handing.turns import turn
from sanjeh.apps.site import visits
from sanjeh.apps.site.models import Invitation, InvitationRule, Visit

QUIET: Final = dt.timedelta(days=7)
"""Who waved an invitation away is left alone for so long."""
LONGEST: Final = 1000


def offered(visit: Visit | None, language: str, now: dt.datetime) -> list[dict[str, Any]]:
    """The rules for a visit as the widget gets them: {id, pages, seconds, text}.

    None without consent, for machines and ourselves, after an invitation in this visit, and for
    a week after one was waved away.
    """
    if visit is None or visit.visitor.robot or visit.visitor.is_internal:
        return []
    waved_away = Invitation.objects.filter(
        visit__visitor_id=visit.visitor_id, result="dismissed", settled_at__gt=now - QUIET
    )
    if visit.invitations.exists() or waved_away.exists():
        return []
    count = visits.visits_of(visit.visitor_id)
    rules = InvitationRule.objects.filter(is_on=True, visits__lte=count)
    return [
        {"id": rule.id, "pages": rule.pages, "seconds": rule.seconds, "text": text}
        for rule in rules
        if (text := rule.texts.get(language) or rule.texts.get("en") or "")
    ]


@turn()
def shown(
    visit: Visit,
    invitation_id: str,
    now: dt.datetime,
    *,
    rule: int | None = None,
    agent_id: str = "",
    text: str = "",
) -> Invitation | None:
    """Keep that an invitation was shown; the same id again changes nothing.

    Returns None where the id is another visit's.
    """
    found = Invitation.objects.filter(id=invitation_id).first()
    if found is not None:
        return found if found.visit_id == visit.id else None
    known = InvitationRule.objects.filter(id=rule).first() if rule is not None else None
    made = Invitation.objects.create(
        id=invitation_id[:40], visit=visit, rule=known, agent_id=agent_id, at=now,
        text=text[:LONGEST],
    )  # fmt: skip
    _hand(made, now)
    return made


@turn()
def settle(
    invitation_id: str, result: str, now: dt.datetime, *, conversation_id: str = ""
) -> Invitation | None:
    """What came of it: accepted, dismissed or ignored. Only ignored may still become accepted.

    conversation_id: the chat that it led to; it may follow after the acceptance.
    """
    found = Invitation.objects.filter(id=invitation_id).first()
    if found is None or result not in Invitation.Result.values:
        return None
    is_late = found.result == "ignored" and result == "accepted"
    names_chat = bool(conversation_id) and not found.conversation_id and result == "accepted"
    if found.result and not is_late and not (names_chat and found.result == "accepted"):
        return found
    if found.result != result:
        found.result, found.settled_at = result, now
    found.conversation_id = found.conversation_id or conversation_id
    found.save()
    _hand(found, now)
    return found


def _hand(invitation: Invitation, now: dt.datetime) -> None:
    hand(
        "chat_invite",
        {
            "id": invitation.id,
            "session_id": invitation.visit_id,
            "at": invitation.at,
            "by": "agent" if invitation.agent_id else "trigger",
            "agent_id": invitation.agent_id or None,
            "result": invitation.result or None,
            "conversation_id": invitation.conversation_id or None,
            "version_at": now,
        },
    )
