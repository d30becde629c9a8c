"""A made-up desk in Chatwoot's own JSON: 32 conversations of March 2026, each with one thing to it.

All of it is synthetic, and so are its people ("Customer 17", "Agent 2"). `desk()` is what the
account's API would list; `payloads()` what a client makes of it. Instants are UTC; "02 09:00" is
2 March 2026, 09:00, a Monday. Messages are numbered by conversation: 101001 is the first of 101.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sanjeh.sources.helpdesk.contract import Payload

Json = dict[str, Any]
LISTS = ("agents", "agent_bots", "teams", "inboxes", "labels", "canned_responses", "contacts")


def instant(text: str) -> dt.datetime:
    """`02 09:00`, `02 09:00:05` or `02 09:00:05.4` of March 2026."""
    day, _, time = text.partition(" ")
    time = time if time.count(":") == 2 else f"{time}:00"
    return dt.datetime.fromisoformat(f"2026-03-{day}T{time}+00:00")


def seconds(text: str) -> int:
    return int(instant(text).timestamp())


def iso(text: str) -> str:
    return instant(text).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# The first agent and the first team take part in nothing.
AGENTS = {
    9: "Agent 9", 1: "Agent 1", 2: "Agent 2", 3: "Agent Twin", 4: "Agent Twin", 5: "Admin 5",
    7: "کارشناس ۷", 8: "Оператор 8",
}  # fmt: skip
TEAMS = {9: ("quiet", []), 1: ("support", [1, 2]), 2: ("billing", [3]), 3: ("پشتیبانی", [7])}
INBOXES = {
    1: ("Website", "Channel::WebWidget"), 2: ("Mail", "Channel::Email"),
    3: ("Telegram", "Channel::Telegram"), 4: ("WhatsApp", "Channel::Whatsapp"),
    5: ("App", "Channel::Api"), 6: ("Shop", "Channel::WebWidget"),
}  # fmt: skip
WEB, MAIL, TELEGRAM, WHATSAPP, API, SHOP = INBOXES


def agent(number: int) -> Json:
    return {
        "id": number, "account_id": 1, "availability_status": "online", "auto_offline": True,
        "confirmed": True, "email": f"agent{number}@example.com", "name": AGENTS[number],
        "available_name": AGENTS[number].split()[0], "thumbnail": "", "custom_role_id": None,
        "role": "administrator" if number == 5 else "agent",
    }  # fmt: skip


def contact(number: int) -> Json:
    company = {"company_name": "Company 1"} if number == 117 else {}
    return {
        "additional_attributes": {"country_code": "IR", **company}, "availability_status":
        "offline", "email": f"customer{number}@example.com", "id": number,
        "name": f"Customer {number}", "phone_number": None, "blocked": False, "identifier": None,
        "thumbnail": "", "custom_attributes": {"plan": "pro"} if number == 117 else {},
        "last_activity_at": seconds("02 09:00"), "created_at": seconds("01 08:00"),
    }  # fmt: skip


@dataclass
class Talk:
    """One conversation while it is being told."""

    number: int
    inbox: int
    created: str
    messages: list[Json] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    ratings: list[Json] = field(default_factory=list)
    row: Json = field(default_factory=dict)

    def _message(self, when: str, kind: int, text: str | None, **fields: Any) -> Talk:
        self.messages.append(
            {
                "id": self.number * 1000 + len(self.messages) + 1, "content": text,
                "inbox_id": self.inbox, "conversation_id": self.number, "message_type": kind,
                "content_type": "text", "status": "sent", "content_attributes": {},
                "created_at": seconds(when), "private": False, "source_id": None, **fields,
            }
        )  # fmt: skip
        return self

    def customer(self, when: str, text: str = "about my order", **fields: Any) -> Talk:
        sender = {"id": self.number, "name": f"Customer {self.number}", "type": "contact"}
        return self._message(when, 0, text, sender=sender, **fields)

    def agent(self, when: str, who: int, text: str = "we look into it", **fields: Any) -> Talk:
        sender = {"id": who, "name": AGENTS[who], "type": "user"}
        return self._message(when, 1, text, sender=sender, **fields)

    def bot(self, when: str, text: str = "hello") -> Talk:
        return self._message(
            when, 1, text, sender={"id": 1, "name": "Robo", "type": "agent_bot"}
        )  # fmt: skip

    def says(self, when: str, sentence: str) -> Talk:
        """An activity."""
        return self._message(when, 2, sentence)

    def template(self, when: str, text: str, **fields: Any) -> Talk:
        return self._message(when, 3, text, **fields)

    def event(self, name: str, start: str, end: str, who: int | None = None, **more: Any) -> Talk:
        value = (instant(end).replace(microsecond=0) - instant(start)).total_seconds()
        self.events.append(
            {
                "id": self.number * 100 + len(self.events) + 1, "name": name, "value": value,
                "value_in_business_hours": 0.0, "event_start_time": iso(start),
                "event_end_time": iso(end), "account_id": 1, "conversation_id":
                self.number + 5000, "inbox_id": self.inbox, "user_id": who,
                "created_at": iso(end), "updated_at": iso(end), **more,
            }
        )  # fmt: skip
        return self

    def rated(self, when: str, rating: int, text: str | None, who: int) -> Talk:
        asked = next(m for m in self.messages if m["content_type"] == "input_csat")
        self.ratings.append(
            {
                "id": self.number + 900, "rating": rating, "feedback_message": text,
                "account_id": 1, "message_id": asked["id"], "contact": contact(self.number),
                "conversation_id": self.number, "assigned_agent": agent(who),
                "created_at": seconds(when),
            }
        )  # fmt: skip
        return self

    def now(
        self,
        status: str,
        assignee: int | None = None,
        team: int | None = None,
        labels: tuple[str, ...] = (),
        **more: Any,
    ) -> Talk:
        """The row as the list of conversations shows it today."""
        last = max(m["created_at"] for m in self.messages)
        updated = max([last, *(instant(e["event_end_time"][8:10] + " " + e["event_end_time"][11:-1])
                               .timestamp() for e in self.events)])  # fmt: skip
        meta: Json = {"sender": contact(self.number), "channel": INBOXES[self.inbox][1]}
        if assignee:
            meta |= {"assignee": agent(assignee), "assignee_type": "User"}
        if team:
            meta["team"] = {"id": team, "name": TEAMS[team][0]}
        self.row = {
            "meta": meta, "id": self.number, "messages": self.messages[-1:], "account_id": 1,
            "uuid": f"00000000-0000-4000-8000-000000000{self.number}",
            "additional_attributes": {}, "agent_last_seen_at": 0, "assignee_last_seen_at": 0,
            "can_reply": True, "contact_last_seen_at": 0, "custom_attributes": {},
            "inbox_id": self.inbox, "labels": list(labels), "muted": False,
            "snoozed_until": None, "status": status, "created_at": seconds(self.created),
            "updated_at": float(updated), "timestamp": last, "first_reply_created_at": 0,
            "unread_count": 0, "last_non_activity_message": None, "last_activity_at": last,
            "priority": None, "waiting_since": 0, "sla_policy_id": None, **more,
        }  # fmt: skip
        return self


def inbox(number: int) -> Json:
    name, sort = INBOXES[number]
    has_hours = number in (WEB, SHOP)
    closed = (0, 6) if number == WEB else (5,)
    return {
        "id": number, "channel_id": number, "name": name, "channel_type": sort,
        "greeting_enabled": False, "working_hours_enabled": has_hours, "csat_survey_enabled": True,
        "out_of_office_message": "We are closed.",
        "timezone": "Asia/Tehran" if number == SHOP else "UTC",
        "working_hours": [
            {
                "day_of_week": day, "closed_all_day": day in closed, "open_all_day": False,
                "open_hour": 9, "open_minutes": 0, "close_hour": 17, "close_minutes": 30,
            }
            for day in range(7)
        ],
    }  # fmt: skip


CSAT = {"content_type": "input_csat"}
RESOLVED = "Conversation was marked resolved by {}".format


def talks() -> list[Talk]:
    """The conversations, in order of their numbers."""
    told = [
        # A bot first, a hand-off, then a person.
        Talk(101, WEB, "02 09:00").customer("02 09:00").bot("02 09:00:02")
        .customer("02 09:01", "a person, please")
        .event("conversation_bot_handoff", "02 09:00", "02 09:01:05.200")
        .agent("02 09:04", 1)
        .event("first_response", "02 09:01:05.200", "02 09:04", 1, value=175.0,
               value_in_business_hours=175.0)
        .customer("02 09:05").agent("02 09:06", 1)
        .event("reply_time", "02 09:05", "02 09:06", 1, value_in_business_hours=60.0)
        .says("02 09:10:01", RESOLVED("Agent 1"))
        .event("conversation_resolved", "02 09:00", "02 09:10:00.400", 1,
               value_in_business_hours=600.0)
        .now("resolved", 1),
        # An agent wrote first.
        Talk(102, MAIL, "02 10:00").agent("02 10:00", 2).customer("02 10:30")
        .agent("02 10:40", 2).says("02 11:00", RESOLVED("Agent 2")).now("resolved", 2),
        # A campaign wrote first.
        Talk(103, WEB, "02 10:00")
        .agent("02 10:00", 1, "May we help?")
        .customer("02 10:00:30").agent("02 10:02:30", 1).now("open", 1),
        # A note among colleagues is no reply.
        Talk(104, WEB, "02 09:00").customer("02 09:00").agent("02 09:01", 1, private=True)
        .agent("02 09:05", 1)
        .event("first_response", "02 09:00", "02 09:05", 1, value_in_business_hours=300.0)
        .says("02 09:20", RESOLVED("Agent 1")).now("resolved", 1),
        # Snoozed, and woken by the customer.
        Talk(105, MAIL, "02 09:00").customer("02 09:00").agent("02 09:10", 1)
        .says("02 09:11", "Conversation was snoozed by Agent 1").customer("02 12:00")
        .agent("02 12:05", 1).says("02 12:10", RESOLVED("Agent 1")).now("resolved", 1),
        # A late answer of the customer reopens it; no sentence says so.
        Talk(106, MAIL, "02 09:00").customer("02 09:00").agent("02 09:30", 2)
        .event("first_response", "02 09:00", "02 09:30", 2)
        .says("02 09:31:02", RESOLVED("Agent 2"))
        .event("conversation_resolved", "02 09:00", "02 09:31:00", 2)
        .customer("03 08:00")
        .event("conversation_opened", "02 09:31:00", "03 08:00:00.300", 2)
        .agent("03 09:00", 2).event("reply_time", "03 08:00", "03 09:00", 2)
        .says("03 09:05:01", RESOLVED("Agent 2"))
        .event("conversation_resolved", "02 09:00", "03 09:05:00", 2).now("resolved", 2),
        # Nobody said more: resolved by the clock.
        Talk(107, TELEGRAM, "02 09:00").customer("02 09:00").agent("02 09:20", 1)
        .event("first_response", "02 09:00", "02 09:20", 1)
        .says("04 09:20:05",
              "Conversation was marked resolved by system due to 2 days of inactivity")
        .event("conversation_resolved", "02 09:00", "04 09:20:04", 1)
        .now("resolved", 1),
        # Given to another while the customer waits.
        Talk(108, WEB, "02 09:00").customer("02 09:00")
        .says("02 09:01", "Assigned to Agent 1 by Admin 5")
        .says("02 09:10", "Assigned to Agent 2 by Agent 1").agent("02 09:15", 2)
        .event("first_response", "02 09:00", "02 09:15", 2, value_in_business_hours=900.0)
        .says("02 09:30", RESOLVED("Agent 2")).now("resolved", 2),
        # Rated 5 with a comment, rated 1, not rated.
        *(
            Talk(number, WEB, "02 09:00").customer("02 09:00").agent("02 09:02", 1)
            .says("02 09:10", RESOLVED("Agent 1")).template("02 09:10:02", "Please rate", **CSAT)
            for number in (109, 110, 111)
        ),
        # Labels put on and taken off.
        Talk(112, WEB, "02 09:00").customer("02 09:00")
        .says("02 09:01", "Agent 1 added billing, vip").says("02 09:02", "Agent 1 removed vip")
        .agent("02 09:03", 1).now("open", 1, labels=("billing",)),
        # A thread of mails, one of them an automatic answer.
        Talk(113, MAIL, "02 09:00")
        .customer("02 09:00", content_type="incoming_email",
                  content_attributes={"email": {"subject": "Order", "auto_reply": False}})
        .agent("02 11:00", 2)
        .customer("02 11:01", "I am away", content_type="incoming_email",
                  content_attributes={"email": {"auto_reply": True}})
        .customer("02 12:00", content_type="incoming_email").agent("02 15:00", 2)
        .says("02 15:01", RESOLVED("Agent 2"))
        .now("resolved", 2, additional_attributes={"mail_subject": "Order"}),
        # Nobody has answered yet.
        Talk(114, TELEGRAM, "02 09:00").customer("02 09:00").now("open"),
        # A WhatsApp template begins it.
        Talk(115, WHATSAPP, "02 09:00")
        .agent("02 09:00", 1, "Your parcel has come")
        .customer("02 09:30").agent("02 09:34", 1).now("open", 1),
        # A message was deleted.
        Talk(116, WEB, "02 09:00").customer("02 09:00")
        .agent("02 09:01", 1, "This message was deleted", content_attributes={"deleted": True})
        .agent("02 09:02", 1).now("open", 1),
        # With the bot still.
        Talk(117, WEB, "02 09:00").customer("02 09:00").bot("02 09:00:01").now("pending"),
        # In Persian.
        Talk(118, SHOP, "02 09:00").customer("02 09:00", "سفارش من کجاست؟")
        .says("02 09:01", "کارشناس ۷ این مکالمه را به خود اختصاص داد")
        .agent("02 09:04", 7, "درود")
        .event("first_response", "02 09:00", "02 09:04", 7, value_in_business_hours=240.0)
        .says("02 09:05", "کارشناس ۷، فاکتور را اضافه کرد")
        .says("02 09:06", "کارشناس ۷ گفتگو را به پشتیبانی اختصاص داد")
        .says("02 09:10", "مکالمه توسط ایجنت کارشناس ۷ حل شده، اعلام شده بود")
        .says("02 09:40", "گفتگو توسط ایجنت کارشناس ۷ مجددا باز شده بود")
        .says("02 10:00", "مکالمه توسط ایجنت کارشناس ۷ حل شده، اعلام شده بود")
        .now("resolved", 7, 3, ("فاکتور",)),
        # In Russian.
        Talk(119, TELEGRAM, "02 09:00").customer("02 09:00", "Где мой заказ?")
        .says("02 09:01", "Оператор 8 назначил(а) разговор себе").agent("02 09:06", 8)
        .says("02 09:07", "Оператор 8 добавил счёт")
        .says("02 09:08", "Оператор 8 назначил Agent 1 ответственным")
        .says("02 09:10", "Agent 1 завершил диалог").customer("02 09:50").agent("02 09:55", 1)
        .says("02 10:00", "Agent 1 завершил диалог").now("resolved", 1, labels=("счёт",)),
        # Two agents of one name: the present assignee tells which, …
        Talk(120, WEB, "02 09:00").customer("02 09:00")
        .says("02 09:01", "Assigned to Agent Twin by Admin 5").agent("02 09:02", 4)
        .now("open", 4),
        # … and here nobody does.
        Talk(121, WEB, "02 09:00").customer("02 09:00")
        .says("02 09:01", "Assigned to Agent Twin by Admin 5")
        .says("02 09:05", "Assigned to Agent 1 by Admin 5").agent("02 09:06", 1).now("open", 1),
        # Muted: what the customer writes after it opens nothing.
        Talk(122, WEB, "02 09:00").customer("02 09:00").agent("02 09:01", 1)
        .says("02 09:02", "Agent 1 has muted the conversation")
        .says("02 09:02:01", RESOLVED("Agent 1")).customer("02 09:30")
        .now("resolved", 1, muted=True),
        # The first answer never arrived.
        Talk(123, WHATSAPP, "02 09:00").customer("02 09:00")
        .agent("02 09:05", 1, status="failed",
               content_attributes={"external_error": "131047: the window is over"})
        .agent("02 09:30", 1).now("open", 1),
        # The bot settled it.
        Talk(124, WEB, "02 09:00").customer("02 09:00").bot("02 09:00:01")
        .event("conversation_resolved", "02 09:00", "02 09:03", value_in_business_hours=180.0)
        .event("conversation_bot_resolved", "02 09:00", "02 09:03").now("resolved"),
        # In words not known, and with the event that tells the instant, …
        Talk(125, MAIL, "02 09:00").customer("02 09:00").agent("02 09:10", 2)
        .says("02 09:20:01", "Unterhaltung wurde von Agent 2 als gelöst markiert")
        .event("conversation_resolved", "02 09:00", "02 09:20:00", 2).now("resolved", 2),
        # … and without it.
        Talk(126, MAIL, "02 09:00").customer("02 09:00").agent("02 09:10", 2)
        .says("02 09:20", "Unterhaltung wurde von Agent 2 als gelöst markiert")
        .now("resolved", 2),
        # Greeted by a template while closed, answered on the next day.
        Talk(127, WEB, "02 20:00").customer("02 20:00").template("02 20:00:01", "We are closed.")
        .agent("03 09:10", 1)
        .event("first_response", "02 20:00", "03 09:10", 1, value_in_business_hours=600.0)
        .now("open", 1),
        # Priority up.
        Talk(128, WEB, "02 09:00").customer("02 09:00")
        .says("02 09:01", "Agent 1 set the priority to medium")
        .says("02 09:30", "Agent 1 changed the priority from medium to urgent")
        .agent("02 09:31", 1).now("open", 1, priority="urgent"),
        # From team to team.
        Talk(129, WEB, "02 09:00").customer("02 09:00")
        .says("02 09:01", "Assigned to support by Admin 5")
        .says("02 09:02", "Agent 1 self-assigned this conversation").agent("02 09:03", 1)
        .says("02 09:10", "Assigned to Agent 2 via billing by Agent 1").agent("02 09:20", 2)
        .says("02 09:25", "Conversation unassigned by Agent 2").now("open", None, 2),
        # A rule answers by itself, then a person.
        Talk(130, API, "02 09:00").customer("02 09:00")
        ._message("02 09:00:01", 1, "We got it", content_attributes={"automation_rule_id": 4})
        .agent("02 09:08", 1).now("open", 1),
        # Resolved by the customer.
        Talk(131, WEB, "02 09:00").customer("02 09:00").agent("02 09:01", 1)
        .says("02 09:03", "Conversation was resolved by Customer 131").now("resolved", 1),
    ]  # fmt: skip
    # A long one: more messages than two pages hold.
    long = Talk(132, TELEGRAM, "02 09:00")
    for minute in range(10, 55):
        long.customer(f"02 09:{minute}", f"line {minute}")
    told.append(long.agent("02 09:55", 1).now("open", 1))
    by_number = {talk.number: talk for talk in told}
    by_number[109].rated("02 09:15", 5, "quick and kind", 1).now("resolved", 1)
    by_number[110].rated("02 09:20", 1, None, 1).now("resolved", 1)
    by_number[111].now("resolved", 1)
    return told


@dataclass
class Desk:
    """The whole account, by what its API lists."""

    lists: dict[str, list[Json]]
    rows: list[Json]
    messages: dict[int, list[Json]]
    events: dict[int, list[Json]]
    ratings: list[Json]


def desk(*numbers: int) -> Desk:
    """The account as it stands, with these conversations; with all of them if none is named."""
    told = [talk for talk in talks() if not numbers or talk.number in numbers]
    lists = {
        "agents": [agent(n) for n in AGENTS],
        "agent_bots": [{"id": 1, "name": "Robo", "bot_type": "webhook", "account_id": 1}],
        "teams": [
            {"id": n, "name": name, "description": None, "allow_auto_assign": True,
             "account_id": 1, "is_member": False, "members": [agent(m) for m in members]}
            for n, (name, members) in TEAMS.items()
        ],
        "inboxes": [inbox(n) for n in INBOXES],
        "labels": [
            {"id": n, "title": title, "description": None, "color": "#000", "show_on_sidebar": True}
            for n, title in enumerate(("billing", "vip", "فاکتور", "счёт"), 1)
        ],
        "canned_responses": [
            {"id": 1, "account_id": 1, "short_code": "hi", "content": "Hello, how can I help?",
             "created_at": iso("01 08:00"), "updated_at": iso("01 08:00")}
        ],
        "contacts": [contact(talk.number) for talk in told],
    }  # fmt: skip
    return Desk(
        lists,
        [talk.row for talk in told],
        {talk.number: talk.messages for talk in told},
        {talk.number: talk.events for talk in told},
        [rating for talk in told for rating in talk.ratings],
    )


def whole(row: Json, account: Desk) -> Json:
    """A conversation with its messages and reporting events, as a client hands it over."""
    return {
        **row,
        "all_messages": account.messages[row["id"]],
        "reporting_events": account.events[row["id"]],
    }


def payloads(account: Desk) -> list[Payload]:
    """All that a client or a dump makes of the account."""
    found = [
        Payload(name, value, f"{name} {n}")
        for name in LISTS
        for n, value in enumerate(account.lists[name])
    ]
    for row in account.rows:
        found.append(Payload("conversations", whole(row, account), f"conversation {row['id']}"))
        found += [Payload("messages", m, f"message {m['id']}") for m in account.messages[row["id"]]]
    found += [Payload("csat_survey_responses", r, f"rating {r['id']}") for r in account.ratings]
    return found
