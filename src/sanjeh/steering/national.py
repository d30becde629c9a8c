"""National holidays by country, as a suggestion that a person accepts (A1).

The dates come from the `holidays` package. Those of the lunar calendar are worked out ahead of the
sighting of the moon: an authority may move each by a day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sanjeh.words import to_jalali

# TRICKY: `fa` alone is no language of the package, and it would answer in English.
LANGUAGES = {"fa": ("fa_IR",), "ru": ("ru",), "en": ("en_US", "en_GB")}
# Days of Iran's solar calendar (month, day): all its other holidays go by the moon.
SOLAR = frozenset(
    {(1, 1), (1, 2), (1, 3), (1, 4), (1, 12), (1, 13), (3, 14), (3, 15), (11, 22), (12, 29)}
)
YEARS = range(1990, 2077)  # that the lunar tables of the package cover


class UnknownCountry(LookupError):
    """No country has the code, or its holidays are not known."""


@dataclass(frozen=True)
class Suggested:
    """A day that a country has off; whether its date goes by the moon and may move by a day."""

    on: dt.date
    name: str
    by_moon: bool


def suggested(country: str, first: dt.date, last: dt.date, language: str) -> list[Suggested]:
    """The holidays of a country from one day to another, both counted, by their day.

    country: its two letters (ISO 3166). Names are in the language where the country has them so.
    """
    import holidays

    code = country.upper()
    known = holidays.list_supported_countries(include_aliases=False)
    if code not in known:
        raise UnknownCountry(country)
    kind: Any = getattr(holidays, code)
    years = [y for y in range(first.year, last.year + 1) if y in YEARS]
    spoken = next((name for name in LANGUAGES[language] if name in kind.supported_languages), None)
    named = {"language": spoken} if spoken else {}
    found = kind(years=years, **named)
    plain = found
    if hasattr(found, "_islamic_calendar"):
        plain = kind(years=years, islamic_show_estimated=False, **named)
    return [
        Suggested(on, str(plain[on]), _by_moon(code, on, str(plain[on]) != str(found[on])))
        for on in sorted(plain)
        if first <= on <= last
    ]


def _by_moon(code: str, on: dt.date, is_marked: bool) -> bool:
    if code != "IR":
        return is_marked
    return is_marked or to_jalali(on)[1:] not in SOLAR
