"""Closed months beside the figures: what moved one since, kept with the generation (7.3)."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from django.urls import reverse

from sanjeh.answers.ask import Answers
from sanjeh.answers.closed import Closing, Month, closings
from sanjeh.answers.closing import home_of
from sanjeh.answers.moved import Moved, moved
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.seen import NotYet, ToldOnly

REMEMBERED = 24
_known: OrderedDict[tuple[Path, Path, int], Moved] = OrderedDict()


def month_path(month: Month) -> str:
    """The page of a closed month."""
    return reverse("closed-month", kwargs={"month": month.label})


def known(answers: Answers, closing: Closing) -> Moved | None:
    """What moved a month, if it was worked out over these facts already."""
    return _known.get(_key(answers, closing))


def held(answers: Answers, closing: Closing) -> Moved:
    """A closed month against the facts as they are; worked out once for each generation."""
    key = _key(answers, closing)
    found = _known.get(key)
    if found is None:
        found = _known[key] = moved(answers, closing)
        while len(_known) > REMEMBERED:
            _known.popitem(last=False)
    return found


def _key(answers: Answers, closing: Closing) -> tuple[Path, Path, int]:
    return closing.path, answers.generation.path, answers.generation.version


def of_period(enquiry: Enquiry) -> Closing | None:
    """The closing of the month that an enquiry is about, for somebody who sees every row."""
    if enquiry.answers.viewer.scope is not None or enquiry.scope.where:  # type: ignore[attr-defined]
        return None
    shown = enquiry.scope.period
    found = closings(home_of(enquiry.answers))
    return next((c for c in found if c.period == shown), None)


def line(enquiry: Enquiry, language: Language) -> Markup | None:
    """When the month was closed, and how many records moved it since.

    Raises NotYet where that is to be worked out first, of somebody who cannot wait.
    """
    closing = of_period(enquiry)
    if closing is None:
        return None
    seen = enquiry.answers
    everything = seen.everything  # type: ignore[attr-defined]
    found = known(everything, closing)
    if found is None and isinstance(seen, ToldOnly):
        raise NotYet
    found = found or held(everything, closing)
    on = tag("bdi", language.moment(closing.closed_at, enquiry.scope.clock))
    n = len(found.records)
    said = language.text("site.closing.line", n, n=language.number(n), at=on)
    if not n:
        said = language.text("site.closing.line_none", at=on)
    more = language.text("site.closing.see")
    return render(said, " ", blocks.link(more, month_path(closing.month)))
