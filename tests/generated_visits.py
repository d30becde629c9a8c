"""The website and the shifts of a made-up operation: visitors, visits, pages, conversions."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

from record_homes import Record

AGENTS = ("ann", "bea", "cem", "dan")


def _later(instant: str, seconds: int) -> str:
    moved = dt.datetime.fromisoformat(instant) + dt.timedelta(seconds=seconds)
    return moved.strftime("%Y-%m-%dT%H:%M:%SZ")


def visits(records: Iterable[Record], seed: int = 4) -> list[Record]:
    """Who came to the website before some of the conversations, and what they did there."""
    draw = random.Random(seed)
    made: list[Record] = [
        {"kind": "visitor", "id": f"w{n}", "is_bot": n % 11 == 0, "is_internal": n % 13 == 0,
         "customer_id": f"c{n}" if n % 3 == 0 else None}
        for n in range(25)
    ]  # fmt: skip
    talks = [r for r in records if r["kind"] == "conversation"]
    for n, talk in enumerate(talks):
        if draw.random() < 0.5:
            continue
        visitor, session, at = f"w{draw.randrange(27)}", f"s{n}", talk["requested_at"]
        talk["visitor_id"] = visitor
        start = _later(at, -draw.choice((-5, 0, 40, 900)))
        made.append(
            {"kind": "web_session", "id": session, "visitor_id": visitor, "started_at": start,
             "ended_at": _later(at, draw.choice((60, 5000))) if draw.random() < 0.7 else None,
             "device": draw.choice(("phone", "computer", None))}
        )  # fmt: skip
        made += [
            {"kind": "page_view", "session_id": session, "at": _later(start, seconds), "url": url}
            for seconds, url in ((0, "/"), (draw.choice((30, 1000, 6000)), "/basket"))
        ]
        if draw.random() < 0.8:
            talk["session_id"] = session
        if draw.random() < 0.3:
            made.append(
                {"kind": "chat_invite", "id": f"i{n}", "session_id": session, "at": at,
                 "by": draw.choice(("agent", "trigger")), "conversation_id": talk["id"],
                 "result": draw.choice(("accepted", "dismissed", None))}
            )  # fmt: skip
        if draw.random() < 0.4:
            done = _later(at, draw.choice((-60, 30, 4000, 90_000, 400_000, 700_000)))
            made.append(
                {"kind": "conversion", "id": f"b{n}", "at": done, "value": draw.choice((5, 90.5)),
                 "visitor_id": draw.choice((visitor, None)), "currency": "EUR",
                 "customer_id": draw.choice((talk["customer_id"], None)),
                 "type": draw.choice(("purchase", "Purchase", "signup")),
                 "status": draw.choice(("done", "done", "refunded"))}
            )  # fmt: skip
        if draw.random() < 0.3:
            made.append(
                {"kind": "followup", "id": f"f{n}", "conversation_id": talk["id"],
                 "done_at": _later(at, draw.choice((60, 5000, 95_000))), "status": "done",
                 "followup_kind": draw.choice(("email", "call"))}
            )  # fmt: skip
    made += [
        {"kind": "shift", "id": f"{agent} {day}", "agent_id": agent,
         "start": f"2026-02-{day:02d}T{hour:02d}:05:00Z", "end": f"2026-02-{day:02d}T23:50:00Z"}
        for agent, hour in zip(AGENTS, (8, 9, 16, 0), strict=True) for day in range(3, 20, 4)
    ]  # fmt: skip
    return [{k: v for k, v in record.items() if v is not None} for record in made]
