"""Every metric, declared by being imported here."""

from __future__ import annotations

from sanjeh.metrics import customers, lifecycle, resolution, volume  # noqa: F401
from sanjeh.metrics.registry import METRICS

__all__ = ["METRICS"]
