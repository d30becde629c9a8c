"""*Agents* (D6): a table with the columns that the reader chooses, the mean, and n beside each.

Figures that rest on fewer than 20 rows are shown, but not ranked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest

from sanjeh.answers.people import Agent
from sanjeh.answers.question import QuestionError
from sanjeh.metrics import families as kinds
from sanjeh.metrics.registry import Metric
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked, hidden
from sanjeh.web.pages.colleagues import FEW, USUAL, Colleagues, cell, per_agent, told
from sanjeh.web.pages.overview import family_name
from sanjeh.web.pages.seen import Seen, of_figures, page
from sanjeh.web.pages.sides import nothing
from sanjeh.web.pages.training import suggestions

PATH = "/agents/"
MOST = 14


def agent_path(agent: str) -> str:
    """The page of an agent."""
    return f"/agent/{quote(agent, safe='')}/"


@page
@of_figures
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """The table of agents."""
    offered = {m.name: m for m in per_agent(seen)}
    columns = _columns(request.GET.getlist("column"), offered)
    team = request.GET.get("team") or None
    colleagues = Colleagues(seen, asked, team)
    recorded = [c for c in columns if colleagues.enquiry.has(c)]
    sort = request.GET.get("sort", "name")
    title = language.text("site.nav.agents")
    chosen = {"team": team, "column": columns if tuple(columns) != USUAL else ()}
    parts = [
        tag("h1", title),
        blocks.bar(asked, seen, language, PATH, *offered, enquiry=colleagues.enquiry),
        tag("p", language.text("site.agents.lead", n=language.number(FEW)), class_="note"),
        _teams(colleagues, asked, language, {**chosen, "sort": sort}),
        _choice(offered, columns, asked, language, team, sort),
    ]
    if not colleagues.shown:
        return title, render(parts, nothing(language, "agents"))
    parts.append(_table(colleagues, asked, language, recorded, sort, chosen))
    parts.append(suggestions(colleagues, asked, language))
    return title, render(parts)


def _columns(wanted: Sequence[str], offered: dict[str, Metric]) -> list[str]:
    unknown = [w for w in wanted if w not in offered]
    if unknown:
        raise QuestionError(f"{unknown[0]!r} is no figure of agents.")
    if len(wanted) > MOST:
        raise QuestionError(f"{len(wanted)} columns are more than {MOST}: choose fewer.")
    return list(dict.fromkeys(wanted)) or [c for c in USUAL if c in offered]


def _address(asked: Asked, **more: Any) -> str:
    """The page's address with what it is asked besides the period."""
    pairs: list[tuple[str, str]] = []
    for name, value in more.items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs += [(name, v) for v in values if v]
    link = asked.link(PATH)
    return f"{link}{'&' if '?' in link else '?'}{urlencode(pairs)}" if pairs else link


def _teams(
    colleagues: Colleagues, asked: Asked, language: Language, chosen: dict[str, Any]
) -> Markup | None:
    teams = {a.team: a.team_name for a in colleagues.everyone if a.team is not None}
    if len(teams) < 2:
        return None
    every = (language.text("site.agents.all_teams"), _address(asked, **{**chosen, "team": None}),
             colleagues.team is None)  # fmt: skip
    options = [every] + [
        (tag("bdi", name), _address(asked, **{**chosen, "team": team}), team == colleagues.team)
        for team, name in sorted(teams.items(), key=lambda item: str(item[1]))
    ]
    return blocks.choice(language.text("site.dimensions.team"), options)


def _choice(
    offered: dict[str, Metric], columns: Sequence[str], asked: Asked, language: Language,
    team: str | None, sort: str,
) -> Markup:  # fmt: skip
    """Which columns: a form of boxes by family."""
    groups = []
    for family in kinds.known():
        of = [m for m in kinds.members(family) if m.name in offered]
        boxes = [
            tag("label",
                tag("input", type="checkbox", name="column", value=m.name,
                    checked="checked" if m.name in columns else None),
                " ", language.title(m.name))
            for m in of
        ]  # fmt: skip
        if boxes:
            groups.append(tag("fieldset", tag("legend", family_name(family, language)), boxes))
    kept = [*hidden(asked), *(("team", team),) * bool(team), ("sort", sort)]
    form = tag(
        "form", (tag("input", type="hidden", name=n, value=v) for n, v in kept),
        tag("div", groups, class_="boxes"),
        tag("button", language.text("site.asking.apply")),
        method="get", action=PATH, class_="dates",
    )  # fmt: skip
    summary = language.text("site.agents.columns", most=language.number(MOST))
    return tag("details", tag("summary", summary), form, class_="bar-more")


def _table(
    colleagues: Colleagues, asked: Asked, language: Language, columns: Sequence[str], sort: str,
    chosen: dict[str, Any],
) -> Markup:  # fmt: skip
    found = {c: colleagues.results(c) for c in columns}
    by = sort.removeprefix("-")

    def head(column: str, text: Any, definition: str | None) -> Markup:
        is_this = by == column
        turned = f"-{column}" if sort == column else column
        order = {True: "descending", False: "ascending"}[sort.startswith("-")]
        mark = tag("span", "▼" if sort.startswith("-") else "▲", class_="arrow",
                   aria_hidden="true") if is_this else None  # fmt: skip
        link = blocks.link(text, _address(asked, **chosen, sort=turned), title=definition)
        return tag("th", link, " ", mark, scope="col", aria_sort=order if is_this else None)

    heads = [head("name", language.text("site.dimensions.agent"), None)]
    heads += [head(c, language.title(c), language.definition(c)) for c in columns]
    mean_row = tag(
        "tr", tag("th", language.text("site.agents.mean"), scope="row"),
        (tag("td", told(colleagues.mean(c), language)) for c in columns), class_="mean",
    )  # fmt: skip
    rows = [
        tag("tr",
            tag("th", blocks.link(tag("bdi", a.name), asked.link(agent_path(a.id))), " ",
                tag("small", tag("bdi", a.team_name)) if a.team_name else None, scope="row"),
            (tag("td", cell(found[c][0], found[c][1].get(a.id), language)) for c in columns))
        for a in ordered(colleagues.shown, found.get(by, (None, {}))[1], sort)
    ]  # fmt: skip
    made = tag("table", tag("thead", tag("tr", heads)), tag("tbody", mean_row, rows))
    return tag("div", made, class_="scroll people", tabindex="0")


def ordered(agents: Sequence[Agent], results: Any, sort: str) -> list[Agent]:
    """Agents in order of a figure; those with fewer than 20 rows after them, by name."""
    turned = sort.startswith("-")
    by_name = sorted(agents, key=lambda a: (a.name, a.id))
    if sort.removeprefix("-") == "name":
        return by_name[::-1] if turned else by_name

    def counts(agent: Agent) -> bool:
        result = results.get(agent.id)
        return result is not None and result.value is not None and result.n >= FEW

    ranked = [a for a in by_name if counts(a)]
    ranked.sort(key=lambda a: float(results[a.id].value), reverse=turned)
    return ranked + [a for a in by_name if not counts(a)]
