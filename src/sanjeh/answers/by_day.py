"""Counts that add up, kept by day for one generation: a period is the difference of two sums.

Which statements do is told by their form (`engines/adding.py`). A filter asked once costs a look at
its period only. Once the periods that were looked at are together as long as the record, it is
counted by day over the whole record, and from then on a period, a week or a month of it costs
nothing to speak of.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from sanjeh.answers.coding import coded

Rows = list[dict[str, Any]]
DAY = "day"
LARGEST = 4_000_000  # counts that one statement may keep
AFTER = 1.0  # of the record's length: what is looked through before it is counted by day


@dataclass(frozen=True)
class Days:
    """Sums of counts from the first day on: of every group, at the beginning of every day.

    edges: the instants at which days begin, and where the last ends. keys: of each group, what it
    is grouped by. counts: names of the counts. from_start: whether a period counts from its start.
    """

    edges: tuple[int, ...]
    names: tuple[str, ...]
    keys: tuple[tuple[Any, ...], ...]
    counts: tuple[str, ...]
    sums: np.ndarray[Any, Any]
    from_start: bool

    @property
    def size(self) -> int:
        """How many numbers it keeps."""
        return int(self.sums.size)

    def rows(self, start: int, end: int) -> Rows | None:
        """The groups of a period as the statement gives them; None where a day is cut."""
        first = self._edge(start) if self.from_start else 0
        last = self._edge(end)
        if first is None or last is None or (last == 0 and not self.from_start):
            return None
        found = self.sums[last] - self.sums[first]
        there = found.any(axis=1) if self.names else np.ones(len(found), bool)
        return [
            dict(zip((*self.names, *self.counts), (*self.keys[n], *found[n].tolist()), strict=True))
            for n in np.flatnonzero(there).tolist()
        ]

    def _edge(self, instant: int) -> int | None:
        place = bisect_left(self.edges, instant)
        return place if place < len(self.edges) and self.edges[place] == instant else None


def days_of(
    pieces: Sequence[pa.Table], edges: Sequence[int], counts: Sequence[str], from_start: bool
) -> Days | None:
    """The sums of a statement's rows by day; None where they are too many to be kept."""
    found = pa.concat_tables(pieces)
    codes, names, keys = coded(found, (DAY, *counts))
    groups, place = np.unique(codes, return_inverse=True)
    if not names:
        groups = np.zeros(1, np.int64)
    if len(edges) * len(groups) * len(counts) > LARGEST:
        return None
    # What lies before the first day belongs to every period that has no start.
    day = np.nan_to_num(found[DAY].to_numpy()).astype(np.int64)
    sums = np.zeros((len(edges), len(groups), len(counts)), np.int64)
    for n, name in enumerate(counts):
        number: Any = found[name]
        np.add.at(sums[:, :, n], (day + 1, place), number.fill_null(0).to_numpy())
    known = tuple(keys(int(group)) for group in groups)
    return Days(tuple(edges), tuple(names), known, tuple(counts), sums.cumsum(axis=0), from_start)
