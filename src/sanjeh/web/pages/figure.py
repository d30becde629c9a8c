"""A figure and everything behind it: statistics, trend, groups, what was left out, its rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest

from sanjeh.answers import comparing
from sanjeh.answers.question import Result
from sanjeh.metrics.profiles import PROFILES
from sanjeh.metrics.registry import Address, Metric, find
from sanjeh.report.drawing import draw
from sanjeh.report.enquiry import Asked as Figures
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import change, shown, why
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.report.tables import Column, table
from sanjeh.web.pages import blocks, charting, papers, profiles
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.offering import offers as offers
from sanjeh.web.pages.seen import Seen, is_part, of_figures, page
from sanjeh.web.shell import dimension_name

GROUPS = 30
STATISTICS = ("mean", "median", "p90", "min", "max", "pearson", "spearman")


@page
@of_figures
def show(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, metric: str
) -> tuple[str, Markup]:
    """The page of one figure."""
    address = find(metric)
    enquiry = enquiry_of(seen, asked)
    here = blocks.figure_path(metric)
    title = language.title(address.metric.name)
    where = asked.question(metric).where
    found = enquiry.ask(metric, where=where)
    (result, *_) = found.results(str(address))
    drawn = charting.charted(enquiry, seen, asked, address)
    body = render(
        tag("h1", title),
        blocks.bar(asked, seen, language, here, metric, enquiry=enquiry),
        tag(
            "div",
            tag("section", _headline(found, result, language), class_="headline"),
            tag("section", _statistics(found, result, language), class_="statistics"),
            class_="beginning",
        ),
        _definition(address, enquiry, asked, language),
        charting.section(drawn, enquiry, seen, asked, address, language),
        _groups(enquiry, seen, asked, address, language, is_chosen=drawn.is_of_groups),
        _left_out(found, result, asked, address, language),
        _later(request, enquiry, seen, asked, address, language),
        _compared(request, enquiry, asked, address, language),
        _files(found, asked, address, language),
        blocks.open_hours(found.answer.question, language),
        blocks.notes(found.answer.warnings, language),
    )
    return title, body


def _headline(found: Figures, result: Result, language: Language) -> list[Markup]:
    if result.value is None:
        return [tag("p", "—", class_="big none"), tag("p", why(result, language), class_="line")]
    parts = [tag("p", shown(found, result, language), class_="big")]
    if found.answer.question["compare"]:
        parts.append(tag("p", change(found, result, language), class_="moved"))
    if result.is_small:
        parts.append(tag("p", language.text("site.figure.small"), class_="line"))
    return parts


def _statistics(found: Figures, result: Result, language: Language) -> Markup:
    """The other ways to look at the same rows, and how many they are."""
    items: list[tuple[Any, Any]] = [
        (language.text("site.figure.n"), _at(found, result, "n", language))
    ]
    if "n_of" in result.statistics:
        first, second = (
            shown(found, result, language, f"statistics.{n}", language.number(result.statistics[n]))
            for n in ("n_of", "n_less")
        )
        items.append((language.text("site.figure.each"), (first, " · ", second)))
    for name in STATISTICS:
        if result.statistics.get(name) is not None and name != result.statistic:
            said = language.text(f"site.statistic.{name}")
            items.append((said, _at(found, result, f"statistics.{name}", language)))
    if result.unit == "share" and result.numerator is not None:
        items.append((language.text("site.figure.part"), _at(found, result, "numerator", language)))
    if result.interval is not None:
        low, high = (language.value(v, result.unit) for v in result.interval)
        said = language.text("site.figure.between", low=low, high=high)
        items.append((language.text("site.figure.interval"), said))
    if result.pending:
        items.append(
            (language.text("site.figure.pending"), _at(found, result, "pending", language))
        )
    if result.target is not None:
        target = language.value(result.target, result.unit)
        items.append((language.text("site.figure.target"), target))
    return tag("dl", (tag("div", tag("dt", name), tag("dd", value)) for name, value in items))


def _at(found: Figures, result: Result, path: str, language: Language) -> Markup:
    return shown(found, result, language, path)


def _definition(address: Address, enquiry: Enquiry, asked: Asked, language: Language) -> Markup:
    metric = enquiry.address(str(address)).metric
    chosen = [
        (language.text(f"site.statistic.{s}"), asked.link(blocks.figure_path(_with(address, s))),
         s == address.statistic)
        for s in metric.statistics()
        if s in (*STATISTICS, "half_answered")
    ]  # fmt: skip
    clocks = [
        (language.text(f"site.clock.{c}"), asked.link(blocks.figure_path(_with(address, None, c))),
         c == address.clock)
        for c in metric.clocks()
    ]  # fmt: skip
    credit = None
    if metric.credit:
        said = language.credit(metric.credit)
        credit = tag("p", language.text("site.figure.credit", who=said), class_="note")
    return tag(
        "section",
        tag("p", defined(metric, language), class_="definition"),
        credit,
        blocks.choice(language.text("site.figure.statistic"), chosen) if len(chosen) > 1 else None,
        blocks.choice(language.text("site.figure.clock"), clocks) if len(clocks) > 1 else None,
    )


def defined(metric: Metric, language: Language) -> Markup:
    """What a figure means: our words, or the rule of the helpdesk that it is counted by."""
    if metric.profile is None:
        return render(language.definition(metric.name))
    found = PROFILES[metric.profile]
    rule = found.rules[metric.name]
    said = language.text("site.profiles.as", helpdesk=tag("bdi", found.title))
    where = blocks.link(language.text("site.profiles.source"), rule.source, rel="noreferrer")
    return render(
        tag("strong", said), " ", language.rule(metric.name, found.name), " (", where, ")"
    )


def _with(address: Address, statistic: str | None = None, clock: str | None = None) -> str:
    return str(
        replace(address, statistic=statistic or address.statistic, clock=clock or address.clock)
    )


def _groups(
    enquiry: Enquiry, seen: Seen, asked: Asked, address: Address, language: Language, *,
    is_chosen: bool,
) -> Markup | None:  # fmt: skip
    """The figure of each group of one dimension, as a table with bars.

    is_chosen: the dimension is chosen at the chart above already.
    """
    offered = offers(seen, address.metric)
    if not offered:
        return None
    here = blocks.figure_path(str(address))
    by = asked.by[0] if asked.by and asked.by[0] in offered else offered[0]
    options = [(dimension_name(language, d), asked.link(here, by=(d,)), d == by) for d in offered]
    found = enquiry.ask(str(address), by=(by,), where=asked.question(str(address)).where)
    results = [r for r in found.results(str(address)) if by in r.group]
    numbers = [abs(float(r.value)) for r in results if isinstance(r.value, int | float)]
    most = max(numbers, default=0.0)

    def bar(result: Result) -> Markup:
        share = abs(float(result.value or 0)) / most if most else 0.0
        inner = tag("span", style=f"width:{100 * share:.1f}%")
        return render(tag("span", inner, class_="inbar", aria_hidden="true"),
                      shown(found, result, language))  # fmt: skip

    def name(result: Result) -> Any:
        part = result.group[by]
        label = language.label(by, part["key"], str(part["label"]))
        if part["key"] is None:
            return tag("bdi", label)
        address_of = asked.link(here, where=asked.narrowed(by, str(part["label"])))
        return blocks.link(tag("bdi", label), address_of)

    columns = [
        Column(language.text("site.figure.value"), bar),
        Column(language.text("site.figure.n"), lambda r: shown(found, r, language, "n")),
    ]
    if found.answer.question["compare"]:
        columns.append(
            Column(
                language.text("site.figure.change"),
                lambda r: change(found, r, language, spoken=False),
            )
        )
    hidden = len(results) - GROUPS
    rest = None
    if hidden > 0:
        rest = tag(
            "p", language.text("site.figure.more_groups", n=language.number(hidden)), class_="note"
        )
    return tag(
        "section", tag("h2", language.text("site.figure.groups")),
        None if is_chosen else blocks.choice(language.text("site.figure.by"), options),
        table(dimension_name(language, by), results[:GROUPS], name, columns), rest,
    )  # fmt: skip


def _left_out(
    found: Figures, result: Result, asked: Asked, address: Address, language: Language
) -> Markup:
    """How many rows went in and which were left out, each leading to the rows themselves."""
    path = f"{blocks.figure_path(str(address))}rows/"
    counted = blocks.link(language.text("site.figure.see_rows"), asked.link(path))
    of = path + blocks.joined(asked) + "reason="
    reasons = [
        tag("li", blocks.link(language.reason(reason), of + quote(reason)),
            " ", shown(found, result, language, f"excluded.{reason}"))
        for reason in sorted(result.excluded, key=lambda r: -result.excluded[r])
    ]  # fmt: skip
    none = tag("p", language.text("site.figure.nothing_out"), class_="note")
    return tag(
        "section", tag("h2", language.text("site.figure.working"), id="working"),
        tag("p", language.text("site.figure.counted", n=_at(found, result, "n", language)), " ",
            counted),
        tag("ul", reasons, class_="reasons") if reasons else none,
    )  # fmt: skip


def _later(
    request: HttpRequest, enquiry: Enquiry, seen: Seen, asked: Asked, address: Address,
    language: Language,
) -> Markup | None:  # fmt: skip
    """The share answered by each time (7.5), fetched once the page stands; on paper, at once."""
    counted = enquiry.address(str(address)).metric
    if "answered_by" not in counted.statistics() or address.statistic == "answered_by":
        return None
    if papers.is_wanted(request):
        return tag("section", _curve(enquiry, seen, asked, address, language))
    path = asked.link(f"{blocks.figure_path(str(address))}later/curve/", form=None)
    link = blocks.link(language.text("site.chart.see_curve"), path)
    return tag(
        "section", tag("h2", language.text("site.figure.curve")), tag("p", link),
        class_="later", data_later=path,
    )  # fmt: skip


def _curve(
    enquiry: Enquiry, seen: Seen, asked: Asked, address: Address, language: Language
) -> Markup:
    """The share answered by each time, drawn, and by when half were answered."""
    drawn = charting.charted(
        enquiry, seen, replace(asked, form="curve"), replace(address, statistic="answered_by")
    )
    half = drawn.chart.half
    said = language.text("site.figure.not_reached") if half is None else language.text(
        "site.chart.half", value=language.value(half.value, "seconds")
    )  # fmt: skip
    return render(
        tag("h2", language.text("site.figure.curve")),
        tag("p", said) if not drawn.chart.is_empty else None,
        tag(
            "figure",
            draw(drawn.chart, drawn.asked, charting.speech_of(enquiry, language), name="curve"),
        ),
    )


@page
@of_figures
def curve(
    request: HttpRequest, seen: Seen, asked: Asked, language: Language, metric: str
) -> tuple[str, Markup]:
    """The share answered by each time: a page of its own, and a part of the figure's."""
    address = find(metric)
    title = language.title(address.metric.name)
    back = tag("p", blocks.link(title, asked.link(blocks.figure_path(metric))), class_="kicker")
    drawn = _curve(enquiry_of(seen, asked), seen, asked, address, language)
    return title, render(None if is_part(request) else back, drawn)


def _compared(
    request: HttpRequest, enquiry: Enquiry, asked: Asked, address: Address, language: Language
) -> Markup | None:
    """The same rows as every helpdesk counts them, fetched once the page stands."""
    if address.profile is not None or address.metric.name not in comparing.comparable():
        return None
    if papers.is_wanted(request):
        return profiles.section(enquiry, asked, language, str(address))
    path = asked.link(f"{blocks.figure_path(str(address))}later/profiles/", form=None)
    link = blocks.link(language.text("site.profiles.see"), path)
    return tag(
        "section", tag("h2", language.text("site.profiles.question")), tag("p", link),
        class_="later", data_later=path,
    )  # fmt: skip


def _files(found: Figures, asked: Asked, address: Address, language: Language) -> Markup:
    path = f"{blocks.figure_path(str(address))}file/"
    return tag(
        "section", tag("h2", language.text("site.figure.take")),
        tag("p", blocks.link("CSV", f"{path}{blocks.joined(asked)}format=csv"), " · ",
            blocks.link("Excel", f"{path}{blocks.joined(asked)}format=xlsx"), " · ",
            blocks.link("JSON", f"{path}{blocks.joined(asked)}format=json")),
        tag("p", language.text("site.figure.command"), " ", tag("code", found.command, dir="ltr")),
        class_="take",
    )  # fmt: skip
