"""What a person types in a form, read: dates of either calendar, times, numbers, spans of hours.

Each reader takes the text and gives the value; `Wrong` says under which words the field is refused
(`site.settings.wrong`). Digits of any script are read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sanjeh.answers.periods import Clockwork, moment
from sanjeh.hours import HoursError
from sanjeh.hours.calendars import Span
from sanjeh.words import ascii_digits, close_matches, from_jalali, to_jalali

LONGEST = 200
JALALI_BEFORE = 1700  # a year below is of the Jalali calendar
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_DURATION = re.compile(
    r"(\d+(?:\.\d+)?)\s*(s|sec|m|min|h|d|ثانیه|دقیقه|ساعت|روز|с|сек|мин|ч|д|дн)?"
)
_UNITS = {
    "s": 1, "sec": 1, "ثانیه": 1, "с": 1, "сек": 1, "m": 60, "min": 60, "دقیقه": 60, "мин": 60,
    "h": 3600, "ساعت": 3600, "ч": 3600, "d": 86_400, "روز": 86_400, "д": 86_400, "дн": 86_400,
}  # fmt: skip
CLOSED = frozenset({"", "closed", "-", "—", "تعطیل", "بسته", "закрыто", "выходной"})


class Wrong(ValueError):
    """A field that cannot be read: the key of the words that say why, and what fills them."""

    def __init__(self, key: str, **parts: Any) -> None:
        super().__init__(key)
        self.key, self.parts = key, parts


Reader = Callable[[str], Any]


def words(text: str) -> str:
    """A line of text."""
    line = " ".join(text.split())
    if len(line) > LONGEST:
        raise Wrong("long", most=LONGEST, given=len(line))
    return line


def day(text: str) -> dt.date:
    """A date: 2026-03-21, or 1405/01/01 in the Jalali calendar."""
    found = _DATE.fullmatch(ascii_digits(text).strip())
    if found is None:
        raise Wrong("date", given=text)
    year, month, date = (int(part) for part in found.groups())
    try:
        read = (
            from_jalali(year, month, date) if year < JALALI_BEFORE else dt.date(year, month, date)
        )
    except ValueError:
        raise Wrong("no_date", given=text) from None
    if not 1990 <= read.year <= 2100:
        raise Wrong("far_date", given=text)
    return read


def written_day(value: dt.date, calendar: str) -> str:
    """A date as a field shows it, in the month calendar."""
    year, month, date = to_jalali(value) if calendar == "jalali" else (
        value.year, value.month, value.day,
    )  # fmt: skip
    return f"{year:04d}-{month:02d}-{date:02d}"


def instant(clock: Clockwork) -> Reader:
    """A date, with a time of day or without, on the wall clock of the home."""

    def read(text: str) -> dt.datetime:
        first, _, second = ascii_digits(text).strip().replace("T", " ").partition(" ")
        time = dt.time()
        if second.strip():
            found = _TIME.fullmatch(second.strip())
            if found is None or int(found[1]) > 23 or int(found[2]) > 59:
                raise Wrong("time", given=text)
            time = dt.time(int(found[1]), int(found[2]))
        return moment(clock.instant(day(first), time))

    return read


def written_instant(value: dt.datetime | None, clock: Clockwork) -> str:
    """An instant as a field shows it; without its time where that is midnight."""
    if value is None:
        return ""
    local = value.astimezone(clock.tz)
    date = written_day(local.date(), clock.calendar)
    return date if local.time() == dt.time() else f"{date} {local:%H:%M}"


def number(text: str) -> float:
    """A number; a comma or the Persian mark may stand before the fraction."""
    plain = ascii_digits(text).strip().replace("٫", ".").replace("٬", "").replace("\u00a0", "")
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
    try:
        value = float(plain)
    except ValueError:
        raise Wrong("number", given=text) from None
    if not abs(value) < 1e12:
        raise Wrong("number", given=text)
    return value


def in_unit(unit: str) -> Reader:
    """A figure of a metric: a share in percent, a duration such as `90 s`, `4 h`, `1:30`."""
    return {"share": _share, "seconds": _duration}.get(unit, number)


def _share(text: str) -> float:
    plain = text.strip().rstrip("%٪").strip()
    try:
        value = number(plain)
    except Wrong:
        raise Wrong("share", given=text) from None
    if not 0 <= value <= 100:
        raise Wrong("share", given=text)
    return round(value / 100, 9)


def _duration(text: str) -> float:
    plain = ascii_digits(text).strip().lower().replace("٫", ".")
    clock = _TIME.fullmatch(plain)
    if clock is not None:
        return int(clock[1]) * 3600.0 + int(clock[2]) * 60
    pieces = list(_DURATION.finditer(plain))
    left = _DURATION.sub("", plain).strip()
    if not pieces or left:
        raise Wrong("duration", given=text)
    return sum(float(p[1]) * _UNITS[p[2] or "s"] for p in pieces)


def zone(text: str) -> str:
    """The name of a time zone."""
    name = text.strip()
    known = available_timezones()
    if name in known:
        return str(ZoneInfo(name))
    near = close_matches(name, sorted(known))
    raise (
        Wrong("zone_near", given=text, near=", ".join(near)) if near else Wrong("zone", given=text)
    )


def spans(text: str) -> list[dict[str, str]]:
    """Open hours of a day: `09:00-13:00, 14:00-18:00`; `22:00-02:00` ends the next day."""
    plain = ascii_digits(text).strip().lower()
    if plain in CLOSED:
        return []
    found = []
    for part in re.split(r"[,،;؛]", plain):
        ends = re.split(r"\s*(?:-|–|—|−|تا|until|до)\s*", part.strip())
        if len(ends) != 2:
            raise Wrong("spans", given=text)
        try:
            Span.parse(*(_hour(end) for end in ends))
        except HoursError:
            raise Wrong("spans", given=text) from None
        found.append({"from": _hour(ends[0]), "to": _hour(ends[1])})
    return found


def _hour(text: str) -> str:
    """`9` and `9:00` are both 09:00."""
    hours, _, minutes = text.strip().partition(":")
    return f"{hours.zfill(2)}:{minutes or '00'}"


def written_spans(given: list[dict[str, str]]) -> str:
    """Open hours as a field shows them."""
    return ", ".join(f"{s['from'][:5]}-{s['to'][:5]}" for s in given)
