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
from sanjeh.sources.intercom.hands import Hands, Moment, Record
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
    spoke_closed: the customer's first message since it was closed.
    """

    conversation_id: str
    version_at: dt.datetime | None
    learnt: Learnt
    unknown: Counter[str]
    contacts: frozenset[str] = frozenset()
    only_contact: str | None = None
    ticket_id: str | None = None
    by_letter: bool = False
    state: str = "open"
    agent_id: str | None = None
    made: list[Made] = field(default_factory=list)
    customer_spoke_at: dt.datetime | None = None
    person_spoke_at: dt.datetime | None = None
    spoke_closed: Moment | None = None
    closed_at: dt.datetime | None = None
    closed_by: str | None = None
    went_idle: bool = False
    rated_at: dt.datetime | None = None
    bot_id: str | None = None
    bot_first_at: dt.datetime | None = None
    bot_last_at: dt.datetime | None = None
    handed_at: dt.datetime | None = None
    tagged: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.hands = Hands(self.conversation_id, self.version_at, self.made, self.by_letter)

    # -- one part ---------------------------------------------------------------------------

    def part(self, part: Mapping[str, Any]) -> None:
        """Tell one part. Errors: Unreadable without id, kind or instant."""
        moment, kind = self.moment(part)
        if kind not in KNOWN_PARTS:
            self.unknown[f"part_type {kind}"] += 1
        if not part.keys() <= PART:
            for name in part.keys() - PART:
                self.unknown[f"part.{name}"] += 1
        # Whoever reopens it works on it from then on; whoever closes it did so until then.
        became = STATE_AFTER.get(kind)
        moves = part.get("assigned_to") is not None or kind in UNASSIGNING
        if became == "open":
            if moves:
                self.assign(part.get("assigned_to"), moment, kind)
            self.change(moment, became, part)
        if kind in SPOKEN or (
            kind not in SILENT
            and (part.get("body") or part.get("attachments") or part.get("redacted") is True)
        ):
            self.message(part, moment, internal=kind in NOTES)
        if became != "open":
            if moves:
                self.assign(part.get("assigned_to"), moment, kind)
            if became is not None:
                self.change(moment, became, part)
        match kind:
            case "priority_changed" | "priority_changed_by_rule":
                self.prioritise(part, moment)
            case "conversation_tags_updated":
                self.retag(part, moment)
            case "conversation_rating_changed" | "conversation_rating_remark_added":
                self.rated_at = moment.at
            case "user_became_idle":
                self.went_idle = True

    def moment(self, part: Mapping[str, Any]) -> tuple[Moment, str]:
        """When and by whom a part was made, and its kind. Errors: Unreadable."""
        id = identifier(part.get("id"))
        kind = part.get("part_type")
        if type(kind) is not str:
            raise Unreadable("part_type", kind, f"the part {id} has no part_type")
        at = instant(part.get("created_at"), "created_at")
        if at is None:
            raise Unreadable("created_at", None, f"the part {id} has no created_at")
        by, who, is_ai = self.speaker(part.get("author"))
        sequence = int(id) if id.isdecimal() and len(id) < 19 else None
        return Moment(id, at, by, who, is_ai, sequence), kind

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
        if kind in ("bot", "operator"):
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
        moment: Moment,
        internal: bool = False,
        by_machine: bool = False,
    ) -> None:
        """A message, and what it tells of who took part."""
        redacted = said.get("redacted") is True
        body = said.get("body")
        text = plain(body) if type(body) is str and not redacted else None
        is_auto = by_machine or (moment.by == "bot" and not moment.is_ai)
        row: Record = {
            "id": moment.id,
            "conversation_id": self.conversation_id,
            "at": moment.at,
            "author_type": moment.by,
            "author_id": moment.who,
            "visibility": "internal" if internal else "public",
            "is_auto": is_auto or None,
            "body_length": None if redacted else len(text or ""),
            "body": text or None,
            "sequence": moment.sequence,
            "version_at": instant(said.get("updated_at"), "updated_at"),
            "attributes": {"redacted": True} if redacted else None,
        }
        self.made.append(("message", row))
        if not internal and not by_machine:
            self.heard(moment)

    def heard(self, moment: Moment) -> None:
        """What a public message says of who took part."""
        match moment.by:
            case "customer":
                if self.customer_spoke_at is None:
                    self.customer_spoke_at = moment.at
                if self.state == "closed" and self.spoke_closed is None:
                    self.spoke_closed = moment
            case "agent":
                if self.person_spoke_at is None:
                    self.person_spoke_at = moment.at
                self.hand_over(moment.at)
                self.hands.wrote(moment, self.state == "open")
            case "bot":
                if self.bot_first_at is None or (moment.is_ai and self.bot_id is None):
                    self.bot_id = moment.who
                if self.bot_first_at is None:
                    self.bot_first_at = moment.at
                if self.person_spoke_at is None:
                    self.bot_last_at = moment.at

    def hand_over(self, at: dt.datetime) -> None:
        """A bot had it, and now people do."""
        if self.bot_first_at is not None and self.handed_at is None:
            self.handed_at = at

    # -- state ------------------------------------------------------------------------------

    def change(self, moment: Moment, became: str, part: Mapping[str, Any]) -> None:
        """The conversation was opened, closed or snoozed."""
        details = part.get("event_details")
        until = details.get("until") if isinstance(details, dict) else None
        before, self.state, self.spoke_closed = self.state, became, None
        reason = f"until {until}" if until else None
        self.event("state", moment, "status_changed", STATES[before], STATES[became], reason)
        if became == "closed":
            self.closed_at, self.closed_by = moment.at, moment.by
        if became == "open":
            self.hands.reopened(moment)
        else:
            self.hands.leave_all(moment.at)

    def settle(self, state: Any, last_close_at: dt.datetime | None) -> None:
        """Bring in the change that no part told, where the conversation's state proves it.

        Open though closed by the parts: the customer's next message opened it. Closed though
        open by the parts: at the last close that Intercom names.
        """
        if state == "open" and self.state == "closed" and self.spoke_closed is not None:
            self.change(self.spoke_closed, "open", {})
        elif state == "closed" and self.state != "closed" and last_close_at is not None:
            self.change(Moment(self.conversation_id, last_close_at), "closed", {})

    def event(
        self,
        about: str,
        moment: Moment,
        type: str,
        before: str | None,
        after: str | None,
        reason: str | None = None,
    ) -> None:
        """A change of the ticket; about: what tells it from other changes by the same part."""
        if self.ticket_id is None:
            return
        row: Record = {
            "id": f"{moment.id}:{about}",
            "ticket_id": self.ticket_id,
            "at": moment.at,
            "type": type,
            "from": before,
            "to": after,
            "actor_type": moment.by,
            "actor_id": moment.who,
            "reason": reason,
            "sequence": moment.sequence,
        }
        self.made.append(("ticket_event", row))

    # -- hands ------------------------------------------------------------------------------

    def assign(self, assigned: Any, moment: Moment, kind: str) -> None:
        """Another teammate or team has it, or nobody."""
        if isinstance(assigned, str | int):  # version 1 names a teammate by the id alone
            assigned = {"type": "admin", "id": assigned}
        whom = assigned if isinstance(assigned, dict) else {}
        sort, new = whom.get("type"), known_id(whom.get("id"))
        reason = "away mode" if kind == "away_mode_assignment" else None
        if sort == "team":
            self.event("team", moment, "team_changed", self.hands.team_id, new, reason)
            self.hands.to_team(moment, new, reason)
        elif sort == "bot" or (new is not None and new in self.learnt.bots):
            return
        else:
            new = new if sort == "admin" else None
            before, self.agent_id = self.agent_id, new
            self.event("agent", moment, "assigned", before, new, reason)
            self.hands.to_agent(moment, new, reason, self.state == "open")
        if new is not None:
            self.hand_over(moment.at)

    # -- tags and priority --------------------------------------------------------------------

    def retag(self, part: Mapping[str, Any], moment: Moment) -> None:
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
                self.tag_event(f"{moment.id}:{op}:{tag}", tag, moment, op)

    def tag_event(self, id: str, tag: str, moment: Moment, op: str) -> None:
        """A tag put on or taken off."""
        row: Record = {
            "id": id,
            "tag_id": tag,
            "target_type": "conversation",
            "target_id": self.conversation_id,
            "at": moment.at,
            "op": op,
            "actor_type": moment.by,
            "actor_id": moment.who,
            "sequence": moment.sequence,
        }
        self.made.append(("tag_event", row))

    def prioritise(self, part: Mapping[str, Any], moment: Moment) -> None:
        """Newer versions say from what to what; older ones only that it changed."""
        details = part.get("event_details")
        if isinstance(details, dict) and "current_priority" in details:
            before = PRIORITIES.get(str(details.get("previous_priority")))
            after = PRIORITIES.get(str(details["current_priority"]))
            self.event("priority", moment, "priority_changed", before, after)
