"""Every fact, declared by being imported here."""

from __future__ import annotations

from sanjeh.facts import (  # noqa: F401
    agent_time,
    canned,
    chat_content,
    contacts,
    conversations,
    desk_requests,
    efforts,
    feedback,
    handling,
    missed,
    noise,
    places,
    sales,
    segments,
    surroundings,
    surveys,
    tagging,
    ticket_steps,
    tickets,
    turns,
    visits,
    waits,
    workload,
)
from sanjeh.facts.registry import FACTS

__all__ = ["FACTS", "KEPT"]

KEPT = tuple(f for f in FACTS.values() if f.kept)
