"""*Team* and *Business* (Z8): the two sides of the catalogue, each by family, told from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from sanjeh.answers.question import Result
from sanjeh.metrics import families as kinds
from sanjeh.metrics.registry import METRICS, Metric, find
from sanjeh.report.enquiry import Asked as Figures
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import change, shown, why
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.report.tables import Column, table
from sanjeh.web.pages import blocks, spark
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.overview import family_name, named
from sanjeh.web.pages.seen import Seen, of_figures, page

_WHOLE = re.compile(r"[A-Z]\d+")


@page
@of_figures
def show(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, group: str
) -> tuple[str, Markup]:
    """The figures of one group: in each family those that stand for a whole requirement."""
    enquiry = enquiry_of(seen, asked)
    here = f"/{group}/"
    title = language.text(f"site.nav.{group}")
    warnings: list[str] = []
    sections = [
        _family(enquiry, asked, language, family, of, warnings)
        for family in kinds.known()
        if (of := [m for m in kinds.members(family) if m.group == group])
    ]
    names = [m.name for m in METRICS.values() if m.group == group]
    body = render(
        tag("h1", title),
        tag("p", language.text(f"site.sides.{group}"), class_="note"),
        blocks.bar(asked, seen, language, here, *names, enquiry=enquiry),
        blocks.passed(enquiry, language),
        tag("div", sections, class_="sides"),
        notes(warnings, language),
    )
    return title, body


def is_headline(metric: Metric) -> bool:
    """Whether the metric is the one that a whole requirement's id (T1, not T1.1) finds."""
    return any(_WHOLE.fullmatch(s) and find(s).metric is metric for s in metric.serves)


def _family(
    enquiry: Enquiry, asked: Asked, language: Language, family: str, of: Sequence[Metric],
    warnings: list[str],
) -> Markup:  # fmt: skip
    """One family: its headlines with their figures, the rest by name."""
    recorded = [m for m in of if enquiry.has(m.name)]
    first = [m for m in recorded if is_headline(m)] or recorded[:1]
    rest = [m for m in recorded if m not in first]
    lacking = [m for m in of if m not in recorded]
    rows = figures(enquiry, asked, language, [m.name for m in first], warnings) if first else None
    more = None
    if rest:
        count = language.text("site.sides.more", len(rest), n=language.number(len(rest)))
        names = tag("ul", (tag("li", named(m, asked, language)) for m in rest), class_="names")
        more = tag("details", tag("summary", count), names)
    none = None
    if lacking:
        names_of = language.text("comma").join(language.title(m.name) for m in lacking)
        said = language.text("site.lacking", names=names_of)
        number = language.number(len(lacking))
        said_of = language.text("site.sides.lacking", len(lacking), n=number)
        none = tag(
            "details",
            tag("summary", said_of),
            tag("p", said, class_="note"),
        )
    head = blocks.link(family_name(family, language), asked.link(f"/figures/{family}/"))
    return tag("section", tag("h2", head), rows, more, none)


def figures(
    enquiry: Enquiry, asked: Asked, language: Language, addresses: Sequence[str],
    warnings: list[str],
) -> Markup:  # fmt: skip
    """Figures one under another: value, change, tiny trend, n; each name leads to its page."""
    where = asked.question(*addresses).where
    found = {a: enquiry.ask(a, where=where) for a in addresses}
    for asked_for in found.values():
        warnings += asked_for.answer.warnings
    results = {a: found[a].results(str(find(a)))[0] for a in addresses}

    def name(address: str) -> Markup:
        return blocks.link(
            titled(address, language), asked.link(blocks.figure_path(address)),
            title=language.definition(find(address).metric.name),
        )  # fmt: skip

    def value(address: str) -> Any:
        return figure_of(found[address], results[address], language)

    def moved(address: str) -> Any:
        result = results[address]
        if result.value is None or not found[address].answer.question["compare"]:
            return "—"
        return change(found[address], result, language)

    columns = [
        Column(language.text("site.figure.value"), value),
        Column(language.text("site.figure.change"), moved),
        Column(language.text("site.figure.trend"),
               lambda a: spark.picture(find(a), asked, language)),
        Column(language.text("site.figure.n"),
               lambda a: shown(found[a], results[a], language, "n")),
    ]  # fmt: skip
    return tag(
        "div", table(language.text("site.sides.figure"), list(addresses), name, columns),
        class_="compact",
    )  # fmt: skip


def titled(address: str, language: Language) -> Markup | str:
    """A figure's name, with its statistic where that is not the headline."""
    found = find(address)
    title = language.title(found.metric.name)
    if found.statistic == found.metric.statistics()[0]:
        return title
    return render(title, " ", tag("small", language.text(f"site.statistic.{found.statistic}")))


def figure_of(asked: Figures, result: Result, language: Language) -> Markup:
    """A figure, or a dash that says on focus why there is none."""
    if result.value is None:
        said = why(result, language)
        return tag("span", "—", tag("span", " ", said, class_="unseen"), title=_plain(said))
    return shown(asked, result, language)


def _plain(said: Markup) -> str:
    import html

    return html.unescape(re.sub(r"<[^>]+>", "", said))


def nothing(language: Language, area: str) -> Markup:
    """What a page says where its area has nothing to show."""
    return tag(
        "section", tag("h2", language.text(f"site.{area}.none.title")),
        tag("p", language.text(f"site.{area}.none.body")), class_="empty",
    )  # fmt: skip


def notes(warnings: Sequence[str], language: Language) -> Markup | None:
    """What answers warned of, each once, folded away."""
    told = blocks.notes(tuple(dict.fromkeys(warnings)), language)
    if told is None:
        return None
    return tag("details", tag("summary", language.text("site.sides.notes")), told)
