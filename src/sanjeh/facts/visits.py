"""Visits of the website: who came, who asked for a chat, what came of it (W1).

A visit and a chat belong together where the chat names the visit. Conversions of a visit are those
of its visitor, or of the customer that the visitor is.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.registry import Tables, fact
from sanjeh.facts.sales import REACH

# A visit of which no end is recorded is over so long after the last that was seen of it (W1.4).
QUIET = 30 * 60 * 1_000_000


@fact(grain="one visit with a chat", key="session_id", kept=False)
def visit_chats(t: Tables) -> Any:
    """Of each visit its first chat, how many there were, and whether a person answered any.

    A chat that the visitor began and wrote nothing in is one; an invitation nobody took is none.
    """
    c, ends, raw = t["conversations"], t["conversation_ends"], t["conversation"]
    raw = raw.filter(raw.session_id.notnull())
    raw = raw.select(raw_id=raw.id, session_id=raw.session_id)
    c = c.filter(
        (c["part"] == 0) & c.excluded_reason.isnull()
        & (c.outcome_class != "invitation not taken")
    )  # fmt: skip
    ends = ends.filter(ends.end_part == 0).select("end_id", "end_at")
    j = c.join(raw, c.conversation_id == raw.raw_id)
    j = j.left_join(ends, j.conversation_id == ends.end_id)
    j = j.select(
        "session_id", "conversation_id", "outcome_class", "initiation", "end_at",
        asked_at=ibis.coalesce(j.requested_at, j.started_at),
        replied_at=j.first_human_reply_at,
    )  # fmt: skip
    j = j.filter(j.asked_at.notnull())
    near = ibis.window(group_by=j.session_id, order_by=[j.asked_at, j.conversation_id])
    j = j.mutate(place=ibis.row_number().over(near))
    by_us = j.initiation.isin(["agent", "trigger"])
    first = j.filter(j.place == 0).select(
        "session_id", "asked_at", "replied_at", chat_id="conversation_id", chat_ended_at="end_at",
        approach=ibis.cases((by_us, "proactive"), (j.initiation.notnull(), "reactive")),
    )  # fmt: skip
    all_ = j.group_by(all_id=j.session_id).agg(
        chat_count=j.count().cast("int64"),
        served_count=j.count(where=j.outcome_class == "served"),
        last_chat_at=ibis.greatest(j.end_at.max(), j.asked_at.max()),
    )
    return first.join(all_, first.session_id == all_.all_id).drop("all_id")


@fact(grain="one visit", key="session_id", kept=False)
def visit_pages(t: Tables) -> Any:
    """Of each visit its pages: how many, the first and the last, and those after the request."""
    p, c = t["page_view"], t["visit_chats"]
    c = c.select(c_id="session_id", c_asked_at="asked_at")
    j = p.left_join(c, p.session_id == c.c_id)
    near = ibis.window(group_by=j.session_id, order_by=[j["at"], j.url])
    j = j.mutate(place=ibis.row_number().over(near))
    return j.group_by(page_id=j.session_id).agg(
        page_count=j.count().cast("int64"),
        last_page_at=j["at"].max(),
        first_url=j.url.max(where=j.place == 0),
        pages_after=j.count(where=(j["at"] > j.c_asked_at).fill_null(False)),
    )


@fact(grain="one visit", key="session_id", kept=False)
def visit_conversions(t: Tables) -> Any:
    """Of each visit when its visitor first converted: from its beginning, and from the chat, on.

    Up to 90 days later. `in_visit_count`: within the visit, for which see `visits`.
    """
    s, c, v, sold = t["visit_core"], t["visit_chats"], t["visitors"], t["conversions"]
    c = c.select(c_id="session_id", asked_at="asked_at")
    v = v.select(v_id="visitor_id", v_customer="visitor_customer")
    sold = sold.filter(sold.excluded_reason.isnull() & sold.converted_at.notnull())
    sold = sold.select(
        "conversion_id", "converted_at", s_visitor="visitor_id", s_customer="customer_id"
    )
    s = s.left_join(c, s.session_id == c.c_id)
    s = s.left_join(v, s.visitor_id == v.v_id)
    s = s.select("session_id", "visitor_id", "v_customer", "asked_at", "started_at", "over_at")
    near = [sold.converted_at >= s.started_at, sold.converted_at - REACH <= s.over_at]
    pairs = ibis.union(
        s.join(sold, [s.visitor_id == sold.s_visitor, *near]),
        s.join(sold, [s.v_customer == sold.s_customer, *near]),
        distinct=True,
    )
    return pairs.group_by(sold_id=pairs.session_id).agg(
        converted_at=pairs.converted_at.min(),
        converted_after_chat_at=pairs.converted_at.min(
            where=(pairs.converted_at >= pairs.asked_at).fill_null(False)
        ),
        in_visit_count=pairs.count(where=pairs.converted_at <= pairs.over_at),
    )


@fact(grain="one visit", key="session_id", kept=False)
def visit_core(t: Tables) -> Any:
    """Each visit with its end; where none is recorded, 30 minutes after the last seen of it."""
    s, p, c = t["web_session"], t["visit_pages"], t["visit_chats"]
    c = c.select(c_id="session_id", last_chat_at="last_chat_at")
    j = s.left_join(p, s.id == p.page_id).left_join(c, s.id == c.c_id)
    seen = ibis.greatest(j.started_at, j.last_page_at.fill_null(0), j.last_chat_at.fill_null(0))
    return j.select(
        "source", "visitor_id", "started_at", "ended_at", "device", "page_count", "pages_after",
        "deleted_at",
        session_id=j.id,
        landing_page=ibis.coalesce(j.landing_url, j.first_url),
        over_at=ibis.coalesce(j.ended_at, seen + QUIET),
    )  # fmt: skip


@fact(grain="one visit", key="session_id", lies_by=("started_at",))
def visits(t: Tables) -> Any:
    """Visits with the first chat asked for in them, and what the visitor did then (W1).

    `visitor_id`: where the record names none, the visit stands for one. `over_at`: the recorded
    end, else 30 minutes after the last page or message. `seconds_before_chat`: from the visit's
    beginning to the request. `after_request`: went on (another page, or a conversion), left before
    a reply, or left after the exchange.
    """
    s, c, sold, v = t["visit_core"], t["visit_chats"], t["visit_conversions"], t["visitors"]
    c = c.rename(c_id="session_id")
    v = v.rename(v_id="visitor_id")
    j = s.left_join(c, s.session_id == c.c_id)
    j = j.left_join(sold, j.session_id == sold.sold_id)
    j = j.left_join(v, j.visitor_id == v.v_id)
    before = j.asked_at - j.started_at
    converted = (j.in_visit_count > 0).fill_null(False)
    went_on = (j.pages_after > 0).fill_null(False) | converted
    unanswered = j.replied_at.isnull() | (j.replied_at > j.over_at)
    return j.select(
        "session_id", "source", "started_at", "ended_at", "over_at", "chat_id", "approach",
        "landing_page", "replied_at", "converted_at", "converted_after_chat_at", "chat_ended_at",
        visitor_id=ibis.coalesce(j.visitor_id, ibis.literal("visit ") + j.session_id),
        customer_id=j.visitor_customer,
        device=text.key(j.device),
        requested_at=j.asked_at,
        page_count=j.page_count.fill_null(0),
        chat_count=j.chat_count.fill_null(0),
        was_served=(j.served_count > 0).fill_null(False),
        converted_in_visit=converted,
        seconds_before_chat=before.cast("float64") / 1_000_000.0,
        after_request=ibis.cases(
            (j.asked_at.isnull(), None),
            (went_on, "went on"),
            (unanswered, "left before a reply"),
            else_="left after the exchange",
        ),
        excluded_reason=ibis.coalesce(
            ibis.cases((j.deleted_at.notnull(), "deleted")), j.visitor_excluded
        ),
    )  # fmt: skip
