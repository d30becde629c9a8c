"""One agent's page, for coaching (D6): figures beside the team's mean, topics, recent contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest

from sanjeh.answers.people import Agent, agent_of
from sanjeh.answers.question import Result
from sanjeh.answers.recent import recent
from sanjeh.metrics import families as kinds
from sanjeh.metrics.registry import Metric, find
from sanjeh.report.enquiry import Asked as Figures
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.report.tables import Column, table
from sanjeh.web.pages import blocks, spark
from sanjeh.web.pages.agents import agent_path
from sanjeh.web.pages.asking import Asked
from sanjeh.web.pages.colleagues import USUAL, Beside, Colleagues, cell, per_agent, told
from sanjeh.web.pages.overview import family_name
from sanjeh.web.pages.rows import period_question
from sanjeh.web.pages.seen import Seen, page
from sanjeh.web.pages.series import grain_of, series
from sanjeh.web.pages.training import suggestions

VOLUME, TOPICS, CONTACTS = "conversations_served", 12, 20
# Beside the usual columns: one figure of each kind of work that the seeds ask for by agent.
MAIN = (
    *USUAL, "chats_by_agent", "first_response", "resolved_tickets", "reopen_rate",
    "time_per_ticket", "resolution_time", "messages_per_chat", "tags_per_chat",
    "satisfaction_score", "complaints", "open_tickets",
)  # fmt: skip
BY_TOPIC = ("agent_handle_time", "first_contact_resolution", "satisfied_share")


@page
def show(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, agent: str
) -> tuple[str, Markup]:
    """The page of one agent whom the reader may see."""
    one = agent_of(seen.everything, agent, seen.viewer)
    here = agent_path(one.id)
    colleagues = Colleagues(seen, asked)
    beside = colleagues.beside(one)
    narrowed = replace(asked, where=asked.narrowed("agent", one.id))
    everything = request.GET.get("figures") == "all"
    parts = [
        tag("p", blocks.link(language.text("site.nav.agents"), asked.link("/agents/")),
            class_="kicker"),
        tag("h1", tag("bdi", one.name)),
        tag("p", language.text("site.dimensions.team"), ": ", tag("bdi", one.team_name))
        if one.team_name else None,
        blocks.bar(asked, seen, language, here, enquiry=colleagues.enquiry),
        tag("p", language.text(_lead(one, beside)), class_="note"),
        _figures(seen, colleagues, beside, one, narrowed, language, everything=everything),
        tag("p", blocks.link(
            language.text("site.agents.fewer" if everything else "site.agents.every"),
            asked.link(here) if everything else _all(asked.link(here)))),
        suggestions(colleagues, narrowed, language, only=one.id),
        _trend(colleagues, narrowed, language),
        _topics(colleagues, narrowed, language),
        _contacts(seen, colleagues, narrowed, language),
    ]  # fmt: skip
    return one.name, tag("article", render(parts), class_="agent")


def _all(link: str) -> str:
    return f"{link}{'&' if '?' in link else '?'}figures=all"


def _lead(agent: Agent, beside: Beside) -> str:
    if beside.enquiry is not None:
        return "site.agents.beside"
    return "site.agents.no_team" if agent.team is None else "site.agents.small_team"


def _figures(
    seen: Seen, colleagues: Colleagues, beside: Beside, one: Agent, narrowed: Asked,
    language: Language, *, everything: bool,
) -> Markup:  # fmt: skip
    """Every per-agent figure by family, with the team's mean, n and to whom it is credited."""
    offered = per_agent(seen)
    if not everything:
        offered = [m for m in offered if m.name in MAIN]
    offered = [m for m in offered if colleagues.enquiry.has(m.name)]
    sections = []
    for family in kinds.known():
        of = [m for m in offered if kinds.family_of(m) == family]
        if of:
            sections.append(
                tag("section", tag("h3", family_name(family, language)),
                    _rows(colleagues, beside, one, narrowed, language, of))
            )  # fmt: skip
    return tag("div", sections, class_="compact coaching")


def _rows(
    colleagues: Colleagues, beside: Beside, one: Agent, narrowed: Asked, language: Language,
    of: Sequence[Metric],
) -> Markup:  # fmt: skip
    found = {m.name: colleagues.results(m.name) for m in of}

    def name(metric: Metric) -> Any:
        link = blocks.link(
            language.title(metric.name), narrowed.link(blocks.figure_path(metric.name)),
            title=language.definition(metric.name),
        )  # fmt: skip
        return render(link, " ", tag("small", language.credit(metric.credit), class_="credit"))

    columns = [
        Column(language.text("site.figure.value"),
               lambda m: cell(found[m.name][0], found[m.name][1].get(one.id), language)),
        Column(language.text("site.agents.mean"), lambda m: told(beside.mean(m.name), language)),
        Column(language.text("site.figure.trend"),
               lambda m: spark.picture(find(m.name), narrowed, language)),
    ]  # fmt: skip
    return table(language.text("site.sides.figure"), list(of), name, columns)


def _trend(colleagues: Colleagues, narrowed: Asked, language: Language) -> Markup | None:
    if not colleagues.enquiry.has(VOLUME):
        return None
    where = narrowed.question(VOLUME).where
    drawn = series(colleagues.enquiry, language, VOLUME, grain_of(colleagues.enquiry), where=where)
    return tag("section", tag("h2", language.title(VOLUME)), drawn, class_="whole")


def _topics(colleagues: Colleagues, narrowed: Asked, language: Language) -> Markup | None:
    """What the agent works on."""
    enquiry = colleagues.enquiry
    if not enquiry.has(VOLUME):
        return None
    where = narrowed.question(VOLUME).where
    metrics = [m for m in (VOLUME, *BY_TOPIC) if enquiry.has(m)]
    found = {m: enquiry.ask(m, by=("topic",), where=where, compare=False) for m in metrics}
    rows = {
        m: {r.group["topic"]["key"]: r for r in found[m].results(m) if r.group} for m in metrics
    }
    volume = sorted(rows[VOLUME].values(), key=lambda r: -float(r.value or 0))[:TOPICS]
    if not volume:
        return None
    labels = {r.group["topic"]["key"]: str(r.group["topic"]["label"]) for r in volume}

    def column(metric: str) -> Column:
        return Column(
            language.title(metric), lambda k: cell(found[metric], rows[metric].get(k), language)
        )

    made = table(
        language.text("topics.topic"), list(labels),
        lambda k: tag("bdi", language.label("topic", k, labels[k])), [column(m) for m in metrics],
    )  # fmt: skip
    return tag("section", tag("h2", language.text("site.agents.topics")), made)


def of_topics(found: Figures, metric: str) -> dict[Any, Result]:
    """The results of a question by topic, by the topic's key."""
    return {r.group["topic"]["key"]: r for r in found.results(metric) if r.group}


def _contacts(
    seen: Seen, colleagues: Colleagues, narrowed: Asked, language: Language
) -> Markup | None:
    """The newest conversations, each leading to what was said."""
    if not colleagues.enquiry.has(VOLUME):
        return None
    question = period_question(seen, narrowed, VOLUME)
    rows = recent(seen.everything, question, seen.viewer, CONTACTS)
    if not rows:
        return None
    clock = colleagues.enquiry.scope.clock
    heads = [language.text(f"site.agents.{k}") for k in ("when", "conversation")]
    heads += [language.text("site.dimensions.topic"), language.text("site.dimensions.channel")]
    head = tag("tr", (tag("th", h, scope="col") for h in heads))
    body = [
        tag("tr", tag("td", language.moment(r["at"], clock)), tag("td", contact(r)),
            tag("td", tag("bdi", r["topic"] or "—")),
            tag("td", language.label("channel", r["channel"], str(r["channel"]))))
        for r in rows
    ]  # fmt: skip
    return tag("section", tag("h2", language.text("site.agents.recent")),
               blocks.scrolling(head, body))  # fmt: skip


def contact(row: dict[str, Any]) -> Any:
    """A link to a row's conversation, else to its ticket."""
    for kind in ("conversation", "ticket"):
        identifier = row.get(f"{kind}_id")
        if identifier:
            short = identifier.partition("/")[2] or identifier
            return blocks.link(tag("bdi", short), f"/{kind}/{quote(identifier, safe='')}/")
    return "—"
