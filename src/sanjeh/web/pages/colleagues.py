"""What the pages of agents share: per-agent figures, and when a team's mean may be shown (D6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from sanjeh.answers import dimensions
from sanjeh.answers.ask import Answers
from sanjeh.answers.people import LEAST, Agent, agents, team_viewer
from sanjeh.answers.question import Result, Viewer
from sanjeh.metrics.catalogue import METRICS
from sanjeh.metrics.registry import Count, Metric, Net, Ratio, Share, Total, find
from sanjeh.report.enquiry import Asked as Figures
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import shown
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.seen import Seen

FEW = 20  # rows of an agent below which a figure is neither ranked nor coloured (D6)
USUAL = (
    "conversations_served", "agent_first_response_time", "agent_handle_time", "transfers",
    "missed_chats_by_agent", "tagged_chat_share", "canned_chat_share",
    "first_contact_resolution", "satisfied_share",
)  # fmt: skip


def per_agent(seen: Seen) -> list[Metric]:
    """Metrics credited to agents that the home records, in the catalogue's order."""
    answers = cast(Answers, seen)
    return [
        m for m in METRICS.values()
        if m.credit and "agent" in dimensions.offered(m, lambda f: tuple(answers.tables[f].columns))
    ]  # fmt: skip


@dataclass(frozen=True)
class Mean:
    """A team's figure beside an agent's: pooled from rows, or a count for each agent."""

    value: float
    unit: str
    agents: int


class Colleagues:
    """Per-agent figures as one reader may see them, with the mean of a team beside."""

    def __init__(self, seen: Seen, asked: Asked, team: str | None = None) -> None:
        self.seen, self.team = seen, team
        self.enquiry = enquiry_of(seen, asked)
        self.everyone = agents(seen.everything, seen.viewer)
        self.shown = [a for a in self.everyone if team is None or a.team == team]

    def results(self, metric: str) -> tuple[Figures, dict[str, Result]]:
        """A figure of each agent by pseudonym."""
        found = self.enquiry.ask(metric, by=("agent",), compare=False)
        return found, of_agents(found, metric)

    def mean(self, metric: str) -> Mean | None:
        """The figure of the agents shown as a whole."""
        _, each = self.results(metric)
        return mean_of(metric, (each[a.id] for a in self.shown if a.id in each))

    def beside(self, agent: Agent) -> Beside:
        """The means of an agent's team, where the reader may know them."""
        answers = self.seen.everything
        viewer = team_viewer(answers, agent, self.seen.viewer)
        return Beside(self, agent, viewer)


class Beside:
    """The means of one agent's team; for an agent only of teams and figures of five and more."""

    def __init__(self, colleagues: Colleagues, agent: Agent, viewer: Viewer | None) -> None:
        self.agent = agent
        self.is_held = colleagues.seen.viewer.agents is not None
        self.enquiry: Enquiry | None = None
        if viewer is not None and agent.team is not None:
            everything = colleagues.seen.everything
            peers = cast(Answers, Seen(everything, viewer))
            self.enquiry = Enquiry(peers, colleagues.enquiry.scope)
            self.ids = {a.id for a in agents(everything) if a.team == agent.team}

    def mean(self, metric: str) -> Mean | None:
        """The team's figure, or None where there is none or it may not be told."""
        if self.enquiry is None:
            return None
        found = self.enquiry.ask(metric, by=("agent",), compare=False)
        each = [r for k, r in of_agents(found, metric).items() if k in self.ids]
        if self.is_held and sum(1 for r in each if r.n) < LEAST:
            return None
        return mean_of(metric, each)


def of_agents(found: Figures, metric: str) -> dict[str, Result]:
    """The results of a question by agent, by pseudonym; what belongs to nobody left out."""
    return {
        str(r.group["agent"]["key"]): r
        for r in found.results(str(find(metric)))
        if r.group and r.group["agent"]["key"] is not None
    }


def mean_of(metric: str, each: Iterable[Result]) -> Mean | None:
    """The figure of all the agents' rows; of counts the mean for each agent who has any.

    A share is put together from its parts, a mean weighted by its rows: both are exactly the figure
    of the rows themselves. A median cannot be put together; then there is none.
    """
    known = [r for r in each if r.value is not None and r.n]
    if not known:
        return None
    unit, shape = known[0].unit, find(metric).metric.outline()
    match shape:
        case Count() | Net() | Total():
            value = sum(float(r.value or 0) for r in known) / len(known)
        case Share() | Ratio():
            under = sum(float(r.denominator or 0) for r in known)
            over = sum(float(r.numerator or 0) for r in known)
            if not under:
                return None
            value = over / under * (shape.times if isinstance(shape, Ratio) else 1)
        case _ if known[0].statistic in ("mean", "value"):
            rows = sum(r.n for r in known)
            value = sum(float(r.value or 0) * r.n for r in known) / rows
        case _:
            return None
    return Mean(value, unit, len(known))


def cell(found: Figures, result: Result | None, language: Language) -> Any:
    """An agent's figure with its n; a figure of few rows is marked as one."""
    if result is None or result.value is None:
        return "—"
    n = None
    if result.value != result.n:
        n = tag("small", "n ", shown(found, result, language, "n"), class_="beside")
    made = render(shown(found, result, language), " ", n)
    if result.n < FEW:
        said = str(language.text("site.agents.few", n=language.number(FEW)))
        return tag("span", made, class_="few", title=said)
    return made


def told(mean: Mean | None, language: Language) -> Markup | str:
    """A mean as text."""
    return "—" if mean is None else language.value(mean.value, mean.unit)
