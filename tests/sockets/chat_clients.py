"""A served desk and its two sides, over real sockets: visitors and members who come back."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from made_desk import SHOP
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

Frame = dict[str, Any]
STARTS_WITHIN = 240.0  # seconds; a crowded machine compiles for a while
ARRIVES_WITHIN = 20.0
MAKER = Path(__file__).with_name("made_desk.py")


class Served:
    """A desk in a process of its own, which can be killed and started again on the same port."""

    def __init__(self, home: Path, wanted: Frame, *words: str, **environment: str) -> None:
        self.home, self._words = home, words
        self._environment = {**os.environ, **environment}
        told = subprocess.run(
            [sys.executable, MAKER, home, json.dumps(wanted)], check=True, text=True,
            stdout=subprocess.PIPE, env=self._environment,
        ).stdout  # fmt: skip
        self.made: Frame = json.loads(told.splitlines()[-1])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.log = home / "log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Served:
        """Serve, and wait until it answers."""
        command = [sys.executable, "-m", "sanjeh", "--home", str(self.home), "serve"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), *self._words], stdout=log, stderr=log,
                env=self._environment, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log.read_text()
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=5).close()
                return self
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        raise AssertionError(f"no answer within {STARTS_WITHIN} s: {self.log.read_text()}")

    def kill(self) -> None:
        """As if the power went: every process at once."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """In an orderly way."""
        self._end(signal.SIGTERM)

    def _end(self, how: int) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, how)
            self.process.wait(30)
        self.process = None

    def post(self, path: str, body: bytes, **headers: str) -> tuple[int, Frame]:
        """Post, and the JSON that is answered."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            self.address + path, data=body, headers={"Origin": SHOP, **named}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as told:
                return told.status, json.loads(told.read() or b"{}")
        except urllib.error.HTTPError as error:
            raw = error.read()
            return error.code, json.loads(raw) if raw.startswith(b"{") else {"text": raw.decode()}

    def hello(self, **more: Any) -> Frame:
        """A page says hello."""
        body = {"language": "en", "page": {"url": f"{SHOP}/p", "title": "P"}, **more}
        status, told = self.post("/chat/hello", json.dumps(body).encode())
        assert status == 200, told
        return told


@dataclass
class Side:
    """One end of a conversation: comes back by itself, sends again what was not answered.

    What must arrive goes one after the other, each when the server has answered the one before:
    one that is refused for haste would else come after its successors.
    """

    served: Served
    frames: list[Frame] = field(default_factory=list)  # everything that came, in its order
    unanswered: dict[str, Frame] = field(default_factory=dict)
    refused: list[Frame] = field(default_factory=list)
    connections: int = 0
    is_closing: bool = False
    _socket: ClientConnection | None = None
    _asked: str | None = None  # the nonce of what was sent and is not answered yet
    _welcomed: asyncio.Event = field(default_factory=asyncio.Event)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Connect, and again whenever the line breaks."""
        self._task = asyncio.create_task(self._live())

    async def end(self) -> None:
        """Go, for good."""
        self.is_closing = True
        if self._socket is not None:
            await self._socket.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def cut(self) -> None:
        """The network is gone: no word of it is sent."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def _live(self) -> None:
        while not self.is_closing:
            try:
                async with self._opened() as opened:
                    self._socket = opened
                    self.connections += 1
                    await self._greet(opened)
                    async for text in opened:
                        await self._take(json.loads(text))
            except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError, EOFError):
                pass
            self._welcomed.clear()
            self._asked = None
            await asyncio.sleep(0.1)

    async def _take(self, frame: Frame) -> None:
        self.frames.append(frame)
        if frame["type"] == "welcome":
            self._welcomed.set()
            self._asked = None
            await self._next()
        if frame["type"] in ("done", "refused") and frame.get("nonce") in self.unanswered:
            if pause := frame.get("after_seconds"):
                await asyncio.sleep(pause)
            else:
                del self.unanswered[frame["nonce"]]
                if frame["type"] == "refused":
                    self.refused.append(frame)
            self._asked = None
            await self._next()
        self.took(frame)
        async with self._news:
            self._news.notify_all()

    async def _next(self) -> None:
        """Send the first of what is not answered, unless an answer is waited for."""
        if self._asked is None and self.unanswered and self._welcomed.is_set():
            self._asked, frame = next(iter(self.unanswered.items()))
            await self._write(frame)

    async def _write(self, frame: Frame) -> None:
        if self._socket is not None:
            try:
                await self._socket.send(json.dumps(frame))
            except ConnectionClosed:
                return  # it is sent again after the next welcome

    async def tell(self, kind: str, **fields: Any) -> str:
        """Say something that must arrive; its nonce."""
        nonce = fields.pop("nonce", None) or uuid.uuid4().hex
        frame = {"type": kind, "nonce": nonce, **fields}
        self.unanswered[nonce] = frame
        await self._next()
        return nonce

    async def raw(self, text: str | bytes) -> None:
        """Send as it stands."""
        await self._welcomed.wait()
        assert self._socket is not None
        await self._socket.send(text)

    async def until(self, what: Callable[[], Any], why: str, within: float = ARRIVES_WITHIN) -> Any:
        """Wait until something is so, and what it gave."""
        try:
            async with asyncio.timeout(within), self._news:
                while not (found := what()):
                    await self._news.wait()
                return found
        except TimeoutError:
            told = f"not within {within} s: {why}; last frames {self.frames[-5:]}"
            raise AssertionError(told) from None

    async def asked(self, kind: str, **fields: Any) -> Frame:
        """Say something and wait for `done`."""
        nonce = await self.tell(kind, **fields)
        return await self.until(lambda: self.answer(nonce), f"an answer to {kind}")

    def answer(self, nonce: str) -> Frame | None:
        """The last answer with a nonce."""
        found = [f for f in self.frames if f.get("nonce") == nonce]
        return next((f for f in reversed(found) if f["type"] in ("done", "refused")), None)

    def of(self, kind: str) -> list[Frame]:
        """The frames of a type, in their order."""
        return [f for f in self.frames if f["type"] == kind]

    def took(self, frame: Frame) -> None:
        """A frame came."""

    def _opened(self) -> connect:
        raise NotImplementedError

    async def _greet(self, opened: ClientConnection) -> None:
        """What is said first."""


@dataclass
class Visitor(Side):
    """The widget's side: its log holds entries by number, each once."""

    token: str = ""
    chat: int | None = None
    log: dict[int, Frame] = field(default_factory=dict)
    came: list[int] = field(default_factory=list)  # numbers in the order they were new here
    repeated: list[Frame] = field(default_factory=list)
    origin: str = SHOP

    def _opened(self) -> connect:
        return connect(
            f"{self.served.address.replace('http', 'ws')}/chat/ws", origin=self.origin,
            subprotocols=["sanjeh.chat.1"], open_timeout=10, ping_interval=None,
        )  # fmt: skip

    async def _greet(self, opened: ClientConnection) -> None:
        hello: Frame = {"type": "hello", "token": self.token, "after": max(self.log, default=0)}
        if self.chat is not None:
            hello["chat"] = self.chat
        await opened.send(json.dumps(hello))

    def took(self, frame: Frame) -> None:
        if frame["type"] == "welcome" and frame["chat"]:
            self.chat = frame["chat"]["chat"]
        for entry in frame["entries"] if frame["type"] == "welcome" else [frame]:
            if entry["type"] != "entry":
                continue
            self.chat = entry["chat"]
            if entry["number"] in self.log:
                self.repeated.append(entry)
                continue
            self.log[entry["number"]] = entry
            self.came.append(entry["number"])

    def words(self) -> list[str]:
        """What was said, in its order."""
        return [e["body"] for _, e in sorted(self.log.items()) if e["kind"] == "message"]


@dataclass
class Agent(Side):
    """The console's side: takes what it is offered, and keeps a log for each chat."""

    name: str = ""
    takes: bool = True
    logs: dict[int, dict[int, Frame]] = field(default_factory=dict)
    came: dict[int, list[int]] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def _opened(self) -> connect:
        session = self.served.made["members"][self.name]["session"]
        return connect(
            f"{self.served.address.replace('http', 'ws')}/desk/ws", origin=self.served.address,
            additional_headers={"Cookie": f"sessionid={session}"}, open_timeout=10,
            ping_interval=None,
        )  # fmt: skip

    async def _take(self, frame: Frame) -> None:
        await super()._take(frame)
        if frame["type"] == "welcome":
            for chat, log in self.logs.items():
                await self._write({"type": "open", "chat": chat, "after": max(log, default=0)})
        offers = frame.get("offers", []) if frame["type"] == "welcome" else [frame]
        for offer in offers:
            if offer["type"] == "offer" and self.takes:
                await self.tell("accept", offer=offer["offer"])
                self.taken.add(offer["chat"]["id"])
                self.logs.setdefault(offer["chat"]["id"], {})
                await self.tell("open", chat=offer["chat"]["id"], after=0)

    def took(self, frame: Frame) -> None:
        for entry in frame["entries"] if frame["type"] == "history" else [frame]:
            if entry["type"] == "entry":
                log = self.logs.setdefault(entry["chat"], {})
                if entry["number"] not in log:
                    log[entry["number"]] = entry
                    self.came.setdefault(entry["chat"], []).append(entry["number"])

    def words(self, chat: int) -> list[str]:
        """What was said in a chat, in its order."""
        log = self.logs.get(chat, {})
        return [e["body"] for _, e in sorted(log.items()) if e["kind"] == "message"]


def visitor(served: Served, **more: Any) -> Visitor:
    """A visitor who said hello, connected."""
    made = Visitor(served, token=served.hello()["token"], **more)
    made.begin()
    return made


async def agent(served: Served, name: str, **more: Any) -> Agent:
    """A member, connected and available."""
    made = Agent(served, name=name, **more)
    made.begin()
    await made.asked("presence", status="available")
    return made
