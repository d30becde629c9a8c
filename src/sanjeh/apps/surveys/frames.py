"""The frame that shows a survey in the chat (docs/reference/chat-protocol.md)."""

from __future__ import annotations

from typing import Any

from sanjeh.apps.surveys.links import token
from sanjeh.apps.surveys.models import Invitation, Question, spoken
from sanjeh.apps.surveys.wording import word


def frame(invitation: Invitation) -> dict[str, Any]:
    """The `survey` frame of an invitation."""
    return {
        "type": "survey", "invitation": token(invitation),
        "questions": [question(q, invitation.language) for q in invitation.asked()],
        "closes_at": invitation.closes_at.isoformat(),
    }  # fmt: skip


def question(asked: Question, language: str) -> dict[str, Any]:
    """One question of the frame; scales have their ends and labels, else there are choices."""
    shown: dict[str, Any] = {
        "id": asked.code, "kind": asked.kind, "text": asked.said("texts", language),
        "required": asked.is_required,
    }  # fmt: skip
    if asked.is_scored:
        shown |= {
            "low": asked.low, "high": asked.high,
            "low_label": asked.said("low_labels", language),
            "high_label": asked.said("high_labels", language),
        }  # fmt: skip
    elif asked.kind != "text":
        offered = options(asked, language)
        shown["choices"] = [{"id": o["value"], "name": o["text"]} for o in offered]
    return shown


def options(asked: Question, language: str) -> list[dict[str, str]]:
    """What may be chosen, with its words."""
    if asked.kind == "expectation":
        return [
            {"value": v, "text": word(language, f"expectation.options.{v}")} for v in asked.values
        ]
    return [{"value": str(o["value"]), "text": spoken(o["texts"], language)} for o in asked.options]
