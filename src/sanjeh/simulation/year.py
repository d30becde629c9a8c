"""The year that everybody sees: the same shop, days and seed, so that figures can be compared."""

from __future__ import annotations

import datetime as dt
from typing import cast

from sanjeh.ledger import Ledger
from sanjeh.simulation.operation import Locale, Progress, simulate, write

UNTIL = dt.date(2026, 11, 1)
SEED = 1


def origin_of(locale: str) -> str:
    """What the ledger calls the import of a language's year."""
    return f"simulation {locale}"


def has_year(ledger: Ledger, locale: str) -> bool:
    """Whether the year was made already."""
    return any(batch.origin == origin_of(locale) for batch in ledger.batches())


def make_year(ledger: Ledger, locale: str, progress: Progress) -> None:
    """Make the year of a language's shop in one import, all of it or nothing."""
    progress(0.05, "simulating")
    operation = simulate(cast(Locale, locale), until=UNTIL, seed=SEED)
    progress(0.3, "writing")
    write(operation, ledger, progress=lambda share, what: progress(0.3 + 0.7 * share, what))
