"""Every term's and figure's meaning, searchable in one's own words, the sources' and by id (D8)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sanjeh.metrics.registry import Metric
from sanjeh.report.glossary import Term, sought_metrics, sought_terms
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked
from sanjeh.web.pages.seen import Seen, of_figures, page

LONGEST = 100


@page
@of_figures
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """The glossary, or what of it a search finds."""
    wanted = request.GET.get("q", "").strip()[:LONGEST]
    terms, metrics = sought_terms(wanted, language), sought_metrics(wanted, language)
    title = language.text("site.nav.glossary")
    form = tag(
        "form",
        tag("label", language.text("site.glossary.search"), " ",
            tag("input", type="search", name="q", value=wanted, maxlength=str(LONGEST))),
        tag("button", language.text("site.glossary.find")), method="get", action="/glossary/",
        role="search", class_="dates",
    )  # fmt: skip
    parts: list[Any] = [tag("h1", title), form]
    if not terms and not metrics:
        parts.append(tag("p", language.text("site.glossary.none", words=wanted)))
    for key, entries in (
        ("terms", [_term(t, asked, language) for t in terms]),
        ("figures", [_metric(m, asked, language) for m in metrics]),
    ):
        if entries:
            heading = language.text(f"site.terms.{key}", n=language.number(len(entries)))
            parts += [tag("h2", heading, id=key), tag("dl", entries, class_="glossary")]
    return title, render(parts)


def _term(term: Term, asked: Asked, language: Language) -> Markup:
    """A term: meaning, how it is worked out, which direction is good, the live figures."""
    lines: list[Any] = [tag("p", term.definition)]
    if term.formula:
        lines.append(tag("p", language.text("site.terms.formula"), " ", tag("span", term.formula),
                         class_="formula"))  # fmt: skip
    if term.better:
        lines.append(tag("p", language.text(f"site.terms.better.{term.better}"), class_="line"))
    figures: list[Any] = []
    for name in term.metrics:
        link = blocks.link(language.title(name), asked.link(blocks.figure_path(name)))
        figures += [" · " if figures else " ", link]
    key = "live" if figures else "not_measured"
    lines.append(tag("p", language.text(f"site.terms.{key}"), figures, class_="line"))
    return tag("div", tag("dt", term.title, " ", _ids(term.serves), id=term.key), tag("dd", lines))


def _metric(metric: Metric, asked: Asked, language: Language) -> Markup:
    name = blocks.link(language.title(metric.name), asked.link(blocks.figure_path(metric.name)))
    return tag(
        "div", tag("dt", name, " ", _ids(metric.serves)),
        tag("dd", tag("p", language.definition(metric.name)),
            tag("p", language.text(f"site.terms.better.{metric.better}"), class_="line")),
    )  # fmt: skip


def _ids(serves: tuple[str, ...]) -> Markup:
    return tag("small", ", ".join(serves), dir="ltr")
