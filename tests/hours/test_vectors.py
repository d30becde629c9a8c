"""What other packages' own tests expect of open hours: facts in `vectors.json`, with sources.

Every vector is asked. Those that follow another convention are listed by name below, with the
reason and our answer; the test fails when one of them agrees, or when any other differs.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sanjeh.hours import Schedule, schedules_from_records
from sanjeh.hours.calendars import seconds_of
from sanjeh.hours.instants import (
    to_datetime,
    to_microseconds,
    wall_to_microseconds,
    zone_of,
)

FILE = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
VECTORS: dict[str, dict[str, Any]] = {vector["id"]: vector for vector in FILE["vectors"]}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@cache
def schedule(number: int) -> Schedule:
    given = FILE["calendars"][number]
    hours = given.get("hours", {})
    replaced = dict(given.get("date_hours", {}))
    for on, breaks in given.get("breaks", {}).items():
        usual = hours.get(DAYS[date.fromisoformat(on).weekday()], [])
        replaced[on] = without(replaced.get(on, usual), breaks)
    record = {
        "id": "c",
        "tz": given["tz"],
        "weekly": [
            {"dow": day, "from": opens, "to": closes}
            for day, spans in hours.items()
            for opens, closes in spans
        ],
        "exceptions": [
            {"date": on, "intervals": [{"from": a, "to": b} for a, b in spans]}
            for on, spans in replaced.items()
            if on not in given.get("holidays", [])
        ],
    }
    holidays = [{"calendar_id": "c", "date": on} for on in given.get("holidays", [])]
    return schedules_from_records([record], holidays)["c"]


def without(spans: list[list[str]], breaks: list[list[str]]) -> list[list[str]]:
    """Cut breaks out of spans of one day; "HH:MM" compares as text."""
    for starts, ends in breaks:
        cut = []
        for opens, closes in spans:
            cut += [[opens, min(closes, starts)], [max(opens, ends), closes]]
        spans = [span for span in cut if span[0] < span[1]]
    return spans


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def shown(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def answer(vector: dict[str, Any]) -> Any:
    """Ask our code what the vector asks."""
    hours = schedule(vector["calendar"])
    given = FILE["calendars"][vector["calendar"]]
    if vector["op"] == "local_to_utc":
        on, _, time = vector["start"].partition("T")
        ordinal, second = date.fromisoformat(on).toordinal(), seconds_of(time)
        return shown(to_datetime(wall_to_microseconds(zone_of(given["tz"]), ordinal, second)))
    start = instant(vector["start"])
    match vector["op"]:
        case "within":
            end = instant(vector["end"])
            paused = sum(
                hours.seconds_between(instant(a), instant(b)) for a, b in given.get("pauses", [])
            )
            return hours.seconds_between(start, end) - paused
        case "add":
            return shown(hours.after(start, vector["seconds"]))
        case "subtract":
            return shown(hours.before(start, vector["seconds"]))
        case "is_open" | "is_open_closed_interval":
            return hours.is_open(start)
        case "periods_after":
            return periods(hours, vector, forward=True)
        case "periods_before":
            return periods(hours, vector, forward=False)
    raise AssertionError(vector["op"])


def periods(hours: Schedule, vector: dict[str, Any], forward: bool) -> list[list[str | None]]:
    at, month = to_microseconds(instant(vector["start"])), 60 * 86_400_000_000
    found = (
        hours.open_intervals(at, at + month)
        if forward
        else hours.open_intervals(at - month, at)[::-1]
    )
    return [
        [shown(to_datetime(a)), shown(to_datetime(b))] for a, b in found[: len(vector["expect"])]
    ]


def expected(vector: dict[str, Any]) -> Any:
    return vector["expect_seconds"] if vector["op"] == "within" else vector["expect"]


def pandas(numbers: str) -> list[str]:
    return [f"pandas-{number}" for number in numbers.split()]


# Other conventions, by id (docs/decisions/0002-open-hours-conventions.md says why not ours).

DEADLINE_IS_THE_NEXT_OPENING = pandas(
    """
    005 018 065 072 112 141 146 147 154 158 161 168 205 207 208 209 210 211 212 230 255
    256 323 336 351
    """
)
"""A deadline that falls on a closing is, for pandas, at the next opening."""

BEGINNING_IS_THE_LAST_CLOSING = pandas(
    """
    035 050 083 093 119 173 177 178 179 180 181 182 189 191 218 244
    """
)
"""The same backwards: one that falls on an opening is, for pandas, at the closing before."""

OPEN_AT_THE_CLOSING_INSTANT = pandas("272 279 293 299 315")
"""Open hours contain their closing instant in pandas."""

OTHER_ANSWERS = {
    "spatie_opening_hours-002": 0,  # an interval that ends before it starts is negative there
    "carbon_business_time-003": 0,  # the same
    "businesstimedelta-016": 5,  # "09:00" to "09:00" is never open there; 24 hours here
} | dict.fromkeys(OPEN_AT_THE_CLOSING_INSTANT, False)

AT_THE_BOUNDARY = DEADLINE_IS_THE_NEXT_OPENING + BEGINNING_IS_THE_LAST_CLOSING
DIFFERS = {*AT_THE_BOUNDARY, *OTHER_ANSWERS}


@pytest.mark.parametrize("name", [name for name in VECTORS if name not in DIFFERS])
def test_vector_agrees(name: str) -> None:
    assert answer(VECTORS[name]) == expected(VECTORS[name])


@pytest.mark.parametrize("name", AT_THE_BOUNDARY)
def test_vector_of_the_other_boundary_convention_differs(name: str) -> None:
    vector = VECTORS[name]
    assert answer(vector) != expected(vector)
    assert answer(vector) == vector["boundary_alternative"]


@pytest.mark.parametrize("name", OTHER_ANSWERS)
def test_vector_of_another_convention_differs(name: str) -> None:
    vector = VECTORS[name]
    assert answer(vector) != expected(vector)
    assert answer(vector) == OTHER_ANSWERS[name]


def test_every_vector_of_the_file_is_asked() -> None:
    assert Counter(vector["op"] for vector in VECTORS.values()) == {
        "within": 80,
        "add": 242,
        "subtract": 145,
        "is_open": 16,
        "is_open_closed_interval": 50,
        "periods_after": 14,
        "periods_before": 5,
        "local_to_utc": 4,
    }
    assert VECTORS.keys() >= DIFFERS
