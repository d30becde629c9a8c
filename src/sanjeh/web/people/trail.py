"""The audit trail: what people did that others may ask about."""

from __future__ import annotations

from sanjeh.web.people.models import Trace


def trace(who: str, action: str, about: str = "") -> None:
    """Add a line."""
    Trace.objects.create(who=who[:150], action=action, about=about[:500])
