"""The way to the ledger: with the transaction or not at all, once, and in order."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from sanjeh.ledger import Ledger

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.usefixtures("tables")


def message(number: int, body: str = "hello") -> dict[str, Any]:
    return {
        "id": f"c1-{number}", "conversation_id": "c1", "at": AT + dt.timedelta(seconds=number),
        "author_type": "customer", "author_id": "v1", "body": body, "version_at": AT,
    }  # fmt: skip


def test_what_was_handed_is_in_the_record_and_forgotten(ledger: Ledger) -> None:
    from sanjeh.apps.handing.models import Handing
    from sanjeh.apps.handing.outbox import hand, move

    hand("message", message(1))
    hand("holiday", {"date": dt.date(2026, 3, 21), "name": "Nowruz"})
    assert move(ledger) == 2
    assert Handing.objects.count() == 0
    [row] = ledger.rows("message").to_pylist()
    assert (row["id"], row["source"]) == ("desk/c1-1", "desk")
    assert row["at"] == dt.datetime(2026, 3, 2, 9, 0, 1, tzinfo=dt.UTC)
    [holiday] = ledger.rows("holiday").to_pylist()
    assert holiday["date"] == dt.date(2026, 3, 21)


def test_what_is_taken_back_is_not_handed(ledger: Ledger) -> None:
    from django.db import transaction

    from sanjeh.apps.handing.outbox import hand, move
    from sanjeh.apps.handing.turns import turn

    def fail() -> None:
        with turn():
            hand("message", message(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert move(ledger) == 0
    assert transaction.get_connection().in_atomic_block


def test_a_kill_between_put_and_forget_doubles_nothing(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db.models.query import QuerySet

    from sanjeh.apps.handing.models import Handing
    from sanjeh.apps.handing.outbox import hand, move

    hand("message", message(1, "first words"))
    hand("message", message(2))
    hand("message", {**message(1, "last words"), "version_at": AT + dt.timedelta(seconds=9)})

    class Killed(BaseException):
        pass

    def die(rows: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "delete", die)
        with pytest.raises(Killed):
            move(ledger)
    assert Handing.objects.count() == 3
    ledger.drain_inbox()  # what was put may be on the disk already when it comes again
    assert move(ledger) == 3
    assert Handing.objects.count() == 0
    assert sorted(ledger.rows("message").column("id").to_pylist()) == ["desk/c1-1", "desk/c1-2"]
    ledger.drain_inbox()
    assert ledger.rows("message").num_rows == 2
    texts = ledger.texts("message", ["desk/c1-1"])
    assert texts == {"desk/c1-1": {"body": "last words"}}


def test_a_field_that_no_record_has_is_refused_at_once() -> None:
    from sanjeh.apps.handing.outbox import hand
    from sanjeh.ledger import LedgerError

    with pytest.raises(ValueError, match="message has no field 'words'"):
        hand("message", {"id": "m1", "words": "hello"})
    with pytest.raises(LedgerError, match="no record kind 'massage'"):
        hand("massage", {"id": "m1"})
    with pytest.raises(ValueError, match="no time zone"):
        hand("message", {"id": "m1", "at": dt.datetime(2026, 3, 2)})  # noqa: DTZ001


def test_who_comes_second_leaves_the_moving_to_the_first(ledger: Ledger) -> None:
    import fcntl

    from sanjeh.apps.handing.outbox import hand, move

    hand("message", message(1))
    (ledger.path / "web").mkdir()
    with Path(ledger.path / "web" / "handing.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert move(ledger) == 0
    assert move(ledger) == 1
