"""What the pages of the desk's settings share: who may open them, words, readers, going back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.people.trail import trace
from sanjeh.web.steering.forms import Field, Form
from sanjeh.web.steering.reading import Reader, Wrong
from sanjeh.web.steering.reading import number as any_number
from sanjeh.web.steering.room import Body, Room, refused, room

LANGUAGES = ("en", "fa", "ru")


def changing(view: Callable[..., Body]) -> Callable[..., HttpResponse]:
    """A page for administrators and managers only, for reading too."""

    @wraps(view)
    def handle(inside: Room, **parts: Any) -> Body:
        return view(inside, **parts) if inside.may_change else refused(inside)

    return room(handle)


def say(inside: Room, key: str, **parts: Any) -> Markup:
    """Words of the desk's settings."""
    return inside.language.text(f"site.desk.settings.{key}", **parts)


def now() -> dt.datetime:
    """The instant, for who is at the edge."""
    return dt.datetime.now(dt.UTC)


def done(inside: Room, action: str, about: str, name: str, **parts: Any) -> HttpResponse:
    """Leave a line on the trail and go back to a page, which says that it was saved."""
    trace(inside.place.name, action, about)
    return HttpResponseRedirect(f"{reverse(name, kwargs=parts or None)}?done=saved")


def heading(inside: Room, key: str, title: Any = None, up: str | None = None) -> Markup:
    """The way up, the title and the lead of a page. up: the key of the list that it belongs to."""
    above = "desk-settings" if up is None else f"desk-{up}"
    way = say(inside, "title" if up is None else f"{up}.title")
    lead = say(inside, f"{key}.lead")
    return inside.heading(title or say(inside, f"{key}.title"), lead, (reverse(above), way))


def whole(least: int, most: int) -> Reader:
    """A reader of whole numbers within bounds."""

    def read(text: str) -> int:
        value = any_number(text)
        if value != int(value) or not least <= value <= most:
            raise Wrong("between", given=text, least=least, most=most)
        return int(value)

    return read


def text(most: int) -> Reader:
    """A reader of a text of several lines."""

    def read(given: str) -> str:
        if len(given) > most:
            raise Wrong("long", most=most, given=len(given))
        return given.strip()

    return read


def lines(text: str) -> list[str]:
    """A reader of lists: one a line."""
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if len(found) > 100:
        raise Wrong("many", most=100, given=len(found))
    return found


def by_language(inside: Room, name: str, words: str, form: str = "text") -> list[Field]:
    """A field for each language, of a text that customers read."""
    label = inside.language.text(f"site.{words}")
    return [
        Field(
            f"{name}-{code}", words, read=text(1000), form=form,
            label=str(render(label, " (", language_name(inside, code), ")")),
        )
        for code in LANGUAGES
    ]  # fmt: skip


def language_name(inside: Room, code: str) -> Markup:
    """What a language is called."""
    return inside.language.text(f"site.desk.console.languages.{code}")


def joined(form: Form, name: str) -> dict[str, str]:
    """What was written in each language, those left empty left out."""
    found = {code: form.values.get(f"{name}-{code}") for code in LANGUAGES}
    return {code: value for code, value in found.items() if value}


def spread(name: str, held: dict[str, str]) -> dict[str, str]:
    """The other way: how the fields begin."""
    return {f"{name}-{code}": held.get(code, "") for code in LANGUAGES}


def wrong(inside: Room, form: Form, name: str, key: str, **parts: Any) -> None:
    """Say beside a field why it cannot be taken, in words of the desk's own."""
    shown = {k: tag("bdi", v) for k, v in parts.items()}
    form.errors.setdefault(name, say(inside, f"wrong.{key}", **shown))


def comma(inside: Room, parts: Iterable[str]) -> str:
    """A list in words."""
    return ("، " if inside.language.code == "fa" else ", ").join(parts)


def table(inside: Room, heads: Iterable[str], rows: list[Markup], none: str) -> Markup:
    """A table, or the words that there is nothing yet."""
    if not rows:
        return tag("p", say(inside, none), class_="note")
    head = tag("tr", (tag("th", say(inside, f"fields.{h}"), scope="col") for h in heads))
    return tag("div", tag("table", tag("thead", head), tag("tbody", rows)), class_="scroll",
               tabindex="0", role="region", aria_label=say(inside, "table"))  # fmt: skip


def row(first: Any, *cells: Any) -> Markup:
    """A row whose first cell names it."""
    return tag("tr", tag("th", first, scope="row"), (tag("td", c) for c in cells))


def act(inside: Room, key: str, name: str) -> Markup:
    """A link to the form of something new."""
    return tag("p", tag("a", say(inside, key), href=reverse(name), class_="act"))
