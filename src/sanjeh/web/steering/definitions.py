"""How figures are counted and shown in the whole home: options of the definitions, zone, week."""

from __future__ import annotations

from typing import Any

from django.conf import settings as site_settings
from django.http import HttpResponse
from django.urls import reverse

from sanjeh.answers.periods import WEEKDAYS
from sanjeh.metrics.options import OPTIONS, Option
from sanjeh.report.markup import Markup, render, tag
from sanjeh.steering.keeping import Row, as_given, state_of
from sanjeh.web.steering import history, reading
from sanjeh.web.steering.forms import Field, Form
from sanjeh.web.steering.reading import Wrong
from sanjeh.web.steering.room import Body, Room, change, form_page, room

# Where an option stands on the page, by the first part of its name.
GROUPS = {
    "counting": ("noise", "agent_started", "duration", "agents", "small_n"),
    "response": ("frt", "response"),
    "missed": ("missed",),
    "tickets": ("reopen",),
    "contacts": ("first_contact", "return_contact", "repeat"),
    "satisfaction": ("csat", "survey", "nps"),
    "content": ("messages", "length", "tags", "canned"),
    "handling": ("timespent", "chat", "aht", "transfer"),
    "targets": ("benchmark", "target", "training"),
}


def group_of(name: str) -> str:
    """The part of the page that an option stands in."""
    first = name.partition(".")[0]
    return next((g for g, firsts in GROUPS.items() if first in firsts), "counting")


def meaning(inside: Room, option: Option) -> str:
    """What an option decides, in the reader's language."""
    return str(inside.language.words["site"]["settings"]["options"]["meaning"][option.name])


def choice(inside: Room, option: Option, value: str) -> str:
    """What one of an option's choices is called: in its own words, else in those of all."""
    known = inside.language.words["site"]["settings"]["options"]["choice"]
    return str(known.get(f"{option.name}={value}") or known.get(value, value))


def in_words(inside: Room, option: Option, value: str) -> str:
    """A value of an option as it is shown: its choice in words, or the number with its unit."""
    if option.choices:
        return choice(inside, option, value)
    unit = inside.language.words["site"]["settings"]["options"]["unit"].get(
        option.unit, option.unit
    )
    return f"{inside.language.number(float(value))} {unit}".strip()


def _field(inside: Room, option: Option) -> Field:
    default = in_words(inside, option, option.default)
    acts = inside.language.text(f"site.settings.options.acts.{option.acts}")
    hint = str(inside.say("definitions.default", value=default, acts=acts))
    name = f"o-{option.name}"
    if option.choices:
        choices = [(c, choice(inside, option, c)) for c in option.choices]
        return Field(name, "settings.definitions.options", form="choice", choices=choices,
                     label=meaning(inside, option), hint=hint)  # fmt: skip
    return Field(name, "settings.definitions.options", _amount, is_required=True, latin=True,
                 label=meaning(inside, option), hint=hint)  # fmt: skip


def _amount(text: str) -> str:
    """A number of zero or more, as the settings keep it."""
    value = reading.number(text)
    if not 0 <= value < 1e9:
        raise Wrong("amount", given=text)
    return str(int(value)) if value.is_integer() else repr(value)


def _shown_fields(inside: Room) -> list[Field]:
    days = [(d, str(inside.language.text(f"site.settings.weekdays.{d}"))) for d in WEEKDAYS]
    calendars = [(c, str(inside.say(f"definitions.{c}"))) for c in ("gregorian", "jalali")]
    return [
        Field("tz", "settings.definitions.tz", reading.zone, is_required=True, latin=True,
              suggestions=("Asia/Tehran", "Europe/Moscow", "UTC")),
        Field("week_start", "settings.definitions.week_start", form="choice", choices=days),
        Field("weekend", "settings.definitions.weekend", form="several", choices=days),
        Field("month_calendar", "settings.definitions.month_calendar", form="choice",
              choices=calendars),
        Field("locale", "settings.definitions.locale", form="choice",
              choices=site_settings.LANGUAGES),
    ]  # fmt: skip


@room
def show(inside: Room) -> Body:
    """The options with their meaning, default and present value; and how dates are shown."""
    record = settings_record(inside)
    fields = _shown_fields(inside)
    options = [_field(inside, o) for o in OPTIONS.values()]
    start: Row = {
        "tz": record.get("tz") or "UTC", "week_start": record.get("week_start") or "mon",
        "weekend": record.get("weekend") or [],
        "month_calendar": record.get("month_calendar") or "gregorian",
        "locale": record.get("locale") or "en",
        **{f"o-{n}": inside.options.get(n, o.default) for n, o in OPTIONS.items()},
    }  # fmt: skip
    seen = state_of(inside.ledger, "settings", {}, inside.source)
    given = inside.request.POST if inside.request.method == "POST" else None
    form = Form([*fields, *options], inside.language, start, given)
    if form.is_valid:
        response = _save(inside, form, record)
        if response is not None:
            return response
    title = inside.say("definitions.title")
    groups = [_group(inside, form, g, options) for g in GROUPS]
    body = render(
        inside.heading(title, inside.say("definitions.lead")),
        _form(inside, form, fields, groups, seen),
    )
    return form_page(inside, title, body, form)


def _group(inside: Room, form: Form, group: str, options: list[Field]) -> Markup:
    mine = [f for f in options if group_of(f.name.removeprefix("o-")) == group]
    changed = sum(form.typed[f.name] != OPTIONS[f.name.removeprefix("o-")].default for f in mine)
    count = None
    if changed:
        count = tag("small", inside.say("definitions.changed", n=inside.language.number(changed)))
    wrong = any(f.name in form.errors for f in mine)
    return tag(
        "details", tag("summary", inside.say(f"options.group.{group}"), " ", count),
        (form.field(f) for f in mine), class_="group", open="open" if changed or wrong else None,
    )  # fmt: skip


def _form(inside: Room, form: Form, fields: list[Field], groups: list[Markup], seen: int) -> Markup:
    """The whole page as one form; for those who only read, the same without the button."""
    shown = Form(fields, inside.language, form.typed)
    shown.errors, shown.whole, shown.typed = form.errors, form.whole, form.typed
    beneath = render(tag("h2", inside.say("definitions.options")),
                     tag("p", inside.say("definitions.options_lead"), class_="note"),
                     groups)  # fmt: skip
    if not inside.may_change:
        return tag("fieldset", (form.field(f) for f in fields), beneath, disabled="disabled",
                   class_="form only-read")  # fmt: skip
    rows = inside.rows("settings")
    back = None
    if rows:
        back = tag("p", history.link(inside, "settings", rows[0]["id"]), class_="note")
    return render(
        tag("h2", inside.say("definitions.dates")),
        shown.html(inside.request, [("save", inside.say("save"))], seen=seen, beneath=beneath),
        back,
    )  # fmt: skip


def settings_record(inside: Room) -> Row:
    """The settings of the source that new records are of, to be changed and kept again."""
    own = [r for r in inside.rows("settings") if r["source"] == inside.source]
    return as_given(inside.ledger, "settings", own[0]) if own else {}


def _save(inside: Room, form: Form, record: Row) -> HttpResponse | None:
    """Keep what differs from the product's own choice; anything else stays unsaid."""
    values = form.values
    chosen: dict[str, Any] = {
        n: values[f"o-{n}"] for n, o in OPTIONS.items() if values[f"o-{n}"] != o.default
    }
    before = record.get("options") or {}
    shown = {n: values[n] for n in ("tz", "week_start", "weekend", "month_calendar", "locale")}
    told = [f"{n}={values[f'o-{n}']}" for n in OPTIONS
            if values[f"o-{n}"] != str(before.get(n, OPTIONS[n].default))]  # fmt: skip
    told += [f"{n}={v}" for n, v in shown.items() if v != record.get(n)]
    written = {**record, **shown, "options": chosen}
    return inside.keep(
        [change("settings", written, inside.source, inside.seen())], "changed settings",
        ", ".join(told), form, reverse("definitions"),
    )  # fmt: skip
