"""The days of the operation: its clock, its open hours, its months, and what went wrong when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from persiantools.jdatetime import JalaliDate

from sanjeh.hours import Schedule, schedules_from_records
from sanjeh.hours.instants import to_microseconds, zone_of
from sanjeh.simulation.columns import Clock, Flags, Floats, Ints
from sanjeh.simulation.shops.shop import (
    BUG_TOPIC,
    LINK_TOPIC,
    Shop,
    days_between,
    weekly_records,
)

CALENDAR: Final = "shop-hours"
RUN_ON_DAYS: Final = 5  # the desk works on behind the cut, so that what is cut off is natural


@dataclass(frozen=True)
class Anomaly:
    """Something at a known date: from and until in seconds of the operation."""

    kind: str
    starts: float
    ends: float
    topic: int | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Timeline:
    """The period [start, until) of a shop, in seconds since its first local midnight."""

    shop: Shop
    start: dt.date
    until: dt.date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.until - self.start).days

    @cached_property
    def clock(self) -> Clock:
        """Seconds to instants; the cut is the last local midnight."""
        origin = self._midnight(self.start)
        return Clock(origin, (self._midnight(self.until) - origin) / 1e6)

    def _midnight(self, day: dt.date) -> int:
        zone = zone_of(self.shop.tz)
        return to_microseconds(dt.datetime.combine(day, dt.time(), zone))

    @cached_property
    def midnights(self) -> Floats:
        """When each local day begins, those of the run-on among them, and the end."""
        days = days_between(self.start, self.until + dt.timedelta(days=RUN_ON_DAYS + 1))
        at = [(self._midnight(day) - self.clock.origin) / 1e6 for day in days]
        return np.array(at, dtype=np.float64)

    @cached_property
    def dates(self) -> list[dt.date]:
        """The days, those of the run-on among them."""
        return days_between(self.start, self.until + dt.timedelta(days=RUN_ON_DAYS))

    # -- open hours --------------------------------------------------------------------------

    @cached_property
    def calendars(self) -> list[dict[str, Any]]:
        """The records of the open hours, a version a change."""
        zone = zone_of(self.shop.tz)
        return [
            {
                "id": CALENDAR,
                "name": self.shop.words.shop,
                "tz": self.shop.tz,
                "weekly": weekly_records(hours.weekly),
                "valid_from": hours.valid_from
                and dt.datetime.combine(hours.valid_from, dt.time(), zone).astimezone(dt.UTC),
            }
            for hours in self.shop.hours(self.start, self.until)
        ]

    @cached_property
    def holidays(self) -> list[dict[str, Any]]:
        """The records of the holidays, a fortnight beyond the end."""
        end = self.until + dt.timedelta(days=14)
        return [
            {
                "calendar_id": CALENDAR,
                "date": holiday.date,
                "name": holiday.name,
                "kind": holiday.kind,
                "open_intervals": [{"from": a, "to": b} for a, b in holiday.spans],
            }
            for holiday in self.shop.holidays(self.start, end)
        ]

    @cached_property
    def schedule(self) -> Schedule:
        """The open hours, asked of the product's own room of hours."""
        return schedules_from_records(self.calendars, self.holidays)[CALENDAR]

    @cached_property
    def open_spans(self) -> list[tuple[float, float]]:
        """Open intervals in seconds, till the end of the run-on."""
        origin = self.clock.origin
        last = origin + int(self.midnights[-1] * 1e6)
        return [
            ((a - origin) / 1e6, (b - origin) / 1e6)
            for a, b in self.schedule.open_intervals(origin, last)
        ]

    @cached_property
    def _edges(self) -> Floats:
        return np.array([edge for span in self.open_spans for edge in span], dtype=np.float64)

    def is_open(self, seconds: Any) -> Flags:
        """Whether the shop is open at each time: at the opening yes, at the closing no."""
        return np.asarray(np.searchsorted(self._edges, seconds, side="right") % 2 == 1)

    def next_open(self, second: float) -> float:
        """The time itself when open, else the next opening, else infinity."""
        place = int(np.searchsorted(self._edges, second, side="right"))
        if place % 2 == 1:
            return second
        return float(self._edges[place]) if place < len(self._edges) else float("inf")

    # -- months ------------------------------------------------------------------------------

    @cached_property
    def months(self) -> list[tuple[str, dt.date, dt.date]]:
        """Label, first day and the day after the last of each month of the shop's calendar."""
        found: list[tuple[str, dt.date, dt.date]] = []
        for day in days_between(self.start, self.until):
            label = self._month(day)
            first = found[-1][1] if found and found[-1][0] == label else day
            if found and found[-1][0] == label:
                found.pop()
            found.append((label, first, day + dt.timedelta(days=1)))
        return found

    def _month(self, day: dt.date) -> str:
        if self.shop.month_calendar == "jalali":
            solar = JalaliDate(day)
            return f"{solar.year:04d}-{solar.month:02d}"
        return f"{day.year:04d}-{day.month:02d}"

    def month_of(self, seconds: Floats) -> Ints:
        """The place in `months` of each time."""
        edges = [self.midnights[(end - self.start).days] for _, _, end in self.months]
        return np.searchsorted(np.array(edges), seconds, side="right")

    # -- what went wrong ---------------------------------------------------------------------

    def _open_day(self, share: float) -> int:
        """The first day with six open hours at or after a share of the period."""
        for day in range(int(self.days * share), self.days):
            begins, ends = self.midnights[day], self.midnights[day + 1]
            spans = [b - a for a, b in self.open_spans if begins <= a < ends]
            if spans and max(spans) >= 6 * 3600:
                return day
        return min(int(self.days * share), self.days - 1)

    @cached_property
    def anomalies(self) -> tuple[Anomaly, ...]:
        """A release, a bug of the product, a wrong link in a campaign, an outage nobody saw."""
        hour = 3600.0
        bug = self._open_day(0.55)
        long = max(2, round(self.days * 0.014))
        link = self._open_day(0.74)
        out = self._open_day(0.86)
        quiet = float(self.midnights[out])
        release = float(self.midnights[max(bug - 1, 0)]) + 10 * hour
        return (
            Anomaly("release", release, release),
            Anomaly(
                "bug", float(self.midnights[bug]) + 8 * hour,
                float(self.midnights[min(bug + long, self.days)]), topic=BUG_TOPIC,
            ),
            Anomaly(
                "campaign", float(self.midnights[link]) + 9 * hour,
                float(self.midnights[link]) + 33 * hour, topic=LINK_TOPIC,
            ),
            Anomaly("outage", quiet + 10 * hour, quiet + 16 * hour, channel="live_chat"),
        )  # fmt: skip
