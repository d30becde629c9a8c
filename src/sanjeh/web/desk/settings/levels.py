"""The escalation matrix by form: its levels are records of the ledger, versions and all."""

from __future__ import annotations

import secrets
from typing import Any

from django.urls import reverse

from sanjeh.apps.desk import surroundings
from sanjeh.report.markup import render, tag
from sanjeh.steering.keeping import Row, as_given, state_of
from sanjeh.web.desk.settings.room import act, changing, heading, row, say, table, whole
from sanjeh.web.steering.forms import Field, Form, button
from sanjeh.web.steering.labels import plain
from sanjeh.web.steering.reading import number
from sanjeh.web.steering.room import Body, Room, change, deleted, form_page, gone

KIND, MATRIX = "escalation_level", "desk"


@changing
def listed(inside: Room) -> Body:
    """The levels, from the first upwards."""
    rows = []
    for one in sorted(inside.rows(KIND), key=lambda r: (r["order"] or 0, r["id"])):
        order = inside.language.number(one["order"] or 0)
        link = tag("a", order, href=reverse("desk-level", kwargs={"level": one["id"]}))
        minutes = inside.language.number(one["max_minutes"]) if one["max_minutes"] else "—"
        rows.append(row(link, tag("bdi", one["role"] or "—"), minutes))
    listed_ = table(inside, ("order", "level_role", "max_minutes"), rows, "levels.none")
    body = render(heading(inside, "levels"), listed_, act(inside, "levels.new", "desk-level-new"))
    return say(inside, "levels.title"), body


@changing
def new(inside: Room) -> Body:
    """A form for a level."""
    return _edit(inside, None)


@changing
def level(inside: Room, level: str) -> Body:
    """One level, and a form to change or delete it."""
    found = next((r for r in inside.rows(KIND) if r["id"] == level), None)
    if found is None:
        return gone(inside)
    if inside.request.POST.get("do") == "delete":
        given = as_given(inside.ledger, KIND, found)
        made = deleted(change(KIND, given, found["source"], inside.seen()))
        response = inside.keep(
            [made], "deleted an escalation level", str(found["role"] or found["order"]), None,
            reverse("desk-levels"), "deleted",
        )  # fmt: skip
        surroundings.forget()
        return response or gone(inside)
    return _edit(inside, found)


def _edit(inside: Room, held: Row | None) -> Body:
    source = held["source"] if held else inside.source
    fields = [
        Field("order", "desk.settings.fields.order", read=whole(1, 20), is_required=True,
              latin=True),
        Field("role", "desk.settings.fields.level_role", is_required=True),
        Field("max_minutes", "desk.settings.fields.max_minutes", read=number, latin=True),
    ]  # fmt: skip
    start: dict[str, Any] = {} if held is None else {
        "order": held["order"], "role": held["role"] or "", "max_minutes": held["max_minutes"] or ""
    }  # fmt: skip
    given = inside.request.POST if inside.request.method == "POST" else None
    form = Form(fields, inside.language, start, given)
    old = as_given(inside.ledger, KIND, held) if held else {}
    if form.is_valid:
        record = {
            "matrix_id": MATRIX, **old, "id": old.get("id") or f"level-{secrets.token_hex(4)}",
            **form.values,
        }  # fmt: skip
        action = "changed an escalation level" if held else "made an escalation level"
        response = inside.keep(
            [change(KIND, record, source, inside.seen() if held else None)], action,
            str(form.values["role"]), form, reverse("desk-levels"),
        )  # fmt: skip
        if response is not None:
            surroundings.forget()
            return response
    title = tag("bdi", held["role"] or plain(held["id"])) if held else say(inside, "levels.new")
    seen = state_of(inside.ledger, KIND, {"id": old["id"]}, source) if held else None
    drop = None
    if held is not None:
        drop = button(inside.request, inside.say("delete"), inside.request.path, do="delete",
                      seen=seen)  # fmt: skip
    body = render(
        heading(inside, "level", title, "levels"),
        form.html(inside.request, [("save", inside.say("save"))], seen=seen), drop,
    )  # fmt: skip
    return form_page(inside, say(inside, "levels.title"), body, form)
