"""The six figures of the overview, each a card: value, change, tiny trend, one grey line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanjeh.answers.question import Result
from sanjeh.metrics.registry import find
from sanjeh.report import cards
from sanjeh.report.enquiry import Asked as Figures
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import change, shown
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked

CHANNELS_SHOWN = 6
Lines = Callable[[Enquiry, Figures, Result, Asked, Language], list[Any]]


def card(place: int, enquiry: Enquiry, asked: Asked, language: Language) -> Markup:
    """What stands in a card: of the first figure of its place that the records allow."""
    candidate = cards.chosen(enquiry, cards.PLACES[place])
    metric = candidate.metric
    found = candidate.ask(enquiry, metric)
    name = metric.partition(".")[0]
    heading = tag("h3", blocks.link(language.title(name), _page(name, asked),
                                    title=language.definition(name)))  # fmt: skip
    if not enquiry.records(metric):
        lacking = tag("p", language.text("site.overview.lacking"), class_="line")
        return render(heading, tag("p", "—", class_="big none"), lacking)
    if candidate.draw is cards.first_response:
        return render(heading, _channels(enquiry, found, metric, asked, language))
    result = found.result(metric)
    more = LINES.get(name, _plain)(enquiry, found, result, asked, language)
    return render(
        heading,
        tag("div", cards.headline(found, result, language)[:1], _trend(metric, asked, language),
            class_="figure"),
        cards.headline(found, result, language)[1:],
        [tag("p", line, class_="line") for line in more if line is not None],
        _grey(found, result, name, asked, language),
    )  # fmt: skip


def _page(metric: str, asked: Asked) -> str:
    return asked.link(blocks.figure_path(metric))


def _trend(metric: str, asked: Asked, language: Language) -> Markup:
    from sanjeh.web.pages import spark  # which draws on the overview's own enquiry

    return spark.picture(find(metric), asked, language)


def _grey(
    found: Figures, result: Result, metric: str, asked: Asked, language: Language
) -> Markup:  # fmt: skip
    """How many rows were left out, and where that and the definition are told."""
    out = sum(result.excluded.values())
    said = language.text("site.overview.all_counted")
    if out:
        said = language.text(
            "site.overview.left_out", n=language.number(out), of=language.number(result.n + out)
        )
    where = f"{_page(metric, asked)}#working"
    how = blocks.link(language.text("site.overview.how"), where)
    return tag("p", said, " · ", how, class_="grey")


def _plain(
    enquiry: Enquiry, found: Figures, result: Result, asked: Asked, language: Language
) -> list[Any]:
    """Of how many, and what is not decided yet."""
    return [cards.size(found, result, language), cards.pending(found, result, language)]


def _open(
    enquiry: Enquiry, found: Figures, result: Result, asked: Asked, language: Language
) -> list[Any]:
    """How old the oldest is, and how many wait for a first answer."""
    lines: list[Any] = []
    oldest = found.results(cards.OLDEST)
    if oldest and oldest[0].value is not None:
        said = language.text("open.oldest", age=shown(found, oldest[0], language))
        lines.append(blocks.link(said, _page(cards.OLDEST, asked)))
    untouched = found.results("unattended_tickets")
    if untouched and untouched[0].value:
        said = language.text("open.untouched", n=shown(found, untouched[0], language))
        lines.append(blocks.link(said, _page("unattended_tickets", asked)))
    return lines


def _satisfied(
    enquiry: Enquiry, found: Figures, result: Result, asked: Asked, language: Language
) -> list[Any]:
    """Of how many answers, how many answered, and how far chance alone may have moved it."""
    if result.value is None:
        return []
    of = language.text("site.overview.of_answers", n=shown(found, result, language, "n"))
    parts: list[Any] = [of]
    rate = found.results(cards.RESPONSES)
    if rate and rate[0].value is not None:
        said = language.text("site.overview.answered", share=shown(found, rate[0], language))
        parts += [language.text("semicolon"), blocks.link(said, _page(cards.RESPONSES, asked))]
    lines: list[Any] = [render(parts)]
    if result.interval is not None:
        low, high = (language.value(end, result.unit) for end in result.interval)
        lines.append(language.text("interval", low=low, high=high))
    return lines


LINES: dict[str, Lines] = {"open_tickets": _open, "satisfied_share": _satisfied}


def _channels(
    enquiry: Enquiry, found: Figures, metric: str, asked: Asked, language: Language
) -> Markup:
    """A line a channel: when half had an answer, on the clock that suits it (7.6)."""
    rows = sorted(cards.by_channel(found, metric), key=lambda r: -r.n)
    if not rows:
        return tag("p", language.text("first.none"), class_="line")
    lines = []
    for result in rows[:CHANNELS_SHOWN]:
        name = enquiry.named(language, "channel", result)
        part = result.group["channel"]
        clock = tag("small", language.text("first.open")) if result.clock == "open" else None
        where = () if part["key"] is None else asked.narrowed("channel", str(part["label"]))
        value: Any = shown(found, result, language)
        if result.value is None:
            value = language.text("first.unreached")
        moved = change(found, result, language, spoken=False) if enquiry.scope.compare else None
        link = blocks.link(tag("bdi", name), asked.link(
            blocks.figure_path(cards.FIRST), where=where))  # fmt: skip
        lines.append(tag("li", link, tag("span", value, clock, class_="value"), moved))
    out = sum(n for r in rows for n in r.excluded.values())
    counted = sum(r.n for r in rows)
    said = language.text(
        "site.overview.left_out", n=language.number(out), of=language.number(counted + out)
    )
    how = blocks.link(language.text("site.overview.how"), f"{_page(cards.FIRST, asked)}#working")
    return render(
        tag("p", language.text("first.half"), class_="line"),
        tag("ul", lines, class_="by-channel"),
        tag("p", said, " · ", how, class_="grey"),
    )
