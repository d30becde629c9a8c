"""Who answers chats, who watches over them, who sets how they run."""

from __future__ import annotations

from sanjeh.web.people.models import Role
from sanjeh.web.people.roles import Place

ANSWERS = (Role.ADMINISTRATOR, Role.MANAGER, Role.LEAD, Role.AGENT)
SUPERVISES = (Role.ADMINISTRATOR, Role.MANAGER, Role.LEAD)


def answers(place: Place | None) -> bool:
    """Whether a seat opens the agents' console. A guest, whom no account stands for, has none."""
    return place is not None and place.role in ANSWERS


def supervises(place: Place | None) -> bool:
    """Whether a seat opens the board, listens in, takes over; a lead among the own teams only."""
    return place is not None and place.role in SUPERVISES
