"""Pieces that the cards of tickets and conversations share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sanjeh.answers.ask import Answers
from sanjeh.answers.periods import Clockwork
from sanjeh.answers.standing import Standing
from sanjeh.metrics.catalogue import METRICS
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.privacy import Privacy

Fact = tuple[Any, Any]
Card = dict[str, Any]


def facts(items: Sequence[Fact]) -> Markup:
    """Named facts in a grid."""
    pairs = (tag("div", tag("dt", name), tag("dd", value)) for name, value in items)
    return tag("section", tag("dl", pairs), class_="statistics")


def table(heads: Sequence[Any], rows: Iterable[Sequence[Any]], *, numeric: bool = False) -> Markup:
    """A table whose cells are markup already, or text. numeric: all but the first are numbers."""
    head = tag("tr", (tag("th", h, scope="col") for h in heads))
    made = blocks.scrolling(head, [tag("tr", (tag("td", c) for c in row)) for row in rows])
    return made if numeric else tag("div", made, class_="worded")


def named(name: Any) -> Any:
    """A name, whatever way it is written; a dash for none."""
    return tag("bdi", name) if name else "—"


def moment(iso: str | None, language: Language, clock: Clockwork) -> Any:
    """An instant in words, or a dash."""
    return "—" if iso is None else tag("time", language.moment(iso, clock), datetime=iso)


def both(seconds: float | None, open_seconds: float | None, language: Language) -> Any:
    """A time on the calendar and, where there are open hours, in them."""
    if seconds is None:
        return "—"
    said = language.value(seconds, "seconds")
    if open_seconds is None:
        return said
    within = language.text("site.work.in_open", time=language.value(open_seconds, "seconds"))
    return render(said, " ", tag("small", within))


def left_out(card: Card, language: Language) -> Markup | None:
    """That it counts in no figure (of requests), why, and who decided so."""
    if not card["left_out"]:
        return None
    said: list[Any] = [language.text("site.work.left_out", why=language.reason(card["left_out"]))]
    if card["decided_by"]:
        said += [" ", language.text(f"site.work.decided.{card['decided_by']}")]
    return tag("p", said, class_="flag")


def surveys(
    answers: Answers, card: Card, privacy: Privacy, language: Language, clock: Clockwork
) -> Markup | None:
    """What the customer answered when asked."""
    if not card["surveys"]:
        return None
    texts = {}
    if privacy.reads_texts:
        texts = answers.ledger.texts("survey_response", [s["answer"] for s in card["surveys"]])
    items = []
    for s in card["surveys"]:
        score = s["score"] or s["expectation"]
        if s["expectation"]:
            score = language.label("expectation", s["expectation"], str(s["expectation"]))
        comment = texts.get(s["answer"], {}).get("comment")
        why = tag("small", language.reason(s["why_not"])) if s["why_not"] else None
        scale = language.text("site.work.scale", ends=language.digits(s["scale"] or ""))
        items.append(tag(
            "li", named(s["survey"]), ": ",
            tag("strong", language.digits(str(score)) if score else "—"),
            " ", tag("small", scale) if s["score"] else None, " ",
            moment(s["at"], language, clock), " ", why,
            tag("blockquote", comment, dir="auto") if comment else None,
        ))  # fmt: skip
    return tag("section", tag("h2", language.text("site.work.surveys")),
               tag("ul", items, class_="plain"))  # fmt: skip


def standing(found: Sequence[Standing], language: Language) -> Markup:
    """Which figures count it, with what value, and which leave it out and why."""
    rows = []
    for one in found:
        name = blocks.link(language.title(one.metric), blocks.figure_path(one.metric))
        rows.append((name, _how(one, language), _value(one, language)))
    heads = [language.text(f"site.work.standing.{key}") for key in ("figure", "how", "value")]
    note = tag("p", language.text("site.work.standing.lead"), class_="note")
    return tag(
        "section", tag("h2", language.text("site.work.standing.title")), note, table(heads, rows)
    )


def _how(one: Standing, language: Language) -> Any:
    if not one.rows:
        return tag("span", language.text("site.work.standing.none"), class_="paused")
    why = language.text("comma").join(language.reason(r) for r in one.reasons)
    if not one.counted:
        return tag("span", language.text("site.work.standing.out", why=why), class_="out")
    if one.reasons:
        return language.text("site.work.standing.some", n=language.number(one.counted), why=why)
    if one.counted == 1:
        return language.text("site.work.standing.counted")
    return language.text("site.work.standing.times", n=language.number(one.counted))


def _value(one: Standing, language: Language) -> Any:
    """The values that count: times, numbers, or whether it is in a share's part."""
    unit = METRICS[one.metric].unit
    said: list[Any] = []
    for row in one.rows:
        if not row["is_counted"]:
            continue
        if row.get("seconds") is not None:
            said.append(both(row["seconds"], row.get("open_seconds"), language))
        elif "value" in row:
            said.append(language.value(row["value"], unit))
        elif "in_numerator" in row:
            said.append(language.text("site.yes" if row["in_numerator"] else "site.no"))
    return render((render(" · " if n else "", s) for n, s in enumerate(said[:5])),
                  " …" if len(said) > 5 else None) if said else "—"  # fmt: skip
