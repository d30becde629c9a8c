"""Where no target is set: one's own usual level, to be made one (Z1)."""

from __future__ import annotations

import datetime as dt
from statistics import median
from typing import Any

from django.urls import NoReverseMatch, reverse

from sanjeh.answers.question import Question
from sanjeh.metrics.registry import find
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked

OFFERED = ("missed_chat_rate", "open_tickets", "first_contact_resolution", "satisfied_share")
MONTHS = 3


def usual(enquiry: Enquiry, metric: str, months: int = MONTHS) -> float | None:
    """The median of the figure's last whole months, None where the record has not that many.

    Whole months of the month calendar, the last of them over by the record's newest instant.
    """
    clock = enquiry.scope.clock
    as_of = enquiry.answers.resolve(Question((metric,))).as_of
    after = clock.floor(clock.local(as_of).date() + dt.timedelta(days=1), "month")
    start = clock.instant(clock.step(after, "month", -months))
    oldest = min(int(row["oldest_at"]) for row in enquiry.answers.freshness)
    if start < clock.instant(clock.local(oldest).date()):
        return None
    found = enquiry.ask(metric, grain="month", start=start, end=clock.instant(after))
    values = [float(r.value) for r in found.results(str(find(metric))) if r.value is not None]
    return median(values) if len(values) == months else None


def offered(enquiry: Enquiry, asked: Asked, language: Language) -> Markup:
    """A quiet line: the usual level of each figure without a target, and where to set one."""
    parts: list[Any] = []
    for metric in OFFERED:
        if not enquiry.has(metric):
            continue
        if enquiry.ask(metric).result(metric).target is not None:
            continue
        level = usual(enquiry, metric)
        if level is None:
            continue
        unit = find(metric).metric.unit
        value = language.value(level, unit) if unit == "share" else language.number(round(level))
        name = blocks.link(language.title(metric), asked.link(blocks.figure_path(metric)))
        parts += [language.text("semicolon") if parts else None, name, " ",
                  tag("data", value, value=level, data_usual=metric, dir="ltr")]  # fmt: skip
    if not parts:
        return render()
    try:
        form = blocks.link(language.text("site.overview.set_target"), reverse("targets"))
    except NoReverseMatch:
        form = None
    return render(
        language.text("site.overview.usual", n=language.number(MONTHS), parts=render(parts)),
        " ", form,
    )  # fmt: skip
