"""Every metric, declared by being imported here."""

from __future__ import annotations

from sanjeh.metrics import (  # noqa: F401
    agent_time,
    canned,
    customers,
    feedback,
    first_contact,
    handling,
    lifecycle,
    loyalty,
    messages,
    missed,
    rated_replies,
    relations,
    remaining,
    resolution,
    response,
    sales,
    satisfaction,
    tags,
    visits,
    volume,
    workload,
)
from sanjeh.metrics.registry import METRICS

__all__ = ["METRICS"]
