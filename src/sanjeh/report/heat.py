"""When work comes in: hours of the day by weekday, with the open hours outlined."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby

from sanjeh.answers.periods import CELL, cells
from sanjeh.charts.heat import heat as chart_of
from sanjeh.charts.spec import Around, Slot
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
    _, rows = cells(enquiry.scope.period, None, enquiry.scope.clock)
    total: dict[Slot, int] = defaultdict(int)
    spent: dict[Slot, int] = defaultdict(int)
    quarters = zip(zip(rows["weekday"], rows["hour"], strict=True), rows["cell"], strict=True)
    for (weekday, hour), quarters_of in groupby(quarters, key=lambda quarter: quarter[0]):
        found = [cell for _, cell in quarters_of]
        start, end = found[0] * CELL, (found[-1] + 1) * CELL
        total[Slot(int(weekday), int(hour))] += end - start
        spent[Slot(int(weekday), int(hour))] += schedule.open_microseconds(start, end)
    return {slot for slot, whole in total.items() if 2 * spent[slot] >= whole}
