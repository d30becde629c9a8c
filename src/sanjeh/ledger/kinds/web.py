"""Visitors of the website, invitations to chat and conversions (catalogue 3.2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sanjeh.ledger.kinds import fields as a
from sanjeh.ledger.kinds.registry import Record, record_kind


@record_kind("visitor", person=True)
class Visitor(Record):
    """A browser that came to the website."""

    id: str = a.text("the visitor's id")
    customer_id: str | None = a.text("the customer that the visitor is", ref="customer")
    first_seen_at: dt.datetime | None = a.instant("when the visitor first came")
    is_bot: bool | None = a.flag("whether it is a machine")
    is_internal: bool | None = a.flag("whether it is one of us")


@record_kind("web_session", at="started_at")
class WebSession(Record):
    """One visit."""

    id: str = a.text("the session's id")
    visitor_id: str | None = a.text("who visited", ref="visitor")
    started_at: dt.datetime | None = a.instant("when the visit began")
    ended_at: dt.datetime | None = a.instant("when it ended")
    referrer: str | None = a.text("the page that led here")
    landing_url: str | None = a.text("the first page seen")
    utm: Any = a.json("{source, medium, campaign}")
    device: str | None = a.text("phone, tablet, computer")


@record_kind("page_view", key=("session_id", "at", "url"), at="at")
class PageView(Record):
    """One page seen in a visit."""

    session_id: str = a.text("in which visit", ref="web_session")
    at: dt.datetime = a.instant("when it was seen")
    url: str = a.text("the page's address")


@record_kind("chat_invite", at="at")
class ChatInvite(Record):
    """An invitation to chat shown to a visitor."""

    id: str = a.text("the invitation's id")
    session_id: str | None = a.text("in which visit", ref="web_session")
    at: dt.datetime | None = a.instant("when it was shown")
    by: str | None = a.text("who or what invited", choices="agent trigger")
    agent_id: str | None = a.text("the agent who invited", ref="agent")
    result: str | None = a.text("what came of it", choices="accepted dismissed ignored")
    conversation_id: str | None = a.text("the chat it led to", ref="conversation")


@record_kind("conversion", at="at")
class Conversion(Record):
    """A purchase, a sign-up or another action that was hoped for."""

    id: str = a.text("the conversion's id")
    visitor_id: str | None = a.text("the visitor who did it", ref="visitor")
    customer_id: str | None = a.text("the customer who did it", ref="customer")
    at: dt.datetime | None = a.instant("when it was done")
    type: str | None = a.text("purchase, signup or a name of one's own")
    value: float | None = a.number("what it is worth", unit="money")
    currency: str | None = a.text("ISO 4217 code of the money")
    status: str | None = a.text("done, cancelled, refunded")
