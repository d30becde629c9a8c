"""*Topics and tags*: what contacts are about, what takes most time (V6), and how tags are used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from sanjeh.answers.question import Result
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.figures import shown
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.report.tables import Column, table
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import Asked, enquiry_of
from sanjeh.web.pages.grouped import Group, Grouped, asked_for, fits
from sanjeh.web.pages.seen import Seen, of_figures, page
from sanjeh.web.pages.sides import nothing
from sanjeh.web.shell import dimension_name

PATH = "/topics/"
VOLUMES, WORKLOAD = ("conversations", "requests"), "workload_hours"
BESIDE = ("handle_time", "first_contact_resolution", "satisfied_share")
TOPICS = ("topic", "category", "topic_class")
USES, CHATS, URGENT = "tag_uses", "chats_with_tag", "high_priority_tag_uses"
TAGS = (USES, CHATS, URGENT, "tag_high_priority_share", "high_priority_tag_lift")
ACROSS = ("team", "agent", "topic")
MOST, PARETO, WIDE = 30, 12, 8
MOST_OF_IT = 0.8  # of the time: what stands within it is worth looking at first


@page
@of_figures
def show(request: HttpRequest, seen: Seen, asked: Asked, language: Language) -> tuple[str, Markup]:
    """Topics, then tags."""
    enquiry = enquiry_of(seen, asked)
    title = language.text("site.nav.topics")
    parts = [
        tag("h1", title),
        blocks.bar(asked, seen, language, PATH, enquiry=enquiry),
    ]  # fmt: skip
    sections = [
        _topics(enquiry, asked, language), _pareto(enquiry, asked, language),
        _tags(enquiry, asked, language),
        _matrix(enquiry, asked, language, request.GET.get("across", "")),
    ]  # fmt: skip
    if not any(sections):
        return title, render(parts, nothing(language, "topics"))
    return title, render(parts, sections)


def _topics(enquiry: Enquiry, asked: Asked, language: Language) -> Markup | None:
    """Topics by volume, with change, share, handle time, first contact resolution, satisfaction."""
    volume = next((v for v in VOLUMES if enquiry.has(v)), None)
    if volume is None:
        return None
    by = asked.by[0] if asked.by and asked.by[0] in TOPICS else TOPICS[0]
    grouped = Grouped(enquiry, asked, language, by, (volume, *BESIDE))
    if volume not in grouped.metrics or not any(g.key is not None for g in grouped.groups()):
        return None
    columns = [grouped.column(volume)]
    columns += [grouped.change(volume)] if enquiry.scope.compare else []
    columns += [grouped.share(volume), *(grouped.column(m) for m in grouped.metrics[1:])]
    options = [(dimension_name(language, d), asked.link(PATH, by=(d,)), d == by) for d in TOPICS]
    return tag(
        "section", tag("h2", language.text("site.topics.topics")),
        blocks.choice(language.text("site.figure.by"), options),
        grouped.table(PATH, columns, MOST),
    )  # fmt: skip


def _pareto(enquiry: Enquiry, asked: Asked, language: Language) -> Markup | None:
    """Topics by the time they take, with the part of all time up to each: what to reduce (V6)."""
    if not enquiry.has(WORKLOAD):
        return None
    grouped = Grouped(enquiry, asked, language, "topic", (WORKLOAD,))
    groups = [g for g in grouped.groups() if g.key is not None] if grouped.metrics else []
    rows = grouped.rows.get(WORKLOAD, {})
    steps = cumulated([(g.key, float(rows[g.key].value or 0)) for g in groups])
    if not groups or not steps:
        return None
    most = max(float(rows[g.key].value or 0) for g in groups)

    def bar(group: Group) -> Markup:
        inner = tag("span", style=f"width:{100 * float(rows[group.key].value or 0) / most:.1f}%")
        return render(tag("span", inner, class_="inbar", aria_hidden="true"),
                      shown(grouped.found[WORKLOAD], rows[group.key], language))  # fmt: skip

    columns = [
        Column(language.title(WORKLOAD), bar),
        Column(language.text("site.topics.so_far"), lambda g: language.percent(steps[g.key])),
    ]
    made = table(
        dimension_name(language, "topic"), groups[:PARETO], lambda g: grouped.link(PATH, g), columns
    )
    few = sum(1 for share in steps.values() if share < MOST_OF_IT) + 1
    said = language.text(
        "site.topics.few", few, n=language.number(few), all=language.number(len(groups)),
        share=language.percent(MOST_OF_IT),
    )  # fmt: skip
    return tag(
        "section", tag("h2", language.text("site.topics.reduce")),
        tag("p", said, class_="note"), made,
    )  # fmt: skip


def cumulated(parts: Sequence[tuple[Any, float]]) -> dict[Any, float]:
    """The share of the whole up to and with each part, in the order given; empty of nothing."""
    total, so_far = sum(size for _, size in parts), 0.0
    found: dict[Any, float] = {}
    for key, size in parts:
        so_far += size
        if total:
            found[key] = so_far / total
    return found


def _tags(enquiry: Enquiry, asked: Asked, language: Language) -> Markup | None:
    """Tags by use, and how much they stand on urgent matters (G3, G5)."""
    if not enquiry.has(USES) or not fits(enquiry, USES, asked_for(asked)):
        return None
    grouped = Grouped(enquiry, asked, language, "tag", TAGS)
    columns = [grouped.column(USES)]
    columns += [grouped.change(USES)] if enquiry.scope.compare else []
    columns += [grouped.column(m) for m in grouped.metrics if m != USES]
    made = grouped.table(PATH, columns, MOST)
    if made is None:
        return None
    lead = tag("p", language.text("site.topics.tags_lead"), class_="note")
    return tag("section", tag("h2", language.text("site.topics.tags"), id="tags"), lead, made)


def _matrix(enquiry: Enquiry, asked: Asked, language: Language, across: str) -> Markup | None:
    """Who uses which tags (G4): the most used tags against teams, agents or topics."""
    if not enquiry.has(USES) or not fits(enquiry, USES, asked_for(asked)):
        return None
    across = across if across in ACROSS else ACROSS[0]
    tags = [g for g in Grouped(enquiry, asked, language, "tag", (USES,)).groups() if g.key][:WIDE]
    lines = Grouped(enquiry, asked, language, across, (USES,))
    groups = lines.groups()[:MOST]
    if not tags or not groups:
        return None
    where = asked.question(USES).where
    found = enquiry.ask(USES, by=(across, "tag"), where=where, compare=False)
    each: dict[tuple[Any, Any], Result] = {
        (r.group[across]["key"], r.group["tag"]["key"]): r for r in found.results(USES) if r.group
    }

    def column(key: Any, name: str) -> Column:
        def used(group: Group) -> Any:
            result = each.get((group.key, key))
            return "—" if result is None else shown(found, result, language)

        return Column(tag("bdi", name), used)

    columns = [lines.column(USES), *(column(t.key, t.name) for t in tags)]
    options = [
        (dimension_name(language, d), f"{_and(asked.link(PATH))}across={d}#matrix", d == across)
        for d in ACROSS
    ]
    made = table(dimension_name(language, across), groups, lambda g: lines.link(PATH, g), columns)
    return tag(
        "section", tag("h2", language.text("site.topics.who"), id="matrix"),
        blocks.choice(language.text("site.figure.by"), options), made,
    )  # fmt: skip


def _and(link: str) -> str:
    return f"{link}{'&' if '?' in link else '?'}"
