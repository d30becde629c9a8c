"""Connecting a helpdesk by the pages, pulling it, and taking its webhooks; on a toy helpdesk."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keyring
import pytest
from keyring.backends.fail import Keyring as NoRing
from site_cases import account, text_of

from sanjeh.home import Home
from sanjeh.sources.helpdesk import registry
from sanjeh.sources.helpdesk.connections import Connection, Connections

sys.path.append(str(Path(__file__).parents[1] / "sources" / "helpdesk"))
from case_toy import CASE, TOY, ToyServer

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

pytestmark = pytest.mark.xdist_group("web work")


@pytest.fixture
def home(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The site over an empty home, with a toy helpdesk and no keyring."""
    from django.conf import settings

    from sanjeh.web.jobs import hooks
    from sanjeh.web.jobs.models import Delivery, Job

    place = tmp_path / "home"
    (place / "web").mkdir(parents=True)
    real = registry.helpdesk
    monkeypatch.setattr(registry, "helpdesk", lambda name: TOY if name == "toy" else real(name))
    monkeypatch.setattr(registry, "names", lambda: ("chatwoot", "toy"))
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoRing())
    monkeypatch.setattr(settings, "HOME", place)
    monkeypatch.setattr(hooks, "_told", {})
    for table in (Job, Delivery):
        table.objects.all().delete()
    yield place
    for table in (Job, Delivery):
        table.objects.all().delete()


@pytest.fixture
def server() -> Iterator[ToyServer]:
    with ToyServer(CASE.account()) as made:
        yield made


@pytest.fixture
def connected(home: Path, server: ToyServer, monkeypatch: pytest.MonkeyPatch) -> Connection:
    made = Connection("toy", "toy", {"ADDRESS": server.base})
    Connections(home).save(made)
    monkeypatch.setenv("SANJEH_TOY_TOKEN", "toy-secret")
    monkeypatch.setenv("SANJEH_TOY_WEBHOOK_SECRET", "hook-secret")
    return made


def work_off(home: Path) -> None:
    from sanjeh.web.jobs.worker import work_off

    work_off(home)


def jobs() -> list[tuple[str, str]]:
    from sanjeh.web.jobs.models import Job

    return list(Job.objects.order_by("pk").values_list("kind", "state"))


# -- by the pages ----------------------------------------------------------------------------------


def test_administrator_connects_and_what_is_there_comes_in(
    home: Path, server: ToyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANJEH_TOY_TOKEN", "toy-secret")
    boss = account("boss", "administrator")
    assert 'type="password"' in boss.get("/data/connections/new/toy/").content.decode()
    done = boss.post("/data/connections/new/toy/", {"name": "toy", "ADDRESS": server.base})
    assert done.headers["Location"] == "/data/connections/"
    work_off(home)
    assert jobs() == [("pull", "done")]
    assert Home(home).ledger().rows("message").num_rows == 9
    page = text_of(boss.get("/data/connections/").content.decode())
    assert server.base in page
    assert "Last pull" in page
    assert "toy" in text_of(boss.get("/data/").content.decode())


def test_key_that_is_typed_is_kept_nowhere_without_a_keyring(home: Path, server: ToyServer) -> None:
    boss = account("boss", "administrator")
    given = {"name": "toy", "ADDRESS": server.base, "TOKEN": "toy-secret"}
    done = boss.post("/data/connections/new/toy/", given)
    assert done.status_code == 200
    page = text_of(done.content.decode())
    assert "Connected: Agent 1" in page
    assert "SANJEH_TOY_TOKEN" in page
    assert "toy-secret" not in page
    for path in home.rglob("*"):
        assert path.is_dir() or b"toy-secret" not in path.read_bytes()
    assert jobs() == []  # it could not get in


def test_wrong_key_is_told_and_not_shown_again(home: Path, server: ToyServer) -> None:
    boss = account("boss", "administrator")
    given = {"name": "toy", "ADDRESS": server.base, "TOKEN": "wrong-secret"}
    done = boss.post("/data/connections/new/toy/", given)
    assert done.status_code == 422
    page = done.content.decode()
    assert "401" in page
    assert server.base in page
    assert "wrong-secret" not in page
    assert Connections(home).all() == []


@pytest.mark.parametrize("role", ["manager", "analyst", "agent"])
def test_only_an_administrator_connects(home: Path, server: ToyServer, role: str) -> None:
    other = account("other", role)
    given = {"name": "toy", "ADDRESS": server.base, "TOKEN": "toy-secret"}
    assert other.post("/data/connections/new/toy/", given).status_code == 403
    assert server.asked == []
    assert other.get("/data/connections/").status_code == (200 if role == "manager" else 403)


def test_manager_has_it_pulled(home: Path, connected: Connection) -> None:
    manager = account("mina", "manager")
    begun = manager.post("/data/connections/of/toy/pull/")
    assert begun.headers["Location"].startswith("/jobs/")
    assert manager.post("/data/connections/of/another/pull/").status_code == 404
    work_off(home)
    assert Home(home).ledger().rows("ticket").num_rows == 5


def test_pull_that_fails_is_told_on_its_page(
    home: Path, connected: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANJEH_TOY_TOKEN", "wrong-secret")
    manager = account("mina", "manager")
    begun = manager.post("/data/connections/of/toy/pull/")
    work_off(home)
    page = text_of(manager.get(begun.headers["Location"]).content.decode())
    assert "does not let us in" in page
    assert "wrong-secret" not in page
    assert "It failed" in text_of(manager.get("/data/connections/").content.decode())


def test_long_pull_lets_others_have_their_turn(
    home: Path, connected: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanjeh.web.jobs import kinds, queue

    monkeypatch.setattr(kinds, "AT_A_STRETCH", 0.0)
    queue.pull("toy", "somebody")
    from sanjeh.web.jobs.models import Job

    first = queue.take()
    assert first is not None
    from sanjeh.web.jobs.worker import do

    do(first, home)
    assert jobs() == [("pull", "done"), ("pull", "waiting")]
    monkeypatch.setattr(kinds, "AT_A_STRETCH", 300.0)
    work_off(home)
    assert Home(home).ledger().rows("message").num_rows == 9
    assert Job.objects.count() == 2


def test_pull_waits_until_the_vendor_lists_the_change(
    home: Path, connected: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanjeh.web.jobs import queue
    from sanjeh.web.jobs.models import Job

    start = dt.datetime.now(dt.UTC)
    clock = [start]
    monkeypatch.setattr(queue.timezone, "now", lambda: clock[0])
    early = queue.pull("toy", "webhook", lag=60)
    clock[0] = start + dt.timedelta(seconds=20)
    assert queue.pull("toy", "webhook", lag=60).pk == early.pk
    clock[0] = start + dt.timedelta(seconds=45)  # listed at 105 s, and the first begins at 90 s
    assert queue.pull("toy", "webhook", lag=60).pk != early.pk
    assert not queue.is_waiting()
    assert queue.take() is None
    clock[0] = start + dt.timedelta(seconds=91)
    assert queue.is_waiting()
    assert queue.take() == early
    assert queue.take() is None
    queue.pull("toy", "somebody")  # by hand: at once
    assert queue.take() is not None
    assert Job.objects.count() == 2


def test_schedule_asks_for_what_is_due(home: Path, connected: Connection) -> None:
    boss = account("boss", "administrator")
    boss.post("/data/connections/of/toy/every/", {"every": "10"})
    rooms = Connections(home)
    assert rooms.get("toy").every_minutes == 10
    now = dt.datetime.now(dt.UTC)
    assert [c.name for c in rooms.due(now)] == ["toy"]
    rooms.pull(rooms.get("toy"), Home(home).ledger())
    assert rooms.due(now + dt.timedelta(minutes=9)) == []
    assert [c.name for c in rooms.due(now + dt.timedelta(minutes=11))] == ["toy"]
    boss.post("/data/connections/of/toy/every/", {"every": "0"})
    assert rooms.due(now + dt.timedelta(days=9)) == []


def test_foreman_has_due_connections_pulled(home: Path, connected: Connection) -> None:
    from sanjeh.web.jobs.foreman import Foreman

    Connections(home).save(Connection("toy", "toy", connected.choices, 10))
    foreman = Foreman(home)
    foreman._ask_for_pulls()
    foreman._ask_for_pulls()
    assert jobs() == [("pull", "waiting")]


# -- by webhook ------------------------------------------------------------------------------------

COMMENT = {
    "id": 5000, "ticket": 100, "by": 17, "at": "2026-03-02T12:00:00Z", "text": "Sentence live",
    "updated_at": "2026-03-02T12:00:00Z",
}  # fmt: skip


def hooked(body: Any, delivery: str = "d1", secret: str = "hook-secret", name: str = "toy",
           **headers: str) -> HttpResponse:  # fmt: skip
    """One delivery, from a client that minds forged forms as a browser's would."""
    from django.test import Client

    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    client: Client = Client(enforce_csrf_checks=True)
    return client.post(
        f"/hooks/{name}/", raw, content_type="application/json",
        headers={"X-Toy-Signature": signed, "X-Toy-Delivery": delivery, **headers},
    )  # fmt: skip


def test_signed_delivery_is_in_the_record_at_once(home: Path, connected: Connection) -> None:
    assert hooked({"new": {"comments": [COMMENT]}}).status_code == 200
    (row,) = Home(home).ledger().rows("message").to_pylist()
    assert (row["id"], row["source"], row["author_type"]) == ("toy/5000", "toy", "customer")
    assert jobs() == [("refresh", "waiting")]


def test_same_delivery_again_does_nothing(home: Path, connected: Connection) -> None:
    hooked({"changed": [100]})
    work_off(home)
    before = jobs()
    assert hooked({"changed": [100]}).status_code == 200
    assert jobs() == before
    hooked({"changed": [100]}, delivery="d2")
    assert len(jobs()) == len(before) + 1


def test_delivery_without_a_valid_signature_is_refused(
    home: Path, connected: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanjeh.web.people.models import Trace

    Trace.objects.all().delete()
    for _ in range(3):
        assert hooked({"new": {"comments": [COMMENT]}}, secret="guessed").status_code == 401
    monkeypatch.delenv("SANJEH_TOY_WEBHOOK_SECRET")
    assert hooked({"new": {"comments": [COMMENT]}}, secret="").status_code == 401
    assert Home(home).ledger().inbox.count() == 0
    assert jobs() == []
    # One line, however many: whoever floods us must not fill the disk.
    assert list(Trace.objects.values_list("who", "action", "about")) == [
        ("webhook", "refused a webhook", "toy")
    ]


def test_delivery_for_nobody_or_of_no_sense(home: Path, connected: Connection) -> None:
    assert hooked({}, name="another").status_code == 404
    assert hooked(b"not json").status_code == 400
    assert hooked([1]).status_code == 400
    assert hooked(b" " * 3_000_000).status_code == 413
    assert Home(home).ledger().inbox.count() == 0


def test_delivery_that_only_tells_has_the_account_pulled(home: Path, connected: Connection) -> None:
    assert hooked({"changed": [100]}).status_code == 200
    work_off(home)
    assert jobs() == [("pull", "done")]
    assert Home(home).ledger().rows("ticket").num_rows == 5


def test_scheduled_pull_heals_what_was_missed_and_doubles_nothing(
    home: Path, connected: Connection, server: ToyServer
) -> None:
    rooms, ledger = Connections(home), Home(home).ledger()
    rooms.pull(connected, ledger)
    server.account["comments"].append(COMMENT)  # its delivery comes
    server.account["comments"].append({**COMMENT, "id": 5001})  # this one's is lost
    hooked({"new": {"comments": [COMMENT]}})
    rooms.pull(connected, ledger)
    ids = [row["id"] for row in ledger.rows("message").to_pylist()]
    assert len(ids) == len(set(ids)) == 11
