"""Ready replies: how much agents rely on them, and the time that may have saved (C)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sanjeh.metrics.messages import CREDIT as FIRST
from sanjeh.metrics.messages import chat_is_over, is_live
from sanjeh.metrics.registry import Count, Example, Mean, Net, Ratio, Share, Total, metric

NEEDS = ("message",)
SENDER = "the agent who sent it"
WRITERS = "every agent who wrote in the chat; a shared chat is in each row, once in all"
ESTIMATE = (
    "Time saved is an estimate, not measured: characters over canned.typing_cps, less "
    "canned.insert_s a reply, never below 0; canned.kept_of_edited of an edited one.",
)


def with_canned(c: Any, _: list[str], __: Mapping[str, Any]) -> Any:
    """Rows with `canned`: ready replies in them, edited ones in or out (AMB-20)."""
    as_it_was = c.canned_count - c.edited_canned_count
    return c.mutate(
        canned=ibis.cases((c.option_canned_count_edited == "no", as_it_was), else_=c.canned_count)
    )


@metric(
    fact="agent_writing", at="written_at", unit="messages", better="neutral", serves=("C1",),
    needs=NEEDS, title="Agents' messages", credit=SENDER,
)  # fmt: skip
def agent_messages(_: Any) -> Net:
    """Public messages of agents, by when each first wrote in the conversation."""
    return Net("agent_message_count")


@metric(
    fact="agent_writing", at="written_at", unit="messages", better="neutral", serves=("C1",),
    needs=NEEDS, title="Messages from ready replies", credit=SENDER, prepare=with_canned,
)  # fmt: skip
def canned_messages(_: Any) -> Net:
    """Agents' messages sent from a ready reply, by when each first wrote in the conversation."""
    return Net("canned")


@metric(unit="share", better="neutral", serves=("C1",), title="Use of ready replies",
        credit=SENDER)  # fmt: skip
def canned_message_share(_: Any) -> Ratio:
    """Share of agents' public messages that were sent from a ready reply, on every channel."""
    return Ratio("canned_messages", "agent_messages")


def _counts(m: Any) -> Any:
    return (m.option_canned_count_edited == "yes") | ~m.is_edited


@metric(
    fact="canned_uses", at="sent_at", unit="messages", better="neutral", serves=("C1", "C0"),
    needs=NEEDS, title="Ready replies sent", credit=SENDER,
)  # fmt: skip
def canned_uses(m: Any) -> Count:
    """Messages sent from a ready reply, by when they were sent. `--by canned_response`: which."""
    return Count(where=_counts(m))


@metric(
    fact="agent_writing", at="ended_at", unit="share", better="neutral", serves=("C1.1", "C1"),
    needs=NEEDS, title="Chats with a ready reply", credit=WRITERS, prepare=with_canned,
    examples=(
        Example.of("of two chats one, though one of its two agents used none", """
            ended_at          conversation_id  channel_kind  is_closed  outcome_class  canned_count
            2026-03-02 09:00  a                realtime      true       served         2
            2026-03-02 09:00  a                realtime      true       served         0
            2026-03-02 09:10  b                realtime      true       served         0
            2026-03-02 09:20  c                async         true       served         1
            """, value=0.5, numerator=1, denominator=2),
    ),
)  # fmt: skip
def canned_chat_share(a: Any) -> Share:
    """Share of served chats in which a person sent a ready reply; an edited one counts."""
    return Share(
        a.canned > 0,
        where=chat_is_over(a) & (a.outcome_class == "served"),
        distinct="conversation_id",
    )


@metric(
    fact="served_conversations", at="ended_at", unit="messages", better="neutral",
    serves=("C1.2",), needs=NEEDS, title="Ready replies per chat", credit=FIRST,
    prepare=with_canned,
)  # fmt: skip
def canned_per_chat(c: Any) -> Mean:
    """Ready replies in a served chat; chats without one count as none."""
    return Mean("canned", where=chat_is_over(c))


@metric(
    fact="served_conversations", at="ended_at", unit="messages", better="neutral",
    serves=("C1.2",), needs=NEEDS, title="Ready replies per chat that used one", credit=FIRST,
    prepare=with_canned,
)  # fmt: skip
def canned_per_canned_chat(c: Any) -> Mean:
    """Ready replies in a served chat that used at least one."""
    return Mean("canned", where=chat_is_over(c) & (c.canned > 0))


def _with_savings(m: Any, _: list[str], __: Mapping[str, Any]) -> Any:
    """Ready replies with the seconds of typing that each may have saved (AMB-21)."""
    # TRICKY: Spark reads a literal such as 0.0 as a decimal, so that no branch is one.
    typing = m.body_length.cast("float64") / m.option_canned_typing_cps.nullif(0.0)
    insert = m.option_canned_insert_s
    saved = ibis.cases((typing > insert, typing - insert), else_=typing * 0)
    saved = ibis.cases((m.is_edited, saved * m.option_canned_kept_of_edited), else_=saved)
    return m.mutate(saved_seconds=saved, saved_hours=saved / 3600)


def _of_unknown_length(m: Any) -> dict[str, Any]:
    return {"its length is unknown": m.saved_seconds.isnull()}


@metric(
    fact="canned_uses", at="sent_at", unit="hours", better="up", serves=("C1.4",), needs=NEEDS,
    title="Time saved by ready replies (estimate)", credit=SENDER, prepare=_with_savings,
    notes=ESTIMATE,
    examples=(
        Example.of("330 and 3 characters: 97 seconds, and none", """
            sent_at           body_length  is_edited
            2026-03-02 09:00  330          false
            2026-03-02 09:10  3            false
            2026-03-02 09:20  -            false
            """, value=0.026944444444444444, n=2, excluded={"its length is unknown": 1}),
    ),
)  # fmt: skip
def canned_time_saved(m: Any) -> Total:
    """Hours of typing that ready replies may have saved, on every channel."""
    return Total("saved_hours", where=_counts(m), without=_of_unknown_length(m))


@metric(
    fact="canned_uses", at="sent_at", unit="seconds", better="up", serves=("C1.4",), needs=NEEDS,
    title="Time saved by ready replies in chats (estimate)", credit=SENDER,
    prepare=_with_savings, notes=ESTIMATE,
)  # fmt: skip
def canned_time_saved_in_chats(m: Any) -> Total:
    """Seconds of typing that ready replies may have saved in served chats."""
    return Total("saved_seconds", where=_in_chats(m), without=_of_unknown_length(m))


def _in_chats(m: Any) -> Any:
    return _counts(m) & is_live(m) & (m.outcome_class == "served").fill_null(False)


@metric(
    fact="canned_uses", at="sent_at", unit="chats", better="neutral", serves=("C1.1",),
    needs=NEEDS, title="Chats that used a ready reply", credit=SENDER, prepare=_with_savings,
)  # fmt: skip
def canned_chats(m: Any) -> Count:
    """Served chats in which a ready reply of known length was sent."""
    return Count(where=_in_chats(m), distinct="conversation_id", without=_of_unknown_length(m))


@metric(
    unit="seconds per chat", better="up", serves=("C1.4",), notes=ESTIMATE, credit=SENDER,
    title="Time saved per chat by ready replies (estimate)",
)  # fmt: skip
def canned_time_saved_per_chat(_: Any) -> Ratio:
    """Seconds of typing that ready replies may have saved, for each chat that used one."""
    return Ratio("canned_time_saved_in_chats", "canned_chats")
