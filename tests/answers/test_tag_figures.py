"""Tags: one for every spelling, as they stand, by whom, on what is urgent."""

from __future__ import annotations

from pathlib import Path

import pytest

from record_homes import Desk, built, load, record, said, story, talk, ticket


def _chat(name: str, **fields: object) -> list[object]:
    return [
        talk(name, "03-02 09:00", ended_at="03-02 09:10", **fields),
        said(name, "03-02 09:00"),
        said(name, "03-02 09:05", "ann"),
    ]


def _tag(id: str, target: str, tag: str, when: str = "03-02 09:10", **fields: object) -> object:
    made = {"target_type": "conversation", "op": "add", "actor_type": "agent", "actor_id": "ann"}
    return record("tag_event", id=id, target_id=target, tag_id=tag, at=when, **{**made, **fields})


# Chats: two tags; one tag by a rule; one put on and taken off; none; a mail and a ticket beside.
TAGS = story(
    "tags",
    record("topic", id="logistics", name="Logistics"),
    record("tag", id="delay", name="Late delivery", category_id="logistics"),
    record("tag", id="vip", name="VIP", category_id="persons", high_priority=True),
    _chat("two tags", priority="high"),
    _tag("1", "two tags", "delay"),
    _tag("2", "two tags", "refund", actor_id="bea"),
    _tag("3", "two tags", "delay", "03-02 09:11"),  # put on twice is one tag
    _chat("by a rule"),
    _tag("4", "by a rule", "delay", actor_type="system", actor_id=None),
    _chat("taken off"),
    _tag("5", "taken off", "refund"),
    _tag("6", "taken off", "refund", "03-05 09:00", op="remove"),
    _chat("none"),
    talk("a mail", "03-02 09:00", "email", ended_at="03-02 12:00"),
    said("a mail", "03-02 09:00", id="said in the mail"),
    said("a mail", "03-02 11:00", "bea"),
    _tag("7", "said in the mail", "vip", target_type="message", actor_id="bea"),
    ticket("k", "03-02 09:00", priority="urgent"),
    _tag("8", "k", "delay", target_type="ticket"),
    _chat("spam", is_spam=True),
    _tag("9", "spam", "delay"),  # not counted
    talk("missed", "03-02 09:00", ended_at="03-02 09:30"),
    said("missed", "03-02 09:00"),
    _tag("10", "missed", "refund", actor_type="bot", actor_id="helper"),  # not served
)  # fmt: skip


def test_tagged_chats_and_who_or_what_tagged_them(world: Desk) -> None:
    found = world.figure("tagged_chat_share", TAGS)
    assert (found.numerator, found.denominator, dict(found.excluded)) == (2, 4, {"spam": 1})
    assert world.value("manually_tagged_chat_share", TAGS) == 0.25
    assert world.value("automatically_tagged_chat_share", TAGS) == 0.25
    by_hand = {"tags.include_auto": "no"}
    assert world.value("tagged_chat_share", TAGS, options=by_hand) == 0.25


def test_tags_per_chat_with_and_without_those_that_have_none(world: Desk) -> None:
    found = world.figure("tags_per_chat", TAGS)
    assert (found.value, found.n, found.statistics["max"]) == (0.75, 4, 2)
    assert world.value("tags_per_tagged_chat", TAGS) == 1.5


def test_uses_by_tag_category_agent_and_what_carries_them(world: Desk) -> None:
    found = world.figure("tag_uses", TAGS)
    assert (found.value, dict(found.excluded)) == (6, {"spam": 1})
    assert world.by("tag_uses", "tag", TAGS) == {"Late delivery": 3, "refund": 2, "VIP": 1}
    assert world.by("tag_uses", "tag_category", TAGS) == {
        "Logistics": 3, "persons": 1, "unknown": 2,
    }  # fmt: skip
    assert world.by("tag_uses", "agent", TAGS) == {"ann": 2, "bea": 2, "unknown": 2}
    assert world.by("tag_uses", "tagged_by", TAGS) == {"agent": 4, "bot": 1, "system": 1}
    assert world.by("tag_uses", "tagged_on", TAGS) == {"conversation": 5, "ticket": 1}
    assert world.by("distinct_tags_used", "agent", TAGS) == {"ann": 1, "bea": 2, "unknown": 2}
    assert world.value("distinct_tags_used", TAGS) == 3


def test_shares_of_uses_sum_to_one_and_shares_of_chats_may_exceed_it(world: Desk) -> None:
    assert world.by("tag_use_share", "tag", TAGS) == {
        "Late delivery": 0.5, "refund": 2 / 6, "VIP": 1 / 6,
    }  # fmt: skip
    assert world.by("chats_with_tag", "tag", TAGS) == {"Late delivery": 2, "refund": 1}
    found = world.answer("chats_with_tag", of=TAGS, by=("tag",))
    assert found.totals[0].value == 2
    assert any("the total counts it once" in w for w in found.warnings)
    assert world.by("chats_with_tag_share", "tag", TAGS) == {"Late delivery": 0.5, "refund": 0.25}
    late = (("tag", "is", ("late  DELIVERY",)),)
    assert world.value("chats_with_tag_share", TAGS, where=late) == 0.5
    assert world.value("tag_use_share", TAGS, where=late) == 0.5


def test_tags_of_urgent_matters(world: Desk) -> None:
    # urgent: the chat of high priority (2 tags), the mail with a tag that says so, the ticket
    assert world.by("high_priority_tag_uses", "tag", TAGS) == {
        "Late delivery": 2, "refund": 1, "VIP": 1,
    }  # fmt: skip
    # of five served conversations two are urgent; one of the two late ones, the refund, the VIP
    assert world.value("high_priority_share", TAGS) == 0.4
    assert world.by("tag_high_priority_share", "tag", TAGS) == {
        "Late delivery": 0.5, "refund": 1.0, "VIP": 1.0,
    }  # fmt: skip
    assert world.by("high_priority_tag_lift", "tag", TAGS) == {
        "Late delivery": 1.25, "refund": 2.5, "VIP": 2.5,
    }  # fmt: skip
    assert world.value("high_priority_tagged_share", TAGS) == 1.0


SPELLINGS = story(
    "one tag in many spellings",
    record("tag", id="t1", name="پيگيري"),  # Arabic ye
    record("tag", id="t2", name="پیگیری"),
    record("tag", id="t3", name="کالا‌ی ۲"),  # with a half-space and a Persian digit
    record("tag", id="t4", name="كالاي 2"),
    record("tag", id="t5", name="Возврат ещё"),
    record("tag", id="t6", name="возврат еще"),
    _chat("all of them"),
    [_tag(f"s{n}", "all of them", f"t{n}") for n in range(1, 7)],
    _chat("the first again"),
    _tag("s7", "the first again", "t2"),
    _chat("taken off in another spelling"),
    _tag("s8", "taken off in another spelling", "t1"),
    _tag("s9", "taken off in another spelling", "t2", "03-02 09:20", op="remove"),
)  # fmt: skip


def test_every_spelling_is_one_tag_shown_in_the_usual_one(world: Desk) -> None:
    assert world.figure("tags_per_chat", SPELLINGS).statistics["max"] == 3
    assert world.value("distinct_tags_used", SPELLINGS) == 3
    found = world.by("tag_uses", "tag", SPELLINGS)
    assert found["پيگيري" if "پيگيري" in found else "پیگیری"] == 2
    typed = (("tag", "is", ("پيگيرى",)),)
    assert world.value("chats_with_tag", SPELLINGS, where=typed) == 2
    assert world.figure("tagged_chat_share", SPELLINGS).numerator == 2


THREAD = story(
    "a tag on a later stretch of an endless thread",
    talk("thread", "03-02 09:00", "whatsapp"),
    said("thread", "03-02 09:00"),
    said("thread", "03-02 09:10", "ann"),
    said("thread", "03-09 09:00"),
    said("thread", "03-09 09:10", "ann"),
    _tag("th1", "thread", "delay", "03-09 09:15"),
)


def test_a_tag_belongs_to_the_stretch_in_which_it_was_put_on(world: Desk) -> None:
    assert world.value("tag_uses", THREAD) == 1
    weeks = world.series("tag_high_priority_share", "week", THREAD)
    assert weeks["2026-03-09"] == 0.0
    assert weeks["2026-03-02"] is None


def test_renaming_a_tag_renames_its_uses_and_the_same_name_makes_two_one(tmp_path: Path) -> None:
    records = [
        record("tag", id="a", name="Delay", version_at="2026-03-01 00:00"),
        record("tag", id="b", name="Late", version_at="2026-03-01 00:00"),
        _chat("one"),
        _tag("1", "one", "a"),
        _chat("two"),
        _tag("2", "two", "a"),
        _tag("3", "two", "b"),
        ticket("beacon", "06-30 00:00", is_spam=True),
    ]
    desk = Desk(built(tmp_path / "home", records))
    assert desk.by("tag_uses", "tag") == {"Delay": 2, "Late": 1}
    load(desk.home, [record("tag", id="b", name="delay ", version_at="2026-04-01 00:00")])
    desk.refresh()
    assert desk.by("tag_uses", "tag") == {"Delay": 2}
    assert desk.value("tags_per_chat") == 1.0
    load(desk.home, [_tag("4", "one", "a", "04-02 09:00", op="remove")])
    desk.refresh()
    assert desk.by("tag_uses", "tag") == {"Delay": 1}
    assert desk.value("tagged_chat_share") == pytest.approx(0.5)
    assert desk.value("tagged_chat_share", as_of="2026-04-01") == 1.0
    desk.close()
