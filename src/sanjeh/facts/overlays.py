"""Overlays: what changed since a base generation, in a small file that stands over it.

For each fact refreshed by key or by day, `fresh.FACT` holds the rows of everything touched since
the base was built, `dead.FACT` the row numbers in the base that they replace, and the fact's own
name is a view of the base without the dead, with the fresh. Facts renewed whole are tables of the
overlay; those that stayed as they were are views of the base. Whoever reads the names need not
know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sanjeh.facts.registry import FACTS

LARGE_SHARE = 0.02
LARGE_ROWS = 50_000
"""An overlay with more fresh rows than this, and than its share of the base, is merged."""
KEYS = (
    ("ticket_id", "touched_ticket"),
    ("conversation_id", "touched_conversation"),
    ("session_id", "touched_session"),
)


def over(path: Path, base: Path) -> Path:
    """The name of an overlay; it says which base the file stands over."""
    return path.with_name(f"{path.stem}.over-{base.stem}{path.suffix}")


def base_of(path: Path) -> Path | None:
    """The base that a file stands over; None where it stands alone."""
    _, _, base = path.stem.partition(".over-")
    return path.with_name(base + path.suffix) if base else None


def lay(engine: Any) -> None:
    """Begin an overlay in which nothing has changed yet."""
    base = f'"{engine.base}".main'
    engine.sql.execute("CREATE SCHEMA fresh")
    engine.sql.execute("CREATE SCHEMA dead")
    for table in engine.stored("BASE TABLE", engine.base):
        rows = f'SELECT * FROM {base}."{table}"'
        if table in FACTS and FACTS[table].scope in ("touched", "days"):
            engine.sql.execute(f'CREATE TABLE fresh."{table}" AS {rows} LIMIT 0')
            engine.sql.execute(f'CREATE TABLE dead."{table}" (row BIGINT NOT NULL)')
            # NOT EXISTS says the same, and made an answer from a million rows half slower again.
            rows += (
                f' WHERE rowid NOT IN (SELECT row FROM dead."{table}") '
                f'UNION ALL SELECT * FROM fresh."{table}"'
            )
        engine.sql.execute(f'CREATE VIEW "{table}" AS {rows}')
        engine.views.add(table)


@contextmanager
def searched(engine: Any, facts: Iterable[str]) -> Iterator[Mapping[str, Future[Any]]]:
    """For each fact the row numbers in the base of what is touched: an Arrow table each, later.

    Looked for in a thread, since that reads the keys of whole tables while renewing works on few
    rows: each leaves a core idle that the other can use.
    """
    ids = {
        touched: engine.sql.execute(f"SELECT id FROM {touched}").to_arrow_table()
        for _, touched in KEYS
    }
    with closing(engine.aside()) as connection, ThreadPoolExecutor(1) as thread:
        for touched, rows in ids.items():
            connection.register(touched, rows)
        try:
            yield {fact: thread.submit(_search, connection, engine.base, fact) for fact in facts}
        finally:
            thread.shutdown(cancel_futures=True)


def _search(connection: Any, base: str, fact: str) -> Any:
    table = f'"{base}".main."{fact}"'
    columns = {row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()}
    # What names both is found by its conversation: a touched ticket touches its conversations.
    # One key is looked up in the engine's own way, two with OR between them row by row.
    first, *others = [(c, ids) for c, ids in reversed(KEYS) if c in columns]
    found = [f"{first[0]} IN (SELECT id FROM {first[1]})"]
    found += [f"{first[0]} IS NULL AND {c} IN (SELECT id FROM {ids})" for c, ids in others]
    rows = " UNION ALL ".join(f"SELECT rowid AS row FROM {table} WHERE {one}" for one in found)
    return connection.execute(rows).to_arrow_table()


def _touched(columns: Iterable[str]) -> str:
    known = set(columns)
    return " OR ".join(f"{c} IN (SELECT id FROM {ids})" for c, ids in KEYS if c in known)


def renew(engine: Any, fact: str, rows: str, replaced: Any) -> None:
    """Put a fact's rows of what is touched, from the table `rows`, in place of those it had.

    replaced: their row numbers in the base, as `searched` finds them.
    """
    touched = _touched(engine.table(rows).columns)
    engine.sql.register("found_in_base", replaced)
    engine.sql.execute(
        f'INSERT INTO dead."{fact}" '
        f'SELECT row FROM found_in_base EXCEPT SELECT row FROM dead."{fact}"'
    )
    engine.sql.unregister("found_in_base")
    engine.sql.execute(f'DELETE FROM fresh."{fact}" WHERE {touched}')
    engine.sql.execute(f'INSERT INTO fresh."{fact}" BY NAME SELECT * FROM "{rows}"')


def is_large(engine: Any) -> bool:
    """Whether the overlay has grown so that it should be merged."""
    counted = (
        "SELECT coalesce(sum(estimated_size), 0) FROM duckdb_tables() "
        "WHERE database_name = coalesce(?, current_catalog()) AND schema_name = ?"
    )
    (fresh,) = engine.sql.execute(counted, [None, "fresh"]).fetchone()
    (whole,) = engine.sql.execute(counted, [engine.base, "main"]).fetchone()
    return bool(fresh > max(LARGE_ROWS, LARGE_SHARE * whole))


def merge(engine: Any, overlay: Path) -> None:
    """Bring a copy of the base to what the overlay says, in one transaction."""
    path = str(overlay).replace("'", "''")
    engine.sql.execute(f"ATTACH '{path}' AS changes (READ_ONLY)")
    rows = engine.sql.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'changes'"
    ).fetchall()
    engine.sql.execute("BEGIN")
    for schema, table in rows:
        if schema == "main":
            engine.create_as(table, f'SELECT * FROM changes.main."{table}"')
        elif schema == "fresh":
            engine.sql.execute(
                f'DELETE FROM "{table}" WHERE rowid IN (SELECT row FROM changes.dead."{table}")'
            )
            engine.sql.execute(f'INSERT INTO "{table}" SELECT * FROM changes.fresh."{table}"')
    engine.sql.execute("COMMIT")
    engine.sql.execute("DETACH changes")
