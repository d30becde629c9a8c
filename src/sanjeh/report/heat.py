"""When work comes in: hours of the day by weekday, with the open hours outlined."""

from __future__ import annotations

from typing import Any

import numpy as np

from sanjeh.answers.periods import CELL, cells
from sanjeh.charts.heat import heat as chart_of
from sanjeh.charts.spec import Around, Slot
from sanjeh.hours import Schedule
from sanjeh.report.drawing import draw
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, tag
from sanjeh.report.opening import volume_of
from sanjeh.report.trend import speech_of


def heat(enquiry: Enquiry, language: Language) -> Markup | None:
    """A cell for each hour of the week: the mean a time that this hour occurs."""
    volume = volume_of(enquiry)
    if enquiry.unfit(volume):
        return None
    asked = enquiry.ask(volume, by=("weekday", "hour"), compare=False)
    opened = open_slots(enquiry)
    around = Around(opened=frozenset(opened), week_start=enquiry.scope.clock.week_start)
    chart = chart_of(asked.answer, volume, around)
    key = "heat.outlined" if opened else "heat.no_hours"
    return tag(
        "section", tag("h2", language.text("heat.title"), id="hours"),
        tag("p", language.text("heat.lead", name=language.title(volume)), " ", language.text(key),
            class_="note"),
        draw(chart, asked, speech_of(enquiry, language), name="heat"),
        class_="whole",
    )  # fmt: skip


def open_slots(enquiry: Enquiry) -> set[Slot]:
    """Hours of the week that were open for at least half of their time in the period."""
    schedule = enquiry.schedule()
    if schedule is None:
        return set()
    span = enquiry.scope.period
    _, rows = cells(span, None, enquiry.scope.clock)
    slot = rows["weekday"] * 24 + rows["hour"]
    begins = np.flatnonzero(np.diff(slot, prepend=-1))  # where another hour of the week begins
    starts = rows["cell"][begins] * CELL
    ends = np.append(starts[1:], (rows["cell"][-1] + 1) * CELL)
    spent = _open_between(schedule, starts, ends)
    total, opened = (
        np.bincount(slot[begins], weights=w.astype(float), minlength=8 * 24)
        for w in (ends - starts, spent)
    )
    return {
        Slot(n // 24, n % 24) for n in range(24, 8 * 24) if total[n] and 2 * opened[n] >= total[n]
    }


def _open_between(
    schedule: Schedule, starts: np.ndarray[Any, Any], ends: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """The open microseconds from each start to its end."""
    found = schedule.open_intervals(int(starts[0]), int(ends[-1]))
    opens = np.array([start for start, _ in found], np.int64)
    closes = np.array([end for _, end in found], np.int64)
    before = np.concatenate([[0], np.cumsum(closes - opens)])

    def until(at: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        begun = np.searchsorted(opens, at, side="right")
        late = np.where(begun > 0, np.append(closes, 0)[begun - 1] - at, 0)
        return before[begun] - np.maximum(late, 0)

    spent: np.ndarray[Any, Any] = until(ends) - until(starts)
    return spent
