"""The vocabulary keeps its promises: every kind and field is declared once, typed and explained."""

from __future__ import annotations

import dataclasses
import re

import pytest

from sanjeh.ledger import COMMON_FIELDS, KINDS, as_row, ledger_schema
from sanjeh.ledger.kinds.tickets import TicketEvent

# Catalogue part 3, names as written there (kinds of the contract among them).
CATALOGUE = """
account customer subscription revenue_event usage_snapshot agent team department
agent_status_event shift absence visitor web_session page_view chat_invite conversion channel
conversation participation message transfer call bot_session followup ticket ticket_event worklog
escalation escalation_matrix escalation_level topic tag tag_event canned_response kb_article
kb_event sme sme_consult survey survey_invite survey_response feedback feedback_action
success_activity business_calendar holiday sla_agreement sla_clause qa_scorecard qa_criterion
qa_review onboarding training_session benchmark context_event alert_rule alert dashboard
metric_definition settings
"""
# What the catalogue does not have: the helpdesk's own figures (docs/decisions/0012-helpdesks.md).
OURS = {"vendor_figure"}


def test_every_kind_of_the_catalogue_is_declared() -> None:
    assert set(KINDS) == set(CATALOGUE.split()) | OURS


def test_every_field_has_a_meaning() -> None:
    silent = [f"{k.name}.{f.name}" for k in KINDS.values() for f in k.all_fields if not f.meaning]
    assert silent == []


def test_every_kind_says_what_it_is() -> None:
    assert [k.name for k in KINDS.values() if not k.doc.endswith(".")] == []


def test_every_reference_leads_to_a_kind() -> None:
    lost = [
        (k.name, f.name)
        for k in KINDS.values()
        for f in k.fields
        for target in [f.ref, *(kind for _, kind in f.ref_kinds)]
        if target is not None and target not in KINDS
    ]
    assert lost == []


def test_every_reference_by_another_field_names_a_field_of_its_kind() -> None:
    lost = [
        (k.name, f.name)
        for k in KINDS.values()
        for f in k.fields
        if f.ref_by is not None and f.ref_by not in k.by_name
    ]
    assert lost == []


def test_keys_and_instants_are_fields_of_their_kind() -> None:
    for kind in KINDS.values():
        assert set(kind.key) <= set(kind.by_name)
        assert kind.at is None or kind.by_name[kind.at].type == "instant"


def test_no_kind_shadows_a_common_field() -> None:
    common = {f.name for f in COMMON_FIELDS}
    assert common == {
        "source",
        "external_id",
        "sequence",
        "version_at",
        "deleted_at",
        "attributes",
    }
    for kind in KINDS.values():
        assert not common & {f.name for f in kind.fields}


def test_names_are_plain_words() -> None:
    for kind in KINDS.values():
        for f in kind.all_fields:
            assert re.fullmatch(r"[a-z]([a-z_]*[a-z])?", f.name), f"{kind.name}.{f.name}"


def test_instants_are_named_as_instants() -> None:
    plain = {"at", "start", "end", "until", "since", "key_since"}
    for kind in KINDS.values():
        for f in kind.all_fields:
            named = f.name in plain or f.name.endswith(("_at", "_from", "_to"))
            assert (f.type == "instant") <= named, f"{kind.name}.{f.name}"


@pytest.mark.parametrize(
    "name",
    [
        "customer.display_name",
        "customer.contact_points",
        "agent.name",
        "message.body",
        "ticket.subject",
        "survey_response.comment",
        "feedback.text",
        "success_activity.notes",
        "qa_review.comment",
        "kb_event.query",
        "training_session.attendees",
    ],
)
def test_what_names_or_quotes_a_person_is_kept_apart(name: str) -> None:
    kind, field = name.split(".")
    assert KINDS[kind].by_name[field].apart
    assert field not in ledger_schema(KINDS[kind]).names


def test_python_keywords_are_spelled_with_an_underscore_in_python_only() -> None:
    event = TicketEvent(id="1", type="status_changed", from_="open", to="solved")
    assert as_row(event) == {"id": "1", "type": "status_changed", "from": "open", "to": "solved"}


def test_records_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TicketEvent(id="1").id = "2"  # type: ignore[misc]


def test_columns_of_a_ledger_table() -> None:
    assert ledger_schema(KINDS["agent_status_event"]).names == [
        "id",
        "agent_id",
        "at",
        "status",
        "reason",
        "source",
        "external_id",
        "sequence",
        "version_at",
        "deleted_at",
        "batch",
        "content",
    ]
