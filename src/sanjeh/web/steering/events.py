"""What happened around the work (Z3.1): releases, outages, campaigns; drawn on every trend."""

from __future__ import annotations

import secrets
from typing import Any

from django.urls import reverse

from sanjeh.ledger.kinds import KINDS
from sanjeh.metrics.catalogue import METRICS
from sanjeh.report.markup import Markup, render, tag
from sanjeh.steering.keeping import Row, as_given, state_of
from sanjeh.web.pages import blocks
from sanjeh.web.steering import history, reading
from sanjeh.web.steering.forms import Field, Form, button
from sanjeh.web.steering.room import Body, Room, change, deleted, form_page, gone, room

SORTS = KINDS["context_event"].by_name["kind"].choices
SCOPE = ("product", "feature", "channel", "topic", "segment", "url")
SHOWN = 200


def sort_name(inside: Room, sort: str | None) -> str:
    """What a sort of event is called."""
    return str(inside.language.text(f"events.{sort}")) if sort else "—"


def events(inside: Room) -> list[Row]:
    """All events, the newest first."""
    rows = [r for r in inside.rows("context_event") if r["at"] is not None]
    return sorted(rows, key=lambda r: (r["at"], r["id"]), reverse=True)


@room
def listed(inside: Room) -> Body:
    """All events, each with its time, title and what it touches."""
    rows = events(inside)
    title = inside.say("events.title")
    heads = [inside.say(f"fields.{n}") for n in ("at", "until", "kind", "title", "scope")]
    head = tag("tr", (tag("th", h, scope="col") for h in heads))
    lines = [_line(inside, r) for r in rows[:SHOWN]]
    act = tag(
        "p", tag("a", inside.say("events.new"), href=reverse("settings-event-new"), class_="act")
    )
    cut = None
    if len(rows) > SHOWN:
        cut = tag("p", inside.say("cut", n=inside.language.number(SHOWN)), class_="note")
    body = render(
        inside.heading(title, inside.say("events.lead")),
        act if inside.may_change else None,
        blocks.scrolling(head, lines) if lines else tag("p", inside.say("events.none")), cut,
    )  # fmt: skip
    return title, body


def _line(inside: Room, row: Row) -> Markup:
    path = reverse("settings-event", kwargs={"event": row["id"]})
    name = tag("a", tag("bdi", row["title"] or "—"), href=path)
    scope = dict(history.said(inside, {"scope": row["scope"]})).get("scope")
    return tag(
        "tr", tag("th", inside.moment(row["at"]), scope="row"),
        tag("td", inside.moment(row["until"]) or "—"),
        tag("td", sort_name(inside, row["kind"])), tag("td", name), tag("td", scope or "—"),
    )  # fmt: skip


def fields(inside: Room, sort: str | None) -> list[Field]:
    """The fields of an event; a decision also has the figure that it is to move."""
    sorts = [("", "—"), *((s, sort_name(inside, s)) for s in SORTS)]
    at = reading.instant(inside.clock)
    found = [
        Field("kind", "settings.fields.kind", form="choice", choices=sorts, is_required=True),
        Field("title", "settings.fields.title", is_required=True),
        Field("at", "settings.events.at", at, is_required=True, latin=True),
        Field("until", "settings.events.until", at, latin=True),
        Field("ref", "settings.fields.ref"),
        *(Field(f"scope-{n}", f"settings.events.scope_{n}", suggestions=_known(inside, n))
          for n in SCOPE),
    ]  # fmt: skip
    named = [("", "—"), *((m, inside.language.title(m)) for m in METRICS)]
    return [
        *found,
        Field("metric", "settings.events.metric", form="choice", choices=named,
              is_required=sort == "decision"),
    ]  # fmt: skip


def _known(inside: Room, name: str) -> list[str]:
    kind, field = {"channel": ("channel", "code"), "topic": ("topic", "name")}.get(name, ("", ""))
    return sorted({str(r[field]) for r in inside.rows(kind) if r[field]}) if kind else []


@room
def new(inside: Room) -> Body:
    """A form for an event."""
    if not inside.may_change:
        return gone(inside)
    sort = inside.request.GET.get("kind", "")
    start = {"kind": sort if sort in SORTS else "", "metric": inside.request.GET.get("metric", "")}
    return _edit(inside, None, start)


@room
def event(inside: Room, event: str) -> Body:
    """One event: what is known, and a form to correct it."""
    found = [r for r in inside.rows("context_event") if r["id"] == event]
    if not found:
        return gone(inside)
    row = found[0]
    record = as_given(inside.ledger, "context_event", row)
    if inside.request.POST.get("do") == "delete":
        made = deleted(change("context_event", record, row["source"], inside.seen()))
        return inside.keep(
            [made], "deleted an event", str(row["title"] or event), None,
            reverse("settings-events"), "deleted",
        ) or gone(inside)  # fmt: skip
    scope = record.get("scope") or {}
    start: Row = {
        "kind": record.get("kind") or "", "title": record.get("title") or "",
        "at": reading.written_instant(row["at"], inside.clock),
        "until": reading.written_instant(row["until"], inside.clock),
        "ref": record.get("ref") or "",
        **{f"scope-{n}": scope.get(n) or "" for n in SCOPE},
        "metric": scope.get("metric") or "",
    }  # fmt: skip
    return _edit(inside, row, start)


def _edit(inside: Room, row: Row | None, start: dict[str, Any]) -> Body:
    given = inside.request.POST if inside.request.method == "POST" else None
    sort = given.get("kind") if given is not None else start["kind"]
    form = Form(fields(inside, sort), inside.language, start, given)
    if form.is_valid and form.values["until"] and form.values["until"] < form.values["at"]:
        form.refuse("until", "before_start", given=form.typed["until"])
    source = row["source"] if row else inside.source
    old = as_given(inside.ledger, "context_event", row) if row else {}
    if form.is_valid:
        given_scope = {n: form.values[f"scope-{n}"] for n in SCOPE} | {
            "metric": form.values["metric"]
        }
        kept = old.get("scope") or {}
        scope = {k: v for k, v in {**kept, **given_scope}.items() if v}
        record = {
            **old, "id": old.get("id") or f"event-{secrets.token_hex(4)}",
            **{n: form.values[n] for n in ("kind", "title", "at", "until", "ref")},
            "scope": scope or None,
        }  # fmt: skip
        back = reverse("decisions" if record["kind"] == "decision" else "settings-events")
        response = inside.keep(
            [change("context_event", record, source, inside.seen() if row else None)],
            "changed an event" if row else "wrote down an event",
            f"{record['kind']}: {record['title']}", form, back,
        )  # fmt: skip
        if response is not None:
            return response
    title = tag("bdi", start["title"]) if row else inside.say("events.new")
    seen = state_of(inside.ledger, "context_event", {"id": old["id"]}, source) if row else None
    body = render(
        inside.heading(title, inside.say("events.form_lead"),
                       (reverse("settings-events"), inside.say("events.title"))),
        form.html(inside.request, [("save", inside.say("save"))], seen=seen)
        if inside.may_change else None,
        button(inside.request, inside.say("delete"), inside.request.path, do="delete", seen=seen)
        if row and inside.may_change else None,
        tag("p", history.link(inside, "context_event", row["id"]), class_="note") if row else None,
    )  # fmt: skip
    return form_page(inside, str(start.get("title") or inside.say("events.new")), body, form)
