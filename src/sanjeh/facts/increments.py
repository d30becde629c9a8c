"""Refreshing what changed: the tickets and conversations touched, and their rows put in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sanjeh.facts.building import FactTables
from sanjeh.facts.catalogue import FACTS
from sanjeh.facts.conversations import REPEATED_WITHIN
from sanjeh.facts.freshness import stamp
from sanjeh.facts.inputs import is_recorded, with_grid
from sanjeh.facts.overlays import renew, searched
from sanjeh.facts.statements import Statements
from sanjeh.facts.touched_days import note_earlier, note_later, renew_days
from sanjeh.ledger import KINDS

if TYPE_CHECKING:
    from sanjeh.facts.generations import Generation
    from sanjeh.ledger import Snapshot

# Kinds that concern rows which no key finds: a change of theirs builds everything anew.
WHOLE_KINDS = (
    "business_calendar", "holiday", "team", "channel", "survey", "settings",
)  # fmt: skip
BOTH = {"ticket_id", "conversation_id"}
# What rows are found by: NAME_id in other records, and which kind has it as its own id.
TARGETS = {"ticket": "ticket", "conversation": "conversation", "session": "web_session"}
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Touched:
    """How many tickets and conversations a refresh concerns, and which kinds have news."""

    tickets: int
    conversations: int
    news: frozenset[str]


def touched(engine: Any, snapshot: Snapshot, last: Generation) -> Touched | None:
    """Tables touched_ticket, touched_conversation and touched_session; None: build all anew.

    News are rows of newer batches, whose files alone are read, and the rows that they replaced.
    """
    raw = engine.scan_ledger(snapshot, KINDS, prefix="raw_", raw=True)
    new = engine.sql.execute(
        f"SELECT DISTINCT kind FROM superseded WHERE by_batch > {last.version}"
    ).fetchall()
    replaced = {row[0] for row in new}
    changed = set()
    for kind in KINDS:
        if is_recorded(snapshot, kind) and _gather(engine, kind, last, kind in replaced):
            changed.add(kind)
    whole = changed & set(WHOLE_KINDS)
    if "settings" in whole and not _moves_hours(engine):
        whole -= {"settings"}
    if whole or _is_recorded_newly(engine, changed):
        return None
    for target, own in TARGETS.items():
        parts = []
        for kind in sorted(changed):
            column = "id" if kind == own else f"{target}_id"
            if column in raw[kind].columns:
                parts.append(f"SELECT {column} AS id FROM news_{kind}")
        parts += [*_tagged(target, changed), *_sold(target, changed)]
        nothing = "SELECT NULL::VARCHAR AS id WHERE false"
        body = " UNION ".join(f"({part})" for part in parts) or nothing
        engine.sql.execute(
            f"CREATE OR REPLACE TEMP TABLE touched_{target} AS "
            f"SELECT DISTINCT id FROM ({body}) WHERE id IS NOT NULL"
        )
    sizes = _close_over(engine, snapshot)
    return Touched(*sizes, frozenset(_news(engine, last, changed, replaced)))


def _tagged(target: str, changed: set[str]) -> Iterator[str]:
    """What tags were put on or taken off, or carries one that was renamed: they name no key."""
    for kind, events in (
        ("tag_event", "news_tag_event e WHERE true"),
        ("tag", "raw_tag_event e WHERE e.tag_id IN (SELECT id FROM news_tag)"),
    ):
        if kind in changed:
            yield f"SELECT e.target_id AS id FROM {events} AND e.target_type = '{target}'"
            if target == "conversation":
                yield (
                    "SELECT m.conversation_id AS id FROM raw_message m WHERE m.id IN "
                    f"(SELECT e.target_id FROM {events} AND e.target_type = 'message')"
                )


def _sold(target: str, changed: set[str]) -> Iterator[str]:
    """Conversations and visits of those whose conversions, or who themselves, changed."""
    found = [kind for kind in ("conversion", "visitor") if kind in changed]
    theirs = {
        "conversation": "SELECT id FROM raw_conversation WHERE visitor_id IN (SELECT visitor_id "
        "FROM v) OR customer_id IN (SELECT customer_id FROM k)",
        "session": "SELECT id FROM raw_web_session WHERE visitor_id IN (SELECT visitor_id FROM v)",
    }  # fmt: skip
    if target not in theirs or not found:
        return
    ids = {"conversion": "visitor_id, customer_id", "visitor": "id AS visitor_id, customer_id"}
    rows = " UNION ALL ".join(f"SELECT {ids[kind]} FROM news_{kind}" for kind in found)
    yield (
        f"WITH they AS ({rows}), "
        "k AS (SELECT customer_id FROM they UNION SELECT customer_id FROM raw_visitor "
        "WHERE id IN (SELECT visitor_id FROM they)), "
        "v AS (SELECT visitor_id FROM they UNION SELECT id FROM raw_visitor "
        f"WHERE customer_id IN (SELECT customer_id FROM k)) {theirs[target]}"
    )


def _gather(engine: Any, kind: str, last: Generation, is_replaced: bool) -> bool:
    """Table news_KIND: rows that came since, and the versions that they replaced; if any."""
    # Apart, not with OR: the statistics of the files tell that most hold no newer batch.
    body = f"SELECT * FROM raw_{kind} WHERE batch > {last.version}"
    if is_replaced:
        body += (
            f" UNION ALL SELECT * FROM raw_{kind} WHERE batch <= {last.version} AND "
            f"{KINDS[kind].identity} IN (SELECT id FROM superseded WHERE kind = '{kind}' "
            f"AND by_batch > {last.version})"
        )
    engine.sql.execute(f"CREATE OR REPLACE TEMP TABLE news_{kind} AS {body}")
    return bool(engine.sql.execute(f"SELECT 1 FROM news_{kind} LIMIT 1").fetchone())


def _moves_hours(engine: Any) -> bool:
    """Whether the settings ever named different hours, or were deleted; else no fact goes by them.

    The rest of them (options, zone, language) is read when a question is asked.
    """
    (named, dead) = engine.sql.execute(
        "SELECT count(DISTINCT coalesce(calendar_id, '')), count(deleted_at) FROM raw_settings"
    ).fetchone()
    return bool(named > 1 or dead)


def _is_recorded_newly(engine: Any, changed: Iterable[str]) -> bool:
    """Whether a source began to record a kind: `coverage` can only gain, but for an erasure."""
    return any(
        engine.sql.execute(
            f"SELECT 1 FROM news_{kind} WHERE coalesce(source, '') NOT IN "
            f"(SELECT source FROM coverage WHERE kind = '{kind}') LIMIT 1"
        ).fetchone()
        for kind in changed
    )


def _news(engine: Any, last: Generation, changed: set[str], replaced: set[str]) -> Iterator[str]:
    """What changed, in the words of a fact's `reads`."""
    yield from changed
    if "ticket_event" in changed:
        rows = engine.sql.execute("SELECT DISTINCT type FROM news_ticket_event").fetchall()
        yield from (f"ticket_event:{row[0]}" for row in rows)
    fresh = f"SELECT 1 FROM raw_attribute WHERE batch > {last.version} LIMIT 1"
    if replaced or engine.sql.execute(fresh).fetchone():
        yield "attribute"


def _close_over(engine: Any, snapshot: Snapshot) -> tuple[int, int]:
    """A touched ticket touches its conversations, and a conversation its ticket: how many then.

    So do records that name both: an escalation in a conversation about another ticket. A visit
    touches its conversations, and a conversation its visit. And a conversation touches those that
    the same customer began within ten minutes of it: one of them may say the other again
    (`repeated_conversations`).
    """
    began = "coalesce(started_at, requested_at, queued_at)"
    beside = (
        f"WITH mine AS (SELECT customer_id, {began} AS mine_at FROM raw_conversation "
        "WHERE id IN (SELECT id FROM touched_conversation)) "
        "SELECT DISTINCT b.id FROM (SELECT * FROM raw_conversation "
        "WHERE customer_id IN (SELECT customer_id FROM mine)) b JOIN mine USING (customer_id) "
        f"WHERE abs({began} - mine_at) <= {REPEATED_WITHIN} "
        "AND b.id NOT IN (SELECT id FROM touched_conversation)"
    )
    columns = {k.name: "conversation_id" for k in KINDS.values() if set(k.by_name) >= BOTH}
    columns["conversation"] = "id"
    links = " UNION ALL ".join(
        f"SELECT {column} AS conversation, ticket_id AS ticket FROM raw_{kind} "
        f"WHERE {column} IN (SELECT id FROM touched_conversation) "
        "OR ticket_id IN (SELECT id FROM touched_ticket)"
        for kind, column in columns.items()
        if is_recorded(snapshot, kind)
    )
    sizes = _sizes(engine)
    while links:
        engine.sql.execute(f"CREATE OR REPLACE TEMP TABLE links AS {links}")
        for target in ("ticket", "conversation"):
            engine.sql.execute(
                f"INSERT INTO touched_{target} SELECT DISTINCT {target} FROM links "
                f"WHERE {target} IS NOT NULL AND {target} NOT IN (SELECT id FROM touched_{target})"
            )
        if is_recorded(snapshot, "conversation"):
            engine.sql.execute(f"INSERT INTO touched_conversation {beside}")
            _with_visits(engine)
        before, sizes = sizes, _sizes(engine)
        if before == sizes:
            break
    return sizes["ticket"], sizes["conversation"]


def _with_visits(engine: Any) -> None:
    engine.sql.execute(
        "CREATE OR REPLACE TEMP TABLE visit_links AS SELECT id AS conversation, session_id AS "
        "session FROM raw_conversation WHERE session_id IS NOT NULL AND (id IN (SELECT id FROM "
        "touched_conversation) OR session_id IN (SELECT id FROM touched_session))"
    )
    for target in ("conversation", "session"):
        engine.sql.execute(
            f"INSERT INTO touched_{target} SELECT DISTINCT {target} FROM visit_links "
            f"WHERE {target} NOT IN (SELECT id FROM touched_{target})"
        )


def _sizes(engine: Any) -> dict[str, int]:
    return {
        target: engine.sql.execute(f"SELECT count(*) FROM touched_{target}").fetchone()[0]
        for target in TARGETS
    }


def replace(
    engine: Any, snapshot: Snapshot, news: frozenset[str], statements: Statements, say: Progress
) -> None:
    """Put the touched rows of every fact, as they are now, into the overlay."""
    names = [f.name for f in FACTS.values() if f.kept and f.scope == "touched"]
    with searched(engine, names) as found:
        _replace(engine, snapshot, news, statements, say, found)


def _replace(
    engine: Any, snapshot: Snapshot, news: frozenset[str], statements: Statements, say: Progress,
    found: Mapping[str, Future[Any]],
) -> None:  # fmt: skip
    ledger = engine.scan_ledger(snapshot, KINDS)
    among = {}
    for kind, table in ledger.items():
        keys = [
            ("id" if own == kind else f"{target}_id", f"touched_{target}")
            for target, own in TARGETS.items()
        ]
        mine = kind if kind in TARGETS.values() else None
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
    ledger = {**ledger, "coverage": engine.table("coverage")}
    inputs = with_grid(engine, {**ledger, **narrow}, made=True)
    tables = FactTables(engine, inputs, "_new", statements)
    whole = FactTables(
        engine, {**ledger, "known_channels": tables["known_channels"]}, statements=statements
    )
    for fact in FACTS.values():  # small ones first, from the whole ledger
        if fact.scope == "whole":
            if fact.reads and fact.kept and not news & set(fact.reads):
                whole.stored[fact.name] = fact.name  # as it was
            tables.stored[fact.name] = whole.ensure(fact.name)
    note_earlier(engine)
    for at, (name, replaced) in enumerate(found.items()):
        say(at / len(found), f"renewing {name}")
        renew(engine, name, tables.ensure(name), replaced.result())
    is_touched = note_later(engine, tables.ensure("work_stretches"), news)
    engine.drop(tables.temporary)
    _rebuild_after(engine, whole, news)
    if is_touched:
        say(1.0, "renewing agents' days")
        _renew_days(engine, ledger, statements)
    engine.drop(whole.temporary)
    before = engine.rows("SELECT * FROM freshness").to_pylist()
    stamp(engine, snapshot, ledger, before)


def _renew_days(engine: Any, ledger: Mapping[str, Any], statements: Statements) -> None:
    """Facts of agents' days, of the days that are touched, now that what they read stands."""
    noted = {name: engine.table(name) for name in ("touched_day", "touched_since")}
    days = FactTables(engine, {**ledger, **noted}, "_new", statements)
    due = [f.name for f in FACTS.values() if f.scope == "days"]
    days.stored |= {f.name: f.name for f in FACTS.values() if f.kept and f.name not in due}
    for name in due:
        renew_days(engine, days.ensure(name))
    engine.drop(days.temporary)


def _rebuild_after(engine: Any, tables: FactTables, news: frozenset[str]) -> None:
    """Facts that are made of other ones, now that those stand as they are."""
    due = [f for f in FACTS.values() if f.scope == "after" and f.kept and news & set(f.reads)]
    tables.stored |= {f.name: f.name for f in FACTS.values() if f.kept and f not in due}
    for fact in due:
        tables.ensure(fact.name)
