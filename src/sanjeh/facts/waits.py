"""First responses: how long each conversation waited for a person, and who answered (R1)."""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts import text
from sanjeh.facts.clocks import stamped
from sanjeh.facts.registry import Tables, fact
from sanjeh.facts.turns import AFTER_THE_END, GROUPS

NOTHING_DUE = "no answer was due"
BEFORE_THE_REQUEST = "the reply is dated before the request"
NO_MESSAGES = "no messages are recorded"
BOT_ONLY = "settled by a bot"
LEFT_WHILE_CLOSED = "left while closed"
SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
}


@fact(grain="one conversation", key="conversation_id", kept=False)
def first_turns(t: Tables) -> Any:
    """When each conversation first asked for a person: a call when it rang, else the first turn."""
    c, turns = t["conversations"], t["turns"]
    first = turns.filter(turns.is_first).select(
        f_id="conversation_id", f_part="part", first_asked_at="asked_at",
        first_answered_at="answered_at", first_agent_id="agent_id",
        first_not_due="not_due_reason",
    )  # fmt: skip
    calls = t["call"]
    calls = calls.group_by(k_id=calls.conversation_id).agg(
        ring_at=calls.ring_at.min(), picked_up_at=calls.answered_at.min(), rings=calls.count()
    )
    taken = t["segments"].filter(ibis._.accepted_at.notnull())
    taken = taken.mutate(
        place=ibis.row_number().over(
            ibis.window(
                group_by=[taken.conversation_id, taken["part"]],
                order_by=[taken.accepted_at, taken.segment_id],
            )
        )
    )
    taken = taken.filter(taken.place == 0).select(
        a_id="conversation_id", a_part="part", taker_id="agent_id"
    )
    j = c.left_join(first, [c.conversation_id == first.f_id, c["part"] == first.f_part])
    j = j.left_join(taken, [j.conversation_id == taken.a_id, j["part"] == taken.a_part])
    j = j.left_join(calls, j.conversation_id == calls.k_id)
    is_call = j.rings.notnull() & (j["part"] == 0)
    # Where every message is mere thanks, the first one may still be asked about.
    said = ibis.coalesce(j.first_asked_at, j.first_customer_message_at)
    # Whoever left a chat before the first words were written down had asked by then.
    asked = ibis.cases(
        (
            ((j.channel_kind != "async").fill_null(True) & ~j.started_by_agent)
            & (said > j.ended_at).fill_null(False),
            j.ended_at,
        ),
        else_=said,
    )
    return j.select(
        "conversation_id", "part", "first_not_due",
        is_call=is_call,
        asked_at=ibis.cases(
            (is_call, ibis.coalesce(j.ring_at, j.requested_at, j.started_at)), else_=asked
        ),
        answered_at=ibis.cases(
            (is_call, j.picked_up_at),
            (j.first_asked_at.isnull(), j.first_human_reply_at),
            else_=j.first_answered_at,
        ),
        replier_id=ibis.cases(
            (is_call, ibis.coalesce(j.taker_id, j.agent_id)),
            else_=ibis.coalesce(j.first_agent_id, j.agent_id),
        ),
    )  # fmt: skip


@fact(grain="one conversation with such replies", key="conversation_id", kept=False)
def other_replies(t: Tables) -> Any:
    """First replies of other sorts after the request (AMB-2, AMB-3).

    By a bot, by an automatic acknowledgement, by a person not merely asking for patience, and by
    a person in words of one's own.
    """
    m, asked, raw = t["spoken_messages"], t["first_turns"], t["message"]
    marked = raw.filter(raw.is_holding.fill_null(False) | raw.canned_response_id.notnull())
    marked = marked.select(
        mark_id=marked.id, is_holding=marked.is_holding.fill_null(False),
        is_canned=marked.canned_response_id.notnull(),
    )  # fmt: skip
    m = m.filter(~m.is_customer)
    m = m.left_join(marked, m.message_id == marked.mark_id)
    a = asked.filter(asked.asked_at.notnull()).select(
        a_id="conversation_id", a_part="part", a_at="asked_at"
    )
    j = m.join(a, [m.conversation_id == a.a_id, m["part"] == a.a_part, m["at"] >= a.a_at])
    is_bot = j.is_bot.fill_null(False)
    return j.group_by(o_id=j.conversation_id, o_part=j["part"]).agg(
        bot_replied_at=j["at"].min(where=is_bot),
        auto_replied_at=j["at"].min(where=j.is_auto & ~is_bot),
        substantive_at=j["at"].min(where=j.is_human & ~j.is_holding.fill_null(False)),
        own_words_at=j["at"].min(where=j.is_human & ~j.is_canned.fill_null(False)),
    )


@fact(grain="one conversation somebody was given", key="conversation_id", kept=False)
def assignments(t: Tables) -> Any:
    """When the one who first answered a conversation had been given it (R1.3)."""
    first, p, e = t["first_turns"], t["segments"], t["ticket_event"]
    talks = t["conversation_core"].select(talk_id="conversation_id", talk_ticket="ticket_id")
    first = first.filter(first.answered_at.notnull()).select(
        "conversation_id", "part", "answered_at", "replier_id"
    )
    p = p.select(
        p_id="conversation_id", p_part="part", p_agent="agent_id", given_at="came_at"
    )  # fmt: skip
    offered = first.join(
        p,
        [first.conversation_id == p.p_id, first["part"] == p.p_part,
         first.replier_id == p.p_agent, p.given_at <= first.answered_at],
    )  # fmt: skip
    offered = offered.select("conversation_id", "part", "given_at", by_offer=ibis.literal(True))
    e = e.filter(e["type"] == "assigned").select(
        e_ticket=e.ticket_id, e_agent=e["to"], given_at=e["at"]
    )
    mine = first.join(talks, first.conversation_id == talks.talk_id)
    assigned = mine.join(
        e,
        [mine.talk_ticket == e.e_ticket, mine.replier_id == e.e_agent,
         e.given_at <= mine.answered_at],
    )  # fmt: skip
    assigned = assigned.select("conversation_id", "part", "given_at", by_offer=ibis.literal(False))
    both = offered.union(assigned, distinct=False)
    return both.group_by(g_id=both.conversation_id, g_part=both["part"]).agg(
        offered_at=both.given_at.max(where=both.by_offer),
        given_at=both.given_at.max(where=~both.by_offer),
    )


@fact(grain="one conversation", key="conversation_id", kept=False)
def reply_means(t: Tables) -> Any:
    """The mean wait for a reply in each conversation, in seconds (an option of R2)."""
    w = t["turns"].filter(ibis._.answered_at.notnull() & ibis._.not_due_reason.isnull())
    return w.group_by(r_id=w.conversation_id, r_part=w["part"]).agg(
        mean_wait_seconds=(w.answered_at - w.asked_at).cast("float64").mean() / 1_000_000.0
    )


@fact(grain="one conversation", key="conversation_id", lies_by=("started_at",))
def first_responses(t: Tables) -> Any:
    """Each conversation with its first request and the first reply of a person (R1, R1.1 to R1.5).

    A bot, an automatic acknowledgement and an internal note do not answer; a ready reply that a
    person sent does. A live customer who had left is not answered any more. `given_up_at`: when
    it ended unanswered; null while it may still be answered.
    """
    c = t["conversations"].select(
        *GROUPS, "started_at", "ended_at", "requested_at", "human_requested_at",
        "human_message_count",
    )  # fmt: skip
    talk = t["conversation_talk"].select(
        t_id="conversation_id", t_part="part", first_human_message_at="first_human_message_at"
    )
    j = c
    for other, keys in (
        (t["first_turns"].rename(w_id="conversation_id", w_part="part"), ("w_id", "w_part")),
        (talk, ("t_id", "t_part")),
        (t["other_replies"], ("o_id", "o_part")),
        (t["assignments"], ("g_id", "g_part")),
        (t["reply_means"], ("r_id", "r_part")),
        (
            t["conversation_spans"].select(
                s_id="conversation_id", s_part="part", over_at="over_at"
            ),
            ("s_id", "s_part"),
        ),
    ):
        j = j.left_join(other, [j.conversation_id == other[keys[0]], j["part"] == other[keys[1]]])
    bots = t["bot_session"]
    bots = bots.group_by(b_id=bots.conversation_id).agg(handed_off_at=bots.handed_off_at.min())
    j = j.left_join(bots, j.conversation_id == bots.b_id)
    live = (j.channel_kind != "async").fill_null(True)
    too_late = (live & (j.answered_at > j.ended_at)).fill_null(False)
    replied = ibis.cases((too_late, None), else_=j.answered_at)
    asked_person = ibis.coalesce(j.human_requested_at, j.handed_off_at)
    given = ibis.coalesce(j.offered_at, j.given_at)
    early = (
        replied.isnull() & ~j.started_by_agent & (j.first_human_message_at < j.asked_at)
        & (j.first_human_message_at < ibis.least(j.started_at, j.requested_at.fill_null(2**62)))
    ).fill_null(False)  # fmt: skip
    given_up = ibis.cases(
        ((replied.isnull() & (j.over_at >= j.asked_at)).fill_null(False), j.over_at)
    )
    machine = ibis.least(
        j.bot_replied_at.fill_null(2**62), j.auto_replied_at.fill_null(2**62),
        replied.fill_null(2**62), given_up.fill_null(2**62),
    )  # fmt: skip
    rows = j.select(
        *GROUPS, "started_at", "asked_at", "bot_replied_at", "auto_replied_at",
        "substantive_at", "own_words_at", "mean_wait_seconds",
        replied_at=replied,
        given_up_at=given_up,
        handed_at=ibis.cases(
            ((asked_person >= j.asked_at).fill_null(False), asked_person), else_=j.asked_at
        ),
        assigned_at=ibis.cases(
            ((given >= j.asked_at).fill_null(False), given),
            (given.notnull(), j.asked_at),
        ),
        acknowledged_at=machine.nullif(2**62),
        waited_until_at=ibis.coalesce(replied, given_up),
        over_at=ibis.cases(((j.over_at >= j.asked_at).fill_null(False), j.over_at)),
        is_acknowledged=ibis.cases(
            (j.bot_replied_at.notnull() | j.auto_replied_at.notnull(), "by a machine"),
            else_="not at all",
        ),
        agent_id=ibis.cases((replied.notnull(), j.replier_id)),
        not_due_reason=ibis.cases(
            (j.outcome_class == "bot_only", BOT_ONLY),
            (j.outcome_class == "offline", LEFT_WHILE_CLOSED),
            (j.outcome_class == "unknown", NO_MESSAGES),
            (early, BEFORE_THE_REQUEST),
            (j.asked_at.isnull(), NOTHING_DUE),
            (j.first_not_due.notnull() & j.started_by_agent, AFTER_THE_END),
        ),
    )  # fmt: skip
    return stamped(
        rows, t,
        ["asked_at", "replied_at", "given_up_at", "handed_at", "assigned_at", "bot_replied_at",
         "auto_replied_at", "substantive_at", "own_words_at", "over_at"],
    )  # fmt: skip


def _after(scope: Any, key: str) -> Any:
    """The value of a key in a small JSON object of words, as it is compared."""
    rest = scope.re_replace(f'^.*"{key}"\\s*:\\s*"', "").re_replace('".*$', "")
    return ibis.cases((scope.re_search(f'"{key}"\\s*:\\s*"'), text.key(rest)))


@fact(grain="one target for a first response", scope="whole", reads=("benchmark",))
def response_standards(t: Tables) -> Any:
    """Targets for the first response, in microseconds, by channel (R1.4); null: every channel.

    Out of benchmarks of `first_response` (`first_response`, `frt`) whose scope names a
    channel, or nothing.
    """
    b = t["benchmark"]
    b = b.filter(
        b.metric_id.isin(["first_response", "first_response", "frt", "R1", "R1.1", "R1.4"])
        & (b.origin.fill_null("target") == "target") & b.value.notnull()
    )  # fmt: skip
    scope = b.scope.fill_null("{}")
    other = scope.re_search('"(agent|team|topic|segment)"')
    unit = b.unit.fill_null("s").lower()
    factor = ibis.cases(*((unit == word, SECONDS[short]) for word, short in UNITS.items()))
    rows = b.select(
        standard_channel=_after(scope, "channel"),
        standard_microseconds=(b.value * factor.cast("float64") * 1_000_000.0).cast("int64"),
        standard_from_at=b.valid_from.fill_null(0),
        standard_until_at=b.valid_to.fill_null(2**62),
        is_other=other,
    )
    rows = rows.filter(rows.standard_microseconds.notnull() & ~rows.is_other)
    return rows.group_by(["standard_channel", "standard_from_at"]).agg(
        standard_microseconds=rows.standard_microseconds.min(),
        standard_until_at=rows.standard_until_at.max(),
    )
