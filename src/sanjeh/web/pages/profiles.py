"""One period under all definitions: ours beside Zendesk's, Intercom's and Chatwoot's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from sanjeh.answers import comparing
from sanjeh.answers.comparing import Compared, Counted
from sanjeh.metrics.profiles import PROFILES
from sanjeh.metrics.registry import find
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import why
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.seen import Seen, is_part, of_figures, page

HERE = "/profiles/"


@page
@of_figures
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """Every figure that some helpdesk has a rule for, under all definitions."""
    plain = replace(asked, profile=None)
    enquiry = enquiry_of(seen, plain)
    title = language.text("site.profiles.title")
    known = [m for m in comparing.comparable() if enquiry.has(m)]
    body = render(
        tag("h1", title),
        tag("p", language.text("site.profiles.lead")),
        blocks.bar(plain, seen, language, HERE, *known, enquiry=enquiry),
        (
            tag("section", tag("h2", blocks.link(
                language.title(m), plain.link(blocks.figure_path(m)))),
                compared(enquiry, plain, language, m))
            for m in known
        ),
        blocks.passed(enquiry, language),
    )  # fmt: skip
    return str(title), body


@page
@of_figures
def of_figure(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, metric: str
) -> tuple[str, Markup]:
    """One figure under all definitions: a page of its own, and a part of the figure's."""
    title = language.title(find(metric).metric.name)
    back = tag("p", blocks.link(title, asked.link(blocks.figure_path(metric))), class_="kicker")
    made = section(enquiry_of(seen, asked), asked, language, metric)
    return title, render(None if is_part(request) else back, made)


def section(enquiry: Enquiry, asked: Asked, language: Language, metric: str) -> Markup:
    """How a figure would be counted by each helpdesk, with a way to all figures."""
    every = blocks.link(language.text("site.profiles.all"), asked.link(HERE, profile=None, by=()))
    return render(
        tag("h2", language.text("site.profiles.question")),
        compared(enquiry, asked, language, metric),
        tag("p", every, class_="note"),
    )


def compared(enquiry: Enquiry, asked: Asked, language: Language, metric: str) -> Markup:
    """A table: who counts, the figure, its statistic, its rows, and the rule in words."""
    found = _asked(enquiry, metric)
    say = language.text
    heads = tag("tr", (
        tag("th", say(f"site.profiles.{key}"), scope="col")
        for key in ("who", "value", "statistic", "n", "rule")
    ))  # fmt: skip
    rows = [_row(c, found, asked, language, metric) for c in found.counted]
    untold = language.text("comma").join(PROFILES[name].title for name in found.untold)
    return render(
        blocks.scrolling(heads, rows),
        tag("p", say("site.profiles.untold", names=untold), class_="note") if untold else None,
    )


def _asked(enquiry: Enquiry, metric: str) -> Compared:
    """The figure under every definition, over the page's rows and period."""
    ours = Enquiry(enquiry.answers, replace(enquiry.scope, profile=None))
    known = comparing.addresses(metric)
    results = ours.ask(*known.values(), compare=False).told.results
    return comparing.told(metric, dict(zip(known, results, strict=True)))


def _row(
    counted: Counted, found: Compared, asked: Asked, language: Language, metric: str
) -> Markup:
    result = counted.result
    profile = None if counted.who == comparing.OURS else counted.who
    path = asked.link(blocks.figure_path(metric), profile=profile)
    who = (
        language.text("site.profiles.ours") if profile is None
        else render(tag("bdi", PROFILES[profile].title))
    )  # fmt: skip
    rule: Any = language.definition(found.metric)
    if profile is not None:
        more = blocks.link(
            language.text("site.profiles.source"), str(counted.source), rel="noreferrer"
        )
        rule = render(language.rule(found.metric, profile), " (", more, ")")
    value: Any = language.value(result.value, result.unit)
    if result.value is None:
        value = tag("span", "—", title=why(result, language))
    cells: Sequence[Any] = (
        value, _statistic(counted, language), language.number(result.n), rule,
    )  # fmt: skip
    return tag(
        "tr", tag("th", blocks.link(who, path), scope="row"), (tag("td", c) for c in cells),
        data_profile=counted.who,
    )  # fmt: skip


def _statistic(counted: Counted, language: Language) -> str:
    known = language.has(f"site.statistic.{counted.result.statistic}")
    return str(language.text(f"site.statistic.{counted.result.statistic}")) if known else ""
