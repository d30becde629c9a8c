"""Decisions and what came after (D9, Z9): the figure before and after; an observation, no proof."""

from __future__ import annotations

from django.urls import reverse

from sanjeh.answers.ask import Answers
from sanjeh.metrics.catalogue import METRICS
from sanjeh.report.figures import change, shown, why
from sanjeh.report.markup import Markup, render, tag
from sanjeh.steering.keeping import Row, as_given
from sanjeh.web.pages import blocks
from sanjeh.web.steering import figures
from sanjeh.web.steering.events import events
from sanjeh.web.steering.room import Body, Room, room

DAYS = 28
SORTS = ("decision", "process_change")


@room
def listed(inside: Room) -> Body:
    """Each decision with its figure before and after the day."""
    rows = [r for r in events(inside) if r["kind"] in SORTS]
    with figures.door(inside) as answers:
        lines = [_line(inside, answers, r) for r in rows]
    names = ("at", "title", "metric", "before", "after", "moved", "days")
    head = tag("tr", (tag("th", inside.say(f"decisions.{n}"), scope="col") for n in names))
    path = f"{reverse('settings-event-new')}?kind=decision"
    new = tag("p", tag("a", inside.say("decisions.new"), href=path, class_="act"))
    title = inside.say("decisions.title")
    body = render(
        inside.heading(title, inside.say("decisions.lead", n=inside.language.number(DAYS))),
        new if inside.may_change else None,
        blocks.scrolling(head, lines) if lines else tag("p", inside.say("decisions.none")),
        tag("p", inside.say("decisions.caution"), class_="warning") if lines else None,
    )  # fmt: skip
    return title, body


def _line(inside: Room, answers: Answers | None, row: Row) -> Markup:
    scope = as_given(inside.ledger, "context_event", row).get("scope") or {}
    metric = str(scope.get("metric") or "")
    link = tag("a", tag("bdi", row["title"] or "—"),
               href=reverse("settings-event", kwargs={"event": row["id"]}))  # fmt: skip
    first = [tag("th", inside.date(row["at"]), scope="row"), tag("td", link)]
    if metric not in METRICS:
        return tag("tr", *first, tag("td", inside.say("decisions.no_metric"), colspan="5"))
    named = tag("a", inside.language.title(metric), href=f"/figure/{metric}/")
    parts = [*first, tag("td", named)]
    if answers is None:
        return tag("tr", *parts, tag("td", "—", colspan="4"))
    span, there = figures.around(answers, row["at"], inside.clock, DAYS)
    if not there:
        return tag("tr", *parts, tag("td", inside.say("decisions.too_early"), colspan="4"))
    found = figures.asked(answers, span, metric, scope)
    if found is None:
        return tag("tr", *parts, tag("td", "—", colspan="4"))
    result = found.answer.results[0]
    after = shown(found, result, inside.language) if result.value is not None else (
        why(result, inside.language)
    )  # fmt: skip
    before = shown(found, result, inside.language, "previous_value")
    return tag(
        "tr", *parts, tag("td", before), tag("td", after),
        tag("td", change(found, result, inside.language)),
        tag("td", inside.language.number(there)),
    )  # fmt: skip
