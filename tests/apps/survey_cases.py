"""Surveys of our own in a test: made in short, their chats as plain values, and the record."""

from __future__ import annotations

import datetime as dt
from typing import Any

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)  # a Monday
DAY = dt.timedelta(days=1)


def survey(*kinds: str, **fields: Any) -> Any:
    """A survey with usual questions, after a chat and shown in it unless it says otherwise."""
    from sanjeh.apps.surveys import editing

    return editing.make({"name": "After a chat", "sender": "Shop", **fields}, kinds, NOW)


def chat(number: int, customer: str = "", **fields: Any) -> Any:
    """A chat that ended."""
    from sanjeh.apps.surveys.about import About

    return About(
        conversation_id=f"chat-{number}", customer_id=customer or f"visitor-{number}",
        agent_id=fields.pop("agent_id", "member-1"), **fields,
    )  # fmt: skip


def codes(made: Any) -> list[str]:
    """The ids of a survey's questions."""
    return [q.code for q in made.asked()]


def reasons(made: Any) -> dict[str, int]:
    """Why how many were not asked."""
    from django.db.models import Count

    found = made.unasked.values_list("reason").annotate(Count("pk"))
    return dict(found)
