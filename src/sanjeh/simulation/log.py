"""What happened on the floor, as it is written down while it happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from sanjeh.simulation.contacts import Pool

UNKNOWN: Final = float("nan")


class Fate(IntEnum):
    """What became of a contact."""

    PENDING = 0
    SERVED = 1
    MISSED = 2
    OFFLINE = 3
    BOT = 4
    EMPTY = 5
    NOISE = 6
    SPAM = 7
    REPLY = 8  # our own mail about a matter that came in otherwise


class Origin(IntEnum):
    """Why a contact came."""

    FIRST = 0
    RETURN = 1
    REDIAL = 2
    THANKS = 3
    REPLY = 4


class Said(IntEnum):
    """What sort of text a message is."""

    ASK = 0
    DETAIL = 1
    WAITING = 2
    THANKS = 3
    ANSWER = 4
    BACK = 5
    NOTE = 6
    GREETING = 7
    BOT_ANSWER = 8
    ACKNOWLEDGEMENT = 9
    OUT_OF_OFFICE = 10
    BOUNCE = 11
    NEWSLETTER = 12
    SPAM = 13


CUSTOMER, AGENT, BOT, SYSTEM = range(4)
ACTORS: Final = ("customer", "agent", "bot", "system")
STATUSES: Final = ("new", "open", "pending_customer", "on_hold", "solved", "closed")
NEW, OPEN, PENDING, HOLD, SOLVED, CLOSED = STATUSES
END_REASONS: Final = ("agent", "customer_left", "timeout", "transferred_out", "system")
BY_AGENT, BY_CUSTOMER, BY_TIMEOUT, _, BY_SYSTEM = range(5)


@dataclass
class Segment:
    """One agent's stretch. `spoken_until`: the last message in it; exchanges: pairs after it."""

    contact: int
    ticket: int
    agent: int
    offered: float
    accepted: float
    left: float
    reason: str
    wrapup: float = 0.0
    spoken_until: float = UNKNOWN
    exchanges: int = 0
    pause: float = 0.0


@dataclass
class Ticket:
    """One ticket under way. `talk` is the contact whose conversation carries its mails."""

    contact: int
    talk: int
    created: float
    by: int
    team: int
    opening_team: int
    rounds: int
    is_urgent: bool
    assignee: int = -1
    turns: int = 0
    status: str = NEW
    reopened: bool = False
    held: bool = False
    solved_at: float = UNKNOWN
    first_solved_at: float = UNKNOWN
    reopened_at: float = UNKNOWN
    old_topic: int = -1


@dataclass
class Log:
    """Everything that happened. Lists by contact have a place for every contact of the pool."""

    size: int
    at: list[float] = field(default_factory=list)
    channel: list[int] = field(default_factory=list)
    customer: list[int] = field(default_factory=list)
    topic: list[int] = field(default_factory=list)
    used: int = 0
    segments: list[Segment] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    # (ticket, at, type, from, to, actor, agent)
    ticket_events: list[tuple[int, float, str, str | None, str | None, int, int]] = field(
        default_factory=list
    )
    # (contact, at, author, agent, said)
    messages: list[tuple[int, float, int, int, int]] = field(default_factory=list)
    # (contact, at, from agent, to agent or -1)
    transfers: list[tuple[int, float, int, int]] = field(default_factory=list)
    # (contact, ticket, at, initiator, from agent)
    escalations: list[tuple[int, int, float, str, int]] = field(default_factory=list)
    # (contact, at, agent)
    followups: list[tuple[int, float, int]] = field(default_factory=list)

    @classmethod
    def of(cls, pool: Pool, at: list[float], channel: list[int]) -> Log:
        """A log with the first contacts in it and room for those that follow."""
        spare = pool.size - pool.first
        return cls(
            pool.size,
            at=at + [UNKNOWN] * spare,
            channel=channel + [0] * spare,
            customer=pool.customer.tolist(),
            topic=pool.topic.tolist(),
            used=pool.first,
        )

    def __post_init__(self) -> None:
        size = self.size
        self.fate = [int(Fate.PENDING)] * size
        self.origin = [int(Origin.FIRST)] * size
        self.parent = [-1] * size
        self.queued = [UNKNOWN] * size
        self.human_requested = [UNKNOWN] * size
        self.bot_until = [UNKNOWN] * size
        self.answered = [UNKNOWN] * size  # the first acceptance
        self.ended = [UNKNOWN] * size
        self.end_reason = [-1] * size
        self.outcome: list[str | None] = [None] * size
        self.unresolved_reason: list[str | None] = [None] * size
        self.missed_reason: list[str | None] = [None] * size
        self.ticket = [-1] * size
        self.last_agent = [-1] * size
        self.proactive = [False] * size
        self.returned_at = [UNKNOWN] * size
        self.replies = [0] * size  # public answers by mail
        self.escalated = [False] * size
        self.transferred = [False] * size

    def follow(self, parent: int, at: float, channel: int, origin: Origin) -> int | None:
        """A further contact of the same customer about the same matter; None: no room left."""
        if self.used >= self.size:
            return None
        child = self.used
        self.used += 1
        self.at[child] = at
        self.channel[child] = channel
        self.customer[child] = self.customer[parent]
        self.topic[child] = self.topic[parent]
        self.origin[child] = int(origin)
        self.parent[child] = parent
        return child
