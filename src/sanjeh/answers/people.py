"""The agents whom a reader may see, with their teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjeh.answers.question import EVERYTHING, QuestionError, Viewer

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers

LEAST = 5  # agents of a team from which on an agent is shown the team's mean


@dataclass(frozen=True)
class Agent:
    """An agent: pseudonym, name, and team (id and name) as the record has it now."""

    id: str
    name: str
    team: str | None
    team_name: str | None


def agents(answers: Answers, viewer: Viewer = EVERYTHING) -> list[Agent]:
    """Agents by name: a lead sees those of the own teams, an agent the own person only."""
    rows = answers.engine.rows("SELECT agent_id, team_id FROM agents").to_pylist()
    teams = {r["agent_id"]: r["team_id"] for r in rows}
    if viewer.teams is not None:
        teams = {a: t for a, t in teams.items() if t in viewer.teams}
    if viewer.agents is not None:
        teams = {a: t for a, t in teams.items() if a in viewer.agents}
    names = answers.names.labels("agent", list(teams))
    named = answers.names.labels("team", list({t for t in teams.values() if t is not None}))
    found = [Agent(a, names[a], t, named.get(t) if t else None) for a, t in teams.items()]
    return sorted(found, key=lambda agent: (agent.name, agent.id))


def agent_of(answers: Answers, wanted: str, viewer: Viewer = EVERYTHING) -> Agent:
    """One agent by pseudonym. Raises QuestionError for one whom the reader may not see.

    The same words whether there is no such agent or only none for this reader.
    """
    for agent in agents(answers, viewer):
        if agent.id == wanted:
            return agent
    raise QuestionError("No such agent is known to you.")


def team_viewer(answers: Answers, agent: Agent, viewer: Viewer) -> Viewer | None:
    """Who may be asked for the mean of an agent's team; None where the reader may not know it.

    Readers of everything and leads ask as themselves. An agent is told of the team only where it
    has at least five agents, so that no colleague's figure can be worked out.
    """
    if viewer.agents is None:
        return viewer
    if agent.team is None:
        return None
    size = sum(1 for other in agents(answers) if other.team == agent.team)
    return Viewer(viewer.name, teams=frozenset({agent.team})) if size >= LEAST else None
