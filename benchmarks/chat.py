"""Live chat under load, over real sockets: how soon words arrive, whether any is lost.

    python benchmarks/chat.py            # 1,000 visitors, 200 chats, one process, SQLite
    python benchmarks/chat.py --visitors 50 --chats 10 --seconds 20
    python benchmarks/chat.py --processes 2 --database postgresql://user@host/EMPTY

A visitor and a member of a chat write in turn, each after reading and thinking for some seconds,
with the frames that go with it (typing, seen). Delivery is from `send` on one socket to the frame
on the other, by one clock, since both ends are in this process. Every socket comes from one of many
addresses of loopback, so that the limits of one address hold as they are.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import platform
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

SHOP = "https://shop.example"
THINKS = (5.0, 12.0)  # seconds between reading and answering
CLOSES_AFTER = 15.0  # seconds in which what is under way may still arrive


def main() -> None:
    """Serve, connect, talk, print."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--visitors", type=int, default=1000)
    asked.add_argument("--chats", type=int, default=200)
    asked.add_argument("--agents", type=int, default=25)
    asked.add_argument("--seconds", type=float, default=60.0, help="of talking")
    asked.add_argument("--processes", type=int, default=1)
    asked.add_argument("--database", default="", help="an empty database; else SQLite")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="chat-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        home.mkdir()
        os.environ["SANJEH_DATABASE"] = given.database
        members = _members(home, given.agents, -(-given.chats // given.agents) + 1)
        with _Server(home, given.processes) as server:
            asyncio.run(_run(given, server, members))


def _members(home: Path, agents: int, limit: int) -> list[str]:
    """Make the desk; the members' sessions."""
    from sanjeh.web import site

    site.prepare(home)
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection
    from django.utils import timezone

    from sanjeh.apps.desk import members
    from sanjeh.apps.desk.models import Member
    from sanjeh.apps.site.models import Setup
    from sanjeh.web.people.models import Seat

    Setup.objects.create(origins=[SHOP], assumes_consent=True)
    sessions = []
    for n in range(agents):
        user = User.objects.create(username=f"agent{n}", password="!")
        Seat.objects.create(user=user, role="agent")
        members.change(timezone.now(), Member.objects.get(user=user), limit=limit)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        sessions.append(session.session_key)
    connection.close()
    return sessions


class _Server:
    def __init__(self, home: Path, processes: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.log = home.parent / "log"
        command = [sys.executable, "-m", "sanjeh", "--home", str(home), "serve"]
        self.command = [*command, "--port", str(self.port), "--processes", str(processes)]

    def __enter__(self) -> _Server:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                told = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                told.request("GET", "/healthz")
                if told.getresponse().status == 200:
                    return self
            except OSError:
                time.sleep(0.2)
        raise SystemExit(f"the server did not start: {self.log.read_text()}")

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)

    def _numbers(self) -> list[Path]:
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    if os.getpgid(int(folder.name)) == self.process.pid:
                        found.append(folder)
                except ProcessLookupError:
                    continue
        return found

    def memory(self) -> int:
        """Kilobytes of its own, of all its processes."""
        total = 0
        for folder in self._numbers():
            for line in (folder / "smaps_rollup").read_text().splitlines():
                if line.startswith(("Private_Clean", "Private_Dirty")):
                    total += int(line.split()[1])
        return total

    def processor(self) -> float:
        """Processor seconds so far, of all its processes."""
        ticks = 0
        for folder in self._numbers():
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@dataclass
class _Talk:
    """What was said and what arrived, by its own id."""

    said: dict[str, float] = field(default_factory=dict)
    arrived: dict[str, float] = field(default_factory=dict)  # seconds it took
    again: int = 0  # arrived a second time
    wrong: list[str] = field(default_factory=list)
    last: dict[tuple[str, int], int] = field(default_factory=dict)  # (reader, chat): number
    is_over: bool = False

    def words(self) -> str:
        """Something to say, timed from now."""
        name = uuid.uuid4().hex
        self.said[name] = time.perf_counter()
        return f"{name} " + "where is my parcel? " * random.randint(1, 6)

    def heard(self, reader: str, frame: dict[str, Any]) -> bool:
        """Note that words arrived with the other side; whether they are new."""
        name = frame["body"].partition(" ")[0]
        if name not in self.said:
            return False
        if name in self.arrived:
            self.again += 1
            return False
        self.arrived[name] = time.perf_counter() - self.said[name]
        key = (reader, frame["chat"])
        if frame["number"] <= self.last.get(key, 0):
            self.wrong.append(f"{key}: {frame['number']} after {self.last[key]}")
        self.last[key] = frame["number"]
        return True


def _address(n: int) -> tuple[str, int]:
    return (f"127.1.{n // 200}.{n % 200 + 1}", 0)


def _hello(port: int, n: int) -> str:
    line = http.client.HTTPConnection("127.0.0.1", port, 60, source_address=_address(n // 4))
    body = {"language": "en", "page": {"url": f"{SHOP}/{n}", "title": "A page"}}
    line.request("POST", "/chat/hello", json.dumps(body), {"Origin": SHOP})
    told = json.loads(line.getresponse().read())
    line.close()
    return str(told["token"])


async def _visitor(port: int, n: int, token: str) -> ClientConnection:
    opened = await connect(
        f"ws://127.0.0.1:{port}/chat/ws", origin=SHOP, subprotocols=["sanjeh.chat.1"],
        compression=None, local_addr=_address(n // 4), open_timeout=60, ping_interval=None,
    )  # fmt: skip
    await opened.send(json.dumps({"type": "hello", "token": token, "after": 0}))
    assert json.loads(await opened.recv())["type"] == "welcome"
    return opened


async def _write(opened: ClientConnection, talk: _Talk, chat: int | None) -> None:
    """Think, type, say."""
    where = {} if chat is None else {"chat": chat}
    await asyncio.sleep(random.uniform(*THINKS) - 2)
    if talk.is_over:
        return
    await opened.send(json.dumps({"type": "typing", "on": True, **where}))
    await asyncio.sleep(2)
    if talk.is_over:
        return
    said = {"type": "say", "nonce": uuid.uuid4().hex, **where}
    await opened.send(json.dumps({**said, "body": talk.words()}))


async def _visit(opened: ClientConnection, talk: _Talk, wait: float) -> None:
    await asyncio.sleep(wait)
    start = {"type": "start", "nonce": uuid.uuid4().hex, "language": "en", "body": talk.words()}
    await opened.send(json.dumps(start))
    tasks = set()
    async for text in opened:
        frame = json.loads(text)
        if frame["type"] == "entry" and frame["author"]["type"] == "agent" and frame["body"]:
            if talk.heard("v", frame):
                await opened.send(json.dumps({"type": "seen", "number": frame["number"]}))
                tasks.add(asyncio.create_task(_write(opened, talk, None)))
        elif frame["type"] == "refused":
            talk.wrong.append(f"refused: {frame['code']} {frame['message']}")


async def _idle(opened: ClientConnection) -> None:
    async for _ in opened:
        continue


async def _agent(port: int, n: int, session: str, talk: _Talk, ready: asyncio.Event) -> None:
    opened = await connect(
        f"ws://127.0.0.1:{port}/desk/ws", origin=f"http://127.0.0.1:{port}", compression=None,
        additional_headers={"Cookie": f"sessionid={session}"}, local_addr=_address(5000 + n),
        open_timeout=60, ping_interval=None, max_size=None,
    )  # fmt: skip
    assert json.loads(await opened.recv())["type"] == "welcome"
    await opened.send(json.dumps({"type": "presence", "nonce": "p", "status": "available"}))
    ready.set()
    tasks = set()
    async for text in opened:
        frame = json.loads(text)
        if frame["type"] == "offer":
            nonce = uuid.uuid4().hex
            accept = {"type": "accept", "nonce": nonce, "offer": frame["offer"]}
            await opened.send(json.dumps(accept))
            chat = {"chat": frame["chat"]["id"], "after": 0}
            await opened.send(json.dumps({"type": "open", "nonce": nonce + "o", **chat}))
        for entry in frame["entries"] if frame["type"] == "history" else [frame]:
            if entry["type"] != "entry" or entry["author"]["type"] != "customer":
                continue
            first = frame["type"] == "history"
            if first:  # words that waited in the queue were not under way
                talk.said[entry["body"].partition(" ")[0]] = time.perf_counter()
            if entry["body"] and talk.heard(f"a{n}", entry):
                seen = {"type": "seen", "nonce": uuid.uuid4().hex, "chat": entry["chat"]}
                await opened.send(json.dumps({**seen, "number": entry["number"]}))
                tasks.add(asyncio.create_task(_write(opened, talk, entry["chat"])))
                if first:
                    del talk.arrived[entry["body"].partition(" ")[0]]
                    del talk.said[entry["body"].partition(" ")[0]]
        if frame["type"] == "refused":
            talk.wrong.append(f"refused: {frame['code']} {frame['message']}")


async def _run(given: argparse.Namespace, server: _Server, sessions: list[str]) -> None:
    talk, port = _Talk(), server.port
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(4) as threads:
        tokens = await asyncio.gather(
            *(loop.run_in_executor(threads, _hello, port, n) for n in range(given.visitors))
        )
    ready = [asyncio.Event() for _ in sessions]
    agents = [
        asyncio.create_task(_agent(port, n, session, talk, ready[n]))
        for n, session in enumerate(sessions)
    ]
    await asyncio.gather(*(one.wait() for one in ready))
    await asyncio.sleep(2)
    before = server.memory()
    lines: list[ClientConnection] = []
    for start in range(0, given.visitors, 50):
        some = range(start, min(start + 50, given.visitors))
        lines += await asyncio.gather(*(_visitor(port, n, tokens[n]) for n in some))
    await asyncio.sleep(2)
    each = (server.memory() - before) / given.visitors
    ramp = min(20.0, given.seconds / 2)
    print(
        f"{len(lines)} visitors and {len(agents)} members are connected, {each:.1f} KB each",
        flush=True,
    )
    tasks = [
        asyncio.create_task(_visit(line, talk, ramp * n / given.chats))
        for n, line in enumerate(lines[: given.chats])
    ]
    tasks += [asyncio.create_task(_idle(line)) for line in lines[given.chats :]]
    await asyncio.sleep(ramp)
    began, at = server.processor(), time.perf_counter()
    own, load = time.process_time(), [os.getloadavg()[0]]
    while time.perf_counter() - at < given.seconds:
        await asyncio.sleep(5)
        load.append(os.getloadavg()[0])
    lasted = time.perf_counter() - at
    used, own = server.processor() - began, time.process_time() - own
    talk.is_over = True
    until = time.perf_counter() + CLOSES_AFTER
    while len(talk.arrived) < len(talk.said) and time.perf_counter() < until:
        await asyncio.sleep(0.1)
    broken = [task for task in (*agents, *tasks) if task.done()]
    _tell(given, talk, each, used, own, lasted, load, len(broken))
    for task in (*agents, *tasks):
        task.cancel()
    for line in lines:
        line.transport.abort()


def _tell(
    given: argparse.Namespace, talk: _Talk, each: float, used: float, own: float, lasted: float,
    load: list[float], broken: int,
) -> None:  # fmt: skip
    took = sorted(1000 * seconds for seconds in talk.arrived.values())
    where = "PostgreSQL" if given.database else "SQLite"
    lost = len(talk.said) - len(took)

    def at(share: float) -> float:
        return took[min(len(took) - 1, int(share * len(took)))]

    print(
        f"{given.visitors} visitors, {given.chats} chats, {given.agents} members; {where}, "
        f"{given.processes} process(es), {lasted:.0f} s"
    )
    print(
        f"delivery of n={len(took)}: p50 {at(0.5):.0f} ms, p90 {at(0.9):.0f} ms, "
        f"p99 {at(0.99):.0f} ms, max {took[-1]:.0f} ms"
    )
    print(
        f"lost {lost}, doubled {talk.again}, out of order or refused {len(talk.wrong)}, "
        f"broken lines {broken}"
    )
    for why in sorted(set(talk.wrong))[:5]:
        print("  ", why)
    print(f"memory a connection {each:.1f} KB")
    print(
        f"processor: server {used:.1f} s, generator {own:.1f} s of {lasted:.0f} s; "
        f"{os.cpu_count()} cores ({platform.machine()}), load average {min(load):.1f} to "
        f"{max(load):.1f}"
    )


if __name__ == "__main__":
    main()
