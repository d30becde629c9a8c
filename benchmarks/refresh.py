"""A thousand conversations change: seconds until the facts know.

Each gets a new message of its customer and a new status of its ticket, in one import; what is
timed is the refresh that follows. The home is changed by it: every run picks others.

    python benchmarks/refresh.py HOME --conversations 1000 --runs 3
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from pathlib import Path

import pyarrow as pa
from generate import SOURCE

from sanjeh.engines.duck import DuckEngine
from sanjeh.facts.generations import Facts
from sanjeh.ledger import Ledger


def change(ledger: Ledger, chosen: list[tuple[str, str | None, int]], run: str) -> None:
    """Append a message to each conversation, and a solve to its ticket."""
    at = pa.array([last + 60_000_000 for _, _, last in chosen], pa.timestamp("us", "UTC"))
    ids = [conversation.partition("/")[2] for conversation, _, _ in chosen]
    messages = pa.table(
        {
            "id": [f"{i}-{run}" for i in ids],
            "conversation_id": ids,
            "at": at,
            "author_type": ["customer"] * len(ids),
            "author_id": ["u1"] * len(ids),
        }
    )
    held = [(n, t.partition("/")[2]) for n, (_, t, _) in enumerate(chosen) if t is not None]
    events = pa.table(
        {
            "id": [f"{t}-{run}" for _, t in held],
            "ticket_id": [t for _, t in held],
            "at": at.take(pa.array([n for n, _ in held])),
            "type": ["status_changed"] * len(held),
            "to": ["solved"] * len(held),
            "actor_type": ["agent"] * len(held),
            "actor_id": ["g1"] * len(held),
        }
    )
    with ledger.importing(SOURCE, origin="benchmarks/refresh.py") as batch:
        batch.append("message", messages)
        batch.append("ticket_event", events)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    ledger, facts = Ledger(given.home), Facts(given.home, DuckEngine)
    current = facts.refresh(ledger)
    for _ in range(given.runs):
        engine = DuckEngine(current.path, read_only=True, base=current.base)
        known = engine.sql.execute(
            "SELECT conversation_id, ticket_id, coalesce(ended_at, started_at) "
            "FROM conversations WHERE part = 0"
        ).fetchall()
        engine.close()
        run = f"{time.time_ns():x}"
        dice = random.Random(run)
        started = time.perf_counter()
        change(ledger, dice.sample(known, given.conversations), run)
        imported = time.perf_counter()
        busy = time.process_time()
        current = facts.refresh(ledger)
        done = time.perf_counter()
        print(
            f"import {imported - started:.1f} s, {current.how} refresh {done - imported:.1f} s "
            f"(processor {time.process_time() - busy:.1f} s) of {current.touched_conversations} "
            f"conversations and {current.touched_tickets} tickets"
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
