"""Messages per chat, how long chats are and how they end (P)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sanjeh.metrics.registry import Count, Duration, Example, Mean, Ratio, Share, metric

DAY = 86_400_000_000
CREDIT = "the agent who answered first"
OF_CHATS = ("conversation", "message")
UNKNOWN = "unresolved (unknown)"


def is_over(c: Any) -> Any:
    """Ended; a conversation that nobody closed, once it has been silent for a day (AMB-17)."""
    return c.is_closed | (c.ended_at + DAY <= c.now_at)


def is_live(c: Any) -> Any:
    """On a live chat."""
    return (c.channel_kind == "realtime").fill_null(False)


def chat_is_over(c: Any) -> Any:
    """An ended live chat."""
    return is_live(c) & is_over(c)


def _goes_on(c: Any) -> Any:
    return is_live(c) & ~is_over(c)


def _counted(c: Any, _: list[str], __: Mapping[str, Any]) -> Any:
    """Chats with `messages`: as sent or in turns, with a bot's or without (AMB-13)."""
    bots = ibis.cases((c.option_messages_include_bot == "yes", c.bot_message_count), else_=0)
    spoken = ibis.cases(
        (c.option_messages_unit == "turn", c.turn_count), else_=c.message_count + bots
    )
    return c.mutate(messages=spoken)


@metric(
    fact="served_conversations", at="ended_at", unit="messages", better="down",
    serves=("P1", "P1.2"), needs=OF_CHATS, title="Messages per chat", credit=CREDIT,
    prepare=_counted, pending=_goes_on,
    examples=(
        Example.of("10, 2 and 30 messages; a mail is no chat; one may still go on", """
            ended_at          channel_kind  is_closed  message_count  bot_message_count
            2026-03-02 09:00  realtime      true       10             4
            2026-03-02 09:10  realtime      true       2              0
            2026-03-02 09:20  realtime      false      30             0
            2026-03-02 09:30  async         true       90             0
            2026-03-31 23:30  realtime      false      7              0
            """, value=14.0, median=10.0, min=2, max=30, n=3, pending=1),
    ),
)  # fmt: skip
def messages_per_chat(c: Any) -> Mean:
    """Public messages of customer and agents in a served chat that ended in the period.

    Bots, automatic greetings and internal notes are not counted (`messages.include_bot`); a
    burst counts as sent (`messages.unit`: as one turn).
    """
    return Mean("messages", where=chat_is_over(c), bins=(5, 10, 20, 40))


def _side(name: str, doc: str, title: str) -> None:
    def body(c: Any) -> Mean:
        return Mean(f"{name}_message_count", where=chat_is_over(c), bins=(2, 5, 10, 20))

    body.__name__, body.__doc__ = f"{name}_messages_per_chat", doc
    metric(
        fact="served_conversations", at="ended_at", unit="messages", better="down",
        serves=("P1",), needs=OF_CHATS, title=title, credit=CREDIT, pending=_goes_on,
    )(body)  # fmt: skip


_side("customer", "Messages of the customer in a served chat.", "Customers' messages per chat")
_side("agent", "Public messages of agents in a served chat.", "Agents' messages per chat")


@metric(
    fact="served_conversations", at="ended_at", unit="share", better="neutral", serves=("P1.1",),
    needs=OF_CHATS, title="Short chats", credit=CREDIT, prepare=_counted, pending=_goes_on,
    examples=(
        Example.of("10 messages are short, 11 are not", """
            ended_at          channel_kind  is_closed  message_count  bot_message_count
            2026-03-02 09:00  realtime      true       2              0
            2026-03-02 09:10  realtime      true       10             0
            2026-03-02 09:20  realtime      true       11             0
            """, value=0.6666666666666666, numerator=2, denominator=3),
    ),
)  # fmt: skip
def short_chat_share(c: Any) -> Share:
    """Share of chats with at most `length.short_max` (10) messages; the others are long.

    The whole distribution: `ended_chat_share --by message_band`.
    """
    return Share(c.messages <= c.option_length_short_max, where=chat_is_over(c))


@metric(
    fact="served_conversations", at="ended_at", unit="share", better="neutral", serves=("P1.1",),
    needs=OF_CHATS, title="Brief chats", credit=CREDIT, pending=_goes_on,
)  # fmt: skip
def brief_chat_share(c: Any) -> Share:
    """Share of chats that lasted at most `length.short_max_minutes` (5 minutes).

    The whole distribution: `ended_chat_share --by duration_band`.
    """
    lasted = c.ended_at - c.asked_at
    return Share(
        lasted <= c.option_length_short_max_minutes * 60_000_000,
        where=chat_is_over(c),
        without={"an instant is unknown": lasted.isnull(), "ends before it starts": lasted < 0},
    )


@metric(
    fact="served_conversations", at="ended_at", unit="chats", better="neutral",
    serves=("P1.3", "P1.1", "P1.2"), needs=OF_CHATS, title="Chats ended", credit=CREDIT,
    pending=_goes_on,
)  # fmt: skip
def ended_chats(c: Any) -> Count:
    """Served chats that ended. `--by outcome`: resolved, escalated, unresolved, or not recorded.

    Escalated wins over resolved. Where no outcome is recorded and no ticket tells, it is
    "unresolved (unknown)", never resolved.
    """
    return Count(where=chat_is_over(c))


@metric(
    unit="share", better="neutral", serves=("P1.1", "P1.3"), title="Share of the chats ended",
    credit=CREDIT,
)  # fmt: skip
def ended_chat_share(_: Any) -> Ratio:
    """A group's part of all served chats that ended: by outcome, by message or duration band."""
    return Ratio("ended_chats", "ended_chats", across=("outcome", "message_band", "duration_band"))


@metric(
    fact="served_conversations", at="ended_at", unit="share", better="up", serves=("P1.3",),
    needs=OF_CHATS, title="Chats resolved", credit=CREDIT, pending=_goes_on,
    examples=(
        Example.of("one that nobody judged is listed, and is no success", """
            ended_at          channel_kind  is_closed  outcome_class
            2026-03-02 09:00  realtime      true       resolved
            2026-03-02 09:10  realtime      true       resolved
            2026-03-02 09:20  realtime      true       escalated
            2026-03-02 09:30  realtime      true       unresolved
            2026-03-02 09:40  realtime      true       unresolved (unknown)
            """, value=0.5, numerator=2, denominator=4, excluded={"no outcome is recorded": 1}),
    ),
)  # fmt: skip
def resolved_chat_share(c: Any) -> Share:
    """Share of served chats that were resolved when they ended, of those with a known outcome."""
    return Share(
        c.outcome_class == "resolved",
        where=chat_is_over(c),
        without={"no outcome is recorded": c.outcome_class == UNKNOWN},
    )


@metric(
    fact="served_conversations", at="ended_at", unit="seconds", better="down",
    serves=("P1.1", "U1.2"), needs=OF_CHATS, title="Chat duration", credit=CREDIT,
    pending=_goes_on,
    examples=(
        Example.of("5, 10 and 60 minutes", """
            asked_at          ended_at          channel_kind  is_closed
            2026-03-02 09:00  2026-03-02 09:05  realtime      true
            2026-03-02 09:00  2026-03-02 09:10  realtime      true
            2026-03-02 09:00  2026-03-02 10:00  realtime      true
            """, value=1500, mean=1500, median=600, n=3),
    ),
)  # fmt: skip
def chat_duration(c: Any) -> Duration:
    """Seconds from the customer's request to the end of a served chat, the queue within.

    A chat that nobody closed, or that timed out, ends two minutes after its last message.
    """
    return Duration("asked_at", "ended_at", where=chat_is_over(c))
