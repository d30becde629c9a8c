"""Until when the data run (7.1), and what in them has no instant or a future one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from sanjeh.facts.inputs import is_recorded, records
from sanjeh.ledger import KINDS

if TYPE_CHECKING:
    from sanjeh.ledger import Snapshot

SCHEMA = pa.schema(
    [(n, pa.int64()) for n in ("undated_tickets", "future_records")]
    + [("source", pa.string())]
    + [(n, pa.int64()) for n in ("oldest_at", "newest_at", "imported_at")]
)
CLOCKED = ("ticket_event", "message", "ticket", "conversation", "survey_response", "call")


Row = dict[str, Any]


def freshness(
    engine: Any, snapshot: Snapshot, before: Sequence[Row] = (), until: int | None = None
) -> pa.Table:
    """Per source the newest event that is not after its import (7.1), and the import itself.

    until: of the record as it stood then, in which what came later is not there at all.

    before: the rows of the refresh before this one, from which only what lies outside their bounds
    is looked for; where a bound itself was superseded since, everything is looked through again.
    """
    imported = {s.source: int(s.imported_at.timestamp() * 1_000_000) for s in snapshot.sources}
    known = {row["source"]: (row["oldest_at"], row["newest_at"]) for row in before}
    rows = []
    for source, limit in sorted(imported.items()):
        bounds = known.get(source, (None, None))
        low, high, future = _ends(engine, snapshot, source, limit, until, *bounds)
        if None in (low, high) and bounds != (None, None):
            low, high, future = _ends(engine, snapshot, source, limit, until, None, None)
        rows.append(
            {
                "undated_tickets": _undated(engine, snapshot, source), "future_records": future,
                "source": source, "oldest_at": low, "newest_at": high, "imported_at": limit,
            }
        )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _ends(
    engine: Any, snapshot: Snapshot, source: str, limit: int, until: int | None, low: int | None,
    high: int | None,
) -> tuple[int | None, int | None, int]:  # fmt: skip
    """First and last instant of what is visible and not after the limit; how many are after it.

    low, high: only rows at or before the one, and at or after the other, are looked through.
    """
    arms = []
    for kind in CLOCKED:
        at = KINDS[kind].at
        if at is None or not is_recorded(snapshot, kind):
            continue
        # Apart, not with OR: each is answered from the few files whose statistics allow it.
        for bound in (f"<= make_timestamptz({low})", f">= make_timestamptz({high})"):
            condition = f'"{at}" {"IS NOT NULL" if None in (low, high) else bound}'
            rows = engine.visible(snapshot, KINDS[kind], condition)
            arms.append(f'SELECT "{at}" AS instant FROM ({rows}) WHERE source = ?')
            if None in (low, high):
                break
    if not arms:
        return None, None, 0
    found: tuple[int | None, int | None, int] = engine.sql.execute(
        f"SELECT min(instant) FILTER (instant <= {limit}), max(instant) FILTER "
        f"(instant <= {limit}), count(*) FILTER (instant > {limit}) "
        f"FROM ({' UNION ALL '.join(arms)}){'' if until is None else f' WHERE instant <= {until}'}",
        [source] * len(arms),
    ).fetchone()
    first, last, future = found
    if low is None or high is None:
        return first, last, future
    first = first if first is not None and first <= low else None
    last = last if last is not None and last >= high else None
    return first, last, future


def _undated(engine: Any, snapshot: Snapshot, source: str) -> int:
    rows = engine.visible(snapshot, KINDS["ticket"], "created_at IS NULL")
    found: tuple[int] = engine.sql.execute(
        f"SELECT count(*) FROM ({rows}) WHERE source = ?", [source]
    ).fetchone()
    return found[0]


def stamp(
    engine: Any, snapshot: Snapshot, ledger: Mapping[str, ibis.Table], before: Sequence[Row] = (),
    until: int | None = None,
) -> None:  # fmt: skip
    """Store freshness, settings and versions of calendars beside the facts.

    before: the freshness until now.
    """
    engine.load("freshness", freshness(engine, snapshot, before, until))
    settings = in_force(records(engine, ledger["settings"]))
    calendars = [
        {name: row[name] for name in ("id", "name", "valid_from", "version_at", "batch")}
        for row in records(engine, ledger["business_calendar"])
        if row["deleted_at"] is None
    ]
    # In an order of its own, so that a refresh and a rebuild say the same.
    calendars.sort(key=lambda c: (str(c["id"]), str(c["valid_from"]), c["version_at"] or 0))
    table = {"settings": [json.dumps(settings)], "calendars": [json.dumps(calendars)]}
    engine.load("settings", pa.table(table))


def in_force(rows: Sequence[Row]) -> Row:
    """The settings of the home: of several sources' the one changed last goes before, by field."""
    found: Row = {}
    for row in sorted(rows, key=lambda r: (r["version_at"] or 0, r["source"] or "")):
        if row["deleted_at"] is None:
            found |= {name: value for name, value in row.items() if value is not None}
    options = json.loads(found["options"]) if "options" in found else {}
    if isinstance(options, dict):
        found["options"] = {str(name): str(value) for name, value in options.items()}
    return found
