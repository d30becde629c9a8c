"""Why a vendor's figure differs from ours: the rule that gives its number, found by evidence. Pure.

A rule is named only where it gives the vendor's own number, or where the ticket is of a kind that
the two are known to count differently. Everything else is not explained, and said to be.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sanjeh.checks.figures import DIFFERS, Figure, Held

REPLIES = ("first_response", "reply_time")
SOLVES = ("first_resolution", "final_resolution", "resolution")
NOT_EXPLAINED, NOT_LOOKED_INTO = "not_explained", "not_looked_into"
WHY = (
    "other_clock", "schedule", "bot_reply", "internal_note", "automatic_reply", "another_reply",
    "another_start", "another_solve", "zone", "left_out", "not_measured", "agent_created", "merged",
    NOT_LOOKED_INTO, NOT_EXPLAINED,
)  # fmt: skip
QUARTER, FARTHEST = 900.0, 14 * 3600.0  # zones differ by quarters of an hour, up to 14 hours
SHARED = 3  # so many figures off by the same time, and half of all that are left, are off by a zone


@dataclass(frozen=True)
class Spoken:
    """A message: when, by whom (customer, agent, bot, system), seen by the customer, by hand."""

    at: dt.datetime
    by: str
    is_public: bool
    is_auto: bool


@dataclass(frozen=True)
class Evidence:
    """What the record says of the target. solved_at: every time it was solved or closed."""

    created_at: dt.datetime | None = None
    created_by: str | None = None
    is_merged: bool = False
    messages: tuple[Spoken, ...] = ()
    solved_at: tuple[dt.datetime, ...] = ()
    calendar_agrees: bool = False


def explained(held: Sequence[Held], evidence: Sequence[Evidence]) -> list[str | None]:
    """The rule that differs, for each; null where the two agree or were not compared."""
    rules = [
        _rule(one, known) if one.standing == DIFFERS else None
        for one, known in zip(held, evidence, strict=True)
    ]
    away = [
        _by_quarters(one) if rule == NOT_EXPLAINED else None
        for one, rule in zip(held, rules, strict=True)
    ]
    shared = Counter(a for a in away if a is not None)
    least = max(SHARED, rules.count(NOT_EXPLAINED) / 2)
    return [
        "zone" if a is not None and shared[a] >= least else rule
        for a, rule in zip(away, rules, strict=True)
    ]


def _rule(one: Held, known: Evidence) -> str:
    figure = one.figure
    if one.ours is None:
        return "left_out" if one.reason is not None else "not_measured"
    if not figure.is_duration:
        return "merged" if known.is_merged else NOT_EXPLAINED
    row = one.row
    if row is not None:
        other = row.seconds if figure.clock == "business" else row.open_seconds
        if figure.is_near(other):
            return "other_clock"
    if figure.clock == "business" and known.calendar_agrees:
        return "schedule"
    found = next(_by_instants(one, known), None)
    if found is not None:
        return found
    if known.is_merged:
        return "merged"
    if known.created_by == "agent" and figure.measure in REPLIES:
        return "agent_created"
    return NOT_EXPLAINED


def _by_instants(one: Held, known: Evidence) -> Iterator[str]:
    """Rules whose two instants are as far apart as the vendor says, on the calendar."""
    figure, row = one.figure, one.row
    if row is None or row.from_at is None or figure.clock == "business":
        return
    starts = [row.from_at, *_other_starts(one, known)]
    if figure.measure in REPLIES:
        for start in starts:
            for message in known.messages:
                if message.by == "customer" or not _is_between(figure, start, message.at):
                    continue
                if message.at == row.to_at:
                    yield "another_start"
                elif start == row.from_at or _kind(message) != "another_reply":
                    yield _kind(message)
    elif figure.measure in SOLVES:
        for start in starts:
            for at in known.solved_at:
                if _is_between(figure, start, at):
                    yield "another_start" if at == row.to_at else "another_solve"


def _other_starts(one: Held, known: Evidence) -> list[dt.datetime]:
    asked = min((m.at for m in known.messages if m.by == "customer"), default=None)
    found = (one.figure.from_at, known.created_at, asked)
    return [at for at in dict.fromkeys(found) if at is not None and at != one.row.from_at]  # type: ignore[union-attr]


def _is_between(figure: Figure, start: dt.datetime, end: dt.datetime) -> bool:
    return figure.is_near((end - start).total_seconds())


def _kind(message: Spoken) -> str:
    if not message.is_public:
        return "internal_note"
    if message.by == "bot":
        return "bot_reply"
    if message.is_auto or message.by == "system":
        return "automatic_reply"
    return "another_reply"


def _by_quarters(one: Held) -> float | None:
    """By how many seconds a duration is off, where those are whole quarters of an hour."""
    if one.ours is None or not one.figure.is_duration:
        return None
    away = one.ours - one.figure.amount
    quarters = round(away / QUARTER) * QUARTER
    whole = abs(away - quarters) < one.figure.rounding and 0 < abs(quarters) <= FARTHEST
    return quarters if whole else None
