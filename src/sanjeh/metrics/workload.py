"""Volume in proportion: to customers, agents, what it is about, how much work it is (V)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sanjeh.metrics.customers import NEEDS as CUSTOMER_BASE
from sanjeh.metrics.registry import Count, Example, Midpoint, Ratio, Share, Total, metric


@metric(
    fact="customers", at="active_from", until="active_to", holds="at the start",
    unit="customers", better="up", group="business", serves=("V5", "Q6"), needs=CUSTOMER_BASE,
    title="Customers at the start",
)  # fmt: skip
def customers_at_start(_: Any) -> Count:
    """Customers at the start of the period."""
    return Count(distinct="customer_unit")


@metric(unit="customers", better="up", group="business", serves=("V5",),
        title="Customers on average")  # fmt: skip
def average_customers(_: Any) -> Midpoint:
    """The mean of the customers at the start and at the end of the period."""
    return Midpoint("customers_at_start", "customers")


@metric(unit="requests per 100 customers", better="down", serves=("V5",), title="Contact rate")
def contact_rate(_: Any) -> Ratio:
    """Requests for every 100 customers; no figure without customers.

    There is no universal norm: hold it against your own earlier periods.
    """
    return Ratio("requests", "average_customers", times=100)


@metric(
    fact="agent_conversations", at="opened_at", unit="agents", better="neutral",
    serves=("AMB-11", "V5"), needs=("message",), title="Agents who served",
)  # fmt: skip
def agents_serving(_: Any) -> Count:
    """Agents who sent at least one public message, on any channel."""
    return Count(distinct="agent_id")


@metric(unit="requests per agent", better="neutral", serves=("V5",), title="Requests per agent")
def requests_per_agent(_: Any) -> Ratio:
    """Requests for each agent on duty; where presence is unknown, for each who served."""
    return Ratio("requests", "agents_on_duty", serving="agents_serving")


def _of_topics(r: Any, _: list[str], __: Mapping[str, Any]) -> Any:
    """The rows as they are: with their topic's class, which whatever is prepared has."""
    return r


@metric(
    fact="requests", at="created_at", unit="share", better="down", population="requested",
    serves=("V6",), needs=("topic",), title="Requests out of confusion", prepare=_of_topics,
)  # fmt: skip
def confusion_share(r: Any) -> Share:
    """Share of requests that ask how something works: their topic is of the class question.

    Such requests are caused by the product or its guides. `requests --by topic_class` has the
    other classes; requests whose topic has no class cannot be told and are listed.
    """
    return Share(
        r.topic_class == "question", without={"its topic has no class": r.topic_class.isnull()}
    )


def _beside_articles(r: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
    """Requests with the number of public articles on their topic."""
    k = tables["covered_topics"]
    k = k.select(k_topic="topic_id", article_count="article_count")
    return r.left_join(k, r.topic_id == k.k_topic).drop("k_topic")


@metric(
    fact="requests", at="created_at", unit="share", better="up", population="requested",
    serves=("V6", "O5"), needs=("kb_article",), title="Requests with an article on their topic",
    prepare=_beside_articles,
)  # fmt: skip
def article_coverage(r: Any) -> Share:
    """Share of requests on a topic of which a public article is published. `--by topic`: which."""
    return Share(
        r.article_count.fill_null(0) > 0, without={"no topic is recorded": r.topic_id.isnull()}
    )


@metric(
    fact="conversations", at="started_at", unit="channels", better="up", population="requested",
    serves=("V6",), needs=("conversation",), title="Channels that were used",
    examples=(
        Example.of("two channels in three conversations; one only had spam", """
            started_at        channel  excluded_reason
            2026-03-02 09:00  chat     -
            2026-03-02 09:10  chat     -
            2026-03-02 09:20  email    -
            2026-03-02 09:30  fax      spam
            """, value=2, n=3, excluded={"spam": 1}),
    ),
)  # fmt: skip
def reachable_channels(_: Any) -> Count:
    """Channels on which at least one conversation came in. `conversation_share`: how many."""
    return Count(distinct="channel")


@metric(unit="share", better="neutral", serves=("V6", "V2.1"), title="Share of conversations")
def conversation_share(_: Any) -> Ratio:
    """A channel's part of all conversations."""
    return Ratio("conversations", "conversations", across=("channel", "channel_kind"))


IDLE_CAP = 120  # of the silence before an automatic close, as handle_time has it by default
ESTIMATED = (
    "What is still open, or whose handling is not recorded, counts with the median handle time of "
    "its topic, channel and complexity; else of its channel; else of all. Medians are of the "
    "whole record. workload_estimated_share says how much of it is such.",
)


def _handled(tables: Mapping[str, Any]) -> Any:
    """Conversations whose handling is known, in seconds, under their topic's key."""
    h, k = tables["handlings"], tables["topics"].view()
    h = h.filter(h.worked_seconds.notnull() & h.excluded_reason.isnull())
    tail = ibis.cases((h.idle_seconds > IDLE_CAP, IDLE_CAP), else_=h.idle_seconds)
    h = h.select(
        h_id="conversation_id", h_part="part", h_topic_id="topic_id", h_channel="channel",
        h_complexity="complexity",
        seconds=h.worked_seconds + tail.cast("float64") + h.wrapup_seconds,
    )  # fmt: skip
    k = k.select(named_topic="topic_id", h_topic="topic")
    return h.left_join(k, h.h_topic_id == k.named_topic)


def _with_work(c: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
    """Conversations with the hours of work each takes, measured or else the usual ones."""
    h = _handled(tables)
    alike = h.group_by(a_topic=h.h_topic, a_channel=h.h_channel, a_complexity=h.h_complexity)
    alike = alike.agg(usual_alike=h.seconds.median())
    channel = h.group_by(b_channel=h.h_channel).agg(usual_channel=h.seconds.median())
    overall = h.agg(usual_overall=h.seconds.median())
    own = h.select("h_id", "h_part", own_seconds="seconds")
    j = c.left_join(own, [c.conversation_id == own.h_id, c["part"] == own.h_part])
    same = [
        j.topic.identical_to(alike.a_topic),
        j.channel.identical_to(alike.a_channel),
        j.complexity.identical_to(alike.a_complexity),
    ]
    j = j.left_join(alike, same)
    j = j.left_join(channel, j.channel.identical_to(channel.b_channel)).cross_join(overall)
    usual = ibis.coalesce(j.usual_alike, j.usual_channel, j.usual_overall)
    return j.mutate(work_hours=ibis.coalesce(j.own_seconds, usual) / 3600)


def _makes_work(c: Any) -> Any:
    return c.outcome_class.isin(["served", "pending"])


@metric(
    fact="conversations", at="started_at", unit="hours", better="neutral", serves=("V4",),
    population="requested", needs=("conversation", "participation|message|call"),
    title="Workload", prepare=_with_work, notes=ESTIMATED,
)  # fmt: skip
def workload_hours(c: Any) -> Total:
    """Hours of handling that the conversations of the period take: served, and still waiting.

    Requests do not weigh the same; to be read beside `conversations`. What was missed, left
    while closed or settled by a bot took no agent's time.
    """
    return Total(
        "work_hours",
        where=_makes_work(c),
        without={"no handle time is known": c.work_hours.isnull()},
    )


@metric(
    fact="conversations", at="started_at", unit="share", better="down", serves=("V4",),
    population="requested", needs=("conversation", "participation|message|call"),
    title="Workload that is estimated", prepare=_with_work,
)  # fmt: skip
def workload_estimated_share(c: Any) -> Share:
    """Share of the conversations in `workload_hours` whose handling was not measured."""
    return Share(
        c.own_seconds.isnull(),
        where=_makes_work(c),
        without={"no handle time is known": c.work_hours.isnull()},
    )


def _weighed(c: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
    """Conversations with their weight: the usual handle time of topic and channel over that of all.

    Where the pair has none on record, the channel's; where that has none, 1.
    """
    h = _handled(tables)
    pair = h.group_by(a_topic=h.h_topic, a_channel=h.h_channel)
    pair = pair.agg(usual_pair=h.seconds.median())
    channel = h.group_by(b_channel=h.h_channel).agg(usual_channel=h.seconds.median())
    overall = h.agg(usual_overall=h.seconds.median())
    same = [c.topic.identical_to(pair.a_topic), c.channel.identical_to(pair.a_channel)]
    j = c.left_join(pair, same)
    j = j.left_join(channel, j.channel.identical_to(channel.b_channel)).cross_join(overall)
    whole = j.usual_overall
    usual = ibis.coalesce(j.usual_pair, j.usual_channel, whole)
    return j.mutate(weight=usual / ibis.cases((whole > 0, whole)))


@metric(
    fact="conversations", at="started_at", unit="conversations", better="neutral",
    serves=("V4",), population="requested",
    needs=("conversation", "participation|message|call"), title="Weighted conversations",
    prepare=_weighed,
)  # fmt: skip
def weighted_volume(c: Any) -> Total:
    """Conversations, each counted by how long such ones usually take; a usual one counts 1.

    The weight is the median handle time of its topic and channel over the median of all.
    """
    return Total("weight", without={"no handle time is known": c.weight.isnull()})
