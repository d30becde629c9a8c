"""The plainest helpdesk there can be, to test the frame by. All of it is made up."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cases import Case
from loopback import NOT_FOUND, Answer, Asked, Loopback

from sanjeh.sources.helpdesk import (
    Client,
    Credential,
    Helpdesk,
    Made,
    Page,
    Payload,
    Stream,
    Unreadable,
)
from sanjeh.sources.helpdesk.contract import Webhook
from sanjeh.sources.helpdesk.export import entries, file_names
from sanjeh.sources.helpdesk.http import Http, account_address

STREAMS = (
    Stream("agents", "who works here", learnt=True),
    Stream("tickets", "what customers asked for"),
    Stream("comments", "what was said"),
    Stream("ratings", "what customers thought", optional=True),
)
KNOWN = {
    "agents": {"id", "name", "updated_at"},
    "tickets": {"id", "subject", "asked_by", "made_at", "updated_at", "status"},
    "comments": {"id", "ticket", "by", "at", "text", "updated_at"},
    "ratings": {"id", "ticket", "stars", "at", "updated_at"},
}


class ToyClient(Client):
    """Pages of two, sorted by the time of change; the cursor is the last one's time and id."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def pages(self, stream: str, cursor: Any) -> Iterator[Page]:
        while True:
            said = self._http.get(f"/{stream}", {"after": json.dumps(cursor) if cursor else None})
            items = said["items"]
            if items:
                cursor = [items[-1]["updated_at"], items[-1]["id"]]
            payloads = [Payload(stream, item, f"{stream} {item['id']}") for item in items]
            yield Page(payloads, cursor, not said["more"], said["total"])
            if not said["more"]:
                return

    def whose(self) -> str:
        return str(self._http.get("/me")["name"])


class ToyTranslation:
    """Tickets and what was said on them; whoever is among the agents is an agent."""

    def __init__(self, account: Mapping[str, str]) -> None:
        self.unknown: Counter[str] = Counter()
        self._agents: set[int] = set()

    def learn(self, payload: Payload) -> None:
        self._agents.add(payload.value["id"])

    def records(self, payload: Payload) -> Iterable[Made]:
        value, stream = payload.value, payload.stream
        if stream not in KNOWN:
            self.unknown[f"stream {stream}"] += 1
            return
        for name in value.keys() - KNOWN[stream]:
            self.unknown[f"{stream}.{name}"] += 1
        changed = value["updated_at"]
        if not isinstance(changed, str):
            raise Unreadable("updated_at", changed, "expected an instant")
        match stream:
            case "agents":
                yield "agent", {"id": value["id"], "name": value["name"], "version_at": changed}
            case "tickets":
                yield (
                    "ticket",
                    {
                        "id": value["id"],
                        "subject": value["subject"],
                        "customer_id": value["asked_by"],
                        "created_at": value["made_at"],
                        "status": value["status"],
                        "version_at": changed,
                    },
                )
            case "comments":
                by_agent = value["by"] in self._agents
                yield (
                    "message",
                    {
                        "id": value["id"],
                        "conversation_id": value["ticket"],
                        "at": value["at"],
                        "author_type": "agent" if by_agent else "customer",
                        "author_id": value["by"],
                        "body": value["text"],
                        "version_at": changed,
                    },
                )
            case "ratings":
                yield (
                    "survey_response",
                    {
                        "id": value["id"],
                        "ticket_id": value["ticket"],
                        "score": value["stars"],
                        "submitted_at": value["at"],
                        "version_at": changed,
                    },
                )


def _dump(path: Path) -> Iterator[Payload]:
    for entry in entries(path, KNOWN):
        yield Payload(entry.name, entry.value, entry.place)


def _genuine(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
    right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(headers.get("x-toy-signature", ""), right)


TOY_HOOK = Webhook(
    genuine=_genuine,
    key=lambda headers, body: headers.get("x-toy-delivery", ""),
    payloads=lambda body: [
        Payload(stream, item, "hook") for stream, items in body.get("new", {}).items()
        for item in items
    ],
    asks=lambda body: [("tickets", str(id)) for id in body.get("changed", [])],
)  # fmt: skip

TOY = Helpdesk(
    name="toy",
    title="Toy",
    streams=STREAMS,
    credentials=(
        Credential("ADDRESS", "the address of the account", secret=False),
        Credential("TOKEN", "the key"),
    ),
    open=lambda http, given: ToyClient(
        http.at(account_address(given["ADDRESS"]), headers={"X-Key": given["TOKEN"]})
    ),
    translation=ToyTranslation,
    dump=_dump,
    recognises=lambda path: "toy.json" in file_names(path),
    webhook=TOY_HOOK,
)


class ToyServer(Loopback):
    """The account's streams, two a page; ratings only where the plan has them."""

    def __init__(self, account: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__()
        self.account = account

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("x-key") != "toy-secret":
            return Answer({"error": "who are you?"}, 401)
        if asked.path == "/me":
            return Answer({"name": "Agent 1"})
        items = self.account.get(asked.path.strip("/"))
        if items is None:
            return NOT_FOUND
        after = json.loads(asked.query["after"]) if "after" in asked.query else ["", 0]
        rest = sorted(
            (i for i in items if [i["updated_at"], i["id"]] > after),
            key=lambda i: (i["updated_at"], i["id"]),
        )
        return Answer({"items": rest[:2], "more": len(rest) > 2, "total": len(rest)})


def _at(minute: int) -> str:
    return f"2026-03-02T{9 + minute // 60:02}:{minute % 60:02}:00Z"


ACCOUNT: dict[str, list[dict[str, Any]]] = {
    "agents": [{"id": n, "name": f"Agent {n}", "updated_at": _at(0)} for n in (1, 2, 3)],
    "tickets": [
        {
            "id": 100 + n,
            "subject": f"Question {n}",
            "asked_by": 17 + n % 3,
            "made_at": _at(n),
            "updated_at": _at(n),
            "status": "open",
        }
        for n in range(5)
    ],
    "comments": [
        {
            "id": 1000 + n,
            "ticket": 100 + n % 5,
            "by": 17 + n % 5 % 3 if n % 2 else 1 + n % 3,
            "at": _at(n),
            "updated_at": _at(n),
            "text": f"Sentence {n}",
        }
        for n in range(9)
    ],
    "ratings": [
        {"id": 1, "ticket": 101, "stars": 5, "at": _at(50), "updated_at": _at(50)},
    ],
}


def _touch(account: dict[str, list[dict[str, Any]]]) -> None:
    account["tickets"][0] |= {"status": "solved", "updated_at": _at(300)}


def _write_dump(account: dict[str, list[dict[str, Any]]], folder: Path) -> Path:
    path = folder / "toy.json"
    path.write_text(json.dumps(account))
    return path


CASE = Case(
    helpdesk=TOY,
    account=lambda: copy.deepcopy(ACCOUNT),
    server=ToyServer,
    credentials=lambda base: {"ADDRESS": base, "TOKEN": "toy-secret"},
    write_dump=_write_dump,
    touch=_touch,
)
