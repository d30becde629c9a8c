"""Holidays by form: the days of a year, national ones to accept, each to be mended by hand."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from sanjeh.report.markup import Markup, render, tag
from sanjeh.steering.keeping import Change, Row, as_given, state_of
from sanjeh.steering.national import Suggested, UnknownCountry
from sanjeh.steering.national import suggested as national
from sanjeh.web.pages import blocks
from sanjeh.web.steering import history, hours, reading
from sanjeh.web.steering.forms import Field, Form, asked_by_link, button, hidden, refusal
from sanjeh.web.steering.reading import Wrong
from sanjeh.web.steering.room import Body, Room, change, deleted, form_page, gone, page, room
from sanjeh.words import ascii_digits, from_jalali, to_jalali

KINDS = ("public", "festival")
COUNTRIES = (
    "IR", "RU", "AF", "TJ", "TR", "AE", "IQ", "SA", "AM", "AZ", "GE", "KZ", "UZ", "BY", "UA",
    "DE", "FR", "GB", "NL", "IT", "ES", "SE", "US", "CA", "AU", "IN", "PK", "CN", "JP",
)  # fmt: skip
_CODE = re.compile(r"[A-Za-z]{2}")


def year_of(inside: Room, day: dt.date) -> int:
    """The year of a day in the home's month calendar."""
    return to_jalali(day)[0] if inside.clock.calendar == "jalali" else day.year


def ends_of(inside: Room, year: int) -> tuple[dt.date, dt.date]:
    """First and last day of a year, of the Jalali calendar where it is that small a number."""
    if year < reading.JALALI_BEFORE:
        return from_jalali(year, 1, 1), from_jalali(year + 1, 1, 1) - dt.timedelta(days=1)
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def asked_year(inside: Room) -> int:
    """The year in the address; else this one."""
    given = ascii_digits(inside.request.GET.get("year", "")).strip()
    today = dt.datetime.now(dt.UTC).astimezone(inside.clock.tz).date()
    if given.isdigit() and (1370 <= int(given) <= 1450 or 1991 <= int(given) <= 2075):
        return int(given)
    return year_of(inside, today)


@room
def listed(inside: Room) -> Body:
    """The holidays of a year, and the way to national ones."""
    year = asked_year(inside)
    first, last = ends_of(inside, year)
    rows = [r for r in inside.rows("holiday") if first <= r["date"] <= last]
    rows.sort(key=lambda r: (r["date"], r["calendar_id"] or ""))
    names = calendar_names(inside)
    lines = [_line(inside, r, names) for r in rows]
    heads = [inside.say(f"fields.{n}") for n in ("date", "name", "calendar_id", "open_intervals")]
    head = tag("tr", (tag("th", h, scope="col") for h in heads))
    years = [
        (inside.language.digits(str(y)), f"?year={y}", y == year)
        for y in range(year - 2, year + 3)
    ]  # fmt: skip
    title = inside.say("holidays.title")
    none = tag("p", inside.say("holidays.none", year=inside.language.digits(str(year))))
    body = render(
        inside.heading(title, inside.say("holidays.lead")),
        _ways(inside, year) if inside.may_change else None,
        blocks.choice(inside.say("holidays.year"), years),
        blocks.scrolling(head, lines) if lines else none,
    )  # fmt: skip
    return title, body


def _ways(inside: Room, year: int) -> Markup:
    new = tag("a", inside.say("holidays.new"), href=reverse("holiday-new"), class_="act")
    return render(tag("p", new), _ask(inside, "IR" if inside.language.code == "fa" else "", year))


def _ask(inside: Room, country: str, year: int) -> Markup:
    """The form that asks for a country's holidays."""
    known = inside.language.words["site"]["settings"]["countries"]
    options = sorted(((c, str(known[c])) for c in COUNTRIES), key=lambda pair: pair[1])
    options.sort(key=lambda pair: COUNTRIES.index(pair[0]) > 1)
    chosen = [
        tag("option", name, value=code, selected="selected" if code == country else None)
        for code, name in options
    ]  # fmt: skip
    other = country if country and country not in COUNTRIES else ""
    fields = [
        tag("label", inside.say("holidays.country"), " ", tag("select", chosen, name="country")),
        tag("label", inside.say("holidays.other"), " ",
            tag("input", name="code", value=other, size="4", maxlength="2", dir="ltr")),
        tag("label", inside.say("holidays.year"), " ",
            tag("input", name="year", value=year, size="6", inputmode="numeric", dir="ltr")),
    ]  # fmt: skip
    return asked_by_link(
        inside.language, reverse("holidays-suggested"), fields, inside.say("holidays.ask")
    )


def calendar_names(inside: Room) -> dict[str | None, Any]:
    """What each calendar is called; none is all of them."""
    found: dict[str | None, Any] = {
        id_: rows[0]["name"] or hours.plain(id_) for id_, rows in hours.calendars(inside).items()
    }
    return {None: str(inside.say("holidays.all")), **found}


def _line(inside: Room, row: Row, names: dict[str | None, Any]) -> Markup:
    link = tag(
        "a", tag("bdi", row["name"] or "—"), href=reverse("holiday", kwargs={"day": row["id"]})
    )
    written = reading.written_spans(_intervals(row))
    open_ = tag("bdi", inside.language.digits(written), dir="ltr") if written else (
        inside.say("hours.closed")
    )  # fmt: skip
    whose = names.get(row["calendar_id"], row["calendar_id"])
    return tag(
        "tr", tag("th", weekday_and_date(inside, row["date"]), scope="row"), tag("td", link),
        tag("td", tag("bdi", whose)), tag("td", open_),
    )  # fmt: skip


def weekday_and_date(inside: Room, day: dt.date) -> Markup:
    """A day with its weekday."""
    name = inside.language.text(
        f"site.settings.weekdays.{('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')[day.weekday()]}"
    )
    return render(inside.date(day), " ", tag("small", name))


def _intervals(row: Row) -> list[dict[str, str]]:
    given = json.loads(row["open_intervals"]) if row["open_intervals"] else []
    return [s if isinstance(s, dict) else {"from": s[0], "to": s[1]} for s in given]


# -- one day -------------------------------------------------------------------------------------


@room
def new(inside: Room) -> Body:
    """A form for a holiday."""
    return _edit(inside, None) if inside.may_change else gone(inside)


@room
def day(inside: Room, day: str) -> Body:
    """One holiday: to be mended, moved to another day, given hours, or taken away."""
    found = [r for r in inside.rows("holiday") if r["id"] == day]
    if not found:
        return gone(inside)
    if inside.request.POST.get("do") == "delete":
        row = found[0]
        made = deleted(_of(inside, row, inside.seen()))
        about = f"{row['date']} {row['name'] or ''}"
        return inside.keep(
            [made], "deleted a holiday", about, None, reverse("holidays"), "deleted"
        ) or gone(inside)  # fmt: skip
    return _edit(inside, found[0])


def _of(inside: Room, row: Row, seen: int | None) -> Change:
    return change("holiday", as_given(inside.ledger, "holiday", row), row["source"], seen)


def _fields(inside: Room, source: str) -> list[Field]:
    kinds = [(k, str(inside.say(f"holidays.kind_{k}"))) for k in KINDS]
    all_ = ("", str(inside.say("holidays.all")))
    return [
        Field("date", "settings.holidays.date", reading.day, is_required=True, latin=True),
        Field("name", "settings.fields.name", is_required=True),
        Field("kind", "settings.fields.kind", form="choice", choices=kinds),
        Field("calendar_id", "settings.fields.calendar_id", form="choice",
              choices=[all_, *hours.choices(inside, source)]),
        Field("open_intervals", "settings.holidays.hours", reading.spans, latin=True),
    ]  # fmt: skip


def _edit(inside: Room, row: Row | None) -> Body:
    source = row["source"] if row else inside.source
    start: dict[str, Any] = {"kind": "public"} if row is None else {
        "date": reading.written_day(row["date"], inside.clock.calendar),
        "name": row["name"] or "", "kind": row["kind"] if row["kind"] in KINDS else "public",
        "calendar_id": hours.plain(row["calendar_id"] or ""),
        "open_intervals": reading.written_spans(_intervals(row)),
    }  # fmt: skip
    given = inside.request.POST if inside.request.method == "POST" else None
    form = Form(_fields(inside, source), inside.language, start, given)
    if form.is_valid:
        response = _save(inside, form, row, source)
        if response is not None:
            return response
    title = tag("bdi", row["name"] or "—") if row else inside.say("holidays.new")
    old = as_given(inside.ledger, "holiday", row) if row else None
    seen = state_of(inside.ledger, "holiday", old, source) if old else None
    body = render(
        inside.heading(title, None, (reverse("holidays"), inside.say("holidays.title"))),
        form.html(inside.request, [("save", inside.say("save"))], seen=seen)
        if inside.may_change else None,
        button(inside.request, inside.say("delete"), inside.request.path, do="delete", seen=seen)
        if row and inside.may_change else None,
        tag("p", history.link(inside, "holiday", row["id"]), class_="note") if row else None,
    )  # fmt: skip
    return form_page(inside, str(start.get("name") or inside.say("holidays.new")), body, form)


def _save(inside: Room, form: Form, row: Row | None, source: str) -> HttpResponse | None:
    values = form.values
    record = {**values, "open_intervals": values["open_intervals"] or None}
    same = row is not None and (row["date"], hours.plain(row["calendar_id"] or "")) == (
        values["date"], values["calendar_id"],
    )  # fmt: skip
    changes = [change("holiday", record, source, inside.seen() if same else None)]
    if row is not None and not same:  # moved: the day where it stood is one no more
        changes.append(deleted(_of(inside, row, inside.seen())))
    if not same and _taken(inside, record, source):
        form.refuse("date", "taken", given=form.typed["date"])
        return None
    year = year_of(inside, values["date"])
    about = f"{values['date']} {values['name']}"
    return inside.keep(
        changes, "changed a holiday" if row else "made a holiday", about, form,
        f"{reverse('holidays')}?year={year}",
    )  # fmt: skip


def _taken(inside: Room, record: Row, source: str) -> bool:
    """Whether the calendar has a holiday on the day already."""
    whose = f"{source}/{record['calendar_id']}" if record["calendar_id"] else None
    return any(
        (r["source"], r["calendar_id"], r["date"]) == (source, whose, record["date"])
        for r in inside.rows("holiday")
    )


# -- national holidays ---------------------------------------------------------------------------


@room
def suggested(inside: Room) -> Body:
    """A country's holidays of a year: each to be taken, mended or left."""
    given = inside.request.GET
    code = (given.get("code") or given.get("country") or "").strip()
    year = asked_year(inside)
    title = inside.say("holidays.suggested", year=inside.language.digits(str(year)))
    head = inside.heading(title, None, (reverse("holidays"), inside.say("holidays.title")))
    if not inside.may_change:
        return gone(inside)
    try:
        if not _CODE.fullmatch(code):
            raise UnknownCountry(code)
        found = national(code, *ends_of(inside, year), inside.language.code)
    except UnknownCountry:
        said = inside.say("holidays.no_country", code=tag("bdi", code))
        ask = render(tag("p", said, role="alert", class_="error"), _ask(inside, code, year))
        return page(inside, title, render(head, ask), 422)
    if inside.request.method == "POST":
        response, errors = _accept(inside, found, code, year)
        if response is not None:
            return response
        return page(inside, title, render(head, _offer(inside, found, code, year, errors)), 422)
    return title, render(head, _offer(inside, found, code, year, {}))


def _offer(
    inside: Room, found: list[Suggested], code: str, year: int, errors: dict[str, Any]
) -> Markup:
    sent = inside.request.POST
    have = {r["date"] for r in inside.rows("holiday") if r["source"] == inside.source}
    lines = [_offered(inside, s, n, sent, s.on in have, errors) for n, s in enumerate(found)]
    heads = ["take", "date", "name", "hours_short"]
    head = tag("tr", (tag("th", inside.say(f"holidays.{h}"), scope="col") for h in heads))
    moon = None
    if any(s.by_moon for s in found):
        key = "moon_ir" if code.upper() == "IR" else "moon"
        moon = tag("p", inside.say(f"holidays.{key}"), class_="warning")
    choices = [("", str(inside.say("holidays.all"))), *hours.choices(inside, inside.source)]
    whose = sent.get("calendar_id", "")
    select = tag("select", (
        tag("option", name, value=value, selected="selected" if value == whose else None)
        for value, name in choices
    ), name="calendar_id")  # fmt: skip
    wrong = tag("p", inside.language.text("site.settings.mend"), class_="error", role="alert")
    where = f"{inside.request.path}?country={code}&year={year}"
    return render(
        tag("p", inside.say("holidays.suggested_lead")), moon, wrong if errors else None,
        tag("form", hidden(inside.request),
            tag("label", inside.say("fields.calendar_id"), " ", select),
            blocks.scrolling(head, lines),
            tag("p", tag("button", inside.say("holidays.accept")), class_="buttons"),
            method="post", action=where, class_="form wide"),
    )  # fmt: skip


def _offered(
    inside: Room, day: Suggested, n: int, sent: QueryDict, has: bool, errors: dict[str, Any]
) -> Markup:
    """One suggested day as fields: taken or not, its date, name and hours."""
    taken = (f"take-{n}" in sent) if sent else not has
    date = sent.get(f"date-{n}") or reading.written_day(day.on, inside.clock.calendar)
    name = sent.get(f"name-{n}") or day.name
    label = str(inside.language.date(day.on, inside.clock.calendar))
    wrong = {
        part: tag("span", errors[f"{part}-{n}"], class_="error", id=f"e-{part}-{n}")
        for part in ("date", "name", "hours") if f"{part}-{n}" in errors
    }  # fmt: skip

    def box(part: str, value: str, size: str, ltr: bool) -> Markup:
        return render(
            tag("input", name=f"{part}-{n}", value=value, size=size, dir="ltr" if ltr else "auto",
                aria_label=f"{inside.say(f'fields.{FIELD[part]}')}: {label}",
                aria_invalid="true" if part in wrong else None,
                aria_describedby=f"e-{part}-{n}" if part in wrong else None), wrong.get(part),
        )  # fmt: skip

    moon = tag("small", " ", inside.say("holidays.by_moon")) if day.by_moon else None
    have = tag("small", " ", inside.say("holidays.have")) if has else None
    check = tag("input", type="checkbox", name=f"take-{n}", value="yes", aria_label=label,
                checked="checked" if taken else None)  # fmt: skip
    return tag(
        "tr", tag("th", check, scope="row"),
        tag("td", box("date", date, "11", True),
            tag("small", " ", weekday_and_date(inside, day.on))),
        tag("td", box("name", name, "28", False), moon, have),
        tag("td", box("hours", sent.get(f"hours-{n}", ""), "12", True)),
    )  # fmt: skip


FIELD = {"date": "date", "name": "name", "hours": "open_intervals"}
READERS: dict[str, reading.Reader] = {
    "date": reading.day, "name": reading.words, "hours": reading.spans,
}  # fmt: skip


def _accept(
    inside: Room, found: list[Suggested], code: str, year: int
) -> tuple[HttpResponse | None, dict[str, Any]]:
    """Keep the days that were taken, as they were mended; else what is wrong with which field."""
    sent = inside.request.POST
    errors: dict[str, Any] = {}
    records: dict[dt.date, Row] = {}
    whose = sent.get("calendar_id", "")
    known = {value for value, _ in hours.choices(inside, inside.source)}
    for n, _ in enumerate(found):
        if f"take-{n}" not in sent:
            continue
        values: Row = {}
        for part, read in READERS.items():
            try:
                values[part] = read(sent.get(f"{part}-{n}", ""))
            except Wrong as wrong:
                errors[f"{part}-{n}"] = refusal(inside.language, wrong.key, wrong.parts)
        if errors:
            continue
        records[values["date"]] = {
            "date": values["date"], "name": values["name"], "kind": "public",
            "calendar_id": whose if whose in known else None,
            "open_intervals": values["hours"] or None,
        }  # fmt: skip
    if errors or not records:
        return None, errors or {"none": ""}
    changes = [change("holiday", r, inside.source, None) for r in records.values()]
    back = f"{reverse('holidays')}?year={year}"
    about = f"{code.upper()} {year}: {len(records)}"
    return inside.keep(changes, "accepted national holidays", about, None, back), errors
