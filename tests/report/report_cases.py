"""A small shop with a bad second week, its report, and the numbers on the page."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from record_homes import Record, record, said, talk, ticket

SPOKEN = ("en", "fa", "ru")
WEEKLY = [
    {"dow": day, "from": "09:00", "to": "17:00"} for day in ("mon", "tue", "wed", "thu", "fri")
]


@dataclass
class Page(HTMLParser):
    """The numbers of a page with where each comes from, and its commands."""

    numbers: list[dict[str, str]] = field(default_factory=list)
    commands: dict[str, str] = field(default_factory=dict)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag == "data":
            self.numbers.append(given)
        if "data-command" in given:
            self.commands[given["id"]] = given["data-command"]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "style":
            return
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def read(html: str) -> Page:
    """The page taken apart."""
    found = Page()
    found.feed(html)
    return found


def value_at(result: dict[str, Any], path: str) -> Any:
    """What `show --format json` says in a field."""
    name, _, rest = path.partition(".")
    found = result[name]
    return found.get(rest) if rest else found


def same_group(result: dict[str, Any], wanted: str | None) -> bool:
    """Whether a result of `show` is of the group a number on the page names."""
    keys = {name: part["key"] for name, part in result["group"].items()}
    return keys == (json.loads(wanted) if wanted else {})


def shop() -> list[Record]:
    """February quiet, March busier, with a release; one ticket waits since the end of March.

    February: 6 chats and 4 mails about bills. March: 12 chats about logging in (3 of them missed),
    5 chats and 4 mails about bills.
    """
    records: list[Record] = [
        record("settings", tz="UTC", calendar_id="office", locale="en"),
        record("business_calendar", id="office", tz="UTC", weekly=WEEKLY),
        record("channel", code="live_chat", name="Chat on the site", channel_kind="realtime"),
        record("channel", code="email", name="Letters", channel_kind="async"),
        record("topic", id="login", name="Log in <fails>"),
        record("topic", id="bill", name="Bill"),
        record(
            "context_event", id="r1", context_event_kind="release", at="03-10 09:00",
            title="Version 2 & friends",
        ),
    ]  # fmt: skip
    for month, channel, topic, count, answered in (
        ("02", "live_chat", "bill", 6, True), ("02", "email", "bill", 4, True),
        ("03", "live_chat", "login", 9, True), ("03", "live_chat", "login", 3, False),
        ("03", "live_chat", "bill", 5, True), ("03", "email", "bill", 4, True),
    ):  # fmt: skip
        for n in range(count):
            day = f"{month}-{2 + n:02d}"
            id = f"{channel}-{topic}-{answered}-{day}"
            records += [
                talk(id, f"{day} 10:00", channel, topic_id=topic, ended_at=f"{day} 10:05",
                     customer_id=f"of {id}"),
                said(id, f"{day} 10:00"),
            ]  # fmt: skip
            records += [said(id, f"{day} 10:02", "ann")] if answered else []
    records.append(ticket("waits", "03-30 09:00"))
    records.append(ticket("first", "02-01 00:00", is_spam=True))  # February is whole
    records.append(ticket("beyond", "04-02 09:00", is_spam=True))  # and so is March
    return records
