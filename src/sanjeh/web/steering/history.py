"""The versions of anything that is set: who brought each, when, what it says; going back to one."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.urls import reverse

from sanjeh.report.markup import Markup, render, tag
from sanjeh.steering.keeping import Version, as_given, state_of, versions
from sanjeh.web.steering.forms import button
from sanjeh.web.steering.room import Body, Room, change, gone, room

KEPT = (
    "business_calendar", "holiday", "benchmark", "topic", "tag", "context_event", "settings",
    "team", "channel",
)  # fmt: skip
OWN = ("id", "source", "batch", "content", "record", "version_at", "external_id", "sequence")
PAGES = {
    "business_calendar": "hours", "holiday": "holidays", "benchmark": "targets",
    "topic": "settings-topics", "tag": "settings-tags", "context_event": "settings-events",
    "settings": "definitions",
    "team": "hours", "channel": "hours",
}  # fmt: skip


def link(inside: Room, kind: str, identity: str) -> Markup:
    """The way to the versions of a thing; of a calendar all, whatever they are valid from."""
    path = reverse("settings-history", kwargs={"kind": kind, "identity": identity})
    return tag("a", inside.say("history.link"), href=path)


def _of(inside: Room, kind: str, identity: str) -> list[Version]:
    if kind != "business_calendar":
        return versions(inside.ledger, kind, identity)
    return [v for v in versions(inside.ledger, kind) if v.row["id"] == identity]


@room
def show(inside: Room, kind: str, identity: str) -> Body:
    """Every version of one thing, newest first; a person may bring an earlier one back."""
    found = _of(inside, kind, identity) if kind in KEPT else []
    if not found:
        return gone(inside)
    if inside.request.method == "POST":
        return _restore(inside, kind, identity, found)
    name = next((n for v in found if (n := v.row.get("name") or v.row.get("title"))), identity)
    title = inside.say("history.title", name=tag("bdi", name))
    thing = as_given(inside.ledger, kind, found[0].row)
    seen = state_of(inside.ledger, kind, thing, found[0].row["source"])
    body = render(
        inside.heading(title, inside.say("history.lead"),
                       (reverse(PAGES[kind]), inside.say(f"kinds.{kind}"))),
        tag("ol", (_entry(inside, kind, identity, v, seen) for v in found), class_="history"),
    )  # fmt: skip
    return title, body


def _entry(inside: Room, kind: str, identity: str, version: Version, seen: int) -> Markup:
    who = tag("bdi", version.who) if version.who else "—"
    by = inside.say("history.by_person" if version.by_hand else "history.by_import", who=who,
                    at=inside.moment(version.at) or "—")  # fmt: skip
    state = None
    if version.is_deleted:
        state = inside.say("history.deleted")
    elif version.is_current:
        state = inside.say("history.current")
    back = None
    if inside.may_change and not version.is_deleted and not version.is_current:
        back = button(
            inside.request, inside.say("history.restore"), inside.request.path,
            batch=version.row["batch"], seen=seen,
        )  # fmt: skip
    return tag(
        "li", tag("p", by, " ", tag("strong", state) if state else None),
        tag("dl", (
            tag("div", tag("dt", field_name(inside, name)), tag("dd", value))
            for name, value in said(inside, version.row)
        )),
        back,
    )  # fmt: skip


def field_name(inside: Room, name: str) -> Any:
    """What a field of a record is called."""
    key = f"site.settings.fields.{name}"
    return inside.language.text(key) if inside.language.has(key) else name


def said(inside: Room, row: dict[str, Any]) -> list[tuple[str, Any]]:
    """The fields of a version that say something, in words."""
    found: list[tuple[str, Any]] = []
    for name, value in row.items():
        if value is None or name in OWN or name == "deleted_at":
            continue
        if isinstance(value, dt.datetime):
            found.append((name, inside.moment(value)))
        elif isinstance(value, dt.date):
            found.append((name, inside.date(value)))
        elif isinstance(value, bool):
            found.append((name, inside.language.text(f"site.{'yes' if value else 'no'}")))
        elif isinstance(value, int | float):
            found.append((name, inside.language.number(value)))
        else:
            found.append((name, tag("bdi", _plain(value))))
    return found


def _plain(value: Any) -> str:
    """Lists and structures as text."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(value)
    if text[:1] in "[{":
        read = json.loads(text)
        if isinstance(read, dict):
            return ", ".join(f"{k}: {v}" for k, v in read.items())
        return "; ".join(
            " ".join(str(v) for v in e.values()) if isinstance(e, dict) else str(e) for e in read
        )
    return text


def _restore(inside: Room, kind: str, identity: str, found: list[Version]) -> Body:
    number = inside.request.POST.get("batch", "")
    chosen = [v for v in found if str(v.row["batch"]) == number and not v.is_deleted]
    if not chosen:
        return gone(inside)
    source = chosen[0].row["source"]
    changes = [
        change(
            kind, as_given(inside.ledger, kind, v.row), source, inside.seen() if n == 0 else None
        )
        for n, v in enumerate(chosen)
    ]
    path = inside.request.path
    about = f"{kind} {identity}"
    return inside.keep(
        changes, "went back to an earlier version", about, None, path, "restored"
    ) or (gone(inside))
