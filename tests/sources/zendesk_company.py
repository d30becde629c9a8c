"""A made-up company's Zendesk, synthetic throughout: some thirty tickets, one a case.

`Company().json()` is what the account holds, stream by stream, as Zendesk's API lists it. Every
instant is of March 2026, UTC. Ids tell what they are: 1xx staff, 2xx customers, 1x groups,
3x the account's own fields and statuses; an audit of ticket 7 is 7,000,100, its events follow it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]
ANN, BEN, LIGHT, ADMIN, GONE = 101, 102, 103, 104, 109
SUPPORT, BILLING = 11, 12
PARTS, SIZE, WISH = 31, 32, 33
RULE = {"channel": "rule", "source": {"from": {"id": 5, "title": "A rule"}, "rel": "trigger"}}
AUTOMATION = {"channel": "rule", "source": {"from": {"id": 6}, "rel": "automation"}}
BOT = {"channel": "answer_bot_for_messaging", "source": {"rel": None}}
WEB = {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}}


def at(text: str) -> str:
    """`02 09:00` or `02 09:00:20` as an instant of March 2026."""
    day, _, time = text.partition(" ")
    return f"2026-03-{day}T{time}{':00' if time.count(':') == 1 else ''}Z"


def says(body: str, by: int | None = None, *, public: bool = True, via: Any = None) -> Json:
    """A comment; by the audit's author unless it says otherwise."""
    made: Json = {"type": "Comment", "body": body, "public": public, "attachments": []}
    if by is not None:
        made["author_id"] = by
    return made | ({"via": via} if via else {})


def to(field: str, value: Any, via: Any = None) -> Json:
    """A field set or changed."""
    return {"field_name": field, "value": value} | ({"via": via} if via else {})


class Ticket:
    """One ticket as it stands, and the audits that made it so."""

    def __init__(self, id_: int, asked: str, by: int, channel: str, subject: str) -> None:
        self.audits: list[Json] = []
        self.value: Json = {
            "id": id_, "subject": subject, "via": {"channel": channel, "source": {"rel": None}},
            "created_at": at(asked), "updated_at": at(asked), "requester_id": by,
            "submitter_id": by, "status": "new", "priority": None, "assignee_id": None,
            "group_id": None, "organization_id": None, "tags": [], "custom_fields": [],
            "external_id": None, "brand_id": 41, "custom_status_id": None,
            "satisfaction_rating": {"score": "unoffered"}, "is_public": True,
        }  # fmt: skip

    def audit(self, when: str, by: int, *events: Json, via: Any = None) -> Ticket:
        """One update: comments as they are, changes with what stood there before."""
        id_ = self.value["id"] * 1_000_000 + (len(self.audits) + 1) * 100
        first = not self.audits
        made = []
        for place, event in enumerate(events, 1):
            told = {"id": id_ + place, **event}
            if "field_name" in event and "type" not in event:
                told["type"] = "Create" if first else "Change"
                if not first:
                    told["previous_value"] = self._now(event["field_name"])
                self._set(event["field_name"], event["value"])
            if told["type"] == "Comment":
                told.setdefault("author_id", by)
            made.append(told)
        self.audits.append(
            {"id": id_, "ticket_id": self.value["id"], "created_at": at(when), "author_id": by,
             "via": via or self.value["via"], "metadata": {"system": {}, "custom": {}},
             "events": made}
        )  # fmt: skip
        self.value["updated_at"] = at(when)
        return self

    def _now(self, field: str) -> Any:
        if field.isdigit():
            own = {one["id"]: one["value"] for one in self.value["custom_fields"]}
            return own.get(int(field))
        value = self.value.get(field)
        return str(value) if field.endswith("_id") and value is not None else value

    def _set(self, field: str, value: Any) -> None:
        if isinstance(value, dict):
            return  # a target: the ticket itself does not show it
        if field.isdigit():
            kept = [one for one in self.value["custom_fields"] if one["id"] != int(field)]
            self.value["custom_fields"] = [*kept, {"id": int(field), "value": value}]
        elif field.endswith("_id"):
            self.value[field] = None if value is None else int(value)
        else:
            self.value[field] = value

    def counted(self, **figures: Any) -> Ticket:
        """Zendesk's own figures, worked by hand: minutes as (calendar, business), and counts."""
        made: Json = {
            "id": self.value["id"] + 9000, "ticket_id": self.value["id"],
            "created_at": self.value["created_at"], "updated_at": self.value["updated_at"],
        }  # fmt: skip
        for name, value in figures.items():
            pair = isinstance(value, tuple)
            made[name] = {"calendar": value[0], "business": value[1]} if pair else value
        self.value["metric_set"] = made
        return self


def person(id_: int, name: str, role: str = "end-user", **fields: Any) -> Json:
    """A user of the account."""
    return {
        "id": id_, "name": name, "role": role, "email": f"{id_}@example.com", "active": True,
        "created_at": at("01 08:00"), "updated_at": at("01 08:00"), "locale": "en-US",
        "suspended": False, "organization_id": None, "phone": None, **fields,
    }  # fmt: skip


class Company:
    """The account: people, groups, fields, hours, promises, and its tickets by id."""

    def __init__(self) -> None:
        self.tickets: dict[int, Ticket] = {}
        self.users = [
            person(ANN, "Agent 1", "agent", default_group_id=SUPPORT),
            person(BEN, "Agent 2", "agent", default_group_id=BILLING),
            person(LIGHT, "Agent 3", "agent", only_private_comments=True),
            person(ADMIN, "Agent 4", "admin"),
            *(person(200 + n, f"Customer {n}") for n in range(1, 41) if n != 23),
            person(223, "Customer 23", suspended=True),
        ]
        self.ratings: list[Json] = []
        _tickets(self)

    def ticket(
        self, id_: int, asked: str, *, by: int | None = None, body: str = "It does not work.",
        channel: str = "email", author: int | None = None, submitter: int | None = None,
        rules: tuple[Json, ...] = (), **fields: Any,
    ) -> Ticket:  # fmt: skip
        """A ticket with its first audit: what was set, and the first comment."""
        who = by or 200 + id_
        made = self.tickets[id_] = Ticket(id_, asked, who, channel, f"Matter {id_}")
        made.value["submitter_id"] = submitter or who
        set_ = {"requester_id": who, "status": "new", **fields}
        events = [to(name, value) for name, value in set_.items()]
        made.audit(asked, submitter or who, says(body, author or submitter or who), *events, *rules)
        return made

    def rated(
        self, id_: int, ticket: int, offered: str, rated: str, score: str, **more: Any
    ) -> None:
        """A satisfaction rating; the offer itself where nothing was answered."""
        value = self.tickets[ticket].value
        self.ratings.append(
            {"id": id_, "ticket_id": ticket, "requester_id": value["requester_id"],
             "assignee_id": value["assignee_id"], "group_id": value["group_id"], "score": score,
             "created_at": at(offered), "updated_at": at(rated), "comment": None, **more}
        )  # fmt: skip
        value["satisfaction_rating"] = {"score": score}

    def json(self, *only: int) -> dict[str, list[Json]]:
        """What the account holds, by Zendesk's own names of the streams; of these tickets alone."""
        told = [t for id_, t in self.tickets.items() if not only or id_ in only]
        hours = [{"start_time": 1440 * d + 480, "end_time": 1440 * d + 960} for d in range(1, 6)]
        return {
            "users": self.users,
            "groups": [
                {"id": SUPPORT, "name": "Support", "deleted": False, "updated_at": at("01 08:00")},
                {"id": BILLING, "name": "Billing", "deleted": False, "updated_at": at("01 08:00")},
            ],
            "organizations": [
                {"id": 61, "name": "Company 1", "created_at": at("01 08:00"),
                 "updated_at": at("01 08:00")}
            ],
            "brands": [{"id": 41, "name": "Brand 1"}],
            "ticket_fields": [
                {"id": SIZE, "title": "Size", "type": "tagger"},
                {"id": WISH, "title": "Wish", "type": "text"},
            ],
            "custom_statuses": [
                {"id": PARTS, "status_category": "pending", "agent_label": "Waiting for parts"},
                {"id": 34, "status_category": "open", "agent_label": "Open"},
            ],
            "macros": [
                {"id": 51, "title": "Thanks for waiting", "active": True,
                 "updated_at": at("01 08:00"), "restriction": {"type": "Group", "id": SUPPORT},
                 "actions": [{"field": "status", "value": "solved"},
                             {"field": "comment_value", "value": "Thank you for waiting."}]},
                {"id": 52, "title": "Take it", "active": True, "updated_at": at("01 08:00"),
                 "restriction": None, "actions": [{"field": "status", "value": "open"}]},
            ],
            "schedules": [
                {"id": 71, "name": "Office", "time_zone": "UTC", "updated_at": at("01 08:00"),
                 "intervals": hours}
            ],
            "holidays": [
                {"id": 72, "schedule_id": 71, "name": "Spring", "start_date": "2026-03-20",
                 "end_date": "2026-03-21"}
            ],
            "sla_policies": [
                {"id": 81, "title": "Urgent first", "created_at": at("01 08:00"),
                 "updated_at": at("01 08:00"), "policy_metrics": [
                    {"priority": "urgent", "metric": "first_reply_time", "target": 30,
                     "target_in_seconds": 1800, "business_hours": False},
                    {"priority": "urgent", "metric": "requester_wait_time", "target": 240,
                     "business_hours": True},
                ]}
            ],
            "tickets": [t.value for t in told],
            "ticket_audits": [a for t in told for a in t.audits],
            "satisfaction_ratings": [
                r for r in self.ratings if not only or r["ticket_id"] in only
            ],
        }  # fmt: skip


def written(folder: Path, streams: dict[str, list[Json]]) -> Path:
    """The streams as a folder of the API's answers: `tickets.json` is {"tickets": [...]}."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in streams.items():
        key = "audits" if name == "ticket_audits" else name
        (folder / f"{name}.json").write_text(json.dumps({key: rows, "count": len(rows)}), "utf-8")
    return folder


def _tickets(c: Company) -> None:
    c.ticket(1, "02 09:00", group_id=SUPPORT).audit(
        "02 10:00", ANN, says("Done."), to("assignee_id", ANN), to("status", "solved"), via=WEB
    ).audit("06 10:00", -1, to("status", "closed"), via=AUTOMATION).counted(
        reply_time_in_minutes=(60, 60), first_resolution_time_in_minutes=(60, 60),
        full_resolution_time_in_minutes=(60, 60), reopens=0, replies=1, assignee_stations=1,
        group_stations=1, solved_at=at("02 10:00"),
    )  # fmt: skip
    # Solved three times, reopened twice.
    two = c.ticket(2, "02 09:00", group_id=SUPPORT)
    for day, solved in (("02", "10:00"), ("03", "10:00"), ("04", "12:00")):
        if day != "02":
            two.audit(f"{day} 09:00", 202, says("It is back."), to("status", "open"))
        two.audit(f"{day} {solved}", ANN, says("Mended."), to("status", "solved"), via=WEB)
    two.counted(
        reply_time_in_minutes=(60, 60), first_resolution_time_in_minutes=(60, 60),
        full_resolution_time_in_minutes=(3060, 1140), reopens=2, replies=3,
    )  # fmt: skip
    c.ticket(3, "03 09:00", channel="native_messaging").audit(
        "03 09:00:05", -1, says("I am a bot. Did this help?"), via=BOT
    ).audit("03 09:20", ANN, says("I am a person."), to("status", "solved"), via=WEB)
    c.ticket(4, "03 09:00", channel="web", submitter=ANN, body="Your order is late.").audit(
        "03 10:00", 204, says("When will it come?"), to("status", "open")
    ).audit("03 10:30", ANN, says("On Friday."), to("status", "solved"), via=WEB)
    c.ticket(5, "03 09:00", channel="web", submitter=ANN, author=205).audit(
        "03 09:45", ANN, says("Sent again."), to("status", "solved"), via=WEB
    )
    c.ticket(6, "03 09:00").audit("03 09:05", ANN, says("Who knows?", public=False), via=WEB).audit(
        "03 09:30", BEN, says("I do."), to("status", "solved"), via=WEB
    )
    c.ticket(
        7, "03 09:00",
        rules=({"type": "Notification", "via": RULE, "recipients": [207], "subject": "Received",
                "body": "We have received your request."},),
    ).audit(
        "03 11:00", ANN, says("Here you are."), to("status", "solved"),
        {"type": "Notification", "via": RULE, "recipients": [207], "subject": "Re:",
         "body": "{{ticket.comments_formatted}}"}, via=WEB,
    )  # fmt: skip
    merge = {"channel": "web", "source": {"from": {}, "to": {}, "rel": "merge"}}
    c.ticket(8, "03 09:00", by=209).audit(
        "03 09:30", ANN, says("This request was closed and merged into request #9.", public=False),
        to("status", "closed"), to("tags", ["closed_by_merge"]), via=merge,
    )  # fmt: skip
    c.ticket(9, "03 08:50").audit(
        "03 09:30", ANN, says("Request #8 was closed and merged into this request.", public=False),
        via={"channel": "web", "source": {"from": {"ticket_ids": [8]}, "rel": "merge"}},
    ).audit(
        "03 10:20", ANN, says("It left yesterday."), to("status", "solved"), via=WEB
    )  # fmt: skip
    c.ticket(10, "03 09:00").audit("03 09:10", ANN, to("status", "deleted"), via=WEB)
    eleven = c.ticket(11, "03 09:00")
    eleven.value |= {"status": "deleted", "updated_at": at("04 09:00")}
    eleven.audits.clear()
    c.ticket(12, "03 09:00", group_id=SUPPORT).audit(
        "03 10:00", ANN, says("We ordered it."), to("custom_status_id", PARTS),
        to("status", "pending"), via=WEB,
    ).audit("05 10:00", ANN, says("It is here."), to("status", "solved"), via=WEB)  # fmt: skip
    voice = c.ticket(13, "03 09:00", channel="voice", submitter=ANN, body="Inbound call")
    voice.value["via"]["source"]["rel"] = "inbound"
    voice.audits[0]["events"][0] |= {
        "type": "VoiceComment", "data": {"call_id": 1301, "started_at": at("03 09:00"),
        "call_duration": 120, "answered_by_id": ANN, "from": "+000", "to": "+001"},
    }  # fmt: skip
    chat = c.ticket(14, "03 09:00", channel="chat", body="(09:00:00) Customer 14: Hello?")
    chat.audits[0]["events"].append(
        {"id": 14_000_150, "type": "ChatStartedEvent", "value": {"chat_id": "c14", "history": [
            {"chat_index": 0, "type": "ChatJoin", "timestamp": 1772528400000,
             "actor_type": "end-user", "actor_id": 214},
            {"chat_index": 1, "type": "ChatMessage", "timestamp": 1772528400000,
             "actor_type": "end-user", "actor_id": 214, "message": "Hello?"},
            {"chat_index": 2, "type": "ChatMessage", "timestamp": 1772528430000,
             "actor_type": "agent", "actor_id": "agent:101", "message": "Good morning."},
        ]}}
    )  # fmt: skip
    chat.audit("03 09:05", ANN, to("status", "solved"))
    for id_ in (15, 16, 17):
        c.ticket(id_, "04 09:00", group_id=SUPPORT).audit(
            "04 10:00", ANN, says("Done."), to("assignee_id", ANN), to("status", "solved"), via=WEB
        )
    c.rated(1501, 15, "05 10:00", "05 11:00", "good")
    c.rated(1601, 16, "05 10:00", "06 09:00", "bad", comment="Too slow.", reason="Took too long")
    c.rated(1701, 17, "05 10:00", "05 10:00", "offered")
    c.ticket(18, "04 09:00", tags=["new_customer", "printer"]).audit(
        "04 09:30", BEN, to("tags", ["printer", "paper"]), via=WEB
    )
    c.ticket(19, "04 09:00", group_id=SUPPORT, assignee_id=ANN).audit(
        "04 09:40", ANN, to("group_id", BILLING), to("assignee_id", BEN), via=WEB
    ).audit("04 10:00", BEN, says("Billing here."), to("status", "solved"), via=WEB)
    c.ticket(
        20, "04 09:00", priority="urgent",
        first_reply_time={"minutes": 30, "in_business_hours": False},
    ).audit("04 09:20", ANN, says("At once."), to("status", "solved"), via=WEB)  # fmt: skip
    c.ticket(21, "04 09:00", body="My card is ▇▇▇▇").audit(
        "04 09:10", ANN, {"type": "CommentRedactionEvent", "comment_id": 21_000_101}, via=WEB
    ).audit("04 09:30", ANN, says("Done."), to("status", "solved"), via=WEB)
    follow = c.ticket(22, "09 09:00", by=201)
    follow.value["via"] = {
        "channel": "web", "source": {"from": {"ticket_id": 1, "subject": "Matter 1"},
                                     "rel": "follow_up"},
    }  # fmt: skip
    c.ticket(23, "04 09:00")
    c.ticket(24, "04 09:00", by=BEN, body="My own screen is dark.").audit(
        "04 10:00", ANN, says("Try the other cable."), to("status", "solved"), via=WEB
    )
    c.ticket(25, "04 09:00").audit(
        "04 09:15", LIGHT, says("I know this one.", public=False), via=WEB
    )
    c.ticket(26, "04 09:00").audit(
        "05 09:00", -1, says("Is it solved?", -1, via=AUTOMATION), to("status", "solved"),
        via=AUTOMATION,
    )  # fmt: skip
    c.ticket(27, "04 09:00").audit(
        "04 09:30", ANN, says("Not for you.", public=False), via=WEB
    ).audit(
        "04 09:31", ANN,
        {"type": "CommentPrivacyChange", "comment_id": 27_000_201, "public": False}, via=WEB,
    )  # fmt: skip
    c.ticket(28, "04 09:00").audit(
        "04 09:30", ANN, to(str(SIZE), "large"), to(str(WISH), "Call 0123456"),
        to("type", "question"), via=WEB,
    )  # fmt: skip
    c.ticket(29, "04 09:00").audit(
        "04 09:30", ANN, says("Thank you for waiting."),
        {"type": "AgentMacroReference", "macro_id": "51", "macro_title": "Thanks for waiting"},
        to("status", "solved"), via=WEB,
    )  # fmt: skip
    c.ticket(30, "04 09:00", priority="normal").audit(
        "04 09:30", ANN, to("priority", "urgent"), via=RULE
    )
    c.ticket(31, "04 09:00", group_id=SUPPORT, assignee_id=ANN).audit(
        "04 09:30", ANN, to("status", "hold"), via=WEB
    ).audit("05 09:30", ANN, to("status", "solved"), via=WEB)
    # Agent 9 has left, and is no longer among the users.
    c.ticket(32, "04 09:00").audit(
        "04 09:10", GONE, to("assignee_id", GONE), to("status", "open"), via=WEB
    ).audit("04 09:40", GONE, says("Take this."), to("status", "solved"), via=WEB)
    offline = c.ticket(33, "04 22:00", channel="chat", body="Is anybody there?")
    offline.value["via"]["source"]["rel"] = "chat_offline_message"
