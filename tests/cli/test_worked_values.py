"""The worked values of requirements 6.6 that these families cover: JSON lines in, JSON out.

One home holds them all, each in a month of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli_cases import figure, home_with, run_json, solved, status, ticket

pytestmark = pytest.mark.xdist_group("cli_worked_values")  # one home for the module


def month(first: str, end: str) -> tuple[str, ...]:
    return ("--from", first, "--to", end)


WAITS = month("2025-01", "2025-02")
RETURNS = month("2025-03", "2025-04")
BASE = month("2025-06", "2025-07")
CHANNELS = month("2026-01", "2026-02")
BUSY = month("2026-03", "2026-04")
OFFICE = month("2026-05", "2026-06")


def conversation(id: str, channel: str, **fields: str) -> dict[str, Any]:
    return {
        "kind": "conversation",
        "id": id,
        "channel": channel,
        "started_at": "2026-01-05T09:00:00Z",
        **fields,
    }


def account(id: str, active_from: str, active_to: str | None = None) -> dict[str, Any]:
    return {
        "kind": "account",
        "id": id,
        "name": id,
        "active_from": f"{active_from}T00:00:00Z",
        "active_to": active_to and f"{active_to}T00:00:00Z",
    }


def records() -> list[dict[str, Any]]:
    """What the worked values speak of."""
    told = [
        # 10, 20 and 60 minutes; one still open
        *solved("w1", "2025-01-06T09:00", "2025-01-06T09:10"),
        *solved("w2", "2025-01-06T09:00", "2025-01-06T09:20"),
        *solved("w3", "2025-01-06T09:00", "2025-01-06T10:00"),
        ticket("w4", "2025-01-06T09:00"),
        # one came back after an hour, one by a slip of four minutes
        *solved("r1", "2025-03-03T09:00", "2025-03-03T10:00"),
        status("r1", "2025-03-03T11:00", "open", "solved"),
        *solved("r2", "2025-03-03T09:00", "2025-03-03T10:00"),
        status("r2", "2025-03-03T11:00", "open", "solved", actor_type="agent"),
        status("r2", "2025-03-03T11:04", "solved", "open", actor_type="agent"),
        # 10 customers at the start of June; 3 come, 1 leaves
        *(account(f"a{n}", "2025-01-01") for n in range(9)),
        account("left", "2025-01-01", "2025-06-10"),
        *(account(f"came{n}", "2025-06-05") for n in range(3)),
        # 3 chats, 2 e-mails, 1 call; one chat and one e-mail belong to the same ticket
        ticket("t1", "2026-01-05T09:00"),
        conversation("c1", "live_chat", ticket_id="t1"),
        conversation("c2", "live_chat"),
        conversation("c3", "live_chat"),
        conversation("m1", "email", ticket_id="t1"),
        conversation("m2", "email"),
        conversation("p1", "phone"),
        # from Friday 15:30 to Monday 09:00 in Berlin, of an office open Mon to Fri, 08 to 16
        {
            "kind": "business_calendar",
            "id": "office",
            "name": "Office",
            "tz": "Europe/Berlin",
            "weekly": [{"dow": n, "from": "08:00", "to": "16:00"} for n in (1, 2, 3, 4, 5)],
        },
        *solved("o1", "2026-05-08T13:30", "2026-05-11T07:00"),
        # 120 resolved, 100 new
        ticket("april", "2026-04-01T00:00"),  # not counted: on the end of the period
    ]
    for n in range(100):
        told += solved(f"new{n}", "2026-03-02T09:00", "2026-03-02T10:00")  # counted in both
    for n in range(20):
        told += solved(f"old{n}", "2026-02-27T09:00", "2026-03-03T10:00")  # resolved only
    return told


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return home_with(tmp_path_factory.mktemp("worked"), records())


def test_v2_counts_every_conversation(home: Path) -> None:
    result = figure(home, "conversations", *CHANNELS)
    assert (result["value"], result["n"], result["unit"]) == (6, 6, "conversations")


def test_v1_counts_a_ticket_of_two_channels_once(home: Path) -> None:
    assert figure(home, "requests", *CHANNELS)["value"] == 5


def test_v2_1_channels_sum_to_the_total(home: Path) -> None:
    answer = run_json(
        "show", "conversations", "--by", "channel", "--format", "json", "--home", home, *CHANNELS
    )
    by_channel = {r["group"]["channel"]["label"]: r["value"] for r in answer["results"]}
    assert by_channel == {"live_chat": 3, "email": 2, "phone": 1}
    assert answer["totals"][0]["value"] == 6


def test_l7_is_not_clamped(home: Path) -> None:
    result = figure(home, "resolution_rate", *BUSY)
    assert result["value"] == 1.2
    assert (result["numerator"], result["denominator"]) == (120, 100)


def test_l7_over_no_new_tickets_is_null_with_its_reason(home: Path) -> None:
    result = figure(home, "resolution_rate", "--from", "2026-03-03", "--to", "2026-03-04")
    assert result["value"] is None
    assert result["numerator"] == 20
    assert result["why_null"] == "new_tickets is 0"


def test_a1_over_a_weekend_is_90_minutes(home: Path) -> None:
    result = run_json(
        "hours", "office", "--from", "2026-05-08 15:30", "--to", "2026-05-11 09:00",
        "--format", "json", "--home", home,
    )  # fmt: skip
    assert result["open_seconds"] == 5400


def test_a1_is_the_same_in_a_metric(home: Path) -> None:
    result = figure(home, "resolution_time@open", *OFFICE)
    assert (result["value"], result["clock"], result["n"]) == (5400, "open", 1)


def test_a1_on_the_calendar_is_two_days_and_a_half(home: Path) -> None:
    assert figure(home, "resolution_time", *OFFICE)["value"] == 235_800  # 65.5 hours


@pytest.mark.parametrize(
    ("metric", "value"),
    [("customers", 12), ("new_customers", 3), ("lost_customers", 1), ("customer_growth", 0.2)],
)
def test_q6(home: Path, metric: str, value: float) -> None:
    assert figure(home, metric, *BASE)["value"] == value


def test_t1_median_and_mean_stand_side_by_side(home: Path) -> None:
    result = figure(home, "resolution_time", *WAITS)
    assert (result["value"], result["n"], result["pending"]) == (1800, 3, 1)
    assert result["statistics"]["median"] == 1200
    assert result["statistics"]["max"] == 3600


def test_l2_a_return_counts_and_a_slip_does_not(home: Path) -> None:
    result = figure(home, "reopened_tickets", *RETURNS)
    assert result["value"] == 1
    assert result["excluded"] == {"undone by the agent at once": 1}
