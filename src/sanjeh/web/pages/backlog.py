"""The backlog: a flow that adds up, in all and for each group, and what is open (L4, 7.9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from sanjeh.answers.dimensions import AGES, OLDEST
from sanjeh.answers.working import working
from sanjeh.report.enquiry import Asked as Figures
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import shown
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks, pieces
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.rows import cell, period_question
from sanjeh.web.pages.seen import Seen, page
from sanjeh.web.pages.series import grain_of, series
from sanjeh.web.pages.waiting import rows_address
from sanjeh.web.shell import dimension_name

HERE = "/backlog/"
OPENING, CLOSING = "backlog_opening", "open_tickets"
# Each change of the backlog with its sign; together they lead from the opening to the closing.
CHANGES = {
    "backlog_new": 1, "backlog_reopened": 1, "backlog_moved_in": 1, "backlog_unmerged": 1,
    "backlog_restored": 1, "backlog_solved": -1, "backlog_closed_otherwise": -1,
    "backlog_moved_out": -1, "backlog_merged": -1, "backlog_deleted": -1,
}  # fmt: skip
TERMS = (OPENING, *CHANGES, CLOSING)
MINUS = "−"
GROUPS = ("team", "channel", "topic", "priority", "agent", "channel_kind")
MOST, OLDEST_SHOWN = 40, 10
# States in the order of whose move it is.
STATES = {"new": "us", "open": "us", "pending_customer": "customer", "on_hold": "others"}


@page
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """From the opening to the closing backlog, and what stands open at the end of the period."""
    enquiry = enquiry_of(seen, asked)
    title = language.text("site.nav.backlog")
    head = render(
        tag("h1", title), blocks.bar(asked, seen, language, HERE, *TERMS, enquiry=enquiry),
    )  # fmt: skip
    if not enquiry.has(CLOSING):
        none = tag("p", language.text("site.work.backlog.unrecorded"), class_="note")
        return str(title), render(head, none)
    body = render(
        head, _flow(enquiry, asked, language), _trend(enquiry, asked, language),
        _ages(enquiry, asked, language), _oldest(seen, asked, enquiry, language),
        _groups(enquiry, asked, language),
    )  # fmt: skip
    return str(title), body


# -- the flow --------------------------------------------------------------------------------


def _flow(enquiry: Enquiry, asked: Asked, language: Language) -> Markup:
    """The terms one under the other, and whether they add up."""
    found = enquiry.ask(*TERMS, compare=False, where=asked.question(CLOSING).where)
    values = {r.metric: int(r.value or 0) for r in found.answer.results}
    most = max(values.values(), default=0) or 1
    rows = []
    for metric in TERMS:
        sign = CHANGES.get(metric)
        if sign and not values.get(metric) and metric not in ("backlog_new", "backlog_solved"):
            continue  # what did not happen
        number: Any = _linked(found, metric, enquiry, asked, language)
        width = 100 * values.get(metric, 0) / most
        bar = tag("span", tag("span", style=f"width:{width:.1f}%"), class_="inbar",
                  aria_hidden="true")  # fmt: skip
        mark = "" if sign is None else "+" if sign > 0 else MINUS
        name = _term(metric, language)
        rows.append(tag(
            "tr", tag("th", name, scope="row"),
            tag("td", tag("span", mark, class_="sign"), " ", number), tag("td", bar),
            class_="total" if sign is None else "plus" if sign > 0 else "minus",
        ))  # fmt: skip
    table = tag("div", tag("table", tag("tbody", rows), class_="flow"), class_="scroll",
                tabindex="0")  # fmt: skip
    return tag(
        "section", tag("h2", language.text("site.work.backlog.flow")), table,
        _check(values, language),
        tag("details", tag("summary", language.text("site.figure.command")),
            tag("p", tag("code", found.command, dir="ltr")), class_="take"),
    )  # fmt: skip


def _term(metric: str, language: Language) -> Markup:
    return language.text(f"site.work.backlog.terms.{metric.removeprefix('backlog_')}")


def _linked(found: Figures, metric: str, enquiry: Enquiry, asked: Asked, language: Language) -> Any:
    (result,) = found.results(metric)
    number = shown(found, result, language)
    return blocks.link(number, rows_address(metric, enquiry, asked)) if result.value else number


def reached(values: Mapping[str, int]) -> int:
    """The closing backlog that the opening and the changes lead to."""
    return values.get(OPENING, 0) + sum(s * values.get(m, 0) for m, s in CHANGES.items())


def _check(values: Mapping[str, int], language: Language) -> Markup:
    """The sum in words, held against the closing backlog, which was counted on its own."""
    total, closing = reached(values), values.get(CLOSING, 0)
    terms = language.number(values.get(OPENING, 0))
    for metric, sign in CHANGES.items():
        if values.get(metric):
            terms += f" {'+' if sign > 0 else MINUS} {language.number(values[metric])}"
    spelled = tag("bdi", f"{terms} = {language.number(total)}", dir="ltr")
    if total == closing:
        return tag(
            "p", "✓ ", language.text("site.work.backlog.adds_up", sum=spelled), class_="adds"
        )
    off = language.text(
        "site.work.backlog.off", closing=language.number(closing),
        by=language.signed(closing - total), sum=spelled,
    )  # fmt: skip
    return tag("p", "✗ ", off, class_="adds off", role="alert")


# -- what is open ----------------------------------------------------------------------------


def _trend(enquiry: Enquiry, asked: Asked, language: Language) -> Markup:
    drawn = series(enquiry, language, CLOSING, asked.grain or grain_of(enquiry),
                   where=asked.question(CLOSING).where)  # fmt: skip
    return tag("section", tag("h2", language.text("site.figure.trend")), drawn, class_="whole")


def _ages(enquiry: Enquiry, asked: Asked, language: Language) -> Markup:
    """Open tickets by how old they are and whose move it is; every number leads to its rows."""
    where = asked.question(CLOSING).where
    found = enquiry.ask(CLOSING, by=("age", "state"), compare=False, where=where)
    counts = {
        (r.group["age"]["key"], r.group["state"]["key"]): r
        for r in found.results(CLOSING) if r.group
    }  # fmt: skip
    ages = [label for _, label in AGES] + [OLDEST]
    states = [s for s in STATES if any((a, s) in counts for a in ages)]
    if not states:
        return tag("section", tag("h2", language.text("site.work.backlog.ages")),
                   tag("p", language.text("site.work.backlog.nothing"), class_="note"))  # fmt: skip

    def number(age: str, state: str) -> Any:
        result = counts.get((age, state))
        if result is None or not result.value:
            return language.number(0)
        narrowed = (*asked.where, f"age={age}", f"state={state}")
        address = rows_address(CLOSING, enquiry, asked, narrowed)
        return blocks.link(shown(found, result, language), address)

    rows = []
    for age in ages:
        total = sum(int(counts[age, s].value or 0) for s in states if (age, s) in counts)
        rows.append([language.label("age", age, age), *(number(age, s) for s in states),
                     tag("strong", language.number(total))])  # fmt: skip
    heads = [dimension_name(language, "age")] + [
        render(language.label("state", s, s), " ",
               tag("small", language.text(f"site.work.move.{STATES[s]}")))
        for s in states
    ] + [language.text("site.work.backlog.together")]  # fmt: skip
    return tag("section", tag("h2", language.text("site.work.backlog.ages")),
               pieces.table(heads, rows, numeric=True))  # fmt: skip


def _oldest(seen: Seen, asked: Asked, enquiry: Enquiry, language: Language) -> Markup | None:
    """The tickets open longest."""
    found = working(
        seen.everything, period_question(seen, asked, "open_ticket_age"), rows="counted",
        limit=OLDEST_SHOWN, viewer=seen.viewer,
    )  # fmt: skip
    if not found.rows:
        return None
    names = ("ticket", "seconds", "state", "team", "agent", "channel", "priority")
    clock = enquiry.scope.clock
    rows = [[cell(n, row.get(n), language, clock, "seconds") for n in names] for row in found.rows]
    heads = [
        language.text("site.work.backlog.age") if n == "seconds" else dimension_name(language, n)
        for n in names
    ]
    more = blocks.link(language.text("site.figure.see_rows"),
                       rows_address("open_ticket_age", enquiry, asked))  # fmt: skip
    return tag("section", tag("h2", language.text("waiting.oldest")), pieces.table(heads, rows),
               tag("p", more))  # fmt: skip


# -- groups ----------------------------------------------------------------------------------


def _groups(enquiry: Enquiry, asked: Asked, language: Language) -> Markup:
    """The flow of each group; what moved from one to another stands in both."""
    by = asked.by[0] if asked.by and asked.by[0] in GROUPS else GROUPS[0]
    options = [(dimension_name(language, d), asked.link(HERE, by=(d,)), d == by) for d in GROUPS]
    where = asked.question(CLOSING).where
    found = enquiry.ask(*TERMS, by=(by,), compare=False, where=where)
    results = {(r.group[by]["key"], r.metric): r for r in found.answer.results if r.group}
    keys = sorted(
        {key for key, _ in results},
        key=lambda k: (-int(_value(results, k, CLOSING)), str(k)),
    )
    used = [t for t in TERMS if t in (OPENING, CLOSING)
            or any(_value(results, k, t) for k in keys)]  # fmt: skip
    rows = []
    for key in keys[:MOST]:
        label = next(str(r.group[by]["label"]) for (k, _), r in results.items() if k == key)
        narrowed = asked.narrowed(by, label if key is not None else "unknown")
        values = {t: _value(results, key, t) for t in TERMS}
        cells: list[Any] = [tag("bdi", language.label(by, key, label))]
        for term in used:
            result = results.get((key, term))
            if result is None or not result.value:
                cells.append(language.number(0))
                continue
            address = rows_address(term, enquiry, asked, narrowed)
            cells.append(blocks.link(shown(found, result, language), address))
        cells.append(_mark(values, language))
        rows.append(cells)
    heads = [
        dimension_name(language, by),
        *(render(tag("span", _sign(t), class_="sign"), " ", _term(t, language)) for t in used),
        language.text("site.work.backlog.check"),
    ]
    hidden = len(keys) - MOST
    rest = language.text("site.figure.more_groups", n=language.number(hidden))
    return tag(
        "section", tag("h2", language.text("site.work.backlog.groups")),
        blocks.choice(language.text("site.figure.by"), options),
        pieces.table(heads, rows, numeric=True) if rows else None,
        tag("p", rest, class_="note") if hidden > 0 else None,
    )  # fmt: skip


def _value(results: Mapping[Any, Any], key: Any, metric: str) -> int:
    result = results.get((key, metric))
    return 0 if result is None else int(result.value or 0)


def _sign(metric: str) -> str:
    return {1: "+", -1: MINUS}.get(CHANGES.get(metric, 0), "=" if metric == CLOSING else "")


def _mark(values: Mapping[str, int], language: Language) -> Markup:
    """Whether a group's terms add up; in words for who does not see."""
    holds = reached(values) == values[CLOSING]
    word = language.text(f"site.work.backlog.{'holds' if holds else 'fails'}")
    return tag("span", tag("span", "✓" if holds else "✗", aria_hidden="true"),
               tag("span", word, class_="unseen"), class_=None if holds else "late")  # fmt: skip
