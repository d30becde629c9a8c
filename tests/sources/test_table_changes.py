"""Rows that tell changes: events between them, first and last known values, gaps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

FILE = """case,state,who,at,n
A,New,,1/3/2026 09:00,0
B,New,bob,1/3/2026 09:30,0
A,New,ann,1/3/2026 10:00,1
A,Done,ann,1/3/2026 12:00,4
A,?,?,1/3/2026 12:30,5
A,Open,bob,1/3/2026 13:00,6
A,Done,bob,1/3/2026 11:00,3
B,Done,bob,1/3/2026 10:00,1
"""


@pytest.fixture
def history() -> dict[str, Any]:
    return {
        "zone": "UTC",
        "file": {"null": ["?"]},
        "case": {"key": "case", "order": ["at", "n"]},
        "columns": {
            "at": {"type": "instant", "format": "%d/%m/%Y %H:%M"},
            "state": {"values": {"New": "new", "Open": "open", "Done": "solved"}},
        },
        "records": [
            {
                "kind": "ticket",
                "per": "case",
                "fields": {"id": "case", "created_at": {"column": "at", "keep": "first"}},
                "attributes": {
                    "first_who": {"column": "who", "keep": "first"},
                    "last_who": "who",
                    "gaps": {"gaps": "n"},
                },
            }
        ],
        "changes": [{"type": "status_changed", "column": "state", "at": "at", "sequence": "n"}],
    }


def changes(ledger: Any) -> list[tuple[Any, ...]]:
    """The events by case and time."""
    return [
        (row["ticket_id"], f"{row['at']:%H:%M}", row.get("from"), row["to"], row.get("sequence"))
        for row in sorted(
            ledger.rows("ticket_event"), key=lambda row: (row["ticket_id"], row["at"])
        )
    ]


def test_an_event_for_each_change_of_the_known_value_in_order(
    load: Any, ledger: Any, history: dict[str, Any]
) -> None:
    load(FILE, history)
    assert changes(ledger) == [
        ("A", "09:00", None, "new", 0),
        ("A", "11:00", "new", "solved", 3),  # out of order in the file
        # not counted: solved still at 12:00, and unknown at 12:30
        ("A", "13:00", "solved", "open", 6),
        ("B", "09:30", None, "new", 0),
        ("B", "10:00", "new", "solved", 1),
    ]


def test_without_the_initial_value_only_changes_are_told(
    load: Any, ledger: Any, history: dict[str, Any]
) -> None:
    history["changes"][0]["initial"] = False
    load(FILE, history)
    assert [row[1] for row in changes(ledger)] == ["11:00", "13:00", "10:00"]


def test_a_restated_value_is_an_event_again(
    load: Any, ledger: Any, history: dict[str, Any]
) -> None:
    history["changes"][0]["restate"] = ["solved"]
    load(FILE, history)
    assert ("A", "12:00", "solved", "solved", 4) in changes(ledger)
    assert len(changes(ledger)) == 6


def test_case_records_take_the_first_and_last_known_value_and_count_gaps(
    load: Any, ledger: Any, history: dict[str, Any]
) -> None:
    load(FILE, history)
    first, second = ledger.rows("ticket")
    assert first["created_at"] == dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
    # A's counter runs 0 1 3 4 5 6: 2 is missing.
    assert first["attributes"] == '{"first_who":"ann","last_who":"bob","gaps":1}'
    assert second["attributes"] == '{"first_who":"bob","last_who":"bob","gaps":0}'


def test_the_actor_comes_with_his_type_and_only_where_known(
    load: Any, ledger: Any, history: dict[str, Any]
) -> None:
    history["changes"][0] |= {"actor": "who", "actor_type": "agent"}
    load(FILE, history)
    actors = {
        (row["ticket_id"], row["to"]): (row.get("actor_type"), row.get("actor_id"))
        for row in ledger.rows("ticket_event")
    }
    assert actors["A", "new"] == (None, None)
    assert actors["A", "open"] == ("agent", "bob")


def test_an_unknown_status_is_rejected_and_is_no_change(
    load: Any, ledger: Any, history: dict[str, Any]
) -> None:
    report = load(FILE.replace("A,Open", "A,-100"), history)
    (reject,) = report.rejects
    assert (reject.line, reject.column, reject.value) == (7, "state", "-100")
    assert ("A", "13:00", "solved", "open", 6) not in changes(ledger)
    assert '"last_who":"bob"' in ledger.rows("ticket")[0]["attributes"]


def test_a_change_at_an_unknown_time_is_rejected_and_does_not_hide_the_next(
    load: Any, ledger: Any, history: dict[str, Any]
) -> None:
    report = load(FILE.replace("1/3/2026 11:00", "later"), history)
    assert [(r.column, r.value, r.lost) for r in report.rejects] == [("at", "later", "record")]
    assert ("A", "12:00", "new", "solved", 4) in changes(ledger)


def test_rows_of_one_instant_follow_their_sequence_then_the_file(
    load: Any, ledger: Any, history: dict[str, Any]
) -> None:
    text = "case,state,who,at,n\nA,Done,,1/3/2026 09:00,2\nA,New,,1/3/2026 09:00,1\n"
    load(text, history)
    assert [(row[2], row[3]) for row in changes(ledger)] == [("new", "solved"), (None, "new")]


def test_event_ids_stay_the_same_when_later_rows_are_added(
    load: Any, ledger: Any, history: dict[str, Any]
) -> None:
    load(FILE, history)
    before = {row["id"] for row in ledger.rows("ticket_event")}
    assert len(before) == 5
    ledger.batches.clear()
    load(FILE + "A,Done,ann,2/3/2026 09:00,7\n", history)
    assert before < {row["id"] for row in ledger.rows("ticket_event")}


def test_two_changes_of_one_instant_without_sequence_keep_two_ids(
    load: Any, ledger: Any, history: dict[str, Any]
) -> None:
    del history["changes"][0]["sequence"]
    history["case"]["order"] = ["at"]
    text = "case,state,who,at,n\nA,New,,1/3/2026 09:00,1\nA,Done,,1/3/2026 09:00,2\n"
    load(text, history)
    assert len({row["id"] for row in ledger.rows("ticket_event")}) == 2
