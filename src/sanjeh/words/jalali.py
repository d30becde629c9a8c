"""Jalali (Persian solar) dates to Gregorian and back; a thin door to `persiantools`."""

from __future__ import annotations

import datetime as dt
import re

from persiantools.jdatetime import JalaliDate

from sanjeh.words.digits import ascii_digits, persian_digits

MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
_NUMERIC = re.compile(r"(\d{4})[/\-.](\d{1,2})[/\-.](\d{1,2})")


def to_jalali(day: dt.date) -> tuple[int, int, int]:
    """The Jalali (year, month, day) of a Gregorian date."""
    date = JalaliDate(day)
    return date.year, date.month, date.day


def from_jalali(year: int, month: int, day: int) -> dt.date:
    """The Gregorian date of a Jalali one; ValueError for a day that does not exist."""
    date: dt.date = JalaliDate(year, month, day).to_gregorian()
    return date


def parse_jalali_date(text: str) -> dt.date:
    """The Gregorian date of «۱۴۰۴/۰۱/۱۵», 1404-01-15 or 1404.1.15; ValueError for anything else."""
    match = _NUMERIC.fullmatch(ascii_digits(text).strip())
    if match is None:
        raise ValueError(f"{text!r} is not a Jalali date like 1404/01/15")
    return from_jalali(int(match[1]), int(match[2]), int(match[3]))


def jalali_text(day: dt.date, *, long: bool = False) -> str:
    """The Jalali date in Persian digits: «۱۴۰۴/۰۱/۱۵», or «۱۵ فروردین ۱۴۰۴» if long."""
    year, month, date = to_jalali(day)
    if long:
        return persian_digits(f"{date} {MONTHS[month - 1]} {year}")
    return persian_digits(f"{year:04d}/{month:02d}/{date:02d}")
