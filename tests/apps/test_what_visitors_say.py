"""Frames of visitors beside those of talking: a copy, somebody above, what keeps a visit going."""

from __future__ import annotations

from typing import Any

import pytest
from desk_world import World, fresh

pytestmark = pytest.mark.usefixtures("tables")


def say(desk: World, visitor: str, **frame: Any) -> list[dict[str, Any]]:
    from sanjeh.apps.desk.sockets import door
    from sanjeh.apps.desk.sockets.callers import Caller

    who = Caller("https://shop.example", "https://desk.example", "203.0.113.9", "Firefox", "")
    return door.visitor(visitor, who, {**frame, "nonce": "n7"}, desk.now)


def test_a_copy_and_somebody_above_are_asked_for() -> None:
    from sanjeh.apps.mail.models import Letter

    desk = World()
    ada = desk.member("Ada")
    desk.start("v1", "where is it?")
    desk.pass_(5)
    chat = desk.accept(ada)
    done = [{"type": "done", "nonce": "n7", "chat": chat.pk}]
    assert say(desk, "v1", type="transcript", email="ann@example.com") == done
    assert say(desk, "v1", type="escalate") == done
    assert say(desk, "v1", type="escalate") == done  # once is enough
    assert Letter.objects.count() == 1
    assert [e.initiator for e in fresh(chat).escalations.all()] == ["customer"]


def test_who_reads_or_ends_a_chat_is_on_the_site() -> None:
    from sanjeh.apps.site import visits

    desk = World()
    ada = desk.member("Ada")
    page = visits.Page("https://shop.example/")
    came = visits.come(None, page, visits.Caller("Firefox"), consent=True, now=desk.now)
    who, visit = came.visitor.id, came.visit
    assert visit is not None

    def last() -> int:
        visit.refresh_from_db()
        return round((visit.last_at - visit.started_at).total_seconds())

    say(desk, who, type="start", body="where is it?")
    desk.visitors.add(who)
    desk.pass_(5)
    chat = desk.accept(ada)
    desk.pass_(5)
    desk.say(ada, chat)
    assert last() == 0
    say(desk, who, type="seen", number=fresh(chat).last_shown)
    assert last() == 10
    desk.pass_(20)
    say(desk, who, type="end")
    assert last() == 30
