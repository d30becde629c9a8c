"""Own figures beside what is set: asked with the reader's scope, over the last whole month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from sanjeh.answers.ask import Answers, NothingImported
from sanjeh.answers.periods import Clockwork, Period, PeriodError
from sanjeh.answers.question import Question, QuestionError
from sanjeh.metrics.registry import UnknownMetric
from sanjeh.report.enquiry import Asked, Enquiry, Scope, scope_of
from sanjeh.web.pages.door import doors
from sanjeh.web.pages.seen import Seen
from sanjeh.web.steering.room import Room

SCOPES = ("channel", "team", "agent", "topic", "segment")


@contextmanager
def door(inside: Room) -> Iterator[Answers | None]:
    """The figures as the reader may see them; None where nothing was imported yet."""
    try:
        with doors().answers() as answers:
            yield cast(Answers, Seen(answers, inside.place.viewer))
    except NothingImported:
        yield None


def last_month(answers: Answers) -> Scope:
    """The last whole month that the data cover, else all of them."""
    return scope_of(answers, Question(("requests",)), "none")


def asked(
    answers: Answers, scope: Scope, metric: str, where: Mapping[str, Any] | None = None
) -> Asked | None:
    """A figure of the rows that a benchmark is of; None where it cannot be asked (any more)."""
    conditions = tuple(
        (name, "is", (str(value),)) for name, value in (where or {}).items() if name in SCOPES
    )
    try:
        return Enquiry(answers, scope).ask(metric, where=conditions)
    except (QuestionError, PeriodError, UnknownMetric):
        return None


def around(answers: Answers, at: dt.datetime, clock: Clockwork, days: int) -> tuple[Scope, int]:
    """So many whole days from a day on, compared with as many before; how many there are yet."""
    first = at.astimezone(clock.tz).date()
    whole = last_month(answers)
    resolved = answers.resolve(Question(("requests",)))
    newest = clock.local(resolved.as_of).date()  # whose day is not over yet
    there = max(0, min(days, (newest - first).days))
    end = first + dt.timedelta(days=max(there, 1))
    span = Period(clock.instant(first), clock.instant(end))
    given = {"zone": clock.zone, "calendar": clock.calendar, "week_start": clock.week_start}
    return replace(whole, period=span, compare="previous", clock=clock, given=given), there
