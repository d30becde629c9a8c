"""A vendor's API on loopback: JSON routes in a thread, with limits and faults to order.

A vendor's server is a subclass with one method, `answer`. Faults are ordered by the number of the
request, from 1: `server.faults[3] = Fault.TOO_MANY`. `server.between[4] = touch` calls `touch`
after the fourth request was answered, as a person who works while a pull goes on.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Fault(Enum):
    """What goes wrong with one request."""

    BROKEN = auto()  # 500
    CUT = auto()  # half an answer, then the connection ends
    TOO_MANY = auto()  # 429 with Retry-After: 7
    NOT_JSON = auto()  # 200 with a page for people
    AWAY = auto()  # 503 without a word


@dataclass(frozen=True)
class Asked:
    """One request. query: the last value of each name; headers: names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """What the server says. value: sent as JSON."""

    value: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


NOT_FOUND = Answer({"error": "not found"}, 404)


class Loopback:
    """A server of one synthetic account; use it as a context manager, `base` is its address."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.faults: dict[int, Fault] = {}
        self.between: dict[int, Callable[[], None]] = {}
        self._lock = threading.Lock()

    def answer(self, asked: Asked) -> Answer:
        """The answer to a request that nothing is wrong with."""
        raise NotImplementedError

    def __enter__(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._serve(self)

            def do_POST(self) -> None:
                server._serve(self)

            def log_message(self, *said: Any) -> None:
                pass  # pytest would show every request

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length) if length else b""
        url = urlsplit(handler.path)
        asked = Asked(
            handler.command,
            url.path,
            {name: values[-1] for name, values in parse_qs(url.query).items()},
            {name.lower(): value for name, value in handler.headers.items()},
            json.loads(body) if body else None,
        )
        with self._lock:
            self.asked.append(asked)
            number = len(self.asked)
            fault = self.faults.get(number)
            answer = self.answer(asked) if fault in (None, Fault.CUT) else _FAULTS[fault]
            self._send(handler, answer, cut=fault is Fault.CUT)
            if number in self.between:
                self.between.pop(number)()

    def _send(self, handler: BaseHTTPRequestHandler, answer: Answer, *, cut: bool) -> None:
        text = answer.value if isinstance(answer.value, str) else json.dumps(answer.value)
        content = text.encode()
        handler.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2] if cut else content)
        if cut:
            handler.wfile.flush()
            handler.close_connection = True


_FAULTS = {
    Fault.BROKEN: Answer({"error": "broken"}, 500),
    Fault.AWAY: Answer({}, 503),
    Fault.TOO_MANY: Answer({"error": "slow down"}, 429, {"Retry-After": "7"}),
    Fault.NOT_JSON: Answer("<html>Sign in</html>", 200, {"Content-Type": "text/html"}),
}
