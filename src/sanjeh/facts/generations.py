"""Generations: all facts of one state of the ledger, swapped by a pointer.

A generation is a DuckDB file, or a small one over an untouched base (`facts/overlays.py`). A
refresh copies the last overlay, or begins one, puts in the rows of what changed, found by key, and
renames the pointer; a reader sees the old or the new, never half. An overlay that has grown is
merged into a new base when readers have the news already. Incremental equals full, row for row.
What cannot be told apart by key (calendars, teams, channels, surveys, settings, an erasure, a
source that begins to record something new) builds everything again, and so does other code.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis

from sanjeh.facts.building import FactTables
from sanjeh.facts.catalogue import FACTS
from sanjeh.facts.freshness import stamp
from sanjeh.facts.increments import replace, touched
from sanjeh.facts.inputs import rewound, with_coverage, with_grid
from sanjeh.facts.overlays import base_of, is_large, lay, merge, over
from sanjeh.facts.statements import Statements, fingerprint
from sanjeh.ledger import KINDS

if TYPE_CHECKING:
    from sanjeh.ledger import Ledger, Snapshot

KEEP_SECONDS = 600
KEEP_EARLIER = 6
Progress = Callable[[float, str], None]


OpenEngine = Callable[..., Any]


class FactsError(RuntimeError):
    """The facts could not be built; says why and what to do."""


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

    @property
    def base(self) -> Path | None:
        """The file that this one stands over; None where it stands alone."""
        return base_of(self.path)


class Facts:
    """The facts of one home."""

    def __init__(self, home: Path, open_engine: OpenEngine) -> None:
        self.folder = home / "facts"
        self.open_engine = open_engine

    @staticmethod
    def over(engine: Any, ledger: Mapping[str, ibis.Table]) -> Mapping[str, ibis.Table]:
        """Facts over ledger tables, each built in the engine when it is first looked up."""
        return FactTables(engine, with_grid(engine, ledger))

    def current(self) -> Generation | None:
        """The newest generation, or None where nothing was refreshed yet."""
        return self._read("CURRENT")

    def _read(self, pointer: str) -> Generation | None:
        try:
            state = json.loads((self.folder / pointer).read_text("utf-8"))
        except FileNotFoundError:
            return None
        if state.pop("code", None) != fingerprint():
            return None  # made by another version: its columns and meanings may differ
        path = state["path"] = self.folder / state["path"]
        return Generation(**state) if path.exists() and (base_of(path) or path).exists() else None

    def refresh(
        self, ledger: Ledger, *, full: bool = False, progress: Progress | None = None
    ) -> Generation:
        """Bring the facts up to the ledger's newest committed state.

        An erasure meanwhile takes the files that were being read: then it begins again.
        """
        erasures = ledger.snapshot().erasures
        try:
            return self._refresh(ledger, full, progress)
        except Exception:
            if ledger.snapshot().erasures == erasures:
                raise
            return self._refresh(ledger, full, progress)

    def _refresh(self, ledger: Ledger, full: bool, progress: Progress | None) -> Generation:
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
            reuse = last is not None and not full and last.erasures == snapshot.erasures
            done = self._brought_up(snapshot, last, say) if reuse and last else None
            done = done or self._built(snapshot, self._unused(), say)
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
            done = self._built(snapshot, path, say, until)
            self._sweep_earlier()
            return done

    # -- building --------------------------------------------------------------------------

    def _brought_up(self, snapshot: Snapshot, last: Generation, say: Progress) -> Generation | None:
        """An overlay with what changed since; None where all must be built anew."""
        started = time.monotonic()
        base = last.base or last.path
        path = over(self._unused(), base)
        statements = Statements(self.folder / "statements.json")
        with _removing(path):
            if last.base:
                shutil.copyfile(last.path, path)
            engine = self.open_engine(path, spill=self.folder / "spill", base=base)
            try:
                # A small file that is written often: how each column packs best is not tried.
                engine.sql.execute("SET force_compression = 'uncompressed'")
                engine.sql.execute("SET wal_autocheckpoint = '1TB'")  # once, when it is closed
                engine.sql.execute("BEGIN")
                if not last.base:
                    lay(engine)
                found = touched(engine, snapshot, last)
                if found is not None:
                    replace(engine, snapshot, found.news, statements, say)
                    engine.sql.execute("COMMIT")
                    grown = is_large(engine)
            finally:
                engine.close()  # which also makes the file whole
            if found is None:
                path.unlink()
                return None
        statements.save()
        done = Generation(
            path, snapshot.version, snapshot.erasures, None, _number(path), "incremental",
            round(time.monotonic() - started, 3), found.tickets, found.conversations,
        )  # fmt: skip
        self._point("CURRENT", done)
        return self._merged(done, base) if grown else done

    def _merged(self, overlay: Generation, base: Path) -> Generation:
        """The same facts in one file: a new base."""
        path = self._unused()
        with _removing(path):
            shutil.copyfile(base, path)
            engine = self.open_engine(path, spill=self.folder / "spill")
            try:
                merge(engine, overlay.path)
            finally:
                engine.close()
        done = dataclasses.replace(overlay, path=path, number=_number(path))
        self._point("CURRENT", done)
        return done

    def _built(
        self, snapshot: Snapshot, path: Path, say: Progress, until: int | None = None
    ) -> Generation:
        """All facts anew; until: of the record as it stood then."""
        started = time.monotonic()
        statements = Statements(self.folder / "statements.json")
        with _removing(path):
            engine = self.open_engine(path, spill=self.folder / "spill")
            try:
                self._fill(engine, snapshot, statements, say, until)
            finally:
                engine.close()
        statements.save()
        done = Generation(
            path, snapshot.version, snapshot.erasures, until, _number(path) if until is None else 0,
            "as of" if until is not None else "full", round(time.monotonic() - started, 3), 0, 0,
        )  # fmt: skip
        self._point("CURRENT" if until is None else f"ASOF-{until}", done)
        return done

    def _fill(
        self, engine: Any, snapshot: Snapshot, statements: Statements, say: Progress,
        until: int | None,
    ) -> None:  # fmt: skip
        ledger = engine.scan_ledger(snapshot, KINDS, until=until)
        raw = engine.scan_ledger(snapshot, KINDS, prefix="raw_", raw=True, until=until)
        if until is not None:
            ever = engine.scan_ledger(snapshot, KINDS, prefix="ever_")
            ledger = rewound(ledger, ever["ticket_event"], until)
        covered = with_coverage(engine, snapshot, ledger)
        tables = FactTables(engine, with_grid(engine, covered, raw), statements=statements)
        names = [f.name for f in FACTS.values() if f.kept]
        for at, name in enumerate(names):
            say(at / len(names), f"building {name}")
            tables.ensure(name)
        engine.drop(tables.temporary)
        stamp(engine, snapshot, ledger, until=until)

    def _unused(self) -> Path:
        """The name of the next generation."""
        numbers = map(_number, self.folder.glob("generation-*.duckdb"))
        return self.folder / f"generation-{1 + max(numbers, default=0):06d}.duckdb"

    def _point(self, pointer: str, generation: Generation) -> None:
        state = {**generation.__dict__, "path": generation.path.name, "code": fingerprint()}
        draft = self.folder / f"{pointer}.{os.getpid()}.draft"
        draft.write_text(json.dumps(state), "utf-8")
        os.replace(draft, self.folder / pointer)

    def _sweep_earlier(self) -> None:
        """Keep the facts of a few earlier moments, the ones asked for last."""
        built = sorted(self.folder.glob("asof-*.duckdb"), key=lambda p: p.stat().st_mtime)
        for old in built[:-KEEP_EARLIER]:
            if time.time() - old.stat().st_mtime > KEEP_SECONDS:
                old.unlink(missing_ok=True)

    def _sweep(self, current: Generation) -> None:
        """Remove generations that are old, save those that one in use stands over."""
        files = set(self.folder.glob("generation-*.duckdb"))
        late = time.time() - KEEP_SECONDS
        kept = {f for f in files if f == current.path or f.stat().st_mtime > late}
        for old in files - kept - {base_of(f) for f in kept}:
            old.unlink(missing_ok=True)


def _number(path: Path) -> int:
    return int(path.name.partition(".")[0].rpartition("-")[2])


@contextmanager
def _removing(path: Path) -> Iterator[None]:
    """Leave no half-built file behind, and say plainly that a disk is full."""
    try:
        yield
    except BaseException as error:
        for part in (path, path.with_name(path.name + ".wal")):
            part.unlink(missing_ok=True)
        if any(word in str(error) for word in ("No space left", "disk full", "failed to offload")):
            raise FactsError(
                f"There is no room left on the disk of {path.parent} to build the facts. "
                "The record is whole. Make room and refresh again; until then the facts of the "
                "last refresh answer, if there was one."
            ) from error
        raise


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One refresh of a home at a time; another waits."""
    import fcntl

    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
