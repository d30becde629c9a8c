"""A mapping says what is wrong with it before a row is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sanjeh.sources import Mapping, MappingError, load_mapping, to_toml
from sanjeh.sources.table.mapping import read_mapping


def ticket(**changes: Any) -> dict[str, Any]:
    return {"kind": "ticket", "fields": {"id": "id"}, **changes}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, r"makes no records"),
        ({"recods": []}, r"unknown key 'recods'; did you mean records"),
        ({"records": [ticket(kind="tickt")]}, r"record kind 'tickt'; did you mean ticket"),
        (
            {"records": [ticket(fields={"id": "id", "create_at": "c"})]},
            r"ticket field 'create_at'; did you mean created_at",
        ),
        ({"records": [ticket(fields={"number": "n"})]}, r"ticket needs its field `id`"),
        ({"records": [ticket(per="case")]}, r"needs \[case\] with `key`"),
        (
            {"records": [ticket(fields={"id": "id", "priority": {}})]},
            r"one of column, constant, template or gaps",
        ),
        (
            {"records": [ticket(fields={"id": "id", "complexity": {"constant": "hrad"}})]},
            r"ticket.complexity 'hrad'; did you mean hard|it should be of",
        ),
        ({"zone": "Tehran", "records": [ticket()]}, r"'Tehran' is no time zone"),
        ({"source": "a/b", "records": [ticket()]}, r"may not be empty or hold a '/'"),
        ({"columns": {"x": {"type": "txt"}}, "records": [ticket()]}, r"type is 'txt'; did you"),
        ({"file": {"format": "xml"}, "records": [ticket()]}, r"format is 'xml'"),
        ({"file": {"header_row": 0}, "records": [ticket()]}, r"counts from 1"),
        ({"records": {"kind": "ticket"}}, r"write \[\[records\]\]"),
        (
            {"records": [ticket(attributes={"g": {"gaps": "n"}})]},
            r'counts gaps, so write per = "case"',
        ),
        (
            {
                "case": {"key": "id"},
                "columns": {"s": {"values": {"Done": "sloved"}}},
                "changes": [{"type": "status_changed", "column": "s", "at": "t"}],
            },
            r"status 'sloved'; did you mean solved",
        ),
        (
            {"case": {"key": "id"}, "changes": [{"type": "renamed", "column": "s", "at": "t"}]},
            r"changes of type 'renamed'",
        ),
    ],
)
def test_what_is_wrong_is_named(data: dict[str, Any], message: str) -> None:
    with pytest.raises(MappingError, match=message):
        read_mapping(data)


def test_a_column_that_the_file_lacks_is_named(load: Any, ledger: Any) -> None:
    with pytest.raises(MappingError, match="names a column 'id'; the file has number, at"):
        load("number,at\n1,2\n", {"records": [ticket()]})
    assert ledger.batches == []


def test_a_mapping_that_is_no_toml_or_not_there(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="There is no mapping at"):
        load_mapping(tmp_path / "no.toml")
    (tmp_path / "bad.toml").write_text("source = ")
    with pytest.raises(MappingError, match="is not TOML"):
        load_mapping(tmp_path / "bad.toml")


def test_templates_constants_and_needs(load: Any, ledger: Any) -> None:
    mapping = {
        "zone": "UTC",
        "records": [
            {
                "kind": "ticket_event",
                "needs": ["closed"],
                "fields": {
                    "id": {"template": "{id} closed by {who}'s"},
                    "ticket_id": "id",
                    "at": "closed",
                    "type": {"constant": "status_changed"},
                    "to": {"constant": "closed"},
                },
            }
        ],
    }
    report = load("id,closed,who\n1,2026-03-01,ann\n2,,bob\n", mapping)
    (event,) = ledger.rows("ticket_event")
    assert event["id"] == "1 closed by ann's"
    assert event["to"] == "closed"
    assert report.rows_rejected == 0  # a case still open is no fault


def test_an_event_without_an_id_of_its_own_gets_one_that_stays(load: Any, ledger: Any) -> None:
    mapping = {
        "zone": "UTC",
        "records": [
            {
                "kind": "ticket_event",
                "fields": {"ticket_id": "id", "at": "at", "type": {"constant": "created"}},
            }
        ],
    }
    load("id,at\n1,2026-03-01\n2,2026-03-01\n", mapping)
    load("id,at\n2,2026-03-01\n", mapping)
    ids = [row["id"] for row in ledger.rows("ticket_event")]
    assert len(set(ids)) == 2
    assert ids[2] == ids[1]


def test_source_and_zone_given_beside_the_mapping_win(
    load: Any, ledger: Any, tickets: dict[str, Any]
) -> None:
    report = load(
        "id,at,subject\n1,2026-03-01 10:00,a\n", tickets, source="desk", zone="Asia/Tehran"
    )
    assert (report.source, ledger.batches[0].source) == ("desk", "desk")
    assert f"{ledger.rows('ticket')[0]['created_at']:%H:%M}" == "06:30"


def test_a_mapping_survives_being_written_as_toml(tmp_path: Path) -> None:
    mapping: Mapping = read_mapping(
        {
            "title": 'With "quotes" and \\',
            "zone": "Asia/Tehran",
            "file": {"delimiter": "\t", "null": ["?", "-"], "header_row": 3},
            "case": {"key": "شماره تیکت", "order": ["زمان"]},
            "columns": {
                "وضعیت": {"values": {"باز": "open", "1. x": "new"}, "unknown": "null"},
                "زمان": {"type": "instant", "format": ["jalali", "iso"]},
            },
            "records": [
                {
                    "kind": "ticket",
                    "per": "case",
                    "fields": {"id": "شماره تیکت", "is_test": {"constant": False}},
                    "attributes": {"a b": {"column": "x", "keep": "first", "values": {"1": "2"}}},
                },
                {"kind": "agent", "needs": ["who"], "fields": {"id": "who"}},
            ],
            "changes": [
                {
                    "type": "status_changed",
                    "column": "وضعیت",
                    "at": "زمان",
                    "initial": False,
                    "restate": ["solved"],
                }
            ],
        }
    )
    path = tmp_path / "mapping.toml"
    path.write_text(to_toml(mapping), encoding="utf-8")
    assert load_mapping(path) == mapping
