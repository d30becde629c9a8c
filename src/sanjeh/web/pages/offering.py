"""The dimensions that make readable groups of a figure."""

from __future__ import annotations

from sanjeh.answers import dimensions
from sanjeh.metrics.registry import Metric
from sanjeh.web.pages.seen import Seen

ORDER = ("channel", "team", "agent", "topic", "priority", "hour", "weekday", "outcome")
ROWS = ("ticket", "conversation", "customer")


def offers(seen: Seen, metric: Metric) -> list[str]:
    """The dimensions a figure can be split by that make readable groups."""
    found = dimensions.offered(metric, lambda f: tuple(seen.tables[f].columns), seen.own)
    found = [d for d in found if d not in ROWS]
    return sorted(found, key=lambda d: ORDER.index(d) if d in ORDER else len(ORDER))
