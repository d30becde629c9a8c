"""The two sockets of a process, beside an ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from django.db import DatabaseError

from sanjeh.apps.desk import signals, surroundings
from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.desk.sockets import callers, door, files
from sanjeh.apps.desk.sockets.callers import Caller, SignedIn, now
from sanjeh.apps.desk.sockets.frames import Frame, NoFrame, read, refusal
from sanjeh.apps.desk.sockets.line import Code, Line, Pace
from sanjeh.apps.desk.sockets.listening import Listening
from sanjeh.apps.desk.sockets.switchboard import Switchboard
from sanjeh.apps.desk.sockets.work import Work, check_point
from sanjeh.apps.site.limits import Limit
from sanjeh.apps.site.tokens import visitor_of

log = logging.getLogger("sanjeh.desk")
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

VISITORS: Final = "/chat/ws"
MEMBERS: Final = "/desk/ws"
PROTOCOL: Final = "sanjeh.chat.1"
HELLO_WITHIN: Final = 10.0  # seconds
MOST_OF_AN_ADDRESS: Final = 100  # sockets open at once, of one process
MOST_FAULTS: Final = 25  # frames that were none, or too fast, before a socket is closed
HEARD_EVERY: Final = 10.0  # seconds
VISITORS_AT_ONCE: Final = 250
ROUTES_EVERY: Final = 1.0
ROUTES_APART: Final = 0.2  # at least, so that others come in between
CHECKED_EVERY: Final = 15.0  # seconds between looks whether sessions still hold
BOARD_EVERY: Final = 1.0  # seconds between two boards at least
SWEPT_EVERY: Final = 600.0
CHECK_POINT_EVERY: Final = 5.0
AGAIN: Final = 1.0  # seconds after which to try again where the database was away


class Sockets:
    """The lines of one process, and what it does for them beside."""

    def __init__(self, admits: callers.Admits) -> None:
        self._admits = admits
        self.work = Work()
        self.board = Switchboard()
        self.origins = callers.Origins()
        self._opened = Limit(burst=60, per_minute=240)
        self._sessions: dict[Line, SignedIn] = {}
        self._listening: Listening | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._board_is_new = asyncio.Event()
        self._route = asyncio.Event()  # something changed who is free or who waits

    # -- the process -----------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin to listen; sockets are refused before.

        The record is read first: the first greetings would else wait for it, in one row.
        """
        try:
            await self.work.reading(surroundings.renew)
        except Exception:  # who needs it reads it then, and is told what is wrong
            log.exception("desk: the record could not be read")
        loop = asyncio.get_running_loop()

        def deliver(told: list[signals.Told]) -> None:
            loop.call_soon_threadsafe(self._deliver, told)

        self._listening = Listening(deliver)
        self._listening.start()
        for each, seconds in (
            (self._heard, HEARD_EVERY),
            (self._check, CHECKED_EVERY),
            (self._second, 0.0),
            (self._show_board, BOARD_EVERY),
            (self._sweep, SWEPT_EVERY),
            (self._check_point, CHECK_POINT_EVERY),
            (self._renew, 0.0),
        ):
            self._tasks.append(asyncio.create_task(_every(seconds, each)))

    async def stop(self) -> None:
        """Send everybody away, to come again."""
        for task in self._tasks:
            task.cancel()
        await self._heard()
        if self._listening is not None:
            self._listening.stop()
        for line in self.board.lines():
            line.close(Code.GOING)
        self.work.stop()

    def _deliver(self, told: list[signals.Told]) -> None:
        for signal in told:
            if signal.to == {signals.BOARD}:
                self._board_is_new.set()
            else:
                self.board.deliver(signal)

    def _wake(self) -> None:
        if self._listening is not None:
            self._listening.wake()

    async def _heard(self) -> None:
        visitors, members = self.board.names("v:"), self.board.names("m:")
        for start in range(0, len(visitors), VISITORS_AT_ONCE):  # others come in between
            some = visitors[start : start + VISITORS_AT_ONCE]
            await self.work.change(door.heard, some, [], now())
        for member in members:
            await self.work.change(door.heard, [], [int(member)], now())
        self._wake()

    async def _second(self) -> None:
        """Once a second, and when something changed who is free or who waits."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._route.wait(), ROUTES_EVERY)
        self._route.clear()
        await self.work.change(door.second, now())
        self._wake()
        await asyncio.sleep(ROUTES_APART)

    async def _sweep(self) -> None:
        await self.work.change(files.sweep, now())

    async def _check_point(self) -> None:
        await self.work.reading(check_point)

    async def _renew(self) -> None:
        await asyncio.sleep(surroundings.RENEWED_EVERY)
        await self.work.reading(surroundings.renew)

    async def _check(self) -> None:
        held = dict(self._sessions)
        sessions = {session.session for session in held.values()}
        good = await self.work.reading(
            lambda: {s for s in sessions if callers.member_of(s, self._admits)}
        )
        for line, session in held.items():
            if session.session not in good:
                log.warning("desk: the session of member %s ended", session.member)
                line.close(Code.UNKNOWN)

    async def _show_board(self) -> None:
        if not self._board_is_new.is_set():
            return
        self._board_is_new.clear()
        lines = {line: self._sessions[line] for line in self.board.lines_of(signals.BOARD)}
        for number in {session.member for session in lines.values()}:
            shown = await self.work.reading(door.board, number, now())
            for line, session in lines.items():
                if session.member == number and shown is not None:
                    line.tell(shown)

    # -- one socket ------------------------------------------------------------------------------

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A socket, from its opening to its end."""
        who = callers.caller(scope)
        if (await receive())["type"] != "websocket.connect":
            return
        if self._listening is None or scope["path"] not in (VISITORS, MEMBERS):
            await _turn_away(send, 404)
            return
        if self._opened.wait(who.address):
            await self._refuse(send, who, "sockets", 429)
            return
        if not self.board.come(who.address, MOST_OF_AN_ADDRESS):
            await self._refuse(send, who, "sockets", 429)
            return
        try:
            if scope["path"] == VISITORS:
                await self._visitor(scope, who, receive, send)
            else:
                await self._member(who, receive, send)
        except OSError:  # the other side left while it was told something
            log.debug("a socket was left")
        finally:
            self.board.gone(who.address)

    async def _refuse(self, send: Send, who: Caller, why: str, status: int = 403) -> None:
        log.warning("socket refused: %s, origin %.100r, from %s", why, who.origin, who.address)
        await _turn_away(send, status)

    async def _visitor(self, scope: Scope, who: Caller, receive: Receive, send: Send) -> None:
        allowed = self.origins.known(who)
        if allowed is None:
            allowed = await self.work.reading(self.origins.ask, who)
        if not allowed:
            await self._refuse(send, who, "origin")
            return
        if PROTOCOL not in scope["subprotocols"]:
            await self._refuse(send, who, "subprotocol", 400)
            return
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        line = Line(send, files.with_addresses)
        hello = await self._hello(line, who, receive)
        if hello is None:
            return
        visitor = visitor_of(str(hello.get("token") or ""))
        if visitor is None:
            log.warning("socket refused: token, from %s", who.address)
            line.close(Code.UNKNOWN)
            await _until_left(receive)
            return
        self.board.plug(line, signals.of_visitor(visitor))
        try:
            welcome = await self.work.change(door.greet, visitor, hello, now())
            line.welcome([welcome])
            self._wake()
            await self._talk(
                line, receive, Pace(20, 5),
                lambda frame: door.visitor(visitor, who, frame, now()),
            )  # fmt: skip
        finally:
            self.board.unplug(line)
            await self._left([visitor], [])

    async def _left(self, visitors: list[str], members: list[int]) -> None:
        """Say when somebody was there last: now."""
        with contextlib.suppress(RuntimeError):  # the process ends: it said so for all
            await self.work.change(door.heard, visitors, members, now())

    async def _hello(self, line: Line, who: Caller, receive: Receive) -> Frame | None:
        try:
            async with asyncio.timeout(HELLO_WITHIN):
                message = await receive()
        except TimeoutError:
            log.warning("socket closed: no hello, from %s", who.address)
            line.close(Code.SILENT)
            await _until_left(receive)
            return None
        if message["type"] != "websocket.receive":
            return None
        try:
            frame = read(message.get("text"))
        except NoFrame as error:
            frame = {"type": str(error)}
        if frame["type"] != "hello":
            log.warning("socket closed: no hello, from %s", who.address)
            line.close(Code.NO_FRAME)
            await _until_left(receive)
            return None
        return frame

    async def _member(self, who: Caller, receive: Receive, send: Send) -> None:
        if not callers.is_own_page(who):
            await self._refuse(send, who, "origin of the desk")
            return
        session = await self.work.reading(callers.signed_in, who, self._admits)
        if session is None:
            await self._refuse(send, who, "no member of the desk")
            return
        await send({"type": "websocket.accept"})
        line = Line(send, files.with_addresses)
        self.board.plug(line, signals.of_member(session.member))
        self._sessions[line] = session
        try:
            welcome = await self.work.change(door.come, session.member, now())
            line.welcome([welcome])
            self._wake()

            def told(frame: Frame) -> list[Frame]:
                return door.member(session.member, frame, now())

            await self._talk(line, receive, Pace(120, 30), told)
        finally:
            self.board.unplug(line)
            del self._sessions[line]
            await self._left([], [session.member])

    async def _talk(
        self, line: Line, receive: Receive, pace: Pace, do: Callable[[Frame], list[Frame]]
    ) -> None:
        """Take frames one after the other, as they came, until the socket is closed."""
        faults = 0
        clock = asyncio.get_running_loop().time
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return
            try:
                frame = read(message.get("text"))
            except NoFrame as error:
                faults += 1
                line.answer(refusal("frame", str(error)))
                frame = {"type": ""}
            if faults > MOST_FAULTS:
                log.warning("socket closed: faults or haste, %s", sorted(line.names))
                line.close(Code.TOO_MANY)
                await _until_left(receive)
                return
            if not frame["type"]:
                continue
            if wait := pace.wait(clock()):
                faults += 1
                line.answer(refusal("too_fast", "too many frames", frame.get("nonce"), wait))
            elif frame["type"] == "ping":
                line.answer({"type": "pong"})
            elif frame["type"] in ("board", "unboard") and line in self._sessions:
                await self._board(line, frame)
            else:
                await self._do(line, frame, do)

    async def _do(self, line: Line, frame: Frame, do: Callable[[Frame], list[Frame]]) -> None:
        nonce = frame.get("nonce")
        try:
            answers = await self.work.change(do, frame)
        except Refused as error:
            line.answer(refusal(error.code, error.message, nonce, error.after_seconds))
        except DatabaseError:
            log.exception("desk: %.20r could not be done now", frame["type"])
            line.answer(refusal("busy", "try again", nonce, AGAIN))
        except Exception:  # of one frame: the socket lives on, and the sender is told
            log.exception("desk: %.20r failed", frame["type"])
            line.answer(refusal("failed", "something went wrong here", nonce))
        else:
            self._wake()
            for answer in answers:
                line.answer(answer)
            if frame["type"] in door.ROUTED:
                self._route.set()

    async def _board(self, line: Line, frame: Frame) -> None:
        member = self._sessions[line].member
        if frame["type"] == "unboard":
            self.board.unplug(line, signals.BOARD)
        else:
            shown = await self.work.reading(door.board, member, now())
            if shown is None:
                log.warning("desk: the board was refused to member %s", member)
                line.answer(
                    refusal("not_yours", "the board is for supervisors", frame.get("nonce"))
                )
                return
            self.board.plug(line, signals.BOARD)
            line.answer(shown)
        if isinstance(frame.get("nonce"), str):
            line.answer({"type": "done", "nonce": frame["nonce"][:100]})


def beside(app: App, sockets: Sockets) -> App:
    """The application, with the sockets where a socket is asked for."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await sockets.handle(scope, receive, send)
        else:
            await app(scope, receive, send)

    return handle


async def _every(seconds: float, do: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await do()
        except Exception:  # of one turn: the next may go well
            log.exception("desk: %s failed", getattr(do, "__name__", ""))
        await asyncio.sleep(seconds)


async def _turn_away(send: Send, status: int) -> None:
    """Answer a handshake with a status: nothing of the desk has been told."""
    await send({"type": "websocket.http.response.start", "status": status, "headers": []})
    await send({"type": "websocket.http.response.body", "body": b""})


async def _until_left(receive: Receive) -> None:
    """Wait until the socket is closed, taking nothing more."""
    while (await receive())["type"] == "websocket.receive":
        continue
