"""What Intercom's payloads become, record by record, and what is refused."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest
from intercom_records import made_of, of, only, taught

from intercom_workspace import (
    ADMINS,
    CALL,
    CONVERSATIONS,
    FIN,
    OPERATOR,
    STREAMS,
    TEAMS,
    TICKET,
    contact_id,
    conversation,
    part,
    ts,
)
from sanjeh.sources.helpdesk import Payload, Unreadable
from sanjeh.sources.intercom.words import plain
from sanjeh.sources.records.check import check_record


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(ts(text), dt.UTC)


# -- messages ------------------------------------------------------------------------------------


def test_who_spoke_and_who_could_read_it() -> None:
    said = [(m["author_type"], m["author_id"], m["visibility"])
            for m in of("fin first, then a person", "message")]  # fmt: skip
    customer = contact_id("c2")
    assert said == [
        ("customer", customer, "public"),
        ("bot", FIN, "public"),
        ("customer", customer, "public"),
        ("agent", ADMINS["bea"], "public"),
    ]
    assert of("a note only", "message")[1]["visibility"] == "internal"


def test_a_campaign_is_sent_by_a_machine_on_behalf_of_a_teammate() -> None:
    first = of("campaign that was answered", "message")[0]
    assert (first["author_type"], first["author_id"], first["is_auto"]) == (
        "agent", ADMINS["ann"], True,
    )  # fmt: skip


def test_a_part_that_closes_assigns_or_opens_may_speak_as_well() -> None:
    assert [m["body"] for m in of("answered in closing", "message")][1:] == ["It is fixed."]
    assert of("answered in assigning", "message")[1]["author_id"] == ADMINS["ann"]
    assert "It is broken again." in [m["body"] for m in of("reopened twice", "message")]


def test_a_redacted_part_is_a_message_without_its_text() -> None:
    redacted = of("a part was redacted", "message")[1]
    assert redacted["body"] is None
    assert redacted["body_length"] is None  # unknown, not none
    assert redacted["attributes"] == {"redacted": True}


def test_attachments_alone_are_a_message_of_no_length() -> None:
    for message in of("attachments only", "message"):
        assert message["body"] is None
        assert message["body_length"] == 0


def test_a_remark_on_the_rating_is_no_message() -> None:
    assert [m["body"] for m in of("rated with a remark", "message")] == [
        "Where is my parcel?", "Done.",
    ]  # fmt: skip


def test_a_lead_is_the_contact_it_was_merged_into() -> None:
    customers = {
        m["author_id"]
        for m in of("a lead who became a user", "message")
        if m["author_type"] == "customer"
    }
    assert customers == {contact_id("c16")}


def test_in_a_group_everybody_speaks_for_themselves() -> None:
    spoke = [m["author_id"] for m in of("a colleague was brought in", "message")]
    assert spoke == [contact_id("c28"), contact_id("c29"), ADMINS["ann"]]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>One</p><p>Two &amp; three</p>", "One\nTwo & three"),
        ("one<br/>two<BR>three", "one\ntwo\nthree"),
        ("<p class=\"no-margin\">سلام</p>", "سلام"),
        ("<img src=\"https://x.test/a.png\">", ""),
        ("5 &lt; 7", "5 < 7"),
        ("no tags", "no tags"),
    ],
)  # fmt: skip
def test_a_body_reads_as_a_reader_sees_it(body: str, text: str) -> None:
    assert plain(body) == text


# -- state, hands, tags --------------------------------------------------------------------------


def test_every_change_of_state_has_its_instant_and_who_made_it() -> None:
    changes = [(e["at"], e["from"], e["to"], e["actor_type"])
               for e in of("snoozed and woken", "ticket_event")]  # fmt: skip
    assert changes == [
        (instant("03-04 09:11"), "open", "on_hold", "agent"),
        (instant("03-05 09:00"), "on_hold", "open", "bot"),
        (instant("03-05 09:06"), "open", "solved", "agent"),
    ]
    assert of("snoozed and woken", "ticket_event")[0]["reason"] == "until tomorrow"


def test_teams_and_teammates_change_apart() -> None:
    moves = [(e["type"], e["from"], e["to"])
             for e in of("moved between teams in mid-wait", "ticket_event")]  # fmt: skip
    assert moves == [
        ("team_changed", None, TEAMS["front"]),
        ("team_changed", TEAMS["front"], TEAMS["specialists"]),
        ("assigned", None, ADMINS["cem"]),
        ("status_changed", "open", "solved"),
    ]
    transfer = only("moved between teams in mid-wait", "transfer")
    assert (transfer["kind"], transfer["from_team"], transfer["to_team"]) == (
        "department", TEAMS["front"], TEAMS["specialists"],
    )  # fmt: skip


def test_who_had_it_and_who_took_it() -> None:
    had = [(p["agent_id"], p["role"], p.get("offered_at"), p.get("accepted_at"),
            p.get("left_at"), p.get("end_reason"))
           for p in of("several teammates", "participation")]  # fmt: skip
    at = {m: instant(f"03-09 10:{m}") for m in ("01", "10", "15", "20", "30")}
    assert had == [
        (ADMINS["ann"], "owner", at["01"], at["01"], at["15"], "transferred"),
        (ADMINS["bea"], "joined", None, at["10"], at["30"], "ended"),
        (ADMINS["cem"], "owner", at["15"], at["20"], at["30"], "ended"),
    ]


def test_time_in_snooze_is_nobodys_work() -> None:
    spans = [(p["accepted_at"], p["left_at"]) for p in of("snoozed and woken", "participation")]
    assert spans == [
        (instant("03-04 09:10"), instant("03-04 09:11")),
        (instant("03-05 09:05"), instant("03-05 09:06")),
    ]


def test_by_mail_nobody_is_present_from_then_to_then() -> None:
    assert of("over the weekend", "participation") == []
    assert [kind for kind, _ in made_of("tickets", TICKET) if kind == "participation"] == []


def test_nobody_has_it_after_an_away_mode() -> None:
    moves = [(e["from"], e["to"], e["reason"])
             for e in of("away, and given on", "ticket_event")]  # fmt: skip
    ann, bea = ADMINS["ann"], ADMINS["bea"]
    assert moves == [(None, ann, None), (ann, None, "away mode"), (None, bea, None)]


def test_tags_put_on_and_taken_off() -> None:
    events = [(e["op"], e["tag_id"], e["at"], e["actor_id"])
              for e in of("tagged and untagged", "tag_event")]  # fmt: skip
    assert events == [
        ("add", "71", instant("03-06 09:05"), ADMINS["ann"]),
        ("add", "72", instant("03-06 09:20"), ADMINS["ann"]),
        ("remove", "71", instant("03-06 09:20"), ADMINS["ann"]),
    ]


def test_where_the_parts_name_no_tags_those_that_stand_tell_when() -> None:
    event = only("tagged, as older versions tell", "tag_event")
    assert (event["tag_id"], event["op"], event["at"], event["actor_id"]) == (
        "71", "add", instant("03-06 10:01"), ADMINS["bea"],
    )  # fmt: skip


def test_priority_promise_and_own_fields() -> None:
    name = "raised, promised and described"
    ticket = only(name, "ticket")
    assert ticket["priority"] == "high"
    assert ticket["subject"] == "Broken mixer"
    assert ticket["account_id"] == "c0111"
    assert ticket["linked_ids"] == ["2001"]
    assert ticket["sla_policy_snapshot"] == {"name": "Gold", "status": "hit"}
    assert ticket["attributes"] == {
        "Product line": "Mixers", "Urgent": True, "Parts": "lid, bowl",
    }  # fmt: skip
    event = only(name, "ticket_event")
    assert (event["type"], event["from"], event["to"]) == ("priority_changed", "normal", "high")


# -- how it came and went ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "began", "channel", "ended", "reason"),
    [
        ("answered and closed", ("inbound", "visitor"), "live_chat", "03-02 09:30", "agent"),
        ("we wrote first", ("outbound", "agent"), "email", None, None),
        ("campaign that nobody answered", ("outbound", "trigger"), "live_chat", None, None),
        ("a bot asked first", ("inbound", "visitor"), "live_chat", None, None),
        ("a bot asked and nobody answered", ("outbound", "trigger"), "live_chat", None, None),
        ("months on a messenger", ("inbound", "visitor"), "whatsapp", None, None),
        ("a call", ("inbound", "visitor"), "phone", None, None),
        ("closed by a bot", ("inbound", "visitor"), "live_chat", "03-06 11:05", "system"),
        ("closed when the customer fell silent", ("inbound", "visitor"), "live_chat",
         "03-10 09:05", "timeout"),
    ],
)  # fmt: skip
def test_how_a_conversation_began_and_ended(
    name: str, began: tuple[str, str], channel: str, ended: str | None, reason: str | None
) -> None:
    row = only(name, "conversation")
    assert (row["direction"], row["initiation"]) == began
    assert row["channel"] == channel
    assert row["ended_at"] == (instant(ended) if ended else None)
    assert row["end_reason"] == reason


def test_what_nobody_answered_is_no_matter_and_has_no_ticket() -> None:
    for name in ("campaign that nobody answered", "a bot asked and nobody answered"):
        assert of(name, "ticket") == []
        assert only(name, "conversation")["ticket_id"] is None


def test_what_a_teammate_sent_is_a_matter_once_somebody_acts_on_it() -> None:
    told = {"how": "admin_initiated", "customer": "c1"}
    sent = conversation(1, "03-02 09:00", "ann", **told)
    closed = conversation(2, "03-02 09:00", "ann", part("close", "03-02 09:01", "ann"), **told)
    answered = conversation(3, "03-02 09:00", "ann", part("comment", "03-02 10:00", "c1", "Yes?"),
                            **told)  # fmt: skip
    tickets = [
        [row["id"] for kind, row in made_of("conversations", value) if kind == "ticket"]
        for value in (sent, closed, answered)
    ]
    assert tickets == [[], ["2"], ["3"]]


def test_a_closed_conversation_that_opens_again_has_no_end() -> None:
    value = copy.deepcopy(CONVERSATIONS["answered and closed"])
    value["conversation_parts"]["conversation_parts"].append(
        {"id": "1", **part("open", "03-05 09:00", "c1", "Not yet here.")}
    )
    value["state"], value["open"] = "open", True
    row = next(row for kind, row in made_of("conversations", value) if kind == "conversation")
    assert row["ended_at"] is None


def test_a_state_that_no_part_tells_is_proved_by_the_conversation() -> None:
    opened = conversation(
        1, "03-02 09:00", "c1",
        part("close", "03-02 09:10", "ann"),
        part("comment", "03-02 10:00", "c1", "And the other one?"),
        state="open",
    )  # fmt: skip
    closed = conversation(
        2, "03-02 09:00", "c1", part("comment", "03-02 09:05", "ann", "Here."),
        state="closed", statistics={"last_close_at": ts("03-02 11:00")},
    )  # fmt: skip
    told = [
        [(row["at"], row["to"], row["actor_type"]) for kind, row in made_of("conversations", value)
         if kind == "ticket_event"]
        for value in (opened, closed, {**opened, "state": "closed"})
    ]  # fmt: skip
    close = (instant("03-02 09:10"), "solved", "agent")
    assert told == [
        [close, (instant("03-02 10:00"), "open", "customer")],
        [(instant("03-02 11:00"), "solved", None)],
        [close],  # a thanks that did not open it
    ]
    ends = [row["ended_at"] for value in (opened, closed)
            for kind, row in made_of("conversations", value) if kind == "conversation"]  # fmt: skip
    assert ends == [None, instant("03-02 11:00")]


def test_version_1_names_a_teammate_by_the_id_alone() -> None:
    value = conversation(1, "03-02 09:00", "c1", {
        **part("assignment", "03-02 09:01", "ann"), "assigned_to": "802",
    })  # fmt: skip
    (event,) = [row for kind, row in made_of("conversations", value) if kind == "ticket_event"]
    assert (event["type"], event["to"]) == ("assigned", "802")


@pytest.mark.parametrize(
    ("name", "bot", "resolved", "handed"),
    [
        ("fin first, then a person", FIN, False, "03-02 10:03"),
        ("fin solved it", FIN, True, None),
        ("closed by a bot", OPERATOR, None, None),
        ("only an acknowledgement", OPERATOR, None, "03-16 09:00:03"),
        ("a bot asked first", OPERATOR, None, "03-13 09:01:05"),
    ],
)
def test_what_the_bot_did(name: str, bot: str, resolved: bool | None, handed: str | None) -> None:
    session = only(name, "bot_session")
    assert session["bot_id"] == bot
    assert session["resolved"] is resolved
    assert session["handed_off_at"] == (instant(handed) if handed else None)


# -- what Intercom counted, and ratings ----------------------------------------------------------


def figures(name: str) -> dict[str, tuple[Any, ...]]:
    return {
        f["measure"]: (f["value"], f["unit"], f.get("clock"), f["complete"])
        for f in of(name, "vendor_figure")
    }


def test_intercoms_own_figures() -> None:
    assert figures("reopened twice") == {
        "first_response": (600, "seconds", "calendar", True),
        "first_resolution": (660, "seconds", "calendar", True),
        "final_resolution": (90000, "seconds", "calendar", True),
        "reply_time": (1200, "seconds", "calendar", True),
        "reopenings": (2, "count", None, True),
        "assignments": (0, "count", None, True),
    }


def test_a_duration_shorter_than_its_span_left_closed_hours_out() -> None:
    told = figures("over the weekend")
    assert told["first_response"] == (1800, "seconds", "business", True)
    assert told["reply_time"] == (1800, "seconds", "business", True)


def test_where_parts_are_missing_the_history_is_incomplete() -> None:
    translation = taught()
    made = made_of("conversations", CONVERSATIONS["more parts than came"], translation)
    assert {row["complete"] for kind, row in made if kind == "vendor_figure"} == {False}
    assert translation.unknown == {
        "all parts of a conversation (history incomplete: fewer came than it has)": 1
    }


def test_a_rating_with_its_remark() -> None:
    answer = only("rated with a remark", "survey_response")
    assert answer["score"] == 4
    assert answer["comment"] == "Quick!"
    assert answer["agent_id"] == ADMINS["ann"]
    assert answer["submitted_at"] == instant("03-05 10:11")
    assert only("rated with a remark", "survey_invite")["sent_at"] == instant("03-05 10:02")


def test_asked_and_silent_is_an_invitation_alone() -> None:
    assert len(of("asked to rate and silent", "survey_invite")) == 1
    assert of("asked to rate and silent", "survey_response") == []


# -- people --------------------------------------------------------------------------------------


def test_operator_is_no_teammate() -> None:
    agents = [row["id"] for value in STREAMS["admins"] for _, row in made_of("admins", value)]
    assert agents == ["801", "802", "803"]


def test_a_teammate_known_as_operator_speaks_as_a_bot() -> None:
    value = conversation(1, "03-02 09:00", "c1", {
        **part("comment", "03-02 09:01", "ann", "Soon."),
        "author": {"type": "admin", "id": OPERATOR, "name": "Operator", "email": None},
    })  # fmt: skip
    messages = [row for kind, row in made_of("conversations", value) if kind == "message"]
    assert [m["author_type"] for m in messages] == ["customer", "bot"]


def test_a_contact_and_a_company() -> None:
    ((_, customer),) = made_of("contacts", STREAMS["contacts"][30])
    assert customer["id"] == contact_id("c31")
    assert customer["account_id"] == "c0111"
    assert customer["external_id"] == "shop-31"
    assert customer["contact_points"] == [
        {"channel": "email", "address": "customer31@example.test"}
    ]
    assert customer["demographics"] == {"country": "Norway", "language": "en"}
    assert customer["attributes"] == {"role": "user", "tier": "gold"}
    ((_, account),) = made_of("companies", STREAMS["companies"][0])
    assert (account["name"], account["size"], account["industry"]) == ("Company 31", 12, "Baking")
    assert account["attributes"] == {"plan": "Gold", "region": "north"}


def test_a_teammate_goes_away_and_comes_back() -> None:
    log = {"id": "x", "performed_by": {"type": "admin", "id": "801"}, "created_at": 1772442000,
           "activity_type": "admin_away_mode_change", "metadata": {"away_mode": True}}  # fmt: skip
    ((kind, row),) = made_of("activity_logs", log)
    assert (kind, row["agent_id"], row["status"]) == ("agent_status_event", "801", "away")
    assert made_of("activity_logs", {**log, "activity_type": "app_name_change"}) == []


# -- tickets -------------------------------------------------------------------------------------


def test_a_ticket_with_its_states() -> None:
    made = made_of("tickets", TICKET)
    ticket = next(row for kind, row in made if kind == "ticket")
    assert (ticket["id"], ticket["number"], ticket["subject"]) == ("2001", "17", "A bill")
    assert ticket["linked_ids"] == ["1003"]
    assert ticket["attributes"] == {"Amount": 12, "ticket_type": "Billing", "category": "Customer"}
    changes = [(row["from"], row["to"]) for kind, row in made if kind == "ticket_event"]
    assert changes == [("new", "pending_customer"), ("pending_customer", "solved")]
    assert [row["body"] for kind, row in made if kind == "message"] == ["Which bill?"]


# -- calls ----------------------------------------------------------------------------------------


def test_a_call_tells_when_it_rang_and_was_picked_up() -> None:
    ((kind, row),) = made_of("calls", CALL)
    assert (kind, row["conversation_id"]) == ("call", CONVERSATIONS["a call"]["id"])
    assert (row["answered_at"] - row["ring_at"]).total_seconds() == 20
    assert row["abandoned"] is False


def test_a_call_that_nobody_picked_up_and_no_conversation_has() -> None:
    made = dict(made_of("calls", {**CALL, "conversation_id": None, "answered_at": None}))
    assert made["call"]["abandoned"] is True
    assert made["call"]["conversation_id"] == made["conversation"]["id"] == "call:3001"
    assert (made["conversation"]["channel"], made["conversation"]["direction"]) == (
        "phone", "inbound",
    )  # fmt: skip
    outbound = {**CALL, "direction": "outbound", "answered_at": None}
    assert dict(made_of("calls", outbound))["call"]["abandoned"] is None


# -- older and stranger shapes -------------------------------------------------------------------


def test_a_listed_conversation_tells_its_state_and_no_history() -> None:
    value = {k: v for k, v in CONVERSATIONS["answered and closed"].items()
             if k != "conversation_parts"}  # fmt: skip
    made = made_of("conversations", value)
    ticket = next(row for kind, row in made if kind == "ticket")
    assert (ticket["status"], ticket["resolved_at"]) == ("solved", instant("03-02 09:30"))
    assert {row["complete"] for kind, row in made if kind == "vendor_figure"} == {False}
    assert not [kind for kind, _ in made if kind == "ticket_event"]


def test_parts_listed_by_themselves_say_and_change_the_same() -> None:
    value = CONVERSATIONS["reopened twice"]
    alone = [
        made
        for p in value["conversation_parts"]["conversation_parts"]
        for made in made_of("conversations", {**p, "conversation_id": value["id"]})
    ]
    whole = made_of("conversations", value)
    for kind in ("message", "ticket_event"):
        assert {row["id"] for k, row in alone if k == kind} == {
            row["id"] for k, row in whole if k == kind and not row["id"].startswith("source:")
        }


def test_older_versions_name_one_assignee() -> None:
    value = dict(CONVERSATIONS["a note only"], assignee={"type": "team", "id": "501"})
    del value["team_assignee_id"], value["admin_assignee_id"]
    ticket = next(row for kind, row in made_of("conversations", value) if kind == "ticket")
    assert (ticket["team_id"], ticket["assignee_id"]) == ("501", None)


def test_an_unknown_part_is_told_and_what_it_says_is_kept() -> None:
    translation = taught()
    value = conversation(1, "03-02 09:00", "c1",
                         part("telepathy", "03-02 09:01", "ann", "I know."))  # fmt: skip
    made = made_of("conversations", value, translation)
    assert [row["body"] for kind, row in made if kind == "message"][1:] == ["I know."]
    assert translation.unknown == {"part_type telepathy": 1}


@pytest.mark.parametrize(
    ("stream", "value"),
    [
        ("conversations", {"id": "1"}),
        ("conversations", {"created_at": 1}),
        ("conversations", {"id": "1", "created_at": "yesterday"}),
        ("conversations", {"id": "1", "created_at": [1]}),
        ("conversations", {"id": "1", "created_at": 10**40}),
        ("conversations", {"id": {"a": 1}, "created_at": 1}),
        ("conversations", {"id": "1", "created_at": 1, "conversation_parts": [{}]}),
        ("conversations", {"id": "1", "created_at": 1,
                           "conversation_parts": [{"id": "2", "created_at": 1}]}),
        ("conversations", {"id": "1", "created_at": 1,
                           "conversation_parts": [{"id": "2", "part_type": "comment"}]}),
        ("conversations", {"id": "2", "part_type": "comment", "created_at": 1}),
        ("contacts", {}),
        ("tickets", {"id": "1"}),
        ("calls", {"id": "1"}),
        ("admins", "Ann"),
        ("tags", None),
        ("teams", ["front"]),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_with_a_reason(stream: str, value: Any) -> None:
    translation = taught()
    with pytest.raises(Unreadable) as refused:
        made_of(stream, value, translation)
    assert refused.value.reason
    assert not translation.unknown


@pytest.mark.parametrize(
    "value",
    [
        {"id": 1, "created_at": 1772442000},
        {"id": "1", "created_at": 1772442000000},  # milliseconds
        {"id": "1", "created_at": "1772442000"},
        {"id": "1", "created_at": "2026-03-02T09:00:00Z"},
        {"id": "1", "created_at": 1772442000, "source": None, "contacts": None, "tags": None,
         "conversation_parts": None, "statistics": [], "sla_applied": "Gold", "company": 7,
         "conversation_rating": {}, "ai_agent": "fin", "custom_attributes": []},
        {"id": "1", "created_at": 1772442000, "source": {"author": "Ann", "body": 7},
         "contacts": {"contacts": ["c1"]}, "tags": {"tags": [{"name": "x"}]}},
    ],
)  # fmt: skip
def test_what_is_missing_or_odd_beside_is_left_out(value: dict[str, Any]) -> None:
    row = next(row for kind, row in made_of("conversations", value) if kind == "conversation")
    assert row["id"] == "1"
    assert row["started_at"] == instant("03-02 09:00")


def test_every_record_fits_the_vocabulary() -> None:
    translation = taught()
    payloads = [(stream, v) for stream, values in STREAMS.items() for v in values]
    payloads += [("tickets", TICKET), ("calls", CALL)]
    kinds = set()
    for stream, value in payloads:
        for kind, row in made_of(stream, value, translation):
            kinds.add(kind)
            plain_row = {k: v.isoformat() if isinstance(v, dt.datetime) else v
                         for k, v in row.items()}  # fmt: skip
            checked = check_record({"record": kind, **plain_row}, None)
            assert not isinstance(checked, list), checked
    assert kinds == {
        "account", "agent", "bot_session", "call", "conversation", "customer", "message",
        "participation", "survey", "survey_invite", "survey_response", "tag", "tag_event",
        "team", "ticket", "ticket_event", "transfer", "vendor_figure",
    }  # fmt: skip


def test_the_same_payload_gives_the_same_records_again() -> None:
    translation = taught()
    for value in CONVERSATIONS.values():
        first = made_of("conversations", value, translation)
        assert made_of("conversations", value, translation) == first
        keys = [(kind, row.get("id") or tuple(row.values())[:3]) for kind, row in first]
        assert len(keys) == len(set(keys)), "two records of one id"


def test_learning_takes_what_it_understands() -> None:
    translation = taught()
    translation.learn(Payload("tags", {"id": None, "name": 7}, "here"))
    assert made_of("tags", {"id": "7", "name": "x"}, translation)
