"""The tables: channels, topics that rose, and who is waiting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sanjeh.answers.dimensions import AGES, OLDEST
from sanjeh.answers.question import Result
from sanjeh.report.cards import FIRST, by_channel
from sanjeh.report.enquiry import Asked, Enquiry
from sanjeh.report.figures import change, shown
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.report.opening import contributions, volume_of

TOPICS_SHOWN, OLDEST_SHOWN = 8, 10
Leads = Callable[[str, Result], str | None]  # where a group's name leads: dimension, its result
QUALITY = ("first_contact_resolution", "satisfied_share", "reopen_rate")
TICKETS = ("open_tickets", "unattended_tickets", "awaiting_tickets")
REQUESTS = (
    "unanswered_requests", "unacknowledged_requests", "overdue_first_responses",
    "unanswered_wait.max",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, and a cell for each row's key."""

    heading: Any
    cell: Callable[[Any], Any]


def table(
    first: Any, keys: Sequence[Any], names: Callable[[Any], Any], columns: Sequence[Column]
) -> Markup:
    """Rows of named things with a column for each figure; scrolls sideways where narrow."""
    heads = [tag("th", first, scope="col"), *(tag("th", c.heading, scope="col") for c in columns)]
    rows = [
        tag("tr", tag("th", names(k), scope="row"), (tag("td", c.cell(k)) for c in columns))
        for k in keys
    ]
    body = tag("table", tag("thead", tag("tr", heads)), tag("tbody", rows))
    return tag("div", body, class_="scroll", tabindex="0")


def section(language: Language, key: str, *body: Any) -> Markup:
    """A part of the page with its heading."""
    return tag("section", tag("h2", language.text(f"{key}.title"), id=key), body)


# -- channels --------------------------------------------------------------------------------


def channels(enquiry: Enquiry, language: Language, leads: Leads | None = None) -> Markup | None:
    """Each channel's volume, misses, wait, first contact resolution and satisfaction."""
    volume = volume_of(enquiry)
    if enquiry.unfit(volume):
        return None
    asked = enquiry.ask(volume, by=("channel",))
    rows = {_key(r, "channel"): r for r in asked.results(volume)}
    total = sum(float(r.value or 0) for r in rows.values())
    columns = [
        _figure(asked, rows, language, language.title(volume)),
        Column(
            language.text("share"),
            lambda k: language.percent(float(rows[k].value or 0) / total if total else None),
        ),
    ]
    if enquiry.scope.compare:
        columns.append(_change(asked, rows, language))
    if enquiry.has("missed_chat_rate"):
        columns.append(_by_channel(enquiry, language, "missed_chat_rate"))
    wait = f"{FIRST}.half_answered"
    if enquiry.has(wait):
        waits = enquiry.ask(wait, f"{wait}@open", by=("channel_kind", "channel"))
        found = {_key(r, "channel"): r for r in by_channel(waits, wait)}
        columns.append(_figure(waits, found, language, language.text("first.half")))
    elif enquiry.has("resolution_time.median"):
        columns.append(_by_channel(enquiry, language, "resolution_time.median"))
    columns += [
        _by_channel(enquiry, language, metric) for metric in QUALITY[:2] if enquiry.has(metric)
    ]
    if not any(enquiry.has(m) for m in QUALITY[:2]) and enquiry.has(QUALITY[2]):
        columns.append(_by_channel(enquiry, language, QUALITY[2]))
    names = {
        k: _led(leads, "channel", r, enquiry.named(language, "channel", r)) for k, r in rows.items()
    }
    made = table(language.text("channels.channel"), list(rows), names.__getitem__, columns)
    return section(language, "channels", made)


def _led(leads: Leads | None, dimension: str, result: Result, name: Any) -> Any:
    """A group's name, as a link where it leads somewhere."""
    address = leads(dimension, result) if leads is not None else None
    return name if address is None else tag("a", name, href=address)


def _by_channel(enquiry: Enquiry, language: Language, metric: str) -> Column:
    asked = enquiry.ask(metric, by=("channel",))
    rows = {_key(r, "channel"): r for r in asked.results(metric)}
    base, _, statistic = metric.partition(".")
    heading: Any = language.title(base)
    if statistic:
        heading = language.text(f"statistics.{statistic}", name=heading)
    return _figure(asked, rows, language, heading)


def _figure(
    asked: Asked, rows: dict[Any, Result], language: Language, heading: Any
) -> Column:  # fmt: skip
    def cell(key: Any) -> Markup | str:
        found = rows.get(key)
        return "—" if found is None else shown(asked, found, language)

    return Column(heading, cell)


def _change(asked: Asked, rows: dict[Any, Result], language: Language) -> Column:
    return Column(
        language.text("first.change"), lambda k: change(asked, rows[k], language, spoken=False)
    )


def _key(result: Result, dimension: str) -> Any:
    return result.group[dimension]["key"]


def _label(result: Result, dimension: str) -> str:
    return str(result.group[dimension]["label"])


# -- topics ----------------------------------------------------------------------------------


def topics(
    enquiry: Enquiry, language: Language, leads: Leads | None = None, most_shown: int = TOPICS_SHOWN
) -> Markup:
    """The topics that rose most against the period before; without one, the largest."""
    volume = volume_of(enquiry)
    asked = enquiry.ask(volume, by=("topic",))
    known = [r for r in asked.results(volume) if _key(r, "topic") is not None]
    compared = enquiry.scope.compare is not None
    chosen = [r for r, _ in contributions(known, 1.0)] if compared else known
    if not chosen:
        none = "topics.none_rose" if known else "topics.none"
        return section(language, "topics", tag("p", language.text(none), class_="note"))
    rows = {_key(r, "topic"): r for r in chosen[:most_shown]}
    most = max(float((r.delta_abs if compared else r.value) or 0) for r in rows.values())
    columns = [_figure(asked, rows, language, language.title(volume))]
    if compared:
        columns += [
            Column(
                language.text("before"), lambda k: shown(asked, rows[k], language, "previous_value")
            ),
            Column(
                language.text("more"), lambda k: _bar(asked, rows[k], language, "delta_abs", most)
            ),
            _change(asked, rows, language),
        ]
    else:
        columns.append(Column("", lambda k: _bar(asked, rows[k], language, "value", most)))
    names = {
        k: _led(leads, "topic", r, tag("bdi", enquiry.named(language, "topic", r)))
        for k, r in rows.items()
    }
    made = table(language.text("topics.topic"), list(rows), names.__getitem__, columns)
    lead = tag("p", language.text("topics.lead" if compared else "topics.largest"), class_="note")
    return section(language, "topics", lead, made)


def _bar(asked: Asked, result: Result, language: Language, path: str, most: float) -> list[Markup]:
    value = float(getattr(result, path) or 0)
    text = language.signed(value) if path == "delta_abs" else None
    width = 100 * value / most if most else 0
    return [
        tag("span", tag("span", style=f"width:{width:.1f}%"), class_="inbar", aria_hidden="true"),
        shown(asked, result, language, path, text),
    ]


# -- who is waiting --------------------------------------------------------------------------


def waiting(enquiry: Enquiry, language: Language, leads: Leads | None = None) -> Markup:
    """Unanswered requests by channel, open tickets by age, and the longest waits by their ids."""
    longest = _longest(enquiry, language, leads)
    parts = [_requests(enquiry, language), _tickets(enquiry, language), longest]
    if not any(parts):
        recorded = any(enquiry.has(m) for m in (*TICKETS, *REQUESTS))
        key = "waiting.nobody" if recorded else "waiting.none"
        return section(language, "waiting", tag("p", language.text(key), class_="note"))
    return section(language, "waiting", parts)


def _requests(enquiry: Enquiry, language: Language) -> Markup | None:
    metrics = [m for m in REQUESTS if enquiry.has(m)]
    if not metrics:
        return None
    asked = enquiry.ask(*metrics, by=("channel",), compare=False)
    rows = {(r.metric, _key(r, "channel")): r for r in asked.answer.results if r.group}
    names = {key: enquiry.named(language, "channel", r) for (_, key), r in rows.items() if r.value}
    if not names:
        return None
    columns = [_column(asked, rows, language, metric) for metric in metrics]
    return table(language.text("channels.channel"), list(names), names.__getitem__, columns)


def _tickets(enquiry: Enquiry, language: Language) -> Markup | None:
    metrics = [m for m in TICKETS if enquiry.has(m)]
    if not metrics:
        return None
    asked = enquiry.ask(*metrics, by=("age",), compare=False)
    rows = {(r.metric, _key(r, "age")): r for r in asked.answer.results if r.group}
    ages = [age for _, age in AGES] + [OLDEST]
    present = [a for a in ages if any((m, a) in rows for m in metrics)]
    if not present:
        return None
    columns = [_column(asked, rows, language, metric) for metric in metrics]
    return table(
        language.text("waiting.age"), present, lambda a: language.label("age", a, a), columns
    )


def _column(
    asked: Asked, rows: dict[Any, Result], language: Language, metric: str
) -> Column:  # fmt: skip
    def cell(key: Any) -> Markup | str:
        found = rows.get((metric, key))
        if found is None:
            return "—" if metric.endswith(".max") else language.number(0)
        if found.value == 0 and found.excluded:  # none counted is not none there
            reason = language.reason(max(found.excluded, key=lambda r: found.excluded[r]))
            return render(shown(asked, found, language, text="—"), " ", tag("small", reason))
        return shown(asked, found, language)

    base, _, statistic = metric.partition(".")
    title: Any = language.title(base)
    return Column(language.text("waiting.longest") if statistic else title, cell)


def _longest(enquiry: Enquiry, language: Language, leads: Leads | None) -> Markup | None:
    """The longest waits, by id: of requests nobody has answered, and of open tickets."""
    lists = []
    for metric, dimension, title in (
        ("unanswered_wait.max", "conversation", "waiting.unanswered"),
        ("open_ticket_age.max", "ticket", "waiting.oldest"),
    ):
        if not enquiry.has(metric):
            continue
        asked = enquiry.ask(metric, by=(dimension,), compare=False, longest=OLDEST_SHOWN)
        found = [r for r in asked.results(metric) if r.value is not None and r.group]
        found.sort(key=lambda r: (-float(r.value or 0), _label(r, dimension)))
        items = [
            tag(
                "li", _led(leads, dimension, r, tag("code", tag("bdi", _label(r, dimension)))), " ",
                shown(asked, r, language),
            )
            for r in found[:OLDEST_SHOWN]
        ]  # fmt: skip
        if items:
            lists.append(
                tag("div", tag("h3", language.text(title)), tag("ul", items, class_="ids"))
            )
    return tag("div", lists, class_="lists") if lists else None
