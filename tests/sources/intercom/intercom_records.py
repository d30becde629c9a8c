"""Payloads of the synthetic workspace as records, in the shapes that tests want."""

from __future__ import annotations

import datetime as dt
from typing import Any

from intercom_workspace import CONVERSATIONS, STREAMS
from sanjeh.sources.helpdesk import Payload
from sanjeh.sources.intercom.translate import IntercomTranslation

Record = dict[str, Any]


def taught() -> IntercomTranslation:
    """A translation that has learnt the workspace's people and tags."""
    translation = IntercomTranslation()
    for stream in ("admins", "tags"):
        for value in STREAMS[stream]:
            translation.learn(Payload(stream, value, stream))
    return translation


def made_of(
    stream: str, value: Any, translation: IntercomTranslation | None = None
) -> list[tuple[str, Record]]:
    """What becomes of one payload."""
    return list((translation or taught()).records(Payload(stream, value, "here")))


def of(name: str, kind: str) -> list[Record]:
    """The records of one kind that one conversation of the workspace becomes."""
    return [row for k, row in made_of("conversations", CONVERSATIONS[name]) if k == kind]


def only(name: str, kind: str) -> Record:
    """The one record of that kind."""
    (row,) = of(name, kind)
    return row


def lines(made: list[tuple[str, Record]]) -> list[Record]:
    """Records as the lines of a file hold them."""
    return [
        {"record": kind, **{k: _written(v) for k, v in row.items() if v is not None}}
        for kind, row in made
    ]


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value
