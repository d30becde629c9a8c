"""Targets and comparisons by form (Z1, Z1.1): own value beside them; suggestions to accept."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from sanjeh.answers.ask import Answers
from sanjeh.answers.benchmarks import is_ceiling, standing
from sanjeh.answers.benchmarks import suggested as advice
from sanjeh.answers.question import Question, Result
from sanjeh.facts.text import plain_key
from sanjeh.ledger.kinds import KINDS
from sanjeh.metrics.catalogue import METRICS
from sanjeh.metrics.options import OPTIONS
from sanjeh.metrics.registry import UnknownMetric, find
from sanjeh.report.enquiry import Scope
from sanjeh.report.figures import shown, why
from sanjeh.report.markup import Markup, render, tag
from sanjeh.steering.keeping import Row, as_given, state_of
from sanjeh.web.pages import blocks
from sanjeh.web.shell import dimension_name
from sanjeh.web.steering import figures, history, reading
from sanjeh.web.steering.forms import Field, Form, asked_by_link, button
from sanjeh.web.steering.reading import Wrong
from sanjeh.web.steering.room import Body, Room, change, deleted, form_page, gone, room

ORIGINS = KINDS["benchmark"].by_name["origin"].choices
OF_OTHERS = ("competitor", "industry")
COMPARATORS = ("at_least", "at_most")
MOST_PERIODS = 24
GRADED = ("met", "near", "missed")


def scope_of(inside: Room, row: Row) -> dict[str, Any]:
    """What a benchmark holds for."""
    found = as_given(inside.ledger, "benchmark", {**row, "id": row["id"]}).get("scope")
    return found if isinstance(found, dict) else {}


# -- the list ------------------------------------------------------------------------------------


@room
def listed(inside: Room) -> Body:
    """Own value beside each target and comparison: gap, attainment, source; nothing invented."""
    rows = [r for r in inside.rows("benchmark") if r["metric_id"]]
    rows.sort(key=lambda r: (
        list(METRICS).index(m) if (m := _metric(r)) in METRICS else len(METRICS),
        str(r["scope"] or ""), ORIGINS.index(r["origin"] or "target"), str(r["valid_from"]),
    ))  # fmt: skip
    title = inside.say("targets.title")
    new = tag("a", inside.say("targets.new"), href=reverse("target-new"), class_="act")
    with figures.door(inside) as answers:
        scope = figures.last_month(answers) if answers is not None else None
        lines = [_line(inside, answers, scope, r) for r in rows]
    period = None
    if scope is not None:
        span = inside.language.period(scope.period, scope.clock)
        period = tag("p", inside.say("targets.period", period=span), class_="note")
    names = ("metric_id", "origin", "own", "value", "gap", "attainment", "valid_from")
    head = tag("tr", (tag("th", inside.say(f"fields.{n}"), scope="col") for n in names))
    body = render(
        inside.heading(title, inside.say("targets.lead")),
        tag("p", new) if inside.may_change else None,
        render(period, blocks.scrolling(head, lines)) if lines
        else tag("p", inside.say("targets.none")),
        _ask(inside) if inside.may_change and scope is not None else None,
    )  # fmt: skip
    return title, body


def _metric(row: Row) -> str:
    try:
        return find(str(row["metric_id"])).metric.name
    except UnknownMetric:
        return ""


def _line(inside: Room, answers: Answers | None, scope: Scope | None, row: Row) -> Markup:
    held = scope_of(inside, row)
    name = inside.language.title(str(row["metric_id"])) if _metric(row) else str(row["metric_id"])
    path = reverse("target", kwargs={"target": row["id"]})
    narrowed = tag("small", " ", scope_words(inside, held)) if held else None
    parts: list[Any] = [tag("th", tag("a", name, href=path), narrowed, scope="row"),
                        tag("td", origin_words(inside, row))]  # fmt: skip
    asked = None
    if answers is not None and scope is not None and _metric(row):
        asked = figures.asked(answers, scope, str(row["metric_id"]), held)
    result = asked.answer.results[0] if asked is not None else None
    unit = result.unit if result is not None else row["unit"] or ""
    target = inside.language.value(row["value"], unit)
    if asked is None or result is None or result.value is None:
        own: Any = why(result, inside.language) if result is not None else "—"
        parts += [tag("td", own), tag("td", target), tag("td", "—"), tag("td", "—")]
    else:
        parts += [
            tag("td", shown(asked, result, inside.language)), tag("td", target),
            tag("td", gap_words(inside, result, row)), tag("td", attained(inside, result, row)),
        ]  # fmt: skip
    since = inside.date(row["valid_from"]) or "—"
    until = None
    if row["valid_to"] is not None:
        until = render(" – ", inside.date(row["valid_to"]))
    return tag("tr", *parts, tag("td", since, until))


def gap_words(inside: Room, result: Result, row: Row) -> Markup:
    """Own value less the benchmark's, with its sign, and in words how it stands to a target."""
    gap = float(result.value or 0) - float(row["value"] or 0)
    if result.unit == "share":
        said = inside.language.moved(gap, None, "share")
    elif result.unit == "seconds":
        sign = "−" if gap < 0 else "+" if gap > 0 else ""
        said = sign + inside.language.value(abs(gap), "seconds")
    else:
        said = inside.language.signed(round(gap, 6))
    tolerance = float(inside.options.get("target.tolerance", OPTIONS["target.tolerance"].default))
    state = standing(result, row, tolerance)
    word = None
    if state in GRADED:
        kind = {"met": "good", "missed": "bad"}.get(state, "plain")
        word = tag("span", " ", inside.say(f"targets.{state}"), class_=f"change {kind}")
    return render(tag("bdi", said, dir="ltr" if result.unit != "seconds" else None), word)


def attained(inside: Room, result: Result, row: Row) -> Markup:
    """The share of a floor that was reached, or of a ceiling that was kept to; 100 % is there."""
    own, held = float(result.value or 0), float(row["value"] or 0)
    over, under = (held, own) if is_ceiling(result, row) else (own, held)
    if under <= 0 or over < 0:
        return render("—")
    return tag("bdi", inside.language.percent(over / under))


def origin_words(inside: Room, row: Row) -> Markup:
    """Whose figure it is, with the name, where it was read, and since when."""
    said = inside.say(f"targets.origin_{row['origin'] or 'target'}")
    name = tag("small", " ", tag("bdi", row["name"])) if row["name"] else None
    cite = tag("small", " · ", tag("bdi", row["cite"])) if row["cite"] else None
    return render(said, name, cite)


def scope_words(inside: Room, held: dict[str, Any]) -> Markup:
    """What a benchmark holds for, in words."""
    parts: list[Any] = []
    for name, value in held.items():
        named = dict(scope_choices(inside, name)).get(str(value), value)
        parts += ["، " if inside.language.code == "fa" and parts else ", " if parts else "",
                  dimension_name(inside.language, name), ": ", tag("bdi", named)]  # fmt: skip
    return render(*parts)


def scope_choices(inside: Room, name: str) -> list[tuple[str, str]]:
    """What a benchmark can be narrowed to, with its name."""
    found: list[tuple[str, str]] = []
    match name:
        case "channel":
            found = [(str(plain_key(r["code"])), str(r["name"] or r["code"]))
                     for r in inside.rows("channel")]  # fmt: skip
        case "team":
            found = [(r["id"], str(r["name"] or r["id"].partition("/")[2]))
                     for r in inside.rows("team")]  # fmt: skip
        case "topic":
            found = [(str(plain_key(n)), n) for r in inside.rows("topic")
                     if (n := str(r["name"] or r["id"].partition("/")[2]))]  # fmt: skip
        case "agent":
            ids = [r["id"] for r in inside.rows("agent")]
            found = list(inside.ledger.labels(ids).items())
        case _:
            pass
    return sorted(dict(found).items(), key=lambda pair: pair[1])


# -- one target ----------------------------------------------------------------------------------


@room
def new(inside: Room) -> Body:
    """A form for a target or a comparison; what a suggestion says may stand in it already."""
    if not inside.may_change:
        return gone(inside)
    given = inside.request.GET
    metric = given.get("metric", "")
    today = reading.written_instant(None, inside.clock)
    start: Row = {
        "metric_id": metric, "origin": given.get("origin") or "target",
        "value": given.get("value", ""), "comparator": _usual(metric), "valid_from": today,
    }  # fmt: skip
    return _edit(inside, None, start)


def _usual(metric: str) -> str:
    try:
        return "at_most" if find(metric).metric.better == "down" else "at_least"
    except UnknownMetric:
        return "at_least"


@room
def target(inside: Room, target: str) -> Body:
    """One target: corrected in place, or changed from a day on while the old one keeps its time."""
    found = [r for r in inside.rows("benchmark") if r["id"] == target]
    if not found:
        return gone(inside)
    row = found[0]
    record = as_given(inside.ledger, "benchmark", row)
    if inside.request.POST.get("do") == "delete":
        made = deleted(change("benchmark", record, row["source"], inside.seen()))
        return inside.keep([made], "deleted a target", _about(inside, record), None,
                           reverse("targets"), "deleted") or gone(inside)  # fmt: skip
    metric = str(row["metric_id"] or "")
    held = scope_of(inside, row)
    start: Row = {
        "metric_id": metric, "origin": row["origin"] or "target",
        "value": written_value(inside, metric, row["value"]),
        "comparator": {"<=": "at_most", "at most": "at_most"}.get(
            row["comparator"] or "", row["comparator"] or _usual(metric)
        ).replace(" ", "_"),
        "name": row["name"] or "", "cite": row["cite"] or "",
        "valid_from": reading.written_instant(row["valid_from"], inside.clock),
        "valid_to": reading.written_instant(row["valid_to"], inside.clock),
        **{f"scope-{n}": str(held.get(n) or "") for n in figures.SCOPES},
    }  # fmt: skip
    return _edit(inside, row, start)


def written_value(inside: Room, metric: str, value: float | None) -> str:
    """A figure as its field shows it: a share in percent, seconds with their unit."""
    if value is None:
        return ""
    unit = find(metric).metric.unit if metric else ""
    if unit == "share":
        return f"{value * 100:g} %"
    if unit == "seconds":
        for letter, size in (("h", 3600), ("min", 60)):
            if value and value % size == 0:
                return f"{value / size:g} {letter}"
        return f"{value:g} s"
    return f"{value:g}"


def _fields(inside: Room, origin: str) -> list[Field]:
    metrics = [(m, inside.language.title(m)) for m in METRICS]
    metrics.sort(key=lambda pair: pair[1])
    at = reading.instant(inside.clock)
    others = origin in OF_OTHERS
    found = [
        Field("metric_id", "settings.fields.metric_id", form="choice",
              choices=[("", "—"), *metrics], is_required=True),
        Field("origin", "settings.fields.origin", form="choice",
              choices=[(o, str(inside.say(f"targets.origin_{o}"))) for o in ORIGINS]),
        Field("value", "settings.targets.value", is_required=True, latin=True),
        Field("comparator", "settings.targets.comparator", form="choice",
              choices=[(c, str(inside.say(f"targets.{c}"))) for c in COMPARATORS]),
        Field("name", "settings.targets.name", is_required=others),
        Field("cite", "settings.targets.cite", is_required=others),
        Field("valid_from", "settings.targets.valid_from", at, is_required=others, latin=True),
        Field("valid_to", "settings.targets.valid_to", at, latin=True),
    ]  # fmt: skip
    for name in figures.SCOPES:
        label = dimension_name(inside.language, name)
        choices = scope_choices(inside, name)
        if choices:
            every = ("", str(inside.say("targets.every")))
            found.append(Field(f"scope-{name}", "settings.targets.scope", form="choice",
                               choices=[every, *choices], label=label))  # fmt: skip
        else:
            found.append(Field(f"scope-{name}", "settings.targets.scope", label=label))
    return found


def _edit(inside: Room, row: Row | None, start: Row) -> Body:
    given = inside.request.POST if inside.request.method == "POST" else None
    origin = str(given.get("origin") if given is not None else start["origin"])
    fields = _fields(inside, origin)
    known = {v for f in fields if f.name == "metric_id" for v, _ in f.choices}
    if start["metric_id"] and start["metric_id"] not in known:  # an address such as x.p90
        extra = (start["metric_id"], f"{inside.language.title(_metric_of(start))} "
                 f"({start['metric_id']})")  # fmt: skip
        fields[0] = Field(fields[0].name, fields[0].words, form="choice", is_required=True,
                          choices=[*fields[0].choices, extra])  # fmt: skip
    form = Form(fields, inside.language, start, given)
    _read_value(form)
    response = _save(inside, form, row) if form.is_valid else None
    if response is not None:
        return response
    title = inside.say("targets.change" if row else "targets.new")
    source = row["source"] if row else inside.source
    own = {"id": row["id"].partition("/")[2]} if row else None
    seen = state_of(inside.ledger, "benchmark", own, source) if own else None
    body = render(
        inside.heading(title, inside.say("targets.form_lead"),
                       (reverse("targets"), inside.say("targets.title"))),
        form.html(inside.request, [("save", inside.say("save"))], seen=seen)
        if inside.may_change else None,
        button(inside.request, inside.say("delete"), inside.request.path, do="delete", seen=seen)
        if row and inside.may_change else None,
        tag("p", history.link(inside, "benchmark", row["id"]), class_="note") if row else None,
    )  # fmt: skip
    return form_page(inside, title, body, form)


def _metric_of(start: Row) -> str:
    return find(str(start["metric_id"])).metric.name


def _read_value(form: Form) -> None:
    """Read the figure in the unit of the metric that was chosen."""
    metric = form.values.get("metric_id")
    if not metric or "metric_id" in form.errors or not form.values.get("value"):
        return
    try:
        form.values["value"] = reading.in_unit(find(metric).metric.unit)(form.values["value"])
    except Wrong as wrong:
        form.refuse("value", wrong.key, **wrong.parts)


def _about(inside: Room, record: Row) -> str:
    return f"{record.get('metric_id')} {record.get('origin')} {record.get('value')}"


def _save(inside: Room, form: Form, row: Row | None) -> HttpResponse | None:
    values = form.values
    if values["valid_to"] and values["valid_from"] and values["valid_to"] <= values["valid_from"]:
        form.refuse("valid_to", "before_start", given=form.typed["valid_to"])
        return None
    source = row["source"] if row else inside.source
    old = as_given(inside.ledger, "benchmark", row) if row else {}
    scope = {n: v for n in figures.SCOPES if (v := values[f"scope-{n}"])}
    record = {
        **old, **{n: v for n, v in values.items() if not n.startswith("scope-")},
        "scope": scope or None, "unit": find(values["metric_id"]).metric.unit,
    }  # fmt: skip
    # From another day on: the old one keeps its own time, for the figures of then.
    later = row is not None and values["valid_from"] is not None and (
        row["valid_from"] is None or values["valid_from"] > row["valid_from"]
    )  # fmt: skip
    seen = inside.seen() if row else None
    if row is None or later:
        record["id"] = f"target-{secrets.token_hex(4)}"
    now = state_of(inside.ledger, "benchmark", {"id": old.get("id")}, source) if row else None
    if later and seen is not None and seen != now:
        form.refuse_all(inside.say("conflict_short"))
        return None
    return inside.keep(
        [change("benchmark", record, source, None if later else seen)],
        "changed a target" if row else "set a target", _about(inside, record), form,
        reverse("targets"),
    )  # fmt: skip


# -- suggestions ---------------------------------------------------------------------------------


def _ask(inside: Room, metric: str = "", periods: int = 3) -> Markup:
    """The form that asks for a suggestion."""
    names = sorted(((m, inside.language.title(m)) for m in METRICS), key=lambda pair: pair[1])
    options = [
        tag("option", name, value=m, selected="selected" if m == metric else None)
        for m, name in names
    ]
    fields = [
        tag("label", inside.say("fields.metric_id"), " ", tag("select", options, name="metric")),
        tag("label", inside.say("targets.periods"), " ",
            tag("input", name="k", value=periods, size="3", inputmode="numeric", dir="ltr")),
    ]  # fmt: skip
    return tag(
        "section", tag("h2", inside.say("targets.suggest")),
        tag("p", inside.say("targets.suggest_lead"), class_="note"),
        asked_by_link(inside.language, reverse("target-suggested"), fields,
                      inside.say("targets.suggest_act")),
    )  # fmt: skip


@room
def suggested(inside: Room) -> Body:
    """The median and the best quartile of the last whole months, for a person to accept."""
    metric = inside.request.GET.get("metric", "")
    title = inside.say("targets.suggest")
    up = (reverse("targets"), inside.say("targets.title"))
    try:
        address = find(metric)
    except UnknownMetric:
        return gone(inside)
    periods = _periods(inside)
    with figures.door(inside) as answers:
        if answers is None:
            return title, render(inside.heading(title, None, up),
                                 tag("p", inside.say("targets.nothing")))  # fmt: skip
        scope = figures.last_month(answers)
        clock = scope.clock
        question = Question(
            (metric,), start=clock.label(scope.period.start, None),
            end=clock.label(scope.period.end, None), zone=clock.zone, calendar=clock.calendar,
        )  # fmt: skip
        found = advice(answers, question, periods)
        last = inside.language.period(scope.period, clock)
    unit = address.metric.unit
    name = tag("strong", inside.language.title(address.metric.name))
    if not found["values"]:
        said = tag("p", inside.say("targets.no_values", name=name))
        return title, render(inside.heading(title, None, up), said, _ask(inside, metric, periods))
    values = [tag("bdi", inside.language.value(v, unit)) for v in found["values"]]
    joined: list[Any] = []
    for n, value in enumerate(values):
        joined += ["، " if inside.language.code == "fa" and n else ", " if n else "", value]
    rows = [
        tag("tr", tag("th", inside.say(f"targets.{key}"), scope="row"),
            tag("td", tag("bdi", inside.language.value(found[key], unit))),
            tag("td", _take(inside, metric, found[key], unit)))
        for key in ("median", "best_quartile")
    ]  # fmt: skip
    lead = inside.say(
        "targets.out_of", name=name, n=inside.language.number(found["periods"]), last=last
    )
    body = render(
        inside.heading(title, None, up), tag("p", lead),
        tag("p", inside.say("targets.values"), " ", render(*joined)),
        tag("div", tag("table", tag("tbody", rows)), class_="scroll"),
        tag("p", inside.say("targets.yours"), class_="note"),
        _ask(inside, metric, periods),
    )  # fmt: skip
    return title, body


def _periods(inside: Room) -> int:
    try:
        asked = int(reading.number(inside.request.GET.get("k", "3")))
    except Wrong:
        asked = 3
    return min(max(asked, 1), MOST_PERIODS)


def _take(inside: Room, metric: str, value: float, unit: str) -> Markup | None:
    """The way to the form in which the figure stands already; nothing is set before it is sent."""
    if not inside.may_change:
        return None
    rounded = round(value, 3) if unit != "seconds" else float(round(value))
    given = {"metric": metric, "origin": "target", "value": written_value(inside, metric, rounded)}
    path = f"{reverse('target-new')}?{urlencode(given)}"
    return tag("a", inside.say("targets.take"), href=path)
