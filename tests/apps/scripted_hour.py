"""An hour at a desk, written down: who did what when, on Monday 2 March 2026.

Forty visitors, five members; robots and our own people come as well and are not to be counted.
A line is (time, who, what, …). Visitors and members go by name; a chat by its visitor's name, its
last one. What one counts by hand from the lines is in `hour_counts.py`.
"""

from __future__ import annotations

from typing import Any, Final

Line = tuple[Any, ...]

KEPT: Final[list[dict[str, Any]]] = [  # what the record holds before the hour
    {
        "kind": "business_calendar", "id": "day", "tz": "UTC",
        "weekly": [{"dow": "mon", "from": "08:00", "to": "09:50"}],
    },
    *({"kind": "topic", "id": id_, "name": id_}
      for id_ in ("parcel", "billing", "money", "care", "trade")),
    {"kind": "tag", "id": "refund", "name": "refund", "category_id": "money"},
    {"kind": "tag", "id": "invoice", "name": "invoice", "category_id": "money"},
    {"kind": "tag", "id": "urgent", "name": "urgent", "category_id": "care", "high_priority": True},
    {"kind": "tag", "id": "lead", "name": "lead", "category_id": "trade"},
]  # fmt: skip
TEAMS: Final = ("support", "sales", "accounts")
MEMBERS: Final = {  # name: (team, limit)
    "Ada": ("support", 2),
    "Bob": ("support", 2),
    "Cem": ("sales", 1),
    "Dee": ("accounts", 2),
    "Eli": ("accounts", 2),
}
REPLIES: Final = {
    "hi": "Hello! How can I help you today? Tell me your number, please. Yes?",  # 66 letters
    "vat": "The tax is in the price; the invoice shows it in a line of its own; write to us if it "
    "does not: yes",  # 99 letters
}
EDITED: Final = REPLIES["vat"].replace("yes", "now")
PERSIAN: Final = ("dora", "hana", "lena", "sue")
KNOWN: Final = {"nia": "c-nia"}  # whom the shop's server vouches for
ROBOTS: Final = {"googlebot": "Googlebot/2.1"}  # by their own name; "haste" is one by its haste
STAFF: Final = ("desk-pc", "boss")  # one by the network, one signed in

PEOPLE: Final[list[Line]] = [
    *(("08:58:00", name, "presence", "available") for name in ("Ada", "Bob", "Cem", "Dee")),
    ("09:00:00", "Eli", "presence", "available"),
    ("09:29:30", "Ada", "presence", "break"),
    ("09:29:30", "Bob", "presence", "break"),
    ("09:34:00", "Ada", "presence", "available"),
    ("09:34:00", "Bob", "presence", "available"),
    ("09:46:00", "Dee", "presence", "break"),
    ("09:50:00", "Dee", "presence", "available"),
    *(("09:55:00", name, "presence", "offline") for name in MEMBERS),
]

COMING: Final[list[Line]] = [
    # Who chats came a minute before, save dora (30 s), emil (150), faye (80) and tom (120).
    ("08:59:00", "nia", "come", "/parcels"),
    ("09:01:00", "emil", "come", "/prices"),
    ("09:01:30", "dora", "come", "/"),
    ("09:04:00", "omar", "come", "/refunds"),
    ("09:06:00", "faye", "come", "/boots"),
    ("09:09:00", "pia", "come", "/boots"),
    ("09:11:00", "ivo", "come", "/account"),
    ("09:14:00", "hana", "come", "/boots"),
    ("09:15:00", "gus", "come", "/hats"),
    ("09:19:00", "june", "come", "/account"),
    ("09:19:00", "quin", "come", "/"),
    ("09:21:00", "kurt", "come", "/hats"),
    ("09:24:00", "rosa", "come", "/"),
    ("09:25:00", "lena", "come", "/account"),
    ("09:25:00", "milo", "come", "/parcels"),
    ("09:25:30", "nora", "come", "/"),
    ("09:29:00", "otto", "come", "/prices"),
    ("09:29:00", "sam", "come", "/"),
    ("09:31:00", "tom", "come", "/account"),
    ("09:34:00", "tess", "come", "/hats"),
    ("09:35:00", "uma", "come", "/hats"),
    ("09:37:00", "rex", "come", "/parcels"),
    ("09:39:00", "vic", "come", "/"),
    ("09:40:00", "sue", "come", "/parcels"),
    ("09:41:00", "wes", "come", "/"),
    ("09:44:00", "yan", "come", "/"),
    ("09:46:00", "nia", "come", "/parcels"),  # after half an hour: another visit
    ("09:54:00", "zoe", "come", "/"),
    # thirteen who do not chat
    ("09:02:00", "amy", "come", "/boots"),
    ("09:07:00", "ben", "come", "/"),
    ("09:10:00", "cleo", "come", "/hats"),
    ("09:14:00", "finn", "come", "/prices"),
    ("09:21:00", "dan", "come", "/prices"),
    ("09:23:00", "gina", "come", "/"),
    ("09:28:00", "hugo", "come", "/"),
    ("09:32:00", "iris", "come", "/boots"),
    ("09:36:00", "jack", "come", "/"),
    ("09:42:00", "kim", "come", "/"),
    ("09:48:00", "liam", "come", "/hats"),
    ("09:50:00", "eve", "come", "/prices"),
    ("09:52:00", "mona", "come", "/"),
    # four who are no visitors
    ("09:03:00", "googlebot", "come", "/"),
    ("09:17:00", "haste", "come", "/"),
    *((f"09:17:0{n % 10}", "haste", "page", f"/p/{n}") for n in range(1, 26)),
    ("09:20:00", "desk-pc", "come", "/"),
    ("09:43:00", "boss", "come", "/boots"),
    # pages seen later
    ("09:05:00", "nia", "page", "/parcels/1"),
    ("09:10:00", "faye", "page", "/basket"),
    ("09:11:00", "amy", "page", "/basket"),
    ("09:18:40", "gus", "page", "/basket"),
    ("09:21:00", "quin", "page", "/questions"),
    ("09:29:30", "milo", "page", "/parcels/2"),
    ("09:37:30", "tess", "page", "/basket"),
    ("09:39:00", "emil", "come", "/basket"),  # another visit
    ("09:41:00", "rex", "page", "/parcels/3"),
]

INVITED: Final[list[Line]] = [
    ("09:03:00", "emil", "shown"),  # by the rule
    ("09:03:20", "emil", "invited", "accepted"),
    ("09:07:00", "Dee", "invite", "faye", "May I help with the boots?"),
    ("09:07:15", "faye", "invited", "accepted"),
    ("09:15:00", "Cem", "invite", "finn", "May I help?"),
    ("09:15:20", "finn", "invited", "dismissed"),
    ("09:21:20", "dan", "shown"),
    ("09:21:30", "dan", "invited", "dismissed"),
    ("09:50:20", "eve", "shown"),  # and says nothing
]

SERVED: Final[list[Line]] = [
    # nia: taken after 10 s, answered after 20, 250 s, of these 240 with Ada, and 20 afterwards
    ("09:00:00", "nia", "start", "support", "where is my parcel?"),
    ("09:00:10", "Ada", "accept"),
    ("09:00:20", "Ada", "say", "nia", "hi"),
    ("09:01:00", "nia", "says", "it was due on Friday"),
    ("09:01:30", "Ada", "say", "nia", "It comes today."),
    ("09:02:00", "Ada", "tag", "nia", "desk/refund"),
    ("09:02:00", "Ada", "topic", "nia", "desk/parcel"),
    ("09:04:10", "Ada", "close", "nia", "resolved"),
    ("09:04:30", "Ada", "wrapped", "nia"),
    # dora: taken after 5 s, answered after 15, 185 s; Dee 180 and 30
    ("09:02:00", "dora", "start", "accounts", "the invoice is wrong"),
    ("09:02:05", "Dee", "accept"),
    ("09:02:15", "Dee", "say", "dora", "hi"),
    ("09:02:30", "dora", "says", "there is no tax on it"),
    ("09:03:00", "Dee", "say", "dora", "vat", "edited"),
    ("09:03:20", "Dee", "tag", "dora", "desk/invoice", "desk/urgent"),
    ("09:03:20", "Dee", "topic", "dora", "desk/billing"),
    ("09:05:05", "Dee", "close", "dora", "resolved"),
    ("09:05:35", "Dee", "wrapped", "dora"),
    # emil, invited by the rule: after 10 s, answered after 40, 130 s; Eli 120; a mail promised
    ("09:03:30", "emil", "start", "accounts", "what is a year?", "by invitation"),
    ("09:03:40", "Eli", "accept"),
    ("09:04:10", "Eli", "say", "emil", "It is 50."),
    ("09:04:30", "emil", "says", "I think about it"),
    ("09:05:00", "Eli", "say", "emil", "I write to you."),
    ("09:05:20", "Eli", "promise", "emil", "email"),
    ("09:05:40", "Eli", "close", "emil", "resolved"),
    ("09:05:40", "Eli", "wrapped", "emil"),
    # omar: declined by Bob, taken by Ada after 15 s, answered after 45, 195 s; Ada 180; escalated
    ("09:05:00", "omar", "start", "support", "I want my money back"),
    ("09:05:05", "Bob", "decline"),
    ("09:05:15", "Ada", "accept"),
    ("09:05:45", "Ada", "say", "omar", "How much is it?"),
    ("09:06:00", "omar", "says", "900"),
    ("09:07:00", "Ada", "escalate", "omar", "above my limit"),
    ("09:07:30", "Ada", "say", "omar", "Somebody calls you."),
    ("09:08:15", "Ada", "close", "omar", "escalated"),
    ("09:08:15", "Ada", "wrapped", "omar"),
    # faye, invited by Dee: after 5 s, answered after 15, 125 s; Dee 120; a call promised
    ("09:07:20", "faye", "start", "accounts", "do they fit?", "by invitation"),
    ("09:07:25", "Dee", "accept"),
    ("09:07:35", "Dee", "say", "faye", "They do."),
    ("09:08:00", "faye", "says", "and in brown?"),
    ("09:08:20", "Dee", "say", "faye", "In brown too."),
    ("09:09:00", "Dee", "promise", "faye", "call"),
    ("09:09:25", "Dee", "close", "faye", "resolved"),
    ("09:09:25", "Dee", "wrapped", "faye"),
    # pia: taken by Bob after 20 s, answered after 30, 240 s; Bob 120; sales: Cem 90 and 30
    ("09:10:00", "pia", "start", "support", "may I buy two?"),
    ("09:10:20", "Bob", "accept"),
    ("09:10:30", "Bob", "say", "pia", "I pass you on."),
    ("09:12:20", "Bob", "transfer", "pia", "team", "sales"),
    ("09:12:30", "Cem", "accept"),
    ("09:12:50", "Cem", "say", "pia", "Gladly."),
    ("09:13:00", "pia", "says", "thank you, two then"),
    ("09:14:00", "Cem", "close", "pia", "resolved"),
    ("09:14:30", "Cem", "wrapped", "pia"),
    # ivo: declined by Eli, taken by Dee after 10 s, answered after 20, 200 s; Dee 60; Eli 120, 30
    ("09:12:00", "ivo", "start", "accounts", "change my plan"),
    ("09:12:05", "Eli", "decline"),
    ("09:12:10", "Dee", "accept"),
    ("09:12:20", "Dee", "say", "ivo", "To which?"),
    ("09:12:40", "ivo", "says", "the large one"),
    ("09:13:10", "Dee", "transfer", "ivo", "member", "Eli"),
    ("09:13:20", "Eli", "accept"),
    ("09:13:35", "Eli", "say", "ivo", "I look at it."),
    ("09:14:00", "ivo", "says", "and the invoice?"),
    ("09:14:20", "Eli", "say", "ivo", "I call you about it."),
    ("09:14:30", "Eli", "tag", "ivo", "desk/invoice"),
    ("09:14:30", "Eli", "topic", "ivo", "desk/billing"),
    ("09:15:00", "Eli", "promise", "ivo", "call"),
    ("09:15:20", "Eli", "close", "ivo", "resolved"),
    ("09:15:50", "Eli", "wrapped", "ivo"),
    # hana: after 20 s, answered after 70, 140 s; Ada 120 and 20, Bob helps for 30; not solved
    ("09:15:00", "hana", "start", "support", "the boots are torn"),
    ("09:15:20", "Ada", "accept"),
    ("09:16:10", "Ada", "say", "hana", "Which size?"),
    ("09:16:15", "Ada", "tag", "hana", "desk/refund"),
    ("09:16:20", "Bob", "join", "hana"),
    ("09:16:30", "Bob", "say", "hana", "The store knows more."),
    ("09:16:40", "hana", "says", "39"),
    ("09:16:50", "Bob", "leave", "hana"),
    ("09:17:10", "Ada", "say", "hana", "The store writes to you."),
    ("09:17:20", "Ada", "close", "hana", "unresolved", "needs_other_team"),
    ("09:17:40", "Ada", "wrapped", "hana"),
    # gus: after 10 s, answered after 25, 130 s; Cem 120 and 20
    ("09:16:00", "gus", "start", "sales", "which hat?"),
    ("09:16:10", "Cem", "accept"),
    ("09:16:25", "Cem", "say", "gus", "The red one."),
    ("09:16:50", "gus", "says", "is it warm?"),
    ("09:17:20", "Cem", "say", "gus", "It is."),
    ("09:17:40", "Cem", "say", "gus", "And light."),
    ("09:17:50", "Cem", "tag", "gus", "desk/lead"),
    ("09:18:10", "Cem", "close", "gus", "resolved"),
    ("09:18:30", "Cem", "wrapped", "gus"),
    # june: after 15 s, answered after 30, 195 s; Dee 180; she asks for somebody above
    ("09:20:00", "june", "start", "accounts", "I paid twice"),
    ("09:20:15", "Dee", "accept"),
    ("09:20:30", "Dee", "say", "june", "vat"),
    ("09:21:00", "june", "says", "that is no answer"),
    ("09:21:30", "Dee", "say", "june", "I look again."),
    ("09:21:40", "Dee", "topic", "june", "desk/billing"),
    ("09:22:00", "june", "above"),
    ("09:22:20", "Dee", "say", "june", "They call you."),
    ("09:23:15", "Dee", "close", "june", "escalated"),
    ("09:23:15", "Dee", "wrapped", "june"),
    # kurt: after 15 s, answered after 45, leaves after 135; Cem 120 and 30; not solved
    ("09:22:00", "kurt", "start", "sales", "a discount?"),
    ("09:22:15", "Cem", "accept"),
    ("09:22:45", "Cem", "say", "kurt", "On how many?"),
    ("09:23:00", "kurt", "says", "one"),
    ("09:23:30", "Cem", "say", "kurt", "On ten."),
    ("09:24:15", "kurt", "end"),
    ("09:24:20", "Cem", "close", "kurt", "unresolved", "customer_left"),
    ("09:24:45", "Cem", "wrapped", "kurt"),
    # milo: declined by Bob, after 10 s, answered after 20, 190 s; Ada 180
    ("09:26:00", "milo", "start", "support", "two parcels came"),
    ("09:26:05", "Bob", "decline"),
    ("09:26:10", "Ada", "accept"),
    ("09:26:20", "Ada", "say", "milo", "From whom?"),
    ("09:27:20", "milo", "says", "from you"),
    ("09:27:40", "Ada", "say", "milo", "Keep it."),
    ("09:28:50", "milo", "says", "really?"),
    ("09:29:00", "Ada", "say", "milo", "Really."),
    ("09:29:10", "Ada", "close", "milo", "resolved"),
    ("09:29:10", "Ada", "wrapped", "milo"),
    # lena: after 5 s, answered after 15, 125 s; Eli 120 and 20
    ("09:26:00", "lena", "start", "accounts", "my invoice, please"),
    ("09:26:05", "Eli", "accept"),
    ("09:26:15", "Eli", "say", "lena", "hi"),
    ("09:26:40", "lena", "says", "number 12"),
    ("09:27:00", "Eli", "say", "lena", "I send it."),
    ("09:27:05", "Eli", "tag", "lena", "desk/invoice"),
    ("09:27:05", "Eli", "topic", "lena", "desk/billing"),
    ("09:28:05", "Eli", "close", "lena", "resolved"),
    ("09:28:25", "Eli", "wrapped", "lena"),
    # nora: declined by Bob, after 10 s, answered after 40, 130 s; Ada 120, all while milo's runs
    ("09:26:30", "nora", "start", "support", "when do you open?"),
    ("09:26:35", "Bob", "decline"),
    ("09:26:40", "Ada", "accept"),
    ("09:27:10", "Ada", "say", "nora", "At eight."),
    ("09:27:30", "nora", "says", "on Sundays?"),
    ("09:28:00", "Ada", "say", "nora", "Never."),
    ("09:28:40", "Ada", "close", "nora", "resolved"),
    ("09:28:40", "Ada", "wrapped", "nora"),
    # otto: after 10 s, answered after 20, 130 s; Cem 120 and 20; a task that is never done
    ("09:30:00", "otto", "start", "sales", "may I try it?"),
    ("09:30:10", "Cem", "accept"),
    ("09:30:20", "Cem", "say", "otto", "For a week."),
    ("09:30:40", "otto", "says", "how?"),
    ("09:31:00", "Cem", "say", "otto", "I write it down."),
    ("09:31:30", "Cem", "promise", "otto", "task"),
    ("09:32:10", "Cem", "close", "otto", "resolved"),
    ("09:32:30", "Cem", "wrapped", "otto"),
    # tom: after 5 s, answered after 20, twelve messages in 185 s; Dee 180 and 20
    ("09:33:00", "tom", "start", "accounts", "I cannot pay"),
    ("09:33:05", "Dee", "accept"),
    ("09:33:20", "Dee", "say", "tom", "With what?"),
    ("09:33:40", "tom", "says", "a card"),
    ("09:33:50", "Dee", "say", "tom", "Which?"),
    ("09:34:00", "tom", "says", "the blue one"),
    ("09:34:10", "Dee", "say", "tom", "And what does it say?"),
    ("09:34:20", "tom", "says", "expired"),
    ("09:34:30", "Dee", "say", "tom", "Take another."),
    ("09:34:40", "tom", "says", "the green one?"),
    ("09:34:50", "Dee", "say", "tom", "Try it."),
    ("09:35:00", "tom", "says", "it works"),
    ("09:35:20", "Dee", "say", "tom", "Good."),
    ("09:35:30", "Dee", "tag", "tom", "desk/refund"),
    ("09:35:40", "Dee", "untag", "tom", "desk/refund"),
    ("09:36:05", "Dee", "close", "tom", "resolved"),
    ("09:36:25", "Dee", "wrapped", "tom"),
    # tess: after 10 s, answered after 20, 130 s; Cem 120
    ("09:35:00", "tess", "start", "sales", "a price, please"),
    ("09:35:10", "Cem", "accept"),
    ("09:35:20", "Cem", "say", "tess", "It is 20."),
    ("09:37:10", "Cem", "close", "tess", "resolved"),
    ("09:37:10", "Cem", "wrapped", "tess"),
    # rex: after 10 s, answered after 20, 130 s; Bob 120 and 30
    ("09:38:00", "rex", "start", "support", "my parcel is open"),
    ("09:38:10", "Bob", "accept"),
    ("09:38:20", "Bob", "say", "rex", "hi"),
    ("09:38:40", "rex", "says", "a glove is missing"),
    ("09:39:00", "Bob", "say", "rex", "You get it back."),
    ("09:39:10", "Bob", "tag", "rex", "desk/refund"),
    ("09:39:10", "Bob", "topic", "rex", "desk/parcel"),
    ("09:40:10", "Bob", "close", "rex", "resolved"),
    ("09:40:40", "Bob", "wrapped", "rex"),
    # sue: after 15 s, answered after 35, 135 s; Ada 120 and 20
    ("09:41:00", "sue", "start", "support", "it must come today"),
    ("09:41:15", "Ada", "accept"),
    ("09:41:35", "Ada", "say", "sue", "It does."),
    ("09:42:00", "sue", "says", "at what time?"),
    ("09:42:30", "Ada", "say", "sue", "At five."),
    ("09:42:40", "Ada", "tag", "sue", "desk/urgent"),
    ("09:42:40", "Ada", "topic", "sue", "desk/parcel"),
    ("09:43:15", "Ada", "close", "sue", "resolved"),
    ("09:43:35", "Ada", "wrapped", "sue"),
    # june again, on the same: after 10 s, answered after 30, 130 s; Eli 120
    ("09:43:00", "june", "start", "accounts", "nobody called"),
    ("09:43:10", "Eli", "accept"),
    ("09:43:30", "Eli", "say", "june", "You have it back."),
    ("09:43:40", "Eli", "topic", "june", "desk/billing"),
    ("09:45:10", "Eli", "close", "june", "resolved"),
    ("09:45:10", "Eli", "wrapped", "june"),
    # nia again, on the same: after 10 s, answered after 30, 130 s; Ada 120; not solved
    ("09:47:00", "nia", "start", "support", "it did not come"),
    ("09:47:10", "Ada", "accept"),
    ("09:47:30", "Ada", "say", "nia", "I see the fault."),
    ("09:48:00", "Ada", "topic", "nia", "desk/parcel"),
    ("09:49:10", "Ada", "close", "nia", "unresolved", "product_bug"),
    ("09:49:10", "Ada", "wrapped", "nia"),
]

MISSED: Final[list[Line]] = [
    # quin: Bob lets the offer run out, the visitor leaves while it is offered to Ada; 50 s
    ("09:20:00", "quin", "start", "support", "hello?"),
    ("09:20:50", "quin", "end"),
    # rosa: declined by both, by Ada last; 30 s
    ("09:25:00", "rosa", "start", "support", "hello?"),
    ("09:25:05", "Bob", "decline"),
    ("09:25:10", "Ada", "decline"),
    ("09:25:30", "rosa", "end"),
    # sam: nobody of support is there; 60 s
    ("09:30:00", "sam", "start", "support", "anybody?"),
    ("09:31:00", "sam", "end"),
    # uma waits 40 s while Cem, who has one chat at a time, has tess's
    ("09:36:00", "uma", "start", "sales", "me too"),
    ("09:36:40", "uma", "end"),
    # vic leaves after 6 s, while it is offered to Cem
    ("09:40:00", "vic", "start", "sales", "quick"),
    ("09:40:06", "vic", "end"),
    # wes: taken by Cem, given over in silence, never taken by Bob; 30 s
    ("09:42:00", "wes", "start", "sales", "a question"),
    ("09:42:05", "Cem", "accept"),
    ("09:42:10", "Cem", "transfer", "wes", "member", "Bob"),
    ("09:42:30", "wes", "end"),
    # yan: the line fails while it is offered to Cem; 20 s
    ("09:45:00", "yan", "start", "sales", "hello"),
    ("09:45:20", "yan", "fail"),
    # zoe writes after closing
    ("09:55:00", "zoe", "start", "support", "are you there?"),
]

PROMISES: Final[list[Line]] = [  # what was promised is done
    ("09:30:00", "Eli", "done", "emil"),
    ("09:31:00", "Dee", "done", "faye"),
    ("09:48:00", "Eli", "done", "ivo"),
]

BOUGHT: Final[list[Line]] = [
    ("09:12:00", "faye", "buys", {"type": "purchase", "value": "30"}),
    ("09:14:30", "hana", "buys", {"type": "purchase", "value": "80"}),  # before the chat
    ("09:15:00", "amy", "buys", {"type": "purchase", "value": "15"}),
    ("09:19:00", "gus", "bought", {"id": "A1", "type": "purchase", "value": "100"}),
    ("09:20:00", "ben", "bought", {"id": "A2", "type": "signup"}),
    ("09:21:00", "cleo", "bought", {"id": "A3", "type": "purchase", "value": "9"}),
    ("09:31:00", "cleo", "bought", {"id": "A3", "type": "purchase", "status": "refunded"}),
    ("09:38:00", "uma", "buys", {"type": "purchase", "value": "25"}),
    ("09:39:00", "tom", "bought", {"id": "A4", "type": "purchase", "value": "60"}),
    ("09:44:00", "tom", "bought", {"id": "A4", "type": "purchase", "status": "cancelled"}),
    ("09:40:00", "emil", "bought", {"id": "A5", "type": "purchase", "value": "50"}),
    ("09:44:30", "boss", "bought", {"id": "A6", "type": "purchase", "value": "1"}),
    ("09:50:00", "otto", "bought", {"id": "A7", "type": "signup"}),
    ("09:59:00", "c-nia", "orders", {"id": "A8", "type": "purchase", "value": "20"}),
]

RATED: Final[list[Line]] = [  # (csat of 5, ces of 7, nps of 10), None where not answered
    ("09:04:40", "nia", "rates", 5, 6, 9),
    ("09:05:50", "dora", "rates", 5, 7, 10),
    ("09:06:00", "emil", "rates", 4, 6, 9),
    ("09:08:40", "omar", "rates", 1, 2, 0, "nobody helped me"),
    ("09:14:50", "pia", "rates", 4, 5, 8),
    ("09:16:00", "ivo", "rates", 4, None, None),
    ("09:16:30", "ivo", "rates", 5, 6, None),  # thinks better of it
    ("09:18:00", "hana", "rates", 3, 4, 6),
    ("09:18:50", "gus", "rates", 5, 7, 10),
    ("09:23:40", "june", "rates", 2, 1, None),
    ("09:28:40", "lena", "rates", 4, 5, 7),
    ("09:29:50", "milo", "rates", 5, 6, 9),
    ("09:41:10", "rex", "rates", 4, None, None),
    ("09:49:30", "nia", "rates", 2, 3, 4),
]

AFTERWARDS: Final[list[Line]] = [
    ("03-02 10:05:00", "sue", "rates", 5, 7, 9),
    ("03-02 10:10:00", "tom", "rates", 3, 4, 7),
    ("03-04 09:12:00", "ivo", "bought", {"id": "A9", "type": "purchase", "value": "70"}),
    ("03-10 09:30:00", "kurt", "bought", {"id": "A10", "type": "purchase", "value": "5"}),
    ("03-11 09:30:00", "hana", "bought", {"id": "A11", "type": "purchase", "value": "40"}),
]

LINES: Final = sorted(
    [*PEOPLE, *COMING, *INVITED, *SERVED, *MISSED, *PROMISES, *BOUGHT, *RATED],
    key=lambda line: line[0],
)
