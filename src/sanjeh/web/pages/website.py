"""*Website and sales* (W1, X1): from a visit to a chat, an answer, a conversion."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sanjeh.metrics.registry import find
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import shown
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.report.tables import Column, table
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.grouped import Grouped, asked_for, fits
from sanjeh.web.pages.seen import Seen, page
from sanjeh.web.pages.sides import figures, notes, nothing

PATH = "/website/"
STEPS = ("visitors", "visitors_who_chatted", "visitors_answered", "visitors_converted")
HEAD = (
    "visitor_chat_rate", "visitor_participation_rate", "visitor_conversion_after_chat",
    "visitor_conversion_without_chat", "chat_conversion_rate", "time_to_conversion",
    "conversions_after_followup", "invitation_acceptance", "time_before_chat",
    "exit_after_request", "exit_before_reply",
)  # fmt: skip
RATE, SOLD = "chat_conversion_rate", "conversions_after_chats"
# What stands under each heading: the dimension, its figures, and whether parts of a whole.
SECTIONS = (
    ("approach", "approach", (RATE, "visitors_who_chatted"), False),
    ("how_soon", "converted_within", (SOLD,), True),
    ("kinds", "conversion_type", ("conversions", SOLD, "time_to_conversion"), False),
    ("worth", "currency", ("chat_conversion_value", SOLD), False),
    ("after", "after_request", ("visits_with_request",), True),
    ("who", "agent", (RATE, "participant_conversion_rate"), False),
)


@page
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """The funnel, the figures, and what they are split by."""
    enquiry = enquiry_of(seen, asked)
    title = language.text("site.nav.website")
    names = asked_for(asked)
    head = [m for m in HEAD if enquiry.has(m) and fits(enquiry, m, names)]
    warnings: list[str] = []
    parts: list[Any] = [
        tag("h1", title),
        blocks.bar(asked, seen, language, PATH, *STEPS, *HEAD, enquiry=enquiry),
    ]
    if not any(enquiry.has(m) for m in (*STEPS, *HEAD)):
        return title, render(parts, nothing(language, "website"))
    parts += [
        tag("section", figures(enquiry, asked, language, head, warnings)) if head else None,
        _funnel(enquiry, asked, language),
        *(_split(enquiry, asked, language, *section) for section in SECTIONS),
        notes(warnings, language),
    ]
    return title, render(parts)


def _funnel(enquiry: Enquiry, asked: Asked, language: Language) -> Markup | None:
    """How many visitors came to each step, of all and of the step before."""
    steps = [m for m in STEPS if enquiry.has(m) and fits(enquiry, m, asked_for(asked))]
    found = {m: enquiry.ask(m, where=asked.question(m).where) for m in steps}
    results = {m: found[m].results(m)[0] for m in steps}
    counts = {m: float(results[m].value or 0) for m in steps}
    if not steps or not counts[steps[0]]:
        return None
    most = max(counts.values())

    def bar(step: str) -> Markup:
        inner = tag("span", style=f"width:{100 * counts[step] / most:.1f}%")
        return render(tag("span", inner, class_="inbar", aria_hidden="true"),
                      shown(found[step], results[step], language))  # fmt: skip

    def of_before(step: str) -> str:
        place = steps.index(step)
        before = counts[steps[place - 1]] if place else None
        return language.percent(counts[step] / before) if before else "—"

    made = table(
        language.text("site.website.step"), steps,
        lambda m: blocks.link(language.title(m), asked.link(blocks.figure_path(m)),
                              title=language.definition(find(m).metric.name)),
        [
            Column(language.text("site.website.count"), bar),
            Column(language.text("site.website.of_all"),
                   lambda m: language.percent(counts[m] / counts[steps[0]])),
            Column(language.text("site.website.of_before"), of_before),
        ],
    )  # fmt: skip
    return tag("section", tag("h2", language.text("site.website.funnel")), made, class_="funnel")


def _split(
    enquiry: Enquiry, asked: Asked, language: Language, heading: str, by: str,
    metrics: tuple[str, ...], whole: bool,
) -> Markup | None:  # fmt: skip
    """Some figures by one dimension."""
    grouped = Grouped(enquiry, asked, language, by, metrics)
    if not grouped.metrics:
        return None
    columns = [grouped.column(m) for m in grouped.metrics]
    columns += [grouped.share(grouped.metrics[0])] if whole else []
    made = grouped.table(PATH, columns)
    if made is None:
        return None
    return tag("section", tag("h2", language.text(f"site.website.{heading}")), made)
