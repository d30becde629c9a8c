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
