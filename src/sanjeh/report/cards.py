"""The six figures that matter, or the nearest that a home's records allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sanjeh.answers.question import Result
from sanjeh.report.enquiry import Asked, Enquiry
from sanjeh.report.figures import before, change, left_out, shown, why
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag


@dataclass(frozen=True)
class Candidate:
    """One way to fill a place: the metric that must be recorded, and what draws it."""

    metric: str
    draw: Callable[[Enquiry, Language, str], Markup]
    ask: Callable[[Enquiry, str], Asked]


def six(enquiry: Enquiry, language: Language) -> Markup:
    """The cards, and a line on what is not recorded."""
    drawn, lacking = [], []
    for place in PLACES:
        candidate = chosen(enquiry, place)
        if candidate is not place[0]:
            lacking.append(language.title(place[0].metric.partition(".")[0]))
        drawn.append(candidate.draw(enquiry, language, candidate.metric))
    note = None
    if lacking:
        names = language.text("comma").join(lacking)
        note = tag("p", language.text("figures.lacking", names=names), class_="note")
    return render(
        tag("h2", language.text("figures.title"), id="figures"), tag("div", drawn, class_="cards"),
        note,
    )  # fmt: skip


def chosen(enquiry: Enquiry, place: Sequence[Candidate]) -> Candidate:
    """The first candidate with a figure now or before, else the first that is recorded."""
    recorded = [c for c in place if enquiry.has(c.metric)]
    for candidate in recorded:
        results = candidate.ask(enquiry, candidate.metric).results(candidate.metric)
        if any(r.value is not None or r.previous_value is not None for r in results):
            return candidate
    return (recorded or place)[0]


def _card(title: str, *body: Any, wide: bool = False) -> Markup:
    return tag("article", tag("h3", title), body, class_="card wide" if wide else "card")


def _lines(*lines: Any) -> list[Markup]:
    return [tag("p", line, class_="line") for line in lines if line is not None]


def headline(asked: Asked, result: Result, language: Language) -> list[Markup]:
    """The figure large, and how it moved."""
    if result.value is None:
        return [
            tag("p", shown(asked, result, language), class_="big none"),
            tag("p", why(result, language), class_="line"),
        ]
    compared = asked.answer.question["compare"] is not None
    moved = [change(asked, result, language), " ", before(asked, result, language)]
    return [
        tag("p", shown(asked, result, language), class_="big"),
        *([tag("p", moved, class_="moved")] if compared else []),
    ]


def _asked(*beside: str) -> Callable[[Enquiry, str], Asked]:
    def ask(enquiry: Enquiry, metric: str) -> Asked:
        return enquiry.ask(metric, *(m for m in beside if enquiry.has(m)))

    return ask


def size(asked: Asked, result: Result, language: Language) -> Markup | None:
    """Of how many rows, where the figure is not itself their count."""
    if result.value is None or result.value == result.n:
        return None
    if result.unit == "share" and isinstance(result.numerator, int):
        return language.text(
            "part_of", part=shown(asked, result, language, "numerator"),
            whole=shown(asked, result, language, "denominator"),
        )  # fmt: skip
    return language.text("n", n=shown(asked, result, language, "n"))


def pending(asked: Asked, result: Result, language: Language) -> Markup | None:
    if not result.pending:
        return None
    return language.text("pending", n=shown(asked, result, language, "pending"))


def simple(enquiry: Enquiry, language: Language, metric: str) -> Markup:
    """Any figure: value, change, n, what is pending or left out."""
    asked = _asked()(enquiry, metric)
    result = asked.result(metric)
    return _card(
        language.title(metric), headline(asked, result, language),
        _lines(
            size(asked, result, language), pending(asked, result, language),
            left_out(asked, result, language),
        ),
    )  # fmt: skip


FIRST = "first_response"


def _first_asked(enquiry: Enquiry, metric: str) -> Asked:
    return enquiry.ask(metric, f"{metric}@open", by=("channel_kind", "channel"))


def first_response(enquiry: Enquiry, language: Language, metric: str) -> Markup:
    """A line a channel: calendar time where talk is live, open hours elsewhere (7.6)."""
    asked = _first_asked(enquiry, metric)
    compared = asked.answer.question["compare"] is not None
    rows = []
    for result in by_channel(asked, metric):
        name = enquiry.named(language, "channel", result)
        clock = tag("small", " ", language.text("first.open")) if result.clock == "open" else None
        half = shown(asked, result, language)
        if result.value is None:
            half = shown(asked, result, language, text=str(language.text("first.unreached")))
        cells = [half, shown(asked, result, language, "statistics.mean")]
        cells += [shown(asked, result, language, "n")]
        cells += [change(asked, result, language, spoken=False)] if compared else []
        rows.append(
            tag("tr", tag("th", name, clock, scope="row"), (tag("td", c) for c in cells))
        )  # fmt: skip
    heads = ["first.channel", "first.half", "first.mean", "first.n"]
    heads += ["first.change"] if compared else []
    titles = tag("tr", (tag("th", language.text(h), scope="col") for h in heads))
    table = tag("table", tag("thead", titles), tag("tbody", rows))
    none = tag("p", language.text("first.none"), class_="line")
    return _card(
        language.title(FIRST), tag("div", table, class_="scroll") if rows else none,
        _lines(language.text("first.note")) if rows else None, wide=True,
    )  # fmt: skip


def by_channel(asked: Asked, metric: str) -> list[Result]:
    """The wait of each channel on the clock that suits it, those with rows only."""
    opened = {r.group["channel"]["key"]: r for r in asked.results(f"{metric}@open")}
    found = []
    for result in asked.results(metric):
        other = opened.get(result.group["channel"]["key"])
        waits = result.group["channel_kind"]["key"] == "async"
        found.append(other if waits and other is not None and other.n else result)
    return [r for r in found if r.n or r.previous_n]


def duration(enquiry: Enquiry, language: Language, metric: str) -> Markup:
    """A duration by its median, with p90 and mean beside."""
    asked = _asked()(enquiry, metric)
    result = asked.result(metric)
    lines: list[Markup | None] = []
    if result.value is not None:
        lines = [
            language.text("half"),
            language.text("nine", value=shown(asked, result, language, "statistics.p90")),
            language.text("mean", value=shown(asked, result, language, "statistics.mean")),
            size(asked, result, language),
        ]
    return _card(
        language.title(metric.partition(".")[0]), headline(asked, result, language),
        _lines(*lines, left_out(asked, result, language)),
    )  # fmt: skip


OLDEST = "open_ticket_age.max"


def open_tickets(enquiry: Enquiry, language: Language, metric: str) -> Markup:
    """How many are open at the end, and how old the oldest is."""
    asked = _asked(OLDEST, "unattended_tickets")(enquiry, metric)
    result, oldest = asked.result(metric), asked.result(OLDEST)
    untouched = asked.results("unattended_tickets")
    return _card(
        language.title(metric), headline(asked, result, language),
        _lines(
            language.text("open.oldest", age=shown(asked, oldest, language))
            if oldest.value is not None
            else None,
            language.text("open.untouched", n=shown(asked, untouched[0], language))
            if untouched and untouched[0].value is not None
            else None,
            left_out(asked, result, language),
        ),
    )  # fmt: skip


SCORE, RESPONSES = "satisfaction_score", "survey_response_rate"


def satisfaction(enquiry: Enquiry, language: Language, metric: str) -> Markup:
    """The share satisfied with its interval, the mean score, n, and how many answered."""
    asked = _asked(SCORE, RESPONSES)(enquiry, metric)
    result = asked.result(metric)
    score, responses = asked.results(SCORE), asked.results(RESPONSES)
    lines: list[Any] = []
    if result.interval is not None:
        low, high = (language.value(end, result.unit) for end in result.interval)
        lines.append(language.text("interval", low=low, high=high))
    if score and score[0].value is not None:
        lines.append(language.text("score", value=shown(asked, score[0], language)))
    lines.append(language.text("answers", n=shown(asked, result, language, "n")))
    if responses and responses[0].value is not None:
        lines.append(language.text("response_rate", value=shown(asked, responses[0], language)))
    return _card(
        language.title(metric), headline(asked, result, language),
        _lines(*lines, left_out(asked, result, language)),
    )  # fmt: skip


PLACES: tuple[tuple[Candidate, ...], ...] = (
    (Candidate("conversations", simple, _asked()), Candidate("requests", simple, _asked())),
    (Candidate("missed_chat_rate", simple, _asked()),
     Candidate("resolution_rate", simple, _asked())),
    (Candidate("open_tickets", open_tickets, _asked(OLDEST, "unattended_tickets")),),
    (Candidate(f"{FIRST}.half_answered", first_response, _first_asked),
     Candidate("resolution_time.median", duration, _asked())),
    (Candidate("first_contact_resolution", simple, _asked()),
     Candidate("reopen_rate", simple, _asked())),
    (Candidate("satisfied_share", satisfaction, _asked(SCORE, RESPONSES)),
     Candidate("reassignments", simple, _asked())),
)  # fmt: skip
