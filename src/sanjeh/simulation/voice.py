"""What customers thought: the satisfaction of everybody, and the answers of those who answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

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
    repeated,
)
from sanjeh.simulation.customers import Customers
from sanjeh.simulation.happened import Happened
from sanjeh.simulation.log import Fate
from sanjeh.simulation.probabilities import MAIL, REALTIME, VOICE
from sanjeh.simulation.shops.shop import TOPICS

STEPS: Final = (-1.3, -0.75, -0.2, 0.5)  # between the scores 1 to 5
COMMENTED: Final = 0.3
COMPLAINS, PRAISES, SUGGESTS = 0.15, 0.04, 0.01
SURVEYS: Final = ("csat", "nps", "ces")


@dataclass(frozen=True)
class Opinions:
    """By contact: the true score 1 to 5 (0: not served), who was asked and who answered csat."""

    score: Ints
    asked: Flags
    answered: Flags
    answered_at: Floats


def opinions(h: Happened) -> Opinions:
    """Draw how satisfied every served customer was, and who says so.

    Waiting, being handed over, unsolved matters and reopened tickets cost; agents differ; those
    at the ends of the scale answer more often than those in between.
    """
    dice = Dice(h.seed, "satisfaction")
    served = (h.fate == Fate.SERVED) & h.has_ended
    wait = np.maximum(np.nan_to_num(h.answered - h.at), 0.0)
    unit = np.select([h.kind == REALTIME, h.kind == VOICE, h.kind == MAIL], [60, 60, 7200], 3600.0)
    skill = np.array([agent.skill for agent in h.staff.agents])[h.last_agent]
    unsolved = ~h.is_solved
    feeling = (
        0.95
        - 0.30 * np.log1p(wait / unit)
        - 1.2 * unsolved
        - 0.4 * h.is_transferred
        - 0.6 * h.was_reopened
        + np.where(h.last_agent >= 0, skill, 0.0)
        + dice.draw.standard_normal(h.size)
    )
    score = np.where(served, 1 + np.searchsorted(STEPS, feeling), 0)
    asked = served & (dice.chance(h.size) < h.chances.survey_sent)
    sent = _sent(h)
    asked &= sent <= h.clock.cut
    chance = np.array((0.0, *h.chances.answers_by_score))[score]
    at = sent + 60 + dice.draw.exponential(2 * 3600.0, h.size)
    answers = asked & (dice.chance(h.size) < chance) & (at <= h.clock.cut)
    return Opinions(score, asked, answers, np.where(answers, at, np.nan))


def _sent(h: Happened) -> Floats:
    return np.asarray(h.ended + np.where(h.kind == MAIL, 3600.0, 120.0))


def surveys(h: Happened, c: Customers, o: Opinions) -> Iterator[tuple[str, pa.Table]]:
    """The records of invitations, answers and feedback."""
    dice = Dice(h.seed, "surveys")
    csat = np.flatnonzero(o.asked)
    extra = []
    for share, delay in ((h.chances.nps_sent, 26 * 3600.0), (h.chances.ces_sent, 600.0)):
        sent = h.ended + delay
        chosen_ = (o.score > 0) & (dice.chance(h.size) < share) & (sent <= h.clock.cut)
        extra.append((np.flatnonzero(chosen_), sent[chosen_]))
    contact = np.concatenate([csat, *(rows for rows, _ in extra)])
    survey = np.repeat([0, 1, 2], [len(csat), len(extra[0][0]), len(extra[1][0])])
    sent = np.concatenate([_sent(h)[csat], *(at for _, at in extra)])
    shop = h.timeline.shop
    numbers = np.arange(len(contact))
    yield (
        "survey_invite",
        pa.table(
            {
                "id": identifiers("si", numbers, 7),
                "survey_id": chosen(survey, SURVEYS),
                "customer_id": identifiers("cu", h.customer[contact], 5),
                "conversation_id": identifiers("c", contact, 6),
                "sent_at": h.clock.instants(sent),
                "channel": chosen(h.channel[contact], [ch.code for ch in shop.channels]),
            }
        ),
    )
    # Recommending and ease follow the same feeling, loosely.
    noise = dice.draw.standard_normal(len(contact))
    nps = np.clip(np.rint(1.6 * o.score[contact] + 1.4 + 1.2 * noise), 0, 10)
    ces = np.clip(np.rint(1.2 * o.score[contact] + 0.9 + 0.9 * noise), 1, 7)
    score = np.select([survey == 0, survey == 1], [o.score[contact].astype(np.float64), nps], ces)
    luck = dice.chance(len(contact))
    later = sent + 60 + dice.draw.exponential(4 * 3600.0, len(contact))
    at = np.where(survey == 0, o.answered_at[contact], later)
    share = np.array([1.0, h.chances.nps_answered, h.chances.ces_answered])[survey]
    answered = (luck < share) & (at <= h.clock.cut)
    rows = np.flatnonzero(answered)
    contact, survey, score, at = contact[rows], survey[rows], score[rows], at[rows]
    says = dice.chance(len(rows)) < COMMENTED
    words = shop.words
    happy = o.score[contact] >= 4
    texts = [*words.comments_good, *words.comments_bad]
    place = dice.place(2, len(rows)) + np.where(happy, 0, len(words.comments_good))
    agent = h.last_agent[contact]
    yield (
        "survey_response",
        pa.table(
            {
                "id": identifiers("sr", np.arange(len(rows)), 7),
                "invite_id": identifiers("si", numbers[rows], 7),
                "survey_id": chosen(survey, SURVEYS),
                "customer_id": identifiers("cu", h.customer[contact], 5),
                "conversation_id": identifiers("c", contact, 6),
                "agent_id": identifiers("ag", agent, 2, agent >= 0),
                "touchpoint": repeated("support", len(rows)),
                "submitted_at": h.clock.instants(at),
                "score": pa.array(score),
                "comment": chosen(place, texts, says & (survey == 0)),
                "segment_snapshot": chosen(c.segment[h.customer[contact]], words.segments),
            }
        ),
    )
    yield "feedback", _feedback(h, dice, o)


def _feedback(h: Happened, dice: Dice, o: Opinions) -> pa.Table:
    words, luck = h.timeline.shop.words, dice.chance(h.size)
    kinds = np.select(
        [(o.score == 1) & (luck < COMPLAINS), (o.score == 5) & (luck < PRAISES),
         (o.score > 1) & (luck > 1 - SUGGESTS)],
        [0, 1, 2], -1,
    )  # fmt: skip
    at = h.ended + 1800
    rows = np.flatnonzero((kinds >= 0) & (at <= h.clock.cut))
    kind = kinds[rows]
    texts = [words.comments_bad[0], words.comments_good[0], words.suggestions[0]]
    return pa.table(
        {
            "id": identifiers("fb", np.arange(len(rows)), 6),
            "customer_id": identifiers("cu", h.customer[rows], 5),
            "conversation_id": identifiers("c", rows, 6),
            "at": h.clock.instants(at[rows]),
            "origin": repeated("survey", len(rows)),
            "kind": chosen(kind, ("complaint", "praise", "suggestion")),
            "sentiment": chosen(kind, ("negative", "positive", "constructive")),
            "topic_id": chosen(h.topic[rows], [topic.id for topic in TOPICS]),
            "text": chosen(kind, texts),
            "status": maybe(np.full(len(rows), "new"), np.ones(len(rows), dtype=np.bool_)),
        }
    )


def tags(h: Happened) -> pa.Table:
    """The records of labels put on served conversations: most have one, some two."""
    dice = Dice(h.seed, "tags")
    served = np.flatnonzero((h.fate == Fate.SERVED) & h.has_ended)
    count = len(h.timeline.shop.words.tags)
    first = served[dice.chance(len(served)) < 0.7]
    second = first[dice.chance(len(first)) < 0.3]
    tag = dice.pick((30, 15, 10, 5, 3, 14, 10, 8), len(first))
    more = (tag[np.searchsorted(first, second)] + 1 + dice.place(count - 1, len(second))) % count
    contact = np.concatenate([first, second])
    agent = h.last_agent[contact]
    return pa.table(
        {
            "id": identifiers("te", np.arange(len(contact)), 7),
            "tag_id": identifiers("tag", np.concatenate([tag, more])),
            "target_type": repeated("conversation", len(contact)),
            "target_id": identifiers("c", contact, 6),
            "at": h.clock.instants(h.ended[contact]),
            "op": repeated("add", len(contact)),
            "actor_type": repeated("agent", len(contact)),
            "actor_id": identifiers("ag", agent, 2, agent >= 0),
        }
    )
