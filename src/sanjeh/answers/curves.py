"""The share of waits answered by each time (7.5), from how many ended at each.

Aalen and Johansen's cumulative incidence, worked out at every instant at which a wait ended: at a
tie, ends come before open waits. In order of time it is four running sums, which a database that is
asked for windows over windows spends most of a page on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from sanjeh.answers.coding import coded
from sanjeh.answers.plan import WAITS

Rows = list[dict[str, Any]]
COUNTS = ("waited", "answered", "ended", "here")


def curves(waits: pa.Table) -> Rows:
    """A row for each group and bucket, out of the rows of `plan.waits_expression`.

    Columns `by<n>` (the share answered by each of WAITS), `half` (microseconds at which it reaches
    one half; None where it does not), `longest` (microseconds of the longest wait) and `left`
    (share neither answered nor ended after it).
    """
    if not waits.num_rows:
        return []
    codes, names, keys = coded(waits, COUNTS)
    waited, answered, ended, here = (waits[name].to_numpy() for name in COUNTS)
    order = np.lexsort((waited, codes))
    groups, begins = np.unique(codes[order], return_index=True)
    return [
        dict(zip(names, keys(int(group)), strict=True))
        | _curve(waited[part], answered[part], ended[part], here[part])
        for group, part in zip(groups, np.split(order, begins[1:]), strict=True)
    ]


def _curve(waited: Any, answered: Any, ended: Any, here: Any) -> dict[str, Any]:
    """The curve of one group, its times in order."""
    at_risk = here[::-1].cumsum()[::-1]
    goes_on = ended < at_risk
    factor = np.where(goes_on, 1.0 - ended / at_risk, 1.0)
    log_left = np.log(factor)
    log_past = log_left.cumsum()
    incidence = (np.exp(log_past - log_left) * answered / at_risk).cumsum()
    by = np.searchsorted(waited, [limit * 1_000_000 for limit in WAITS], side="right")
    half = np.flatnonzero(incidence >= 0.5 - 1e-12)
    found: dict[str, Any] = {
        f"by{n}": float(incidence[place - 1]) if place else 0.0 for n, place in enumerate(by)
    }
    return found | {
        "half": int(waited[half[0]]) if len(half) else None,
        "longest": int(waited[-1]),
        "left": float(np.where(goes_on, np.exp(log_past), 0.0).min()),
    }
