"""Why nobody answered: one reason each, from what the tables know when the chat ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from desk_world import World, fresh

from sanjeh.hours import schedules_from_records

pytestmark = pytest.mark.usefixtures("tables")


def reason(desk: World, chat: Any) -> tuple[str, str]:
    """Why it was missed and how it ended, as handed over."""
    told = desk.records("conversation")[chat.key]
    return told["missed_reason"], told["end_reason"]


def test_nobody_was_there_at_any_time_of_the_wait() -> None:
    desk = World()
    desk.member("Ada", status="break")
    chat = desk.start("v1")
    desk.pass_(30)
    desk.end(chat)
    assert reason(desk, chat) == ("no_agent_online", "customer_left")


def test_who_comes_during_the_wait_was_there() -> None:
    desk = World()
    ada = desk.member("Ada", status="break")
    chat = desk.start("v1")
    desk.pass_(30)
    desk.presence(ada, "busy")
    desk.pass_(5)
    desk.end(chat)
    assert reason(desk, chat)[0] == "all_agents_busy"


def test_somebody_of_another_team_is_not_there_for_this_one() -> None:
    desk = World()
    sales, support = desk.team("Sales"), desk.team("Support")
    desk.member("Ada", teams=[sales])
    desk.member("Bob", teams=[support], status="away")
    chat = desk.start("v1", team=support.pk)
    desk.pass_(20)
    desk.end(chat)
    assert reason(desk, chat)[0] == "no_agent_online"


def test_all_were_at_their_limit() -> None:
    desk = World()
    ada = desk.member("Ada", limit=1)
    desk.start("v1")
    desk.accept(ada)
    desk.pass_(1)
    chat = desk.start("v2")
    desk.pass_(40)
    desk.end(chat)
    assert reason(desk, chat)[0] == "all_agents_busy"


def test_an_offer_ran_out() -> None:
    desk = World()
    desk.member("Ada")
    chat = desk.start("v1")
    desk.pass_(31)
    desk.end(chat)
    assert reason(desk, chat)[0] == "offered_not_accepted"
    [part] = desk.records("participation").values()
    assert (part["end_reason"], part["accepted_at"]) == ("timeout", None)
    assert part["left_at"] == "2026-03-02T09:00:30+00:00"


def test_all_declined() -> None:
    desk = World()
    ada, bob = desk.member("Ada"), desk.member("Bob")
    chat = desk.start("v1")
    desk.decline(ada)
    desk.pass_(3)
    desk.decline(bob)
    desk.pass_(20)
    desk.end(chat)
    assert reason(desk, chat)[0] == "declined"


def test_one_declined_and_the_other_still_had_time() -> None:
    desk = World()
    ada, bob = desk.member("Ada"), desk.member("Bob")
    chat = desk.start("v1")
    desk.decline(ada)
    assert desk.offer(bob) is not None
    desk.pass_(3)
    desk.end(chat)
    assert reason(desk, chat)[0] == "customer_left_early"
    assert desk.told(f"m:{bob.pk}", "withdrawn") != []


def test_the_visitor_left_while_an_offer_stood() -> None:
    desk = World()
    desk.member("Ada")
    chat = desk.start("v1")
    desk.pass_(4)
    desk.end(chat)
    assert reason(desk, chat)[0] == "customer_left_early"


def test_given_over_and_never_taken() -> None:
    desk = World()
    ada, bob = desk.member("Ada"), desk.member("Bob", status="busy")
    chat = desk.start("v1")
    desk.accept(ada)
    desk.do("transfer", ada, chat.pk, to_member=bob.pk)
    desk.pass_(15)
    desk.end(chat)
    assert reason(desk, chat)[0] == "handoff_lost"


def test_taken_and_kept_in_silence_is_not_accepted() -> None:
    desk = World()
    ada = desk.member("Ada")
    chat = desk.start("v1")
    desk.accept(ada)
    desk.pass_(90)
    desk.end(chat)
    assert reason(desk, chat)[0] == "offered_not_accepted"


def test_the_line_failed() -> None:
    from sanjeh.apps.desk import actions

    desk = World()
    chat = desk.start("v1")
    desk.pass_(8)
    actions.fail(desk.now, chat.pk, "the connection cannot be kept")
    assert reason(desk, chat) == ("technical", "system")


def test_the_desk_was_down_and_the_visitor_did_not_come_back() -> None:
    desk = World()
    chat = desk.start("v1")
    desk.pass_(10)
    desk.gone.add("v1")
    desk.now += dt.timedelta(seconds=300)  # nobody routes: the server is down
    desk.route()
    assert fresh(chat).state == "waiting"  # time to come back is counted from here
    desk.pass_(55)
    assert fresh(chat).state == "waiting"
    desk.pass_(10)
    assert reason(desk, chat) == ("technical", "system")


def test_who_comes_back_after_the_desk_was_down_goes_on() -> None:
    desk = World()
    ada = desk.member("Ada")
    chat = desk.start("v1")
    desk.accept(ada)
    desk.say(ada, chat)
    desk.pass_(10)
    waiting = desk.start("v2")
    assert desk.offer(ada) is not None
    desk.now += dt.timedelta(seconds=6000)  # longer than any patience
    desk.route()
    assert desk.offer(ada) is not None  # she could not take it meanwhile
    assert fresh(waiting).state == "waiting"
    assert fresh(chat).state == "talking"
    assert fresh(chat).owner == ada
    desk.pass_(60)
    desk.visitor(chat)
    assert fresh(chat).state == "talking"


def test_closed_is_told_apart_and_nobody_is_asked() -> None:
    from sanjeh.apps.desk import rules, surroundings
    from sanjeh.apps.desk.models import Followup

    hours = [
        {"id": "desk/day", "tz": "UTC", "weekly": '[{"dow":"mon","from":"08:00","to":"17:00"}]'}
    ]
    given = surroundings.Surroundings(schedules=schedules_from_records(hours, []))
    desk = World(dt.datetime(2026, 3, 2, 17, 0, tzinfo=dt.UTC), given)  # the closing is closed
    rules.change(desk.now, calendar="desk/day")
    ada = desk.member("Ada")
    chat = desk.start("v1", answers={"email": "v1@shop.example"})
    assert reason(desk, chat) == ("outside_hours", "system")
    assert desk.records("conversation")[chat.key]["offline"] is True
    assert desk.offer(ada) is None
    promised = Followup.objects.get(chat=chat)
    assert promised.due_at == dt.datetime(2026, 3, 9, 12, 0, tzinfo=dt.UTC)
    before = World(dt.datetime(2026, 3, 2, 16, 59, 59, tzinfo=dt.UTC), given)
    assert before.start("v2").is_offline is False


def test_a_person_may_put_the_reason_right() -> None:
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    ada = desk.member("Ada")
    chat = desk.start("v1")
    desk.pass_(4)
    desk.end(chat)
    desk.do("missed_reason", ada, chat.pk, "technical")
    assert reason(desk, chat)[0] == "technical"
    with pytest.raises(Refused, match="missed_reason: one of"):
        desk.do("missed_reason", ada, chat.pk, "weather")


def test_a_visitor_without_a_connection_has_left_when_last_heard_of() -> None:
    desk = World()
    desk.member("Ada", status="busy")
    chat = desk.start("v1")
    desk.pass_(20)
    desk.vanish("v1")
    desk.pass_(60)
    assert fresh(chat).state == "waiting"
    desk.pass_(1)
    chat = fresh(chat)
    assert (chat.state, chat.end_reason) == ("closed", "customer_left")
    assert chat.ended_at == dt.datetime(2026, 3, 2, 9, 0, 20, tzinfo=dt.UTC)


def test_a_reload_within_the_grace_changes_nothing() -> None:
    desk = World()
    chat = desk.start("v1")
    desk.pass_(20)
    desk.vanish("v1")
    desk.pass_(50)
    desk.gone.clear()
    desk.pass_(120)
    assert fresh(chat).state == "waiting"


def test_patience_ends() -> None:
    from sanjeh.apps.desk import rules

    desk = World()
    rules.change(desk.now, patience_seconds=90)
    chat = desk.start("v1")
    desk.pass_(90)
    assert fresh(chat).state == "waiting"
    desk.pass_(1)
    assert reason(desk, chat) == ("no_agent_online", "timeout")
