"""A machine that speaks Persian: its own calendar changes no instant of the record."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TICKETS = """id,created,resolved
T1,2026-02-28 23:30,2026-03-01 01:30
T2,2026-03-20 09:00,2026-03-21 09:00
T3,2026-03-31 12:00,2026-03-31 13:00
T4,2026-05-21 09:00,2026-05-21 10:00
"""
MAPPING = """
source = "desk"
zone = "UTC"
[columns.created]
type = "instant"
format = "%Y-%m-%d %H:%M"
[columns.resolved]
type = "instant"
format = "%Y-%m-%d %H:%M"
[[records]]
kind = "ticket"
[records.fields]
id = "id"
created_at = "created"
resolved_at = "resolved"
[records.attributes]
done = "resolved"
"""


@pytest.mark.parametrize("language", ["fa_IR.UTF-8", "C.UTF-8"])
def test_dates_are_the_same_in_every_locale(tmp_path: Path, language: str) -> None:
    (tmp_path / "tickets.csv").write_text(TICKETS, "utf-8")
    (tmp_path / "map.toml").write_text(MAPPING, "utf-8")

    def told(*words: str) -> str:
        command = [sys.executable, "-m", "sanjeh", "--home", str(tmp_path / "home"), *words]
        spoken = {"LANG": language, "LC_ALL": language}
        done = subprocess.run(
            command, env={**os.environ, **spoken}, cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    told("import", "tickets.csv", "--map", "map.toml")
    march = ("--from", "2026-03-01", "--to", "2026-04-01", "--format", "csv", "--locale", "en")
    heading, *rows = told("show", "new_tickets", "resolution_time", *march).splitlines()
    column = heading.split(",").index("value")
    assert [float(row.split(",")[column]) for row in rows[:2]] == [2, (2 + 24 + 1) / 3 * 3600]
    # Its day is 31 Ordibehesht 1405: 1405-02-31 is no date.
    may = ("--from", "2026-05-01", "--to", "2026-06-01", "--format", "csv", "--locale", "en")
    assert "2026-05-21T10:00:00Z" in told("show", "new_tickets", "--by", "attr.done", *may)
