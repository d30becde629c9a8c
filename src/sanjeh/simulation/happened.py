"""The log as arrays, one place a contact, and what of it is known at the cut."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sanjeh.simulation.columns import Clock, Flags, Floats, Ints
from sanjeh.simulation.contacts import Pool
from sanjeh.simulation.log import Fate, Log, Origin, Segment
from sanjeh.simulation.probabilities import Probabilities
from sanjeh.simulation.staff import Staff
from sanjeh.simulation.timeline import Timeline


@dataclass(frozen=True)
class Happened:
    """A finished run and all that it was drawn from."""

    timeline: Timeline
    chances: Probabilities
    staff: Staff
    pool: Pool
    log: Log
    seed: int

    @property
    def size(self) -> int:
        """How many contacts there were."""
        return self.log.used

    @property
    def strangers(self) -> int:
        """Visitors with this number or a higher one never became customers."""
        return int(self.pool.customer.max()) + 1

    @property
    def clock(self) -> Clock:
        """Seconds to instants."""
        return self.timeline.clock

    def _floats(self, values: list[float]) -> Floats:
        return np.array(values[: self.size], dtype=np.float64)

    def _ints(self, values: list[int]) -> Ints:
        return np.array(values[: self.size], dtype=np.int64)

    @cached_property
    def at(self) -> Floats:
        """When each contact came; our own mails: when work on the first began, or NaN."""
        return self._floats(self.log.at)

    @cached_property
    def channel(self) -> Ints:
        """The place of its channel."""
        return self._ints(self.log.channel)

    @cached_property
    def kind(self) -> NDArray[np.str_]:
        """The kind of its channel."""
        kinds = np.array([channel.kind for channel in self.timeline.shop.channels])
        return np.asarray(kinds[self.channel])

    @cached_property
    def customer(self) -> Ints:
        """Its customer."""
        return self._ints(self.log.customer)

    @cached_property
    def topic(self) -> Ints:
        """The place of its topic."""
        return self._ints(self.log.topic)

    @cached_property
    def complexity(self) -> Ints:
        """0 low, 1 medium, 2 high."""
        return self.pool.complexity[: self.size]

    @cached_property
    def origin(self) -> Ints:
        """Why it came."""
        return self._ints(self.log.origin)

    @cached_property
    def answered(self) -> Floats:
        """When an agent took it (mail: when the first answer went out)."""
        return self._floats(self.log.answered)

    @cached_property
    def ended(self) -> Floats:
        """When it ended; NaN when it has not by the cut."""
        ended = self._floats(self.log.ended)
        return np.where(ended <= self.clock.cut, ended, np.nan)

    @cached_property
    def has_ended(self) -> Flags:
        """Whether it ended by the cut."""
        return ~np.isnan(self.ended)

    @cached_property
    def queued(self) -> Floats:
        """When it entered the queue."""
        return self._floats(self.log.queued)

    @cached_property
    def human_requested(self) -> Floats:
        """When the customer asked the bot for a person."""
        return self._floats(self.log.human_requested)

    @cached_property
    def bot_until(self) -> Floats:
        """When the bot's part ended."""
        return self._floats(self.log.bot_until)

    @cached_property
    def fate(self) -> Ints:
        """What had become of it by the cut."""
        fate = self._ints(self.log.fate)
        unanswered = (fate == Fate.SERVED) & ~(self.answered <= self.clock.cut)
        unended = np.isin(fate, (Fate.MISSED, Fate.BOT, Fate.OFFLINE)) & ~self.has_ended
        return np.asarray(np.where(unanswered | unended, int(Fate.PENDING), fate))

    @cached_property
    def is_visible(self) -> Flags:
        """Whether there is a conversation: our own mails only once begun."""
        return np.asarray((self.origin != Origin.REPLY) | (self.at <= self.clock.cut))

    @cached_property
    def is_proactive(self) -> Flags:
        """Whether an invitation began it."""
        return np.array(self.log.proactive[: self.size], dtype=np.bool_)

    @cached_property
    def ticket(self) -> Ints:
        """Its ticket, or -1."""
        return self._ints(self.log.ticket)

    @cached_property
    def last_agent(self) -> Ints:
        """The agent who had it last, or -1."""
        return self._ints(self.log.last_agent)

    @cached_property
    def is_escalated(self) -> Flags:
        """Whether it was taken a level up."""
        return np.array(self.log.escalated[: self.size], dtype=np.bool_)

    @cached_property
    def is_transferred(self) -> Flags:
        """Whether it was handed over."""
        return np.array(self.log.transferred[: self.size], dtype=np.bool_)

    @cached_property
    def returned_at(self) -> Floats:
        """When the customer came again about it; NaN if not."""
        return self._floats(self.log.returned_at)

    @cached_property
    def is_solved(self) -> Flags:
        """Whether it was recorded as solved by the cut."""
        outcome: Flags = np.array([o == "resolved" for o in self.log.outcome[: self.size]])
        return np.asarray(outcome & self.has_ended)

    @cached_property
    def has_followup(self) -> Flags:
        """Whether a later contact was promised."""
        found = np.zeros(self.size, dtype=np.bool_)
        found[[c for c, _, _ in self.log.followups]] = True
        return found

    @cached_property
    def was_reopened(self) -> Flags:
        """Whether its ticket came back."""
        back = np.array([t.reopened for t in self.log.tickets] + [False], dtype=np.bool_)
        return np.asarray(back[self.ticket])

    @cached_property
    def stretches(self) -> Stretches:
        """The agents' stretches, offers that were not taken among them."""
        return Stretches.of(self.log.segments)


@dataclass(frozen=True)
class Stretches:
    """Segments as arrays."""

    contact: Ints
    ticket: Ints
    agent: Ints
    offered: Floats
    accepted: Floats
    left: Floats
    reason: list[str]
    wrapup: Floats
    spoken: Floats
    exchanges: Ints
    pause: Floats

    @classmethod
    def of(cls, rows: list[Segment]) -> Stretches:
        """Columns from rows, in order of the offer."""
        rows = sorted(rows, key=lambda s: (s.offered, s.contact))
        numbers = np.array(
            [(s.contact, s.ticket, s.agent, s.exchanges) for s in rows], dtype=np.int64
        ).reshape(-1, 4)
        times = np.array(
            [(s.offered, s.accepted, s.left, s.wrapup, s.spoken_until, s.pause) for s in rows],
            dtype=np.float64,
        ).reshape(-1, 6)
        return cls(
            contact=numbers[:, 0], ticket=numbers[:, 1], agent=numbers[:, 2],
            offered=times[:, 0], accepted=times[:, 1], left=times[:, 2],
            reason=[s.reason for s in rows], wrapup=times[:, 3], spoken=times[:, 4],
            exchanges=numbers[:, 3], pause=times[:, 5],
        )  # fmt: skip
