"""Intercom's payloads to records: which stream goes which way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sanjeh.sources.helpdesk import Made, Payload, Unreadable
from sanjeh.sources.intercom import people
from sanjeh.sources.intercom.calls import call
from sanjeh.sources.intercom.conversation import conversation, part_alone
from sanjeh.sources.intercom.fields import tell_unknown
from sanjeh.sources.intercom.parts import Learnt
from sanjeh.sources.intercom.tickets import ticket
from sanjeh.sources.intercom.words import known_id

PLAIN: Final = {
    "admins": people.admin,
    "teams": people.team,
    "tags": people.tag,
    "contacts": people.contact,
    "companies": people.company,
    "articles": people.article,
    "macros": people.macro,
    "activity_logs": people.activity,
    "calls": call,
}


def _conversation_or_part(
    value: Mapping[str, Any], learnt: Learnt, unknown: Counter[str]
) -> list[Made]:
    """A conversation; in some exports a part of one, which then stands by itself."""
    told = part_alone if "part_type" in value else conversation
    return told(value, learnt, unknown)


TALKS: Final = {"conversations": _conversation_or_part, "tickets": ticket}


class IntercomTranslation:
    """Payloads of one workspace to records, without a look at clock, network or disk."""

    def __init__(self) -> None:
        self.unknown: Counter[str] = Counter()
        self._learnt = Learnt()

    def learn(self, payload: Payload) -> None:
        """Operator's ids among the admins, and the names of tags."""
        id, name = known_id(payload.value.get("id")), payload.value.get("name")
        match payload.stream:
            case "admins" if id is not None and people.is_operator(payload.value):
                self._learnt.bots.add(id)
            case "tags" if id is not None and isinstance(name, str):
                self._learnt.tags[name] = id

    def records(self, payload: Payload) -> Iterable[Made]:
        """The payload's records. Errors: Unreadable, and then none of them is kept."""
        value: object = payload.value  # an export may hold anything
        if not isinstance(value, dict):
            kind = type(value).__name__
            raise Unreadable(None, None, f"{payload.stream}: expected an object, it is a {kind}")
        if (told := TALKS.get(payload.stream)) is not None:
            # What a refused payload brought counts for nothing.
            unknown: Counter[str] = Counter()
            made = told(value, self._learnt, unknown)
            self.unknown.update(unknown)
        elif (simple := PLAIN.get(payload.stream)) is not None:
            made = list(simple(value))
        else:
            self.unknown[f"stream {payload.stream}"] += 1
            return []
        tell_unknown(payload.stream, value, self.unknown)
        return made


def translation(settings: Mapping[str, str]) -> IntercomTranslation:
    """A new translation for an account; whose ids these are its source's name tells."""
    return IntercomTranslation()
