"""The fields of each sort of object: what is read, and what is left out on purpose.

Any other is told as unknown, so that news in Chatwoot's API are seen. In both lists stand the
fields of the API, of webhooks, and of the database's tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_ROW: Final = "id account_id created_at updated_at"
KNOWN: Final[Mapping[str, frozenset[str]]] = {
    stream: frozenset(f"{_ROW} {names}".split())
    for stream, names in {
        # Presence is told as it is now and not as it was; addresses of agents are not kept.
        "agents": "name role email availability_status availability auto_offline confirmed "
        "available_name display_name thumbnail avatar_url custom_role_id custom_attributes "
        "provider uid type ui_settings pubsub_token message_signature otp_required_for_login",
        "agent_bots": "name description thumbnail outgoing_url bot_type bot_config access_token "
        "system_bot secret",
        "teams": "name members description allow_auto_assign is_member icon icon_color",
        "inboxes": "name channel_type working_hours_enabled working_hours timezone avatar_url "
        "channel_id greeting_enabled greeting_message enable_email_collect csat_survey_enabled "
        "csat_config csat_response_visibility enable_auto_assignment auto_assignment_config "
        "out_of_office_message "
        "callback_webhook_url allow_messages_after_resolved lock_to_single_conversation "
        "sender_name_type business_name help_center tweets_enabled allowed_domains widget_color "
        "website_url hmac_mandatory hmac_token welcome_title welcome_tagline web_widget_script "
        "website_token selected_feature_flags reply_time pre_chat_form_enabled "
        "pre_chat_form_options continuity_via_email page_id reauthorization_required instagram_id "
        "messaging_service_sid phone_number medium account_sid auth_token bot_name bot_token "
        "line_channel_id email forward_to_email forwarding_enabled imap_login imap_password "
        "imap_address imap_port imap_enabled imap_enable_ssl smtp_login smtp_password smtp_address "
        "smtp_port smtp_enabled smtp_domain smtp_enable_ssl_tls smtp_enable_starttls_auto "
        "smtp_openssl_verify_mode smtp_authentication provider provider_config webhook_url "
        "inbox_identifier additional_attributes message_templates secret voice_enabled "
        "email_address portal_id api_key_sid content_templates",
        "labels": "title description color show_on_sidebar",
        "canned_responses": "short_code content",
        "contacts": "name email phone_number created_at custom_attributes additional_attributes "
        "availability_status blocked identifier thumbnail avatar avatar_url last_activity_at "
        "contact_inboxes type account contact_type country_code location last_name middle_name "
        "company_id",
        # Who has looked when, and what a person may still do, tell nothing of what happened.
        "conversations": "meta status inbox_id last_activity_at priority labels muted "
        "additional_attributes custom_attributes campaign_id contact_id channel all_messages "
        "reporting_events messages uuid agent_last_seen_at assignee_last_seen_at can_reply "
        "contact_last_seen_at snoozed_until timestamp first_reply_created_at unread_count "
        "last_non_activity_message waiting_since sla_policy_id applied_sla sla_events "
        "suggested_label_ids contact_inbox contact_inbox_id display_id identifier assignee_id "
        "team_id assignee_agent_bot_id cached_label_list assignee_type",
        "messages": "conversation_id message_type content content_type content_attributes private "
        "status sender sender_type sender_id attachments additional_attributes inbox_id source_id "
        "echo_id client_message_id call external_source_ids processed_message_content sentiment "
        "conversation attachment",
        "csat_survey_responses": "conversation_id rating feedback_message message_id contact "
        "contact_id assigned_agent assigned_agent_id csat_review_notes review_notes_updated_at "
        "review_notes_updated_by review_notes_updated_by_id conversation",
    }.items()
}
