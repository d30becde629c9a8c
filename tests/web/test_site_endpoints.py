"""What pages and the shop's server may send, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ORIGIN = "https://shop.example"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def tables(site: Path) -> Iterator[None]:
    from django.db import transaction

    from sanjeh.apps.site import views
    from sanjeh.apps.site.models import Setup

    for limit in (views.PAGES, views.CONVERSIONS, views.FROM_SERVERS):
        limit._left.clear()
    with transaction.atomic():
        Setup.objects.create(origins=[ORIGIN + "/"])
        yield
        transaction.set_rollback(True)


def visitor(consents: bool = True) -> str:
    from django.utils import timezone

    from sanjeh.apps.site.visits import Caller, come

    return come(None, None, Caller(FIREFOX), consent=consents, now=timezone.now()).visitor.id


def token() -> str:
    from sanjeh.apps.site.tokens import token_of

    return token_of(visitor())


def send(path: str, body: Any, origin: str | None = ORIGIN, kind: str = "text/plain") -> Any:
    from django.test import Client

    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {} if origin is None else {"Origin": origin}
    return Client().post(path, raw, content_type=kind, headers=headers)


def count(model: str) -> int:
    from django.apps import apps

    return apps.get_model("site", model).objects.count()


PAGE = {"url": f"{ORIGIN}/shoes", "title": "<script>alert(1)</script>", "referrer": "", "key": "k"}


def test_a_beacon_tells_of_a_page() -> None:
    before = count("PageSeen")
    body = {"token": token(), "page": PAGE}
    answer, again = send("/site/page", body), send("/site/page", body)
    assert (answer.status_code, again.status_code) == (204, 204)
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert "Origin" in answer["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer
    assert count("PageSeen") == before + 1


@pytest.mark.parametrize(
    "origin",
    [None, "", "null", "https://evil.example", "http://shop.example", "https://shop.example:8443",
     "https://shop.example.evil.example", "https://evil.example/https://shop.example"],
)  # fmt: skip
def test_other_origins_are_refused(origin: str | None) -> None:
    for path in ("/site/page", "/site/convert"):
        answer = send(path, {"token": token(), "page": PAGE, "type": "signup"}, origin)
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer
    assert count("Conversion") == 0


def test_pages_of_the_site_itself_may_call() -> None:
    body = {"token": token(), "page": PAGE}
    assert send("/site/page", body, "http://testserver").status_code == 204


def test_a_preflight_is_answered_for_allowed_origins_only() -> None:
    from django.test import Client

    ask = {"Access-Control-Request-Method": "POST"}
    good = Client().options("/site/convert", headers={**ask, "Origin": ORIGIN})
    bad = Client().options("/site/convert", headers={**ask, "Origin": "https://evil.example"})
    assert (good.status_code, bad.status_code) == (204, 403)
    assert good["Access-Control-Allow-Headers"] == "Content-Type, Authorization"


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "x" * 5000, 7, None])
def test_a_token_that_we_did_not_sign_names_nobody(forged: Any) -> None:
    assert send("/site/page", {"token": forged, "page": PAGE}).status_code == 401
    assert send("/site/convert", {"token": forged, "type": "signup"}).status_code == 401


def test_a_token_is_good_for_thirty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    from sanjeh.apps.site.tokens import token_of, visitor_of

    made, now = token_of("v"), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 30 * 86400 - 60)
    assert visitor_of(made) == "v"
    monkeypatch.setattr(time, "time", lambda: now + 30 * 86400 + 60)
    assert visitor_of(made) is None


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"[]", 400), (b"{", 400), (b"\xff\xfe", 400), (b" " * 16_001, 413),
     (b"[" * 15_000, 400), (b'{"a": NaN}', 400)],
)  # fmt: skip
def test_bodies_that_are_broken_or_too_large(body: bytes, status: int) -> None:
    assert send("/site/page", body).status_code == status
    assert send("/site/convert", body).status_code == status


def test_other_methods_are_refused() -> None:
    from django.test import Client

    for path in ("/site/page", "/site/convert"):
        assert Client().get(path, headers={"Origin": ORIGIN}).status_code == 405
    assert Client().get("/site/conversions").status_code == 405


def test_a_flood_is_told_to_wait() -> None:
    body = {"token": token(), "type": "signup"}
    answers = [send("/site/convert", body) for _ in range(22)]
    assert [a.status_code for a in answers[:20]] == [204] * 20
    assert answers[21].status_code == 429
    assert 1 <= int(answers[21]["Retry-After"]) <= 3
    assert answers[21]["Access-Control-Allow-Origin"] == ORIGIN


def test_a_page_tells_of_a_conversion() -> None:
    known = token()
    assert (
        send("/site/convert", {"token": known, "type": "purchase", "value": 12}).status_code == 204
    )
    assert send("/site/convert", {"token": known, "type": "<b>"}).status_code == 400
    assert count("Conversion") == 1


# The shop's server.


def sign(secret: str, identity: str, stamp: int, raw: bytes) -> str:
    """By the standard's own words, written anew here."""
    key = base64.b64decode(secret.split("_", 1)[1])
    text = identity.encode() + b"." + str(stamp).encode() + b"." + raw
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def tell(body: Any, secret: str, identity: str = "msg_1", **other: Any) -> Any:
    from django.test import Client

    raw = json.dumps(body).encode()
    stamp = other.get("stamp", int(time.time()))
    headers = {
        "webhook-id": identity,
        "webhook-timestamp": str(stamp),
        "webhook-signature": other.get("signature") or sign(secret, identity, stamp, raw),
    }
    sent = json.dumps(other["instead"]).encode() if "instead" in other else raw
    return Client().post(
        "/site/conversions", sent, content_type="application/json", headers=headers
    )


def secret() -> str:
    from django.utils import timezone

    from sanjeh.apps.site import secrets

    return secrets.change("conversions", timezone.now())


ORDER = {"id": "A7", "type": "purchase", "value": 40, "currency": "EUR", "customer": "7"}


def test_the_example_of_the_standard_is_signed_as_it_says() -> None:
    """Of the specification's own library: standard-webhooks, `testSignKnown`."""
    from sanjeh.apps.site.signed import signature

    assert (
        signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
            b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )  # fmt: skip


def test_the_server_tells_signs_and_changes() -> None:
    held = secret()
    assert tell(ORDER, held, "m1").json() == {"id": "A7", "status": "done"}
    assert tell({**ORDER, "status": "cancelled"}, held, "m2").json()["status"] == "cancelled"
    assert count("Conversion") == 1


def test_a_message_is_taken_once() -> None:
    from sanjeh.apps.handing.models import Handing

    held = secret()
    tell(ORDER, held, "m1")
    before = Handing.objects.count()
    assert tell(ORDER, held, "m1").status_code == 200
    assert tell({**ORDER, "status": "refunded"}, held, "m1").status_code == 200
    assert Handing.objects.count() == before
    assert count("Conversion") == 1


def test_only_what_is_signed_and_fresh_is_taken() -> None:
    held, now = secret(), int(time.time())
    other = "whsec_" + base64.b64encode(b"another secret of 24 by.").decode()
    answers = [
        tell(ORDER, other),
        tell(ORDER, held, instead={**ORDER, "value": 4000}),
        tell(ORDER, held, stamp=now - 310),
        tell(ORDER, held, stamp=now + 310),
        tell(ORDER, held, signature="v1,"),
        tell(ORDER, held, signature="v2," + sign(held, "msg_1", now, b"").split(",")[1]),
        tell(ORDER, held, identity="x" * 201),
    ]
    assert [a.status_code for a in answers] == [401] * 7
    assert count("Conversion") == 0
    assert tell(ORDER, held, stamp=now - 290).status_code == 200


def test_without_a_secret_nothing_is_taken() -> None:
    assert tell(ORDER, "whsec_").status_code == 401


def test_two_secrets_hold_while_one_is_changed() -> None:
    import datetime as dt

    from django.utils import timezone

    from sanjeh.apps.site import secrets

    first = secret()
    second = secret()
    assert tell(ORDER, first, "m1").status_code == 200
    assert tell(ORDER, second, "m2").status_code == 200
    both = f"v1,x {sign(second, 'm3', int(time.time()), json.dumps(ORDER).encode())}"
    assert tell(ORDER, second, "m3", signature=both).status_code == 200
    later = timezone.now() + dt.timedelta(days=3)
    assert secrets.in_force("conversions", later) == (second,)
    assert secrets.in_force("identity", later) == ()


def test_a_conversion_of_the_server_needs_an_id() -> None:
    held = secret()
    assert tell({"type": "signup"}, held).status_code == 400
    assert (
        tell({"type": "signup", "id": "S1"}, held).status_code == 200
    )  # the message may be mended
