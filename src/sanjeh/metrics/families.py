"""Families of figures, told from the catalogue: a metric declared later appears by itself."""

from __future__ import annotations

import re

from sanjeh.metrics.catalogue import METRICS
from sanjeh.metrics.registry import Metric

# In the order of a manager's questions; the letters are the requirements' families.
FAMILIES: dict[str, str] = {
    "volume": "VZ", "response": "R", "missed": "M", "lifecycle": "L", "handling": "T",
    "first-contact": "F", "satisfaction": "S", "loyalty": "N", "effort": "E", "messages": "P",
    "tags": "G", "canned": "C", "sales": "XW", "agents": "DU", "customers": "QO", "other": "",
}  # fmt: skip
_BY_LETTER = {letter: family for family, letters in FAMILIES.items() for letter in letters}
_REQUIREMENT = re.compile(r"([A-Z])\d")


def family_of(metric: Metric) -> str:
    """The family of the first requirement that a metric serves and that belongs to one."""
    for served in metric.serves:
        found = _REQUIREMENT.match(served)
        if found and found[1] in _BY_LETTER:
            return _BY_LETTER[found[1]]
    return "other"


def members(family: str) -> list[Metric]:
    """The metrics of a family in the order of the catalogue."""
    return [m for m in METRICS.values() if family_of(m) == family]


def known() -> list[str]:
    """Families that have metrics."""
    return [f for f in FAMILIES if members(f)]
