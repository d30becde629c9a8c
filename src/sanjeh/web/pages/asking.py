"""From an address to a question, and back: every view of a figure can be sent as a link.

A part of the address that cannot be read is left out and kept in `wrong`, so that a page can answer
it beside its field; a file refuses it (`Asked.of`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode
from zoneinfo import available_timezones

from django.http import QueryDict

from sanjeh.answers.periods import HOURS, WEEKDAYS, Clockwork, PeriodError, last, parse
from sanjeh.answers.question import Question, QuestionError, choice_of, condition_of
from sanjeh.metrics.options import OPTIONS
from sanjeh.metrics.profiles import PROFILES
from sanjeh.report.enquiry import Enquiry, scope_of, typed
from sanjeh.words import ascii_digits

if TYPE_CHECKING:
    from sanjeh.answers.ask import Answers
    from sanjeh.web.pages.seen import Seen

GRAINS = ("hour", "day", "week", "month", "quarter", "year")
COMPARES = ("previous", "last_year")
CALENDARS = ("gregorian", "jalali")
CLOCKS = ("calendar", "open")
ONCE = (
    "last", "zone", "calendar", "week_start", "compare", "grain", "clock", "profile", "form",
)  # fmt: skip
WORDS: Mapping[str, tuple[str, ...]] = {
    "grain": GRAINS, "compare": (*COMPARES, "none"), "calendar": CALENDARS, "clock": CLOCKS,
    "week_start": WEEKDAYS, "profile": tuple(PROFILES),
}  # fmt: skip
MOST, MOST_SPLITS, MOST_VALUES = 20, 3, 100
LONGEST, POINTS = 15 * 366 * 86_400_000_000, 2_000  # microseconds; steps of a series
FIRST, BEYOND = -2_208_988_800_000_000, 7_258_118_400_000_000  # 1900 and 2200: no record is outside
CHOICE = "option."


@dataclass(frozen=True)
class Wrong:
    """A part of an address that cannot be read: what kind of part, and what was given."""

    kind: str
    given: str


@dataclass(frozen=True)
class Asked:
    """What an address asks, as text; the same parts as the command line's options."""

    start: str | None = None
    end: str | None = None
    last: str | None = None
    compare: str | None = None
    zone: str | None = None
    calendar: str | None = None
    week_start: str | None = None
    grain: str | None = None
    clock: str | None = None
    profile: str | None = None
    form: str | None = None
    by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    option: tuple[str, ...] = ()
    wrong: Mapping[str, Wrong] = field(default_factory=dict)

    @staticmethod
    def of(given: QueryDict) -> Asked:
        """The parts of an address, every one of which must be readable; else QuestionError."""
        found = Asked.read(given)
        for name, wrong in found.wrong.items():
            raise QuestionError(EXPECTED[wrong.kind].format(name=name, given=wrong.given))
        return found

    @staticmethod
    def read(given: QueryDict) -> Asked:
        """The parts of an address, those that cannot be read in `wrong`; digits of any script.

        Raises QuestionError for conditions and options that are none, or too many.
        """
        once = {name: _one(given, name) for name in ("from", "to", *ONCE)}
        wrong = {
            name: Wrong(kind, str(once[name]))
            for name, kind in KINDS.items()
            if once[name] is not None and not READABLE[kind](name, str(once[name]))
        }
        if not wrong.keys() & {"from", "to"} and _is_backwards(once["from"], once["to"]):
            wrong["to"] = Wrong("order", str(once["to"]))
        if not wrong.keys() & {"from", "to"} and _is_far(once["from"], once["to"]):
            wrong["to"] = Wrong("far", str(once["to"]))
        kept = {name: None if name in wrong else value for name, value in once.items()}
        start, end = kept.pop("from"), kept.pop("to")
        if wrong.keys() & {"from", "to"}:
            start = end = None
        if start or end:
            kept["last"] = None
        where = _many(given, "where")
        for text in where:
            if len(condition_of(text)[2]) > MOST_VALUES:
                raise QuestionError(
                    f"{len(condition_of(text)[2])} values at once are more than {MOST_VALUES}: "
                    "ask for less."
                )
        return Asked(
            start=start, end=end, by=_many(given, "by", MOST_SPLITS), where=where,
            option=_options(given), wrong=wrong, **kept,
        )  # fmt: skip

    def question(self, *metrics: str, **changed: Any) -> Question:
        """The question of these metrics over the address's rows and period."""
        base = Question(
            metrics, by=self.by, where=tuple(condition_of(w) for w in self.where),
            start=self.start, end=self.end, last=self.last, grain=self.grain,
            compare=None if self.compare == "none" else self.compare, zone=self.zone,
            calendar=self.calendar, week_start=self.week_start,
            options=dict(choice_of(o) for o in self.option), profile=self.profile,
        )  # fmt: skip
        return replace(base, **changed)

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """The parts as names and values of an address or of a form's hidden fields."""
        named: Mapping[str, Any] = {"from": self.start, "to": self.end} | {
            name: getattr(self, name) for name in ONCE
        }
        found = [(name, str(v)) for name, v in named.items() if v and name not in without]
        for name in ("by", "where", "option"):
            if name not in without:
                found += [(name, v) for v in getattr(self, name)]
        return found

    def link(self, path: str = "", **changed: Any) -> str:
        """The address of the same view, some parts changed; None takes a part away."""
        pairs = replace(self, **changed).pairs()
        joint = "&" if "?" in path else "?"
        return f"{path}{joint}{urlencode(pairs)}" if pairs else path or "?"

    def narrowed(self, dimension: str, *labels: str, operator: str = "is") -> tuple[str, ...]:
        """The conditions with this one instead of those by the same dimension; none of no value."""
        kept = [w for w in self.where if condition_of(w)[0] != dimension]
        values = ",".join(map(typed, labels))
        sign = "=" if operator == "is" else "!="
        return (*kept, f"{dimension}{sign}{values}") if labels else tuple(kept)

    def without(self, dimension: str, value: str) -> tuple[str, ...]:
        """The conditions less one value of a dimension."""
        found: list[str] = []
        for text in self.where:
            name, operator, values = condition_of(text)
            kept = [v for v in values if v != value] if name == dimension else list(values)
            if kept:
                sign = "=" if operator == "is" else "!="
                found.append(f"{name}{sign}{','.join(map(typed, kept))}")
        return tuple(found)

    @property
    def filters(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """The conditions as (dimension, operator, values)."""
        return tuple(condition_of(w) for w in self.where)


def enquiry_of(seen: Seen, asked: Asked) -> Enquiry:
    """The questions of a page over the address's rows and period: else the last whole month."""
    answers = cast("Answers", seen)
    scope = scope_of(answers, asked.question("requests"), asked.compare)
    if asked.grain is not None:
        length = (scope.period.end - scope.period.start) / 3_600_000_000
        points = length / HOURS[asked.grain]
        if points > POINTS:
            raise QuestionError(
                f"That is {points:,.0f} {asked.grain}s, more than the {POINTS:,} a page may have. "
                "Ask for a shorter period or a coarser grain."
            )
    return Enquiry(answers, scope)


def hidden(asked: Asked, *without: str) -> Sequence[tuple[str, str]]:
    """The parts of an address as pairs for a form's hidden fields."""
    return asked.pairs(*without)


@cache
def zones() -> tuple[str, ...]:
    """The time zones that a reader may choose, by name."""
    areas = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe",
             "Indian", "Pacific")  # fmt: skip
    return ("UTC", *sorted(z for z in available_timezones() if z.partition("/")[0] in areas))


# -- reading ---------------------------------------------------------------------------------


def _is_date(_: str, given: str) -> bool:
    try:
        return FIRST <= parse(given, Clockwork()) < BEYOND
    except (PeriodError, OverflowError):
        return False


def _is_span(_: str, given: str) -> bool:
    try:
        found = last(given, 0, Clockwork())
    except (PeriodError, OverflowError):
        return False
    return found.end - found.start <= LONGEST


def _is_zone(_: str, given: str) -> bool:
    try:
        return bool(Clockwork(given).tz)
    except (PeriodError, OSError):
        return False


def _is_word(name: str, given: str) -> bool:
    return given in WORDS[name]


KINDS = {"from": "date", "to": "date", "last": "span", "zone": "zone", **dict.fromkeys(
    WORDS, "word"
)}  # fmt: skip
READABLE = {"date": _is_date, "span": _is_span, "zone": _is_zone, "word": _is_word}
EXPECTED = {
    "date": "{given!r} is no date. Expected 2016-03-01, 2016-03, or a Jalali date such as "
    "1395-01-01, between the years 1900 and 2200.",
    "order": "The period that ends before {given!r} is empty: the end is not counted and must come "
    "later than the start.",
    "far": "A period that ends before {given!r} is longer than 15 years: ask for a shorter one.",
    "span": "{given!r} is no span. Expected 24h, 30d, 8w, 3m, 1y, this_month or last_quarter.",
    "zone": "{given!r} is no time zone. Expected a name such as Asia/Tehran or UTC.",
    "word": "{name} {given!r} is none of those there are: " + "; ".join(
        f"{name}: {', '.join(words)}" for name, words in WORDS.items()
    ) + ".",
}  # fmt: skip


def _is_backwards(start: str | None, end: str | None) -> bool:
    if start is None or end is None:
        return False
    return parse(start, Clockwork()) >= parse(end, Clockwork())


def _is_far(start: str | None, end: str | None) -> bool:
    if start is None or end is None:
        return False
    return parse(end, Clockwork()) - parse(start, Clockwork()) > LONGEST


def _one(given: QueryDict, name: str) -> str | None:
    value = ascii_digits(given.get(name, "")).strip()
    return value or None


def _many(given: QueryDict, name: str, most: int = MOST) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(v.strip() for v in given.getlist(name) if v.strip()))
    if len(values) > most:
        raise QuestionError(f"{len(values)} times {name!r} is more than {most}: ask for less.")
    return values


def _options(given: QueryDict) -> tuple[str, ...]:
    """Options as NAME=VALUE, typed so or in a field `option.NAME`; those as usual are left out."""
    texts = [v.strip() for v in given.getlist("option") if v.strip()]
    texts += [
        f"{name.removeprefix(CHOICE)}={value}"
        for name, value in given.items()
        if name.startswith(CHOICE) and str(value).strip()
    ]
    found: dict[str, str] = {}
    for text in texts:
        name, value = choice_of(text)
        found[name] = ascii_digits(value).replace("٫", ".")
    if len(found) > len(OPTIONS):
        raise QuestionError(f"{len(found)} options are more than there are.")
    return tuple(
        f"{name}={value}"
        for name, value in found.items()
        if name not in OPTIONS or OPTIONS[name].default != value
    )
