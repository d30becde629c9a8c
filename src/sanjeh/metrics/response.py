"""Response times: first, next and all replies, and who still waits (R1, R2, 7.5, 7.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sanjeh.metrics.registry import (
    TOLD_BY_THE_FACT,
    Count,
    Duration,
    Example,
    Mean,
    Share,
    Wait,
    metric,
)

FIRST = "the agent who sent the first reply; what nobody answered is in the row unknown"
REPLIER = "the agent who sent the reply; what nobody answered is in the row unknown"
NO_STANDARD = "no standard is set for the channel"
NEEDS = ("message|call",)
FAR = 2**62


def _first(r: Any, _: list[str], __: Mapping[str, Any]) -> Any:
    """The wait for the first response as the options ask for it: from, until, given up."""
    columns: dict[str, Any] = {}
    for end in ("_at", "_open"):
        start = ibis.cases(
            (r.option_frt_start == "human_requested", r[f"handed{end}"]),
            (r.option_frt_start == "assigned", r[f"assigned{end}"]),
            else_=r[f"asked{end}"],
        )
        until = ibis.cases(
            (r.option_frt_exclude_holding == "yes", r[f"substantive{end}"]),
            (r.option_frt_count_canned == "no", r[f"own_words{end}"]),
            else_=r[f"replied{end}"],
        )
        for machine, option in (("bot", r.option_frt_count_bot), ("auto", r.option_frt_count_auto)):
            by_machine = r[f"{machine}_replied{end}"]
            sooner = ibis.least(until.fill_null(FAR), by_machine.fill_null(FAR)).nullif(FAR)
            until = ibis.cases((option == "yes", sooner), else_=until)
        given_up = ibis.cases((until.isnull(), r[f"over{end}"]))
        capped = ibis.coalesce(until, given_up, r.now_at) if end == "_at" else given_up
        columns |= {
            f"wait_from{end}": start,
            f"wait_given_up{end}": given_up,
            f"wait_until{end}": ibis.cases(
                (r.option_frt_unanswered == "cap", ibis.coalesce(until, capped)), else_=until
            ),
        }
    return r.mutate(**columns)


@metric(
    fact="first_responses", at="started_at", unit="seconds", better="down",
    population="actionable", serves=("R1", "R1.1", "R1.3", "I-5"), needs=NEEDS,
    title="First response time", credit=FIRST, prepare=_first, per="channel",
    examples=(
        Example.of("20, 40 and 120 s; one left unanswered after 200 s, one still waits", """
            started_at        asked_at          replied_at        over_at           not_due_reason
            2026-03-02 09:00  2026-03-02 09:00  2026-03-02 09:20  -                 -
            2026-03-02 09:00  2026-03-02 09:00  2026-03-02 09:40  2026-03-02 10:00  -
            2026-03-02 09:00  2026-03-02 09:00  2026-03-02 11:00  -                 -
            2026-03-02 09:00  2026-03-02 09:00  -                 2026-03-02 12:20  -
            2026-03-31 23:59  2026-03-31 23:59  -                 -                 -
            2026-03-02 09:00  -                 -                 -                 nothing due
            """, value=3600, mean=3600, median=2400, min=1200, max=7200, n=3, pending=1,
            excluded={"ended without an answer": 1, "still waiting": 1, "nothing due": 1}),
    ),
)  # fmt: skip
def first_response(r: Any) -> Wait:
    """Seconds from a customer's first message to the first public message of a person.

    A bot, an automatic acknowledgement and an internal note do not answer; a ready reply that a
    person sent does. Calls: from ringing to being picked up. Where an agent began, from the
    customer's first message; where none came, no answer was due. A live customer who had left
    was not answered. Counted by when the conversation began.
    """
    return Wait(
        "wait_from_at", "wait_until_at", gave_up="wait_given_up_at",
        without={TOLD_BY_THE_FACT: r.not_due_reason},
    )  # fmt: skip


@metric(
    fact="first_responses", at="started_at", unit="seconds", better="down",
    population="actionable", serves=("R1.3",), needs=NEEDS,
    title="First response time from assignment", credit=FIRST, per="channel",
    examples=(
        Example.of("the queue's part is not the agent's", """
            started_at        asked_at          assigned_at       replied_at
            2026-03-02 09:00  2026-03-02 09:00  2026-03-02 09:50  2026-03-02 10:00
            2026-03-02 09:00  2026-03-02 09:00  -                 2026-03-02 10:00
            """, value=600, n=1, excluded={"no assignment is recorded": 1}),
    ),
)  # fmt: skip
def agent_first_response_time(r: Any) -> Duration:
    """Seconds from when the agent who answered first had been given it to that answer.

    Given: accepted, else offered, else the ticket assigned. What was given before the customer
    asked counts from the question. Answered conversations only.
    """
    return Duration(
        "assigned_at", "replied_at", where=r.replied_at.notnull(),
        without={
            TOLD_BY_THE_FACT: r.not_due_reason,
            "no assignment is recorded": r.assigned_at.isnull(),
        },
    )  # fmt: skip


def _within(r: Any, limit: Any) -> tuple[Any, dict[str, Any]]:
    """Whether the wait was at most a limit, and what cannot be told yet or is broken."""
    waited = r.wait_until_at - r.wait_from_at
    return (waited <= limit).fill_null(False), {
        TOLD_BY_THE_FACT: r.not_due_reason,
        "an instant is unknown": r.wait_from_at.isnull(),
        "ends before it starts": waited < 0,
        "still waiting": _may_still(r, limit),
    }


def _may_still(r: Any, limit: Any) -> Any:
    waits = r.wait_until_at.isnull() & r.wait_given_up_at.isnull() & r.wait_from_at.notnull()
    return waits & (r.now_at - r.wait_from_at <= limit).fill_null(False)


def _threshold(r: Any) -> Any:
    return (r.option_frt_threshold * 1_000_000.0).cast("int64")


@metric(
    fact="first_responses", at="started_at", unit="share", better="up", population="actionable",
    serves=("R1.2", "AMB-6"), needs=NEEDS, title="Answered in time", credit=FIRST,
    prepare=_first, per="channel",
    pending=lambda r: _may_still(r, _threshold(r)) & r.not_due_reason.isnull(),
    examples=(
        Example.of("on the edge is in time; given up and waiting longer are not", """
            started_at        asked_at          replied_at        over_at
            2026-03-02 09:00  2026-03-02 09:00  2026-03-02 09:01  -
            2026-03-02 09:00  2026-03-02 09:00  2026-03-02 09:02  -
            2026-03-02 09:00  2026-03-02 09:00  -                 2026-03-02 09:00
            2026-03-02 09:00  2026-03-02 09:00  -                 -
            2026-03-31 23:59  2026-03-31 23:59  -                 -
            """, value=0.25, numerator=1, denominator=4, pending=1,
            excluded={"still waiting": 1}),
    ),
)  # fmt: skip
def answered_within(r: Any) -> Share:
    """Share of conversations whose first response took at most `frt.threshold` (60 s).

    Those that ended unanswered, and those that wait longer by now, are in the whole; those that
    wait and may still be answered in time are pending. `first_response.answered_by` has
    several limits at once.
    """
    part, without = _within(r, _threshold(r))
    return Share(part, without=without)


def _standards(r: Any, within: list[str], tables: Mapping[str, Any]) -> Any:
    """The wait beside the target in force for its channel: the channel's own, else everyone's."""
    r = _first(r, within, tables)
    s = tables["response_standards"]
    began = r.select("conversation_id", "part", "channel", "started_at")
    j = began.join(
        s, [began.started_at >= s.standard_from_at, began.started_at < s.standard_until_at]
    )
    own = (j.channel == j.standard_channel).fill_null(False)
    since = j.standard_from_at
    j = j.group_by(in_id=j.conversation_id, in_part=j["part"]).agg(
        own_standard=j.standard_microseconds.argmax(since, where=own),
        other_standard=j.standard_microseconds.argmax(since, where=j.standard_channel.isnull()),
    )
    found = r.left_join(j, [r.conversation_id == j.in_id, r["part"] == j.in_part])
    found = found.mutate(
        standard_microseconds=ibis.coalesce(found.own_standard, found.other_standard)
    )
    return found.drop("in_id", "in_part", "own_standard", "other_standard")


@metric(
    fact="first_responses", at="started_at", unit="share", better="up", population="actionable",
    serves=("R1.4",), needs=("benchmark", "message|call"),
    title="First responses within the channel's standard", credit=FIRST, prepare=_standards,
    pending=lambda r: _may_still(r, r.standard_microseconds) & r.not_due_reason.isnull(),
)  # fmt: skip
def first_response_standard(r: Any) -> Share:
    """Share of first responses within the target that was set for the channel.

    Targets are benchmarks of `first_response` whose scope names a channel, or nothing for
    every other. A channel without one is left out and listed.
    """
    part, without = _within(r, r.standard_microseconds)
    return Share(part, without=without | {NO_STANDARD: r.standard_microseconds.isnull()})


def _looked(r: Any, within: list[str], tables: Mapping[str, Any]) -> Any:
    """The moment of looking, which is never later than the record runs."""
    return r.mutate(looked_at=ibis.least(r.moment_at, r.now_at))


@metric(
    fact="first_responses", at="asked_at", until="acknowledged_at", unit="conversations",
    better="down", population="actionable", serves=("R1.5",), needs=NEEDS,
    title="Requests nobody has acknowledged",
    examples=(
        Example.of("one has no reply at all at the end of March", """
            asked_at          acknowledged_at
            2026-03-31 09:00  2026-03-31 09:05
            2026-03-31 09:00  -
            2026-03-31 09:00  2026-04-02 09:00
            """, value=2),
    ),
)  # fmt: skip
def unacknowledged_requests(r: Any) -> Count:
    """Conversations at the end of the period without any reply, not even an automatic one."""
    return Count(without={TOLD_BY_THE_FACT: r.not_due_reason})


@metric(
    fact="first_responses", at="asked_at", until="waited_until_at", unit="conversations",
    better="down", population="actionable", serves=("R1.5", "AMB-2"), needs=NEEDS,
    title="Requests no person has answered",
)  # fmt: skip
def unanswered_requests(r: Any) -> Count:
    """Conversations at the end of the period that no person has answered.

    `--by acknowledged` tells those that a machine acknowledged from those left without a word.
    """
    return Count(without={TOLD_BY_THE_FACT: r.not_due_reason})


@metric(
    fact="first_responses", at="asked_at", until="waited_until_at", unit="seconds",
    better="down", population="actionable", serves=("R1.5",), needs=NEEDS,
    title="Wait so far of requests no person has answered", prepare=_looked, per="channel",
)  # fmt: skip
def unanswered_wait(r: Any) -> Duration:
    """Seconds that conversations no person has answered have waited by the end of the period."""
    return Duration("asked_at", "looked_at", without={TOLD_BY_THE_FACT: r.not_due_reason})


def _due(r: Any, within: list[str], tables: Mapping[str, Any]) -> Any:
    r = _standards(_looked(r, within, tables), within, tables)
    live = (r.channel_kind != "async").fill_null(True)
    return r.mutate(
        due_within=ibis.coalesce(r.standard_microseconds, ibis.cases((live, _threshold(r))))
    )


@metric(
    fact="first_responses", at="asked_at", until="waited_until_at", unit="conversations",
    better="down", population="actionable", serves=("R1.5",), needs=NEEDS,
    title="First responses overdue", prepare=_due,
)  # fmt: skip
def overdue_first_responses(r: Any) -> Count:
    """Conversations waiting at the end of the period for longer than their channel's standard.

    Live channels without a standard of their own are held to `frt.threshold`; other channels
    without one are left out and listed.
    """
    return Count(
        where=r.due_within.isnull() | (r.looked_at - r.asked_at > r.due_within),
        without={TOLD_BY_THE_FACT: r.not_due_reason, NO_STANDARD: r.due_within.isnull()},
    )


def _turn(r: Any, _: list[str], __: Mapping[str, Any]) -> Any:
    last = r.option_response_start == "last"
    return r.mutate(
        **{
            f"turn_from{end}": ibis.cases((last, r[f"last_asked{end}"]), else_=r[f"asked{end}"])
            for end in ("_at", "_open")
        }
    )


def _no_turn(r: Any) -> dict[str, Any]:
    return {
        TOLD_BY_THE_FACT: r.not_due_reason,
        "settled by a bot": r.outcome_class == "bot_only",
        "left while closed": r.outcome_class == "offline",
    }


@metric(
    fact="turns", at="asked_at", unit="seconds", better="down", population="actionable",
    serves=("R2", "L8"), needs=("message",), title="Response time", credit=REPLIER,
    prepare=_turn, per="channel",
    examples=(
        Example.of("60 and 30 minutes; the last turn still waits", """
            asked_at          last_asked_at     answered_at       is_first
            2026-03-31 10:00  2026-03-31 10:20  2026-03-31 11:00  true
            2026-03-31 12:00  2026-03-31 12:00  2026-03-31 12:30  false
            2026-03-31 13:00  2026-03-31 13:00  -                 false
            """, value=2700, n=2, pending=1, excluded={"still waiting": 1}),
    ),
)  # fmt: skip
def response_time(r: Any) -> Wait:
    """Seconds a customer waits for a reply, over all replies, the first one included.

    A turn is a run of the customer's messages; it is answered by a person's next public message
    and measured from its first message (`response.start`). What needs no reply is no turn.
    Counted by when the turn began.
    """
    return Wait("turn_from_at", "answered_at", gave_up="given_up_at", without=_no_turn(r))


@metric(
    fact="turns", at="asked_at", unit="seconds", better="down", population="actionable",
    serves=("R2", "7.14"), needs=("message",), title="Next response time", credit=REPLIER,
    prepare=_turn, per="channel",
    examples=(
        Example.of("the first reply is left out", """
            asked_at          last_asked_at     answered_at       is_first
            2026-03-31 10:00  2026-03-31 10:20  2026-03-31 11:00  true
            2026-03-31 12:00  2026-03-31 12:00  2026-03-31 12:30  false
            """, value=1800, n=1),
    ),
)  # fmt: skip
def next_response_time(r: Any) -> Wait:
    """Seconds a customer waits for a reply after the first one."""
    return Wait(
        "turn_from_at", "answered_at", gave_up="given_up_at", where=~r.is_first,
        without=_no_turn(r),
    )  # fmt: skip


@metric(
    fact="first_responses", at="started_at", unit="seconds", better="down",
    population="actionable", serves=("R2",), needs=("message",),
    title="Response time, each conversation counted once", per="channel", credit=FIRST,
)  # fmt: skip
def response_time_per_conversation(r: Any) -> Mean:
    """Mean over conversations of their own mean response time, in seconds.

    A long conversation weighs no more than a short one. Conversations with a reply only.
    """
    return Mean(
        "mean_wait_seconds",
        without={
            TOLD_BY_THE_FACT: r.not_due_reason, "no reply yet": r.mean_wait_seconds.isnull(),
        },
        bins=(30, 60, 120, 300, 900, 3600, 4 * 3600, 86_400),
    )  # fmt: skip
