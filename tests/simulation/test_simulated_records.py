"""The records of an operation: whole, in order, deterministic, and possible."""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from simulated import UNTIL, every_shop, rows, small, value

from sanjeh.ledger import KINDS
from sanjeh.simulation import SimulationError, simulate

PLANNED = {("shift", "end"), ("followup", "due_at"), ("business_calendar", "valid_from")}


def _bytes(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def test_same_seed_gives_the_same_bytes() -> None:
    first = small()
    again = simulate("en", days=30, until=UNTIL, seed=1, conversations=2_000)
    assert list(first.tables) == list(again.tables)
    assert all(_bytes(first.tables[k]) == _bytes(again.tables[k]) for k in first.tables)
    assert first.truth == again.truth


def test_another_seed_gives_other_records() -> None:
    other = small(seed=2)
    assert not other.tables["conversation"].equals(small().tables["conversation"])


@every_shop
def test_every_reference_leads_somewhere(locale: str) -> None:
    operation = small(locale)
    known = {
        kind: set(table.column(KINDS[kind].key[0]).to_pylist())
        for kind, table in operation.tables.items()
        if KINDS[kind].has_own_id
    }
    dangling = []
    for kind, table in operation.tables.items():
        for field in KINDS[kind].fields:
            if field.name not in table.column_names:
                continue
            values = table.column(field.name).to_pylist()
            if field.ref:
                given = {(field.ref, v) for v in values if v is not None}
            elif field.ref_by:
                targets = dict(field.ref_kinds)
                by = table.column(field.ref_by).to_pylist()
                given = {
                    (targets[b], v) for b, v in zip(by, values, strict=True) if b in targets and v
                }
            else:
                continue
            dangling += [(kind, field.name, g) for g in given if g[1] not in known[g[0]]]
    assert dangling == []


@every_shop
def test_keys_are_unique_and_words_are_those_of_the_record(locale: str) -> None:
    wrong = []
    for name, table in small(locale).tables.items():
        kind = KINDS[name]
        keys = list(zip(*(table.column(k).to_pylist() for k in kind.key), strict=True))
        if kind.key and len(set(keys)) < len(keys):
            wrong.append((name, "key"))
        for field in kind.fields:
            if field.choices and field.name in table.column_names:
                extra = set(table.column(field.name).to_pylist()) - {*field.choices, None}
                wrong += [(name, field.name, word) for word in extra]
    assert wrong == []


@every_shop
def test_nothing_is_known_after_the_end(locale: str) -> None:
    operation = small(locale)
    end = dt.datetime.combine(UNTIL, dt.time(23), dt.UTC)  # the last local midnight is before
    late = [
        (kind, name)
        for kind, table in operation.tables.items()
        for name in table.column_names
        if pa.types.is_timestamp(table.schema.field(name).type) and (kind, name) not in PLANNED
        and any(v is not None and v > end for v in table.column(name).to_pylist())
    ]  # fmt: skip
    assert late == []


@every_shop
def test_instants_are_in_order(locale: str) -> None:
    operation = small(locale)
    broken = {
        "conversation": "started_at > ended_at OR requested_at > queued_at "
        "OR queued_at > ended_at OR human_requested_at < requested_at",
        "participation": "offered_at > accepted_at OR accepted_at > left_at "
        "OR offered_at > left_at",
        "call": "ring_at > answered_at OR answered_at > ended_at",
        "bot_session": "started_at > ended_at",
        "web_session": "started_at > ended_at",
        "worklog": "started_at > ended_at",
        "escalation": '"at" > resolved_at',
    }
    for kind, condition in broken.items():
        assert value(operation, f"SELECT count(*) FROM {kind} WHERE {condition}") == 0, kind
    early = "SELECT count(*) FROM message m JOIN conversation c ON m.conversation_id = c.id "
    assert value(operation, early + 'WHERE m."at" < c.started_at') == 0
    asked = "SELECT count(*) FROM survey_response r JOIN survey_invite i ON r.invite_id = i.id "
    assert value(operation, asked + "WHERE r.submitted_at <= i.sent_at") == 0
    ticket = "SELECT count(*) FROM ticket_event e JOIN ticket t ON e.ticket_id = t.id "
    assert value(operation, ticket + 'WHERE e."at" < t.created_at') == 0


@every_shop
def test_no_agent_has_more_conversations_than_places(locale: str) -> None:
    operation = small(locale)
    most = dict(rows(operation, "SELECT id, max_concurrency FROM agent"))
    changes = defaultdict(list)
    for agent, start, end in rows(
        operation,
        "SELECT agent_id, epoch_us(coalesce(accepted_at, offered_at)), epoch_us(left_at) "
        "FROM participation WHERE left_at IS NOT NULL",
    ):
        changes[agent] += [(start, 1), (end, -1)]
    assert len(changes) >= 15
    for agent, steps in changes.items():
        busy = 0
        for _, step in sorted(steps):
            busy += step
            assert busy <= most[agent], agent


def test_work_is_taken_only_while_logged_in() -> None:
    outside = """
        SELECT count(*) FROM participation p ASOF JOIN
            (SELECT agent_id, "at" AS since, status FROM agent_status_event) s
            ON p.agent_id = s.agent_id AND p.offered_at >= s.since
        WHERE s.status = 'offline'
    """
    assert value(small(), outside) == 0


def test_status_of_a_ticket_follows_from_the_one_before() -> None:
    broken = """
        SELECT count(*) FROM (
            SELECT "from",
                lag("to") OVER (PARTITION BY ticket_id ORDER BY "at", "sequence") AS before
            FROM ticket_event WHERE type IN ('created', 'status_changed')
        ) WHERE before <> "from"
    """
    assert value(small(), broken) == 0


def test_a_person_is_plainly_made_up() -> None:
    names = {row[0] for row in rows(small("fa"), "SELECT display_name FROM customer")}
    assert all(name.startswith("مشتری ") for name in names)
    assert value(small(), "SELECT min(display_name) FROM customer") == "Customer 00000"
    strange = "SELECT count(*) FROM customer WHERE contact_points NOT LIKE '%@example.com\"}]'"
    assert value(small(), strange) == 0


def test_the_persian_shop_keeps_nowruz_and_ramadan() -> None:
    operation = small("fa", days=60, until=dt.date(2026, 4, 10))
    local = "timezone('Asia/Tehran', answered_at)"
    answered = f"SELECT count(*) FROM call WHERE {local}"
    assert value(operation, f"{answered} >= '2026-03-21' AND {local} < '2026-03-25'") == 0
    assert value(operation, "SELECT count(*) FROM business_calendar") == 3
    hours = f"SELECT DISTINCT hour({local}) FROM call WHERE {local} BETWEEN "
    fasting = {row[0] for row in rows(operation, hours + "'2026-02-21' AND '2026-02-25'")}
    assert fasting <= {10, 11, 12, 13, 14, 15, 20, 21, 22}
    usual = {row[0] for row in rows(operation, hours + "'2026-04-04' AND '2026-04-09'")}
    assert {9, 17, 18} <= usual


def test_the_outage_silences_the_chat() -> None:
    operation = small(days=120)
    (outage,) = [a for a in operation.truth["anomalies"] if a["kind"] == "outage"]
    during = (
        f"started_at >= '{outage['from']}'::TIMESTAMPTZ AND "
        f"started_at < '{outage['until']}'::TIMESTAMPTZ AND channel = 'live_chat'"
    )
    came = value(operation, f"SELECT count(*) FROM conversation WHERE {during}")
    assert outage["contacts_lost"] >= 2
    assert came <= 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"locale": "de"}, "no shop that speaks 'de'; give one of en, fa, ru"),
        ({"days": 3}, "at least 14 days"),
        ({"conversations": 5}, "100 conversations"),
    ],
)
def test_what_cannot_be_simulated_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(SimulationError, match=said):
        simulate(**{"locale": "en", "until": UNTIL, **given})  # type: ignore[arg-type]
