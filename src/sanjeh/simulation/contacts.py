"""Every draw that belongs to one contact, made beforehand for first contacts and for returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sanjeh.simulation.arrivals import Arrivals, topic_weights
from sanjeh.simulation.columns import Dice, Floats, Ints
from sanjeh.simulation.probabilities import MAIL, Probabilities
from sanjeh.simulation.shops.shop import TOPICS

KINDS: Final = ("realtime", "messenger", "voice", "mail")


@dataclass(frozen=True)
class Pool:
    """One row a possible contact; the first `first` are first contacts in order of time.

    What depends on the channel's kind has a row a kind, in the order of KINDS.
    """

    first: int
    customer: Ints
    topic: Ints
    complexity: Ints
    patience: Floats
    reaction: Floats
    handling: Floats
    wrapup: Floats
    exchanges: Ints  # pairs of messages after the agent's first
    pause: Floats  # a long silence of a messenger's customer; 0 is none
    mail_work: Floats  # (turn, contact): seconds of work on the first, second, … answer by mail
    reply_delay: Floats  # (turn, contact): until the customer writes again
    return_delay: Floats
    redial_delay: Floats
    luck: Floats  # (purpose, contact): even chances, one purpose a row

    @property
    def size(self) -> int:
        """How many contacts there can be."""
        return len(self.customer)


PURPOSES: Final = (
    "solves", "transfer", "escalate", "who escalates", "return", "channel of return", "redial",
    "follow-up", "bot greets", "bot solves", "bot seconds", "empty", "invited", "noise", "end",
    "thanks later", "offer", "rounds", "reopen", "thanks after", "priority", "topic corrected",
    "tail", "reopen when", "hold", "delay", "reason",
)  # fmt: skip
LUCK: Final = {purpose: place for place, purpose in enumerate(PURPOSES)}
TURN_EFFORT: Final = (1.0, 0.7, 0.6, 0.8)
SPARE: Final = 0.75  # contacts that returns, redials and replies may use, for each first contact


def draw_pool(chances: Probabilities, coming: Arrivals, customers: int, seed: int) -> Pool:
    """Draw all contacts' fates; those behind `first` lie ready for contacts that follow."""
    dice = Dice(seed, "contacts")
    first = len(coming.at)
    size = first + int(first * SPARE) + 200
    topic = dice.pick(topic_weights(), size)
    topic[:first] = np.where(coming.topic >= 0, coming.topic, topic[:first])
    complexity = dice.pick(chances.complexity, size)
    effort = np.array([t.effort for t in TOPICS])[topic]
    effort = effort * np.array(chances.complexity_effort)[complexity]
    handling = np.stack([dice.lognormal(chances.handling[k], size) * effort for k in KINDS])
    handling = np.maximum(handling, 30.0)
    exchanges = dice.draw.poisson(np.minimum(handling[0] / 110.0, 20.0)).astype(np.int64)
    pause = dice.lognormal(chances.pause, size)
    pauses = (dice.chance(size) < chances.messenger_pause) & (exchanges > 0)
    # A customer of gamma-spread eagerness: some write often, most rarely.
    eagerness = dice.draw.gamma(1.5, 1.0, customers)
    return Pool(
        first=first,
        customer=dice.pick(list(eagerness), size),
        topic=topic,
        complexity=complexity,
        patience=np.stack([dice.weibull(chances.patience[k], size) for k in KINDS]),
        reaction=np.stack([dice.lognormal(chances.reaction[k], size) for k in KINDS]),
        handling=handling,
        wrapup=np.stack([dice.draw.exponential(1.0, size) * chances.wrapup[k] for k in KINDS]),
        exchanges=exchanges,
        pause=np.where(pauses, np.minimum(pause, 2400.0), 0.0),
        mail_work=np.stack(
            [dice.lognormal(chances.handling[MAIL], size) * effort * share for share in TURN_EFFORT]
        ),
        reply_delay=np.stack([dice.lognormal(chances.customer_reply, size) for _ in TURN_EFFORT]),
        return_delay=np.clip(
            dice.lognormal(chances.return_delay, size), 1800.0, chances.return_limit
        ),
        redial_delay=np.clip(dice.lognormal(chances.redial_delay, size), 60.0, 7200.0),
        luck=dice.draw.random((len(PURPOSES), size)),
    )
