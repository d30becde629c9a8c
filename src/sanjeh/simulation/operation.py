"""One simulated operation: its records, its truth, and the way into a ledger."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa

from sanjeh.ledger import Appended, Ledger
from sanjeh.simulation.arrivals import arrivals
from sanjeh.simulation.contacts import draw_pool
from sanjeh.simulation.conversations import conversations as conversation_records
from sanjeh.simulation.conversations import parts
from sanjeh.simulation.customers import customers, people
from sanjeh.simulation.floor import Floor
from sanjeh.simulation.happened import Happened
from sanjeh.simulation.presence import presence
from sanjeh.simulation.probabilities import Probabilities
from sanjeh.simulation.shops import SHOPS
from sanjeh.simulation.staff import hire
from sanjeh.simulation.surroundings import surroundings
from sanjeh.simulation.talk import Talk, messages, talk
from sanjeh.simulation.tickets import tickets
from sanjeh.simulation.timeline import Timeline
from sanjeh.simulation.truth import truth
from sanjeh.simulation.voice import Opinions, opinions, surveys, tags
from sanjeh.simulation.web import sales, visits, web

Locale = Literal["en", "fa", "ru"]
SOURCE: Final = "simulation"
TRUTH_FILE: Final = "simulation-truth.json"
# Conversation records for each first contact: returns, redials, thanks, our mails about chats.
RECORDS_A_CONTACT: Final = 1.22
CONTACTS_A_CUSTOMER: Final = 3.0
CHANCES: Final = Probabilities()
Progress = Callable[[float, str], None]


class SimulationError(ValueError):
    """The operation asked for cannot be simulated; says what was given and what to give."""


@dataclass(frozen=True)
class Operation:
    """Records of every kind as tables for the ledger, and what is true of them.

    Every person, company and order in it is made up.
    """

    locale: str
    tables: Mapping[str, pa.Table]
    truth: dict[str, Any]

    @property
    def is_synthetic(self) -> bool:
        """Always."""
        return True


@dataclass(frozen=True)
class Written:
    """What `write` did: counts by kind, and where the truth lies."""

    batch: int
    counts: Mapping[str, Appended]
    truth: Path


def simulate(
    locale: Locale,
    *,
    days: int = 365,
    until: dt.date,
    seed: int = 1,
    conversations: int = 60_000,
    chances: Probabilities = CHANCES,
) -> Operation:
    """Simulate the shop of a language over the days before `until` (that day not included).

    conversations: about how many conversation records, anomalies aside. The same arguments give
    the same tables, byte for byte (for one version of NumPy).
    Errors: SimulationError for a language without a shop, or fewer than 14 days or 100
    conversations.
    """
    if locale not in SHOPS:
        raise SimulationError(
            f"there is no shop that speaks {locale!r}; give one of {', '.join(sorted(SHOPS))}"
        )
    if days < 14 or conversations < 100:
        raise SimulationError(
            f"{days} days with {conversations} conversations were asked for; "
            "give at least 14 days and 100 conversations"
        )
    timeline = Timeline(SHOPS[locale], until - dt.timedelta(days=days), until)
    coming = arrivals(timeline, chances, conversations / RECORDS_A_CONTACT, seed)
    staff = hire(timeline, chances, coming, seed)
    people_count = max(20, int(conversations / CONTACTS_A_CUSTOMER))
    pool = draw_pool(chances, coming, people_count, seed)
    log = Floor(timeline, chances, coming, staff, pool).run()
    happened = Happened(timeline, chances, staff, pool, log, seed)
    said, thought, sold = talk(happened), opinions(happened), sales(happened)
    return Operation(
        locale,
        dict(_tables(happened, said, thought)),
        truth(happened, coming, said, thought, sold, conversations=conversations),
    )


def _tables(h: Happened, said: Talk, thought: Opinions) -> Iterator[tuple[str, pa.Table]]:
    who = customers(h)
    yield from surroundings(h)
    yield from people(h, who)
    yield from presence(h)
    yield "conversation", conversation_records(h, who)
    yield from parts(h)
    yield "message", messages(h, said)
    yield from tickets(h, who)
    yield from surveys(h, who, thought)
    yield "tag_event", tags(h)
    yield from web(h, visits(h), sales(h))


def write(
    operation: Operation, ledger: Ledger, *, progress: Progress = lambda share, what: None
) -> Written:
    """Append the operation to a ledger in one batch, and lay its truth beside the records.

    progress: told the share of the rows that are appended, and of which kind they are.
    Writing the same operation again changes nothing.
    """
    counts: dict[str, Appended] = {}
    with ledger.importing(SOURCE, origin=f"simulation {operation.locale}") as batch:
        rows, of = 0, sum(table.num_rows for table in operation.tables.values())
        for kind, table in operation.tables.items():
            progress(rows / of, kind)
            if table.num_rows:
                counts[kind] = batch.append(kind, table)
            rows += table.num_rows
    path = ledger.path / TRUTH_FILE
    path.write_text(
        json.dumps(operation.truth, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8"
    )
    return Written(batch.number, counts, path)
