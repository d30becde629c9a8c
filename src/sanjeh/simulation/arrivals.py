"""When customers come: an inhomogeneous Poisson process by hour of week and season."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sanjeh.simulation.columns import Dice, Floats, Ints
from sanjeh.simulation.probabilities import Probabilities
from sanjeh.simulation.shops.shop import TOPICS
from sanjeh.simulation.timeline import Timeline

# Share of a day's customers by local hour, before the night is thinned or cut.
RHYTHMS: Final = {
    "web": (2, 1, 0, 0, 0, 0, 1, 4, 12, 24, 32, 33, 29, 27, 28, 30, 30, 28, 24, 20, 14, 10, 6, 3),
    "evening": (4, 2, 1, 1, 1, 1, 2, 4, 6, 9, 18, 22, 20, 19, 20, 22, 25, 27, 28, 28, 26, 20, 9, 7),
    "office": (1, 1, 0, 0, 0, 1, 3, 8, 20, 32, 36, 33, 24, 24, 30, 31, 28, 21, 14, 9, 7, 4, 2, 1),
}  # fmt: skip
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Arrivals:
    """First contacts in order of time.

    topic: -1 where it is yet to be drawn. expected: their number by channel without anomalies.
    added, lost: what each anomaly brought and swallowed.
    """

    at: Floats
    channel: Ints
    topic: Ints
    expected: Floats
    added: dict[str, int]
    lost: dict[str, int]
    busiest_hour: Floats  # by channel: contacts in an hour of the 95th percentile of open hours


def day_weights(timeline: Timeline, growth: float) -> Floats:
    """How busy each day is: weekday, season, growth; closed days are quiet."""
    shop = timeline.shop
    weights = []
    open_days = {int(np.searchsorted(timeline.midnights, a, "right")) - 1
                 for a, _ in timeline.open_spans}  # fmt: skip
    for number, day in enumerate(timeline.dates[: timeline.days]):
        weight = shop.quiet_days.get(_DAYS[day.weekday()], 1.0)
        season = 1.0
        for bump in shop.bumps:
            apart = abs((day - day.replace(month=bump.month, day=bump.day)).days)
            apart = min(apart, 365 - apart)
            season += bump.height * float(np.exp(-0.5 * (apart / bump.width) ** 2))
        weight *= season * (1 + growth) ** (number / 365)
        weights.append(weight if number in open_days else min(weight, 0.6))
    return np.array(weights)


def arrivals(timeline: Timeline, chances: Probabilities, total: float, seed: int) -> Arrivals:
    """Draw the first contacts: `total` are expected, anomalies come on top."""
    dice = Dice(seed, "arrivals")
    days = day_weights(timeline, chances.growth_a_year)
    midnights = timeline.midnights[: timeline.days]
    hours = (midnights[:, None] + 3600.0 * np.arange(24)[None, :]).ravel()
    inside = timeline.is_open(hours + 1800.0)
    parts: list[tuple[Floats, int, int]] = []
    expected, busiest = [], []
    added: dict[str, int] = {}
    lost: dict[str, int] = {}
    for number, channel in enumerate(timeline.shop.channels):
        rhythm = np.array(RHYTHMS[channel.rhythm], dtype=np.float64)
        rate = (days[:, None] * rhythm[None, :]).ravel()
        if channel.kind == "voice":
            rate *= inside  # nobody rings where the line is closed
        rate *= total * channel.share / rate.sum()
        busiest.append(np.quantile(rate[inside], 0.95))
        at = _scattered(dice, hours, rate)
        if channel.kind == "voice":
            at = at[timeline.is_open(at)]
        usual = float(rate.sum())
        for anomaly in timeline.anomalies:
            during = (hours >= anomaly.starts) & (hours < anomaly.ends)
            if anomaly.channel == channel.code:
                hit = (at >= anomaly.starts) & (at < anomaly.ends)
                hit &= dice.chance(len(at)) < chances.outage_lost
                lost[anomaly.kind] = int(hit.sum())
                at = at[~hit]
            elif anomaly.topic is not None and channel.kind != "mail":
                surge = chances.bug_surge if anomaly.kind == "bug" else chances.link_surge
                more = _scattered(dice, hours[during], rate[during] * surge)
                if channel.kind == "voice":
                    more = more[timeline.is_open(more)]
                added[anomaly.kind] = added.get(anomaly.kind, 0) + len(more)
                parts.append((more, number, anomaly.topic))
        parts.append((at, number, -1))
        expected.append(usual)
    at = np.concatenate([p[0] for p in parts])
    channels = np.concatenate([np.full(len(p[0]), p[1]) for p in parts])
    topics = np.concatenate([np.full(len(p[0]), p[2]) for p in parts])
    order = np.argsort(at, kind="stable")
    return Arrivals(
        at[order], channels[order], topics[order], np.array(expected), added, lost,
        np.array(busiest),
    )  # fmt: skip


def _scattered(dice: Dice, hours: Floats, rate: Floats) -> Floats:
    """Times drawn from a rate an hour."""
    counts = dice.draw.poisson(rate)
    begins = np.repeat(hours, counts)
    return np.sort(begins + dice.between(0.0, 3600.0, len(begins)))


def topic_weights() -> tuple[float, ...]:
    """The share of each topic."""
    return tuple(topic.weight for topic in TOPICS)
