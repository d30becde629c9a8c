"""Schedules from the ledger's records of business calendars and holidays (part 3.7)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sanjeh.hours.calendars import Calendar, Span
from sanjeh.hours.errors import HoursError, did_you_mean
from sanjeh.hours.instants import to_microseconds, zone_of
from sanjeh.hours.schedules import Schedule

Record = Mapping[str, Any]
Exceptions = dict[date, tuple[Span, ...]]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def schedules_from_records(
    calendars: Sequence[Record], holidays: Sequence[Record]
) -> dict[str, Schedule]:
    """Return the schedule of every calendar id, from records of the ledger.

    On one date a calendar's own exception goes before a holiday of that calendar, and this
    before a holiday of all calendars (`calendar_id` null). Deleted records are left out.
    """
    versions: dict[str, list[Record]] = defaultdict(list)
    for record in calendars:
        if record.get("deleted_at") is None:
            versions[record["id"]].append(record)
    closed = _holidays(holidays, {record["id"] for record in calendars})
    return {
        name: _schedule(name, records, closed[None] | closed[name])
        for name, records in versions.items()
    }


def _schedule(name: str, records: list[Record], holidays: Exceptions) -> Schedule:
    """Return one calendar's versions in the order of `valid_from`, the undated one first."""
    with _told_of(f"Calendar {name!r}"):
        undated = [record for record in records if record.get("valid_from") is None]
        dated = sorted(
            (record for record in records if record.get("valid_from") is not None), key=_valid_from
        )
        if len(undated) > 1:
            raise HoursError(
                f"{len(undated)} versions have no valid_from; only the first version may."
            )
        first, *later = undated + dated
        return Schedule(
            _calendar(first, holidays),
            tuple((_valid_from(record), _calendar(record, holidays)) for record in later),
        )


def _calendar(record: Record, holidays: Exceptions) -> Calendar:
    exceptions = holidays | _exceptions(record.get("exceptions"))
    zone = record.get("tz")
    if record.get("always_open"):
        return Calendar.always_open(zone_of(zone or "UTC"), exceptions)
    if not zone:
        raise HoursError("it has no tz. Give an IANA time zone such as 'Asia/Tehran'.")
    weekly = record.get("weekly")
    if weekly is None:
        raise HoursError(
            'it has no hours. Give weekly, such as [{"dow": "mon", "from": "08:00", '
            '"to": "16:00"}] ([] is never open), or set always_open.'
        )
    return Calendar(zone_of(zone), _week(weekly), exceptions)


def _valid_from(record: Record) -> int:
    instant = record["valid_from"]
    if not isinstance(instant, datetime):
        raise HoursError(f"valid_from is {instant!r}; give an aware datetime, or nothing.")
    return to_microseconds(instant)


def _week(weekly: object) -> tuple[tuple[Span, ...], ...]:
    """The spans of each weekday, from a list of entries or an object of days to pairs."""
    days: list[list[Span]] = [[] for _ in WEEKDAYS]
    read = _read(weekly)
    if isinstance(read, Mapping):
        for day, spans in read.items():
            days[weekday(day)].extend(_spans(spans, f"weekly {day}"))
        return tuple(tuple(spans) for spans in days)
    for entry in _list(weekly, "weekly", '[{"dow": "mon", "from": "08:00", "to": "16:00"}]'):
        days[weekday(_given(entry, "dow"))].append(_span(entry))
    return tuple(tuple(spans) for spans in days)


def weekday(name: object) -> int:
    """Return 0 for Monday to 6 for Sunday from "mon", "Monday", 1 or "1" (ISO: Sunday is 7)."""
    word = str(name).strip().lower()
    for at, day in enumerate(WEEKDAYS):
        if word in (day, day[:3], str(at + 1)):
            return at
    raise HoursError(
        f"{name!r} is not a day of the week. Write mon, tue, wed, thu, fri, sat or sun, the whole "
        "English name, or the ISO number from 1 (Monday) to 7 (Sunday)."
        + did_you_mean(word, WEEKDAYS)
    )


def _exceptions(given: object) -> Exceptions:
    """Return the spans of each excepted date; entries of the same date are put together."""
    found: Exceptions = {}
    shape = '[{"date": "2026-03-21", "intervals": []}]'
    read = _read(given)
    if isinstance(read, Mapping):
        return {_date(on): _spans(spans, f"exceptions {on}") for on, spans in read.items()}
    for entry in _list(given, "exceptions", shape):
        on = _date(_given(entry, "date"))
        found[on] = found.get(on, ()) + _spans(entry.get("intervals"), "intervals")
    return found


def _holidays(records: Sequence[Record], calendars: set[str]) -> dict[str | None, Exceptions]:
    """Return the holidays of each calendar id, and under None those of all calendars."""
    found: dict[str | None, Exceptions] = defaultdict(dict)
    for record in records:
        if record.get("deleted_at") is not None:
            continue
        name = record.get("calendar_id")
        with _told_of(f"Holiday {record.get('name') or record.get('date')!r}"):
            if name is not None and name not in calendars:
                raise HoursError(
                    f"there is no calendar {name!r}. Name a calendar that exists, or none for "
                    f"all calendars.{did_you_mean(name, calendars)}"
                )
            spans = _spans(record.get("open_intervals"), "open_intervals")
            found[name][_date(_given(record, "date"))] = spans
    return found


def _spans(given: object, field: str) -> tuple[Span, ...]:
    read = _read(given)
    if isinstance(read, list):
        given = [
            {"from": entry[0], "to": entry[1]}
            if isinstance(entry, list) and len(entry) == 2
            else entry
            for entry in read
        ]
    entries = _list(given, field, '[{"from": "10:00", "to": "14:00"}]')
    return tuple(_span(entry) for entry in entries)


def _span(entry: Record) -> Span:
    return Span.parse(str(_given(entry, "from")), str(_given(entry, "to")))


def _date(given: object) -> date:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise HoursError(f"{given!r} is not a date; write it as 2026-03-21.") from None


def _given(entry: Record, field: str) -> object:
    if entry.get(field) is None:
        raise HoursError(f"{dict(entry)!r} has no {field!r}; every entry needs one.")
    return entry[field]


def _list(given: object, field: str, shape: str) -> list[Record]:
    """Return the entries of a JSON field, whether still text or already read; null is none."""
    entries = _read(given)
    if entries is None:
        return []
    if isinstance(entries, list) and all(isinstance(entry, Mapping) for entry in entries):
        return entries
    raise HoursError(f"{field} is {given!r}; it must be a list such as {shape}.")


def _read(given: object) -> object:
    """A JSON field's value, whether still text or already read."""
    try:
        return json.loads(given) if isinstance(given, str) else given
    except json.JSONDecodeError:
        return given


@contextmanager
def _told_of(subject: str) -> Iterator[None]:
    """Name the record in an error met while reading it."""
    try:
        yield
    except HoursError as error:
        raise HoursError(f"{subject}: {error}") from error
