"""The first page of the settings: what can be set, and how it stands now."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse

from sanjeh.metrics.options import OPTIONS
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.people.trail import trace
from sanjeh.web.steering import refreshing
from sanjeh.web.steering.room import Body, Room, room

# Pages of the settings and the kind of record that each is about.
PAGES = {
    "hours": "business_calendar", "holidays": "holiday", "targets": "benchmark",
    "topics": "topic", "tags": "tag", "events": "context_event", "decisions": "context_event",
    "definitions": "settings",
}  # fmt: skip


@room
def show(inside: Room) -> Body:
    """All pages of the settings, each with what is in force."""
    tiles = [
        _tile(inside, reverse(_address(name)), inside.say(f"{name}.title"),
              inside.say(f"{name}.tile"), _now(inside, name))
        for name in PAGES
    ]  # fmt: skip
    title, what = (inside.language.text(f"site.surveys.{k}") for k in ("title", "tile"))
    tiles.append(_tile(inside, reverse("settings-surveys"), title, what, None))
    if inside.place.viewer.scope is None:
        title, what = (inside.language.text(f"site.closing.{k}") for k in ("title", "tile"))
        tiles.append(_tile(inside, reverse("closed"), title, what, None))
    title, what = (inside.language.text(f"site.onsite.{k}") for k in ("title", "tile"))
    tiles.append(_tile(inside, reverse("settings-site"), title, what, None))
    if inside.place.is_administrator:
        for name in ("people", "trail"):
            tiles.append(
                _tile(inside, reverse(name), inside.say(f"people.{name}_title"),
                      inside.say(f"people.{name}_tile"), None)
            )  # fmt: skip
    lead = inside.say("lead" if inside.may_change else "lead_read")
    head = render(tag("h1", inside.say("title")), tag("p", lead, class_="lead"), inside.standing())
    return inside.say("title"), render(head, tag("div", tiles, class_="tiles"))


def _address(name: str) -> str:
    """The name of a page's address: topics, tags and events have pages of figures besides."""
    return f"settings-{name}" if name in ("topics", "tags", "events") else name


def _tile(inside: Room, path: str, title: Any, what: Any, now: Any) -> Markup:
    return tag(
        "section", tag("h2", tag("a", title, href=path)), tag("p", what),
        tag("p", now, class_="note") if now else None, class_="tile",
    )  # fmt: skip


def _now(inside: Room, name: str) -> Markup | None:
    """How many there are, or what differs from the product's own choice."""
    if name == "definitions":
        changed = sum(v != OPTIONS[n].default for n, v in inside.options.items())
        return (
            inside.say("definitions.changed", n=inside.language.number(changed))
            if changed
            else None
        )
    rows = inside.rows(PAGES[name])
    if name == "decisions":
        rows = [r for r in rows if r["kind"] == "decision"]
    ids = {r["id"] for r in rows}
    return inside.say("count", n=inside.language.number(len(ids))) if ids else None


@room
def refresh(inside: Room) -> Body:
    """Bring the figures up to what was written."""
    if inside.request.method == "POST":
        refreshing.begin(inside.place.name)
        trace(inside.place.name, "brought figures up to date")
    return HttpResponseRedirect(reverse("settings"))
