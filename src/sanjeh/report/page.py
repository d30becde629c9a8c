"""The whole page: one HTML file that needs nothing else, neither network nor script."""

from __future__ import annotations

from pathlib import Path

from sanjeh.report import cards, closing, heat, opening, tables, trend
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag

STYLE = Path(__file__).parent / "style"
SHEETS = ("report.css", "charts.css")


def html_of(enquiry: Enquiry, language: Language, about: opening.About) -> str:
    """The report on what an enquiry is about, in a language, as HTML.

    An enquiry that was used before answers from what it has: one serves every language.
    """
    body = parts(enquiry, language, about)
    return "<!DOCTYPE html>\n" + _document(body, enquiry, language, about) + "\n"


def parts(enquiry: Enquiry, language: Language, about: opening.About) -> list[Markup]:
    """Head, main part and foot of the page; what ends it tells of all that was asked before."""
    return [
        opening.head(enquiry, language, about),
        tag(
            "main",
            opening.summary(enquiry, language),
            tag("section", cards.six(enquiry, language)),
            trend.trend(enquiry, language),
            tables.channels(enquiry, language),
            heat.heat(enquiry, language),
            tables.waiting(enquiry, language),
            tables.topics(enquiry, language),
            closing.definitions(enquiry, language),
            closing.notes(enquiry, language),
        ),
        closing.commands(enquiry, language),
    ]


def _document(
    body: list[Markup], enquiry: Enquiry, language: Language, about: opening.About
) -> Markup:
    period = language.period(enquiry.scope.period, enquiry.scope.clock)
    title = render(about.name or language.text("head.title"), " · ", period)
    head = (
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content="sanjeh"),
        tag("title", title),
        tag("style", Markup("".join((STYLE / s).read_text("utf-8") for s in SHEETS))),
    )
    return tag(
        "html", tag("head", head), tag("body", body), lang=language.code, dir=language.direction
    )  # fmt: skip
