"""Records of conversations: agents' segments, calls, bots, transfers, follow-ups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from sanjeh.simulation.columns import Dice, chosen, identifiers, maybe, one_of, repeated
from sanjeh.simulation.customers import Customers
from sanjeh.simulation.happened import Happened
from sanjeh.simulation.log import END_REASONS, Fate, Origin
from sanjeh.simulation.probabilities import COMPLEXITIES, MAIL, VOICE
from sanjeh.simulation.shops.shop import DEPARTMENT_OF_TEAM, TEAM_OF_KIND, TEAMS, TOPICS

DAY: Final = 86_400.0
FOLLOW_UPS: Final = ("call", "email", "message", "task")


def conversations(h: Happened, c: Customers) -> pa.Table:
    """The conversation records."""
    shop, clock = h.timeline.shop, h.clock
    rows = np.flatnonzero(h.is_visible)
    fate, kind, ours = h.fate[rows], h.kind[rows], h.origin[rows] == Origin.REPLY
    web = np.array([ch.code == "live_chat" for ch in shop.channels])[h.channel[rows]]
    team = np.array([TEAM_OF_KIND[ch.kind] for ch in shop.channels])[h.channel[rows]]
    served_over = np.isin(fate, (Fate.SERVED, Fate.REPLY)) & h.has_ended[rows]
    outcome = [h.log.outcome[row] for row in rows.tolist()]
    unresolved = [h.log.unresolved_reason[row] for row in rows.tolist()]
    missed = [h.log.missed_reason[row] for row in rows.tolist()]
    end_reason = np.array(h.log.end_reason[: h.size])[rows]
    presales = np.array([topic.sort == "presales" for topic in TOPICS])[h.topic[rows]]
    starts = clock.instants(h.at[rows])
    return pa.table(
        {
            "id": identifiers("c", rows, 6),
            "channel": chosen(h.channel[rows], [ch.code for ch in shop.channels]),
            "ticket_id": identifiers("t", h.ticket[rows], 6, h.ticket[rows] >= 0),
            "customer_id": identifiers("cu", h.customer[rows], 5),
            "visitor_id": identifiers("v", h.customer[rows], 6, web),
            "session_id": identifiers("w", rows, 6, web),
            "direction": one_of(ours, "outbound", "inbound"),
            "initiation": chosen(
                np.where(ours, 2, h.is_proactive[rows].astype(int)), ("visitor", "trigger", "agent")
            ),
            "chat_type": one_of(presales, "sales", "support"),
            "topic_id": chosen(h.topic[rows], [topic.id for topic in TOPICS]),
            "complexity": chosen(h.complexity[rows], COMPLEXITIES),
            "department_id": chosen(team, DEPARTMENT_OF_TEAM),
            "team_id": chosen(team, TEAMS),
            "product": chosen(
                h.topic[rows], [shop.words.products[topic.product] for topic in TOPICS]
            ),
            "language": repeated(shop.locale, len(rows)),
            "requested_at": clock.instants(np.where(ours, np.nan, h.at[rows])),
            "human_requested_at": clock.instants(h.human_requested[rows]),
            "queued_at": clock.instants(
                np.where((kind == MAIL) | (fate == Fate.OFFLINE), np.nan, h.queued[rows])
            ),
            "started_at": starts,
            "ended_at": clock.instants(h.ended[rows]),
            "end_reason": chosen(end_reason, END_REASONS, h.has_ended[rows] & (end_reason >= 0)),
            "offline": pa.array(fate == Fate.OFFLINE),
            "outcome": maybe(np.array(outcome, dtype=object), served_over, pa.string()),
            "unresolved_reason": maybe(
                np.array(unresolved, dtype=object), served_over, pa.string()
            ),
            "missed_reason": maybe(
                np.array(missed, dtype=object), fate == Fate.MISSED, pa.string()
            ),
            "is_spam": pa.array(fate == Fate.SPAM),
            "segment_snapshot": chosen(c.segment[h.customer[rows]], shop.words.segments),
        }
    )


def parts(h: Happened) -> Iterator[tuple[str, pa.Table]]:
    """What hangs on conversations."""
    yield "participation", _participations(h)
    yield "call", _calls(h)
    yield "bot_session", _bots(h)
    yield "transfer", _transfers(h)
    yield "followup", _followups(h)


def _participations(h: Happened) -> pa.Table:
    s, clock = h.stretches, h.clock
    rows = np.flatnonzero((s.offered <= clock.cut) & h.is_visible[s.contact])
    left = s.left[rows]
    over, taken = left <= clock.cut, ~np.isnan(s.accepted[rows])
    reasons = np.array(s.reason, dtype=object)[rows]
    teams = np.array([agent.team for agent in h.staff.agents])
    return pa.table(
        {
            "id": identifiers("p", rows, 7),
            "conversation_id": identifiers("c", s.contact[rows], 6),
            "agent_id": identifiers("ag", s.agent[rows], 2),
            "team_id": chosen(teams[s.agent[rows]], TEAMS),
            "offered_at": clock.instants(s.offered[rows]),
            "accepted_at": clock.instants(s.accepted[rows]),
            "left_at": clock.instants(left),
            "end_reason": maybe(reasons, over, pa.string()),
            "wrapup_seconds": maybe(np.round(s.wrapup[rows], 1), over & taken),
            "role": repeated("owner", len(rows)),
        }
    )


def _calls(h: Happened) -> pa.Table:
    rows = np.flatnonzero(h.kind == VOICE)
    served = h.fate[rows] == Fate.SERVED
    hold = np.where(h.complexity[rows] == 2, 40.0, 0.0)
    return pa.table(
        {
            "conversation_id": identifiers("c", rows, 6),
            "ring_at": h.clock.instants(h.at[rows]),
            "answered_at": h.clock.instants(np.where(served, h.answered[rows], np.nan)),
            "ended_at": h.clock.instants(h.ended[rows]),
            "hold_seconds": maybe(hold, served),
            "abandoned": pa.array(h.fate[rows] == Fate.MISSED),
        }
    )


def _bots(h: Happened) -> pa.Table:
    rows = np.flatnonzero(~np.isnan(h.bot_until))
    return pa.table(
        {
            "conversation_id": identifiers("c", rows, 6),
            "bot_id": repeated("bot-1", len(rows)),
            "started_at": h.clock.instants(h.at[rows]),
            "ended_at": h.clock.instants(h.bot_until[rows]),
            "intent": chosen(h.topic[rows], [topic.id for topic in TOPICS]),
            "resolved": pa.array(h.fate[rows] == Fate.BOT),
            "handed_off_at": h.clock.instants(h.human_requested[rows]),
        }
    )


def _transfers(h: Happened) -> pa.Table:
    """Agents' transfers to the experts, and bots' to people where a person took over."""
    given = np.array(h.log.transfers, dtype=np.float64).reshape(-1, 4)
    bot = np.flatnonzero(~np.isnan(h.human_requested) & (h.fate != Fate.OFFLINE))
    contact = np.concatenate([given[:, 0].astype(np.int64), bot])
    at = np.concatenate([given[:, 1], h.human_requested[bot]])
    none = np.full(len(bot), -1)
    from_ = np.concatenate([given[:, 2].astype(np.int64), none])
    to = np.concatenate([given[:, 3].astype(np.int64), none])
    teams = np.array([agent.team for agent in h.staff.agents])
    is_bot = np.arange(len(at)) >= len(given)
    # Half of those with a colleague free were handed to that colleague, the others to the team.
    kind = np.where(is_bot, 2, np.where((to >= 0) & (contact % 2 == 0), 0, 1))
    order = np.lexsort((contact, at))
    order = order[at[order] <= h.clock.cut]
    contact, at, from_, to, kind = contact[order], at[order], from_[order], to[order], kind[order]
    channel_team = np.array([TEAM_OF_KIND[k] for k in h.kind[contact]], dtype=np.int64)
    return pa.table(
        {
            "id": identifiers("x", np.arange(len(at)), 6),
            "conversation_id": identifiers("c", contact, 6),
            "at": h.clock.instants(at),
            "from_agent": identifiers("ag", from_, 2, from_ >= 0),
            "to_agent": identifiers("ag", to, 2, to >= 0),
            "from_team": chosen(teams[from_], TEAMS, from_ >= 0),
            "to_team": chosen(np.where(kind == 2, channel_team, len(TEAMS) - 1), TEAMS),
            "kind": chosen(kind, ("agent", "department", "bot_to_human")),
        }
    )


def _followups(h: Happened) -> pa.Table:
    dice = Dice(h.seed, "follow-ups")
    given = np.array(h.log.followups, dtype=np.float64).reshape(-1, 3)
    size = len(given)
    due = given[:, 1] + dice.between(1.0, 3.0, size) * DAY
    done = np.where(
        dice.chance(size) < h.chances.follow_up_done, due + dice.between(-0.5, 0.3, size) * DAY,
        np.nan,
    )  # fmt: skip
    contact = given[:, 0].astype(np.int64)
    is_done = done <= h.clock.cut
    return pa.table(
        {
            "id": identifiers("f", np.arange(size), 6),
            "conversation_id": identifiers("c", contact, 6),
            "due_at": h.clock.planned(due),
            "done_at": h.clock.instants(done),
            "kind": chosen(dice.pick((3, 3, 3, 1), size), FOLLOW_UPS),
            "agent_id": identifiers("ag", given[:, 2].astype(np.int64), 2),
            "status": one_of(is_done, "done", "open"),
        }
    )
