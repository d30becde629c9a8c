"""The desk: tickets are answered by mail in turns, held, moved, solved, reopened and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanjeh.simulation.contacts import Pool
from sanjeh.simulation.log import (
    AGENT,
    BY_AGENT,
    CLOSED,
    CUSTOMER,
    HOLD,
    NEW,
    OPEN,
    PENDING,
    SOLVED,
    SYSTEM,
    UNKNOWN,
    Fate,
    Origin,
    Said,
    Segment,
    Ticket,
)
from sanjeh.simulation.probabilities import MAIL
from sanjeh.simulation.roster import NEVER
from sanjeh.simulation.shops.shop import EXPERTS, TEAM_OF_KIND, TOPICS

if TYPE_CHECKING:
    from sanjeh.simulation.floor import Floor

STICKY: Final = 2 * 3600.0  # a ticket waits so long for its own agent
ON_HOLD: Final = 0.05
CUSTOMER_ESCALATES_REOPENED: Final = 0.3
LAST_TURN: Final = 3


class Desk:
    """The tickets of one run; the floor tells it what comes in."""

    def __init__(self, floor: Floor, pool: Pool) -> None:
        self.floor, self.log, self.roster = floor, floor.log, floor.roster
        self.luck, self.chances = floor.luck, floor.chances
        self.work = [turn.tolist() for turn in pool.mail_work]
        self.delays = [turn.tolist() for turn in pool.reply_delay]
        channels = floor.timeline.shop.channels
        self.mail = next(n for n, channel in enumerate(channels) if channel.kind == MAIL)

    # -- opening -----------------------------------------------------------------------------

    def open(self, at: float, c: int, *, by: int, talk: int, team: int = TEAM_OF_KIND[MAIL]) -> int:
        """A ticket about a contact; its mails go into the conversation `talk`."""
        once, twice, _ = self.chances.mail_rounds
        chance = self.luck["rounds"][c]
        rounds = int(chance >= once) + int(chance >= once + twice)
        urgent = self.luck["priority"][c] > 0.98
        ticket = Ticket(c, talk, at, by, team, team, rounds, urgent)
        number = len(self.log.tickets)
        self.log.tickets.append(ticket)
        self.log.ticket[c] = self.log.ticket[talk] = number
        self._event(number, at, "created", None, NEW, by)
        if self.luck["topic corrected"][c] < self.chances.ticket_topic_corrected:
            ticket.old_topic = (self.log.topic[c] + 1 + c % (len(TOPICS) - 1)) % len(TOPICS)
        self.floor.later(at, self.turn, number)
        return number

    def open_from_chat(self, at: float, c: int, by: int, team: int = TEAM_OF_KIND[MAIL]) -> int:
        """A ticket about a chat or a call: we write by mail, in a conversation of its own."""
        talk = self.log.follow(c, UNKNOWN, self.mail, Origin.REPLY)
        if talk is None:
            return -1
        self.log.fate[talk] = int(Fate.REPLY)
        return self.open(at, c, by=by, talk=talk, team=team)

    def escalated_chat(self, at: float, c: int, agent: int, initiator: str) -> None:
        """A chat or a call goes to the experts as a ticket."""
        number = self.open_from_chat(at, c, SYSTEM, EXPERTS)
        if number >= 0:
            self.log.escalations.append((c, number, at, initiator, agent))

    # -- one turn of work --------------------------------------------------------------------

    def turn(self, at: float, number: int) -> None:
        """The ticket waits for an agent, who works on it and writes."""
        ticket, log = self.log.tickets[number], self.log
        c = ticket.contact
        begins, agent = self._who(at, ticket)
        if begins == NEVER:
            return
        ends = begins + self.work[min(ticket.turns, LAST_TURN)][c]
        self.roster.take(agent, ends)
        if agent != ticket.assignee:
            before = str(ticket.assignee) if ticket.assignee >= 0 else None
            self._event(number, begins, "assigned", before, str(agent), AGENT, agent)
            ticket.assignee = agent
        if ticket.turns == 0:
            if ticket.talk != c:
                log.at[ticket.talk] = begins  # our own mails begin with the work on the first
            self._first_look(begins, number, ticket, agent)
        self._status(number, ticket, begins, OPEN, AGENT, agent)
        ticket.turns += 1
        moves = ticket.turns == 1 and ticket.team != EXPERTS
        if moves and self.luck["transfer"][c] < self.chances.transferred[self.floor.complexity[c]]:
            self._move(ends, begins, number, ticket, agent)
            return
        log.segments.append(
            Segment(ticket.talk, number, agent, begins, begins, ends, "ended", 0.0, ends)
        )
        log.messages.append((ticket.talk, ends, AGENT, agent, Said.ANSWER))
        log.replies[ticket.talk] += 1
        log.last_agent[ticket.talk] = agent
        if log.answered[ticket.talk] != log.answered[ticket.talk]:
            log.answered[ticket.talk] = ends
            if log.fate[ticket.talk] == Fate.PENDING:
                log.fate[ticket.talk] = int(Fate.SERVED)
        self.floor.later(ends, self.after_answer, number, agent)

    def _who(self, at: float, ticket: Ticket) -> tuple[float, int]:
        begins, agent = self.roster.first_free(ticket.team, at)
        if ticket.assignee >= 0 and self.roster.team_of(ticket.assignee) == ticket.team:
            own = self.roster.free_at(ticket.assignee, at)
            if own <= begins + STICKY:
                return own, ticket.assignee
        return begins, agent

    def _first_look(self, at: float, number: int, ticket: Ticket, agent: int) -> None:
        c = ticket.contact
        if self.luck["priority"][c] < self.chances.ticket_priority_raised:
            self._event(number, at, "priority_changed", "normal", "high", AGENT, agent)
        if ticket.old_topic >= 0:
            old, new = str(ticket.old_topic), str(self.log.topic[c])
            self._event(number, at, "topic_changed", old, new, AGENT, agent)

    def _move(self, at: float, begins: float, number: int, ticket: Ticket, agent: int) -> None:
        log = self.log
        log.segments.append(
            Segment(ticket.talk, number, agent, begins, begins, at, "transferred", 0.0, at)
        )
        log.messages.append((ticket.talk, at, AGENT, agent, Said.NOTE))
        log.transferred[ticket.talk] = True
        self._event(number, at, "team_changed", str(ticket.team), str(EXPERTS), AGENT, agent)
        ticket.team = EXPERTS
        self.floor.later(at, self.turn, number)

    def after_answer(self, at: float, number: int, agent: int) -> None:
        """The answer is out: wait for the customer, put it on hold, or solve it."""
        ticket = self.log.tickets[number]
        c, turn = ticket.contact, min(ticket.turns - 1, LAST_TURN)
        if ticket.rounds > 0:
            ticket.rounds -= 1
            self._status(number, ticket, at, PENDING, AGENT, agent)
            self.floor.later(at + self.delays[turn][c], self.customer_writes, number, Said.DETAIL)
        elif not ticket.held and self.luck["hold"][c] < ON_HOLD:
            ticket.held = True
            self._status(number, ticket, at, HOLD, AGENT, agent)
            self.floor.later(at + 30 * 3600 * (0.5 + self.luck["delay"][c]), self.off_hold, number)
        else:
            self._solve(at, number, ticket, agent)

    def customer_writes(self, at: float, number: int, said: Said) -> None:
        """The customer answers, or is not content; the ticket is open again."""
        ticket = self.log.tickets[number]
        self.log.messages.append((ticket.talk, at, CUSTOMER, -1, said))
        self._status(number, ticket, at, OPEN, CUSTOMER)
        self.floor.later(at, self.turn, number)

    def off_hold(self, at: float, number: int) -> None:
        """What the ticket was waiting for has come."""
        self._status(number, self.log.tickets[number], at, OPEN, SYSTEM)
        self.floor.later(at, self.turn, number)

    # -- the end, and after it ---------------------------------------------------------------

    def _solve(self, at: float, number: int, ticket: Ticket, agent: int) -> None:
        log, luck, chances, c = self.log, self.luck, self.chances, ticket.contact
        self._status(number, ticket, at, SOLVED, AGENT, agent)
        ticket.solved_at = at
        log.ended[ticket.talk] = at
        log.end_reason[ticket.talk] = BY_AGENT
        log.outcome[ticket.talk] = "resolved"
        low, high = chances.reopen_window
        if not ticket.reopened:
            ticket.first_solved_at = at
            if luck["reopen"][c] < chances.reopens:
                back = at + low + (high - low) * luck["reopen when"][c]
                self.floor.later(back, self.reopen, number, agent)
                return
            if luck["thanks after"][c] < chances.thanks_after_solve:
                self.floor.later(at + 600 + self.floor.redial_delay[c], self.thanks, number)
        if ticket.talk == c:
            solved = self.floor.solves(c)
            chance = chances.returns_if_solved if solved else chances.returns_if_unsolved
            if luck["return"][c] < chance:
                self.floor.comes_again(c, at + self.floor.return_delay[c], Origin.RETURN)
        self.floor.later(at + chances.closes_after, self.close, number)

    def reopen(self, at: float, number: int, agent: int) -> None:
        """It was not solved after all."""
        ticket = self.log.tickets[number]
        ticket.reopened, ticket.reopened_at = True, at
        self.customer_writes(at, number, Said.DETAIL)
        if self.luck["who escalates"][ticket.contact] < CUSTOMER_ESCALATES_REOPENED:
            self.log.escalations.append((ticket.talk, number, at, "customer", agent))
            self.log.escalated[ticket.talk] = True

    def thanks(self, at: float, number: int) -> None:
        """A thanks; some desks open the ticket for it and close it again by themselves."""
        ticket = self.log.tickets[number]
        self.log.messages.append((ticket.talk, at, CUSTOMER, -1, Said.THANKS))
        if self.luck["thanks after"][ticket.contact] < (
            self.chances.thanks_after_solve * self.chances.thanks_reopens
        ):
            self._status(number, ticket, at, OPEN, CUSTOMER)
            self._status(number, ticket, at + 300, SOLVED, SYSTEM)

    def close(self, at: float, number: int) -> None:
        """Closed by itself after some quiet days."""
        self._status(number, self.log.tickets[number], at, CLOSED, SYSTEM)

    def _status(
        self, number: int, ticket: Ticket, at: float, to: str, actor: int, agent: int = -1
    ) -> None:
        if ticket.status != to:
            self._event(number, at, "status_changed", ticket.status, to, actor, agent)
            ticket.status = to

    def _event(
        self, number: int, at: float, type_: str, before: str | None, to: str | None, actor: int,
        agent: int = -1,
    ) -> None:  # fmt: skip
        self.log.ticket_events.append((number, at, type_, before, to, actor, agent))
