"""Messages per chat, length and outcome of chats; ready replies: stories with figures by hand."""

from __future__ import annotations

import pytest

from record_homes import Desk, record, said, status, story, talk, ticket

# Served chats with 3 (2 + 1), 6 (2 + 4) and 12 (5 + 7) messages; see each line.
TALKS = story(
    "messages per chat",
    talk("short", "03-02 09:00", ended_at="03-02 09:04:59", end_reason="agent",
         outcome="resolved", topic_id="billing"),
    said("short", "03-02 09:00", "bot", "hello"),  # not counted: a bot
    said("short", "03-02 09:00:10"),
    said("short", "03-02 09:00:20"),
    said("short", "03-02 09:01", "ann"),
    said("short", "03-02 09:02", "ann", visibility="internal"),  # not counted: a note
    said("short", "03-02 09:03", "ann", is_auto=True),  # not counted: automatic
    talk("medium", "03-02 10:00", ended_at="03-02 10:05", end_reason="agent",
         outcome="unresolved", topic_id="billing"),
    [said("medium", f"03-02 10:0{n}") for n in (0, 1)],
    [said("medium", f"03-02 10:0{n}:30", "bea") for n in (1, 2, 3, 4)],
    talk("long", "03-02 11:00", ended_at="03-02 11:31", end_reason="agent", topic_id="login"),
    [said("long", f"03-02 11:{n:02d}") for n in range(0, 10, 2)],
    [said("long", f"03-02 11:{n:02d}", "bea") for n in range(1, 15, 2)],
    talk("a mail", "03-02 12:00", "email", ended_at="03-02 13:00"),  # not a chat
    said("a mail", "03-02 12:00"),
    said("a mail", "03-02 12:30", "ann"),
    talk("missed", "03-02 13:00", ended_at="03-02 13:10"),  # not served
    said("missed", "03-02 13:00"),
    talk("a test", "03-02 14:00", ended_at="03-02 14:10", is_test=True, topic_id="login"),
    said("a test", "03-02 14:00"),
    said("a test", "03-02 14:01", "ann"),
    talk("of April", "03-31 23:50", ended_at="04-01 00:00"),  # ended in April
    said("of April", "03-31 23:50"),
    said("of April", "03-31 23:51", "ann"),
)  # fmt: skip


def test_messages_of_customers_and_agents_in_ended_served_chats(world: Desk) -> None:
    found = world.figure("messages_per_chat", TALKS)
    assert (found.value, found.n, found.numerator) == (7.0, 3, 21.0)
    assert (found.statistics["median"], found.statistics["min"], found.statistics["max"]) == (
        6.0, 3, 12,
    )  # fmt: skip
    assert dict(found.excluded) == {"test": 1}
    assert world.value("customer_messages_per_chat", TALKS) == 3.0
    assert world.value("agent_messages_per_chat", TALKS) == 4.0
    assert world.by("messages_per_chat", "topic", TALKS) == {"billing": 4.5, "login": 12.0}
    assert world.by("messages_per_chat", "agent", TALKS) == {"ann": 3.0, "bea": 9.0}


def test_bots_and_turns_are_options(world: Desk) -> None:
    with_bot = {"messages.include_bot": "yes"}
    assert world.value("messages_per_chat", TALKS, options=with_bot) == 22 / 3
    # short: customer, ann. medium: customer, bea. long: to and fro ten times, then bea alone.
    turns = {"messages.unit": "turn"}
    found = world.figure("messages_per_chat", TALKS, options=turns)
    assert (found.numerator, found.statistics["max"]) == (14.0, 10)


def test_short_and_long(world: Desk) -> None:
    found = world.figure("short_chat_share", TALKS)
    assert (found.numerator, found.denominator) == (2, 3)
    strict = {"length.short_max": "3"}
    assert world.figure("short_chat_share", TALKS, options=strict).numerator == 1
    assert world.by("ended_chats", "message_band", TALKS) == {
        "1 to 5": 1, "6 to 10": 1, "11 to 20": 1,
    }  # fmt: skip
    # 4:59 is brief, 5:00 is brief but already of the next band, 31 minutes is not
    assert world.figure("brief_chat_share", TALKS).numerator == 2
    assert world.by("ended_chats", "duration_band", TALKS) == {
        "under 5 min": 1, "5 to 15 min": 1, "over 30 min": 1,
    }  # fmt: skip
    shares = world.by("ended_chat_share", "message_band", TALKS)
    assert shares == {"1 to 5": 1 / 3, "6 to 10": 1 / 3, "11 to 20": 1 / 3}


def test_duration_of_chats(world: Desk) -> None:
    found = world.figure("chat_duration", TALKS)
    assert (found.numerator, found.statistics["median"], found.n) == (2459.0, 300.0, 3)


def _chat(name: str, **fields: object) -> list[object]:
    return [
        talk(name, "03-03 09:00", ended_at="03-03 09:10", **fields),
        said(name, "03-03 09:00"),
        said(name, "03-03 09:05", "ann"),
    ]


ENDS = story(
    "how chats end",
    _chat("said solved", outcome="resolved"),
    _chat("said unsolved", outcome="unresolved"),
    _chat("with a reason", unresolved_reason="product_bug"),  # unresolved
    _chat("nobody said"),  # unknown
    _chat("solved, but sent up before", outcome="resolved"),  # escalated wins
    record("escalation", id="up 1", conversation_id="solved, but sent up before",
           at="03-03 09:06", initiator="agent"),
    _chat("sent up the day after", outcome="resolved"),  # resolved
    record("escalation", id="up 2", conversation_id="sent up the day after", at="03-04 09:00"),
    _chat("its ticket sent up meanwhile", ticket_id="k1"),  # escalated
    ticket("k1", "03-03 09:01"),
    record("escalation", id="up 3", ticket_id="k1", at="03-03 09:05"),
    _chat("its ticket solved by the end", ticket_id="k2"),  # resolved
    ticket("k2", "03-03 09:01"),
    status("k2", "03-03 09:11", "solved"),
    _chat("its ticket solved later", ticket_id="k3"),  # unresolved at its end
    ticket("k3", "03-03 09:01"),
    status("k3", "03-05 09:00", "solved"),
    _chat("a chat of its own level", outcome="escalated"),
)  # fmt: skip


def test_each_chat_has_one_outcome_and_silence_is_not_success(world: Desk) -> None:
    assert world.by("ended_chats", "outcome", ENDS) == {
        "resolved": 3, "escalated": 3, "unresolved": 3, "unresolved (unknown)": 1,
    }  # fmt: skip
    assert world.value("ended_chats", ENDS) == 10
    assert world.by("ended_chat_share", "outcome", ENDS) == {
        "resolved": 0.3, "escalated": 0.3, "unresolved": 0.3, "unresolved (unknown)": 0.1,
    }  # fmt: skip
    found = world.figure("resolved_chat_share", ENDS)
    assert (found.numerator, found.denominator, dict(found.excluded)) == (
        3, 9, {"no outcome is recorded": 1},
    )  # fmt: skip
    resolved = (("outcome", "is", ("resolved",)),)
    assert world.value("ended_chat_share", ENDS, where=resolved) == 0.3


UNCLOSED = story(
    "chats that nobody closed",
    talk("silent since March", "03-05 09:00"),
    said("silent since March", "03-05 09:00"),
    said("silent since March", "03-05 09:03", "ann"),  # ends 09:05
    talk("timed out", "03-05 10:00", ended_at="03-05 11:00", end_reason="timeout"),
    said("timed out", "03-05 10:00"),
    said("timed out", "03-05 10:08", "ann"),  # ends 10:10
    talk("under way", "06-29 12:00"),
    said("under way", "06-29 12:00"),
    said("under way", "06-29 12:01", "ann"),
)


def test_a_chat_nobody_closed_ends_two_minutes_after_its_last_message(world: Desk) -> None:
    found = world.figure("chat_duration", UNCLOSED)
    assert (found.n, found.statistics["min"], found.statistics["max"]) == (2, 300.0, 600.0)
    june = {"start": "2026-06-01", "end": "2026-07-01"}
    found = world.figure("messages_per_chat", UNCLOSED, **june)
    assert (found.value, found.pending) == (None, 1)  # silent for less than a day


# ann: 4 messages, 2 of them ready (one edited); bea: 2 messages, none ready, and 1 of 1 by mail.
READY = story(
    "ready replies",
    record("canned_response", id="hi", title="Greeting", body="Hello, how may I help?"),
    record("canned_response", id="wait", shortcut="/wait", body="One moment please."),
    talk("two of three", "03-02 09:00", ended_at="03-02 09:10"),
    said("two of three", "03-02 09:00"),
    said("two of three", "03-02 09:01", "ann", canned_response_id="hi", body_length=330),
    said("two of three", "03-02 09:02", "ann", canned_response_id="wait", body_length=33,
         canned_edited=True),
    said("two of three", "03-02 09:03", "ann"),
    said("two of three", "03-02 09:04", "bot", canned_response_id="hi", body_length=999),
    talk("shared, none ready", "03-02 10:00", ended_at="03-02 10:10"),
    said("shared, none ready", "03-02 10:00"),
    said("shared, none ready", "03-02 10:01", "ann"),
    said("shared, none ready", "03-02 10:02", "bea"),
    talk("none", "03-02 11:00", ended_at="03-02 11:10"),
    said("none", "03-02 11:00"),
    said("none", "03-02 11:01", "bea"),
    talk("by mail", "03-02 12:00", "email"),
    said("by mail", "03-02 12:00"),
    said("by mail", "03-02 12:30", "bea", canned_response_id="hi", body="x" * 66),
)  # fmt: skip


def test_agents_messages_from_ready_replies(world: Desk) -> None:
    found = world.figure("canned_message_share", READY)
    assert (found.numerator, found.denominator, found.value) == (3, 7, 3 / 7)
    assert world.value("canned_messages", READY) == 3
    assert world.value("agent_messages", READY) == 7
    assert world.by("canned_message_share", "agent", READY) == {"ann": 0.5, "bea": 1 / 3}
    assert world.by("canned_uses", "canned_response", READY) == {"Greeting": 2, "/wait": 1}
    greeting = (("canned_response", "is", ("greeting",)),)
    assert world.value("canned_uses", READY, where=greeting) == 2
    unedited = {"canned.count_edited": "no"}
    assert world.value("canned_uses", READY, options=unedited) == 2
    assert world.value("canned_message_share", READY, options=unedited) == 2 / 7


def test_chats_with_a_ready_reply_count_once_whoever_shared_them(world: Desk) -> None:
    found = world.figure("canned_chat_share", READY)
    assert (found.numerator, found.denominator) == (1, 3)
    assert world.by("canned_chat_share", "agent", READY) == {"ann": 0.5, "bea": 0.0}
    answer = world.answer("canned_chat_share", of=READY, by=("agent",))
    assert any("can stand in several groups" in w for w in answer.warnings)
    found = world.figure("canned_per_chat", READY)
    assert (found.value, found.statistics["median"], found.n) == (2 / 3, 0.0, 3)
    assert world.value("canned_per_canned_chat", READY) == 2.0


def test_time_saved_is_an_estimate_from_length_and_typing_speed(world: Desk) -> None:
    # 330 characters: 100 s less 3 s; 33: 10 s less 3 s; by mail 66: 20 s less 3 s
    assert world.value("canned_time_saved_per_chat", READY) == pytest.approx(104.0)
    assert world.value("canned_time_saved_in_chats", READY) == pytest.approx(104.0)
    assert world.value("canned_chats", READY) == 1
    answer = world.answer("canned_time_saved", of=READY)
    assert answer.results[0].value == pytest.approx(121 / 3600)
    assert any("estimate" in w for w in answer.warnings)
    assert answer.question["options"]["canned.typing_cps"] == "3.3"
    slow = {"canned.typing_cps": "33", "canned.insert_s": "2", "canned.kept_of_edited": "0.5"}
    # 10 s less 2 s; 1 s less 2 s is 0
    assert world.value("canned_time_saved_per_chat", READY, options=slow) == pytest.approx(8.0)


WORKED = story(
    "a ready reply of 330 characters",
    talk("worked", "03-02 09:00", ended_at="03-02 09:10"),
    said("worked", "03-02 09:00"),
    said("worked", "03-02 09:01", "ann", canned_response_id="r", body_length=330),
)


def test_the_catalogues_worked_value_of_time_saved(world: Desk) -> None:
    assert world.value("canned_time_saved_per_chat", WORKED) == pytest.approx(97.0)
