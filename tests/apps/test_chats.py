"""A chat from its start to its end: who is told, what is handed over, what is refused."""

from __future__ import annotations

import pytest
from desk_world import World, fresh

pytestmark = pytest.mark.usefixtures("tables")


def test_a_chat_is_offered_taken_answered_closed_and_wrapped_up() -> None:
    desk = World()
    ada = desk.member("Ada")
    chat = desk.start("v1", "where is my parcel?")
    assert (chat.state, chat.owner) == ("waiting", None)
    desk.pass_(5)
    chat = desk.accept(ada)
    assert (chat.state, chat.owner) == ("talking", ada)
    desk.pass_(7)
    desk.say(ada, chat, "on its way")
    desk.pass_(48)
    chat = desk.close(ada, chat, "resolved")
    assert (chat.state, chat.outcome, chat.missed_reason) == ("wrapping", "resolved", "")
    desk.pass_(30)
    desk.wrapped(ada, chat)
    assert fresh(chat).state == "closed"

    conversation = desk.records("conversation")[chat.key]
    assert conversation["requested_at"] == "2026-03-02T09:00:00+00:00"
    assert conversation["ended_at"] == "2026-03-02T09:01:00+00:00"
    assert (conversation["end_reason"], conversation["outcome"]) == ("agent", "resolved")
    [part] = desk.records("participation").values()
    assert part["offered_at"] == "2026-03-02T09:00:00+00:00"
    assert part["accepted_at"] == "2026-03-02T09:00:05+00:00"
    assert (part["left_at"], part["wrapup_seconds"]) == ("2026-03-02T09:01:00+00:00", 30.0)
    said = [(m["author_type"], m["body"]) for m in desk.records("message").values()]
    assert said == [("customer", "where is my parcel?"), ("agent", "on its way")]


def test_the_same_nonce_again_is_the_same_line() -> None:
    from sanjeh.apps.desk import actions
    from sanjeh.apps.desk.models import Chat, Entry

    desk = World()
    ada = desk.member("Ada")
    begin = actions.Start(visitor="v1", nonce="a", body="hello")
    first = actions.start(desk.now, begin)
    assert actions.start(desk.now, begin) == first
    desk.route()
    chat = desk.accept(ada)
    one = actions.visitor_say(desk.now, "v1", "b", "still there?")
    assert actions.visitor_say(desk.now, "v1", "b", "still there?") == one
    mine = actions.say(desk.now, ada, chat.pk, "b", "yes")  # the agent's own nonce
    assert actions.say(desk.now, ada, chat.pk, "b", "yes") == mine
    desk.end(chat)
    assert actions.visitor_say(desk.now, "v1", "b", "still there?") == one  # sent again, late
    assert Chat.objects.count() == 1
    said = Entry.objects.filter(kind="message").order_by("number")
    assert list(said.values_list("body", flat=True)) == ["hello", "still there?", "yes"]


def test_another_start_while_a_chat_runs_goes_into_it() -> None:
    desk = World()
    chat = desk.start("v1", "hello")
    assert desk.start("v1", "from another tab") == chat
    assert [e["body"] for e in desk.told("v:v1", "entry")] == ["hello", "from another tab"]


def test_numbers_have_no_gaps_for_either_reader() -> None:
    from sanjeh.apps.desk import telling

    desk = World()
    ada = desk.member("Ada")
    chat = desk.start("v1", "hello")
    desk.accept(ada)
    desk.do("note", ada, chat.pk, "n", "careful with this one")
    desk.say(ada, chat, "yes?")
    desk.do("tag", ada, chat.pk, add=["desk/refund"])
    desk.visitor(chat, "my money back")
    members, visitor = telling.entries(fresh(chat)), telling.visitor_entries(fresh(chat))
    assert [e["number"] for e in members] == [1, 2, 3, 4, 5, 6, 7]
    assert [(e["number"], e["body"]) for e in visitor] == [
        (1, "hello"), (2, ""), (3, "yes?"), (4, "my money back"),
    ]  # fmt: skip
    assert [e["number"] for e in telling.visitor_entries(fresh(chat), 2)] == [3, 4]
    told = str(desk.told("v:v1"))
    assert "careful" not in told
    assert "refund" not in told


def test_colleagues_of_another_team_see_nothing_of_a_chat() -> None:
    from sanjeh.apps.desk import telling
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    sales, support = desk.team("Sales"), desk.team("Support")
    ada, eve = desk.member("Ada", teams=[sales]), desk.member("Eve", teams=[support])
    chat = desk.start("v1", "my card is 1234", team=sales.pk)
    desk.accept(ada)
    desk.say(ada, chat)
    before = len(desk.told(f"m:{eve.pk}", "entry"))
    for name, given in (
        ("say", (chat.pk, "x", "hello")), ("note", (chat.pk, "x", "hello")),
        ("join", (chat.pk,)), ("close", (chat.pk, "resolved")),
        ("tag", (chat.pk,)), ("escalate", (chat.pk, "why")),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            desk.do(name, eve, *given)
        assert refused.value.code == "unknown"
    assert len(desk.told(f"m:{eve.pk}", "entry")) == before == 0
    assert list(telling.seen_by(eve)) == []
    assert "1234" not in str(desk.told(f"m:{eve.pk}"))


def test_a_helper_joins_and_leaves_and_the_owner_stays() -> None:
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    ada, bob = desk.member("Ada"), desk.member("Bob", status="busy")
    chat = desk.start("v1")
    desk.accept(ada)
    desk.pass_(10)
    desk.do("join", bob, chat.pk)
    desk.say(bob, chat, "I know this one")
    desk.pass_(20)
    with pytest.raises(Refused, match="transfer or close it"):
        desk.do("leave", ada, chat.pk)
    desk.do("leave", bob, chat.pk)
    with pytest.raises(Refused, match="no part in it"):
        desk.say(bob, chat, "one more thing")
    assert fresh(chat).owner == ada
    helper = next(p for p in desk.records("participation").values() if p["role"] == "joined")
    assert helper["accepted_at"] == "2026-03-02T09:00:10+00:00"
    assert (helper["left_at"], helper["end_reason"]) == ("2026-03-02T09:00:30+00:00", "ended")
    assert desk.records("transfer") == {}


def test_given_over_to_a_member_who_takes_it() -> None:
    desk = World()
    ada, bob = desk.member("Ada"), desk.member("Bob", status="busy")
    chat = desk.start("v1")
    desk.accept(ada)
    desk.say(ada, chat)
    desk.pass_(60)
    desk.do("transfer", ada, chat.pk, to_member=bob.pk, reason="knows the parcel")
    assert fresh(chat).state == "waiting"
    assert desk.told("v:v1", "state")[-1]["state"] == "waiting"
    desk.pass_(5)
    chat = desk.accept(bob)  # offered to a busy member, since it was meant for them
    assert chat.owner == bob
    [given] = desk.records("transfer").values()
    assert (given["kind"], given["from_agent"], given["to_agent"]) == ("agent", ada.key, bob.key)
    first, second = desk.records("participation").values()
    assert (first["end_reason"], first["left_at"]) == ("transferred", "2026-03-02T09:01:00+00:00")
    assert second["accepted_at"] == "2026-03-02T09:01:05+00:00"


def test_given_over_to_a_team_and_declined_goes_to_the_next_of_the_team() -> None:
    desk = World()
    sales, support = desk.team("Sales"), desk.team("Support")
    ada = desk.member("Ada", teams=[support])
    bob, cem = desk.member("Bob", teams=[sales]), desk.member("Cem", teams=[sales])
    chat = desk.start("v1", team=support.pk)
    desk.accept(ada)
    desk.say(ada, chat)
    desk.do("transfer", ada, chat.pk, to_team=sales.pk)
    desk.decline(bob)
    chat = desk.accept(cem)
    assert (chat.owner, chat.team) == (cem, sales)
    [given] = desk.records("transfer").values()
    assert (given["kind"], given["to_agent"]) == ("department", cem.key)
    assert (given["from_team"], given["to_team"]) == (support.key, sales.key)


def test_what_cannot_be_given_over_is_refused() -> None:
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    empty = desk.team("Empty")
    ada, bob = desk.member("Ada"), desk.member("Bob", status="break")
    chat = desk.start("v1")
    desk.accept(ada)
    refused = {
        "the member is not there": {"to_member": bob.pk},
        "nobody of the team is there": {"to_team": empty.pk},
        "no such member": {"to_member": ada.pk},
        "no such team": {"to_team": 999},
        "a member or a team": {},
    }
    for why, given in refused.items():
        with pytest.raises(Refused, match=why):
            desk.do("transfer", ada, chat.pk, **given)
    with pytest.raises(Refused, match="no part in it"):
        desk.do("transfer", bob, chat.pk, to_member=ada.pk)
    assert fresh(chat).owner == ada


def test_a_supervisor_listens_in_and_takes_over() -> None:
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    ada, sue = desk.member("Ada"), desk.member("Sue", status="busy", is_supervisor=True)
    chat = desk.start("v1", "hello")
    desk.accept(ada)
    with pytest.raises(Refused, match="only supervisors"):
        desk.do("watch", ada, chat.pk)
    desk.do("watch", sue, chat.pk)
    desk.say(ada, chat, "what is it now")
    assert [e["body"] for e in desk.told(f"m:{sue.pk}", "entry")] == ["what is it now"]
    assert [p["agent_id"] for p in desk.records("participation").values()] == [ada.key]
    desk.do("take", sue, chat.pk)
    assert fresh(chat).owner == sue
    [given] = desk.records("transfer").values()
    assert (given["from_agent"], given["to_agent"]) == (ada.key, sue.key)
    with pytest.raises(Refused):
        desk.say(ada, chat, "but")


def test_escalated_by_agent_and_by_customer() -> None:
    from sanjeh.apps.desk import actions
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    ada, sue = desk.member("Ada"), desk.member("Sue", is_supervisor=True, status="busy")
    chat = desk.start("v1")
    desk.accept(ada)
    desk.do("escalate", ada, chat.pk, "a refund above my limit")
    [made] = desk.records("escalation").values()
    assert (made["initiator"], made["from_level"], made["to_level"]) == ("agent", "1", "2")
    assert desk.told(f"m:{sue.pk}", "escalation")[0]["reason"] == "a refund above my limit"
    with pytest.raises(Refused, match="2 is the highest"):
        desk.do("escalate", ada, chat.pk, "again")
    other = desk.start("v2")
    desk.accept(ada)
    actions.ask_for_above(desk.now, "v2", "this is useless")
    made = list(desk.records("escalation").values())[-1]
    assert (made["initiator"], made["conversation_id"]) == ("customer", other.key)


def test_tags_topic_and_followups_are_records() -> None:
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    ada = desk.member("Ada")
    chat = desk.start("v1")
    desk.accept(ada)
    desk.do("tag", ada, chat.pk, add=["desk/refund", "desk/urgent"])
    desk.do("tag", ada, chat.pk, add=["desk/refund"], remove=["desk/urgent"])
    desk.do("topic", ada, chat.pk, "desk/billing")
    events = [(e["op"], e["tag_id"]) for e in desk.records("tag_event").values()]
    assert events == [("add", "refund"), ("add", "urgent"), ("remove", "urgent")]
    assert desk.records("conversation")[chat.key]["topic_id"] == "billing"
    with pytest.raises(Refused, match="no tag 'desk/unheard'"):
        desk.do("tag", ada, chat.pk, add=["desk/unheard"])
    made = desk.do("followup", ada, chat.pk, "call", desk.now, "ring at noon")
    desk.pass_(30)
    desk.do("followup_done", ada, made.pk)
    [promised] = desk.records("followup").values()
    assert (promised["status"], promised["done_at"]) == ("done", "2026-03-02T09:00:30+00:00")


def test_labels_of_another_source_are_handed_as_the_desks_own() -> None:
    from sanjeh.apps.desk.surroundings import Label, Surroundings

    theirs = Surroundings(
        topics={"zendesk/b": Label("zendesk/b", "Billing")},
        tags={"zendesk/r": Label("zendesk/r", "refund", is_urgent=True)},
    )
    desk = World(given=theirs)
    ada = desk.member("Ada")
    chat = desk.start("v1")
    desk.accept(ada)
    desk.do("topic", ada, chat.pk, "zendesk/b")
    desk.do("tag", ada, chat.pk, add=["zendesk/r"])
    assert desk.records("topic")["zendesk/b"]["name"] == "Billing"
    assert desk.records("tag")["zendesk/r"] == {
        "id": "zendesk/r", "name": "refund", "high_priority": True,
    }  # fmt: skip
    assert desk.records("conversation")[chat.key]["topic_id"] == "zendesk/b"


def test_how_a_chat_ended_has_to_be_said_and_fits() -> None:
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    ada = desk.member("Ada")
    chat = desk.start("v1")
    desk.accept(ada)
    with pytest.raises(Refused, match="nobody answered"):
        desk.close(ada, chat, "resolved")
    desk.say(ada, chat)
    for outcome, why in (("", ""), ("solved", ""), ("resolved", "policy"), ("unresolved", "rain")):
        with pytest.raises(Refused):
            desk.close(ada, chat, outcome, why)
    desk.end(chat)
    assert fresh(chat).state == "wrapping"
    desk.close(ada, chat, "unresolved", "product_bug")  # the visitor ended it; this says how
    told = desk.records("conversation")[chat.key]
    assert (told["outcome"], told["unresolved_reason"]) == ("unresolved", "product_bug")
    assert told["end_reason"] == "customer_left"
    desk.pass_(120)
    assert fresh(chat).state == "closed"
    [part] = desk.records("participation").values()
    assert part["wrapup_seconds"] == 120.0


def test_a_silent_chat_ends_and_a_word_keeps_it_open() -> None:
    from sanjeh.apps.desk import rules

    desk = World()
    rules.change(desk.now, idle_close_seconds=100)
    ada = desk.member("Ada")
    chat = desk.start("v1")
    desk.accept(ada)
    desk.say(ada, chat)
    desk.pass_(90)
    desk.visitor(chat, "one moment")
    desk.pass_(100)
    assert fresh(chat).state == "talking"
    desk.pass_(1)
    told = fresh(chat)
    assert (told.state, told.end_reason, told.missed_reason) == ("wrapping", "timeout", "")
    [part] = desk.records("participation").values()
    assert part["end_reason"] == "timeout"


def test_floods_are_refused() -> None:
    from sanjeh.apps.desk import actions, rules
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    rules.change(desk.now, words_at_once=3, starts_an_hour=2, starts_an_hour_address=3)
    chat = desk.start("v1", address="192.0.2.1")
    for _ in range(2):
        desk.visitor(chat)
    with pytest.raises(Refused) as refused:
        desk.visitor(chat)
    assert (refused.value.code, refused.value.after_seconds) == ("too_fast", 10.0)
    desk.pass_(11)
    desk.visitor(chat)
    for visitor in ("v1", "v2"):
        desk.end(desk.start(visitor, address="192.0.2.1"))
    desk.start("v2", address="192.0.2.1")
    with pytest.raises(Refused, match="too many chats"):
        desk.start("v3", address="192.0.2.1")  # another visitor, the same address
    desk.start("v3", address="192.0.2.2")
    assert "192.0.2" not in str(actions.start.__doc__) + str(fresh(chat).address)


def test_hostile_words_are_kept_as_words() -> None:
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    chat = desk.start("v1", "<script>alert(1)</script>\x00\ud800", answers={"name": "<b>\x00x"})
    assert desk.records("message")[f"{chat.key}-2"]["body"] == "<script>alert(1)</script>"
    assert fresh(chat).customer.name == "<b>x"
    with pytest.raises(Refused, match="8000 letters"):
        desk.visitor(chat, "x" * 8001)
    with pytest.raises(Refused, match="nothing was written"):
        desk.visitor(chat, " \x00 ")


def test_a_key_account_goes_first_and_an_answer_gives_a_name() -> None:
    from sanjeh.apps.desk import actions

    desk = World()
    first = desk.start("v1", answers={"name": "Nia", "email": "nia@shop.example"})
    second = desk.start("v2", known=actions.Known("c7", "Big Co", "b@big.example", "big"))
    ada = desk.member("Ada")
    desk.pass_(1)
    assert desk.accept(ada) == second
    assert fresh(first).customer.email == "nia@shop.example"
    assert desk.records("customer")["c7"]["account_id"] == "big"
    assert desk.records("conversation")[second.key]["priority"] == "high"


def test_what_the_shop_signed_is_known_before_the_chat_and_no_answer_replaces_it() -> None:
    from sanjeh.apps.desk import actions
    from sanjeh.apps.desk.models import Customer

    desk = World()
    signed = actions.Known("c7", "Nia\nBig", "nia@big.example", "big")
    actions.recognise(desk.now, signed)
    assert "c7" not in desk.records("customer")  # until the first chat
    only_id = actions.Known("c7")
    typed = {"name": "Somebody else", "email": "else@shop.example"}
    chat = desk.start("v2", known=only_id, answers=typed)
    who = fresh(chat).customer
    assert (who.name, who.email, who.account) == ("Nia Big", "nia@big.example", "big")
    assert fresh(chat).priority == "high"
    assert desk.records("customer")["c7"]["account_id"] == "big"
    actions.recognise(desk.now, actions.Known("c7", "Nia", "nia@big.example", "big"))
    assert Customer.objects.get(key="c7").name == "Nia"
    stranger = desk.start("v3", answers=typed)
    assert (fresh(stranger).customer.name, stranger.priority) == ("Somebody else", "normal")


def test_a_signed_key_account_goes_first_over_the_protocol() -> None:
    from sanjeh.apps.desk import actions
    from sanjeh.apps.desk.models import Chat
    from sanjeh.apps.desk.sockets import callers, door, greeting
    from sanjeh.apps.site import visits

    desk = World()
    desk.start("v1")
    told = greeting.greet(
        visitor=None, page=None, caller=visits.Caller("Mozilla/5.0 Firefox/120", "192.0.2.7"),
        consent=True, language="en", known=actions.Known("c8", "Lin", "", "big"), now=desk.now,
    )  # fmt: skip
    frame = {"type": "start", "nonce": "n", "body": "hello"}
    who = callers.Caller("", "", "192.0.2.7", "", "")
    [done] = door.visitor(told["visitor"], who, frame, desk.now)
    ada = desk.member("Ada")
    desk.pass_(1)
    assert desk.accept(ada).pk == done["chat"]
    chat = Chat.objects.get(pk=done["chat"])
    assert (chat.priority, chat.customer.name, chat.customer.is_known) == ("high", "Lin", True)


def test_an_invited_visitor_comes_to_who_invited() -> None:
    from sanjeh.apps.site import visits
    from sanjeh.apps.site.models import Invitation, Visit, Visitor

    del visits
    desk = World()
    ada, bob = desk.member("Ada"), desk.member("Bob")
    who = Visitor.objects.create(id="v9", first_seen_at=desk.now, consents=True)
    visit = Visit.objects.create(id="s9", visitor=who, started_at=desk.now, last_at=desk.now)
    desk.accept(ada) if desk.offer(ada) else None
    made = desk.do("invite", bob, visit.pk, "May I help?")
    [told] = desk.told("v:v9", "invite")
    assert (told["text"], told["agent"]) == ("May I help?", {"name": "Bob"})
    chat = desk.start("v9", "yes please", invitation=made.pk, visit="s9")
    assert desk.accept(bob) == chat
    told = desk.records("conversation")[chat.key]
    assert (told["initiation"], told["direction"]) == ("agent", "outbound")
    assert Invitation.objects.get().conversation_id == chat.key
    assert desk.records("chat_invite")[made.pk]["result"] == "accepted"
    stranger = desk.start("v8", invitation=made.pk)  # another visitor's invitation is none
    assert stranger.initiation == "visitor"
