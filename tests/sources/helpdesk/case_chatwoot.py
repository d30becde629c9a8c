"""Chatwoot's API on loopback over the made-up desk of `chatwoot_desk`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cases import Case
from chatwoot_desk import Desk, desk, instant
from loopback import NOT_FOUND, Answer, Asked, Loopback

from sanjeh.sources.chatwoot import HELPDESK

BASE = "/api/v1/accounts/1"
FEW = (101, 106, 109, 114, 118, 129, 132)  # every kind of record, and nothing doubtful
A_PAGE = 4  # a server's own setting; contacts and ratings have fixed sizes that we do not rely on


class ChatwootServer(Loopback):
    """Lists by page, newest activity first; messages by twenties, back from a number.

    lists_events: newer servers of the paid edition list a conversation's reporting events.
    """

    def __init__(self, account: Desk, *, lists_events: bool = True) -> None:
        super().__init__()
        self.account = account
        self.lists_events = lists_events

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("api_access_token") != "chatwoot-secret":
            return Answer({"errors": ["Invalid Access Token"]}, 401)
        match asked.path.removeprefix(BASE).strip("/").split("/"):
            case [""]:
                return Answer({"id": 1, "name": "Shop 1", "locale": "en"})
            case ["agents" | "agent_bots" | "canned_responses" as name]:
                return Answer(self.account.lists[name])
            case ["labels" | "inboxes" as name]:
                return Answer({"payload": self.account.lists[name]})
            case ["teams"]:
                return Answer([_without(team, "members") for team in self.account.lists["teams"]])
            case ["teams", number, "team_members"]:
                found = [t for t in self.account.lists["teams"] if str(t["id"]) == number]
                return Answer(found[0]["members"]) if found else NOT_FOUND
            case ["contacts"]:
                rows = self.account.lists["contacts"]
                meta = {"count": len(rows), "current_page": asked.query.get("page", "1")}
                return Answer({"meta": meta, "payload": _page(rows, asked.query)})
            case ["conversations"]:
                assert asked.query["status"] == "all"
                rows = self.account.rows
                meta = {"mine_count": 0, "unassigned_count": 0, "all_count": len(rows)}
                return Answer({"data": {"meta": meta, "payload": _page(rows, asked.query)}})
            case ["conversations", number, "messages"]:
                return self._messages(int(number), asked.query)
            case ["conversations", number, "reporting_events"] if self.lists_events:
                return Answer(self.account.events[int(number)])
            case ["csat_survey_responses"]:
                since = int(asked.query["since"])
                rows = [r for r in self.account.ratings if r["created_at"] >= since]
                return Answer(_cut(rows, asked.query))
            case _:
                return NOT_FOUND

    def _messages(self, number: int, query: Mapping[str, str]) -> Answer:
        said = self.account.messages.get(number)
        if said is None:
            return NOT_FOUND
        before = int(query.get("before", 2**62))
        last = [m for m in said if m["id"] < before][-20:]
        return Answer({"meta": {"labels": []}, "payload": last})


def _page(rows: Iterable[Any], query: Mapping[str, str]) -> list[Any]:
    return _cut(sorted(rows, key=lambda row: -row["last_activity_at"]), query)


def _cut(rows: list[Any], query: Mapping[str, str]) -> list[Any]:
    page = int(query["page"])
    return rows[(page - 1) * A_PAGE : page * A_PAGE]


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k != name}


def say(account: Desk, number: int, when: str, text: str) -> None:
    """A further message of the customer, with all that it moves."""
    said = account.messages[number]
    at = int(instant(when).timestamp())
    said.append({**said[0], "id": number * 1000 + len(said) + 1, "content": text,
                 "created_at": at})  # fmt: skip
    (row,) = [row for row in account.rows if row["id"] == number]
    row |= {"last_activity_at": at, "timestamp": at, "updated_at": at + 0.5, "messages": said[-1:]}
    for contact in [*account.lists["contacts"], row["meta"]["sender"]]:
        if contact["id"] == number:
            contact["last_activity_at"] = at


def _touch(account: Desk) -> None:
    say(account, 114, "09 09:00", "Is anybody there?")


def write_dump(account: Desk, folder: Path) -> Path:
    """The API's answers as a script would save them: a file a list, some in pages."""
    where = folder / "chatwoot"
    where.mkdir(parents=True, exist_ok=True)

    def write(name: str, value: Any) -> None:
        path = where / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")

    for name, rows in account.lists.items():
        write(f"{name}.json", rows if name == "agents" else {"payload": rows})
    for page in range(0, len(account.rows), 20):
        rows = account.rows[page : page + 20]
        write(f"conversations-{page}.json", {"data": {"meta": {}, "payload": rows}})
    for number, said in account.messages.items():
        write(f"messages/{number}.json", {"meta": {}, "payload": said})
    lines = [
        json.dumps({**event, "conversation_id": number})
        for number, events in account.events.items()
        for event in events
    ]
    (where / "reporting_events.jsonl").write_text("\n".join(lines), "utf-8")
    write("csat_survey_responses.json", account.ratings)
    return where


CASE = Case(
    helpdesk=HELPDESK,
    account=lambda: desk(*FEW),
    server=ChatwootServer,
    credentials=lambda base: {"ADDRESS": base, "ACCOUNT": "1", "TOKEN": "chatwoot-secret"},
    write_dump=write_dump,
    touch=_touch,
)
