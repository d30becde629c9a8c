"""The parts beside the network: lines, signals, frames, files; no server needed."""

from __future__ import annotations

import asyncio
import io
from typing import Any, NamedTuple

import pytest

from sanjeh.apps.desk.refusals import Refused
from sanjeh.apps.desk.sockets.contents import called, media_of
from sanjeh.apps.desk.sockets.fields import flag, number, obj, text, texts, whole
from sanjeh.apps.desk.sockets.frames import NoFrame, read, refusal
from sanjeh.apps.desk.sockets.line import MOST_WAITING, Code, Line, Pace
from sanjeh.apps.desk.sockets.switchboard import Switchboard


class Told(NamedTuple):
    """A signal as it is read."""

    number: int
    to: frozenset[str]
    frame: dict[str, Any]


class Slow:
    """A socket whose other side reads when it is told to."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.reads = asyncio.Event()

    async def __call__(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        self.sent.append(message)


def _line(send: Any) -> Any:
    made = Line(send, lambda frame: frame)
    made.welcome([])
    return made


def test_who_does_not_read_is_let_go_and_holds_no_memory() -> None:
    async def look() -> None:
        slow = Slow()
        line = _line(slow)
        for n in range(MOST_WAITING + 50):
            line.tell({"type": "entry", "number": n})
            if n % 100 == 0:
                await asyncio.sleep(0)
        assert not line._waiting
        slow.reads.set()
        await asyncio.sleep(0.01)
        assert slow.sent[-1] == {"type": "websocket.close", "code": Code.SLOW}
        assert len(slow.sent) <= 2
        line.tell({"type": "entry", "number": 9})  # nothing more
        await asyncio.sleep(0.01)
        assert len(slow.sent) <= 2

    asyncio.run(look())


def test_what_is_told_before_the_welcome_follows_it() -> None:
    async def look() -> list[str]:
        slow = Slow()
        slow.reads.set()
        line = Line(slow, lambda frame: frame)
        line.tell({"type": "entry", "number": 2})
        line.tell({"type": "entry", "number": 3})
        line.welcome([{"type": "welcome"}])
        line.tell({"type": "entry", "number": 4})
        await asyncio.sleep(0.01)
        return [message["text"] for message in slow.sent]

    assert asyncio.run(look()) == [
        '{"type":"welcome"}', '{"type":"entry","number":2}', '{"type":"entry","number":3}',
        '{"type":"entry","number":4}',
    ]  # fmt: skip


def test_signal_reaches_each_line_it_names_once() -> None:
    async def look() -> None:
        board, sides = Switchboard(), [Slow(), Slow(), Slow()]
        lines = [_line(side) for side in sides]
        for side in sides:
            side.reads.set()
        board.plug(lines[0], "v:a")
        board.plug(lines[1], "v:a", "m:1")  # two tabs, and one that is both
        board.plug(lines[2], "m:2")
        assert board.deliver(Told(1, frozenset(("v:a", "m:1")), {"type": "x"})) == 2
        board.unplug(lines[1])
        assert board.deliver(Told(2, frozenset(("v:a", "m:1")), {"type": "y"})) == 1
        await asyncio.sleep(0.01)
        assert [len(side.sent) for side in sides] == [2, 1, 0]
        assert board.names("v:") == ["a"]
        assert board.lines() == [lines[0], lines[2]]

    asyncio.run(look())


def test_sockets_of_an_address_are_counted() -> None:
    board = Switchboard()
    assert [board.come("a", 2) for _ in range(3)] == [True, True, False]
    assert board.come("b", 2)
    board.gone("a")
    assert board.come("a", 2)


def test_pace_lets_a_burst_through_and_then_so_many_a_second() -> None:
    pace = Pace(2, 4)
    assert [pace.wait(10.0) for _ in range(3)] == [0, 0, 0.25]
    assert pace.wait(10.25) == 0
    assert pace.wait(10.25) == 0.25
    assert [pace.wait(99.0) for _ in range(3)] == [0, 0, 0.25]  # no more than the burst is saved


@pytest.mark.parametrize(("left", "told"), [(0.0, 0.1), (0.004, 0.1), (0.21, 0.3), (3600.0, 3600)])
def test_too_fast_never_says_at_once(left: float, told: float) -> None:
    assert refusal("too_fast", "too many frames", "n", left)["after_seconds"] == told


@pytest.mark.parametrize(
    "came",
    ["", "x", "1", "null", "[]", "{}", '{"type": 1}', '{"type": null}', b"{}", None, "[" * 9999,
     '{"type": "x", "a": [[[[[[[1]]]]]]]}', '{"type": "x"' + " " * 32_000 + "}",
     '{"type": "' + "ش" * 16_000 + '"}', '{"type": "x", "a": NaN}'],
)  # fmt: skip
def test_what_is_no_frame_is_refused_without_repeating_it(came: Any) -> None:
    with pytest.raises(NoFrame) as refused:
        read(came)
    assert len(str(refused.value)) < 40


def test_nul_is_taken_out_of_frames_and_nothing_else() -> None:
    assert read('{"type": "x", "a": "1\\u00002", "b": ["\\\\u0000"], "c\\u0000": 1}') == {
        "type": "x", "a": "12", "b": ["\\u0000"], "c": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "held"),
    [(text, 5), (text, ["x"]), (text, {}), (number, True), (number, 1.0), (number, "1"),
     (number, 0), (number, -1), (number, 2**53), (whole, None), (flag, 1), (flag, "true"),
     (obj, []), (obj, "x"), (texts, {"a": []}), (texts, {str(n): "" for n in range(51)})],
)  # fmt: skip
def test_fields_of_another_type_are_refused(kind: Any, held: Any) -> None:
    with pytest.raises(Refused) as refused:
        kind({"field": held}, "field")
    assert refused.value.code == "wrong"


def test_fields_that_are_missing_are_nothing() -> None:
    assert (text({}, "f"), number({}, "f"), flag({}, "f"), obj({}, "f")) == ("", None, False, {})
    assert texts({"f": {"a": 1, "b": "x"}}, "f") == {"a": "1", "b": "x"}


@pytest.mark.parametrize(
    ("content", "name", "media"),
    [
        (b"\x89PNG\r\n\x1a\n...", "a.PNG", "image/png"),
        (b"\xff\xd8\xff\xe0...", "a.jpeg", "image/jpeg"),
        (b"RIFF....WEBP", "a.webp", "image/webp"),
        (b"%PDF-1.7", "قرارداد.pdf", "application/pdf"),
        ("سلام\r\n".encode(), "a.txt", "text/plain"),
        ("سلام".encode("utf-16"), "a.txt", None),
        (b"RIFF....AVI ", "a.webp", None),
        (b"\x89PNG\r\n\x1a\n...", "a.png.exe", None),
        (b"\x89PNG\r\n\x1a\n...", "png", None),
        (b"  <!DOCTYPE html>", "a.txt", None),
        (b"<?xml version='1.0'?><svg/>", "a.txt", None),
        (b"a\x00b", "a.txt", None),
    ],
)
def test_files_are_known_by_what_they_hold(content: bytes, name: str, media: str | None) -> None:
    assert media_of(io.BytesIO(content), name) == media


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\a.png", "a.png"),
        ("a\r\nX-Evil: 1.png", "aX-Evil_ 1.png"),
        ("gnp\u202ecod.exe", "gnpcod.exe"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        ("<b>.png", "_b_.png"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".png", "x" * 116 + ".png"),
    ],
)
def test_names_of_files_are_made_harmless(name: str, shown: str) -> None:
    assert called(name) == shown
