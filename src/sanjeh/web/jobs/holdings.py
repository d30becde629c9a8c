"""What a home holds: records by source and kind, and the imports they came by."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sanjeh.engines.duck import DuckEngine
from sanjeh.home import Home
from sanjeh.ledger import KINDS
from sanjeh.ledger.snapshots import Committed
from sanjeh.web.jobs.models import Job, State

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Import:
    """One committed import. `who` is None where it did not come by the pages."""

    batch: Committed
    who: str | None
    added: int
    """Records that were not there before, of all kinds."""
    warnings: Counter[str]
    has_rejects: bool


def holdings(home: Home) -> Counts:
    """How many visible records of each kind each source has."""
    snapshot = home.ledger().snapshot()
    return _counted(home.path, snapshot.version, snapshot.erasures, bool(snapshot.inbox))


@lru_cache(maxsize=8)
def _counted(path: Path, version: int, erasures: int, live: bool) -> Counts:
    snapshot = Home(path).ledger().snapshot()
    found: Counts = {}
    with closing(DuckEngine()) as engine:
        engine.scan_ledger(snapshot, KINDS)
        for kind in KINDS:
            if not (snapshot.files(kind) or kind in snapshot.inbox):
                continue
            rows = engine.sql.execute(
                f'SELECT source, count(*) FROM "ledger_{kind}" GROUP BY source'
            ).fetchall()
            for source, n in rows:
                found.setdefault(source or "", {})[kind] = n
    return found


def imports(home: Home) -> list[Import]:
    """The imports of a home, the newest first."""
    jobs = Job.objects.filter(kind="import", state=State.DONE)
    whose = {(job.result or {}).get("batch"): job.who for job in jobs}
    found = []
    for batch in reversed(home.ledger().batches()):
        counts: dict[str, dict[str, int]] = json.loads(batch.counts)
        doubts: dict[str, dict[str, Any]] = json.loads(batch.warnings)
        warnings = Counter({why: int(doubt["count"]) for why, doubt in doubts.items()})
        added = sum(each.get("added", 0) for each in counts.values())
        rejects = (home.path / "rejects" / f"{batch.number}.jsonl").exists()
        found.append(Import(batch, whose.get(batch.number), added, warnings, rejects))
    return found
