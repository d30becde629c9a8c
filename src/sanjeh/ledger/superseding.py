"""Which of several versions of a record is visible: the SQL of the decision.

Works on temporary tables of the import's session: `coded`, the encoded rows of one append; `known`
and `rows_known`, what committed batches hold of their ids, visible and at all; `staged_KIND`, what
the import itself has kept so far; `dead_KIND`, what of that was beaten since; `verdicts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import duckdb

from sanjeh.ledger.delta import SUPERSEDED, quoted, scan, schema_of
from sanjeh.ledger.kinds import RecordKind
from sanjeh.ledger.snapshots import Snapshot

Session: TypeAlias = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Appended:
    """What became of the appended records: `older` ones are kept, and not visible."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    older: int = 0

    def __add__(self, other: Appended) -> Appended:
        return Appended(
            self.added + other.added,
            self.replaced + other.replaced,
            self.unchanged + other.unchanged,
            self.older + other.older,
        )


def drop_doubles(sql: Session) -> Appended:
    """Of several rows of one id in one table, keep the newest version, then the last."""
    total, distinct = first_row(sql.execute('SELECT count(*), count(DISTINCT "~id") FROM coded'))
    if total == distinct:
        return Appended()
    sql.execute(
        'CREATE OR REPLACE TEMP TABLE best AS SELECT "~id", "~row", content FROM coded '
        'QUALIFY row_number() OVER (PARTITION BY "~id" '
        'ORDER BY version_at DESC NULLS LAST, "~row" DESC) = 1'
    )
    (same,) = first_row(
        sql.execute(
            'SELECT count(*) FROM coded c JOIN best b ON c."~id" = b."~id" '
            'WHERE c.content = b.content AND c."~row" <> b."~row"'
        )
    )
    sql.execute('DELETE FROM coded WHERE "~row" NOT IN (SELECT "~row" FROM best)')
    return Appended(unchanged=same, older=total - distinct - same)


def find_known(sql: Session, snapshot: Snapshot, kind: RecordKind) -> None:
    """Look up what committed batches and this one hold of the appended ids."""
    files = snapshot.files(kind.name)
    if files:
        committed = snapshot.committed("r.batch")
        identity = quoted(kind.identity)
        source = scan(files, schema_of(kind.name))
        sql.execute(
            "CREATE OR REPLACE TEMP TABLE rows_known AS "
            f"SELECT r.{identity} AS id, r.content, r.version_at, r.batch FROM {source} r "
            f'SEMI JOIN coded c ON r.{identity} = c."~id" WHERE {committed}'
        )
        dead = scan(snapshot.superseded_files, SUPERSEDED)
        sql.execute(
            "CREATE OR REPLACE TEMP TABLE known AS "
            "SELECT id, content, version_at, batch FROM rows_known k ANTI JOIN "
            f"(SELECT s.id AS id, s.batch AS batch FROM {dead} s WHERE s.kind = ? "
            f"AND {snapshot.committed('s.by_batch')}) USING (id, batch)",
            [kind.name],
        )
    else:
        for name in ("rows_known", "known"):
            sql.execute(
                f"CREATE OR REPLACE TEMP TABLE {name} "
                "(id VARCHAR, content VARCHAR, version_at TIMESTAMPTZ, batch BIGINT)"
            )
    sql.execute(
        f"CREATE TEMP TABLE IF NOT EXISTS {staged(kind)} (id VARCHAR, content VARCHAR, "
        "version_at TIMESTAMPTZ, part BIGINT, verdict VARCHAR, old_batch BIGINT)"
    )
    sql.execute(f"CREATE TEMP TABLE IF NOT EXISTS {dead_of(kind)} (id VARCHAR, part BIGINT)")


def judge(sql: Session, kind: RecordKind) -> Appended:
    """Give every appended row its verdict against the known and the staged one of its id."""
    # An absent version is older than any; `<` between two absent ones is false.
    age = "coalesce({}.version_at, '-infinity'::TIMESTAMPTZ)"
    new, old, mine = age.format("c"), age.format("k"), age.format("s")
    sql.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE verdicts AS
        SELECT c."~row", c."~id" AS id, k.batch AS old_batch, s.part AS staged_part,
          CASE
            WHEN s.content = c.content THEN 'unchanged'
            WHEN s.id IS NOT NULL AND {new} < {mine} THEN 'beaten'
            WHEN k.content = c.content THEN 'unchanged, staged beaten'
            WHEN k.id IS NOT NULL AND {new} < {old} THEN
              CASE WHEN EXISTS (FROM rows_known w WHERE w.id = c."~id"
                                AND w.content = c.content)
              THEN 'unchanged' ELSE 'older' END
            WHEN k.id IS NOT NULL THEN 'replaced'
            WHEN s.id IS NOT NULL THEN 'replaced in batch'
            ELSE 'added'
          END AS verdict
        FROM coded c
        LEFT JOIN known k ON k.id = c."~id"
        LEFT JOIN (FROM {staged(kind)} m SEMI JOIN coded ON m.id = coded."~id") s
          ON s.id = c."~id"
        """
    )
    counted = dict(
        sql.execute("SELECT verdict, count(*) FROM verdicts GROUP BY verdict").fetchall()
    )
    loses = "staged_part IS NOT NULL AND verdict NOT IN ('unchanged', 'beaten')"
    sql.execute(f"INSERT INTO {dead_of(kind)} SELECT id, staged_part FROM verdicts WHERE {loses}")
    sql.execute(f"DELETE FROM {staged(kind)} WHERE id IN (SELECT id FROM verdicts WHERE {loses})")
    return Appended(
        added=counted.get("added", 0),
        replaced=counted.get("replaced", 0) + counted.get("replaced in batch", 0),
        unchanged=counted.get("unchanged", 0) + counted.get("unchanged, staged beaten", 0),
        older=counted.get("older", 0) + counted.get("beaten", 0),
    )


def staged(kind: RecordKind) -> str:
    return quoted(f"staged_{kind.name}")


def dead_of(kind: RecordKind) -> str:
    return quoted(f"dead_{kind.name}")


def first_row(result: duckdb.DuckDBPyConnection) -> tuple[Any, ...]:
    """The one row of a query that always has one."""
    row = result.fetchone()
    assert row is not None
    return tuple(row)
