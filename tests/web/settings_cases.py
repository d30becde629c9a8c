"""A small operation whose settings are changed by form, and what the ledger then holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from record_homes import record, status, ticket

if TYPE_CHECKING:
    from django.test import Client

    from sanjeh.home import Home

WEEK = [{"dow": d, "from": "08:00", "to": "16:00"} for d in ("mon", "tue", "wed", "thu", "fri")]
HOSTILE = '<script>alert(1)</script>"'
# Monday 2 March to Tuesday 3 March, and a month later; ten hours of a Sunday in February.
RECORDS = [
    ticket("february", "02-01 09:00"),
    status("february", "02-01 19:00", "solved"),
    ticket("march", "03-02 09:00", team_id="north", topic_id="late"),
    status("march", "03-03 10:00", "solved"),
    ticket("april", "04-06 09:00", team_id="north"),
    status("april", "04-07 10:00", "solved"),
    ticket("end", "05-01 00:00", is_spam=True),
    record("business_calendar", id="office", name="Office", tz="UTC", weekly=WEEK),
    record("settings", tz="UTC", calendar_id="office"),
    record("team", id="north", name="North"),
    record("team", id="south", name="South"),
    record("channel", code="chat", name="Chat"),
    record("topic", id="late", name="Late parcel"),
    record("tag", id="t1", name="VIP"),
    record("agent", id="ann", name="Ann", team_id="north"),
]  # fmt: skip


def rows(home: Home, kind: str, **wanted: Any) -> list[dict[str, Any]]:
    """Visible records of a kind that have these values."""
    found = home.ledger().rows(kind).to_pylist()
    return [r for r in found if all(r[k] == v for k, v in wanted.items())]


def seen(client: Client, path: str) -> str:
    """The state that a form was made from, as its page carries it."""
    page = client.get(path).content.decode()
    return page.partition('name="seen" value="')[2].partition('"')[0]
