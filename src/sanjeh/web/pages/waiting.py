"""Waiting now: who waits for us at the end of the record, longest first (R1.4, R1.5, L5, I-39)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.http import HttpRequest

from sanjeh.answers.ask import Answers
from sanjeh.answers.periods import Clockwork, moment
from sanjeh.answers.question import Question
from sanjeh.answers.waiting import waiting_customers, waiting_requests, waiting_tickets
from sanjeh.report.enquiry import Enquiry, Scope
from sanjeh.report.figures import shown
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks, pieces
from sanjeh.web.pages.asking import Asked
from sanjeh.web.pages.privacy import Privacy
from sanjeh.web.pages.rows import card_link
from sanjeh.web.pages.seen import Seen, page
from sanjeh.web.shell import dimension_name

LISTED = 100
HERE = "/waiting/"
REQUESTS = ("unanswered_requests", "unacknowledged_requests", "overdue_first_responses")
TICKETS = ("awaiting_tickets", "unattended_tickets")
FILTERS = ("channel", "team")
MOVES = {"pending_customer": "customer", "on_hold": "others"}
Row = dict[str, Any]


@page
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """The numbers, then the lists behind them, each row leading to its card."""
    enquiry = whole_record(seen, asked)
    privacy = Privacy.of(request, seen)
    question = asked.question("requests", start=None, end=None, last=None, compare=None,
                              grain=None, by=())  # fmt: skip
    requests, customers, tickets = (
        ask(seen.everything, question, LISTED + 1, seen.viewer)
        for ask in (waiting_requests, waiting_customers, waiting_tickets)
    )
    clock = enquiry.scope.clock
    title = language.text("site.nav.waiting")
    as_of = seen.everything.resolve(question).as_of
    lead = language.text(
        "site.work.waiting.as_of", moment=language.moment(moment(as_of).isoformat(), clock)
    )
    body = render(
        tag("h1", title),
        tag("p", lead, class_="lead"),
        blocks.bar(asked, seen, language, HERE, enquiry=enquiry, heading=False),
        _filters(enquiry, asked, language),
        _numbers(enquiry, asked, language),
    )
    if not (requests or customers or tickets):
        key = "nobody" if any(map(enquiry.has, (*REQUESTS, *TICKETS))) else "unrecorded"
        return str(title), render(body, _nobody(key, language))
    lists = (
        ("requests", requests, _requests), ("customers", customers, _customers),
        ("tickets", tickets, _tickets),
    )  # fmt: skip
    body = render(
        body, _channels(enquiry, asked, requests, language),
        (_list(key, found, tell(found[:LISTED], privacy, language, clock), asked, enquiry, language)
         for key, found, tell in lists),
    )  # fmt: skip
    return str(title), body


def whole_record(seen: Seen, asked: Asked) -> Enquiry:
    """Questions about the end of the record: over all of it."""
    question = Question(("requests",), zone=asked.zone, calendar=asked.calendar)
    resolved = seen.everything.resolve(question)
    given = {n: v for n in ("zone", "calendar") if (v := getattr(asked, n)) is not None}
    options = dict(asked.question("requests").options)
    scope = Scope(resolved.period, None, resolved.clockwork, given, options)
    return Enquiry(cast(Answers, seen), scope)


def rows_address(
    metric: str, enquiry: Enquiry, asked: Asked, where: Sequence[str] | None = None
) -> str:
    """Where the rows of a figure stand, over the enquiry's period."""
    clock, span = enquiry.scope.clock, enquiry.scope.period
    link = asked.link(
        f"{blocks.figure_path(metric)}rows/", start=clock.label(span.start, None),
        end=clock.label(span.end, None), last=None, compare=None, grain=None, by=(),
        where=asked.where if where is None else tuple(where),
    )  # fmt: skip
    return f"{link}&rows=counted"


def _filters(enquiry: Enquiry, asked: Asked, language: Language) -> list[Markup]:
    """One channel or team at a time, each with how many wait there."""
    known = [m for m in (REQUESTS[0], TICKETS[0]) if enquiry.has(m)]
    bars = []
    for dimension in FILTERS:
        others = tuple(
            w for w in asked.question("requests").where if w[0] != dimension
        )  # the filter's own choices do not shrink with it
        counts: dict[Any, tuple[str, str, float]] = {}
        for metric in known:
            found = enquiry.ask(metric, by=(dimension,), where=others)
            for result in found.results(metric):
                if result.group and result.value:
                    part = result.group[dimension]
                    name = language.label(dimension, part["key"], str(part["label"]))
                    before = counts.get(part["key"], (name, str(part["label"]), 0.0))[2]
                    counts[part["key"]] = (name, str(part["label"]), before + float(result.value))
        if len(counts) < 2:
            continue
        chosen = {v for d, _, values in asked.question("requests").where
                  if d == dimension for v in values}  # fmt: skip
        kept = tuple(w for w in asked.where if not w.startswith(f"{dimension}="))
        options: list[tuple[Any, str, bool]] = [
            (language.text("site.work.rows.all"), asked.link(HERE, where=kept), not chosen)
        ]
        for key, (name, label, _) in sorted(counts.items(), key=lambda item: -item[1][2]):
            if key is not None:
                address = asked.link(HERE, where=asked.narrowed(dimension, label))
                options.append((tag("bdi", name), address, label in chosen))
        bars.append(blocks.choice(dimension_name(language, dimension), options))
    return bars


def _numbers(enquiry: Enquiry, asked: Asked, language: Language) -> Markup:
    """The catalogue's own figures, each leading to its rows, with the command that prints them."""
    where = asked.question("requests").where
    tiles, commands = [], []
    for metrics in (REQUESTS, TICKETS):
        known = [m for m in metrics if enquiry.has(m)]
        if not known:
            continue
        found = enquiry.ask(*known, where=where)
        commands.append(found.command)
        for metric in known:
            (result,) = found.results(metric)
            number = blocks.link(shown(found, result, language),
                                 rows_address(metric, enquiry, asked))  # fmt: skip
            tiles.append(tag("article", tag("h3", language.title(metric)),
                             tag("p", number, class_="big"), class_="card"))  # fmt: skip
    said = tag("details", tag("summary", language.text("site.figure.command")),
               (tag("p", tag("code", c, dir="ltr")) for c in commands), class_="take")  # fmt: skip
    return render(tag("section", tiles, class_="cards"), said)


def _nobody(key: str, language: Language) -> Markup:
    return tag(
        "section", tag("h2", language.text(f"site.work.waiting.{key}.title")),
        tag("p", language.text(f"site.work.waiting.{key}.body")), class_="empty",
    )  # fmt: skip


def _channels(
    enquiry: Enquiry, asked: Asked, requests: Sequence[Row], language: Language
) -> Markup | None:
    """Each channel against its standard (R1.4): how many wait, overdue, the longest wait."""
    known = [m for m in REQUESTS if enquiry.has(m)]
    if not known or not requests:
        return None
    where = asked.question("requests").where
    found = enquiry.ask(*known, "unanswered_wait.max", by=("channel",), where=where)
    results = {(r.metric, r.group["channel"]["key"]): r for r in found.answer.results if r.group}
    standards = {r["channel"]: r["standard_seconds"] for r in requests}
    waiting = [
        (key, r) for (metric, key), r in results.items() if metric == REQUESTS[0] and r.value
    ]
    waiting.sort(key=lambda pair: (-float(pair[1].value or 0), str(pair[0])))

    def cell(metric: str, key: Any) -> Any:
        result = results.get((metric, key))
        return "0" if result is None else shown(found, result, language)

    rows = []
    for key, result in waiting:
        standard = standards.get(key)
        held = language.text("site.work.waiting.no_standard") if standard is None else (
            language.value(standard, "seconds")
        )  # fmt: skip
        rows.append((
            tag("bdi", language.label("channel", key, str(result.group["channel"]["label"]))),
            *(cell(metric, key) for metric in known), held,
            cell("unanswered_wait.max", key),
        ))  # fmt: skip
    heads = [
        dimension_name(language, "channel"), *(language.title(m) for m in known),
        language.text("site.work.waiting.standard"), language.text("waiting.longest"),
    ]  # fmt: skip
    title = tag("h2", language.text("site.work.waiting.channels"))
    return tag("section", title, pieces.table(heads, rows, numeric=True))


# -- the lists -------------------------------------------------------------------------------


def _list(
    key: str, found: Sequence[Row], table: Markup, asked: Asked, enquiry: Enquiry,
    language: Language,
) -> Markup | None:  # fmt: skip
    if not found:
        return None
    metric = {"requests": REQUESTS[0], "tickets": TICKETS[0]}.get(key)
    more = None
    if len(found) > LISTED:
        more = language.text("site.work.waiting.more", n=language.number(LISTED))
        if metric:
            more = render(more, " ", blocks.link(
                language.text("site.figure.see_rows"), rows_address(metric, enquiry, asked)
            ))  # fmt: skip
        more = tag("p", more, class_="note")
    return tag(
        "section", tag("h2", language.text(f"site.work.waiting.{key}.title")),
        tag("p", language.text(f"site.work.waiting.{key}.lead"), class_="note"), table, more,
    )  # fmt: skip


def _waited(row: Row, language: Language) -> Markup:
    return tag("strong", pieces.both(row["seconds"], row["open_seconds"], language))


def _shared(row: Row, privacy: Privacy, language: Language) -> list[Any]:
    return [
        language.label("channel", row["channel"], str(row["channel"] or "—")),
        pieces.named(row["topic"]), pieces.named(row["team"]),
        privacy.customer(row["customer_id"], row["customer"], language),
    ]  # fmt: skip


def _heads(language: Language, *names: str) -> list[Any]:
    own = ("waited", "standard", "so_far", "move")
    return [
        language.text(f"site.work.waiting.{n}") if n in own else dimension_name(language, n)
        for n in names
    ]


def _requests(
    rows: Sequence[Row], privacy: Privacy, language: Language, clock: Clockwork
) -> Markup:
    body = []
    for row in rows:
        held: Any = language.text("site.work.waiting.no_standard")
        if row["standard_seconds"] is not None:
            held = language.value(row["standard_seconds"], "seconds")
        if row["is_overdue"]:
            late = tag("strong", language.text("site.work.waiting.overdue"), class_="late")
            held = render(held, " ", late)
        body.append([
            card_link("conversation", row["conversation"]), _waited(row, language), held,
            language.label("acknowledged", row["is_acknowledged"], row["is_acknowledged"]),
            *_shared(row, privacy, language),
        ])  # fmt: skip
    return pieces.table(
        _heads(language, "conversation", "waited", "standard", "so_far", "channel", "topic",
               "team", "customer"), body,
    )  # fmt: skip


def _customers(
    rows: Sequence[Row], privacy: Privacy, language: Language, clock: Clockwork
) -> Markup:
    body = [
        [card_link("conversation", row["conversation"]), _waited(row, language),
         pieces.named(row["agent"]), *_shared(row, privacy, language)]
        for row in rows
    ]  # fmt: skip
    heads = ("conversation", "waited", "agent", "channel", "topic", "team", "customer")
    return pieces.table(_heads(language, *heads), body)


def _tickets(rows: Sequence[Row], privacy: Privacy, language: Language, clock: Clockwork) -> Markup:
    body = []
    for row in rows:
        so_far = "never" if row["is_unattended"] else "asked_again"
        move = "us" if row["is_awaiting"] else MOVES.get(row["state"], "us")
        body.append([
            card_link("ticket", row["ticket"]), _waited(row, language),
            language.text(f"site.work.waiting.{so_far}"),
            language.text(f"site.work.move.{move}"),
            language.label("state", row["state"], str(row["state"])),
            pieces.named(row["agent"]), *_shared(row, privacy, language),
        ])  # fmt: skip
    heads = (
        "ticket", "waited", "so_far", "move", "state", "agent", "channel", "topic", "team",
        "customer",
    )  # fmt: skip
    return pieces.table(_heads(language, *heads), body)
