"""Words, digits, dates and numbers as people write them in English, Persian and Russian.

Anyone may import this room; it imports nothing of ours and no web framework. To add a language,
add its `NumberStyle` in `numbers.py` and its unit words in `durations.py`.
"""

from __future__ import annotations

from sanjeh.words.digits import ascii_digits, persian_digits
from sanjeh.words.durations import duration
from sanjeh.words.jalali import from_jalali, jalali_text, parse_jalali_date, to_jalali
from sanjeh.words.numbers import DASH, LOCALES, balance, number, percent, signed
from sanjeh.words.text import close_matches, normalise

__all__ = [
    "DASH",
    "LOCALES",
    "ascii_digits",
    "balance",
    "close_matches",
    "duration",
    "from_jalali",
    "jalali_text",
    "normalise",
    "number",
    "parse_jalali_date",
    "percent",
    "persian_digits",
    "signed",
    "to_jalali",
]
