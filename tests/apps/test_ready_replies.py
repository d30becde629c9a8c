"""Ready replies: placeholders, the library, and use with the edited flag."""

from __future__ import annotations

import pytest
from desk_world import World

pytestmark = pytest.mark.usefixtures("tables")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Hello {{customer.name}}, this is {{agent.name}}.", "Hello Nia, this is Ada."),
        ("Hello {{ customer.email | there }}!", "Hello there!"),
        ("Hello {{customer.email}}, one moment.", "Hello, one moment."),
        ("سلام {{customer.name}}، لطفاً صبر کنید.", "سلام Nia، لطفاً صبر کنید."),
        ("{{7*7}} {% raw %}", "{{7*7}} {% raw %}"),
    ],
)
def test_placeholders(body: str, text: str) -> None:
    from sanjeh.apps.desk.canned import filled

    assert filled(body, {"customer.name": "Nia", "agent.name": "Ada"}) == text


def test_what_a_customer_is_called_is_not_filled_again() -> None:
    from sanjeh.apps.desk.canned import filled

    given = {"customer.name": "{{agent.name}}", "agent.name": "Ada"}
    assert filled("Hi {{customer.name}}", given) == "Hi {{agent.name}}"


def test_the_library_refuses_what_would_not_work() -> None:
    from sanjeh.apps.desk.canned import keep
    from sanjeh.apps.desk.refusals import Refused

    desk = World()
    ada, sales = desk.member("Ada"), desk.team("Sales")
    keep(desk.now, ada, shortcut="/Hi", title="", body="Hello {{customer.name}}")
    for shortcut, body, why in (
        ("hi", "again", "/hi is taken"),
        ("no spaces", "x", "letters, digits"),
        ("bye", "{{customer.password}}", "nothing fills {{customer.password}}"),
        ("bye", " ", "nothing was written"),
    ):
        with pytest.raises(Refused, match=why):
            keep(desk.now, ada, shortcut=shortcut, title="t", body=body)
    keep(desk.now, ada, shortcut="hi", title="", body="سلام", language="fa")
    keep(desk.now, ada, shortcut="hi", title="", body="Hello from sales", team=sales)


def test_use_is_counted_and_handed_over_with_the_edited_flag() -> None:
    from sanjeh.apps.desk.canned import keep, retire, usage

    desk = World()
    ada = desk.member("Ada")
    wait = keep(desk.now, ada, shortcut="wait", title="", body="One moment.", is_holding=True)
    hi = keep(desk.now, ada, shortcut="hi", title="", body="Hello!")
    chat = desk.start("v1")
    desk.accept(ada)
    desk.say(ada, chat, "Hello!", canned=hi.pk)
    desk.say(ada, chat, "One moment.", canned=wait.pk)
    desk.say(ada, chat, "One moment, I look it up: 12.", canned=wait.pk, canned_edited=True)
    told = [
        (m["canned_response_id"], m["canned_edited"], m["is_holding"])
        for m in desk.records("message").values()
        if m["author_type"] == "agent"
    ]
    assert told == [("canned-2", False, False), ("canned-1", False, True), ("canned-1", True, None)]
    found = [(u.reply.shortcut, u.count, u.edited_count) for u in usage()]
    assert found == [("wait", 2, 1), ("hi", 1, 0)]
    retire(desk.now, hi)
    assert [u.reply.shortcut for u in usage()] == ["wait"]
    assert desk.records("canned_response")["canned-2"]["active"] is False
    keep(desk.now, ada, shortcut="hi", title="", body="Hi!")  # free again
