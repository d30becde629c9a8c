"""The library of ready replies by form, with how often each is used."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.urls import reverse

from sanjeh.apps.desk import canned as library
from sanjeh.apps.desk.models import Canned, Member, Team
from sanjeh.report.markup import render, tag
from sanjeh.web.desk.settings.room import (
    LANGUAGES,
    act,
    changing,
    done,
    heading,
    language_name,
    now,
    row,
    say,
    table,
    text,
    wrong,
)
from sanjeh.web.steering.forms import Field, Form, button
from sanjeh.web.steering.room import Body, Room, form_page, gone

LATELY = dt.timedelta(days=30)
SHORTCUT = re.compile(r"/?[\w-]{1,40}")


@changing
def listed(inside: Room) -> Body:
    """All replies in use, the most used first."""
    lately = {u.reply.pk: u.count for u in library.usage(now() - LATELY)}
    n = inside.language.number
    lines = []
    for used in library.usage():
        reply = used.reply
        link = tag("a", tag("bdi", f"/{reply.shortcut}", dir="ltr"),
                   href=reverse("desk-reply", kwargs={"number": reply.pk}))  # fmt: skip
        spoken = language_name(inside, reply.language) if reply.language in LANGUAGES else "—"
        edited = inside.language.percent(used.edited_count / used.count) if used.count else "—"
        lines.append(
            row(link, tag("bdi", reply.title), spoken,
                tag("bdi", reply.team.name if reply.team else "—"), n(used.count),
                n(lately.get(reply.pk, 0)), edited)
        )  # fmt: skip
    heads = ("shortcut", "title", "language", "team", "used", "used_lately", "edited")
    body = render(
        heading(inside, "canned"), table(inside, heads, lines, "canned.none"),
        act(inside, "canned.new", "desk-reply-new"),
    )  # fmt: skip
    return say(inside, "canned.title"), body


@changing
def new(inside: Room) -> Body:
    """A form for a reply."""
    return _edit(inside, None)


@changing
def reply(inside: Room, number: int) -> Body:
    """One reply, and a form to change it or to take it out of use."""
    found = Canned.objects.filter(pk=number, is_active=True).first()
    if found is None:
        return gone(inside)
    if inside.request.POST.get("do") == "retire":
        library.retire(now(), found)
        return done(inside, "retired a canned reply", f"/{found.shortcut}", "desk-canned")
    return _edit(inside, found)


def _edit(inside: Room, held: Canned | None) -> Body:
    teams = [(str(t.pk), t.name) for t in Team.objects.filter(is_active=True).order_by("name")]
    spoken = [(c, str(language_name(inside, c))) for c in LANGUAGES]
    fields = [
        Field("shortcut", "desk.settings.fields.shortcut", is_required=True, latin=True),
        Field("title", "desk.settings.fields.title"),
        Field("body", "desk.settings.fields.body", read=text(8000), form="area",
              is_required=True, hint=str(say(inside, "canned.places", places=_places()))),
        Field("language", "desk.settings.fields.language", form="choice",
              choices=[("", str(say(inside, "any_language"))), *spoken]),
        Field("team", "desk.settings.fields.team", form="choice",
              choices=[("", str(say(inside, "all_teams"))), *teams]),
        Field("is_holding", "desk.settings.fields.is_holding", form="check"),
    ]  # fmt: skip
    start: dict[str, Any] = {} if held is None else {
        "shortcut": held.shortcut, "title": held.title, "body": held.body,
        "language": held.language, "team": str(held.team_id or ""), "is_holding": held.is_holding,
    }  # fmt: skip
    given = inside.request.POST if inside.request.method == "POST" else None
    form = Form(fields, inside.language, start, given)
    if form.is_sent:
        _check(inside, form, held)
    if form.is_valid:
        values = form.values
        made = library.keep(
            now(), Member.objects.filter(user__username=inside.place.name).first(),
            shortcut=values["shortcut"], title=values["title"] or "", body=values["body"],
            language=values["language"], is_holding=values["is_holding"], reply=held,
            team=Team.objects.filter(pk=values["team"]).first() if values["team"] else None,
        )  # fmt: skip
        action = "made a canned reply" if held is None else "changed a canned reply"
        return done(inside, action, f"/{made.shortcut}", "desk-canned")
    title = tag("bdi", f"/{held.shortcut}", dir="ltr") if held else say(inside, "canned.new")
    retire = None
    if held is not None:
        retire = button(inside.request, say(inside, "canned.retire"), inside.request.path,
                        do="retire")  # fmt: skip
    body = render(
        heading(inside, "reply", title, "canned"),
        form.html(inside.request, [("save", inside.say("save"))]), retire,
    )  # fmt: skip
    return form_page(inside, held.title if held else say(inside, "canned.new"), body, form)


def _places() -> str:
    return " ".join(f"{{{{{name}}}}}" for name in library.PLACES)


def _check(inside: Room, form: Form, held: Canned | None) -> None:
    """What the library would refuse is said beside its field."""
    shortcut = (form.values.get("shortcut") or "").lower()
    if shortcut and not SHORTCUT.fullmatch(shortcut):
        wrong(inside, form, "shortcut", "shortcut", given=shortcut)
    if unknown := library.unknown_places(form.values.get("body") or ""):
        wrong(inside, form, "body", "place", given=f"{{{{{unknown[0]}}}}}")
    same = Canned.objects.filter(
        is_active=True, shortcut=shortcut.lstrip("/"), language=form.values.get("language") or "",
        team=form.values.get("team") or None,
    )  # fmt: skip
    if any(other != held for other in same):
        wrong(inside, form, "shortcut", "taken", given=shortcut)
