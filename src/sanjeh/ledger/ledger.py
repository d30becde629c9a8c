"""The store: append in batches, read in snapshots, erase persons.

with ledger.importing("helpdesk") as batch:
    batch.append("message", table)
snapshot = ledger.snapshot()
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake.exceptions import DeltaError

from sanjeh.ledger import reading
from sanjeh.ledger.batches import Batch
from sanjeh.ledger.compaction import compact
from sanjeh.ledger.conform import check_source, kind_named
from sanjeh.ledger.delta import BATCHES, DeltaTables
from sanjeh.ledger.erasure import Erasure, erase, finish_pending
from sanjeh.ledger.errors import LedgerBusy
from sanjeh.ledger.home import Home, as_json, minding_the_disk, step
from sanjeh.ledger.inbox import Inbox
from sanjeh.ledger.kinds import KINDS
from sanjeh.ledger.snapshots import INBOX_ORIGIN, BatchLog, Committed, Snapshot, read_snapshot

SMALL: Final = 5000  # rows of a kind, or names, that are kept while the record stays as it is


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Ledger:
    """One home's records.

    One process writes at a time, the others wait; readers are never blocked.
    """

    def __init__(self, home: Path, *, now: Callable[[], dt.datetime] = _utc_now) -> None:
        self._home = Home(Path(home))
        self._delta = DeltaTables(self._home)
        self._log = BatchLog()
        self._now = now
        self._live: dict[str | None, tuple[tuple[int, int, int, int], Snapshot]] = {}
        self._small: dict[str, tuple[Any, pa.Table]] = {}  # what small kinds held, and when
        self._named: tuple[Any, dict[str, str | None]] = (None, {})
        self.inbox = Inbox(self._home)
        if self._home.pending_erasure.exists():
            # Finished here unless another process is at it.
            with suppress(LedgerBusy), self._writing("an erasure begun before", 0):
                pass

    @property
    def path(self) -> Path:
        return self._home.path

    # -- writing -----------------------------------------------------------------------------

    @contextmanager
    def importing(
        self, source: str, *, origin: str = "", wait_seconds: float = 600
    ) -> Iterator[Batch]:
        """A batch to append to, committed when the block ends well and dropped when it does not.

        source: whose records they are. origin: what was imported (a file's name, a cursor).
        Errors: LedgerBusy when another writer holds the home for longer than `wait_seconds`;
        LedgerDiskFull; nothing half done is ever visible.
        """
        check_source(source)
        with (
            self._writing(f"the import of {source}", wait_seconds),
            self._batch(source, origin) as batch,
        ):
            yield batch

    def drain_inbox(self, *, wait_seconds: float = 600) -> int:
        """Move the inbox's records to Delta in one batch; how many there were."""
        with self._writing("the draining of the inbox", wait_seconds):
            return self._drain()

    def erase(self, role: str, id: str, *, source: str, wait_seconds: float = 600) -> Erasure:
        """Remove a person's name, contacts, texts and attributes from everything in the home."""
        check_source(source)
        with self._writing("an erasure", wait_seconds):
            self._drain()
            with minding_the_disk(self._home):
                known, _ = self._snapshot()
                return erase(self._home, self._delta, known, role, id, source, self.inbox.shred)

    def compact(self, *, wait_seconds: float = 600) -> None:
        """Merge small files and drop what never became visible; snapshots keep an hour."""
        with self._writing("the compaction", wait_seconds), minding_the_disk(self._home):
            compact(self._home, self._delta, self._snapshot()[0])

    @contextmanager
    def _writing(self, purpose: str, wait_seconds: float) -> Iterator[None]:
        with self._home.locked(purpose, wait_seconds):
            self._home.sweep()
            finish_pending(self._home, self._delta, lambda: self._snapshot()[0], self.inbox.shred)
            yield

    @contextmanager
    def _batch(self, source: str, origin: str) -> Iterator[Batch]:
        with self._home.scratch() as scratch:
            with minding_the_disk(self._home):
                known, _ = self._snapshot()
                number = self._home.take_number(known.version + 1)
            batch = Batch(
                number=number,
                source=source,
                home=self._home,
                known=known,
                erased=self._home.read_tables().erased,
                scratch=scratch,
                directory=self._delta.ensure,
                now=self._now(),
            )
            started_at = self._now()
            step("numbered")
            with closing(batch):
                try:
                    yield batch
                    batch.finish()
                    with minding_the_disk(self._home):
                        self._commit(batch, origin, started_at)
                except BaseException:
                    batch.discard_staged()
                    raise

    def _commit(self, batch: Batch, origin: str, started_at: dt.datetime) -> None:
        for name in sorted(batch.parts):
            step(f"before {name}")
            self._delta.commit(self._delta.ensure(name), batch.parts[name])
            batch.kept.add(name)
            step(f"after {name}")
        row = {
            "number": batch.number,
            "source": batch.source,
            "sources": sorted(batch.sources or {batch.source}),
            "origin": origin,
            "started_at": started_at,
            "committed_at": self._now(),
            "counts": as_json({kind: asdict(counts) for kind, counts in batch.counts.items()}),
            "warnings": as_json({why: asdict(w) for why, w in batch.warnings.items()}),
        }
        directory = self._delta.ensure("batches")
        path = directory / f"{batch.number:09d}.parquet"
        pq.write_table(pa.Table.from_pylist([row], schema=BATCHES), path)
        step("before the commit")
        self._delta.commit(directory, [path])
        step("after the commit")

    def _drain(self) -> int:
        _, drained = self._snapshot()
        waiting = self.inbox.waiting()
        tables = waiting.tables(drained)
        if tables:
            with self._batch("inbox", f"{INBOX_ORIGIN}{waiting.last}") as batch:
                for kind, table in tables.items():
                    batch.append(kind, table)
            step("before the inbox forgets")
        self.inbox.forget(waiting.last)
        return sum(table.num_rows for table in tables.values())

    # -- reading -----------------------------------------------------------------------------

    def snapshot(self, kind: str | None = None) -> Snapshot:
        """The ledger as it stands now, the inbox's records with it.

        kind: of the inbox's records only these, which spares judging all others.
        """
        # The inbox comes first: what a draining moves meanwhile is known by the commit's origin.
        waiting = self.inbox.waiting(kind)
        snapshot, drained = self._snapshot()
        if waiting.last <= drained:
            self._live.pop(kind, None)
            return snapshot
        key = (snapshot.version, snapshot.erasures, drained, waiting.last)
        held = self._live.get(kind)
        if held is None or held[0] != key:
            live = self._live_tables(snapshot, waiting.tables(drained))
            held = self._live[kind] = (key, replace(snapshot, live=live))
        return replace(snapshot, live=held[1].live)

    def _snapshot(self) -> tuple[Snapshot, int]:
        for _ in range(5):
            tables = self._home.read_tables()
            try:
                return read_snapshot(self._home, self._delta, self._log, tables)
            except (OSError, DeltaError):
                # An erasure swapped the tables meanwhile.
                if tables == self._home.read_tables():
                    raise
        raise AssertionError("the tables were swapped five times while being read")

    def _live_tables(
        self, snapshot: Snapshot, tables: Mapping[str, pa.Table]
    ) -> dict[str, pa.Table]:
        """The inbox's rows, judged as an import would judge them, as tables in memory."""
        with self._home.scratch() as scratch:

            def directory(name: str) -> Path:
                path = scratch / name
                path.mkdir(exist_ok=True)
                return path

            batch = Batch(
                number=snapshot.version + 1,
                source="inbox",
                home=self._home,
                known=snapshot,
                erased=self._home.read_tables().erased,
                scratch=scratch,
                directory=directory,
                now=self._now(),
            )
            with closing(batch):
                for kind, table in tables.items():
                    batch.append(kind, table)
                batch.finish()
                return batch.staged_tables()

    def labels(self, pseudonyms: Iterable[str]) -> dict[str, str]:
        """Display name of each person, else the source's own id; the erased are not in it."""
        wanted = list(pseudonyms)
        snapshot = self.snapshot()
        state = self._state(snapshot, None)
        then, names = self._named
        known = dict(names) if then == state and len(names) < SMALL else {}
        lacking = [p for p in wanted if p not in known]
        if lacking:
            with self._home.scratch() as scratch:
                found = reading.labels(snapshot, scratch, lacking)
            known |= {p: found.get(p) for p in lacking}
            self._named = (state, known)
        return {p: name for p in wanted if (name := known[p]) is not None}

    def _state(self, snapshot: Snapshot, kind: str | None) -> tuple[Any, ...]:
        """What tells one state of the record, or of a kind in it, from another."""
        live = self._live[kind][0] if snapshot.live else None
        return (snapshot.version, snapshot.erasures, snapshot.uncommitted, live)

    def find_persons(self, role: str, text: str) -> list[str]:
        """Pseudonyms of the persons of that role whose id or name equals the text."""
        with self._home.scratch() as scratch:
            return reading.find_persons(self.snapshot(), scratch, role, text)

    def texts(self, kind: str, ids: Iterable[str]) -> dict[str, dict[str, str]]:
        """Texts kept apart, of the records' visible versions: id -> {field: text}."""
        with self._home.scratch() as scratch:
            return reading.texts(self.snapshot(kind), scratch, kind_named(kind), list(ids))

    def rows(self, kind: str) -> pa.Table:
        """Every visible row of the kind: for tests and small tables, not for measuring."""
        snapshot = self.snapshot(kind)
        state = self._state(snapshot, kind)
        then, rows = self._small.get(kind, (None, None))
        if rows is not None and then == state:
            return rows
        with self._home.scratch() as scratch:
            rows = reading.rows(snapshot, scratch, kind_named(kind), None)
        if rows.num_rows <= SMALL:
            self._small[kind] = (state, rows)
        return rows

    def among(self, kind: str, field: str, values: Iterable[str]) -> pa.Table:
        """The visible rows of the kind whose field is one of the values: a card's records."""
        with self._home.scratch() as scratch:
            wanted = (field, list(values))
            return reading.rows(self.snapshot(kind), scratch, kind_named(kind), wanted)

    def later(self, kind: str, field: str, than: dt.datetime) -> pa.Table:
        """The visible rows of the kind whose instant lies after this one: what is new."""
        with self._home.scratch() as scratch:
            return reading.later(self.snapshot(kind), scratch, kind_named(kind), field, than)

    def history(self, kind: str) -> pa.Table:
        """Every committed row of the kind, superseded ones too: for small tables, to look back."""
        with self._home.scratch() as scratch:
            return reading.history(self.snapshot(kind), scratch, kind_named(kind))

    def attributes(self, kind: str, ids: Iterable[str]) -> dict[str, dict[str, str]]:
        """Fields of one's own, of the records' visible versions: id -> {name: value}."""
        with self._home.scratch() as scratch:
            return reading.attributes(self.snapshot(kind), scratch, kind_named(kind), list(ids))

    def own_ids(self, pseudonyms: Iterable[str]) -> dict[str, str]:
        """The source's own id of each known person; the erased are not in it."""
        with self._home.scratch() as scratch:
            return reading.own_ids(self.snapshot(), scratch, list(pseudonyms))

    def batches(self) -> list[Committed]:
        """The committed imports in order, with their counts and warnings."""
        tables = self._home.read_tables()
        return self._log.rows(self._delta.files("batches", tables.directories))


__all__ = ["KINDS", "Ledger"]
