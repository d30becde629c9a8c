"""What was said: messages with their instants, authors, texts and ready replies."""

from __future__ import annotations

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
    maybe,
    pc,
)
from sanjeh.simulation.happened import Happened
from sanjeh.simulation.log import ACTORS, AGENT, BOT, CUSTOMER, Fate, Said
from sanjeh.simulation.probabilities import MESSENGER, REALTIME
from sanjeh.simulation.shops.shop import TOPICS, Words

NUMBERS: Final = 40  # so many made-up order numbers go round in the texts
CANNED_FIRST, CANNED_LATER, CANNED_EDITED = 0.45, 0.2, 0.25
THANKED: Final = 0.5
ONE_REPLY: Final = 0.4
SILENCE: Final = 300.0  # of a messenger's silence at most so much is handling (7.11)
IDLE_TAIL: Final = 120.0  # of the silence before an automatic close (T3)


@dataclass(frozen=True)
class Talk:
    """All messages in order of conversation and time, and what agents' time they took."""

    contact: Ints
    at: Floats
    author: Ints
    agent: Ints
    said: Ints
    is_first_of_agent: Flags
    handling: Floats  # by contact: seconds of handling, wrap-up in it; NaN where nobody handled it


def talk(h: Happened) -> Talk:
    """Write the dialogues between the instants that the floor has decided."""
    dice = Dice(h.seed, "talk")
    s = h.stretches
    spoken = np.isin(h.kind[s.contact], (REALTIME, MESSENGER)) & ~np.isnan(s.accepted)
    rows = np.flatnonzero(spoken)
    part = _dialogues(h, dice, rows)
    thanks = _thanks(h, dice, rows)
    desk = np.array(h.log.messages, dtype=np.float64).reshape(-1, 5)
    parts = [
        part,
        thanks,
        *_openings(h, dice),
        _Part(desk[:, 0].astype(np.int64), desk[:, 1], desk[:, 2].astype(np.int64),
              desk[:, 3].astype(np.int64), desk[:, 4].astype(np.int64)),
    ]  # fmt: skip
    contact = np.concatenate([p.contact for p in parts])
    at = np.concatenate([p.at for p in parts])
    author = np.concatenate([p.author for p in parts])
    agent = np.concatenate([p.agent for p in parts])
    said = np.concatenate([p.said for p in parts])
    known = at <= h.clock.cut
    order = np.lexsort((author, at, contact))
    order = order[known[order]]
    contact, author = contact[order], author[order]
    human = author == AGENT
    first = np.zeros(len(order), dtype=np.bool_)
    _, places = np.unique(contact[human], return_index=True)
    first[np.flatnonzero(human)[places]] = True
    return Talk(
        contact, at[order], author, agent[order], said[order], first,
        _handling(h, rows, part, thanks),
    )  # fmt: skip


@dataclass(frozen=True)
class _Part:
    contact: Ints
    at: Floats
    author: Ints
    agent: Ints
    said: Ints
    row: Any = None  # which stretch, of dialogues


def _dialogues(h: Happened, dice: Dice, rows: Ints) -> _Part:
    """In each stretch: the agent's first message, then customer and agent in turn."""
    s = h.stretches
    accepted, spoken, pause = s.accepted[rows], s.spoken[rows], s.pause[rows]
    exchanges = s.exchanges[rows]
    first = accepted + np.minimum(
        dice.lognormal(h.chances.typing, len(rows)), 0.5 * (spoken - accepted - pause)
    )
    counts = np.where(exchanges == 0, 1, 2 * exchanges)
    starts = np.cumsum(counts) - counts
    total = int(counts.sum())
    of = np.repeat(np.arange(len(rows)), counts)
    nth = np.arange(total) - starts[of]
    steps = dice.draw.exponential(1.0, total) + 0.2
    run = np.cumsum(steps)
    before = (run - steps)[starts]
    share = (run - before[of]) / (run[starts + counts - 1] - before)[of]
    active = spoken - first - pause
    at = first[of] + active[of] * share
    at = at + np.where(nth >= 2 * (exchanges // 2)[of], pause[of], 0.0)
    by_agent = (exchanges[of] == 0) | (nth % 2 == 1)
    back = dice.chance(total) < 0.35
    said = np.where(by_agent, np.where(back, Said.BACK, Said.ANSWER), Said.DETAIL)
    agent = s.agent[rows]
    # Many a messenger's question is answered in one message; the rest of the talk falls away.
    brief = (h.kind[s.contact[rows]] == MESSENGER) & (dice.chance(len(rows)) < ONE_REPLY)
    kept = ~brief[of]
    of, at, by_agent, said = of[kept], at[kept], by_agent[kept], said[kept]
    return _Part(
        np.concatenate([s.contact[rows], s.contact[rows][of]]),
        np.concatenate([first, at]),
        np.concatenate([np.full(len(rows), AGENT), np.where(by_agent, AGENT, CUSTOMER)]),
        np.concatenate([agent, np.where(by_agent, agent[of], -1)]),
        np.concatenate([np.full(len(rows), int(Said.ANSWER)), said]),
        np.concatenate([np.arange(len(rows)), of]),
    )


def _thanks(h: Happened, dice: Dice, rows: Ints) -> _Part:
    s = h.stretches
    ended = np.array([s.reason[row] == "ended" for row in rows], dtype=np.bool_)
    says = np.flatnonzero(ended & (dice.chance(len(rows)) < THANKED))
    count = len(says)
    return _Part(
        s.contact[rows][says], s.spoken[rows][says] + 3.0, np.full(count, CUSTOMER),
        np.full(count, -1), np.full(count, int(Said.THANKS)), says,
    )  # fmt: skip


def _openings(h: Happened, dice: Dice) -> list[_Part]:
    """The customer's question, the bot's words, and asking again where the wait is long."""
    written = np.isin(h.kind, (REALTIME, MESSENGER))
    asks = written & np.isin(h.fate, (Fate.SERVED, Fate.MISSED, Fate.PENDING, Fate.OFFLINE))
    bot = written & ~np.isnan(h.bot_until) & (h.fate != Fate.NOISE)
    until = np.where(np.isnan(h.answered), np.nan_to_num(h.ended, nan=h.clock.cut), h.answered)
    wait = until - h.queued
    again = asks & (wait > 90) & (dice.chance(h.size) < 0.4)
    asked = h.at + np.where(bot, 6.0, 2.0)
    middle = h.queued + np.minimum(0.5 * wait, 3600.0)

    def part(which: Flags, at: Floats, author: int, said: Said) -> _Part:
        rows = np.flatnonzero(which)
        return _Part(
            rows, at[rows], np.full(len(rows), author), np.full(len(rows), -1),
            np.full(len(rows), int(said)),
        )  # fmt: skip

    return [
        part(asks | bot, asked, CUSTOMER, Said.ASK),
        part(bot, h.at + 1.0, BOT, Said.GREETING),
        part(bot, h.at + 10.0, BOT, Said.BOT_ANSWER),
        part(again, middle, CUSTOMER, Said.WAITING),
    ]


def _handling(h: Happened, rows: Ints, part: _Part, thanks: _Part) -> Floats:
    """Seconds each contact took of agents: stretches and wrap-up, idle tails cut (T3, 7.11)."""
    s = h.stretches
    taken = ~np.isnan(s.accepted)
    tail = np.array([r == "timeout" for r in s.reason], dtype=np.bool_)
    until = np.where(tail, np.minimum(s.left, s.spoken + IDLE_TAIL), s.left)
    seconds = np.where(taken, until - s.accepted, 0.0)
    slow = np.isin(h.kind[s.contact[rows]], (MESSENGER,))
    of = np.concatenate([part.row, thanks.row, np.arange(len(rows)), np.arange(len(rows))])
    at = np.concatenate([part.at, thanks.at, s.accepted[rows], s.left[rows]])
    order = np.lexsort((at, of))
    of, at = of[order], at[order]
    gaps = np.where(of[1:] == of[:-1], np.minimum(np.diff(at), SILENCE), 0.0)
    capped = np.bincount(of[1:], weights=gaps, minlength=len(rows))
    seconds[rows] = np.where(slow, capped, seconds[rows])
    seconds = seconds + np.where(taken, s.wrapup, 0.0)
    sums = np.bincount(s.contact[taken], weights=seconds[taken], minlength=h.size)
    any_ = np.bincount(s.contact[taken], minlength=h.size) > 0
    return np.where(any_, sums, np.nan)


# -- as records ------------------------------------------------------------------------------


def messages(h: Happened, t: Talk) -> pa.Table:
    """The message records."""
    dice = Dice(h.seed, "texts")
    words, size = h.timeline.shop.words, len(t.at)
    canned = _canned(dice, h, t, words)
    plain = _texts(dice, h, t, words)
    ready = chosen(canned, [c.body for c in words.canned], canned >= 0)
    body = pc.coalesce(ready, plain)
    by_customer, by_agent = t.author == CUSTOMER, t.author == AGENT
    author = pc.coalesce(
        identifiers("cu", h.customer[t.contact], 5, by_customer),
        identifiers("ag", t.agent, 2, by_agent),
        maybe(np.full(size, "bot-1"), t.author == BOT),
    )
    holding = np.array([c.is_holding for c in words.canned])[canned] & (canned >= 0)
    automatic = np.isin(t.said, (Said.ACKNOWLEDGEMENT, Said.GREETING, Said.BOT_ANSWER))
    edited = (canned >= 0) & (dice.chance(size) < CANNED_EDITED)
    return pa.table(
        {
            "id": identifiers("m", np.arange(size), 7),
            "conversation_id": identifiers("c", t.contact, 6),
            "at": h.clock.instants(t.at),
            "author_type": chosen(t.author, ACTORS),
            "author_id": author,
            "visibility": chosen((t.said == Said.NOTE).astype(int), ("public", "internal")),
            "is_auto": pa.array(automatic),
            "is_holding": pa.array(holding),
            "body_length": pc.utf8_length(body).cast(pa.int64()),
            "body": body,
            "canned_response_id": identifiers("cr", canned, 0, canned >= 0),
            "canned_edited": maybe(edited, canned >= 0),
            "sequence": pa.array(np.arange(size, dtype=np.int64)),
        }
    )


def _canned(dice: Dice, h: Happened, t: Talk, words: Words) -> Ints:
    """Which ready reply each message used, or -1."""
    size, last = len(t.at), len(words.canned)
    answer = (t.author == AGENT) & np.isin(t.said, (Said.ANSWER, Said.BACK))
    chance = dice.chance(size)
    first = np.where(chance < 0.12, 1, 0)  # one in eight only asks for patience
    later = 2 + dice.place(last - 2, size)
    greets = t.is_first_of_agent & np.isin(h.kind[t.contact], (REALTIME, MESSENGER))
    used = np.where(greets, chance < CANNED_FIRST, chance < CANNED_LATER)
    return np.where(answer & used, np.where(greets, first, later), -1)


def _texts(dice: Dice, h: Happened, t: Talk, words: Words) -> Any:
    """The text of every message from the shop's templates."""
    texts: list[str] = []
    spans: dict[tuple[Said, str], tuple[int, int]] = {}

    def add(said: Said, templates: tuple[str, ...], category: str = "") -> None:
        begin = len(texts)
        for template in templates:
            texts.extend(template.format(n=words.number(7000 + 37 * n, 4)) for n in range(NUMBERS))
        spans[said, category] = (begin, len(texts) - begin)

    for category, asks in words.asks.items():
        add(Said.ASK, asks, category)
    for said, templates in (
        (Said.DETAIL, words.details), (Said.WAITING, words.waiting), (Said.THANKS, words.thanks),
        (Said.ANSWER, words.answers), (Said.BACK, words.questions_back), (Said.NOTE, words.notes),
        (Said.GREETING, (words.greeting,)), (Said.BOT_ANSWER, (words.bot_answer,)),
        (Said.ACKNOWLEDGEMENT, (words.acknowledgement,)),
        (Said.OUT_OF_OFFICE, words.out_of_office), (Said.BOUNCE, words.bounces),
        (Said.NEWSLETTER, words.newsletters), (Said.SPAM, words.spam),
    ):  # fmt: skip
        add(said, templates)
    begins = np.zeros(len(t.at), dtype=np.int64)
    lengths = np.ones(len(t.at), dtype=np.int64)
    category_of = np.array([topic.category for topic in TOPICS])[h.topic[t.contact]]
    for (said, category), (begin, length) in spans.items():
        which = t.said == said
        if category:
            which &= category_of == category
        begins[which], lengths[which] = begin, length
    places = begins + (dice.chance(len(t.at)) * lengths).astype(np.int64)
    return chosen(places, texts)
