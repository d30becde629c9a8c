"""Every figure's meaning, searchable in the reader's words, the sources' words and by id (D8)."""

from __future__ import annotations

from django.http import HttpRequest

from sanjeh.metrics.catalogue import METRICS
from sanjeh.metrics.registry import Metric
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked
from sanjeh.web.pages.seen import Seen, of_figures, page
from sanjeh.words import normalise


@page
@of_figures
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """The glossary, or what of it a search finds."""
    wanted = request.GET.get("q", "").strip()[:100]
    found = [m for m in METRICS.values() if not wanted or matches(m, wanted, language)]
    title = language.text("site.nav.glossary")
    form = tag(
        "form",
        tag("label", language.text("site.glossary.search"), " ",
            tag("input", type="search", name="q", value=wanted, maxlength="100")),
        tag("button", language.text("site.glossary.find")), method="get", action="/glossary/",
        role="search", class_="dates",
    )  # fmt: skip
    entries = [
        tag("div", tag("dt", blocks.link(language.title(m.name), blocks.figure_path(m.name)), " ",
                       tag("small", ", ".join(m.serves), dir="ltr")),
            tag("dd", language.definition(m.name)))
        for m in found
    ]  # fmt: skip
    none = tag("p", language.text("site.glossary.none", words=wanted))
    body = tag("dl", entries, class_="glossary") if entries else none
    return title, render(tag("h1", title), form, body)


def matches(metric: Metric, wanted: str, language: Language) -> bool:
    """Whether a metric is meant: every word in its name, title, definition, ids or aliases."""
    aliases = str(language.words["site"].get("aliases", {}).get(metric.name, ""))
    text = normalise(
        " ".join((metric.name.replace("_", " "), metric.title, language.title(metric.name),
                  language.definition(metric.name), metric.doc, *metric.serves, aliases))
    )  # fmt: skip
    return all(word in text for word in normalise(wanted).split())
