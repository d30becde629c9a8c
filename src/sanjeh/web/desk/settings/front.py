"""The first page of the desk's settings: what can be set, and how it stands."""

from __future__ import annotations

from django.urls import reverse

from sanjeh.apps.desk.models import Canned, Member, Team
from sanjeh.apps.desk.rules import rules
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.desk.settings.room import changing, say
from sanjeh.web.steering.room import Body, Room

PAGES = ("members", "teams", "canned", "chat", "questions", "levels")


@changing
def show(inside: Room) -> Body:
    """All pages of the desk's settings."""
    counts = {
        "members": Member.objects.filter(is_active=True).count(),
        "teams": Team.objects.filter(is_active=True).count(),
        "canned": Canned.objects.filter(is_active=True).count(),
        "questions": len(rules().questions),
        "levels": len({r["id"] for r in inside.rows("escalation_level")}),
    }
    tiles = [_tile(inside, name, counts.get(name)) for name in PAGES]
    site, what = (inside.language.text(f"site.onsite.{key}") for key in ("title", "tile"))
    link = tag("a", site, href=reverse("settings-site"))
    tiles.append(tag("section", tag("h2", link), tag("p", what), class_="tile"))
    title = say(inside, "title")
    up = (reverse("console"), inside.language.text("site.desk.title"))
    head = inside.heading(title, say(inside, "lead"), up)
    return title, render(head, tag("div", tiles, class_="tiles"))


def _tile(inside: Room, name: str, count: int | None) -> Markup:
    link = tag("a", say(inside, f"{name}.title"), href=reverse(f"desk-{name}"))
    n = None if not count else inside.say("count", n=inside.language.number(count))
    return tag(
        "section", tag("h2", link), tag("p", say(inside, f"{name}.tile")),
        tag("p", n, class_="note") if n else None, class_="tile",
    )  # fmt: skip
