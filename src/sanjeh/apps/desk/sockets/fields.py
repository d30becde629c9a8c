"""Fields of frames, of the types that the protocol says; Refused for every other."""

from __future__ import annotations

from typing import Any, Final

from sanjeh.apps.desk.refusals import Refused

Fields = dict[str, Any]
MOST: Final = 2**53  # of a number, as JavaScript counts
MANY: Final = 50  # answers at most


def text(frame: Fields, key: str, least: int = 0) -> str:
    """Letters, none where the field is missing."""
    held = frame.get(key)
    found = "" if held is None else held
    if not isinstance(found, str) or len(found) < least:
        raise Refused("wrong", f"{key}: letters{', and some' if least else ''}")
    return found


def number(frame: Fields, key: str, least: int = 1) -> int | None:
    """A whole number; None where the field is missing."""
    held = frame.get(key)
    if held is None:
        return None
    if isinstance(held, bool) or not isinstance(held, int) or not least <= held < MOST:
        raise Refused("wrong", f"{key}: a whole number from {least}")
    return held


def whole(frame: Fields, key: str) -> int:
    """A whole number that must be there."""
    found = number(frame, key, least=0)
    if found is None:
        raise Refused("wrong", f"{key}: a whole number")
    return found


def flag(frame: Fields, key: str) -> bool:
    """True or false; false where the field is missing."""
    held = frame.get(key, False)
    if not isinstance(held, bool):
        raise Refused("wrong", f"{key}: true or false")
    return held


def obj(frame: Fields, key: str) -> Fields:
    """An object; an empty one where the field is missing."""
    held = frame.get(key)
    found = {} if held is None else held
    if not isinstance(found, dict):
        raise Refused("wrong", f"{key}: an object")
    return found


def texts(frame: Fields, key: str) -> dict[str, str]:
    """An object of letters, of numbers and truths written as such."""
    held = obj(frame, key)
    if len(held) > MANY or not all(isinstance(v, str | int | float) for v in held.values()):
        raise Refused("wrong", f"{key}: letters by name, {MANY} at most")
    return {name: str(value) for name, value in held.items()}
