"""One import: rows are checked, compared with what is known, and staged until the commit.

What is decided here, at append: a record that is already known with the same content is not kept
again; of two versions the one with the newer `version_at` is visible (none counts as oldest; on a
tie the later import, and within an import the later row). Rows superseded are written down in
`superseded(kind, id, batch, by_batch)`, which readers leave out.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from sanjeh.ledger.conform import check_json, check_source, conform, kind_named
from sanjeh.ledger.delta import (
    PERSONS,
    joined_as_written,
    literal,
    open_session,
    quoted,
    scan,
    schema_of,
    write_parquet,
)
from sanjeh.ledger.encoding import Encoding, attributes_query, learn_people
from sanjeh.ledger.home import Home, minding_the_disk
from sanjeh.ledger.kinds import KINDS, RecordKind
from sanjeh.ledger.ownership import owned_by
from sanjeh.ledger.snapshots import Snapshot
from sanjeh.ledger.superseding import (
    Appended,
    dead_of,
    drop_doubles,
    find_known,
    first_row,
    judge,
    staged,
)

FUTURE: Final = dt.timedelta(hours=1)
SAMPLES: Final = 5
PIECE: Final = 65_536
MERGED_BYTES: Final = 32 * 1024 * 1024
"""Parts of one import that come to less than this are merged into one file."""


@dataclass
class Doubt:
    """How often something doubtful was met, with the first samples."""

    count: int = 0
    samples: list[str] = field(default_factory=list)


class Batch:
    """An import under way; nothing of it is visible before it is committed."""

    def __init__(
        self,
        *,
        number: int,
        source: str,
        home: Home,
        known: Snapshot,
        erased: tuple[str, ...],
        scratch: Path,
        directory: Callable[[str], Path],
        now: dt.datetime,
    ) -> None:
        self.number = number
        self.source = check_source(source)
        self.sources: set[str] = set()
        self.counts: dict[str, Appended] = defaultdict(Appended)
        self.warnings: dict[str, Doubt] = {}
        self.parts: dict[str, list[Path]] = defaultdict(list)
        self.kept: set[str] = set()  # tables whose log already names our parts
        self._home = home
        self._known = known
        self._erased = erased
        self._directory = directory
        self._now = now
        self._part = 0
        self._session = open_session(scratch)
        self._session.execute(
            "CREATE TEMP TABLE people (role VARCHAR, source VARCHAR, id VARCHAR, pseudonym VARCHAR)"
        )
        self._session.execute("CREATE TEMP TABLE erased (pseudonym VARCHAR)")
        if erased:
            self._session.register("~erased", pa.table({"pseudonym": list(erased)}))
            self._session.execute('INSERT INTO erased SELECT * FROM "~erased"')

    def warn(self, reason: str, sample: str, count: int = 1) -> None:
        """Count something doubtful into the import's record, under its reason."""
        warning = self.warnings.setdefault(reason, Doubt())
        warning.count += count
        if len(warning.samples) < SAMPLES:
            warning.samples.append(sample[:200])

    def append(self, kind: str, table: pa.Table) -> Appended:
        """Take records of one kind; says what became of each.

        Errors: LedgerError for unknown kinds and columns, wrong types, missing keys; the import
        can go on without that table.
        """
        with minding_the_disk(self._home):
            found = self._append(kind_named(kind), table)
        self.counts[kind] += found
        return found

    def close(self) -> None:
        self._session.close()

    def discard_staged(self) -> None:
        """Remove what was staged and is in no table's log, after a failure."""
        for name, paths in self.parts.items():
            if name not in self.kept:
                for path in paths:
                    path.unlink(missing_ok=True)

    def staged_tables(self) -> dict[str, pa.Table]:
        """The staged rows in memory, without records that an older version of is visible."""
        sql = self._session
        found = {}
        for name, paths in self.parts.items():
            rows = scan([str(p) for p in paths], schema_of(name))
            where = ""
            if name == "superseded":
                where = f"WHERE by_batch = {self.number}"
            elif name != "persons":
                kind = KINDS[name.removeprefix("text_").removeprefix("attribute_")]
                identity = kind.identity if name in KINDS else "id"
                where = (
                    f"WHERE {quoted(identity)} NOT IN "
                    f"(SELECT id FROM {staged(kind)} WHERE verdict = 'older')"
                )
            found[name] = sql.execute(f"SELECT * FROM {rows} t {where}").to_arrow_table()
        return found

    # -- append, step by step ----------------------------------------------------------------

    def _append(self, kind: RecordKind, table: pa.Table) -> Appended:
        given = conform(kind, table)
        if given.num_rows == 0:
            return Appended()
        names = frozenset(given.column_names)
        filled = frozenset(name for name in names if given.column(name).null_count == 0)
        encoding = Encoding(kind, names, filled)
        self._take(kind, given)
        learn_people(self._session, encoding, self._home.secret)
        with joined_as_written(self._session):
            self._session.execute(
                f"CREATE OR REPLACE TEMP TABLE coded AS {encoding.select(self._home.secret)}"
            )
        self._session.unregister("~given")
        self._warn_of_future(kind)
        self._forget_erased(encoding)
        dropped = drop_doubles(self._session)
        find_known(self._session, self._known, kind)
        counts = judge(self._session, kind)
        self._stage(kind, encoding)
        return counts + dropped

    def _take(self, kind: RecordKind, given: pa.Table) -> None:
        sql = self._session
        # Numbered here, since a window over all rows would keep DuckDB to one core.
        numbers = pa.array(range(given.num_rows), pa.int64())
        numbered = given.append_column("~row", numbers)
        # In pieces, since DuckDB reads one piece with one core.
        pieces = numbered.to_batches(max_chunksize=PIECE)
        sql.register("~given", pa.Table.from_batches(pieces, schema=numbered.schema))
        own = "nullif(source, '')" if "source" in given.column_names else "NULL"
        sql.execute(
            "CREATE OR REPLACE TEMP VIEW given AS SELECT *, "
            f'coalesce({own}, {literal(self.source)}) AS "~source" '
            'FROM "~given"'
        )
        check_json(kind, sql, "given")
        for (name,) in sql.execute('SELECT DISTINCT "~source" FROM given').fetchall():
            self.sources.add(check_source(name))

    def _warn_of_future(self, kind: RecordKind) -> None:
        if kind.at is None:
            return
        limit = self._now + FUTURE
        row = self._session.execute(
            f'SELECT count(*), any_value("~id"), max({quoted(kind.at)})::VARCHAR FROM coded '
            f"WHERE {quoted(kind.at)} > ?",
            [limit],
        ).fetchone()
        if row and row[0]:
            self.warn("dated in the future", f"{kind.name} {row[1]} at {row[2]}", row[0])

    def _forget_erased(self, encoding: Encoding) -> None:
        """Drop names and texts of persons who were erased before."""
        hidden = [f'"~{name}"' for name in encoding.apart_names()]
        if "attributes" in encoding.present:
            hidden.append('"~attributes"')
        if not self._erased or not hidden:
            return
        mine = f"{encoding.owner()} IN (SELECT pseudonym FROM erased)"
        row = self._session.execute(
            f'SELECT count(*), any_value("~id") FROM coded WHERE {mine}'
        ).fetchone()
        if row and row[0]:
            self.warn("of an erased person, kept without names and texts", row[1], row[0])
            nulls = ", ".join(f"{h} = NULL" for h in hidden)
            self._session.execute(f"UPDATE coded SET {nulls} WHERE {mine}")

    def _stage(self, kind: RecordKind, encoding: Encoding) -> None:
        sql = self._session
        kept = "v.verdict IN ('added', 'replaced', 'replaced in batch', 'older')"
        judged, rows = first_row(
            sql.execute(f"SELECT count(*), count(*) FILTER ({kept}) FROM verdicts v")
        )
        if rows == 0:
            return
        self._part += 1
        sql.execute(
            f'INSERT INTO {staged(kind)} SELECT c."~id", c.content, c.version_at, {self._part}, '
            'v.verdict, v.old_batch FROM coded c JOIN verdicts v USING ("~row") '
            f"WHERE {kept}"
        )
        mine = f'SEMI JOIN (FROM verdicts v WHERE {kept}) USING ("~row")' if rows < judged else ""
        sql.execute(
            "CREATE OR REPLACE TEMP VIEW fresh AS "
            f'SELECT c.*, {self.number}::BIGINT AS "~batch" FROM coded c {mine}'
        )
        self._write(kind.name, f"SELECT {encoding.ledger_columns()} FROM fresh")
        owner = encoding.owner()
        texts = [
            f"SELECT '{kind.name}' AS kind, \"~id\" AS id, '{name}' AS field, "
            f'{quoted("~" + name)} AS text, {owner} AS person, "~batch" AS batch '
            f"FROM fresh WHERE {quoted('~' + name)} <> ''"
            for name in encoding.apart_names()
        ]
        if texts:
            self._write(f"text_{kind.name}", " UNION ALL ".join(texts))
        if "attributes" in encoding.present:
            sql.execute(
                "CREATE OR REPLACE TEMP VIEW described AS "
                f"SELECT '{kind.name}' AS kind, \"~id\" AS id, {owner} AS person, "
                '"~batch" AS batch, "~attributes" AS given FROM fresh '
                'WHERE "~attributes" IS NOT NULL'
            )
            self._write(f"attribute_{kind.name}", attributes_query(sql))

    def _write(self, name: str, query: str) -> None:
        path = self._directory(name) / f"{self.number:09d}-{self._part:06d}.parquet"
        self.parts[name].append(path)
        write_parquet(self._session, query, path)

    # -- what the commit needs ---------------------------------------------------------------

    def finish(self) -> None:
        """Make the staged parts final: beaten rows out, small parts merged, persons added."""
        with minding_the_disk(self._home):
            for name in list(self.parts):
                self._settle_parts(name)
            if self._erased:
                self._forget_conversations_of_erased()
            self._write_superseded()
            self._write_persons()
            for name, paths in list(self.parts.items()):
                if not paths:
                    del self.parts[name]

    def _settle_parts(self, name: str) -> None:
        paths = self.parts[name]
        kind = KINDS[name.removeprefix("text_").removeprefix("attribute_")]
        identity = kind.identity if name in KINDS else "id"
        sql = self._session
        (dead,) = first_row(sql.execute(f"SELECT count(*) FROM {dead_of(kind)}"))
        if not dead and (len(paths) == 1 or sum(p.stat().st_size for p in paths) > MERGED_BYTES):
            for path in [p for p in paths if _empty(p)]:
                path.unlink()
                paths.remove(path)
            return
        parts = " UNION ALL ".join(
            f"SELECT t.* FROM read_parquet({literal(str(p))}) t"
            + (
                f" WHERE NOT EXISTS (FROM {dead_of(kind)} d WHERE d.id = t.{quoted(identity)} "
                f"AND d.part = {int(p.stem.split('-')[1])})"
                if dead
                else ""
            )
            for p in paths
        )
        merged = paths[0].with_name(f"{self.number:09d}-merged.parquet")
        self.parts[name] = [merged, *paths]
        # In the order of the parts DuckDB would hold most of them in memory (800 MB of texts).
        sql.execute("SET preserve_insertion_order = false")
        try:
            write_parquet(sql, parts, merged)
        finally:
            sql.execute("SET preserve_insertion_order = true")
        for path in paths:
            path.unlink()
        self.parts[name] = [merged]
        if _empty(merged):
            merged.unlink()
            self.parts[name] = []

    def _forget_conversations_of_erased(self) -> None:
        """Drop texts of conversations and tickets whose customer was erased."""
        for name in [n for n in self.parts if n.startswith(("text_", "attribute_"))]:
            kind = KINDS[name.split("_", 1)[1]]
            files = {
                table: [*self._known.files(table), *map(str, self.parts.get(table, ()))]
                for table in {"conversation", "ticket", kind.name}
            }
            ids = owned_by("SELECT pseudonym FROM erased", kind, files)
            kept = []
            for path in self.parts[name]:
                without = path.with_name(path.stem + "-kept.parquet")
                kept.append(without)
                write_parquet(
                    self._session,
                    f"SELECT * FROM read_parquet({literal(str(path))}) "
                    f"WHERE (id IN ({ids})) IS NOT TRUE",
                    without,
                )
                path.unlink()
            self.parts[name] = kept

    def _write_superseded(self) -> None:
        queries = [
            f"SELECT '{name}' AS kind, id, "
            f"CASE verdict WHEN 'older' THEN {self.number} ELSE old_batch END::BIGINT AS batch, "
            f"CASE verdict WHEN 'older' THEN old_batch ELSE {self.number} END::BIGINT AS by_batch "
            f"FROM {staged(KINDS[name])} WHERE verdict IN ('older', 'replaced')"
            for name in self.parts
            if name in KINDS and self._known.files(name)
        ]
        self._write_found("superseded", queries)

    def _write_persons(self) -> None:
        known = scan(self._known.files("persons"), PERSONS)
        self._write_found(
            "persons",
            [
                f"SELECT pseudonym, role, source, id, {self.number}::BIGINT AS batch FROM people "
                f"WHERE pseudonym NOT IN (SELECT pseudonym FROM erased) AND NOT EXISTS (FROM "
                f"{known} k WHERE k.pseudonym = people.pseudonym "
                f"AND {self._known.committed('k.batch')})"
            ],
        )

    def _write_found(self, name: str, queries: list[str]) -> None:
        if not queries:
            return
        sql = self._session
        sql.execute(f"CREATE OR REPLACE TEMP TABLE found AS {' UNION ALL '.join(queries)}")
        (rows,) = first_row(sql.execute("SELECT count(*) FROM found"))
        if rows:
            self._write(name, "SELECT * FROM found")


def _empty(path: Path) -> bool:
    return bool(pq.read_metadata(path).num_rows == 0)
