"""What Zendesk's payloads mean, one case after another, worked by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from zendesk_company import ANN, Company, written

from sanjeh.sources.helpdesk.contract import Made, Payload, Unreadable
from sanjeh.sources.zendesk.dump import dump
from sanjeh.sources.zendesk.translate import LEARNING, Translation


def payloads(streams: dict[str, list[Any]], folder: Path) -> list[Payload]:
    """The company as the export of a folder of the API's answers gives it."""
    return list(dump(written(folder, streams)))


def translated(given: list[Payload]) -> tuple[list[Made], Counter[str]]:
    """Every record of the payloads, and what was not known."""
    translation = Translation({})
    for payload in given:
        if payload.stream in LEARNING:
            translation.learn(payload)
    return [made for payload in given for made in translation.records(payload)], translation.unknown


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    records, unknown = translated(payloads(Company().json(), tmp_path_factory.mktemp("zendesk")))
    assert not unknown
    return records


def of(made: list[Made], kind: str, **wanted: Any) -> list[dict[str, Any]]:
    """Records of a kind that have these values, in order."""
    found = [fields for k, fields in made if k == kind]
    return [f for f in found if all(f.get(name) == v for name, v in wanted.items())]


def one(made: list[Made], kind: str, **wanted: Any) -> dict[str, Any]:
    (found,) = of(made, kind, **wanted)
    return found


def voices(made: list[Made], ticket: int) -> list[tuple[str | None, str | None, str | None, bool]]:
    said = of(made, "message", conversation_id=str(ticket))
    return [(m["author_type"], m.get("author_id"), m["visibility"], m["is_auto"]) for m in said]


def changes(made: list[Made], ticket: int) -> list[tuple[str, Any, Any]]:
    told = of(made, "ticket_event", ticket_id=str(ticket))
    return [(e["type"], e.get("from"), e.get("to")) for e in told]


@pytest.mark.parametrize(
    ("ticket", "expected"),
    [
        (1, [("customer", "201", "public", False), ("agent", "101", "public", False)]),
        (3, [("customer", "203", "public", False),
             ("bot", "answer_bot_for_messaging", "public", False),
             ("agent", "101", "public", False)]),
        (4, [("agent", "101", "public", False), ("customer", "204", "public", False),
             ("agent", "101", "public", False)]),
        (5, [("customer", "205", "public", False), ("agent", "101", "public", False)]),
        (6, [("customer", "206", "public", False), ("agent", "101", "internal", False),
             ("agent", "102", "public", False)]),
        # The acknowledgement is a rule's own words; the mail that carries the reply is none.
        (7, [("customer", "207", "public", False), ("system", None, "public", True),
             ("agent", "101", "public", False)]),
        # Staff who ask are customers on their own ticket.
        (24, [("customer", "102", "public", False), ("agent", "101", "public", False)]),
        (25, [("customer", "225", "public", False), ("agent", "103", "internal", False)]),
        # Agent 9 has left; who had the ticket was staff.
        (32, [("customer", "232", "public", False), ("agent", "109", "public", False)]),
        # The transcript says the chat's lines once more.
        (14, [("system", None, "public", True), ("customer", "214", "public", False),
              ("agent", "101", "public", False)]),
        (26, [("customer", "226", "public", False), ("system", None, "public", True)]),
    ],
)  # fmt: skip
def test_who_spoke(
    made: list[Made], ticket: int, expected: list[tuple[str | None, str | None, str | None, bool]]
) -> None:
    assert voices(made, ticket) == expected


@pytest.mark.parametrize(
    ("ticket", "expected"),
    [
        (1, [("created", None, "new"),
             ("team_changed", None, "11"), ("assigned", None, "101"),
             ("status_changed", "new", "solved"), ("status_changed", "solved", "closed")]),
        (8, [("created", None, "new"), ("linked", None, "9"),
             ("status_changed", "new", "closed"), ("merged", None, "9")]),
        (10, [("created", None, "new"), ("deleted", "new", None)]),
        (11, []),
        (19, [("created", None, "new"),
              ("team_changed", None, "11"), ("assigned", None, "101"),
              ("team_changed", "11", "12"), ("assigned", "101", "102"),
              ("status_changed", "new", "solved")]),
        (30, [("created", None, "new"),
              ("priority_changed", None, "normal"), ("priority_changed", "normal", "urgent")]),
        (31, [("created", None, "new"),
              ("team_changed", None, "11"), ("assigned", None, "101"),
              ("status_changed", "new", "on_hold"), ("status_changed", "on_hold", "solved")]),
    ],
)  # fmt: skip
def test_what_changed(made: list[Made], ticket: int, expected: list[tuple[str, Any, Any]]) -> None:
    told = changes(made, ticket)
    assert sorted(told, key=str) == sorted(expected, key=str)


def test_rules_are_the_system(made: list[Made]) -> None:
    closed = one(made, "ticket_event", ticket_id="1", to="closed")
    assert (closed["actor_type"], closed.get("actor_id")) == ("system", None)
    raised = one(made, "ticket_event", ticket_id="30", to="urgent")
    assert raised["actor_type"] == "system"


def test_agent_who_writes_down_a_customers_words(made: list[Made]) -> None:
    written = one(made, "message", id="5000101")
    assert written["attributes"] == {"on_behalf": True}
    ticket = one(made, "ticket", id="5")
    talk = one(made, "conversation", id="5")
    assert (ticket["created_by_type"], talk["initiation"]) == ("customer", "visitor")


def test_agent_who_writes_first(made: list[Made]) -> None:
    talk = one(made, "conversation", id="4")
    assert one(made, "ticket", id="4")["created_by_type"] == "agent"
    assert (talk["direction"], talk["initiation"]) == ("outbound", "agent")


def test_merged_ticket_names_its_target(made: list[Made]) -> None:
    assert one(made, "ticket", id="8")["merged_into_id"] == "9"
    assert one(made, "conversation", id="8")["merged_into_id"] == "9"
    assert one(made, "ticket", id="9")["merged_into_id"] is None


def test_deleted_tickets(made: list[Made]) -> None:
    assert one(made, "ticket", id="11")["deleted_at"].isoformat() == "2026-03-04T09:00:00+00:00"
    assert one(made, "ticket", id="1")["deleted_at"] is None


def test_follow_up_of_a_closed_ticket(made: list[Made]) -> None:
    ticket = one(made, "ticket", id="22")
    assert (ticket["parent_id"], ticket["origin"]) == ("1", "followup")


def test_custom_status_keeps_its_label(made: list[Made]) -> None:
    waiting = one(made, "ticket_event", ticket_id="12", to="pending_customer")
    assert waiting["attributes"] == {"status": "Waiting for parts"}


def test_tags_come_and_go(made: list[Made]) -> None:
    told = of(made, "tag_event", target_id="18")
    assert sorted((t["op"], t["tag_id"]) for t in told) == [
        ("add", "new_customer"), ("add", "paper"), ("add", "printer"), ("remove", "new_customer"),
    ]  # fmt: skip


def test_a_transfer_is_one_where_group_and_agent_change_together(made: list[Made]) -> None:
    moved = one(made, "transfer", conversation_id="19")
    assert (moved["kind"], moved["from_team"], moved["to_team"], moved["from_agent"],
            moved["to_agent"]) == ("department", "11", "12", "101", "102")  # fmt: skip
    assert not of(made, "transfer", conversation_id="1")  # first given, not handed on


def test_fields_keep_words_and_no_free_text(made: list[Made]) -> None:
    told = {e["field"]: e["to"] for e in of(made, "ticket_event", ticket_id="28") if e.get("field")}
    assert told == {"Size": "large", "Wish": None, "type": "question"}
    assert one(made, "ticket", id="28")["attributes"] == {
        "type": "question", "brand": "Brand 1", "Size": "large",
    }  # fmt: skip


def test_ready_reply(made: list[Made]) -> None:
    assert one(made, "message", conversation_id="29", author_type="agent")[
        "canned_response_id"
    ] == ("51")
    reply = one(made, "canned_response")  # the macro that only sets fields is none
    assert (reply["id"], reply["body"], reply["team_id"]) == ("51", "Thank you for waiting.", "11")


def test_satisfaction(made: list[Made]) -> None:
    assert sorted(i["id"] for i in of(made, "survey_invite")) == ["1501", "1601", "1701"]
    answers = {a["ticket_id"]: a for a in of(made, "survey_response")}
    assert {t: a["score"] for t, a in answers.items()} == {"15": 1.0, "16": 0.0}
    assert (answers["16"]["choice"], answers["16"]["comment"]) == ("Took too long", "Too slow.")
    assert one(made, "vendor_figure", id="15:csat")["value"] == 1.0


def test_zendesks_own_figures(made: list[Made]) -> None:
    told = {f["id"]: (f["value"], f["unit"], f["complete"]) for f in of(made, "vendor_figure",
            target_id="2")}  # fmt: skip
    assert told == {
        "2:first_response:calendar": (60.0, "minutes", True),
        "2:first_response:business": (60.0, "minutes", True),
        "2:first_resolution:calendar": (60.0, "minutes", True),
        "2:first_resolution:business": (60.0, "minutes", True),
        "2:final_resolution:calendar": (3060.0, "minutes", True),
        "2:final_resolution:business": (1140.0, "minutes", True),
        "2:reopenings": (2.0, "count", True),
        "2:replies": (3.0, "count", True),
    }


def test_chat_lines(made: list[Made]) -> None:
    said = [m for m in of(made, "message", conversation_id="14") if m["id"].startswith("chat:")]
    assert [(m["author_type"], m["author_id"], m["at"].isoformat()) for m in said] == [
        ("customer", "214", "2026-03-03T09:00:00+00:00"),
        ("agent", "101", "2026-03-03T09:00:30+00:00"),
    ]


def test_message_left_while_nobody_was_there(made: list[Made]) -> None:
    assert one(made, "conversation", id="33")["offline"] is True
    assert one(made, "conversation", id="14")["offline"] is None


def test_call(made: list[Made]) -> None:
    call = one(made, "call")
    assert call["conversation_id"] == "call:1301"
    assert (call["ended_at"] - call["ring_at"]).total_seconds() == 120.0
    assert one(made, "conversation", id="call:1301")["ticket_id"] == "13"
    # The agent's name is on it, and the customer called.
    assert one(made, "ticket", id="13")["created_by_type"] == "customer"


def test_hours_and_promises(made: list[Made]) -> None:
    weekly = one(made, "business_calendar")["weekly"]
    assert weekly[0] == {"dow": "mon", "from": "08:00", "to": "16:00"}
    assert [w["dow"] for w in weekly] == ["mon", "tue", "wed", "thu", "fri"]
    assert [h["date"] for h in of(made, "holiday")] == ["2026-03-20", "2026-03-21"]
    clauses = {
        c["metric"]: (c["target"], c["basis"], c["pause_on"]) for c in of(made, "sla_clause")
    }
    assert clauses == {
        "first_response": (1800.0, "calendar", None),
        "resolution": (14400.0, "business", ["pending_customer"]),
    }


def test_targets_promised_when_it_came(made: list[Made]) -> None:
    assert one(made, "ticket", id="20")["sla_policy_snapshot"] == [
        {"metric": "first_reply_time", "minutes": 30.0, "in_business_hours": False}
    ]
    assert one(made, "ticket", id="1")["sla_policy_snapshot"] is None


def test_people(made: list[Made]) -> None:
    assert {a["id"] for a in of(made, "agent")} == {"101", "102", "103", "104"}
    assert one(made, "agent", id="103")["attributes"] == {"light_agent": True}
    assert one(made, "customer", id="223")["attributes"] == {"suspended": True}
    # Agent 2 asked for help, and is a customer too.
    assert one(made, "customer", id="102")["display_name"] == "Agent 2"


def test_a_schedule_past_midnight_is_cut_at_midnight() -> None:
    hours = [{"start_time": 6 * 1440 + 1320, "end_time": 7 * 1440 + 120}]
    night = {"id": 1, "name": "Night", "time_zone": "Tehran", "intervals": hours}
    made, unknown = translated([Payload("schedules", night, "here")])
    assert not unknown
    calendar = one(made, "business_calendar")
    assert calendar["tz"] == "Asia/Tehran"
    assert calendar["weekly"] == [
        {"dow": "sat", "from": "22:00", "to": "24:00"},
        {"dow": "sun", "from": "00:00", "to": "02:00"},
    ]


def test_comments_alone_give_the_same_messages(tmp_path: Path) -> None:
    """An export without audits lists the comments; ids and words are the same."""
    streams = Company().json()
    audits = streams["ticket_audits"]
    streams["ticket_comments"] = [
        {"via": a["via"], **e, "created_at": a["created_at"], "ticket_id": a["ticket_id"]}
        for a in audits
        for e in a["events"]
        if e["type"] == "Comment"
    ]
    # Where both are there the audits tell.
    by_audit, _ = translated(payloads(streams, tmp_path / "both"))
    by_comment, _ = translated(
        payloads({k: v for k, v in streams.items() if k != "ticket_audits"}, tmp_path / "comments")
    )
    wanted = {m["id"]: m for m in of(by_audit, "message") if m["id"].isdigit()}
    found = {m["id"]: m for m in of(by_comment, "message")}
    voice, transcript = "13000101", "14000101"
    assert found.keys() == wanted.keys() - {voice}
    assert found.pop(transcript)["author_type"] == "customer"  # the chat's lines are not there
    for id_, message in found.items():
        for name in ("at", "author_type", "author_id", "visibility", "is_auto", "body"):
            assert message[name] == wanted[id_][name], (id_, name)


def test_order_of_payloads_does_not_matter(tmp_path: Path) -> None:
    given = payloads(Company().json(), tmp_path)
    straight, _ = translated(given)
    backwards, _ = translated(given[::-1])
    assert sorted(map(str, straight)) == sorted(map(str, backwards))


@pytest.mark.parametrize(
    ("stream", "value", "said"),
    [
        ("tickets", {"subject": "no id"}, "the id is missing"),
        ("tickets", {"id": 1, "created_at": "soon"}, "not an instant"),
        ("ticket_audits", {"id": 1, "events": []}, "the id is missing"),
        ("ticket_audits", {"id": 1, "ticket_id": 2, "events": [3]}, "not of the shape"),
        ("schedules", {"start_date": "soon", "end_date": "2026-03-02"}, "not a day"),
        ("schedules", {"id": 1, "intervals": [{"start_time": "nine"}]}, "minutes since Sunday"),
        ("users", {"id": {"nested": 1}}, "the id is missing"),
    ],
)
def test_malformed_payload_is_refused_with_its_reason(stream: str, value: Any, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        list(Translation({}).records(Payload(stream, value, "here")))


def test_unknown_things_are_told_not_lost() -> None:
    event = {"id": 2, "type": "TeleportEvent"}
    audit = {"id": 1, "ticket_id": 1, "created_at": "2026-03-02T09:00:00Z", "author_id": ANN,
             "events": [event], "a_new_field": 1}  # fmt: skip
    made, unknown = translated(
        [Payload("ticket_audits", audit, "here"), Payload("oracles", {"id": 1}, "there")]
    )
    assert made == []
    assert unknown == {
        "audit event TeleportEvent": 1, "ticket_audits.a_new_field": 1, "stream oracles": 1,
    }  # fmt: skip
