"""Open hours: when support is there, and how much of a wait falls into that time (A1).

    records ──▶ Calendar ──▶ Schedule ──▶ seconds of one interval, deadlines, openings
                                 └──────▶ grid ──▶ columns: the same for millions of rows

`instants` holds the clock rules, `calendars` the wall-clock hours, `schedules` the answers,
`records` the way in from the ledger. `sanjeh.hours.grids` (NumPy, Arrow) and
`sanjeh.hours.columns` (Ibis) are imported by who builds facts; the rest needs neither.

This room imports nothing of ours; `facts`, `answers`, `insight` and the apps may import it.
To add a way of asking, add a method to `Schedule` that is built on its open intervals; to add a
kind of hours (say, a fortnight's turn), give `Calendar.open_on` another source of spans.
"""

from __future__ import annotations

from sanjeh.hours.calendars import Calendar, Span
from sanjeh.hours.errors import HoursError
from sanjeh.hours.records import schedules_from_records
from sanjeh.hours.schedules import HORIZON_YEARS, Schedule

__all__ = ["HORIZON_YEARS", "Calendar", "HoursError", "Schedule", "Span", "schedules_from_records"]
