"""First contact resolution, return and repeat contacts: worked stories with literal figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from record_homes import Desk, Record, built, load, record, said, status, story, talk, ticket

pytestmark = pytest.mark.xdist_group("stories")


def contact(
    id: str, day: str, who: str, outcome: str | None = "resolved", topic: str | None = "login",
    channel: str = "chat", **fields: Any,
) -> list[Record]:  # fmt: skip
    """Asked at 09:00, answered by ann at 09:01, ended at 09:10."""
    return [
        talk(id, f"{day} 09:00", channel, customer_id=who, topic_id=topic, outcome=outcome,
             **{"ended_at": f"{day} 09:10", **fields}),
        said(id, f"{day} 09:00"),
        said(id, f"{day} 09:01", "ann"),
    ]  # fmt: skip


TEN = story(
    "ten first contacts",
    *(contact(f"good{n}", "03-02", f"good{n}") for n in range(6)),  # counted, resolved
    contact("back", "03-02", "back"),  # counted, but came back on day 3
    contact("back again", "03-05", "back"),  # not counted: not the first on the matter
    contact("not solved", "03-02", "u1", "unresolved", unresolved_reason="product_bug"),
    contact("given up", "03-02", "u2", "unresolved"),
    contact("went up", "03-02", "u3", "escalated"),
    contact("nobody came", "03-02", "u4", None),  # not counted: never served
)
TEN_MISSED = story(
    "an attempt that nobody answered",
    talk("gave up", "03-02 08:00", customer_id="x", topic_id="login", ended_at="03-02 08:02"),
    said("gave up", "03-02 08:00"),
    contact("then served", "03-02", "x"),  # not counted: not the customer's first attempt
    contact("another customer", "03-02", "y"),  # counted
)


def test_seven_of_ten_were_resolved_and_one_came_back(world: Desk) -> None:
    told = world.figure("chat_first_contact_resolution", TEN)
    assert (told.value, told.numerator, told.denominator) == (0.6, 6, 10)
    assert told.excluded == {"no outcome is recorded": 1}
    assert world.value("first_contact_resolution", TEN) == 0.6
    assert world.value("first_contact_resolutions", TEN) == 6
    assert world.value("chat_first_contact_resolutions", TEN) == 6
    assert world.value("first_contact_resolution_time", TEN) == 600
    # Also the one that came back, and the contact it came back with.
    assert world.figure("solved_without_followup", TEN).numerator == 8
    assert world.figure("solved_without_followup", TEN).denominator == 11


def test_first_call_is_the_telephone_alone(world: Desk) -> None:
    told = world.figure("first_call_resolution", TEN)
    assert told.value is None
    of = story_of_calls
    assert world.value("first_call_resolution", of) == 0.5
    assert world.value("first_call_resolutions", of) == 1
    assert world.value("first_contact_resolution", of) == 2 / 3
    assert world.value("chat_first_contact_resolution", of) == 1.0


def rang(id: str, who: str, outcome: str) -> list[Record]:
    """A call of ten minutes, answered."""
    return [
        *contact(id, "03-02", who, outcome, channel="phone")[:1],
        record("call", conversation_id=id, ring_at="03-02 09:00", answered_at="03-02 09:00",
               ended_at="03-02 09:10"),
    ]  # fmt: skip


story_of_calls = story(
    "two calls and a chat", rang("c1", "a", "resolved"), rang("c2", "b", "unresolved"),
    contact("chat", "03-02", "c"),
)  # fmt: skip


def test_a_missed_attempt_is_a_contact_too(world: Desk) -> None:
    told = world.figure("first_contact_resolution", TEN_MISSED)
    assert (told.numerator, told.denominator) == (1, 1)


EDGE = story(
    "the edge of the window",
    contact("on it", "03-02", "a"),
    talk("a week later", "03-09 09:10", customer_id="a", topic_id="login"),
    contact("past it", "03-02", "b"),
    talk("a second more", "03-09 09:10:01", customer_id="b", topic_id="login"),
    contact("another matter", "03-02", "c"),
    talk("about money", "03-03 09:00", customer_id="c", topic_id="billing"),
    contact("another customer", "03-02", "d"),
    contact("only thanked", "03-02", "e"),
    talk("thanks", "03-03 09:00", customer_id="e", topic_id="login"),
    said("thanks", "03-03 09:00", body="спасибо!"),
    *(said(id, "03-09 09:11") for id in ("a week later", "a second more")),
    said("about money", "03-03 09:00"),
)


def test_a_return_counts_until_the_window_ends_and_a_thanks_never(world: Desk) -> None:
    told = world.figure("first_contact_resolution", EDGE)
    # Six first contacts; of them "about money" was never served. a came back, in time.
    assert (told.numerator, told.denominator) == (4, 5)
    longer = world.figure("first_contact_resolution_30d", EDGE)
    assert (longer.numerator, longer.denominator) == (3, 5)
    assert world.value("first_contact_resolutions_30d", EDGE) == 3
    by_option = world.figure(
        "first_contact_resolution", EDGE, options={"first_contact.window": "30"}
    )
    assert by_option.value == longer.value
    assert world.value("return_contact_rate", EDGE) == 0.2
    assert world.value("no_return_rate", EDGE) == 0.8
    assert world.value("no_return_rate_30d", EDGE) == 0.6


LATE = story(
    "a window that still runs",
    contact("old", "06-20", "a"),
    contact("new", "06-28", "b"),  # pending: a week has not passed on 30 June
)


def test_what_may_still_come_back_is_pending(world: Desk) -> None:
    told = world.figure("first_contact_resolution", LATE, start="2026-06-01", end="2026-07-01")
    assert (told.value, told.denominator, told.pending) == (1.0, 1, 1)
    rate = world.figure("return_contact_rate", LATE, start="2026-06-01", end="2026-07-01")
    assert (rate.value, rate.denominator, rate.pending) == (0.0, 1, 1)


UNTOLD = story("no outcomes", contact("a", "03-02", "a", None), contact("b", "03-02", "b", None))


def test_without_outcomes_there_is_no_rate_but_a_share_without_return(world: Desk) -> None:
    told = world.figure("first_contact_resolution", UNTOLD)
    assert told.value is None
    assert told.excluded == {"no outcome is recorded": 2}
    assert world.value("no_return_rate", UNTOLD) == 1.0


def mail(id: str, who: str, *replies: str, solved: str = "03-02 12:00") -> list[Record]:
    """A mail with a ticket, answered at the given times and solved at noon."""
    return [
        ticket(f"t {id}", "03-02 09:00", customer_id=who, topic_id="login"),
        talk(id, "03-02 09:00", "email", customer_id=who, ticket_id=f"t {id}"),
        said(id, "03-02 09:00"),
        *(said(id, f"03-02 {reply}", "ann") for reply in replies),
        status(f"t {id}", solved, "solved", actor_id="ann"),
    ]


MAILS = story(
    "mails",
    mail("one reply", "a", "11:00"),  # resolved
    mail("two replies", "b", "10:00", "11:00"),  # not: a second contact was needed
    mail("a word after the solve", "c", "11:00", "13:00"),  # resolved: one reply before it
    mail("came back", "d", "11:00"),
    status("t came back", "03-20 09:00", "open", actor_type="customer"),
    said("came back", "03-20 09:00", body="it fails again"),
    status("t came back", "03-20 10:00", "solved", actor_id="ann"),
    mail("only thanked", "e", "11:00"),
    status("t only thanked", "03-20 09:00", "open", actor_type="customer"),
    said("only thanked", "03-20 09:00", body="thanks!"),
    status("t only thanked", "03-20 10:00", "solved", actor_id="ann"),
)


def test_a_mail_is_resolved_at_first_contact_by_one_reply(world: Desk) -> None:
    told = world.figure("first_contact_resolution", MAILS)
    assert (told.numerator, told.denominator) == (3, 5)
    loose = world.figure(
        "first_contact_resolution", MAILS, options={"first_contact.async": "whole_thread"}
    )
    assert (loose.numerator, loose.denominator) == (4, 5)


DUE = story(
    "what was promised, handed over, and split",
    contact("promised", "03-02", "a"),
    record("followup", id="f1", conversation_id="promised", due_at="03-04 09:00", status="open"),
    contact("called off", "03-02", "b"),
    record("followup", id="f2", conversation_id="called off", status="cancelled"),
    contact("handed over", "03-02", "c"),
    record("transfer", id="x", conversation_id="handed over", at="03-02 09:02", to_agent="bea",
           transfer_kind="agent"),
    said("handed over", "03-02 09:05", "bea"),
    contact("raised", "03-02", "d"),
    record("escalation", id="e", conversation_id="raised", at="03-02 09:05", initiator="customer"),
)  # fmt: skip


def test_followups_and_escalations_break_it_and_a_transfer_if_asked(world: Desk) -> None:
    assert world.figure("first_contact_resolution", DUE).numerator == 2
    strict = {"first_contact.transfer": "breaks"}
    assert world.figure("first_contact_resolution", DUE, options=strict).numerator == 1
    only = {"first_contact.base": "resolved"}
    assert world.figure("first_contact_resolution", DUE, options=only).denominator == 3
    assert world.value("solved_without_followup", DUE) == 0.5


def test_it_is_credited_to_who_had_the_contact_last(world: Desk) -> None:
    assert world.by("first_contact_resolutions", "agent", DUE) == {"ann": 1, "bea": 1}


def test_reasons_of_chats_not_solved(world: Desk) -> None:
    assert world.value("unresolved_chats", TEN) == 3
    assert world.by("unresolved_chats", "unresolved_reason", TEN) == {
        "product_bug": 1,
        "not_recorded": 2,
        "unknown": 0,  # the one without an outcome is left out
    }


FORTY = story(
    "forty customers, six of whom came back",
    *(contact(f"first{n}", "03-02", f"n{n}") for n in range(40)),
    *(contact(f"again{n}", "03-20", f"n{n}") for n in range(6)),
    contact("and again", "03-22", "n0"),
    contact("another matter", "03-20", "n39", topic="billing"),
)


def test_six_of_forty_customers_came_back(world: Desk) -> None:
    assert world.value("repeat_customers", FORTY) == 6
    rate = world.figure("repeat_customer_rate", FORTY)
    assert (rate.value, rate.denominator) == (0.15, 40)
    assert world.value("repeat_contacts", FORTY) == 7
    assert world.value("repeat_contacts", FORTY, options={"repeat.window": "5"}) == 1


def test_with_seven_days_only_one_did(world: Desk) -> None:
    assert world.value("repeat_contacts_7d", FORTY) == 1
    assert world.value("repeat_customers_7d", FORTY) == 1
    assert world.value("repeat_customer_rate_7d", FORTY) == 1 / 40


def test_a_first_contact_before_the_period_is_seen(world: Desk) -> None:
    assert world.value("repeat_customers", FORTY, start="2026-03-10") == 6
    assert world.value("first_contact_resolutions", FORTY, start="2026-03-10") == 1


FAR_APART = story(
    "contacts of one day, and what came long before and a little after",
    contact("in January", "01-10", "a"),
    contact("51 days later", "03-02", "a"),
    contact("once", "03-02", "b"),
    contact("six days after", "03-08", "b"),
    talk(
        "began early",
        "02-01 09:00",
        customer_id="c",
        topic_id="login",
        outcome="resolved",
        ended_at="03-02 09:00",
    ),
    said("began early", "02-01 09:00"),
    said("began early", "02-01 09:01", "ann"),
    contact("30 days earlier", "01-02", "c"),
)


@pytest.mark.parametrize(
    ("options", "resolved", "of"),
    [
        ({}, 1, 2),  # what began early is a repeat, 30 days after; b came back
        ({"repeat.window": "60"}, 0, 1),  # nor is what came 51 days later a first contact
        ({"first_contact.window": "5"}, 2, 2),  # what comes on the sixth day is too late
        ({"repeat.window": "20"}, 2, 3),  # then what began early is one
    ],
)
def test_a_window_reaches_beyond_both_ends_of_the_period(
    world: Desk, options: dict[str, str], resolved: int, of: int
) -> None:
    told = world.figure(
        "first_contact_resolution", FAR_APART, start="2026-03-02", end="2026-03-03",
        options=options,
    )  # fmt: skip
    assert (told.numerator, told.denominator) == (resolved, of)


LINKED = story(
    "a ticket that follows another",
    ticket("p", "03-02 09:00", customer_id="a"),
    ticket("q", "03-20 09:00", customer_id="a", parent_id="p", origin="followup"),
    contact("on p", "03-02", "a", topic=None, ticket_id="p"),
    contact("on q", "03-20", "a", topic=None, ticket_id="q"),
    ticket("r", "03-02 09:00", customer_id="b"),
    ticket("s", "03-20 09:00", customer_id="b", parent_id="r"),
    record("ticket_event", id="split", ticket_id="r", at="03-20 09:00", type="split", to="s"),
    contact("on r", "03-02", "b", topic=None, ticket_id="r"),
    contact("on s", "03-20", "b", topic=None, ticket_id="s"),  # split off: another matter
)


def test_a_linked_ticket_is_the_same_matter_and_one_split_off_is_not(world: Desk) -> None:
    assert world.value("repeat_contacts", LINKED) == 1
    assert world.value("repeat_customers", LINKED) == 1


SPARSE = story(
    "topics nobody wrote down",
    contact("a", "03-02", "a", topic=None),
    contact("b", "03-03", "a", topic=None),
    contact("c", "03-03", "b"),
)
STATUS = story(
    "asking how it stands",
    ticket("open", "03-02 09:00", customer_id="a"),
    contact("asked", "03-02", "a", ticket_id="open", topic=None),
    contact("how is it", "03-04", "a", ticket_id="open", topic=None),
)


def test_without_topics_it_is_a_lower_bound_and_says_so(world: Desk) -> None:
    answer = world.answer("repeat_contacts", "repeat_customer_rate", of=SPARSE)
    assert answer.results[0].value == 0
    lower = [w for w in answer.warnings if "lower bound" in w]
    assert lower == [
        "repeat_customer_rate: a lower bound; 2 of 3 contacts record neither a ticket nor a "
        "topic, so that a return about the same matter cannot be seen."
    ]
    assert not [w for w in world.answer("repeat_customer_rate", of=FORTY).warnings if "lower" in w]


def test_asking_how_an_open_ticket_stands_is_a_repeat_unless_told_otherwise(world: Desk) -> None:
    assert world.value("repeat_contacts", STATUS) == 1
    told = {"repeat.while_open": "leave_out"}
    assert world.value("repeat_contacts", STATUS, options=told) == 0


CALLED = story(
    "an agent calls back",
    contact("asked", "03-02", "a"),
    contact("called", "03-04", "a", direction="outbound", initiation="agent"),
)


def test_an_agents_call_back_is_a_return_contact_only_if_asked(world: Desk) -> None:
    asked = {"who": [world.value("return_contact_rate", CALLED, options={"return_contact": w})
                     for w in ("customer", "agent", "either")]}  # fmt: skip
    assert asked == {"who": [0.0, 1.0, 1.0]}


def test_a_contact_imported_later_undoes_an_earlier_resolution(tmp_path: Path) -> None:
    home = built(tmp_path / "home", [*contact("a", "03-02", "x"), ticket("z", "06-01 09:00")])
    desk = Desk(home)
    assert desk.value("first_contact_resolution") == 1.0
    desk.close()
    load(home, contact("b", "03-04", "x"))
    desk.refresh()
    assert desk.value("first_contact_resolution") == 0.0
    desk.close()
