"""A shop's page and a chat server that says what a test wants, for the widget alone.

The server keeps a chat as the protocol says (numbers, nonces) and can be cut off: what arrives is
then taken or lost before it is answered, as the test chooses.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

import sanjeh

SCRIPT = Path(sanjeh.__file__).parent / "apps" / "desk" / "static" / "desk" / "widget.js"
SETTINGS: dict[str, Any] = {
    "title": "Shoe shop",
    "greeting": "",
    "questions": [
        {"name": "name", "label": "Name", "kind": "text", "required": True},
        {"name": "email", "label": "E-mail", "kind": "email", "required": False},
    ],
    "teams": [],
    "files": {"most_bytes": 100_000, "types": ["image/png", "text/plain", ".txt"]},
    "sound": True,
    "privacy": "https://shop.example/privacy",
}


class Chat:
    """The state of the one chat of the fake."""

    def __init__(self) -> None:
        self.settings = dict(SETTINGS)
        self.open: dict[str, Any] = {"is_open": True, "opens_at": None}
        self.invitations: list[dict[str, Any]] = []
        self.refuse_start: dict[str, Any] | None = None
        self.entries: list[dict[str, Any]] = []
        self.state: dict[str, Any] | None = None
        self.nonces: dict[str, int] = {}
        self.got: list[dict[str, Any]] = []  # every frame that came
        self.hellos: list[dict[str, Any]] = []
        self.posted: list[tuple[str, dict[str, Any]]] = []
        self.sockets: set[Any] = set()
        self.is_cut = False
        self.loses_answers = 0  # so many taken messages are not answered: the line breaks instead
        self.chat_number = 0
        self.loop: asyncio.AbstractEventLoop | None = None

    # What a test does; from another thread than the loop's.

    def entry(self, author: str, body: str, **more: Any) -> dict[str, Any]:
        """Somebody says something; who is there hears it."""
        made = self._entry({"type": author, "name": more.pop("name", "Mina")}, body, **more)
        self.tell(made)
        return made

    def tell(self, frame: dict[str, Any]) -> None:
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._tell(frame), self.loop).result(5)

    def turn(self, state: str, **more: Any) -> None:
        self.state = {"type": "state", "chat": f"c{self.chat_number}", "state": state, **more}
        self.tell(self.state)

    def cut(self) -> None:
        """Every line breaks, and none is to be had."""
        assert self.loop is not None
        self.is_cut = True

        async def all_of_them() -> None:
            for send in list(self.sockets):
                await send({"type": "websocket.close", "code": 1012})

        asyncio.run_coroutine_threadsafe(all_of_them(), self.loop).result(5)

    def mend(self) -> None:
        self.is_cut = False

    # What it answers.

    def _entry(self, author: dict[str, Any], body: str, **more: Any) -> dict[str, Any]:
        made = {
            "type": "entry", "chat": f"c{self.chat_number}", "number": len(self.entries) + 1,
            "at": dt.datetime.now(dt.UTC).isoformat(), "kind": "message", "author": author,
            "body": body, **more,
        }  # fmt: skip
        self.entries.append(made)
        return made

    async def _tell(self, frame: dict[str, Any]) -> None:
        for send in list(self.sockets):
            await send({"type": "websocket.send", "text": json.dumps(frame)})

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.loop = asyncio.get_running_loop()
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)

    async def _http(self, scope: Any, receive: Any, send: Any) -> None:
        raw = b""
        while True:
            message = await receive()
            raw += message.get("body", b"")
            if not message.get("more_body"):
                break
        path = scope["path"]
        if path.endswith("widget.js"):
            await self._answer(send, 200, SCRIPT.read_bytes(), b"text/javascript")
        elif scope["method"] == "OPTIONS":
            await self._answer(send, 204, b"")
        elif path == "/chat/hello":
            self.hellos.append(json.loads(raw))
            agreed = self.hellos[-1].get("consent")
            told = {
                "token": "t0ken", "visitor": "v1", "visit": "s1" if agreed else None,
                "settings": self.settings, "open": self.open, "invitations": self.invitations,
                "chat": self.state and self.state["chat"],
            }  # fmt: skip
            await self._answer(send, 200, json.dumps(told).encode(), b"application/json")
        elif path == "/chat/files":
            told = {"id": "u1", "name": "shoe.png", "bytes": 70, "media": "image/png"}
            await self._answer(send, 200, json.dumps(told).encode(), b"application/json")
        elif path.startswith("/site/"):
            self.posted.append((path, json.loads(raw)))
            await self._answer(send, 204, b"")
        else:
            await self._answer(send, 404, b"")

    async def _answer(self, send: Any, status: int, body: bytes, kind: bytes = b"") -> None:
        headers = [
            (b"access-control-allow-origin", b"*"), (b"access-control-allow-headers", b"*"),
            (b"content-type", kind),
        ]  # fmt: skip
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _socket(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        if self.is_cut:
            await send({"type": "websocket.close", "code": 1012})
            return
        await send({"type": "websocket.accept", "subprotocol": "sanjeh.chat.1"})
        try:
            while (message := await receive())["type"] == "websocket.receive":
                await self._heard(json.loads(message["text"]), send)
        finally:
            self.sockets.discard(send)

    async def _heard(self, frame: dict[str, Any], send: Any) -> None:
        self.got.append(frame)

        async def back(**told: Any) -> None:
            await send({"type": "websocket.send", "text": json.dumps(told)})

        nonce = frame.get("nonce")
        match frame["type"]:
            case "hello":
                self.sockets.add(send)
                after = [e for e in self.entries if e["number"] > frame["after"]]
                await back(type="welcome", chat=self.state, entries=after, open=self.open)
            case "ping":
                await back(type="pong")
            case "start" | "say" if nonce in self.nonces:
                await back(type="done", nonce=nonce, number=self.nonces[nonce])
            case "start" if self.refuse_start:
                await back(type="refused", nonce=nonce, **self.refuse_start)
                self.refuse_start = None
            case "start" | "say":
                if frame["type"] == "start":
                    self.chat_number += 1
                    self.entries.clear()
                    self.state = {
                        "type": "state", "chat": f"c{self.chat_number}", "state": "waiting",
                        "position": 3,
                    }  # fmt: skip
                files = {}
                if frame.get("attachment"):
                    file = {"id": "u1", "name": "<b>shoe</b>.png", "bytes": 70}
                    file |= {"media": "image/png", "url": "/chat/files/u1"}
                    files = {"attachment": file}
                made = self._entry(
                    {"type": "visitor", "name": "Ann"}, frame["body"], nonce=nonce, **files
                )
                self.nonces[nonce] = made["number"]
                if self.loses_answers:
                    self.loses_answers -= 1
                    for one in list(self.sockets):
                        await one({"type": "websocket.close", "code": 1012})
                    return
                await self._tell(made)
                if frame["type"] == "start":
                    await self._tell(self.state or {})
                await back(type="done", nonce=nonce, chat=made["chat"], number=made["number"])
            case "rate" | "transcript":
                await back(type="done", nonce=nonce)
            case "end":
                self.state = {"type": "state", "chat": f"c{self.chat_number}", "state": "ended"}
                await self._tell(self.state)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The address of an ASGI application, until the block ends."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)


class Shop:
    """Pages of a shop on an origin of its own, as strict as a policy can be."""

    def __init__(self) -> None:
        self.chat = ""  # the chat server's address
        self.attributes = 'data-consent="yes"'
        self.language = "en"
        self.strict = True

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        sockets = self.chat.replace("http", "ws")
        policy = (
            f"default-src 'none'; script-src {self.chat}; connect-src {self.chat} {sockets}; "
            f"style-src 'none'; img-src {self.chat}; base-uri 'none'; form-action 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        )
        headers = [(b"content-type", b"text/html; charset=utf-8")]
        if self.strict:
            headers.append((b"content-security-policy", policy.encode()))
        direction = "rtl" if self.language == "fa" else "ltr"
        page = f"""<!doctype html><html lang="{self.language}" dir="{direction}"><head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shoe shop</title>
<script async src="{self.chat}/static/desk/widget.js" {self.attributes}></script></head>
<body><main><h1>Shoes</h1><p>Boots, sandals, slippers.</p><a href="/other">Other</a></main>
</body></html>"""
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page.encode()})
