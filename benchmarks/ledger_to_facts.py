"""From ledger to facts in full: Sanjeh against SQL written by hand, on the same Parquet files.

Each run is a process of its own, so that its peak memory is its own; runs alternate, so that a
busy machine disturbs both alike. At the end every table that the SQL makes is compared with the
fact of its name, row for row.

    python benchmarks/ledger_to_facts.py HOME --pairs 3
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import duckdb

from sanjeh.engines.duck import DuckEngine
from sanjeh.facts import noise, text
from sanjeh.facts.building import FactTables
from sanjeh.facts.catalogue import FACTS
from sanjeh.facts.freshness import stamp
from sanjeh.facts.inputs import with_coverage, with_grid
from sanjeh.facts.places import known_channels
from sanjeh.hours import schedules_from_records
from sanjeh.hours.grids import grid
from sanjeh.ledger import KINDS, Ledger, Snapshot
from sanjeh.words import courtesies, machine_mail

SQL = Path(__file__).with_name("by_hand.sql")
READ = (
    "ticket", "ticket_event", "conversation", "message", "team", "topic", "settings",
    "business_calendar",
)  # fmt: skip
SPOKEN_GAPS = "\u200c\u00a0\n\t"
WORDS: Mapping[str, str] = {
    "variants": f"[{text.SOURCE}]",
    "letters": text.SOURCE + text.DROPPED,
    "target": text.TARGET,
    "gaps": f"[{text.DROPPED}]+",
    "spoken_letters": text.SOURCE + SPOKEN_GAPS,
    "spoken_target": text.TARGET + "    ",
    "breaks": f"[{SPOKEN_GAPS}]",
    "thanks": noise.THANKS,
    "gratitude": noise.GRATITUDE,
    "pleased": courtesies.PLEASED,
    "only_pleased": noise.PLEASED,
    "objection": courtesies.OBJECTION,
    "own_business": machine_mail.OWN_BUSINESS,
    "bounce": machine_mail.BOUNCE,
    "automatic": machine_mail.AUTOMATIC,
    "newsletter": machine_mail.NEWSLETTER,
    "quoted": machine_mail.QUOTED_LINES,
    "history": machine_mail.HISTORY,
    "signed": machine_mail.SIGNED,
    "line_ends": noise.LINE_ENDS,
    "marks": noise.MARKS,
    "apostrophes": noise.APOSTROPHES,
    "any_noise": noise.ANY,
}


def by_sanjeh(home: Path, path: Path) -> None:
    """The facts that the SQL makes, and no others, as a full refresh makes them."""
    path.unlink(missing_ok=True)
    snapshot = Ledger(home).snapshot()
    engine = DuckEngine(path, spill=path.with_suffix(".spill"))
    ledger = engine.scan_ledger(snapshot, KINDS)
    raw = engine.scan_ledger(snapshot, KINDS, prefix="raw_", raw=True)
    covered = with_coverage(engine, snapshot, ledger)
    tables = FactTables(engine, with_grid(engine, covered, raw))
    for name in re.findall(r"^CREATE TABLE (\w+) AS", SQL.read_text("utf-8"), re.MULTILINE):
        if name in FACTS:
            tables.ensure(name)
    engine.drop(tables.temporary)
    stamp(engine, snapshot, ledger)
    engine.close()


def by_hand(home: Path, path: Path) -> None:
    """The SQL, with the engine's own settings."""
    snapshot = Ledger(home).snapshot()
    path.unlink(missing_ok=True)
    sql = duckdb.connect(
        str(path),
        config={
            "threads": 2, "memory_limit": "1200MB", "preserve_insertion_order": False,
            "temp_directory": str(path.with_suffix(".spill")),
        },
    )  # fmt: skip
    see_ledger(sql, snapshot)
    prepare(sql, snapshot)
    statements = SQL.read_text("utf-8")
    for name, value in sorted(WORDS.items(), key=lambda item: -len(item[0])):
        statements = statements.replace(f"${name}", "'" + value.replace("'", "''") + "'")
    for statement in statements.split(";\n"):
        sql.execute(statement)
    sql.execute("CHECKPOINT")
    sql.close()


def see_ledger(sql: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
    """Views of the visible rows, instants as microseconds."""
    visible = f"r.batch <= {snapshot.version}"
    sql.execute(
        f"CREATE TEMP TABLE superseded AS SELECT kind, id, batch FROM "
        f"read_parquet({list(snapshot.superseded_files)}) WHERE by_batch <= {snapshot.version}"
    )
    without = (
        "NOT EXISTS (SELECT 1 FROM superseded s "
        "WHERE s.kind = '{}' AND s.id = r.{} AND s.batch = r.batch)"
    )
    for name in READ:
        kind = KINDS[name]
        instants = [f.name for f in kind.all_fields if f.type == "instant"]
        replaced = ", ".join(f'epoch_us("{i}") AS "{i}"' for i in instants)
        sql.execute(
            f"CREATE TEMP VIEW seen_{name} AS SELECT * REPLACE ({replaced}) FROM "
            f"read_parquet({list(snapshot.files(name))}) r "
            f"WHERE {visible} AND {without.format(name, kind.identity)}"
        )
    sql.execute(
        f"CREATE TEMP VIEW seen_text AS SELECT * FROM "
        f"read_parquet({list(snapshot.text_files)}, union_by_name = true) r "
        f"WHERE {visible} AND {without.format('message', 'id')}"
    )


def prepare(sql: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
    """Channels, coverage and the grid of open hours."""
    sql.register("known", known_channels())
    sql.execute(
        "CREATE TABLE channels AS SELECT known_key AS channel_key, known_kind AS channel_kind, "
        "NULL::VARCHAR AS channel_calendar, known_gap AS idle_gap FROM known"
    )
    sql.execute(
        "CREATE TEMP TABLE coverage AS SELECT DISTINCT source, 'message' AS kind "
        f"FROM read_parquet({list(snapshot.files('message'))})"
    )
    calendars = sql.execute("FROM seen_business_calendar").to_arrow_table().to_pylist()
    low, high = sql.execute(
        'SELECT least((SELECT min("at") FROM seen_message), '
        "(SELECT min(created_at) FROM seen_ticket), "
        "(SELECT min(started_at) FROM seen_conversation)), "
        'greatest((SELECT max("at") FROM seen_message), (SELECT max("at") FROM seen_ticket_event), '
        "(SELECT max(ended_at) FROM seen_conversation))"
    ).fetchone() or (0, 0)
    sql.register("cells", grid(schedules_from_records(calendars, []), low, high + 1))
    sql.execute("CREATE TEMP TABLE open_grid AS FROM cells")


def compare(ours: Path, hands: Path) -> list[tuple[str, int, int]]:
    """Each table by hand: its rows, and how many differ (by count and the sum of all hashes)."""
    sql = duckdb.connect(config={"threads": 2, "memory_limit": "4GB"})
    sql.execute(f"ATTACH '{ours}' AS ours (READ_ONLY)")
    sql.execute(f"ATTACH '{hands}' AS hands (READ_ONLY)")
    found = []
    for (name,) in sql.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'hands' ORDER BY 1"
    ).fetchall():
        columns = [
            {row[0] for row in sql.execute(f"DESCRIBE {side}.{name}").fetchall()}
            for side in ("ours", "hands")
        ]
        if columns[0] != columns[1]:
            raise SystemExit(f"{name}: columns differ: {sorted(columns[0] ^ columns[1])}")
        chosen = ", ".join(f'"{c}"' for c in sorted(columns[0]))
        sums = [
            sql.execute(
                f"SELECT count(*), sum(hash({chosen})::HUGEINT) FROM {side}.{name}"
            ).fetchone() or (-1, None)
            for side in ("ours", "hands")
        ]  # fmt: skip
        differ = 0
        if sums[0] != sums[1]:
            row = sql.execute(
                f"SELECT count(*) FROM (SELECT {chosen} FROM ours.{name} "
                f"EXCEPT ALL SELECT {chosen} FROM hands.{name})"
            ).fetchone() or (0,)
            differ = max(row[0], abs(sums[0][0] - sums[1][0]), 1)
        found.append((name, sums[1][0], differ))
    return found


def run(side: str, home: Path, path: Path) -> dict[str, float]:
    """One run in a process of its own: seconds of wall and processor, peak memory in MB."""
    done = subprocess.run(
        [sys.executable, __file__, str(home), "--only", side, "--scratch", str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--pairs", type=int, default=2)
    parser.add_argument("--scratch", type=Path)
    parser.add_argument("--only", choices=("sanjeh", "hand"))
    given = parser.parse_args()
    scratch = given.scratch or given.home / "scratch"
    files = {side: scratch.with_suffix(f".{side}.duckdb") for side in ("sanjeh", "hand")}
    if given.only:
        wall, busy = time.perf_counter(), time.process_time()
        (by_sanjeh if given.only == "sanjeh" else by_hand)(given.home, files[given.only])
        print(
            json.dumps(
                {
                    "wall": time.perf_counter() - wall,
                    "processor": time.process_time() - busy,
                    "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                }
            )
        )
        return
    print(f"{'':14}{'wall s':>10}{'processor s':>14}{'peak MB':>10}")
    ratios: dict[str, list[float]] = {"wall": [], "processor": []}
    for pair in range(given.pairs):
        results = {side: run(side, given.home, scratch) for side in ("sanjeh", "hand")}
        for side, r in results.items():
            print(
                f"{side + ' ' + str(pair + 1):14}{r['wall']:10.1f}{r['processor']:14.1f}"
                f"{r['memory']:10.0f}"
            )
        for clock, values in ratios.items():
            values.append(results["sanjeh"][clock] / results["hand"][clock])
    for clock, values in ratios.items():
        print(
            f"ratio of {clock} seconds: min {min(values):.2f}, median "
            f"{statistics.median(values):.2f}, max {max(values):.2f}"
        )
    differing = 0
    for name, rows, differ in compare(files["sanjeh"], files["hand"]):
        differing += differ
        print(f"{name:22}{rows:>12,} rows, {differ} differ")
    for file in files.values():
        file.unlink()
    if differing:
        raise SystemExit(f"{differing} rows differ")


if __name__ == "__main__":
    main()
