"""Recorded answers of a real account, where they lie beside the repository, import whole.

What is expected is counted from the JSON itself, without any of our reading.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sanjeh.ledger import Ledger
from sanjeh.sources.helpdesk.dumping import import_dump
from sanjeh.sources.zendesk import HELPDESK

pytestmark = pytest.mark.slow
FOUND = [
    folder
    for above in Path(__file__).resolve().parents
    if (folder := above / "shared" / "data" / "payloads").is_dir()
]


@pytest.fixture(scope="module")
def payloads() -> Path:
    if not FOUND:
        pytest.skip("the recorded answers are not beside this repository")
    return FOUND[0]


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return found


def imported(folder: Path, home: Path) -> Ledger:
    home.mkdir()
    ledger = Ledger(home)
    report = import_dump(HELPDESK, folder, ledger)
    assert [(r.field, r.reason) for r in report.rejects] == []
    return ledger


def ids(ledger: Ledger, kind: str, **wanted: str) -> set[str]:
    found = ledger.rows(kind).to_pylist()
    told = [r for r in found if all(r[name] == value for name, value in wanted.items())]
    assert len({r["id"] for r in told}) == len(told)
    return {r["id"].rpartition("/")[2] for r in told}


def test_support(payloads: Path, tmp_path: Path) -> None:
    (folder,) = payloads.glob("zendesk/airbyte_*_zendesk-support")
    ledger = imported(folder, tmp_path / "home")
    events = [e for a in rows(folder, "ticket_audits") for e in a["events"]]
    comments = {str(e["id"]) for e in events if e["type"] == "Comment"}
    comments |= {str(c["id"]) for c in rows(folder, "ticket_comments")}
    assert ids(ledger, "message") == comments
    assert ids(ledger, "ticket") == {str(t["id"]) for t in rows(folder, "tickets")}
    for field, kind in (("status", "status_changed"), ("priority", "priority_changed")):
        told = [e for e in events if e["type"] == "Change" and e["field_name"] == field]
        assert ids(ledger, "ticket_event", type=kind) == {str(e["id"]) for e in told}
    assert ids(ledger, "team") == {str(g["id"]) for g in rows(folder, "groups")}
    assert ids(ledger, "account") == {str(o["id"]) for o in rows(folder, "organizations")}
    offered = {
        str(r["id"]) for r in rows(folder, "satisfaction_ratings") if r["score"] == "offered"
    }
    assert ids(ledger, "survey_invite") == offered
    figures = sum(
        m[f"{name}_time_in_minutes"][clock] is not None
        for m in rows(folder, "ticket_metrics")
        for name in ("reply", "first_resolution", "full_resolution")
        for clock in ("calendar", "business")
    )
    counts = 4 * len(rows(folder, "ticket_metrics"))
    assert len(ids(ledger, "vendor_figure")) == figures + counts
    # No audit of these reaches back to the ticket's creation.
    assert not any(f["complete"] for f in ledger.rows("vendor_figure").to_pylist())


def test_chat(payloads: Path, tmp_path: Path) -> None:
    (folder,) = payloads.glob("zendesk_chat/airbyte_*_zendesk-chat")
    ledger = imported(folder, tmp_path / "home")
    chats = rows(folder, "chats")
    assert ids(ledger, "conversation") == {f"chat:{c['id']}" for c in chats}
    said = [line for c in chats for line in c.get("history", ()) if line["type"] == "chat.msg"]
    written = [c for c in chats if c["type"] == "offline_msg" and c["message"]]
    assert len(ids(ledger, "message")) == len(said) + len(written)
    assert len(ids(ledger, "canned_response")) == len(rows(folder, "shortcuts"))


def test_talk(payloads: Path, tmp_path: Path) -> None:
    (folder,) = payloads.glob("zendesk_talk/airbyte_*_zendesk-talk")
    ledger = imported(folder, tmp_path / "home")
    calls = rows(folder, "calls")
    assert ids(ledger, "conversation") == {f"call:{c['id']}" for c in calls}
    agents = [
        leg for leg in rows(folder, "call_legs") if leg["type"] == "agent" and leg["agent_id"]
    ]
    assert ids(ledger, "participation") == {f"leg:{leg['id']}" for leg in agents}


def test_documented_examples_and_schemas_stop_nothing(payloads: Path, tmp_path: Path) -> None:
    """Everything of Zendesk's that is there: what is no object is refused one by one."""
    (tmp_path / "home").mkdir()
    report = import_dump(HELPDESK, payloads / "zendesk", Ledger(tmp_path / "home"))
    assert report.rows_read > 100
    assert all(reject.reason for reject in report.rejects)
