"""Tags, ready replies and articles for a made-up operation, drawn from a seed of their own."""

from __future__ import annotations

import random
from collections.abc import Sequence

from record_homes import Record

TAGS = ("delay", "Delay ", "بازگشت‌وجه", "بازگشتوجه", "vip", "no record of its own")
READY = ("hello", "wait", "bye")


def content_setting() -> list[Record]:
    """The tags, ready replies and articles that there are."""
    return [
        *(
            {"kind": "tag", "id": f"tag{n}", "name": name, "category_id": ("billing", None)[n % 2],
             "high_priority": name == "vip"}
            for n, name in enumerate(TAGS[:-1])
        ),
        *({"kind": "canned_response", "id": r, "title": r.title()} for r in READY),
        {"kind": "kb_article", "id": "guide", "topic_id": "billing", "status": "published"},
    ]  # fmt: skip


def content(records: Sequence[Record], seed: int = 3) -> list[Record]:
    """What tags were put on and taken off, and which messages came from a ready reply."""
    draw = random.Random(seed)
    made = content_setting()
    for r in records:
        if r["kind"] == "message" and r["author_type"] == "agent" and draw.random() < 0.3:
            r["canned_response_id"] = draw.choice(READY)
            r["canned_edited"] = draw.random() < 0.3
            r["body_length"] = draw.randrange(400)
        if r["kind"] == "conversation" and draw.random() < 0.5:
            r["outcome"] = draw.choice(("resolved", "unresolved", "escalated"))
        if r["kind"] not in ("conversation", "ticket", "message"):
            continue
        at = r.get("at") or r.get("ended_at") or r.get("requested_at") or r["created_at"]
        often = 0.02 if r["kind"] == "message" else 0.4
        for n in range(3):
            if draw.random() < often:
                made.append(
                    {"kind": "tag_event", "id": f"g {r['id']} {n}", "target_type": r["kind"],
                     "target_id": r["id"], "at": at, "sequence": n,
                     "tag_id": f"tag{draw.randrange(len(TAGS))}",
                     "op": draw.choice(("add", "add", "add", "remove")),
                     "actor_type": draw.choice(("agent", "agent", "system")),
                     "actor_id": draw.choice(("ann", "bea", "cem"))}
                )  # fmt: skip
    return made
