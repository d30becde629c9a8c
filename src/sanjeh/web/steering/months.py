"""Closed months: which can be closed, which are, who closed them, what moved each since (7.3).

A month is stored for every team, so its pages are for those who see every row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from sanjeh.answers import closing
from sanjeh.answers.ask import NothingImported
from sanjeh.answers.closed import Closing, ClosingRefused, Month, closings, history, newest
from sanjeh.answers.exports import write_csv
from sanjeh.answers.moved import (
    CAME_IN,
    CHANGED,
    COLUMNS,
    ELSEWHERE,
    NOT_THERE,
    WENT_OUT,
    FigureMoved,
    Move,
    Moved,
)
from sanjeh.answers.periods import PeriodError
from sanjeh.answers.question import QuestionError
from sanjeh.metrics.registry import find
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks, months
from sanjeh.web.pages.door import doors
from sanjeh.web.people.models import Trace
from sanjeh.web.people.trail import trace
from sanjeh.web.steering.forms import button
from sanjeh.web.steering.room import Body, Room, gone, page, refused, room

ACTION = "closed a month"
SHOWN = 50
KINDS = {CAME_IN: "came_in", WENT_OUT: "went_out", CHANGED: "changed"}


def say(inside: Room, key: str, count: float | None = None, **parts: Any) -> Markup:
    """Words of these pages."""
    return inside.language.text(f"site.closing.{key}", count, **parts)


def for_every_row(view: Callable[..., Body]) -> Callable[..., Body]:
    """A view for those who see every row; others are told so."""

    @wraps(view)
    def handle(inside: Room, **parts: Any) -> Body:
        if inside.place.viewer.scope is None:
            return view(inside, **parts)
        title = say(inside, "narrow")
        body = tag("section", tag("h1", title), tag("p", say(inside, "narrow_body")),
                   class_="empty")  # fmt: skip
        return page(inside, title, body, 403)

    return handle


# -- all months --------------------------------------------------------------------------------


@room
@for_every_row
def listed(inside: Room) -> Body:
    """Every month that can be closed or was, the latest first; a form to close one."""
    if inside.request.method == "POST":
        return _close(inside)
    title = say(inside, "title")
    try:
        with doors().answers() as answers:
            done = {c.month: c for c in closings(inside.home.path)}
            known = {m: months.known(answers, c) for m, c in done.items()}
            open_ = [m for m in closing.closable(answers, inside.clock) if m not in done]
    except NothingImported:
        nothing = tag("p", say(inside, "nothing"))
        return title, render(inside.heading(title, say(inside, "lead")), nothing)
    every = sorted([*done, *open_], key=lambda m: m.period(inside.clock.zone).end, reverse=True)
    rows = [
        _closed_row(inside, done[m], known[m]) if m in done else _open_row(inside, m) for m in every
    ]
    names = ("month", "closed_at", "by", "since")
    head = tag("tr", (tag("th", say(inside, n), scope="col") for n in names))
    body = render(
        inside.heading(title, say(inside, "lead")),
        blocks.scrolling(head, rows) if rows else tag("p", say(inside, "none_yet")),
    )
    return title, body


def _name(inside: Room, month: Month, zone: str) -> str:
    """A month by its name."""
    return inside.language.period(month.period(zone), month.clock(zone, "mon"))


def _closed_row(inside: Room, made: Closing, found: Moved | None) -> Markup:
    path = months.month_path(made.month)
    since: Any = blocks.link(say(inside, "see"), path)
    if found is not None:
        n = len(found.records)
        since = blocks.link(say(inside, "moved", n, n=inside.language.number(n)), path)
    return tag(
        "tr", tag("th", blocks.link(_name(inside, made.month, made.zone), path), scope="row"),
        tag("td", _moment(inside, made.closed_at)), tag("td", _who(inside, made)),
        tag("td", since),
    )  # fmt: skip


def _open_row(inside: Room, month: Month) -> Markup:
    form: Any = None
    if inside.may_change:
        form = button(inside.request, say(inside, "close"), reverse("closed"), month=month.label)
    return tag(
        "tr", tag("th", _name(inside, month, inside.clock.zone), scope="row"),
        tag("td", say(inside, "not_closed")), tag("td", "—"), tag("td", form or "—"),
    )  # fmt: skip


def _moment(inside: Room, iso: str) -> Any:
    return inside.moment(dt.datetime.fromisoformat(iso))


def _about(made: Closing) -> str:
    return f"{made.month.name} {made.number}"


def _who(inside: Room, made: Closing) -> Any:
    """Who closed it on the pages; the audit trail knows, the closing itself names nobody."""
    found = Trace.objects.filter(action=ACTION, about=_about(made)).last()
    return tag("bdi", found.who) if found else say(inside, "by_command")


def _close(inside: Room) -> Body:
    """Close the month that was sent, and go to its page; or say why not."""
    if not inside.may_change:
        return refused(inside)
    sent = inside.request.POST
    try:
        month = Month.read(sent.get("month", ""))
        with doors().answers() as answers:
            made = closing.close(
                answers, month, now=dt.datetime.now(dt.UTC), zone=inside.clock.zone,
                again="again" in sent,
            )  # fmt: skip
    except (QuestionError, PeriodError) as error:
        title = say(inside, "refused")
        kind = error.kind if isinstance(error, ClosingRefused) else "no_month"
        back = tag("p", tag("a", say(inside, "back"), href=reverse("closed")))
        said = tag("p", say(inside, f"refusals.{kind}"), role="alert", class_="error")
        body = render(inside.heading(title, up=(reverse("closed"), say(inside, "title"))), said,
                      back)  # fmt: skip
        return page(inside, title, body, 400 if kind == "no_month" else 409)
    trace(inside.place.name, ACTION, _about(made))
    return HttpResponseRedirect(months.month_path(month))


# -- one month ---------------------------------------------------------------------------------


@room
@for_every_row
def month(inside: Room, month: str) -> Body:
    """What moved a closed month: every figure then and now, and the rows between."""
    try:
        of = Month.read(month)
        made = newest(inside.home.path, of)
    except (QuestionError, PeriodError):
        return gone(inside)
    try:
        with doors().answers() as answers:
            found = months.held(answers, made)
    except NothingImported:
        return gone(inside)
    if inside.request.GET.get("format") == "csv":
        return _file(inside, found)
    title = say(inside, "month_title", month=_name(inside, of, made.zone))
    again = None
    if inside.may_change:
        again = button(inside.request, say(inside, "again"), reverse("closed"), month=of.label,
                       again="yes")  # fmt: skip
    file = None
    if inside.place.may_export:
        file = tag("p", blocks.link(say(inside, "file"), "?format=csv", download=True))
    n = len(found.records)
    lead = say(inside, "moved_by", n, n=inside.language.number(n)) if n else say(inside, "unmoved")
    earlier = [c for c in history(inside.home.path, of) if c.number != made.number]
    past = say(inside, "comma").join(str(_moment(inside, c.closed_at)) for c in earlier)
    body = render(
        inside.heading(title, lead, (reverse("closed"), say(inside, "title"))),
        tag("p", say(inside, "when", at=_moment(inside, made.closed_at), who=_who(inside, made),
                     until=_moment(inside, made.data_until)), class_="note"),
        tag("p", say(inside, "earlier", at=Markup(past)), class_="note") if earlier else None,
        [tag("p", say(inside, "anew", title=inside.language.title(v)), class_="warning")
         for v in found.versions],
        tag("h2", say(inside, "figures")), _figures(inside, found),
        tag("p", say(inside, "adds_up"), class_="note"),
        [_moves(inside, found, at) for at, f in enumerate(found.figures) if f.moves],
        file, again,
    )  # fmt: skip
    return title, body


def _file(inside: Room, found: Moved) -> Body:
    if not inside.place.may_export:
        return refused(inside)
    name = f"closed-{found.closing.month.name}"
    trace(inside.place.name, "took a file", f"{inside.request.path} csv")
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    write_csv(found.lines(), COLUMNS, inside.language.code, response)
    return response


def _title(inside: Room, f: FigureMoved) -> Markup:
    """A figure's name, with its channel and its clock."""
    language = inside.language
    parts: list[Any] = [language.title(find(f.address).metric.name)]
    if f.group is not None:
        parts.append(language.label("channel", f.group, f.group))
    if f.clock == "open":
        parts.append(say(inside, "open_clock"))
    return Markup(" · ".join(str(render(p)) for p in parts))


def _address(found: Moved, f: FigureMoved) -> str:
    """The page of a figure over the closed month."""
    made = found.closing
    clock = made.month.clock(made.zone, made.week_start)
    span = made.period
    asked = {
        "from": clock.label(span.start, None), "to": clock.label(span.end, None),
        "zone": made.zone, "calendar": made.month.calendar,
    }  # fmt: skip
    address = find(f.address)
    clocked = f"{address.metric.name}@open" if f.clock == "open" else address.metric.name
    return f"{blocks.figure_path(clocked)}?{urlencode(asked)}"


def _figures(inside: Room, found: Moved) -> Markup:
    language = inside.language
    names = ("figure", "then", "now", "rows_then", "in", "out", "changed_n", "rows_now")
    head = tag("tr", (tag("th", say(inside, n), scope="col") for n in names))

    def line(at: int, f: FigureMoved) -> Markup:
        counts = [
            tag("td", tag("a", language.number(n), href=f"#moves{at}") if n else "—")
            for n in (f.count(k) for k in KINDS)
        ]
        now: Any = language.value(f.value_now, f.unit)
        return tag(
            "tr", tag("th", blocks.link(_title(inside, f), _address(found, f)), scope="row"),
            tag("td", language.value(f.value_then, f.unit)),
            tag("td", tag("strong", now) if f.has_moved else now),
            tag("td", language.number(f.n_then)), counts, tag("td", language.number(f.n_now)),
            class_=None if f.has_moved else "unmoved",
        )  # fmt: skip

    rows = [line(at, f) for at, f in enumerate(found.figures)]
    return tag("div", blocks.scrolling(head, rows), class_="closed-figures")


def _moves(inside: Room, found: Moved, at: int) -> Markup:
    """The rows that moved one figure; their values where it is not a mere count."""
    f = found.figures[at]
    valued = any(v is not None for m in f.moves for v in (m.value_then, m.value_now))
    names = ("record", "what", *(("then", "now") if valued else ()), "why_head")
    head = tag("tr", (tag("th", say(inside, n), scope="col") for n in names))
    rows = [_move(inside, f, m, valued=valued) for m in f.moves[:SHOWN]]
    hidden = len(f.moves) - SHOWN
    rest = say(inside, "rest", n=inside.language.number(hidden)) if hidden > 0 else None
    return tag(
        "section", tag("h3", _title(inside, f), id=f"moves{at}"), blocks.scrolling(head, rows),
        tag("p", rest, class_="note") if rest else None,
    )  # fmt: skip


def _move(inside: Room, f: FigureMoved, m: Move, *, valued: bool) -> Markup:
    values = (m.value_then, m.value_now) if valued else ()
    return tag(
        "tr", tag("th", _record(m), scope="row"), tag("td", say(inside, KINDS[m.kind])),
        (tag("td", inside.language.value(v, f.unit)) for v in values), tag("td", _why(inside, m)),
    )  # fmt: skip


def _record(m: Move) -> Markup:
    """A record's own id, as a link to its card."""
    for kind, of in (("ticket", m.ticket), ("conversation", m.conversation)):
        if of is not None and (of == m.record or m.record not in (m.ticket, m.conversation)):
            name = tag("bdi", of.partition("/")[2] or of)
            return blocks.link(name, f"/{kind}/{quote(of, safe='')}/")
    return tag("bdi", m.record)


def _why(inside: Room, m: Move) -> Any:
    if m.reason is None:
        return "—"
    key = m.reason.replace(" ", "_").replace("'", "")
    if m.kind == CAME_IN and m.reason == NOT_THERE:
        return say(inside, "why.not_there_then")
    if m.reason == ELSEWHERE and m.now_at is not None:
        return say(inside, "why.counted_at_another_time", at=_moment(inside, m.now_at))
    if inside.language.has(f"site.closing.why.{key}"):
        return say(inside, f"why.{key}")
    return inside.language.reason(m.reason)
