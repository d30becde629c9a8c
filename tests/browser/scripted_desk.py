"""A desk that speaks the chat's protocol to one console, as a test scripts it.

It stands in for the server's socket inside the browser, so that what is lost, doubled or late can
be decided to the frame. What it is told and what it knows are plain lists.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page, WebSocketRoute

Frame = dict[str, Any]


def ago(seconds: float) -> str:
    """An instant so long ago; a negative number is in the future."""
    return (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)).isoformat()


def chat(
    id_: str, name: str, state: str = "talking", owner: str | None = "me", **more: Any
) -> Frame:
    """A chat as the desk describes it."""
    return {
        "id": id_, "state": state, "owner": owner, "members": [owner] if owner else [],
        "visitor": {"id": f"v-{id_}", "name": name, "email": None, "language": "en",
                    "known": False},
        "team": "t1", "requested_at": ago(300), "started_at": ago(240), "last": None, "unread": 0,
        "tags": [], "topic": None, "language": "en", "initiation": "customer", "priority": "normal",
        **more,
    }  # fmt: skip


class ScriptedDesk:
    """One desk for one page: `heard` is what the console said, `entries` what was said in chats."""

    def __init__(self, page: Page, **welcome: Any) -> None:
        self.page = page
        self.heard: list[Frame] = []
        self.routes: list[WebSocketRoute] = []
        self.entries: dict[str, list[Frame]] = {}
        self.nonces: dict[tuple[str, str], int] = {}
        self.answers = True  # whether what is said is answered with done
        self.is_up = True
        self.extra: dict[str, Frame] = {}
        self.refusals: dict[str, str] = {}
        self.put_off = 0  # so many things said are refused for a while: the database was busy
        self.welcome: Frame = {
            "type": "welcome", "me": {"id": "me", "name": "Mina", "since": ago(60)},
            "presence": "available", "limit": 3, "members": [], "teams": [], "canned": [],
            "topics": [], "tags": [], "chats": [], "waiting": [], "settings": {}, **welcome,
        }  # fmt: skip
        page.route_web_socket("**/desk/ws", self._opened)

    def _opened(self, route: WebSocketRoute) -> None:
        if not self.is_up:
            route.close(code=1012)
            return
        self.routes.append(route)
        route.on_message(lambda text: self._said(route, text))
        route.send(_text(self.welcome))

    def _said(self, route: WebSocketRoute, text: str | bytes) -> None:
        frame = json.loads(text)
        self.heard.append(frame)
        kind, nonce = frame["type"], frame.get("nonce")
        if kind == "ping":
            route.send(_text({"type": "pong"}))
            return
        if kind in self.refusals:
            route.send(_text({"type": "refused", "nonce": nonce, "code": self.refusals[kind],
                              "message": "no"}))  # fmt: skip
            return
        if kind == "say" and self.put_off:
            self.put_off -= 1
            route.send(_text({"type": "refused", "nonce": nonce, "code": "busy", "message": "",
                              "after_seconds": 0.1}))  # fmt: skip
            return
        if kind == "open":
            known = [e for e in self.entries.get(frame["chat"], []) if e["number"] > frame["after"]]
            route.send(_text({"type": "history", "chat": frame["chat"], "entries": known,
                              **self.extra.get(frame["chat"], {})}))  # fmt: skip
        if kind in ("say", "note"):
            self._keep(frame)
        if self.answers and nonce and kind != "typing":
            route.send(_text({"type": "done", "nonce": nonce, "chat": frame.get("chat")}))

    def _keep(self, frame: Frame) -> None:
        """A message once for its nonce, told to the console where it is new."""
        key = (frame["chat"], frame["nonce"])
        if key in self.nonces:
            return
        entry = self.entry(
            frame["chat"], frame["body"], {"type": "agent", "id": "me", "name": "Mina"},
            kind="note" if frame["type"] == "note" else "message", nonce=frame["nonce"],
        )  # fmt: skip
        self.nonces[key] = entry["number"]
        if self.answers:
            self.send(entry)

    def entry(
        self, chat: str, body: str, author: Frame, *, kind: str = "message", seconds: float = 0,
        **more: Any,
    ) -> Frame:  # fmt: skip
        """Keep an entry under the chat's next number."""
        known = self.entries.setdefault(chat, [])
        made = {"type": "entry", "chat": chat, "number": len(known) + 1, "at": ago(seconds),
                "kind": kind, "author": author, "body": body, **more}  # fmt: skip
        known.append(made)
        return made

    def visitor(self, chat: str, body: str, name: str = "Sara") -> Frame:
        """The visitor says something, and the console is told."""
        made = self.entry(chat, body, {"type": "visitor", "name": name})
        self.send(made)
        return made

    def send(self, frame: Frame) -> None:
        """Tell the console of the newest line."""
        self.routes[-1].send(_text(frame))

    def cut(self) -> None:
        """The line breaks, and stays broken until `mend`."""
        self.is_up = False
        self.routes[-1].close(code=1012)

    def mend(self) -> None:
        """The line can be had again."""
        self.is_up = True

    def said(self, kind: str) -> list[Frame]:
        """What the console said of one type."""
        return [f for f in self.heard if f["type"] == kind]


def _text(frame: Frame) -> str:
    return json.dumps(frame)
