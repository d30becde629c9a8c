"""What can be done at the desk: a function for each frame of the protocol that changes something.

Each is one transaction in its turn, takes `now` first, and raises `Refused` where it does nothing.
After one that changed who is free or who waits, `routing.route(now)` is due; it comes by itself
within a second.

`visiting`: what visitors do. `answering`: what members do in a chat. `passing`: handing it on.
`sorting`: what is written down about it. `copying`: a copy by mail. `attending`: members'
presence and signs of life.
"""

from __future__ import annotations

from sanjeh.apps.desk.actions.answering import accept, decline, note, say, seen, typing
from sanjeh.apps.desk.actions.attending import alive, choose_presence, invite, unwatch, watch
from sanjeh.apps.desk.actions.copying import transcript
from sanjeh.apps.desk.actions.passing import escalate, join, leave, take, transfer
from sanjeh.apps.desk.actions.sorting import (
    close,
    followup,
    followup_done,
    missed_reason,
    tag,
    topic,
    wrapped,
)
from sanjeh.apps.desk.actions.visiting import (
    Known,
    Start,
    ask_for_above,
    ask_for_person,
    end,
    fail,
    rate,
    recognise,
    start,
    visitor_say,
    visitor_seen,
    visitor_typing,
)
from sanjeh.apps.desk.refusals import Refused

__all__ = [
    "Known", "Refused", "Start", "accept", "alive", "ask_for_above", "ask_for_person",
    "choose_presence", "close", "decline", "end", "escalate", "fail", "followup", "followup_done",
    "invite", "join", "leave", "missed_reason", "note", "rate", "recognise", "say", "seen", "start",
    "tag", "take", "topic", "transcript", "transfer", "typing", "unwatch", "visitor_say",
    "visitor_seen", "visitor_typing", "watch", "wrapped",
]  # fmt: skip
