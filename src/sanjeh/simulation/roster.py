"""Agents' places for work, and which of them is free first."""

from __future__ import annotations

from bisect import bisect_right

from sanjeh.simulation.shops.shop import TEAMS
from sanjeh.simulation.staff import Staff

NEVER = float("inf")


class Roster:
    """Every agent has as many places as conversations at once; a place is taken until a time."""

    def __init__(self, staff: Staff) -> None:
        windows = staff.windows()
        self._starts = [[start for start, _ in own] for own in windows]
        self._ends = [[end for _, end in own] for own in windows]
        self._places = [[0.0] * agent.concurrency for agent in staff.agents]
        self._last = [0.0] * len(staff.agents)
        self._teams = [
            [n for n, agent in enumerate(staff.agents) if agent.team == team]
            for team in range(len(TEAMS))
        ]
        self._team_of = [agent.team for agent in staff.agents]

    def free_at(self, agent: int, at: float) -> float:
        """When the agent can take something new, at this time or later."""
        when = max(at, min(self._places[agent]))
        window = bisect_right(self._ends[agent], when)
        if window == len(self._ends[agent]):
            return NEVER
        return max(when, self._starts[agent][window])

    def first_free(self, team: int, at: float, but: int = -1) -> tuple[float, int]:
        """When somebody of the team is free first, and who: the least busy, the longest idle."""
        best = (NEVER, 0, NEVER, -1)
        for agent in self._teams[team]:
            if agent == but:
                continue
            when = self.free_at(agent, at)
            if when <= best[0]:
                load = sum(1 for until in self._places[agent] if until > when)
                best = min(best, (when, load, self._last[agent], agent))
        return best[0], best[3]

    def is_served(self, team: int, at: float) -> bool:
        """Whether anybody of the team is on the floor, busy or not."""
        for agent in self._teams[team]:
            window = bisect_right(self._ends[agent], at)
            if window < len(self._ends[agent]) and self._starts[agent][window] <= at:
                return True
        return False

    def take(self, agent: int, until: float) -> None:
        """Fill the agent's place that is free first."""
        places = self._places[agent]
        places[places.index(min(places))] = until
        self._last[agent] = until

    def team_of(self, agent: int) -> int:
        """The agent's team."""
        return self._team_of[agent]
