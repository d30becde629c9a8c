"""From an address to a question, and back: every view of a figure can be sent as a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from sanjeh.answers.question import Question, QuestionError, choice_of, condition_of
from sanjeh.words import ascii_digits

GRAINS = ("hour", "day", "week", "month")
COMPARES = ("previous", "last_year")
ONCE = ("last", "zone", "calendar", "compare", "grain", "clock", "form")
MOST = 20


@dataclass(frozen=True)
class Asked:
    """What an address asks, as text; the same parts as the command line's options."""

    start: str | None = None
    end: str | None = None
    last: str | None = None
    compare: str | None = None
    zone: str | None = None
    calendar: str | None = None
    grain: str | None = None
    clock: str | None = None
    form: str | None = None
    by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    option: tuple[str, ...] = ()

    @staticmethod
    def of(given: QueryDict) -> Asked:
        """The parts of an address; digits of any script are read."""
        once = {name: _one(given, name) for name in ONCE}
        found = Asked(
            start=_one(given, "from"), end=_one(given, "to"), by=_many(given, "by"),
            where=_many(given, "where"), option=_many(given, "option"), **once,
        )  # fmt: skip
        for name, known in (("grain", GRAINS), ("compare", (*COMPARES, "none"))):
            value = getattr(found, name)
            if value is not None and value not in known:
                raise QuestionError(f"{name} {value!r} is none of {', '.join(known)}.")
        return found if not (found.start or found.end) else replace(found, last=None)

    def question(self, *metrics: str, **changed: Any) -> Question:
        """The question of these metrics over the address's rows and period."""
        base = Question(
            metrics, by=self.by, where=tuple(condition_of(w) for w in self.where),
            start=self.start, end=self.end, last=self.last, grain=self.grain,
            compare=None if self.compare == "none" else self.compare, zone=self.zone,
            calendar=self.calendar, options=dict(choice_of(o) for o in self.option),
        )  # fmt: skip
        return replace(base, **changed)

    def link(self, path: str = "", **changed: Any) -> str:
        """The address of the same view, some parts changed; None takes a part away."""
        asked = replace(self, **changed)
        pairs: list[tuple[str, str]] = []
        for name, value in (("from", asked.start), ("to", asked.end), *(
            (n, getattr(asked, n)) for n in ONCE
        )):  # fmt: skip
            pairs += [(name, value)] if value else []
        for name in ("by", "where", "option"):
            pairs += [(name, value) for value in getattr(asked, name)]
        return f"{path}?{urlencode(pairs)}" if pairs else path or "?"

    def narrowed(self, dimension: str, label: str) -> tuple[str, ...]:
        """The conditions with one more, a value with a comma or quote kept whole."""
        quoted = '"' + label.replace('"', '""') + '"' if set(label) & set(',"') else label
        kept = [w for w in self.where if condition_of(w)[0] != dimension]
        return (*kept, f"{dimension}={quoted}")


def _one(given: QueryDict, name: str) -> str | None:
    value = ascii_digits(given.get(name, "")).strip()
    return value or None


def _many(given: QueryDict, name: str) -> tuple[str, ...]:
    values = tuple(v.strip() for v in given.getlist(name) if v.strip())
    if len(values) > MOST:
        raise QuestionError(f"{len(values)} times {name!r} is more than {MOST}: ask for less.")
    return values


def hidden(asked: Asked, *without: str) -> Sequence[tuple[str, str]]:
    """The parts of an address as pairs for a form's hidden fields."""
    found: list[tuple[str, str]] = []
    named: Mapping[str, Any] = {"from": asked.start, "to": asked.end} | {
        n: getattr(asked, n) for n in ONCE
    }
    found += [(n, v) for n, v in named.items() if v and n not in without]
    for name in ("by", "where", "option"):
        if name not in without:
            found += [(name, v) for v in getattr(asked, name)]
    return found
