"""Records of a made-up support operation, drawn from a seed: everything at once, edges included."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from generated_content import content
from generated_surveys import surveys
from generated_visits import visits
from generated_waits import waits
from record_homes import Record

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
TEAMS = ("north", "south", "east")
AGENTS = {"ann": "north", "bea": "north", "cem": "south", "dan": "east", "eve": None}
TOPICS = ("billing", "Billing", "پرداخت‌ها", "پرداختها", "login", None)
PRIORITIES = ("low", "High", "high", "urgent", None)
STATUSES = (*("open",) * 2, *("solved",) * 3, "closed", "pending_customer", "on_hold")
CHANNELS = ("chat", "email", "whatsapp", "phone", "Live Desk")
BODIES = ("where is it?", "thanks", "ممنون", "спасибо", "it fails again", "out of office")
MINUTES = (0, 1, 3, 5, 7, 30, 90, 600, 1_440, 1_441, 4_000, 15_000)


def iso(instant: dt.datetime) -> str:
    """The instant as the records have it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


class Operation:
    """Draws records; every id is its own, so that a version can follow a version."""

    def __init__(self, seed: int, days: int = 120) -> None:
        self.random = random.Random(seed)
        self.days = days
        self.count = 0

    def number(self) -> int:
        self.count += 1
        return self.count

    def pick(self, choices: Any) -> Any:
        return self.random.choice(list(choices))

    def moment(self) -> dt.datetime:
        whole = START + dt.timedelta(days=self.random.randrange(self.days))
        if self.random.random() < 0.1:
            return whole  # on the stroke of midnight
        return whole + dt.timedelta(seconds=self.random.randrange(86_400))

    def later(self, instant: dt.datetime) -> dt.datetime:
        return instant + dt.timedelta(minutes=self.pick(MINUTES), seconds=self.pick((0, 0, 1, 59)))

    def setting(self) -> list[Record]:
        """What surrounds the work: teams, agents, hours, presence, a survey, topics."""
        weekly = [
            {"dow": day, "from": a, "to": b}
            for day in ("mon", "tue", "wed", "thu", "sat")
            for a, b in (("08:10", "12:00"), ("13:00", "18:05"))
        ]
        return [
            {"kind": "business_calendar", "id": "office", "tz": "Asia/Tehran", "weekly": weekly},
            {"kind": "business_calendar", "id": "always", "tz": "UTC", "always_open": True},
            {"kind": "team", "id": "north", "name": "North", "calendar_id": "office"},
            {"kind": "team", "id": "south", "name": "South", "calendar_id": "always"},
            {"kind": "channel", "code": "live desk", "name": "Live desk", "calendar_id": "office"},
            *(
                {"kind": "agent", "id": a, "name": a.title(), "team_id": t}
                for a, t in AGENTS.items()
            ),
            {"kind": "survey", "id": "stars", "scale_min": 1, "scale_max": 5},
            {"kind": "topic", "id": "billing", "name": "Billing"},
            {"kind": "topic", "id": "login", "name": "Login", "parent_id": "billing"},
            *(
                {"kind": "account", "id": f"k{n}", "name": f"Account {n}", "is_key": n < 2,
                 "active_from": iso(self.moment())}
                for n in range(4)
            ),
            *(
                {"kind": "agent_status_event", "agent_id": a, "at": iso(self.moment()),
                 "status": self.pick(("available", "busy", "offline"))}
                for a in AGENTS for _ in range(6)
            ),
        ]  # fmt: skip

    def ticket(self, number: int | None = None) -> list[Record]:
        """A ticket with its history, sometimes without, and most often what was said in it."""
        r = self.random
        n = self.number() if number is None else number
        created = self.moment()
        made: Record = {
            "kind": "ticket", "id": f"t{n}", "created_at": iso(created),
            "customer_id": f"c{r.randrange(40)}", "account_id": self.pick((None, "k0", "k1", "k2")),
            "channel_first": self.pick(CHANNELS), "priority": self.pick(PRIORITIES),
            "topic_id": self.pick(TOPICS), "team_id": self.pick((*TEAMS, None)),
            "assignee_id": self.pick((*AGENTS, None)), "product": self.pick(("app", "App", None)),
            "complexity": None, "version_at": iso(created),
            "attributes": {"plan": self.pick(("gold", "Gold ", "free"))} if n % 3 else {},
            "is_spam": r.random() < 0.04, "is_test": r.random() < 0.02,
            "created_by_type": self.pick(("customer",) * 8 + ("agent", None)),
            "needs_reply": False if r.random() < 0.03 else None,
            "closed_reason": self.pick((None,) * 12 + ("duplicate", "no_response")),
        }  # fmt: skip
        records = [made]
        if n % 11 == 0:  # a source without history
            made["status"] = self.pick(("open", "solved", "pending", "closed"))
            if made["status"] in ("solved", "closed"):
                made["resolved_at"] = iso(self.later(created))
        else:
            records += self.history(n, created)
        if r.random() < 0.7:
            records += self.conversation(f"t{n}", created)
        if r.random() < 0.1:
            records.append(
                {"kind": "escalation", "id": f"x{n}", "ticket_id": f"t{n}",
                 "at": iso(self.later(created)),
                 "initiator": self.pick(("customer", "agent", "auto")),
                 "reason": self.pick(("unsatisfactory_response", "skill")),
                 "from_agent": self.pick(AGENTS)}
            )  # fmt: skip
        return [{k: v for k, v in record.items() if v is not None} for record in records]

    def history(self, n: int, created: dt.datetime) -> list[Record]:
        r = self.random
        at, events = created, []
        for step in range(r.randrange(8)):
            at = self.later(at)
            kind = self.pick(
                ("status_changed",) * 8
                + ("team_changed", "team_changed", "assigned", "assigned", "priority_changed")
                + ("topic_changed", "linked", "merged", "unmerged", "deleted", "restored")
            )
            to = {
                "status_changed": self.pick(
                    STATUSES
                ),
                "team_changed": self.pick((*TEAMS, None)), "assigned": self.pick((*AGENTS, None)),
                "priority_changed": self.pick(PRIORITIES), "topic_changed": self.pick(TOPICS),
            }.get(kind)  # fmt: skip
            before = {
                "team_changed": self.pick((*TEAMS, None)), "assigned": self.pick((*AGENTS, None)),
                "priority_changed": self.pick(PRIORITIES), "topic_changed": self.pick(TOPICS),
            }.get(kind)  # fmt: skip
            events.append(
                {"kind": "ticket_event", "id": f"e{n}-{step}", "ticket_id": f"t{n}", "at": iso(at),
                 "type": kind, "to": to, "from": before, "sequence": step,
                 "actor_type": self.pick(("agent", "agent", "customer", "system", "bot")),
                 "actor_id": self.pick(AGENTS)}
            )  # fmt: skip
        return events

    def conversation(
        self, ticket_id: str | None = None, around: dt.datetime | None = None
    ) -> list[Record]:
        """A conversation with what was said in it and now and then an answer to a survey."""
        r = self.random
        n = self.number()
        began = around or self.moment()
        made: Record = {
            "kind": "conversation", "id": f"v{n}", "channel": self.pick(CHANNELS),
            "ticket_id": ticket_id, "customer_id": f"c{r.randrange(40)}", "version_at": iso(began),
            "department_id": self.pick((*TEAMS, None)), "topic_id": self.pick(TOPICS),
            "priority": self.pick(PRIORITIES), "requested_at": iso(began),
            "started_at": iso(began) if r.random() < 0.8 else None,
            "offline": r.random() < 0.05, "is_spam": r.random() < 0.03,
            "initiation": self.pick(("visitor",) * 6 + ("agent", "trigger", None)),
            "attributes": {"plan": "gold"} if n % 4 == 0 else None,
        }  # fmt: skip
        records, at = [made], began
        for step in range(r.randrange(7)):
            by = self.pick(("customer", "customer", "agent", "agent", "bot"))
            records.append(
                {"kind": "message", "id": f"m{n}-{step}", "conversation_id": f"v{n}", "at": iso(at),
                 "author_type": by, "author_id": self.pick(AGENTS) if by == "agent" else None,
                 "sequence": step, "visibility": self.pick(("public",) * 6 + ("internal",)),
                 "is_auto": True if r.random() < 0.05 else None, "body": self.pick(BODIES)}
            )  # fmt: skip
            at = self.later(at)
        if r.random() < 0.7:
            made["ended_at"] = iso(at)
        if made["channel"] == "phone" and r.random() < 0.8:
            records.append(
                {"kind": "call", "conversation_id": f"v{n}", "ring_at": iso(began),
                 "answered_at": iso(self.later(began)) if r.random() < 0.7 else None}
            )  # fmt: skip
        if r.random() < 0.3:
            records.append(
                {"kind": "survey_response", "id": f"s{n}", "survey_id": "stars",
                 "conversation_id": f"v{n}", "score": r.randrange(1, 6),
                 "submitted_at": iso(self.later(at))}
            )  # fmt: skip
        if r.random() < 0.06:
            records.append(
                {"kind": "escalation", "id": f"y{n}", "conversation_id": f"v{n}", "at": iso(at),
                 "ticket_id": self.pick((None, f"t{r.randrange(1, 200)}")), "initiator": "customer",
                 "reason": "unsatisfactory_response"}
            )  # fmt: skip
        return [{k: v for k, v in record.items() if v is not None} for record in records]

    def operation(self, tickets: int, conversations: int) -> list[Record]:
        """A whole operation."""
        records = self.setting()
        for _ in range(tickets):
            records += self.ticket()
        for _ in range(conversations):
            records += self.conversation()
        records += content(records)
        records += waits(records)
        records += surveys(records)
        records += visits(records)
        return records
