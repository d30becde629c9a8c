"""Records of presence: planned shifts, and what agents' status really was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from sanjeh.simulation.columns import Floats, Ints, chosen, identifiers
from sanjeh.simulation.happened import Happened

STATUSES: Final = ("available", "break", "away", "training", "offline")
LONGEST_OVERTIME: Final = 2 * 3600.0


def presence(h: Happened) -> Iterator[tuple[str, pa.Table]]:
    """The records `shift` and `agent_status_event`."""
    planned = [shift for shift in h.staff.shifts if shift.start <= h.clock.cut]
    agent = np.array([shift.agent for shift in planned], dtype=np.int64)
    start = np.array([shift.start for shift in planned])
    end = np.array([shift.end for shift in planned])
    kinds = ("day", "night", "weekend", "holiday")
    yield (
        "shift",
        pa.table(
            {
                "id": identifiers("sh", np.arange(len(planned)), 6),
                "agent_id": identifiers("ag", agent, 2),
                "start": h.clock.instants(start),
                "end": h.clock.planned(end),
                "kind": chosen([kinds.index(shift.kind) for shift in planned], kinds),
            }
        ),
    )
    login = np.array([shift.login for shift in planned])
    leaves = logouts(h, agent, login, end)
    rows = [
        event
        for shift, leave in zip(planned, leaves.tolist(), strict=True)
        for event in (
            (shift.agent, shift.login, 0),
            *(
                change
                for begins, until, status in shift.pauses
                for change in (
                    (shift.agent, begins, STATUSES.index(status)),
                    (shift.agent, until, 0),
                )
            ),
            (shift.agent, leave, 4),
        )
        if event[1] <= h.clock.cut
    ]
    yield (
        "agent_status_event",
        pa.table(
            {
                "agent_id": identifiers("ag", [row[0] for row in rows], 2),
                "at": h.clock.instants(np.array([row[1] for row in rows])),
                "status": chosen([row[2] for row in rows], STATUSES),
            }
        ),
    )


def logouts(h: Happened, agent: Ints, login: Floats, end: Floats) -> Floats:
    """When each shift was really left: at its end, or when the last work of it was done."""
    leaves = end.copy()
    s = h.stretches
    done = s.left + s.wrapup
    for number in np.unique(agent):
        mine = np.flatnonzero(agent == number)
        work = (s.agent == number) & ~np.isnan(s.accepted)
        shift = np.searchsorted(login[mine], s.offered[work], side="right") - 1
        late = np.minimum(done[work], end[mine][shift] + LONGEST_OVERTIME)
        here = (shift >= 0) & (s.offered[work] <= end[mine][shift])
        np.maximum.at(leaves, mine[shift[here]], late[here])
    return leaves
