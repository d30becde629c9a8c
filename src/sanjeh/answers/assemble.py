"""From grouped rows to results: empty buckets filled, exclusions gathered, labels put on."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from sanjeh.answers.intervals import student, wald, wilson
from sanjeh.answers.periods import Bucket, Clockwork, Period, cells, moment
from sanjeh.answers.plan import BINS, WAITING, WAITS
from sanjeh.answers.question import QuestionError, Result
from sanjeh.metrics.registry import (
    Address,
    Balance,
    Correlation,
    Count,
    Mean,
    Metric,
    Net,
    Share,
    Total,
    Wait,
)

TIMES = ("hour", "weekday")
MOST_RESULTS = 250_000
NOTHING = "no rows to count"  # why a figure is none
NEVER_VARIES = "one of the two is the same in every pair"
Labels = Callable[[str, list[Any]], Mapping[Any, str]]


@dataclass(frozen=True)
class Frame:
    """What the results of one metric share."""

    metric: Metric
    by: tuple[str, ...]
    buckets: tuple[Bucket, ...]
    clockwork: Clockwork
    period: Mapping[str, Any]
    filters: Mapping[str, Any]
    span: Period

    def maker(self, address: Address) -> Callable[..., Result]:
        """Makes results of this metric; what is not given is none."""
        m = self.metric
        return partial(
            Result, metric=str(address), title=m.title, unit=m.unit, direction=m.better,
            statistic=address.statistic, clock=address.clock, period=self.period,
            filters=self.filters, definition_id=m.name, definition_version=m.version,
        )  # fmt: skip


def assemble(
    frame: Frame, address: Address, rows: list[dict[str, Any]], pending: list[dict[str, Any]],
    labels: Labels, curves: list[dict[str, Any]] | None = None,
) -> list[Result]:  # fmt: skip
    """One result for each group and bucket in a steady order; the whole where there is none.

    curves: of waits, the rows of `answers/curves.py`.
    """
    width = len(frame.by)
    answered = {
        (tuple(row[f"d{n}"] for n in range(width)), row.get("bucket")): row for row in curves or []
    }
    grouped: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        group = tuple(row[f"d{n}"] for n in range(width))
        grouped[(group, row["bucket"] if frame.buckets else None)].append(row)
    waiting = {tuple(row[f"d{n}"] for n in range(width)): row["pending_count"] for row in pending}
    groups = list(dict.fromkeys([*(g for g, _ in grouped), *waiting]))
    if not width:
        groups = [()]
    count = len(groups) * max(len(frame.buckets), 1)
    if count > MOST_RESULTS:
        raise QuestionError(
            f"That is {count:,} groups and steps, more than the {MOST_RESULTS:,} an answer may "
            "have. Ask for a shorter period, a coarser grain or fewer groups."
        )
    shown = [
        labels(name, [g[n] for g in groups]) for n, name in enumerate(frame.by)
    ]  # one look-up a dimension
    results = []
    made = frame.maker(address)
    timed = any(name in TIMES for name in frame.by)
    for group in groups:
        named = {
            name: {"key": group[n], "label": _label(group[n], shown[n])}
            for n, name in enumerate(frame.by)
        }
        for bucket in frame.buckets or (None,):
            found = grouped.get((group, bucket.index if bucket else None), [])
            figures = _figures(address, found, frame.metric)
            if frame.metric.shape() is Wait:
                curve = answered.get((group, bucket.index if bucket else None))
                figures |= _with_curve(figures, address, curve)
            if timed:
                figures["statistics"] = _occurrences(frame, figures, named)
            if frame.metric.pending and not bucket:
                figures["pending"] = waiting.get(group, 0)
            shown_bucket = _bucket(bucket) if bucket else None
            results.append(made(group=named, bucket=shown_bucket, **figures))
    return sorted(results, key=lambda r: (r.bucket["index"] if r.bucket else 0, *_order(r, frame)))


def _order(result: Result, frame: Frame) -> tuple[Any, ...]:
    timed = [name for name in frame.by if name in TIMES]
    if timed:
        return tuple(
            (result.group[n]["key"] is None, result.group[n]["key"] or 0)
            if n in timed
            else (False, result.group[n]["label"])
            for n in frame.by
        )
    unknown = any(g["key"] is None for g in result.group.values())
    return (unknown, -result.n, tuple(str(g["label"]) for g in result.group.values()))


def _label(key: Any, labels: Mapping[Any, str]) -> str:
    if key is None:
        return "unknown"
    return str(labels.get(key, key))


def _bucket(bucket: Bucket) -> dict[str, Any]:
    return {
        "index": bucket.index, "label": bucket.label, "from": moment(bucket.start).isoformat(),
        "to": moment(bucket.end).isoformat(), "is_partial": bucket.is_partial,
    }  # fmt: skip


def _figures(address: Address, rows: list[dict[str, Any]], metric: Metric) -> dict[str, Any]:
    """The figures of one group and bucket from its rows: the counted one, and one a reason."""
    counted = next((r for r in rows if r["reason"] is None), None)
    left_out = [r for r in rows if r["reason"] is not None]
    left_out.sort(key=lambda r: -r["row_count"])
    excluded = {r["reason"]: r["row_count"] for r in left_out}
    n = counted["row_count"] if counted else 0
    figures: dict[str, Any] = {"excluded": excluded, "statistics": {}}
    shape = metric.shape()
    if shape is Count:
        value = counted.get("distinct_count", n) if counted else 0
        return figures | {"value": value, "n": n, "numerator": value}
    if shape is Total:
        total = (counted or {}).get("total")
        one = getattr(metric.outline(), "one", 1)
        total = total / one if total is not None and one != 1 else total
        why = None if counted else NOTHING
        return figures | {"value": total, "n": n, "numerator": total, "why_null": why}
    if shape is Balance:
        return figures | _balance(counted, n)
    if shape is Correlation:
        return figures | _correlated(address, counted, n, metric)
    if shape is Net:
        value = int((counted or {}).get("net") or 0)
        return figures | {"value": value, "n": n, "numerator": value}
    if shape is Share:
        whole = counted.get("distinct_count", n) if counted else 0
        part = counted["part_count"] if counted else 0
        return figures | {
            "value": part / whole if whole else None, "n": whole, "numerator": part,
            "denominator": whole, "interval": wilson(part, whole),
            "why_null": None if whole else NOTHING,
        }  # fmt: skip
    return figures | _distributed(address, counted, excluded, metric)


def _balance(row: dict[str, Any] | None, n: int) -> dict[str, Any]:
    """Points of those for less those against, with Wald's margin (N1.3)."""
    if row is None or not n:
        return {"n": 0, "denominator": 0, "why_null": NOTHING}
    up, down = row["up_count"], row["down_count"]
    why = _mixed(row)
    value = None if why else 100 * (up - down) / n
    margin = wald(up, down, n)
    return {
        "value": value, "n": n, "numerator": up - down, "denominator": n,
        "interval": None
        if value is None
        else (max(-100.0, value - margin), min(100.0, value + margin)),
        "why_null": why,
        "statistics": {"up": up, "down": down, "neither": n - up - down, "margin": margin},
    }  # fmt: skip


def _correlated(
    address: Address, row: dict[str, Any] | None, n: int, metric: Metric
) -> dict[str, Any]:
    """Pearson's r of the values and of their ranks, which is Spearman's rho (E1.3)."""
    if row is None or not n:
        return {"n": 0, "why_null": NOTHING}
    measure = metric.outline()
    assert isinstance(measure, Correlation)
    told: dict[str, Any] = {"n": n, "statistics": {"n": n}}
    if n < measure.at_least:
        told["why_null"] = f"{n} pairs; a correlation needs {measure.at_least}"
    elif any(row[f"{side}_min"] == row[f"{side}_max"] for side in ("first", "second")):
        told["why_null"] = NEVER_VARIES
    else:
        told["statistics"] |= {
            name: max(-1.0, min(1.0, row[f"{of}_both"] / math.sqrt(row[f"{of}_first"])
                                / math.sqrt(row[f"{of}_second"])))
            for name, of in (("pearson", "value"), ("spearman", "rank"))
        }  # fmt: skip
    value = told["statistics"].get(address.statistic)
    return told | {"value": value, "why_null": told.get("why_null") if value is None else None}


def _mixed(row: Mapping[str, Any]) -> str | None:
    """Why rows of several kinds have no figure in common, if they are."""
    kinds = row.get("kinds_count") or 0
    if kinds < 2:
        return None
    return f"answers to {kinds} different kinds of question have none in common; split them"


def _with_curve(
    figures: dict[str, Any], address: Address, row: dict[str, Any] | None
) -> dict[str, Any]:
    """The share answered by each time and the time by which half were; what still waits."""
    waiting = figures["excluded"].get(WAITING, 0)
    if row is None or row["longest"] is None:
        return {"pending": waiting}
    known = row["left"] < 1e-9  # else nobody has yet waited longer than the longest wait
    by = [
        {
            "seconds": limit,
            "share": row[f"by{n}"] if known or limit * 1e6 <= row["longest"] else None,
        }
        for n, limit in enumerate(WAITS)
    ]
    half = None if row["half"] is None else row["half"] / 1_000_000
    found: dict[str, Any] = {
        "pending": waiting,
        "statistics": figures["statistics"] | {"answered_by": by, "half_answered": half},
    }
    if address.statistic in ("answered_by", "half_answered"):
        found |= {"value": found["statistics"][address.statistic], "interval": None}
        found["why_null"] = None if found["value"] is not None else "half is not reached"
    return found


def _distributed(
    address: Address, row: dict[str, Any] | None, excluded: dict[str, int], metric: Metric
) -> dict[str, Any]:
    measure = metric.outline()
    bins, one = (measure.bins, 1) if isinstance(measure, Mean) else (BINS, 1_000_000)
    spreads = {
        c: _spread(row, c, bins, one)
        for c in ("calendar", "open")
        if row is not None and row.get(f"{c}_n")
    }
    chosen = spreads.get(address.clock)
    if chosen is None or row is None:
        why = NOTHING if row is None else "no open hours are set for these rows"
        return {"why_null": why, "statistics": spreads.get("calendar", {})}
    n = chosen["n"]
    if row["row_count"] > n:
        excluded = excluded | {"no open hours are set": row["row_count"] - n}
    statistics = dict(chosen)
    if "open" in spreads and address.clock == "calendar":
        statistics["open"] = {k: v for k, v in spreads["open"].items() if k != "deviation"}
    interval = None
    if address.statistic == "mean" and chosen["deviation"] is not None:
        interval = student(chosen["mean"], chosen["deviation"], n)
    if mixed := _mixed(row):
        return {"n": n, "excluded": excluded, "statistics": {"n": n}, "why_null": mixed}
    return {
        "value": chosen.get(address.statistic), "n": n, "numerator": chosen["sum"],
        "denominator": n, "statistics": statistics, "excluded": excluded,
        "interval": interval,
    }  # fmt: skip


def _spread(row: dict[str, Any], clock: str, bins: Sequence[float], one: int) -> dict[str, Any]:
    n = row[f"{clock}_n"]
    total = row[f"{clock}_sum"] / one
    middle, high = row[f"{clock}_quantiles"]
    found = {
        "n": n, "mean": total / n, "median": middle / one, "p90": high / one,
        "min": row[f"{clock}_min"] / one, "max": row[f"{clock}_max"] / one,
        "sum": total, "deviation": row[f"{clock}_deviation"],
    }  # fmt: skip
    if f"{clock}_bin0" in row:
        below = [int(row[f"{clock}_bin{n}"]) for n in range(len(bins))]
        counts = [b - a for a, b in zip([0, *below], [*below, n], strict=True)]
        limits: list[float | None] = [*map(float, bins), None]
        found["distribution"] = [
            {"up_to": limit, "n": c, "share": c / n}
            for limit, c in zip(limits, counts, strict=True)
        ]
    return found


def _occurrences(
    frame: Frame, figures: Mapping[str, Any], group: Mapping[str, Any]
) -> dict[str, Any]:
    """For hours of the day and weekdays: how often the slot occurs, and the mean a time (V3.1)."""
    timed = tuple(name for name in frame.by if name in TIMES)
    if not timed or len(timed) != len(frame.by) or frame.metric.shape() is not Count:
        return {}
    slots = _slots(frame.span, frame.clockwork, timed).get(tuple(group[n]["key"] for n in timed), 0)
    return {
        "slots": slots,
        "mean_per_slot": figures["value"] / slots
        if slots and figures["value"] is not None
        else None,
    }


@lru_cache(maxsize=64)
def _slots(span: Period, clockwork: Clockwork, timed: tuple[str, ...]) -> dict[Any, int]:
    """How often each hour, weekday or both occurs in a period."""
    _, rows = cells(span, None, clockwork)
    # An hour that a clock change repeats occurs twice.
    offset = rows["offset"] if "hour" in timed else np.zeros(len(rows["cell"]), np.int64)
    columns = [rows[name] for name in timed]
    seen = np.unique(np.column_stack([*columns, rows["day"], offset]), axis=0)
    slots, times = np.unique(seen[:, : len(timed)], axis=0, return_counts=True)
    return {tuple(slot): count for slot, count in zip(slots.tolist(), times.tolist(), strict=True)}
