"""Frames of visitors beside those of talking: a copy, somebody above."""

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
