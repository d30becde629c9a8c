"""Who had a conversation from when to when, and to whom it passed: participations and transfers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sanjeh.sources.helpdesk import Made

Record = dict[str, Any]


@dataclass(slots=True)
class Moment:
    """What all that one part does has in common: its id and instant, and who did it.

    by: customer, agent, bot, system, or null where Intercom leaves it blank. sequence: Intercom's
    own order. is_ai: whether it was Fin.
    """

    id: str
    at: dt.datetime
    by: str | None = None
    who: str | None = None
    is_ai: bool = False
    sequence: int | None = None


@dataclass
class Hands:
    """The teammates at work on a conversation; `owner` is whom it is assigned to.

    by_letter: by mail and in tickets nobody is present from then to then, so there are no
    participations; the time that letters took is told by the letters.
    working: the participation of each who is at it now; its record is filled in as it goes on.
    """

    conversation_id: str
    version_at: dt.datetime | None
    made: list[Made]
    by_letter: bool = False
    owner: str | None = None
    team_id: str | None = None
    working: dict[str, Record] = field(default_factory=dict)

    def to_team(self, moment: Moment, team: str | None, reason: str | None) -> None:
        """A team has it, and nobody of it yet."""
        old, self.team_id = self.team_id, team
        if old is not None and team is not None and team != old:
            ends = {"from_agent": self.owner, "from_team": old, "to_team": team}
            self._transfer(moment, "department", reason, ends)
        if self.owner is not None:
            self.leave(self.owner, moment.at, "transferred")
            self.owner = None

    def to_agent(
        self, moment: Moment, agent: str | None, reason: str | None, is_open: bool
    ) -> None:
        """A teammate has it, or nobody."""
        if agent is not None and agent == self.owner:
            return
        if self.owner is not None:
            if agent is not None:
                self._transfer(
                    moment, "agent", reason, {"from_agent": self.owner, "to_agent": agent}
                )
            self.leave(self.owner, moment.at, "transferred")
        self.owner = agent
        if agent is not None and is_open:
            self._offer(moment, agent)

    def reopened(self, moment: Moment) -> None:
        """Whoever it is assigned to has it again."""
        if self.owner is not None and self.owner not in self.working:
            self._offer(moment, self.owner)

    def wrote(self, moment: Moment, is_open: bool) -> None:
        """The teammate wrote: took what was assigned, or joined."""
        agent = moment.who
        if agent is None:
            return
        row = self.working.get(agent)
        if row is None:
            if not is_open:
                return
            role = "joined" if self.owner not in (None, agent) else "owner"
            row = self._begin(moment, agent, role)
        row.setdefault("accepted_at", moment.at)

    def leave_all(self, at: dt.datetime) -> None:
        """It was closed or snoozed: nobody is at work on it."""
        for agent in list(self.working):
            self.leave(agent, at, "ended")

    def leave(self, agent: str, at: dt.datetime, reason: str) -> None:
        row = self.working.pop(agent, None)
        if row is not None:
            row["left_at"], row["end_reason"] = at, reason

    def _offer(self, moment: Moment, agent: str) -> None:
        """From now on theirs; taken when they write, or at once by their own hand."""
        row = self._begin(moment, agent, "owner")
        row["offered_at"] = moment.at
        if moment.by == "agent" and moment.who == agent:
            row["accepted_at"] = moment.at

    def _begin(self, moment: Moment, agent: str, role: str) -> Record:
        row: Record = {
            "id": f"{moment.id}:{agent}",
            "conversation_id": self.conversation_id,
            "agent_id": agent,
            "team_id": self.team_id,
            "role": role,
            "version_at": self.version_at,
        }
        self.working[agent] = row
        if not self.by_letter:
            self.made.append(("participation", row))
        return row

    def _transfer(self, moment: Moment, kind: str, reason: str | None, ends: Record) -> None:
        row: Record = {
            "id": moment.id,
            "conversation_id": self.conversation_id,
            "at": moment.at,
            "kind": kind,
            "reason": reason,
            **ends,
        }
        self.made.append(("transfer", row))
