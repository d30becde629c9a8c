"""The parts of one conversation, told in order: what was said, what changed, who had it when.

A part can do several things at once: `open` by a customer is a message and a reopening, an
`assignment` with a body a message and a change of hands. So each part goes through the same steps,
by its words in `words.py`: said, state, hands, tags, priority.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sanjeh.sources.helpdesk import Made, Unreadable
from sanjeh.sources.intercom.fields import PART
from sanjeh.sources.intercom.people import is_operator
from sanjeh.sources.intercom.words import (
    CUSTOMERS,
    KNOWN_PARTS,
    NOTES,
    PRIORITIES,
    SILENT,
    SPOKEN,
    STATE_AFTER,
    STATES,
    UNASSIGNING,
    identifier,
    instant,
    known_id,
    plain,
)

Record = dict[str, Any]


@dataclass
class Learnt:
    """What a translation keeps: Operator's ids among the admins, and tags by their names."""

    bots: set[str] = field(default_factory=set)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class Telling:
    """What the parts told so far became, and how the conversation stands after them.

    only_contact: the one contact of the conversation, where there is one and nobody has left it.
    A customer who is not among the contacts is then a lead that was merged into that contact.
    """

    conversation_id: str
    version_at: dt.datetime | None
    learnt: Learnt
    unknown: Counter[str]
    contacts: frozenset[str] = frozenset()
    only_contact: str | None = None
    ticket_id: str | None = None
    state: str = "open"
    agent_id: str | None = None
    team_id: str | None = None
    made: list[Made] = field(default_factory=list)
    customer_spoke_at: dt.datetime | None = None
    person_spoke_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    closed_by: str | None = None
    went_idle: bool = False
    rated_at: dt.datetime | None = None
    bot_id: str | None = None
    bot_first_at: dt.datetime | None = None
    bot_last_at: dt.datetime | None = None
    handed_at: dt.datetime | None = None
    tagged: set[str] = field(default_factory=set)
    owner: str | None = None
    working: dict[str, Record] = field(default_factory=dict)

    # -- one part ---------------------------------------------------------------------------

    def part(self, part: Mapping[str, Any]) -> None:
        """Tell one part. Errors: Unreadable without id, kind or instant."""
        id = identifier(part.get("id"))
        kind = part.get("part_type")
        if type(kind) is not str:
            raise Unreadable("part_type", kind, f"the part {id} has no part_type")
        at = instant(part.get("created_at"), "created_at")
        if at is None:
            raise Unreadable("created_at", None, f"the part {id} has no created_at")
        author_type, author_id, is_ai = self.speaker(part.get("author"))
        sequence = int(id) if id.isdecimal() and len(id) < 19 else None
        if kind not in KNOWN_PARTS:
            self.unknown[f"part_type {kind}"] += 1
        if not part.keys() <= PART:
            for name in part.keys() - PART:
                self.unknown[f"part.{name}"] += 1

        # Whoever reopens it works on it from then on; whoever closes it did so until then.
        became = STATE_AFTER.get(kind)
        assigned = part.get("assigned_to")
        moves = assigned is not None or kind in UNASSIGNING
        if became == "open":
            if moves:
                self.assign(assigned, id, kind, at, author_type, author_id, sequence)
            self.change(part, id, at, became, author_type, author_id, sequence)
        if kind in SPOKEN or (
            kind not in SILENT
            and (part.get("body") or part.get("attachments") or part.get("redacted") is True)
        ):
            self.message(part, id, kind, at, author_type, author_id, is_ai, sequence)
        if became != "open":
            if moves:
                self.assign(assigned, id, kind, at, author_type, author_id, sequence)
            if became is not None:
                self.change(part, id, at, became, author_type, author_id, sequence)

        match kind:
            case "priority_changed" | "priority_changed_by_rule":
                self.prioritise(part, id, at, author_type, author_id, sequence)
            case "conversation_tags_updated":
                self.retag(part, id, at, author_type, author_id, sequence)
            case "conversation_rating_changed" | "conversation_rating_remark_added":
                self.rated_at = at
            case "user_became_idle":
                self.went_idle = True

    def speaker(self, author: Any) -> tuple[str | None, str | None, bool]:
        """Author type, id, and whether it is Fin; nobody where Intercom leaves it blank."""
        if not isinstance(author, dict):
            return None, None, False
        kind, id = author.get("type"), known_id(author.get("id"))
        if kind == "admin":
            if id in self.learnt.bots or is_operator(author):
                return "bot", id, author.get("from_ai_agent") is True
            return "agent", id, False
        if kind in CUSTOMERS:
            if id not in self.contacts and self.only_contact is not None:
                return "customer", self.only_contact, False
            return "customer", id, False
        if kind == "bot":
            is_ai = author.get("from_ai_agent") is True or author.get("is_ai_answer") is True
            return "bot", id, is_ai
        if kind == "team":
            return "system", None, False
        if kind:
            self.unknown[f"author type {kind}"] += 1
        return None, None, False

    # -- said -------------------------------------------------------------------------------

    def message(
        self,
        said: Mapping[str, Any],
        id: str,
        kind: str,
        at: dt.datetime,
        author_type: str | None,
        author_id: str | None,
        is_ai: bool,
        sequence: int | None,
        by_machine: bool = False,
    ) -> None:
        """A message, and what it tells of who took part."""
        internal = kind in NOTES
        redacted = said.get("redacted") is True
        body = said.get("body")
        text = plain(body) if type(body) is str and not redacted else None
        row: Record = {
            "id": id,
            "conversation_id": self.conversation_id,
            "at": at,
            "author_type": author_type,
            "author_id": author_id,
            "visibility": "internal" if internal else "public",
            "is_auto": True if by_machine or (author_type == "bot" and not is_ai) else None,
            "body_length": None if redacted else len(text or ""),
            "body": text or None,
            "sequence": sequence,
            "version_at": instant(said.get("updated_at"), "updated_at"),
            "attributes": {"redacted": True} if redacted else None,
        }
        self.made.append(("message", row))
        if internal or by_machine:
            return
        if author_type == "customer":
            if self.customer_spoke_at is None:
                self.customer_spoke_at = at
        elif author_type == "agent":
            if self.person_spoke_at is None:
                self.person_spoke_at = at
            self.hand_over(at)
            if author_id is not None:
                self.works(author_id, f"{id}:{author_id}", at)
        elif author_type == "bot":
            if self.bot_first_at is None or (is_ai and self.bot_id is None):
                self.bot_id = author_id
            if self.bot_first_at is None:
                self.bot_first_at = at
            if self.person_spoke_at is None:
                self.bot_last_at = at

    # -- state ------------------------------------------------------------------------------

    def change(
        self,
        part: Mapping[str, Any],
        id: str,
        at: dt.datetime,
        became: str,
        author_type: str | None,
        author_id: str | None,
        sequence: int | None,
    ) -> None:
        """The conversation was opened, closed or snoozed."""
        details = part.get("event_details")
        until = details.get("until") if isinstance(details, dict) else None
        self.event(
            f"{id}:state", at, "status_changed", STATES[self.state], STATES[became],
            author_type, author_id, sequence, f"until {until}" if until else None,
        )  # fmt: skip
        self.state = became
        if became == "closed":
            self.closed_at, self.closed_by = at, author_type
        if became != "open":
            for agent in list(self.working):
                self.leave(agent, at, "ended")
        elif self.owner is not None and self.owner not in self.working:
            self.offer(self.owner, f"{id}:{self.owner}", at)
            if author_type == "agent" and author_id == self.owner:
                self.working[self.owner]["accepted_at"] = at

    def event(
        self,
        id: str,
        at: dt.datetime,
        type: str,
        before: str | None,
        after: str | None,
        author_type: str | None,
        author_id: str | None,
        sequence: int | None,
        reason: str | None = None,
    ) -> None:
        if self.ticket_id is None:
            return
        row: Record = {
            "id": id,
            "ticket_id": self.ticket_id,
            "at": at,
            "type": type,
            "from": before,
            "to": after,
            "actor_type": author_type,
            "actor_id": author_id,
            "reason": reason,
            "sequence": sequence,
        }
        self.made.append(("ticket_event", row))

    # -- hands ------------------------------------------------------------------------------

    def assign(
        self,
        assigned: Any,
        id: str,
        kind: str,
        at: dt.datetime,
        author_type: str | None,
        author_id: str | None,
        sequence: int | None,
    ) -> None:
        """Another teammate or team has it, or nobody."""
        whom = assigned if isinstance(assigned, dict) else {}
        sort, new = whom.get("type"), known_id(whom.get("id"))
        reason = "away mode" if kind == "away_mode_assignment" else None
        if sort == "team":
            old, self.team_id = self.team_id, new
            self.event(
                f"{id}:team", at, "team_changed", old, new,
                author_type, author_id, sequence, reason,
            )  # fmt: skip
            if old is not None and new is not None and new != old:
                self.transfer(id, at, "department", self.owner, None, old, new, reason)
            if self.owner is not None:
                self.leave(self.owner, at, "transferred")
                self.owner = None
            if new is not None:
                self.hand_over(at)
            return
        if sort == "bot" or (new is not None and new in self.learnt.bots):
            return
        if sort != "admin" or new is None:
            new = None
        before, self.agent_id = self.agent_id, new
        self.event(
            f"{id}:agent", at, "assigned", before, new, author_type, author_id, sequence, reason
        )
        if new == self.owner and new is not None:
            return
        if self.owner is not None:
            if new is not None:
                self.transfer(id, at, "agent", self.owner, new, None, None, reason)
            self.leave(self.owner, at, "transferred")
        self.owner = new
        if new is not None:
            self.hand_over(at)
            if self.state == "open":
                self.offer(new, f"{id}:{new}", at)
                if author_type == "agent" and author_id == new:
                    self.working[new]["accepted_at"] = at

    def transfer(
        self,
        id: str,
        at: dt.datetime,
        kind: str,
        from_agent: str | None,
        to_agent: str | None,
        from_team: str | None,
        to_team: str | None,
        reason: str | None,
    ) -> None:
        row: Record = {
            "id": id,
            "conversation_id": self.conversation_id,
            "at": at,
            "from_agent": from_agent,
            "to_agent": to_agent,
            "from_team": from_team,
            "to_team": to_team,
            "kind": kind,
            "reason": reason,
        }
        self.made.append(("transfer", row))

    def hand_over(self, at: dt.datetime) -> None:
        """A bot had it, and now people do."""
        if self.bot_first_at is not None and self.handed_at is None:
            self.handed_at = at

    def offer(self, agent: str, id: str, at: dt.datetime) -> None:
        """The teammate has it from now on; taken when they write."""
        self.working[agent] = {
            "id": id,
            "conversation_id": self.conversation_id,
            "agent_id": agent,
            "team_id": self.team_id,
            "offered_at": at,
            "role": "owner",
            "version_at": self.version_at,
        }
        self.made.append(("participation", self.working[agent]))

    def works(self, agent: str, id: str, at: dt.datetime) -> None:
        """The teammate wrote: took what was assigned, or joined."""
        row = self.working.get(agent)
        if row is None:
            if self.state != "open":
                return
            row = self.working[agent] = {
                "id": id,
                "conversation_id": self.conversation_id,
                "agent_id": agent,
                "team_id": self.team_id,
                "role": "joined" if self.owner not in (None, agent) else "owner",
                "version_at": self.version_at,
            }
            self.made.append(("participation", row))
        row.setdefault("accepted_at", at)

    def leave(self, agent: str, at: dt.datetime, reason: str) -> None:
        row = self.working.pop(agent, None)
        if row is not None:
            row["left_at"], row["end_reason"] = at, reason

    # -- tags and priority --------------------------------------------------------------------

    def retag(
        self,
        part: Mapping[str, Any],
        id: str,
        at: dt.datetime,
        author_type: str | None,
        author_id: str | None,
        sequence: int | None,
    ) -> None:
        """Tags put on and taken off; newer versions name them, older ones do not."""
        details = part.get("event_details")
        if not isinstance(details, dict):
            return
        for op, listed in (("add", "tags_added"), ("remove", "tags_removed")):
            names = details.get(listed)
            for name in names if isinstance(names, list) else ():
                if not isinstance(name, str):
                    continue
                tag = self.learnt.tags.get(name)
                if tag is None:
                    tag = f"name:{name}"
                    self.made.append(("tag", {"id": tag, "name": name}))
                self.tagged.add(tag)
                self.tag_event(f"{id}:{op}:{tag}", tag, at, op, author_type, author_id, sequence)

    def tag_event(
        self,
        id: str,
        tag: str,
        at: dt.datetime | None,
        op: str,
        author_type: str | None,
        author_id: str | None,
        sequence: int | None = None,
    ) -> None:
        row: Record = {
            "id": id,
            "tag_id": tag,
            "target_type": "conversation",
            "target_id": self.conversation_id,
            "at": at,
            "op": op,
            "actor_type": author_type,
            "actor_id": author_id,
            "sequence": sequence,
        }
        self.made.append(("tag_event", row))

    def prioritise(
        self,
        part: Mapping[str, Any],
        id: str,
        at: dt.datetime,
        author_type: str | None,
        author_id: str | None,
        sequence: int | None,
    ) -> None:
        """Newer versions say from what to what; older ones only that it changed."""
        details = part.get("event_details")
        if not isinstance(details, dict) or "current_priority" not in details:
            return
        before = PRIORITIES.get(str(details.get("previous_priority")))
        after = PRIORITIES.get(str(details["current_priority"]))
        self.event(
            f"{id}:priority", at, "priority_changed", before, after,
            author_type, author_id, sequence,
        )  # fmt: skip
