"""A synthetic Intercom workspace: made-up people, written here, in the shapes that Intercom sends.

Three teammates, two teams, two bots, customers by number. `CONVERSATIONS` tells some thirty small
stories in March 2026, a Monday being the 2nd; each is what `GET /conversations/{id}` would answer.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

Json = dict[str, Any]
ADMINS = {"ann": "801", "bea": "802", "cem": "803"}
TEAMS = {"front": "501", "specialists": "502"}
OPERATOR, FIN = "890", "891"
TAGS = {"billing": "71", "delivery": "72"}


def ts(text: str) -> int:
    """`03-02 09:00` or `03-02 09:00:20` of 2026 in UTC, as seconds since 1970."""
    day, _, time = text.partition(" ")
    day = day if len(day) > 5 else f"2026-{day}"
    return int(dt.datetime.fromisoformat(f"{day}T{time}+00:00").timestamp())


def author(who: str) -> Json:
    """`c17` a user, `l17` a lead, a teammate by name, `operator`, `fin`, a team by name."""
    if who in ADMINS:
        return {"type": "admin", "id": ADMINS[who], "name": who.title(), "email": f"{who}@a.test"}
    if who in TEAMS:
        return {"type": "team", "id": TEAMS[who], "name": who.title()}
    if who == "operator":
        return {"type": "bot", "id": OPERATOR, "name": "Operator"}
    if who == "fin":
        return {"type": "bot", "id": FIN, "name": "Fin", "from_ai_agent": True}
    return {"type": {"c": "user", "l": "lead"}[who[0]], "id": contact_id(who),
            "name": f"Customer {who[1:]}", "email": f"customer{who[1:]}@example.test"}  # fmt: skip


def contact_id(who: str) -> str:
    """Intercom's ids of contacts are 24 hexadecimal digits."""
    return f"{'c0ffee' if who[0] == 'c' else '1ead00'}{int(who[1:]):018d}"


def part(
    kind: str, when: str, who: str, body: str | None = None, to: Any = "", **more: Any
) -> Json:
    """A part, to be numbered by its conversation; to: a teammate, a team, or None for nobody."""
    assigned = None
    if to in ADMINS:
        assigned = {"type": "admin", "id": ADMINS[to]}
    elif to in TEAMS:
        assigned = {"type": "team", "id": TEAMS[to]}
    elif to is None:
        assigned = {"type": "nobody_admin", "id": None}
    return {
        "type": "conversation_part",
        "part_type": kind,
        "body": f"<p>{body}</p>" if body else None,
        "created_at": ts(when),
        "updated_at": ts(when),
        "notified_at": ts(when),
        "assigned_to": assigned,
        "author": author(who),
        "attachments": [],
        "external_id": None,
        "redacted": False,
        **more,
    }


def conversation(
    id: int, when: str, who: str, *parts: Json, how: str = "customer_initiated",
    by: str = "conversation", customer: str = "", body: str | None = "Where is my parcel?",
    state: str = "open", first: Json | None = None, **more: Any,
) -> Json:  # fmt: skip
    """A conversation that `who` began; updated when its last part came."""
    numbered = [{"id": str(id * 100 + n), **p} for n, p in enumerate(parts, 1)]
    customer = customer or who
    return {
        "type": "conversation",
        "id": str(id),
        "title": None,
        "created_at": ts(when),
        "updated_at": max([ts(when), *(p["created_at"] for p in parts)]),
        "waiting_since": None,
        "snoozed_until": None,
        "source": {
            "type": by,
            "id": str(700000 + id),
            "delivered_as": how,
            "subject": "",
            "body": f"<p>{body}</p>" if body else "",
            "author": author(who),
            "attachments": [],
            "url": None,
            "redacted": False,
            **(first or {}),
        },
        "contacts": {
            "type": "contact.list",
            "contacts": [{"type": "contact", "id": contact_id(customer), "external_id": None}],
        },
        "open": state != "closed",
        "state": state,
        "read": True,
        "priority": "not_priority",
        "admin_assignee_id": None,
        "team_assignee_id": None,
        "tags": {"type": "tag.list", "tags": []},
        "conversation_rating": None,
        "statistics": None,
        "sla_applied": None,
        "custom_attributes": {},
        "conversation_parts": {
            "type": "conversation_part.list",
            "conversation_parts": numbered,
            "total_count": len(numbered),
        },
        "ai_agent_participated": any(p["author"].get("from_ai_agent") for p in parts),
        "ai_agent": None,
        **more,
    }


_IDS = itertools.count(1001)
CONVERSATIONS: dict[str, Json] = {}


def told(name: str, when: str, who: str, *parts: Json, **more: Any) -> None:
    """Add a story to the workspace."""
    CONVERSATIONS[name] = conversation(next(_IDS), when, who, *parts, **more)


told(
    "answered and closed", "03-02 09:00", "c1",
    part("comment", "03-02 09:04", "ann", "It leaves today."),
    part("close", "03-02 09:30", "ann"),
    state="closed",
    statistics={
        "type": "conversation_statistics", "time_to_assignment": None, "time_to_admin_reply": 240,
        "time_to_first_close": 1800, "time_to_last_close": 1800, "median_time_to_reply": 240,
        "first_contact_reply_at": ts("03-02 09:00"), "first_admin_reply_at": ts("03-02 09:04"),
        "first_close_at": ts("03-02 09:30"), "last_close_at": ts("03-02 09:30"),
        "last_admin_reply_at": ts("03-02 09:04"),
        "last_closed_by_id": ADMINS["ann"], "count_reopens": 0, "count_assignments": 0,
        "count_conversation_parts": 2,
    },
)  # fmt: skip
told(
    "fin first, then a person", "03-02 10:00", "c2",
    part("comment", "03-02 10:00:02", "fin", "Have you looked at the tracking page?"),
    part("comment", "03-02 10:02", "c2", "I want to talk to somebody."),
    part("assignment", "03-02 10:03", "fin", to="front"),
    part("comment", "03-02 10:10", "bea", "I am here."),
    part("close", "03-02 10:20", "bea"),
    state="closed", team_assignee_id=501,
    ai_agent={"source_type": "workflow", "last_answer_type": "ai_answer",
              "resolution_state": "escalated", "rating": None},
)  # fmt: skip
told(
    "we wrote first", "03-03 09:00", "ann",
    part("comment", "03-03 10:10", "c3", "Can I extend it?"),
    part("comment", "03-03 10:12", "ann", "Yes, you can."),
    how="admin_initiated", by="email", customer="c3", body="Your contract ends in May.",
)  # fmt: skip
told(
    "campaign that nobody answered", "03-03 08:00", "ann",
    how="automated", customer="c4", body="Try our new colours.",
)  # fmt: skip
told(
    "campaign that was answered", "03-03 08:00", "ann",
    part("comment", "03-03 11:00", "c5", "Which colours?"),
    part("comment", "03-03 11:05", "ann", "Red and blue."),
    how="automated", customer="c5", body="Try our new colours.",
)  # fmt: skip
told(
    "a note only", "03-03 09:00", "c6",
    part("note", "03-03 09:05", "ann", "Who knows about this?"),
)  # fmt: skip
told(
    "snoozed and woken", "03-04 09:00", "c7",
    part("comment", "03-04 09:10", "ann", "I ask the carrier."),
    part("snoozed", "03-04 09:11", "ann", event_details={"until": "tomorrow"}),
    part("timer_unsnooze", "03-05 09:00", "operator"),
    part("comment", "03-05 09:05", "ann", "It is on its way."),
    part("close", "03-05 09:06", "ann"),
    state="closed",
)  # fmt: skip
told(
    "reopened twice", "03-02 09:00", "c8",
    part("comment", "03-02 09:10", "ann", "Restart it."),
    part("close", "03-02 09:11", "ann"),
    part("open", "03-02 15:00", "c8", "It is broken again."),
    part("close", "03-02 15:20", "bea", "We replaced it."),
    part("open", "03-03 09:00", "c8", "Now the other one broke."),
    part("comment", "03-03 09:30", "bea", "That one as well, then."),
    part("close", "03-03 10:00", "bea"),
    state="closed",
    statistics={
        "type": "conversation_statistics", "time_to_admin_reply": 600, "time_to_first_close": 660,
        "time_to_last_close": 90000, "median_time_to_reply": 1200,
        "first_contact_reply_at": ts("03-02 09:00"), "first_admin_reply_at": ts("03-02 09:10"),
        "first_close_at": ts("03-02 09:11"), "last_close_at": ts("03-03 10:00"),
        "last_admin_reply_at": ts("03-03 09:30"),
        "count_reopens": 2, "count_assignments": 0, "count_conversation_parts": 7,
    },
)  # fmt: skip
told(
    "moved between teams in mid-wait", "03-02 14:00", "c9",
    part("default_assignment", "03-02 14:00:01", "operator", to="front"),
    part("assignment", "03-02 15:30", "ann", to="specialists"),
    part("assignment", "03-03 08:50", "cem", to="cem"),
    part("comment", "03-03 09:00", "cem", "Let me look."),
    part("close", "03-03 09:00", "cem"),
    state="closed", team_assignee_id=502, admin_assignee_id=803,
)  # fmt: skip
told(
    "rated with a remark", "03-05 10:00", "c10",
    part("comment", "03-05 10:01", "ann", "Done."),
    part("close", "03-05 10:02", "ann"),
    part("conversation_rating_changed", "03-05 10:10", "c10"),
    part("conversation_rating_remark_added", "03-05 10:11", "c10", "Quick!"),
    state="closed",
    conversation_rating={
        "rating": 4, "remark": "Quick!", "created_at": ts("03-05 10:02"),
        "updated_at": ts("03-05 10:11"), "contact": {"type": "contact", "id": contact_id("c10")},
        "teammate": {"type": "admin", "id": ADMINS["ann"]},
    },
)  # fmt: skip
told(
    "asked to rate and silent", "03-05 11:00", "c11",
    part("comment", "03-05 11:01", "bea", "Done."),
    part("close", "03-05 11:02", "bea"),
    state="closed",
    conversation_rating={
        "rating": None, "remark": None, "created_at": ts("03-05 11:02"),
        "contact": {"type": "contact", "id": contact_id("c11")},
        "teammate": {"type": "admin", "id": ADMINS["bea"]},
    },
)  # fmt: skip
told(
    "tagged and untagged", "03-06 09:00", "c12",
    part("conversation_tags_updated", "03-06 09:05", "ann",
         event_details={"tags_added": ["billing"], "tags_removed": []}),
    part("conversation_tags_updated", "03-06 09:20", "ann",
         event_details={"tags_added": ["delivery"], "tags_removed": ["billing"]}),
    part("comment", "03-06 09:21", "ann", "A matter of delivery."),
    tags={"type": "tag.list", "tags": [
        {"type": "tag", "id": TAGS["delivery"], "name": "delivery",
         "applied_at": ts("03-06 09:20"), "applied_by": {"type": "admin", "id": ADMINS["ann"]}},
    ]},
)  # fmt: skip
told(
    "tagged, as older versions tell", "03-06 10:00", "c12",
    part("comment", "03-06 10:02", "ann", "One moment."),
    tags={"type": "tag.list", "tags": [
        {"type": "tag", "id": TAGS["billing"], "name": "billing",
         "applied_at": ts("03-06 10:01"), "applied_by": {"type": "admin", "id": ADMINS["bea"]}},
    ]},
)  # fmt: skip
told(
    "closed by a bot", "03-06 11:00", "c13",
    part("comment", "03-06 11:00:02", "operator", "Choose: opening hours, or prices."),
    part("quick_reply", "03-06 11:01", "c13", "Opening hours"),
    part("comment", "03-06 11:01:02", "operator", "From 9 to 17."),
    part("close", "03-06 11:05", "operator"),
    state="closed",
)  # fmt: skip
told(
    "closed when the customer fell silent", "03-09 09:00", "c14",
    part("comment", "03-09 09:05", "ann", "Which colour was it?"),
    part("user_became_idle", "03-10 09:05", "operator"),
    part("close", "03-10 09:05", "operator"),
    state="closed",
)  # fmt: skip
told(
    "several teammates", "03-09 10:00", "c15",
    part("assignment", "03-09 10:01", "ann", to="ann"),
    part("comment", "03-09 10:02", "ann", "I ask a colleague."),
    part("comment", "03-09 10:10", "bea", "It is the fuse."),
    part("assignment", "03-09 10:15", "ann", to="cem"),
    part("comment", "03-09 10:20", "cem", "I send one."),
    part("close", "03-09 10:30", "cem"),
    state="closed", admin_assignee_id=803,
    teammates={"type": "admin.list", "admins": [{"type": "admin", "id": i} for i in
                                                 ("801", "802", "803")]},
)  # fmt: skip
told(
    "a lead who became a user", "03-10 09:00", "l16",
    part("comment", "03-10 09:02", "ann", "May I have your address?"),
    part("comment", "03-10 09:03", "c16", "Here it is."),
    part("comment", "03-10 09:04", "ann", "Thank you."),
    customer="c16",
)  # fmt: skip
told(
    "a part was redacted", "03-10 10:00", "c17",
    part("comment", "03-10 10:01", "c17", redacted=True),
    part("comment", "03-10 10:05", "ann", "I took your card number out."),
)  # fmt: skip
told(
    "months on a messenger", "01-12 10:00", "c18",
    part("comment", "01-12 10:02", "ann", "Yes."),
    part("comment", "02-09 10:00", "c18", "And in blue?"),
    part("comment", "02-09 10:03", "bea", "Blue as well."),
    part("comment", "03-11 10:00", "c18", "And in green?"),
    part("comment", "03-11 10:05", "ann", "Not yet."),
    by="whatsapp",
)  # fmt: skip
told(
    "attachments only", "03-11 09:00", "c19",
    part("comment", "03-11 09:06", "ann", attachments=[
        {"type": "upload", "name": "label.pdf", "url": "https://files.test/label.pdf",
         "content_type": "application/pdf", "filesize": 1000}]),
    body=None,
    first={"attachments": [{"type": "upload", "name": "photo.png",
                            "url": "https://files.test/photo.png", "content_type": "image/png"}]},
)  # fmt: skip
told(
    "over the weekend", "03-06 18:00", "c20",
    part("comment", "03-09 09:30", "ann", "Good morning."),
    part("close", "03-09 10:00", "ann"),
    by="email", state="closed",
    statistics={  # office hours from 09:00 to 17:00 on weekdays
        "type": "conversation_statistics", "time_to_admin_reply": 1800, "time_to_first_close": 3600,
        "time_to_last_close": 3600, "median_time_to_reply": 1800,
        "first_contact_reply_at": ts("03-06 18:00"), "first_admin_reply_at": ts("03-09 09:30"),
        "first_close_at": ts("03-09 10:00"), "last_close_at": ts("03-09 10:00"),
        "last_admin_reply_at": ts("03-09 09:30"),
        "count_reopens": 0, "count_assignments": 0, "count_conversation_parts": 2,
    },
)  # fmt: skip
told(
    "answered in closing", "03-12 09:00", "c21",
    part("close", "03-12 09:20", "bea", "It is fixed."),
    by="email", state="closed",
)  # fmt: skip
told(
    "answered in assigning", "03-12 10:00", "c22",
    part("assignment", "03-12 10:03", "ann", "My colleague knows more.", to="bea"),
    part("comment", "03-12 10:30", "bea", "So it is."),
)  # fmt: skip
told(
    "away, and given on", "03-12 11:00", "c23",
    part("assignment", "03-12 11:01", "operator", to="ann"),
    part("away_mode_assignment", "03-12 12:00", "ann", to=None),
    part("assignment", "03-12 12:10", "bea", to="bea"),
    part("comment", "03-12 12:12", "bea", "Now I am here."),
    admin_assignee_id=802,
)  # fmt: skip
told(
    "a bot asked first", "03-13 09:00", "operator",
    part("quick_reply", "03-13 09:01", "c24", "Talk to the team"),
    part("assignment", "03-13 09:01:05", "operator", to="front"),
    part("comment", "03-13 09:11", "ann", "Hello."),
    how="operator_initiated", customer="c24", body="How can we help?",
)  # fmt: skip
told(
    "a bot asked and nobody answered", "03-13 10:00", "operator",
    how="operator_initiated", customer="c25", body="How can we help?",
)  # fmt: skip
told(
    "fin solved it", "03-13 11:00", "c26",
    part("comment", "03-13 11:00:03", "fin", "Returns are free for 30 days."),
    part("comment", "03-13 11:01", "c26", "That helped"),
    part("close", "03-13 11:11", "fin"),
    state="closed",
    ai_agent={"source_type": "profile", "last_answer_type": "ai_answer",
              "resolution_state": "confirmed_resolution", "rating": 5, "rating_remark": "Nice",
              "created_at": ts("03-13 11:02"), "updated_at": ts("03-13 11:02")},
)  # fmt: skip
told(
    "only an acknowledgement", "03-16 09:00", "c27",
    part("channel_and_reply_time_expectation", "03-16 09:00:03", "operator",
         "The team will be back on Monday."),
)  # fmt: skip
told(
    "a colleague was brought in", "03-16 10:00", "c28",
    part("participant_added", "03-16 10:01", "ann"),
    part("comment", "03-16 10:05", "c29", "I am the one who pays."),
    part("comment", "03-16 10:15", "ann", "Thank you both."),
)  # fmt: skip
CONVERSATIONS["a colleague was brought in"]["contacts"]["contacts"].append(
    {"type": "contact", "id": contact_id("c29"), "external_id": None}
)
told(
    "more parts than came", "03-17 09:00", "c30",
    part("comment", "03-17 09:30", "ann", "As I said on page one…"),
    statistics={"type": "conversation_statistics", "time_to_admin_reply": 60,
                "first_contact_reply_at": ts("03-17 09:00"),
                "first_admin_reply_at": ts("03-17 09:01"), "count_reopens": 3,
                "count_assignments": 1, "count_conversation_parts": 612},
)  # fmt: skip
CONVERSATIONS["more parts than came"]["conversation_parts"]["total_count"] = 612
told(
    "raised, promised and described", "03-17 10:00", "c31",
    part("priority_changed", "03-17 10:05", "ann",
         event_details={"current_priority": "priority", "previous_priority": "not_priority"}),
    part("comment", "03-17 10:20", "ann", "At once."),
    priority="priority", title="Broken mixer",
    sla_applied={"type": "conversation_sla_summary", "sla_name": "Gold", "sla_status": "hit"},
    custom_attributes={"Product line": "Mixers", "Urgent": True, "Parts": ["lid", "bowl"],
                       "Nested": {"a": 1}, "Nothing": None},
    company={"type": "company", "id": "c0111", "name": "Company 31"},
    linked_objects={"type": "list", "data": [{"type": "ticket", "id": "2001"}]},
)  # fmt: skip
told(
    "a call", "03-18 09:00", "c32",
    part("comment", "03-18 09:05", "ann", "Summary of the call."),
    by="phone_call", body="Call",
)  # fmt: skip

TICKET: Json = {
    "type": "ticket", "id": "2001", "ticket_id": "17", "category": "Customer", "is_shared": True,
    "ticket_attributes": {"_default_title_": "A bill", "Amount": 12, "Empty": None},
    "ticket_state": {"type": "ticket_state", "id": "3", "category": "resolved"},
    "ticket_type": {"type": "ticket_type", "id": "5", "name": "Billing"},
    "contacts": {"contacts": [{"type": "contact", "id": contact_id("c5")}]},
    "admin_assignee_id": "802", "team_assignee_id": "0", "open": False,
    "created_at": ts("03-19 09:00"), "updated_at": ts("03-19 12:00"),
    "linked_objects": {"type": "list", "data": [{"type": "conversation", "id": "1003"}]},
    "ticket_parts": {"type": "ticket_part.list", "ticket_parts": [
        {"id": "5001", **part("ticket_state_updated_by_admin", "03-19 09:00", "operator"),
         "ticket_state": "submitted", "previous_ticket_state": "submitted"},
        {"id": "5002", **part("comment", "03-19 10:00", "bea", "Which bill?")},
        {"id": "5003", **part("ticket_state_updated_by_admin", "03-19 10:01", "bea"),
         "ticket_state": "waiting_on_customer", "previous_ticket_state": "submitted"},
        {"id": "5004", **part("ticket_state_updated_by_admin", "03-19 12:00", "bea"),
         "ticket_state": "resolved", "previous_ticket_state": "waiting_on_customer"},
        {"id": "5005", **part("close", "03-19 12:00", "bea")},
    ], "total_count": 5},
}  # fmt: skip

CALL: Json = {
    "type": "call", "id": "3001", "conversation_id": CONVERSATIONS["a call"]["id"],
    "admin_id": ADMINS["ann"], "contact_id": contact_id("c32"), "state": "completed",
    "initiated_at": "2026-03-18T09:00:00Z", "answered_at": "2026-03-18T09:00:20Z",
    "ended_at": "2026-03-18T09:04:00Z", "created_at": "2026-03-18T09:00:00Z",
    "updated_at": "2026-03-18T09:04:00Z", "call_type": "phone", "direction": "inbound",
    "ended_reason": "completed", "phone": "+15550100", "recording_url": None,
    "transcription_url": None,
}  # fmt: skip

STREAMS: dict[str, list[Json]] = {
    "admins": [
        *(
            {"type": "admin", "id": id, "name": name.title(), "email": f"{name}@a.test",
             "job_title": "Advisor", "away_mode_enabled": False, "has_inbox_seat": True,
             "team_ids": [501 if name == "ann" else 502]}
            for name, id in ADMINS.items()
        ),
        {"type": "admin", "id": OPERATOR, "name": "Operator",
         "email": "operator+abc123@intercom.io", "team_ids": []},
    ],
    "teams": [
        {"type": "team", "id": id, "name": name.title(), "admin_ids": []}
        for name, id in TEAMS.items()
    ],
    "tags": [{"type": "tag", "id": id, "name": name} for name, id in TAGS.items()],
    "companies": [
        {"type": "company", "id": "c0111", "company_id": "31", "name": "Company 31", "size": 12,
         "industry": "Baking", "plan": {"name": "Gold"}, "remote_created_at": ts("01-05 09:00"),
         "created_at": ts("01-05 09:00"), "updated_at": ts("02-01 09:00"),
         "custom_attributes": {"region": "north"}},
    ],
    "contacts": [
        {"type": "contact", "id": contact_id(f"c{n}"), "external_id": f"shop-{n}", "role": "user",
         "email": f"customer{n}@example.test", "phone": None, "name": f"Customer {n}",
         "created_at": ts("01-05 09:00"), "updated_at": ts("01-05 09:00") + 60 * n,
         "language_override": None, "browser_language": "en",
         "location": {"type": "location", "country": "Norway"},
         "companies": {"type": "list", "data": [{"id": "c0111"}] if n == 31 else []},
         "custom_attributes": {"tier": "gold"} if n == 31 else {}}
        for n in range(1, 33)
    ],
    "conversations": list(CONVERSATIONS.values()),
}  # fmt: skip
