"""Instants as int64 microseconds since 1970-01-01T00:00Z, and wall clocks turned into them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from sanjeh.hours.errors import HoursError, did_you_mean

SECOND = 1_000_000
DAY = 86_400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def to_microseconds(instant: datetime) -> int:
    """Return an aware datetime as microseconds since 1970 UTC; a naive one is refused."""
    if instant.utcoffset() is None:
        raise HoursError(
            f"{instant!r} has no time zone, so it is not an instant. "
            "Give an aware datetime, for example with tzinfo=UTC."
        )
    # TRICKY: go to UTC first. Python compares two datetimes of one tzinfo by wall clock.
    return (instant.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


def to_datetime(instant_us: int) -> datetime:
    """Return microseconds since 1970 UTC as an aware datetime in UTC."""
    try:
        return EPOCH + timedelta(microseconds=instant_us)
    except OverflowError:
        raise HoursError(
            f"{instant_us} is not an instant in the years 1 to 9999. "
            "Instants are microseconds since 1970-01-01T00:00Z, not seconds or nanoseconds."
        ) from None


def first_microsecond_of(year: int) -> int:
    """Return the instant at which a year of UTC begins."""
    return (date(year, 1, 1).toordinal() - EPOCH_ORDINAL) * DAY


def wall_to_microseconds(zone: ZoneInfo, ordinal: int, second: int) -> int:
    """Return the instant at which a zone's clock shows `second` of the day with this ordinal.

    `second` may pass 86,400 (the next day's clock). A wall time that the clock skips is moved
    later by the length of the gap; one that it shows twice means the first showing.
    """
    days, of_day = divmod(second, 86_400)
    # TRICKY: fold=0 gives both rules. Python reads a skipped wall time with the offset before
    # the gap (so it lands one gap later), and a doubled one with the offset of the first showing.
    wall = datetime.fromordinal(ordinal + days) + timedelta(seconds=of_day)
    return (ordinal - EPOCH_ORDINAL) * DAY + second * SECOND - _offset(zone, wall)


@lru_cache(maxsize=256)
def steady_midnights(zone: ZoneInfo, first: int, last: int) -> Mapping[int, int]:
    """Return when each day begins, of the days whose clock does not change within 48 hours.

    On such a day, and in the night after it, a wall time is midnight plus so many seconds. This
    spares most look-ups of the zone: a grid of 20 calendars took 7 s with them, now under 2 s.
    """
    # TRICKY: equal offsets at midnights two days apart mean no change between only because no
    # zone changes its clock there and back within two days; a test looks at every zone for it.
    offsets = [_offset(zone, datetime.fromordinal(day)) for day in range(first, last + 3)]
    return {
        first + at: (first + at - EPOCH_ORDINAL) * DAY - offset
        for at, offset in enumerate(offsets[:-2])
        if offset == offsets[at + 2]
    }


def _offset(zone: ZoneInfo, wall: datetime) -> int:
    """Return how far the zone's clock is ahead of UTC, in microseconds, when it shows `wall`."""
    offset = zone.utcoffset(wall)
    assert offset is not None
    return (offset.days * 86_400 + offset.seconds) * SECOND + offset.microseconds


def zone_of(name: str) -> ZoneInfo:
    """Return the IANA zone of this name, or an error with the closest names."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise HoursError(
            f"{name!r} is not an IANA time zone such as 'Asia/Tehran' or 'Europe/London'."
            + did_you_mean(name, available_timezones())
        ) from None
