"""Conversions: what was bought or done, and the live chats that came before it (X1, W1.3).

Who is whom: a conversion and a chat belong together when they name the same visitor, or the same
customer, where a visitor's own record may name the customer. Which of several chats a conversion
is credited to is chosen when asking (`metrics/sales.py`), since a refresh sees touched chats alone.
"""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.registry import Tables, fact
from sanjeh.facts.turns import GROUPS

ROBOT, OURS = "a robot", "one of us"
UNDONE = {"cancelled": "cancelled", "canceled": "cancelled", "refunded": "refunded"}
REACH_DAYS = 90  # how long after a chat or a visit conversions are looked at
REACH = REACH_DAYS * 86_400_000_000
DAY = 86_400_000_000
WITHIN = ((DAY, "within a day"), (3 * DAY, "1 to 3 days"), (7 * DAY, "3 to 7 days"))


@fact(grain="one visitor", scope="whole", reads=("visitor",))
def visitors(t: Tables) -> Any:
    """Visitors with the customer that each is, and why some are none: robots and our own people."""
    v = t["visitor"]
    return v.select(
        visitor_id=v.id,
        visitor_customer=v.customer_id,
        visitor_excluded=ibis.cases(
            (v.is_bot.fill_null(False), ROBOT), (v.is_internal.fill_null(False), OURS)
        ),
    )


@fact(grain="one conversion", scope="whole", reads=("conversion", "visitor"))
def conversions(t: Tables) -> Any:
    """Purchases, sign-ups and other actions that were hoped for, whoever did them."""
    c, v = t["conversion"], t["visitors"]
    v = v.rename(v_id="visitor_id")
    j = c.left_join(v, c.visitor_id == v.v_id)
    return j.select(
        "source", "visitor_id", "value",
        conversion_id=j.id,
        customer_id=ibis.coalesce(j.customer_id, j.visitor_customer),
        converted_at=j["at"],
        conversion_type=text.key(j["type"]),
        currency=j.currency,
        excluded_reason=ibis.coalesce(
            ibis.cases((j.deleted_at.notnull(), "deleted")),
            j.visitor_excluded,
            ibis.cases(*[(text.key(j.status) == word, why) for word, why in UNDONE.items()]),
        ),
    )  # fmt: skip


@fact(grain="one invitation", scope="whole", reads=("chat_invite", "web_session", "visitor"))
def invitations(t: Tables) -> Any:
    """Invitations to chat that visitors were shown, and what came of them (X1.4)."""
    i, s, v = t["chat_invite"], t["web_session"], t["visitors"]
    s = s.select(s_id=s.id, s_visitor=s.visitor_id)
    v = v.select(v_id="visitor_id", visitor_excluded="visitor_excluded")
    j = i.left_join(s, i.session_id == s.s_id)
    j = j.left_join(v, j.s_visitor == v.v_id)
    return j.select(
        "source", "agent_id",
        invitation_id=j.id,
        invited_at=j["at"],
        invited_by=j.by,
        invitation_result=j.result.fill_null("ignored"),
        excluded_reason=ibis.coalesce(
            ibis.cases((j.deleted_at.notnull(), "deleted")), j.visitor_excluded
        ),
    )  # fmt: skip


@fact(grain="one live chat", key="conversation_id", lies_by=("started_at",))
def live_chats(t: Tables) -> Any:
    """Live chats with their visitor, who had them last, and whether we or the visitor began (X1).

    `ended_at`: where nobody closed it, two minutes after its last message; null while it is not
    known. An invitation that nobody took is no chat.
    """
    c, ends, last = t["conversations"], t["conversation_ends"], t["contacts"]
    c = c.select(*GROUPS, "started_at", "requested_at", first_agent_id="agent_id")
    c = c.filter(
        (c.channel_kind == "realtime").fill_null(False)
        & (c.outcome_class != "invitation not taken")
    )
    raw = t["conversation"]
    raw = raw.select(raw_id=raw.id, visitor_id=raw.visitor_id)
    last = last.select(last_id="conversation_id", last_part="part", last_agent_id="agent_id")
    v = t["visitors"].rename(v_id="visitor_id")
    j = c.left_join(ends, [c.conversation_id == ends.end_id, c["part"] == ends.end_part])
    j = j.left_join(last, [j.conversation_id == last.last_id, j["part"] == last.last_part])
    j = j.left_join(raw, j.conversation_id == raw.raw_id)
    j = j.left_join(v, j.visitor_id == v.v_id)
    by_us = j.initiation.isin(["agent", "trigger"])
    return j.select(
        *[g for g in GROUPS if g != "customer_id"], "visitor_id",
        customer_id=ibis.coalesce(j.customer_id, j.visitor_customer),
        started_at=ibis.cases(
            (j["part"] == 0, ibis.coalesce(j.requested_at, j.started_at)), else_=j.started_at
        ),
        ended_at=j.end_at,
        agent_id=ibis.coalesce(j.last_agent_id, j.first_agent_id),
        approach=ibis.cases((by_us, "proactive"), (j.initiation.notnull(), "reactive")),
    )  # fmt: skip


@fact(
    grain="one conversion after one live chat", key="conversation_id", lies_by=("chat_started_at",)
)
def chat_conversions(t: Tables) -> Any:
    """Each conversion with every live chat of the same visitor or customer before it (X1).

    Up to 90 days after a chat's end. Undone conversions, and those of robots, are none.
    `followup_kind`: the first deliberate contact, written down as done, between the chat's end and
    the conversion; a survey's mail is none.
    """
    c, v = t["live_chats"], t["conversions"]
    c = c.filter(c.excluded_reason.isnull())
    v = v.filter(v.excluded_reason.isnull() & v.converted_at.notnull())
    v = v.select(
        "conversion_id", "conversion_type", "value", "currency", "converted_at",
        v_visitor="visitor_id", v_customer="customer_id",
    )  # fmt: skip
    until = ibis.greatest(ibis.coalesce(c.ended_at, c.started_at), c.started_at) + REACH
    c = c.mutate(reached_at=until)
    near = [v.converted_at >= c.started_at, v.converted_at <= c.reached_at]
    pairs = ibis.union(
        c.join(v, [c.visitor_id == v.v_visitor, *near]),
        c.join(v, [c.customer_id == v.v_customer, *near]),
        distinct=True,
    )
    f = t["followup"]
    f = f.filter(f.done_at.notnull() & (f.status.fill_null("done") != "cancelled"))
    f = f.select(
        f_id=f.conversation_id, f_done_at=f.done_at, f_kind=f.kind.fill_null("task"), f_order=f.id
    )
    between = pairs.join(
        f,
        [pairs.conversation_id == f.f_id, f.f_done_at >= pairs.ended_at,
         f.f_done_at <= pairs.converted_at],
    )  # fmt: skip
    first = ibis.window(
        group_by=[between.conversation_id, between["part"], between.conversion_id],
        order_by=[between.f_done_at, between.f_order],
    )
    between = between.mutate(place=ibis.row_number().over(first))
    between = between.filter(between.place == 0).select(
        b_id="conversation_id", b_part="part", b_conversion="conversion_id", followup_kind="f_kind"
    )
    j = pairs.left_join(
        between,
        [pairs.conversation_id == between.b_id, pairs["part"] == between.b_part,
         pairs.conversion_id == between.b_conversion],
    )  # fmt: skip
    took = j.converted_at - j.started_at
    return j.select(
        *GROUPS, "visitor_id", "agent_id", "approach", "conversion_id", "conversion_type", "value",
        "currency", "converted_at", "followup_kind",
        chat_started_at=j.started_at,
        chat_ended_at=j.ended_at,
        has_followup=j.followup_kind.notnull(),
        seconds_to_conversion=took.cast("float64") / 1_000_000.0,
        converted_within=ibis.cases(
            ((j.converted_at <= j.ended_at).fill_null(False), "in the chat"),
            *[(took <= limit, label) for limit, label in WITHIN],
            else_="later",
        ),
    )  # fmt: skip
