"""What makes one shop: its hours, channels, seasons and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Span = tuple[str, str]
"""An open interval of a day, as wall clock: from, to."""


@dataclass(frozen=True)
class Channel:
    """A way to reach the shop.

    kind: realtime, voice, messenger or mail (messenger and mail are asynchronous).
    share: its part of all first contacts. rhythm: which profile of hours its customers follow.
    """

    code: str
    name: str
    kind: str
    share: float
    rhythm: str


@dataclass(frozen=True)
class Bump:
    """A time of the year with more (or, below zero, less) to do: a bell of `width` days."""

    month: int
    day: int
    width: float
    height: float


@dataclass(frozen=True)
class Holiday:
    """A day off, or one with other hours."""

    date: dt.date
    name: str
    kind: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Hours:
    """Weekly hours that hold from a day on; None is since ever."""

    valid_from: dt.date | None
    weekly: Mapping[str, tuple[Span, ...]]


@dataclass(frozen=True)
class Canned:
    """A ready reply."""

    shortcut: str
    title: str
    body: str
    is_holding: bool = False


@dataclass(frozen=True)
class Words:
    """Everything that is read by people, in the shop's language. All of it is made up."""

    agent: str
    customer: str
    account: str
    shop: str
    departments: Mapping[str, str]
    teams: Mapping[str, str]
    topics: Mapping[str, str]
    segments: tuple[str, str, str]
    products: Mapping[str, str]
    tags: tuple[str, ...]
    asks: Mapping[str, tuple[str, ...]]
    details: tuple[str, ...]
    waiting: tuple[str, ...]
    thanks: tuple[str, ...]
    answers: tuple[str, ...]
    questions_back: tuple[str, ...]
    notes: tuple[str, ...]
    greeting: str
    bot_answer: str
    acknowledgement: str
    out_of_office: tuple[str, ...]
    bounces: tuple[str, ...]
    newsletters: tuple[str, ...]
    spam: tuple[str, ...]
    canned: tuple[Canned, ...]
    csat_question: str
    nps_question: str
    ces_statement: str
    comments_good: tuple[str, ...]
    comments_bad: tuple[str, ...]
    suggestions: tuple[str, ...]
    events: Mapping[str, str]
    targets: Mapping[str, str]
    digits: str = "0123456789"

    def number(self, value: int, width: int) -> str:
        """A number with leading zeros in the digits of the language."""
        return f"{value:0{width}d}".translate(str.maketrans("0123456789", self.digits))


@dataclass(frozen=True)
class Shop:
    """One shop. `holidays` and `hours` are asked for the days of a period."""

    locale: str
    tz: str
    country: str
    week_start: str
    weekend: tuple[str, ...]
    month_calendar: str
    currency: str
    basket: float
    channels: tuple[Channel, ...]
    bumps: tuple[Bump, ...]
    quiet_days: Mapping[str, float]
    hours: Callable[[dt.date, dt.date], tuple[Hours, ...]]
    holidays: Callable[[dt.date, dt.date], tuple[Holiday, ...]]
    words: Words


@dataclass(frozen=True)
class Topic:
    """What customers come with.

    weight: its share of contacts. effort: how long it takes against the mean. solved: chance
    that the first contact solves it, if it is of medium complexity.
    """

    id: str
    category: str
    sort: str
    product: str
    weight: float
    effort: float
    solved: float


TOPICS: Final = (
    Topic("order-status", "orders", "question", "shop", 0.16, 0.7, 0.95),
    Topic("order-late", "orders", "question", "shop", 0.10, 1.0, 0.86),
    Topic("order-return", "orders", "other", "shop", 0.08, 1.3, 0.84),
    Topic("order-change", "orders", "other", "shop", 0.05, 0.8, 0.92),
    Topic("payment-failed", "payments", "billing", "wallet", 0.09, 1.1, 0.84),
    Topic("payment-refund", "payments", "billing", "wallet", 0.08, 1.3, 0.80),
    Topic("payment-invoice", "payments", "billing", "wallet", 0.05, 0.7, 0.94),
    Topic("product-advice", "products", "presales", "shop", 0.14, 1.0, 0.96),
    Topic("product-defect", "products", "bug", "shop", 0.08, 1.6, 0.74),
    Topic("product-howto", "products", "question", "shop", 0.06, 1.2, 0.90),
    Topic("account-login", "accounts", "bug", "app", 0.05, 0.8, 0.92),
    Topic("app-crash", "accounts", "bug", "app", 0.02, 1.3, 0.66),
    Topic("feature-wish", "accounts", "feature_request", "app", 0.03, 0.9, 0.88),
    Topic("discount-code", "payments", "presales", "shop", 0.01, 0.6, 0.90),
)
CATEGORIES: Final = ("orders", "payments", "products", "accounts")
TEAMS: Final = ("chat", "messengers", "phone", "mail", "experts")
TEAM_OF_KIND: Final[Mapping[str, int]] = {"realtime": 0, "messenger": 1, "voice": 2, "mail": 3}
EXPERTS: Final = 4
DEPARTMENT_OF_TEAM: Final = ("support", "support", "support", "support", "technical")
CONCURRENCY: Final = (3, 5, 1, 1, 3)
BUG_TOPIC, LINK_TOPIC = 11, 13  # the places of app-crash and discount-code


def weekly_records(weekly: Mapping[str, tuple[Span, ...]]) -> list[dict[str, Any]]:
    """The hours of a week as the ledger's JSON list."""
    return [
        {"dow": day, "from": opens, "to": closes}
        for day, spans in weekly.items()
        for opens, closes in spans
    ]


def days_between(start: dt.date, end: dt.date) -> list[dt.date]:
    """Every day from start up to, not including, end."""
    return [start + dt.timedelta(days=n) for n in range((end - start).days)]
