"""Chatwoot's own description of its API, where it is at hand: every documented object is read.

Objects are made from its schemas, one for each documented word of a field, and none may hold a
field that is not known here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanjeh.sources.chatwoot.translate import ChatwootTranslation
from sanjeh.sources.helpdesk.contract import Payload

SWAGGER = next(
    (
        file
        for above in Path(__file__).parents
        if (file := above / "shared/data/payloads/chatwoot/swagger/swagger.json").is_file()
    ),
    None,
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SWAGGER is None, reason="no description of Chatwoot's API at hand"),
]
SCHEMAS = {
    "agent": "agents", "agent_bot": "agent_bots", "team": "teams", "inbox": "inboxes",
    "label": "labels", "canned_response": "canned_responses", "contact_list_item": "contacts",
    "contact_detail": "contacts", "extended_contact": "contacts", "conversation": "conversations",
    "message": "messages", "message_detailed": "messages",
}  # fmt: skip
# Described wrongly: a whole list among the fields of a contact.
NOT_OF_IT = {"contacts.payload"}


@pytest.fixture(scope="module")
def described() -> Any:
    assert SWAGGER is not None
    return json.loads(SWAGGER.read_text("utf-8"))


def whole(schema: Any, described: Any) -> dict[str, Any]:
    """The schema without references and parts."""
    while "$ref" in schema:
        found = described
        for name in schema["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        schema = found
    for name in ("oneOf", "anyOf"):
        if name in schema:
            return whole(schema[name][0], described)
    merged = dict(schema)
    for piece in schema.get("allOf", ()):
        inner = whole(piece, described)
        merged["properties"] = {**merged.get("properties", {}), **inner.get("properties", {})}
        merged.setdefault("type", "object")
    return merged


def sample(schema: Any, described: Any) -> Any:
    """A value that the schema allows."""
    told = whole(schema, described)
    if "enum" in told:
        return told["enum"][0]
    sort = told.get("type", "object" if "properties" in told else "string")
    sort = sort[0] if isinstance(sort, list) else sort
    match sort:
        case "object":
            return {k: sample(v, described) for k, v in told.get("properties", {}).items()}
        case "array":
            return [sample(told["items"], described)]
        case "boolean":
            return False
        case "number" | "integer":
            return 1
        case _:
            return "2026-03-02T09:00:00.000Z" if told.get("format") == "date-time" else "word"


def variants(name: str, described: Any) -> Iterator[dict[str, Any]]:
    """One object for each documented word of each of its fields."""
    plain = sample({"$ref": f"#/components/schemas/{name}"}, described)
    yield plain
    fields = whole({"$ref": f"#/components/schemas/{name}"}, described).get("properties", {})
    for field, schema in fields.items():
        for value in whole(schema, described).get("enum", ()):
            yield {**plain, field: value}


@pytest.mark.parametrize("name", SCHEMAS)
def test_documented_object_is_read(name: str, described: Any) -> None:
    stream = SCHEMAS[name]
    made = 0
    for value in variants(name, described):
        translation = ChatwootTranslation()
        value.setdefault("id", 1)
        payload = Payload(stream, value, name)
        translation.learn(payload)
        made += len(list(translation.records(payload)))
        unknown = translation.unknown.keys() - NOT_OF_IT - {"channel word"}  # our sample's
        assert unknown == set()
    assert made > 0 or stream == "agent_bots"


def test_documented_reporting_event_is_a_figure(described: Any) -> None:
    event = sample({"$ref": "#/components/schemas/reporting_event"}, described)
    conversation = sample({"$ref": "#/components/schemas/conversation"}, described)
    events = [{**event, "name": "reply_time"}]
    given = {**conversation, "all_messages": [], "reporting_events": events}
    found = list(ChatwootTranslation().records(Payload("conversations", given, "event")))
    assert [fields["measure"] for kind, fields in found if kind == "vendor_figure"] == [
        "reply_time"
    ]
