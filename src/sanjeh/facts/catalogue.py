"""Every fact, declared by being imported here."""

from __future__ import annotations

from sanjeh.facts import (  # noqa: F401
    conversations,
    noise,
    places,
    surroundings,
    ticket_steps,
    tickets,
)
from sanjeh.facts.registry import FACTS

__all__ = ["FACTS", "KEPT"]

KEPT = tuple(f for f in FACTS.values() if f.kept)
