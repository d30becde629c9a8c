"""An hour at a desk, written down: who did what when. The later, larger hour grows from it.

A line is (time, who, what, …). Visitors and members go by name; a chat by its visitor's name, its
last one. `HAND` holds what one counts by hand from the lines, with the sums written out.
"""

from __future__ import annotations

from typing import Any, Final

OPEN: Final = [
    {"id": "desk/day", "tz": "UTC", "weekly": '[{"dow":"mon","from":"08:00","to":"09:50"}]'}
]
TEAMS: Final = ("support", "sales")
MEMBERS: Final = {  # name: (team, limit)
    "Ada": ("support", 2),
    "Bob": ("support", 2),
    "Cem": ("sales", 1),
}
Line = tuple[Any, ...]

SERVED: Final[list[Line]] = [
    # nia: taken after 10 s, answered after 20, 240 s with Ada and 20 of work afterwards
    ("09:00:00", "nia", "start", "support", "where is my parcel?"),
    ("09:00:10", "Ada", "accept"),
    ("09:00:20", "Ada", "say", "nia", "Hello!", {"canned": "hi"}),
    ("09:01:00", "nia", "says", "it was due on Friday"),
    ("09:01:30", "Ada", "say", "nia", "It comes today."),
    ("09:02:00", "Ada", "tag", "nia", "desk/refund"),
    ("09:02:00", "Ada", "topic", "nia", "desk/parcel"),
    ("09:04:10", "Ada", "close", "nia", "resolved"),
    ("09:04:30", "Ada", "wrapped", "nia"),
    # omar: declined by Bob, taken by Ada after 15 s, answered after 45, 180 s, escalated
    ("09:05:00", "omar", "start", "support", "I want my money back"),
    ("09:05:05", "Bob", "decline"),
    ("09:05:15", "Ada", "accept"),
    ("09:05:45", "Ada", "say", "omar", "How much is it?"),
    ("09:06:00", "omar", "says", "900"),
    ("09:07:00", "Ada", "escalate", "omar", "above my limit"),
    ("09:07:30", "Ada", "say", "omar", "Somebody calls you."),
    ("09:08:15", "Ada", "close", "omar", "escalated"),
    ("09:08:15", "Ada", "wrapped", "omar"),
    # pia: taken by Bob after 20 s, answered after 30, 120 s; given to sales; Cem 90 s and 30 more
    ("09:10:00", "pia", "start", "support", "may I buy two?"),
    ("09:10:20", "Bob", "accept"),
    ("09:10:30", "Bob", "say", "pia", "I pass you on."),
    ("09:12:20", "Bob", "transfer", "pia", {"to_team": "sales"}),
    ("09:12:30", "Cem", "accept"),
    ("09:12:50", "Cem", "say", "pia", "Gladly."),
    ("09:13:00", "pia", "says", "thank you, two then"),
    ("09:14:00", "Cem", "close", "pia", "resolved"),
    ("09:14:30", "Cem", "wrapped", "pia"),
]
MISSED: Final[list[Line]] = [
    # quin: Ada lets the offer run out, the visitor leaves while it is offered to Bob; 50 s
    ("09:20:00", "quin", "start", "support", "hello?"),
    ("09:20:50", "quin", "end"),
    # Ada did nothing for a quarter of an hour, and was set away
    ("09:24:00", "Ada", "presence", "available"),
    # rosa: declined by both; 30 s
    ("09:25:00", "rosa", "start", "support", "hello?"),
    ("09:25:05", "Ada", "decline"),
    ("09:25:10", "Bob", "decline"),
    ("09:25:30", "rosa", "end"),
    # sam: nobody of support is there; 60 s
    ("09:29:30", "Ada", "presence", "break"),
    ("09:29:30", "Bob", "presence", "break"),
    ("09:30:00", "sam", "start", "support", "anybody?"),
    ("09:31:00", "sam", "end"),
    ("09:34:00", "Ada", "presence", "available"),
    ("09:34:00", "Bob", "presence", "available"),
    ("09:34:00", "Cem", "presence", "available"),
    # tess is served by Cem (10 s, answered after 20, 120 s); uma waits 40 s meanwhile
    ("09:35:00", "tess", "start", "sales", "a price, please"),
    ("09:35:10", "Cem", "accept"),
    ("09:35:20", "Cem", "say", "tess", "It is 20."),
    ("09:36:00", "uma", "start", "sales", "me too"),
    ("09:36:40", "uma", "end"),
    ("09:37:10", "Cem", "close", "tess", "resolved"),
    ("09:37:10", "Cem", "wrapped", "tess"),
    # vic leaves after 6 s
    ("09:40:00", "vic", "start", "sales", "quick"),
    ("09:40:06", "vic", "end"),
    # wes: taken, given over in silence, never taken; 30 s
    ("09:42:00", "wes", "start", "sales", "a question"),
    ("09:42:05", "Cem", "accept"),
    ("09:42:10", "Cem", "transfer", "wes", {"to_member": "Bob"}),
    ("09:42:30", "wes", "end"),
    # yan: the line fails; 20 s
    ("09:45:00", "yan", "start", "sales", "hello"),
    ("09:45:20", "yan", "fail"),
    # zoe writes after closing
    ("09:55:00", "zoe", "start", "support", "are you there?"),
]
AGAIN: Final[list[Line]] = [
    # nia again, on the same: taken after 10 s, answered after 30, 120 s, not solved
    ("09:47:00", "nia", "start", "support", "it did not come"),
    ("09:47:10", "Ada", "accept"),
    ("09:47:30", "Ada", "say", "nia", "I see the fault."),
    ("09:48:00", "Ada", "topic", "nia", "desk/parcel"),
    ("09:49:10", "Ada", "close", "nia", "unresolved", "product_bug"),
    ("09:49:10", "Ada", "wrapped", "nia"),
]
LINES: Final = sorted([*SERVED, *MISSED, *AGAIN], key=lambda line: line[0])

HAND: Final[dict[str, Any]] = {
    # nia, omar, pia, tess, nia; quin, rosa, sam, uma, vic, wes, yan. zoe is offline.
    "chats": 12,
    "chats_served": 5,
    "chats_missed": 7,
    "missed_chat_rate": 7 / 12,
    "first_response.mean": 29.0,  # 20, 45, 30, 20, 30
    "first_response.median": 30.0,
    "handle_time": 184.0,  # (260 + 180 + 240 + 120 + 120) / 5
    "messages_per_chat": 3.2,  # (4 + 4 + 4 + 2 + 2) / 5
    "canned_chat_share": 0.2,
    "transfer_rate": 0.2,  # pia's; wes was not served
    "transfers": 2,  # pia to sales, wes to Bob
    "chat_first_contact_resolution": 0.5,  # pia, tess; nia came back, omar was escalated
}
REASONS: Final = {
    "offered_not_accepted": 1,  # quin
    "declined": 1,  # rosa
    "no_agent_online": 1,  # sam
    "all_agents_busy": 1,  # uma
    "customer_left_early": 1,  # vic
    "handoff_lost": 1,  # wes
    "technical": 1,  # yan
}
MISSED_WAIT: Final = {"mean": 236 / 7, "max": 60.0}  # 50 + 30 + 60 + 40 + 6 + 30 + 20
HANDLED_BY: Final = {"Ada": 560 / 3, "Bob": 120.0, "Cem": 120.0}  # (260 + 180 + 120) / 3; 120; 120
