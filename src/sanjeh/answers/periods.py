"""Periods and buckets: half open, in a zone, by a Gregorian or Jalali calendar (0.2.1, 7.2)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from persiantools.jdatetime import JalaliDate

MICROSECOND = 1_000_000
CELL = 900 * MICROSECOND
GRAINS = ("hour", "day", "week", "month", "quarter", "year")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = {"hour": 1, "day": 24, "week": 168, "month": 672, "quarter": 2016, "year": 8760}
MOST_BUCKETS = 100_000
LONGEST_DAYS = 60 * 366
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


class PeriodError(ValueError):
    """A date, zone or grain that cannot be understood."""


@dataclass(frozen=True)
class Clockwork:
    """How local time is read: zone, month calendar, first day of the week."""

    zone: str = "UTC"
    calendar: str = "gregorian"
    week_start: str = "mon"

    def __post_init__(self) -> None:
        if self.calendar not in ("gregorian", "jalali"):
            raise PeriodError(f"{self.calendar!r} is no month calendar: gregorian or jalali.")
        if self.week_start not in WEEKDAYS:
            raise PeriodError(f"{self.week_start!r} is no day of the week: {', '.join(WEEKDAYS)}.")

    @property
    def tz(self) -> ZoneInfo:
        """The zone's rules; PeriodError where no such zone is known."""
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise PeriodError(
                f"{self.zone!r} is no time zone. Expected a name such as Asia/Tehran or UTC."
            ) from error

    def instant(self, day: dt.date, time: dt.time = dt.time()) -> int:
        """UTC microseconds of a local wall clock; in a gap the first instant after it."""
        local = dt.datetime.combine(day, time, tzinfo=self.tz)
        back = local.astimezone(dt.UTC).astimezone(self.tz)
        if back.replace(tzinfo=None) != local.replace(tzinfo=None):
            local = _after_gap(local)
        return micros(local)

    def local(self, instant: int) -> dt.datetime:
        """The local wall clock of UTC microseconds."""
        return moment(instant).astimezone(self.tz)

    # -- whole units -----------------------------------------------------------------------

    def floor(self, day: dt.date, grain: str) -> dt.date:
        """The first day of the week, month, quarter or year that holds the day."""
        if grain == "week":
            return day - dt.timedelta(days=(day.weekday() - WEEKDAYS.index(self.week_start)) % 7)
        if grain in ("month", "quarter", "year"):
            year, month = self._month(day)
            month = {"month": month, "quarter": 3 * ((month - 1) // 3) + 1, "year": 1}[grain]
            return self._first(year, month)
        return day

    def step(self, first: dt.date, grain: str, count: int = 1) -> dt.date:
        """The first day of the unit `count` units later."""
        if grain in ("day", "hour"):
            return first + dt.timedelta(days=count)
        if grain == "week":
            return first + dt.timedelta(days=7 * count)
        year, month = self._month(first)
        months = 12 * year + month - 1 + count * {"month": 1, "quarter": 3, "year": 12}[grain]
        return self._first(months // 12, months % 12 + 1)

    def shift_months(self, day: dt.date, months: int) -> dt.date:
        """The same day of the month, months away; the last one where the month is shorter."""
        year, month = self._month(day)
        total = 12 * year + month - 1 + months
        first = self._first(total // 12, total % 12 + 1)
        offset = (day - self._first(year, month)).days
        length = (self.step(first, "month") - first).days
        return first + dt.timedelta(days=min(offset, length - 1))

    def _month(self, day: dt.date) -> tuple[int, int]:
        if self.calendar == "jalali":
            jalali = JalaliDate(day)
            return jalali.year, jalali.month
        return day.year, day.month

    def _first(self, year: int, month: int) -> dt.date:
        if self.calendar == "jalali":
            first: dt.date = JalaliDate(year, month, 1).to_gregorian()
            return first
        return dt.date(year, month, 1)

    def label(self, instant: int, grain: str | None) -> str:
        """The local start of a bucket as ISO text, in the month calendar."""
        local = self.local(instant)
        if self.calendar == "jalali":
            j = JalaliDate(local.date())
            day = f"{j.year:04d}-{j.month:02d}-{j.day:02d}"
        else:
            day = local.date().isoformat()
        if grain == "hour" or (grain is None and local.time() != dt.time()):
            odd = grain is None and (local.second or local.microsecond)
            return f"{day} {local.time().isoformat() if odd else f'{local:%H:%M}'}"
        return {"month": day[:7], "quarter": day[:7], "year": day[:4]}.get(grain or "", day)


@dataclass(frozen=True)
class Period:
    """[start, end) in UTC microseconds."""

    start: int
    end: int


@dataclass(frozen=True)
class Bucket:
    """One bucket of a series; partial where the period cuts it."""

    index: int
    start: int
    end: int
    label: str
    is_partial: bool


def micros(instant: dt.datetime) -> int:
    """UTC microseconds since 1970 of an aware instant."""
    delta = instant - EPOCH
    return (delta.days * 86400 + delta.seconds) * MICROSECOND + delta.microseconds


def moment(instant: int) -> dt.datetime:
    """The aware UTC instant of microseconds since 1970."""
    return EPOCH + dt.timedelta(microseconds=instant)


def _refuse_endless(period: Period) -> None:
    """Refuse to cut a period by time that is longer than any record."""
    days = (period.end - period.start) / (86_400 * MICROSECOND)
    if days > LONGEST_DAYS:
        raise PeriodError(
            f"The period of {days / 365.25:,.0f} years is too long to be cut by time: at most 60. "
            "Give --from and --to nearer to the data."
        )


def _after_gap(local: dt.datetime) -> dt.datetime:
    before = local.replace(fold=0).utcoffset()
    after = (local + dt.timedelta(hours=3)).utcoffset()
    if before is None or after is None:
        return local
    naive = local.replace(tzinfo=None) - min(before, after)
    return naive.replace(tzinfo=dt.UTC)


def parse(text: str, clockwork: Clockwork) -> int:
    """The instant of a date or time as a reader types it.

    ISO dates and times with or without an offset, month (2016-03) or year alone for their first
    day, Persian digits, Jalali dates (a year below 1700, or any under the Jalali calendar).
    """
    plain = text.strip().translate(_DIGITS).replace("/", "-").replace("T", " ")
    found = re.fullmatch(
        r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?: (\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?)?)?"
        r"\s*(Z|[+-]\d{2}:?\d{2})?",
        plain,
    )
    if found is None:
        raise PeriodError(
            f"{text!r} is no date. Expected 2016-03-01, 2016-03, 2016-03-01 14:30, "
            "2016-03-01T14:30Z, or a Jalali date such as 1395-01-01."
        )
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    try:
        if year < 1700:
            date = JalaliDate(year, month, day).to_gregorian()
        else:
            date = dt.date(year, month, day)
        time = dt.time(
            int(found[4] or 0), int(found[5] or 0), int(found[6] or 0),
            int((found[7] or "0").ljust(6, "0")),
        )  # fmt: skip
    except ValueError as error:
        raise PeriodError(f"{text!r} is no date: {error}.") from error
    if found[8]:
        offset = "+00:00" if found[8] == "Z" else found[8]
        sign = -1 if offset[0] == "-" else 1
        hours, minutes = int(offset[1:3]), int(offset[-2:])
        zone = dt.timezone(sign * dt.timedelta(hours=hours, minutes=minutes))
        return micros(dt.datetime.combine(date, time, tzinfo=zone))
    return clockwork.instant(date, time)


_NAMED = re.compile(r"(this|last)[ _-](week|month|quarter|year)")
_LAST = re.compile(r"(\d+)\s*(h|hours?|d|days?|w|weeks?|m|months?|y|years?)$")


def last(text: str, end: int, clockwork: Clockwork) -> Period:
    """The period of the last 30d, 8w, 3m or 1y before an instant, in whole local days.

    this_month, last_quarter and the like: that of the month calendar, up to the instant's day; the
    last one is the newest whole one.
    """
    plain = text.strip().lower().translate(_DIGITS)
    named = _NAMED.fullmatch(plain)
    if named is not None:
        return _named(named[1], named[2], end, clockwork)
    found = _LAST.match(plain)
    if found is None:
        raise PeriodError(
            f"{text!r} is no span. Expected 24h, 30d, 8w, 3m, 1y, this_month or last_quarter."
        )
    count, unit = int(found[1]), found[2][0]
    days = {"h": 1 / 24, "d": 1, "w": 7, "m": 30, "y": 365}[unit] * count
    if not 0 < days <= LONGEST_DAYS:
        raise PeriodError(f"{text!r} is no span to look at: give more than none and at most 60y.")
    if unit == "h":
        end = (end // (60 * MICROSECOND) + 1) * 60 * MICROSECOND  # the newest event is in
        return Period(end - count * 3600 * MICROSECOND, end)
    day = clockwork.local(end).date() + dt.timedelta(days=1)
    if unit in "dw":
        first = day - dt.timedelta(days=count * (7 if unit == "w" else 1))
    else:
        first = clockwork.shift_months(day, -count * (12 if unit == "y" else 1))
    return Period(clockwork.instant(first), clockwork.instant(day))


def _named(which: str, unit: str, end: int, clockwork: Clockwork) -> Period:
    after = clockwork.local(end).date() + dt.timedelta(days=1)
    if which == "this":
        first = clockwork.floor(after - dt.timedelta(days=1), unit)
        return Period(clockwork.instant(first), clockwork.instant(after))
    until = clockwork.floor(after, unit)
    first = clockwork.step(until, unit, -1)
    return Period(clockwork.instant(first), clockwork.instant(until))


@lru_cache(maxsize=64)
def buckets(period: Period, grain: str, clockwork: Clockwork) -> list[Bucket]:
    """Every bucket of the period, empty ones too, the cut ones marked. Not to be changed."""
    if grain not in GRAINS:
        raise PeriodError(f"{grain!r} is no grain: {', '.join(GRAINS)}.")
    _refuse_endless(period)
    count = (period.end - period.start) / (HOURS[grain] * 3600 * MICROSECOND)
    if count > MOST_BUCKETS:
        raise PeriodError(
            f"That is {count:,.0f} {grain}s, more than the {MOST_BUCKETS:,} an answer may have. "
            "Ask for a shorter period or a coarser grain."
        )
    edges: list[int] = []
    if grain == "hour":
        at = period.start - period.start % CELL
        local = clockwork.local(at)
        at -= (local.minute * 60 + local.second) * MICROSECOND + local.microsecond
        while at < period.end:
            edges.append(at)
            at += 3600 * MICROSECOND
        edges.append(at)
    else:
        day = clockwork.floor(clockwork.local(period.start).date(), grain)
        while (at := clockwork.instant(day)) < period.end:
            edges.append(at)
            day = clockwork.step(day, grain)
        edges.append(at)
    return [
        Bucket(
            n, max(a, period.start), min(b, period.end), clockwork.label(a, grain),
            a < period.start or b > period.end,
        )
        for n, (a, b) in enumerate(pairwise(edges))
    ]  # fmt: skip


def previous(period: Period, how: str, clockwork: Clockwork) -> Period:
    """The period before it of the same length, or the same one a year earlier.

    Whole months compare with as many whole months; otherwise as many local days. Last year is
    the same days of the same months in the month calendar, so Nowruz meets Nowruz.
    """
    start, end = clockwork.local(period.start), clockwork.local(period.end)

    def at(moved: dt.date, clock: dt.datetime) -> int:
        return clockwork.instant(moved, clock.time())

    if how == "last_year":
        return Period(
            at(clockwork.shift_months(start.date(), -12), start),
            at(clockwork.shift_months(end.date(), -12), end),
        )
    if how != "previous":
        raise PeriodError(f"{how!r} is no comparison: previous or last_year.")
    midnight = start.time() == dt.time() and end.time() == dt.time()
    whole = [d.date() == clockwork.floor(d.date(), "month") for d in (start, end)]
    if midnight and all(whole):
        months = 0
        first = start.date()
        while first < end.date():
            first = clockwork.step(first, "month")
            months += 1
        return Period(at(clockwork.shift_months(start.date(), -months), start), period.start)
    if midnight:
        days = (end.date() - start.date()).days
        return Period(at(start.date() - dt.timedelta(days=days), start), period.start)
    return Period(2 * period.start - period.end, period.start)


@lru_cache(maxsize=16)
def cells(
    period: Period, grain: str | None, clockwork: Clockwork
) -> tuple[list[Bucket], Mapping[str, np.ndarray[Any, Any]]]:
    """The buckets, and a row a quarter of an hour: cell, bucket, hour of day, weekday.

    With it the local day, counted from 1970, and the zone's offset in seconds. Not to be changed:
    who asks the same is given the same. Every zone's offset is a whole number of quarters, so a
    cell never straddles a local hour.
    """
    _refuse_endless(period)
    found = buckets(period, grain, clockwork) if grain else []
    cell = np.arange(period.start // CELL, -(-period.end // CELL), dtype=np.int64)
    bucket = np.zeros(len(cell), np.int64)
    if found:
        ends = np.array([b.end for b in found[:-1]], np.int64)
        bucket = np.searchsorted(ends, np.maximum(cell * CELL, period.start), side="right")
    offset = _offsets(cell, clockwork)
    local = cell * 900 + offset
    return found, {
        "cell": cell, "bucket": bucket, "hour": local % 86400 // 3600,
        "weekday": (local // 86400 + 3) % 7 + 1, "day": local // 86400, "offset": offset,
    }  # fmt: skip


def _offsets(cell: np.ndarray[Any, Any], clockwork: Clockwork) -> np.ndarray[Any, Any]:
    """The zone's offset in seconds in each cell; looked up once a day where it is steady."""

    def offset(instant: int) -> int:
        found = clockwork.local(instant).utcoffset() or dt.timedelta()
        return int(found.total_seconds())

    days, first = np.unique(cell // 96, return_index=True)
    edges = [offset(int(day) * 96 * CELL) for day in days]
    found = np.repeat(np.array(edges, np.int64), np.diff(np.append(first, len(cell))))
    for day, begins, shift in zip(days, first, edges, strict=True):
        if offset((int(day) + 1) * 96 * CELL - 1) != shift:
            for n in range(begins, min(begins + 96, len(cell))):
                if cell[n] // 96 == day:
                    found[n] = offset(int(cell[n]) * CELL)
    return found
