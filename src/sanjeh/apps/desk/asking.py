"""Asking for a rating: the surveys' part of a chat, as far as the desk knows of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sanjeh.apps.desk import signals
from sanjeh.apps.desk.models import Chat
from sanjeh.apps.desk.refusals import Refused


def ask(now: dt.datetime, chat: Chat) -> None:
    """Tell the visitor of the survey that follows an answered chat, if one does."""
    shown = pending(now, chat)
    if shown is not None:
        signals.tell(now, [signals.of_visitor(chat.visitor)], shown)


def pending(now: dt.datetime, chat: Chat) -> dict[str, Any] | None:
    """The `survey` frame of a chat that is over; None where nothing is to be asked."""
    return None


def answered(now: dt.datetime, invitation: str, answers: Mapping[str, Any]) -> None:
    """Take the answers to a survey.

    Errors: Refused where the survey is closed or an answer is outside of its scale.
    """
    raise Refused("unknown", "invitation: there is no survey")
