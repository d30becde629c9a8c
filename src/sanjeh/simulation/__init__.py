"""A support operation with known truth: demonstration, oracle, and generator for benchmarks.

    shops ─▶ timeline ─▶ arrivals ─▶ staff ─▶ contacts ─▶ floor + desk ─▶ log
                                                                          │
    tables for the ledger  ◀─ conversations, talk, tickets, voice, web ◀──┤
    truth beside them      ◀──────────────── truth ◀──────────────────────┘

Everybody in it is made up and named so. Contacts come as an inhomogeneous Poisson process, wait
for agents on shift, give up or are served, are handed over, come back and answer surveys, with
the chances of `probabilities`; all is decided by the seed.

May import `ledger` and `hours`; `cli`, tests and benchmarks may import it. To add a shop, see
`shops`; to add a kind of record, yield its table in `operation`.
"""

from __future__ import annotations

from sanjeh.simulation.operation import (
    SOURCE,
    TRUTH_FILE,
    Operation,
    SimulationError,
    Written,
    simulate,
    write,
)
from sanjeh.simulation.probabilities import Probabilities

__all__ = [
    "SOURCE",
    "TRUTH_FILE",
    "Operation",
    "Probabilities",
    "SimulationError",
    "Written",
    "simulate",
    "write",
]
