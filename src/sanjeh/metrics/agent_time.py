"""Agents' time: what share of it chats take, how long they work, how much they get done (U1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sanjeh.metrics.registry import Count, Example, Ratio, Total, metric

HOUR = 3_600_000_000  # microseconds
NEEDS = ("agent_status_event|shift",)
CREDIT = "each agent for the own time"
STANDS_IN = (
    "Before an agent's first status is recorded, the planned shift stands for being logged in: "
    "`--by presence_source` tells them apart.",
)
OUTSIDE = "outside working hours"


def _at_work(a: Any, _: list[str], __: Mapping[str, Any]) -> Any:
    """Slices with whether they are working time, as the options ask (AMB-44)."""
    planned = a.option_hours_source == "shift"
    no_break = (a.option_hours_breaks == "out") & a.is_break & (a.time_kind == "unavailable")
    return a.mutate(at_work=ibis.cases((planned, a.is_scheduled), else_=a.is_logged_in) & ~no_break)


_TIME: dict[str, Any] = {
    "fact": "agent_time", "at": "from_at", "unit": "hours", "credit": CREDIT, "prepare": _at_work,
}  # fmt: skip

# Logged in 09:00 to 11:00; chats 09:00 to 09:40, 09:20 to 10:00, 10:30 to 10:45; then a break.
_WORKED = """
    from_at           lasted      time_kind      is_logged_in  is_scheduled  is_working  is_break  chats_lasted  working_day
    2026-03-02 09:00  1800000000  active chat    true          true          true        false     1800000000    a
    2026-03-02 09:30  1800000000  active chat    true          true          true        false     2700000000    a
    2026-03-02 10:00  1800000000  available      true          true          false       false     0             a
    2026-03-02 10:30  900000000   active chat    true          true          true        false     900000000     a
    2026-03-02 10:45  900000000   unavailable    true          true          false       true      0             a
    2026-03-02 11:00  1800000000  not logged in  false         true          false       false     0             -
    2026-03-02 12:00  1800000000  active chat    false         false         true        false     1800000000    -
    """  # noqa: E501


@metric(
    better="neutral", serves=("U1.3", "AMB-44"), needs=NEEDS, title="Working hours",
    notes=STANDS_IN, **_TIME,
    examples=(Example.of("two hours, a break within", _WORKED, value=2.0, n=5),),
)  # fmt: skip
def working_hours(a: Any) -> Total:
    """Hours that agents were logged in, whatever their status.

    `hours.breaks=out` leaves breaks out; `hours.source=shift` takes the planned hours instead.
    `--by time_kind`: in chats, available, unavailable (away, break, training).
    """
    return Total("lasted", where=a.at_work, one=HOUR)


@metric(
    unit="share", better="neutral", serves=("U1.1",), title="Share of working time", credit=CREDIT
)
def working_time_share(_: Any) -> Ratio:
    """A group's part of the working hours, `--by time_kind`: active chat, available, unavailable.

    Chatting while the status says away is active. The three add up to the whole.
    """
    return Ratio("working_hours", "working_hours", across=("time_kind",))


@metric(
    better="neutral", serves=("U1", "U1.1"), needs=NEEDS, title="Hours in chats", **_TIME,
    examples=(
        Example.of("75 minutes; half an hour outside working hours", _WORKED, value=1.25, n=3,
                   excluded={"outside working hours": 1}),
    ),
)  # fmt: skip
def active_chat_hours(a: Any) -> Total:
    """Working hours in which an agent had at least one chat; several at once count once."""
    return Total(
        "lasted", where=a.time_kind == "active chat", without={OUTSIDE: ~a.at_work}, one=HOUR
    )


@metric(
    better="neutral", serves=("U1",), needs=NEEDS, title="Hours of chats, each in full", **_TIME,
    examples=(
        Example.of("95 minutes and a little", _WORKED, value=1.5, n=3,
                   excluded={"outside working hours": 1}),
    ),
)  # fmt: skip
def chat_load_hours(a: Any) -> Total:
    """Working hours in chats, chats held at the same time counted one by one (load)."""
    return Total(
        "chats_lasted", where=a.time_kind == "active chat", without={OUTSIDE: ~a.at_work}, one=HOUR
    )


@metric(
    unit="share", better="target", serves=("U1", "AMB-42", "AMB-43"), title="Chat utilisation",
    credit=CREDIT, notes=STANDS_IN,
)  # fmt: skip
def chat_utilisation(_: Any) -> Ratio:
    """Share of the working hours in which an agent had at least one chat; never above all.

    Live chats from acceptance to leaving with the wrap-up, messengers with five minutes of each
    silence at most. Too high is also bad. Calls and mail are not in it: see `occupancy`.
    """
    return Ratio("active_chat_hours", "working_hours")


@metric(unit="chats", better="neutral", serves=("U1",), title="Chats at once", credit=CREDIT)
def chat_concurrency(_: Any) -> Ratio:
    """How many chats an agent who had any had at the same time, on average."""
    return Ratio("chat_load_hours", "active_chat_hours")


@metric(
    better="neutral", serves=("U1", "7.11"), needs=NEEDS, title="Hours at work on anything",
    **_TIME,
    examples=(Example.of("75 minutes", _WORKED, value=1.25, n=3,
                         excluded={"outside working hours": 1}),),
)  # fmt: skip
def occupied_hours(a: Any) -> Total:
    """Working hours on a chat, a call, a mail or a ticket with a timer, on any channel."""
    return Total("lasted", where=a.is_working, without={OUTSIDE: ~a.at_work}, one=HOUR)


@metric(
    better="neutral", serves=("U1", "7.11"), needs=NEEDS, title="Hours busy or available", **_TIME,
    examples=(Example.of("all but the break", _WORKED, value=1.75, n=4),),
)  # fmt: skip
def staffed_hours(a: Any) -> Total:
    """Working hours in which an agent worked on something or was available for it."""
    return Total(
        "lasted", where=a.at_work & (a.is_working | (a.time_kind != "unavailable")), one=HOUR
    )


@metric(
    unit="share", better="target", serves=("U1", "7.11", "AMB-43"), title="Occupancy",
    credit=CREDIT, notes=STANDS_IN,
)  # fmt: skip
def occupancy(_: Any) -> Ratio:
    """Share of the time at work or available that agents worked, over all channels.

    So an agent on mail does not look idle. Of a mail the five minutes before each answer count.
    """
    return Ratio("occupied_hours", "staffed_hours")


@metric(
    better="neutral", serves=("U1.1",), needs=NEEDS, title="Hours unavailable", **_TIME,
    examples=(Example.of("the break", _WORKED, value=0.25, n=1),),
)  # fmt: skip
def unavailable_hours(a: Any) -> Total:
    """Working hours away, on a break or in training, and in no chat meanwhile."""
    return Total("lasted", where=a.at_work & (a.time_kind == "unavailable"), one=HOUR)


@metric(
    unit="times", better="neutral", serves=("U1.1",), title="In chats against unavailable",
    credit=CREDIT,
)  # fmt: skip
def active_to_unavailable(_: Any) -> Ratio:
    """How many times as long agents were in chats as they were unavailable."""
    return Ratio("active_chat_hours", "unavailable_hours")


@metric(
    better="neutral", serves=("U1.3", "H2"), needs=("shift",), title="Planned hours",
    **_TIME,
    examples=(Example.of("two and a half hours", _WORKED, value=2.5, n=6),),
)  # fmt: skip
def scheduled_hours(a: Any) -> Total:
    """Hours of the agents' shifts, absences taken off."""
    return Total("lasted", where=a.is_scheduled, one=HOUR)


@metric(
    better="up", serves=("U1.3",), needs=("shift", "agent_status_event"),
    title="Planned hours worked",
    **_TIME, examples=(Example.of("two of them", _WORKED, value=2.0, n=5),),
)  # fmt: skip
def scheduled_hours_worked(a: Any) -> Total:
    """Hours of the agents' shifts in which they were logged in."""
    return Total("lasted", where=a.is_scheduled & a.is_logged_in, one=HOUR)


@metric(unit="share", better="up", serves=("U1.3", "H2"), title="Adherence to shifts",
        credit=CREDIT)  # fmt: skip
def shift_adherence(_: Any) -> Ratio:
    """Share of the planned hours in which the agent was logged in."""
    return Ratio("scheduled_hours_worked", "scheduled_hours")


@metric(
    fact="agent_time", at="from_at", unit="days", better="neutral", serves=("U1.4",), needs=NEEDS,
    title="Working days", credit=CREDIT, prepare=_at_work,
    examples=(Example.of("one", _WORKED, value=1, n=5),),
)  # fmt: skip
def working_days(a: Any) -> Count:
    """Days that agents worked, one for each: from logging in until an absence of six hours."""
    return Count(where=a.at_work & a.working_day.notnull(), distinct="working_day")


@metric(
    fact="agent_chats", at="ended_at", unit="chats", better="neutral",
    serves=("U1.5", "U1.4"), needs=("conversation", "message"), title="Chats handled",
    credit="every agent who sent a public message; a shared chat is in each row, once in all",
    examples=(
        Example.of("two chats, one of them shared", """
            ended_at          conversation_id  agent_id
            2026-03-02 09:00  1                a
            2026-03-02 09:00  1                b
            2026-03-02 10:00  2                a
            """, value=2, n=3),
    ),
)  # fmt: skip
def chats_handled(_: Any) -> Count:
    """Live chats that ended in the period and in which the agent sent a public message."""
    return Count(distinct="conversation_id")


@metric(
    unit="chats per hour", better="up", serves=("U1.4", "AMB-45"),
    title="Chats per working hour", credit=CREDIT, notes=STANDS_IN,
)  # fmt: skip
def chats_per_working_hour(_: Any) -> Ratio:
    """Live chats handled for each hour that agents worked; `chats_handled` by hour is the series.

    Read it with satisfaction and with the other channels' work.
    """
    return Ratio("chats_handled", "working_hours")


@metric(
    unit="chats per day", better="up", serves=("U1.4", "AMB-45"), title="Chats per working day",
    credit=CREDIT, notes=STANDS_IN,
)  # fmt: skip
def chats_per_working_day(_: Any) -> Ratio:
    """Live chats handled for each day that an agent worked."""
    return Ratio("chats_handled", "working_days")
