"""Topics and tags by form (G0): names, categories, classes; renaming and joining lose nothing."""

from __future__ import annotations

import secrets
from typing import Any

from django.urls import reverse

from sanjeh.ledger.kinds import KINDS
from sanjeh.report.markup import Markup, render, tag
from sanjeh.steering.keeping import Row, as_given, state_of
from sanjeh.web.pages import blocks
from sanjeh.web.steering import history
from sanjeh.web.steering.forms import Field, Form, button
from sanjeh.web.steering.room import Body, Room, change, deleted, form_page, gone, room
from sanjeh.words import normalise

CLASSES = KINDS["topic"].by_name["class"].choices
TAG_KINDS = ("topic", "issue", "customer_attribute", "priority", "other")


def plain(identifier: str) -> str:
    """The source's own id."""
    return identifier.partition("/")[2]


def name_of(row: Row) -> str:
    """What a topic or tag is called."""
    return str(row["name"] or plain(row["id"]))


def _sorted(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda r: normalise(name_of(r)))


def _table(inside: Room, kind: str, heads: list[Markup], lines: list[Markup]) -> Markup:
    head = tag("tr", (tag("th", h, scope="col") for h in heads))
    new = tag(
        "p",
        tag("a", inside.say(f"{kind}s.new"), href=reverse(f"settings-{kind}-new"), class_="act"),
    )
    return render(
        new if inside.may_change else None,
        blocks.scrolling(head, lines) if lines else tag("p", inside.say(f"{kind}s.none")),
    )


# -- topics --------------------------------------------------------------------------------------


@room
def topics(inside: Room) -> Body:
    """All topics under their categories."""
    rows = inside.rows("topic")
    by_id = {r["id"]: r for r in rows}

    def order(row: Row) -> tuple[str, str]:
        above = by_id.get(row["parent_id"] or "")
        own = normalise(name_of(row))
        return (normalise(name_of(above)), own) if above else (own, "")

    lines = []
    for row in sorted(rows, key=order):
        above = by_id.get(row["parent_id"] or "")
        link = tag("a", tag("bdi", name_of(row)),
                   href=reverse("settings-topic", kwargs={"topic": row["id"]}))  # fmt: skip
        sort = inside.say(f"topics.class_{row['class']}") if row["class"] else "—"
        lines.append(
            tag("tr", tag("th", link, scope="row"),
                tag("td", tag("bdi", name_of(above)) if above else "—"),
                tag("td", sort), tag("td", tag("bdi", row["product"] or "—")))
        )  # fmt: skip
    heads = [inside.say(f"fields.{n}") for n in ("name", "parent_id", "class", "product")]
    title = inside.say("topics.title")
    body = render(inside.heading(title, inside.say("topics.lead")),
                  _table(inside, "topic", heads, lines))  # fmt: skip
    return title, body


@room
def new_topic(inside: Room) -> Body:
    """A form for a topic."""
    return _edit(inside, "topic", None) if inside.may_change else gone(inside)


@room
def topic(inside: Room, topic: str) -> Body:
    """One topic, and a form to change it."""
    return _one(inside, "topic", topic)


def _topic_fields(inside: Room, row: Row | None, source: str) -> list[Field]:
    under = _below(inside, row)
    parents = [
        (plain(r["id"]), name_of(r)) for r in _sorted(inside.rows("topic"))
        if r["source"] == source and r["id"] not in under
    ]  # fmt: skip
    classes = [(c, str(inside.say(f"topics.class_{c}"))) for c in CLASSES]
    return [
        Field("name", "settings.fields.name", is_required=True),
        Field("parent_id", "settings.fields.parent_id", form="choice",
              choices=[("", str(inside.say("topics.no_parent"))), *parents]),
        Field("class", "settings.fields.class", form="choice", choices=[("", "—"), *classes]),
        Field("product", "settings.fields.product"),
    ]  # fmt: skip


def _below(inside: Room, row: Row | None) -> set[str]:
    """A topic and all that stand under it: none of them can be its category."""
    if row is None:
        return set()
    found = {row["id"]}
    rows = inside.rows("topic")
    while more := {r["id"] for r in rows if r["parent_id"] in found} - found:
        found |= more
    return found


# -- tags ----------------------------------------------------------------------------------------


@room
def tags(inside: Room) -> Body:
    """All tags; those of one name, whatever the spelling, are one tag."""
    rows = _sorted(inside.rows("tag"))
    categories = {r["id"]: name_of(r) for r in inside.rows("topic")}
    lines = []
    for row in rows:
        link = tag(
            "a", tag("bdi", name_of(row)), href=reverse("settings-tag", kwargs={"tag": row["id"]})
        )
        same = [r for r in rows if normalise(name_of(r)) == normalise(name_of(row))]
        note = None
        if len(same) > 1:
            n = inside.language.number(len(same))
            note = tag("small", " ", inside.say("tags.one_of", n=n))
        sort = inside.say(f"tags.kind_{row['kind']}") if row["kind"] in TAG_KINDS else (
            tag("bdi", row["kind"]) if row["kind"] else "—"
        )  # fmt: skip
        yes = inside.language.text("site.yes")
        lines.append(
            tag("tr", tag("th", link, note, scope="row"), tag("td", sort),
                tag("td", tag("bdi", categories.get(row["category_id"] or "", "—"))),
                tag("td", yes if row["high_priority"] else "—"))
        )  # fmt: skip
    heads = [inside.say(f"fields.{n}") for n in ("name", "kind", "category_id", "high_priority")]
    title = inside.say("tags.title")
    body = render(inside.heading(title, inside.say("tags.lead")),
                  _table(inside, "tag", heads, lines))  # fmt: skip
    return title, body


@room
def new_tag(inside: Room) -> Body:
    """A form for a tag."""
    return _edit(inside, "tag", None) if inside.may_change else gone(inside)


@room
def tag_(inside: Room, tag: str) -> Body:
    """One tag, and a form to rename it, to join it to another, to change it."""
    return _one(inside, "tag", tag)


def _tag_fields(inside: Room, row: Row | None, source: str) -> list[Field]:
    kinds = [(k, str(inside.say(f"tags.kind_{k}"))) for k in TAG_KINDS]
    if row and row["kind"] and row["kind"] not in TAG_KINDS:
        kinds.append((row["kind"], row["kind"]))
    categories = [
        (plain(r["id"]), name_of(r)) for r in _sorted(inside.rows("topic")) if r["source"] == source
    ]
    return [
        Field("name", "settings.tags.name", is_required=True,
              suggestions=sorted({name_of(r) for r in inside.rows("tag")})),
        Field("kind", "settings.fields.kind", form="choice", choices=[("", "—"), *kinds]),
        Field("category_id", "settings.fields.category_id", form="choice",
              choices=[("", "—"), *categories]),
        Field("high_priority", "settings.tags.high_priority", form="check"),
        Field("active", "settings.tags.active", form="check"),
    ]  # fmt: skip


# -- both ----------------------------------------------------------------------------------------

FIELDS = {"topic": _topic_fields, "tag": _tag_fields}
REFERENCES = ("parent_id", "category_id")


def _one(inside: Room, kind: str, identity: str) -> Body:
    found = [r for r in inside.rows(kind) if r["id"] == identity]
    if not found:
        return gone(inside)
    if inside.request.POST.get("do") == "delete":
        return _delete(inside, kind, found[0])
    return _edit(inside, kind, found[0])


def _edit(inside: Room, kind: str, row: Row | None) -> Body:
    source = row["source"] if row else inside.source
    fields = FIELDS[kind](inside, row, source)
    start: dict[str, Any] = {"active": True} if row is None else {
        f.name: plain(row[f.name] or "") if f.name in REFERENCES else row[f.name] or ""
        for f in fields
    }  # fmt: skip
    if row:
        start["name"] = name_of(row)
        if kind == "tag":
            start["active"] = row["active"] is not False
    given = inside.request.POST if inside.request.method == "POST" else None
    form = Form(fields, inside.language, start, given)
    old = as_given(inside.ledger, kind, row) if row else {}
    if form.is_valid:
        record = {**old, "id": old.get("id") or f"{kind}-{secrets.token_hex(4)}", **form.values}
        about = str(form.values["name"])
        if row and name_of(row) != about:
            about = f"{name_of(row)} → {about}"
        response = inside.keep(
            [change(kind, record, source, inside.seen() if row else None)],
            f"changed a {kind}" if row else f"made a {kind}", about, form,
            reverse(f"settings-{kind}s"),
        )  # fmt: skip
        if response is not None:
            return response
    title = tag("bdi", name_of(row)) if row else inside.say(f"{kind}s.new")
    seen = state_of(inside.ledger, kind, {"id": old["id"]}, source) if row else None
    body = render(
        inside.heading(title, inside.say(f"{kind}s.form_lead") if inside.may_change else None,
                       (reverse(f"settings-{kind}s"), inside.say(f"{kind}s.title"))),
        form.html(inside.request, [("save", inside.say("save"))], seen=seen)
        if inside.may_change else None,
        button(inside.request, inside.say("delete"), inside.request.path, do="delete", seen=seen)
        if row and inside.may_change else None,
        tag("p", history.link(inside, kind, row["id"]), class_="note") if row else None,
    )  # fmt: skip
    return form_page(inside, name_of(row) if row else inside.say(f"{kind}s.new"), body, form)


def _delete(inside: Room, kind: str, row: Row) -> Body:
    made = deleted(change(kind, as_given(inside.ledger, kind, row), row["source"], inside.seen()))
    return inside.keep(
        [made], f"deleted a {kind}", name_of(row), None, reverse(f"settings-{kind}s"), "deleted"
    ) or gone(inside)  # fmt: skip
