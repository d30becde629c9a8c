"""Live records: seen at once, moved once, whatever happens between."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from ledger_cases import (
    column,
    drain,
    everything,
    open_ledger,
    put,
    put_live_and_drain,
    run_until,
)

from sanjeh.ledger import Ledger, LedgerError
from sanjeh.ledger.batches import Batch
from sanjeh.ledger.superseding import Appended


def test_live_records_are_part_of_every_snapshot(ledger: Ledger) -> None:
    put(ledger, "ticket", {"id": "1", "priority": "low"})
    assert ledger.inbox.put("ticket", [{"id": "2"}, {"id": "3"}], source="desk") == 2
    snapshot = ledger.snapshot()
    assert snapshot.version == 1
    assert snapshot.inbox["ticket"]["batch"].to_pylist() == [2, 2]
    assert sorted(column(ledger, "ticket", "id")) == ["desk/1", "desk/2", "desk/3"]


def test_a_live_record_replaces_the_one_in_the_ledger(ledger: Ledger) -> None:
    put(ledger, "ticket", {"id": "1", "priority": "low", "subject": "old words"})
    ledger.inbox.put("ticket", [{"id": "1", "priority": "high", "subject": "new"}], source="desk")
    assert column(ledger, "ticket", "priority") == {"desk/1": "high"}
    assert ledger.texts("ticket", ["desk/1"]) == {"desk/1": {"subject": "new"}}
    assert ledger.snapshot().inbox_superseded.to_pylist() == [
        {"kind": "ticket", "id": "desk/1", "batch": 1, "by_batch": 2}
    ]


def test_a_live_record_that_is_older_or_known_is_not_seen(ledger: Ledger) -> None:
    put(ledger, "ticket", {"id": "1", "priority": "low"})
    ledger.inbox.put("ticket", [{"id": "1", "priority": "low"}], source="desk")
    assert ledger.snapshot().inbox == {}
    assert column(ledger, "ticket", "batch") == {"desk/1": 1}


def test_draining_changes_nothing_that_is_seen(ledger: Ledger) -> None:
    put(ledger, "customer", {"id": "c", "display_name": "Old Name"})
    ledger.inbox.put("customer", [{"id": "c", "display_name": "New Name"}], source="desk")
    ledger.inbox.put("ticket", [{"id": "1", "source": "shop", "customer_id": "c"}], source="desk")
    before = everything(ledger)
    assert ledger.drain_inbox() == 2
    assert everything(ledger) == before
    assert ledger.snapshot().inbox == {}
    assert ledger.inbox.count() == 0
    assert [s.source for s in ledger.snapshot().sources] == ["desk", "shop"]
    assert ledger.drain_inbox() == 0
    assert ledger.snapshot().version == 2


def test_the_last_live_version_wins(ledger: Ledger) -> None:
    for priority in ("low", "high", "normal"):
        ledger.inbox.put("ticket", [{"id": "1", "priority": priority}], source="desk")
    assert column(ledger, "ticket", "priority") == {"desk/1": "normal"}
    ledger.drain_inbox()
    assert column(ledger, "ticket", "priority") == {"desk/1": "normal"}


@pytest.mark.parametrize("step", ["before the commit", "after the commit"])
def test_killed_while_draining_nothing_is_lost_or_doubled(tmp_path: Path, step: str) -> None:
    ledger = open_ledger(tmp_path)
    put(ledger, "ticket", {"id": "1", "priority": "a"})
    ledger.inbox.put("ticket", [{"id": "1", "priority": "b"}, {"id": "2"}], source="desk")
    run_until(step, partial(drain, tmp_path))
    assert column(ledger, "ticket", "priority") == {"desk/1": "b", "desk/2": None}
    # What came later must not be undone by records that were drained before the kill.
    put(ledger, "ticket", {"id": "1", "priority": "c"})
    if step == "after the commit":
        assert column(ledger, "ticket", "priority") == {"desk/1": "c", "desk/2": None}
    ledger.drain_inbox()
    assert sorted(column(ledger, "ticket", "id")) == ["desk/1", "desk/2"]
    if step == "after the commit":
        assert column(ledger, "ticket", "priority") == {"desk/1": "c", "desk/2": None}


def test_a_put_is_durable_and_seen_by_other_processes(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)

    run_until("numbered", partial(put_live_and_drain, tmp_path, "ticket", {"id": "1"}))
    assert column(ledger, "ticket", "id") == {"desk/1": "desk/1"}


@pytest.mark.parametrize(
    ("kind", "record", "source", "message"),
    [
        ("ticket", {"id": "1"}, None, "needs its source"),
        ("ticket", {"id": "1"}, "a/b", "without '/'"),
        ("ticket", {"id": "1", "prio": "x"}, "desk", "no field 'prio'"),
        ("ticket", {"id": 1}, "desk", "ticket: "),
        ("ticket", {"priority": "low"}, "desk", "the key column 'id' is missing"),
        ("tiket", {"id": "1"}, "desk", "did you mean 'ticket'"),
    ],
)
def test_wrong_live_records_are_refused_at_once(
    ledger: Ledger, kind: str, record: dict[str, object], source: str | None, message: str
) -> None:
    with pytest.raises(LedgerError, match=message):
        ledger.inbox.put(kind, [record], source=source)
    assert ledger.inbox.count() == 0


def test_one_kind_is_read_without_judging_the_others(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ledger, "ticket", {"id": "1", "priority": "low"})
    ledger.inbox.put("ticket", [{"id": "1", "priority": "high"}], source="desk")
    ledger.inbox.put("message", [{"id": "m", "body": "words"}], source="desk")
    ledger.inbox.put("topic", [{"id": "t", "name": "parcel"}], source="desk")
    judged: list[str] = []
    append = Batch.append

    def watched(batch: Batch, kind: str, table: pa.Table) -> Appended:
        judged.append(kind)
        return append(batch, kind, table)

    monkeypatch.setattr(Batch, "append", watched)
    assert ledger.rows("topic")["name"].to_pylist() == ["parcel"]
    assert column(ledger, "ticket", "priority") == {"desk/1": "high"}
    assert ledger.texts("message", ["desk/m"]) == {"desk/m": {"body": "words"}}
    assert judged == ["topic", "ticket", "message"]
    assert sorted(ledger.snapshot().inbox) == ["message", "ticket", "topic"]
    assert sorted(ledger.snapshot("topic").inbox) == ["topic"]
    ledger.drain_inbox()
    assert ledger.snapshot("topic").inbox == {}
    assert ledger.rows("topic")["name"].to_pylist() == ["parcel"]
