"""Figures made of other figures: ratios, differences, growth, trends, comparisons in time."""

from __future__ import annotations

import copy
import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sanjeh.answers.assemble import NOTHING
from sanjeh.answers.periods import Period
from sanjeh.answers.question import Result
from sanjeh.facts.catalogue import FACTS
from sanjeh.metrics.profiles import counted
from sanjeh.metrics.registry import (
    METRICS,
    Address,
    Balance,
    Correlation,
    Difference,
    Duration,
    Growth,
    Mean,
    Metric,
    Midpoint,
    Ratio,
    Share,
    Slope,
)

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers, Resolved

Figure = float | int | None


def figures(
    answers: Answers, resolved: Resolved, address: Address, period: Period, by: tuple[str, ...],
    warnings: list[str], grain: str | None,
) -> list[Result]:  # fmt: skip
    """The results of a metric that reads no rows of its own."""
    measure = address.metric.measure(None)
    across: tuple[str, ...] = ()
    asked = (resolved, resolved)
    match measure:
        case Ratio(over, under):
            names = (over, _base(answers, resolved, under, measure.serving, address, warnings))
            across = measure.across
        case Difference(of, less, apart=apart):
            names = (of, less)
            if apart is not None:
                asked = (_only(resolved, *apart[:2]), _only(resolved, apart[0], apart[2]))
        case Midpoint(of, also):
            names = (of, also)
        case Growth(level):
            return _growth(answers, resolved, address, period, by, warnings, level)
        case Slope():
            inner = _inner(address, measure.of)
            series = answers.figures(resolved, inner, period, by, warnings, measure.grain)
            return slope(series, address, measure)
        case _:
            raise TypeError(f"{address.metric.name} is not made of other figures.")
    first, second = (
        {
            place(r): r
            for r in answers.figures(
                _apart_from(question, without),
                _inner(address, n),
                period,
                tuple(d for d in by if d not in without),
                warnings,
                grain,
            )
        }
        for n, question, without in zip(names, asked, ((), across), strict=True)
    )
    if across:
        return [
            _combined(address, measure, names, r, second.get(_narrowed(where, across)))
            for where, r in first.items()
        ]
    return [
        _combined(address, measure, names, first.get(where), second.get(where))
        for where in {**first, **second}
    ]


def _inner(address: Address, name: str) -> Address:
    """One of the figures that another is made of, counted under the same profile."""
    part = counted(METRICS[name], address.profile)
    return replace(address, metric=part, statistic=part.statistics()[0])


def _apart_from(resolved: Resolved, without: tuple[str, ...]) -> Resolved:
    """The question without its filters by some dimensions."""
    if not any(d in without for d, *_ in resolved.where):
        return resolved
    wider = copy.copy(resolved)
    wider.where = tuple(w for w in resolved.where if w[0] not in without)
    asked = tuple(w for w in resolved.question.where if w[0] not in without)
    wider.question = replace(resolved.question, where=asked)
    return wider


def _only(resolved: Resolved, dimension: str, value: str) -> Resolved:
    """The question filtered by one more value."""
    narrower = copy.copy(resolved)
    also = (dimension, "is", (value,))
    narrower.where = (*resolved.where, also)
    narrower.question = replace(resolved.question, where=(*resolved.question.where, also))
    return narrower


def _narrowed(where: tuple[Any, ...], without: tuple[str, ...]) -> tuple[Any, ...]:
    group, bucket = where
    return tuple(pair for pair in group if pair[0] not in without), bucket


def _base(
    answers: Answers, resolved: Resolved, under: str, serving: str, address: Address,
    warnings: list[str],
) -> str:  # fmt: skip
    """Whom a figure per agent divides by: who served, where presence is unknown (7.12)."""
    if under != "agents_on_duty":
        return under
    unknown = answers.missing(METRICS[under]) is not None
    if unknown or resolved.options["agents.base"] == "served":
        why = "presence is not recorded" if unknown else "as the option agents.base asks"
        warnings.append(f"{address.metric.name}: divided by the agents who served; {why}.")
        return serving
    return under


def _combined(
    address: Address, measure: Ratio | Difference | Midpoint, names: tuple[str, str],
    first: Result | None, second: Result | None,
) -> Result:  # fmt: skip
    """One figure over, less, or midway to another; a group that one of them lacks has none.

    What adds up is 0 there, as the hours of an agent who had no chat; of what does not, such as a
    share, there is no figure. It is the same whether the group is one of many or filtered for.
    The n of a difference of such figures is the smaller of the two; both stand beside.
    """
    is_there = [part is not None and not _counts_nothing(part) for part in (first, second)]
    shown = first if is_there[0] or not is_there[1] else second
    shown = shown or first or second
    assert shown is not None
    (a, why), (b, why_not) = (
        _told(name, part, here or not any(is_there))
        for name, part, here in zip(names, (first, second), is_there, strict=True)
    )
    why = why or why_not
    value: Figure = None
    if a is not None and b is not None:
        match measure:
            case Ratio():
                value = measure.times * a / b if b else None
            case Difference():
                value = measure.times * (a - b)
            case Midpoint():
                value = (a + b) / 2
    if value is None and not why:
        why = f"{names[1]} is 0"
    is_time = METRICS[names[1]].unit == "hours"  # a group that lacks it has 0 hours, not 0 rows
    excluded: dict[str, int] = defaultdict(int)
    for name, part in zip(reversed(names), (second, first), strict=True):
        for reason, count in (part.excluded if part else {}).items():
            excluded[f"{name}: {reason}"] += count
    n, statistics = int(b) if isinstance(b, int) and not is_time else shown.n, {}
    if isinstance(measure, Difference) and not _adds_up(names[1]):
        both = [part.n if part else 0 for part in (first, second)]
        n, statistics = min(both), {"n_of": both[0], "n_less": both[1]}
    return replace(
        shown, metric=str(address), title=address.metric.title, value=value,
        unit=address.metric.unit, direction=address.metric.better, numerator=a, denominator=b,
        n=n, statistics=statistics, interval=None, definition_id=address.metric.name,
        definition_version=address.metric.version, excluded=dict(excluded), why_null=why or None,
    )  # fmt: skip


def _counts_nothing(part: Result) -> bool:
    return part.n == 0 and part.value is None and part.why_null == NOTHING


def _told(name: str, part: Result | None, is_there: bool) -> tuple[Figure, str | None]:
    """The value of a part and why it has none."""
    if part is not None and is_there:
        return part.value, part.why_null
    return (0, None) if _adds_up(name) else (None, NOTHING)


def _adds_up(name: str) -> bool:
    apart = Share | Mean | Duration | Balance | Correlation
    return not issubclass(METRICS[name].shape(), apart)


def _growth(
    answers: Answers, resolved: Resolved, address: Address, period: Period, by: tuple[str, ...],
    warnings: list[str], level: str,
) -> list[Result]:  # fmt: skip
    inner = _inner(address, level)
    after = answers.figures(resolved, inner, period, by, warnings, None)
    at_start = Period(period.start - 1, period.start)
    before = {place(r): r for r in answers.figures(resolved, inner, at_start, by, [], None)}
    grown = []
    for r in after:
        first = before.get(place(r))
        start = first.value if first is not None else 0
        change = r.value - start if r.value is not None and start is not None else None
        grown.append(
            replace(
                r, metric=str(address), title=address.metric.title,
                value=change / start if change is not None and start else None, unit="share",
                direction=address.metric.better, numerator=change, denominator=start,
                n=int(start or 0), definition_id=address.metric.name,
                why_null=r.why_null or (None if start else f"{level} was 0 at the start"),
            )
        )  # fmt: skip
    return grown


def slope(series: list[Result], address: Address, measure: Slope) -> list[Result]:
    """Least-squares change a bucket of each group's series; cut buckets left out."""
    by_group: dict[str, list[Result]] = defaultdict(list)
    for r in series:
        by_group[repr(r.group)].append(r)
    out = []
    for rows in by_group.values():
        whole = [r for r in rows if r.bucket is not None and not r.bucket["is_partial"]]
        heights = [float(r.value or 0) for r in whole]
        value = None
        if len(heights) >= measure.at_least:
            middle = (len(heights) - 1) / 2
            level = sum(heights) / len(heights)
            spread = sum((x - middle) ** 2 for x in range(len(heights)))
            value = sum((x - middle) * (y - level) for x, y in enumerate(heights)) / spread
        short = f"{len(heights)} whole {measure.grain}s; a trend needs {measure.at_least}"
        out.append(
            replace(
                rows[0], metric=str(address), title=address.metric.title, unit=address.metric.unit,
                direction=address.metric.better, value=value, n=len(heights), numerator=None,
                bucket=None, definition_id=address.metric.name,
                excluded={f"{measure.grain}s cut by the period": len(rows) - len(whole)},
                statistics={"series": heights}, why_null=rows[0].why_null or (
                    None if value is not None else short
                ),
            )
        )  # fmt: skip
    return out


def place(result: Result) -> tuple[Any, ...]:
    """Which group and bucket a result stands for; equal in every period."""
    group = tuple(sorted((k, str(v["key"])) for k, v in result.group.items()))
    return (group, result.bucket["index"] if result.bucket else None)


def compared(rows: list[Result], before: list[Result]) -> list[Result]:
    """Results with the earlier period's figure beside.

    A group that only one of the periods has counts 0 in the other, or has no figure there.
    """
    earlier = {place(r): r for r in before}
    now = {place(r) for r in rows}
    gone = [_gone(r, rows) for where, r in earlier.items() if where not in now]
    out = []
    for r in [*rows, *gone]:
        old = earlier.get(place(r))
        value = old.value if old is not None else None
        if old is None and isinstance(r.value, int):
            value = 0
        both = isinstance(r.value, int | float) and isinstance(value, int | float)
        change = r.value - value if both else None  # type: ignore[operator]
        in_points = METRICS[r.definition_id].unit in ("points", "correlation")
        out.append(
            replace(
                _beside_noise(r, old, change), previous_value=value,
                previous_n=old.n if old else 0, delta_abs=change,
                delta_pct=change / value if change is not None and value and not in_points
                else None,
            )
        )  # fmt: skip
    return out


def _beside_noise(now: Result, old: Result | None, change: Figure) -> Result:
    """The result with both margins together, and whether its change is within them (N1.3)."""
    if old is None or change is None or "margin" not in now.statistics:
        return now
    noise = math.hypot(now.statistics["margin"], old.statistics["margin"])
    seen = {**now.statistics, "noise": noise, "within_noise": abs(change) < noise}
    return replace(now, statistics=seen)


def _gone(old: Result, rows: list[Result]) -> Result:
    """A group of the earlier period that has no rows in this one."""
    buckets = {r.bucket["index"]: r.bucket for r in rows if r.bucket}
    return replace(
        old, value=0 if isinstance(old.value, int) else None, n=0, numerator=None,
        denominator=None, excluded={}, pending=None, statistics={}, interval=None,
        period=rows[0].period if rows else old.period,
        bucket=buckets.get(old.bucket["index"], old.bucket) if old.bucket else None,
        why_null=None if isinstance(old.value, int) else NOTHING,
    )  # fmt: skip


def overlaps(metric: Metric, by: tuple[str, ...]) -> bool:
    """Whether one row of the metric can stand in several groups."""
    several = FACTS[metric.fact].several if metric.fact else ()
    distinct = getattr(metric.outline(), "distinct", None)
    if not several or not distinct:
        return False
    return distinct not in ("conversation_id", "ticket_id") or bool(set(by) & set(several))
