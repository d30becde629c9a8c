"""Asking for a rating: what the desk tells the surveys of a chat, and takes for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sanjeh.apps.desk import signals
from sanjeh.apps.desk.models import Chat, Member
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.desk.rules import rules
from sanjeh.apps.surveys import chat as surveys
from sanjeh.apps.surveys.about import About


def ask(now: dt.datetime, chat: Chat) -> None:
    """Tell the visitor of the survey that follows a chat that is over, if one does."""
    shown = pending(now, chat)
    if shown is not None:
        signals.tell(now, [signals.of_visitor(chat.visitor)], shown)


def pending(now: dt.datetime, chat: Chat) -> dict[str, Any] | None:
    """The `survey` frame of a chat that is over; None where nothing is to be asked any more."""
    return surveys.for_chat(about(chat), now) if chat.is_over and not chat.is_offline else None


def about(chat: Chat) -> About:
    """A chat as surveys know it; the answers are about who answered last."""
    number = (
        chat.entries.filter(author_type="agent", kind="message")
        .order_by("-number")
        .values_list("member_id", flat=True)
        .first()
    )
    member = Member.objects.filter(pk=number).first() if number is not None else None
    return About(
        conversation_id=chat.key,
        customer_id=chat.customer.key,
        agent_id=member.key if member else "",
        team_id=chat.team.key if chat.team else "",
        language=chat.language or "en",
        channel=rules().channel,
        email=chat.customer.email,
        name=chat.customer.name,
        is_missed=chat.answered_at is None,
    )


def answered(now: dt.datetime, invitation: str, answers: Mapping[str, Any]) -> None:
    """Take the answers to a survey.

    Errors: Refused where the survey is closed or an answer is outside of its scale.
    """
    try:
        surveys.answer(invitation, answers, now)
    except surveys.REFUSED as error:
        raise Refused(error.code, f"answers: {error}") from error
