"""What facts are built from: the ledger with open hours, coverage, and as it was known earlier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from sanjeh.facts.places import known_channels
from sanjeh.hours import schedules_from_records
from sanjeh.hours.grids import CELL
from sanjeh.hours.grids import grid as open_hours_grid
from sanjeh.ledger import KINDS

if TYPE_CHECKING:
    from sanjeh.ledger import Snapshot

# Open hours are worked out between these instants; a date typed wrong must not cost a century.
EARLIEST, LATEST = 788_918_400_000_000, 2_556_144_000_000_000  # 1995 and 2051, UTC
AHEAD = 92 * 86_400_000_000  # worked out beyond the last instant, so that refreshes find it made
# The instants that open hours are worked out for.
INSTANTS = {
    "ticket": ("created_at", "resolved_at", "closed_at", "deleted_at"), "ticket_event": ("at",),
    "conversation": ("started_at", "requested_at", "queued_at", "ended_at"), "message": ("at",),
    "call": ("ring_at", "ended_at"),
}  # fmt: skip


def is_recorded(snapshot: Snapshot, kind: str) -> bool:
    """Whether any record of the kind was ever imported."""
    return bool(snapshot.files(kind)) or kind in snapshot.inbox


def with_coverage(
    engine: Any, snapshot: Snapshot, ledger: Mapping[str, ibis.Table]
) -> dict[str, ibis.Table]:
    """The ledger's tables, and which source records which kind; stored for asking, too."""
    words = pa.schema([("source", pa.string()), ("kind", pa.string())])
    engine.load("coverage", pa.table(coverage(engine, snapshot), schema=words))
    return {**ledger, "coverage": engine.table("coverage")}


def with_grid(
    engine: Any, ledger: Mapping[str, ibis.Table], raw: Mapping[str, ibis.Table] | None = None,
    *, made: bool = False,
) -> dict[str, ibis.Table]:  # fmt: skip
    """The ledger's tables with the well-known channels and, where calendars exist, open hours.

    raw: the same tables with superseded rows, which are quicker to look through. made: whether a
    table `open_grid` of the same calendars may stand there; it is kept where it reaches far enough.
    """
    tables = dict(ledger)
    if "coverage" not in tables:
        message = ledger["message"]
        tables["coverage"] = message.select("source", kind=ibis.literal("message")).distinct()
    engine.load("known_channels", known_channels())
    tables["known_channels"] = engine.table("known_channels")
    calendars = records(engine, ledger["business_calendar"])
    if not calendars:
        return tables
    found = []
    for kind, columns in INSTANTS.items():
        table = (raw or ledger)[kind]
        ends = {f"{c} {end}": getattr(table[c], end)() for c in columns for end in ("min", "max")}
        if kind == "ticket":  # a merge that has no event of its own is dated by its version
            merged = table.version_at.max(where=table.merged_into_id.notnull())
            ends["merged"] = merged
        found += engine.run(table.agg(**ends)).to_pylist()[0].values()
    found = [value for value in found if value is not None]
    if not found:
        return tables
    start, end = max(min(found), EARLIEST), min(max(found) + 1, LATEST)
    if not (made and _reaches(engine, start, end)):
        for calendar in calendars:
            since = calendar["valid_from"]
            calendar["valid_from"] = None if since is None else _instant(since)
        schedules = schedules_from_records(calendars, records(engine, ledger["holiday"]))
        ahead = max(end, min(end + AHEAD, LATEST))
        engine.load("open_grid", open_hours_grid(schedules, start, ahead))
    tables["open_grid"] = engine.table("open_grid")
    return tables


def _reaches(engine: Any, start: int, end: int) -> bool:
    """Whether a grid stands there, and has the cells of both instants."""
    if "open_grid" not in engine.tables():
        return False
    first, last = engine.sql.execute("SELECT min(cell), max(cell) FROM open_grid").fetchone()
    return first is not None and first <= start // CELL and end // CELL <= last


def rewound(
    ledger: Mapping[str, ibis.Table], events: ibis.Table, until: int
) -> dict[str, ibis.Table]:
    """The ledger without what had not happened yet: later instants are unknown.

    `events`: those of tickets of all time. A merge that one of them dates is known from then on;
    one that only the ticket's record tells, from that version of the record on.
    """
    known = dict(ledger)
    ticket = known["ticket"]
    merges = events.filter(events["type"] == "merged")
    merges = merges.group_by(merged_ticket="ticket_id").agg(merged_at=merges["at"].min())
    k = ticket.left_join(merges, ticket.id == merges.merged_ticket)
    told = ibis.coalesce(k.merged_at, k.version_at, ibis.literal(until)) <= until
    known["ticket"] = k.mutate(merged_into_id=ibis.cases((told, k.merged_into_id))).drop(
        "merged_ticket", "merged_at"
    )
    c = known["conversation"]
    begun = ibis.coalesce(c.started_at, c.requested_at, c.queued_at)
    known["conversation"] = c.filter(begun.isnull() | (begun <= until))
    for kind, columns in {
        "ticket": ("resolved_at", "closed_at", "deleted_at"),
        "conversation": ("ended_at", "human_requested_at", "deleted_at"),
        "call": ("answered_at", "ended_at"),
        "bot_session": ("ended_at", "handed_off_at"),
    }.items():
        table = known[kind]
        known[kind] = table.mutate(
            **{c: ibis.cases((table[c] <= until, table[c])) for c in columns if c in table.columns}
        )
    return known


def coverage(engine: Any, snapshot: Snapshot) -> dict[str, list[str]]:
    """Which source records which kind; a superseded record has a newer one of its source."""
    pairs = []
    for kind in KINDS:
        if is_recorded(snapshot, kind):
            rows = engine.sql.execute(f"SELECT DISTINCT source FROM raw_{kind}").fetchall()
            pairs += [(row[0] or "", kind) for row in rows]
    pairs.sort()
    return {"source": [p[0] for p in pairs], "kind": [p[1] for p in pairs]}


def records(engine: Any, table: ibis.Table) -> list[dict[str, Any]]:
    """All rows of a small table."""
    rows: list[dict[str, Any]] = engine.run(table).to_pylist()
    return rows


def _instant(microseconds: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=microseconds)
