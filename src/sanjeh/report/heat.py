"""When work comes in: hours of the day by weekday, with the open hours outlined."""

from __future__ import annotations

from collections import defaultdict

from sanjeh.answers.dimensions import WEEKDAY_NAMES
from sanjeh.answers.periods import CELL, WEEKDAYS, cells
from sanjeh.answers.question import Result
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import shown
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, tag
from sanjeh.report.opening import volume_of

Slot = tuple[int, int]  # weekday (1 is Monday), hour
DARK = 0.55  # from this strength on the number is written light


def heat(enquiry: Enquiry, language: Language) -> Markup:
    """A cell for each hour of the week: the mean a time that this hour occurs."""
    volume = volume_of(enquiry)
    asked = enquiry.ask(volume, by=("weekday", "hour"), compare=False)
    found: dict[Slot, Result] = {}
    for result in asked.results(volume):
        weekday, hour = (result.group[name]["key"] for name in ("weekday", "hour"))
        if weekday is not None and hour is not None:
            found[(int(weekday), int(hour))] = result
    means = {
        slot: float(mean)
        for slot, r in found.items()
        if (mean := r.statistics.get("mean_per_slot")) is not None
    }
    most = max(means.values(), default=0.0)
    opened = open_slots(enquiry)
    first = WEEKDAYS.index(enquiry.scope.clock.week_start)
    days = [WEEKDAYS[(first + n) % 7] for n in range(7)]
    places = 0 if most >= 10 else 1
    rows = []
    for line, day in enumerate(days):
        weekday = WEEKDAY_NAMES.index(day) + 1
        drawn = []
        for hour in range(24):
            slot = (weekday, hour)
            mean = means.get(slot, 0.0)
            strength = mean / most if most else 0.0
            text = language.number(mean, places)
            here = found.get(slot)
            number = (
                shown(asked, here, language, "statistics.mean_per_slot", text)
                if here is not None and slot in means
                else tag("span", text)
            )
            above = (WEEKDAY_NAMES.index(days[line - 1]) + 1, hour) if line else None
            below = (WEEKDAY_NAMES.index(days[line + 1]) + 1, hour) if line < 6 else None
            classes = outline(slot, above, below, opened)
            classes += ["dark"] if strength >= DARK else []
            drawn.append(
                tag("td", number, class_=" ".join(classes) or None,
                    style=f"--heat:{strength:.2f}")
            )  # fmt: skip
        rows.append(tag("tr", tag("th", language.text(f"weekdays.{day}"), scope="row"), drawn))
    heads = [
        tag("th", language.digits(f"{hour:02d}"), scope="col", class_=None if hour % 3 == 0
            else "minor")
        for hour in range(24)
    ]  # fmt: skip
    key = "heat.outlined" if opened else "heat.no_hours"
    return tag(
        "section", tag("h2", language.text("heat.title"), id="hours"),
        tag("p", language.text("heat.lead", name=language.title(volume)), " ", language.text(key),
            class_="note"),
        tag("div", tag(
            "table", tag("thead", tag("tr", tag("td"), heads)), tag("tbody", rows),
            class_="heat", dir="ltr",
        ), class_="scroll"),
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
    for cell, hour, weekday in zip(rows["cell"], rows["hour"], rows["weekday"], strict=True):
        total[(weekday, hour)] += CELL
        spent[(weekday, hour)] += schedule.open_microseconds(cell * CELL, (cell + 1) * CELL)
    return {slot for slot, whole in total.items() if 2 * spent[slot] >= whole}


def outline(slot: Slot, above: Slot | None, below: Slot | None, opened: set[Slot]) -> list[str]:
    """The sides of a cell at which the open hours end."""
    if slot not in opened:
        return []
    weekday, hour = slot
    sides = (
        ("top", above), ("bottom", below),
        ("left", (weekday, hour - 1)), ("right", (weekday, hour + 1)),
    )  # fmt: skip
    return ["open", *(name for name, other in sides if other not in opened)]
