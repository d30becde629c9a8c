"""Exports in the many forms that people keep, and answers that Intercom itself recorded."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from intercom_records import made_of

from intercom_workspace import STREAMS, TICKET
from sanjeh.ledger import Ledger
from sanjeh.sources.helpdesk.dumping import import_dump
from sanjeh.sources.intercom import HELPDESK
from sanjeh.sources.intercom.words import STATE_AFTER

TALKS = STREAMS["conversations"]


def came(path: Path) -> Counter[str]:
    return Counter(payload.stream for payload in HELPDESK.dump(path))


def as_list(path: Path) -> Path:
    path.write_text(json.dumps(TALKS))
    return path


def as_answer(path: Path) -> Path:
    path.write_text(json.dumps({"type": "conversation.list", "total_count": 32,
                                "conversations": TALKS}))  # fmt: skip
    return path


def as_lines(path: Path) -> Path:
    path.write_text("".join(json.dumps(v) + "\n" for v in TALKS))
    return path


def as_packed_lines(path: Path) -> Path:
    packed = path.with_name("anything.ndjson.gz")
    packed.write_bytes(gzip.compress("\n".join(map(json.dumps, TALKS)).encode()))
    return packed


def as_a_file_each(path: Path) -> Path:
    folder = path.with_name("conversations")
    folder.mkdir()
    for value in TALKS:
        (folder / f"{value['id']}.json").write_text(json.dumps(value))
    return folder


def as_archive(path: Path) -> Path:
    packed = path.with_name("export.zip")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("part-1/data.json", json.dumps({"data": TALKS[:10]}))
        archive.writestr("part-2/data.json", json.dumps({"data": TALKS[10:]}))
        archive.writestr("part-2/readme.txt", "not read")
    return packed


@pytest.mark.parametrize(
    "write", [as_list, as_answer, as_lines, as_packed_lines, as_a_file_each, as_archive]
)
def test_conversations_are_found_in_any_form(write: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "conversations.json")
    assert HELPDESK.recognises(path)
    assert came(path) == {"conversations": 32}


def test_what_an_object_is_its_type_says_whatever_its_file_is_called(tmp_path: Path) -> None:
    mixed = [STREAMS[s][0] for s in ("admins", "teams", "tags", "companies", "contacts")]
    mixed += [TICKET, {"type": "data_attribute", "name": "tier"}, {"type": "segment", "id": "s"}]
    mixed += [{"id": "l", "activity_type": "app_name_change"}, {"type": "oddity", "id": "o"}]
    (tmp_path / "things.json").write_text(json.dumps(mixed))
    assert came(tmp_path) == {
        "admins": 1, "teams": 1, "tags": 1, "companies": 1, "contacts": 1, "tickets": 1,
        "activity_logs": 1, "things": 1,
    }  # fmt: skip


def test_parts_in_a_file_of_their_own_come_to_their_conversation(tmp_path: Path) -> None:
    bare = [{k: v for k, v in c.items() if k != "conversation_parts"} for c in TALKS]
    alone = [
        {**p, "conversation_id": c["id"]}
        for c in TALKS
        for p in c["conversation_parts"]["conversation_parts"]
    ]
    stray = {**alone[0], "id": "77", "conversation_id": "4711"}
    (tmp_path / "conversations.json").write_text(json.dumps(bare))
    (tmp_path / "conversation_parts.json").write_text(json.dumps([*reversed(alone), stray]))
    found = list(HELPDESK.dump(tmp_path))
    assert [p.value["id"] for p in found] == [*(c["id"] for c in TALKS), "77"]
    for payload, whole in zip(found, TALKS, strict=False):
        assert made_of("conversations", payload.value) == made_of("conversations", whole)


@pytest.mark.parametrize(
    "value",
    [
        [{"id": 1, "subject": "A ticket of another desk", "type": "ticket"}],
        [{"kind": "ticket", "id": "1"}],
        {"tickets": [{"id": 1, "status": "open"}]},
        [{"id": 5, "inbox_id": 1, "messages": []}],
        [],
        "text",
    ],
)
def test_other_exports_are_not_taken_for_intercoms(value: Any, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(value))
    assert not HELPDESK.recognises(path)
    assert not HELPDESK.recognises(tmp_path / "nothing.json")


def plainly_counted(values: list[dict[str, Any]]) -> Counter[str]:
    """Parts, and changes of state among them, counted in the JSON as it is."""
    parts = [p for v in values for p in v["conversation_parts"]["conversation_parts"]]
    return Counter(
        {"parts": len(parts), "states": sum(p["part_type"] in STATE_AFTER for p in parts)}
    )


def test_a_whole_workspace_agrees_with_plain_counting(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    for stream, values in STREAMS.items():
        (tmp_path / "export" / f"{stream}.json").write_text(json.dumps(values))
    ledger = Ledger(tmp_path / "home")
    report = import_dump(HELPDESK, tmp_path / "export", ledger)
    assert report.rows_rejected == 0
    assert report.rows_read == sum(map(len, STREAMS.values()))
    events = ledger.rows("ticket_event").to_pylist()
    changes = [e for e in events if e["type"] == "status_changed"]
    assert len(changes) == plainly_counted(TALKS)["states"] == 19
    assert len(ledger.rows("conversation").to_pylist()) == 32
    again = import_dump(HELPDESK, tmp_path / "export", ledger)
    assert {c.added + c.replaced for c in again.records.values()} == {0}


RECORDED = Path(os.environ.get("SANJEH_PAYLOADS", "nowhere")) / "intercom"
"""Answers that Intercom gave to others; they are no part of this project."""


@pytest.mark.slow
@pytest.mark.skipif(not RECORDED.is_dir(), reason="SANJEH_PAYLOADS names no recorded answers")
def test_recorded_answers_come_in_whole(tmp_path: Path) -> None:
    folders = {file.parent for file in RECORDED.rglob("conversations.json")} - {
        file.parent for file in RECORDED.rglob("*schema*/conversations.json")
    }
    assert folders
    for folder in folders:
        assert HELPDESK.recognises(folder)
        values = {f.stem: json.loads(f.read_text()) for f in sorted(folder.glob("*.json"))}
        whole = [
            p
            for v in values["conversations"]
            for p in (v.get("conversation_parts") or {}).get("conversation_parts", [])
        ]
        parts = whole + values.get("conversation_parts", [])
        ledger = Ledger(tmp_path / folder.name)
        report = import_dump(HELPDESK, folder, ledger)
        assert report.rows_rejected == 0, report.rejects
        assert all("history incomplete" in told for told in report.warnings), report.warnings
        figures = ledger.rows("vendor_figure").to_pylist()
        had = Counter(str(p.get("conversation_id")) for p in parts)
        lacking = {
            str(v["id"])
            for v in values["conversations"]
            if v["statistics"]["count_conversation_parts"] > had[str(v["id"])]
        }
        assert {f["target_id"].rpartition("/")[2] for f in figures if not f["complete"]} == lacking
        rows = {
            kind: ledger.rows(kind).to_pylist()
            for kind in ("conversation", "message", "ticket_event", "agent", "customer", "account")
        }
        assert len(rows["conversation"]) == len(values["conversations"])
        spoken = [p for p in parts if p["part_type"] in ("comment", "note", "quick_reply")]
        begun = [v for v in values["conversations"] if v["source"]["body"]]
        assert len(rows["message"]) == len(spoken) + len(begun)
        changes = [e for e in rows["ticket_event"] if e["type"] == "status_changed"]
        assert len(changes) == sum(p["part_type"] in STATE_AFTER for p in parts)
        people = [a for a in values["admins"] if not a["email"].startswith("operator+")]
        assert len(rows["agent"]) == len(people)
        assert len(rows["customer"]) == len(values["contacts"])
        assert len(rows["account"]) == len(values["companies"])
