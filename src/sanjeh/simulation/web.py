"""Records of the website: visitors, visits, pages, invitations to chat, conversions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from sanjeh.simulation.columns import (
    Dice,
    Flags,
    Floats,
    Ints,
    chosen,
    identifiers,
    one_of,
    repeated,
)
from sanjeh.simulation.happened import Happened
from sanjeh.simulation.log import Fate
from sanjeh.simulation.probabilities import MESSENGER, REALTIME, Lognormal
from sanjeh.simulation.shops.shop import TOPICS

PAGES: Final = ("/", "/catalogue", "/product/17", "/product/42", "/basket", "/help", "/sale-typo")
WRONG: Final = 6
UTM: Final = (
    json.dumps({"source": "search", "medium": "organic", "campaign": None}),
    json.dumps({"source": "newsletter", "medium": "email", "campaign": "sale"}),
)
BROWSED: Final = Lognormal(150.0, 0.9)  # seconds on the website before a chat
BOT_SHARE, INTERNAL_SHARE = 0.02, 0.005
GOES_ON: Final = 0.7  # looks at a further page after asking for a chat
INVITED_IN_VAIN: Final = 0.06
CAMPAIGN_VISITS: Final = 0.05  # of the other visits, on top, from the mailing with the wrong link


@dataclass(frozen=True)
class Visits:
    """All visits. contact: the chat of a visit, or -1; sold_at: of visits without a chat."""

    visitor: Ints
    contact: Ints
    starts: Floats
    ends: Floats
    landing: Ints
    from_campaign: Flags
    sold_at: Floats


@dataclass(frozen=True)
class Sales:
    """Conversions after a contact: by contact the chance that was drawn, and when."""

    chance: Floats
    at: Floats
    cancelled: Flags


def sales(h: Happened) -> Sales:
    """Draw which contacts led to a purchase: advice sells, and a fast answer lifts it."""
    dice = Dice(h.seed, "sales")
    written = np.isin(h.kind, (REALTIME, MESSENGER))
    served = (h.fate == Fate.SERVED) & h.has_ended & written
    presales = np.array([topic.sort == "presales" for topic in TOPICS])[h.topic]
    chance = np.where(presales, h.chances.converts_presales, h.chances.converts_otherwise)
    fast = h.answered - h.queued <= h.chances.fast_answer_seconds
    chance = np.where(served, chance * np.where(fast, h.chances.fast_answer_lift, 1.0), 0.0)
    at = h.ended + np.minimum(dice.draw.exponential(8 * 3600.0, h.size), 6 * 86_400.0)
    bought = (dice.chance(h.size) < chance) & (at <= h.clock.cut)
    cancelled = dice.chance(h.size) < h.chances.conversion_cancelled
    return Sales(chance, np.where(bought, at, np.nan), cancelled)


def visits(h: Happened) -> Visits:
    """Visits with a chat on the website, and others without."""
    dice = Dice(h.seed, "visits")
    web = h.kind == REALTIME
    chats = np.flatnonzero(web)
    before = np.minimum(dice.lognormal(BROWSED, len(chats)), 3600.0)
    ends = np.where(h.has_ended[chats], h.ended[chats], h.at[chats]) + dice.between(
        10.0, 600.0, len(chats)
    )
    number = int(len(chats) * h.chances.visits_without_chat)
    near = h.at[chats[dice.place(max(len(chats), 1), number)]] if len(chats) else np.zeros(0)
    alone = near + dice.between(-7200.0, 7200.0, number)
    campaign = next(a for a in h.timeline.anomalies if a.kind == "campaign")
    mailed = dice.between(
        campaign.starts, min(campaign.ends, h.clock.cut), int(number * CAMPAIGN_VISITS)
    )
    alone = np.clip(np.concatenate([alone, mailed]), 0.0, h.clock.cut - 1.0)
    from_mail = np.arange(len(alone)) >= number
    stay = dice.draw.exponential(240.0, len(alone)) + 5.0
    sold = (dice.chance(len(alone)) < h.chances.visit_converts) & ~from_mail
    some = dice.place(max(len(alone) * 2 // 3, 1), len(alone)) + h.strangers
    landing = np.concatenate(
        [dice.pick((5, 3, 2, 2, 1, 2), len(chats)), dice.pick((5, 3, 2, 2, 1, 1), len(alone))]
    )
    starts = np.concatenate([h.at[chats] - before, alone])
    mail = np.concatenate([h.topic[chats] == len(TOPICS) - 1, from_mail])
    mail &= (starts >= campaign.starts - 3600) & (starts < campaign.ends)
    ends = np.concatenate([ends, alone + stay])
    return Visits(
        visitor=np.concatenate([h.customer[chats], some]),
        contact=np.concatenate([chats, np.full(len(alone), -1)]),
        starts=starts,
        ends=ends,
        landing=np.where(mail, WRONG, landing),
        from_campaign=mail,
        sold_at=np.concatenate(
            [np.full(len(chats), np.nan), np.where(sold, alone + 0.9 * stay, np.nan)]
        ),
    )


def web(h: Happened, v: Visits, s: Sales) -> Iterator[tuple[str, pa.Table]]:
    """The records."""
    dice = Dice(h.seed, "web")
    yield "visitor", _visitors(h, dice, v)
    size, chat = len(v.visitor), v.contact >= 0
    names = np.where(chat, v.contact, np.arange(size) + h.size)
    ids = identifiers("w", names, 6)
    yield (
        "web_session",
        pa.table(
            {
                "id": ids,
                "visitor_id": identifiers("v", v.visitor, 6),
                "started_at": h.clock.instants(v.starts),
                "ended_at": h.clock.instants(v.ends),
                "landing_url": chosen(v.landing, PAGES),
                "utm": chosen(v.from_campaign.astype(int), UTM),
                "device": chosen(dice.pick((6, 1, 3), size), ("phone", "tablet", "computer")),
            }
        ),
    )
    yield "page_view", _pages(h, dice, v, names)
    yield "chat_invite", _invites(h, dice, v, names)
    yield "conversion", _conversions(h, dice, v, s)


def _visitors(h: Happened, dice: Dice, v: Visits) -> pa.Table:
    visitor = np.unique(v.visitor)
    first = np.full(len(visitor), np.inf)
    np.minimum.at(first, np.searchsorted(visitor, v.visitor), v.starts)
    known = visitor < h.strangers
    luck = dice.chance(len(visitor))
    return pa.table(
        {
            "id": identifiers("v", visitor, 6),
            "customer_id": identifiers("cu", visitor, 5, known),
            "first_seen_at": h.clock.instants(first),
            "is_bot": pa.array(~known & (luck < BOT_SHARE)),
            "is_internal": pa.array(~known & (luck > 1 - INTERNAL_SHARE)),
        }
    )


def _pages(h: Happened, dice: Dice, v: Visits, names: Ints) -> pa.Table:
    """The landing page, one in the middle, and for chats mostly one after the question."""
    chat = v.contact >= 0
    asked = np.where(chat, h.at[v.contact], v.ends)
    middle = v.starts + 0.5 * (asked - v.starts)
    goes_on = np.flatnonzero(chat & (dice.chance(len(names)) < GOES_ON))
    after = asked[goes_on] + 0.5 * np.maximum(v.ends[goes_on] - asked[goes_on], 2.0)
    rows = np.concatenate([np.arange(len(names)), np.arange(len(names)), goes_on])
    at = np.concatenate([v.starts, middle, after])
    second = 1 + dice.place(5, len(names))
    page = np.concatenate([v.landing, second, np.full(len(goes_on), 4)])
    known = at <= h.clock.cut
    return pa.table(
        {
            "session_id": identifiers("w", names[rows[known]], 6),
            "at": h.clock.instants(at[known]),
            "url": chosen(page[known], PAGES),
        }
    )


def _invites(h: Happened, dice: Dice, v: Visits, names: Ints) -> pa.Table:
    """Accepted ones began a chat; the others were shown in vain."""
    accepted = np.flatnonzero((v.contact >= 0) & h.is_proactive[v.contact])
    vain = np.flatnonzero((v.contact < 0) & (dice.chance(len(names)) < INVITED_IN_VAIN))
    rows = np.concatenate([accepted, vain])
    taken = np.arange(len(rows)) < len(accepted)
    at = np.where(taken, h.at[v.contact[rows]] - 5.0, v.starts[rows] + 4.0)
    result = np.where(taken, 0, 1 + dice.place(2, len(rows)))
    return pa.table(
        {
            "id": identifiers("inv", np.arange(len(rows)), 6),
            "session_id": identifiers("w", names[rows], 6),
            "at": h.clock.instants(at),
            "by": repeated("trigger", len(rows)),
            "result": chosen(result, ("accepted", "dismissed", "ignored")),
            "conversation_id": identifiers("c", v.contact[rows], 6, taken),
        }
    )


def _conversions(h: Happened, dice: Dice, v: Visits, s: Sales) -> pa.Table:
    after = np.flatnonzero(~np.isnan(s.at))
    alone = np.flatnonzero(v.sold_at <= h.clock.cut)
    at = np.concatenate([s.at[after], v.sold_at[alone]])
    size, chatted = len(at), np.arange(len(at)) < len(after)
    web_visitor = np.concatenate([h.kind[after] == REALTIME, np.ones(len(alone), dtype=np.bool_)])
    visitor = np.concatenate([h.customer[after], v.visitor[alone]])
    cancelled = np.concatenate([s.cancelled[after], np.zeros(len(alone), dtype=np.bool_)])
    value: Any = h.timeline.shop.basket * np.exp(0.6 * dice.draw.standard_normal(size))
    return pa.table(
        {
            "id": identifiers("cv", np.arange(size), 6),
            "visitor_id": identifiers("v", visitor, 6, web_visitor),
            "customer_id": identifiers("cu", visitor, 5, chatted),
            "at": h.clock.instants(at),
            "type": one_of(dice.chance(size) < 0.85, "purchase", "signup"),
            "value": pa.array(np.round(value, 2)),
            "currency": repeated(h.timeline.shop.currency, size),
            "status": one_of(cancelled, "cancelled", "done"),
        }
    )
