"""Pieces that several pages are made of, as markup."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sanjeh.answers.periods import Clockwork, micros
from sanjeh.report.enquiry import Enquiry, plain
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages.asking import Asked

if TYPE_CHECKING:
    from sanjeh.web.pages.seen import Seen


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


def bar(
    asked: Asked, seen: Seen, language: Language, path: str, *figures: str,
    enquiry: Enquiry | None = None, heading: bool = True, clock: bool = False,
) -> Markup:  # fmt: skip
    """What a page is about, and how to ask for something else; see `sanjeh.web.pages.bar`."""
    from sanjeh.web.pages import bar as made

    return made.bar(
        asked, seen, language, path, *figures, enquiry=enquiry, heading=heading, clock=clock
    )


def passed(enquiry: Enquiry, language: Language) -> Markup | None:
    """Which figures of a page its conditions could not apply to."""
    from sanjeh.web.pages import bar as made

    return made.passed(enquiry, language)


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
            language.text("site.settings.between") if said else None,
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


def refused(language: Language, why: str, path: str | None = None) -> Markup:
    """A question that could not be understood: why, and the way back."""
    return tag(
        "section", tag("h2", language.text("site.refused.title")),
        tag("p", language.told(why)),
        tag("p", link(language.text("site.asking.same_without"), path)) if path else None,
        tag("p", link(language.text("site.refused.back"), "/")),
        class_="empty", role="alert",
    )  # fmt: skip
