"""Who is offered what, and who is there."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from desk_world import World, current, fresh

pytestmark = pytest.mark.usefixtures("tables")


def test_offered_to_one_and_after_the_time_out_to_the_next() -> None:
    desk = World()
    ada, bob = desk.member("Ada"), desk.member("Bob")
    chat = desk.start("v1")
    assert desk.offer(ada) is not None
    assert desk.offer(bob) is None
    desk.pass_(29, step=1)
    assert desk.offer(bob) is None
    desk.pass_(1)
    assert desk.offer(ada) is None
    assert desk.offer(bob).chat == chat


def test_the_same_chat_comes_again_a_minute_after_it_ran_out() -> None:
    desk = World()
    ada = desk.member("Ada")
    desk.start("v1")
    desk.pass_(30)
    assert desk.offer(ada) is None
    desk.pass_(55)
    assert desk.offer(ada) is None
    desk.pass_(5)
    assert desk.offer(ada) is not None


def test_who_declined_is_not_asked_again() -> None:
    desk = World()
    ada = desk.member("Ada")
    desk.start("v1")
    desk.decline(ada)
    desk.pass_(200, step=10)
    assert desk.offer(ada) is None


def test_two_offers_that_ran_out_set_a_member_away() -> None:
    desk = World()
    ada = desk.member("Ada")
    desk.start("v1")
    desk.pass_(95)
    assert current(ada).status == "available"
    desk.pass_(25)
    assert (current(ada).status, current(ada).chosen) == ("away", "away")
    desk.presence(ada, "available")
    assert current(ada).ignored_count == 0


def test_least_to_do_for_the_limit_comes_first() -> None:
    desk = World()
    ada, bob = desk.member("Ada", limit=2), desk.member("Bob", limit=4)
    for visitor in ("v1", "v2"):
        desk.start(visitor)
    desk.accept(ada)
    desk.accept(bob)
    desk.start("v3")  # Ada has 1 of 2, Bob 1 of 4
    assert desk.offer(bob) is not None


def test_no_more_than_the_limit_at_once_offers_counted() -> None:
    desk = World()
    ada = desk.member("Ada", limit=2)
    for visitor in ("v1", "v2", "v3"):
        desk.start(visitor)
        desk.pass_(1)
        if desk.offer(ada):
            desk.accept(ada)
    assert desk.offer(ada) is None
    assert current(ada).status == "busy"
    chat = current(ada).segments.order_by("pk")[0].chat
    desk.say(ada, chat)
    desk.close(ada, chat)
    desk.pass_(5)
    assert desk.offer(ada) is None  # work after the chat is work
    desk.wrapped(ada, chat)
    assert desk.offer(ada) is not None
    assert current(ada).status == "available"


def test_language_is_spoken_by_who_is_asked() -> None:
    desk = World()
    ada, pari = desk.member("Ada", languages=["en"]), desk.member("Pari", languages=["fa", "en"])
    desk.start("v1", "سلام", language="fa")
    assert desk.offer(pari) is not None
    desk.accept(pari)
    desk.start("v2", "hello", language="en")
    assert desk.offer(ada) is not None
    desk.start("v3", "привет", language="ru")  # nobody speaks it: anybody
    offered = {part.chat.visitor for part in (desk.offer(ada), desk.offer(pari)) if part}
    desk.accept(ada)
    desk.route()
    offered |= {part.chat.visitor for part in (desk.offer(ada), desk.offer(pari)) if part}
    assert offered == {"v2", "v3"}


def test_only_the_team_is_asked() -> None:
    desk = World()
    sales, support = desk.team("Sales"), desk.team("Support")
    ada, bob = desk.member("Ada", teams=[sales]), desk.member("Bob", teams=[support])
    desk.start("v1", team=support.pk)
    assert desk.offer(ada) is None
    assert desk.offer(bob) is not None


def test_a_waiting_chat_may_be_taken_by_any_available_agent() -> None:
    from sanjeh.apps.desk import actions
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    ada, bob = desk.member("Ada"), desk.member("Bob")
    chat = desk.start("v1")
    with pytest.raises(Refused, match="offered to another"):
        actions.accept(desk.now, bob, chat=chat.pk)
    desk.decline(ada)
    desk.decline(bob)
    taken = actions.accept(desk.now, ada, chat=chat.pk)  # thinks better of it
    assert taken.owner == ada
    with pytest.raises(Refused, match="another member has it"):
        actions.accept(desk.now, bob, chat=chat.pk)


def test_an_offer_is_taken_once_and_not_when_it_is_over() -> None:
    from sanjeh.apps.desk import actions
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    ada = desk.member("Ada")
    chat = desk.start("v1")
    part = desk.offer(ada)
    assert actions.accept(desk.now, ada, part.pk) == actions.accept(desk.now, ada, part.pk) == chat
    desk.start("v2")
    late = desk.offer(ada)
    with pytest.raises(Refused, match="it is over"):
        actions.accept(desk.now + dt.timedelta(seconds=31), ada, late.pk)
    with pytest.raises(Refused, match="none of that number"):
        actions.accept(desk.now, ada, 999)


def test_visitors_are_told_their_place() -> None:
    desk = World()
    ada = desk.member("Ada", limit=1)
    for visitor in ("v1", "v2", "v3"):
        desk.start(visitor)
    assert [f.get("position") for f in desk.told("v:v3", "state")][-1] == 3
    desk.accept(ada)
    assert desk.told("v:v3", "state")[-1]["position"] == 2
    assert desk.told("v:v1", "state")[-1] == {
        "type": "state", "chat": fresh(desk_chat("v1")).pk, "state": "talking",
        "agent": {"name": "Ada"},
    }  # fmt: skip


def desk_chat(visitor: str):  # type: ignore[no-untyped-def]
    from sanjeh.apps.desk.models import Chat

    return Chat.objects.get(visitor=visitor)


def test_presence_by_rule_and_by_hand_never_overlaps() -> None:
    desk = World()
    ada = desk.member("Ada", limit=1)
    desk.pass_(10)
    chat = desk.start("v1")
    desk.accept(ada)  # busy at the limit
    desk.pass_(20)
    desk.presence(ada, "break", "lunch")
    desk.pass_(20)
    desk.presence(ada, "available")  # at the limit still
    desk.say(ada, chat)
    desk.pass_(20)
    desk.close(ada, chat)
    desk.wrapped(ada, chat)
    events = [
        (e["at"][11:19], e["status"], e["reason"])
        for e in desk.records("agent_status_event").values()
    ]
    assert events == [
        ("09:00:00", "available", None),
        ("09:00:10", "busy", "at the limit"),
        ("09:00:30", "break", "lunch"),
        ("09:00:50", "busy", "at the limit"),
        ("09:01:10", "available", None),
    ]
    spans = list(ada.presences.order_by("from_at"))
    assert all(a.until_at == b.from_at for a, b in itertools.pairwise(spans))


def test_away_when_idle_and_back_by_doing_something() -> None:
    from sanjeh.apps.desk import rules

    desk = World()
    rules.change(desk.now, idle_away_seconds=60)
    ada = desk.member("Ada")
    desk.pass_(60)
    assert current(ada).status == "available"
    desk.pass_(5)
    assert current(ada).status == "away"
    desk.presence(ada, "available")
    assert current(ada).status == "available"


def test_offline_when_no_connection_is_left_and_the_chat_waits_again() -> None:
    desk = World()
    ada = desk.member("Ada")
    chat = desk.start("v1")
    desk.accept(ada)
    desk.say(ada, chat)
    bob = desk.member("Bob")
    desk.pass_(10)
    desk.disconnect(ada)
    desk.pass_(45)
    assert current(ada).status == "available"
    desk.pass_(5)
    assert current(ada).status == "offline"
    assert fresh(chat).owner == ada
    desk.pass_(120)
    assert fresh(chat).owner is None
    assert desk.accept(bob) == chat
    [given] = desk.records("transfer").values()
    assert (given["from_agent"], given["to_agent"]) == (ada.key, bob.key)


def test_back_soon_is_what_one_was_and_back_late_has_to_choose() -> None:
    desk = World()
    ada = desk.member("Ada")
    desk.pass_(10)
    desk.disconnect(ada)
    desk.pass_(100)
    assert current(ada).status == "offline"
    desk.gone.clear()
    desk.pass_(10)
    assert current(ada).status == "available"
    desk.disconnect(ada)
    desk.pass_(1000, step=15)
    desk.gone.clear()
    desk.pass_(10)
    assert (current(ada).status, current(ada).chosen) == ("offline", "offline")


def test_who_is_dismissed_leaves_nothing_behind() -> None:
    from sanjeh.apps.desk import actions
    from sanjeh.apps.desk.members import dismiss
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    ada = desk.member("Ada")
    chat = desk.start("v1")
    desk.accept(ada)
    desk.say(ada, chat)
    other = desk.start("v2")
    assert desk.offer(ada) is not None
    dismiss(desk.now, current(ada))
    assert {fresh(c).state for c in (chat, other)} == {"waiting"}
    assert desk.records("agent")[ada.key]["active"] is False
    with pytest.raises(Refused, match="no longer"):
        actions.choose_presence(desk.now, ada, "available")


def test_what_rests_too_long_at_a_level_goes_up_by_itself() -> None:
    from sanjeh.apps.desk.surroundings import Level, Surroundings

    matrix = (Level(1, "agent", "", 2.0), Level(2, "lead", "", 3.0), Level(3, "manager", "", None))
    desk = World(given=Surroundings(levels=matrix))
    ada, lea = desk.member("Ada"), desk.member("Lea", status="busy", is_supervisor=True)
    chat = desk.start("v1")
    desk.accept(ada)
    desk.say(ada, chat)
    desk.pass_(120)
    assert fresh(chat).level == 1  # exactly so long is not too long
    desk.pass_(5)
    assert fresh(chat).level == 2
    assert [f["level"] for f in desk.told(f"m:{lea.pk}", "escalation")] == [2]
    desk.pass_(600, step=15)
    assert fresh(chat).level == 3
    made = [(e["initiator"], e["to_level"]) for e in desk.records("escalation").values()]
    assert made == [("auto", "2"), ("auto", "3")]
