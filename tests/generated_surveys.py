"""What customers thought of a made-up operation, and how its conversations ended."""

from __future__ import annotations

import datetime as dt
import random

from record_homes import Record

SURVEYS = (
    ("stars", "csat", 1, 5, None), ("ten", "csat", 1, 10, [8, 9, 10]),
    ("recommend", "nps", 0, 10, None), ("recommend wrong", "nps", 1, 5, None),
    ("ease", "ces", 1, 7, None), ("effort", "ces", 1, 7, None),
    ("expected", "expectation", 1, 3, None),
)  # fmt: skip
REASONS = ("product_bug", "policy", None)
SEGMENTS = ("gold", "Gold", "new", None)
TOUCHPOINTS = ("support", "Purchase", "خرید", None)


def _after(instant: str, minutes: int) -> str:
    when = dt.datetime.fromisoformat(instant) + dt.timedelta(minutes=minutes)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def surveys(records: list[Record]) -> list[Record]:
    """Outcomes put into the conversations, and records beside them, in a steady order."""
    r = random.Random(23)
    made: list[Record] = [
        {"kind": "customer", "id": f"c{n}", "account_id": f"k{n % 4}" if n % 3 else None,
         "demographics": {"country": ("IR", "RU", "ایران")[n % 3], "age_band": "18-29"}}
        for n in range(0, 40, 2)
    ]  # fmt: skip
    made += [
        {"kind": "survey", "id": id, "survey_kind": kind, "question": f"{id.capitalize()}?",
         "scale_min": low, "scale_max": high, "satisfied": satisfied, "touchpoint": "support",
         "polarity": "low_good" if id == "effort" else "high_good"}
        for id, kind, low, high, satisfied in SURVEYS if id != "stars"
    ]  # fmt: skip
    number = 0
    for talk in [x for x in records if x["kind"] == "conversation"]:
        id, began = talk["id"], talk["requested_at"]
        if talk.get("ended_at") and r.random() < 0.8:
            talk["outcome"] = r.choice(("resolved",) * 5 + ("unresolved", "escalated"))
            if talk["outcome"] == "unresolved":
                talk["unresolved_reason"] = r.choice(REASONS)
        talk["segment_snapshot"] = r.choice(SEGMENTS)
        if r.random() < 0.1:
            made.append(
                {"kind": "followup", "id": f"f{id}", "due_at": _after(began, 2_000),
                 **({"conversation_id": id} if r.random() < 0.5 or not talk.get("ticket_id")
                    else {"ticket_id": talk["ticket_id"]}),
                 "status": r.choice(("open", "done", "cancelled"))}
            )  # fmt: skip
        for _ in range(r.choice((0, 0, 1, 1, 2))):
            number += 1
            survey = r.choice([s for s, *_ in SURVEYS])
            sent = _after(began, r.choice((5, 90, 3_000)))
            about = r.choice(({"conversation_id": id},) * 4 + ({}, {}))
            if talk.get("ticket_id") and r.random() < 0.15:
                about = {"ticket_id": talk["ticket_id"]}
            made.append(
                {"kind": "survey_invite", "id": f"i{number}", "survey_id": survey,
                 "customer_id": talk["customer_id"], "sent_at": sent, **about}
            )  # fmt: skip
            if r.random() < 0.6:
                low, high = next((a, b) for s, _, a, b, _ in SURVEYS if s == survey)
                high += number % 30 == 0  # now and then a score that the scale has not
                made.append(
                    {"kind": "survey_response", "id": f"r{number}", "survey_id": survey,
                     "invite_id": f"i{number}" if r.random() < 0.8 else None,
                     "customer_id": talk["customer_id"], "score": r.randint(low, high),
                     "submitted_at": _after(sent, r.choice((1, 600, 20_000))),
                     "touchpoint": r.choice(TOUCHPOINTS), "segment_snapshot": r.choice(SEGMENTS),
                     **({} if r.random() < 0.2 else about)}
                )  # fmt: skip
        if r.random() < 0.2:
            made += _feedback(r, talk, len(made))
    return [_clean(x) for x in made]


def _feedback(r: random.Random, talk: Record, number: int) -> list[Record]:
    given = _after(talk["requested_at"], 300)
    found: list[Record] = [
        {"kind": "feedback", "id": f"b{number}", "at": given, "origin": r.choice(("Form", "chat")),
         "customer_id": talk["customer_id"],
         "conversation_id": talk["id"] if r.random() < 0.7 else None,
         "topic_id": r.choice(("billing", None)),
         "feedback_kind": r.choice(("complaint", "praise", "suggestion", None)),
         "sentiment": r.choice(("positive", "negative", "constructive", None))}
    ]  # fmt: skip
    if r.random() < 0.5:
        found.append(
            {"kind": "feedback_action", "id": f"a{number}", "feedback_id": f"b{number}",
             "at": _after(given, 2_000), "action": "answered",
             "product_ref": r.choice(("APP-1", None))}
        )  # fmt: skip
    return found


def _clean(record: Record) -> Record:
    return {k: v for k, v in record.items() if v is not None}
