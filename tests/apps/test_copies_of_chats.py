"""A copy of a chat by mail: what is in it, and to whom it goes."""

from __future__ import annotations

import pytest
from desk_world import World

pytestmark = pytest.mark.usefixtures("tables")


def letters() -> list[tuple[str, str, str]]:
    from sanjeh.apps.mail.models import Letter

    return [(le.to, le.subject, le.text) for le in Letter.objects.order_by("pk")]


def test_a_copy_holds_what_was_said_in_public() -> None:
    from sanjeh.apps.desk import actions
    from sanjeh.apps.mail.models import Letter

    desk = World()
    ada = desk.member("Ada")
    desk.start("v1", "<b>where</b> is it?")
    desk.pass_(5)
    chat = desk.accept(ada)
    desk.say(ada, chat, "on its way")
    actions.note(desk.now, ada, chat.pk, "n1", "a thief, I think", mentions=[])
    actions.transcript(desk.now, "v1", " ann@example.com ")
    actions.transcript(desk.now, "v1", "ann@example.com")  # nothing new was said
    assert letters() == [
        (
            "ann@example.com", "Your chat of 2026-03-02",
            "You (09:00 UTC)\n<b>where</b> is it?\n\nAda (09:00 UTC)\non its way\n",
        )
    ]  # fmt: skip
    html = Letter.objects.get().html
    assert "&lt;b&gt;where&lt;/b&gt;" in html
    assert "thief" not in html
    desk.say(ada, chat, "here it is")
    actions.transcript(desk.now, "v1", "ann@example.com")
    assert len(letters()) == 2


def test_a_copy_is_no_way_to_write_to_others() -> None:
    from sanjeh.apps.desk import actions

    desk = World()
    desk.start("v1", "buy my watches")
    for name in ("a", "b", "c"):
        actions.transcript(desk.now, "v1", f"{name}@example.com")
    for email, code in (("d@example.com", "too_fast"), ("no address", "wrong"),
                        ("a@example.com\nBcc: x@example.com", "wrong")):  # fmt: skip
        with pytest.raises(actions.Refused) as refused:
            actions.transcript(desk.now, "v1", email)
        assert refused.value.code == code
    with pytest.raises(actions.Refused) as refused:
        actions.transcript(desk.now, "v2", "ann@example.com")
    assert refused.value.code == "unknown"
    assert len(letters()) == 3
