"""The map of the week: hours across, weekdays down, dark where there is much."""

from __future__ import annotations

from sanjeh.answers.dimensions import WEEKDAY_NAMES
from sanjeh.charts.spec import Chart, Number, Slot
from sanjeh.report.drawing.frame import box, framed, line, margin, percent, words
from sanjeh.report.drawing.speech import Speech
from sanjeh.report.markup import Markup

ROW = 25.0
DARK = 0.55  # from this strength on the number is written light
HOURS = 24


def heat(chart: Chart, speech: Speech, name: str, title: str) -> Markup:
    """A cell for each hour of the week with its number; the open hours outlined."""
    language = speech.language
    numbers = {p.at: p.number for p in chart.series[0].known if isinstance(p.at, Slot)}
    most = max((float(n.value or 0) for n in numbers.values()), default=0.0)
    days = [language.text(f"weekdays.{WEEKDAY_NAMES[day - 1]}") for day in chart.days]
    drawn: list[Markup] = []
    for row, day in enumerate(chart.days):
        drawn.append(words(language, days[row], "0", (row + 0.5) * ROW, anchor="end",
                           class_="row-name", dx=-8))  # fmt: skip
        for hour in range(HOURS):
            number = numbers.get(Slot(day, hour))
            strength = float(number.value or 0) / most if number is not None and most else 0.0
            drawn.append(
                box(hour / HOURS, row * ROW, 1 / HOURS, ROW, class_="cell",
                    fill_opacity=f"{strength * 0.92:.2f}")
            )  # fmt: skip
            if number is not None:
                kind = "cell-number dark" if strength >= DARK else "cell-number"
                drawn.append(
                    words(language, brief(number, speech, most), percent((hour + 0.5) / HOURS),
                          (row + 0.5) * ROW, class_=kind)
                )  # fmt: skip
    for hour in range(HOURS):
        drawn.append(
            words(language, language.digits(f"{hour:02d}"), percent((hour + 0.5) / HOURS), -11,
                  class_="tick" if hour % 3 == 0 else "tick sparse")
        )  # fmt: skip
    return framed(
        name, title, language.text("chart.heat"), ROW * len(chart.days), drawn,
        outline(chart), start=margin(days), above=1.8,
    )  # fmt: skip


def brief(number: Number, speech: Speech, most: float) -> str:
    """A number short enough for a cell: whole ones where they are large, shares without a sign."""
    value = float(number.value or 0)
    if number.unit == "share":
        return speech.language.number(value * 100, 0)
    if number.unit == "seconds":
        return speech.language.number(value / 60, 0 if most >= 600 else 1)
    return speech.language.number(value, 0 if most >= 10 else 1)


def outline(chart: Chart) -> list[Markup]:
    """The sides of cells at which the open hours end."""
    found = []
    for row, day in enumerate(chart.days):
        for hour in range(HOURS):
            here = Slot(day, hour)
            if here not in chart.outlined:
                continue
            left, right = percent(hour / HOURS), percent((hour + 1) / HOURS)
            top, foot = row * ROW, (row + 1) * ROW
            above = Slot(chart.days[row - 1], hour) if row else None
            beneath = Slot(chart.days[row + 1], hour) if row + 1 < len(chart.days) else None
            sides = (
                (above, (left, top, right, top)), (beneath, (left, foot, right, foot)),
                (Slot(day, hour - 1), (left, top, left, foot)),
                (Slot(day, hour + 1), (right, top, right, foot)),
            )  # fmt: skip
            found += [line(*ends, "open") for other, ends in sides if other not in chart.outlined]
    return found
