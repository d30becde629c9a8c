"""Files as exports write them: encodings, delimiters, spreadsheets, bad rows and their lines."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from recording_ledger import RecordingBatch

from sanjeh.ledger import LedgerError
from sanjeh.sources import FileUnreadable, import_path
from sanjeh.sources.table import reading
from sanjeh.sources.table.encoding import find_delimiter, find_encoding
from sanjeh.sources.table.mapping import FileShape, read_mapping
from sanjeh.sources.table.reading import read_table

PERSIAN = "id,at,subject\n1,2026-03-01 09:00,مشکل در پرداخت\n2,2026-03-02 10:00,سلام وقت بخیر\n"
ARABIC = "id,at,subject\n1,2026-03-01 09:00,مشكلة في الدفع\n2,2026-03-02 10:00,السلام عليكم\n"
RUSSIAN = "id,at,subject\n1,2026-03-01 09:00,Не приходит счёт\n2,2026-03-02 10:00,Привет всем\n"
FRENCH = "id,at,subject\n1,2026-03-01 09:00,Problème réglé\n2,2026-03-02 10:00,Déjà payé\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (PERSIAN, "utf-8", "utf-8"),
        (PERSIAN, "utf-8-sig", "utf-8-sig"),
        (RUSSIAN, "utf-16", "utf-16"),
        (RUSSIAN, "utf-16-le", "utf-16-le"),
        (RUSSIAN, "cp1251", "cp1251"),
        (ARABIC, "cp1256", "cp1256"),
        (FRENCH, "latin-1", "cp1252"),
        ("id,at,subject\n1,2026-03-01,plain\n", "ascii", "utf-8"),
    ],
)
def test_encoding_is_found_and_read(
    load: Any, ledger: Any, tickets: dict[str, Any], text: str, encoding: str, found: str
) -> None:
    assert find_encoding(text.encode(encoding)) == found
    load(text.encode(encoding), tickets)
    expected = [line.split(",")[2] for line in text.splitlines()[1:]]
    assert [row["subject"] for row in ledger.rows("ticket")] == expected


def test_encoding_of_the_mapping_holds_and_a_wrong_one_is_an_error(
    load: Any, ledger: Any, tickets: dict[str, Any]
) -> None:
    load(RUSSIAN.encode("cp1251"), {**tickets, "file": {"encoding": "cp1251"}})
    assert ledger.rows("ticket")[1]["subject"] == "Привет всем"
    with pytest.raises(FileUnreadable, match="is not utf-8: byte"):
        load(RUSSIAN.encode("cp1251"), {**tickets, "file": {"encoding": "utf-8"}})
    with pytest.raises(FileUnreadable, match="is no encoding"):
        load(RUSSIAN, {**tickets, "file": {"encoding": "klingon"}})


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(
    load: Any, ledger: Any, tickets: dict[str, Any], delimiter: str
) -> None:
    rows = [["id", "at", "subject"], ["1", "2026-03-01 09:00", '"a, b; c"'], ["2", "", "d"]]
    text = "".join(delimiter.join(row) + "\n" for row in rows)
    assert find_delimiter(text) == delimiter
    load(text, tickets)
    assert ledger.rows("ticket")[0]["subject"] == "a, b; c"


def test_rows_of_the_wrong_width_are_rejected_at_their_line_and_the_rest_load(
    load: Any, ledger: Any, tickets: dict[str, Any]
) -> None:
    text = (
        "id,at,subject\n"
        "1,2026-03-01 09:00,fine\n"
        '2,2026-03-01 09:00,"two\nlines"\n'  # lines 3 and 4
        "\n"  # 5: empty, not a row
        "3,2026-03-01 09:00\n"  # 6: too few
        "4,not a date,kept\n"  # 7
        "5,2026-03-01 09:00,x,y\n"  # 8: too many
        "6,2026-13-01 09:00,kept\n"  # 9
    )
    report = load(text, tickets)
    assert [row["id"] for row in ledger.rows("ticket")] == ["1", "2", "4", "6"]
    assert ledger.rows("ticket")[1]["subject"] == "two\nlines"
    assert report.rows_read == 6
    assert report.rows_rejected == 4
    assert [(r.line, r.column, r.value, r.lost) for r in report.rejects] == [
        (6, None, None, "row"),
        (8, None, None, "row"),
        (7, "at", "not a date", "cell"),
        (9, "at", "2026-13-01 09:00", "cell"),
    ]
    assert report.rejects[0].reason == "2 cells where the headings have 3"
    kept = [json.loads(line) for line in report.rejects_path.read_text().splitlines()]
    assert kept[0]["row"] == "3,2026-03-01 09:00"
    assert kept[2]["row"] == {"id": "4", "at": "not a date", "subject": "kept"}
    assert report.rejects_path.name == "1.jsonl"
    assert report.warnings == {"wrong number of cells": 2, "unreadable instant in at": 2}


def test_a_file_read_in_parts_gives_the_rows_and_lines_of_the_whole(
    load: Any, ledger: Any, tickets: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_WORTH_PARTS", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    rows = [f"{n},2026-03-01 09:00,{'سلام' if n % 2 else 'hello'}" for n in range(2, 102)]
    rows[2] = "4"  # too few
    rows[50] = "52,2026-03-01 09:00,x,y"  # too many
    rows[70] = "72,soon,kept"
    rows[99] = "101,2026-03-01 09:00"  # the last line, without its end
    report = load("id,at,subject\n" + "\n".join(rows), tickets)
    expected = [str(n) for n in range(2, 102) if n not in (4, 52, 101)]
    assert [row["id"] for row in ledger.rows("ticket")] == expected
    assert ledger.rows("ticket")[1]["subject"] == "سلام"
    assert report.rows_read == 100
    assert [(r.line, r.lost) for r in report.rejects] == [
        (4, "row"),
        (52, "row"),
        (101, "row"),
        (72, "cell"),
    ]


def test_a_quoted_file_is_read_whole_for_its_rows_may_span_lines(
    load: Any, ledger: Any, tickets: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_WORTH_PARTS", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    rows = "".join(f'{n},2026-03-01 09:00,"a\nb\nc"\n' for n in range(20))
    load("id,at,subject\n" + rows, tickets)
    assert [row["subject"] for row in ledger.rows("ticket")] == ["a\nb\nc"] * 20


def test_an_append_that_fails_beside_the_building_fails_the_import(
    load: Any, ledger: Any, tickets: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(batch: Any, kind: str, table: Any) -> None:
        raise LedgerError(f"no {kind} today")

    monkeypatch.setattr(RecordingBatch, "append", refuse)
    with pytest.raises(LedgerError, match="no ticket today"):
        load("id,at,subject\n1,2026-03-01 09:00,a\n", tickets)


def test_lines_above_the_headings_are_skipped_and_counted(
    load: Any, ledger: Any, tickets: dict[str, Any]
) -> None:
    text = "Export of March\n\nid,at,subject\n1,2026-03-01 09:00,a\n2,soon,b\n3,x\n"
    report = load(text, {**tickets, "file": {"header_row": 3}})
    assert [row["id"] for row in ledger.rows("ticket")] == ["1", "2"]
    assert sorted(r.line for r in report.rejects) == [5, 6]


def test_a_row_without_its_key_is_rejected(load: Any, ledger: Any, tickets: dict[str, Any]) -> None:
    report = load("id,at,subject\n,2026-03-01 09:00,a\n2,2026-03-01 09:00,b\n", tickets)
    assert [row["id"] for row in ledger.rows("ticket")] == ["2"]
    (reject,) = report.rejects
    assert (reject.line, reject.column, reject.lost) == (2, "id", "record")
    assert reject.reason == "ticket.id is missing: 'id' is empty"


def test_repeated_rows_are_harmless_and_counted(
    load: Any, ledger: Any, tickets: dict[str, Any]
) -> None:
    row = "1,2026-03-01 09:00,a\n"
    report = load("id,at,subject\n" + row + "2,2026-03-01 10:00,b\n" + row + row, tickets)
    assert [r["id"] for r in ledger.rows("ticket")] == ["1", "2"]
    assert report.warnings == {"row repeated in every cell": 2}
    assert report.rows_rejected == 0
    assert report.rejects_path is None


def test_null_words_are_unknown_and_not_values(
    load: Any, ledger: Any, tickets: dict[str, Any]
) -> None:
    text = "id,at,subject\n1,2026-03-01 09:00,?\n2,NULL,b\n"
    report = load(text, {**tickets, "file": {"null": ["?", "NULL"]}})
    assert "subject" not in ledger.rows("ticket")[0]
    assert "created_at" not in ledger.rows("ticket")[1]
    assert report.rows_rejected == 0


def test_a_truncated_gzip_imports_nothing_and_says_so(
    load: Any, ledger: Any, tickets: dict[str, Any]
) -> None:
    text = "id,at,subject\n" + "".join(f"{n},2026-03-01 09:00,s{n}\n" for n in range(5000))
    packed = gzip.compress(text.encode())
    with pytest.raises(FileUnreadable, match="cut short or damaged"):
        load(packed[:-20], tickets, name="export.csv.gz")
    assert ledger.batches == []
    assert load(packed, tickets, name="export.csv.gz").rows_read == 5000


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("", "export.csv", "no headings"),
        ("id,at\n", "export.pdf", "name its format"),
        (b"PK\x03\x04 nonsense", "export.xlsx", "as a spreadsheet"),
        (b"PAR1 nonsense", "export.parquet", "as Parquet"),
        ("[{", "export.json", "is not JSON"),
    ],
)
def test_a_file_that_is_not_what_it_says(
    load: Any, ledger: Any, tickets: dict[str, Any], content: Any, name: str, message: str
) -> None:
    with pytest.raises(FileUnreadable, match=message):
        load(content, tickets, name=name)
    assert ledger.batches == []


def test_a_file_that_is_not_there(ledger: Any, tickets: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="There is no file at"):
        import_path(tmp_path / "no.csv", ledger, mapping=read_mapping(tickets))


def test_headings_without_rows_import_nothing(
    load: Any, ledger: Any, tickets: dict[str, Any]
) -> None:
    assert load("id,at,subject\n", tickets).rows_read == 0


def test_repeated_and_empty_headings_get_names(tmp_path: Path) -> None:
    path = tmp_path / "jira.csv"
    path.write_text("Issue key,Comment,Comment,\nA-1,first,second,x\n")
    assert read_table(path, FileShape()).table.column_names == [
        "Issue key",
        "Comment",
        "Comment_2",
        "column_4",
    ]


def test_excel_cells_keep_their_dates_numbers_and_rows(
    load: Any, ledger: Any, tickets: dict[str, Any], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Tickets")
    sheet.append(["id", "at", "subject"])
    sheet.append([101, dt.datetime.fromisoformat("2026-03-01T09:30"), "first"])
    sheet.append([None, None, None])
    sheet.append([102, "not a date", "second"])
    path = tmp_path / "made.xlsx"
    book.save(path)
    report = load(path.read_bytes(), {**tickets, "file": {"sheet": "Tickets"}}, name="export.xlsx")
    first, second = ledger.rows("ticket")
    assert first["id"] == "101"
    assert first["created_at"] == dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)
    assert second["subject"] == "second"
    assert [r.line for r in report.rejects] == [4]
    with pytest.raises(FileUnreadable, match="it has Notes, Tickets"):
        load(path.read_bytes(), {**tickets, "file": {"sheet": "No"}}, name="export.xlsx")


def test_parquet_columns_are_read_by_their_types(
    load: Any, ledger: Any, tickets: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "made.parquet"
    table = {
        "id": pa.array([1, 2]),
        "at": pa.array([1_772_355_600, None], pa.timestamp("s", "Asia/Tehran")),
        "subject": ["a", None],
    }
    pq.write_table(pa.table(table), path)
    report = load(path.read_bytes(), tickets, name="export.parquet")
    assert report.rows_rejected == 0
    assert ledger.rows("ticket") == [
        {"id": "1", "created_at": dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC), "subject": "a"},
        {"id": "2"},
    ]


@pytest.mark.parametrize("lines", [True, False])
def test_json_arrays_and_lines_with_nested_objects(load: Any, ledger: Any, lines: bool) -> None:
    rows: list[dict[str, Any]] = [
        {"id": 1, "who": {"mail": "a@example.com"}, "at": "2026-03-01T09:00:00Z"},
        {"id": 2, "at": "2026-03-01T10:00:00+03:30", "tags": ["x", "y"]},
    ]
    text = "\n".join(map(json.dumps, rows)) if lines else json.dumps(rows)
    mapping = {
        "columns": {"tags": {"type": "texts"}},
        "records": [
            {
                "kind": "ticket",
                "fields": {"id": "id", "created_at": "at", "customer_id": "who.mail"},
                "attributes": {"tags": "tags"},
            }
        ],
    }
    load(text, mapping, name="export.json")
    assert ledger.rows("ticket") == [
        {
            "id": "1",
            "created_at": dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC),
            "customer_id": "a@example.com",
        },
        {
            "id": "2",
            "created_at": dt.datetime(2026, 3, 1, 6, 30, tzinfo=dt.UTC),
            "attributes": '{"tags":["x","y"]}',
        },
    ]
