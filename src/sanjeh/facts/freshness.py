"""Until when the data run (7.1), and what in them has no instant or a future one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from sanjeh.facts.inputs import is_recorded, records
from sanjeh.ledger import KINDS

if TYPE_CHECKING:
    from sanjeh.ledger import Snapshot

CLOCKED = ("ticket_event", "message", "ticket", "conversation", "survey_response", "call")


def freshness(engine: Any, snapshot: Snapshot) -> pa.Table:
    """Per source the newest event that is not after its import (7.1), and the import itself."""
    imported = {s.source: int(s.imported_at.timestamp() * 1_000_000) for s in snapshot.sources}
    newest: dict[str, int] = {}
    oldest: dict[str, int] = {}
    future = dict.fromkeys(imported, 0)
    for kind in CLOCKED:
        at = KINDS[kind].at
        if at is None or not is_recorded(snapshot, kind):
            continue
        for source, limit in imported.items():
            for view in (f"raw_{kind}", f"ledger_{kind}"):
                low, high = engine.sql.execute(
                    f'SELECT min("{at}"), max("{at}") FROM {view} WHERE source = ? AND "{at}" <= ?',
                    [source, limit],
                ).fetchone()
                # Superseded rows are quicker left in, unless one of them is the very first or last.
                seen = engine.sql.execute(
                    f'SELECT count(DISTINCT "{at}") FROM ledger_{kind} '
                    f'WHERE source = ? AND "{at}" IN (?, ?)',
                    [source, low, high],
                ).fetchone()[0]
                if high is None or seen == len({low, high}):
                    break
            future[source] += engine.sql.execute(
                f'SELECT count(*) FROM ledger_{kind} WHERE "{at}" > ? AND source = ?',
                [limit, source],
            ).fetchone()[0]
            if high is not None:
                newest[source] = max(high, newest.get(source, high))
                oldest[source] = min(low, oldest.get(source, low))
    sources = sorted(imported)
    undated = dict(
        engine.sql.execute(
            "SELECT source, count(*) FROM ledger_ticket WHERE created_at IS NULL GROUP BY 1"
        ).fetchall()
    )
    return pa.table(
        {
            "undated_tickets": pa.array([undated.get(s, 0) for s in sources], pa.int64()),
            "future_records": pa.array([future[s] for s in sources], pa.int64()),
            "source": pa.array(sources, pa.string()),
            "oldest_at": pa.array([oldest.get(s) for s in sources], pa.int64()),
            "newest_at": pa.array([newest.get(s) for s in sources], pa.int64()),
            "imported_at": pa.array([imported[s] for s in sources], pa.int64()),
        }
    )


def stamp(engine: Any, snapshot: Snapshot, ledger: Mapping[str, ibis.Table]) -> None:
    """Store freshness and the settings beside the facts."""
    engine.load("freshness", freshness(engine, snapshot))
    settings = records(engine, ledger["settings"])
    engine.load("settings", pa.table({"settings": [json.dumps(settings[0] if settings else {})]}))
