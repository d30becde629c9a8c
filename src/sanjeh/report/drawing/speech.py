"""What a chart's places and numbers are called, in a language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sanjeh.answers.dimensions import WEEKDAY_NAMES
from sanjeh.answers.periods import Clockwork
from sanjeh.charts.spec import Bucket, Chart, Group, Number, Place, Rest, Slot, UpTo, Whole
from sanjeh.report.language import Language

LONGEST = 28  # letters of a name beside a bar; the table has it whole


def own_label(language: Language, group: Group) -> str:
    """A group by its own label, or by the product's word for it."""
    return language.label(group.dimension, group.key, group.label)


@dataclass(frozen=True)
class Speech:
    """A language with the zone and calendar of the question, and how groups are named.

    named: the name of a group; else its own label. dimension: the heading over a dimension.
    """

    language: Language
    clock: Clockwork
    named: Callable[[Group], str] | None = None
    dimension: Callable[[str], str] | None = None

    def place(self, place: Place) -> str:
        """What stands at a place, in full."""
        match place:
            case Bucket(start=start):
                return self.date(start, place.end - start)
            case Group():
                if self.named is not None:
                    return self.named(place)
                return own_label(self.language, place)
            case Rest(count=count):
                return self.language.text("chart.rest", n=self.language.number(count))
            case Slot(weekday=weekday, hour=hour):
                day = self.language.text(f"weekdays.{WEEKDAY_NAMES[weekday - 1]}")
                return f"{day} {self.language.digits(f'{hour:02d}:00')}"
            case UpTo():
                return self._band(place)
            case Whole():
                return self.language.text("chart.whole")

    def short(self, place: Place) -> str:
        """What stands at a place, cut where it is too long for a drawing."""
        full = self.place(place)
        return full if len(full) <= LONGEST else f"{full[: LONGEST - 1].rstrip()}…"

    def date(self, start: int, length: int, *, year: bool = True) -> str:
        """The first day of a bucket, or its hour where it is shorter than a day."""
        local = self.clock.local(start)
        day = self.language.date(local.date(), self.clock.calendar, year=year)
        if length < 23 * 3_600_000_000:
            hour = self.language.digits(f"{local:%H:%M}")
            return f"{day} {hour}" if year else hour
        return day

    def number(self, number: Number) -> str:
        """A number in its unit."""
        return self.language.value(number.value, number.unit)

    def dimension_of(self, chart: Chart) -> str:
        """The heading over the places of a chart."""
        points = chart.series[0].points if chart.series else ()
        first = points[0].at if points else None
        match first:
            case Group(dimension=name) if self.dimension is not None:
                return self.dimension(name)
            case Bucket():
                return self.language.text("trend.from")
            case UpTo():
                return self.language.text("chart.within")
            case _:
                return ""

    def _band(self, band: UpTo) -> str:
        if band.limit is None:
            above = self.language.value(band.above, self._unit(band))
            return self.language.text("chart.above", value=above)
        limit = self.language.value(band.limit, self._unit(band))
        return self.language.text("chart.up_to", value=limit)

    @staticmethod
    def _unit(band: UpTo) -> str:
        return band.unit if band.unit == "seconds" else "count"
