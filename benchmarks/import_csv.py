"""A mapped CSV file of a million rows into an empty ledger: rows a second, end to end.

`--shape log`: the incident log that ships as the example (36 columns, one row a change), over and
over with other incident numbers, read by the mapping that ships with it. `--shape cases`: an
export as most desks give it, 8 columns, one row a ticket.

    python benchmarks/import_csv.py --rows 1000000 --shape cases
"""

from __future__ import annotations

import argparse
import gzip
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sanjeh.sources
from sanjeh.ledger import Ledger
from sanjeh.sources import import_path

EXAMPLES = Path(sanjeh.sources.__file__).parent / "examples"


class Timed:
    """A batch whose appends are timed."""

    def __init__(self, batch: Any) -> None:
        self.batch, self.seconds = batch, 0.0

    def append(self, kind: str, table: Any) -> Any:
        started = time.perf_counter()
        found = self.batch.append(kind, table)
        self.seconds += time.perf_counter() - started
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.batch, name)


class TimedLedger(Ledger):
    """A ledger that keeps how long appending and committing took."""

    appending = committing = 0.0

    @contextmanager
    def importing(self, source: str, **options: Any) -> Iterator[Any]:
        with super().importing(source, **options) as batch:
            timed = Timed(batch)
            yield timed
            ended = time.perf_counter()
        self.appending = timed.seconds
        self.committing = time.perf_counter() - ended


CASES = """
title = "Cases"
source = "cases"
zone = "UTC"
[columns.created]
type = "instant"
format = "%Y-%m-%d %H:%M"
[columns.closed]
type = "instant"
format = "%Y-%m-%d %H:%M"
[[records]]
kind = "ticket"
[records.fields]
id = "id"
created_at = "created"
resolved_at = "closed"
channel_first = "channel"
priority = "priority"
team_id = "team"
assignee_id = "agent"
customer_id = "customer"
"""


def write_cases(path: Path, rows: int) -> int:
    """Write so many tickets, a row each."""
    channels, priorities = ("email", "phone", "chat"), ("low", "high")
    with path.open("w", encoding="utf-8") as file:
        file.write("id,created,closed,channel,priority,team,agent,customer\n")
        for n in range(rows):
            day = f"2026-0{1 + n % 9}-{1 + n % 28:02d}"
            file.write(
                f"T{n},{day} {n % 24:02d}:{n % 60:02d},{day} 23:59,{channels[n % 3]},"
                f"{priorities[n % 2]},team {n % 20},agent {n % 200},customer {n % 50_000}\n"
            )
    return rows


def write_log(path: Path, rows: int) -> int:
    """Write at least so many rows of the log; how many they are."""
    with gzip.open(EXAMPLES / "incident_event_log.csv.gz", "rt", encoding="utf-8") as file:
        heading, *lines = file.read().splitlines()
    times = -(-rows // len(lines))
    with path.open("w", encoding="utf-8") as file:
        file.write(heading + "\n")
        for copy in range(times):
            for line in lines:
                number, comma, rest = line.partition(",")
                file.write(f"{number}-{copy}{comma}{rest}\n")
    return times * len(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--shape", choices=("log", "cases"), default="log")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, mapping = Path(folder) / "rows.csv", EXAMPLES / "incident_log.toml"
        if given.shape == "cases":
            rows, mapping = write_cases(path, given.rows), Path(folder) / "cases.toml"
            mapping.write_text(CASES, encoding="utf-8")
        else:
            rows = write_log(path, given.rows)
        size = path.stat().st_size / 1_000_000
        ledger = TimedLedger(Path(folder) / "home")
        started, busy = time.perf_counter(), time.process_time()
        import_path(path, ledger, mapping=mapping)
        taken, busy = time.perf_counter() - started, time.process_time() - busy
    print(f"{rows:,} rows, {size:.0f} MB: {taken:.1f} s, {rows / taken:,.0f} rows/s end to end")
    print(
        f"of it {ledger.appending:.1f} s appending, partly beside the reading and mapping, "
        f"{ledger.committing:.1f} s committing; processor {busy:.1f} s "
        f"({rows / busy:,.0f} rows per processor second); "
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main()
