"""From grouped rows to results: empty buckets filled, exclusions gathered, labels put on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sanjeh.answers.intervals import student, wilson
from sanjeh.answers.periods import CELL, Bucket, Clockwork, Period, cells, moment
from sanjeh.answers.plan import BINS
from sanjeh.answers.question import Result
from sanjeh.metrics.registry import Address, Count, Metric, Net, Share

TIMES = ("hour", "weekday")
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
    labels: Labels,
) -> list[Result]:  # fmt: skip
    """One result for each group and bucket in a steady order; the whole where there is none."""
    width = len(frame.by)
    grouped: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        group = tuple(row[f"d{n}"] for n in range(width))
        grouped[(group, row["bucket"] if frame.buckets else None)].append(row)
    waiting = {tuple(row[f"d{n}"] for n in range(width)): row["pending_count"] for row in pending}
    groups = list(dict.fromkeys([*(g for g, _ in grouped), *waiting]))
    if not width:
        groups = [()]
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
    if shape is Net:
        value = int((counted or {}).get("net") or 0)
        return figures | {"value": value, "n": n, "numerator": value}
    if shape is Share:
        whole = counted.get("distinct_count", n) if counted else 0
        part = counted["part_count"] if counted else 0
        return figures | {
            "value": part / whole if whole else None, "n": whole, "numerator": part,
            "denominator": whole, "interval": wilson(part, whole),
            "why_null": None if whole else "no rows to count",
        }  # fmt: skip
    return figures | _duration(address, counted, excluded)


def _duration(
    address: Address, row: dict[str, Any] | None, excluded: dict[str, int]
) -> dict[str, Any]:
    spreads = {
        c: _spread(row, c) for c in ("calendar", "open") if row is not None and row.get(f"{c}_n")
    }
    chosen = spreads.get(address.clock)
    if chosen is None or row is None:
        why = "no rows to count" if row is None else "no open hours are set for these rows"
        return {"why_null": why, "statistics": spreads.get("calendar", {})}
    n = chosen["n"]
    if row["row_count"] > n:
        excluded = excluded | {"no open hours are set": row["row_count"] - n}
    statistics = dict(chosen)
    if "open" in spreads and address.clock == "calendar":
        statistics["open"] = {k: v for k, v in spreads["open"].items() if k != "deviation"}
    with_interval = address.statistic == "mean" and chosen["deviation"] is not None
    return {
        "value": chosen.get(address.statistic), "n": n, "numerator": chosen["sum"],
        "denominator": n, "statistics": statistics, "excluded": excluded,
        "interval": student(chosen["mean"], chosen["deviation"], n) if with_interval else None,
    }  # fmt: skip


def _spread(row: dict[str, Any], clock: str) -> dict[str, Any]:
    n = row[f"{clock}_n"]
    total = row[f"{clock}_sum"] / 1_000_000
    middle, high = row[f"{clock}_quantiles"]
    found = {
        "n": n, "mean": total / n, "median": middle / 1_000_000, "p90": high / 1_000_000,
        "min": row[f"{clock}_min"] / 1_000_000, "max": row[f"{clock}_max"] / 1_000_000,
        "sum": total, "deviation": row[f"{clock}_deviation"],
    }  # fmt: skip
    if f"{clock}_le{BINS[0]}" in row:
        below = [int(row[f"{clock}_le{b}"]) for b in BINS]
        counts = [b - a for a, b in zip([0, *below], [*below, n], strict=True)]
        limits: list[float | None] = [*map(float, BINS), None]
        found["distribution"] = [
            {"up_to": limit, "n": c, "share": c / n}
            for limit, c in zip(limits, counts, strict=True)
        ]
    return found


def _occurrences(
    frame: Frame, figures: Mapping[str, Any], group: Mapping[str, Any]
) -> dict[str, Any]:
    """For hours of the day and weekdays: how often the slot occurs, and the mean a time (V3.1)."""
    timed = [name for name in frame.by if name in TIMES]
    if not timed or len(timed) != len(frame.by) or frame.metric.shape() is not Count:
        return {}
    _, rows = cells(frame.span, None, frame.clockwork)
    keys = [group[name]["key"] for name in timed]
    seen = set()
    for cell, hour, weekday in zip(rows["cell"], rows["hour"], rows["weekday"], strict=True):
        if all(
            k == (hour if name == "hour" else weekday) for k, name in zip(keys, timed, strict=True)
        ):
            local = frame.clockwork.local(cell * CELL)
            # An hour that a clock change repeats occurs twice.
            seen.add((local.date(), (hour, local.utcoffset()) if "hour" in timed else None))
    slots = len(seen)
    return {
        "slots": slots,
        "mean_per_slot": figures["value"] / slots
        if slots and figures["value"] is not None
        else None,
    }
