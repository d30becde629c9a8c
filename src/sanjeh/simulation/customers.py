"""Records of customers and their companies: accounts, subscriptions, revenue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from sanjeh.simulation.columns import Dice, Floats, Ints, chosen, identifiers, pc, repeated
from sanjeh.simulation.happened import Happened

DAY: Final = 86_400.0
CUSTOMERS_AN_ACCOUNT: Final = 60
IN_ACCOUNT: Final = 0.08
SEGMENTS: Final = (0.30, 0.60, 0.10)
AGES: Final = ("18-24", "25-34", "35-44", "45-54", "55+")
PLANS: Final = (("basic", 1.0), ("team", 3.0), ("company", 8.0))


@dataclass(frozen=True)
class Customers:
    """Every customer of the shop: account (or -1), segment, and since when known."""

    account: Ints
    segment: Ints
    created: Floats
    accounts: int


def customers(h: Happened) -> Customers:
    """Draw what is known of the customers."""
    dice = Dice(h.seed, "customers")
    size = h.strangers
    accounts = max(4, size // CUSTOMERS_AN_ACCOUNT)
    account = np.where(dice.chance(size) < IN_ACCOUNT, dice.place(accounts, size), -1)
    cut = h.clock.cut
    created = np.where(
        dice.chance(size) < 0.7,
        -dice.between(0.0, 700 * DAY, size),
        dice.between(0.0, cut, size),
    )
    first = np.full(size, np.inf)
    seen = np.where(np.isnan(h.at), np.inf, h.at)
    np.minimum.at(first, h.customer, seen)
    return Customers(
        account, dice.pick(SEGMENTS, size), np.minimum(created, first - 60.0), accounts
    )


def people(h: Happened, c: Customers) -> Iterator[tuple[str, pa.Table]]:
    """The records of customers, accounts, subscriptions and what accounts pay."""
    yield "customer", _customers(h, c)
    dice = Dice(h.seed, "accounts")
    size, cut = c.accounts, h.clock.cut
    begins = np.where(
        dice.chance(size) < 0.75,
        -dice.between(30 * DAY, 900 * DAY, size),
        dice.between(0.0, cut, size),
    )
    ends = begins + dice.draw.exponential(2500 * DAY, size)
    plan = dice.pick((5, 3, 2), size)
    words, shop = h.timeline.shop.words, h.timeline.shop
    numbers = np.arange(size)
    ids = identifiers("acc", numbers, 4)
    key = plan == 2
    yield (
        "account",
        pa.table(
            {
                "id": ids,
                "name": pa.array(
                    [f"{words.account} {words.number(n + 1, 4)}" for n in range(size)]
                ),
                "class": chosen(plan, [name for name, _ in PLANS]),
                "is_key": pa.array(key),
                "manager_agent_id": identifiers("ag", numbers % len(h.staff.agents), 2, key),
                "active_from": h.clock.planned(begins),
                "active_to": h.clock.instants(ends),
            }
        ),
    )
    monthly = np.array([factor for _, factor in PLANS])[plan] * shop.basket
    yield (
        "subscription",
        pa.table(
            {
                "id": identifiers("sub", numbers, 4),
                "account_id": ids,
                "plan": chosen(plan, [name for name, _ in PLANS]),
                "started_at": h.clock.planned(begins),
                "ended_at": h.clock.instants(ends),
                "mrr": pa.array(monthly),
                "currency": repeated(shop.currency, size),
            }
        ),
    )
    month = 30 * DAY
    due = np.arange(1, int(cut / month) + 1) * month
    at = np.repeat(due[None, :], size, axis=0)
    paid = (at >= begins[:, None]) & (at < ends[:, None])
    of, when = np.nonzero(paid)
    yield (
        "revenue_event",
        pa.table(
            {
                "id": identifiers("rev", np.arange(len(of)), 6),
                "account_id": identifiers("acc", of, 4),
                "at": h.clock.instants(np.asarray(due[when], dtype=np.float64)),
                "amount": pa.array(monthly[of]),
                "currency": repeated(shop.currency, len(of)),
                "margin_pct": repeated(35.0, len(of)),
                "kind": repeated("subscription", len(of)),
                "refunded": repeated(False, len(of)),
            }
        ),
    )


def _customers(h: Happened, c: Customers) -> pa.Table:
    dice = Dice(h.seed, "demographics")
    words, shop, size = h.timeline.shop.words, h.timeline.shop, len(c.account)
    numbers = np.arange(size)
    ids = identifiers("cu", numbers, 5)
    ages = [
        json.dumps({"age_band": age, "country": shop.country, "language": shop.locale})
        for age in AGES
    ]
    segments = [json.dumps([{"segment": name}], ensure_ascii=False) for name in words.segments]
    mail = pc.binary_join_element_wise(ids, "@example.com", "")
    contact = pc.binary_join_element_wise('[{"channel": "email", "address": "', mail, '"}]', "")
    return pa.table(
        {
            "id": ids,
            "account_id": identifiers("acc", c.account, 4, c.account >= 0),
            "display_name": pa.array(
                [f"{words.customer} {words.number(n, 5)}" for n in range(size)]
            ),
            "contact_points": contact,
            "created_at": h.clock.instants(c.created),
            "demographics": chosen(dice.pick((2, 4, 3, 2, 1), size), ages),
            "segment_history": chosen(c.segment, segments),
        }
    )
