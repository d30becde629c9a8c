"""All that tells a change in one conversation, brought into one order; and who is meant by a name.

Chatwoot tells a conversation's past in three ways, none of them complete:

* sentences ("Conversation was marked resolved by …"): they say who, and come seconds late;
* reporting events: they say when, to the millisecond, but only of resolving, opening and the
  hand-off by a bot, and only newer servers list them;
* its own rules: a customer's message opens a resolved or snoozed conversation, without a word.

A sentence and an event of the same change are one mark, at the event's instant.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sanjeh.sources.chatwoot import sentences
from sanjeh.sources.chatwoot.desk import Desk
from sanjeh.sources.chatwoot.messages import Letter

_LATE: Final = dt.timedelta(minutes=10)
_EARLY: Final = dt.timedelta(seconds=-2)
# Sentences of a changed status: what it became, who does that where no name is told, and why.
_STATUS_OF: Final[Mapping[str, tuple[str, str | None, str | None]]] = {
    "resolved": ("resolved", None, None),
    "resolved_by_bot": ("resolved", None, None),
    "resolved_by_customer": ("resolved", "customer", None),
    "resolved_by_inactivity": ("resolved", "system", "inactivity"),
    "opened": ("open", None, None),
    "opened_by_message": ("open", "customer", None),
    "opened_by_system": ("open", "system", None),
    "pending": ("pending", None, None),
    "snoozed": ("snoozed", None, None),
}
_EVENT_STATUS: Final = {
    "conversation_resolved": "resolved",
    "conversation_opened": "open",
    "conversation_bot_handoff": "open",
}
Actor = tuple[str | None, str | None]
NOBODY: Final[Actor] = (None, None)


@dataclass(frozen=True)
class Told:
    """A conversation as it stands now, and all that was said and counted in it.

    letters: its messages, in any order. events: its reporting events as (name, instant), in order.
    is_current: whether its own row is no older than its newest message, so that its status can be
    held against the past. by_letter: whether it goes by mail, where nobody is present from then to
    then.
    """

    id: str
    status: str
    created_at: dt.datetime
    last_activity_at: dt.datetime | None
    customer: str | None
    assignee: str | None
    assignee_name: str | None
    team: str | None
    labels: tuple[str, ...]
    letters: list[Letter]
    events: list[tuple[str, dt.datetime]]
    is_current: bool
    by_letter: bool

    @property
    def event_names(self) -> set[str]:
        """Which reporting events there are."""
        return {name for name, _ in self.events}

    @property
    def of_bots(self) -> list[Letter]:
        """The messages of bots, in order."""
        found = [letter for letter in self.letters if letter.author_type == "bot"]
        return sorted(found, key=lambda letter: (letter.at, letter.sequence))


@dataclass(slots=True)
class Mark:
    """Something at an instant.

    what: "status", "came" (a message of the customer), "wrote" (one of an agent), "noted" (a note),
    or a change named in `sentences.TEMPLATES`; said is then the sentence.
    """

    at: dt.datetime
    sequence: int
    what: str
    status: str = ""
    actor: Actor = NOBODY
    reason: str | None = None
    said: sentences.Said | None = None


class Names:
    """Who is meant by the names in one conversation's sentences."""

    def __init__(self, told: Told, desk: Desk) -> None:
        self.told, self.desk = told, desk

    def agent(self, name: str) -> str | None:
        """The agent of that name, if there is one only, or it is who has the conversation now."""
        found = self.desk.agents_named.get(name, set())
        if len(found) == 1:
            return next(iter(found))
        if self.told.assignee and name == self.told.assignee_name:
            return self.told.assignee
        return None

    def actor(self, name: str | None, sort: str | None = None) -> Actor:
        """Who did it: an agent, a bot or the system by name; of a customer, the conversation's."""
        if sort == "customer":
            return ("customer", self.told.customer)
        if sort or not name:
            return (sort, None)
        if sentences.is_system(name):
            return ("system", None)
        if name in self.desk.agents_named or name == self.told.assignee_name:
            return ("agent", self.agent(name))
        for said in (name, sentences.without_reason(name)):
            if bot := self.desk.bots_named.get(said) or self._speaking_bot(said):
                return ("bot", bot)
        return ("agent", None)

    def _speaking_bot(self, name: str) -> str | None:
        for letter in self.told.letters:
            if letter.author_type == "bot" and letter.author_name == name:
                return letter.author_id
        return None


def marks(told: Told, names: Names, unknown: Counter[str]) -> list[Mark]:
    """The conversation's marks in order. Sentences in words not known are counted, and left out."""
    found: list[Mark] = []
    for letter in told.letters:
        if mark := _mark(letter, names, unknown):
            found.append(mark)
    _add_events(told, found)
    found.sort(key=_order)
    return found


def _order(mark: Mark) -> tuple[dt.datetime, int]:
    return (mark.at, mark.sequence)


def _mark(letter: Letter, names: Names, unknown: Counter[str]) -> Mark | None:
    at, sequence = letter.at, letter.sequence
    if letter.kind == "incoming":
        return Mark(at, sequence, "came")
    if letter.kind != "activity":
        if letter.author_type == "agent" and letter.author_id and not letter.is_auto:
            what = "noted" if letter.is_internal else "wrote"
            return Mark(at, sequence, what, actor=("agent", letter.author_id))
        return None
    said = sentences.read(letter.text)
    if said is None:
        unknown["a change told in words not known"] += 1
        return None
    if said.what in _STATUS_OF:
        status, actor, reason = _STATUS_OF[said.what]
        return Mark(at, sequence, "status", status, names.actor(said.who, actor), reason)
    return None if said.what == "aside" else Mark(at, sequence, said.what, said=said)


def _add_events(told: Told, found: list[Mark]) -> None:
    """Put each reporting event to the sentence of the same change, or in by itself."""
    waiting = sorted((mark for mark in found if mark.what == "status"), key=_order)
    for name, at in sorted(told.events, key=lambda event: event[0] != "conversation_bot_handoff"):
        status = _EVENT_STATUS.get(name)
        if status is None:
            continue
        for mark in waiting:
            if mark.status == status and _EARLY <= mark.at - at <= _LATE:
                mark.at = at
                waiting.remove(mark)
                break
        else:
            is_handoff = name == "conversation_bot_handoff"
            mark = Mark(at, 0, "status", status, ("bot", None) if is_handoff else NOBODY)
            found.append(mark)
            if is_handoff:  # the opening that goes with it is told by an event of its own
                waiting.append(mark)


def first_status(told: Told, found: list[Mark]) -> str:
    """Pending where a bot had it first: that one can be opened, and an open one cannot."""
    statuses = [mark.status for mark in found if mark.what == "status"]
    names = told.event_names
    if "conversation_bot_resolved" in names or (not statuses and told.status == "pending"):
        return "pending"
    first = statuses[0] if statuses else "open"
    had_bot = bool(told.of_bots) or "conversation_bot_handoff" in names
    return "pending" if first == "open" and had_bot else "open"
