"""A line: one socket, what is on its way to it, and how fast it may speak."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sanjeh.apps.desk.sockets.frames import Frame, written

MOST_WAITING: Final = 500  # frames on their way to one who does not read
MOST_WAITING_BYTES: Final = 2_000_000
_numbers = itertools.count(1)
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Code:
    """Why a socket is closed, in the protocol's numbers."""

    GOING = 1012  # the server restarts: come again
    SLOW = 1013  # what was sent was not read: come again, and ask for what came after
    FAILED = 1011
    NO_FRAME = 1007
    UNKNOWN = 4401  # no good token, or signed out: a new `hello` first
    SILENT = 4408  # nothing was said in time
    TOO_MANY = 4429  # frames, or sockets of one address


@dataclass
class Pace:
    """Frames that a line may send: so many at once, and so many a second for long."""

    burst: float
    per_second: float
    left: float = field(init=False)
    at: float | None = None

    def __post_init__(self) -> None:
        self.left = self.burst

    def wait(self, now: float) -> float:
        """Seconds that it is too fast by, 0 where it is not."""
        if self.at is not None:
            self.left = min(self.burst, self.left + (now - self.at) * self.per_second)
        self.at = now
        if self.left >= 1:
            self.left -= 1
            return 0.0
        return (1 - self.left) / self.per_second


class Line:
    """What is told goes out in its order; who does not read is let go, and may ask again."""

    def __init__(self, send: Send, shown: Callable[[Frame], Frame]) -> None:
        self.number = next(_numbers)
        self.names: frozenset[str] = frozenset()  # whom signals name that are for it
        self._send, self._shown = send, shown
        self._waiting: deque[str] = deque()
        self._bytes = 0
        self._writer: asyncio.Task[None] | None = None
        self._held: list[Frame] | None = []  # until it has been welcomed
        self._code: int | None = None
        self.is_closed = False

    def welcome(self, frames: Iterable[Frame]) -> None:
        """Tell these first, then whatever was told in the meantime, then as it comes."""
        held, self._held = self._held or [], None
        for frame in (*frames, *held):
            self.tell(frame)

    def tell(self, frame: Frame) -> None:
        """Have a frame go out."""
        if self._held is not None:
            self._held.append(frame)
            if len(self._held) > MOST_WAITING:
                self.close(Code.SLOW)
            return
        self.answer(frame)

    def answer(self, frame: Frame) -> None:
        """Have a frame go out even before the welcome."""
        if self.is_closed or self._code is not None:
            return
        text = written(self._shown(frame))
        self._waiting.append(text)
        self._bytes += len(text)
        if len(self._waiting) > MOST_WAITING or self._bytes > MOST_WAITING_BYTES:
            self.close(Code.SLOW)
            return
        self._write()

    def close(self, code: int) -> None:
        """Close it after what is on its way; at once where that is not read."""
        if self.is_closed or self._code is not None:
            return
        self._code = code
        if code == Code.SLOW:
            self._waiting.clear()
            if self._writer is not None:
                self._writer.cancel()
                self._writer = None
        self._write()

    def _write(self) -> None:
        if self._writer is None:  # no task where there is nothing to send
            self._writer = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._waiting:
                text = self._waiting.popleft()
                self._bytes -= len(text)
                await self._send({"type": "websocket.send", "text": text})
            if self._code is not None:
                await self._send({"type": "websocket.close", "code": self._code})
                self.is_closed = True
        except OSError:  # the other side is gone (uvicorn's ClientDisconnected is one)
            self.is_closed = True
        finally:
            self._writer = None
        if self._waiting and not self.is_closed:
            self._write()
