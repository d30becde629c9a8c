"""Frames: one JSON object each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import orjson

MOST_BYTES: Final = 32_000
MOST_DEEP: Final = 6  # objects and lists within each other
Frame = dict[str, Any]


class NoFrame(Exception):
    """What came is not a frame; the text says why, without repeating it."""


def read(text: str | bytes | None) -> Frame:
    """The object that came. NoFrame for everything else."""
    if not isinstance(text, str):
        raise NoFrame("a frame is text")
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise NoFrame(f"a frame is {MOST_BYTES} bytes at most")
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise NoFrame("not JSON") from error
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise NoFrame("an object with a type")
    clean: Frame = _clean(frame, MOST_DEEP)
    return clean


def _clean(value: Any, deep: int) -> Any:
    """A value without the letter NUL, which no text of a database holds."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if not isinstance(value, dict | list):
        return value
    if deep == 0:
        raise NoFrame("too deep")
    if isinstance(value, list):
        return [_clean(one, deep - 1) for one in value]
    return {_clean(key, deep): _clean(one, deep - 1) for key, one in value.items()}


def written(frame: Mapping[str, Any]) -> str:
    """A frame as text."""
    return orjson.dumps(frame).decode()


def refusal(
    code: str, message: str, nonce: Any = None, after_seconds: float | None = None
) -> Frame:
    """`refused`, with the nonce of what was refused where it had one."""
    frame: Frame = {"type": "refused", "code": code, "message": message}
    if isinstance(nonce, str):
        frame["nonce"] = nonce[:100]
    if after_seconds is not None:
        frame["after_seconds"] = max(math.ceil(after_seconds * 10), 1) / 10  # 0 would say: never
    return frame
