"""Zendesk for the tests of every helpdesk: a small account, its API on loopback, its export.

The company is that of `zendesk_company`; beside its tickets stand a few things that only the
case needs: Zendesk's clocks, deleted tickets, chats and calls. All of it is made up.
"""

from __future__ import annotations

import base64
import copy
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from cases import Case
from loopback import NOT_FOUND, Answer, Asked, Loopback
from zendesk_company import ANN, BEN, Company, Json, at, written

from sanjeh.sources.helpdesk import Payload
from sanjeh.sources.zendesk import HELPDESK

KEY = "Basic " + base64.b64encode(b"ann@acme.example/token:open-sesame").decode()
TICKETS = (1, 5, 8, 13, 14, 15, 20)
MORE: dict[str, list[Json]] = {
    "ticket_forms": [{"id": 42, "name": "Form 1"}],
    "ticket_metric_events": [
        {"id": 91, "ticket_id": 1, "metric": "reply_time", "instance_id": 1, "type": "activate",
         "time": at("02 09:00")},
        {"id": 92, "ticket_id": 1, "metric": "reply_time", "instance_id": 1,
         "type": "update_status", "time": at("02 10:00"),
         "status": {"calendar": 60, "business": 60}},
    ],
    "deleted_tickets": [
        {"id": 10, "subject": "Matter 10", "actor": {"id": ANN, "name": "Agent 1"},
         "deleted_at": at("03 09:10"), "previous_state": "new"},
    ],
    "chats": [
        {"id": "2603.a", "type": "chat", "timestamp": at("04 12:00"), "duration": 300,
         "update_timestamp": at("04 12:06"), "zendesk_ticket_id": None, "started_by": "visitor",
         "visitor": {"id": "v1", "name": "Visitor 1", "email": "v1@example.com"},
         "rating": "good", "comment": "Quick.", "department_id": 11,
         "engagements": [{"id": "e1", "agent_id": ANN, "department_id": 11,
                          "timestamp": at("04 12:00:10"), "duration": 290}],
         "history": [
            {"type": "chat.memberjoin", "timestamp": at("04 12:00")},
            {"type": "chat.msg", "timestamp": at("04 12:00:05"), "sender_type": "Visitor",
             "msg": "Anybody here?"},
            {"type": "chat.msg", "timestamp": at("04 12:00:25"), "sender_type": "Agent",
             "sender_id": ANN, "msg": "I am."},
         ]},
        {"id": "2603.b", "type": "offline_msg", "timestamp": at("04 22:00"), "message": "Nobody?",
         "update_timestamp": at("04 22:00"), "zendesk_ticket_id": None,
         "visitor": {"id": "v2", "name": "Visitor 2"}},
        {"id": "2603.c", "type": "chat", "timestamp": at("03 09:00"), "duration": 60,
         "update_timestamp": at("04 23:00"), "zendesk_ticket_id": 14,
         "visitor": {"id": "v3", "name": "Visitor 3"}, "rating": None, "history": [],
         "engagements": [{"id": "e2", "agent_id": ANN, "timestamp": at("03 09:00:20"),
                          "duration": 40}]},
    ],
    "shortcuts": [{"id": "hi", "name": "hi", "message": "Hello, how can we help?"}],
    "agent_timeline": [
        {"id": "101|1", "agent_id": ANN, "status": "online", "start_time": at("04 08:00"),
         "duration": 3600.0, "engagement_count": 1},
        {"id": "101|2", "agent_id": ANN, "status": "invisible", "start_time": at("04 09:00"),
         "duration": 60.0, "engagement_count": 0},
    ],
    "calls": [
        {"id": 1303, "created_at": at("03 09:00"), "updated_at": at("03 09:10"), "agent_id": ANN,
         "ticket_id": 5, "customer_id": 205, "direction": "inbound", "duration": 120,
         "time_to_answer": 15, "hold_time": 10, "completion_status": "completed",
         "voicemail": False, "call_group_id": 11},
        {"id": 1302, "created_at": at("03 12:00"), "updated_at": at("03 12:05"), "agent_id": None,
         "ticket_id": None, "customer_id": 214, "direction": "inbound", "duration": 40,
         "time_to_answer": None, "completion_status": "abandoned_in_queue", "voicemail": False},
    ],
    "call_legs": [
        {"id": 1391, "call_id": 1303, "type": "agent", "agent_id": ANN, "duration": 100,
         "created_at": at("03 09:00:15"), "updated_at": at("03 09:10"), "wrap_up_time": 20,
         "completion_status": "completed"},
        {"id": 1392, "call_id": 1302, "type": "agent", "agent_id": BEN, "duration": 20,
         "created_at": at("03 12:00:10"), "updated_at": at("03 12:05"), "wrap_up_time": 0,
         "completion_status": "agent_missed"},
    ],
}  # fmt: skip


def account() -> dict[str, list[Json]]:
    """What the account holds, by stream."""
    made = Company().json(*TICKETS)
    staff = [u for u in made["users"] if u["role"] != "end-user"]
    asking = {t["requester_id"] for t in made["tickets"]} | {213, 214}
    made["users"] = [u for u in made["users"] if u in staff or u["id"] in asking]
    return copy.deepcopy(made | MORE)


def touch(held: dict[str, list[Json]]) -> None:
    """The customer of the first ticket writes again, which opens it."""
    ticket = next(t for t in held["tickets"] if t["id"] == 1)
    before = ticket["status"]
    ticket |= {"status": "open", "updated_at": at("21 09:00")}
    held["ticket_audits"].append(
        {"id": 1_000_900, "ticket_id": 1, "created_at": at("21 09:00"), "author_id": 201,
         "via": ticket["via"], "metadata": {}, "events": [
            {"id": 1_000_901, "type": "Comment", "body": "Once more.", "public": True,
             "author_id": 201},
            {"id": 1_000_902, "type": "Change", "field_name": "status", "value": "open",
             "previous_value": before}]}
    )  # fmt: skip


def write_dump(held: dict[str, list[Json]], folder: Path) -> Path:
    """The account as files of its API's answers; figures beside the tickets, not in them."""
    apart = copy.deepcopy(held)
    apart["ticket_metrics"] = [t.pop("metric_set") for t in apart["tickets"] if "metric_set" in t]
    return written(folder / "export", apart)


def seconds(value: Json, *names: str) -> float:
    """When an object was last touched, in seconds since 1970."""
    told = next(value[name] for name in names if value.get(name))
    return dt.datetime.fromisoformat(told).timestamp()


class ZendeskServer(Loopback):
    """Support, Chat and Talk of one account; six a page."""

    few = 6

    def __init__(self, held: dict[str, list[Json]], key: str = KEY) -> None:
        super().__init__()
        self.held = held
        self._key = key

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != self._key:
            return Answer({"error": "Couldn't authenticate you"}, 401)
        path = asked.path.removeprefix("/api/v2/").split("/")
        match path:
            case ["incremental", name, "cursor"]:
                return self._by_cursor(name, asked)
            case ["incremental", name]:
                return self._by_time(name, name, asked)
            case ["chat", "incremental", name]:
                return self._by_time(name, name, asked)
            case ["channels", "voice", "stats", "incremental", name]:
                return self._by_time({"legs": "call_legs"}.get(name, name), name, asked)
            case ["tickets", id_, "audits"]:
                mine = [a for a in self.held["ticket_audits"] if a["ticket_id"] == int(id_)]
                return self._listed(mine, "audits", asked) if mine else NOT_FOUND
            case ["chat", "shortcuts"]:
                return Answer(self.held["shortcuts"])  # Chat lists them bare
            case ["business_hours", "schedules", id_, "holidays"]:
                mine = [h for h in self.held["holidays"] if h["schedule_id"] == int(id_)]
                return Answer({"holidays": mine})
            case ["users", "me.json"]:
                return Answer({"user": self.held["users"][3]})
            case ["users"]:
                staff = [u for u in self.held["users"] if u["role"] != "end-user"]
                return self._listed(staff, "users", asked)
            case [*_, "policies"]:
                return self._listed(self.held["sla_policies"], "sla_policies", asked)
            case [*_, name] if name in self.held:
                return self._listed(self.held[name], name, asked)
        return NOT_FOUND

    def _listed(self, rows: list[Json], name: str, asked: Asked) -> Answer:
        first = int(asked.query.get("page[after]", 0))
        size = min(int(asked.query.get("page[size]", 100)), self.few)
        after = first + size
        more = after < len(rows)
        link = urlencode({"page[size]": size, "page[after]": after})
        told = {"meta": {"has_more": more, "after_cursor": str(after)},
                "links": {"next": f"{self.base}{asked.path}?{link}" if more else None}}  # fmt: skip
        return Answer({name: rows[first:after], **told})

    def _by_cursor(self, name: str, asked: Asked) -> Answer:
        def place(row: Json) -> list[float]:
            return [seconds(row, "updated_at"), row["id"]]

        cursor = asked.query.get("cursor")
        after = json.loads(base64.b64decode(cursor)) if cursor else [0, 0]
        rows = sorted((r for r in self.held[name] if place(r) > after), key=place)
        size = min(int(asked.query.get("per_page", 1000)), self.few)
        part = [dict(row) for row in rows[:size]]
        answer: Json = {"end_of_stream": len(rows) <= size}
        if name == "tickets":
            answer["metric_sets"] = [t.pop("metric_set") for t in part if "metric_set" in t]
            for ticket in part:
                ticket["generated_timestamp"] = int(seconds(ticket, "updated_at"))
        end = place(part[-1]) if part else after
        answer["after_cursor"] = base64.b64encode(json.dumps(end).encode()).decode()
        return Answer({name: part, **answer})

    def _by_time(self, stream: str, name: str, asked: Asked) -> Answer:
        def when(row: Json) -> int:
            return int(seconds(row, "updated_at", "update_timestamp", "time", "start_time"))

        start = int(asked.query["start_time"])
        rows = sorted((r for r in self.held[stream] if when(r) >= start), key=when)
        part = rows[: self.few]
        while len(part) < len(rows) and when(rows[len(part)]) == when(part[-1]):
            part = rows[: len(part) + 1]  # never a second cut in two
        done = len(part) == len(rows)
        end = when(part[-1]) + (0 if done else 1) if part else start
        return Answer({name: part, "count": len(part), "end_time": end, "end_of_stream": done,
                       "next_page": f"{self.base}{asked.path}?start_time={end}"})  # fmt: skip


def credentials(base: str) -> dict[str, str]:
    """What opens the account of the server at this address."""
    return {"SUBDOMAIN": base, "EMAIL": "ann@acme.example", "TOKEN": "open-sesame"}


server: Callable[[Any], Loopback] = ZendeskServer
CASE = Case(
    helpdesk=HELPDESK,
    account=account,
    server=server,
    credentials=credentials,
    write_dump=write_dump,
    touch=touch,
    unknown=(
        Payload("zz_unheard_of", {"id": 1}, "zz 1"),
        Payload(
            "ticket_audits",
            {"id": 1, "ticket_id": 1, "created_at": at("02 09:00"), "author_id": ANN,
             "events": [{"id": 2, "type": "TeleportEvent"}]},
            "audit 1",
        ),
    ),
)  # fmt: skip
