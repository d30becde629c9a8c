"""Who may need product training (T2.1), and on which topics: a suggestion with its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from sanjeh.answers.question import Result
from sanjeh.metrics.handling import NO_BENCHMARK
from sanjeh.report.figures import shown
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked
from sanjeh.web.pages.colleagues import Colleagues

FLAGS, EXCESS, TIME = "training_flags", "training_excess", "time_per_ticket"
TOPICS = 4


def suggestions(
    colleagues: Colleagues, asked: Asked, language: Language, only: str | None = None
) -> Markup | None:
    """Agents above the benchmark of time per ticket, with the topics that make the excess.

    only: the pseudonym of the one agent the page is about.
    """
    enquiry = colleagues.enquiry
    title = tag("h2", language.text("site.agents.training"))
    if not enquiry.has(TIME):
        return None
    found = enquiry.ask(FLAGS, compare=False).results(FLAGS)
    if not enquiry.has(FLAGS) or NO_BENCHMARK in found[0].excluded:
        said = language.text("site.agents.no_benchmark")
        return tag("section", title, tag("p", said, class_="note"))
    _, flags = colleagues.results(FLAGS)
    flagged = [
        a for a in colleagues.shown
        if a.id in flags and flags[a.id].value and only in (None, a.id)
    ]  # fmt: skip
    if not flagged:
        return tag("section", title, tag("p", language.text("site.agents.nobody"), class_="note"))
    time, spent = colleagues.results(TIME)
    causes = enquiry.ask(EXCESS, by=("agent", "topic"), compare=False)
    items = []
    for agent in flagged:
        of = [r for r in causes.results(EXCESS) if r.group and r.group["agent"]["key"] == agent.id]
        said = language.text(
            "site.agents.flagged", name=tag("bdi", agent.name),
            time=shown(time, spent[agent.id], language),
            n=shown(time, spent[agent.id], language, "n"),
        )  # fmt: skip
        parts = [
            tag("li", tag("bdi", language.label(
                "topic", r.group["topic"]["key"], str(r.group["topic"]["label"]))),
                " ", shown(causes, r, language))
            for r in most(of)
        ]  # fmt: skip
        rows = blocks.link(
            language.text("site.figure.see_rows"),
            asked.link(
                f"{blocks.figure_path(EXCESS)}rows/", where=asked.narrowed("agent", agent.id)
            ),
        )
        items.append(tag("li", said, tag("ul", parts, class_="names") if parts else None, rows))
    lead = tag("p", language.text("site.agents.training_lead"), class_="note")
    return tag("section", title, lead, tag("ul", items, class_="flags"))


def most(results: Sequence[Result]) -> list[Result]:
    """The topics that took most time beyond their median."""
    above = [r for r in results if r.value is not None and float(r.value) > 0]
    return sorted(above, key=lambda r: -float(r.value or 0))[:TOPICS]
