"""Fields that Zendesk documents, stream by stream: any other is told as not known.

Written from Zendesk's reference and from what exports lay beside (`metric_set`, `holidays`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sanjeh.sources.zendesk.reading import KNOWN as LAID_BESIDE

_USER: Final = """
    active alias chat_only created_at custom_role_id default_group_id details email external_id
    iana_time_zone id last_active last_login_at locale locale_id moderator name notes
    only_private_comments organization_id permanently_deleted phone photo remote_photo_url
    report_csv restricted_agent role role_type shared shared_agent shared_phone_number signature
    suspended tags ticket_restriction time_zone two_factor_auth_enabled updated_at url user_fields
    verified
"""
_STREAMS: Final = {
    "agents": f"""
        {_USER} create_date departments display_name enabled enabled_departments first_name
        last_login last_name login_count role_id roles scope skills
    """,
    "users": _USER,
    "organizations": """
        created_at deleted_at details domain_names external_id group_id id name notes
        organization_fields shared_comments shared_tickets tags updated_at url
    """,
    "groups": "created_at default deleted description id is_public name updated_at url",
    "brands": """
        active brand_url created_at default has_help_center help_center_state host_mapping id
        is_deleted logo name signature_template subdomain ticket_form_ids updated_at url
    """,
    "macros": """
        actions active app_installation categories created_at default description id permissions
        position raw_title restriction title updated_at url usage_1h usage_24h usage_7d usage_30d
    """,
    "ticket_fields": """
        active agent_can_edit agent_description collapsed_for_agents created_at creator_app_name
        creator_user_id custom_field_options custom_statuses description editable_in_portal id key
        position raw_description raw_title raw_title_in_portal regexp_for_validation
        relationship_filter relationship_target_type removable required required_in_portal
        sub_type_id system_field_options tag title title_in_portal type updated_at url
        visible_in_portal
    """,
    "ticket_forms": """
        active agent_conditions created_at default display_name end_user_conditions
        end_user_visible id in_all_brands name position raw_display_name raw_name
        restricted_brand_ids ticket_field_ids updated_at url
    """,
    "custom_statuses": """
        active agent_label created_at default description end_user_description end_user_label id
        raw_agent_label raw_description raw_end_user_description raw_end_user_label
        status_category updated_at url
    """,
    "schedules": """
        created_at deleted_at holidays id intervals name time_zone updated_at url
        schedule_id start_date end_date
    """,
    "sla_policies": "created_at description filter id policy_metrics position title updated_at url",
    "tickets": """
        allow_attachments allow_channelback assignee_email assignee_id attribute_value_ids brand_id
        collaborator_ids collaborators comment comment_count created_at custom_fields
        custom_status_id dates deleted_ticket_form_id description due_at email_cc_ids email_ccs
        encoded_id external_id fields follower_ids followers followup_ids forum_topic_id
        from_messaging_channel generated_timestamp group_id has_incidents id is_public macro_id
        macro_ids metadata metric_events metric_set organization_id priority problem_id raw_subject
        recipient requester_id safe_update satisfaction_probability satisfaction_rating
        sharing_agreement_ids slas status subject submitter_id support_type tags ticket_form_id
        ticket_id type updated_at updated_stamp url via via_followup_source_id via_id voice_comment
        assignee collaborator current_tags group organization requester score submitter
    """,
    "ticket_audits": """
        attachments author_id created_at events id metadata ticket_id via
        audit_id body event_type html_body plain_body public timestamp type uploads
        via_reference_id data formatted_from formatted_to recording_url transcription_visible
        call_id trusted author
    """,
    "ticket_metrics": """
        agent_wait_time_in_minutes assigned_at assignee_stations assignee_updated_at created_at
        custom_status_updated_at first_resolution_time_in_minutes full_resolution_time_in_minutes
        generated_timestamp group_stations id initially_assigned_at instance_id
        latest_comment_added_at metric on_hold_time_in_minutes reopens replies
        reply_time_in_minutes reply_time_in_seconds requester_updated_at
        requester_wait_time_in_minutes solved_at status status_updated_at ticket_id time type
        updated_at url
    """,
    "ticket_metric_events": """
        deleted group_sla id instance_id metric sla status ticket_id time type
    """,
    "deleted_tickets": "actor deleted_at description id previous_state subject",
    "satisfaction_ratings": """
        assignee_id comment comment_id created_at group_id id reason reason_code reason_id
        requester_id score ticket_id updated_at url
    """,
    "chats": """
        agent_ids agent_names comment conversions count deleted department_id department_name
        dropped duration end_timestamp engagements history id message missed proactive rating
        referrer_search_engine referrer_search_terms response_time session skills_requested
        skills_fulfilled started_by tags timestamp triggered triggered_response type unread
        update_timestamp visitor webpath zendesk_ticket_id abandon_time
    """,
    "shortcuts": "agents departments id message name options scope tags",
    "agent_timeline": "agent_id duration engagement_count id start_time status",
    "calls": """
        agent_id call_channel call_charge call_group_id call_recording_consent
        call_recording_consent_action call_recording_consent_keypress callback callback_source
        completion_status consultation_time created_at customer_id customer_requested_voicemail
        default_group direction duration exceeded_queue_wait_time hold_time id ivr_action
        ivr_destination_group_name ivr_hops ivr_routed_to ivr_time_spent line line_id line_type
        minutes_billed not_recording_time outside_business_hours overflowed overflowed_to
        phone_number phone_number_id quality_issues recording_control_interactions recording_time
        talk_time ticket_id time_to_answer updated_at voicemail wait_time wrap_up_time
    """,
    "call_legs": """
        agent_id available_via call_charge call_id completion_status conference_from
        conference_time conference_to consultation_from consultation_time consultation_to
        created_at duration forwarded_to hold_time id minutes_billed quality_issues talk_time
        transferred_from transferred_to type updated_at user_id wrap_up_time
    """,
}
KNOWN: Final[Mapping[str, frozenset[str]]] = {
    stream: frozenset(names.split()) | {LAID_BESIDE} for stream, names in _STREAMS.items()
}
