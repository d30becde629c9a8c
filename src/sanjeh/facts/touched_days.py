"""Agents' days that a refresh concerns, and their slices of time put in place.

A slice of `agent_time` tells of what lasted on its own day (UTC) alone, but for what goes on: a
status lasts until the next one, a shift may stand in for it, and a working day may have begun
earlier. So work touches its own days (`touched_day`), and presence, plans and an agent's team
touch all days from then on (`touched_since`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sanjeh.facts.agent_time import DAY, DAYS, LATE, RECORDED

FACT = "agent_time"
# Kinds whose news concern an agent's time from an instant on.
FROM_THEN_ON = {
    "agent_status_event": "at", "shift": "start", "absence": "start", "worklog": "started_at",
}  # fmt: skip
_DAYS_OF = (
    f"SELECT DISTINCT agent_id, unnest(range(from_at // {DAY}, "
    f"least((until_at - 1) // {DAY}, from_at // {DAY} + {DAYS}) + 1)) AS day FROM "
)


def note_earlier(engine: Any) -> None:
    """Table touched_day: days of the work on touched conversations as it was, before renewing."""
    engine.sql.execute(
        f"CREATE OR REPLACE TEMP TABLE touched_day AS {_DAYS_OF} work_stretches "
        "WHERE conversation_id IN (SELECT id FROM touched_conversation)"
    )


def note_later(engine: Any, stretches: str, news: Iterable[str]) -> bool:
    """Add days of that work as it is now, and table touched_since; whether anything is touched.

    stretches: the table of the new ones. Facts renewed whole stand as they are by now.
    """
    engine.sql.execute(f'INSERT INTO touched_day {_DAYS_OF} "{stretches}"')
    known = set(news)
    parts = [
        f'SELECT agent_id, (min("{column}") - {LATE}) // {DAY} AS since_day FROM news_{kind} '
        f'WHERE "{column}" IS NOT NULL AND agent_id IS NOT NULL GROUP BY agent_id'
        for kind, column in FROM_THEN_ON.items()
        if kind in known
    ]
    if "agent_status_event" in known:  # the status before lasted until the last that was known
        parts.append(
            f"SELECT d.agent_id, max(d.from_at) // {DAY} FROM duty d JOIN (SELECT agent_id, "
            'min("at") AS earliest FROM news_agent_status_event GROUP BY agent_id) n '
            "ON d.agent_id = n.agent_id AND d.from_at < n.earliest GROUP BY d.agent_id"
        )
    if "agent" in known:
        parts.append("SELECT id AS agent_id, -1000000 AS since_day FROM news_agent")
    running = (
        "SELECT agent_id, from_at AS since FROM duty WHERE until_at IS NULL "
        "AND status <> 'offline' AND agent_id IN (SELECT agent_id FROM touched_day)"
    )
    if engine.sql.execute(f"{running} LIMIT 1").fetchone():  # it lasts until the last that is known
        parts += [
            f"SELECT r.agent_id, coalesce(max(x.until_at), min(r.since)) // {DAY} AS since_day "
            f"FROM ({running}) r LEFT JOIN {table} x ON x.agent_id = r.agent_id "
            f"AND x.from_at >= r.since{such} GROUP BY r.agent_id"
            for table, such in (
                (FACT, f" AND x.is_logged_in AND x.presence_source = '{RECORDED}'"),
                ("work_stretches", ""),
            )
        ]
    nothing = "SELECT NULL::VARCHAR AS agent_id, NULL::BIGINT AS since_day WHERE false"
    engine.sql.execute(
        "CREATE OR REPLACE TEMP TABLE touched_since AS SELECT agent_id, "
        "min(since_day)::BIGINT AS since_day FROM "
        f"({' UNION ALL '.join(parts) or nothing}) GROUP BY agent_id"
    )
    tables = ("touched_day", "touched_since")
    return any(engine.sql.execute(f"SELECT 1 FROM {t} LIMIT 1").fetchone() for t in tables)


def renew_days(engine: Any, rows: str) -> None:
    """Put the slices of the touched days, from the table `rows`, in place of those they had."""
    base = f'"{engine.base}".main."{FACT}"'
    engine.sql.execute(
        f'INSERT INTO dead."{FACT}" {_touched(base)} EXCEPT SELECT row FROM dead."{FACT}"'
    )
    fresh = f'fresh."{FACT}"'
    engine.sql.execute(f"DELETE FROM {fresh} WHERE rowid IN ({_touched(fresh)})")
    engine.sql.execute(f'INSERT INTO {fresh} BY NAME SELECT * FROM "{rows}"')


def _touched(table: str) -> str:
    """The row numbers of what a table holds of the touched days."""
    return (
        f"(SELECT s.rowid AS row FROM {table} s SEMI JOIN touched_day d "
        f"ON s.agent_id = d.agent_id AND s.from_at // {DAY} = d.day "
        f"UNION SELECT s.rowid AS row FROM {table} s JOIN touched_since o "
        f"ON s.agent_id = o.agent_id WHERE s.from_at // {DAY} >= o.since_day)"
    )
