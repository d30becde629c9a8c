"""What the desk reads from the record: beside, and never while somebody waits for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from sanjeh.ledger import Ledger


@pytest.fixture
def record(bound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """A record of its own, which the desk reads."""
    from django.conf import settings

    from sanjeh.apps.desk import surroundings

    monkeypatch.setattr(settings, "HOME", str(tmp_path / "home"))
    surroundings.use(None)
    surroundings.forget()
    yield Ledger(tmp_path / "home")
    surroundings.forget()


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Ledger]:
    """Each reading of the record, as it is made."""
    from sanjeh.apps.desk import surroundings

    made: list[Ledger] = []
    read = surroundings.read

    def counted(ledger: Ledger) -> surroundings.Surroundings:
        made.append(ledger)
        return read(ledger)

    monkeypatch.setattr(surroundings, "read", counted)
    return made


def _topic(ledger: Ledger, name: str) -> None:
    ledger.inbox.put("topic", [{"id": name, "name": name}], source="desk")


def test_read_once_and_again_when_it_is_renewed(record: Ledger, readings: list[Ledger]) -> None:
    from sanjeh.apps.desk import surroundings

    _topic(record, "parcel")
    assert list(surroundings.surroundings().topics) == ["desk/parcel"]
    _topic(record, "refund")
    assert list(surroundings.surroundings().topics) == ["desk/parcel"]
    assert len(readings) == 1
    surroundings.renew()
    assert sorted(surroundings.surroundings().topics) == ["desk/parcel", "desk/refund"]
    assert len(readings) == 2


def test_what_was_changed_here_is_seen_at_once(record: Ledger, readings: list[Ledger]) -> None:
    from sanjeh.apps.desk import surroundings

    assert not surroundings.surroundings().topics
    _topic(record, "parcel")
    surroundings.forget()
    assert list(surroundings.surroundings().topics) == ["desk/parcel"]


def test_one_that_nobody_renews_is_read_again(
    record: Ledger, readings: list[Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanjeh.apps.desk import surroundings

    surroundings.surroundings()
    _topic(record, "parcel")
    monkeypatch.setattr(surroundings, "LASTS", -1.0)
    assert list(surroundings.surroundings().topics) == ["desk/parcel"]


def test_a_server_has_read_it_before_anybody_is_greeted(
    record: Ledger, readings: list[Ledger]
) -> None:
    from sanjeh.apps.desk import surroundings, telling
    from sanjeh.apps.desk.sockets.application import Sockets
    from sanjeh.apps.desk.sockets.callers import now

    async def begun() -> None:
        sockets = Sockets(lambda user: True)
        await sockets.start()
        await sockets.stop()

    asyncio.run(begun())
    assert len(readings) == 1
    telling.opening(now())
    surroundings.surroundings()
    assert len(readings) == 1


def test_a_record_that_cannot_be_read_does_not_keep_the_server_from_starting(
    record: Ledger, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from sanjeh.apps.desk import surroundings
    from sanjeh.apps.desk.sockets.application import Sockets

    def broken(ledger: Ledger) -> surroundings.Surroundings:
        raise OSError("the disk is gone")

    monkeypatch.setattr(surroundings, "read", broken)

    async def begun() -> None:
        sockets = Sockets(lambda user: True)
        await sockets.start()
        await sockets.stop()

    asyncio.run(begun())
    assert "the record could not be read" in caplog.text
    with pytest.raises(OSError, match="the disk is gone"):
        surroundings.surroundings()
