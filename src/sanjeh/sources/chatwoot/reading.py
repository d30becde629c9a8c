"""Values of Chatwoot's JSON: instants, ids, words; wrong ones are refused with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sanjeh.sources.helpdesk.contract import Unreadable


def instant(value: Any, field: str) -> dt.datetime | None:
    """Seconds since 1970 or ISO text as an aware instant; 0 is Chatwoot's word for never."""
    if not value:
        return None
    try:
        if type(value) is int:
            return dt.datetime.fromtimestamp(value, dt.UTC)
        if isinstance(value, str):
            if value.replace(".", "", 1).isdecimal():
                return dt.datetime.fromtimestamp(float(value), dt.UTC)
            told = dt.datetime.fromisoformat(value.replace(" UTC", "+00:00"))
            return told if told.tzinfo else told.replace(tzinfo=dt.UTC)
        if isinstance(value, float):
            return dt.datetime.fromtimestamp(value, dt.UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise Unreadable(
        field, value, "is no instant; expected are seconds since 1970 or ISO text, as 2026-03-02T…Z"
    )


def second(value: Any, field: str) -> dt.datetime | None:
    """The instant to the second: the API tells no more, where a webhook and the database do."""
    told = instant(value, field)
    return told.replace(microsecond=0) if told and told.microsecond else told


def number(value: Any, field: str) -> int | None:
    """A whole number, also where it comes as text."""
    if value is None:
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Unreadable(field, value, "is no whole number") from None


def needed_id(value: Mapping[str, Any], field: str = "id") -> str:
    """The id as text. Errors: Unreadable where there is none."""
    told = value.get(field)
    if type(told) is int:
        return str(told)
    if told is None or told == "" or isinstance(told, (dict, list, bool)):
        raise Unreadable(field, told, f"the object has no {field}; nothing can be told of it")
    return str(told)


def word(value: Any) -> str | None:
    """Text without blanks around it; None where nothing is left."""
    return (value.strip() or None) if isinstance(value, str) else None


def part(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under that name; an empty one where there is none."""
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}


def flat(value: Any) -> dict[str, Any]:
    """The plain values of an object of custom attributes."""
    if not isinstance(value, Mapping):
        return {}
    return {str(k): v for k, v in value.items() if isinstance(v, (str, int, float, bool))}
