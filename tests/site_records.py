"""The records behind the site that the tests of pages and apps share."""

from __future__ import annotations

from generated_records import Operation

HOSTILE = '<script>alert(1)</script>,=cmd|" /C calc"!A1'
# A team of five, whose figures can be told by hand: the first served two chats, the others one.
FIVE = [
    {"kind": "team", "id": "five", "name": "Five"},
    *({"kind": "agent", "id": f"f{n}", "name": f"Fay {n}", "team_id": "five"} for n in range(1, 6)),
    *(
        record
        for n, agent in enumerate(("f1", "f1", "f2", "f3", "f4", "f5"))
        for record in (
            {"kind": "conversation", "id": f"five{n}", "channel": "chat", "team_id": "five",
             "customer_id": f"five{n}", "topic_id": "billing",
             "started_at": f"2026-02-1{n}T09:00:00Z", "ended_at": f"2026-02-1{n}T09:30:00Z"},
            {"kind": "message", "id": f"five{n}a", "conversation_id": f"five{n}",
             "at": f"2026-02-1{n}T09:00:00Z", "author_type": "customer", "body": "where is it?"},
            {"kind": "message", "id": f"five{n}b", "conversation_id": f"five{n}",
             "at": f"2026-02-1{n}T09:05:00Z", "author_type": "agent", "author_id": agent,
             "body": "on its way"},
        )
    ),
    {"kind": "survey", "id": "five", "survey_kind": "csat", "question": "Content?",
     "scale_min": 1, "scale_max": 5, "polarity": "high_good"},
    *(
        {"kind": "survey_response", "id": f"five{n}", "survey_id": "five",
         "conversation_id": f"five{n}", "customer_id": f"five{n}",
         "submitted_at": f"2026-02-1{n}T10:00:00Z", "score": score,
         **({"comment": comment} if comment else {})}
        for n, (score, comment) in enumerate(
            ((5, "Fay was kind"), (1, "<script>alert('said')</script>"), (4, ""), (2, ""))
        )
    ),
    {"kind": "feedback", "id": "five", "customer_id": "five4", "conversation_id": "five4",
     "at": "2026-02-14T10:00:00Z", "feedback_kind": "suggestion", "text": "Show the hours"},
]  # fmt: skip
OPERATION = [
    *Operation(5).operation(tickets=40, conversations=30),
    *FIVE,
    {"kind": "topic", "id": "hostile", "name": HOSTILE},
    {"kind": "ticket", "id": "x1", "created_at": "2026-02-10T09:00:00Z", "topic_id": "hostile",
     "team_id": "north"},
]  # fmt: skip
