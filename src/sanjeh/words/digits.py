"""Digits: Persian (۰-۹) and Arabic (٠-٩) to ASCII, and ASCII to Persian."""

from __future__ import annotations

ASCII = "0123456789"
PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
ARABIC = "٠١٢٣٤٥٦٧٨٩"

_TO_ASCII = str.maketrans(PERSIAN + ARABIC, ASCII + ASCII)
_TO_PERSIAN = str.maketrans(ASCII + ARABIC, PERSIAN + PERSIAN)


def ascii_digits(text: str) -> str:
    """The text with every Persian or Arabic digit written in ASCII; nothing else changes."""
    return text if text.isascii() else text.translate(_TO_ASCII)


def persian_digits(text: str) -> str:
    """The text with every ASCII or Arabic digit written in Persian; nothing else changes."""
    return text.translate(_TO_PERSIAN)
