"""The rows behind a figure, page by page, each leading to its ticket or conversation."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest

from sanjeh.answers.periods import Clockwork
from sanjeh.answers.question import Question, QuestionError
from sanjeh.answers.working import ROW_KINDS, Working, working
from sanjeh.metrics.registry import find
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.seen import Seen, page
from sanjeh.web.shell import column_name
from sanjeh.words import ascii_digits

PAGE = 100
# Columns whose words the product coins, under the dimension that names them.
SPOKEN = ("state", "change", "channel", "priority")


@page
def show(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, metric: str
) -> tuple[str, Markup]:
    """A page of the rows of a figure: all, those counted, or those left out for a reason."""
    address = find(metric)
    reason = request.GET.get("reason") or None
    kind = "left-out" if reason else request.GET.get("rows", "all")
    if kind not in ROW_KINDS:
        raise QuestionError(f"Rows {kind!r} is none of {', '.join(ROW_KINDS)}.")
    after = _number(request.GET.get("after", "0"))
    question = period_question(seen, asked, metric)
    found = working(
        seen.everything, question, rows=kind, reason=reason, limit=PAGE, offset=after,
        viewer=seen.viewer,
    )  # fmt: skip
    title = language.title(address.metric.name)
    here = f"{blocks.figure_path(metric)}rows/"
    clock = enquiry_of(seen, asked).scope.clock
    parts = found.parts or (found,)
    turning = _turning(parts, asked, here, (kind, reason, after), language)
    files = f"{blocks.figure_path(metric)}rows/file/{blocks.joined(asked)}format="
    body = render(
        tag("p", blocks.link(title, asked.link(blocks.figure_path(metric))), class_="kicker"),
        tag("h1", language.text("site.rows.title")),
        blocks.bar(asked, seen, language, here, metric),
        _kinds(found, asked, here, (kind, reason), language) if not found.parts else None,
        (listing(part, language, clock, bool(found.parts)) for part in parts),
        turning,
        tag("p", blocks.link(language.text("site.rows.all_csv"), f"{files}csv"), " · ",
            blocks.link("Excel", f"{files}xlsx")),
    )  # fmt: skip
    return title, body


def period_question(seen: Seen, asked: Asked, metric: str) -> Question:
    """The question of a page's figure, its period made plain."""
    enquiry = enquiry_of(seen, asked)
    clock, span = enquiry.scope.clock, enquiry.scope.period
    return asked.question(
        metric, start=clock.label(span.start, None), end=clock.label(span.end, None), last=None,
        compare=None, grain=None, by=(),
    )  # fmt: skip


def _number(text: str) -> int:
    digits = ascii_digits(text).strip()
    if not digits.isdigit() or len(digits) > 9:
        raise QuestionError(f"after={text!r} is no number of rows.")
    return int(digits)


def _kinds(
    found: Working, asked: Asked, here: str, chosen: tuple[str, str | None], language: Language
) -> Markup:
    """All rows, those counted, and those left out for each reason, with their numbers."""
    kind, reason = chosen
    options: list[tuple[Any, str, bool]] = [
        (_numbered(language.text(f"site.work.rows.{name.replace('-', '_')}"), n, language),
         _address(asked, here, rows=name), reason is None and kind == name)
        for name, n in (
            ("all", found.rows_in), ("counted", found.rows_counted),
            ("left-out", sum(found.left_out.values())),
        )
    ]  # fmt: skip
    options += [
        (_numbered(language.reason(why), n, language), _address(asked, here, reason=why),
         reason == why)
        for why, n in found.left_out.items()
    ]  # fmt: skip
    return blocks.choice(language.text("site.work.rows.which"), options)


def _numbered(name: Any, n: int, language: Language) -> Markup:
    return render(name, " ", tag("small", language.number(n)))


def _address(asked: Asked, here: str, **more: Any) -> str:
    """The page's address with what only rows have: which, why left out, after how many."""
    given = {name: value for name, value in more.items() if value not in (None, "all", 0)}
    return f"{here}{blocks.joined(asked)}{urlencode(given)}".rstrip("?&")


def _turning(
    parts: tuple[Working, ...], asked: Asked, here: str, at: tuple[str, str | None, int],
    language: Language,
) -> Markup | None:  # fmt: skip
    """To the rows before and after."""
    kind, reason, after = at
    links = []
    for key, step, there in (
        ("before", -PAGE, after > 0),
        ("after", PAGE, any(part.is_cut for part in parts)),
    ):
        if there:
            address = _address(
                asked, here, rows=None if reason else kind, reason=reason,
                after=max(0, after + step),
            )  # fmt: skip
            rel = "prev" if step < 0 else "next"
            links.append(blocks.link(language.text(f"site.work.rows.{key}"), address, rel=rel))
    shown = max((len(part.rows) for part in parts), default=0)
    if not links:
        return None
    where = language.text(
        "site.work.rows.span", first=language.number(after + 1),
        last=language.number(after + shown),
    )  # fmt: skip
    label = str(language.text("site.work.rows.pages"))
    return tag("nav", tag("span", where), links, class_="turning", aria_label=label)


def listing(found: Working, language: Language, clock: Clockwork, named: bool) -> Markup:
    """The rows of one working as a table; with its metric's name where it is one of several."""
    metric = find(found.metric).metric
    heading = tag("h2", language.title(metric.name)) if named else None
    counts = language.text(
        "site.rows.counts", rows=language.number(found.rows_in),
        counted=language.number(found.rows_counted),
    )  # fmt: skip
    if not found.rows:
        none = tag("p", language.text("site.rows.none"), class_="note")
        return tag("section", heading, tag("p", counts), none)
    names = [
        n for n in found.rows[0]
        if n != "is_counted" and any(row[n] is not None for row in found.rows)
    ]  # fmt: skip
    heads = tag("tr", (tag("th", column_name(language, n), scope="col") for n in names))
    body = [
        tag("tr", (tag("td", cell(n, row[n], language, clock, metric.unit)) for n in names),
            class_=None if row["is_counted"] else "left")
        for row in found.rows
    ]  # fmt: skip
    return tag("section", heading, tag("p", counts), blocks.scrolling(heads, body))


def cell(name: str, value: Any, language: Language, clock: Clockwork, unit: str) -> Any:
    """A cell of a row: durations, instants and reasons in words, ids as links to their cards."""
    if value is None:
        return "—"
    if name in ("ticket", "conversation"):
        return card_link(name, str(value))
    if name in ("seconds", "open_seconds"):
        return language.value(value, "seconds")
    if name == "value":
        return language.value(value, unit)
    if name == "reason":
        return language.reason(str(value))
    if name.endswith("_at") or name == "at":
        return tag("time", language.moment(str(value), clock), datetime=str(value))
    if isinstance(value, bool):
        return language.text("site.yes" if value else "site.no")
    if isinstance(value, int | float):
        return language.number(value)
    if name in SPOKEN:
        return tag("bdi", language.label(name, value, str(value)))
    return tag("bdi", str(value))


def card_link(kind: str, identifier: str) -> Markup:
    """A ticket's or conversation's id, leading to its card."""
    return blocks.link(tag("bdi", identifier), f"/{kind}/{quote(identifier, safe='')}/")
