"""The overview, and the pages of families made from the catalogue."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from sanjeh.metrics.registry import Metric
from sanjeh.report import cards, heat, opening, tables, trend
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import change, left_out, shown, why
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages import families as kinds
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.seen import Seen, of_figures, page

ABOUT = opening.About()  # that data are synthetic stands on every page already


@page
@of_figures
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """What a manager opens every morning."""
    return language.text("site.nav.overview"), compose(seen, asked, language)


def compose(seen: Seen, asked: Asked, language: Language) -> Markup:
    """The overview's parts."""
    enquiry = enquiry_of(seen, asked)
    figures = render(
        opening.summary(enquiry, language),
        tag("section", cards.six(enquiry, language)),
        trend.trend(enquiry, language),
        tables.channels(enquiry, language),
        heat.heat(enquiry, language),
        tables.waiting(enquiry, language),
        tables.topics(enquiry, language),
    )
    return render(
        opening.head(enquiry, language, ABOUT),
        blocks.bar(asked, seen, language, "/", enquiry=enquiry, heading=False),
        blocks.passed(enquiry, language),
        figures,
    )


@page
@of_figures
def families(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language
) -> tuple[str, Markup]:
    """Every family with its figures by name."""
    parts = [
        tag(
            "section",
            tag("h2", blocks.link(family_name(f, language), asked.link(f"/figures/{f}/"))),
            tag("ul", (
                tag("li", named(m, asked, language)) for m in kinds.members(f)
            ), class_="names"),
        )
        for f in kinds.known()
    ]  # fmt: skip
    title = language.text("site.nav.figures")
    return title, render(tag("h1", title), tag("div", parts, class_="families"))


@page
@of_figures
def family(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, family: str
) -> tuple[str, Markup]:
    """The figures of one family, each a card that leads to its page."""
    if family not in kinds.known():
        raise Http404(family)
    enquiry = enquiry_of(seen, asked)
    title = family_name(family, language)
    here = f"/figures/{family}/"
    drawn: list[Metric] = []
    lacking: list[Metric] = []
    for metric in kinds.members(family):
        if not enquiry.records(metric.name):
            lacking.append(metric)
        elif not enquiry.unfit(metric.name):
            drawn.append(metric)
    names = [m.name for m in kinds.members(family)]
    body = render(
        tag("h1", title),
        blocks.bar(asked, seen, language, here, *names, enquiry=enquiry, clock=True),
        blocks.passed(enquiry, language),
        tag("div", (card(enquiry, asked, language, m) for m in drawn), class_="cards"),
        lacks(lacking, language),
    )
    return title, body


def family_name(family: str, language: Language) -> Markup:
    """What a family is called."""
    return language.text(f"site.families.{family.replace('-', '_')}")


def named(metric: Metric, asked: Asked, language: Language) -> Markup:
    """A metric's title as a link to its page, the period kept."""
    return blocks.link(language.title(metric.name), asked.link(blocks.figure_path(metric.name)))


def lacks(metrics: list[Metric], language: Language) -> Markup | None:
    """Figures that no source of this home can answer."""
    if not metrics:
        return None
    names = language.text("comma").join(language.title(m.name) for m in metrics)
    return tag("p", language.text("site.lacking", names=names), class_="note")


def card(enquiry: Enquiry, asked: Asked, language: Language, metric: Metric) -> Markup:
    """A figure with its change, n and what was left out."""
    address = f"{metric.name}@open" if asked.clock == "open" and "open" in metric.clocks() else (
        metric.name
    )  # fmt: skip
    found = enquiry.ask(address)
    results = found.answer.results
    name = blocks.link(language.title(metric.name), asked.link(
        blocks.figure_path(address), clock=None
    ))  # fmt: skip
    if len(results) != 1:
        return tag("article", tag("h3", name), class_="card")
    result = results[0]
    body: list[Any] = []
    if result.value is None:
        body = [tag("p", "—", class_="big none"), tag("p", why(result, language), class_="line")]
    else:
        body = [tag("p", shown(found, result, language), class_="big")]
        if found.answer.question["compare"]:
            body.append(tag("p", change(found, result, language), class_="moved"))
        if result.value != result.n:
            n = language.text("n", n=shown(found, result, language, "n"))
            body.append(tag("p", n, class_="line"))
    out = left_out(found, result, language)
    body += [tag("p", out, class_="line")] if out else []
    return tag("article", tag("h3", name), body, class_="card")
