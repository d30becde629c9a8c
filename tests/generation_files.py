"""Generations attached to a test's own DuckDB: a file that stands over a base needs both."""

from __future__ import annotations

from pathlib import Path

import duckdb

from sanjeh.facts.overlays import base_of


def attach(sql: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a generation under the name, with the base that its views read, if it has one."""
    base = base_of(path)
    if base is not None:
        sql.execute(f"ATTACH IF NOT EXISTS '{base}' AS \"{base.stem}\" (READ_ONLY)")
    sql.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
