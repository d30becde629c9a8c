"""Intercom's case: a few conversations of the synthetic workspace, and its API on loopback."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any

from cases import Case
from loopback import NOT_FOUND, Answer, Asked, Loopback

from intercom_workspace import CALL, CONVERSATIONS, STREAMS, TICKET, part, ts
from sanjeh.sources.intercom import HELPDESK

Json = dict[str, Any]
TOKEN = "intercom-secret"
PAGE = 2
TOLD = (
    "answered and closed",
    "fin first, then a person",
    "several teammates",
)
OTHERS: dict[str, list[Json]] = {
    "tickets": [TICKET],
    "calls": [CALL],
    "articles": [
        {"type": "article", "id": str(n), "title": f"Page {n}", "body": "<p>Read me.</p>",
         "state": "published", "author_id": 801, "url": None, "workspace_id": "abc123",
         "created_at": ts("01-05 09:00"), "updated_at": ts("01-05 09:00")}
        for n in (61,)
    ],
    "macros": [
        {"type": "macro", "id": str(n), "name": f"Greeting {n}", "body": "<p>Hello!</p>",
         "body_text": "Hello!", "created_at": "2026-01-05T09:00:00.000Z",
         "updated_at": f"2026-01-0{n - 80}T09:00:00.000Z", "visible_to": "everyone",
         "available_on": ["inbox"]}
        for n in (81, 82)
    ],
    "activity_logs": [
        {"id": f"log-{n}", "performed_by": {"type": "admin", "id": "801"},
         "created_at": ts(f"03-02 {9 + n:02}:00"), "activity_type": "admin_away_mode_change",
         "activity_description": "Ann changed her away mode.",
         "metadata": {"away_mode": n % 2 == 0, "reassign_conversations": False}}
        for n in range(2)
    ],
}  # fmt: skip


def account() -> dict[str, list[Json]]:
    """A new copy of the workspace: the streams by name, each a list of objects."""
    company = STREAMS["companies"][0]
    return copy.deepcopy(
        {
            **STREAMS,
            "companies": [company, *({**company, "id": f"c099{n}"} for n in range(2))],
            "contacts": STREAMS["contacts"][:3],
            "conversations": [CONVERSATIONS[name] for name in TOLD],
            **OTHERS,
        }
    )


class IntercomServer(Loopback):
    """Searches sorted by the time of change, lists, numbered pages, a log with links."""

    def __init__(self, account: dict[str, list[Json]]) -> None:
        super().__init__()
        self.account = account

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(
                {"type": "error.list", "request_id": "1",
                 "errors": [{"code": "unauthorized", "message": "Access Token Invalid"}]}, 401,
            )  # fmt: skip
        if "intercom-version" not in asked.headers:
            return Answer({"type": "error.list", "errors": [{"code": "no_version"}]}, 400)
        match asked.path.strip("/").split("/"):
            case ["admins" | "teams" | "tags" as stream]:
                name = "data" if stream == "tags" else stream
                return Answer({"type": "list", name: self.account[stream]})
            case [("conversations" | "contacts" | "tickets") as stream, "search"]:
                assert asked.method == "POST"
                return self._search(stream, asked.body)
            case ["conversations", id]:
                found = [v for v in self.account["conversations"] if v["id"] == id]
                return Answer(found[0]) if found else NOT_FOUND
            case ["companies", "list"]:
                assert asked.method == "POST"
                return self._numbered("companies", asked.query)
            case ["articles" | "calls" as stream]:
                return self._numbered(stream, asked.query)
            case ["macros"]:
                return self._macros(asked.query)
            case ["admins", "activity_logs"]:
                return self._log(asked.query)
        return NOT_FOUND

    def _search(self, stream: str, body: Json) -> Answer:
        assert body["sort"] == {"field": "updated_at", "order": "ascending"}
        found = sorted(
            (v for v in self.account[stream] if _matches(stream, v, body["query"])),
            key=lambda v: (v["updated_at"], v["id"]),
        )
        after = body["pagination"].get("starting_after")
        rest = found
        if after is not None:
            place = tuple(json.loads(base64.b64decode(after)))
            rest = [v for v in found if (v["updated_at"], v["id"]) > place]
        page = [_shown(stream, v) for v in rest[:PAGE]]
        pages: Json = {"type": "pages", "page": 1, "per_page": PAGE}
        if len(rest) > PAGE:
            last = json.dumps([page[-1]["updated_at"], page[-1]["id"]]).encode()
            pages["next"] = {"page": 2, "starting_after": base64.b64encode(last).decode()}
        name = stream if stream != "contacts" else "data"
        return Answer(
            {"type": f"{stream}.list", name: page, "total_count": len(found), "pages": pages},
            headers={"X-RateLimit-Remaining": "100"},
        )

    def _numbered(self, stream: str, query: Any) -> Answer:
        number = int(query["page"])
        values = self.account[stream]
        pages = {"type": "pages", "page": number, "per_page": PAGE, "next": None,
                 "total_pages": -(-len(values) // PAGE)}  # fmt: skip
        page = values[(number - 1) * PAGE : number * PAGE]
        return Answer({"type": "list", "data": page, "pages": pages, "total_count": len(values)})

    def _macros(self, query: Any) -> Answer:
        since = int(query.get("updated_since", 0))
        found = [v for v in self.account["macros"] if _seconds(v["updated_at"]) >= since]
        found.sort(key=lambda v: v["updated_at"], reverse=True)
        begin = int(query.get("starting_after", 0))
        pages: Json = {"type": "pages", "per_page": PAGE, "next": None}
        if begin + PAGE < len(found):
            pages["next"] = {"starting_after": str(begin + PAGE)}
        return Answer({"type": "list", "data": found[begin : begin + PAGE], "pages": pages})

    def _log(self, query: Any) -> Answer:
        since, begin = int(query["created_at_after"]), int(query.get("page", 1)) - 1
        found = [v for v in self.account["activity_logs"] if v["created_at"] > since][::-1]
        following = None
        if (begin + 1) * PAGE < len(found):
            following = (
                f"{self.base}/admins/activity_logs?created_at_after={since}&page={begin + 2}"
            )
        return Answer(
            {"type": "activity_log.list", "pages": {"type": "pages", "next": following},
             "activity_logs": found[begin * PAGE : (begin + 1) * PAGE]}
        )  # fmt: skip


def _matches(stream: str, value: Json, query: Json) -> bool:
    """As Intercom matches `updated_at`: of contacts whole days, of the others seconds."""
    assert query["operator"] == "OR"

    def grain(seconds: int) -> int:
        return seconds // 86400 if stream == "contacts" else seconds

    changed = grain(value["updated_at"])
    return any(
        changed > grain(f["value"]) if f["operator"] == ">" else changed == grain(f["value"])
        for f in query["value"]
    )


def _shown(stream: str, value: Json) -> Json:
    """A search shows conversations without their parts."""
    return {k: v for k, v in value.items() if k != "conversation_parts"}


def _seconds(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).timestamp())


def write_dump(account: dict[str, list[Json]], folder: Path) -> Path:
    """Answers of the API as somebody kept them: a list a file, JSON lines for conversations."""
    place = folder / "export"
    place.mkdir(exist_ok=True)
    for stream, values in account.items():
        if stream == "conversations":
            text = "\n".join(json.dumps(v) for v in values)
            (place / "conversations.jsonl").write_text(text)
        else:
            name = "data" if stream in ("tags", "contacts") else stream
            (place / f"{stream}.json").write_text(json.dumps({"type": "list", name: values}))
    return place


def touch(account: dict[str, list[Json]]) -> None:
    """The first customer writes again, which opens the conversation."""
    value = account["conversations"][0]
    value["conversation_parts"]["conversation_parts"].append(
        {"id": "100199", **part("open", "03-20 09:00", "c1", "Still nothing.")}
    )
    value["conversation_parts"]["total_count"] += 1
    value |= {"updated_at": ts("03-20 09:00"), "state": "open", "open": True}
    value["statistics"] |= {"count_reopens": 1, "count_conversation_parts": 3}


CASE = Case(
    helpdesk=HELPDESK,
    account=account,
    server=IntercomServer,
    credentials=lambda base: {"TOKEN": TOKEN, "REGION": base},
    write_dump=write_dump,
    touch=touch,
)
