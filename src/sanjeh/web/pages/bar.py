"""The bar of every page: what it is about in words, and how to ask for something else.

Nothing in it needs a script: choices are links, fields are forms that `settle` turns into the plain
address of the view.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sanjeh.answers.choices import EVERY, options_of
from sanjeh.answers.periods import WEEKDAYS, previous
from sanjeh.answers.values import within
from sanjeh.metrics.options import OPTIONS, Option
from sanjeh.metrics.profiles import PROFILES
from sanjeh.metrics.registry import find
from sanjeh.report.enquiry import Enquiry
from sanjeh.report.language import Language
from sanjeh.report.markup import Markup, render, tag
from sanjeh.web.pages import blocks
from sanjeh.web.pages.asking import CALENDARS, CLOCKS, COMPARES, GRAINS, Asked, enquiry_of, zones
from sanjeh.web.shell import dimension_name

if TYPE_CHECKING:
    from sanjeh.web.pages.seen import Seen

PRESETS = ("7d", "30d", "90d", "this_month", "this_quarter", "last_quarter", "this_year",
           "last_year")  # fmt: skip
SHOWN = ("conversations", "requests", "missed_chat_rate", "first_response", "open_tickets",
         "satisfied_share", "first_contact_resolution", "resolution_time")  # fmt: skip
COMMON = ("channel", "team", "agent", "topic", "category", "tag", "priority", "product", "language",
          "hour", "weekday")  # fmt: skip
RARE = ("ticket", "conversation", "source", "calendar", "unit")


def bar(
    asked: Asked, seen: Seen, language: Language, path: str, *figures: str,
    enquiry: Enquiry | None = None, heading: bool = True, clock: bool = False,
) -> Markup:  # fmt: skip
    """The bar of a page at `path` (its own parameters may follow a question mark).

    figures: addresses of what the page shows, else those of the overview; they decide which
    dimensions and options are offered. enquiry: the page's, if it has made one. heading: whether
    the period is said here, not on the page already. clock: whether the page follows the clock.
    """
    of = figures or SHOWN
    scoped = enquiry or enquiry_of(seen, asked)
    return tag(
        "section",
        _words(scoped, language) if heading else None,
        _chips(asked, seen, language, path),
        _wrong(asked, language),
        tag(
            "div",
            _panel("when", _when(asked, scoped, language, path, clock), language,
                   is_open=bool(asked.wrong)),
            _panel("filters", _dimensions(asked, scoped, language, path, of), language),
            _panel("options", _options(asked, language, path, of), language),
            class_="asking-panels",
        ),
        class_="asking", aria_label=language.text("site.asking.label"),
    )  # fmt: skip


def passed(enquiry: Enquiry, language: Language) -> Markup | None:
    """Which figures of a page the conditions could not apply to, told once all are asked."""
    if not enquiry.passed:
        return None
    comma = language.text("comma")
    lines = []
    for dims in dict.fromkeys(enquiry.passed.values()):
        names = [language.title(m) for m, found in enquiry.passed.items() if found == dims]
        by = comma.join(dimension_name(language, d) for d in dims)
        lines.append(tag("li", language.text("site.asking.passed", by=by, names=comma.join(names))))
    return tag("ul", lines, class_="notes asking-passed")


# -- what is asked, in words -----------------------------------------------------------------


def _words(enquiry: Enquiry, language: Language) -> Markup:
    clock, span = enquiry.scope.clock, enquiry.scope.period
    facts = [language.text("head.alone")]
    if enquiry.scope.compare:
        earlier = previous(span, enquiry.scope.compare, clock)
        facts = [language.text("head.compared", period=language.period(earlier, clock))]
    facts.append(
        language.text(
            "head.calendar", zone=language.label("zone", clock.zone, clock.zone),
            months=language.text(f"head.{clock.calendar}"),
        )
    )  # fmt: skip
    return render(
        tag("p", language.period(span, clock), class_="asking-period"),
        tag("ul", (tag("li", f) for f in facts), class_="facts"),
        counted_as(enquiry.scope.profile, language),
    )


def counted_as(profile: str | None, language: Language) -> Markup | None:
    """As which helpdesk a page counts, and for which figures that helpdesk has a rule."""
    if profile is None:
        return None
    names = language.text("comma").join(language.title(m) for m in PROFILES[profile].rules)
    title = tag("bdi", PROFILES[profile].title)
    return tag(
        "p", tag("strong", language.text("site.profiles.as", helpdesk=title)), " ",
        language.text("site.profiles.covers", names=names), class_="counted-as",
    )  # fmt: skip


def _chips(asked: Asked, seen: Seen, language: Language, path: str) -> Markup | None:
    """Conditions, and options that are not as usual, each with a link that lifts it."""
    lift = language.text("site.asking.lift")
    items = []
    for dimension, operator, values in asked.filters:
        name = dimension_name(language, dimension)
        for value in values:
            said = value_name(seen, language, dimension, value)
            key = "site.asking.only" if operator == "is" else "site.asking.not"
            text = language.text(key, name=name, value=tag("bdi", said))
            items.append((text, asked.link(path, where=asked.without(dimension, value))))
    for chosen in asked.option:
        name, _, value = chosen.partition("=")
        kept = tuple(o for o in asked.option if o != chosen)
        option = OPTIONS.get(name)
        if option is not None:
            words = language.text(
                "site.asking.only", name=option_name(option, language),
                value=choice_name(option, value, language),
            )  # fmt: skip
            items.append((words, asked.link(path, option=kept)))
    if asked.profile is not None:
        title = tag("bdi", PROFILES[asked.profile].title)
        words = language.text("site.profiles.as", helpdesk=title)
        items.append((words, asked.link(path, profile=None)))
    if not items:
        return None
    chips = [
        tag("li", text, " ", blocks.link("×", address, aria_label=f"{lift}: {_plain(text)}"))
        for text, address in items
    ]
    plain = asked.link(path, where=(), option=(), profile=None)
    clear = tag("li", blocks.link(language.text("site.asking.clear"), plain), class_="asking-clear")
    return tag("ul", chips, clear, class_="asking-chips", aria_label=language.text(
        "site.asking.in_force"
    ))  # fmt: skip


def _plain(text: Markup) -> str:
    """Markup's text, for an attribute."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def _wrong(asked: Asked, language: Language) -> Markup | None:
    if not asked.wrong:
        return None
    return tag("p", language.text("site.asking.not_read"), class_="error", role="alert")


def value_name(seen: Seen, language: Language, dimension: str, typed: str) -> str:
    """What a typed value is called: a word of ours in the reader's language, an id by its name.

    The name of a customer, or of a person or team outside the reader's scope, stays unsaid.
    """
    if dimension == "customer":
        return typed
    answers = seen.everything
    keys = list(answers.names.values(dimension, typed))
    if None in keys:
        return language.label(dimension, None, typed)
    if dimension in ("hour", "weekday"):
        numbers = [int(k) for k in keys if k is not None and k.isdecimal()]
        labels = answers.names.labels(dimension, numbers[:1])
        return language.label(dimension, typed, str(next(iter(labels.values()), typed)))
    allowed = within(answers, dimension, seen.viewer)
    if typed in keys and (allowed is None or typed in allowed):
        label = str(answers.names.labels(dimension, [typed]).get(typed, typed))
        return language.label(dimension, typed, label)
    return typed


# -- panels ----------------------------------------------------------------------------------


def _panel(name: str, body: Markup | None, language: Language, *, is_open: bool = False) -> Any:
    if body is None:
        return None
    return tag(
        "details", tag("summary", language.text(f"site.asking.{name}")), body,
        id=f"asking-{name}", name="asking", open="" if is_open else None,
    )  # fmt: skip


def _when(asked: Asked, enquiry: Enquiry, language: Language, path: str, clock: bool) -> Markup:
    """Presets as links; dates, comparison, zone, calendar, week and grain as a form."""

    def say(key: str) -> Markup:
        return language.text(f"site.asking.{key}")

    given = asked.start or asked.end
    presets = [
        (say("preset.default"), asked.link(path, start=None, end=None, last=None),
         not given and not asked.last)
    ] + [
        (say(f"preset.{p}"), asked.link(path, start=None, end=None, last=p), asked.last == p)
        for p in PRESETS
    ]  # fmt: skip
    span, at = enquiry.scope.period, enquiry.scope.clock
    dates = [
        _field(name, say(name), value, language, asked, inputmode="numeric", size="12",
               placeholder=language.digits(at.label(edge, None)))
        for name, value, edge in (("from", asked.start, span.start), ("to", asked.end, span.end))
    ]  # fmt: skip
    zone = _field("zone", say("zone"), asked.zone, language, asked, list="zones", size="18",
                  placeholder=at.zone, autocapitalize="none", spellcheck="false")  # fmt: skip
    selects = [
        ("compare", (*COMPARES, "none"), asked.compare),
        ("calendar", CALENDARS, asked.calendar),
        ("week_start", WEEKDAYS, asked.week_start),
        ("grain", GRAINS, asked.grain),
        *((("clock", CLOCKS, asked.clock),) if clock else ()),
    ]
    chosen = [_select(name, values, value, language, asked) for name, values, value in selects]
    return tag(
        "div",
        blocks.choice(say("period"), presets),
        _form(
            asked, path, ("from", "to", "zone", *(name for name, *_ in selects)),
            tag("fieldset", tag("legend", say("dates")), dates, chosen[0]),
            tag("fieldset", tag("legend", say("reading")), zone, _zones(at.zone), chosen[1:]),
            tag("button", say("apply")),
        ),
    )  # fmt: skip


def _form(asked: Asked, path: str, fields: Iterable[str], *body: Any) -> Markup:
    """A form for some parts of the address; the others go along hidden."""
    rest = [
        tag("input", type="hidden", name=name, value=value)
        for name, value in (("to_page", path), *asked.pairs(*fields))
    ]
    return tag("form", body, rest, method="get", action="/asked/", class_="asking-form")


def _field(
    name: str, label: Any, value: str | None, language: Language, asked: Asked, **more: Any
) -> Markup:
    """A text field; what was typed wrongly stays in it, with what is expected beneath."""
    wrong = asked.wrong.get(name)
    told = f"asking-{name}-wrong"
    return tag(
        "label", tag("span", label),
        tag("input", name=name, value=wrong.given if wrong else value or "", dir="ltr",
            maxlength="60", aria_invalid="true" if wrong else None,
            aria_describedby=told if wrong else None, **more),
        _told(name, language, asked),
    )  # fmt: skip


def _told(name: str, language: Language, asked: Asked) -> Markup | None:
    wrong = asked.wrong.get(name)
    if wrong is None:
        return None
    said = language.text(f"site.asking.wrong.{wrong.kind}", given=tag("bdi", wrong.given))
    return tag("small", said, class_="error", id=f"asking-{name}-wrong")


def _select(
    name: str, values: Sequence[str], value: str | None, language: Language, asked: Asked
) -> Markup:
    def say(word: str) -> Markup:
        return language.text(f"site.asking.{name}.{word}")

    options = [
        tag("option", say(word or "usual"), value=word,
            selected="" if word == (value or "") else None)
        for word in ("", *values)
    ]  # fmt: skip
    return tag(
        "label", tag("span", say("label")), tag("select", options, name=name),
        _told(name, language, asked),
    )  # fmt: skip


@cache
def _zones(first: str) -> Markup:
    names = dict.fromkeys((first, *zones()))
    return tag("datalist", (tag("option", value=name) for name in names), id="zones")


# -- filters ---------------------------------------------------------------------------------


def offered(enquiry: Enquiry, figures: Sequence[str]) -> dict[str, str]:
    """Every dimension of the figures, each with the first figure that has it."""
    found: dict[str, str] = {}
    for figure in figures:
        metric = find(figure).metric
        if enquiry.records(metric.name):
            for name in enquiry.offers(metric):
                found.setdefault(name, metric.name)
    return found


def _dimensions(
    asked: Asked, enquiry: Enquiry, language: Language, path: str, figures: Sequence[str]
) -> Markup | None:
    known = offered(enquiry, figures)
    if not known:
        return None
    chosen = {d: len(values) for d, _, values in asked.filters}
    own = [d for d in known if "." in d]
    ours = sorted(
        (d for d in known if "." not in d and d not in RARE),
        key=lambda d: (
            COMMON.index(d) if d in COMMON else len(COMMON),
            dimension_name(language, d),
        ),
    )
    rare = [d for d in RARE if d in known]

    def item(name: str) -> Markup:
        count = language.text(
            "site.asking.chosen", n=language.number(chosen[name])
        ) if name in chosen else None  # fmt: skip
        address = values_path(asked, name, known[name], path)
        return tag("li", blocks.link(
            render(tag("bdi", dimension_name(language, name)), " " if count else None, count),
            address, class_="asking-dimension", aria_current="true" if count else None,
        ))  # fmt: skip

    lists = [("by", ours), ("own", own), ("rare", rare)]
    return tag(
        "div",
        (
            tag(
                "div", tag("span", language.text(f"site.asking.{key}"), class_="label"),
                tag("ul", (item(d) for d in names)), class_="choice",
            )
            for key, names in lists
            if names
        ),
        tag("div", class_="asking-values"),
    )  # fmt: skip


def values_path(asked: Asked, dimension: str, metric: str, path: str) -> str:
    """The page that offers the values of a dimension."""
    own = urlencode([("dimension", dimension), ("of", metric), ("to_page", path)])
    return replace(asked, wrong={}).link(f"/values/?{own}")


# -- options ---------------------------------------------------------------------------------


def _options(
    asked: Asked, language: Language, path: str, figures: Sequence[str]
) -> Markup:  # fmt: skip
    read: dict[str, None] = {}
    for figure in figures:
        read |= dict.fromkeys(options_of(find(figure).metric))
    names = sorted(read, key=lambda n: (n in EVERY, list(OPTIONS).index(n)))
    given = dict(o.split("=", 1) for o in asked.option)
    fields = [_choice(OPTIONS[n], given.get(n), language) for n in names]
    form = _form(
        asked, path, ("option",),
        tag("p", language.text("site.asking.options_lead"), class_="note"),
        tag("div", fields, class_="asking-options"),
        [tag("input", type="hidden", name="option", value=f"{n}={v}")
         for n, v in given.items() if n not in read],
        tag("button", language.text("site.asking.apply")),
    )  # fmt: skip
    return tag("div", profile_choice(asked, language, path), form if names else None)


def profile_choice(asked: Asked, language: Language, path: str) -> Markup:
    """By whose definitions to count: ours or a helpdesk's."""
    ours = (language.text("site.profiles.ours"), asked.link(path, profile=None),
            asked.profile is None)  # fmt: skip
    theirs = [
        (tag("bdi", p.title), asked.link(path, profile=p.name), asked.profile == p.name)
        for p in PROFILES.values()
    ]
    return blocks.choice(language.text("site.profiles.label"), [ours, *theirs])


def _choice(option: Option, given: str | None, language: Language) -> Markup:
    value = option.default if given is None else given
    name = f"option.{option.name}"
    if option.choices:
        field = tag("select", (
            tag("option", choice_name(option, c, language), value=c,
                selected="" if c == value else None)
            for c in option.choices
        ), name=name)  # fmt: skip
    else:
        unit = language.text(f"site.option_units.{option.unit.replace(' ', '_')}")
        field = render(
            tag("input", name=name, value=language.digits(value), inputmode="decimal", size="6",
                maxlength="12", dir="ltr"), " ", tag("span", unit),
        )  # fmt: skip
    usual = language.text(
        "site.asking.as_usual", value=choice_name(option, option.default, language)
    )
    return tag(
        "label", tag("span", option_name(option, language)), tag("span", field, " ", tag(
            "small", usual
        ) if value != option.default else None),
    )  # fmt: skip


def option_name(option: Option, language: Language) -> str:
    """What an option is about, as a short heading."""
    return str(language.words["site"]["option_names"][option.name])


def choice_name(option: Option, value: str, language: Language) -> str:
    """What a value of an option is called."""
    known = language.words["site"]["option_choices"].get(value.replace(" ", "_"))
    if option.choices and known:
        return str(known)
    unit = language.words["site"]["option_units"].get(option.unit.replace(" ", "_"), "")
    return f"{language.digits(value)} {unit}".strip()
