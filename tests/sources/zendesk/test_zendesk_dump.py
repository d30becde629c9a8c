"""Zendesk's data in the shapes that exports and connectors give it: the same payloads from each."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from zendesk_company import Company, Json, at, written

from sanjeh.sources.helpdesk.registry import recognised
from sanjeh.sources.zendesk.dump import dump, recognises
from sanjeh.sources.zendesk.reading import KNOWN, Ticket
from sanjeh.sources.zendesk.translate import Translation

ACCOUNT = Company().json(1, 2, 8, 9, 20)
ACCOUNT["users"] = [u for u in ACCOUNT["users"] if u["id"] in (101, 102, 103, 104, 201, 202, 209)]


def lines(rows: list[Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def answers(folder: Path) -> Path:
    return written(folder, ACCOUNT)


def lists(folder: Path) -> Path:
    for name, rows in ACCOUNT.items():
        (folder / f"zendesk_{name}-2026.json").write_text(json.dumps(rows))
    return folder


def json_lines(folder: Path) -> Path:
    for name, rows in ACCOUNT.items():
        with gzip.open(folder / f"{name}.jsonl.gz", "wt") as file:
            file.write(lines(rows))
    return folder


def packed(folder: Path) -> Path:
    made = written(folder / "inside", ACCOUNT)
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as file:
        for each in made.iterdir():
            file.write(each, each.name)
    return path


def one_object(folder: Path) -> Path:
    path = folder / "everything.json"
    path.write_text(json.dumps(ACCOUNT))
    return path


def singers(folder: Path) -> Path:
    rows = [
        {"type": "RECORD", "stream": name, "record": {**row, "_sdc_sequence": 1}}
        for name, listed in ACCOUNT.items() for row in listed
    ]  # fmt: skip
    path = folder / "tap.jsonl"
    path.write_text(lines([{"type": "STATE", "value": {}}, *rows]))
    return path


def airbytes(folder: Path) -> Path:
    rows = [
        {"type": "RECORD", "record": {"stream": name, "data": row, "emitted_at": 1}}
        for name, listed in ACCOUNT.items() for row in listed
    ]  # fmt: skip
    path = folder / "airbyte.jsonl"
    path.write_text(lines(rows))
    return path


def recorded(folder: Path) -> Path:
    """Answers of the API as a recorder keeps them: the body as text."""
    made = [
        {"request": {"uri": f"https://acme.zendesk.com/api/v2/{name}.json"},
         "response": {"status": 200, "body": {"string": json.dumps(
            {("audits" if name == "ticket_audits" else name): rows, "next_page": None})}}}
        for name, rows in ACCOUNT.items()
    ]  # fmt: skip
    path = folder / "cassette.json"
    path.write_text(json.dumps({"http_interactions": made}))
    return path


SHAPES = (answers, lists, json_lines, packed, one_object, singers, airbytes, recorded)


def told(path: Path) -> Counter[str]:
    """The payloads, however they stood."""
    return Counter(
        f"{p.stream} {json.dumps(p.value, sort_keys=True, default=str)}" for p in dump(path)
    )


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_shape_gives_the_same_payloads(shape: Any, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    path = shape(tmp_path / "one")
    assert told(path) == told(answers(tmp_path / "other"))
    assert recognises(path)


def test_an_export_is_taken_for_zendesks_and_no_other_vendors(tmp_path: Path) -> None:
    found = recognised(answers(tmp_path))
    assert found is not None
    assert found.name == "zendesk"


def test_what_is_not_zendesks_is_not_recognised(tmp_path: Path) -> None:
    (tmp_path / "tickets.json").write_text('[{"id": 1, "subject": "Help", "status": "open"}]')
    assert not recognises(tmp_path)
    assert not recognises(tmp_path / "nothing")


def test_zendesks_own_export_holds_people_and_comments_in_the_ticket(tmp_path: Path) -> None:
    ticket: Json = {
        "id": 7, "created_at": at("02 09:00"), "updated_at": at("02 10:00"), "status": "solved",
        "subject": "Printer", "via": {"channel": "email"}, "tags": "paper printer",
        "requester": {"id": 207, "name": "Customer 7", "email": "207@example.com"},
        "submitter": {"id": 207, "name": "Customer 7"},
        "assignee": {"id": 101, "name": "Agent 1"}, "group": {"id": 11, "name": "Support"},
        "metric_set": {"ticket_id": 7, "replies": 1, "solved_at": at("02 10:00")},
        "comments": [
            {"id": 71, "author_id": 207, "public": True, "body": "It jams.",
             "created_at": at("02 09:00")},
            {"id": 72, "author_id": 101, "public": True, "body": "Open it.",
             "created_at": at("02 10:00")},
        ],
    }  # fmt: skip
    path = tmp_path / "export-2026-03.ndjson"
    path.write_text(lines([ticket, {**ticket, "id": 8, "comments": []}]))
    payloads = list(dump(path))
    streams = Counter(p.stream for p in payloads)
    assert streams == {"tickets": 2, "ticket_audits": 2, "users": 1, "agents": 1, "groups": 1}
    translation = Translation({})
    for payload in payloads:
        translation.learn(payload)
    made = [record for payload in payloads for record in translation.records(payload)]
    said = [(m["author_type"], m["author_id"]) for kind, m in made if kind == "message"]
    assert said == [("customer", "207"), ("agent", "101")]
    (first, _) = [t for kind, t in made if kind == "ticket"]
    assert (first["customer_id"], first["assignee_id"], first["team_id"]) == ("207", "101", "11")
    assert first["resolved_at"].isoformat() == "2026-03-02T10:00:00+00:00"
    assert not translation.unknown


def test_recorded_list_of_comments_names_the_ticket_by_its_address(tmp_path: Path) -> None:
    said = {"id": 5, "author_id": 1, "public": True, "body": "Hello", "created_at": at("02 09:00")}
    body = {"comments": [said]}
    exchange = {"url": "https://acme.zendesk.com/api/v2/tickets/35/comments.json", "body": body}
    (tmp_path / "recorded.json").write_text(json.dumps([exchange]))
    (comment,) = dump(tmp_path)
    assert (comment.stream, comment.value["ticket_id"]) == ("ticket_audits", "35")


def test_history_that_does_not_begin_at_the_creation_is_incomplete(tmp_path: Path) -> None:
    later = [a for a in ACCOUNT["ticket_audits"] if a["ticket_id"] != 1 or a["id"] > 1_000_100]
    path = written(tmp_path, {**ACCOUNT, "ticket_audits": later})
    known = {p.value["id"]: p.value[KNOWN] for p in dump(path) if p.stream == "tickets"}
    assert {id_: ticket.complete for id_, ticket in known.items()} == {
        1: False, 2: True, 8: True, 9: True, 20: True,
    }  # fmt: skip
    assert known[8] == Ticket(209, None, 209, frozenset({101}), 9, (), None, True)


def test_other_lists_are_told_by_their_name(tmp_path: Path) -> None:
    path = written(tmp_path, {**ACCOUNT, "group_memberships": [{"id": 1, "user_id": 101}]})
    other = [p for p in dump(path) if p.stream == "group_memberships"]
    assert len(other) == 1
    translation = Translation({})
    assert list(translation.records(other[0])) == []
    assert translation.unknown == {"stream group_memberships": 1}


@pytest.mark.parametrize(
    "value",
    [
        {"id": {"a": 1}, "requester": {"id": [1]}, "submitter_id": 1, "comments": [3, {}]},
        {"id": 1e300, "ticket_id": "x", "events": [{"type": "Create"}, 3]},
        {"id": 1, "ticket_id": 2, "events": [{"field_name": "tags", "type": "Change", "value": 3}]},
        {"tickets": {"tickets": [[[["{}"]]]]}},
        [[], {}, None, 3, "{", {"record": {"stream": 3, "data": {"id": 1}}}],
    ],
)
def test_no_shape_stops_the_reading(value: Any, tmp_path: Path) -> None:
    (tmp_path / "ticket_audits.json").write_text(json.dumps([value, value]))
    (tmp_path / "tickets.json").write_text(json.dumps([value, {"id": 5, "requester_id": 7}]))
    payloads = list(dump(tmp_path))
    assert any(p.value.get("id") == 5 for p in payloads)
