"""Digits, comparable text, Jalali dates, numbers and durations in three languages."""

from __future__ import annotations

import datetime as dt

import pytest

from sanjeh.words import (
    ascii_digits,
    close_matches,
    duration,
    from_jalali,
    jalali_text,
    normalise,
    number,
    parse_jalali_date,
    percent,
    persian_digits,
    signed,
    to_jalali,
)

NBSP = "\u00a0"


def test_persian_and_arabic_digits_become_ascii_and_back() -> None:
    assert ascii_digits("۱۴۰۴/٠١/15 متن") == "1404/01/15 متن"
    assert persian_digits("12 و ٣") == "۱۲ و ۳"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كتاب‌هاي", "کتاب های"),  # Arabic letters and the half-space
        ("  Billing   Issue ", "billing issue"),
        ("Ёлка", "елка"),
        ("تیکت ۱۲", "تيكت ١٢"),
        ("مُشکِل", "مشکل"),  # vowel marks
        ("سلـــام", "سلام"),  # tatweel
        ("Café", "cafe"),
        ("مسئول", "مسيول"),
    ],
)
def test_spellings_of_one_word_compare_equal(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), [("آب", "اب"), ("йод", "иод"), ("کار", "گار")])
def test_letters_of_their_own_stay_apart(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


def test_close_matches_are_nearest_first_and_keep_their_spelling() -> None:
    assert close_matches("tiket", ["ticket", "team", "topic"])[0] == "ticket"
    assert close_matches("Created-At", ["created_at", "closed_at"])[0] == "created_at"
    assert close_matches("zzz", ["ticket"]) == []


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ((1404, 1, 15), dt.date(2025, 4, 4)),
        ((1403, 12, 30), dt.date(2025, 3, 20)),  # the last day of a leap year
        ((1404, 1, 1), dt.date(2025, 3, 21)),
        ((1357, 11, 22), dt.date(1979, 2, 11)),
    ],
)
def test_jalali_dates_both_ways(jalali: tuple[int, int, int], gregorian: dt.date) -> None:
    assert from_jalali(*jalali) == gregorian
    assert to_jalali(gregorian) == jalali


def test_jalali_dates_are_read_and_written_in_persian_digits() -> None:
    assert parse_jalali_date("۱۴۰۴/۰۱/۱۵") == dt.date(2025, 4, 4)
    assert parse_jalali_date("1404-1-15") == dt.date(2025, 4, 4)
    assert jalali_text(dt.date(2025, 4, 4)) == "۱۴۰۴/۰۱/۱۵"
    assert jalali_text(dt.date(2025, 4, 4), long=True) == "۱۵ فروردین ۱۴۰۴"


@pytest.mark.parametrize("text", ["1404/12/30", "1404/13/01", "soon", "15/01/1404"])
def test_a_day_that_does_not_exist_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        parse_jalali_date(text)


@pytest.mark.parametrize(
    ("value", "locale", "text"),
    [
        (1234567.5, "en", "1,234,567.5"),
        (1234567.5, "fa", "۱٬۲۳۴٬۵۶۷٫۵"),
        (1234567.5, "ru", f"1{NBSP}234{NBSP}567,5"),
        (12, "fa-IR", "۱۲"),
        (-3, "en", "−3"),
        (0.125, "en", "0.13"),
        (-0.001, "en", "0"),
        (None, "fa", "—"),
        (float("nan"), "en", "—"),
    ],
)
def test_numbers(value: float | None, locale: str, text: str) -> None:
    assert number(value, locale) == text


@pytest.mark.parametrize(
    ("share", "locale", "text"),
    [
        (0.123, "en", "12.3%"),
        (0.123, "fa", "۱۲٫۳٪"),
        (0.5, "ru", f"50,0{NBSP}%"),
        (1, "en", "100.0%"),
        (None, "en", "—"),
    ],
)
def test_shares_are_written_as_percent(share: float | None, locale: str, text: str) -> None:
    assert percent(share, locale) == text


def test_a_signed_number_shows_its_plus() -> None:
    assert [signed(value) for value in (31, -5, 0, None)] == ["+31", "−5", "0", "—"]


@pytest.mark.parametrize(
    ("seconds", "locale", "text"),
    [
        (0, "en", f"0{NBSP}s"),
        (3.25, "en", f"3.3{NBSP}s"),
        (119, "en", f"119{NBSP}s"),
        (120, "en", f"2{NBSP}min"),
        (90 * 60, "en", f"90{NBSP}min"),
        (2.5 * 3600, "en", f"2.5{NBSP}h"),
        (178 * 3600, "en", f"7.4{NBSP}d"),
        (7200, "fa", f"۲{NBSP}ساعت"),
        (640_800, "ru", f"7,4{NBSP}дн."),
        (None, "ru", "—"),
    ],
)
def test_durations_take_a_sensible_unit(seconds: float | None, locale: str, text: str) -> None:
    assert duration(seconds, locale) == text
