"""A schedule answers what a calendar means for instants: open time between, after, before.

Every length is elapsed time: a day of 25 hours that is open all day counts 25 hours. Which of
the conventions in use were chosen, and why: docs/decisions/0002-open-hours-conventions.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate, pairwise

from sanjeh.hours.calendars import Calendar, Intervals, clip, union
from sanjeh.hours.errors import HoursError
from sanjeh.hours.instants import (
    DAY,
    EPOCH_ORDINAL,
    SECOND,
    first_microsecond_of,
    to_datetime,
    to_microseconds,
)

HORIZON_YEARS = 50
"""How far `after`, `before`, `next_opening` and `next_closing` look before they answer None."""

YEARS = range(1900, 2200)
"""Years of UTC that have open hours; an instant elsewhere is a mistake or a stand-in for none."""


@dataclass(frozen=True)
class _Year:
    """Open intervals inside one year of UTC, and the open time before each of them."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    @classmethod
    def of(cls, intervals: Intervals) -> _Year:
        sums = list(accumulate((end - start for start, end in intervals), initial=0))
        opens = tuple(start for start, _ in intervals)
        return cls(opens, tuple(end for _, end in intervals), tuple(sums[:-1]), sums[-1])

    def until(self, instant: int) -> int:
        """Return the open microseconds of this year before `instant`."""
        at = bisect_right(self.opens, instant) - 1
        if at < 0:
            return 0
        return self.before[at] + min(instant, self.closes[at]) - self.opens[at]


@dataclass(frozen=True)
class Schedule:
    """A calendar, and those that replaced it, each from its instant on (microseconds UTC).

    The first calendar has no start: hours first recorded in June also measure what happened
    in May. Years are worked out when first asked for, then kept.
    """

    first: Calendar
    later: tuple[tuple[int, Calendar], ...] = ()
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [start for start, _ in self.later]
        if starts != sorted(set(starts)):
            raise HoursError(
                f"A schedule was given calendars from {starts}. Give them in the order of their "
                "start, no two from the same instant."
            )

    # Open time between two instants

    def open_microseconds(self, start_us: int, end_us: int) -> int:
        """Return the open microseconds in [start, end); none when the end is not after."""
        if end_us <= start_us:
            return 0
        first, last = _year_of(start_us), _year_of(end_us)
        whole = sum(self._year(year).total for year in range(first, last))
        return whole + self._year(last).until(end_us) - self._year(first).until(start_us)

    def seconds_between(self, start: datetime, end: datetime) -> float:
        """Return the open seconds in [start, end); 0 when the end is not after the start."""
        return self.open_microseconds(to_microseconds(start), to_microseconds(end)) / SECOND

    def open_before(self, instant_us: int) -> int:
        """Return F(t): open microseconds from 1970 UTC to the instant, negative before 1970."""
        return self.open_microseconds(0, instant_us) - self.open_microseconds(instant_us, 0)

    def open_intervals(self, start_us: int, end_us: int) -> Intervals:
        """Return the open intervals inside [start, end), those that touch joined."""
        if end_us <= start_us:
            return []
        first, last = _year_of(start_us), _year_of(end_us)
        years = (self._year(number) for number in range(first, last + 1))
        pieces = (piece for year in years for piece in zip(year.opens, year.closes, strict=True))
        return clip(union(pieces), start_us, end_us)

    # Instants found from an instant. None: not within the horizon, as on a calendar never open.

    def is_open(self, instant: datetime) -> bool:
        """Whether support is open at the instant; at the opening yes, at the closing no."""
        at = to_microseconds(instant)
        return self.open_microseconds(at, at + 1) > 0

    def next_opening(self, instant: datetime) -> datetime | None:
        """Return the first open instant at or after this one: itself when open."""
        at = to_microseconds(instant)
        found = next(self._forward(at), None)
        return None if found is None else to_datetime(max(found[0], at))

    def next_closing(self, instant: datetime) -> datetime | None:
        """Return the end of the open time that the instant is in, or of the next one."""
        at = to_microseconds(instant)
        closing: int | None = None
        for opens, closes in self._forward(at):
            if closing is not None and opens > closing:
                break
            closing = closes
        # Still open where the horizon ends: nothing has closed.
        if closing is None or closing == first_microsecond_of(_last_year(at) + 1):
            return None
        return to_datetime(closing)

    def after(self, start: datetime, seconds: float) -> datetime | None:
        """Return the instant at which this many open seconds have passed since the start.

        Falls it on a closing, the closing instant is the answer, not the next opening. For 0
        seconds: the start itself when open, else the next opening.
        """
        left, at = _whole_microseconds(seconds), to_microseconds(start)
        for opens, closes in self._forward(at):
            begins = max(opens, at)
            if left <= closes - begins:
                return to_datetime(begins + left)
            left -= closes - begins
        return None

    def before(self, end: datetime, seconds: float) -> datetime | None:
        """Return the instant from which this many open seconds pass until the end.

        The mirror of `after`: falls it on an opening, the opening instant is the answer. For 0
        seconds: the end itself when open just before it, else the last closing.
        """
        left, at = _whole_microseconds(seconds), to_microseconds(end)
        for opens, closes in self._backward(at):
            ends = min(closes, at)
            if left <= ends - opens:
                return to_datetime(ends - left)
            left -= ends - opens
        return None

    def _forward(self, at: int) -> Iterator[tuple[int, int]]:
        """Yield pieces of open time that end after `at`, earliest first; cut at new year."""
        for number in range(_year_of(at), _last_year(at) + 1):
            year = self._year(number)
            for piece in range(bisect_right(year.closes, at), len(year.closes)):
                yield year.opens[piece], year.closes[piece]

    def _backward(self, at: int) -> Iterator[tuple[int, int]]:
        """Yield pieces of open time that begin before `at`, latest first; cut at new year."""
        last = _year_of(at)
        for number in range(last, max(last - HORIZON_YEARS, YEARS.start) - 1, -1):
            year = self._year(number)
            for piece in reversed(range(bisect_left(year.opens, at))):
                yield year.opens[piece], year.closes[piece]

    def _year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = _Year.of(self._intervals_of(number))
        return found

    def _intervals_of(self, year: int) -> Intervals:
        start, end = first_microsecond_of(year), first_microsecond_of(year + 1)
        changes = [min(max(at, start), end) for at, _ in self.later]
        calendars = [self.first, *(calendar for _, calendar in self.later)]
        found: Intervals = []
        for (begins, ends), calendar in zip(
            pairwise([start, *changes, end]), calendars, strict=True
        ):
            if begins < ends:
                # Two days more on each side: spans run past midnight, zones up to 15 hours.
                first = begins // DAY + EPOCH_ORDINAL - 2
                last = ends // DAY + EPOCH_ORDINAL + 2
                found += clip(calendar.open_on(first, last), begins, ends)
        return union(found)


def _year_of(at: int) -> int:
    """Return the year of UTC of an instant, which must be one of YEARS."""
    year = to_datetime(at).year
    if year not in YEARS:
        raise HoursError(
            f"Open hours were asked for an instant of the year {year}. Give instants of the years "
            f"{YEARS.start} to {YEARS.stop - 1}; leave an unknown instant empty."
        )
    return year


def _last_year(at: int) -> int:
    """Return the last year in which answers for this instant are looked for."""
    return min(_year_of(at) + HORIZON_YEARS, YEARS.stop - 1)


def _whole_microseconds(seconds: float) -> int:
    if seconds < 0:
        raise HoursError(
            f"{seconds} open seconds were asked for; give 0 or more. "
            "Use `before` to go back from an instant, `after` to go on."
        )
    return round(seconds * SECOND)
