"""Members and teams by form. A member comes with a seat; who answers where is said here."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from sanjeh.apps.desk import members as desk_members
from sanjeh.apps.desk.models import Member, Team
from sanjeh.apps.desk.rules import rules
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.desk.settings.room import (
    LANGUAGES,
    act,
    changing,
    comma,
    done,
    heading,
    language_name,
    now,
    row,
    say,
    table,
    whole,
)
from sanjeh.web.steering.forms import Field, Form
from sanjeh.web.steering.hours import calendars
from sanjeh.web.steering.room import Body, Room, form_page, gone

MOST_CHATS, MOST_LEVEL = 30, 20


@changing
def members(inside: Room) -> Body:
    """Who answers: teams, languages, limit and presence."""
    lines = []
    for one in Member.objects.filter(is_active=True).order_by("name").prefetch_related("teams"):
        link = tag("a", tag("bdi", one.name),
                   href=reverse("desk-member", kwargs={"number": one.pk}))  # fmt: skip
        spoken = [str(language_name(inside, c)) for c in one.languages if c in LANGUAGES]
        status = inside.language.text(f"site.desk.console.presence.{one.status}")
        teams = comma(inside, (t.name for t in one.teams.all()))
        lines.append(
            row(link, tag("bdi", teams or "—"), comma(inside, spoken) or "—",
                inside.language.number(one.limit or rules().limit), status)
        )  # fmt: skip
    heads = ("name", "teams", "languages", "limit", "presence")
    people = None
    if inside.place.is_administrator:
        people = tag("p", tag("a", say(inside, "members.invite"), href=reverse("people")))
    body = render(heading(inside, "members"), table(inside, heads, lines, "members.none"), people)
    return say(inside, "members.title"), body


@changing
def member(inside: Room, number: int) -> Body:
    """One member, and a form to change them."""
    found = Member.objects.filter(pk=number, is_active=True).first()
    if found is None:
        return gone(inside)
    teams = [(str(t.pk), t.name) for t in Team.objects.filter(is_active=True).order_by("name")]
    spoken = [(c, str(language_name(inside, c))) for c in LANGUAGES]
    fields = [
        Field("name", "desk.settings.fields.shown_name", is_required=True),
        Field("teams", "desk.settings.fields.teams", form="several", choices=teams),
        Field("languages", "desk.settings.fields.languages", form="several", choices=spoken),
        Field("limit", "desk.settings.fields.limit", read=whole(1, MOST_CHATS), latin=True),
        Field("level", "desk.settings.fields.level", read=whole(1, MOST_LEVEL), latin=True,
              is_required=True),
    ]  # fmt: skip
    start: dict[str, Any] = {
        "name": found.name, "teams": [str(t.pk) for t in found.teams.all()],
        "languages": found.languages, "limit": found.limit or rules().limit, "level": found.level,
    }  # fmt: skip
    form = _form(inside, fields, start)
    if form.is_valid:
        given = form.values
        desk_members.change(
            now(), found, name=given["name"], languages=given["languages"], limit=given["limit"],
            level=given["level"], teams=Team.objects.filter(pk__in=given["teams"]),
        )  # fmt: skip
        return done(inside, "changed a member of the desk", given["name"], "desk-members")
    body = render(heading(inside, "member", tag("bdi", found.name), "members"), _html(inside, form))
    return form_page(inside, found.name, body, form)


@changing
def teams(inside: Room) -> Body:
    """Teams, who is in them, and the hours they go by."""
    named = {id_: str(rows[0]["name"] or id_) for id_, rows in calendars(inside).items()}
    lines = []
    for one in Team.objects.filter(is_active=True).order_by("name").prefetch_related("members"):
        link = tag("a", tag("bdi", one.name),
                   href=reverse("desk-team", kwargs={"number": one.pk}))  # fmt: skip
        there = comma(inside, (m.name for m in one.members.all() if m.is_active))
        hours = named.get(one.calendar) or str(say(inside, "as_the_chat"))
        lines.append(row(link, tag("bdi", there or "—"), tag("bdi", hours)))
    listed = table(inside, ("name", "members", "calendar"), lines, "teams.none")
    new = act(inside, "teams.new", "desk-team-new")
    return say(inside, "teams.title"), render(heading(inside, "teams"), listed, new)


@changing
def new_team(inside: Room) -> Body:
    """A form for a team."""
    return _team(inside, None)


@changing
def team(inside: Room, number: int) -> Body:
    """One team, and a form to change it."""
    found = Team.objects.filter(pk=number, is_active=True).first()
    return gone(inside) if found is None else _team(inside, found)


def _team(inside: Room, held: Team | None) -> Body:
    none = str(say(inside, "as_the_chat"))
    fields = [
        Field("name", "desk.settings.fields.name", is_required=True),
        calendar_field(inside, none),
    ]
    start = {"name": held.name, "calendar": held.calendar} if held else {}
    form = _form(inside, fields, start)
    if form.is_valid:
        name, calendar = form.values["name"], form.values["calendar"]
        if held is None:
            desk_members.make_team(now(), name, calendar)
        else:
            desk_members.change_team(now(), held, name=name, calendar=calendar)
        action = "made a team of the desk" if held is None else "changed a team of the desk"
        return done(inside, action, name, "desk-teams")
    title = tag("bdi", held.name) if held else say(inside, "teams.new")
    body = render(heading(inside, "team", title, "teams"), _html(inside, form))
    return form_page(inside, held.name if held else say(inside, "teams.new"), body, form)


def calendar_field(inside: Room, none: str) -> Field:
    """Which open hours: those of the home's settings, or none of its own."""
    known = [(id_, str(rows[0]["name"] or id_)) for id_, rows in calendars(inside).items()]
    return Field("calendar", "desk.settings.fields.calendar", form="choice",
                 choices=[("", none), *known])  # fmt: skip


def _form(inside: Room, fields: list[Field], start: dict[str, Any]) -> Form:
    given = inside.request.POST if inside.request.method == "POST" else None
    return Form(fields, inside.language, start, given)


def _html(inside: Room, form: Form) -> Markup:
    return form.html(inside.request, [("save", inside.say("save"))])
