"""How chats run, by form: what customers read and are asked, how long they wait and for whom."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from sanjeh.apps.desk.rules import change, rules
from sanjeh.report.markup import render, tag
from sanjeh.web.desk.settings.members import calendar_field
from sanjeh.web.desk.settings.room import (
    act,
    by_language,
    changing,
    done,
    heading,
    joined,
    lines,
    now,
    row,
    say,
    spread,
    table,
    whole,
    wrong,
)
from sanjeh.web.steering.forms import Field, Form, button
from sanjeh.web.steering.room import Body, Room, form_page, gone

TEXTS = ("title", "greeting", "privacy")
# Numbers of rules that are set here, with the least and the most that make sense.
NUMBERS = {
    "limit": (1, 30), "offer_seconds": (5, 600), "wrapup_seconds": (0, 3600),
    "ignored_until_away": (1, 20), "idle_away_seconds": (60, 14_400),
    "patience_seconds": (60, 7200), "idle_close_seconds": (60, 86_400),
    "visitor_away_seconds": (30, 7200),
}  # fmt: skip
KINDS = ("text", "email", "choice", "long")
MOST_QUESTIONS = 10


@changing
def show(inside: Room) -> Body:
    """The form of what holds for all chats."""
    held = rules()
    fields = [
        *(field for name in TEXTS for field in by_language(
            inside, name, f"desk.settings.fields.chat_{name}", "text" if name == "title" else "area"
        )),
        calendar_field(inside, str(say(inside, "always_open"))),
        *(Field(name, f"desk.settings.fields.{name}", read=whole(*bounds), is_required=True,
                latin=True) for name, bounds in NUMBERS.items()),
        Field("has_sound", "desk.settings.fields.has_sound", form="check"),
    ]  # fmt: skip
    start: dict[str, Any] = {"calendar": held.calendar, "has_sound": held.has_sound}
    start |= {name: getattr(held, name) for name in NUMBERS}
    for name in TEXTS:
        start |= spread(name, getattr(held, name))
    given = inside.request.POST if inside.request.method == "POST" else None
    form = Form(fields, inside.language, start, given)
    if form.is_valid:
        values: dict[str, Any] = {name: form.values[name] for name in NUMBERS}
        values |= {name: joined(form, name) for name in TEXTS}
        values |= {"calendar": form.values["calendar"], "has_sound": form.values["has_sound"]}
        new = {name: value for name, value in values.items() if value != getattr(held, name)}
        change(now(), **new)
        return done(inside, "changed how chats run", ", ".join(new), "desk-chat")
    body = render(
        heading(inside, "chat"), form.html(inside.request, [("save", inside.say("save"))])
    )
    return form_page(inside, say(inside, "chat.title"), body, form)


# -- questions before the chat ---------------------------------------------------------------------


@changing
def questions(inside: Room) -> Body:
    """What customers are asked before a chat, in its order."""
    held = rules().questions
    if inside.request.method == "POST":
        return _move(inside, held)
    rows = []
    for n, one in enumerate(held):
        link = tag("a", tag("bdi", _label(inside, one)),
                   href=reverse("desk-question", kwargs={"name": one["name"]}))  # fmt: skip
        up = button(inside.request, "↑", inside.request.path, up=one["name"]) if n else None
        needed = inside.language.text("site.yes") if one.get("required") else "—"
        rows.append(row(link, say(inside, f"kinds.{one['kind']}"), needed, up))
    listed = table(inside, ("question", "kind", "required", "order"), rows, "questions.none")
    new = act(inside, "questions.new", "desk-question-new") if len(held) < MOST_QUESTIONS else None
    return say(inside, "questions.title"), render(heading(inside, "questions"), listed, new)


def _move(inside: Room, held: list[dict[str, Any]]) -> HttpResponse:
    """Bring a question before the one above it."""
    names = [one["name"] for one in held]
    moved = inside.request.POST.get("up", "")
    if moved not in names[1:]:
        return done(inside, "changed the questions before a chat", "", "desk-questions")
    n, order = names.index(moved), list(held)
    order[n - 1], order[n] = order[n], order[n - 1]
    change(now(), questions=order)
    return done(inside, "changed the questions before a chat", moved, "desk-questions")


@changing
def new_question(inside: Room) -> Body:
    """A form for a question."""
    return _question(inside, None)


@changing
def question(inside: Room, name: str) -> Body:
    """One question, and a form to change it or to ask it no longer."""
    held = rules().questions
    found = next((one for one in held if one["name"] == name), None)
    if found is None:
        return gone(inside)
    if inside.request.POST.get("do") == "delete":
        change(now(), questions=[one for one in held if one["name"] != name])
        about = str(_label(inside, found))
        return done(inside, "changed the questions before a chat", about, "desk-questions")
    return _question(inside, found)


def _question(inside: Room, held: dict[str, Any] | None) -> Body:
    kinds = [(k, str(say(inside, f"kinds.{k}"))) for k in KINDS]
    fields = [
        *by_language(inside, "label", "desk.settings.fields.question"),
        Field("kind", "desk.settings.fields.kind", form="choice", choices=kinds, is_required=True),
        Field("choices", "desk.settings.fields.choices", read=lines, form="area"),
        Field("required", "desk.settings.fields.required", form="check"),
    ]
    start: dict[str, Any] = {"kind": "text"} if held is None else {
        **spread("label", held["label"]), "kind": held["kind"],
        "choices": "\n".join(held.get("choices") or []), "required": held.get("required"),
    }  # fmt: skip
    given = inside.request.POST if inside.request.method == "POST" else None
    form = Form(fields, inside.language, start, given)
    if form.is_sent and not joined(form, "label"):
        wrong(inside, form, "label-en", "no_label")
    if form.is_sent and form.values.get("kind") == "choice" and not form.values.get("choices"):
        wrong(inside, form, "choices", "no_choices")
    if form.is_valid:
        made = {
            "name": held["name"] if held else f"q{secrets.token_hex(3)}",
            "label": joined(form, "label"), "kind": form.values["kind"],
            "choices": form.values["choices"] or [], "required": form.values["required"],
        }  # fmt: skip
        asked = rules().questions
        kept = [made if one["name"] == made["name"] else one for one in asked]
        change(now(), questions=kept if held else [*asked, made][:MOST_QUESTIONS])
        about = str(_label(inside, made))
        return done(inside, "changed the questions before a chat", about, "desk-questions")
    title = tag("bdi", _label(inside, held)) if held else say(inside, "questions.new")
    drop = None
    if held is not None:
        drop = button(inside.request, inside.say("delete"), inside.request.path, do="delete")
    body = render(
        heading(inside, "question", title, "questions"),
        form.html(inside.request, [("save", inside.say("save"))]), drop,
    )  # fmt: skip
    return form_page(inside, say(inside, "questions.title"), body, form)


def _label(inside: Room, one: dict[str, Any]) -> str:
    """A question in the reader's language, else in any."""
    label: dict[str, str] = one["label"]
    return label.get(inside.language.code) or next(iter(label.values()), one["name"])
