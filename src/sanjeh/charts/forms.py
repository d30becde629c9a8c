"""The forms that there are, and which suit a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sanjeh.answers.question import Answer
from sanjeh.charts.spec import Around, Chart

Over = Literal["whole", "time", "groups", "parts", "week"]
Make = Callable[[Answer, str, Around], Chart]


@dataclass(frozen=True)
class Offer:
    """What a figure has to draw.

    adds_up: its groups sum to the whole, so that parts of it mean something. dimensions: those it
    can be split by.
    """

    unit: str
    statistic: str
    statistics: tuple[str, ...]
    dimensions: tuple[str, ...]
    adds_up: bool

    @property
    def is_one_number(self) -> bool:
        """Whether the statistic is one number, not a table of them."""
        return self.statistic not in ("distribution", "answered_by")


@dataclass(frozen=True)
class Form:
    """A form: over what it is asked, the statistic it needs, which figures it suits.

    over: the whole, time (a grain), groups (one dimension), parts (groups over time), or the
    week (weekday by hour). statistic: another than the one asked, where the form is of that.
    """

    name: str
    over: Over
    statistic: str | None
    suits: Callable[[Offer], bool]
    make: Make


FORMS: dict[str, Form] = {}


def form(
    over: Over, suits: Callable[[Offer], bool], *, statistic: str | None = None
) -> Callable[[Make], Make]:
    """Declare the function as the form of its name."""

    def declare(make: Make) -> Make:
        name = make.__name__
        if name in FORMS:
            raise ValueError(f"There is a form called {name!r} already.")
        FORMS[name] = Form(name, over, statistic, suits, make)
        return make

    return declare


ORDER = ("line", "bars", "stacked", "ranked", "pareto", "scatter", "distribution", "curve", "heat")


def suited(offer: Offer) -> list[Form]:
    """The forms that suit a figure, those over time first; forms of one's own follow."""
    found = [f for f in FORMS.values() if f.suits(offer)]
    last = len(ORDER)
    return sorted(found, key=lambda f: ORDER.index(f.name) if f.name in ORDER else last)
