"""What the chat asks of surveys: the one to show at the end, and to take its answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sanjeh.apps.surveys import answering
from sanjeh.apps.surveys.about import About
from sanjeh.apps.surveys.asking import following, invite
from sanjeh.apps.surveys.frames import frame
from sanjeh.apps.surveys.links import LinkRefused
from sanjeh.apps.surveys.models import Invitation, Trigger, Way
from sanjeh.apps.surveys.questions import NotAnAnswer

REFUSED = (LinkRefused, NotAnAnswer)
"""What `answer` raises; each has a `code`: unknown, closed, used, needed, scale, choice, long."""


def for_chat(about: About, now: dt.datetime) -> dict[str, Any] | None:
    """The `survey` frame to show in a chat that has ended; None where nothing is to be shown.

    Call it once the chat has ended, and again when the visitor comes back: the first call decides
    and makes invitations, letters among them, further ones show what is still open.
    """
    first: Invitation | None = None
    for survey in following(Trigger.CHAT):
        if survey.way != Way.CHAT:
            invite(survey, about, now)
        elif first is None:  # one a chat
            first = invite(survey, about, now)
    is_over = first is None or first.answered_at is not None or now >= first.closes_at
    return None if first is None or is_over else frame(first)


def answer(invitation: str, answers: Mapping[str, Any], now: dt.datetime) -> None:
    """Take a `rate` frame: the invitation as the frame named it, answers by the question's id.

    The name of an invitation is signed: it cannot be guessed, and another visitor does not have it.
    Errors: those of REFUSED.
    """
    answering.answer(invitation, answers, now, is_whole=False)
