"""What the operation is steered by: targets, context, alerts, settings (catalogue 3.8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sanjeh.ledger.kinds import fields as a
from sanjeh.ledger.kinds.registry import Record, record_kind


@record_kind("benchmark")
class Benchmark(Record):
    """A figure to compare with."""

    id: str = a.text("the benchmark's id")
    metric_id: str | None = a.text("which metric")
    scope: Any = a.json("what it holds for: {channel, team, agent, topic, segment}")
    origin: str | None = a.text(
        "where it comes from (the catalogue's `source`)",
        choices="target historical competitor industry",
    )
    value: float | None = a.number("the figure, in `unit`")
    comparator: str | None = a.text("at least, at most")
    unit: str | None = a.text("unit of the figure")
    name: str | None = a.text("what to call it")
    cite: str | None = a.text("where it was read")
    valid_from: dt.datetime | None = a.instant("since when")
    valid_to: dt.datetime | None = a.instant("until when")


@record_kind("context_event", at="at")
class ContextEvent(Record):
    """Something outside support that explains a change in it."""

    id: str = a.text("the event's id")
    kind: str | None = a.text(
        "what it was",
        choices="release bug outage campaign email_blast sales_push price_change holiday "
        "process_change decision",
    )
    at: dt.datetime | None = a.instant("when it began")
    until: dt.datetime | None = a.instant("when it ended")
    title: str | None = a.text("what to call it")
    ref: str | None = a.text("where it is written down")
    scope: Any = a.json("what it touches: {product, feature, channel, topic, segment, url}")


@record_kind("alert_rule")
class AlertRule(Record):
    """When to raise an alarm."""

    id: str = a.text("the rule's id")
    metric_id: str | None = a.text("which metric")
    scope: Any = a.json("which rows it watches")
    method: str | None = a.text("which detector")
    z: float | None = a.number("how far from expected, in robust deviations")
    min_abs: float | None = a.number("how far at least, in the metric's unit")
    direction: str | None = a.text("which way is bad", choices="up down both")
    cool_down: int | None = a.integer("silence after an alarm", unit="s")


@record_kind("alert", at="at")
class Alert(Record):
    """An alarm raised."""

    id: str = a.text("the alarm's id")
    rule_id: str | None = a.text("by which rule", ref="alert_rule")
    at: dt.datetime | None = a.instant("when")
    observed: float | None = a.number("what was seen, in the metric's unit")
    expected: float | None = a.number("what was expected, in the metric's unit")
    score: float | None = a.number("how unusual it was")
    severity: str | None = a.text("how bad")
    state: str | None = a.text("how it stands", choices="open ack closed")
    ack_by: str | None = a.text("who took note", ref="agent")
    cause_text: str | None = a.text("what it turned out to be", apart=True)
    context_event_id: str | None = a.text("the event that explains it", ref="context_event")


@record_kind("dashboard")
class Dashboard(Record):
    """A page of figures."""

    id: str = a.text("the dashboard's id")
    name: str | None = a.text("its name")
    group: str | None = a.text("for whom", choices="team business overview")
    widgets: Any = a.json("list of {metric_id, form, filters, grain, compare, thresholds}")


@record_kind("metric_definition", key=("id", "version"))
class MetricDefinition(Record):
    """A metric's definition as it stood in one version."""

    id: str = a.text("the metric's id")
    version: str | None = a.text("which version", optional_key=True)
    name: str | None = a.text("its name")
    aliases: Any = a.json("{language: [names]}")
    group: str | None = a.text("its group")
    unit: str | None = a.text("its unit")
    direction: str | None = a.text("which way is good", choices="up down neutral target")
    formula_text: str | None = a.text("how it is counted")
    anchor: str | None = a.text("what puts a record into a period")
    population: str | None = a.text("which records count")
    options: Any = a.json("its options")
    seed_refs: list[str] | None = a.texts("where it was asked for")


@record_kind("settings", key=())
class Settings(Record):
    """How the whole is to be read; one record a source."""

    tz: str | None = a.text("the reporting zone, an IANA name")
    week_start: str | None = a.text("first day of the week", choices="mon tue wed thu fri sat sun")
    weekend: list[str] | None = a.texts("days off: mon to sun")
    month_calendar: str | None = a.text("whose months", choices="gregorian jalali")
    calendar_id: str | None = a.text("the default open hours", ref="business_calendar")
    locale: str | None = a.text("the default language: en, fa, ru")
    options: Any = a.json("options of the definitions")
