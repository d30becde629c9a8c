"""Rows of Chatwoot's own database, made to look as its API would show them.

The API numbers conversations as people see them (`display_id`), the tables by their own key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

_CONTENT: Final = (
    "text", "input_text", "input_textarea", "input_email", "input_select", "cards", "form",
    "article", "incoming_email", "input_csat", "integrations", "sticker", "voice_call",
)  # fmt: skip
_OBJECTS: Final = ("additional_attributes", "custom_attributes", "content_attributes")


def opened(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its attributes as objects, where a dump wrote them as text, even twice."""
    made = dict(row)
    for name in _OBJECTS:
        told = made.get(name)
        for _ in range(2):
            if isinstance(told, str):
                try:
                    told = json.loads(told) if told else {}
                except ValueError:
                    break
        if name in made:
            made[name] = told
    return made


def conversation(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `conversations`; rows of the API are left as they are."""
    if "display_id" not in row:
        return dict(row)
    made = opened(row)
    labels = made.pop("cached_label_list", None) or ""
    meta: dict[str, Any] = {}
    for name, column in (
        ("sender", "contact_id"),
        ("assignee", "assignee_id"),
        ("team", "team_id"),
    ):
        if made.get(column) is not None:
            meta[name] = {"id": made[column]}
    if meta.get("assignee"):
        meta["assignee_type"] = "User"
    return {
        **made,
        "id": made["display_id"],
        "meta": meta,
        "labels": [label.strip() for label in labels.split(",") if label.strip()],
    }


def message(row: Mapping[str, Any], number: Any) -> dict[str, Any]:
    """A row of `messages` in the conversation that people know by that number."""
    made = {**opened(row), "conversation_id": number}
    kind = made.get("content_type")
    if isinstance(kind, int) and 0 <= kind < len(_CONTENT):
        made["content_type"] = _CONTENT[kind]
    return made


def inbox(row: Mapping[str, Any], hours: list[Mapping[str, Any]]) -> dict[str, Any]:
    """A row of `inboxes` with its rows of `working_hours`, where these are a table of their own."""
    return {**row, "working_hours": hours} if hours else dict(row)


def team(row: Mapping[str, Any], members: list[Any]) -> dict[str, Any]:
    """A row of `teams` with the users that `team_members` puts into it."""
    return {**row, "members": [{"id": member} for member in members]} if members else dict(row)
