"""How a metric is declared, addressed and found."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Better = Literal["up", "down", "neutral", "target"]
Population = Literal["valid", "actionable", "requested"]
Holds = Literal["at the end", "at the start", "at any moment"]
Predicate = Any  # an Ibis boolean over the fact's columns


class UnknownMetric(LookupError):
    """A name, statistic, clock or profile that no metric has."""


# A key of `without` whose value is not a condition but a column that holds the reason.
TOLD_BY_THE_FACT = "told by the fact"
ASSOCIATION = "Association, not cause."
CORRELATION = "Correlation, not cause."


@dataclass(frozen=True)
class Count:
    """Rows counted, or distinct values of a column."""

    where: Predicate | None = None
    distinct: str | None = None
    without: Mapping[str, Predicate] = field(default_factory=dict)


@dataclass(frozen=True)
class Share:
    """Rows that satisfy `part` over the rows counted; 0 to 1, null over none."""

    part: Predicate
    where: Predicate | None = None
    distinct: str | None = None
    without: Mapping[str, Predicate] = field(default_factory=dict)


@dataclass(frozen=True)
class Duration:
    """Seconds from one instant to another, on the calendar or in open hours.

    `start`, `end`: columns ending `_at`. `minus`: columns of microseconds taken off, each with
    a twin `<name>_open`. `end` None measures to the instant of a snapshot. `lasting`: a column of
    microseconds, with such a twin, that is the duration itself where it is none between two
    instants (a median of several); `start` and `end` then tell only where the row stands.
    """

    start: str
    end: str | None
    minus: tuple[str, ...] = ()
    where: Predicate | None = None
    without: Mapping[str, Predicate] = field(default_factory=dict)
    lasting: str | None = None


@dataclass(frozen=True, kw_only=True)
class Wait(Duration):
    """A duration that ends with an answer, or without one: given up, or still going on (7.5).

    `gave_up`: the column, ending `_at`, of the instant at which a wait ended unanswered; null
    where it did not. Mean, median and the like are of those answered; rows that ended unanswered
    or still wait are listed beside. The cumulative share answered by a time is Aalen and
    Johansen's: open waits are censored at `now_at`, ended ones compete.
    """

    gave_up: str


@dataclass(frozen=True)
class Longest(Duration):
    """A duration whose longest stands first: how long the one who waits most has waited."""


@dataclass(frozen=True)
class Mean:
    """The mean of a number column. `bins`: upper limits of its distribution, each counted in.

    `same`: a column that must have one value in all rows, such as a scale; else there is no mean.
    """

    column: str
    where: Predicate | None = None
    without: Mapping[str, Predicate] = field(default_factory=dict)
    bins: tuple[float, ...] = (0, 1, 2, 3, 5, 10, 20, 40, 100)
    same: str | None = None


@dataclass(frozen=True)
class Total:
    """The sum of a number column; `one`: how many of it make one of the unit.

    Whole numbers add up to the same in any order, fractions of a unit do not.
    """

    column: str
    where: Predicate | None = None
    without: Mapping[str, Predicate] = field(default_factory=dict)
    one: int = 1


@dataclass(frozen=True)
class Balance:
    """100 times the share of `up` less the share of `down`, in points from -100 to 100 (N1).

    `same`: a column that must have one value in all rows; else there is no figure.
    """

    up: Predicate
    down: Predicate
    where: Predicate | None = None
    without: Mapping[str, Predicate] = field(default_factory=dict)
    same: str | None = None


@dataclass(frozen=True)
class Correlation:
    """How two number columns go together: Pearson's r, and Spearman's rho over mean ranks.

    There is none of fewer pairs than `at_least`, nor where one of the two never varies.
    """

    first: str
    second: str
    where: Predicate | None = None
    without: Mapping[str, Predicate] = field(default_factory=dict)
    at_least: int = 10


@dataclass(frozen=True)
class Net:
    """The sum of a signed whole-number column."""

    column: str
    where: Predicate | None = None
    without: Mapping[str, Predicate] = field(default_factory=dict)


@dataclass(frozen=True)
class Ratio:
    """One metric's figure over another's, each from its own rows; divides last.

    times: 100 for a figure per hundred. across: dimensions that the lower figure is neither split
    nor filtered by, as a tag's chats are set against all chats. serving: whom a figure per agent
    divides by where presence is unknown (7.12).
    """

    over: str
    under: str
    times: int = 1
    across: tuple[str, ...] = ()
    serving: str = "chat_agents_serving"


@dataclass(frozen=True)
class Difference:
    """One metric's figure less another's. times: 100 for shares in points.

    apart: a dimension and two of its values, one for each of the two figures.
    """

    of: str
    less: str
    times: int = 1
    apart: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Midpoint:
    """The mean of two figures: of a level at the start and at the end of the period (V5)."""

    of: str
    also: str


@dataclass(frozen=True)
class Growth:
    """Change of a level between the start and the end of the period over its start."""

    level: str


@dataclass(frozen=True)
class Slope:
    """Least-squares change a bucket of a count's series; unfinished buckets left out."""

    of: str
    grain: str = "week"
    at_least: int = 8


# Counted from rows of a fact.
OfRows = Count | Share | Duration | Mean | Total | Balance | Net | Correlation
Measure = OfRows | Ratio | Difference | Midpoint | Growth | Slope

# A statistic is a way of looking at one distribution. The first is the headline.
SPREAD = ("mean", "median", "p90", "min", "max", "n", "distribution")
STATISTICS: dict[type, tuple[str, ...]] = {
    Duration: SPREAD,
    Wait: (*SPREAD, "half_answered", "answered_by"),
    Longest: ("max", "mean", "median", "p90", "min", "n", "distribution"),
    Mean: SPREAD,
    Total: ("value",),
    Balance: ("value",),
    Correlation: ("pearson", "spearman", "n"),
    Count: ("value",),
    Share: ("value",),
    Net: ("value",),
    Ratio: ("value",),
    Difference: ("value",),
    Midpoint: ("value",),
    Growth: ("value",),
    Slope: ("value",),
}
CLOCKS = ("calendar", "open")


@dataclass(frozen=True)
class Example:
    """Rows as a small table, and the literal figures they must give on every engine."""

    about: str
    rows: str
    expect: Mapping[str, Any]

    @staticmethod
    def of(about: str, rows: str, **expect: Any) -> Example:
        """An example with its expected figures named."""
        return Example(about, inspect.cleandoc(rows), expect)


@dataclass(frozen=True)
class Metric:
    """One figure: what it means, which rows it reads, and how it is counted."""

    name: str
    title: str
    doc: str
    fact: str | None
    at: str | None
    until: str | None
    holds: Holds
    unit: str
    better: Better
    group: str
    serves: tuple[str, ...]
    needs: tuple[str, ...]
    population: Population
    pending: Callable[[Any], Predicate] | None
    context: Callable[[Any], dict[str, Any]] | None
    prepare: Callable[[Any, list[str], Mapping[str, Any]], Any] | None
    per: str
    also: tuple[str, ...]
    lower_bound: tuple[str, Callable[[Any], Predicate]] | None
    credit: str
    notes: tuple[str, ...]
    measure: Callable[[Any], Measure]
    examples: tuple[Example, ...]
    version: int
    profile: str | None = None

    @property
    def key(self) -> str:
        """What tells it from every other way of counting: its name, and its profile if any."""
        return self.name if self.profile is None else f"{self.name}~{self.profile}"

    @property
    def is_level(self) -> bool:
        """Counted at an instant (what is there), not over a period (what happened)."""
        return self.until is not None

    def outline(self) -> Measure:
        """The measure, its conditions left blank: what can be told of it without rows."""
        if self.key not in _OUTLINES:
            _OUTLINES[self.key] = self.measure(_AnyColumn())
        return _OUTLINES[self.key]

    def shape(self) -> type:
        """The kind of measure."""
        return type(self.outline())

    def statistics(self) -> tuple[str, ...]:
        """Names of the statistics it can be asked for, the headline first."""
        return STATISTICS[self.shape()]

    @property
    def may_look_round(self) -> bool:
        """Whether what is prepared for a row is declared to be the same in every period."""
        return self.prepare in _LOOKS_ROUND

    def clocks(self) -> tuple[str, ...]:
        """calendar, and open where it is a duration between two instants."""
        return CLOCKS if issubclass(self.shape(), Duration) and not self.is_level else CLOCKS[:1]


METRICS: dict[str, Metric] = {}
Prepare = Callable[[Any, list[str], Mapping[str, Any]], Any]
_LOOKS_ROUND: set[Prepare] = set()


def looks_round(prepare: Prepare) -> Prepare:
    """Say of a `prepare` that what it adds to a row is the same whichever period is asked for.

    It may use the period to look less far; a count of its rows then still adds up over days.
    """
    _LOOKS_ROUND.add(prepare)
    return prepare


_OUTLINES: dict[str, Measure] = {}


class _AnyColumn:
    """Stands in for a fact while a declaration is read for its shape only."""

    def __getattr__(self, _: str) -> _AnyColumn:
        return self

    def __call__(self, *_: Any, **__: Any) -> _AnyColumn:
        return self

    def _same(self, *_: Any) -> _AnyColumn:
        return self

    __getitem__ = __and__ = __or__ = __rand__ = __ror__ = __add__ = __sub__ = __gt__ = __ge__ = (
        _same
    )
    __lt__ = __le__ = __eq__ = __ne__ = __mul__ = _same  # type: ignore[assignment]
    __radd__ = __rsub__ = __rmul__ = __truediv__ = __floordiv__ = __mod__ = _same

    def __invert__(self) -> _AnyColumn:
        return self

    __hash__ = object.__hash__


def metric(
    *,
    unit: str,
    better: Better,
    serves: tuple[str, ...],
    fact: str | None = None,
    at: str | None = None,
    until: str | None = None,
    group: str = "team",
    title: str | None = None,
    needs: tuple[str, ...] = (),
    population: Population = "valid",
    holds: Holds = "at the end",
    pending: Callable[[Any], Predicate] | None = None,
    context: Callable[[Any], dict[str, Any]] | None = None,
    prepare: Callable[[Any, list[str], Mapping[str, Any]], Any] | None = None,
    per: str = "",
    also: tuple[str, ...] = (),
    lower_bound: tuple[str, Callable[[Any], Predicate]] | None = None,
    credit: str = "",
    notes: tuple[str, ...] = (),
    examples: tuple[Example, ...] = (),
    version: int = 1,
) -> Callable[[Callable[[Any], Measure]], Callable[[Any], Measure]]:
    """Declare a metric.

    at: the instant of a row that puts it into a period (its bucket). until: for levels, the
    instant a row stops holding; holds: when in the period it is looked at. needs: record kinds
    without which a source cannot answer.
    population: valid (not spam, test, merged, deleted), actionable (and not noise), requested
    (and not started by an agent). pending: rows still running, counted beside the figure.
    context: figures over the rows of the period that the measure reads as columns. prepare:
    adds columns to the rows, within the columns it is told, and may look into every other fact;
    neither adds nor drops rows. per: a dimension over which the figure is not pooled without a
    warning (7.6). also: facts with the same columns whose rows count as well. lower_bound: what
    some counted rows do not tell, and which, so that the figure is one. credit: to whom an
    agent's figure is credited. notes: warnings that go with every answer. A measure also reads
    the columns `now_at`, `period_from_at`, `period_until_at` (microseconds) and `option_<name>`.
    """

    def declare(body: Callable[[Any], Measure]) -> Callable[[Any], Measure]:
        name = body.__name__
        if name in METRICS:
            raise ValueError(f"Two metrics are called {name}.")
        METRICS[name] = Metric(
            name, title or name.replace("_", " ").capitalize(),
            inspect.cleandoc(body.__doc__ or ""), fact, at, until, holds, unit, better, group,
            serves, needs, population, pending, context, prepare, per, also, lower_bound, credit,
            notes, body, examples, version,
        )  # fmt: skip
        return body

    return declare


@dataclass(frozen=True)
class Address:
    """`metric.statistic@clock~profile`: the same in links, commands, API and alerts."""

    metric: Metric
    statistic: str
    clock: str
    profile: str | None
    asked: str

    def __str__(self) -> str:
        text = self.metric.name
        if self.statistic != self.metric.statistics()[0]:
            text += f".{self.statistic}"
        if self.clock != "calendar":
            text += f"@{self.clock}"
        return text + (f"~{self.profile}" if self.profile else "")


_ADDRESS = re.compile(r"^(\w+)(?:\.(\w+))?(?:@(\w+))?(?:~(\w+))?$")


def _by_requirement(address: str) -> str:
    """The address with a requirement's id replaced by the first metric that serves it."""
    parts = re.match(r"([A-Za-z]\d+(?:\.\d+)?)((?:[.@~]\w+)*)$", address)
    if parts is None:
        return address
    wanted = parts[1].upper()
    serving = [m for m in METRICS.values() if wanted in m.serves]
    serving.sort(key=lambda m: m.serves.index(wanted))
    return serving[0].name + parts[2] if serving else address


def find(address: str) -> Address:
    """The metric of an address, or of a requirement's id such as T1.

    Raises UnknownMetric, with close matches, where there is none.
    """
    from sanjeh.metrics import catalogue  # noqa: F401  (declares every metric)

    parts = _ADDRESS.match(_by_requirement(address.strip()))
    if parts is None:
        raise UnknownMetric(
            f"{address!r} is not an address. Expected metric, metric.statistic or "
            "metric.statistic@clock~profile, as in resolution_time.p90@open~zendesk."
        )
    name, statistic, clock, profile = parts.groups()
    if name not in METRICS:
        close = difflib.get_close_matches(name.lower(), METRICS, n=3, cutoff=0.5)
        hint = f" Did you mean {', '.join(close)}?" if close else ""
        raise UnknownMetric(f"No metric is called {name!r}.{hint} `sanjeh metrics` lists all.")
    from sanjeh.metrics import profiles

    found = profiles.counted(METRICS[name], profile)
    if statistic is not None and statistic not in found.statistics():
        raise UnknownMetric(
            f"{found.key} has no statistic {statistic!r}. It has {', '.join(found.statistics())}."
        )
    if clock is not None and clock not in found.clocks():
        raise UnknownMetric(
            f"{found.key} has no clock {clock!r}. It has {', '.join(found.clocks())}."
        )
    return Address(found, statistic or found.statistics()[0], clock or "calendar", profile, address)


def under(address: Address, profile: str | None) -> Address:
    """The address under a profile, unless it names one of its own.

    A statistic or clock that the figure has not under the profile is counted as ours. Raises
    UnknownMetric where there is no such profile.
    """
    from sanjeh.metrics import profiles

    if profile is None or address.profile is not None:
        return address
    counted = profiles.counted(address.metric, profile)
    named = re.split(r"[.@]", address.asked)[0] != address.asked
    has_it = address.statistic in counted.statistics() and address.clock in counted.clocks()
    if named and not has_it:
        counted = address.metric
    statistic = address.statistic if named else counted.statistics()[0]
    return replace(address, metric=counted, statistic=statistic, profile=profile)
