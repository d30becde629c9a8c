"""Topics, tags, ready replies, knowledge and those who know (catalogue 3.5)."""

from __future__ import annotations

import datetime as dt

from sanjeh.ledger.kinds import fields as a
from sanjeh.ledger.kinds.registry import Record, record_kind

_TARGETS = {"conversation": "conversation", "ticket": "ticket", "message": "message"}


@record_kind("topic")
class Topic(Record):
    """What a matter is about; topics form a tree of categories."""

    id: str = a.text("the topic's id")
    name: str | None = a.text("the topic's name")
    parent_id: str | None = a.text("its category", ref="topic")
    class_: str | None = a.text(
        "which sort", choices="question bug billing feature_request presales other"
    )
    product: str | None = a.text("the product it belongs to")
    sme_ids: list[str] | None = a.texts("agents who know it best", ref="agent")


@record_kind("tag")
class Tag(Record):
    """A label."""

    id: str = a.text("the tag's id")
    name: str | None = a.text("the label")
    kind: str | None = a.text("topic, issue, customer_attribute, priority, other")
    category_id: str | None = a.text("its category", ref="topic")
    high_priority: bool | None = a.flag("whether it marks urgent matters")
    active: bool | None = a.flag("whether it is in use")


@record_kind("tag_event", at="at")
class TagEvent(Record):
    """A label put on or taken off."""

    id: str = a.text("the event's id")
    tag_id: str | None = a.text("which label", ref="tag")
    target_type: str | None = a.text("on what sort of thing", choices="conversation ticket message")
    target_id: str | None = a.text("on which", ref_by="target_type", ref_kinds=_TARGETS)
    at: dt.datetime | None = a.instant("when")
    op: str | None = a.text("put on or taken off", choices="add remove")
    actor_type: str | None = a.text("who did it", choices="customer agent bot system")
    actor_id: str | None = a.text("the person or bot that did it", ref_by="actor_type")


@record_kind("canned_response")
class CannedResponse(Record):
    """A ready reply."""

    id: str = a.text("the reply's id")
    shortcut: str | None = a.text("what to type to get it")
    title: str | None = a.text("its heading")
    body: str | None = a.text("its text, with placeholders", apart=True)
    channels: list[str] | None = a.texts("where it may be used")
    language: str | None = a.text("its language")
    team_id: str | None = a.text("the team that owns it", ref="team")
    is_holding: bool | None = a.flag("whether it only asks for patience")
    active: bool | None = a.flag("whether it is in use")
    created_by: str | None = a.text("who wrote it", ref="agent")
    updated_at: dt.datetime | None = a.instant("when it was last changed")


@record_kind("kb_article")
class KbArticle(Record):
    """An article, guide or video that answers a question."""

    id: str = a.text("the article's id")
    title: str | None = a.text("its heading")
    body: str | None = a.text("its text", apart=True)
    audience: str | None = a.text("who may read it", choices="public internal")
    topic_id: str | None = a.text("its topic", ref="topic")
    status: str | None = a.text("draft, published, archived")
    updated_at: dt.datetime | None = a.instant("when it was last changed")
    type: str | None = a.text("which form", choices="article guide video faq")


@record_kind("kb_event", at="at")
class KbEvent(Record):
    """Somebody used the knowledge base."""

    id: str = a.text("the event's id")
    at: dt.datetime | None = a.instant("when")
    session_id: str | None = a.text("in which visit", ref="web_session")
    customer_id: str | None = a.text("which customer", ref="customer")
    agent_id: str | None = a.text("which agent", ref="agent")
    type: str | None = a.text(
        "what was done", choices="view search no_result helpful_yes helpful_no linked"
    )
    query: str | None = a.text("what was searched for", apart=True)
    article_id: str | None = a.text("which article", ref="kb_article")


@record_kind("sme", key=("topic_id", "agent_id"))
class Sme(Record):
    """An agent who knows a topic best."""

    topic_id: str = a.text("which topic", ref="topic")
    agent_id: str = a.text("which agent", ref="agent")
    since: dt.datetime | None = a.instant("since when")


@record_kind("sme_consult", at="asked_at")
class SmeConsult(Record):
    """An expert asked about a ticket."""

    id: str = a.text("the consultation's id")
    ticket_id: str | None = a.text("about which ticket", ref="ticket")
    sme_id: str | None = a.text("who was asked", ref="agent")
    asked_by: str | None = a.text("who asked", ref="agent")
    asked_at: dt.datetime | None = a.instant("when it was asked")
    answered_at: dt.datetime | None = a.instant("when it was answered")
    useful: bool | None = a.flag("whether it helped")
    dev_ref: str | None = a.text("the developers' issue it led to")
    dev_status: str | None = a.text("how that issue stands")
