"""Pieces that several pages are made of, as markup."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sanjeh.answers.periods import Clockwork, micros
from sanjeh.report.enquiry import plain
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages.asking import Asked

PRESETS = ("7d", "30d", "90d", "1y")


def link(text: Any, address: str, **more: Any) -> Markup:
    """A link."""
    return tag("a", text, href=address, **more)


def figure_path(metric: str) -> str:
    """The page of a metric's figure."""
    return f"/figure/{quote(metric, safe='@.~')}/"


def joined(asked: Asked) -> str:
    """The address's own parts, ready for more after them."""
    link = asked.link("")
    return "?" if link == "?" else link + "&"


def choice(
    heading: Any, options: Sequence[tuple[Any, str, bool]], name: str | None = None
) -> Markup:
    """A row of links of which one is chosen: (text, address, whether it is)."""
    items = [
        tag("li", link(text, address, aria_current="true" if chosen else None))
        for text, address, chosen in options
    ]
    return tag(
        "div", tag("span", heading, class_="label"), tag("ul", items), class_="choice", id=name
    )


def period_bar(asked: Asked, language: Language, path: str, shown: Any) -> Markup:
    """Which period and comparison the page is about, and how to choose others."""

    def say(key: str) -> Markup:
        return language.text(f"site.bar.{key}")

    given = asked.start or asked.end
    presets = [(say("default"), asked.link(path, start=None, end=None, last=None),
                not given and not asked.last)]  # fmt: skip
    presets += [
        (say(f"last_{p}"), asked.link(path, start=None, end=None, last=p), asked.last == p)
        for p in PRESETS
    ]
    compared = [
        (say("previous"), asked.link(path, compare="previous"), asked.compare == "previous"),
        (say("last_year"), asked.link(path, compare="last_year"), asked.compare == "last_year"),
        (say("alone"), asked.link(path, compare="none"), asked.compare == "none"),
    ]
    calendars = [
        (language.text(f"site.bar.{c}"), asked.link(path, calendar=c), asked.calendar == c)
        for c in ("gregorian", "jalali")
    ]
    fields = [
        tag("label", say(name), tag("input", name=name, value=value or "", inputmode="numeric",
            placeholder=language.text("site.bar.date_hint"), dir="ltr", size="12"))
        for name, value in (("from", asked.start), ("to", asked.end))
    ]  # fmt: skip
    rest = [tag("input", type="hidden", name=name, value=value) for name, value in _kept(asked)]
    form = tag(
        "form", fields, rest, tag("button", say("apply")), method="get", action=path,
        class_="dates",
    )  # fmt: skip
    more = tag(
        "details", tag("summary", say("change")), choice(say("period"), presets), form,
        choice(say("compare"), compared), choice(say("calendar"), calendars), class_="bar-more",
    )  # fmt: skip
    return tag("div", tag("p", shown, class_="bar-period"), more, class_="bar")


def _kept(asked: Asked) -> list[tuple[str, str]]:
    from sanjeh.web.pages.asking import hidden

    return list(hidden(asked, "from", "to", "last"))


def conditions(asked: Asked, language: Language, path: str) -> Markup | None:
    """The conditions in force, each with a link that lifts it."""
    if not asked.where:
        return None
    items = [
        tag("li", tag("bdi", text), " ", link(
            "×", asked.link(path, where=tuple(w for w in asked.where if w != text)),
            aria_label=str(language.text("site.bar.lift")),
        ))
        for text in asked.where
    ]  # fmt: skip
    return tag("ul", items, class_="conditions")


def open_hours(question: Mapping[str, Any], language: Language) -> Markup | None:
    """Which versions of open hours a figure was counted with; none where it needs none."""
    versions = question.get("open_hours")
    if not versions:
        return None
    clock = Clockwork(question["zone"], question["calendar"])
    said: list[Any] = []
    for version in versions:
        name = tag("bdi", version["name"] or plain(version["calendar"]))
        since = version["valid_from"]
        day = since and language.date(
            clock.local(micros(dt.datetime.fromisoformat(since))).date(), clock.calendar
        )
        key = "version" if since else "ever"
        said += [
            "; " if said else None,
            language.text(f"site.settings.versions.{key}", name=name, since=tag("bdi", day)),
        ]
    text = language.text("site.settings.versions.open_hours", versions=render(said))
    return tag("p", text, class_="note")


def notes(warnings: Sequence[str], language: Language) -> Markup | None:
    """Warnings of an answer."""
    if not warnings:
        return None
    return tag("ul", (tag("li", language.told(w)) for w in warnings), class_="notes")


def empty(language: Language, key: str, **parts: Any) -> Markup:
    """What a page says where there is nothing to show, and what to do."""
    return tag(
        "section", tag("h2", language.text(f"site.empty.{key}.title")),
        tag("p", language.text(f"site.empty.{key}.body", **parts)), class_="empty",
    )  # fmt: skip


def scrolling(heads: Markup, rows: Sequence[Markup]) -> Markup:
    """A table that scrolls sideways where it is too wide, by keyboard too."""
    made = tag("table", tag("thead", heads), tag("tbody", rows))
    return tag("div", made, class_="scroll", tabindex="0")


def cards(*parts: Any) -> Markup:
    """Cards in a grid."""
    return tag("div", render(*parts), class_="cards")


def refused(language: Language, why: str) -> Markup:
    """A question that could not be understood: why, and the way back."""
    return tag(
        "section", tag("h2", language.text("site.refused.title")),
        tag("p", language.told(why)), tag("p", link(language.text("site.refused.back"), "/")),
        class_="empty", role="alert",
    )  # fmt: skip
