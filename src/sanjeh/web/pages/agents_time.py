"""*Agents' time* (U1): how working time splits, how full it is, beside satisfaction."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sanjeh.charts import FORMS, Around
from sanjeh.metrics.options import chosen
from sanjeh.report.drawing import draw
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.report.tables import Column, table
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.charting import speech_of
from sanjeh.web.pages.grouped import Group, Grouped, asked_for, fits
from sanjeh.web.pages.seen import Seen, page
from sanjeh.web.pages.sides import figure_of, figures, notes, nothing, titled

PATH = "/time/"
HOURS, USED, CONTENT = "working_hours", "chat_utilisation", "satisfied_share"
HEAD = (
    USED, "occupancy", HOURS, "scheduled_hours", "shift_adherence", "chats_handled",
    "chats_per_working_hour", "chats_per_working_day", "chat_concurrency",
    "active_to_unavailable", "chat_duration",
)  # fmt: skip
EACH = (USED, "occupancy", HOURS, "shift_adherence", "chats_handled", "chats_per_working_hour",
        CONTENT)  # fmt: skip
COUNTED = ("chats_handled", CONTENT)  # with their n
KINDS = ("active chat", "available", "unavailable")


@page
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """Figures, shares of time for each agent, and utilisation against satisfaction."""
    enquiry = enquiry_of(seen, asked)
    title = language.text("site.nav.time")
    names = asked_for(asked)
    head = [m for m in HEAD if enquiry.has(m) and fits(enquiry, m, names)]
    warnings: list[str] = []
    parts: list[Any] = [
        tag("h1", title),
        tag("p", language.text("site.time.lead"), class_="note"),
        blocks.bar(asked, seen, language, PATH, *HEAD, enquiry=enquiry),
    ]
    if not any(enquiry.has(m) for m in (HOURS, "chats_handled")):
        return title, render(parts, nothing(language, "time"))
    parts += [
        tag("section", figures(enquiry, asked, language, head, warnings)) if head else None,
        _shares(enquiry, asked, language),
        _each(enquiry, seen, asked, language),
        _against(enquiry, asked, language),
        notes(warnings, language),
    ]
    return title, render(parts)


def _shares(enquiry: Enquiry, asked: Asked, language: Language) -> Markup | None:
    """A bar for each agent: in chats, available, unavailable; with the hours they are of."""
    if not enquiry.has(HOURS) or not fits(enquiry, HOURS, ("agent", *asked_for(asked))):
        return None
    where = asked.question(HOURS).where
    found = enquiry.ask(HOURS, by=("agent", "time_kind"), where=where, compare=False)
    hours: dict[str, dict[str, float]] = {}
    names: dict[str, Group] = {}
    for r in found.results(HOURS):
        if not r.group or r.value is None or r.group["agent"]["key"] is None:
            continue
        key = str(r.group["agent"]["key"])
        label = str(r.group["agent"]["label"])
        names[key] = Group(key, label, enquiry.named(language, "agent", r))
        hours.setdefault(key, {})[str(r.group["time_kind"]["key"])] = float(r.value)
    if not hours:
        return None
    totals = {key: sum(kinds.values()) for key, kinds in hours.items()}
    order = sorted(hours, key=lambda k: -hours[k].get(KINDS[0], 0) / (totals[k] or 1))
    grouped = Grouped(enquiry, asked, language, "agent", ())

    def share(key: str, kind: str) -> float:
        return hours[key].get(kind, 0) / totals[key] if totals[key] else 0.0

    def bar(key: str) -> Markup:
        pieces = [
            tag("span", class_=f"time-{n}", style=f"width:{100 * share(key, kind):.2f}%")
            for n, kind in enumerate(KINDS)
        ]
        return tag("span", pieces, class_="timebar", aria_hidden="true")

    columns = [Column(language.text("site.time.split"), bar)]
    columns += [
        Column(
            render(tag("span", class_=f"key time-{n}", aria_hidden="true"), " ",
                   language.label("time_kind", kind, kind)),
            lambda key, kind=kind: language.percent(share(key, kind)),  # type: ignore[misc]
        )
        for n, kind in enumerate(KINDS)
    ]  # fmt: skip
    columns.append(
        Column(language.text("site.time.hours"), lambda key: language.number(totals[key], 1))
    )
    made = table(
        language.text("site.dimensions.agent"), order,
        lambda key: grouped.link(PATH, names[key]), columns,
    )  # fmt: skip
    return tag("section", tag("h2", language.text("site.time.shares")), made, class_="times")


def _each(enquiry: Enquiry, seen: Seen, asked: Asked, language: Language) -> Markup | None:
    """The figures of each agent; utilisation within the band of its target."""
    grouped = Grouped(enquiry, asked, language, "agent", EACH)
    if USED not in grouped.metrics:
        return None
    rows = grouped.rows[USED]
    target = next((r.target for r in rows.values() if r.target is not None), None)
    tolerance = float(chosen({}, seen.everything.home_options)["target.tolerance"])

    def band(group: Group) -> Markup | str:
        result = rows.get(group.key)
        if result is None or result.value is None:
            return "—"
        inner = [tag("span", class_="level", style=f"width:{100 * min(result.value, 1):.1f}%")]
        if target is not None:
            low = 100 * max(target * (1 - tolerance), 0)
            wide = 100 * min(target * (1 + tolerance), 1) - low
            inner.append(
                tag("span", class_="band", style=f"inset-inline-start:{low:.1f}%;width:{wide:.1f}%")
            )
        return tag("span", inner, class_="timebar level-bar", aria_hidden="true")

    columns = [Column(language.text("site.time.level"), band)]
    columns += [
        grouped.column(m) if m in COUNTED else _plain(grouped, m, language) for m in grouped.metrics
    ]
    said = (
        language.text("site.time.band", target=language.percent(target))
        if target is not None
        else language.text("site.time.no_target")
    )
    return tag(
        "section", tag("h2", language.text("site.time.each")), tag("p", said, class_="note"),
        grouped.table(PATH, columns), class_="times",
    )  # fmt: skip


def _plain(grouped: Grouped, metric: str, language: Language) -> Column:
    """A column of a figure of time, whose n would be slices that tell nobody anything."""
    rows = grouped.rows[metric]

    def figure(group: Group) -> Markup | str:
        result = rows.get(group.key)
        return "—" if result is None else figure_of(grouped.found[metric], result, language)

    return Column(titled(metric, language), figure)


def _against(enquiry: Enquiry, asked: Asked, language: Language) -> Markup | None:
    """Utilisation and satisfaction of each agent: a full one with falling scores is overloaded."""
    both = (USED, CONTENT)
    if not all(enquiry.has(m) and fits(enquiry, m, ("agent", *asked_for(asked))) for m in both):
        return None
    where = asked.question(USED).where
    found = enquiry.ask(*both, by=("agent",), compare=False, where=where)
    chart = FORMS["scatter"].make(found.answer, USED, Around(other=CONTENT))
    if not chart.series or not chart.series[0].points:
        return None
    return tag(
        "section", tag("h2", language.text("site.time.against")),
        tag("p", language.text("site.time.against_lead"), class_="note"),
        tag("figure", draw(chart, found, speech_of(enquiry, language))), class_="whole",
    )  # fmt: skip
