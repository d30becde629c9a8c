"""Records taken column by column are the records taken one by one, and the same are refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from sanjeh.sources.helpdesk import columns
from sanjeh.sources.records.check import check_record

GOOD: dict[str, Any] = {
    "id": 7, "subject": "Question 7", "created_at": "2026-03-02T09:00:00+03:30",
    "version_at": dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), "complexity": "low", "is_spam": False,
    "linked_ids": ["8", "9"], "attributes": {"b": 1, "a": "x"}, "sequence": 3,
}  # fmt: skip
BAD = (
    {"created_at": "yesterday"}, {"created_at": "2026-03-02T09:00:00"}, {"created_at": 5},
    {"version_at": dt.datetime(2026, 3, 2, 9)},  # noqa: DTZ001
    {"complexity": "odd"}, {"id": None}, {"id": True}, {"id": ["7"]}, {"is_spam": "no"},
    {"linked_ids": [8]}, {"linked_ids": "8"}, {"attributes": {"a": {"deep": 1}}},
    {"attributes": [1]}, {"sequence": 1.5}, {"sequence": 2**63}, {"unheard_of": 1},
    {"subject": "half \ud800"}, {"source": "a/b"},
)  # fmt: skip


def taken(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[int]]:
    refused: list[int] = []
    made = columns.tables("ticket", rows, lambda place, faults: refused.append(place))
    kept = pa.concat_tables(made, promote_options="default").to_pylist() if made else []
    return [{k: v for k, v in row.items() if v is not None} for row in kept], refused


def test_good_records_are_what_the_check_makes_of_each() -> None:
    rows = [{**GOOD, "id": n} for n in range(200)] + [{"id": "last", "created_at": None}]
    kept, refused = taken(rows)
    assert refused == []
    expected = [check_record({"record": "ticket", **row}, None) for row in rows]
    assert kept == [made[1] for made in expected]


@pytest.mark.parametrize("wrong", BAD, ids=repr)
def test_bad_record_is_refused_alone_among_many(wrong: dict[str, Any]) -> None:
    rows = [{**GOOD, "id": n} for n in range(300)]
    rows[137] |= wrong
    kept, refused = taken(rows)
    assert refused == [137]
    assert isinstance(check_record({"record": "ticket", **rows[137]}, None), list)
    assert [row["id"] for row in kept] == [str(n) for n in range(300) if n != 137]


def test_unknown_kind_is_refused_whole() -> None:
    refused: list[int] = []
    assert columns.tables("tikcet", [GOOD, GOOD], lambda place, f: refused.append(place)) == []
    assert refused == [0, 1]
