"""What a chart says before it is drawn: places, the number at each, and what stands beside."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sanjeh.answers.periods import micros
from sanjeh.answers.question import Result


@dataclass(frozen=True)
class ContextEvent:
    """A release, outage, campaign or the like, between two instants (microseconds UTC)."""

    kind: str
    title: str
    began: int
    ended: int


@dataclass(frozen=True)
class Number:
    """A number in its unit; where it is a field of an answer, the result and the field's path."""

    value: float | int | None
    unit: str
    result: Result | None = None
    path: str = ""


@dataclass(frozen=True)
class Bucket:
    """A stretch of time, in microseconds UTC; partial where the period cuts it."""

    start: int
    end: int
    is_partial: bool


@dataclass(frozen=True)
class Group:
    """A value of a dimension."""

    dimension: str
    key: str | None
    label: str


@dataclass(frozen=True)
class Rest:
    """The groups beyond those drawn, as one."""

    count: int


@dataclass(frozen=True)
class Slot:
    """An hour of the week; weekday 1 is Monday."""

    weekday: int
    hour: int


@dataclass(frozen=True)
class UpTo:
    """Values above one limit and up to the next, in a unit; None where there is no such limit."""

    above: float | None
    limit: float | None
    unit: str


@dataclass(frozen=True)
class Whole:
    """Everything asked about."""


Place = Bucket | Group | Rest | Slot | UpTo | Whole


@dataclass(frozen=True)
class Point:
    """A number at a place.

    beside: a second number: how far across it stands (scatter), the share so far (Pareto), how
    many rows it is. is_history: before the period asked about.
    """

    at: Place
    number: Number
    beside: Number | None = None
    is_history: bool = False


@dataclass(frozen=True)
class Series:
    """Points that belong together: a figure, or a group of it."""

    metric: str
    points: tuple[Point, ...]
    of: Place = Whole()

    @property
    def known(self) -> tuple[Point, ...]:
        """Points that have a number."""
        return tuple(p for p in self.points if p.number.value is not None)


@dataclass(frozen=True)
class Chart:
    """One chart: its form, what is drawn, and how to read it.

    metric: the definition that names it. span: the first and the last instant of a time axis.
    days: weekdays (1 is Monday) from the first of the week on, for a map of the week. outlined:
    slots that were open. half: where half is reached, on a curve. other: the metric across.
    """

    form: str
    metric: str
    unit: str
    series: tuple[Series, ...]
    target: float | None = None
    events: tuple[ContextEvent, ...] = ()
    span: tuple[int, int] = (0, 0)
    days: tuple[int, ...] = ()
    outlined: frozenset[Slot] = frozenset()
    half: Number | None = None
    other: str | None = None
    why_empty: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is no number to draw."""
        return not any(s.known for s in self.series)


@dataclass(frozen=True)
class Around:
    """What stands beside a figure that no answer tells.

    since: the start of the period asked about; buckets before it are its history. week_start: a
    key of WEEKDAYS. most: how many groups are drawn before the rest are drawn as one.
    """

    since: int | None = None
    events: tuple[ContextEvent, ...] = ()
    opened: frozenset[Slot] = frozenset()
    week_start: str = "mon"
    other: str | None = None
    most: int = 12


def number_of(result: Result, path: str = "value") -> Number:
    """A field of a result (`value`, `n`, `statistics.median`) as a number."""
    name, _, rest = path.partition(".")
    found = getattr(result, name)
    value = found.get(rest) if rest else found
    counted = path == "n" or (path == "numerator" and result.unit != "seconds")
    return Number(
        value if isinstance(value, int | float) else None,
        "count" if counted else result.unit, result, path,
    )  # fmt: skip


def bucket_of(result: Result) -> Bucket:
    """The stretch of time a result is of."""
    assert result.bucket is not None
    start, end = (micros(dt.datetime.fromisoformat(result.bucket[k])) for k in ("from", "to"))
    return Bucket(start, end, bool(result.bucket["is_partial"]))


def group_of(result: Result) -> Group:
    """The group a result is of: the first dimension it was split by."""
    name, part = next(iter(result.group.items()))
    key = None if part["key"] is None else str(part["key"])
    return Group(name, key, str(part["label"]))
