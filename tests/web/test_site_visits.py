"""Visits, pages, invitations and conversions: what is kept, and what is handed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
SHOP = "https://shop.example"


def at(minutes: float) -> dt.datetime:
    return NOON + dt.timedelta(minutes=minutes)


@pytest.fixture(autouse=True)
def tables(site: Path) -> Iterator[None]:
    """Empty tables; the database outlives the test."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def handed(kind: str) -> list[dict[str, Any]]:
    from sanjeh.apps.handing.models import Handing

    return [row.record for row in Handing.objects.filter(kind=kind).order_by("pk")]


def newest(kind: str) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in handed(kind)}


def come(minutes: float = 0, visitor: str | None = None, **more: Any) -> Any:
    from sanjeh.apps.site import visits

    page = visits.Page(more.pop("url", f"{SHOP}/shoes"), referrer=more.pop("referrer", ""),
                       key=more.pop("key", ""))  # fmt: skip
    caller = visits.Caller(more.pop("agent", FIREFOX), more.pop("address", "203.0.113.9"),
                           more.pop("is_staff", False))  # fmt: skip
    more.setdefault("consent", True)
    return visits.come(visitor, page, caller, now=at(minutes), **more)


def look(visitor: str, minutes: float, url: str, key: str = "") -> Any:
    from sanjeh.apps.site import visits

    return visits.look(visitor, visits.Page(url, key=key), visits.Caller(FIREFOX), at(minutes))


def test_half_an_hour_of_silence_makes_another_visit() -> None:
    first = come(0)
    same = come(29.9, first.visitor.id)
    other = come(59.9, first.visitor.id)  # thirty minutes after the last page, to the second
    assert same.visit.id == first.visit.id
    assert other.visit.id != first.visit.id
    told = newest("web_session")
    assert told[first.visit.id]["started_at"] == "2026-03-02T12:00:00+00:00"
    assert told[first.visit.id]["ended_at"] == "2026-03-02T12:29:54+00:00"
    assert told[other.visit.id]["ended_at"] is None
    assert len(newest("visitor")) == 1


def test_a_chat_keeps_the_visit_going() -> None:
    from sanjeh.apps.site import visits

    first = come(0)
    visits.stir(first.visitor.id, at(20))
    assert visits.end_silent(at(49.9)) == 0
    assert come(49.9, first.visitor.id).visit.id == first.visit.id


def test_a_conversion_that_a_page_tells_is_within_the_visit() -> None:
    from sanjeh.apps.site import conversions, visits

    first = come(0)
    conversions.by_page(first.visitor.id, told(id="A1"), at(7))
    conversions.by_page(first.visitor.id, told(id="A1"), at(9))  # known already: nothing happened
    visits.end_silent(at(60))
    assert newest("web_session")[first.visit.id]["ended_at"] == "2026-03-02T12:07:00+00:00"


def test_silent_visits_are_ended_at_the_last_thing_that_happened() -> None:
    from sanjeh.apps.site import visits

    first = come(0)
    look(first.visitor.id, 4, f"{SHOP}/boots")
    assert visits.end_silent(at(34)) == 1
    assert newest("web_session")[first.visit.id]["ended_at"] == "2026-03-02T12:04:00+00:00"
    assert visits.end_silent(at(35)) == 0


def test_the_server_ends_silent_visits_by_itself(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanjeh.web.jobs import carrying

    first = come(0)  # months ago
    monkeypatch.setattr(carrying, "move", lambda ledger: 0)
    carrying.Carrier(site).carry()
    assert newest("web_session")[first.visit.id]["ended_at"] == "2026-03-02T12:00:00+00:00"


def test_a_page_told_twice_is_seen_once() -> None:
    first = come(0, key="a")
    look(first.visitor.id, 1, f"{SHOP}/shoes", key="a")
    look(first.visitor.id, 2, f"{SHOP}/boots", key="b")
    look(first.visitor.id, 3, f"{SHOP}/boots", key="c")  # looked at once more
    assert [(r["url"], r["at"][11:16]) for r in handed("page_view")] == [
        (f"{SHOP}/shoes", "12:00"), (f"{SHOP}/boots", "12:02"), (f"{SHOP}/boots", "12:03"),
    ]  # fmt: skip


def test_queries_of_addresses_are_not_kept_save_the_campaign() -> None:
    first = come(
        url=f"{SHOP}/shoes?utm_source=mail&utm_campaign=spring&email=ann@example.com#top",
        referrer="https://search.example/find?q=ann+private",
        agent=IPHONE,
    )
    told = newest("web_session")[first.visit.id]
    assert told["landing_url"] == f"{SHOP}/shoes"
    assert told["referrer"] == "https://search.example/find"
    assert told["utm"] == {"source": "mail", "campaign": "spring"}
    assert told["device"] == "phone"
    assert "ann" not in str(handed("page_view")) + str(told)


def test_a_page_of_the_same_site_led_nobody_here() -> None:
    assert come(referrer=f"{SHOP}/").visit.referrer == ""


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "//x", "https://[", ""]
)
def test_what_is_no_pages_address_is_not_kept(url: str) -> None:
    assert come(url=url).visit is not None
    assert handed("page_view") == []


def test_without_consent_nothing_tells_where_one_was() -> None:
    silent, refused = come(consent=None), come(consent=False)
    assert silent.visit is None
    assert refused.visit is None
    assert look(refused.visitor.id, 1, f"{SHOP}/boots") is None
    assert handed("web_session") + handed("page_view") == []


def test_consent_taken_back_ends_the_visit() -> None:
    first = come(0)
    assert come(5, first.visitor.id, consent=False).visit is None
    assert look(first.visitor.id, 6, f"{SHOP}/boots") is None
    assert newest("web_session")[first.visit.id]["ended_at"] == "2026-03-02T12:00:00+00:00"
    assert come(7, first.visitor.id, consent=None).visit is None  # as chosen before


def test_where_consent_is_assumed_silence_is_consent() -> None:
    from sanjeh.apps.site.models import Setup

    Setup.objects.create(assumes_consent=True)
    assert come(consent=None).visit is not None
    assert come(consent=False).visit is None


def test_machines_are_known_by_name_and_by_haste() -> None:
    named, hasty, human = come(agent=GOOGLE), come(), come()
    for number in range(19):
        look(hasty.visitor.id, number / 600, f"{SHOP}/{number}")  # the twentieth within 2 seconds
    for number in range(18):
        look(human.visitor.id, number / 600, f"{SHOP}/{number}")
    is_bot = {key: record["is_bot"] for key, record in newest("visitor").items()}
    assert is_bot == {named.visitor.id: True, hasty.visitor.id: True, human.visitor.id: False}


def test_who_writes_is_no_machine_for_its_name_alone() -> None:
    from sanjeh.apps.site import visits

    named = come(agent="Mozilla/5.0 HeadlessChrome/150.0")
    visits.stir(named.visitor.id, at(1), wrote=True)
    assert newest("visitor")[named.visitor.id]["is_bot"] is False


def test_we_are_known_by_network_mail_and_signing_in() -> None:
    from sanjeh.apps.site.models import Setup
    from sanjeh.apps.site.visits import Known

    Setup.objects.create(internal_networks=["10.1.0.0/16"], internal_domains=["shop.example"])
    ours = [
        come(address="10.1.2.3"), come(is_staff=True), come(known=Known("7", "ann@SHOP.example")),
    ]  # fmt: skip
    others = [come(address="10.2.0.1"), come(known=Known("8", "ann@notshop.example"))]
    told = newest("visitor")
    assert [told[c.visitor.id]["is_internal"] for c in ours + others] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert told[others[1].visitor.id]["customer_id"] == "8"


def test_rules_invite_whom_they_are_for() -> None:
    from sanjeh.apps.site import invitations
    from sanjeh.apps.site.models import InvitationRule

    InvitationRule.objects.all().delete()
    now = InvitationRule.objects.create(
        name="now", pages="/cart*", seconds=20, texts={"en": "Need help?", "fa": "کمک؟"}
    )
    InvitationRule.objects.create(name="again", visits=2, texts={"en": "Back again?"})
    InvitationRule.objects.create(name="off", is_on=False, texts={"en": "no"})
    first, machine = come(0), come(0, agent=GOOGLE)
    assert invitations.offered(first.visit, "fa", at(0)) == [
        {"id": now.id, "pages": "/cart*", "seconds": 20, "text": "کمک؟"}
    ]
    assert invitations.offered(machine.visit, "en", at(0)) == []
    assert invitations.offered(None, "en", at(0)) == []
    second = come(60, first.visitor.id)
    assert [r["text"] for r in invitations.offered(second.visit, "ru", at(60))] == [
        "Need help?", "Back again?",
    ]  # fmt: skip


def test_an_invitation_is_settled_once() -> None:
    from sanjeh.apps.site import invitations, visits

    a, b, c = come(0), come(0), come(0)
    for coming, key in ((a, "i1"), (b, "i2"), (c, "i3")):
        invitations.shown(coming.visit, key, at(1))
        invitations.shown(coming.visit, key, at(2))  # told twice
    assert invitations.shown(a.visit, "i2", at(1)) is None  # another visitor's
    invitations.settle("i1", "accepted", at(2))
    invitations.settle("i1", "accepted", at(2), conversation_id="chat-4")
    invitations.settle("i1", "dismissed", at(3))
    invitations.settle("i2", "dismissed", at(2))
    visits.end_silent(at(60))
    told = newest("chat_invite")
    assert {k: (r["result"], r["conversation_id"], r["at"][11:16]) for k, r in told.items()} == {
        "i1": ("accepted", "chat-4", "12:01"), "i2": ("dismissed", None, "12:01"),
        "i3": ("ignored", None, "12:01"),
    }  # fmt: skip
    assert told["i1"]["by"] == "trigger"
    later = come(24 * 60, b.visitor.id)
    assert invitations.offered(later.visit, "en", at(24 * 60)) == []  # waved away this week


def told(**fields: Any) -> Any:
    from sanjeh.apps.site import conversions

    return conversions.read({"type": "purchase", **fields})


def test_a_page_makes_conversions_and_changes_none() -> None:
    from sanjeh.apps.site import conversions

    first, silent = come(0), come(0, consent=False)
    conversions.by_page(first.visitor.id, told(id="A1", value="19.90", currency="eur"), at(1))
    conversions.by_page(first.visitor.id, told(id="A1", value="9999"), at(2))
    conversions.by_page(first.visitor.id, told(id="A2", status="refunded"), at(2))
    conversions.by_page(silent.visitor.id, told(id="A3"), at(2))
    assert [
        (r["id"], r["value"], r["currency"], r["status"], r["visitor_id"])
        for r in handed("conversion")
    ] == [("A1", 19.9, "EUR", "done", first.visitor.id)]


def test_the_servers_word_is_the_better_one_and_the_newest_holds() -> None:
    from sanjeh.apps.site import conversions

    first = come(0)
    conversions.by_page(first.visitor.id, told(id="A1", value=5), at(1))
    conversions.by_server(told(id="A1", value=20, currency="EUR", customer="7"), at(2), at(2))
    conversions.by_server(told(id="A1", status="refunded"), at(30), at(30))
    conversions.by_server(told(id="A1", value=20), at(3), at(31))  # came late
    record = newest("conversion")["A1"]
    assert record["value"] == 20.0
    assert record["status"] == "refunded"
    assert record["at"] == "2026-03-02T12:01:00+00:00"
    assert record["customer_id"] == "7"
    assert record["visitor_id"] == first.visitor.id


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "<script>"}, {"value": "much"}, {"value": -1}, {"value": True},
        {"value": "NaN"}, {"value": "1e400"}, {"currency": "euro"}, {"status": "lost"},
        {"id": "x" * 101}, {"id": "a b"}, {"at": "2026-03-02T12:00:00"}, {"at": "noon"},
    ],
)  # fmt: skip
def test_what_makes_no_conversion_is_refused(fields: dict[str, Any]) -> None:
    from sanjeh.apps.site.conversions import NotAConversion

    with pytest.raises(NotAConversion):
        told(**fields)


def test_value_is_kept_to_the_hundredth_of_a_cent() -> None:
    assert told(value=0.1).value == Decimal("0.1000")


def test_an_erased_person_is_in_no_row_of_the_site() -> None:
    from sanjeh.apps.site import conversions, erasing, visits
    from sanjeh.apps.site.models import Conversion, PageSeen, Visitor

    ann, other = come(0, known=visits.Known("7")), come(0, known=visits.Known("8"))
    page = visits.Page(f"{SHOP}/ann", "Ann's orders")
    visits.look(ann.visitor.id, page, visits.Caller(FIREFOX), at(1))
    conversions.by_server(told(id="A1", customer="7"), at(2), at(2))
    conversions.by_server(told(id="A2", customer="8"), at(2), at(2))
    assert erasing.erase("7") > 0
    assert Visitor.objects.get(pk=ann.visitor.id).customer_id == ""
    assert Visitor.objects.get(pk=other.visitor.id).customer_id == "8"
    assert not PageSeen.objects.exclude(title="").exists()
    assert set(Conversion.objects.values_list("id", "customer_id")) == {("A1", ""), ("A2", "8")}
