"""Refreshing what changed: the tickets and conversations touched, and their rows put in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sanjeh.facts.building import FactTables
from sanjeh.facts.catalogue import FACTS
from sanjeh.facts.freshness import stamp
from sanjeh.facts.inputs import coverage, is_recorded, stored_coverage, with_coverage, with_grid
from sanjeh.facts.statements import Statements
from sanjeh.ledger import KINDS

if TYPE_CHECKING:
    from sanjeh.facts.generations import Generation
    from sanjeh.ledger import Snapshot

# Kinds that concern rows which no key finds: a change of theirs builds everything anew.
WHOLE_KINDS = (
    "business_calendar", "holiday", "team", "channel", "survey", "settings",
)  # fmt: skip
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Touched:
    """How many tickets and conversations a refresh concerns, and which kinds have news."""

    tickets: int
    conversations: int
    news: frozenset[str]


def touched(engine: Any, snapshot: Snapshot, last: Generation) -> Touched | None:
    """Tables touched_ticket and touched_conversation; None where all must be built anew."""
    raw = engine.scan_ledger(snapshot, KINDS, prefix="raw_", raw=True)
    new = engine.sql.execute(
        f"SELECT DISTINCT kind FROM superseded WHERE by_batch > {last.version}"
    ).fetchall()
    replaced = {row[0] for row in new}
    changed: dict[str, str] = {}
    for kind in KINDS:
        view = f"raw_{kind}"
        condition = f"batch > {last.version}"
        if kind in replaced:
            condition += (
                " OR id IN (SELECT id FROM superseded WHERE kind = "
                f"'{kind}' AND by_batch > {last.version})"
            )
        if not snapshot.files(kind) and kind not in snapshot.inbox:
            continue
        if engine.sql.execute(f"SELECT 1 FROM {view} WHERE {condition} LIMIT 1").fetchone():
            changed[kind] = condition
    if any(kind in WHOLE_KINDS for kind in changed):
        return None
    if coverage(engine, snapshot) != stored_coverage(engine):
        return None
    for target, kind in (("ticket", "ticket"), ("conversation", "conversation")):
        parts = []
        for name, condition in changed.items():
            column = "id" if name == kind else f"{target}_id"
            if column in raw[name].columns and (column != "id" or name == kind):
                parts.append(f"SELECT {column} AS id FROM raw_{name} WHERE {condition}")
        body = " UNION ".join(parts) or "SELECT NULL::VARCHAR AS id WHERE false"
        engine.sql.execute(
            f"CREATE OR REPLACE TEMP TABLE touched_{target} AS "
            f"SELECT DISTINCT id FROM ({body}) WHERE id IS NOT NULL"
        )
    _close_over(engine)
    sizes = [
        engine.sql.execute(f"SELECT count(*) FROM touched_{k}").fetchone()[0]
        for k in ("ticket", "conversation")
    ]
    return Touched(sizes[0], sizes[1], frozenset(_news(engine, last, changed, replaced)))


def _news(
    engine: Any, last: Generation, changed: dict[str, str], replaced: set[str]
) -> Iterator[str]:
    """What changed, in the words of a fact's `reads`."""
    yield from changed
    if "ticket_event" in changed:
        rows = engine.sql.execute(
            f"SELECT DISTINCT type FROM raw_ticket_event WHERE {changed['ticket_event']}"
        ).fetchall()
        yield from (f"ticket_event:{row[0]}" for row in rows)
    fresh = f"SELECT 1 FROM raw_attribute WHERE batch > {last.version} LIMIT 1"
    if replaced or engine.sql.execute(fresh).fetchone():
        yield "attribute"


def _close_over(engine: Any) -> None:
    """A touched ticket touches its conversations, and a conversation its ticket.

    So do records that name both: an escalation in a conversation about another ticket.
    """
    links = "SELECT id AS conversation_id, ticket_id FROM raw_conversation" + "".join(
        f" UNION ALL SELECT conversation_id, ticket_id FROM raw_{kind.name}"
        for kind in KINDS.values()
        if {"ticket_id", "conversation_id"} <= set(kind.by_name)
    )
    while True:
        added = 0
        for target, other in (("ticket", "conversation"), ("conversation", "ticket")):
            before = engine.sql.execute(f"SELECT count(*) FROM touched_{target}").fetchone()[0]
            engine.sql.execute(
                f"INSERT INTO touched_{target} SELECT DISTINCT {target}_id FROM ({links}) "
                f"WHERE {other}_id IN (SELECT id FROM touched_{other}) "
                f"AND {target}_id IS NOT NULL "
                f"AND {target}_id NOT IN (SELECT id FROM touched_{target})"
            )
            after = engine.sql.execute(f"SELECT count(*) FROM touched_{target}").fetchone()[0]
            added += after - before
        if not added:
            return


def replace(
    engine: Any, snapshot: Snapshot, news: frozenset[str], statements: Statements, say: Progress
) -> None:
    """Delete the touched rows of every fact and insert them as they are now."""
    ledger = engine.scan_ledger(snapshot, KINDS)
    among = {}
    for kind, table in ledger.items():
        keys = [
            ("id" if target == kind else f"{target}_id", f"touched_{target}")
            for target in ("ticket", "conversation")
        ]
        mine = kind if kind in ("ticket", "conversation") else None
        among[kind] = [
            (column, touched)
            for column, touched in keys
            if column in table.columns and (mine is None or column == "id")
        ]
    among = {kind: pairs for kind, pairs in among.items() if pairs}
    narrow = dict(ledger)
    touched = engine.scan_ledger(snapshot, KINDS, prefix="touched_now_", among=among)
    for kind, table in touched.items():
        narrow[kind] = table
        if is_recorded(snapshot, kind):  # once, since several facts read each
            engine.create(f"touched_{kind}s", table, passing=True)
            narrow[kind] = engine.table(f"touched_{kind}s")
    message, text = narrow["message"], ledger["text"]
    said = text.semi_join(message, [text.id == message.id, text.kind == "message"])
    engine.create("touched_texts", said, passing=True)
    narrow["text"] = engine.table("touched_texts")
    ledger = with_coverage(engine, snapshot, ledger)
    tables = FactTables(engine, with_grid(engine, {**ledger, **narrow}), "_new", statements)
    whole = FactTables(
        engine, {**ledger, "known_channels": tables["known_channels"]}, statements=statements
    )
    names = [f.name for f in FACTS.values() if f.kept]
    for fact in FACTS.values():  # small ones first, from the whole ledger
        if fact.scope == "whole":
            if fact.reads and fact.kept and not news & set(fact.reads):
                whole.stored[fact.name] = fact.name  # as it was
            tables.stored[fact.name] = whole.ensure(fact.name)
    engine.sql.execute("BEGIN")
    for at, name in enumerate(names):
        fact = FACTS[name]
        say(at / len(names), f"renewing {name}")
        if fact.scope == "whole":
            continue
        fresh = tables.ensure(name)
        stored = set(engine.table(name).columns)
        for column, touched in (
            ("ticket_id", "touched_ticket"), ("conversation_id", "touched_conversation"),
        ):  # fmt: skip
            if column in stored:
                engine.sql.execute(
                    f"DELETE FROM {name} WHERE {column} IN (SELECT id FROM {touched})"
                )
        engine.insert(name, fresh)
    engine.drop(tables.temporary)
    engine.drop(whole.temporary)
    stamp(engine, snapshot, ledger)
    engine.sql.execute("COMMIT")
