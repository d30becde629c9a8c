"""The floor: contacts come, wait, are offered, taken, handed over, finished, and come back.

One queue of events in order of time. Whoever waits longest goes first; the time at which an
agent is free is known on arrival, for all who wait before are already placed, so nobody has to
be looked at twice.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from typing import Any

from sanjeh.simulation.arrivals import Arrivals
from sanjeh.simulation.contacts import KINDS, LUCK, Pool
from sanjeh.simulation.desk import Desk
from sanjeh.simulation.log import (
    BY_AGENT,
    BY_CUSTOMER,
    BY_SYSTEM,
    BY_TIMEOUT,
    CUSTOMER,
    SYSTEM,
    UNKNOWN,
    Fate,
    Log,
    Origin,
    Said,
    Segment,
)
from sanjeh.simulation.probabilities import MAIL, MESSENGER, REALTIME, VOICE, Probabilities
from sanjeh.simulation.roster import NEVER, Roster
from sanjeh.simulation.shops.shop import EXPERTS, TEAM_OF_KIND, TOPICS
from sanjeh.simulation.staff import Staff
from sanjeh.simulation.timeline import Timeline

UNRESOLVED = (
    "needs_other_team", "product_bug", "missing_info_from_customer", "no_knowledge", "policy",
    "technical",
)  # fmt: skip
_NOISES = (Said.OUT_OF_OFFICE, Said.NEWSLETTER, Said.BOUNCE)


class Floor:
    """One run over the whole period."""

    def __init__(
        self, timeline: Timeline, chances: Probabilities, coming: Arrivals, staff: Staff, pool: Pool
    ) -> None:
        self.timeline, self.chances, self.pool = timeline, chances, pool
        self.kinds = [channel.kind for channel in timeline.shop.channels]
        self.log = Log.of(pool, coming.at.tolist(), coming.channel.tolist())
        self.roster = Roster(staff)
        self.luck = {name: pool.luck[place].tolist() for name, place in LUCK.items()}
        self.by_kind = {
            kind: (pool.patience[n].tolist(), pool.reaction[n].tolist(), pool.handling[n].tolist(),
                   pool.wrapup[n].tolist())
            for n, kind in enumerate(KINDS)
        }  # fmt: skip
        self.complexity = pool.complexity.tolist()
        self.exchanges = pool.exchanges.tolist()
        self.pauses = pool.pause.tolist()
        self.return_delay, self.redial_delay = (
            pool.return_delay.tolist(), pool.redial_delay.tolist(),
        )  # fmt: skip
        self._events: list[tuple[float, int, Callable[..., object], tuple[Any, ...]]] = []
        self._order = itertools.count()
        self.desk = Desk(self, pool)

    def later(self, at: float, do: Callable[..., object], *what: Any) -> None:
        """Do something at a time; what lies behind the cut is never done."""
        if at <= self.timeline.clock.cut:
            heapq.heappush(self._events, (at, next(self._order), do, what))

    def run(self) -> Log:
        """Let everything happen up to the cut."""
        for contact in range(self.pool.first):
            self.later(self.log.at[contact], self.arrive, contact)
        while self._events:
            at, _, do, what = heapq.heappop(self._events)
            do(at, *what)
        return self.log

    # -- coming ------------------------------------------------------------------------------

    def arrive(self, at: float, c: int) -> None:
        """A contact begins."""
        log, chances, luck = self.log, self.chances, self.luck
        kind = self.kinds[log.channel[c]]
        first = log.origin[c] == Origin.FIRST
        if log.origin[c] == Origin.THANKS:
            self._needs_nothing(at, c, Fate.NOISE, Said.THANKS)
        elif kind == MAIL:
            self._mail_arrives(at, c)
        elif kind == REALTIME and first and luck["empty"][c] < chances.empty_chat:
            self._over(c, Fate.EMPTY, at + 45 + 90 * luck["tail"][c], BY_CUSTOMER)
        else:
            self._asks(at, c, kind, first)

    def _mail_arrives(self, at: float, c: int) -> None:
        chance = self.luck["noise"][c] if self.log.origin[c] == Origin.FIRST else 1.0
        if chance < self.chances.spam_mail:
            self._needs_nothing(at, c, Fate.SPAM, Said.SPAM)
        elif chance < self.chances.spam_mail + self.chances.noise_mail:
            self._needs_nothing(at, c, Fate.NOISE, _NOISES[c % 3])
        else:
            self.log.messages.append((c, at, CUSTOMER, -1, Said.ASK))
            self.log.messages.append((c, at + 30, SYSTEM, -1, Said.ACKNOWLEDGEMENT))
            self.desk.open(at, c, by=CUSTOMER, talk=c)

    def _needs_nothing(self, at: float, c: int, fate: Fate, said: Said) -> None:
        self.log.messages.append((c, at, CUSTOMER, -1, said))
        self._over(c, fate, at + 1, BY_SYSTEM)

    def _asks(self, at: float, c: int, kind: str, first: bool) -> None:
        log, chances, luck = self.log, self.chances, self.luck
        if kind == REALTIME and first and luck["invited"][c] < chances.invited:
            log.proactive[c] = bool(self.timeline.is_open(at))
        asked = at
        bots = kind != VOICE and not log.proactive[c] and luck["bot greets"][c] < chances.bot_greets
        if bots:
            low, high = chances.bot_seconds
            asked = log.bot_until[c] = at + low + (high - low) * luck["bot seconds"][c]
            if luck["bot solves"][c] < chances.bot_solves:
                self._over(c, Fate.BOT, asked, BY_SYSTEM)
                return
            log.human_requested[c] = asked
        if kind == REALTIME and not self.timeline.is_open(asked):
            self._over(c, Fate.OFFLINE, asked + 90, BY_SYSTEM)
            self.later(asked + 90, self.desk.open_from_chat, c, SYSTEM)
        else:
            log.queued[c] = asked
            self.later(asked, self.queue, c, kind)

    def _over(self, c: int, fate: Fate, ended: float, reason: int) -> None:
        self.log.fate[c] = int(fate)
        self.log.ended[c] = ended
        self.log.end_reason[c] = reason

    # -- waiting and being taken -------------------------------------------------------------

    def queue(self, at: float, c: int, kind: str) -> None:
        """The contact waits for an agent, or gives up."""
        log, roster, team = self.log, self.roster, TEAM_OF_KIND[kind]
        patience, reaction, _, _ = self.by_kind[kind]
        gives_up = at + patience[c]
        free, agent = roster.first_free(team, at)
        reason = None
        chance = self.luck["offer"][c]
        if chance < self.chances.offer_ignored + self.chances.offer_declined and free < gives_up:
            declined = chance >= self.chances.offer_ignored
            reason = "declined" if declined else "offered_not_accepted"
            over = min(free + (8.0 if declined else self.chances.offer_seconds), gives_up)
            sort = "declined" if declined else "timeout"
            log.segments.append(Segment(c, -1, agent, free, UNKNOWN, over, sort))
            roster.take(agent, over)
            free, agent = self._another(team, over, agent)
        accepted = free + reaction[c]
        if accepted < gives_up:
            self._taken(c, kind, agent, free, accepted)
            return
        if free < gives_up:
            reason = reason or "offered_not_accepted"
            log.segments.append(Segment(c, -1, agent, free, UNKNOWN, gives_up, "timeout"))
            roster.take(agent, gives_up)
        if gives_up == NEVER or gives_up > 1e11:
            return
        self._missed(at, c, team, gives_up, reason)

    def _another(self, team: int, at: float, but: int) -> tuple[float, int]:
        other = self.roster.first_free(team, at, but)
        return other if other[0] <= at + 120 else self.roster.first_free(team, at)

    def _missed(self, at: float, c: int, team: int, gives_up: float, reason: str | None) -> None:
        self._over(c, Fate.MISSED, gives_up, BY_CUSTOMER)
        if reason is None:
            if gives_up - at < 10:
                reason = "customer_left_early"
            elif self.roster.is_served(team, at):
                reason = "all_agents_busy"
            else:
                reason = "no_agent_online"
        self.log.missed_reason[c] = reason
        if self.luck["redial"][c] < self.chances.redials:
            self.comes_again(c, gives_up + self.redial_delay[c], Origin.REDIAL)

    def _taken(self, c: int, kind: str, agent: int, offered: float, accepted: float) -> None:
        log = self.log
        log.answered[c] = accepted
        log.fate[c] = int(Fate.SERVED)
        _, _, handling, wrapup = self.by_kind[kind]
        if self.luck["transfer"][c] >= self.chances.transferred[self.complexity[c]]:
            exchanges = self.exchanges[c]
            self._finish(c, kind, agent, offered, accepted, handling[c], exchanges)
            return
        spoken = accepted + 0.35 * handling[c]
        left = spoken + 4.0
        after = 0.3 * wrapup[c]
        log.segments.append(
            Segment(c, -1, agent, offered, accepted, left, "transferred", after, spoken,
                    self.exchanges[c] // 3)
        )  # fmt: skip
        self.roster.take(agent, left + after)
        log.last_agent[c] = agent
        self.later(left, self.hand_over, c, kind, agent)

    def hand_over(self, at: float, c: int, kind: str, agent: int) -> None:
        """The experts take over; where none is free soon, it becomes a ticket of theirs."""
        log = self.log
        log.transferred[c] = True
        free, expert = self.roster.first_free(EXPERTS, at)
        limit = NEVER if kind == MESSENGER else at + self.chances.handover_limit
        if free >= limit:
            log.transfers.append((c, at, agent, -1))
            self._over(c, Fate.SERVED, at + 120, BY_CUSTOMER)
            self._escalate(at + 120, c, agent, "agent")
            return
        log.transfers.append((c, at, agent, expert))
        _, reaction, handling, _ = self.by_kind[kind]
        rest = self.exchanges[c] - self.exchanges[c] // 3
        self._finish(c, kind, expert, free, free + reaction[c], 0.65 * handling[c], rest)

    def _finish(
        self, c: int, kind: str, agent: int, offered: float, accepted: float, work: float,
        exchanges: int,
    ) -> None:  # fmt: skip
        log = self.log
        pause = self.pauses[c] if kind == MESSENGER and exchanges else 0.0
        spoken = accepted + work + pause
        chance, tail = self.luck["end"][c], self.luck["tail"][c]
        reason, left = BY_AGENT, spoken + 5 + 25 * tail
        if kind == VOICE:
            reason, left = (BY_CUSTOMER if chance < 0.6 else BY_AGENT), spoken
        elif chance < self.chances.ends_by_timeout:
            reason, left = BY_TIMEOUT, spoken + self.chances.idle_close
        elif chance < self.chances.ends_by_timeout + self.chances.ends_by_customer:
            reason, left = BY_CUSTOMER, spoken + 10 + 60 * tail
        after = self.by_kind[kind][3][c]
        log.segments.append(
            Segment(c, -1, agent, offered, accepted, left,
                    "timeout" if reason == BY_TIMEOUT else "ended", after, spoken, exchanges, pause)
        )  # fmt: skip
        self.roster.take(agent, left + after)
        log.last_agent[c] = agent
        self._over(c, Fate.SERVED, left, reason)
        self.later(left, self.conclude, c, kind, agent)

    # -- what comes of it --------------------------------------------------------------------

    def solves(self, c: int) -> bool:
        """Whether the contact settles the matter."""
        chance = TOPICS[self.log.topic[c]].solved
        chance *= self.chances.complexity_solved[self.complexity[c]]
        return bool(self.luck["solves"][c] < min(chance, 0.99))

    def conclude(self, at: float, c: int, kind: str, agent: int) -> None:
        """A chat, a messenger's thread or a call is over."""
        log, luck, chances = self.log, self.luck, self.chances
        if self.solves(c):
            log.outcome[c] = "resolved"
            if luck["follow-up"][c] < chances.follow_up:
                log.followups.append((c, at, agent))
            self._comes_back(at, c, chances.returns_if_solved)
            if kind == MESSENGER and luck["thanks later"][c] < chances.thanks_later:
                self.comes_again(c, at + 3600 + self.redial_delay[c] * 10, Origin.THANKS)
        elif luck["escalate"][c] < chances.escalated_if_unsolved:
            customer = luck["who escalates"][c] < chances.customer_escalates
            self._escalate(at, c, agent, "customer" if customer else "agent")
        else:
            log.outcome[c] = "unresolved"
            log.unresolved_reason[c] = UNRESOLVED[int(luck["reason"][c] * len(UNRESOLVED))]
            self._comes_back(at, c, chances.returns_if_unsolved)

    def _escalate(self, at: float, c: int, agent: int, initiator: str) -> None:
        self.log.outcome[c] = "escalated"
        self.log.escalated[c] = True
        self.later(at, self.desk.escalated_chat, c, agent, initiator)

    def _comes_back(self, at: float, c: int, chance: float) -> None:
        if self.luck["return"][c] < chance:
            self.comes_again(c, at + self.return_delay[c], Origin.RETURN)

    def comes_again(self, c: int, at: float, origin: Origin) -> None:
        """The customer comes again about the same matter."""
        channel = self.log.channel[c]
        if origin == Origin.RETURN and self.luck["channel of return"][c] >= (
            self.chances.same_channel
        ):
            channel = (channel + 1 + c % (len(self.kinds) - 1)) % len(self.kinds)
        if self.kinds[channel] == VOICE:
            at = self.timeline.next_open(at)
        if at > self.timeline.clock.cut:
            return
        child = self.log.follow(c, at, channel, origin)
        if child is None:
            return
        drawn = TOPICS[int(self.pool.topic[child])].effort
        ratio = TOPICS[self.log.topic[c]].effort / drawn
        for _, _, handling, _ in self.by_kind.values():
            handling[child] *= ratio
        if origin == Origin.RETURN:
            self.log.returned_at[c] = at
        self.later(at, self.arrive, child)
