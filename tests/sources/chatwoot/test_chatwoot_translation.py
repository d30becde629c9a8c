"""What becomes of Chatwoot's payloads: record by record, on a made-up desk worked by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest
from chatwoot_desk import desk, instant, payloads, seconds, whole

from sanjeh.ledger.kinds import KINDS
from sanjeh.sources.chatwoot.translate import ChatwootTranslation
from sanjeh.sources.helpdesk.contract import Payload, Unreadable

Records = dict[str, list[dict[str, Any]]]


def translated(given: list[Payload]) -> tuple[Records, Counter[str]]:
    translation = ChatwootTranslation()
    for payload in given:
        translation.learn(payload)
    found: Records = defaultdict(list)
    for payload in given:
        for kind, fields in translation.records(payload):
            found[kind].append(fields)
    return found, translation.unknown


@pytest.fixture(scope="module")
def told() -> Records:
    return translated(payloads(desk()))[0]


def changes(told: Records, number: int) -> list[tuple[Any, ...]]:
    """A ticket's changes: when, what, from, to, who."""
    return [
        (e["at"], e["type"], e["from"], e["to"], e["actor_type"], e["actor_id"])
        for e in told["ticket_event"]
        if e["ticket_id"] == str(number)
    ]


def statuses(told: Records, number: int) -> list[tuple[str, str]]:
    """A ticket's statuses with their instants, as short text."""
    return [
        (f"{at:%d %H:%M:%S}", to)
        for at, what, _, to, _, _ in changes(told, number)
        if what in ("created", "status_changed")
    ]


def one(told: Records, kind: str, **wanted: Any) -> dict[str, Any]:
    (found,) = [r for r in told[kind] if all(r[k] == v for k, v in wanted.items())]
    return found


def test_every_field_is_of_the_vocabulary(told: Records) -> None:
    for kind, rows in told.items():
        known = set(KINDS[kind].by_name)
        assert not {field for row in rows for field in row} - known, kind


def test_ids_are_told_once_with_one_content(told: Records) -> None:
    for kind, rows in told.items():
        keys = defaultdict(list)
        for row in rows:
            keys[tuple(row.get(f) for f in KINDS[kind].key)].append(row)
        for key, same in keys.items():
            assert all(row == same[0] for row in same), (kind, key)


def test_messages_agree_with_plain_counting(told: Records) -> None:
    account = desk()
    said = [m for messages in account.messages.values() for m in messages]
    assert len(told["message"]) == sum(m["message_type"] != 2 for m in said)
    by = Counter(m["author_type"] for m in told["message"])
    sent = Counter((m["message_type"], m.get("sender", {}).get("type")) for m in said)
    assert by["customer"] == sent[0, "contact"]
    assert by["agent"] == sent[1, "user"]
    assert by["bot"] == sent[1, "agent_bot"]
    assert by["system"] == sent[3, None] + sent[1, None]
    notes = sum(m["private"] or m["status"] == "failed" for m in said)
    assert sum(m["visibility"] == "internal" for m in told["message"]) == notes == 2


def test_bot_hands_over(told: Records) -> None:
    assert statuses(told, 101) == [
        ("02 09:00:00", "new"), ("02 09:01:05", "open"), ("02 09:10:00", "solved"),
    ]  # fmt: skip
    session = one(told, "bot_session", conversation_id="101")
    assert session["bot_id"] == "agent_bot:1"
    assert session["handed_off_at"] == instant("02 09:01:05.200")
    assert session["resolved"] is False
    assert one(told, "transfer", conversation_id="101")["kind"] == "bot_to_human"


def test_sentence_and_event_are_one_change_at_the_events_instant(told: Records) -> None:
    assert changes(told, 101)[-1] == (
        instant("02 09:10:00.400"), "status_changed", "open", "solved", "agent", "1",
    )  # fmt: skip


def test_customers_message_reopens_without_a_sentence(told: Records) -> None:
    assert statuses(told, 106) == [
        ("02 09:00:00", "open"), ("02 09:31:00", "solved"),
        ("03 08:00:00", "open"), ("03 09:05:00", "solved"),
    ]  # fmt: skip
    assert changes(told, 106)[2][4:] == ("customer", "106")


def test_snoozed_one_is_woken_by_the_customer(told: Records) -> None:
    assert statuses(told, 105) == [
        ("02 09:00:00", "open"), ("02 09:11:00", "on_hold"),
        ("02 12:00:00", "open"), ("02 12:10:00", "solved"),
    ]  # fmt: skip


def test_muted_one_is_not_reopened(told: Records) -> None:
    assert statuses(told, 122) == [("02 09:00:00", "open"), ("02 09:02:01", "solved")]
    muted = one(told, "ticket_event", ticket_id="122", type="field_changed")
    assert (muted["field"], muted["from"], muted["to"]) == ("muted", "no", "yes")


@pytest.mark.parametrize("number", [118, 119])
def test_persian_and_russian_sentences_are_read(told: Records, number: int) -> None:
    agent = {118: "7", 119: "1"}[number]
    reopened = {118: "02 09:40:00", 119: "02 09:50:00"}[number]
    assert statuses(told, number) == [
        ("02 09:00:00", "open"), ("02 09:10:00", "solved"), (reopened, "open"),
        ("02 10:00:00", "solved"),
    ]  # fmt: skip
    assert changes(told, number)[-1][4:] == ("agent", agent)
    assert one(told, "tag_event", target_id=str(number))["op"] == "add"


def test_reassignment_is_a_transfer_and_two_segments(told: Records) -> None:
    moved = one(told, "transfer", conversation_id="108")
    assert (moved["from_agent"], moved["to_agent"], moved["kind"]) == ("1", "2", "agent")
    first, second = [p for p in told["participation"] if p["conversation_id"] == "108"]
    assert (first["agent_id"], first["accepted_at"]) == ("1", None)
    assert first["left_at"] == second["offered_at"] == instant("02 09:10")
    assert second["accepted_at"] == instant("02 09:15")
    assert (second["left_at"], second["end_reason"]) == (instant("02 09:30"), "ended")


def test_teams_and_own_assignment(told: Records) -> None:
    assert [c[1:] for c in changes(told, 129)] == [
        ("created", None, "open", None, None),
        ("team_changed", None, "1", "agent", "5"),
        ("assigned", None, "1", "agent", "1"),
        ("team_changed", "1", "2", "agent", "1"),
        ("assigned", "1", "2", "agent", "1"),
        ("assigned", "2", None, "agent", "2"),
    ]
    kinds = [x["kind"] for x in told["transfer"] if x["conversation_id"] == "129"]
    assert sorted(kinds) == ["agent", "department"]


def test_agents_of_one_name_are_told_apart_or_not_named(told: Records) -> None:
    assert [c[3] for c in changes(told, 120) if c[1] == "assigned"] == ["4"]
    assert [c[3] for c in changes(told, 121) if c[1] == "assigned"] == ["1"]
    _, unknown = translated(payloads(desk()))
    assert unknown["an assignment to a name that several agents share"] == 1


def test_what_is_not_known_is_counted() -> None:
    _, unknown = translated(payloads(desk()))
    assert unknown == {
        "an assignment to a name that several agents share": 1,
        "a change told in words not known": 2,
        "a change of status that nothing tells the instant of": 1,
    }


def test_words_not_known_leave_the_event_or_the_last_activity(told: Records) -> None:
    assert statuses(told, 125)[1] == ("02 09:20:00", "solved")
    assert statuses(told, 126)[1] == ("02 09:20:00", "solved")
    reason = one(told, "ticket_event", ticket_id="126", type="status_changed")["reason"]
    assert "not told when" in reason


def test_who_began(told: Records) -> None:
    begun = {c["id"]: (c["direction"], c["initiation"]) for c in told["conversation"]}
    assert begun["101"] == ("inbound", "visitor")
    assert begun["102"] == begun["115"] == ("outbound", "agent")
    assert begun["103"] == ("outbound", "agent")
    assert begun["114"] == ("inbound", "visitor")


def test_campaign_is_told_by_webhooks_and_tables_alone() -> None:
    account = desk()
    (row,) = [row for row in account.rows if row["id"] == 103]
    account.messages[103][0]["additional_attributes"] = {"campaign_id": 3}
    found, _ = translated(
        [Payload("conversations", whole(row, account), "103")]
        + [Payload("messages", m, str(m["id"])) for m in account.messages[103]]
    )
    assert found["conversation"][0]["initiation"] == "trigger"
    assert [m["is_auto"] for m in found["message"]] == [True, False, False]


def test_how_it_ended(told: Records) -> None:
    ended = {c["id"]: (c["end_reason"], c["outcome"]) for c in told["conversation"]}
    assert ended["101"] == ("agent", "resolved")
    assert ended["107"] == ("timeout", None)
    assert ended["131"] == ("customer_left", "resolved")
    assert ended["114"] == (None, None)
    assert one(told, "conversation", id="107")["ended_at"] == instant("04 09:20:04")


def test_deleted_message_has_no_text(told: Records) -> None:
    message = one(told, "message", id="116002")
    assert (message["body"], message["body_length"]) == (None, None)
    assert message["attributes"]["deleted"] is True


def test_failed_message_did_not_reach_the_customer(told: Records) -> None:
    assert one(told, "message", id="123002")["visibility"] == "internal"
    assert one(told, "message", id="123003")["visibility"] == "public"


def test_machines_are_told_from_persons(told: Records) -> None:
    assert one(told, "message", id="130002")["author_type"] == "system"
    assert one(told, "message", id="130002")["is_auto"] is True
    assert one(told, "message", id="127002")["is_auto"] is True
    assert one(told, "message", id="113003")["is_auto"] is True
    assert one(told, "message", id="113001")["is_auto"] is False


def test_ratings_and_their_invitations(told: Records) -> None:
    assert {i["conversation_id"] for i in told["survey_invite"]} == {"109", "110", "111"}
    scores = {r["conversation_id"]: (r["score"], r["comment"]) for r in told["survey_response"]}
    assert scores == {"109": (5.0, "quick and kind"), "110": (1.0, None)}
    answer = one(told, "survey_response", conversation_id="109")
    assert answer["invite_id"] == one(told, "survey_invite", conversation_id="109")["id"]
    assert answer["agent_id"] == "1"


def test_labels_on_and_off(told: Records) -> None:
    tagged = [(e["tag_id"], e["op"]) for e in told["tag_event"] if e["target_id"] == "112"]
    assert tagged == [("billing", "add"), ("vip", "add"), ("vip", "remove")]


def test_priority_in_our_words(told: Records) -> None:
    changed = [c[3] for c in changes(told, 128) if c[1] == "priority_changed"]
    assert changed == ["normal", "urgent"]
    assert one(told, "ticket", id="128")["priority"] == "urgent"


def test_vendors_own_figures(told: Records) -> None:
    figures = {
        (f["measure"], f["clock"]): (f["value"], f["complete"])
        for f in told["vendor_figure"]
        if f["target_id"] == "101"
    }
    assert figures == {
        ("first_response", "calendar"): (175.0, True),
        ("first_response", "business"): (175.0, True),
        ("reply_time", "calendar"): (60.0, True),
        ("reply_time", "business"): (60.0, True),
        ("resolution", "calendar"): (600.0, True),
        ("resolution", "business"): (600.0, True),
    }
    mail = {f["clock"] for f in told["vendor_figure"] if f["target_id"] == "106"}
    assert mail == {"calendar"}  # the inbox has no hours: Chatwoot's 0 is no figure


def test_inboxes_are_channels_with_their_hours(told: Records) -> None:
    codes = {c["external_id"]: (c["code"], c["kind"]) for c in told["channel"]}
    assert codes["1"] == ("live_chat", "realtime")
    assert codes["6"] == ("live_chat-6", "realtime")
    assert codes["2"] == ("email", "async")
    assert one(told, "conversation", id="118")["channel"] == "live_chat-6"
    hours = one(told, "business_calendar", id="inbox:6")
    assert hours["tz"] == "Asia/Tehran"
    assert [d["dow"] for d in hours["weekly"]] == ["sun", "mon", "tue", "wed", "thu", "sat"]
    assert hours["weekly"][0] == {"dow": "sun", "from": "09:00", "to": "17:30"}
    assert one(told, "channel", external_id="2")["calendar_id"] is None


def test_people(told: Records) -> None:
    assert one(told, "agent", id="1")["team_id"] == "1"
    assert one(told, "agent", id="5")["role"] is None
    customer = next(c for c in told["customer"] if c["id"] == "117")
    assert (customer["account_id"], customer["attributes"]) == ("Company 1", {"plan": "pro"})


@pytest.mark.parametrize(
    ("stream", "value", "field"),
    [
        ("messages", {"id": 1, "conversation_id": 2, "message_type": 0}, "created_at"),
        ("messages", {"id": 1, "conversation_id": 2, "created_at": 5, "message_type": 9},
         "message_type"),
        ("messages", {"conversation_id": 2, "created_at": 5, "message_type": 0}, "id"),
        ("conversations", {"id": 1, "status": "open", "created_at": "soon"}, "created_at"),
        ("conversations", {"id": 1, "status": "lost", "created_at": 5}, "status"),
        ("csat_survey_responses", {"id": 1, "conversation_id": 2, "rating": 7}, "rating"),
        ("labels", {"id": 1}, "title"),
    ],
)  # fmt: skip
def test_unreadable_is_refused_with_its_reason(stream: str, value: Any, field: str) -> None:
    with pytest.raises(Unreadable) as refused:
        list(ChatwootTranslation().records(Payload(stream, value, "here")))
    assert refused.value.field == field
    assert refused.value.reason


def in_one(*messages: dict[str, Any], inbox: int = 1, **row: Any) -> Records:
    """What becomes of conversation 500 with these messages, oldest first."""
    said = [
        {"id": n, "conversation_id": 500, "inbox_id": inbox, "private": False, "content": "",
         "content_attributes": {}, "status": "sent", "content_type": "text", **message}
        for n, message in enumerate(messages, 1)
    ]  # fmt: skip
    value = {
        "id": 500, "status": "open", "inbox_id": inbox, "created_at": said[0]["created_at"],
        "meta": {"sender": {"id": 17, "name": "Customer 17"}}, "all_messages": said,
        "last_activity_at": said[-1]["created_at"], "labels": [], **row,
    }  # fmt: skip
    lists = [p for p in payloads(desk(101)) if p.stream in ("agents", "inboxes", "agent_bots")]
    given = [*lists, Payload("conversations", value, "500")]
    return translated(given + [Payload("messages", m, str(m["id"])) for m in said])[0]


CALL = {
    "message_type": 0, "created_at": seconds("02 09:00"), "content_type": "voice_call",
    "sender": {"id": 17, "name": "Customer 17", "type": "contact"},
    "call": {
        "id": 3, "direction": "incoming", "status": "completed", "accepted_by_agent_id": 1,
        "started_at": seconds("02 09:00:20"), "ended_at": "2026-03-02T09:05:00Z",
    },
}  # fmt: skip
ASKED = {
    "message_type": 0, "created_at": seconds("02 08:00"), "content": "Please call me",
    "sender": {"id": 17, "name": "Customer 17", "type": "contact"},
}  # fmt: skip


def test_call_in_a_chat_is_a_conversation_of_its_own() -> None:
    told = in_one(ASKED, CALL)
    assert {c["id"]: c["channel"] for c in told["conversation"]} == {
        "500": "live_chat", "call:2": "phone",
    }  # fmt: skip
    assert told["call"] == [
        {
            "conversation_id": "call:2", "ring_at": instant("02 09:00"),
            "answered_at": instant("02 09:00:20"), "ended_at": instant("02 09:05"),
            "abandoned": False,
        }
    ]  # fmt: skip
    assert one(told, "participation", id="call:2")["agent_id"] == "1"
    assert [m["id"] for m in told["message"]] == ["1"]


def test_call_of_a_telephone_inbox_is_the_conversation() -> None:
    missed = {**CALL, "call": {"direction": "incoming", "status": "no-answer"}}
    told = in_one(missed, CALL, inbox=99, channel="Channel::Voice")
    assert [(c["conversation_id"], c["abandoned"]) for c in told["call"]] == [
        ("500", True), ("call:2", False),
    ]  # fmt: skip


def test_handoff_and_its_opening_are_one_change_by_the_bot() -> None:
    bot = {"message_type": 1, "created_at": seconds("02 08:00:02"), "content": "Hello",
           "sender": {"id": 1, "name": "Robo", "type": "agent_bot"}}  # fmt: skip
    end = {"event_start_time": "2026-03-02T08:00:00Z", "inbox_id": 1, "value": 60}
    events = [
        {**end, "id": 1, "name": "conversation_opened", "event_end_time": "2026-03-02T08:01:00.1Z"},
        {**end, "id": 2, "name": "conversation_bot_handoff",
         "event_end_time": "2026-03-02T08:01:00.2Z"},
    ]  # fmt: skip
    told = in_one(ASKED, bot, reporting_events=events)
    assert [(e["to"], e["actor_type"]) for e in told["ticket_event"]] == [
        ("new", None), ("open", "bot"),
    ]  # fmt: skip


def test_change_by_nobody_named_is_read() -> None:
    says = {"message_type": 2, "created_at": seconds("02 08:01"), "content": " added billing"}
    tagged = in_one(ASKED, says)["tag_event"]
    assert [(t["tag_id"], t["actor_type"]) for t in tagged] == [("billing", None)]


def test_label_that_no_sentence_tells_has_no_instant() -> None:
    (tagged,) = in_one(ASKED, labels=["vip"])["tag_event"]
    assert (tagged["tag_id"], tagged["at"]) == ("vip", None)


def test_present_assignee_stands_where_nobody_was_told() -> None:
    answer = {"message_type": 1, "created_at": seconds("02 08:05"), "content": "Yes",
              "sender": {"id": 1, "name": "Agent 1", "type": "user"}}  # fmt: skip
    meta = {"sender": {"id": 17, "name": "Customer 17"}, "assignee": {"id": 1, "name": "Agent 1"}}
    (held,) = in_one(ASKED, answer, meta=meta)["participation"]
    assert (held["agent_id"], held["offered_at"]) == ("1", None)
    assert held["accepted_at"] == instant("02 08:05")


def answer(when: str, who: int, **fields: Any) -> dict[str, Any]:
    sender = {"id": who, "name": f"Agent {who}", "type": "user"}
    return {"message_type": 1, "created_at": seconds(when), "content": "Yes", "sender": sender,
            **fields}  # fmt: skip


def held(told: Records) -> list[tuple[Any, ...]]:
    """Who had it: agent, accepted, left."""
    return [
        (p["agent_id"], *(at and f"{at:%H:%M}" for at in (p["accepted_at"], p["left_at"])))
        for p in told["participation"]
    ]


def test_what_nobody_has_is_theirs_who_answers() -> None:
    note = answer("02 08:01", 2, private=True)
    told = in_one(ASKED, note, answer("02 08:02", 1), answer("02 08:09", 2))
    assert held(told) == [("1", "08:02", "08:09"), ("2", "08:09", None)]


def test_nobody_has_a_snoozed_one() -> None:
    snoozed = {"message_type": 2, "created_at": seconds("02 08:05"),
               "content": "Conversation was snoozed by Agent 1"}  # fmt: skip
    taken = {"message_type": 2, "created_at": seconds("02 08:01"),
             "content": "Agent 1 self-assigned this conversation"}  # fmt: skip
    back = {**ASKED, "created_at": seconds("02 11:00")}
    told = in_one(ASKED, taken, snoozed, back, answer("02 11:04", 1))
    assert held(told) == [("1", "08:01", "08:05"), ("1", "11:04", None)]


def test_nobody_is_present_between_two_mails() -> None:
    assert held(in_one(ASKED, answer("02 08:02", 1), inbox=2)) == []
