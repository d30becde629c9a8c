"""Conversations and what happens in them (catalogue 3.3)."""

from __future__ import annotations

import datetime as dt

from sanjeh.ledger.kinds import fields as a
from sanjeh.ledger.kinds.registry import Record, record_kind

ACTORS = "customer agent bot system"


@record_kind("channel", key=("code",))
class Channel(Record):
    """A way in which customers and the team talk; its name is one's own."""

    code: str = a.text("the channel's short name: live_chat, telegram, email, …")
    name: str | None = a.text("the name to show")
    kind: str | None = a.text("how fast it talks", choices="realtime async voice")
    calendar_id: str | None = a.text("its open hours", ref="business_calendar")
    idle_gap: int | None = a.integer("silence after which a new conversation begins", unit="s")


@record_kind("conversation", at="started_at")
class Conversation(Record):
    """One exchange with one customer on one channel."""

    id: str = a.text("the conversation's id")
    channel: str | None = a.text("the code of its channel")
    ticket_id: str | None = a.text("the ticket it belongs to", ref="ticket")
    customer_id: str | None = a.text("the customer", ref="customer")
    visitor_id: str | None = a.text("the visitor", ref="visitor")
    session_id: str | None = a.text("the visit it happened in", ref="web_session")
    direction: str | None = a.text("who wanted it", choices="inbound outbound")
    initiation: str | None = a.text("who or what began it", choices="visitor agent trigger")
    chat_type: str | None = a.text("sales, support, …")
    topic_id: str | None = a.text("its primary topic", ref="topic")
    complexity: str | None = a.text("how hard it is", choices="low medium high")
    priority: str | None = a.text("how urgent it is: low, normal, high, urgent")
    department_id: str | None = a.text("the department that serves it", ref="department")
    team_id: str | None = a.text("the team that serves it", ref="team")
    product: str | None = a.text("the product it is about")
    feature: str | None = a.text("the feature it is about")
    version: str | None = a.text("the product's version it is about")
    language: str | None = a.text("the language spoken")
    requested_at: dt.datetime | None = a.instant("when the customer asked")
    human_requested_at: dt.datetime | None = a.instant("when the customer asked for a person")
    queued_at: dt.datetime | None = a.instant("when it entered the queue")
    started_at: dt.datetime | None = a.instant("when it began")
    ended_at: dt.datetime | None = a.instant("when it ended")
    end_reason: str | None = a.text(
        "why it ended", choices="agent customer_left timeout transferred_out system"
    )
    offline: bool | None = a.flag("whether it was left while service was closed")
    outcome: str | None = a.text("how it ended", choices="resolved escalated unresolved")
    unresolved_reason: str | None = a.text(
        "why it was not solved: needs_other_team, product_bug, missing_info_from_customer, "
        "no_knowledge, policy, customer_left, technical, other"
    )
    missed_reason: str | None = a.text(
        "why nobody answered: no_agent_online, all_agents_busy, offered_not_accepted, declined, "
        "customer_left_early, handoff_lost, technical, outside_hours"
    )
    needs_reply: bool | None = a.flag("whether it calls for an answer")
    noise_reason: str | None = a.text("why it calls for none: thanks, automatic reply, …")
    is_spam: bool | None = a.flag("whether it is spam")
    is_test: bool | None = a.flag("whether it is a test")
    merged_into_id: str | None = a.text("the one it was merged into", ref="conversation")
    segment_snapshot: str | None = a.text("the customer's segment when it began")


@record_kind("participation", at="offered_at")
class Participation(Record):
    """One agent's segment of a conversation."""

    id: str = a.text("the segment's id")
    conversation_id: str | None = a.text("in which conversation", ref="conversation")
    agent_id: str | None = a.text("which agent", ref="agent")
    team_id: str | None = a.text("for which team", ref="team")
    offered_at: dt.datetime | None = a.instant("when it was offered to the agent")
    accepted_at: dt.datetime | None = a.instant("when the agent took it")
    left_at: dt.datetime | None = a.instant("when the agent left it")
    end_reason: str | None = a.text(
        "how the segment ended", choices="ended transferred timeout declined"
    )
    wrapup_seconds: float | None = a.number("work after the end", unit="s")
    role: str | None = a.text("owner or helper", choices="owner joined")


@record_kind("message", at="at")
class Message(Record):
    """One message of a conversation."""

    id: str = a.text("the message's id")
    conversation_id: str | None = a.text("in which conversation", ref="conversation")
    at: dt.datetime | None = a.instant("when it was sent")
    author_type: str | None = a.text("who wrote it", choices=ACTORS)
    author_id: str | None = a.text("the person or bot that wrote it", ref_by="author_type")
    visibility: str | None = a.text("whether the customer sees it", choices="public internal")
    is_auto: bool | None = a.flag("whether a machine sent it (an acknowledgement)")
    is_holding: bool | None = a.flag("whether it only asks for patience")
    body_length: int | None = a.integer("length of the text", unit="characters")
    body: str | None = a.text("the text", apart=True)
    canned_response_id: str | None = a.text("the ready reply it used", ref="canned_response")
    canned_edited: bool | None = a.flag("whether the ready reply was edited")
    kb_article_ids: list[str] | None = a.texts("the articles it links to", ref="kb_article")
    needs_reply: bool | None = a.flag("whether it calls for an answer")


@record_kind("transfer", at="at")
class Transfer(Record):
    """A conversation handed over."""

    id: str = a.text("the transfer's id")
    conversation_id: str | None = a.text("which conversation", ref="conversation")
    at: dt.datetime | None = a.instant("when")
    from_agent: str | None = a.text("the agent who gave it", ref="agent")
    to_agent: str | None = a.text("the agent who got it", ref="agent")
    from_team: str | None = a.text("the team that gave it", ref="team")
    to_team: str | None = a.text("the team that got it", ref="team")
    kind: str | None = a.text("between whom", choices="agent department bot_to_human")
    reason: str | None = a.text("why")


@record_kind("call", key=("conversation_id",), at="ring_at")
class Call(Record):
    """The telephone side of a conversation."""

    conversation_id: str = a.text("which conversation", ref="conversation")
    ring_at: dt.datetime | None = a.instant("when it rang")
    answered_at: dt.datetime | None = a.instant("when it was picked up")
    ended_at: dt.datetime | None = a.instant("when it ended")
    hold_seconds: float | None = a.number("time on hold", unit="s")
    abandoned: bool | None = a.flag("whether the caller gave up")


@record_kind("bot_session", key=("conversation_id", "bot_id", "started_at"), at="started_at")
class BotSession(Record):
    """A bot's part in a conversation."""

    conversation_id: str = a.text("which conversation", ref="conversation")
    bot_id: str | None = a.text("which bot", optional_key=True)
    started_at: dt.datetime | None = a.instant("when it began", optional_key=True)
    ended_at: dt.datetime | None = a.instant("when it ended")
    intent: str | None = a.text("what it took the question to be")
    resolved: bool | None = a.flag("whether it solved it")
    handed_off_at: dt.datetime | None = a.instant("when it called a person")


@record_kind("followup")
class Followup(Record):
    """A later contact that was promised."""

    id: str = a.text("the follow-up's id")
    conversation_id: str | None = a.text("after which conversation", ref="conversation")
    ticket_id: str | None = a.text("for which ticket", ref="ticket")
    due_at: dt.datetime | None = a.instant("when it is due")
    done_at: dt.datetime | None = a.instant("when it was done")
    kind: str | None = a.text("how", choices="email call message task")
    agent_id: str | None = a.text("who does it", ref="agent")
    status: str | None = a.text("open, done, cancelled")
