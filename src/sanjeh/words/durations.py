"""Durations in the unit a reader expects: seconds, minutes, hours or days (requirement D5)."""

from __future__ import annotations

import math

from sanjeh.words.numbers import DASH, number

# Unit seconds, and from how many seconds on the unit is used.
_UNITS: tuple[tuple[str, int, int], ...] = (
    ("d", 86_400, 2 * 86_400),
    ("h", 3_600, 2 * 3_600),
    ("min", 60, 120),
    ("s", 1, 0),
)
_WORDS: dict[str, dict[str, str]] = {
    "en": {"s": "s", "min": "min", "h": "h", "d": "d"},
    "fa": {"s": "ثانیه", "min": "دقیقه", "h": "ساعت", "d": "روز"},
    "ru": {"s": "с", "min": "мин", "h": "ч", "d": "дн."},
}


def duration(seconds: float | None, locale: str = "en") -> str:
    """Elapsed seconds in one sensible unit, one decimal at most; null is a dash.

    A unit is used from two of it on (119 s, then 2 min), so that small waits keep their detail.
    """
    if seconds is None or not math.isfinite(seconds):
        return DASH
    language = locale.replace("_", "-").split("-")[0].lower()
    words = _WORDS.get(language, _WORDS["en"])
    size = abs(seconds)
    unit, length = next((unit, length) for unit, length, least in _UNITS if size >= least)
    value = seconds / length
    places = 0 if float(round(value, 1)).is_integer() or (unit == "s" and size >= 10) else 1
    return f"{number(value, locale, places=places)}\u00a0{words[unit]}"
