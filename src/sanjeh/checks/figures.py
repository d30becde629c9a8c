"""What a helpdesk counted itself, ours beside it, and whether the two agree. Pure.

A vendor writes its figures in its own unit: whole minutes, whole seconds. Two durations that are
less than one such unit apart agree within rounding; counts and scores agree or do not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sanjeh.answers.per_target import Row
from sanjeh.answers.working import plain

EXACT, ROUNDED, DIFFERS = "exact", "rounded", "differs"
INCOMPLETE, WITHOUT_HOURS = "incomplete", "without hours"  # neither agrees nor differs
NEAR = dt.timedelta(seconds=60)  # two instants of one reply, where the vendor tells minutes
SECONDS = {"minutes": 60.0, "seconds": 1.0}


@dataclass(frozen=True)
class Figure:
    """One figure of a vendor, as `vendor_figure` records hold it.

    target_id: `source/17`. value: in `unit`. complete: whether all that it was counted from has
    come in; null where nothing says so.
    """

    id: str
    source: str
    vendor: str
    target_kind: str
    target_id: str
    measure: str
    value: float
    unit: str
    clock: str | None = None
    from_at: dt.datetime | None = None
    to_at: dt.datetime | None = None
    complete: bool | None = None

    @property
    def short(self) -> str:
        """The target's id as its source has it."""
        return plain(self.target_id) or self.target_id

    @property
    def is_duration(self) -> bool:
        """Whether it is a time, in seconds or minutes."""
        return self.unit in SECONDS

    @property
    def amount(self) -> float:
        """The value; of a duration in seconds."""
        return self.value * SECONDS.get(self.unit, 1.0)

    @property
    def rounding(self) -> float:
        """How far from it a figure that was not rounded can lie, in seconds; below it."""
        return SECONDS.get(self.unit, 0.0)

    def is_near(self, amount: float | None) -> bool:
        """Whether an amount of ours is this one, but for rounding."""
        if amount is None:
            return False
        away = abs(amount - self.amount)
        return away < self.rounding if self.is_duration else away < 1e-9


@dataclass(frozen=True)
class Held:
    """A vendor's figure with ours. ours: in seconds, a count or a score; null where we have none.

    row: the row of ours it was held against. reason: why we leave it out, where we do. standing:
    exact, rounded (within the vendor's rounding), differs; or not judged: incomplete (its history
    is), without hours (a figure in open hours, where we know of none).
    """

    figure: Figure
    ours: float | None
    row: Row | None
    reason: str | None
    standing: str


def held(figures: Iterable[Figure], rows: Sequence[Row], also: Sequence[Row] = ()) -> list[Held]:
    """The figures of one target, measure and clock, each with the row of ours that it is of.

    rows: ours. also: others in which one may stand: a vendor counts the first reply among all.
    """
    found = []
    used: set[int] = set()
    for figure in sorted(figures, key=lambda f: (f.to_at is not None, f.to_at or 0, f.id)):
        if figure.unit == "count":
            counted = sum(row.is_counted for row in rows)
            found.append(_judged(figure, float(counted), None, None))
            continue
        at = _row_of(figure, rows, used, one_of_many=len(rows) > 1 or bool(also))
        row = None if at is None else rows[at]
        if at is not None:
            used.add(at)
        elif figure.to_at is not None:
            row = next((r for r in also if r.to_at and abs(r.to_at - figure.to_at) <= NEAR), None)
        if row is None or not row.is_counted:
            reason = row.reason if row is not None else next((r.reason for r in rows), None)
            found.append(_judged(figure, None, row, reason))
        else:
            found.append(_judged(figure, amount_of(row, figure), row, None))
    return found


def amount_of(row: Row, figure: Figure) -> float | None:
    """The row's own amount on the figure's clock."""
    if not figure.is_duration:
        return row.value
    return row.open_seconds if figure.clock == "business" else row.seconds


def _row_of(
    figure: Figure, rows: Sequence[Row], used: set[int], *, one_of_many: bool
) -> int | None:
    """Which row a figure is of: the one that ended at its instant, else the first counted."""
    free = [n for n in range(len(rows)) if n not in used]
    if one_of_many and figure.to_at is not None:
        away = {n: abs(at - figure.to_at) for n in free if (at := rows[n].to_at) is not None}
        nearest = min(away, key=lambda n: away[n], default=None)
        return nearest if nearest is not None and away[nearest] <= NEAR else None
    if figure.unit == "score":
        free.reverse()  # of several ratings the last
    return next((n for n in free if rows[n].is_counted), next(iter(free), None))


def _judged(figure: Figure, ours: float | None, row: Row | None, reason: str | None) -> Held:
    if not figure.complete:
        standing = INCOMPLETE
    elif ours is None and reason is None and row is not None and figure.clock == "business":
        standing = WITHOUT_HOURS
    elif ours is not None and abs(ours - figure.amount) < 1e-6:
        standing = EXACT
    elif figure.is_near(ours):
        standing = ROUNDED
    else:
        standing = DIFFERS
    return Held(figure, ours, row, reason, standing)
