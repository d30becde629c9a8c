"""Fields of Intercom's objects that are read, or passed over knowingly; any other is told.

Passed over are what no record kind holds (devices, pictures, addresses of pages), what says again
what is read elsewhere (`open` beside `state`), and what Intercom keeps for its own pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


PART: Final = _names(
    "app_package_code assigned_to attachments author body conversation_created_at conversation_id "
    "conversation_total_parts conversation_updated_at created_at email_message_metadata "
    "event_details external_id id metadata notified_at part_type previous_ticket_state redacted "
    "state tags ticket_state translations type updated_at updated_attribute_data"
)

FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "conversations": _names(
        "admin_assignee_id ai_agent ai_agent_participated ai_title ai_topic assignee brand_id "
        "brand_name channel company contacts conversation_message conversation_parts "
        "conversation_rating created_at custom_attributes customer_first_reply customers deleted "
        "deleted_at first_contact_reply id linked_objects links object open priority read "
        "sent_at sla_applied snoozed_until source state statistics tags team_assignee_id "
        "teammates ticket title topics type updated_at user waiting_since"
    ),
    "tickets": _names(
        "admin_assignee_id category company_id contacts created_at deleted deleted_at id is_shared "
        "linked_objects object open previous_ticket_state_id snoozed_until team_assignee_id "
        "ticket_attributes ticket_id ticket_parts ticket_state ticket_state_external_label "
        "ticket_state_internal_label ticket_type type updated_at"
    ),
    "contacts": _names(
        "android_app_name android_app_version android_device android_last_seen_at "
        "android_os_version android_sdk_version avatar browser browser_language browser_version "
        "companies created_at custom_attributes deleted deleted_at email email_domain "
        "enabled_push_messaging external_id formatted_phone has_hard_bounced id ios_app_name "
        "ios_app_version ios_device ios_last_seen_at ios_os_version ios_sdk_version "
        "language_override last_contacted_at last_email_clicked_at last_email_opened_at "
        "last_replied_at last_seen_at location marked_email_as_spam name notes object "
        "opted_in_subscription_types opted_out_subscription_types os owner_id phone referrer role "
        "segments signed_up_at sms_consent social_profiles tags type unsubscribed_from_emails "
        "unsubscribed_from_sms updated_at utm_campaign utm_content utm_medium utm_source utm_term "
        "workspace_id"
    ),
    "companies": _names(
        "app_id company_id created_at custom_attributes deleted deleted_at id industry "
        "last_request_at monthly_spend name object plan remote_created_at segments session_count "
        "size tags type updated_at user_count website"
    ),
    "admins": _names(
        "admin_ids app avatar away_mode_enabled away_mode_reassign away_status_reason_id email "
        "email_verified has_inbox_seat id job_title name team_ids team_priority_level type"
    ),
    "teams": _names(
        "admin_ids admin_priority_level assignment_limit distribution_method id name type"
    ),
    "tags": _names("applied_at applied_by id name type"),
    "articles": _names(
        "ai_chatbot_availability ai_copilot_availability ai_sales_agent_availability audience_ids "
        "author_id body body_markdown created_at default_locale description folder_id id parent_id "
        "parent_ids parent_type state statistics tags title translated_content type updated_at url "
        "workspace_id"
    ),
    "macros": _names(
        "available_on body body_text created_at id name type updated_at visible_to "
        "visible_to_team_ids"
    ),
    "calls": _names(
        "admin_id answered_at call_type contact_id conversation_id created_at direction ended_at "
        "ended_reason fin_recording_url fin_transcription_url id initiated_at phone "
        "recording_url state transcript transcript_status transcription_url type updated_at"
    ),
    "activity_logs": _names(
        "activity_description activity_type created_at id metadata performed_by"
    ),
}


def tell_unknown(stream: str, value: Mapping[str, Any], unknown: Counter[str]) -> None:
    """Count the fields of one payload that nobody here has heard of."""
    known = PART if "part_type" in value else FIELDS.get(stream)
    if known is None or value.keys() <= known:
        return
    for name in value.keys() - known:
        unknown[f"{stream}.{name}"] += 1
