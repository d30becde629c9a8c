"""One language of the report: its words, plurals, numbers and dates (7.18 to 7.21).

Words stand in `locales/<code>.toml`, those of the catalogue (titles and definitions of metrics,
reasons, labels, credits, caveats) in `locales/metrics/<code>.toml`, those of the checks in
`locales/check/<code>.toml`; in English the catalogue's are its own. The language decides how a
figure is written, never what it is: period, calendar, zone come with the question.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sanjeh.answers.periods import Clockwork, Period
from sanjeh.metrics.profiles import PROFILES
from sanjeh.metrics.registry import METRICS, find
from sanjeh.report.markup import Markup, filled, render, tag
from sanjeh.words import DASH, balance, duration, number, percent, persian_digits, signed, to_jalali

FOLDER = Path(__file__).parent / "locales"


@cache
def language_of(code: str) -> Language:
    """The language of a locale: en, fa or ru."""
    words = tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))
    for area in ("metrics", "check"):
        more = FOLDER / area / f"{code}.toml"
        if more.exists():
            words |= tomllib.loads(more.read_text("utf-8"))
    return Language(code, words)


@dataclass(frozen=True)
class Language:
    """Words and ways of writing."""

    code: str
    words: Mapping[str, Any]

    def __hash__(self) -> int:
        return hash(self.code)

    @property
    def direction(self) -> str:
        """ltr or rtl."""
        return "rtl" if self.code == "fa" else "ltr"

    # -- words -----------------------------------------------------------------------------

    def has(self, key: str) -> bool:
        """Whether the language has words under a dotted key."""
        return self._find(key) is not None

    def text(self, key: str, count: float | None = None, **parts: Any) -> Markup:
        """The words under a dotted key, their places filled; `count` chooses the plural form."""
        found = self._find(key)
        if isinstance(found, Mapping):
            found = found[self.plural(count if count is not None else 0)]
        if found is None:
            raise KeyError(f"{key} has no words in {self.code}.toml")
        return filled(str(found), parts)

    def _find(self, key: str) -> Any:
        found: Any = self.words
        for name in key.split("."):
            if not isinstance(found, Mapping) or name not in found:
                return None
            found = found[name]
        return found

    def plural(self, count: float) -> str:
        """The plural form a count asks for: Russian has one, few and many."""
        if self.code == "fa":
            return "other"
        if self.code == "en":
            return "one" if count == 1 else "other"
        if float(count) != int(count):
            return "few"
        tens, ones = abs(int(count)) % 100, abs(int(count)) % 10
        if ones == 1 and tens != 11:
            return "one"
        return "few" if ones in (2, 3, 4) and tens not in (12, 13, 14) else "many"

    # -- words of the metrics --------------------------------------------------------------

    def title(self, metric: str) -> str:
        """What a metric is called; its English title where the language has no name for it."""
        known = self._find(f"metrics.{metric}.title")
        return str(known or find(metric).metric.title)

    def definition(self, metric: str) -> str:
        """What a metric means, in a sentence or two; in English the registry's own words."""
        known = self._find(f"metrics.{metric}.definition")
        # Names that one types stand between backticks there, which a page does not read.
        return str(known or " ".join(find(metric).metric.doc.split())).replace("`", "")

    def rule(self, metric: str, profile: str) -> str:
        """How a helpdesk counts a metric, in a sentence or two; in English the rule's own words."""
        known = self._find(f"metrics.{metric}.profiles.{profile}")
        return str(known or PROFILES[profile].rules[metric].says)

    def reason(self, reason: str) -> str:
        """Why rows were left out. A reason of a part (`metric: reason`) names its metric."""
        part, colon, inner = reason.partition(": ")
        if colon and part in METRICS:
            return f"{self.title(part)}: {self.reason(inner)}"
        known = self.words["reasons"].get(reason)
        return str(known or reason)

    def credit(self, credit: str) -> Markup:
        """To whom a figure is credited."""
        known = self.words.get("credits", {}).get(credit)
        return (
            render(known or credit)
            if known or self.code == "en"
            else tag("span", credit, lang="en")
        )

    def told(self, sentence: str) -> Markup:
        """A warning or a reason for no figure; one that is not known stays in English."""
        known = self.words.get("caveats", {}).get(sentence)
        if known:
            return render(known)
        for pattern, spoken in self._patterns:
            found = pattern.fullmatch(sentence)
            if found:
                parts = {
                    name: self._part(name, value or "") for name, value in found.groupdict().items()
                }
                return filled(spoken, parts)
        if self.code == "en":
            return render(sentence)
        return tag("span", sentence, lang="en", dir="ltr")

    def _part(self, name: str, value: str) -> str:
        if name == "metric":
            return self.title(value)
        if name == "dimension":
            return self.dimension(value)
        if name == "kinds":
            return " / ".join(str(self.words["kinds"].get(k, k)) for k in value.split(" or "))
        if name == "n":
            return self.number(float(value.replace(",", "")))
        return value

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile(p["english"], re.S), p["spoken"]) for p in self.words.get("told", [])]

    def label(self, dimension: str, key: Any, label: str) -> str:
        """How a group is called: words that the product coins are translated, others stay."""
        if key is None:
            return str(self.words["unknown"])
        if dimension == "weekday":
            return str(self.words["weekdays"].get(label, label))
        if dimension == "hour":
            return self.digits(label)
        return str(self.words["labels"].get(dimension, {}).get(str(key), label))

    def dimension(self, name: str) -> str:
        """What a dimension is called where words are known; a field of one's own by its name."""
        known = self._find(f"site.dimensions.{name}")
        return str(known or name.partition(".")[2] or name)

    # -- figures ---------------------------------------------------------------------------

    def number(self, value: float | None, places: int | None = None) -> str:
        """A number."""
        return number(value, self.code, places=places)

    def percent(self, share: float | None) -> str:
        """A share as percent."""
        return percent(share, self.code)

    def value(self, value: Any, unit: str) -> str:
        """A figure in its unit; null is a dash."""
        if value is None:
            return DASH
        if unit == "seconds":
            return duration(float(value), self.code)
        if unit == "share":
            return self.percent(float(value))
        if unit == "points":
            return self._signed(balance(float(value), self.code))
        return number(float(value), self.code)

    def moved(self, delta: float, pct: float | None, unit: str) -> str:
        """How far a figure moved, with its sign: a share in points, anything else in percent."""
        if unit == "share":
            points = self._signed(signed(delta * 100, self.code, places=1))
            return html.unescape(self.text("points", n=points))
        if pct is None:
            return self.signed(delta) if unit != "seconds" else DASH
        text = percent(pct, self.code)
        return self._signed(f"+{text}" if pct > 0 else text)

    def signed(self, value: float) -> str:
        """A number with its sign."""
        return self._signed(signed(value, self.code))

    def _signed(self, text: str) -> str:
        # TRICKY: without a mark of direction the sign stands on the wrong side of Persian digits.
        return f"\u200e{text}" if self.direction == "rtl" else text

    def digits(self, text: str) -> str:
        """Text with the digits of the language."""
        return persian_digits(text) if self.code == "fa" else text

    # -- dates -----------------------------------------------------------------------------

    def date(self, day: dt.date, calendar: str, *, year: bool = True) -> str:
        """A date in words, such as 1 October 2026 or «۱ مهر ۱۴۰۵»."""
        y, m, d = to_jalali(day) if calendar == "jalali" else (day.year, day.month, day.day)
        months = self.words["months"][calendar]
        form = self.words["dates"]["day" if year else "day_of_month"]
        return self.digits(form.format(day=d, month=months[m - 1], year=y))

    def moment(self, iso: str, clock: Clockwork) -> str:
        """An instant on the wall clock of the zone."""
        local = dt.datetime.fromisoformat(iso).astimezone(ZoneInfo(clock.zone))
        day = self.date(local.date(), clock.calendar)
        return str(self.words["dates"]["moment"]).format(
            day=day, time=self.digits(f"{local:%H:%M}")
        )

    def period(self, span: Period, clock: Clockwork) -> str:
        """A period in words: a month by its name, else its first and last day."""
        start, end = clock.local(span.start), clock.local(span.end)
        first, beyond = start.date(), end.date()
        if start.time() == end.time() == dt.time():
            if clock.floor(first, "month") == first and clock.step(first, "month") == beyond:
                y, m = to_jalali(first)[:2] if clock.calendar == "jalali" else (
                    first.year, first.month,
                )  # fmt: skip
                names = self.words["months_alone"][clock.calendar]
                return self.digits(
                    str(self.words["dates"]["month"]).format(month=names[m - 1], year=y)
                )
            last = beyond - dt.timedelta(days=1)
            return str(self.words["dates"]["span"]).format(
                first=self.date(first, clock.calendar), last=self.date(last, clock.calendar)
            )
        from_iso, to_iso = start.isoformat(), end.isoformat()
        return str(self.words["dates"]["span"]).format(
            first=self.moment(from_iso, clock), last=self.moment(to_iso, clock)
        )
