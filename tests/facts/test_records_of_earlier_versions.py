"""A field that a kind of record got later is null in what was imported before."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from record_homes import Desk, load, said, status, talk, ticket
from sanjeh.checks.integrity import integrity
from sanjeh.engines.duck import DuckEngine
from sanjeh.home import Home

LATER = {"ticket_event": "field", "conversation": "human_requested_at", "ticket": "queue"}


def without(home: Home, kind: str, column: str) -> None:
    """Write the kind's files as a version would have that did not know the column."""
    for file in home.ledger().snapshot().files(kind):
        rows = pq.ParquetFile(file).read()
        assert column in rows.column_names
        pq.write_table(rows.drop_columns([column]), file)


def test_a_home_of_an_earlier_version_is_read_and_goes_on(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    load(home, [ticket("t1", "03-02 09:00"), status("t1", "03-03 09:00", "solved"),
                talk("c1", "03-02 09:00", ticket_id="t1"), said("c1", "03-02 09:00")])  # fmt: skip
    for kind, column in LATER.items():
        without(home, kind, column)
    home.refresh()
    desk = Desk(home)
    assert desk.value("resolution_time") == 86_400
    assert integrity(home.ledger(), DuckEngine).faults == 0
    # What comes in now has the column; what was there before still has none.
    load(home, [ticket("t2", "03-02 09:00"), status("t2", "03-02 10:00", "solved")])
    desk.refresh()
    assert desk.value("resolution_time.n") == 2
    assert desk.value("resolution_time.min") == 3600
    desk.close()
