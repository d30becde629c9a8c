"""Tags: how many chats carry one, which ones, put on by whom, on what is urgent (G)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sanjeh.metrics.messages import CREDIT, chat_is_over, is_live, is_over
from sanjeh.metrics.registry import Count, Example, Mean, Ratio, Share, metric

NEEDS = ("tag_event",)
BY_WHOM = "the agent who put the tag on"
OF_TAGS = ("tag", "tag_category", "tagged_by", "agent")


def _with_tags(c: Any, _: list[str], __: Mapping[str, Any]) -> Any:
    """Chats with `tags`: how many different ones, automatic ones in or out (AMB-19)."""
    by_hand = c.tag_count - c.automatic_tag_count
    return c.mutate(
        tags=ibis.cases((c.option_tags_include_auto == "no", by_hand), else_=c.tag_count)
    )


@metric(
    fact="served_conversations", at="ended_at", unit="share", better="up", serves=("G1", "G4"),
    needs=NEEDS, title="Tagged chats", credit=CREDIT, prepare=_with_tags,
    examples=(
        Example.of("one by hand, one by a rule, one without", """
            ended_at          channel_kind  is_closed  tag_count  automatic_tag_count
            2026-03-02 09:00  realtime      true       2          1
            2026-03-02 09:10  realtime      true       1          1
            2026-03-02 09:20  realtime      true       0          0
            """, value=0.6666666666666666, numerator=2, denominator=3),
    ),
)  # fmt: skip
def tagged_chat_share(c: Any) -> Share:
    """Share of served chats that carry a tag, as they stand: taken off again is not tagged."""
    return Share(c.tags > 0, where=chat_is_over(c))


@metric(
    fact="served_conversations", at="ended_at", unit="share", better="up", serves=("G1",),
    needs=NEEDS, title="Chats tagged by hand", credit=CREDIT,
)  # fmt: skip
def manually_tagged_chat_share(c: Any) -> Share:
    """Share of served chats with a tag that a person put on."""
    return Share(c.tag_count > c.automatic_tag_count, where=chat_is_over(c))


@metric(
    fact="served_conversations", at="ended_at", unit="share", better="neutral", serves=("G1",),
    needs=NEEDS, title="Chats tagged automatically", credit=CREDIT,
)  # fmt: skip
def automatically_tagged_chat_share(c: Any) -> Share:
    """Share of served chats with a tag that a bot or a rule put on."""
    return Share(c.automatic_tag_count > 0, where=chat_is_over(c))


@metric(
    fact="served_conversations", at="ended_at", unit="tags", better="neutral",
    serves=("G2", "G4"), needs=NEEDS, title="Tags per chat", credit=CREDIT, prepare=_with_tags,
    examples=(
        Example.of("3, 0 and 0 tags: those without are in", """
            ended_at          channel_kind  is_closed  tag_count  automatic_tag_count
            2026-03-02 09:00  realtime      true       3          0
            2026-03-02 09:10  realtime      true       0          0
            2026-03-02 09:20  realtime      true       0          0
            """, value=1.0, median=0.0, n=3),
    ),
)  # fmt: skip
def tags_per_chat(c: Any) -> Mean:
    """Different tags on a served chat; chats without one count as none."""
    return Mean("tags", where=chat_is_over(c))


@metric(
    fact="served_conversations", at="ended_at", unit="tags", better="neutral", serves=("G2",),
    needs=NEEDS, title="Tags per tagged chat", credit=CREDIT, prepare=_with_tags,
)  # fmt: skip
def tags_per_tagged_chat(c: Any) -> Mean:
    """Different tags on a served chat that carries one."""
    return Mean("tags", where=chat_is_over(c) & (c.tags > 0))


def _wanted(k: Any) -> Any:
    by_machine = k.tag_actor_type.isin(["bot", "system"]).fill_null(False)
    return (k.option_tags_include_auto == "yes") | ~by_machine


@metric(
    fact="tag_uses", at="tagged_at", unit="tags", better="neutral", serves=("G3", "G4", "G0"),
    needs=NEEDS, title="Tag uses", credit=BY_WHOM,
    examples=(
        Example.of("two tags on one conversation are two uses", """
            tagged_at         conversation_id  tag
            2026-03-02 09:00  a                delay
            2026-03-02 09:00  a                refund
            2026-03-02 09:10  b                delay
            """, value=3),
    ),
)  # fmt: skip
def tag_uses(k: Any) -> Count:
    """Tags in force on conversations and tickets, by when they were put on.

    `--by tag`: which ones; every spelling of a word (ي and ی, ك and ک, with a half-space or
    without) is one tag, under its usual spelling.
    """
    return Count(where=_wanted(k))


@metric(unit="share", better="neutral", serves=("G3",), title="Share of the tag uses",
        credit=BY_WHOM)  # fmt: skip
def tag_use_share(_: Any) -> Ratio:
    """A tag's or category's part of all tag uses; the shares of all tags sum to 1."""
    return Ratio("tag_uses", "tag_uses", across=OF_TAGS)


@metric(
    fact="tag_uses", at="ended_at", unit="chats", better="neutral", serves=("G3", "G4"),
    needs=NEEDS, title="Chats with a tag", credit=BY_WHOM,
)  # fmt: skip
def chats_with_tag(k: Any) -> Count:
    """Served chats that carry a tag. A chat with several stands in several rows, once in all."""
    return Count(
        where=is_live(k) & k.is_served & is_over(k) & _wanted(k), distinct="conversation_id"
    )


@metric(unit="share", better="neutral", serves=("G3",), title="Share of chats with a tag",
        credit=BY_WHOM)  # fmt: skip
def chats_with_tag_share(_: Any) -> Ratio:
    """Chats that carry a tag over all served chats that ended; may sum to more than 1."""
    return Ratio("chats_with_tag", "ended_chats", across=OF_TAGS)


@metric(
    fact="tag_uses", at="tagged_at", unit="tags", better="neutral", serves=("G4",), needs=NEEDS,
    title="Different tags used", credit=BY_WHOM,
)  # fmt: skip
def distinct_tags_used(k: Any) -> Count:
    """How many different tags were put on."""
    return Count(where=_wanted(k), distinct="tag")


@metric(
    fact="tag_uses", at="tagged_at", unit="tags", better="neutral", serves=("G5",), needs=NEEDS,
    title="Tag uses on urgent matters", credit=BY_WHOM,
)  # fmt: skip
def high_priority_tag_uses(k: Any) -> Count:
    """Tags on what is of high or urgent priority, or carries a tag that marks it so."""
    return Count(where=k.is_high_priority & _wanted(k))


@metric(
    fact="tag_uses", at="ended_at", unit="share", better="neutral", serves=("G5",), needs=NEEDS,
    title="Urgent among conversations with a tag", credit=BY_WHOM,
)  # fmt: skip
def tag_high_priority_share(k: Any) -> Share:
    """Share of the served conversations with a tag that are of high or urgent priority."""
    return Share(
        k.is_high_priority,
        where=k.is_served & is_over(k) & _wanted(k),
        distinct="conversation_id",
    )


@metric(
    fact="served_conversations", at="ended_at", unit="share", better="neutral", serves=("G5",),
    needs=("conversation",), title="Urgent conversations", credit=CREDIT,
)  # fmt: skip
def high_priority_share(c: Any) -> Share:
    """Share of served conversations of high or urgent priority, or with a tag that says so."""
    return Share(c.is_high_priority, where=is_over(c))


@metric(unit="times", better="neutral", serves=("G5",), title="Lift of a tag on urgent matters",
        credit=BY_WHOM)  # fmt: skip
def high_priority_tag_lift(_: Any) -> Ratio:
    """How many times as common a tag is on urgent conversations as on all of them.

    The tag's share among urgent conversations over its share among all; 1 is no link.
    """
    return Ratio("tag_high_priority_share", "high_priority_share", across=OF_TAGS)


@metric(
    fact="served_conversations", at="ended_at", unit="share", better="up", serves=("G5",),
    needs=NEEDS, title="Tagged among urgent conversations", credit=CREDIT, prepare=_with_tags,
)  # fmt: skip
def high_priority_tagged_share(c: Any) -> Share:
    """Share of served conversations of high or urgent priority that carry a tag."""
    return Share(c.tags > 0, where=c.is_urgent & is_over(c))
