"""Who works when: agents by team, their shifts, and the stretches in which they take work."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from sanjeh.simulation.arrivals import Arrivals
from sanjeh.simulation.columns import Dice
from sanjeh.simulation.probabilities import MAIL, MESSENGER, Probabilities
from sanjeh.simulation.shops.shop import CONCURRENCY, EXPERTS, TEAM_OF_KIND, TEAMS, TOPICS
from sanjeh.simulation.timeline import Timeline

LONG_SHIFT: Final = 9 * 3600.0  # a longer day is worked in two shifts that overlap
OVERLAP: Final = 1800.0
BREAK: Final = 1800.0
AWAY: Final = 600.0
# At least so many on the floor in the first and in the second shift of a day.
FEWEST: Final = ((2, 1), (1, 1), (2, 2), (1, 1), (1, 1))
_WEEKEND: Final = {5: "sat", 6: "sun", 3: "thu", 4: "fri"}


@dataclass(frozen=True)
class Agent:
    """One agent. `skill` moves customers' satisfaction."""

    team: int
    concurrency: int
    skill: float


@dataclass(frozen=True)
class Shift:
    """One shift: planned start and end, the log-in, and what interrupts taking work."""

    agent: int
    start: float
    end: float
    kind: str
    login: float
    pauses: tuple[tuple[float, float, str], ...]  # from, until, status


@dataclass(frozen=True)
class Staff:
    """The agents and every shift of the period and its run-on."""

    agents: tuple[Agent, ...]
    shifts: tuple[Shift, ...]

    def windows(self) -> list[list[tuple[float, float]]]:
        """For each agent, in order of time, when new work is taken."""
        found: list[list[tuple[float, float]]] = [[] for _ in self.agents]
        for shift in self.shifts:
            begins = shift.login
            for start, until, _ in shift.pauses:
                found[shift.agent].append((begins, start))
                begins = until
            found[shift.agent].append((begins, shift.end))
        return found


def hire(timeline: Timeline, chances: Probabilities, coming: Arrivals, seed: int) -> Staff:
    """Agents enough for the busiest hours at the share of busy time wanted, and their shifts."""
    dice = Dice(seed, "staff")
    needed = _needed(timeline, chances, coming)
    agents: list[Agent] = []
    shifts: list[Shift] = []
    turns = _turns(timeline)
    for team, counts in enumerate(needed):
        days = sorted({day for day, *_ in turns})
        a_week = min(7.0, 7 * len(days) / max(len(timeline.dates), 1))
        first = len(agents)
        size = max(sum(counts), math.ceil(sum(counts) * a_week / 5))
        skills = dice.draw.normal(0.0, 0.25, size)
        agents += [Agent(team, CONCURRENCY[team], float(skill)) for skill in skills]
        place = 0
        for day, nth, start, end, kind in turns:
            if nth == 0:
                place = days.index(day) * sum(counts)
            for number in range(counts[min(nth, 1)]):
                agent = first + place % size
                place += 1
                shifts.append(_shift(dice, agent, number, start, end, kind, day))
    shifts.sort(key=lambda shift: (shift.start, shift.agent))
    return Staff(tuple(agents), tuple(shifts))


def _shift(
    dice: Dice, agent: int, number: int, start: float, end: float, kind: str, day: int
) -> Shift:
    login = start + float(dice.draw.uniform(-240, 360))
    pauses = []
    if end - start >= 5 * 3600:
        lunch = start + (end - start) * (0.42 + 0.12 * (number % 3))
        pauses.append((lunch, lunch + BREAK, "break"))
    if end - start >= 6 * 3600:
        status = "training" if day % 28 == 9 + number else "away"
        until = end - 3600 * 0.9
        pauses.append((until - AWAY, until, status))
    return Shift(agent, start, end, kind, login, tuple(pauses))


def _turns(timeline: Timeline) -> list[tuple[int, int, float, float, str]]:
    """Shifts to fill: day, its number within the day, start, end, kind."""
    found: list[tuple[int, int, float, float, str]] = []
    festive = {h["date"] for h in timeline.holidays}
    for start, end in timeline.open_spans:
        day = int(np.searchsorted(timeline.midnights, start, "right")) - 1
        if day >= len(timeline.dates):
            continue
        date = timeline.dates[day]
        usual = "weekend" if _WEEKEND.get(date.weekday()) in timeline.shop.weekend else "day"
        kind = "holiday" if date in festive else usual
        nth = sum(1 for other in found if other[0] == day) if found and found[-1][0] == day else 0
        if end - start > LONG_SHIFT:
            middle = (start + end) / 2
            found.append((day, nth, start, middle + OVERLAP, kind))
            found.append((day, nth + 1, middle - OVERLAP, end, kind))
        else:
            late = (start - timeline.midnights[day]) >= 18 * 3600
            found.append((day, nth, start, end, "night" if late and kind == "day" else kind))
    return found


def _needed(timeline: Timeline, chances: Probabilities, coming: Arrivals) -> list[tuple[int, int]]:
    """How many of each team are on the floor in the first and second shift."""
    weights = np.array([topic.weight for topic in TOPICS])
    effort = float((weights * [topic.effort for topic in TOPICS]).sum() / weights.sum())
    effort *= float(np.dot(chances.complexity, chances.complexity_effort))
    load = np.zeros(len(TEAMS))
    for number, channel in enumerate(timeline.shop.channels):
        kind = channel.kind
        seconds = chances.handling[kind].mean * effort + chances.wrapup[kind] + 20.0
        if kind == MESSENGER:
            seconds += chances.messenger_pause * chances.pause.mean
        if kind == MAIL:
            seconds *= 1.7  # further rounds, and chats that were left as a message
        hours = float(coming.busiest_hour[number]) * seconds / 3600
        load[TEAM_OF_KIND[kind]] += hours
        load[EXPERTS] += 0.12 * hours
    found = []
    for team, fewest in enumerate(FEWEST):
        floor = math.ceil(load[team] / (CONCURRENCY[team] * chances.busy_share))
        found.append((max(floor, fewest[0]), max(math.ceil(floor * 0.75), fewest[1])))
    return found
