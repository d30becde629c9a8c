"""Agents' time: slices that never overlap, whose time it is, and what is worked in it (U1)."""

from __future__ import annotations

import pytest

from record_homes import Desk, Record, record, said, story, talk

pytestmark = pytest.mark.xdist_group("stories")

SPANS = {"start": "2026-03-02", "end": "2026-03-03"}


def _status(agent: str, **when: str) -> list[Record]:
    return [
        record("agent_status_event", agent_id=agent, at=f"03-02 {at.replace('_', ':')}", status=s)
        for s, at in when.items()
    ]


def _held(id: str, agent: str, start: str, end: str, **fields: object) -> list[Record]:
    return [
        talk(id, start, ended_at=end, **fields), said(id, start), said(id, start, agent),
        record("participation", id=f"{id} {agent}", conversation_id=id, agent_id=agent,
               accepted_at=start, left_at=end),
    ]  # fmt: skip


EDGES = story(
    "time on every edge",
    # ann: 10:00 to 14:00 with a break of an hour; a call of half an hour; a chat that times out
    _status("ann", available="10:00", **{"break": "12:00"}, busy="13:00", offline="14:00"),
    {"kind": "shift", "id": "1", "agent_id": "ann", "start": "2026-03-02T09:00:00Z",
     "end": "2026-03-02T13:00:00Z"},
    talk("call", "03-02 10:00", "phone"),
    record("call", conversation_id="call", ring_at="03-02 10:00", answered_at="03-02 10:30",
           ended_at="03-02 11:00"),
    said("call", "03-02 10:31", "ann"),
    talk("timed out", "03-02 11:00", ended_at="03-02 11:58", end_reason="timeout"),
    said("timed out", "03-02 11:00"),
    said("timed out", "03-02 11:13", "ann"),
    record("participation", id="t", conversation_id="timed out", agent_id="ann",
           accepted_at="03-02 11:00", left_at="03-02 11:58"),
    # bea never logs off; nobody knows more of her than her last chat, of which the wrap-up is hers
    _status("bea", available="10:00"),
    talk("wrapped", "03-02 10:30", ended_at="03-02 10:45"),
    said("wrapped", "03-02 10:30"),
    said("wrapped", "03-02 10:31", "bea"),
    record("participation", id="w", conversation_id="wrapped", agent_id="bea",
           accepted_at="03-02 10:30", left_at="03-02 10:45", wrapup_seconds=900),
    # of dan there is no status and no shift
    _held("unseen", "dan", "03-02 10:00", "03-02 11:00"),
    # two spells on one day, six hours apart, are two working days
    record("agent_status_event", agent_id="eve", at="03-02 00:00", status="available"),
    record("agent_status_event", agent_id="eve", at="03-02 02:00", status="offline"),
    record("agent_status_event", agent_id="eve", at="03-02 08:00", status="training"),
    record("agent_status_event", agent_id="eve", at="03-02 09:00", status="offline"),
    record("worklog", id="l", ticket_id="k", agent_id="eve", started_at="03-02 00:00",
           seconds=7200, origin="timer"),  # half an hour of it
)  # fmt: skip


def test_working_hours_run_from_logging_in_to_logging_off(world: Desk) -> None:
    assert world.by("working_hours", "agent", EDGES, **SPANS) == {"ann": 4, "bea": 1, "eve": 3}
    no_breaks = {"options": (("hours.breaks", "out"),)}
    assert world.by("working_hours", "agent", EDGES, **SPANS, **no_breaks)["ann"] == 3
    planned = {"options": (("hours.source", "shift"),)}
    assert world.by("working_hours", "agent", EDGES, **SPANS, **planned) == {"ann": 4}


def test_what_agents_did_is_cut_to_their_working_hours(world: Desk) -> None:
    chats = world.answer("active_chat_hours", of=EDGES, by=("agent",), **SPANS)
    found = {r.group["agent"]["label"]: r.value for r in chats.results}
    # ann 11:00 to 11:15 (two minutes of the silence); bea with the wrap-up, which ends the record
    assert found == {"ann": 0.25, "bea": 0.5, "dan": None}
    assert chats.totals[0].excluded == {"outside working hours": 4}
    assert world.value("chat_load_hours", EDGES, **SPANS) == 0.75
    assert world.value("occupied_hours", EDGES, **SPANS) == 1.75  # the call, and eve's ticket
    assert world.value("staffed_hours", EDGES, **SPANS) == 6  # 3, 1 and 2
    assert world.value("unavailable_hours", EDGES, **SPANS) == 2


def test_figures_of_time_divide_last(world: Desk) -> None:
    assert world.value("chat_utilisation", EDGES, **SPANS) == 0.09375  # 0.75 / 8
    assert world.value("chat_concurrency", EDGES, **SPANS) == 1
    assert world.value("occupancy", EDGES, **SPANS) == 1.75 / 6
    assert world.value("active_to_unavailable", EDGES, **SPANS) == 0.375
    by_kind = world.by("working_time_share", "time_kind", EDGES, **SPANS)
    assert by_kind == {"active chat": 0.09375, "available": 0.65625, "unavailable": 0.25}


def test_shifts_are_held_against_presence(world: Desk) -> None:
    assert world.value("scheduled_hours", EDGES, **SPANS) == 4
    assert world.value("scheduled_hours_worked", EDGES, **SPANS) == 3
    assert world.value("shift_adherence", EDGES, **SPANS) == 0.75


def test_chats_are_counted_by_when_they_ended_for_all_who_wrote(world: Desk) -> None:
    by_agent = world.by("chats_handled", "agent", EDGES, **SPANS)
    assert by_agent == {"ann": 1, "bea": 1, "dan": 1}
    assert world.value("working_days", EDGES, **SPANS) == 4
    assert world.value("chats_per_working_hour", EDGES, **SPANS) == 0.375
    assert world.value("chats_per_working_day", EDGES, **SPANS) == 0.75


@pytest.mark.parametrize(
    ("grain", "zone", "hours"),
    [("hour", "UTC", [1, 1, 1, 1]), ("hour", "Asia/Tehran", [0.5, 1, 1, 1, 0.5])],
)
def test_any_period_in_any_zone_has_its_own_time(
    world: Desk, grain: str, zone: str, hours: list[float]
) -> None:
    ann = (("agent", "is", ("ann",)),)
    series = world.series("working_hours", grain, EDGES, where=ann, zone=zone, **SPANS)
    assert [v for v in series.values() if v] == hours
