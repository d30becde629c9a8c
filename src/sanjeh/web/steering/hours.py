"""Open hours by form (A1): calendars and their versions, exceptions, and who goes by which."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from sanjeh.answers.periods import WEEKDAYS, Clockwork, moment
from sanjeh.hours import HoursError, Schedule, schedules_from_records
from sanjeh.hours.records import weekday
from sanjeh.report.markup import Markup, render, tag
from sanjeh.steering.keeping import Row, as_given, state_of
from sanjeh.web.pages import blocks
from sanjeh.web.steering import history, reading
from sanjeh.web.steering.definitions import settings_record
from sanjeh.web.steering.forms import Field, Form, button
from sanjeh.web.steering.reading import Wrong
from sanjeh.web.steering.room import Body, Room, change, deleted, form_page, gone, room

LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
MOST_EXCEPTIONS = 400


def schedules(inside: Room, more: list[Row] | None = None) -> dict[str, Schedule]:
    """The schedules of all calendars by id; `more`: calendars that are not written yet."""
    rows = [*inside.rows("business_calendar"), *(more or [])]
    return schedules_from_records(rows, inside.rows("holiday"))


def calendars(inside: Room) -> dict[str, list[Row]]:
    """The versions of each calendar, newest first."""
    found: dict[str, list[Row]] = {}
    for row in inside.rows("business_calendar"):
        found.setdefault(row["id"], []).append(row)
    for rows in found.values():
        rows.sort(key=lambda r: r["valid_from"] or LONG_AGO, reverse=True)
    return dict(sorted(found.items()))


def choices(inside: Room, source: str) -> list[tuple[str, str]]:
    """Calendars of one source to choose among, by the id as the source writes it."""
    return [
        (plain(id_), str(rows[0]["name"] or plain(id_)))
        for id_, rows in calendars(inside).items()
        if rows[0]["source"] == source
    ]


def plain(identifier: str) -> str:
    """The source's own id."""
    return identifier.partition("/")[2]


# -- the list ------------------------------------------------------------------------------------


@room
def listed(inside: Room) -> Body:
    """All calendars, what they say now, and who goes by which."""
    known = calendars(inside)
    if inside.request.method == "POST":
        return _use(inside)
    cards = [_card(inside, id_, rows) for id_, rows in known.items()]
    new = tag("p", tag("a", inside.say("hours.new"), href=reverse("calendar-new"),
                       class_="act")) if inside.may_change else None  # fmt: skip
    body = render(
        inside.heading(inside.say("hours.title"), inside.say("hours.lead")),
        tag("div", cards, class_="tiles") if cards else tag("p", inside.say("hours.none")),
        new,
        _use_section(inside) if known else None,
    )
    return inside.say("hours.title"), body


def _card(inside: Room, id_: str, rows: list[Row]) -> Markup:
    now = [r for r in rows if (r["valid_from"] or LONG_AGO) <= dt.datetime.now(dt.UTC)]
    row = (now or rows)[0]
    facts = [week_in_words(inside, row), state_in_words(inside, id_), used_by(inside, id_)]
    if len(rows) > 1:
        facts.append(inside.say("hours.versions", n=inside.language.number(len(rows))))
    name = tag("bdi", row["name"] or plain(id_))
    link = tag("a", name, href=reverse("calendar", kwargs={"calendar": id_}))
    return tag("section", tag("h2", link), (tag("p", f) for f in facts if f), class_="tile")


def week_in_words(inside: Room, row: Row) -> Markup:
    """The week of a version in a line: days of the same hours together."""
    zone = tag("bdi", row["tz"] or "UTC", dir="ltr")
    if row["always_open"]:
        return inside.say("hours.always_in", zone=zone)
    days = week_of(row)
    first = WEEKDAYS.index(inside.clock.week_start)
    order = [*WEEKDAYS[first:], *WEEKDAYS[:first]]
    runs: list[tuple[list[str], str]] = []
    for name in order:
        written = reading.written_spans(days[name])
        if runs and runs[-1][1] == written:
            runs[-1][0].append(name)
        elif written:
            runs.append(([name], written))
        else:
            runs.append(([name], ""))
    said = []
    for names, hours in runs:
        if not hours:
            continue
        spoken = [
            inside.language.text(f"site.settings.weekdays.{n}") for n in (names[0], names[-1])
        ]
        days_text = spoken[0] if len(names) == 1 else f"{spoken[0]} – {spoken[1]}"
        said.append(render(days_text, " ", tag("bdi", inside.language.digits(hours), dir="ltr")))
    joined: list[Any] = []
    for n, part in enumerate(said):
        joined += [inside.say("between") if n else None, part]
    return render(*joined, " · ", zone) if said else inside.say("hours.never", zone=zone)


def week_of(row: Row) -> dict[str, list[dict[str, str]]]:
    """The spans of each day of a version."""
    found: dict[str, list[dict[str, str]]] = {name: [] for name in WEEKDAYS}
    given = json.loads(row["weekly"]) if row["weekly"] else []
    if isinstance(given, dict):
        given = [
            {"dow": day, "from": s["from"] if isinstance(s, dict) else s[0],
             "to": s["to"] if isinstance(s, dict) else s[1]}
            for day, spans in given.items() for s in spans
        ]  # fmt: skip
    for entry in given:
        found[WEEKDAYS[weekday(entry["dow"])]].append({"from": entry["from"], "to": entry["to"]})
    return found


def state_in_words(inside: Room, id_: str, more: list[Row] | None = None) -> Markup | None:
    """Open this week so long, the next opening or closing; None where the records are at odds."""
    try:
        schedule = schedules(inside, more).get(id_)
    except HoursError as error:
        return tag("span", str(error), class_="error", lang="en", dir="ltr")
    return None if schedule is None else told(inside, schedule, dt.datetime.now(dt.UTC))


def told(inside: Room, schedule: Schedule, now: dt.datetime) -> Markup:
    """What a schedule says of this week and of now."""
    clock = inside.clock
    monday = clock.floor(now.astimezone(clock.tz).date(), "week")
    ends = (moment(clock.instant(d)) for d in (monday, monday + dt.timedelta(days=7)))
    seconds = schedule.seconds_between(*ends)
    hours = inside.say("hours.this_week", n=inside.language.number(round(seconds / 3600, 2)))
    is_open = schedule.is_open(now)
    other = schedule.next_closing(now) if is_open else schedule.next_opening(now)
    key = "open_until" if is_open else "opens_at"
    if other is None:
        after = inside.say("hours.open_always" if is_open else "hours.opens_never")
    else:
        after = inside.say(f"hours.{key}", at=inside.moment(other))
    return render(hours, " ", after)


def used_by(inside: Room, id_: str) -> Markup | None:
    """Who goes by a calendar."""
    found: list[Any] = []
    if inside.settings.get("calendar_id") == id_:
        found.append(inside.say("hours.is_default"))
    for kind in ("team", "channel"):
        names = [r["name"] or r.get("code") or plain(r["id"]) for r in inside.rows(kind)
                 if r["calendar_id"] == id_]  # fmt: skip
        if names:
            said = tag("bdi", "، ".join(names) if inside.language.code == "fa" else
                       ", ".join(names))  # fmt: skip
            found.append(inside.say(f"hours.of_{kind}", names=said))
    return render(*(render(" · " if n else "", part) for n, part in enumerate(found))) or None


# -- who goes by which ---------------------------------------------------------------------------


def _use_fields(inside: Room) -> tuple[list[Field], dict[str, str], dict[str, tuple[str, Row]]]:
    """A choice for the whole and for each team and channel, and what they stand at now."""
    fields, start, things = [], {}, {}
    none = ("", str(inside.say("hours.no_own")))
    default = choices(inside, inside.source)
    fields.append(
        Field("default", "settings.hours.default", form="choice",
              choices=[("", str(inside.say("hours.no_default"))), *default])
    )  # fmt: skip
    start["default"] = plain(inside.settings.get("calendar_id") or "")
    for kind in ("team", "channel"):
        for row in sorted(inside.rows(kind), key=lambda r: str(r["id"])):
            offered = choices(inside, row["source"])
            name = f"{kind}-{row['id']}"
            said = row["name"] or row.get("code") or plain(row["id"])
            label = str(inside.say(f"hours.{kind}_named", name=said))
            fields.append(
                Field(name, "settings.hours.default", form="choice", choices=[none, *offered],
                      label=label)
            )  # fmt: skip
            start[name] = plain(row["calendar_id"] or "")
            things[name] = (kind, row)
    return fields, start, things


def _use_section(inside: Room, form: Form | None = None) -> Markup:
    fields, start, _ = _use_fields(inside)
    head = tag("h2", inside.say("hours.who"))
    if not inside.may_change:
        return render(head, tag("p", inside.say("hours.who_lead"), class_="note"))
    form = form or Form(fields, inside.language, start)
    seen = max((int(r["batch"]) for k in ("team", "channel", "settings")
                for r in inside.all_rows(k)), default=0)  # fmt: skip
    return render(
        head, tag("p", inside.say("hours.who_lead"), class_="note"),
        form.html(inside.request, [("use", inside.say("save"))], seen=seen),
    )  # fmt: skip


def _use(inside: Room) -> Body:
    fields, start, things = _use_fields(inside)
    form = Form(fields, inside.language, start, inside.request.POST)
    back = reverse("hours")
    now = max((int(r["batch"]) for k in ("team", "channel", "settings")
               for r in inside.all_rows(k)), default=0)  # fmt: skip
    if form.is_valid and inside.seen() not in (None, now):
        form.refuse_all(inside.say("conflict_short"))
    if form.is_valid:
        changes = []
        for name, value in form.values.items():
            if value == start[name]:
                continue
            if name == "default":
                record = settings_record(inside)
                changes.append(
                    change("settings", {**record, "calendar_id": value}, inside.source, None)
                )
                continue
            kind, row = things[name]
            record = as_given(inside.ledger, kind, row)
            changes.append(change(kind, {**record, "calendar_id": value}, row["source"], None))
        if not changes:
            return HttpResponse(status=303, headers={"Location": back})
        about = ", ".join(f"{n}: {form.values[n] or '-'}" for n in form.values
                          if form.values[n] != start[n])  # fmt: skip
        response = inside.keep(changes, "changed who goes by which hours", about, form, back)
        if response is not None:
            return response
    body = render(inside.heading(inside.say("hours.title")), _use_section(inside, form))
    return form_page(inside, inside.say("hours.title"), body, form)


# -- one calendar --------------------------------------------------------------------------------


@room
def new(inside: Room) -> Body:
    """A form for a calendar that is not there yet."""
    if not inside.may_change:
        return gone(inside)
    start: Row = {
        "name": "", "tz": inside.settings.get("tz") or "UTC", "kind": "week", "valid_from": "",
        **{f"day-{d}": "" for d in WEEKDAYS}, "exceptions": "",
    }  # fmt: skip
    return _edit(inside, None, [], start)


@room
def calendar(inside: Room, calendar: str) -> Body:
    """One calendar: its versions, and a form for the next one."""
    rows = calendars(inside).get(calendar)
    if rows is None:
        return gone(inside)
    if inside.request.POST.get("do") == "delete":
        return _delete(inside, calendar, rows)
    newest = rows[0]
    today = dt.datetime.now(dt.UTC).astimezone(inside.clock.tz).date()
    start: Row = {
        "name": newest["name"] or plain(calendar), "tz": newest["tz"] or "UTC",
        "kind": "always" if newest["always_open"] else "week",
        "valid_from": reading.written_day(today, inside.clock.calendar),
        **{f"day-{d}": reading.written_spans(s) for d, s in week_of(newest).items()},
        "exceptions": _written_exceptions(inside, newest),
    }  # fmt: skip
    return _edit(inside, calendar, rows, start)


def _fields(inside: Room) -> list[Field]:
    first = WEEKDAYS.index(inside.clock.week_start)
    order = [*WEEKDAYS[first:], *WEEKDAYS[:first]]
    kinds = [(k, str(inside.say(f"hours.kind_{k}"))) for k in ("week", "always")]
    days = [
        Field(f"day-{d}", "settings.hours.day", reading.spans, latin=True,
              label=str(inside.say(f"weekdays.{d}")), hint=" " if n else None)
        for n, d in enumerate(order)
    ]  # fmt: skip
    return [
        Field("name", "settings.hours.name", is_required=True),
        Field("tz", "settings.hours.tz", reading.zone, is_required=True, latin=True,
              suggestions=("Asia/Tehran", "Europe/Moscow", "UTC", "Europe/Berlin", "Asia/Dubai")),
        Field("kind", "settings.hours.kind", form="choice", choices=kinds),
        *days,
        Field("exceptions", "settings.hours.exceptions", lambda t: _exceptions(t), form="area"),
        Field("valid_from", "settings.hours.valid_from", reading.day, latin=True),
    ]  # fmt: skip


def _exceptions(text: str) -> list[Row]:
    """A line a day: the date, then its hours, or nothing where it is closed."""
    found = []
    for line in text.splitlines():
        date, _, hours = line.strip().partition(" ")
        if date:
            found.append({"date": reading.day(date).isoformat(), "intervals": reading.spans(hours)})
    if len(found) > MOST_EXCEPTIONS:
        raise Wrong("many", most=MOST_EXCEPTIONS, given=len(found))
    return found


def _written_exceptions(inside: Room, row: Row) -> str:
    given = json.loads(row["exceptions"]) if row["exceptions"] else []
    if isinstance(given, dict):
        given = [{"date": d, "intervals": s} for d, s in given.items()]
    lines = []
    for entry in given:
        on = reading.written_day(dt.date.fromisoformat(entry["date"]), inside.clock.calendar)
        hours = reading.written_spans(entry["intervals"] or [])
        lines.append(f"{on} {hours or inside.say('hours.closed')}")
    return "\n".join(lines)


def _edit(inside: Room, id_: str | None, rows: list[Row], start: Row) -> Body:
    source = rows[0]["source"] if rows else inside.source
    given = inside.request.POST if inside.request.method == "POST" else None
    form = Form(_fields(inside), inside.language, start, given)
    own = plain(id_) if id_ else None
    record = _record(form) if form.is_valid else None
    preview = None
    if record is not None and form.is_valid:
        preview = _preview(inside, record, id_ or f"{source}/new")
        if given is not None and given.get("do") == "save":
            written = {**record, "id": own or f"cal-{secrets.token_hex(4)}"}
            about = f"{form.values['name']} ({written['id']})"
            back = reverse("calendar", kwargs={"calendar": f"{source}/{written['id']}"})
            response = inside.keep(
                [change("business_calendar", written, source, inside.seen())],
                "changed open hours" if own else "made open hours", about, form, back,
            )  # fmt: skip
            if response is not None:
                return response
    title = tag("bdi", start["name"]) if id_ else inside.say("hours.new")
    seen = state_of(inside.ledger, "business_calendar", {"id": own}, source) if own else None
    buttons = [("save", inside.say("save_version" if own else "save")),
               ("preview", inside.say("hours.preview"))]  # fmt: skip
    body = render(
        inside.heading(title, state_in_words(inside, id_) if id_ else inside.say("hours.new_lead"),
                       (reverse("hours"), inside.say("hours.title"))),
        _versions(inside, rows),
        tag("h2", inside.say("hours.change")) if id_ and inside.may_change else None,
        tag("p", inside.say("hours.change_lead"), class_="note")
        if id_ and inside.may_change else None,
        tag("p", inside.say("hours.preview_says"), " ", preview, role="status", class_="done")
        if preview else None,
        form.html(inside.request, buttons, seen=seen) if inside.may_change else None,
        _removal(inside, id_, seen) if id_ and inside.may_change else None,
    )  # fmt: skip
    return form_page(inside, start["name"] or inside.say("hours.new"), body, form)


def _record(form: Form) -> Row | None:
    """The version that the form describes; None where it is at odds with itself."""
    given = form.values
    valid = given["valid_from"]
    clock = Clockwork(given["tz"])
    since = moment(clock.instant(valid)) if valid is not None else None
    weekly = [
        {"dow": d, **span} for d in WEEKDAYS for span in (given[f"day-{d}"] or [])
    ]  # fmt: skip
    always = given["kind"] == "always"
    if not always and not weekly:
        form.refuse("kind", "no_hours")
        return None
    if always and weekly:
        form.refuse("kind", "always_and_hours")
        return None
    return {
        "name": given["name"], "tz": given["tz"], "always_open": True if always else None,
        "weekly": None if always else weekly, "exceptions": given["exceptions"] or None,
        "valid_from": since,
    }  # fmt: skip


def _preview(inside: Room, record: Row, name: str) -> Markup:
    """What the hours would say if they were in force now."""
    holidays = [h for h in inside.rows("holiday") if h["calendar_id"] in (None, name)]
    only = {**record, "id": name, "valid_from": None}
    schedule = schedules_from_records([only], holidays)[name]
    return told(inside, schedule, dt.datetime.now(dt.UTC))


def _versions(inside: Room, rows: list[Row]) -> Markup | None:
    """The versions of a calendar: since when, which hours, written when."""
    if not rows:
        return None
    heads = [inside.say(f"hours.{k}") for k in ("since", "hours", "written")]
    lines = [
        tag("tr",
            tag("th", _since(inside, r), scope="row"),
            tag("td", week_in_words(inside, r)),
            tag("td", inside.moment(r["version_at"]) or "—"))
        for r in rows
    ]  # fmt: skip
    head = tag("tr", (tag("th", h, scope="col") for h in heads))
    link = history.link(inside, "business_calendar", rows[0]["id"])
    return render(blocks.scrolling(head, lines), tag("p", link, class_="note"))


def _since(inside: Room, row: Row) -> Markup:
    """The day from which a version holds, on the calendar's own wall clock."""
    if row["valid_from"] is None:
        return inside.say("hours.since_ever")
    local = row["valid_from"].astimezone(Clockwork(row["tz"] or "UTC").tz).date()
    return tag("bdi", inside.language.date(local, inside.clock.calendar))


def _removal(inside: Room, id_: str, seen: int | None) -> Markup:
    if used_by(inside, id_):
        return tag("p", inside.say("hours.in_use"), class_="note")
    return button(inside.request, inside.say("delete"), inside.request.path, do="delete",
                  seen=seen or 0)  # fmt: skip


def _delete(inside: Room, id_: str, rows: list[Row]) -> Body:
    if used_by(inside, id_):
        return HttpResponse(status=303, headers={"Location": inside.request.path})
    changes = [
        deleted(change("business_calendar", as_given(inside.ledger, "business_calendar", r),
                       r["source"], inside.seen() if n == 0 else None))
        for n, r in enumerate(rows)
    ]  # fmt: skip
    return inside.keep(
        changes, "deleted open hours", id_, None, reverse("hours"), "deleted"
    ) or gone(inside)  # fmt: skip
