"""Conversations from record to figure: what counts, what became of it, who served it."""

from __future__ import annotations

import pytest

from record_homes import MONDAYS, Desk, record, said, story, talk, ticket

pytestmark = pytest.mark.xdist_group("stories")

WORKED = story(
    "three chats, two mails, one call",
    ticket("t", "03-02 09:00"),
    talk("chat 1", "03-02 09:00", ticket_id="t"),
    talk("chat 2", "03-02 09:10"),
    talk("chat 3", "03-02 09:20"),
    talk("mail 1", "03-02 09:30", "email", ticket_id="t"),
    talk("mail 2", "03-02 09:40", "email"),
    talk("call", "03-02 09:50", "phone"),
)


def test_a_ticket_on_two_channels_is_one_request_and_two_conversations(world: Desk) -> None:
    assert world.value("conversations", WORKED) == 6
    assert world.value("requests", WORKED) == 5
    assert world.by("conversations", "channel", WORKED) == {"chat": 3, "email": 2, "phone": 1}


UNKNOWN_TICKET = story(
    "a ticket that no record tells of",
    talk("chat", "03-02 09:00", ticket_id="elsewhere"),
    talk("mail", "03-02 10:00", "email", ticket_id="elsewhere"),
    talk("lone", "03-02 11:00"),
)


def test_conversations_of_a_ticket_nobody_exported_are_one_request(world: Desk) -> None:
    assert world.value("conversations", UNKNOWN_TICKET) == 3
    assert world.value("requests", UNKNOWN_TICKET) == 2


# -- what became of a chat -------------------------------------------------------------------

OUTCOMES = story(
    "outcomes",
    talk("served", "03-02 09:00", requested_at="03-02 09:00", ended_at="03-02 09:30"),
    said("served", "03-02 09:00:05"),
    said("served", "03-02 09:01", "ann"),
    talk("served on the stroke of its end", "03-02 09:00", ended_at="03-02 09:30"),
    said("served on the stroke of its end", "03-02 09:00"),
    said("served on the stroke of its end", "03-02 09:30", "ann"),
    talk("missed", "03-02 10:00", ended_at="03-02 10:05", end_reason="customer_left"),
    said("missed", "03-02 10:00"),
    talk("answered late", "03-02 10:00", ended_at="03-02 10:05"),
    said("answered late", "03-02 10:00"),
    said("answered late", "03-02 10:06", "ann"),
    talk("answered in private", "03-02 10:00", ended_at="03-02 10:05"),
    said("answered in private", "03-02 10:00"),
    said("answered in private", "03-02 10:01", "ann", visibility="internal"),
    said("answered in private", "03-02 10:02", "ann", is_auto=True),
    talk("waiting", "03-02 10:00"),
    said("waiting", "03-02 10:00"),
    talk("bot", "03-02 11:00", ended_at="03-02 11:10"),
    said("bot", "03-02 11:00"),
    said("bot", "03-02 11:00:01", "bot"),
    talk("bot, then asked for a person", "03-02 11:00", ended_at="03-02 11:10",
         human_requested_at="03-02 11:05"),
    said("bot, then asked for a person", "03-02 11:00"),
    said("bot, then asked for a person", "03-02 11:00:01", "bot"),
    talk("offline", "03-02 23:00", offline=True),
    said("offline", "03-02 23:00"),
    talk("empty", "03-02 12:00", ended_at="03-02 12:01"),
    talk("invitation", "03-02 12:00", initiation="trigger", ended_at="03-02 12:01"),
    talk("invitation by an agent", "03-02 12:00", initiation="agent", ended_at="03-02 12:01"),
    said("invitation by an agent", "03-02 12:00", "ann"),
    talk("spam", "03-02 12:00", is_spam=True),
    said("spam", "03-02 12:00"),
    talk("mail", "03-02 12:00", "email"),
    said("mail", "03-02 12:00"),
)  # fmt: skip


def test_chats_are_served_missed_or_waiting_and_the_rest_stands_beside(world: Desk) -> None:
    # two served, four missed (left, late, in private, handed on by the bot), one waits
    found = world.figure("chats", OUTCOMES)
    assert found.value == 7
    assert found.excluded["bot only"] == 1
    assert found.excluded["left while closed"] == 1
    assert found.excluded["spam"] == 1
    assert world.value("chats_missed", OUTCOMES) == 4
    assert world.value("chats_pending", OUTCOMES) == 1
    assert world.value("chats_bot_only", OUTCOMES) == 1
    assert world.value("chats_offline", OUTCOMES) == 1
    assert world.value("chats_served", OUTCOMES) == 2


def test_invitation_that_nobody_took_is_no_chat_even_if_an_agent_wrote_it(world: Desk) -> None:
    outcomes = world.by("conversations_raw", "outcome", OUTCOMES)
    assert outcomes["invitation not taken"] == 2
    assert outcomes["empty"] == 1


def test_noise_is_a_share_of_all_and_empty_chats_are_noise(world: Desk) -> None:
    # 13 valid conversations, one of them empty
    found = world.figure("noise", OUTCOMES)
    assert (found.numerator, found.denominator) == (1, 13)
    assert world.value("conversations_raw", OUTCOMES) == 13
    # neither the empty one nor the two that we began
    assert world.value("conversations", OUTCOMES) == 10


CALLS = story(
    "calls",
    talk("answered", "03-02 09:00", "phone"),
    record("call", conversation_id="answered", ring_at="03-02 09:00", answered_at="03-02 09:00:20",
           ended_at="03-02 09:10"),
    talk("abandoned", "03-02 09:00", "phone"),
    record("call", conversation_id="abandoned", ring_at="03-02 09:00", ended_at="03-02 09:01"),
    talk("another", "03-02 09:00", "chat"),
    said("another", "03-02 09:00"),
)  # fmt: skip


def test_call_is_served_when_it_was_answered(world: Desk) -> None:
    phone = (("channel", "is", ("phone",)),)
    outcomes = world.by("conversations", "outcome", CALLS, where=phone)
    assert outcomes == {"served": 1, "missed": 1}


# -- endless threads -------------------------------------------------------------------------

THREAD = story(
    "months on a messenger",
    talk("w", "01-05 10:00", "WhatsApp"),
    said("w", "01-05 10:00"),
    said("w", "01-05 10:30", "ann"),
    said("w", "01-06 10:30"),  # 24 hours of silence are no gap
    said("w", "01-07 10:30:01"),  # a second more is: counted
    said("w", "03-01 08:00"),  # counted
    said("w", "03-01 08:05", "ann"),
    said("w", "03-20 08:00", body="مرسی"),  # cut, and noise
    talk("mail", "01-05 10:00", "email"),
    said("mail", "01-05 10:00"),
    said("mail", "03-05 10:00"),  # mail is never cut
)


def test_thread_on_a_messenger_is_cut_after_a_day_of_silence(world: Desk) -> None:
    year = {"start": "2026-01-01", "end": "2026-06-01"}
    assert world.by("conversations", "channel", THREAD, **year) == {"WhatsApp": 3, "email": 1}
    assert world.value("conversations", THREAD, start="2026-01-01", end="2026-02-01") == 3
    march = world.figure("conversations", THREAD)
    assert march.value == 1
    assert march.excluded == {"thanks only": 1}
    assert world.value("requests", THREAD, **year) == 4


LATE = story(
    "answered after the gap",
    talk("w", "03-02 09:00", "telegram"),
    said("w", "03-02 09:00"),  # counted
    said("w", "03-03 10:00", "ann"),  # a late answer stays with its question
    said("w", "03-03 11:00"),
    said("w", "03-05 10:00"),  # counted
)


def test_late_answer_stays_with_the_question_it_answers(world: Desk) -> None:
    assert world.value("conversations", LATE) == 2
    assert world.by("conversations", "outcome", LATE) == {"served": 1, "pending": 1}


OWN_GAP = story(
    "a gap of one's own",
    record("channel", code="Bale Desk", idle_gap=3600),
    talk("b", "03-02 10:00", "bale desk"),
    said("b", "03-02 10:00"),
    said("b", "03-02 11:00"),
    said("b", "03-02 12:00:01"),  # counted
)


def test_channel_declares_its_own_idle_gap(world: Desk) -> None:
    assert world.value("conversations", OWN_GAP) == 2


SPELT = story(
    "channels as they are written",
    talk("1", "03-02 09:00", "تلگرام"),
    talk("2", "03-02 09:00", "تلگرام "),
    talk("3", "03-02 09:00", "پيامك"),
    talk("4", "03-02 09:00", "پیامک"),
    talk("5", "03-02 09:00", "وب‌سایت"),
    talk("6", "03-02 09:00", "وب سایت"),
    talk("7", "03-02 09:00", "EMAIL"),
    talk("8", "03-02 09:00", "Email"),
    talk("9", "03-02 09:00", "Счёт"),
    talk("10", "03-02 09:00", "счет"),
)


def test_channels_are_compared_after_normalisation(world: Desk) -> None:
    assert sorted(world.by("conversations", "channel", SPELT).values()) == [2, 2, 2, 2, 2]
    for spelling in ("تلگرام", "پيامک", "وبسایت", "e‌mail", "СЧЁТ"):
        where = (("channel", "is", (spelling,)),)
        assert world.value("conversations", SPELT, where=where) == 2, spelling


# -- noise -----------------------------------------------------------------------------------


def _mail(id: str, *bodies: str, **fields: object) -> list[object]:
    return [
        talk(id, "03-02 09:00", "email", **fields),
        [said(id, f"03-02 09:0{n}", body=body) for n, body in enumerate(bodies)],
    ]


NOISE = story(
    "noise",
    _mail("asks", "Where is my order?"),  # counted
    _mail("thanks", "Thanks a lot!"),
    _mail("thanks in persian", "ممنون", "خیلی متشکرم"),
    _mail("thanks in russian", "большое спасибо"),
    _mail("thanks, then asks", "thanks", "and the second parcel?"),  # counted
    _mail("out of office", "I am out of the office until Monday"),
    _mail("out of office in persian", "من در مرخصی هستم"),
    _mail("out of office in russian", "Автоматический ответ: нахожусь в отпуске"),
    _mail("bounce", "Mail delivery failed: returning message to sender"),
    _mail("newsletter", "To unsubscribe from this list click here"),
    _mail("said to be noise", "Where is it?", needs_reply=False, noise_reason="duplicate"),
    _mail("taken back", "Thanks", needs_reply=True),  # counted
)


def test_noise_by_rule_and_by_hand_is_left_out_and_listed(world: Desk) -> None:
    found = world.figure("conversations", NOISE)
    assert found.value == 3
    assert found.excluded == {
        "thanks only": 3, "automatic reply": 3, "bounce": 1, "newsletter": 1, "duplicate": 1,
    }  # fmt: skip
    assert world.value("conversations_raw", NOISE) == 12
    assert world.value("noise", NOISE) == 0.75
    assert world.value("conversations", NOISE, options={"noise": "include"}) == 12
    assert world.by("conversations_raw", "noise", NOISE)["thanks only"] == 3


# -- agents ----------------------------------------------------------------------------------

THREE = story(
    "three agents in one chat",
    talk("shared", "03-02 09:00", ended_at="03-02 09:30"),
    said("shared", "03-02 09:00"),
    said("shared", "03-02 09:01", "ann"),
    said("shared", "03-02 09:05", "bea"),
    said("shared", "03-02 09:06", "bea"),
    said("shared", "03-02 09:10", "cem"),
    talk("own", "03-02 10:00", ended_at="03-02 10:30"),
    said("own", "03-02 10:00"),
    said("own", "03-02 10:01", "ann"),
    talk("mail", "03-02 10:00", "email"),
    said("mail", "03-02 10:00"),
    said("mail", "03-02 10:01", "dan"),
    [record("agent_status_event", agent_id=a, at="03-02 08:00", status="available") for a in "xyz"],
    record("agent_status_event", agent_id="x", at="03-02 17:00", status="offline"),
    record("agent_status_event", agent_id="w", at="03-02 08:00", status="offline"),
    record("agent_status_event", agent_id="y", at="03-04 00:00", status="offline"),
)


def test_chat_of_three_agents_stands_in_each_row_and_once_in_the_total(world: Desk) -> None:
    answer = world.answer("chats_by_agent", of=THREE, by=("agent",))
    assert {r.group["agent"]["label"]: r.value for r in answer.results} == {
        "ann": 2, "bea": 1, "cem": 1,
    }  # fmt: skip
    assert answer.totals[0].value == 2
    assert any("several groups" in warning for warning in answer.warnings)
    assert world.value("chat_agents_serving", THREE) == 3


def test_agents_on_duty_at_any_moment_of_the_period(world: Desk) -> None:
    assert world.value("agents_on_duty", THREE) == 3
    third = {"start": "2026-03-03", "end": "2026-03-04"}
    assert world.value("agents_on_duty", THREE, **third) == 2
    fourth = {"start": "2026-03-04", "end": "2026-03-05"}
    assert world.value("agents_on_duty", THREE, **fourth) == 1
    assert world.value("agents_on_duty", THREE, start="2026-03-01", end="2026-03-02") == 0


def test_chats_per_agent_divides_by_those_on_duty_or_on_request_by_those_who_served(
    world: Desk,
) -> None:
    found = world.figure("chats_per_agent", THREE)
    assert (found.numerator, found.denominator) == (2, 3)
    served = world.answer("chats_per_agent", of=THREE, options={"agents.base": "served"})
    assert served.results[0].denominator == 3
    assert any("divided by the agents who served" in warning for warning in served.warnings)


@pytest.mark.parametrize(("grain", "labels"), [("day", 4), ("week", 2)])
def test_agents_on_duty_can_be_asked_as_a_series(world: Desk, grain: str, labels: int) -> None:
    found = world.series("agents_on_duty", grain, THREE, start="2026-03-01", end="2026-03-05")
    assert len(found) == labels
    if grain == "day":
        assert list(found.values()) == [0, 3, 2, 1]


CHAT_WEEKS = story(
    "chats by week",
    [talk(f"{week} {n}", f"{day} 12:00")
     for week, day in enumerate(MONDAYS)
     for n in range(9 - week)],
)  # fmt: skip


def test_trend_of_chats_falls_by_one_a_week(world: Desk) -> None:
    assert world.value("chats_trend", CHAT_WEEKS, start="2026-03-02", end="2026-04-27") == -1


# -- satisfaction ----------------------------------------------------------------------------


def rated(id: str, survey: str, conversation: str, score: int, when: str) -> dict[str, object]:
    return record(
        "survey_response", id=id, survey_id=survey, conversation_id=conversation, score=score,
        submitted_at=when,
    )  # fmt: skip


RATED = story(
    "rated",
    record("survey", id="stars", scale_min=1, scale_max=5),
    record("survey", id="thumb", scale_min=0, scale_max=1),
    record("survey", id="strict", scale_min=1, scale_max=5, satisfied=[5]),
    [talk(c, "03-02 09:00", ended_at="03-02 09:30", customer_id="cora") for c in "abcdefg"],
    [said(c, "03-02 09:00") for c in "abcdefg"],
    rated("1", "stars", "a", 5, "03-02 10:00"),
    rated("2", "stars", "b", 4, "03-02 10:00"),
    rated("3", "stars", "c", 3, "03-02 10:00"),
    # the last answer of a conversation counts
    rated("4", "stars", "d", 5, "03-02 10:00"),
    rated("5", "stars", "d", 1, "03-02 11:00"),
    rated("6", "thumb", "e", 1, "03-02 10:00"),
    rated("7", "stars", "f", 9, "03-02 10:00"),
    talk("mail", "03-02 09:00", "email"),
    rated("8", "stars", "mail", 1, "03-02 10:00"),
)  # fmt: skip


def test_chat_satisfaction_is_of_the_last_answer_of_rated_chats(world: Desk) -> None:
    found = world.figure("chat_satisfaction", RATED)
    assert (found.value, found.numerator, found.denominator) == (0.6, 3, 5)
    assert found.excluded == {"score outside the scale": 1}
    # Wilson's interval of 3 in 5, as published tables have it
    assert found.interval is not None
    assert [round(bound, 4) for bound in found.interval] == [0.2307, 0.8824]


STRICT = story(
    "a survey with its own satisfied set",
    record("survey", id="strict", scale_min=1, scale_max=5, satisfied=[5]),
    [talk(c, "03-02 09:00") for c in "ab"],
    [said(c, "03-02 09:00") for c in "ab"],
    rated("1", "strict", "a", 5, "03-02 10:00"),
    rated("2", "strict", "b", 4, "03-02 10:00"),
)  # fmt: skip


def test_survey_declares_which_scores_are_satisfied(world: Desk) -> None:
    assert world.value("chat_satisfaction", STRICT) == 0.5


TEAMS = story(
    "whose conversation",
    record("team", id="north", name="North desk"),
    talk("by department", "03-02 09:00", department_id="south"),
    talk("by team", "03-02 09:00", team_id="north"),
)


def test_conversation_belongs_to_its_team_or_department(world: Desk) -> None:
    assert world.by("conversations", "team", TEAMS) == {"south": 1, "North desk": 1}
    assert world.value("conversations", TEAMS, where=(("team", "is", ("north desk",)),)) == 1


NOBODY_SPEAKS = story(
    "a source without messages",
    talk("a", "03-02 09:00", ended_at="03-02 09:10"),
    talk("b", "03-02 09:00"),
)


def test_where_messages_are_not_recorded_no_chat_is_empty_or_missed(world: Desk) -> None:
    assert world.value("chats", NOBODY_SPEAKS) == 2
    assert world.value("chats_missed", NOBODY_SPEAKS) == 0
    assert world.by("conversations", "outcome", NOBODY_SPEAKS) == {"unknown": 2}
