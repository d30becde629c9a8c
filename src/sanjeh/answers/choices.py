"""Which options change a figure: those that it or its parts read, and those of every figure."""

from __future__ import annotations

from sanjeh.answers.dimensions import PARTS
from sanjeh.metrics.reading import options_read
from sanjeh.metrics.registry import METRICS, Duration, Metric

EVERY = ("benchmark.source", "target.tolerance", "small_n")


def options_of(metric: Metric) -> list[str]:
    """Options that change the metric's figure or how it is judged."""
    names = options_read(metric)
    measure = metric.shape()
    if metric.fact is None:
        measure_of = metric.outline()
        for part in PARTS:
            if hasattr(measure_of, part):
                names += options_of(METRICS[getattr(measure_of, part)])
    if metric.population in ("actionable", "requested"):
        names.append("noise")
    if metric.population == "requested":
        names.append("agent_started")
    if issubclass(measure, Duration):
        names.append("duration.headline")
    if getattr(metric.outline(), "under", None) == "agents_on_duty":
        names.append("agents.base")
    return list(dict.fromkeys([*names, *EVERY]))
