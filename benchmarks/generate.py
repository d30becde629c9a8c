"""A synthetic ledger of any size: conversations, tickets, and twelve events for each of them.

Nobody in it exists. It is imported through the ledger's own door in two batches: the second
replaces about 2 % of all records by newer versions, so that superseding is real. The same
arguments give the same records (for one version of DuckDB, whose hash is the dice).

    python benchmarks/generate.py HOME --conversations 1000000
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from sanjeh.ledger import Ledger

SOURCE = "synthetic"
CHUNK = 100_000
AGENTS, TEAMS, TOPICS = 600, 30, 1000
START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
DAYS = 730

WEEKLY = [
    {"dow": day, "from": start, "to": end}
    for day in ("mon", "tue", "wed", "thu", "fri")
    for start, end in (("09:00", "12:30"), ("13:30", "18:05"))
]

# One draw of the dice: a whole number below `of`, the same for the same row and purpose.
DICE = """
CREATE MACRO dice(x, purpose, width) AS
    (hash(x::BIGINT * 1000003 + purpose::BIGINT + {seed}::BIGINT * 7919) % width)::BIGINT
"""

CORE = f"""
CREATE OR REPLACE TABLE core AS
SELECT i,
    'c' || i AS conversation_id,
    CASE WHEN dice(i, 1, 100) < 95 THEN 't' || i END AS ticket_id,
    'u' || dice(i, 2, $people) AS customer_id,
    1 + dice(i, 3, {AGENTS}) AS agent,
    1 + dice(i, 3, {AGENTS}) % {TEAMS} AS team,
    1 + dice(i, 4, {TOPICS}) AS topic,
    ['chat', 'chat', 'Email', 'email', 'WhatsApp'][1 + dice(i, 5, 5)] AS channel,
    ['low', 'normal', 'normal', 'High'][1 + dice(i, 6, 4)] AS priority,
    to_timestamp({int(START.timestamp())} + dice(i, 7, {DAYS * 86_400})) AS begun,
    4 + dice(i, 8, 7) AS messages,
    dice(i, 9, 100) AS fate,
    60 + dice(i, 10, 7200) AS gap
FROM range($first, $last) r(i)
"""

CONVERSATIONS = """
SELECT conversation_id AS id, channel, ticket_id, customer_id,
    'k' || topic AS topic_id, priority, 'd' || team AS department_id,
    CASE WHEN dice(i, 11, 50) = 0 THEN 'outbound' ELSE 'inbound' END AS direction,
    ['en', 'fa', 'ru'][1 + dice(i, 12, 3)] AS language,
    begun AS requested_at, begun + INTERVAL 20 SECOND AS started_at,
    CASE WHEN fate < 97 THEN begun + to_seconds(gap * messages + 600) END AS ended_at,
    dice(i, 13, 500) = 0 AS is_spam
FROM core
"""

TICKETS = """
SELECT ticket_id AS id, customer_id, channel AS channel_first, begun AS created_at,
    'k' || topic AS topic_id, priority, 'g' || agent AS assignee_id, 'd' || team AS team_id,
    ['web', 'mobile', 'billing'][1 + dice(i, 14, 3)] AS product,
    CASE WHEN dice(i, 15, 60) = 0 THEN 'duplicate' END AS closed_reason
FROM core WHERE ticket_id IS NOT NULL
"""

MESSAGES = """
SELECT 'm' || i || '-' || n AS id, conversation_id,
    begun + to_seconds(gap * n + dice(i * 64 + n, 16, 50)
        + CASE WHEN dice(i * 64 + n, 17, 40) = 0 THEN 90000 ELSE 0 END) AS "at",
    CASE WHEN n % 2 = 0 THEN 'customer' WHEN n = 1 AND fate % 5 = 0 THEN 'bot' ELSE 'agent' END
        AS author_type,
    CASE WHEN n % 2 = 0 THEN customer_id
        WHEN n = 1 AND fate % 5 = 0 THEN 'bot1'
        WHEN dice(i * 64 + n, 18, 12) = 0 THEN 'g' || (1 + dice(i * 64 + n, 19, 600))
        ELSE 'g' || agent END AS author_id,
    CASE WHEN dice(i * 64 + n, 20, 20) = 0 THEN 'internal' ELSE 'public' END AS visibility,
    n = 1 AND fate % 7 = 0 AS is_auto,
    CASE WHEN n % 2 = 0 AND dice(i * 64 + n, 21, 10) = 0
        THEN ['Thanks a lot!', 'It still fails, see order ' || i, 'ممنونم', 'Спасибо!',
              'Automatic reply: I am away'][1 + dice(i * 64 + n, 22, 5)] END AS body,
    n::BIGINT AS sequence
FROM core, unnest(range(messages)) r(n)
"""

# Each ticket's life as a list of steps, unnested to events.
EVENTS = """
SELECT 'e' || i || '-' || n AS id, ticket_id,
    begun + to_seconds(CASE WHEN n = 1 THEN 0 ELSE gap * (n - 1) * 2 + dice(i * 64 + n, 23, 60) END)
        AS "at",
    step.type AS type, step.before AS "from", step.after AS "to",
    CASE WHEN n <= 2 THEN 'system' ELSE 'agent' END AS actor_type,
    CASE WHEN n > 2 THEN 'g' || agent END AS actor_id, n::BIGINT AS sequence
FROM (
    SELECT *, unnest(steps) AS step, generate_subscripts(steps, 1) AS n FROM (
        SELECT *, list_concat(
            [{type: 'created', before: NULL, after: 'new'},
             {type: 'team_changed', before: NULL, after: 'd' || team},
             {type: 'assigned', before: NULL, after: 'g' || agent}],
            CASE WHEN fate % 2 = 0 THEN
                [{type: 'status_changed', before: 'new', after: 'open'}] ELSE [] END,
            CASE WHEN fate % 8 = 1 THEN
                [{type: 'status_changed', before: 'open', after: 'pending_customer'},
                 {type: 'status_changed', before: 'pending_customer', after: 'open'}]
                ELSE [] END,
            CASE WHEN dice(i, 24, 16) = 0 THEN
                [{type: 'priority_changed', before: priority, after: 'urgent'},
                 {type: 'team_changed', before: 'd' || team, after: 'd' || (1 + team % 30)}]
                ELSE [] END,
            CASE WHEN fate < 92 THEN
                [{type: 'status_changed', before: 'open', after: 'solved'}] ELSE [] END,
            CASE WHEN fate < 10 THEN
                [{type: 'status_changed', before: 'solved', after: 'open'},
                 {type: 'status_changed', before: 'open', after: 'solved'}] ELSE [] END,
            CASE WHEN fate < 50 THEN
                [{type: 'status_changed', before: 'solved', after: 'closed'}] ELSE [] END
        ) AS steps FROM core WHERE ticket_id IS NOT NULL
    )
)
"""
CHANGING = {
    "ticket": (TICKETS, "t.* REPLACE ('critical' AS priority)"),
    "conversation": (CONVERSATIONS, "t.* REPLACE ('critical' AS priority)"),
    "message": (MESSAGES, 't.* REPLACE ("at" + INTERVAL 3 SECOND AS "at")'),
    "ticket_event": (EVENTS, 't.* REPLACE ("at" + INTERVAL 3 SECOND AS "at")'),
}


def surroundings(people: int) -> Iterator[tuple[str, pa.Table]]:
    """Persons, teams, topics, channels, and one calendar with split days."""
    yield "settings", pa.table({"tz": ["Europe/Berlin"], "calendar_id": ["office"]})
    yield (
        "business_calendar",
        pa.table({"id": ["office"], "tz": ["Europe/Berlin"], "weekly": [json.dumps(WEEKLY)]}),
    )
    yield "team", _numbered("d", TEAMS, name="Team")
    yield "topic", _numbered("k", TOPICS, name="Topic")
    agents = _numbered("g", AGENTS)
    teams = [f"d{1 + (n - 1) % TEAMS}" for n in range(1, AGENTS + 1)]
    yield "agent", agents.append_column("team_id", pa.array(teams))
    yield "customer", pa.table({"id": pa.array([f"u{n}" for n in range(people)])})


def _numbered(letter: str, count: int, name: str | None = None) -> pa.Table:
    columns = {"id": [f"{letter}{n}" for n in range(1, count + 1)]}
    if name:
        columns["name"] = [f"{name} {n}" for n in range(1, count + 1)]
    return pa.table(columns)


def records(
    conversations: int, seed: int, *, changed_only: bool, people: int
) -> Iterator[tuple[str, pa.Table]]:
    """The records in chunks; or newer versions of 2 % of them."""
    sql = duckdb.connect(config={"threads": 2, "memory_limit": "2GB"})
    sql.execute("SET TimeZone = 'UTC'")
    sql.execute(DICE.format(seed=seed))
    for first in range(0, conversations, CHUNK):
        last = min(first + CHUNK, conversations)
        sql.execute(CORE, {"people": people, "first": first, "last": last})
        for kind, (query, change) in CHANGING.items():
            if changed_only:
                newer = (START + dt.timedelta(days=DAYS + 30)).isoformat()
                query = (
                    f"SELECT {change}, TIMESTAMPTZ '{newer}' AS version_at FROM ({query}) t "
                    "WHERE hash(id) % 50 = 0"
                )
            yield kind, sql.execute(query).to_arrow_table()


def generate(home: Path, conversations: int, seed: int = 1) -> dict[str, int]:
    """Fill the home; how many rows of each kind were appended."""
    counts: dict[str, int] = {}
    people = max(conversations // 5, 1)
    ledger = Ledger(home)
    for changed_only in (False, True):
        with ledger.importing(SOURCE, origin="benchmarks/generate.py") as batch:
            if not changed_only:
                for kind, table in surroundings(people):
                    batch.append(kind, table)
            for kind, table in records(
                conversations, seed, changed_only=changed_only, people=people
            ):
                batch.append(kind, table)
                key = f"{kind}, newer" if changed_only else kind
                counts[key] = counts.get(key, 0) + table.num_rows
    return counts


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--conversations", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    started = time.perf_counter()
    for kind, rows in generate(given.home, given.conversations, given.seed).items():
        print(f"{kind:24} {rows:>12,}")
    print(f"generated and imported in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
