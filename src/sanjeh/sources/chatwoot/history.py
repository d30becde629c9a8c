"""What became of one conversation: its marks, walked through in order, as records.

Records are numbered in that order, so that a change that is seen again, better told, replaces
itself.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sanjeh.sources.chatwoot import sentences
from sanjeh.sources.chatwoot.desk import Desk
from sanjeh.sources.chatwoot.marks import NOBODY, Actor, Mark, Names, Told, first_status, marks
from sanjeh.sources.helpdesk.contract import Made

STATUSES: Final[Mapping[str, str]] = {
    "open": "open",
    "pending": "new",
    "snoozed": "on_hold",
    "resolved": "solved",
}
PRIORITIES: Final = {"medium": "normal"}
_ASSIGNING: Final = frozenset({"assigned", "self_assigned", "unassigned", "assigned_via_team"})
_YES: Final = {True: "yes", False: "no"}
_ENDED_BY: Final = {"agent": "agent", "customer": "customer_left", "bot": "system"}


@dataclass
class _Segment:
    agent: str
    team: str | None
    offered_at: dt.datetime | None
    accepted_at: dt.datetime | None = None
    left_at: dt.datetime | None = None
    end_reason: str | None = None


@dataclass
class History:
    """What became of a conversation: records, and what its own record needs of them."""

    records: list[Made] = field(default_factory=list)
    ended_at: dt.datetime | None = None
    end_reason: str | None = None
    outcome: str | None = None


def history(told: Told, desk: Desk, unknown: Counter[str]) -> History:
    """The conversation's changes as records: events, segments, transfers, labels, a bot's part."""
    return _Replay(told, desk, unknown).run()


class _Replay:
    """The changes of one conversation, walked through in order."""

    def __init__(self, told: Told, desk: Desk, unknown: Counter[str]) -> None:
        self.told, self.desk, self.unknown = told, desk, unknown
        self.names = Names(told, desk)
        self.made = History()
        self.changes = self.transfers = 0
        self.tagged: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.status = "open"
        self.agent: str | None = None
        self.team: str | None = None
        self.is_muted = False
        self.segments: list[_Segment] = []
        self.opened_at: dt.datetime | None = None

    def run(self) -> History:
        told = self.told
        found = marks(told, self.names, self.unknown)
        self.status = first_status(told, found)
        self._event("created", told.created_at, None, STATUSES[self.status], NOBODY)
        given = any(mark.what in _ASSIGNING for mark in found)
        if not given and told.assignee:
            self.agent, self.team = told.assignee, told.team
            self.segments.append(_Segment(told.assignee, told.team, None))
        for mark in found:
            self._take(mark)
        self._last_status()
        self._untold_labels()
        for n, segment in enumerate(() if told.by_letter else self.segments, 1):
            self._emit_segment(n, segment)
        self._bot()
        return self.made

    # One after the other

    def _take(self, mark: Mark) -> None:
        said = mark.said
        match mark.what:
            case "came":
                if self.status in ("resolved", "snoozed") and not self.is_muted:
                    self._change_status("open", mark.at, ("customer", self.told.customer), None)
            case "wrote" | "noted":
                self._work(mark)
            case "status":
                self._change_status(mark.status, mark.at, mark.actor, mark.reason)
            case "muted" | "unmuted":
                assert said is not None
                before, self.is_muted = self.is_muted, mark.what == "muted"
                self._event(
                    "field_changed", mark.at, _YES[before], _YES[self.is_muted],
                    self.names.actor(said.who), field="muted",
                )  # fmt: skip
            case "labels_added" | "labels_removed":
                assert said is not None
                self._tag(mark, said.to or "", "add" if mark.what == "labels_added" else "remove")
            case "priority" | "priority_removed":
                assert said is not None
                to = PRIORITIES.get(said.to or "", said.to)
                self._event("priority_changed", mark.at, None, to, self.names.actor(said.who))
            case _:
                assert said is not None
                self._assign(mark, said)

    def _change_status(
        self, status: str, at: dt.datetime, actor: Actor, reason: str | None
    ) -> None:
        if status == self.status:
            return
        before, self.status = self.status, status
        self._event("status_changed", at, STATUSES[before], STATUSES[status], actor, reason)
        if before == "pending" and status == "open" and self.opened_at is None:
            self.opened_at = at
        if status == "snoozed":
            self._leave(at, "ended")
        elif status == "resolved":
            self._leave(at, "timeout" if reason == "inactivity" else "ended")
            self.made.ended_at = at
            by = "timeout" if reason == "inactivity" else _ENDED_BY.get(actor[0] or "", actor[0])
            self.made.end_reason = by
            self.made.outcome = "resolved" if reason != "inactivity" and actor[0] else None
        if before == "resolved":
            self.made.ended_at = self.made.end_reason = self.made.outcome = None
        if before in ("resolved", "snoozed") and status == "open" and self.agent:
            self.segments.append(_Segment(self.agent, self.team, at))

    def _assign(self, mark: Mark, said: sentences.Said) -> None:
        actor = self.names.actor(said.who)
        to = said.to or ""
        match mark.what:
            case "self_assigned":
                self._give(mark.at, self.names.agent(said.who or ""), actor, said.who, is_own=True)
            case "unassigned":
                self._event("assigned", mark.at, self.agent, None, actor)
                self._leave(mark.at, "transferred")
                self.agent = None
            case "team_removed":
                self._event("team_changed", mark.at, self.team, None, actor)
                self.team = None
            case "assigned_via_team":
                self._move(mark.at, self.desk.teams_named.get((said.via or "").casefold()), actor)
                self._give(mark.at, self.names.agent(to), actor, to)
            case "assigned":
                team = self.desk.teams_named.get(to.casefold())
                agents = self.desk.agents_named.get(to)
                if team and agents:
                    self.unknown["an assignment to a name that an agent and a team share"] += 1
                elif team:
                    self._move(mark.at, team, actor)
                else:
                    self._give(mark.at, self.names.agent(to), actor, to)

    def _give(
        self,
        at: dt.datetime,
        agent: str | None,
        actor: Actor,
        name: str | None,
        *,
        is_own: bool = False,
    ) -> None:
        if agent is None:
            shared = len(self.desk.agents_named.get(name or "", ())) > 1
            why = "a name that several agents share" if shared else "a name that no agent has"
            self.unknown[f"an assignment to {why}"] += 1
            self._leave(at, "transferred")
            self.agent = None
            return
        if agent == self.agent:
            return
        before, self.agent = self.agent, agent
        self._event("assigned", at, before, agent, actor)
        self._leave(at, "transferred")
        self.segments.append(_Segment(agent, self.team, at, at if is_own else None))
        if before:
            self._transfer(at, {"from_agent": before, "to_agent": agent, "kind": "agent"})

    def _move(self, at: dt.datetime, team: str | None, actor: Actor) -> None:
        if team is None:
            self.unknown["an assignment to a team that is not there"] += 1
            return
        if team == self.team:
            return
        before, self.team = self.team, team
        self._event("team_changed", at, before, team, actor)
        if before:
            self._transfer(at, {"from_team": before, "to_team": team, "kind": "department"})

    def _work(self, mark: Mark) -> None:
        """Whoever has the conversation takes it up; what nobody has is theirs who answers."""
        agent = mark.actor[1]
        last = self.segments[-1] if self.segments else None
        if last and last.agent == agent and last.left_at is None:
            last.accepted_at = last.accepted_at or mark.at
        elif self.agent is None and mark.what == "wrote" and agent:
            self._leave(mark.at, "transferred")
            self.segments.append(_Segment(agent, self.team, None, mark.at))

    def _leave(self, at: dt.datetime, reason: str) -> None:
        last = self.segments[-1] if self.segments else None
        if last and last.left_at is None:
            last.left_at, last.end_reason = at, reason

    def _tag(self, mark: Mark, labels: str, op: str) -> None:
        assert mark.said is not None
        actor = self.names.actor(mark.said.who)
        for label in labels.split(", "):
            (self.labels.add if op == "add" else self.labels.discard)(label)
            self._emit_tag(label, op, mark.at, actor, mark.sequence)

    # What the present says and the past does not

    def _last_status(self) -> None:
        """A change that nothing tells was there by the last activity; it is put there."""
        told = self.told
        if told.status == self.status or not told.is_current:
            return
        self.unknown["a change of status that nothing tells the instant of"] += 1
        at = max(told.last_activity_at or told.created_at, told.created_at)
        self._change_status(told.status, at, NOBODY, "not told when; by the last activity")

    def _untold_labels(self) -> None:
        for label in self.told.labels:
            if label not in self.labels and self.told.is_current:
                self._emit_tag(label, "add", None, NOBODY, None)

    def _bot(self) -> None:
        spoke, names = self.told.of_bots, self.told.event_names
        if not spoke and not names & {"conversation_bot_handoff", "conversation_bot_resolved"}:
            return
        handed = next(
            (at for name, at in self.told.events if name == "conversation_bot_handoff"),
            self.opened_at,
        )
        solved = "conversation_bot_resolved" in names
        self.made.records.append(
            (
                "bot_session",
                {
                    "conversation_id": self.told.id,
                    "bot_id": spoke[0].author_id if spoke else None,
                    "started_at": spoke[0].at if spoke else self.told.created_at,
                    "ended_at": handed or (self.made.ended_at if solved else None),
                    "resolved": solved or (False if handed else None),
                    "handed_off_at": handed,
                },
            )
        )
        if handed:
            self.made.records.append(
                (
                    "transfer",
                    {
                        "id": f"{self.told.id}:handoff",
                        "conversation_id": self.told.id,
                        "at": handed,
                        "kind": "bot_to_human",
                    },
                )
            )

    # Records

    def _event(
        self,
        type_: str,
        at: dt.datetime,
        before: str | None,
        after: str | None,
        actor: Actor,
        reason: str | None = None,
        field: str | None = None,
    ) -> None:
        self.changes += 1
        self.made.records.append(
            (
                "ticket_event",
                {
                    "id": f"{self.told.id}:{self.changes}",
                    "ticket_id": self.told.id,
                    "at": at,
                    "type": type_,
                    "field": field,
                    "from": before,
                    "to": after,
                    "actor_type": actor[0],
                    "actor_id": actor[1],
                    "reason": reason,
                    "sequence": self.changes,
                },
            )
        )

    def _transfer(self, at: dt.datetime, fields: dict[str, Any]) -> None:
        self.transfers += 1
        self.made.records.append(
            (
                "transfer",
                {
                    "id": f"{self.told.id}:{self.transfers}",
                    "conversation_id": self.told.id,
                    "at": at,
                    **fields,
                },
            )
        )

    def _emit_tag(
        self, label: str, op: str, at: dt.datetime | None, actor: Actor, sequence: int | None
    ) -> None:
        self.tagged[label] += 1
        self.made.records.append(
            (
                "tag_event",
                {
                    "id": f"{self.told.id}:{label}:{self.tagged[label]}",
                    "tag_id": label,
                    "target_type": "conversation",
                    "target_id": self.told.id,
                    "at": at,
                    "op": op,
                    "actor_type": actor[0],
                    "actor_id": actor[1],
                    "sequence": sequence,
                },
            )
        )

    def _emit_segment(self, n: int, segment: _Segment) -> None:
        known = (segment.left_at, segment.accepted_at, segment.offered_at)
        self.made.records.append(
            (
                "participation",
                {
                    "id": f"{self.told.id}:{n}",
                    "conversation_id": self.told.id,
                    "agent_id": segment.agent,
                    "team_id": segment.team,
                    "offered_at": segment.offered_at,
                    "accepted_at": segment.accepted_at,
                    "left_at": segment.left_at,
                    "end_reason": segment.end_reason,
                    "role": "owner",
                    "version_at": max((at for at in known if at), default=None),
                },
            )
        )
