"""Satisfaction: Zendesk's one question, whether it was put, and what was answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sanjeh.sources.helpdesk.contract import Made
from sanjeh.sources.zendesk.reading import Learnt, Object, instant, required_id, text_id

SURVEY: Final = "satisfaction"
SCORES: Final = {"bad": 0.0, "good": 1.0}


def survey() -> Made:
    """The question: good or bad, as 1 or 0."""
    return "survey", {
        "id": SURVEY,
        "kind": "csat",
        "scale_min": 0.0,
        "scale_max": 1.0,
        "satisfied": [1],
        "polarity": "high_good",
        "scope": "support",
        "active": True,
    }


def ratings(value: Object, learnt: Learnt) -> Iterator[Made]:
    """A rating: `offered` is an invitation; `good` and `bad` an answer, with or without words."""
    id_ = required_id(value)
    told = str(value.get("score") or "")
    score = next((points for word, points in SCORES.items() if told.startswith(word)), None)
    created = instant(value.get("created_at"), "created_at")
    changed = instant(value.get("updated_at"), "updated_at")
    about: dict[str, Any] = {
        "survey_id": SURVEY,
        "customer_id": text_id(value.get("requester_id")),
        "ticket_id": text_id(value.get("ticket_id")),
        "conversation_id": text_id(value.get("ticket_id")),
        "version_at": changed,
    }
    asked = told == "offered"
    if score is None and not asked:
        if told != "unoffered":
            learnt.unknown[f"satisfaction score {told or 'without a word'}"] += 1
        return
    yield survey()
    # The offer becomes the answer: the record keeps its id, and changes when it is rated.
    offered = asked or bool(created and changed and changed > created)
    if offered:
        yield "survey_invite", {"id": id_, "sent_at": created, **about}
    if score is not None:
        yield (
            "survey_response",
            {
                "id": id_,
                "invite_id": id_ if offered else None,
                "agent_id": text_id(value.get("assignee_id")),
                "submitted_at": changed or created,
                "score": score,
                "choice": value.get("reason"),
                "comment": value.get("comment"),
                **about,
            },
        )
