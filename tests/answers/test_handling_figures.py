"""Handling: segments, idle tails, silences, transfers, working time and training (T2, T3)."""

from __future__ import annotations

import pytest

from record_homes import Desk, Record, record, said, status, story, talk, ticket

pytestmark = pytest.mark.xdist_group("stories")


def _segment(chat: str, agent: str, accepted: str, left: str | None, **fields: object) -> Record:
    return record(
        "participation", id=f"{chat} {agent} {accepted}", conversation_id=chat, agent_id=agent,
        accepted_at=accepted, **({"left_at": left} if left else {}), **fields,
    )  # fmt: skip


WORKED = story(
    "a transfer with wrap-up",
    talk("chat", "03-02 09:58", requested_at="03-02 09:58", ended_at="03-02 10:10",
         chat_type="Sales", complexity="high"),
    said("chat", "03-02 09:58"),
    _segment("chat", "ann", "03-02 10:00", "03-02 10:06", end_reason="transferred"),
    said("chat", "03-02 10:00:30", "ann"),
    _segment("chat", "bea", "03-02 10:06", "03-02 10:10", wrapup_seconds=60, end_reason="ended"),
    said("chat", "03-02 10:07", "bea"),
    talk("plain", "03-02 11:00", ended_at="03-02 11:05"),
    said("plain", "03-02 11:00"),
    _segment("plain", "ann", "03-02 11:00", "03-02 11:05", end_reason="ended"),
    said("plain", "03-02 11:01", "ann"),
    talk("not over", "03-02 12:00"),
    said("not over", "03-02 12:00"),
    _segment("not over", "ann", "03-02 12:00", None),
    said("not over", "03-02 12:01", "ann"),
    talk("nobody answered", "03-02 12:00", ended_at="03-02 12:10"),
    said("nobody answered", "03-02 12:00"),
)  # fmt: skip


def test_handle_time_adds_up_all_agents_and_leaves_out_what_is_not_over(world: Desk) -> None:
    # 11 and 5 minutes
    found = world.figure("handle_time", WORKED)
    assert (found.value, found.n, found.statistics["max"]) == (480, 2, 660)
    assert world.by("handle_time", "chat_type", WORKED) == {"Sales": 660, "unknown": 300}
    assert world.by("handle_time", "complexity", WORKED) == {"high": 660, "unknown": 300}
    assert world.by("agent_handle_time", "agent", WORKED) == {"ann": 330, "bea": 300}


@pytest.mark.parametrize(
    ("option", "choice", "seconds"),
    [
        ("aht.wrapup", "no", 600), ("aht.start", "requested", 780),
        ("aht.start", "first_human_message", 630),
    ],
)  # fmt: skip
def test_options_move_the_ends_of_handling(
    world: Desk, option: str, choice: str, seconds: int
) -> None:
    sales = (("chat_type", "is", ("sales",)),)
    assert world.value("handle_time", WORKED, where=sales, options=((option, choice),)) == seconds


def test_transfers_told_by_segments_where_none_is_recorded(world: Desk) -> None:
    assert world.value("transfer_rate", WORKED) == 0.5
    assert world.by("transfers", "from_agent", WORKED) == {"ann": 1}
    assert world.by("transfers", "to_agent", WORKED) == {"bea": 1}


TAILS = story(
    "idle tails and silences",
    talk("closed for silence", "03-02 10:00", ended_at="03-02 10:20", end_reason="timeout"),
    said("closed for silence", "03-02 10:00"),
    _segment("closed for silence", "ann", "03-02 10:01", "03-02 10:20"),
    said("closed for silence", "03-02 10:05", "ann"),  # 4 min, and 2 of the 15 of silence
    talk("closed soon", "03-02 10:00", ended_at="03-02 10:06", end_reason="timeout"),
    said("closed soon", "03-02 10:00"),
    _segment("closed soon", "ann", "03-02 10:01", "03-02 10:06"),
    said("closed soon", "03-02 10:05", "ann"),  # 4 min, and 1 of silence
    talk("silent, but closed by the agent", "03-02 10:00", ended_at="03-02 10:20",
         end_reason="agent"),
    said("silent, but closed by the agent", "03-02 10:00"),
    _segment("silent, but closed by the agent", "ann", "03-02 10:01", "03-02 10:20"),
    said("silent, but closed by the agent", "03-02 10:05", "ann"),  # 19 min
)  # fmt: skip


def test_of_the_silence_before_an_automatic_close_two_minutes_count(world: Desk) -> None:
    found = world.figure("handle_time", TAILS)
    assert (found.statistics["min"], found.statistics["median"]) == (300, 360)
    assert found.statistics["max"] == 1140
    capless = world.figure("handle_time", TAILS, options=(("chat.idle_cap", "0"),))
    assert (capless.statistics["min"], capless.statistics["median"]) == (240, 240)


MESSENGER = story(
    "a messenger over two days",
    talk("w", "03-02 10:00", "telegram", ended_at="03-04 10:00"),
    said("w", "03-02 10:00"),
    _segment("w", "ann", "03-02 10:00", "03-02 18:00"),
    said("w", "03-02 10:01", "ann"),
    said("w", "03-02 10:03"),
    said("w", "03-02 17:59", "ann"),  # 1 + 2 + 5 (not 476) + 1 minutes
    said("w", "03-04 09:00"),  # after more than a day: a stretch of its own
    _segment("w", "bea", "03-04 09:00", "03-04 10:00", wrapup_seconds=30),
    said("w", "03-04 09:02", "bea"),  # 2 + 5 (not 58) minutes, and 30 s
)  # fmt: skip


def test_silences_on_a_messenger_count_five_minutes_in_each_stretch(world: Desk) -> None:
    found = world.figure("handle_time", MESSENGER)
    assert (found.n, found.statistics["max"], found.statistics["min"]) == (2, 540, 450)
    assert world.by("agent_handle_time", "agent", MESSENGER) == {"ann": 540, "bea": 450}


DERIVED = story(
    "no segments are recorded",
    talk("chat", "03-02 10:00", ended_at="03-02 10:10"),
    said("chat", "03-02 10:00"),
    said("chat", "03-02 10:01", "ann"),
    said("chat", "03-02 10:04", "bea"),
    talk("timed out", "03-02 10:00", ended_at="03-02 10:30", end_reason="timeout"),
    said("timed out", "03-02 10:00"),
    said("timed out", "03-02 10:01", "ann"),
    said("timed out", "03-02 10:05"),
    talk("call", "03-02 10:00", "phone"),
    record("call", conversation_id="call", ring_at="03-02 10:00", answered_at="03-02 10:01",
           ended_at="03-02 10:06", hold_seconds=30),
    talk("mail", "03-02 10:00", "email", ended_at="03-03 10:00"),
    said("mail", "03-02 10:00"),
    said("mail", "03-02 11:00", "ann"),
)  # fmt: skip


def test_without_segments_messages_and_calls_tell_and_mails_do_not(world: Desk) -> None:
    found = world.figure("handle_time", DERIVED)
    # 9 min; 4 and the capped 2; 5 with the hold
    assert (found.n, found.statistics["max"], found.statistics["min"]) == (3, 540, 300)
    assert dict(found.excluded) == {"no handling is recorded": 1}
    assert world.by("handle_time", "handling_source", DERIVED) == {
        "from messages": 450, "from the call": 300, "unknown": None,
    }  # fmt: skip
    ann = (("agent", "is", ("ann",)), ("channel", "is", ("chat",)))
    assert world.value("agent_handle_time", DERIVED, where=ann) == 270  # 3 and 6 minutes


def _passed(id: str, chat: str, when: str, **fields: object) -> Record:
    return record("transfer", id=id, conversation_id=chat, at=when, **fields)


TRANSFERS = story(
    "what is a transfer",
    *(
        [talk(chat, "03-02 10:00", ended_at="03-02 10:30"), said(chat, "03-02 10:00"),
         _segment(chat, "ann", "03-02 10:01", "03-02 10:30"), said(chat, "03-02 10:02", "ann")]
        for chat in ("twice", "by a bot", "back to the queue", "joined", "before service", "plain")
    ),
    _passed("1", "twice", "03-02 10:05", from_agent="ann", to_agent="bea", transfer_kind="agent"),
    _passed("2", "twice", "03-02 10:10", from_agent="bea", from_team="front", to_team="expert"),
    _passed("3", "by a bot", "03-02 10:00:30", to_agent="ann", transfer_kind="bot_to_human"),
    _passed("4", "back to the queue", "03-02 10:05", from_agent="ann", from_team="front",
            to_team="front"),
    record("participation", id="j", conversation_id="joined", agent_id="bea", role="joined",
           accepted_at="03-02 10:10", left_at="03-02 10:20"),
    _passed("5", "before service", "03-02 10:00:30", from_team="front", to_team="expert"),
)  # fmt: skip


def test_bots_queues_and_joining_are_no_transfers(world: Desk) -> None:
    found = world.figure("transfer_rate", TRANSFERS)
    assert (found.numerator, found.denominator) == (1, 6)
    with_bots = (("transfer.count_bot_handoff", "yes"),)
    assert world.figure("transfer_rate", TRANSFERS, options=with_bots).numerator == 2
    counted = world.figure("transfers", TRANSFERS)
    assert counted.value == 2
    assert dict(counted.excluded) == {
        "handed to a person by a bot": 1,
        "put back into the queue": 1,
        "before anybody had it": 1,
    }
    assert world.value("transfers_per_transferred_chat", TRANSFERS) == 2
    assert world.value("transfers_in_served", TRANSFERS) == 2
    assert world.value("transferred_conversations", TRANSFERS) == 1
    assert world.by("transfers", "to_team", TRANSFERS) == {
        "unknown": 1, "expert": 1, "front": 0,
    }  # fmt: skip


# -- working time on tickets -------------------------------------------------------------------


def _solved(id: str, agent: str, **fields: object) -> list[Record]:
    return [
        ticket(id, "03-02 09:00", **fields),
        status(id, "03-02 12:00", "solved", actor_id=agent),
    ]


def _log(id: str, ticket_id: str, agent: str, seconds: float | None, **fields: object) -> Record:
    spent = {} if seconds is None else {"seconds": seconds}
    return record("worklog", id=id, ticket_id=ticket_id, agent_id=agent, **spent, **fields)


EFFORTS = story(
    "work logged, derived, unknown",
    _solved("logged", "ann"),
    _log("1", "logged", "ann", 600, origin="manual"),
    _log("2", "logged", "bea", None, started_at="03-02 10:00", ended_at="03-02 10:05"),
    _solved("forgotten timer", "ann"),
    _log("3", "forgotten timer", "ann", 7200, origin="timer"),  # counts half an hour
    _solved("a long day by hand", "bea"),
    _log("4", "a long day by hand", "bea", 7200, origin="manual"),
    _solved("a chat and a mail", "bea"),
    talk("c", "03-02 09:00", ticket_id="a chat and a mail", ended_at="03-02 09:10"),
    said("c", "03-02 09:00"),
    _segment("c", "bea", "03-02 09:00", "03-02 09:10"),
    said("c", "03-02 09:01", "bea"),  # ten minutes
    talk("m", "03-02 10:00", "email", ticket_id="a chat and a mail"),
    said("m", "03-02 10:00"),
    said("m", "03-02 10:05", "bea"),  # five minutes
    said("m", "03-02 10:10"),
    said("m", "03-02 11:50", "bea"),  # half an hour at most
    _solved("unknown", "bea"),
    ticket("open", "03-02 09:00"),
    _log("5", "open", "ann", 60, origin="manual"),
    _solved("closed without a solution", "ann", closed_reason="duplicate"),
    _log("6", "closed without a solution", "ann", 60, origin="manual"),
)  # fmt: skip


def test_time_per_ticket_is_everybodys_and_says_where_it_is_derived(world: Desk) -> None:
    # 15, 30, 120 and 45 minutes
    found = world.figure("time_per_ticket", EFFORTS)
    assert (found.value, found.n, found.statistics["median"]) == (3150, 4, 2250)
    assert dict(found.excluded) == {
        "no working time is recorded": 1,
        "closed without a solution": 1,
    }
    by_source = world.by("time_per_ticket", "effort_source", EFFORTS)
    assert by_source == {"recorded": 3300, "derived": 2700, "unknown": None}
    assert world.value("logged_work_share", EFFORTS) == 0.6


@pytest.mark.parametrize(
    ("option", "choice", "n", "seconds"),
    [
        ("timespent.source", "recorded", 3, 3300),
        ("timespent.idle_cap", "none", 4, 4500),
    ],
)
def test_options_of_working_time(
    world: Desk, option: str, choice: str, n: int, seconds: int
) -> None:
    found = world.figure("time_per_ticket", EFFORTS, options=((option, choice),))
    assert (found.value, found.n) == (seconds, n)


def _worked(agent: str, seconds: dict[str, list[float]]) -> list[Record]:
    made = []
    for topic, times in seconds.items():
        for n, spent in enumerate(times):
            id = f"{agent} {topic} {n}"
            made += [*_solved(id, agent, topic_id=topic), _log(id, id, agent, spent)]
    return made


TRAINING = story(
    "who may need training",
    _worked("slow", {"easy": [400] * 5, "hard": [900] * 5}),  # mean 650
    _worked("quick", {"easy": [100] * 6, "hard": [900] * 4}),  # mean 420
    _worked("new", {"easy": [5000] * 9}),  # nine tickets tell nothing
    record("benchmark", id="b", metric_id="time_per_ticket", value=8, unit="minutes",
           origin="target"),
)  # fmt: skip


def test_agents_above_the_benchmark_are_flagged_with_the_topics_that_cause_it(
    world: Desk,
) -> None:
    assert world.value("training_flags", TRAINING) == 1
    assert world.by("training_flags", "agent", TRAINING) == {"slow": 1}
    # the medians: 400 of the twenty easy ones, 900 of the hard ones
    few = {"options": (("training.min_n", "9"),)}
    assert world.by("training_flags", "agent", TRAINING, **few) == {"slow": 1, "new": 1}
    assert world.by("training_excess", "topic", TRAINING, **few) == {
        "easy": 41_400, "hard": 0,
    }  # fmt: skip
    lenient = {"options": (("training.tolerance", "0.5"),)}
    assert world.value("training_flags", TRAINING, **lenient) == 0
