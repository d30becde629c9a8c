"""Every rule of integrity, by a record that breaks it and one that does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from record_homes import load, record, said, shared, status, talk, ticket
from sanjeh.checks.integrity import Integrity, Sample, integrity
from sanjeh.checks.rules import RULES
from sanjeh.engines.duck import DuckEngine
from sanjeh.home import Home

pytestmark = pytest.mark.xdist_group("checks")

ANN = record("agent", id="ann", name="Ann Example")
BOB = record("customer", id="bob", display_name="Bob Example")
LIKERT = record("survey", id="s5", survey_kind="csat", scale_min=1, scale_max=5)


def part(id: str, of: str, offered: str, accepted: str, left: str, **fields: Any) -> Any:
    return record(
        "participation", id=id, conversation_id=of, agent_id="ann", offered_at=offered,
        accepted_at=accepted, left_at=left, **fields,
    )  # fmt: skip


def presence(when: str, status: str, **fields: Any) -> Any:
    return record("agent_status_event", agent_id="ann", at=when, status=status, **fields)


def tagged(id: str, what: str, target: str) -> Any:
    return record("tag_event", id=id, tag_id="x", target_type=what, target_id=target,
                  at="03-02 10:00", op="add")  # fmt: skip


def rated(id: str, score: float, survey: str = "s5", **fields: Any) -> Any:
    return record("survey_response", id=id, survey_id=survey, score=score,
                  submitted_at="03-02 12:00", **fields)  # fmt: skip


# Of each rule: the records, how many break it, how many could be asked, whom the samples name.
CASES: dict[str, tuple[list[Any], int, int, list[str]]] = {
    "accepted_before_requested": (
        [
            ANN,
            talk("c1", "03-02 09:00", requested_at="03-02 09:00"),
            part("p1", "c1", "03-02 09:01", "03-02 09:00:30", "03-02 09:20"),  # counted
            part("p2", "c1", "03-02 09:01", "03-02 09:01", "03-02 09:20"),  # not: the same moment
            talk("c2", "03-02 09:00", requested_at="03-02 09:00"),
            record("participation", id="p3", conversation_id="c2", agent_id="ann",
                   accepted_at="03-02 08:59:59"),  # counted: before the chat was asked for
            record("call", conversation_id="c2", ring_at="03-02 09:00", answered_at="03-02 08:59"),
            said("c1", "03-02 09:00"), said("c2", "03-02 09:00"),
        ],
        3, 4, ["conversation c1", "conversation c2"],
    ),
    "reply_before_message": (
        [
            ANN,
            talk("c1", "03-02 09:00", direction="inbound"),
            said("c1", "03-02 08:59", "ann"), said("c1", "03-02 09:00"),  # counted
            talk("c2", "03-02 09:00", direction="inbound"),
            said("c2", "03-02 09:00"), said("c2", "03-02 09:00", "ann"),  # not counted: on the edge
            talk("c3", "03-02 09:00", direction="outbound"),
            said("c3", "03-02 09:00", "ann"), said("c3", "03-02 09:30"),  # not: the agent began
            talk("c4", "03-02 09:00", direction="inbound"),  # not counted: an automatic greeting
            said("c4", "03-02 08:59", "ann", is_auto=True), said("c4", "03-02 09:00"),
            said("c4", "03-02 09:05", "ann"),
            talk("c5", "03-02 09:00", requested_at="03-02 09:00"),
            said("c5", "03-02 08:00", "ann"),  # counted: before it was asked for
            talk("c6", "03-02 09:00", direction="inbound"),  # not counted: a note
            said("c6", "03-02 08:59", "ann", visibility="internal"), said("c6", "03-02 09:00"),
            said("c6", "03-02 09:01", "ann"),
        ],
        2, 5, ["conversation c1", "conversation c5"],
    ),
    "ended_before_started": (
        [
            ANN,
            talk("c1", "03-02 09:00", ended_at="03-02 08:00"), said("c1", "03-02 09:00"),
            talk("c2", "03-02 09:00", ended_at="03-02 09:00"), said("c2", "03-02 09:00"),
            talk("c3", "03-02 09:00"), said("c3", "03-02 09:00"),  # not asked: it goes on
            part("p1", "c2", "03-02 09:00", "03-02 09:10", "03-02 09:05"),
            ticket("t1", "03-02 09:00"), status("t1", "03-01 09:00", "solved", actor_id="ann"),
            ticket("t2", "03-02 09:00"), status("t2", "03-02 09:00", "solved", actor_id="ann"),
        ],
        3, 5, ["conversation c1", "conversation c2", "ticket t1"],
    ),
    "unknown_agent": (
        [
            ANN,
            ticket("t1", "03-02 09:00", assignee_id="ghost"),
            ticket("t2", "03-02 09:00", assignee_id="ann"),
            ticket("t3", "03-02 09:00"),  # not asked: nobody has it
            talk("c1", "03-02 09:00"),
            said("c1", "03-02 09:00"), said("c1", "03-02 09:01", "ghost"),
            said("c1", "03-02 09:02", "ann"), said("c1", "03-02 09:03", "bot"),
        ],
        2, 4, ["conversation c1", "ticket t1"],
    ),
    "unknown_customer": (
        [
            BOB,
            ticket("t1", "03-02 09:00", customer_id="nobody"),
            ticket("t2", "03-02 09:00", customer_id="bob"),
            talk("c1", "03-02 09:00"),
            said("c1", "03-02 09:00", author_id="nobody"), said("c1", "03-02 09:01"),
        ],
        2, 3, ["conversation c1", "ticket t1"],
    ),
    "overlapping_status": (
        [
            ANN,
            presence("03-02 09:00", "available"), presence("03-02 09:00", "away"),  # counted: two
            presence("03-02 10:00", "available", sequence=1),  # not counted: an order is told
            presence("03-02 10:00", "busy", sequence=2),
            presence("03-02 11:00", "offline"),
            record("shift", id="w1", agent_id="ann", start="2026-03-02T09:00:00Z",
                   end="2026-03-02T17:00:00Z"),
            record("shift", id="w2", agent_id="ann", start="2026-03-02T16:00:00Z",
                   end="2026-03-02T20:00:00Z"),  # counted
            record("shift", id="w3", agent_id="ann", start="2026-03-02T20:00:00Z",
                   end="2026-03-02T22:00:00Z"),  # not counted: it begins where the other ends
        ],
        3, 8, ["agent"],
    ),
    "score_outside_scale": (
        [
            LIKERT, record("survey", id="ces", survey_kind="ces"),
            talk("c1", "03-02 09:00"), said("c1", "03-02 09:00"),
            rated("r1", 6, conversation_id="c1"), rated("r2", 5), rated("r3", 1),
            rated("r4", 0.5), rated("r5", 8, "ces"), rated("r6", 7, "ces"),
        ],
        3, 6, ["conversation c1", "survey_response r4", "survey_response r5"],
    ),
    "nps_on_wrong_scale": (
        [
            LIKERT,
            record("survey", id="n1", survey_kind="nps", scale_min=1, scale_max=5),
            record("survey", id="n2", survey_kind="nps", scale_min=0, scale_max=10),
            record("survey", id="n3", survey_kind="nps"),  # not asked: it tells no scale
        ],
        1, 2, ["survey n1"],
    ),
    "currency_mixed": (
        [
            record("revenue_event", id=f"b{n}", at="03-02 09:00", amount=10, currency=currency)
            for n, currency in enumerate(("EUR", "eur", "EUR", "USD"))
        ],
        1, 4, ["revenue_event b3"],
    ),
    "conversation_without_messages": (
        [
            talk("c1", "03-02 09:00"),
            talk("c2", "03-02 09:00"), said("c2", "03-02 09:00"),
            talk("c3", "03-02 09:00", "phone"),  # not asked: a call has no messages
            record("call", conversation_id="c3", ring_at="03-02 09:00"),
        ],
        1, 2, ["conversation c1"],
    ),
    "tag_on_missing": (
        [
            ticket("t1", "03-02 09:00"),
            talk("c1", "03-02 09:00"), {**said("c1", "03-02 09:00"), "id": "said"},
            tagged("g1", "ticket", "t1"), tagged("g2", "conversation", "c1"),
            tagged("g3", "conversation", "c9"),  # counted
            tagged("g4", "message", "said"), tagged("g5", "message", "unsaid"),  # the second
        ],
        2, 5, ["conversation c9", "message unsaid"],
    ),
    "duplicate_external_id": (
        [
            ticket("t1", "03-02 09:00", external_id="77"),
            ticket("t2", "03-02 09:00", external_id="77"),
            ticket("t3", "03-02 09:00", external_id="78"), ticket("t4", "03-02 09:00"),
            talk("c1", "03-02 09:00", external_id="77"), said("c1", "03-02 09:00"),
        ],
        2, 4, ["ticket t1", "ticket t2"],
    ),
    "dated_in_the_future": (
        [
            ticket("t1", "2199-03-02 09:00"), ticket("t2", "03-02 09:00"),
            ANN,
            record("shift", id="w1", agent_id="ann", start="2199-03-02T09:00:00Z"),  # a plan
        ],
        1, 2, ["ticket t1"],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def home(shared_folder: Path) -> Home:
    """One source a rule, all in one home."""

    def make(path: Path) -> None:
        told = [{**r, "source": rule} for rule, case in CASES.items() for r in case[0]]
        load(Home(path), told)

    return shared(shared_folder / "integrity home", make)


@pytest.fixture(scope="module")
def everything(home: Home) -> Integrity:
    return integrity(home.ledger(), DuckEngine)


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert tuple(CASES) == RULES


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_counts_what_breaks_it_and_nothing_else(home: Home, rule: str) -> None:
    found = integrity(home.ledger(), DuckEngine, source=rule)
    _, count, n, samples = CASES[rule]
    own = next(r for r in found.rules if r.name == rule)
    assert (own.count, own.n) == (count, n)
    named = [f"{s.kind} {s.short}" if s.kind != "agent" else "agent" for s in own.samples]
    assert named == samples
    assert {r.name for r in found.rules if r.count} == {rule}


def test_the_home_has_the_faults_of_all_its_sources(everything: Integrity) -> None:
    assert {r.name: r.count for r in everything.rules} == {
        rule: case[1] for rule, case in CASES.items()
    }
    assert everything.faults == sum(case[1] for case in CASES.values())


def test_samples_hold_ids_and_no_names(everything: Integrity) -> None:
    told = repr(everything.as_json())
    assert "Example" not in told
    assert "about my order" not in told


def test_a_reader_of_some_tickets_is_told_of_those_only(home: Home) -> None:
    seen = ["unknown_agent/t1", "unknown_agent/t2", "ended_before_started/c2"]
    found = integrity(home.ledger(), DuckEngine, seen=seen)
    counts = {r.name: (r.count, r.n) for r in found.rules if r.n}
    assert counts["unknown_agent"] == (1, 3)  # two tickets and a part in c2, whose agent is known
    assert counts["ended_before_started"] == (1, 2)  # c2 and the agent's part in it
    assert "overlapping_status" not in counts  # it hangs on no ticket
    whole = [s for r in found.rules for s in r.samples]
    assert Sample("ticket", "unknown_agent/t1") in whole
    assert {s.id for s in whole} <= set(seen)
    nothing = integrity(home.ledger(), DuckEngine, seen=[])
    assert [r.n for r in nothing.rules] == [0] * len(RULES)


def test_a_record_that_was_mended_breaks_no_rule_any_more(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    wrong = talk("c1", "03-02 09:00", ended_at="03-02 08:00")
    load(home, [wrong, said("c1", "03-02 09:00")])
    assert integrity(home.ledger(), DuckEngine).faults == 1
    mended = talk("c1", "03-02 09:00", ended_at="03-02 09:30", version_at="03-03 09:00")
    load(home, [mended])
    assert integrity(home.ledger(), DuckEngine).faults == 0
    load(home, [{**wrong, "deleted_at": "2026-03-05T00:00:00Z",
                 "version_at": "2026-03-05T00:00:00Z"}])  # fmt: skip
    assert integrity(home.ledger(), DuckEngine).faults == 0
