"""Waits and work of a made-up operation: offers, segments, transfers, bots, work logs, targets."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable

from record_homes import Record

AGENTS = ("ann", "bea", "cem", "dan", "eve")
TEAMS = ("north", "south", None)
ENDINGS = ("ended", "transferred", "timeout", None)


def _later(instant: str, seconds: int) -> str:
    moved = dt.datetime.fromisoformat(instant) + dt.timedelta(seconds=seconds)
    return moved.strftime("%Y-%m-%dT%H:%M:%SZ")


def waits(records: Iterable[Record], seed: int = 3) -> list[Record]:
    """What the desk did with each conversation and ticket, drawn from a seed."""
    draw = random.Random(seed)
    said = defaultdict(list)
    for r in records:
        if r["kind"] == "message":
            said[r["conversation_id"]].append(r)
    made: list[Record] = [
        {"kind": "benchmark", "id": "frt chat", "metric_id": "first_response", "value": 300,
         "origin": "target", "scope": {"channel": "chat"}},
        {"kind": "benchmark", "id": "frt", "metric_id": "first_response", "value": 2,
         "unit": "hours", "origin": "target", "valid_from": "2026-02-10T00:00:00Z"},
        {"kind": "benchmark", "id": "effort", "metric_id": "time_per_ticket", "value": 10,
         "unit": "minutes", "origin": "target"},
    ]  # fmt: skip
    for r in records:
        if r["kind"] == "conversation":
            made += _of_conversation(r, said[r["id"]], draw)
        elif r["kind"] == "ticket" and draw.random() < 0.5:
            made += [
                {"kind": "worklog", "id": f"{r['id']}-{n}", "ticket_id": r["id"],
                 "agent_id": draw.choice(AGENTS), "seconds": draw.choice((0, 30, 400, 4000)),
                 "origin": draw.choice(("timer", "manual")),
                 "started_at": _later(r["created_at"], 60 * n)}
                for n in range(draw.randrange(1, 3))
            ]  # fmt: skip
    return made


def _of_conversation(talk: Record, said: list[Record], draw: random.Random) -> list[Record]:
    id, at = talk["id"], talk["requested_at"]
    if draw.random() < 0.2:
        talk["end_reason"] = draw.choice(("agent", "customer_left", "timeout", "system"))
    if talk.get("channel") == "chat" and draw.random() < 0.1:
        talk["ended_at"] = _later(at, draw.choice((1, 4, 5, 30)))
    for message in said:
        if message["author_type"] == "agent" and draw.random() < 0.2:
            message["is_holding"] = True
    made: list[Record] = []
    if draw.random() < 0.2:
        talk["human_requested_at"] = _later(at, 20)
        made.append({"kind": "bot_session", "conversation_id": id, "bot_id": "b",
                     "started_at": at, "handed_off_at": _later(at, 20)})  # fmt: skip
    for n in range(draw.choice((0, 0, 1, 1, 2))):
        offered = _later(at, draw.randrange(200))
        accepted = _later(offered, draw.randrange(60)) if draw.random() < 0.8 else None
        left = _later(accepted, draw.randrange(4000)) if accepted and draw.random() < 0.9 else None
        made.append(
            {"kind": "participation", "id": f"{id}-{n}", "conversation_id": id,
             "agent_id": draw.choice(AGENTS), "offered_at": offered, "accepted_at": accepted,
             "left_at": left, "wrapup_seconds": draw.choice((None, 0, 30)),
             "end_reason": draw.choice(ENDINGS) if accepted else "declined"}
        )  # fmt: skip
    if draw.random() < 0.15:
        made.append(
            {"kind": "transfer", "id": f"x-{id}", "conversation_id": id, "at": _later(at, 300),
             "from_agent": draw.choice((*AGENTS, None)), "to_agent": draw.choice((*AGENTS, None)),
             "from_team": draw.choice(TEAMS), "to_team": draw.choice(TEAMS),
             "transfer_kind": draw.choice(("agent", "department", "bot_to_human"))}
        )  # fmt: skip
    return [{k: v for k, v in record.items() if v is not None} for record in made]
