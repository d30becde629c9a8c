"""Erasing a person: rewriting what names them, and forgetting the files that did.

Order: cover the rejects and the closed months; write the tables that must change into fresh
directories with fresh logs; swap them all by one pointer file; delete the old directories, strays,
uploads and derived facts. A kill before the swap leaves the old, after it the new; the next writer
finishes either. The note of a pending erasure holds the pseudonym only.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from sanjeh.ledger.delta import (
    TEXTS,
    DeltaTables,
    literal,
    open_session,
    quoted,
    scan,
    schema_of,
    write_parquet,
)
from sanjeh.ledger.errors import LedgerError
from sanjeh.ledger.home import Home, as_json, settle, step
from sanjeh.ledger.kinds import KINDS, RecordKind
from sanjeh.ledger.ownership import owned_by
from sanjeh.ledger.pseudonyms import PERSON_KINDS, UNKNOWN_ROLE, pseudonym
from sanjeh.ledger.redaction import Needles
from sanjeh.ledger.snapshots import Snapshot

_NAMING: Final = ("display_name", "name", "contact_points", "external_id")
_FREE_COLUMNS: Final = ("origin", "warnings")  # of `batches`


@dataclass(frozen=True)
class Erasure:
    """What an erasure did.

    known: whether the person was in the ledger. rows: texts and attributes removed.
    tables: how many tables were rewritten. rejects: how many files of rejects were covered.
    """

    pseudonym: str
    known: bool
    rows: int
    tables: int
    rejects: int


def erase(
    home: Home,
    delta: DeltaTables,
    snapshot: Snapshot,
    role: str,
    id_: str,
    source: str,
    shred: Callable[[], None],
) -> Erasure:
    """Erase the person; only under the lock, with the inbox drained.

    A customer (or visitor) loses the texts and attributes of their record, conversations and
    tickets and of all that hangs on these; an agent those of the agent's record, while messages
    stay. What names the person elsewhere is covered. Counts and instants stay, under the
    pseudonym, which is remembered so that no later import brings the name back.

    shred: removes what the drained inbox leaves on the disk.
    """
    if role not in PERSON_KINDS:
        raise LedgerError(f"a person is one of {', '.join(PERSON_KINDS)}, not {role!r}")
    person = pseudonym(home.secret, source, role, id_)
    done = _erase(home, delta, snapshot, person, role, id_)
    _clean_up(home, delta, shred)
    return done


def finish_pending(
    home: Home,
    delta: DeltaTables,
    snapshot: Callable[[], Snapshot],
    shred: Callable[[], None],
) -> None:
    """Finish an erasure that was killed; only under the lock."""
    if not home.pending_erasure.exists():
        return
    pending = json.loads(home.pending_erasure.read_text())
    person = str(pending["pseudonym"])
    if person not in home.read_tables().erased or pending.get("again"):
        _erase(home, delta, snapshot(), person, str(pending["role"]), None)
    _clean_up(home, delta, shred)


def _erase(
    home: Home, delta: DeltaTables, snapshot: Snapshot, person: str, role: str, id_: str | None
) -> Erasure:
    before = home.read_tables()
    again = person in before.erased
    home.replace_file(
        home.pending_erasure, as_json({"pseudonym": person, "role": role, "again": again})
    )
    step("erasure noted")
    with home.scratch() as scratch, closing(open_session(scratch)) as sql:
        work = _Work(home, delta, snapshot, sql, person, role)
        needles = work.needles(id_)
        known = work.known()
        rejects = _cover_rejects(home, needles)
        step("rejects covered")
        _cover_closed(home, needles)
        step("closed months covered")
        rewritten = {}
        rows = 0
        for name in sorted(before.directories):
            if (change := work.change(name, needles)) is not None:
                rewritten[name], removed = work.rewrite(name, change)
                rows += removed
                step(f"rewritten {name}")
    _settle_all(home, rewritten)
    step("before the swap")
    home.write_tables(
        replace(
            before,
            directories={**before.directories, **rewritten},
            erasures=before.erasures + 1,
            erased=tuple(dict.fromkeys((*before.erased, person))),
        )
    )
    home.replace_file(
        home.pending_erasure, as_json({"pseudonym": person, "role": role, "again": False})
    )
    step("after the swap")
    return Erasure(person, known, rows, len(rewritten), rejects)


def _clean_up(home: Home, delta: DeltaTables, shred: Callable[[], None]) -> None:
    """Delete every file that no table names, the facts made from them, and the note."""
    directories = home.read_tables().directories
    current = {home.path / d for d in directories.values()}
    for room in (home.ledger, home.persons):
        for path in room.iterdir():
            if path.is_dir() and path not in current:
                shutil.rmtree(path)
    for name, directory in directories.items():
        listed = {Path(file).name for file in delta.files(name, directories)}
        for path in (home.path / directory).glob("*.parquet"):
            if path.name not in listed:
                path.unlink()
    step("swept")
    shred()
    if home.facts.exists():
        shutil.rmtree(home.facts)
    for upload in home.uploads.iterdir() if home.uploads.exists() else ():
        if upload.is_dir():
            shutil.rmtree(upload)
        else:
            upload.unlink(missing_ok=True)
    for room, drafts in ((home.rejects, ".*"), (home.closed, "*/.*")):
        for draft in room.glob(drafts) if room.exists() else ():
            draft.unlink(missing_ok=True)
    home.pending_erasure.unlink(missing_ok=True)
    settle(home.ledger)


def _settle_all(home: Home, rewritten: Mapping[str, str]) -> None:
    for directory in rewritten.values():
        for path in (home.path / directory).rglob("*"):
            if path.is_file():
                settle(path)


def _cover_rejects(home: Home, needles: Needles) -> int:
    return _cover(home, home.rejects.glob("*.jsonl"), needles)


def _cover_closed(home: Home, needles: Needles) -> int:
    """Cover the rows of closed months, whose first line holds answers only.

    A short bare number stays: there it is a ticket's.
    """
    telling = Needles(needles.telling, needles.telling)
    return _cover(home, home.closed.glob("*/[0-9]*.jsonl"), telling, after=1)


def _cover(home: Home, files: Iterable[Path], needles: Needles, *, after: int = 0) -> int:
    """Cover the needles in files of JSON lines, after some; how many files named the person."""
    changed = 0
    for path in sorted(files):
        lines = path.read_text(encoding="utf-8").splitlines()
        covered = [*lines[:after], *(needles.covered_line(line) for line in lines[after:])]
        if covered != lines:
            home.replace_file(path, "".join(f"{line}\n" for line in covered))
            changed += 1
    return changed


@dataclass(frozen=True)
class _Change:
    """How a table is rewritten: which rows go, and what each column becomes."""

    drop: str
    columns: Mapping[str, str]


class _Work:
    """One erasure's reading and rewriting of tables."""

    def __init__(
        self,
        home: Home,
        delta: DeltaTables,
        snapshot: Snapshot,
        sql: duckdb.DuckDBPyConnection,
        person: str,
        role: str,
    ) -> None:
        self.home = home
        self.delta = delta
        self.snapshot = snapshot
        self.sql = sql
        self.person = person
        self.role = role
        self.directories = home.read_tables().directories

    def files(self, name: str) -> tuple[str, ...]:
        return self.delta.files(name, self.directories)

    def rows(self, name: str) -> str:
        return scan(self.files(name), schema_of(name))

    def known(self) -> bool:
        return bool(
            self._list(f"SELECT id FROM {self.rows('persons')} WHERE pseudonym = ?")
            or (
                self.role in self.directories
                and self._list(f"SELECT id FROM {self.rows(self.role)} WHERE id = ?")
            )
        )

    def needles(self, id_: str | None) -> Needles:
        """Everything that names the person: ids, names, addresses, of every version."""
        found = [id_] if id_ else []
        found += self._list(f"SELECT id FROM {self.rows('persons')} WHERE pseudonym = ?")
        fields = ", ".join(literal(f) for f in _NAMING)
        for field, text in self.sql.execute(
            f"SELECT field, text FROM {scan(self.files(f'text_{self.role}'), TEXTS)} "
            f"WHERE id = ? AND field IN ({fields})",
            [self.person],
        ).fetchall():
            found += _leaves(json.loads(text), "address") if field == "contact_points" else [text]
        return Needles.of(found)

    def _list(self, query: str) -> list[str]:
        return [str(row[0]) for row in self.sql.execute(query, [self.person]).fetchall()]

    def change(self, name: str, needles: Needles) -> _Change | None:
        """What the table needs, or nothing."""
        if not self.files(name):
            return None
        if name == "persons":
            me = f"pseudonym = {literal(self.person)}"
            rows = self.rows(name)
            # The same id without a role: an author whose type the source did not say.
            roleless = (
                f"role = '{UNKNOWN_ROLE}' AND EXISTS (SELECT 1 FROM {rows} o WHERE o.{me} "
                "AND o.source = t.source AND o.id = t.id)"
            )
            change = _Change(f"t.{me} OR {roleless}", {})
        elif name == "batches":
            change = _Change("false", self._covered_batches(needles))
        elif name.startswith(("text_", "attribute_")):
            change = self._texts_change(name, needles)
        else:
            change = _Change("false", _covered_columns(name, needles))
        tests = [
            change.drop,
            *(f"{new} IS DISTINCT FROM {quoted(c)}" for c, new in change.columns.items()),
        ]
        row = self.sql.execute(
            f"SELECT 1 FROM {self.rows(name)} t WHERE {' OR '.join(tests)} LIMIT 1"
        ).fetchone()
        return change if row else None

    def _texts_change(self, name: str, needles: Needles) -> _Change:
        kind = KINDS[name.split("_", 1)[1]]
        value = "text" if name.startswith("text_") else "value"
        covered = needles.covered(value, free=value == "text")
        return _Change(f"id IN ({self._owned(kind)})", {value: covered})

    def _covered_batches(self, needles: Needles) -> dict[str, str]:
        made = {}
        for name in _FREE_COLUMNS:
            query = f"SELECT DISTINCT {name} FROM {self.rows('batches')} WHERE {name} IS NOT NULL"
            old = [row[0] for row in self.sql.execute(query).fetchall()]
            new = [needles.covered_line(text) for text in old]
            self.sql.register(f"covered_{name}", pa.table({"old": old, "new": new}))
            made[name] = f"(SELECT m.new FROM covered_{name} m WHERE m.old = t.{name})"
        return made

    def _owned(self, kind: RecordKind) -> str:
        person = f"SELECT {literal(self.person)} AS pseudonym"
        if self.role == "agent":
            return person if kind.name == "agent" else "SELECT NULL::VARCHAR WHERE false"
        files = {n: self.files(n) for n in {"conversation", "ticket", kind.name}}
        return owned_by(person, kind, files)

    def rewrite(self, name: str, change: _Change) -> tuple[str, int]:
        """Write the table anew; its directory under the home, and how many rows went."""
        replaced = ", ".join(f"{new} AS {quoted(c)}" for c, new in change.columns.items())
        stars = f"* REPLACE ({replaced})" if replaced else "*"
        row = self.sql.execute(
            f"SELECT count(*) FROM {self.rows(name)} t WHERE {change.drop}"
        ).fetchone()
        directory = self.delta.fresh(name)
        path = self.home.path / directory
        made: list[Path] = []
        kept = f"({change.drop}) IS NOT TRUE"
        if name not in ("batches", "superseded"):
            kept += f" AND {self.snapshot.committed('batch')}"
        for number, file in enumerate(self.files(name)):
            part = path / f"erased-{number:06d}.parquet"
            source = scan([file], schema_of(name))
            write_parquet(self.sql, f"SELECT {stars} FROM {source} t WHERE {kept}", part)
            made.append(part)
        self.delta.commit(path, made)
        return directory, row[0] if row else 0


def _covered_columns(name: str, needles: Needles) -> dict[str, str]:
    """The columns of a ledger table that may hold free words, covered."""
    if name not in KINDS:
        return {}
    made = {}
    for f in KINDS[name].all_fields:
        if f.apart or f.choices or f.ref or f.ref_by or f.name in ("source", "attributes"):
            continue
        if (name, f.name) == ("account", "name") or not needles.telling:
            continue  # a company's name stays
        column = quoted(f.name)
        if f.arrow_type == pa.string():
            made[f.name] = needles.covered(column, free=False)
        elif f.type == "texts":
            inner = needles.covered("x", free=False)
            made[f.name] = f"list_transform({column}, lambda x: {inner})"
    return made


def _leaves(value: Any, key: str) -> list[str]:
    """Texts under the key, anywhere in a JSON value; a bare list of texts is taken whole."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item, key)]
    if isinstance(value, dict):
        return [str(value[key])] if value.get(key) else []
    return []
