"""Generations: all facts of one state of the ledger in one DuckDB file, swapped by a pointer.

A refresh copies the last generation, replaces the rows of what changed by key, and renames
the pointer; a reader sees the old or the new, never half. Incremental equals full, row for
row. What cannot be told apart by key (calendars, teams, channels, surveys, settings, an
erasure, a source that begins to record something new) builds everything again.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import ibis
import pyarrow as pa

from sanjeh.facts.building import FactTables
from sanjeh.facts.catalogue import FACTS
from sanjeh.facts.places import known_channels
from sanjeh.hours import schedules_from_records
from sanjeh.hours.grids import grid as open_hours_grid
from sanjeh.ledger import KINDS

if TYPE_CHECKING:
    from sanjeh.ledger import Ledger, Snapshot

FORMAT = 1  # raise when a fact's columns or meaning change: older generations are rebuilt
WHOLE_KINDS = (
    "business_calendar", "holiday", "team", "channel", "survey", "settings", "business_hours",
)  # fmt: skip
KEEP_SECONDS = 600
# Open hours are worked out between these instants; a date typed wrong must not cost a century.
EARLIEST, LATEST = 788_918_400_000_000, 2_556_144_000_000_000  # 1995 and 2051, UTC
# The instants that open hours are worked out for.
INSTANTS = {
    "ticket": ("created_at", "resolved_at", "closed_at", "deleted_at"), "ticket_event": ("at",),
    "conversation": ("started_at", "requested_at", "queued_at", "ended_at"), "message": ("at",),
    "call": ("ring_at", "ended_at"),
}  # fmt: skip
Progress = Callable[[float, str], None]


class Engine(Protocol):
    """What building facts needs of an engine."""

    sql: Any

    def run(self, expression: ibis.Table) -> pa.Table: ...
    def rows(self, sql: str) -> pa.Table: ...
    def compiled(self, expression: ibis.Table) -> str: ...
    def create(self, table: str, expression: ibis.Table, *, passing: bool = False) -> None: ...
    def create_as(self, table: str, statement: str, *, passing: bool = False) -> None: ...
    def statement(self, expression: ibis.Table) -> str: ...
    def insert(self, table: str, source: str) -> None: ...
    def load(self, table: str, rows: pa.Table) -> None: ...
    def table(self, table: str) -> ibis.Table: ...
    def tables(self) -> tuple[str, ...]: ...
    def drop(self, tables: Any) -> None: ...
    def close(self) -> None: ...
    def scan_ledger(self, snapshot: Any, kinds: Any, **options: Any) -> dict[str, ibis.Table]: ...


OpenEngine = Callable[..., Any]


@dataclass(frozen=True)
class Generation:
    """One built state of the facts."""

    path: Path
    version: int
    erasures: int
    until: int | None
    number: int
    how: str
    seconds: float
    touched_tickets: int
    touched_conversations: int


class Facts:
    """The facts of one home."""

    def __init__(self, home: Path, open_engine: OpenEngine) -> None:
        self.folder = home / "facts"
        self.open_engine = open_engine

    @staticmethod
    def over(engine: Any, ledger: Mapping[str, ibis.Table]) -> Mapping[str, ibis.Table]:
        """Facts over ledger tables, each built in the engine when it is first looked up."""
        return FactTables(engine, _with_grid(engine, ledger))

    def current(self) -> Generation | None:
        """The newest generation, or None where nothing was refreshed yet."""
        return self._read("CURRENT")

    def _read(self, pointer: str) -> Generation | None:
        try:
            state = json.loads((self.folder / pointer).read_text("utf-8"))
        except FileNotFoundError:
            return None
        if state.pop("format", None) != FORMAT:
            return None
        state["path"] = self.folder / state["path"]
        return Generation(**state) if state["path"].exists() else None

    def refresh(
        self, ledger: Ledger, *, full: bool = False, progress: Progress | None = None
    ) -> Generation:
        """Bring the facts up to the ledger's newest committed state."""
        say = progress or (lambda share, doing: None)
        self.folder.mkdir(parents=True, exist_ok=True)
        with _locked(self.folder / "lock"):
            snapshot = ledger.snapshot()
            last = self.current()
            same = last is not None and (last.version, last.erasures) == (
                snapshot.version, snapshot.erasures,
            )  # fmt: skip
            if last is not None and same and not full and not snapshot.inbox:
                say(1.0, "up to date")
                return last
            number = 1 + max(
                (_number(p) for p in self.folder.glob("generation-*.duckdb")), default=0
            )
            path = self.folder / f"generation-{number:06d}.duckdb"
            path.unlink(missing_ok=True)
            started = time.monotonic()
            try:
                how, tickets, talks = self._build(snapshot, last, path, full, say, None)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
            done = Generation(
                path, snapshot.version, snapshot.erasures, None, number, how,
                round(time.monotonic() - started, 3), tickets, talks,
            )  # fmt: skip
            self._point("CURRENT", done)
            self._sweep(done)
            say(1.0, "done")
            return done

    def as_of(self, ledger: Ledger, until: int, progress: Progress | None = None) -> Generation:
        """The facts of the record as it stood at an instant: only what had happened by then."""
        self.folder.mkdir(parents=True, exist_ok=True)
        say = progress or (lambda share, doing: None)
        with _locked(self.folder / "lock"):
            snapshot = ledger.snapshot()
            pointer = f"ASOF-{until}"
            last = self._read(pointer)
            if last and (last.version, last.erasures) == (snapshot.version, snapshot.erasures):
                return last
            path = self.folder / f"asof-{until}-{snapshot.version}-{os.getpid()}.duckdb"
            path.unlink(missing_ok=True)
            started = time.monotonic()
            self._build(snapshot, None, path, True, say, until)
            done = Generation(
                path, snapshot.version, snapshot.erasures, until, 0, "as of",
                round(time.monotonic() - started, 3), 0, 0,
            )  # fmt: skip
            self._point(pointer, done)
            return done

    # -- building --------------------------------------------------------------------------

    def _build(
        self, snapshot: Snapshot, last: Generation | None, path: Path, full: bool,
        say: Progress, until: int | None,
    ) -> tuple[str, int, int]:  # fmt: skip
        reuse = last is not None and not full and last.erasures == snapshot.erasures
        if reuse and last is not None:
            shutil.copyfile(last.path, path)
        engine = self.open_engine(path, spill=self.folder / "spill")
        try:
            if reuse and last is not None:
                touched = self._touched(engine, snapshot, last)
                if touched is not None:
                    self._replace(engine, snapshot, say)
                    return ("incremental", *touched)
                engine.close()
                path.unlink()
                engine = self.open_engine(path, spill=self.folder / "spill")
            ledger = engine.scan_ledger(snapshot, KINDS, until=until)
            raw = engine.scan_ledger(snapshot, KINDS, prefix="raw_", raw=True, until=until)
            if until is not None:
                ever = engine.scan_ledger(snapshot, KINDS, prefix="ever_")
                ledger = rewound(ledger, ever["ticket_event"], until)
            covered = _with_coverage(engine, snapshot, ledger)
            tables = FactTables(engine, _with_grid(engine, covered, raw))
            names = [f.name for f in FACTS.values() if f.kept]
            for at, name in enumerate(names):
                say(at / len(names), f"building {name}")
                tables.ensure(name)
            engine.drop(tables.temporary)
            self._finish(engine, snapshot, ledger)
            return "full", 0, 0
        finally:
            engine.sql.execute("CHECKPOINT")
            engine.close()

    def _touched(self, engine: Any, snapshot: Snapshot, last: Generation) -> tuple[int, int] | None:
        """Tables touched_ticket and touched_conversation; None where all must be built anew."""
        raw = engine.scan_ledger(snapshot, KINDS, prefix="raw_", raw=True)
        new = engine.sql.execute(
            f"SELECT DISTINCT kind FROM superseded WHERE by_batch > {last.version}"
        ).fetchall()
        replaced = {row[0] for row in new}
        changed: dict[str, str] = {}
        for kind in KINDS:
            view = f"raw_{kind}"
            condition = f"batch > {last.version}"
            if kind in replaced:
                condition += (
                    " OR id IN (SELECT id FROM superseded WHERE kind = "
                    f"'{kind}' AND by_batch > {last.version})"
                )
            if not snapshot.files(kind) and kind not in snapshot.inbox:
                continue
            if engine.sql.execute(f"SELECT 1 FROM {view} WHERE {condition} LIMIT 1").fetchone():
                changed[kind] = condition
        if any(kind in WHOLE_KINDS for kind in changed):
            return None
        if coverage(engine, snapshot) != _stored_coverage(engine):
            return None
        for target, kind in (("ticket", "ticket"), ("conversation", "conversation")):
            parts = []
            for name, condition in changed.items():
                column = "id" if name == kind else f"{target}_id"
                if column in raw[name].columns and (column != "id" or name == kind):
                    parts.append(f"SELECT {column} AS id FROM raw_{name} WHERE {condition}")
            body = " UNION ".join(parts) or "SELECT NULL::VARCHAR AS id WHERE false"
            engine.sql.execute(
                f"CREATE OR REPLACE TEMP TABLE touched_{target} AS "
                f"SELECT DISTINCT id FROM ({body}) WHERE id IS NOT NULL"
            )
        self._close_over(engine)
        sizes = [
            engine.sql.execute(f"SELECT count(*) FROM touched_{k}").fetchone()[0]
            for k in ("ticket", "conversation")
        ]
        return sizes[0], sizes[1]

    def _close_over(self, engine: Any) -> None:
        """A touched ticket touches its conversations, and a conversation its ticket.

        So do records that name both: an escalation in a conversation about another ticket.
        """
        links = "SELECT id AS conversation_id, ticket_id FROM raw_conversation" + "".join(
            f" UNION ALL SELECT conversation_id, ticket_id FROM raw_{kind.name}"
            for kind in KINDS.values()
            if {"ticket_id", "conversation_id"} <= set(kind.by_name)
        )
        while True:
            added = 0
            for target, other in (("ticket", "conversation"), ("conversation", "ticket")):
                before = engine.sql.execute(f"SELECT count(*) FROM touched_{target}").fetchone()[0]
                engine.sql.execute(
                    f"INSERT INTO touched_{target} SELECT DISTINCT {target}_id FROM ({links}) "
                    f"WHERE {other}_id IN (SELECT id FROM touched_{other}) "
                    f"AND {target}_id IS NOT NULL "
                    f"AND {target}_id NOT IN (SELECT id FROM touched_{target})"
                )
                after = engine.sql.execute(f"SELECT count(*) FROM touched_{target}").fetchone()[0]
                added += after - before
            if not added:
                return

    def _replace(self, engine: Any, snapshot: Snapshot, say: Progress) -> None:
        ledger = engine.scan_ledger(snapshot, KINDS)
        among = {}
        for kind, table in ledger.items():
            keys = [
                ("id" if target == kind else f"{target}_id", f"touched_{target}")
                for target in ("ticket", "conversation")
            ]
            mine = kind if kind in ("ticket", "conversation") else None
            among[kind] = [
                (column, touched)
                for column, touched in keys
                if column in table.columns and (mine is None or column == "id")
            ]
        among = {kind: pairs for kind, pairs in among.items() if pairs}
        narrow = dict(ledger)
        touched = engine.scan_ledger(snapshot, KINDS, prefix="touched_now_", among=among)
        for kind, table in touched.items():
            narrow[kind] = table
            if _is_recorded(snapshot, kind):  # once, since several facts read each
                engine.create(f"touched_{kind}s", table, passing=True)
                narrow[kind] = engine.table(f"touched_{kind}s")
        message, text = narrow["message"], ledger["text"]
        said = text.semi_join(message, [text.id == message.id, text.kind == "message"])
        engine.create("touched_texts", said, passing=True)
        narrow["text"] = engine.table("touched_texts")
        ledger = _with_coverage(engine, snapshot, ledger)
        tables = FactTables(engine, _with_grid(engine, {**ledger, **narrow}), "_new")
        whole = FactTables(engine, {**ledger, "known_channels": tables["known_channels"]})
        names = [f.name for f in FACTS.values() if f.kept]
        for fact in FACTS.values():  # small ones first, from the whole ledger
            if fact.scope == "whole":
                tables.stored[fact.name] = whole.ensure(fact.name)
        engine.sql.execute("BEGIN")
        for at, name in enumerate(names):
            fact = FACTS[name]
            say(at / len(names), f"renewing {name}")
            if fact.scope == "whole":
                continue
            fresh = tables.ensure(name)
            stored = set(engine.table(name).columns)
            for column, touched in (
                ("ticket_id", "touched_ticket"), ("conversation_id", "touched_conversation"),
            ):  # fmt: skip
                if column in stored:
                    engine.sql.execute(
                        f"DELETE FROM {name} WHERE {column} IN (SELECT id FROM {touched})"
                    )
            engine.insert(name, fresh)
        engine.drop(tables.temporary)
        engine.drop(whole.temporary)
        self._finish(engine, snapshot, ledger)
        engine.sql.execute("COMMIT")

    def _finish(self, engine: Any, snapshot: Snapshot, ledger: Mapping[str, ibis.Table]) -> None:
        engine.load("freshness", freshness(engine, snapshot))
        settings = _records(engine, ledger["settings"])
        engine.load(
            "settings", pa.table({"settings": [json.dumps(settings[0] if settings else {})]})
        )

    def _point(self, pointer: str, generation: Generation) -> None:
        state = {**generation.__dict__, "path": generation.path.name, "format": FORMAT}
        draft = self.folder / f"{pointer}.{os.getpid()}.draft"
        draft.write_text(json.dumps(state), "utf-8")
        os.replace(draft, self.folder / pointer)

    def _sweep(self, current: Generation) -> None:
        """Remove generations that nobody has pointed to for a while."""
        for old in self.folder.glob("generation-*.duckdb"):
            if old != current.path and time.time() - old.stat().st_mtime > KEEP_SECONDS:
                old.unlink(missing_ok=True)


def _is_recorded(snapshot: Snapshot, kind: str) -> bool:
    return bool(snapshot.files(kind)) or kind in snapshot.inbox


def _with_coverage(
    engine: Any, snapshot: Snapshot, ledger: Mapping[str, ibis.Table]
) -> dict[str, ibis.Table]:
    """The ledger's tables, and which source records which kind; stored for asking, too."""
    words = pa.schema([("source", pa.string()), ("kind", pa.string())])
    engine.load("coverage", pa.table(coverage(engine, snapshot), schema=words))
    return {**ledger, "coverage": engine.table("coverage")}


def _with_grid(
    engine: Any, ledger: Mapping[str, ibis.Table], raw: Mapping[str, ibis.Table] | None = None
) -> dict[str, ibis.Table]:
    """The ledger's tables with the well-known channels and, where calendars exist, open hours.

    raw: the same tables with superseded rows, which are quicker to look through.
    """
    tables = dict(ledger)
    if "coverage" not in tables:
        message = ledger["message"]
        tables["coverage"] = message.select("source", kind=ibis.literal("message")).distinct()
    engine.load("known_channels", known_channels())
    tables["known_channels"] = engine.table("known_channels")
    calendars = _records(engine, ledger["business_calendar"])
    if not calendars:
        return tables
    for calendar in calendars:
        since = calendar["valid_from"]
        calendar["valid_from"] = None if since is None else _instant(since)
    schedules = schedules_from_records(calendars, _records(engine, ledger["holiday"]))
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
    engine.load("open_grid", open_hours_grid(schedules, start, end))
    tables["open_grid"] = engine.table("open_grid")
    return tables


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
        if _is_recorded(snapshot, kind):
            rows = engine.sql.execute(f"SELECT DISTINCT source FROM raw_{kind}").fetchall()
            pairs += [(row[0] or "", kind) for row in rows]
    pairs.sort()
    return {"source": [p[0] for p in pairs], "kind": [p[1] for p in pairs]}


def _stored_coverage(engine: Any) -> dict[str, list[str]]:
    rows = engine.sql.execute("SELECT source, kind FROM coverage ORDER BY 1, 2").fetchall()
    return {"source": [r[0] for r in rows], "kind": [r[1] for r in rows]}


CLOCKED = ("ticket_event", "message", "ticket", "conversation", "survey_response", "call")


def freshness(engine: Any, snapshot: Snapshot) -> pa.Table:
    """Per source the newest event that is not after its import (7.1), and the import itself."""
    imported = {s.source: int(s.imported_at.timestamp() * 1_000_000) for s in snapshot.sources}
    newest: dict[str, int] = {}
    oldest: dict[str, int] = {}
    future = dict.fromkeys(imported, 0)
    for kind in CLOCKED:
        at = KINDS[kind].at
        if at is None or not _is_recorded(snapshot, kind):
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


def _records(engine: Any, table: ibis.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = engine.run(table).to_pylist()
    return rows


def _instant(microseconds: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=microseconds)


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One refresh of a home at a time; another waits."""
    import fcntl

    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
