"""As it stood at an instant: the facts of a home that received only what had happened by then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from generated_records import Operation
from record_homes import (
    Desk,
    Record,
    built,
    event,
    record,
    said,
    shared,
    status,
    talk,
    team,
    ticket,
)  # fmt: skip

pytestmark = pytest.mark.xdist_group("as it stood")

UNTIL = "2026-02-20T12:00:00Z"
KNOWN_BY = {
    "ticket": "created_at", "ticket_event": "at", "message": "at", "conversation": "requested_at",
    "escalation": "at", "survey_response": "submitted_at", "agent_status_event": "at",
    "call": "ring_at",
}  # fmt: skip
ENDS = ("ended_at", "answered_at", "resolved_at")


def _by_then(records: list[Record]) -> list[Record]:
    """What a home would have received by UNTIL: later records and later instants are unknown."""
    known = []
    for r in records:
        if r.get(KNOWN_BY.get(r["kind"], ""), "") > UNTIL:
            continue
        known.append({k: v for k, v in r.items() if k not in ENDS or v <= UNTIL})
    return known


def _whole(path: Path) -> None:
    built(path, Operation(3).operation(70, 40))


@pytest.mark.slow
def test_facts_as_they_stood_equal_those_of_a_home_that_knew_no_more(
    tmp_path: Path, shared_folder: Path
) -> None:
    records = [r for r in Operation(3).operation(70, 40) if not r.get("status")]
    now = built(tmp_path / "now", records)
    then = built(tmp_path / "then", _by_then(records))
    until = duckdb.sql(f"SELECT epoch_us(TIMESTAMPTZ '{UNTIL}')").fetchone()
    assert until is not None
    paths = [now.facts().as_of(now.ledger(), until[0]).path, then.facts().current().path]  # type: ignore[union-attr]
    wrong = {}
    with duckdb.connect() as sql:
        for name, path in zip("ab", paths, strict=True):
            sql.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
        for fact in ("tickets", "ticket_states", "reopenings", "resolutions", "backlog_flow",
                     "conversations", "requests", "agent_conversations", "awaiting_us",
                     "escalations", "survey_answers", "served_by"):  # fmt: skip
            columns = ", ".join(
                f'"{row[0]}"' for row in sql.execute(f"DESCRIBE a.{fact}").fetchall()
                if not row[0].endswith(("agent_id", "customer_id", "actor_id", "assignee_id"))
            )  # fmt: skip
            for one, other in ("ab", "ba"):
                rows = sql.execute(
                    f"SELECT {columns} FROM {one}.{fact} EXCEPT ALL "
                    f"SELECT {columns} FROM {other}.{fact}"
                ).fetchall()
                if rows:
                    wrong[fact, one] = rows[:2]
    assert wrong == {}


STORY = [
    ticket("t", "03-02 09:00", team_id="south"),
    team("t", "03-02 09:30", "north"),
    status("t", "03-03 09:00", "solved"),
    status("t", "03-20 09:00", "open", actor_type="customer"),
    status("t", "03-21 09:00", "solved"),
    ticket("merged later", "03-02 09:00", merged_into_id="t"),
    event("merged later", "03-15 09:00", "merged", "t"),
    ticket("deleted later", "03-02 09:00", deleted_at="2026-03-15T09:00:00Z"),
    ticket("of April", "04-02 09:00"),
    ticket("without history", "03-02 09:00", status="solved"),
    talk("waits", None, requested_at="03-05 09:00", ended_at="03-20 09:00"),
    said("waits", "03-05 09:00"),
    talk("of later", None, requested_at="03-20 09:00"),
    said("of later", "03-20 09:00"),
    record("team", id="north"),
]


def _story(path: Path) -> None:
    built(path, STORY)


@pytest.fixture(scope="module")
def desk(shared_folder: Path) -> Iterator[Desk]:
    found = Desk(shared(shared_folder / "as-it-stood", _story))
    yield found
    found.close()


def test_figures_as_they_stood_know_nothing_of_what_came_later(desk: Desk) -> None:
    then = {"as_of": "2026-03-10"}
    # now: t is solved on 21 March, after 19 days; then: on 3 March, after one
    assert desk.value("resolution_time") == 1_641_600
    assert desk.value("resolution_time", **then) == 86_400
    assert desk.value("reopened_tickets") == 1
    assert desk.value("reopened_tickets", **then) == 0
    assert desk.value("new_tickets", end="2026-05-01") == 3
    # neither merged nor deleted yet, and April had not come
    assert desk.value("new_tickets", end="2026-05-01", **then) == 4
    assert desk.value("open_tickets", end="2026-03-10", **then) == 2
    assert desk.by("chats", "outcome") == {"missed": 1, "pending": 1}
    assert desk.by("chats", "outcome", **then) == {"pending": 1}


def test_tickets_that_cannot_be_rewound_are_named(desk: Desk) -> None:
    answer = desk.answer("new_tickets", as_of="2026-03-10")
    assert any("cannot be rewound" in warning for warning in answer.warnings)
    assert answer.question["as_it_stood"] is True
    assert answer.question["as_of"] == "2026-03-10T00:00:00+00:00"
