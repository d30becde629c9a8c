"""Which tickets and conversations a reader may see, for what is not asked through a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanjeh.answers import plan
from sanjeh.answers.finding import FACTS
from sanjeh.answers.question import Viewer

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers


def seen_by(answers: Answers, viewer: Viewer) -> frozenset[str] | None:
    """Ids of the tickets and conversations that the viewer may see; null is all of them."""
    if viewer.scope is None:
        return None
    found: set[str] = set()
    for kind, fact in FACTS.items():
        t = plan.seen_by(answers.tables[fact], viewer.teams, viewer.agents, answers.tables)
        found |= set(answers.engine.run(t.select(id=t[f"{kind}_id"]).distinct())["id"].to_pylist())
    return frozenset(found)
