"""The overview, and the pages of families made from the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast
from urllib.parse import quote

from django.http import Http404, HttpRequest

from sanjeh.answers.ask import Answers
from sanjeh.answers.question import Result
from sanjeh.metrics import families as kinds
from sanjeh.metrics.registry import Metric
from sanjeh.report import cards, heat, opening, tables, trend
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import change, left_out, shown, why
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import aims, blocks, months, papers, six
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.seen import NotYet, Seen, of_figures, page

TOPICS_SHOWN = 5
ABOUT = opening.About()  # that data are synthetic stands on every page already


@page
@of_figures
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """What a manager opens every morning."""
    at_once = papers.is_wanted(request)
    return language.text("site.nav.overview"), compose(seen, asked, language, at_once=at_once)


def compose(seen: Seen, asked: Asked, language: Language, *, at_once: bool = True) -> Markup:
    """The overview's parts. Those that take long follow the page, unless they are known already.

    at_once: the slow ones too.
    """
    enquiry = enquiry_of(seen, asked)
    told = enquiry if at_once else Enquiry(cast(Answers, seen.told_only()), enquiry.scope)

    def place(name: str, kind: str, style: str, part: str) -> Markup:
        try:
            body = PARTS[part](enquiry if part in QUICK else told, asked, language)
        except NotYet:
            path = asked.link(f"/later/{part}/")
            wait = tag("p", blocks.link(language.text("site.overview.wait"), path), class_="line")
            return tag(kind, wait, class_=f"{style} later", data_later=path, id=name)
        return tag(kind, body, class_=style, id=name) if body else Markup("")

    six_cards = [
        place(f"card-{n}", "article", "card", f"card{n}") for n in range(len(cards.PLACES))
    ]
    figures = render(
        opening.summary(enquiry, language, with_harm=False),
        place("harm", "p", "summary harm", "harm"),
        tag(
            "section",
            tag("h2", language.text("figures.title"), id="figures"),
            tag("div", six_cards, place("aims", "aside", "aims", "aims"), class_="six"),
        ),
        tag(
            "div",
            tag(
                "div",
                trend.trend(enquiry, language),
                place("channels-part", "div", "whole", "channels"),
                heat.heat(enquiry, language),
            ),
            tag(
                "div",
                place("topics-part", "div", "side", "topics"),
                place("waiting-part", "div", "side", "waiting"),
            ),
            class_="pair",
        ),
    )
    return tag(
        "div",
        opening.head(enquiry, language, ABOUT),
        place("closed", "div", "closed-line", "closed") if months.of_period(enquiry) else None,
        blocks.bar(asked, seen, language, "/", enquiry=enquiry, heading=False),
        blocks.passed(enquiry, language),
        figures,
        class_="overview",
    )  # fmt: skip


@page
@of_figures
def later(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, part: str
) -> tuple[str, Markup]:
    """A part of the overview that takes long; a page of its own where it is opened as one."""
    if part not in PARTS:
        raise Http404(part)
    title = language.text("site.nav.overview")
    return title, render(PARTS[part](enquiry_of(seen, asked), asked, language))


def _leads(asked: Asked, enquiry: Enquiry) -> tables.Leads:
    """Where a group's name leads: a ticket or conversation to its card, others to their volume."""

    def address(dimension: str, result: Result) -> str | None:
        part = result.group[dimension]
        if part["key"] is None:
            return None
        if dimension in ("ticket", "conversation"):
            return f"/{dimension}/{quote(str(part['key']), safe='')}/"
        where = asked.narrowed(dimension, str(part["label"]))
        return asked.link(blocks.figure_path(opening.volume_of(enquiry)), where=where)

    return address


def _harm(enquiry: Enquiry, asked: Asked, language: Language) -> Markup:
    return render(opening.harm(enquiry, language) if enquiry.scope.compare else None)


QUICK = frozenset({"card0", "card1", "card2", "card5", "topics"})
Part = Callable[[Enquiry, Asked, Language], Markup | None]
PARTS: dict[str, Part] = {
    "harm": _harm,
    "closed": lambda enquiry, asked, language: render(months.line(enquiry, language)),
    "aims": aims.offered,
    "topics": lambda enquiry, asked, language: tables.topics(
        enquiry, language, _leads(asked, enquiry), TOPICS_SHOWN
    ),
    "channels": lambda enquiry, asked, language: tables.channels(
        enquiry, language, _leads(asked, enquiry)
    ),
    "waiting": lambda enquiry, asked, language: render(
        tables.waiting(enquiry, language, _leads(asked, enquiry)),
        tag("p", blocks.link(language.text("site.nav.waiting"), asked.link("/waiting/"))),
    ),
} | {f"card{n}": partial(six.card, n) for n in range(len(cards.PLACES))}


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
    return language.text(f"families.{family.replace('-', '_')}")


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
