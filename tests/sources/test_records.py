"""JSON lines in the vocabulary: what loads, what is refused, at which line and field."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import Any

import pytest

from sanjeh.sources import FileUnreadable
from sanjeh.sources.records import lines as reader

AT = dt.datetime(2026, 3, 1, 9, 0, tzinfo=dt.UTC)


def line(**record: Any) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


TICKET = line(kind="ticket", id="1", created_at="2026-03-01T09:00:00Z")


def test_records_load_with_their_exact_fields(load: Any, ledger: Any) -> None:
    text = (
        line(
            kind="ticket",
            id="1",
            created_at="2026-03-01T12:30:00+03:30",
            linked_ids=["2", "3"],
            is_spam=False,
            subject="مشکل",
            attributes={"plan": "pro", "seats": 5},
            sla_policy_snapshot={"first": 60},
        )
        + "\n"
        + line(
            kind="ticket_event",
            id="e",
            ticket_id="1",
            at="2026-03-01T09:00:00Z",
            **{"type": "status_changed", "from": "new", "to": "open", "sequence": 2},
        )
    )
    report = load(text, name="records.jsonl")
    assert ledger.rows("ticket") == [
        {
            "id": "1",
            "created_at": AT,
            "linked_ids": ["2", "3"],
            "is_spam": False,
            "subject": "مشکل",
            "attributes": '{"plan": "pro", "seats": 5}',
            "sla_policy_snapshot": '{"first": 60}',
            "source": "records",
        }
    ]
    (event,) = ledger.rows("ticket_event")
    assert (event["from"], event["to"], event["sequence"]) == ("new", "open", 2)
    assert (report.rows_read, report.rows_rejected, report.mapping_used) == (2, 0, "records")
    assert report.records["ticket"].added == 1


@pytest.mark.parametrize(
    ("record", "field", "value", "reason"),
    [
        ({"kind": "tiket", "id": "1"}, "kind", "tiket", "no kind 'tiket'; did you mean ticket?"),
        ({"id": "1"}, "kind", None, "no kind None"),
        (
            {"kind": "ticket", "id": "1", "create_at": "x"},
            "create_at",
            "x",
            "no field of ticket 'create_at'; did you mean created_at",
        ),
        ({"kind": "ticket", "number": "1"}, "id", None, "ticket needs its field 'id'"),
        ({"kind": "ticket", "id": None}, "id", None, "ticket needs its field 'id'"),
        ({"kind": "ticket", "id": 7.5}, "id", "7.5", "ticket.id: expected text in quotes"),
        (
            {"kind": "ticket", "id": "1", "created_at": "2026-03-01T09:00:00"},
            "created_at",
            "2026-03-01T09:00:00",
            "expected an offset",
        ),
        (
            {"kind": "ticket", "id": "1", "created_at": 1772355600},
            "created_at",
            "1772355600",
            "expected an instant like",
        ),
        (
            {"kind": "ticket", "id": "1", "created_at": "2026-02-30T09:00:00Z"},
            "created_at",
            "2026-02-30T09:00:00Z",
            "expected an instant like",
        ),
        ({"kind": "ticket", "id": "1", "is_spam": "yes"}, "is_spam", "yes", "expected true or"),
        ({"kind": "ticket", "id": "1", "sequence": True}, "sequence", "true", "a whole number"),
        ({"kind": "ticket", "id": "1", "sequence": 1.5}, "sequence", "1.5", "a whole number"),
        ({"kind": "ticket", "id": "1", "linked_ids": "2"}, "linked_ids", "2", "a list of texts"),
        (
            {"kind": "ticket", "id": "1", "attributes": {"a": {"b": 1}}},
            "attributes",
            '{"a": {"b": 1}}',
            "a flat object",
        ),
        (
            {"kind": "ticket", "id": "1", "complexity": "hgh"},
            "complexity",
            "hgh",
            "no ticket.complexity 'hgh'; did you mean high?",
        ),
        ({"kind": "ticket", "id": "1", "source": "a/b"}, "source", "a/b", "a name without '/'"),
        ({"kind": "ticket", "id": "\ud800"}, "id", "\\ud800", "expected whole characters"),
    ],
)
def test_a_wrong_record_is_refused_with_its_reason_and_the_rest_load(
    load: Any, ledger: Any, record: dict[str, Any], field: str, value: str | None, reason: str
) -> None:
    report = load(TICKET + json.dumps(record) + "\n" + TICKET, name="records.jsonl")
    assert ledger.table("ticket").num_rows == 2
    (reject,) = report.rejects
    assert (reject.line, reject.column, reject.lost) == (2, field, "row")
    assert reason in reject.reason
    if "\\" not in (value or ""):
        assert reject.value == value
    assert report.rows_rejected == 1


def test_all_faults_of_one_record_are_told_and_count_as_one_row(load: Any) -> None:
    report = load(TICKET + line(kind="ticket", is_spam=1, colour="red"), name="r.jsonl")
    assert [r.column for r in report.rejects] == ["is_spam", "colour", "id"]
    assert report.rows_rejected == 1
    assert report.warnings == {"wrong type": 1, "unknown field": 1, "missing key": 1}


def test_lines_that_are_not_objects_are_refused(load: Any, ledger: Any) -> None:
    report = load(
        TICKET.encode() + b'{"kind": \n[1]\n"x"\n{"kind":"ticket","id":NaN}\n\xff\xfe{"a"}\n',
        name="r.jsonl",
    )
    assert [r.line for r in report.rejects] == [2, 3, 4, 5, 6]
    assert report.warnings == {"not JSON": 5}
    assert len(ledger.rows("ticket")) == 1


def test_the_records_source_is_kept_and_the_given_one_fills_in(load: Any, ledger: Any) -> None:
    text = TICKET + line(kind="ticket", id="2", source="desk")
    report = load(text, name="r.jsonl", source="archive")
    assert [row["source"] for row in ledger.rows("ticket")] == ["archive", "desk"]
    assert report.source == "archive, desk"


def test_a_zone_reads_wall_times(load: Any, ledger: Any) -> None:
    text = line(kind="ticket", id="1", created_at="2026-03-01T12:30:00")
    load(text, name="r.jsonl", zone="Asia/Tehran")
    assert ledger.rows("ticket")[0]["created_at"] == AT


def test_packed_marked_and_array_files_are_records_too(load: Any, ledger: Any) -> None:
    load(gzip.compress(TICKET.encode()), name="r.jsonl.gz")
    load(TICKET.encode("utf-8-sig"), name="r.ndjson")
    load(TICKET.encode("utf-16"), name="r.jsonl")
    load(f"[{TICKET},\n{TICKET}]", name="r.json")
    assert [row["id"] for row in ledger.rows("ticket")] == ["1"] * 5


def test_a_truncated_gzip_imports_nothing(load: Any, ledger: Any) -> None:
    many = "".join(line(kind="ticket", id=str(n)) for n in range(20_000))
    with pytest.raises(FileUnreadable, match="cut short or damaged"):
        load(gzip.compress(many.encode())[:-50], name="r.jsonl.gz")
    assert ledger.batches == []
    assert not (ledger.path / "rejects").exists() or not list((ledger.path / "rejects").iterdir())


def test_a_long_file_is_handed_over_in_parts(
    load: Any, ledger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_KIND_CHUNK", 4)
    monkeypatch.setattr(reader, "_ALL_CHUNK", 6)
    text = "".join(
        line(kind="ticket", id=str(n)) + line(kind="agent", id=str(n)) for n in range(10)
    )
    report = load(text, name="r.jsonl")
    assert len(ledger.batches[0].tables["ticket"]) > 1
    assert report.records["ticket"].added == 10
    assert report.records["agent"].added == 10
