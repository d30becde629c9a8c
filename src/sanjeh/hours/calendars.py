"""A calendar: the wall-clock hours at which support is open, in one zone (requirement A1)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sanjeh.hours.errors import HoursError
from sanjeh.hours.instants import SECOND, steady_midnights, wall_to_microseconds

_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_DAY_SECONDS = 86_400

Intervals = list[tuple[int, int]]
"""Half-open intervals [from, until) in microseconds since 1970 UTC: sorted, apart, not empty."""


@dataclass(frozen=True)
class Span:
    """Open hours of one local day: seconds of its wall clock, from `opens` up to `closes`.

    A span belongs to the day on which it opens and may close on the next
    (`closes` past 86,400), at most 24 hours later.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        in_day = 0 <= self.opens < _DAY_SECONDS
        if not (in_day and self.opens < self.closes <= self.opens + _DAY_SECONDS):
            raise HoursError(
                f"Span({self.opens}, {self.closes}) is not a span of open hours: it opens at "
                "second 0 to 86399 of its day and closes later, within 24 hours."
            )

    @classmethod
    def parse(cls, opens: str, closes: str) -> Span:
        """Read "09:00" and "17:30"; a close at or before the opening is on the next day."""
        start, end = seconds_of(opens), seconds_of(closes)
        if start == _DAY_SECONDS:
            raise HoursError('A day cannot open at "24:00"; open at "00:00" of the next day.')
        return cls(start, end if end > start else end + _DAY_SECONDS)


FULL_DAY = Span(0, _DAY_SECONDS)


def seconds_of(time: str) -> int:
    """Return the second of the day of "HH:MM" or "HH:MM:SS"; "24:00" is the day's end."""
    match = _TIME.fullmatch(time.strip())
    if match is not None:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        total = hours * 3600 + minutes * 60 + seconds
        if minutes < 60 and seconds < 60 and total <= _DAY_SECONDS:
            return total
    raise HoursError(
        f'{time!r} is not a time of day. Write "HH:MM" or "HH:MM:SS" from "00:00" to "24:00".'
    )


@dataclass(frozen=True)
class Calendar:
    """Open hours of one zone: a week of spans, and dates on which other spans hold.

    `weekly` has seven entries, Monday first, each the spans of that weekday (a split day has
    two, a closed day none; spans that overlap count once). `exceptions` replaces the spans of
    a local date, holidays among them: an empty tuple is a day closed.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[Span, ...], ...]
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise HoursError(
                f"A week has 7 days from Monday to Sunday; {len(self.weekly)} were given."
            )
        # A private copy: a calendar that changed after it was measured with would lie.
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by value, since a read-only view of a dict cannot be pickled."""
        return (Calendar, (self.zone, self.weekly, dict(self.exceptions)))

    @classmethod
    def always_open(
        cls, zone: ZoneInfo, exceptions: Mapping[date, tuple[Span, ...]] | None = None
    ) -> Calendar:
        """Return the calendar open around the clock, 24×7, but for its exceptions."""
        return cls(zone, ((FULL_DAY,),) * 7, exceptions or {})

    def open_on(self, first: int, last: int) -> Intervals:
        """Return the open intervals of the local days with ordinals `first` to `last`."""
        midnights = steady_midnights(self.zone, first, last)
        found: Intervals = []
        for ordinal in range(first, last + 1):
            on = date.fromordinal(ordinal)
            spans = self.exceptions.get(on)
            if spans is None:
                spans = self.weekly[on.weekday()]
            midnight = midnights.get(ordinal)
            for span in spans:
                if midnight is not None:
                    opens, closes = midnight + span.opens * SECOND, midnight + span.closes * SECOND
                elif not self._is_skipped(ordinal):
                    opens = wall_to_microseconds(self.zone, ordinal, span.opens)
                    closes = wall_to_microseconds(self.zone, ordinal, span.closes)
                else:
                    continue
                found.append((opens, closes))
        return union(found)

    def _is_skipped(self, ordinal: int) -> bool:
        """Whether the zone has no such date (Samoa had no 2011-12-30): nobody works on it."""
        midnight = wall_to_microseconds(self.zone, ordinal, 0)
        return midnight == wall_to_microseconds(self.zone, ordinal, _DAY_SECONDS)


def union(intervals: Iterable[tuple[int, int]]) -> Intervals:
    """Return intervals sorted, with those that touch or overlap joined and empty ones left out.

    A clock change can turn a span around (02:30 to 03:00 when 02:00 to 03:00 is skipped); it
    is then empty.
    """
    joined: Intervals = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def clip(intervals: Intervals, start: int, end: int) -> Intervals:
    """Return the parts of sorted intervals inside [start, end)."""
    first = bisect_right(intervals, start, key=itemgetter(1))
    last = bisect_left(intervals, end, key=itemgetter(0))
    inside = intervals[first:last]
    if inside:
        inside[0] = (max(inside[0][0], start), inside[0][1])
        inside[-1] = (inside[-1][0], min(inside[-1][1], end))
    return inside
