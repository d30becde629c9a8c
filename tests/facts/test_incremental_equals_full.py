"""Facts brought up to date equal facts built anew, row for row, whatever came in what order."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest

from generated_records import AGENTS, TEAMS, Operation
from generation_files import attach
from record_homes import Record, flat, load, record, said, status, talk, team, ticket
from sanjeh.facts import overlays
from sanjeh.facts.catalogue import KEPT
from sanjeh.facts.increments import WHOLE_KINDS
from sanjeh.home import Home

SECRET = bytes(range(32))
BOOKKEEPING = ("coverage", "freshness", "settings")


def differences(home: Home) -> dict[str, int]:
    """Rows in which the present facts and a full rebuild differ, by table; no row is none."""
    current = home.facts().current()
    assert current is not None
    full = home.refresh(full=True)
    assert full.how == "full"
    found = {}
    with duckdb.connect() as sql:
        attach(sql, current.path, "a")
        attach(sql, full.path, "b")
        for name in (*(f.name for f in KEPT), *BOOKKEEPING):
            columns = [
                {row[0] for row in sql.execute(f"DESCRIBE {side}.{name}").fetchall()}
                for side in "ab"
            ]
            assert columns[0] == columns[1], name
            chosen = ", ".join(f'"{c}"' for c in sorted(columns[0]))
            for one, other in ("ab", "ba"):
                (rows,) = sql.execute(
                    f"SELECT count(*) FROM (SELECT {chosen} FROM {one}.{name} EXCEPT ALL "
                    f"SELECT {chosen} FROM {other}.{name})"
                ).fetchone() or (0,)
                if rows:
                    found[f"{name}, only in {'the old' if one == 'a' else 'the full'}"] = rows
    return found


def later(record_: Record, version: int, **changes: object) -> Record:
    """A newer version of a record."""
    return {**record_, "version_at": f"2026-07-{version:02d}T00:00:00Z", **changes}


def home_of(path: Path, *records: object) -> Home:
    home = Home(path)
    receive(home, *records)
    return home


def receive(home: Home, *records: object) -> str:
    """Import, refresh, and say how that was done."""
    load(home, flat(records))
    return home.refresh().how


# -- one thing at a time ---------------------------------------------------------------------

BASE = [
    record("business_calendar", id="always", tz="UTC", always_open=True),
    *[record("team", id=t, calendar_id="always") for t in TEAMS],
    *[{"kind": "agent", "id": a, "team_id": t} for a, t in AGENTS.items()],
    record("topic", id="login", name="Login"),
    record("benchmark", id="0", metric_id="new_tickets", value=1.0),
    talk("rang before", "03-01 09:00", "phone"),
    record("call", conversation_id="rang before", ring_at="03-01 09:00"),
    record("agent_status_event", agent_id="ann", at="03-01 08:00", status="available"),
    ticket("a", "03-02 09:00", team_id="north", version_at="2026-03-02T09:00:00Z"),
    status("a", "03-02 10:00", "solved"),
    ticket("b", "03-03 09:00"),
    team("b", "03-04 09:00", "south"),
    talk("of a", "03-02 09:00", ticket_id="a"),
    said("of a", "03-02 09:00"),
    said("of a", "03-02 09:10", "ann"),
    talk("lone", "03-02 09:00", "whatsapp"),
    said("lone", "03-02 09:00"),
    said("lone", "03-02 09:10", "bea"),
    talk("of an unknown ticket", "03-05 09:00", ticket_id="later", end_reason="agent"),
    said("of an unknown ticket", "03-05 09:01", "cem"),
    record("escalation", id="x", ticket_id="b", conversation_id="lone", at="03-06 09:00"),
    ticket("raised from a chat", "03-06 09:00", channel_first="email", topic_id="login"),
    talk("the chat it was raised from", "03-06 09:00"),
    record(
        "escalation",
        id="y",
        ticket_id="raised from a chat",
        at="03-06 09:00",
        conversation_id="the chat it was raised from",
    ),
    talk("asked once", "03-07 09:00", customer_id="zoe"),
    said("asked once", "03-07 09:00", body="where is my parcel number 77"),
    said("asked once", "03-07 09:01", "dan"),
    talk("with dan", "03-06 09:00"),
    said("with dan", "03-06 09:00", "dan"),
    record("tag", id="vip", name="VIP"),
    said("with dan", "03-06 09:05", id="tagged"),
    record(
        "tag_event",
        id="before",
        target_type="message",
        target_id="tagged",
        tag_id="vip",
        op="add",
        at="03-06 10:00",
    ),
    record("visitor", id="will"),
    record("web_session", id="first", visitor_id="will", started_at="03-08 08:00"),
    record("page_view", session_id="first", at="03-08 08:00", url="/"),
    record("conversion", id="1", visitor_id="will", at="03-08 08:00"),
    talk("of the visit", "03-08 08:10", visitor_id="will", session_id="first"),
    said("of the visit", "03-08 08:10"),
    said("of the visit", "03-08 08:11", "ann"),
    talk("of the customer", "03-08 12:00", customer_id="wilma"),
    said("of the customer", "03-08 12:00"),
    said("of the customer", "03-08 12:01", "bea"),
    record("followup", id="1", conversation_id="of the customer", status="open"),
    {
        "kind": "shift",
        "id": "1",
        "agent_id": "bea",
        "start": "2026-03-02T08:00:00Z",
        "end": "2026-03-02T16:00:00Z",
    },
    record("survey_response", id="s", conversation_id="of a", score=4, submitted_at="03-03 09:00"),
]

STEPS = {
    "a late event": [status("a", "03-02 09:30", "solved")],
    "a reopening by a thanks": [
        status("a", "03-05 09:00", "open", actor_type="customer"),
        said("of a", "03-05 09:00", body="thanks!"),
    ],
    "a message that is no thanks": [said("of a", "03-05 10:00", body="it fails")],
    "a message in a thread": [said("lone", "03-08 09:00")],
    "the ticket of a conversation that came first": [ticket("later", "03-05 08:00")],
    "a conversation that gets a ticket": [talk("lone", "03-02 09:00", "whatsapp", ticket_id="b",
                                                version_at="07-01")],
    "an agent who changes team": [{"kind": "agent", "id": "dan", "team_id": "north",
                                   "version_at": "2026-07-01T00:00:00Z"}],
    "a chat from which another ticket was raised": [
        said("the chat it was raised from", "03-06 09:10")],
    "a corrected ticket": [ticket("a", "03-01 09:00", team_id="south", priority="high",
                                  version_at="2026-07-01T00:00:00Z")],
    "a ticket deleted": [ticket("b", "03-03 09:00", deleted_at="2026-04-01T00:00:00Z",
                                version_at="2026-07-01T00:00:00Z")],
    "a named topic": [record("topic", id="billing", name="Billing")],
    "the same words again": [
        talk("asked again", "03-07 09:05", customer_id="zoe"),
        said("asked again", "03-07 09:05", body="Where is my parcel number 77"),
    ],
    "the same words, from before": [
        talk("asked before", "03-07 08:55", customer_id="zoe"),
        said("asked before", "03-07 08:55", body="Where is my parcel number 77"),
        said("asked before", "03-07 08:56", "dan"),
    ],
    "a tag put on": [record("tag_event", id="on", target_type="conversation", target_id="lone",
                            tag_id="vip", op="add", at="03-09 09:00")],
    "a tag taken off a message": [record("tag_event", id="off", target_type="message",
                                         target_id="tagged", tag_id="vip", op="remove",
                                         at="03-09 09:00")],
    "a tag put on a ticket": [record("tag_event", id="on b", target_type="ticket", target_id="b",
                                     tag_id="vip", op="add", at="03-09 09:00")],
    "a tag renamed": [record("tag", id="vip", name="Dear", version_at="2026-07-01T00:00:00Z")],
    "a conversion after a chat": [
        record("conversion", id="2", visitor_id="will", at="03-08 09:00", type="purchase")],
    "a conversion that is taken back": [
        record("conversion", id="2", visitor_id="will", at="03-08 09:00", type="purchase",
               status="cancelled", version_at="2026-07-01T00:00:00Z")],
    "a visitor who turns out to be a customer": [
        record("visitor", id="will", customer_id="wilma", version_at="2026-07-01T00:00:00Z"),
        record("conversion", id="3", customer_id="wilma", at="03-09 09:00")],
    "a follow-up done": [
        record("followup", id="1", conversation_id="of the customer", done_at="03-08 15:00",
               status="done", version_at="2026-07-02T00:00:00Z")],
    "a page seen": [record("page_view", session_id="first", at="03-08 08:20", url="/help")],
    "another visit": [
        record("web_session", id="second", visitor_id="will", started_at="03-10 08:00",
               ended_at="03-10 09:00"),
        talk("of the second", "03-10 08:10", visitor_id="will", session_id="second")],
    "a chat that belongs to another visit": [
        talk("of the second", "03-10 08:10", visitor_id="will", session_id="first",
             version_at="07-01")],
    "a shift": [{"kind": "shift", "id": "2", "agent_id": "ann", "start": "2026-03-02T07:30:00Z",
                 "end": "2026-03-02T16:00:00Z"}],
    "presence": [record("agent_status_event", agent_id="ann", at="03-02 08:00", status="busy")],
    "a ticket under the calendar, closed long after": [
        ticket("c", "03-02 09:00", status="closed", resolved_at="2026-03-02T10:00:00Z",
               closed_at="2026-09-01T00:00:00Z")],
    "a merge that only the record tells": [
        ticket("c", "03-02 09:00", status="closed", resolved_at="2026-03-02T10:00:00Z",
               closed_at="2026-09-01T00:00:00Z", merged_into_id="a",
               version_at="2026-10-01T00:00:00Z")],
    "a call": [talk("rang", "03-02 09:00", "phone"),
               record("call", conversation_id="rang", ring_at="03-02 08:59",
                      answered_at="03-02 09:01")],
    "a target": [record("benchmark", id="1", metric_id="requests", value=3.0)],
    "fields of one's own": [ticket("d", "03-09 09:00", attributes={"plan": "gold"})],
    "nothing new": [ticket("d", "03-09 09:00", attributes={"plan": "gold"})],
    "a new version of the calendar": [
        record("business_calendar", id="always", tz="UTC", weekly=[],
               valid_from="2026-03-02 09:05")],
    "a setting": [{"kind": "settings", "tz": "Asia/Tehran", "calendar_id": "always"}],
    "another calendar": [record("business_calendar", id="office", tz="UTC", weekly=[])],
    "an event after all that": [status("d", "03-10 09:00", "solved")],
}  # fmt: skip


@pytest.mark.parametrize(
    "stops",
    [
        pytest.param(("nothing new",), id="all that needs no rebuild"),
        pytest.param(tuple(STEPS)[1::3], id="every third step", marks=pytest.mark.slow),
    ],
)
def test_facts_equal_a_full_rebuild_after_each_step(stops: tuple[str, ...], tmp_path: Path) -> None:
    home = home_of(tmp_path / "home", BASE)
    how, found, waiting = {}, {}, []
    for name, records in STEPS.items():
        waiting += records
        if name in stops:
            how[name] = receive(home, waiting)
            found[name] = differences(home)
            waiting = []
    assert {name: different for name, different in found.items() if different} == {}
    assert "incremental" in how.values()


# -- one overlay after another ---------------------------------------------------------------

ONE_AFTER_ANOTHER = (
    "a late event", "a reopening by a thanks", "a message that is no thanks",
    "a conversation that gets a ticket", "a corrected ticket", "a ticket deleted", "a named topic",
    "the ticket of a conversation that came first",
)  # fmt: skip


@pytest.mark.parametrize("merged_after", [None, 3], ids=["one base", "merged after three"])
def test_overlays_over_one_base_equal_a_full_rebuild(
    merged_after: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_of(tmp_path / "home", BASE)
    bases = []
    for number, name in enumerate(ONE_AFTER_ANOTHER, 1):
        with monkeypatch.context() as patch:
            if number == merged_after:
                patch.setattr(overlays, "LARGE_ROWS", -1)
                patch.setattr(overlays, "LARGE_SHARE", 0.0)
            assert receive(home, STEPS[name]) == "incremental"
        current = home.facts().current()
        assert current is not None
        bases.append(current.base and current.base.name)
    first = "generation-000001.duckdb"
    # The third refresh made overlay 4, and merged it into base 5.
    assert bases == ([first] * 8 if merged_after is None else [
        first, first, None, *["generation-000005.duckdb"] * 5
    ])  # fmt: skip
    assert differences(home) == {}


def test_bounds_of_freshness_that_were_superseded_are_found_anew(tmp_path: Path) -> None:
    home = home_of(tmp_path / "home", BASE, status("b", "05-01 09:00", "open", id="last"))
    gone = status("b", "05-01 09:00", "open", id="last", deleted_at="2026-05-02T00:00:00Z",
                  version_at="2026-05-02T00:00:00Z")  # fmt: skip
    assert receive(home, {**gone, "at": "2026-03-07T00:00:00Z"}) == "incremental"
    assert differences(home) == {}


# -- everything at once ----------------------------------------------------------------------


def _shuffled(path: Path, seed: int, *, tickets: int, rounds: int, every: int) -> None:
    r = random.Random(seed)
    operation = Operation(seed)
    records = operation.operation(tickets, tickets // 3)
    r.shuffle(records)
    first, waiting = _first_of_their_kind(records)
    home = Home(path)
    share = len(waiting) // (rounds + 1)
    load(home, [*first, *waiting[:share]])
    home.refresh()
    seen, waiting = waiting[:share], waiting[share:]
    incremental = 0
    for version in range(1, rounds + 1):
        batch = waiting[:share]
        waiting = waiting[share:]
        changed = r.sample([s for s in seen if s["kind"] in ("ticket", "conversation")], 8)
        batch += [_changed(r, c, version) for c in changed]
        gone = r.sample([s for s in seen if s["kind"] == "ticket_event"], 2)
        batch += [later(e, version, deleted_at="2026-07-01T00:00:00Z") for e in gone]
        if version % 3 == 0:
            batch.append(
                record("business_calendar", id="office", tz="Asia/Tehran",
                       valid_from=f"2026-02-{version:02d} 00:00",
                       weekly=[{"dow": "mon", "from": "10:00", "to": "12:00"}])
            )  # fmt: skip
        r.shuffle(batch)
        load(home, _once(batch))
        seen += batch
        if version % 4 == 3:
            home.ledger().erase("customer", f"c{r.randrange(40)}", source="desk")
        incremental += home.refresh().how == "incremental"
        if version % every == 0:
            assert differences(home) == {}, (seed, version)
    assert incremental


def _first_of_their_kind(records: list[Record]) -> tuple[list[Record], list[Record]]:
    """One record of each kind and all that concern everything, then the rest: no rebuild later."""
    first, rest, met = [], [], set()
    for one in records:
        (rest if one["kind"] in met else first).append(one)
        met |= {one["kind"]} - set(WHOLE_KINDS)
    return first, rest


def _changed(r: random.Random, old: Record, version: int) -> Record:
    if old["kind"] == "ticket":
        return later(
            old, version, team_id=r.choice(TEAMS), priority=r.choice(("low", "high")),
            topic_id=r.choice(("billing", "login")), is_spam=r.random() < 0.2,
        )  # fmt: skip
    return later(
        old, version, department_id=r.choice(TEAMS), ticket_id=f"t{r.randrange(1, 60)}",
        needs_reply=r.choice((True, False)),
    )  # fmt: skip


def _once(batch: list[Record]) -> list[Record]:
    """The batch with one version of each record."""
    return list({(r["kind"], r.get("id"), r.get("conversation_id"), r.get("at"),
                  r.get("valid_from")): r for r in batch}.values())  # fmt: skip


@pytest.mark.parametrize("seed", [1])
def test_facts_equal_a_full_rebuild_after_a_shuffled_sequence(seed: int, tmp_path: Path) -> None:
    _shuffled(tmp_path / "home", seed, tickets=30, rounds=1, every=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
def test_facts_equal_a_full_rebuild_after_every_round(seed: int, tmp_path: Path) -> None:
    _shuffled(tmp_path / "home", seed, tickets=60, rounds=6, every=2)


@pytest.mark.slow
def test_order_of_arrival_changes_no_fact(tmp_path: Path) -> None:
    records = Operation(5).operation(30, 10)
    homes = []
    for seed in (1, 2):
        shuffled = list(records)
        random.Random(seed).shuffle(shuffled)
        path = tmp_path / f"home{seed}"
        path.mkdir()
        (path / "secret").write_bytes(SECRET)  # so that a person is called the same in both
        home = Home(path)
        for n in range(2):
            load(home, shuffled[n::2])
        homes.append(home.refresh().path)
    with duckdb.connect() as sql:
        for name, path in zip("ab", homes, strict=True):
            attach(sql, path, name)
        for fact in KEPT:
            described = sql.execute(f"DESCRIBE a.{fact.name}").fetchall()
            columns = ", ".join(f'"{row[0]}"' for row in described)
            left = sql.execute(
                f"SELECT {columns} FROM a.{fact.name} EXCEPT ALL "
                f"SELECT {columns} FROM b.{fact.name}"
            ).fetchall()
            assert left == [], fact.name
