"""Chats that lead to a purchase, a sign-up or another conversion (X1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sanjeh.metrics.registry import Count, Example, Mean, Share, Total, metric

DAY = 86_400_000_000
CHATS = ("conversation", "message")
NEEDS = ("conversion", "message")
CREDIT = "the agent who had the chat last"
BINS = (3600, 86_400, 3 * 86_400, 7 * 86_400, 30 * 86_400)


def _base(rows: Any, options: Any) -> Any:
    """Chats that can lead to a conversion: served ones, or all that were asked for (AMB-23)."""
    return (rows.outcome_class == "served") | (options.option_conversion_base == "requested")


def _in_time(rows: Any, options: Any) -> Any:
    """Converted during the chat, or within the window after its end."""
    ended = ibis.coalesce(rows.chat_ended_at, rows.chat_started_at)
    window = (options.option_conversion_window * float(DAY)).cast("int64")
    return rows.converted_at <= ibis.greatest(ended, rows.chat_started_at) + window


def _options(t: Any) -> Any:
    names = ("conversion_window", "conversion_base", "conversion_model")
    return t.select(*[f"option_{n}" for n in names]).distinct()


def _attributed(t: Any, tables: Mapping[str, Any]) -> Any:
    """Conversion by conversion the chat that it is credited to: the last before it (AMB-22)."""
    p = tables["chat_conversions"].view()
    p = p.cross_join(_options(t))
    p = p.filter(_base(p, p) & _in_time(p, p))
    order = [p.chat_started_at, p.conversation_id, p["part"]]
    p = p.mutate(
        place=ibis.row_number().over(ibis.window(group_by=p.conversion_id, order_by=order)),
        place_from_end=ibis.row_number().over(
            ibis.window(group_by=p.conversion_id, order_by=[o.desc() for o in order])
        ),
    )
    p = p.filter(
        (p.option_conversion_model == "any")
        | ((p.option_conversion_model == "last") & (p.place_from_end == 0))
        | ((p.option_conversion_model == "first") & (p.place == 0))
    )
    return p.select(
        p_id="conversation_id", p_part="part", p_conversion="conversion_id", p_at="converted_at"
    )


def _converted(c: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
    """Chats with how many conversions each is credited with."""
    p = _attributed(c, tables)
    p = p.group_by(["p_id", "p_part"]).agg(conversion_count=p.count())
    j = c.left_join(p, [c.conversation_id == p.p_id, c["part"] == p.p_part])
    return j.mutate(conversion_count=j.conversion_count.fill_null(0)).drop("p_id", "p_part")


def _provisional(c: Any) -> Any:
    """Chats whose window is not over: they may still lead to a conversion."""
    window = (c.option_conversion_window * float(DAY)).cast("int64")
    return _base(c, c) & (ibis.coalesce(c.ended_at, c.started_at) + window > c.now_at)


@metric(
    fact="live_chats", at="started_at", unit="share", better="up", group="business",
    serves=("X1", "X1.2", "X1.3", "X1.4", "Z9", "R1.6"), needs=("conversion", *CHATS),
    title="Chat-to-conversion rate", credit=CREDIT, prepare=_converted, pending=_provisional,
    examples=(
        Example.of("of two served none led to one; the second may still", """
            started_at        ended_at          outcome_class
            2026-03-02 09:00  2026-03-02 09:10  served
            2026-03-31 09:00  2026-03-31 09:10  served
            2026-03-31 09:00  2026-03-31 09:10  missed
            """, value=0.0, numerator=0, denominator=2, pending=1),
    ),
)  # fmt: skip
def chat_conversion_rate(c: Any) -> Share:
    """Share of served live chats, by when they started, that led to at least one conversion.

    A conversion of the same visitor or customer, during the chat or within `conversion.window`
    (7 days) after it, is credited to the last chat before it, once. What was cancelled or refunded
    is none. Chats whose window is not over count as they stand, and are told beside as pending.
    `--by approach`: begun by us (proactive) or by the visitor. `--by first_response_band`: whether
    those answered within a minute buy more often; in one's own data, and not as cause and effect.
    """
    return Share(c.conversion_count > 0, where=_base(c, c))


def _of_participants(a: Any, within: list[str], tables: Mapping[str, Any]) -> Any:
    c = tables["live_chats"].view()
    c = c.select(c_id="conversation_id", c_part="part", c_class="outcome_class")
    j = a.left_join(c, [a.conversation_id == c.c_id, a["part"] == c.c_part]).drop("c_id", "c_part")
    j = j.rename(outcome_class="c_class")
    return _converted(j, within, tables)


@metric(
    fact="agent_conversations", at="opened_at", unit="share", better="up", group="business",
    serves=("X1.2", "AMB-12"), needs=("conversion", *CHATS),
    title="Conversion rate of all who took part",
    credit="every agent who wrote in the chat; a shared chat is in each row, once in all",
    prepare=_of_participants,
)  # fmt: skip
def participant_conversion_rate(a: Any) -> Share:
    """Share of the chats an agent wrote in that led to a conversion, whoever had them last."""
    return Share(
        a.conversion_count > 0, where=a.outcome_class.notnull() & _base(a, a),
        distinct="conversation_id",
    )  # fmt: skip


_PAIRS = """
    chat_started_at   chat_ended_at     converted_at      outcome_class  conversation_id  conversion_id  seconds_to_conversion  has_followup  value
    2026-03-02 09:00  2026-03-02 09:10  2026-03-02 10:00  served         a                1              3600                   false         10
    2026-03-02 09:00  2026-03-02 09:10  2026-03-03 09:00  served         a                2              86400                  true          20
    2026-03-02 09:00  2026-03-02 09:10  2026-03-09 09:11  served         b                3              605460                 true          40
    2026-03-02 08:00  2026-03-02 08:10  2026-03-03 09:00  served         c                2              90000                  true          20
    """  # noqa: E501


def _credited(p: Any, _: list[str], tables: Mapping[str, Any]) -> Any:
    """Conversions after chats, with whether the chat is credited, and is so for the first time."""
    found = _attributed(p, tables)
    first = found.group_by(f_id=found.p_id, f_part=found.p_part).agg(first_at=found.p_at.min())
    j = p.left_join(
        found.drop("p_at"),
        [p.conversation_id == found.p_id, p["part"] == found.p_part,
         p.conversion_id == found.p_conversion],
    )  # fmt: skip
    j = j.left_join(first, [j.conversation_id == first.f_id, j["part"] == first.f_part])
    return j.mutate(
        is_credited=j.p_conversion.notnull(),
        is_first=(j.converted_at == j.first_at).fill_null(False),
    ).drop("p_id", "p_part", "p_conversion", "f_id", "f_part", "first_at")


@metric(
    fact="chat_conversions", at="chat_started_at", unit="conversions", better="up",
    group="business", serves=("X1", "X1.3"), needs=NEEDS, title="Conversions after chats",
    credit=CREDIT, prepare=_credited,
    examples=(
        Example.of("two of the last chat before them; one comes after seven days", _PAIRS,
                   value=2, n=2),
    ),
)  # fmt: skip
def conversions_after_chats(p: Any) -> Count:
    """Conversions credited to the live chats of the period: each once. `--by conversion_type`."""
    return Count(where=p.is_credited)


@metric(
    fact="chat_conversions", at="chat_started_at", unit="money", better="up", group="business",
    serves=("X1",), needs=NEEDS, title="Value of conversions after chats", credit=CREDIT,
    prepare=_credited, per="currency",
    examples=(Example.of("10 and 20", _PAIRS, value=30.0, n=2),),
)  # fmt: skip
def chat_conversion_value(p: Any) -> Total:
    """What the conversions credited to the chats of the period are worth, `--by currency`."""
    return Total("value", where=p.is_credited)


@metric(
    fact="chat_conversions", at="chat_started_at", unit="seconds", better="down", group="business",
    serves=("X1.1",), needs=NEEDS, title="Time to conversion", credit=CREDIT, prepare=_credited,
    examples=(Example.of("the first conversion of the chat", _PAIRS, value=3600.0, n=1),),
)  # fmt: skip
def time_to_conversion(p: Any) -> Mean:
    """Seconds from a chat's start to the first conversion it is credited with.

    `conversions_after_chats --by converted_within`: in the chat, within a day, 1 to 3, 3 to 7 days.
    """
    return Mean("seconds_to_conversion", where=p.is_credited & p.is_first, bins=BINS)


@metric(
    fact="chat_conversions", at="chat_started_at", unit="share", better="neutral",
    group="business", serves=("X1.5", "O13"), needs=("conversion", "followup"),
    title="Conversions after a follow-up", credit=CREDIT, prepare=_credited,
    examples=(
        Example.of("one of two", _PAIRS, value=0.5, numerator=1, denominator=2),
    ),
)  # fmt: skip
def conversions_after_followup(p: Any) -> Share:
    """Share of the conversions credited to chats that came only after a follow-up was done.

    Between the chat's end and the conversion: a mail, call, message or task that somebody wrote
    down as done (`--by followup_kind`). A survey's mail is none.
    """
    return Share(p.has_followup, where=p.is_credited)


@metric(
    fact="conversions", at="converted_at", unit="conversions", better="up", group="business",
    serves=("X1", "W1.3"), needs=("conversion",), title="Conversions",
    examples=(
        Example.of("two; one was taken back", """
            converted_at      conversion_type  excluded_reason
            2026-03-02 09:00  purchase         -
            2026-03-03 09:00  signup           -
            2026-03-04 09:00  purchase         cancelled
            """, value=2, n=2, excluded={"cancelled": 1}),
    ),
)  # fmt: skip
def conversions(_: Any) -> Count:
    """Purchases, sign-ups and the like by when they happened, with a chat before them or without.

    Cancelled and refunded ones, and those of robots and of our own people, are left out and listed.
    """
    return Count()


@metric(
    fact="invitations", at="invited_at", unit="share", better="up", group="business",
    serves=("X1.4",), needs=("chat_invite",), title="Invitations accepted",
    examples=(
        Example.of("one of three; a robot's does not count", """
            invited_at        invitation_result  excluded_reason
            2026-03-02 09:00  accepted           -
            2026-03-02 09:10  dismissed          -
            2026-03-02 09:20  ignored            -
            2026-03-02 09:30  ignored            a robot
            """, value=0.3333333333333333, numerator=1, denominator=3, excluded={"a robot": 1}),
    ),
)  # fmt: skip
def invitation_acceptance(i: Any) -> Share:
    """Share of the invitations to chat shown to visitors that they accepted.

    One that nobody answered is no chat. `--by invited_by`: by an agent, or by a rule.
    """
    return Share(i.invitation_result == "accepted")
