"""From a visit of the website to a chat, an answer, a conversion (W1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sanjeh.metrics.registry import Count, Example, Mean, Ratio, Share, metric

DAY = 86_400_000_000
NEEDS = ("web_session",)
CHATS = ("web_session", "conversation", "message")
BINS = (10, 30, 60, 120, 300, 600, 1800)
BEFORE = "the chat came before the visit"


def _units(v: Any, within: list[str], _: Mapping[str, Any]) -> Any:
    """Visits with whom they count for, whether that one chatted in the period, and converted."""
    v = v.mutate(
        unit_id=ibis.cases((v.option_visitor_unit == "visit", v.session_id), else_=v.visitor_id)
    )
    kept = v.filter(v.excluded_reason.isnull())
    names = [f"chatter_{name}" for name in within]
    whole = kept.group_by(
        chatter_id=kept.unit_id, **{f"chatter_{name}": kept[name] for name in within}
    ).agg(all_chats=kept.chat_count.sum())
    same = [v[name] == whole[f"chatter_{name}"] for name in within]
    j = v.left_join(whole, [v.unit_id == whole.chatter_id, *same])
    return j.mutate(
        is_chatter=(j.all_chats > 0).fill_null(False), is_converted=_after_chat(j)
    ).drop("chatter_id", "all_chats", *names)


def _in_time(converted: Any, since: Any, v: Any) -> Any:
    window = (v.option_conversion_window * float(DAY)).cast("int64")
    return (converted <= since + window).fill_null(False)


def _after_chat(v: Any) -> Any:
    ended = ibis.greatest(ibis.coalesce(v.chat_ended_at, v.requested_at), v.requested_at)
    return _in_time(v.converted_after_chat_at, ended, v)


_FOUR = """
    started_at        session_id  visitor_id  chat_count  was_served  excluded_reason
    2026-03-02 09:00  1           vera        0           false       -
    2026-03-02 12:00  2           vera        2           true        -
    2026-03-03 12:00  3           vera        1           false       -
    2026-03-02 09:00  4           will        1           false       -
    2026-03-02 09:00  5           xena        0           false       -
    2026-03-02 09:00  6           yuri        0           false       -
    2026-03-02 09:00  7           machine     1           false       a robot
    """


def _step(name: str, title: str, doc: str, where: Any, needs: tuple[str, ...], value: int) -> None:
    def body(v: Any) -> Count:
        return Count(where=where(v), distinct="unit_id")

    body.__name__, body.__doc__ = name, doc
    metric(
        fact="visits", at="started_at", unit="visitors", better="up", group="business",
        serves=("W1",), needs=needs, title=title, prepare=_units,
        examples=(Example.of("one who comes thrice is one", _FOUR, value=value),) if value else (),
    )(body)  # fmt: skip


_step("visitors", "Visitors",
      "Visitors of the website, each once; robots and our own people are left out and listed.\n\n"
      "By when a visit began. Where a visit names no visitor, it stands for one. "
      "`visitor.unit=visit`: visits.", lambda _: None, NEEDS, 4)  # fmt: skip


@metric(
    fact="visits", at="started_at", unit="share", better="up", group="business",
    serves=("W1", "AMB-38"), needs=("web_session", "conversation"), title="Visitors to chat",
    prepare=_units,
    examples=(
        Example.of("two of four; one who chats thrice is one", _FOUR, value=0.5, numerator=2,
                   denominator=4, excluded={"a robot": 1}),
    ),
)  # fmt: skip
def visitor_chat_rate(v: Any) -> Share:
    """Share of the visitors of the website who began a chat: wrote, or took an invitation.

    Each visitor once, in however many visits and chats (`visitor.unit=visit`: of visits). Robots
    and our own people are left out. `visitors_who_chatted --by approach`: who began.
    """
    return Share(v.chat_count > 0, distinct="unit_id")


_step("visitors_who_chatted", "Visitors who began a chat",
      "Visitors who wrote in a chat, asked for one or took an invitation, each once.",
      lambda v: v.chat_count > 0, ("web_session", "conversation"), 2)  # fmt: skip
_step("visitors_answered", "Visitors answered in a chat",
      "Visitors with at least one chat in which a person answered, each once.",
      lambda v: v.was_served, CHATS, 1)  # fmt: skip
_step("visitors_converted", "Visitors who converted after a chat",
      "Visitors answered in a chat who then converted: in it, or within `conversion.window` "
      "(7 days) after it; each once.",
      lambda v: v.was_served & v.is_converted, (*CHATS, "conversion"), 0)  # fmt: skip


@metric(
    fact="visits", at="started_at", unit="share", better="up", group="business",
    serves=("W1.2", "AMB-39"), needs=CHATS, title="Visitors who took part in a chat",
    prepare=_units,
    examples=(
        Example.of("one of four", _FOUR, value=0.25, numerator=1, denominator=4),
    ),
)  # fmt: skip
def visitor_participation_rate(v: Any) -> Share:
    """Share of the visitors with at least one chat that a person answered.

    Never above `visitor_chat_rate`; what lies between are chats missed and given up.
    """
    return Share(v.was_served, distinct="unit_id")


_SOLD = """
    started_at        session_id  visitor_id  chat_count  requested_at      chat_ended_at     converted_at      converted_after_chat_at
    2026-03-02 09:00  1           vera        1           2026-03-02 09:05  2026-03-02 09:10  2026-03-02 09:30  2026-03-02 09:30
    2026-03-03 09:00  2           vera        0           -                 -                 2026-03-04 09:30  -
    2026-03-02 09:00  3           will        1           2026-03-02 09:05  2026-03-02 09:10  2026-03-02 09:01  2026-03-09 09:11
    2026-03-02 09:00  4           xena        0           -                 -                 2026-03-02 09:02  -
    2026-03-02 09:00  5           yuri        0           -                 -                 -                 -
    2026-03-02 09:00  6           zoe         0           -                 -                 2026-03-19 09:02  -
    """  # noqa: E501


@metric(
    fact="visits", at="started_at", unit="share", better="up", group="business",
    serves=("W1.3", "AMB-40", "Z9"), needs=("web_session", "conversation", "conversion"),
    title="Visitors who convert after a chat", prepare=_units,
    examples=(
        Example.of("one of two; a minute after seven days is too late", _SOLD, value=0.5,
                   numerator=1, denominator=2),
    ),
)  # fmt: skip
def visitor_conversion_after_chat(v: Any) -> Share:
    """Share of the visitors who chatted that converted during it or within `conversion.window`.

    The unit is the visitor; `chat_conversion_rate` counts chats. Beside it:
    `visitor_conversion_without_chat`.
    """
    return Share(v.is_converted, where=v.chat_count > 0, distinct="unit_id")


@metric(
    fact="visits", at="started_at", unit="share", better="up", group="business",
    serves=("W1.3", "Z9"), needs=("web_session", "conversation", "conversion"),
    title="Visitors who convert without a chat", prepare=_units,
    examples=(
        Example.of("one of three; one who chatted in another visit is none of them", _SOLD,
                   value=0.3333333333333333, numerator=1, denominator=3),
    ),
)  # fmt: skip
def visitor_conversion_without_chat(v: Any) -> Share:
    """Share of the visitors without any chat in the period that converted.

    During a visit, or within `conversion.window` after it began. That the two shares differ does
    not say that chats cause it: those who ask may have wanted to buy anyway.
    """
    return Share(_in_time(v.converted_at, v.started_at, v), where=~v.is_chatter, distinct="unit_id")


@metric(
    unit="times", better="up", group="business", serves=("W1.3",),
    title="Converting after a chat against without",
    notes=("That who chats converts more often does not say that chats cause it.",),
)  # fmt: skip
def chat_conversion_lift(_: Any) -> Ratio:
    """How many times as often visitors who chatted convert as those who did not."""
    return Ratio("visitor_conversion_after_chat", "visitor_conversion_without_chat")


@metric(
    fact="visits", at="started_at", unit="seconds", better="neutral", group="business",
    serves=("W1.1", "AMB-77"), needs=("web_session", "conversation"),
    title="Time on the website before the chat",
    examples=(
        Example.of("10, 20 and 60 seconds; one asked before the visit", """
            started_at        requested_at      seconds_before_chat
            2026-03-02 09:00  2026-03-02 09:00  10
            2026-03-02 09:00  2026-03-02 09:00  20
            2026-03-02 09:00  2026-03-02 09:01  60
            2026-03-02 09:00  2026-03-02 08:59  -60
            2026-03-02 09:00  -                 -
            """, value=30.0, median=20.0, n=3,
            excluded={"the chat came before the visit": 1}),
    ),
)  # fmt: skip
def time_before_chat(v: Any) -> Mean:
    """Seconds from the beginning of a visit to the first request for a chat in it."""
    return Mean(
        "seconds_before_chat", where=v.requested_at.notnull(),
        without={BEFORE: v.seconds_before_chat < 0}, bins=BINS,
    )  # fmt: skip


def _is_over(v: Any) -> Any:
    return v.ended_at.notnull() | (v.over_at <= v.now_at)


def _runs(v: Any) -> Any:
    return v.requested_at.notnull() & ~_is_over(v)


_LEFT = """
    started_at        requested_at      ended_at          over_at           after_request
    2026-03-02 09:00  2026-03-02 09:05  2026-03-02 09:06  2026-03-02 09:06  left before a reply
    2026-03-02 09:00  2026-03-02 09:05  2026-03-02 09:30  2026-03-02 09:30  left after the exchange
    2026-03-02 09:00  2026-03-02 09:05  2026-03-02 09:30  2026-03-02 09:30  went on
    2026-03-02 09:00  2026-03-02 09:05  -                 2026-03-02 09:50  went on
    2026-03-31 23:40  2026-03-31 23:50  -                 2026-04-01 00:20  left before a reply
    2026-03-02 09:00  -                 2026-03-02 09:30  2026-03-02 09:30  -
    """


@metric(
    fact="visits", at="started_at", unit="share", better="down", group="business",
    serves=("W1.4", "AMB-41"), needs=(*CHATS, "page_view"), title="Exit after a chat request",
    pending=_runs,
    examples=(
        Example.of("two of four left; one may still go on", _LEFT, value=0.5, numerator=2,
                   denominator=4, pending=1),
    ),
)  # fmt: skip
def exit_after_request(v: Any) -> Share:
    """Share of the visits with a request for a chat after which no page and no conversion came.

    From the first request of a visit. One whose end is not recorded goes on until 30 minutes after
    the last page or message. `visits_with_request --by after_request` splits it.
    """
    return Share(v.after_request != "went on", where=v.requested_at.notnull() & _is_over(v))


@metric(
    fact="visits", at="started_at", unit="share", better="down", group="business",
    serves=("W1.4",), needs=(*CHATS, "page_view"), title="Exit before a reply", pending=_runs,
    examples=(
        Example.of("one of four", _LEFT, value=0.25, numerator=1, denominator=4, pending=1),
    ),
)  # fmt: skip
def exit_before_reply(v: Any) -> Share:
    """Share of the visits with a request that ended there before any person had answered."""
    return Share(
        v.after_request == "left before a reply", where=v.requested_at.notnull() & _is_over(v)
    )


@metric(
    fact="visits", at="started_at", unit="visits", better="neutral", group="business",
    serves=("W1.4",), needs=("web_session", "conversation"), title="Visits with a chat request",
    pending=_runs,
    examples=(Example.of("four are over", _LEFT, value=4, pending=1),),
)  # fmt: skip
def visits_with_request(v: Any) -> Count:
    """Visits with a request for a chat that are over. `--by after_request`: how they ended."""
    return Count(where=v.requested_at.notnull() & _is_over(v))
