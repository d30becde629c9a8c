"""Exports of many shapes give the same payloads; tables of the database look like the API."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chatwoot_desk import AGENTS, INBOXES, TEAMS, Desk, desk, payloads

from sanjeh.sources.chatwoot import HELPDESK
from sanjeh.sources.chatwoot.dump import dump, recognises
from sanjeh.sources.chatwoot.translate import ChatwootTranslation
from sanjeh.sources.helpdesk.contract import Payload

Json = dict[str, Any]


def records(given: list[Payload]) -> set[str]:
    """What is made of the payloads, as text, each once."""
    translation = ChatwootTranslation()
    for payload in given:
        translation.learn(payload)
    return {
        json.dumps([kind, fields], default=str, sort_keys=True, ensure_ascii=False)
        for payload in given
        for kind, fields in translation.records(payload)
    }


def write(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    return path


def events(account: Desk) -> list[Json]:
    return [
        {**event, "conversation_id": number}
        for number, found in account.events.items()
        for event in found
    ]


def all_lists(account: Desk) -> dict[str, list[Json]]:
    return {
        **account.lists,
        "conversations": account.rows,
        "messages": [m for said in account.messages.values() for m in said],
        "reporting_events": events(account),
        "csat_survey_responses": account.ratings,
    }


def one_file(account: Desk, folder: Path) -> Path:
    return write(folder / "export.json", all_lists(account))


def lines(account: Desk, folder: Path) -> Path:
    for name, rows in all_lists(account).items():
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in reversed(rows))
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write(text)
    return folder


def answers_by_page(account: Desk, folder: Path) -> Path:
    for name, rows in all_lists(account).items():
        for page in range(0, len(rows), 7):
            said = {"data": {"meta": {"all_count": len(rows)}, "payload": rows[page : page + 7]}}
            write(folder / name / f"{page}.json", said)
    return folder


def whole_conversations(account: Desk, folder: Path) -> Path:
    """Each with its messages and events within."""
    rows = [
        {**row, "messages": account.messages[row["id"]],
         "reporting_events": account.events[row["id"]]}
        for row in account.rows
    ]  # fmt: skip
    for row in rows:
        if len(row["messages"]) == 1:  # as a list shows it: this one is told by itself
            write(folder / "messages" / f"{row['id']}.json", {"payload": row["messages"]})
    lists = {**account.lists, "conversations": rows, "csat_survey_responses": account.ratings}
    for name, found in lists.items():
        write(folder / f"{name}.json", found)
    return folder


def zipped(account: Desk, folder: Path) -> Path:
    path = folder / "chatwoot.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name, rows in all_lists(account).items():
            packed.writestr(f"export/{name}.json", json.dumps({"payload": rows}))
    return path


@pytest.mark.parametrize("shape", [one_file, lines, answers_by_page, whole_conversations, zipped])
def test_every_shape_gives_the_same_records(
    shape: Callable[[Desk, Path], Path], tmp_path: Path
) -> None:
    account = desk()
    path = shape(account, tmp_path)
    assert recognises(path)
    given = list(dump(path))
    assert {p.stream for p in given} == {s.name for s in HELPDESK.streams}
    assert records(given) == records(payloads(account))


def test_last_message_of_a_list_is_not_the_whole_past(tmp_path: Path) -> None:
    account = desk(101)
    path = write(tmp_path / "conversations.json", account.rows)
    found = records(list(dump(path)))
    kinds = [json.loads(one)[0] for one in found]
    # No change is made up: the present status stands in the ticket.
    assert sorted(kinds) == ["conversation", "customer", "ticket"]


def test_event_numbered_by_the_database_is_not_given_to_another(tmp_path: Path) -> None:
    account = desk(101, 102)
    strange = [{**event, "conversation_id": 102} for event in account.events[101]]
    lists = {**all_lists(account), "reporting_events": strange}
    given = list(dump(write(tmp_path / "export.json", lists)))
    rows = {p.value["id"]: p.value for p in given if p.stream == "conversations"}
    assert rows[102]["reporting_events"] is None


def test_what_is_no_object_is_refused_and_stops_nothing(tmp_path: Path) -> None:
    account = desk(101)
    rows = {**all_lists(account), "labels": [17, None, *account.lists["labels"]]}
    given = list(dump(write(tmp_path / "export.json", rows)))
    assert [p.value for p in given if p.stream == "labels"][:2] == [{"value": 17}, {"value": None}]


@pytest.mark.parametrize(
    "value",
    [
        [{"id": 1, "subject": "a ticket", "requester_id": 2}],
        {"conversations": [{"type": "conversation", "id": "1", "source": {}}]},
        [{"kind": "ticket", "id": "t"}],
    ],
)
def test_exports_of_others_are_not_recognised(value: Any, tmp_path: Path) -> None:
    assert not recognises(write(tmp_path / "export.json", value))


# The same desk as rows of the database, whose conversations have a key of their own.


def _utc(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).replace(tzinfo=None).isoformat()


def tables(account: Desk) -> dict[str, list[Json]]:
    def pk(number: int) -> int:
        return number + 5000

    kinds = ["text", "input_text", "input_textarea", "input_email", "input_select", "cards",
             "form", "article", "incoming_email", "input_csat"]  # fmt: skip
    sorts = {"user": "User", "contact": "Contact", "agent_bot": "AgentBot"}
    return {
        "users": [{"id": n, "name": name, "uid": f"a{n}"} for n, name in AGENTS.items()],
        "agent_bots": account.lists["agent_bots"],
        "teams": [{"id": n, "name": name} for n, (name, _) in TEAMS.items()],
        "team_members": [
            {"id": n * 10 + m, "team_id": n, "user_id": m}
            for n, (_, members) in TEAMS.items()
            for m in members
        ],
        "inboxes": [
            {k: v for k, v in inbox.items() if k != "working_hours"}
            for inbox in account.lists["inboxes"]
        ],
        "working_hours": [
            {"id": n * 10 + day["day_of_week"], "inbox_id": n, **day}
            for n, inbox in zip(INBOXES, account.lists["inboxes"], strict=True)
            for day in inbox["working_hours"]
        ],
        "labels": account.lists["labels"],
        "canned_responses": account.lists["canned_responses"],
        "contacts": [
            {**c, "additional_attributes": json.dumps(c["additional_attributes"]),
             "created_at": _utc(c["created_at"])}
            for c in account.lists["contacts"]
        ],
        "conversations": [
            {
                "id": pk(r["id"]), "display_id": r["id"], "account_id": 1,
                "inbox_id": r["inbox_id"], "contact_id": r["id"],
                "status": ["open", "resolved", "pending", "snoozed"].index(r["status"]),
                "priority": 3 if r["priority"] == "urgent" else None,
                "assignee_id": r["meta"].get("assignee", {}).get("id"),
                "team_id": r["meta"].get("team", {}).get("id"),
                "cached_label_list": ", ".join(r["labels"]) or None,
                "additional_attributes": json.dumps(r["additional_attributes"]),
                "custom_attributes": "{}", "created_at": _utc(r["created_at"]),
                "updated_at": _utc(r["updated_at"]),
                "last_activity_at": _utc(r["last_activity_at"] + 0.25),
            }
            for r in account.rows
        ],
        "messages": [
            {
                "id": m["id"], "conversation_id": pk(number), "content": m["content"],
                "message_type": m["message_type"], "private": m["private"],
                "content_type": kinds.index(m["content_type"]),
                "status": 3 if m["status"] == "failed" else 0,
                "content_attributes": json.dumps(json.dumps(m["content_attributes"])),
                "created_at": _utc(m["created_at"] + 0.25),
                "sender_type": sorts.get(m.get("sender", {}).get("type")),
                "sender_id": m.get("sender", {}).get("id"),
            }
            for number, said in account.messages.items()
            for m in said
        ],
        "reporting_events": [
            {**e, "conversation_id": pk(number), "event_end_time": e["event_end_time"][:-1],
             "event_start_time": e["event_start_time"][:-1]}
            for number, found in account.events.items()
            for e in found
        ],
        "csat_survey_responses": [
            {
                "id": r["id"], "conversation_id": pk(r["conversation_id"]), "rating": r["rating"],
                "feedback_message": r["feedback_message"], "message_id": r["message_id"],
                "contact_id": r["contact"]["id"], "assigned_agent_id": r["assigned_agent"]["id"],
                "created_at": _utc(r["created_at"]),
            }
            for r in account.ratings
        ],
    }  # fmt: skip


def test_tables_give_the_records_of_the_api(tmp_path: Path) -> None:
    """Save what only the API tells beside a conversation or an agent.

    An agent's role, the customer's company (117), the assignee's name (120), muted (122).
    """
    account = desk(*{row["id"] for row in desk().rows} - {117, 120, 122})
    ours = records(list(dump(write(tmp_path / "tables.json", tables(account)))))
    theirs = records(payloads(account))
    assert {one for one in ours ^ theirs if not one.startswith('["agent"')} == set()


def test_pg_dump_as_lines_is_recognised(tmp_path: Path) -> None:
    for name, rows in tables(desk(101)).items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert recognises(tmp_path)
    given = list(dump(tmp_path))
    assert {p.stream for p in given} == {s.name for s in HELPDESK.streams} - {
        "csat_survey_responses"
    }
